// matching.mjs - which session a transfer pays: section 5 of the contract.
// It is never guessed; what names no session, or two, waits for an operator.
import { is, has, ok, done, invoice, credit, settled, until, check, dapit, dapitFails, balanced } from './lib.mjs';
import { bankDay, plus } from './time.mjs';

const spellings = [
	// shows, text made of the reference
	['as printed', (r) => r],
	['in small letters', (r) => r.toLowerCase()],
	['without hyphens', (r) => r.replace(/-/g, '')],
	['with blanks', (r) => r.replace(/-/g, ' ')],
	['in a sentence', (r) => `Order 17 ${r} thx`],
	['split by a line break', (r) => r.slice(0, 12) + '\n' + r.slice(12)],
	['each character apart', (r) => r.split('').join(' ')],
	['with other separators', (r) => r.replace(/-/g, '/.')],
	['the letter O for a zero of the date', (r) => r.slice(0, 3) + r.slice(3, 9).replace(/0/g, 'O') + r.slice(9)],
	['the letter I for a one of the date', (r) => r.slice(0, 3) + r.slice(3, 9).replace(/1/g, 'I') + r.slice(9)],
	['twice the same', (r) => `${r} ${r}`],
	['another number before it', (r) => `RF18 5390 0754 ${r}`],
];
const all = await Promise.all(spellings.map(async ([shows, spell]) => ({ shows, spell, i: await invoice(3) })));
for (const { spell, i } of all)
	await credit(3, spell(i.reference));
for (const { shows, i } of all)
	has(await settled(i.token), { status: 'confirmed', total_paid: 3 }, 'found: ' + shows);

const s = await invoice(4), e = await invoice(4), a = await invoice(4);
await credit(4, '', { structured: s.reference });
await credit(4, 'for the order', { end_to_end_id: e.reference.replace(/-/g, '') });
await credit(4, 'for the order', { additional: a.reference });
has(await settled(s.token), { status: 'confirmed' }, 'found: in the structured reference');
has(await settled(e.token), { status: 'confirmed' }, 'found: in the end-to-end id');
has(await settled(a.token), { status: 'confirmed' }, 'found: in the additional information');

// Entries are not always booked in the order of their dates.
const late = await invoice(6);
await credit(6, late.reference, { booking_date: plus(bankDay(), -1) });
has(await settled(late.token), { status: 'confirmed' }, 'an entry booked late, with the date of yesterday');


// One character wrong, one lost, two swapped: suggested, not booked.
const next = (c) => c === 'A' ? 'B' : 'A';
const one = await invoice(11.11), two = await invoice(12.12), gone = await invoice(13.13);
const x = one.reference, y = two.reference;
const strays = [
	['nothing that looks like one', await credit(5, 'hello'), 'no_reference', ''],
	['no text at all', await credit(5, ''), 'no_reference', ''],
	['one that is not ours', await credit(5, 'DP-200101-AAAAAA'), 'unknown_reference', ''],
	['two sessions', await credit(5, `${x} and ${y}`), 'ambiguous', ''],
	['another currency', await credit(5, x, { currency: 'USD' }), 'currency', x + '?'],
	['a character changed, the same amount', await credit(11.11, x.slice(0, 12) + next(x[12]) + x.slice(13)), 'unknown_reference', x + '?'],
	['a character lost, the same amount', await credit(12.12, y.slice(0, 11) + y.slice(12)), null, y + '?'],
	['a character changed, another amount', await credit(11.12, x.slice(0, 12) + next(x[12]) + x.slice(13)), 'unknown_reference', ''],
];
const unmatched = () => JSON.parse(dapit('transfers', '--unmatched', '--json'));
let rows;
await until(() => (rows = unmatched()).length >= strays.length);
is(rows.length, strays.length, 'all of them are on the unmatched list');
strays.forEach(([shows, , reason, suggestion], i) => {
	const row = rows[i] ?? {};
	is([reason === null || row.reason === reason, row.suggestion ?? ''], [true, suggestion.replace('?', '')], `unmatched: ${shows}`);
});
has(await check(one.token), { status: 'pending' }, 'and nothing is booked on a suggestion');

// An operator assigns.
const id = String(rows[5].id);
ok(dapit('transfers', 'assign', id, x, '--yes').includes(x), 'an operator says whose it is');
has(await settled(one.token), { status: 'confirmed', total_paid: 11.11 }, 'the session is paid');
is(dapitFails('transfers', 'assign', id, y, '--yes').status, 1, 'but not twice');
is(dapitFails('transfers', 'assign', String(rows[0].id), 'DP-200101-AAAAAA', '--yes').status, 1, 'not to a session that there is not');
is(dapitFails('transfers', 'assign', String(rows[4].id), y, '--yes').status, 1, 'not in another currency');
ok(!unmatched().some((l) => String(l.id) === id), 'it leaves the list');
has(await check(gone.token), { status: 'pending' }, 'another session is untouched');
balanced();
done();
