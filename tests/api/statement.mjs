// statement.mjs - statements as banks really send them: whatever an entry
// looks like, it is booked, known, kept aside or not final, and a good payment
// beside it is found. Section 5 of the contract.
import { is, has, ok, done, bank, invoice, settled, until, trouble, balanced, dapit, dapitFails, request, credit } from './lib.mjs';
import { bankDay, plus } from './time.mjs';
import { sql } from './messages.mjs';

const today = bankDay();
let id = 1e9;
const put = (entry, more = {}) => bank('/simulate/entry', { raw: typeof entry === 'string' ? entry : JSON.stringify(entry), ...more });
const entry = (text, more = {}) => ({ transactionId: String(++id), bookingDate: today, creditDebitIndicator: 'CRDT',
	transactionAmount: { amount: '5.00', currency: 'EUR' }, debtorName: 'John Smith', debtorAccount: { iban: 'DE89370400440532013000' },
	remittanceInformationUnstructured: text, ...more });
const asides = () => JSON.parse(dapit('transfers', '--aside', '--json'));
const sync = () => dapit('bank', 'sync');

// What is well, however it is written: found, and to the cent.
const found = [
	['a plus', (r) => entry(r, { transactionAmount: { amount: '+5.00', currency: 'EUR' } })],
	['a comma', (r) => entry(r, { transactionAmount: { amount: '5,00', currency: 'eur' } })],
	['a number that JSON has not', (r) => JSON.stringify(entry(r)).replace('"5.00"', '5.')],
	['an empty id beside another', (r) => entry(r, { transactionId: '', entryReference: String(++id) })],
	['an id of 200 characters', (r) => entry(r, { transactionId: 'x'.repeat(190) + ++id })],
	['an empty day beside another', (r) => entry(r, { bookingDate: '', valueDate: today })],
	['a moment for a day', (r) => entry(r, { bookingDate: undefined, bookingDateTime: today + 'T10:00:00+02:00' })],
	['Credit', (r) => entry(r, { creditDebitIndicator: 'Credit' })],
	['an array beside an empty string', (r) => entry('', { remittanceInformationUnstructuredArray: [r.slice(0, 8), r.slice(8)] })],
	['entry details', (r) => entry('VIREMENT', { entryDetails: { transactionDetails: [{ remittanceInformation: { unstructured: [r] } }] } })],
	['the reference behind byte 1000', (r) => entry('x'.repeat(3000) + ' ' + r)],
	['a line break of HTML', (r) => entry(r.replace('-', '<br>-'))],
	['entities', (r) => entry(r.replaceAll('-', '&#45;'))],
	['percent encoding', (r) => entry(r.replaceAll('-', '%2D'))],
	['fields of MT940', (r) => entry(r.slice(0, 7) + '?21' + r.slice(7))],
	['full-width letters', (r) => entry([...r].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join(''))],
	['a NUL in the text', (r) => JSON.stringify(entry(r)).replace('John Smith', 'John\\u0000Smith')],
	['a byte of ISO 8859-1', (r) => JSON.stringify(entry(r)).replace('John Smith', 'J\uE0FCrgen')],
	['a raw line break', (r) => JSON.stringify(entry(r)).replace('John Smith', 'John\uE00ASmith')],
	['an id of 22 digits', (r) => JSON.stringify(entry(r)).replace(/"transactionId":"\d+"/, `"transactionId":1234567890${String(++id).padStart(12, '0')}`)],
	['booked for a day to come', (r) => [entry(r, { bookingDate: plus(today, 3) }), plus(today, 3)]],
];
const paid = [];
for (const [shows, make] of found) {
	const i = await invoice(5);
	const [raw, day] = [make(i.reference)].flat();
	await put(raw, day ? { booking_date: day } : {});
	paid.push([shows, i]);
}
for (const [shows, i] of paid)
	has(await settled(i.token), { status: 'confirmed', total_paid: 5, payment_count: 1 }, `found: ${shows}`);
is(asides().length, 0, 'and nothing is kept aside');

// What cannot be booked is kept aside; the good payment on the same page is not.
const kept = [
	['no id', 'no_id', 'transactionId', entry('x', { transactionId: undefined })],
	['an id of blanks', 'no_id', 'transactionId', entry('y', { transactionId: '  ' })],
	['no amount', 'unreadable', 'transactionAmount', entry('x', { transactionAmount: {} })],
	['no day', 'unreadable', 'bookingDate', entry('x', { bookingDate: 'soon' })],
	['a letter for an indicator', 'unreadable', 'creditDebitIndicator', entry('x', { creditDebitIndicator: 'C' })],
	['a credit with a minus', 'contradiction', 'transactionAmount', entry('x', { transactionAmount: { amount: '-20.00', currency: 'EUR' } })],
	['a reversal', 'contradiction', 'reversalIndicator', entry('x', { reversalIndicator: true })],
	['null', 'unreadable', 'entry', 'null'],
];
for (const [, , , raw] of kept)
	await put(raw);
await put(entry('x', { bookingStatus: 'pending' }));
const beside = await invoice(5);
await put(entry(beside.reference));
has(await settled(beside.token), { status: 'confirmed' }, 'a payment beside them is found');
is(asides().map((a) => [a.reason, a.field]), kept.map(([, reason, field]) => [reason, field]), 'each is kept aside, with the reason');
ok(!JSON.parse(dapit('transfers', '--json')).some((t) => t.remittance === 'x'), 'none is booked, nor the one that is pending');
const before = asides();
sync();
sync();
is(asides().map((a) => a.id), before.map((a) => a.id), 'read again: the same ones');
ok(asides()[0].seen > before[0].seen, 'how often each was seen');
ok(/entries kept aside.*8/.test(dapitFails('doctor').stdout), 'doctor counts them', dapitFails('doctor').stdout);

// Two equal ones without an id are two.
await put(entry('twin', { transactionId: undefined }));
await put(entry('twin', { transactionId: undefined }));
sync();
is(asides().filter((a) => a.raw.includes('twin')).length, 2, 'two equal entries without an id are two');

// A known id with other content is a conflict; the first stays as it was.
const first = await invoice(5), second = await invoice(6);
const one = entry(first.reference);
await put(one);
await settled(first.token);
await put({ ...one, transactionAmount: { amount: '6.00', currency: 'EUR' }, remittanceInformationUnstructured: second.reference });
sync();
is(asides().filter((a) => a.reason === 'conflict').length, 1, 'a known id with other money: a conflict');
has(await settled(first.token, []), { status: 'confirmed', total_paid: 5 }, 'the first stays as it was');

// An entry is known by any of its ids, in any form.
const many = await invoice(5);
const x = entry(many.reference, { transactionId: undefined, entryReference: 'REF-1' });
await put(x);
await settled(many.token);
await put({ ...x, transactionId: 'T-1' });
await put({ ...x, entryReference: undefined, transactionId: ' T-1 ' });
sync();
has(await settled(many.token, []), { status: 'confirmed', total_paid: 5 }, 'the same entry by another of its ids: not again');

// The bank's odd pages.
for (const value of [1, 2, 3, 4, 5]) {
	await trouble('no_entries', { value, seconds: 20 });
	sync();
	ok(!/error/.test(dapit('bank', 'status')), `none, in form ${value}: a good read`, dapit('bank', 'status'));
	await trouble('off');
}
const fillers = await Promise.all([invoice(5), invoice(5)]);
for (const i of fillers)
	await put(entry(i.reference, { entryReference: 'NOTPROVIDED' }));
for (const i of fillers)
	has(await settled(i.token), { status: 'confirmed' }, 'NOTPROVIDED is no id');
const marked = await invoice(5);
await trouble('bom', { seconds: 20 });
await credit(5, marked.reference);
has(await settled(marked.token), { status: 'confirmed' }, 'a byte order mark');
await trouble('off');
await trouble('page_cap', { value: 3, seconds: 60 });
const capped = await invoice(5);
await credit(5, capped.reference);
has(await settled(capped.token), { status: 'confirmed' }, 'pages of three where a hundred are asked for: the last is found');
await trouble('off');

// A bank that does not know days to come is asked about them once a day.
await trouble('no_future');
const noFuture = async (shows, most) => {
	const i = await invoice(5);
	await credit(5, i.reference);
	await bank('/simulate/reset-calls', {});
	has(await settled(i.token), { status: 'confirmed' }, `a bank that refuses days to come: ${shows} the payment is found`);
	// the worker reads too, perhaps one that began before or ends after
	const reads = () => Number(sql('SELECT `reads` FROM bank_accounts')[0][0]);
	const before = reads();
	sql('UPDATE bank_accounts SET next_read_at = 0');
	await bank('/simulate/reset-calls', {});
	sync();
	const { transactions } = await bank('/simulate/calls'), n = reads() - before;
	ok(transactions <= most * (n + 2), `${shows} a read is ${most} calls at most`, [transactions, n]);
};
await noFuture('at first', 6);
await noFuture('then', 3);
is(sql('SELECT ahead_days FROM bank_accounts'), [['0']], 'which is remembered');
await trouble('off');
sql('UPDATE bank_accounts SET deep_at = 0');
sync();
is(sql('SELECT ahead_days FROM bank_accounts'), [['5']], 'until the next deep read');
// Entries put there raw do not move the balance that it states.
sql('UPDATE bank_accounts SET balance_first = NULL, balance_rest = NULL');
const old = await invoice(5);
await put(entry(old.reference, { bookingDate: plus(today, -40) }), { booking_date: plus(today, -40) });
sql('UPDATE bank_accounts SET deepest_at = 0');
has(await settled(old.token), { status: 'confirmed' }, 'booked 40 days ago: found by the daily look');

// An operator finishes what is kept aside.
const owed = await invoice(5), open = asides();
const noId = open.find((a) => a.reason === 'no_id'), minus = open.find((a) => a.field === 'reversalIndicator');
is(dapitFails('transfers', 'book', String(noId.id), '5.00', owed.reference, '--yes').status, 2, 'not without a reason');
ok(dapit('transfers', 'book', String(noId.id), '5.00', owed.reference, '--because', 'the payer called', '--yes').includes(owed.reference), 'book: to a session');
has(await settled(owed.token, []), { status: 'confirmed', total_paid: 5 }, 'which is paid');
ok(dapitFails('transfers', 'book', String(noId.id), '5.00', owed.reference, '--because', 'again', '--yes').stderr.includes('finished'), 'once');
await put(entry('x', { transactionId: 'LATER-1' }));
sync();
has(asides().find((a) => a.bank_id === 'LATER-1'), { reason: 'conflict', field: 'transactionId' }, 'the same entry, now with an id: a conflict, and not booked again');
const slip = open.find((a) => a.field === 'bookingDate'), typed = await invoice(50);
dapit('transfers', 'book', String(slip.id), '50.00', typed.reference, '--because', 'a slip of the hand', '--yes');
await put({ ...JSON.parse(slip.raw), bookingDate: today });
sync();
has(asides().find((a) => a.bank_id === slip.bank_id), { reason: 'conflict', field: 'stored amount' }, 'the bank says less than the operator booked: a conflict');
dapit('transfers', 'dismiss', String(minus.id), '--because', 'a mistake of the bank', '--yes');
sync();
ok(!asides().some((a) => [noId.id, minus.id].includes(a.id)), 'both are finished, also when they are read again');
ok(/transfers book.*the payer called/.test(dapit('log')), 'the reason is in the log of acts');
const wrong = open.find((a) => a.field === 'bookingDate');
await put(JSON.stringify({ ...JSON.parse(wrong.raw), bookingDate: today }));
sync();
ok(!asides().some((a) => a.id === wrong.id), 'one that the bank sends in order is finished by itself');

// It is personal data: not forgotten while it is open, and then with the rest.
const iban = 'FR1420041010050500013M02606';
await put(entry('x', { bookingDate: 'soon', debtorAccount: { iban: iban.replace(/(.{4})/g, '$1 ') } }));
sync();
const theirs = asides().find((a) => a.raw.includes('FR14'));
ok(/kept aside/.test(dapitFails('forget', iban, '--yes').stdout), 'forget: not while an entry of theirs is kept aside');
dapit('transfers', 'dismiss', String(theirs.id), '--because', 'asked the bank', '--yes');
dapit('forget', iban, '--yes');
is(sql(`SELECT COUNT(*) FROM gateway_asides WHERE id = ${theirs.id} AND raw IS NULL`), [['1']], 'then the bank\'s text of it is erased');
sync();
is(sql(`SELECT COUNT(*) FROM gateway_asides WHERE id = ${theirs.id} AND raw IS NULL AND status = 2`), [['1']], 'and does not come back');
dapit('transfers', 'dismiss', String(asides().find((a) => a.field === 'stored amount').id), '--because', 'refunded by hand', '--yes');
balanced();
done();
