// privacy.mjs - a customer is forgotten: nothing of him is left in any table,
// all sums stay, and others' data too. What is open is refused, with the
// reason. What is old goes by itself.
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { is, ok, has, done, api, bank, call, invoice, credit, confirm, settled, shop, until, dapit, dapitFails, balanced, url } from './lib.mjs';
import { recur, certificate, mailServer, twilio, sql } from './messages.mjs';
import { clock, dayOf, plus, goTo } from './time.mjs';

// Nobody's words are in any other's, or in anything else.
const people = [
	{ email: 'a.quorn@example.com', name: 'Annelise Hjartdal', iban: 'DE89370400440532013000', phone: '+4790055501', also: 'a.quorn+wrong@example.com' },
	{ email: 'b.zwiebel@example.org', name: 'Bertold Zwiebelmann', iban: 'LT223740020032524104', phone: '+4790055502' },
	{ email: 'a.quörn@example.com', name: 'Ünnelise Querulant', iban: 'FR1420041010050500013M02606', phone: '+4790055503' },
];
const [anna, bert, other] = people;
const words = (p) => [p.email, p.email.replace('@', '%40'), p.iban, p.phone, ...p.name.split(' '), ...(p.also ? [p.also] : [])];
const dump = () => execFileSync('mariadb-dump', ['--no-defaults', '-u', userInfo().username, '-S', `${process.env.VAR}/run/db.sock`,
	'--skip-extended-insert', '--single-transaction', 'dapit'], { encoding: 'utf8', maxBuffer: 1 << 28 });
const lines = (p, text = dump()) => text.split('\n').filter((l) => words(p).some((w) => l.toLowerCase().includes(w.toLowerCase())));
const brief = (l) => l.map((x) => x.slice(0, 300));
const forget = (...args) => dapitFails('forget', ...args);

dapit('merchant', 'set', '1', 'events=payment.overpaid,payment.partial,session.expired,refund.sent,refund.failed,schedule.cycle_due,schedule.cycle_paid');
const mails = await mailServer(certificate(), { pass: 'a-password', mood: (to) => to === anna.also ? { at: 'rcpt', code: 550, text: `5.1.1 <${to}> unknown` } : null });
const phone = await twilio({ token: 'a-token' });
await recur('set_config', { smtp_host: 'localhost', smtp_port: String(mails.port), smtp_user: 'shop@example.com', smtp_pass: 'a-password',
	twilio_sid: phone.sid, twilio_token: 'a-token', twilio_phone: '+4712300000' });
const s = await shop((hook) => ({ status: 200, body: JSON.stringify({ thanks: hook.json.customer_email ?? hook.json.debtor_name }) }));

// All that can happen with a customer.
async function year(p, n) {
	const by = { debtor_iban: p.iban, debtor_name: p.name };
	const mine = { customer_email: p.email, customer_name: p.name, callback_url: `${s.url}?who=${p.plain ?? p.email}`,
		return_url: `https://shop.example/thanks?name=${encodeURIComponent(p.name)}`, items: [{ name: `Engraved: ${p.name}`, qty: 1, price: 10, total: 10 }] };
	const paid = async (amount, came) => {
		const i = await invoice(amount, { ...mine, order_id: `order-${n}-${amount}` });
		await confirm(i.token);
		await credit(came, `${i.reference} from ${p.name}`, by);
		await settled(i.token, ['pending', 'polling']);
		return i;
	};
	const one = await paid(10, 10);
	await paid(20, 15);
	const over = await paid(30, 45);
	await invoice(40, { ...mine, callback_url: `${s.url}?wc-api=dapit&who=${encodeURIComponent(p.plain ?? p.email).toUpperCase()}` });
	const auto = (await api('list_refunds', { reference: over.reference })).refunds[0];
	const sent = await call('send_refund', { refund_id: auto.refund_id, debtor_iban: p.iban, debtor_name: p.name }, { headers: { 'Idempotency-Key': `send-${n}` } });
	const asked = await call('create_refund', { reference: one.reference, amount: 5, reason: `Asked for by ${p.name}` }, { headers: { 'Idempotency-Key': `ask-${n}` } });
	await api('cancel_refund', { refund_id: asked.json.refund_id });
	sql(`INSERT INTO gateway_acts (created_at, actor, act, detail) VALUES (${clock()}, 'x', 'refunds send', '1 ${auto.refund_id} ${p.iban} ${p.name}')`);
	await credit(7 + n, 'for my order', by);
	const schedule = (await recur('create_schedule', { customer_name: p.name, customer_email: p.email.replace('ö', 'o'), customer_phone: p.phone, delivery_method: 'both',
		frequency: 'monthly', amount: 12, total_cycles: 1, order_description: `Lessons for ${p.name}`, order_items: [{ name: p.name, qty: 1, price: 12 }] },
		{ headers: { 'Idempotency-Key': `plan-${n}` } })).json;
	return { p, one, over, refund: sent.json, schedule };
}
// A schedule's address is plain ASCII; the third's is his own all the same.
other.plain = 'c.querulant@example.net';
const spelled = other.email;
const years = [];
for (const p of people.slice(0, 2))
	years.push(await year(p, years.length));
other.email = other.plain;
years.push(await year(other, 2));
other.email = spelled;
const accent = await invoice(11, { customer_email: spelled, customer_name: other.name });
await credit(11, accent.reference, { debtor_iban: other.iban, debtor_name: other.name });
// A shop that is told apart by its query.
const woo = await invoice(21, { customer_email: anna.email, customer_name: anna.name, callback_url: `${s.url}?wc-api=dapit` });
await credit(21, woo.reference, { debtor_iban: anna.iban, debtor_name: anna.name });
const wrong = (await recur('create_schedule', { customer_name: anna.name, customer_email: anna.also, frequency: 'monthly', amount: 5, total_cycles: 1 })).json;

// Refused as long as it is open.
let r = forget(anna.email, '--yes');
ok(r.status === 1 && /session \d+ of merchant 1\tis not over/.test(r.stdout) && /schedule \d+ of merchant 1\tis not over: cancel it first/.test(r.stdout),
	'an open session and a schedule that bills: refused, with what to do', r.stdout + r.stderr);
ok(/nothing was erased/.test(r.stderr) && lines(anna).length > 20, 'and nothing is erased');
for (const [who, why] of [['John Smith', 'a name'], ['DE00', 'half an IBAN'], ['LT913740020058585210', 'our own account']])
	is(forget(who, '--yes').status, 1, `${why} is nobody`);
const stranger = forget('nobody@example.com', '--yes');
is([stranger.status, stranger.stdout], [0, ''], 'of a stranger nothing is known');

// The cycles are billed, told and paid; then all is over.
goTo(plus(dayOf(clock()), 1));
const cycle = (y) => until(async () => {
	const x = (await recur('get_schedule', { schedule_id: y.schedule.schedule_id })).json;
	return x.messages?.length === 2 && x.messages.every((m) => m.status === 'sent') && x;
});
for (const y of years) {
	const x = await cycle(y);
	const reference = sql(`SELECT s.reference_number FROM recurring_cycles c JOIN gateway_sessions s ON s.id = c.session_id WHERE c.schedule_id = ${y.schedule.schedule_id}`)[0][0];
	ok(x, `a cycle of ${y.p.name} was told by mail and SMS`);
	await credit(12, reference, { debtor_iban: y.p.iban, debtor_name: y.p.name });
}
const fourth = await until(() => sql(`SELECT s.reference_number FROM recurring_cycles c JOIN gateway_sessions s ON s.id = c.session_id WHERE c.schedule_id = ${wrong.schedule_id}`)[0]);
await credit(5, fourth[0], { debtor_iban: anna.iban, debtor_name: anna.name });
dapit('bank', 'sync');
await until(() => sql('SELECT COUNT(*) FROM recurring_cycles WHERE status = 1')[0][0] === '4');
await until(() => sql(`SELECT COUNT(*) FROM recurring_messages WHERE schedule_id = ${wrong.schedule_id} AND status = 3`)[0][0] === '1');
dapit('clock', '+2h');
const quiet = () => until(() => sql('SELECT (SELECT COUNT(*) FROM gateway_deliveries WHERE status = 0) + (SELECT COUNT(*) FROM gateway_refunds WHERE status = 1)' +
	' + (SELECT COUNT(*) FROM gateway_sessions WHERE status IN (0, 1, 2, 6)) + (SELECT COUNT(*) FROM gateway_postings) + (SELECT COUNT(*) FROM recurring_cycles WHERE status = 0)')[0][0] === '0', 30);
ok(await quiet(), 'all is told and summed up');
await until(() => sql('SELECT COUNT(*) FROM gateway_refund_entries')[0][0] === '3');
balanced('the books balance before');

// A refund is over when its entry is there, or when another takes its place.
const over = /has a refund that is not over/;
const open = (who) => over.test(forget(who).stdout);
const gone = years[0].refund.refund_id;
sql(`UPDATE gateway_refund_entries SET refund_id = -1 WHERE refund_id = ${gone}`);
ok(open(anna.email), 'a refund that was sent, but is not on the statement yet: refused');
sql(`UPDATE gateway_refund_entries SET refund_id = ${gone} WHERE refund_id = -1`);
ok(!open(anna.email), 'when it is there: not');
for (const [p, reference] of [[anna, woo.reference], [bert, years[1].one.reference]]) {
	const back = (await call('create_refund', { reference, amount: 3 })).json;
	const sent = (await call('send_refund', { refund_id: back.refund_id, debtor_iban: p.iban, debtor_name: p.name })).json;
	await bank('/simulate/return', { payment_order_no: sent.payment_order_no });
	dapit('bank', 'sync');
	ok(await until(() => sql(`SELECT status FROM gateway_refunds WHERE id = ${back.refund_id}`)[0][0] === '4'), 'a refund came back', sent);
	await quiet();
	ok(open(p.email), 'its money is owed still: refused');
	const shift = (days) => sql(`UPDATE gateway_refunds SET failed_at = failed_at + ${days} * 86400 WHERE id = ${back.refund_id}`);
	shift(-31);
	ok(!open(p.email), 'after 30 days: not');
	shift(31);
}
const anew = (await call('create_refund', { reference: woo.reference, amount: 3 })).json;
await api('cancel_refund', { refund_id: anew.refund_id });
ok(!open(anna.email), 'nor when a later one took its place, and was given up');

// Unmatched money is owed to somebody.
const stray = (p) => sql(`SELECT t.id, t.amount DIV 100 FROM gateway_transfers t JOIN gateway_unmatched u ON u.transfer_id = t.id WHERE t.debtor_iban = '${p.iban}'`)[0];
const assign = async (p) => {
	const [id, amount] = stray(p);
	dapit('transfers', 'assign', id, (await invoice(+amount)).reference, '--yes');
};
r = forget(anna.iban, '--yes');
ok(r.status === 1 && r.stdout.includes(`transfer ${stray(anna)[0]}\tis unmatched: assign it or send it back first`), 'unmatched money: refused, with what to do', r.stdout + r.stderr);
ok(lines(anna).some((l) => /gateway_transfers/.test(l)), 'and it still says whose it is');
await assign(anna);
await assign(other);
await quiet();

const sums = async (day = dayOf(clock())) => JSON.stringify([await api('settlement_report', { date_from: plus(day, -100), date_to: day }),
	(await api('list_transactions', { limit: 200 })), sql('SELECT * FROM gateway_days ORDER BY 1, 2, 3'),
	sql('SELECT id, status, amount, total_paid, payment_count, reference_number, created_at FROM gateway_sessions ORDER BY id'),
	sql('SELECT id, amount, booking_day, bank_id, credit FROM gateway_transfers ORDER BY id'),
	sql('SELECT id, status, amount, processing_fee, reference_number FROM gateway_refunds ORDER BY id')]);
const text = dump();
const kept = [bert, other].map((p) => lines(p, text));
const tables = (l) => [...new Set(l.map((x) => /INSERT INTO `(\w+)`/.exec(x)?.[1]))].sort();
is(tables(lines(anna, text)), ['gateway_acts', 'gateway_attempts', 'gateway_deliveries', 'gateway_events', 'gateway_idempotency', 'gateway_payers', 'gateway_payouts',
	'gateway_refunds', 'gateway_sessions', 'gateway_transfers', 'recurring_attempts', 'recurring_messages', 'recurring_schedules'], 'she is in thirteen tables');

// An unsent refund needs its IBAN.
const pending = (await call('create_refund', { reference: years[0].one.reference, amount: 4 })).json;
r = forget(anna.iban, '--yes');
ok(r.status === 1 && /has a refund that is not over/.test(r.stdout), 'a refund that was not sent: refused', r.stdout + r.stderr);
await api('cancel_refund', { refund_id: pending.refund_id });
const before = await sums();

r = forget(anna.email);
ok(r.status === 1 && /^gateway_sessions\t[5-9]$/m.test(r.stdout) && /add --yes/.test(r.stderr), 'it shows how much it would erase, and asks', r.stdout + r.stderr);
ok(lines(anna).length >= lines(anna, text).length, 'until then nothing is erased');
r = forget('--merchant', '99', anna.email, '--yes');
is([r.status, r.stdout], [0, ''], 'another merchant knows nothing of her');
r = forget(anna.email.toUpperCase(), '--yes');
is(r.status, 0, 'forgotten by her address, however it is written', r.stderr);
ok(!lines(anna).some((l) => l.toLowerCase().includes(anna.email)), 'which is nowhere any more', brief(lines(anna)));
is(tables(lines(anna)), ['gateway_events', 'gateway_payers', 'gateway_sessions', 'gateway_transfers', 'recurring_attempts', 'recurring_messages', 'recurring_schedules'], 'what named no session, and what goes by another address, are left');
for (const who of [anna.iban.replace(/(....)/g, '$1 ').trim(), anna.also, anna.phone])
	is(forget(who, '--yes').status, 0, `forgotten by ${who.replace(/\w{4,}/, '...')}`);
is(brief(lines(anna)), [], 'nothing of her is left in any table');
const now = [bert, other].map((p) => lines(p));
is(now, kept, 'of the others nothing is gone, not even of one whose address differs by an accent');
is(await sums(), before, 'all sums, statuses and references are as before');
balanced('the books balance after');
ok(!words(anna).some((w) => dapit('log', '500').includes(w)), 'nor is she in the log of acts');

// What the API says of her now.
const shown = await api('get_transaction', { reference: years[0].one.reference });
has(shown.success === undefined ? {} : shown, { success: true }, 'her payment is still shown');
ok(!words(anna).some((w) => JSON.stringify(shown).includes(w)), 'without her');
const again = await call('create_refund', { reference: years[0].one.reference, amount: 5, reason: `Asked for by ${anna.name}` }, { headers: { 'Idempotency-Key': 'ask-0' } });
has(again.json, { success: true, debtor_iban: null, debtor_name: null }, 'a request sent again gets its stored answer, without her');

// There may be more to tell, to the shop's own address.
const told = (n) => until(() => s.of(woo.reference).filter((h) => h.path === '/hook?wc-api=dapit').length > n);
const heard = s.of(woo.reference).length;
const confirmed = s.of(woo.reference).find((h) => h.json.event === 'payment.confirmed');
dapit('events', 'redeliver', '1', confirmed.headers['webhook-id']);
ok(await told(heard), 'an event is delivered again to where the shop is');
const more = (await call('create_refund', { reference: woo.reference, amount: 2 })).json;
await call('send_refund', { refund_id: more.refund_id, debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Somebody Else' });
ok(await told(heard + 1), 'and a later one too', s.of(woo.reference).map((h) => [h.path, h.json.event]));
await until(() => sql(`SELECT COUNT(*) FROM gateway_refund_entries WHERE refund_id = ${more.refund_id}`)[0][0] === '1');
await quiet();
ok(sql("SELECT callback_url FROM gateway_sessions WHERE callback_url LIKE '%QUORN%'").length === 0, 'a query that named her is gone, however it was written');

// The statement is read again.
sql('UPDATE bank_accounts SET window_at = 0, deep_at = 0, read_page = 1');
dapit('bank', 'sync');
is(brief(lines(anna)), [], 'reading the statement again brings nothing back');
is(forget(anna.email, '--yes').stdout.includes('gateway_sessions'), false, 'a second time finds nothing');

// What is old goes by itself; an unsent refund keeps what it needs.
const look = () => JSON.parse(dapitFails('doctor', '--json').stdout).find((f) => f.what === 'personal data');
has(look(), { health: 'ok', state: 'erased after 365 days, 0 days behind' }, 'dapit doctor says after how many days data goes');
const late = (await call('create_refund', { reference: years[1].one.reference, amount: 4 })).json;
const stays = await sums();
dapit('clock', '+360d');
const fresh = await invoice(13, { customer_email: 'new@example.com', customer_name: 'Newcomer' });
dapit('clock', '+40d');
// Answers are kept until the database's clock agrees that they are old, and that one is not moved.
sql('UPDATE gateway_idempotency SET created_at = 0');
ok(await until(() => lines(other).length === 0), 'after 365 days nothing of the third is left', brief(lines(other)));
await until(() => /kept.*kept/.test(look().state));
has(look(), { health: 'ok', state: 'erased after 365 days, 0 days behind; kept: 1 that has a refund that is not over; kept: 1 that is unmatched money' }, 'dapit doctor: all but two were erased');
ok(lines(bert).some((l) => /gateway_refunds/.test(l)), 'whose refund still has its IBAN');
ok(dump().includes('new@example.com'), 'and what is younger stays');
await api('cancel_refund', { refund_id: late.refund_id });
dapit('clock', '+2d');
ok(await until(() => lines(bert).length === 1), 'when it is given up he goes too', brief(lines(bert)));
is(tables(lines(bert)), ['gateway_transfers'], 'but for his money that is unmatched');
balanced('the books balance in the end');
const last = JSON.parse(await sums()), first = JSON.parse(stays);
is(last[2].filter((d) => first[2].some((f) => f[2] === d[2])), first[2], 'and the days are summed up as before');
is(last[4], first[4], 'no transfer is gone, none came');
await assign(bert);
dapit('clock', '+1d');
await until(() => !/unmatched/.test(look().state));
ok(lines(bert).length > 0, 'assigned, it stays as long as any other payment', look());
dapit('clock', '+366d');
ok(await until(() => lines(bert).length === 0), 'and goes then', brief(lines(bert)));
s.close();
mails.close?.();
phone.close();
done();
