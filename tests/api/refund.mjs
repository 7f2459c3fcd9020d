// refund.mjs - money back: made, verified, sent, once; and what can go wrong.
import { execFileSync } from 'node:child_process';
import { is, has, ok, done, call, api, check, bank, credit, trouble, invoice, settled, confirm, until, insist, shop, dapit, dapitFails, balanced, key, url } from './lib.mjs';

const { VAR, DATABASE } = process.env;
const PAYER = 'DE89370400440532013000', LOCAL = 'LT223740020032524104';

// A session that was paid so much; its shop hears of refunds.
dapit('merchant', 'set', '1', 'events=refund.sent,refund.failed,payment.overpaid');
const s = await shop();
async function paid(amount, came = amount, more = {}) {
	const i = await invoice(amount, { callback_url: s.url, order_id: 'O-' + amount });
	await confirm(i.token);
	await credit(came, i.reference, more);
	await settled(i.token);
	return i;
}
const entries = async (number) => (await bank('/simulate/entries?iban=LT913740020058585210&after=' + since)).entries
	.filter((e) => e.direction === 'DEBIT' && (e.end_to_end_id ?? '').startsWith(number));
const since = (await bank('/simulate/entries?iban=LT913740020058585210')).entries.at(-1)?.transaction_id ?? 0;
const create = (reference, amount, more = {}) => call('create_refund', { reference, amount, ...more });
const send = (refund_id, more = {}) => call('send_refund', { refund_id, debtor_iban: PAYER, debtor_name: 'John Smith', ...more });
const refund = async (id) => (await api('list_refunds', { limit: 200 })).refunds.find((r) => r.refund_id === id);
const becomes = (id, status) => until(async () => { const r = await refund(id); return r.status === status && r; });

// As the reference shows it.
const one = await paid(50);
let r = await create(one.reference, 25, { reason: 'Returned goods' });
is(r.status, 200, 'create_refund answers 200');
has(r.json, { success: true, amount: 25, processing_fee: 1, refund_net: 24, status: 'pending' }, 'a refund of 25.00 as the reference shows it');
ok(/^R[0-9A-F]{7}$/.test(r.json.reference_number), 'its number is R and seven hex digits', r.json.reference_number);
ok(r.text.includes('"amount":25.00,"processing_fee":1.00'), 'money with two decimals', r.text);
has(r.json, { debtor_iban: PAYER, debtor_name: 'John Smith' }, 'it suggests who paid');
const first = r.json;

// What is refused.
for (const [name, body, status, field] of [
	['more than is left', { reference: one.reference, amount: 25.01 }, 400, 'amount'],
	['no more than the fee', { reference: one.reference, amount: 1 }, 400, 'amount'],
	['nothing', { reference: one.reference, amount: 0 }, 400, 'amount'],
	['no amount', { reference: one.reference }, 400, 'amount'],
	['no reference', { amount: 5 }, 400, 'reference'],
	['an unknown reference', { reference: 'DP-260101-ABCDEF', amount: 5 }, 404],
]) {
	const x = await call('create_refund', body);
	is([x.status, x.json.field], [status, field], `create_refund: ${name}`);
}
const unpaid = await invoice(9);
is((await create(unpaid.reference, 5)).status, 409, 'create_refund: no money came');
const other = dapit('merchant', 'add', 'Other shop').match(/mk_\S+/)[0];
is((await call('create_refund', { reference: one.reference, amount: 5 }, { withKey: other })).status, 404, "create_refund: another merchant's payment");
is((await call('send_refund', { refund_id: first.refund_id, debtor_iban: PAYER, debtor_name: 'X' }, { withKey: other })).status, 404, "send_refund: another merchant's refund");
is((await call('cancel_refund', { refund_id: first.refund_id }, { withKey: other })).status, 404, "cancel_refund: another merchant's refund");
for (const [name, more, field] of [
	['a slip in the IBAN', { debtor_iban: 'DE89370400440532013001' }, 'debtor_iban'],
	['an IBAN outside of SEPA', { debtor_iban: 'BR9700360305000010009795493P1' }, 'debtor_iban'],
	['no name', { debtor_name: '' }, 'debtor_name'],
]) {
	const x = await send(first.refund_id, more);
	is([x.status, x.json.field], [400, field], `send_refund: ${name}`);
}
is((await refund(first.refund_id)).status, 'pending', 'after all that it is still pending');

// Sent.
const before = (await bank('/simulate/accounts')).accounts.find((a) => a.iban === 'LT913740020058585210').balance;
r = await send(first.refund_id, { debtor_iban: 'de89 3704 0044 0532 0130 00' });
is(r.status, 200, 'send_refund answers 200');
has(r.json, { refund_id: first.refund_id, status: 'sent', refund_net: 24, failure: null }, 'it is sent');
ok(/^s-\d{20}$/.test(r.json.payment_order_no), "with the bank's payment_order_no", r.json.payment_order_no);
const went = await entries(first.reference_number);
is(went.map((e) => [e.amount, e.creditor_iban, e.creditor_name]), [[24, PAYER, 'John Smith']], 'the customer gets 24.00, once');
ok(went[0].remittance.includes(one.reference) && went[0].remittance.includes(first.reference_number), 'and reads what it is for', went[0].remittance);
is((await bank('/simulate/accounts')).accounts.find((a) => a.iban === 'LT913740020058585210').balance, before - 24, "the account's balance fell");
is((await send(first.refund_id)).status, 409, 'sent again: 409');
is((await call('cancel_refund', { refund_id: first.refund_id })).status, 409, 'cancelled now: 409');
const hook = await until(() => s.of(one.reference).find((h) => h.json.event === 'refund.sent'));
has(hook.json, { refund_id: first.refund_id, amount: 25, refund_net: 24, status: 'sent', merchant_order_id: 'O-50', failure: null }, 'the shop hears of it');

// The list.
r = await api('list_refunds', { reference: one.reference });
is([r.total, r.refunds.length], [1, 1], 'list_refunds by reference');
has(r.refunds[0], { status: 'sent', payment_reference: one.reference, reason: 'Returned goods', automatic: false, debtor_iban: PAYER }, 'with all there is to know');
is((await api('list_refunds', { status: 'cancelled' })).total, 0, 'list_refunds by status');
is((await call('list_refunds', { status: 'gone' })).status, 400, 'an unknown status: 400');
has((await call('list_refunds', { reference: one.reference }, { withKey: other })).json, { refunds: [], total: 0 }, "another merchant's reference: none");

// Given up: the money can be refunded by another one.
r = (await create(one.reference, 25)).json;
is((await create(one.reference, 2)).status, 400, 'all is refunded');
has((await call('cancel_refund', { refund_id: r.refund_id })).json, { success: true, status: 'cancelled' }, 'cancel_refund');
is((await send(r.refund_id)).status, 409, 'a cancelled one is not sent');
is((await create(one.reference, 2)).status, 200, 'its money can be refunded again');

// An overpayment makes its own.
const over = await paid(5, 8);
r = (await api('list_refunds', { reference: over.reference })).refunds;
has(r[0], { automatic: true, amount: 3, processing_fee: 1, refund_net: 2, status: 'pending', debtor_iban: PAYER }, 'an overpayment of 3.00 makes a pending refund');
is((await create(over.reference, 5.01)).status, 400, 'which counts');
has((await send(r[0].refund_id)).json, { status: 'sent', refund_net: 2 }, 'it is sent like every other');

// What is announced exists: whatever came, was refunded by the shop or given
// up, check_payment and the webhook tell the automatic refunds that there are.
const automatic = async (reference) => (await api('list_refunds', { reference })).refunds.filter((r) => r.automatic && r.status !== 'cancelled');
async function announced(i, came, want, shows) {
	const rows = await automatic(i.reference), sum = (f) => rows.reduce((n, r) => n + f(r), 0);
	is(rows.map((r) => r.amount), want, `${shows}: the refunds of what is too much`);
	const c = await check(i.token), fee = sum((r) => r.processing_fee), net = sum((r) => r.refund_net);
	has(c, { total_paid: came, refund_fee: fee, refund_net: net }, `${shows}: check_payment tells them`);
	if (c.status === 'overpaid') {
		has(c, { refund_waits: rows.some((r) => r.status === 'pending' && !r.sends_at), refund_sends_at: rows.find((r) => r.sends_at)?.sends_at ?? null },
			`${shows}: and whether they go out by themselves`);
		is(c.message.includes(net === 0 ? 'None of it is refunded' : c.refund_waits ?
			`A refund of €${net.toFixed(2)} (€${(net + fee).toFixed(2)} minus €${fee.toFixed(2)} processing fee) waits for the merchant to send it.` :
			`A refund of €${net.toFixed(2)} will be processed (€${(net + fee).toFixed(2)} minus €${fee.toFixed(2)} processing fee).`),
			true, `${shows}: so does its message`);
	}
	const h = await until(() => s.of(i.reference).find((h) => h.json.amount_paid === came));
	return { hook: h.json, fee, net };
}
async function more(i, came, sum) {
	await credit(came, i.reference);
	await until(async () => (await check(i.token)).total_paid === sum);
}
const giveUp = async (reference) => call('cancel_refund', { refund_id: (await automatic(reference))[0].refund_id });
for (const [shows, amount, came, between, then, want] of [
	['all refunded by the shop, then paid again', 100, 100, (i) => create(i.reference, 100), 100, [100]],
	['the same with 30.00', 30, 30, (i) => create(i.reference, 30), 30, [30]],
	['a refund of the price, then 1.00 more', 100, 150, (i) => create(i.reference, 30), 1, [51]],
	['a refund that was cancelled, then a cent more', 100, 150, (i) => giveUp(i.reference), 0.01, []],
	['a refund that was cancelled, then 3.00 more', 100, 150, (i) => giveUp(i.reference), 3, [3]],
	['no more than the fee, twice', 100, 100.5, () => {}, 0.5, []],
	['a cent more than that', 100, 100.5, () => {}, 0.51, [1.01]],
]) {
	const i = await paid(amount, came);
	await between(i);
	await more(i, then, +(came + then).toFixed(2));
	const { hook, fee, net } = await announced(i, +(came + then).toFixed(2), want, shows);
	has(hook, { overpaid_amount: +(came + then - amount).toFixed(2), refund_fee: fee, refund_amount: net }, `${shows}: and the webhook`);
}
is((await check((await paid(5, 5.5)).token)).message, 'Payment received! You overpaid by €0.50. None of it is refunded: it does not exceed the processing fee of a refund.',
	'an overpayment within the fee says that nothing is refunded');

// 200 at once never exceed what came.
const many = await paid(30);
const all = await Promise.all(Array.from({ length: 200 }, () => insist(() => create(many.reference, 2.5))));
is(all.filter((x) => x.status === 200).length, 12, 'of 200 refunds of 2.50 at once, 12 fit into 30.00');
is(all.filter((x) => x.status === 400).length, 188, 'the others are told why');
const twins = await Promise.all(Array.from({ length: 20 }, () => insist(() => call('create_refund', { reference: over.reference, amount: 4 }, { headers: { 'Idempotency-Key': 'twins' } }))));
is(new Set(twins.filter((x) => x.status === 200).map((x) => x.json.refund_id)).size, 1, 'twenty twins with one Idempotency-Key are one refund');

// 50 senders at once pay once.
const race = (await create((await paid(12)).reference, 12)).json;
const sends = await Promise.all(Array.from({ length: 50 }, () => insist(() => send(race.refund_id))));
is([sends.filter((x) => x.status === 200).length, sends.filter((x) => x.status === 409).length], [1, 49], 'send_refund 50 times at once: one is answered 200, the others 409');
is((await entries(race.reference_number)).length, 1, 'and the money goes once');
const idem = (await create((await paid(13)).reference, 13)).json;
const same = await Promise.all(Array.from({ length: 10 }, () => insist(() => call('send_refund', { refund_id: idem.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' }, { headers: { 'Idempotency-Key': 'send' } }))));
ok(same.every((x) => x.status === 200 || x.json.code === 'idempotency_key_in_use'), 'twins with one Idempotency-Key: answered, or told to wait', same.map((x) => x.json.code));
const again = await call('send_refund', { refund_id: idem.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' }, { headers: { 'Idempotency-Key': 'send' } });
has(again.json, { success: true, status: 'sent' }, 'and later the same answer');
is(again.headers['idempotent-replayed'], 'true', 'marked as replayed');

// The payee's name.
const named = await paid(20, 20, { debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Maria Jansen' });
const NL = { debtor_iban: 'NL91ABNA0417164300' };
r = (await create(named.reference, 5)).json;
let x = await send(r.refund_id, { ...NL, debtor_name: 'Maria Janssen' });
has(x.json, { status: 'held', matched_name: 'Maria Jansen' }, 'a close match is held, and the right name told');
is((await entries(r.reference_number)).length, 0, 'nothing went');
x = await send(r.refund_id, { ...NL, debtor_name: 'Maria Jansen' });
has(x.json, { status: 'sent', failure: null }, 'with the right name it is sent');
r = (await create(named.reference, 5)).json;
has((await send(r.refund_id, { ...NL, debtor_name: 'Peter Pan' })).json, { status: 'held', matched_name: null }, 'no match is held');
has((await send(r.refund_id, { ...NL, debtor_name: 'Peter Pan' })).json, { status: 'held' }, 'asked again it is held again');
has((await send(r.refund_id, { ...NL, debtor_name: 'Peter Pan', accept_name: 1 })).json, { status: 'sent' }, 'accept_name sends it all the same');
is((await entries(r.reference_number)).length, 1, 'once');
r = (await create(named.reference, 5)).json;
await send(r.refund_id, { ...NL, debtor_name: 'Peter Pan' });
has((await call('cancel_refund', { refund_id: r.refund_id })).json, { status: 'cancelled' }, 'a held one can be given up');
r = (await create((await paid(6)).reference, 6)).json;
has((await send(r.refund_id, { debtor_iban: LOCAL, debtor_name: 'Anybody' })).json, { status: 'sent' }, 'inside of the bank no name is verified');

// The bank looks at it for a while.
r = (await create((await paid(80)).reference, 78.77)).json;
x = (await send(r.refund_id)).json;
has(x, { status: 'sending', failure: null }, 'a payment that a person looks at stays sending');
is((await send(r.refund_id)).status, 409, 'a second send meanwhile: 409');
is((await call('cancel_refund', { refund_id: r.refund_id })).status, 409, 'it cannot be given up any more');
await bank('/simulate/release', { payment_order_no: x.payment_order_no });
ok(await becomes(r.refund_id, 'sent'), 'released, it is sent');
r = (await create((await paid(80)).reference, 78.77)).json;
x = (await send(r.refund_id)).json;
await bank('/simulate/release', { payment_order_no: x.payment_order_no, reject: 1 });
has(await becomes(r.refund_id, 'failed'), { failure: 'the bank rejected the payment: The account has no cover.' }, 'rejected, it is failed');
ok(await until(() => s.got.find((h) => h.json.event === 'refund.failed' && h.json.refund_id === r.refund_id)), 'the shop hears refund.failed');
is((await send(r.refund_id)).status, 409, 'a failed one stays failed');
await trouble('settle_seconds', { value: 2 });
r = (await create((await paid(7)).reference, 7)).json;
has((await send(r.refund_id)).json, { status: 'sending' }, 'a slow bank');
await trouble('off');
ok(await becomes(r.refund_id, 'sent'), 'in the end it is sent');

// Answers get lost.
for (const kind of ['initiate_lost', 'authorise_lost', '500', '429', 'garbage', 'truncated', 'expired']) {
	r = (await create((await paid(7)).reference, 7)).json;
	await trouble(kind);
	x = (await send(r.refund_id)).json;
	ok(['sending', 'sent'].includes(x.status), `${kind}: not failed`, x);
	ok(await becomes(r.refund_id, 'sent'), `${kind}: in the end it is sent`);
	is((await entries(r.reference_number)).length, 1, `${kind}: once`);
}
await trouble('off');

// The customer's bank sends it back.
const back = await paid(40);
r = (await create(back.reference, 40)).json;
x = (await send(r.refund_id)).json;
await bank('/simulate/return', { payment_order_no: x.payment_order_no });
dapit('bank', 'sync');
has(await becomes(r.refund_id, 'failed'), { failure: 'the money came back' }, 'a return makes it failed');
has(await api('payment_status', { reference: back.reference }), { status: 'confirmed', total_paid: 40 }, 'it is no second payment, whatever its text');
r = (await create(back.reference, 40)).json;
has((await send(r.refund_id)).json, { status: 'sent' }, 'the money can be refunded anew');

// Nothing there to pay with.
const OURS = 'LT913740020058585210';
const balance = async () => (await bank('/simulate/accounts')).accounts.find((a) => a.iban === OURS).balance;
const twin = await paid(1000);
await bank('/simulate/credit', { amount: (await balance()) - 5, remittance: 'payroll', debtor_iban: OURS, creditor_iban: LOCAL });
is(await balance(), 5, 'the account is nearly empty');
r = (await create(twin.reference, 500)).json;
await send(r.refund_id);
has(await becomes(r.refund_id, 'failed'), { failure: 'the bank rejected the payment: The account has no cover.' }, 'a refund that the account cannot pay fails');
is([await balance(), (await entries(r.reference_number)).length], [5, 0], 'and nothing went');
await credit(1000, 'nothing to do with us');

// A gateway that died in the middle left a claim; the same request finds out
// what became of the refund, once the claim is old.
r = (await create(twin.reference, 5)).json;
const broken = { headers: { 'Idempotency-Key': 'broken-off' } };
const ask = () => call('send_refund', { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' }, broken);
is((await ask()).status, 200, 'a refund is sent');
ok(await becomes(r.refund_id, 'sent'), 'in the end');
const leave = (at) => execFileSync('mariadb', ['--no-defaults', '-S', VAR + '/run/db.sock', DATABASE ?? 'dapit', '-e',
	`UPDATE gateway_idempotency SET reply = '', created_at = ${at} WHERE idempotency_key = 'broken-off'`]);
const now = () => Math.floor(Date.now() / 1000);
leave(now());
is((await ask()).json.code, 'idempotency_key_in_use', 'sent again while its first try may still run: not yet');
leave(now() - 121);	// no older: those of yesterday are swept away
has((await ask()).json, { success: true, status: 'sent', refund_id: r.refund_id }, 'then: what became of it');
is((await entries(r.reference_number)).length, 1, 'and it went once');
is((await send(r.refund_id)).status, 409, 'another request is told that it is sent');

// A client whose connection breaks finds out, too: the gateway goes on.
r = (await create(twin.reference, 5)).json;
await trouble('delay', { value: 2000, times: 4 });
const cut = new AbortController(), repeat = { headers: { 'Idempotency-Key': 'cut' } };
const body = { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' };
const lost = fetch(`${url}?action=send_refund`, { method: 'POST', signal: cut.signal, body: JSON.stringify(body),
	headers: { 'Content-Type': 'application/json', 'X-Gateway-Key': key, ...repeat.headers } }).then(() => false, (e) => e.name);
await until(async () => (await refund(r.refund_id)).status !== 'pending');
cut.abort();
is(await lost, 'AbortError', 'a client hangs up amid send_refund');
x = await until(async () => { const a = await call('send_refund', body, repeat); return a.json.code !== 'idempotency_key_in_use' && a.json; }, 180);
ok(x.success && ['sending', 'sent'].includes(x.status), 'the same request again says how far it is', x);
await trouble('off');
ok(await becomes(r.refund_id, 'sent'), 'list_refunds says its end');
is((await entries(r.reference_number)).length, 1, 'and it went once');

// What came back is no payment, whatever an operator thinks.
dapit('bank', 'sync');
const returned = JSON.parse(dapit('transfers', '--json')).find((t) => t.amount === 39 && !t.reference_number);
const took = dapitFails('transfers', 'assign', String(returned?.id), back.reference, '--yes');
ok(took.status !== 0 && /refund that came back/.test(took.stderr), 'a refund that came back is not assigned to a session', took.stdout + took.stderr);

// The operator's view.
ok(dapit('refunds', '1').includes('sent'), 'dapit refunds lists them');
ok(JSON.parse(dapit('refunds', '1', '--status', 'failed', '--json')).every((l) => l.status === 'failed'), 'dapit refunds --status --json');
r = (await create(twin.reference, 10)).json;
ok(/is sent/.test(dapit('refunds', 'send', '1', String(r.refund_id), PAYER, 'John Smith', '--yes')), 'dapit refunds send');
dapit('bank', 'sync');
balanced();
s.close();
done();
