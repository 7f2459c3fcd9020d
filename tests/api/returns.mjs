// returns.mjs - refunds that come back, in any spelling and short of costs;
// orders that end oddly; money that leaves and is no refund; the balance that
// the bank states. Sections 5 and 7 of the contract.
import { is, has, ok, done, api, call, bank, credit, trouble, invoice, settled, until, shop, dapit, dapitFails, balanced } from './lib.mjs';
import { bankDay } from './time.mjs';

const PAYER = 'DE89370400440532013000', today = bankDay();
const hooks = await shop();
dapit('merchant', 'set', '1', 'events=payment.returned,refund.sent,refund.failed');
const sync = () => dapit('bank', 'sync');
const list = (...which) => JSON.parse(dapit('transfers', ...which, '--json'));
const health = (what) => JSON.parse(dapitFails('doctor', '--json').stdout).find((f) => f.what === what);
const refund = async (i, id) => (await api('list_refunds', { reference: i.reference })).refunds.find((r) => r.refund_id === id);
const check = (i) => api('check_payment', { token: i.token }, { withKey: null });

async function paid(amount, more = {}) {
	const i = await invoice(amount, { callback_url: hooks.url, ...more });
	await credit(amount, i.reference);
	await settled(i.token);
	return i;
}
async function begin(i, amount) {
	const r = (await api('create_refund', { reference: i.reference, amount })).refund_id;
	await call('send_refund', { refund_id: r, debtor_iban: PAYER, debtor_name: 'John Smith' });
	return r;
}
async function sent(amount) {
	const i = await paid(amount), id = await begin(i, amount);
	await until(async () => (await refund(i, id)).status === 'sent');
	return { ...i, refund: await refund(i, id) };
}

await paid(500);		// what banks keep is paid of something

// What came back. The number is all that stays the same, and not even that.
const back = [
	['as it was sent', 20, 0, undefined],
	['in small letters', 20, 0, (r) => r.reference_number.toLowerCase()],
	['split by a line break', 20, 0, (r) => `/RTRN/AC04/${r.reference_number.slice(0, 5)}\n${r.reference_number.slice(5)}`],
	['split by a blank', 20, 0, (r) => `Return ${r.reference_number.slice(0, 2)} ${r.reference_number.slice(2)} AC04`],
	['without its blanks', 20, 0, (r, i) => `Refund${r.reference_number}${i.reference}`],
	['with the reference of the payment', 20, 0, (r, i) => `${i.reference} ${r.reference_number}`],
	['by the number of the order', 20, 0, (r) => `RETURN OF ${r.payment_order_no}`],
	['less a fee', 20, 2.5, (r) => r.reference_number],
	['less as much as is thinkable', 40, 10, (r) => r.reference_number.toLowerCase()],
];
for (const [shows, amount, costs, spell] of back) {
	const i = await sent(amount);
	await bank('/simulate/return', { payment_order_no: i.refund.payment_order_no, ...(costs ? { costs } : {}), ...(spell ? { remittance: spell(i.refund, i) } : {}) });
	sync();
	has(await refund(i, i.refund.refund_id), { status: 'failed', return_cost: costs, failure: costs ?
		`the money came back, less ${costs.toFixed(2)} that the banks kept` : 'the money came back' }, `came back ${shows}: the refund failed`);
	has(await check(i), { status: 'confirmed', total_paid: amount }, `came back ${shows}: and it is no payment`);
	const left = amount - costs;
	is((await call('create_refund', { reference: i.reference, amount: left + 0.01 })).status, 400, `came back ${shows}: what the banks kept is gone`);
	const again = await begin(i, left);
	ok(await until(async () => (await refund(i, again)).status === 'sent'), `came back ${shows}: the rest is refunded again`, await refund(i, again));
}
is(list('--unmatched'), [], 'none of them is money that nobody knows');

// What names a refund and is not its money is nobody's, and never a payment.
const odd = [
	['short of more than banks keep', async (i) => bank('/simulate/return', { payment_order_no: i.refund.payment_order_no, costs: 10.01, remittance: i.refund.reference_number })],
	['more than was sent', async (i) => credit(25, `${i.refund.reference_number} ${i.reference}`)],
	['less than half', async (i) => credit(9.49, i.refund.reference_number)],
	['a cent', async (i) => credit(0.01, i.refund.reference_number)],
	['a cent more', async (i) => credit(19.01, i.refund.reference_number)],
	['in another currency', async (i) => credit(19, i.refund.reference_number, { currency: 'USD' })],
	['a second time', async (i) => {
		await bank('/simulate/return', { payment_order_no: i.refund.payment_order_no });
		await credit(19, i.refund.reference_number);
	}, 'failed'],
];
for (const [shows, come, status = 'sent'] of odd) {
	const i = await sent(20);
	await come(i);
	sync();
	has((await refund(i, i.refund.refund_id)), { status }, `${shows}: the refund is ${status}`);
	has(await check(i), { status: 'confirmed', total_paid: 20 }, `${shows}: the payment is as it was`);
	has(list('--unmatched').at(-1), { reason: 'refund_return', suggestion: i.reference }, `${shows}: it waits for a person, who is told which`);
}
const other = await paid(30);
await credit(7, `thanks, order r1234567 ${other.reference}`);
sync();
has(await check(other), { status: 'overpaid', total_paid: 37 }, 'what only looks like a refund number is a payment');
balanced('with all that came back the books balance');

// Orders that end oddly. A person at the bank looks at 77.77.
const held = async () => {
	const i = await paid(80), id = await begin(i, 78.77);
	const order = await until(async () => (await refund(i, id)).payment_order_no);
	return { ...i, id, order };
};
for (const [end, words] of [['CANC', 'the bank cancelled the payment: The account has no cover.'], ['RJCT', 'the bank rejected the payment: The account has no cover.']]) {
	const i = await held();
	await bank('/simulate/release', { payment_order_no: i.order, end });
	ok(await until(async () => (await refund(i, i.id)).status === 'failed'), `${end} ends an order`);
	has(await refund(i, i.id), { failure: words }, `${end}: with the bank's words`);
	ok(await until(() => hooks.of(i.reference).find((h) => h.json.event === 'refund.failed')), `${end}: and the shop is told`);
}

// close() as an operator, and what it answers.
const close = (id, end, because = 'The bank wrote us.') => {
	const r = dapitFails('refunds', 'close', String(id), end, '--because', because, '--yes');
	return r.status === 0 ? r.stdout.trim() : r.stderr.trim();
};
const under = await held();
ok(/under way \(PDNG\)/.test(close(under.id, 'failed')), 'closing is refused while the bank says that it is under way', close(under.id, 'failed'));
ok(/under way \(PDNG\)/.test(close(under.id, 'sent')), 'either way');
has(await refund(under, under.id), { status: 'sending' }, 'and changes nothing');
await trouble('order_gone', { times: 1000000 });
ok(await until(async () => /404 There is no such order/.test((await refund(under, under.id)).failure)), 'an order that the bank does not know any more: the bank\'s words are shown');
is(health('refunds under way for an hour').health, 'ok', 'for an hour that is no trouble');
dapit('clock', '+3700');
is(health('refunds under way for an hour').health, 'broken', 'then doctor gives it to the operator');
ok(/say why/.test(dapitFails('refunds', 'close', String(under.id), 'failed', '--because', '', '--yes').stderr), 'who says why');
is(close(under.id, 'failed'), `refund ${(await refund(under, under.id)).reference_number} is failed`, 'and closes it');
has(await refund(under, under.id), { status: 'failed', failure: 'closed by an operator: The bank wrote us.' }, 'with his reason');
ok(/The refund is failed/.test(close(under.id, 'sent')), 'once');
ok(/refunds close/.test(dapit('log')), 'it is in the log of acts');
await trouble('off');
await bank('/simulate/release', { payment_order_no: under.order });
sync();
has(await refund(under, under.id), { status: 'sent' }, 'if it was paid all the same, the statement has the last word');
dapit('clock', 'reset');

// Refused authorisations.
await trouble('authorise_refused', { times: 1000000 });
const never = await paid(20), stays = await begin(never, 20);
ok(await until(async () => /409 /.test((await refund(never, stays)).failure)), 'an order that the bank never lets go', await refund(never, stays));
ok(/under way \(RCVD\)/.test(close(stays, 'failed')), 'is not closed just now');
dapit('clock', '+901');
is(close(stays, 'failed'), `refund ${(await refund(never, stays)).reference_number} is failed`, 'but a quarter of an hour later, however often it was tried since');
dapit('clock', 'reset');
await trouble('off');
await trouble('authorise_refused', { times: 1000000, value: 400 });
const refused = await paid(20), waits = await begin(refused, 20);
ok(await until(async () => /400 The payee's bank is not reachable/.test((await refund(refused, waits)).failure)), 'a refused authorisation: the bank\'s words are shown', await refund(refused, waits));
await trouble('off');
ok(await until(async () => (await refund(refused, waits)).status === 'sent'), 'it is tried again, and goes');
has(await refund(refused, waits), { failure: null }, 'and the words are gone');

// Money that leaves by itself.
let n = 1e8;
const debit = (amount, text, more = {}) => bank('/simulate/entry', { raw: JSON.stringify({ transactionId: `out${++n}`, bookingDate: today, creditDebitIndicator: 'DBIT',
	transactionAmount: { amount: amount.toFixed(2), currency: 'EUR' }, creditorName: 'John Smith', creditorAccount: { iban: PAYER }, remittanceInformationUnstructured: text, ...more }) });
const recalled = await paid(50);
await debit(20, `RECALL ${recalled.reference.toLowerCase()}`);
await debit(3, 'Monthly fee');
sync();
is(list('--outgoing').map((t) => [t.amount, t.reference_number]), [[3, null], [20, recalled.reference]], 'what leaves and is no refund is listed, with the payment that it names');
has(await check(recalled), { status: 'confirmed', total_paid: 50 }, 'the payment is as it was');
const hook = await until(() => hooks.of(recalled.reference).find((h) => h.json.event === 'payment.returned'));
has(hook?.json, { amount_paid: 50, returned_amount: 20 }, 'who asked for payment.returned is told');
const over = await call('create_refund', { reference: recalled.reference, amount: 30.01 });
has({ ...over, error: over.json.error }, { status: 400, error: 'amount is more than what can still be refunded: 30.00.' }, 'it lowers what can be refunded');
is((await call('create_refund', { reference: recalled.reference, amount: 30 })).status, 200, 'the rest can be');
has(health('outgoing money'), { health: 'warning' }, 'doctor shows it');
const late = await paid(40), waiting = (await api('create_refund', { reference: late.reference, amount: 40 })).refund_id;
await debit(40, `RECALL ${late.reference}`);
sync();
const gone = await call('send_refund', { refund_id: waiting, debtor_iban: PAYER, debtor_name: 'John Smith' });
has({ ...gone, error: gone.json.error }, { status: 409, error: 'The refund is not sent: the money that it is of has left the account.' }, 'a refund that waited while its money was recalled is not sent');
await credit(40, late.reference);
sync();
is((await api('list_refunds', { reference: late.reference })).refunds.length, 1, 'paid again after a recall: nothing is too much');
dapit('transfers', 'seen', String(list('--outgoing')[0].id), '--because', 'A recall.');
is(dapit('transfers', 'seen', String(list('--outgoing')[0].id), '--because', 'The fee.').trim(), '1 outgoing transfer seen', 'until an operator has seen it');
is(dapit('transfers', 'seen', 'all', '--because', 'Known.').trim(), '1 outgoing transfer seen', 'or all of it');
is([list('--outgoing'), list('--outgoing', '--all').length], [[], 3], 'then it is listed among all');
has(health('outgoing money'), { health: 'ok' }, 'and doctor is content');
const twice = await sent(20);
await debit(12, `Refund ${twice.refund.reference_number} of another amount`);
sync();
has(list('--outgoing')[0], { amount: 12, reference_number: twice.reference }, 'a debit that names a refund and has another amount is none of it');
await debit(19, `Refund ${twice.refund.reference_number}`);
sync();
has(list('--outgoing')[0], { amount: 19, reference_number: twice.reference }, 'nor is a second one of its amount');
is((await refund(twice, twice.refund.refund_id)).status, 'sent', 'which is sent once');
balanced();

// The bank's balance. Entries put there raw do not move it: a statement that
// does not add up.
const stated = () => health('bank balance');
has(stated(), { health: 'ok' }, 'the bank states what the books say');
dapit('clock', '+3601');
sync();
ok(stated().health === 'warning' && /the books differ by 94\.00 since /.test(stated().state), 'an hour later it does not: 94.00 left without it', stated());
dapit('clock', '+73h');
sync();
is(stated().health, 'broken', 'if it stays so, that is broken');
const audit = dapitFails('audit');
ok(audit.status === 1 && /account 1: the bank states \d+, by the books \d+/.test(audit.stdout), 'and audit names the account and both sums', audit.stdout);
done();
