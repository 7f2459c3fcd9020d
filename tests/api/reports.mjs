// reports.mjs - what the money came to: settlement_report, dashboard, one
// payment's story, and finding a payment.
import { is, has, ok, done, call, api, credit, invoice, settled, until, shop, dapit, balanced, request, url } from './lib.mjs';
import { bankDay, plus, wholeDay } from './time.mjs';

// A shop of its own, with rates.
const made = Object.fromEntries(dapit('merchant', 'add', 'Report shop').trim().split('\n').map((l) => l.split(' ')));
const me = { withKey: made.key };
dapit('merchant', 'set', made.merchant, 'fee_percent=1.5', 'fee_fixed=0.25', 'events=payment.partial');
ok(/1\.50/.test(dapit('merchant', 'show', made.merchant)), 'dapit merchant show tells the rates');
wholeDay();
const today = bankDay(), yesterday = plus(today, -1);

// Nothing yet.
let d = await api('dashboard', {}, me);
has(d, { success: true, today_volume: 0, month_volume: 0, all_time_volume: 0, success_rate: 0, average_transaction: 0, recent_transactions: [], currency: 'EUR', environment: 'staging' }, 'a new shop: zeros');
is(d.trend.map((t) => [t.volume, t.count]), Array(7).fill([0, 0]), 'and seven days of nothing');

// Paid exactly, in two parts, and too much; one refund.
const s = await shop();
const exact = await invoice(20, { order_id: 'R-1', customer_email: 'Jane.Doe@Example.com', customer_name: 'Jane Doe', callback_url: s.url }, me);
await credit(20, exact.reference, { debtor_name: 'Jürgen Müller-Smith', debtor_iban: 'NL91ABNA0417164300' });
await settled(exact.token, ['pending', 'invoiced']);
const parts = await invoice(10, { order_id: 'R-2' }, me);
await credit(4, parts.reference);
await settled(parts.token);
await credit(6, parts.reference);
await settled(parts.token, ['pending', 'partial']);
const over = await invoice(5, { order_id: 'R-3' }, me);
await credit(8, over.reference);
await settled(over.token);
const refund = await api('create_refund', { reference: exact.reference, amount: 11 }, me);
await api('send_refund', { refund_id: refund.refund_id, debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Jürgen Müller-Smith' }, me);
dapit('bank', 'sync');
// 0.30 + 0.25, 0.06 + 0.25 + 0.09, 0.12 + 0.25, and 1.00 of the refund
const want = { gross_volume: 38, total_refunds: 10, total_fees: 2.32, net_settlement: 25.68, transaction_count: 3, transfer_count: 4 };
const report = (from, to, more = {}) => call('settlement_report', { date_from: from, date_to: to, ...more }, me);
let r = await report(today, today);
has(r.json, { success: true, ...want, date_from: today, date_to: today, environment: 'staging' }, 'settlement_report: gross, refunds, fees, net');
ok(r.text.includes('"gross_volume":38.00') && r.text.includes('"total_fees":2.32'), 'with two decimals', r.text);
is(r.json.daily_breakdown, [{ date: today, ...want }], 'and the day by itself');
r = await report(yesterday, today);
is(r.json.daily_breakdown.map((x) => [x.date, x.gross_volume]), [[yesterday, 0], [today, 38]], 'every day of the range, zeros too');
r = await report(yesterday, today, { format: 'csv' });
is(r.headers['content-type'], 'text/csv; charset=utf-8', 'format=csv');
is(r.text.trim().split(/\r?\n/), ['date,gross_volume,total_refunds,total_fees,net_settlement,transaction_count,transfer_count',
	`${yesterday},0.00,0.00,0.00,0.00,0,0`, `${today},38.00,10.00,2.32,25.68,3,4`], 'a line a day');
is((await request('GET', `${url}?action=settlement_report&date_from=${today}&date_to=${today}&api_key=${made.key}`)).status, 200, 'by GET, as the reference has it');
for (const [name, body, field] of [
	['no start', { date_to: today }, 'date_from'],
	['no end', { date_from: today }, 'date_to'],
	['the end before the start', { date_from: today, date_to: yesterday }, 'date_to'],
	['367 days', { date_from: '2024-01-01', date_to: '2025-01-01' }, 'date_to'],
	['a day that is none', { date_from: '2026-02-30', date_to: today }, 'date_from'],
	['an unknown format', { date_from: today, date_to: today, format: 'xml' }, 'format'],
]) {
	const x = await call('settlement_report', body, me);
	is([x.status, x.json.field], [400, field], `settlement_report: ${name}`);
}
is((await report('2024-01-01', '2024-12-31')).json.daily_breakdown.length, 366, 'a leap year has 366 days');

// At a glance.
d = await api('dashboard', {}, me);
has(d, { today_volume: 38, month_volume: 38, all_time_volume: 38, success_rate: 100, average_transaction: 12.67, transaction_count: 3 }, 'dashboard');
has(d.trend[6], { date: today, volume: 38, count: 3 }, 'its trend ends today');
is(d.recent_transactions.map((t) => t.merchant_order_id), ['R-3', 'R-2', 'R-1'], 'the latest transactions');
await invoice(1, { expires_minutes: 1 }, me);
dapit('clock', '+2m');
ok(await until(async () => (await api('dashboard', {}, me)).success_rate === 75), 'one of four expires: 75 percent');
has(await api('dashboard', {}), { success: true }, "another shop's dashboard");
ok((await api('dashboard', {})).all_time_volume !== 38, 'has its own sums');

// One payment.
const hook = await until(() => s.of(exact.reference)[0]);
const story = async () => api('get_transaction', { reference: exact.reference }, me);
const t = await until(async () => { const x = await story(); return x.timeline.some((c) => c.what === 'webhook') && x; });
has(t, { status: 'confirmed', total_paid: 20, customer_email: 'Jane.Doe@Example.com', customer_name: 'Jane Doe', refundable_amount: 9 }, 'get_transaction');
is(t.payments.map((p) => [p.amount, p.debtor_name, p.debtor_iban, p.booking_date]), [[20, 'Jürgen Müller-Smith', 'NL91ABNA0417164300', today]], 'its transfers');
is(t.refunds.map((x) => [x.amount, x.status]), [[11, 'sent']], 'its refunds');
is(t.timeline.map((c) => c.what).filter((w) => w !== 'webhook'), ['created', 'invoiced', 'transfer', 'payment.confirmed', 'refund', 'refund.sent'], 'and all that happened, in order');
has(t.timeline.find((c) => c.what === 'webhook'), { detail: 'payment.confirmed', http_status: 200, event_id: hook.json.event_id, error: null }, 'each try to deliver');
is((await call('get_transaction', { session_token: exact.token }, me)).json.reference_number, exact.reference, 'by its token');
is((await call('get_transaction', { reference: exact.reference })).status, 404, "another merchant's: 404");
is((await call('get_transaction', {}, me)).status, 400, 'neither: 400');

// Finding it.
const find = async (search, options = me) => (await api('list_transactions', { search }, options)).transactions.map((x) => x.merchant_order_id);
for (const [search, orders, about] of [
	[exact.reference, ['R-1'], 'its reference'],
	[exact.reference.toLowerCase().replaceAll('-', ' '), ['R-1'], 'its reference as people write it'],
	['R-', ['R-3', 'R-2', 'R-1'], 'the beginning of the order'],
	['jane.doe', ['R-1'], 'the beginning of the email'],
	['muller', ['R-1'], "a word of the payer's name, without its dots"],
	['SMITH', ['R-3', 'R-2', 'R-1'], 'another, which all three have'],
	['jürgen mü', ['R-1'], 'the beginning of the name'],
	['NL91ABNA', ['R-1'], 'the IBAN'],
	['john', ['R-3', 'R-2'], 'who paid two'],
	['nobody', [], 'nobody'],
	['%%', [], 'no wildcard'],
	['__', [], 'no wildcard either'],
	["' OR 1=1 --", [], 'no SQL'],
])
	is(await find(search), orders, `search: ${about}`);
is(await find('muller', {}), [], "another merchant finds nothing of it");
balanced();
s.close();
done();
