// nobodys.mjs - money that is nobody's goes back to where it came from, once;
// an operator's assignment is undone. Sections 3 and 7 of the contract.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { is, has, ok, done, api, call, bank, credit, trouble, invoice, check, settled, until, shop, dapit, dapitFails, balanced } from './lib.mjs';
import { recur, sql } from './messages.mjs';
import { bankDay, clock, dayOf, goTo, plus } from './time.mjs';

const { PROGRAMS, DAPIT_CONF } = process.env;
const MARIA = { debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Maria Jansen' };
const hooks = await shop();
dapit('merchant', 'set', '1', 'events=payment.partial,payment.overpaid,payment.unassigned,refund.failed', 'auto_refund_max=0');
const sync = () => dapit('bank', 'sync');
const list = (...which) => JSON.parse(dapit('transfers', ...which, '--json'));
const nobodys = (id) => list('--unmatched').find((t) => t.id === id);
const back = (id) => list('--sent-back').find((t) => t.id === id);
const act = (...words) => {
	const r = dapitFails('transfers', ...words.map(String), '--yes');
	return r.status === 0 ? r.stdout.trim() : r.stderr.trim();
};
const WHY = ['--because', 'The payer wrote us.'];
const sendBack = (id, ...more) => act('send-back', id, ...more, ...WHY);
const assign = (id, i) => act('assign', id, i.reference);
const taken = (id) => act('unassign', id, ...WHY);
const says = (got, want, name) => ok(want.test(got), name, got);

// Money that names nothing; its transfer's id.
let n = 0;
async function stray(amount, more = {}) {
	const text = `a gift, number ${++n}`;
	await credit(amount, text, more);
	sync();
	return list('--unmatched').find((t) => t.remittance === text).id;
}
const held = async (iban) => (await bank('/simulate/accounts')).accounts?.find((a) => a.iban === iban)?.balance;
const onStatement = (number) => until(() => {
	sync();
	return sql(`SELECT f.returned FROM gateway_refund_entries f JOIN gateway_refunds r ON r.id = f.refund_id WHERE r.reference_number = '${number}'`).length;
});

// --- sent back

const gift = await stray(25);
says(sendBack(gift), /^refund R[0-9A-F]{7} of transfer \d+ is (sent|sending)$/, 'an unmatched transfer is sent back');
ok(await until(() => back(gift)?.status === 'sent'), 'the bank sent it', back(gift));
has(back(gift), { amount: 25, debtor_name: 'John Smith', debtor_iban: 'DE89370400440532013000' }, 'all of it, without a fee, to who had paid');
is(nobodys(gift), undefined, 'it is not unmatched any more');
ok(await onStatement(back(gift).number), 'and the statement shows that it went');
is(list('--outgoing'), [], 'which is known to be ours');
says(sendBack(gift), /goes back by refund R[0-9A-F]{7}, which is sent/, 'a second time is refused');
const order = await invoice(25, { callback_url: hooks.url });
says(assign(gift, order), /is sent back, by refund R/, 'and so is to assign it');
is((await api('list_refunds')).total, 0, 'no merchant sees it among his refunds');
is((await api('settlement_report', { date_from: bankDay(), date_to: bankDay() })).total_refunds ?? 0, 0, 'nor in his reports');
balanced('with money that was sent back the books balance');
says(dapit('audit'), /\+ sent back 25\.00/, 'and audit says how much that is');

// What cannot go back.
const usd = await stray(9, { currency: 'USD' });
const paid = await invoice(20);
await credit(20, paid.reference);
sync();
const matched = list().find((t) => t.reference_number === paid.reference).id;
for (const [shows, id, want] of [
	['in another currency', usd, /is in USD: only EUR is sent/],
	['that pays a session', matched, /is not unmatched/],
	['that does not exist', 999999, /./],
])
	says(sendBack(id), want, `money ${shows} is not sent back`);
says(dapitFails('transfers', 'send-back', String(usd), '--yes').stderr, /say why|usage/, 'nor without a reason');
is(sql('SELECT COUNT(*) FROM gateway_refunds')[0][0], '1', 'and nothing is left of all that');

// The bank says whose account it is.
const PETER = { debtor_iban: 'FR1420041010050500013M02606', debtor_name: 'Peter Pan' };
const other = await stray(12, PETER), known = await invoice(1);
await credit(1, known.reference, { ...PETER, debtor_name: 'Marie Durand' });
says(sendBack(other), /is held: the name is/, 'to another name than the account holder\'s it is held');
says(assign(other, order), /is sent back, by refund/, 'what is held is not assigned');
says(sendBack(other), /which is held/, 'it does not go on by itself');
says(sendBack(other, '--cancel'), /is cancelled/, 'it can be given up');
ok(nobodys(other), 'then it is unmatched again', list('--unmatched'));
says(sendBack(other, '--cancel'), /no refund that is held/, 'once');
says(sendBack(other), /is held/, 'sent back again it is held again');
says(sendBack(other, '--accept-name'), /is (sent|sending)/, 'and goes when a person accepts the name');
ok(await until(() => back(other)?.status === 'sent'), 'it is sent');
balanced();

// What comes back is nobody's again, less what banks kept.
const lost = await stray(40);
sendBack(lost);
ok(await until(() => back(lost)?.status === 'sent'), 'money is sent back');
const number = back(lost).number;
const no = sql(`SELECT p.payment_order_no FROM gateway_payouts p JOIN gateway_refunds r ON r.payout_id = p.id WHERE r.reference_number = '${number}'`)[0][0];
await bank('/simulate/return', { payment_order_no: no, costs: 2.5, remittance: number });
sync();
has(back(lost), { status: 'failed', failure: 'the money came back, less 2.50 that the banks kept' }, 'and returns: its refund failed');
ok(nobodys(lost), 'it is unmatched again', list('--unmatched'));
sendBack(lost);
ok(await until(() => back(lost)?.status === 'sent'), 'it is sent back again');
is(back(lost).amount, 37.5, 'less what the banks kept');
balanced();

// All at once: one act wins.
const run = (...words) => new Promise((resolve) => spawn(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'transfers', ...words, '--yes'], { stdio: 'ignore' }).on('exit', resolve));
for (let round = 0; round < 5; round++) {
	const id = await stray(3), i = await invoice(3);
	const codes = await Promise.all(Array.from({ length: 8 }, (_, k) => k % 2 ? run('assign', String(id), i.reference) :
		run('send-back', String(id), '--because', 'race')));
	is(codes.filter((c) => c === 0).length, 1, `round ${round}: of eight acts at once on one transfer one succeeds`);
}
ok(await until(() => list('--sent-back').every((t) => t.status !== 'sending')), 'none of them is under way for ever', list('--sent-back'));
balanced('and the books balance');

// A bank that does not know the order any more, and the operator who ends it.
const gone = await stray(77.77);
sendBack(gone);
const id = back(gone).refund_id;
await trouble('order_gone', { times: 1000000 });
ok(await until(() => /404/.test(back(gone).failure)), 'an order that the bank forgot shows why it waits', back(gone));
const closed = dapitFails('refunds', 'close', String(id), 'failed', '--because', 'The bank wrote us.', '--yes');
says(closed.stdout, /is failed/, 'and is closed like any other');
await trouble('off');
ok(nobodys(gone), 'its money is unmatched again');
balanced();

// Who is to be forgotten.
ok(await onStatement(back(other).number), 'what was sent back is on the statement');
const forgot = dapitFails('forget', PETER.debtor_iban, '--yes');
ok(forgot.status === 0, 'whose money went back can be forgotten', forgot.stdout + forgot.stderr);
const trace = sql(`SELECT 'refund' FROM gateway_refunds WHERE debtor_iban = '${PETER.debtor_iban}' OR debtor_name = 'Peter Pan'
	UNION ALL SELECT 'payout' FROM gateway_payouts WHERE creditor_iban = '${PETER.debtor_iban}' OR creditor_name = 'Peter Pan'
	UNION ALL SELECT 'transfer' FROM gateway_transfers WHERE '${PETER.debtor_iban}' IN (debtor_iban, creditor_iban) OR 'Peter Pan' IN (debtor_name, creditor_name)
	UNION ALL SELECT CONCAT('act ', detail) FROM gateway_acts WHERE act LIKE 'transfers %' AND detail LIKE '${other} %--because%'`);
is(trace, [], 'and nothing of him is left');
balanced('and the books balance without him');

// --- unassigned

const event = (i, type) => hooks.of(i.reference).filter((h) => h.json.event === type);
const own = {};

// What was there, what an operator assigns, and what is left when he takes it
// off again; what becomes of the refund of what was too much.
const cases = [
	['the whole price', 50, [], 50, 'confirmed', 'invoiced', null],
	['the rest of the price', 50, [30], 20, 'confirmed', 'partial', null],
	['a part', 50, [], 20, 'partial', 'invoiced', null],
	['more, after a part', 50, [20], 10, 'partial', 'partial', null],
	['too much, of the whole', 50, [50], 9, 'overpaid', 'confirmed', [9, 0]],
	['too much, of too much', 50, [70], 9, 'overpaid', 'overpaid', [29, 20]],
	['far too much, after a part', 50, [10], 60, 'overpaid', 'partial', [20, 0]],
];
for (const [shows, price, came, amount, was, is_now, refunds] of cases) {
	const i = await invoice(price, { callback_url: hooks.url });
	for (const c of came)
		await credit(c, i.reference);
	const t = await stray(amount, MARIA);
	assign(t, i);
	is((await api('payment_status', { reference: i.reference })).status, was, `${shows}: assigned, the session is ${was}`);
	says(taken(t), new RegExp(`^transfer ${t} is unmatched; ${i.reference} is ${is_now}, paid`), `${shows}: taken off, it is ${is_now}`);
	const sum = came.reduce((a, b) => a + b, 0);
	has(await api('payment_status', { reference: i.reference }), { status: is_now, total_paid: sum }, `${shows}: the API says so`);
	has(nobodys(t), { amount, reason: 'unassigned' }, `${shows}: the money is nobody's`);
	const told = await until(() => event(i, 'payment.unassigned')[0]);
	has(told?.json, { unassigned_amount: amount, amount_paid: sum, invoice_amount: price }, `${shows}: who asked for it is told`);
	if (refunds) {
		const all = (await api('list_refunds', { reference: i.reference })).refunds;
		is(all.filter((r) => r.status === 'failed').map((r) => r.amount), [refunds[0]], `${shows}: the refund of what was too much failed`);
		is(all.filter((r) => r.status === 'pending').map((r) => r.amount), refunds[1] ? [refunds[1]] : [], `${shows}: what is still too much is refunded`);
	}
	own[shows] = { i, t };
}
balanced('with all that was taken off again the books balance');

// Paid by who really pays: the shop is told a second time.
const { i: again, t: first } = own['the whole price'];
await credit(50, again.reference);
sync();
has(await check(again.token), { status: 'confirmed', total_paid: 50 }, 'the right money confirms the session');
ok(await until(() => event(again, 'payment.confirmed').length === 2), 'the shop is told again that it is paid', event(again, 'payment.confirmed').length);
const elsewhere = await invoice(50, { callback_url: hooks.url });
assign(first, elsewhere);
is((await check(elsewhere.token)).status, 'confirmed', 'what was taken off can be assigned to another');
says(taken(first), /is unmatched/, 'and taken off again');
says(sendBack(first, '--accept-name'), /is (sent|sending)/, 'or sent back');

// What may not be undone.
const auto = list().find((t) => t.reference_number === again.reference).id;
says(taken(auto), /names its session itself/, 'a transfer that names its session stays');
says(taken(first), /is not assigned/, 'and what is nobody\'s');
says(taken(999999), /./, 'and what does not exist');
const bought = await invoice(30, { callback_url: hooks.url }), rest = await stray(30);
assign(rest, bought);
const refund = (await api('create_refund', { reference: bought.reference, amount: 10 })).refund_id;
says(taken(rest), /has refunds: cancel those that wait/, 'while a refund waits it stays');
await call('cancel_refund', { refund_id: refund });
says(taken(rest), /is invoiced/, 'without it, it does not');
assign(rest, bought);
const gone2 = (await api('create_refund', { reference: bought.reference, amount: 10 })).refund_id;
await call('send_refund', { refund_id: gone2, debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith' });
says(taken(rest), /has refunds/, 'what was refunded stays');
balanced();


// An overpayment by mistake: none of it is asked for when it is undone, and
// what the merchant chose to keep stays.
const owing = () => JSON.parse(dapitFails('doctor', '--json').stdout).find((f) => /could not be sent back/.test(f.what));
const dear = await invoice(100), mistaken = await stray(30);
await credit(100, dear.reference);
await settled(dear.token);
const before = owing();
assign(mistaken, dear);
says(taken(mistaken), /is confirmed/, 'what was assigned to a paid session by mistake is taken off');
is(owing(), before, 'and doctor does not ask the merchant to refund it');
assign(mistaken, dear);
await api('cancel_refund', { refund_id: (await api('list_refunds', { reference: dear.reference, status: 'pending' })).refunds[0].refund_id });
says(taken(mistaken), /kept an overpayment/, 'an overpayment that the merchant kept stays');
is(owing(), before, 'nor what the merchant kept');
balanced();

// The fixed fee goes with the first money.
dapit('merchant', 'set', '1', 'fee_percent=1', 'fee_fixed=0.30');
const fees = async () => (await api('settlement_report', { date_from: bankDay(), date_to: bankDay() })).daily_breakdown[0];
const charged = await invoice(20), lead = await stray(5, MARIA), day = await fees();
assign(lead, charged);
await credit(20, charged.reference);
sync();
taken(lead);
await until(async () => (await fees()).transaction_count === day.transaction_count + 1);
const now = await fees();
is([now.transaction_count - day.transaction_count, Math.round((now.total_fees - day.total_fees) * 100)], [1, 50], 'one payment of 20.00 is charged 1 % and 0.30, whichever money was first');
is(sql(`SELECT m.first, m.fee FROM gateway_matches m JOIN gateway_sessions s ON s.id = m.session_id WHERE s.reference_number = '${charged.reference}'`), [['1', '50']], 'by the money that is left');
balanced();

// A cycle of a schedule.
await recur('create_schedule', { customer_name: 'John Smith', customer_email: 'john@example.com', frequency: 'monthly', amount: 10, total_cycles: 2 });
goTo(plus(dayOf(clock()), 1), '09:30');
await once(spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF, '--once'], { stdio: 'ignore' }), 'exit');
const cycle = await until(() => sql('SELECT s.reference_number FROM recurring_cycles c JOIN gateway_sessions s ON s.id = c.session_id')[0]);
const due = await stray(10);
says(assign(due, { reference: cycle[0] }), /pays/, 'a transfer is assigned to a cycle of a schedule');
const schedule = async () => (await recur('list_schedules')).json.schedules[0];
has(await schedule(), { cycles_paid: 1 }, 'an assigned transfer pays a cycle');
says(taken(due), /is invoiced/, 'taken off again');
has(await schedule(), { cycles_paid: 0, last_paid_at: null }, 'the cycle is not paid');
balanced();

// After the session's end.
const old = await invoice(15, { expires_minutes: 60, callback_url: hooks.url }), late = await stray(15);
dapit('clock', '+30h');
await until(async () => (await api('payment_status', { reference: old.reference })).status === 'expired');
assign(late, old);
has(await api('payment_status', { reference: old.reference }), { status: 'confirmed', late: true }, 'money after the end confirms it, late');
says(taken(late), /is expired/, 'taken off it is expired again');
has(await api('payment_status', { reference: old.reference }), { status: 'expired', total_paid: 0, late: false }, 'and nothing is late any more');
balanced('and the books balance');

// What only the statement knows. Entries put there raw do not move the bank's
// balance: audit is not asked any more.
const entry = (more) => bank('/simulate/entry', { raw: JSON.stringify({ bookingDate: bankDay(), ...more }) });
const euros = (amount) => ({ transactionAmount: { amount, currency: 'EUR' } });
await entry({ transactionId: 'NOBODY-1', creditDebitIndicator: 'CRDT', ...euros('8.00'), remittanceInformationUnstructured: 'from nobody' });
const byHand = await stray(33, MARIA);
await entry({ transactionId: 'HAND-1', creditDebitIndicator: 'DBIT', ...euros('33.00'), creditorName: MARIA.debtor_name,
	creditorAccount: { iban: MARIA.debtor_iban }, remittanceInformationUnstructured: 'your gift' });
sync();
says(sendBack(byHand), /The same amount went to that account on .*, by transfer \d+/, 'what went back by hand, as the statement says, is not sent back again');
const hand = list('--outgoing').find((t) => t.remittance === 'your gift').id;
dapit('transfers', 'seen', String(hand), ...WHY);
says(sendBack(byHand), /is (sent|sending)/, 'but when a person says that this is not it');
says(sendBack(list('--unmatched').find((t) => t.remittance === 'from nobody').id), /the payer's account is not known/, 'what came from nobody knows whom is not sent back');

// Two operators at once, and of money that was booked from beside.
for (const amount of ['71.00', '72.00', '73.00']) {
	const i = await invoice(70), text = `no id ${amount}`;
	await entry({ creditDebitIndicator: 'CRDT', ...euros(amount), remittanceInformationUnstructured: text });
	sync();
	const aside = list('--aside').find((a) => JSON.stringify(a).includes(text));
	dapit('transfers', 'book', String(aside.id), amount, i.reference, ...WHY, '--yes');
	const id = String(list().find((t) => t.reference_number === i.reference).id);
	const codes = await Promise.all(Array.from({ length: 4 }, async () => {
		const [code] = await once(spawn(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'transfers', 'unassign', id, ...WHY, '--yes'], { stdio: 'ignore' }), 'exit');
		return code;
	}));
	is([codes.filter((c) => c === 0).length, (await api('payment_status', { reference: i.reference })).total_paid], [1, 0], `four take ${amount} off at once: one does`);
}

// One that is held, and was sent by hand meanwhile.
const PAN = { ...PETER, debtor_name: 'Peter Panther' };
const waiting = await stray(17, PAN);
await credit(1, (await invoice(1)).reference, { ...PAN, debtor_name: 'Marie Durand' });
says(sendBack(waiting), /is held/, 'money to another name is held');
await entry({ transactionId: 'HAND-3', creditDebitIndicator: 'DBIT', ...euros('17.00'), creditorName: PAN.debtor_name,
	creditorAccount: { iban: PAN.debtor_iban }, remittanceInformationUnstructured: 'by hand' });
sync();
says(sendBack(waiting, '--accept-name'), /The same amount went to that account/, 'what went by hand meanwhile is not sent too');
says(sendBack(waiting, '--cancel'), /is cancelled/, 'it is given up');

// Why one was closed is forgotten with whom it was for.
const LENA = { debtor_iban: 'AT611904300234573201', debtor_name: 'Lena Gruber' };
const lenas = await stray(6, LENA);
sendBack(lenas);
await onStatement((await until(() => back(lenas))).number);
sql(`INSERT INTO gateway_acts (created_at, actor, act, detail) SELECT 1, 'root', 'refunds close', CONCAT(id, ' failed Lena Gruber has it') FROM gateway_refunds WHERE transfer_id = ${lenas}`);
const lena = dapitFails('forget', LENA.debtor_iban, '--yes');
ok(lena.status === 0, 'who got it back is forgotten', lena.stdout + lena.stderr);
is(sql("SELECT detail FROM gateway_acts WHERE detail LIKE '%Gruber%'"), [], 'and the reason why her refund was closed');

// What a person did with a payer's money, and why, is forgotten with her.
const ZOE = { debtor_iban: 'BE68539007547034', debtor_name: 'Zoe Peeters' };
const hers = await invoice(18);
await credit(18, hers.reference, ZOE);
await entry({ transactionId: 'HAND-2', creditDebitIndicator: 'DBIT', ...euros('2.00'), creditorName: ZOE.debtor_name,
	creditorAccount: { iban: ZOE.debtor_iban }, remittanceInformationUnstructured: `for Zoe Peeters ${hers.reference}` });
sync();
dapit('transfers', 'seen', String(list('--outgoing').find((t) => t.creditor_iban === ZOE.debtor_iban).id), '--because', 'Zoe Peeters got a discount');
const more = await stray(4, ZOE);
assign(more, hers);
act('unassign', more, '--because', 'Zoe Peeters says no');
assign(more, hers);
await api('cancel_refund', { refund_id: (await api('list_refunds', { reference: hers.reference })).refunds.find((r) => r.status === 'pending')?.refund_id });
const zoe = dapitFails('forget', ZOE.debtor_iban, '--yes');
ok(zoe.status === 0, 'a payer is forgotten', zoe.stdout + zoe.stderr);
const about = sql(`SELECT id FROM gateway_transfers WHERE '${ZOE.debtor_iban}' IN (debtor_iban, creditor_iban) OR CONCAT_WS(' ', debtor_name, creditor_name, remittance) LIKE '%Zoe%'
	UNION ALL SELECT id FROM gateway_acts WHERE detail LIKE '%Zoe%'`);
is(about, [], 'also what left the account by hand, and the reasons of operators');
done();
