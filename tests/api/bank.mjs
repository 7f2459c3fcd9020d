// bank.mjs - a bank that misbehaves: payments wait, nothing fails, and every
// one is booked exactly once. Run with pages of five entries.
import { is, has, ok, done, invoice, credit, settled, until, check, confirm, trouble, bank, balanced, dapit, sleep } from './lib.mjs';

const LONG = 3000 + 9000;		// the bank has 3 s to answer; the rest is for a busy machine
const troubles = [
	['delay', { value: 2500 }], ['delay', { value: 30000 }], ['429', { value: 1 }], ['500', {}], ['503', {}], ['garbage', {}], ['truncated', {}], ['expired', {}],
	['expired_mid_paging', {}], ['id_number', { seconds: 8 }], ['amount_number', { seconds: 8 }], ['signed_amount', { seconds: 8 }],
	['no_direction', { seconds: 8 }], ['structured', { seconds: 8 }], ['unstructured_array', { seconds: 8 }], ['duplicate', { seconds: 8 }],
	['shift', { seconds: 8 }], ['bare_array', { seconds: 8 }], ['entry_reference', { seconds: 8 }], ['transaction_date', { seconds: 8 }],
	['bad_entry', { times: 2 }],
];
for (const [kind, more] of troubles) {
	const i = await invoice(2);
	await confirm(i.token);
	for (let k = 0; k < 3; k++)
		await credit(1, 'filler ' + kind);
	await trouble(kind, more);
	await credit(2, i.reference);
	const refused = [];
	let slowest = 0;
	const got = await until(async () => {
		const start = Date.now();
		const c = await check(i.token);
		slowest = Math.max(slowest, Date.now() - start);
		if (c.success !== true)
			refused.push(c);
		return c.status === 'confirmed' ? c : false;
	});
	has(got, { status: 'confirmed', total_paid: 2, payment_count: 1 }, `${kind}: the payment is found, once`);
	ok(slowest < LONG && !refused.length, `${kind}: no call failed or hung`, { slowest, refused: refused.slice(0, 3) });
	await trouble('off');
}
// A bank that is gone for a while: the database answers at once.
const away = await invoice(1);
await confirm(away.token);
await trouble('500', { seconds: 600 });
await credit(1, away.reference);
const c = await check(away.token);
has(c, { success: true, status: 'pending' }, 'the bank is away: pending');
ok(c.bank_checked_at, 'and it says when the bank was last read');
await trouble('off');
has(await settled(away.token), { status: 'confirmed' }, 'and then it is found');

// Tokens that live for seconds: all processes refresh all the time, the old
// pair dies at once at the bank, and nobody is ever left without a login.
await trouble('access_seconds', { value: 2 });
await trouble('expired');
await bank('/simulate/reset-calls', {});
for (let k = 0; k < 4; k++) {
	const i = await invoice(1);
	await credit(1, i.reference);
	has(await settled(i.token), { status: 'confirmed' }, `tokens of two seconds: payment ${k + 1} is found`);
}
ok((await bank('/simulate/calls')).token >= 4, 'the tokens were refreshed again and again');
await trouble('off');
ok(/logged in until/.test(dapit('bank', 'status')), 'still logged in');

// However many shoppers poll, the bank is read once an interval.
const shoppers = await Promise.all(Array.from({ length: 100 }, () => invoice(1)));
await Promise.all(shoppers.map((s) => confirm(s.token)));
await bank('/simulate/reset-calls', {});
const begun = Date.now();
let polls = 0;
while (polls < 2000) {
	await Promise.all(shoppers.map((s) => check(s.token)));
	polls += shoppers.length;
	await sleep(300);
}
const calls = (await bank('/simulate/calls')).transactions, seconds = (Date.now() - begun) / 1000;
const pages = 7, interval = 3;	/* of five entries: the last ones are read each time */
ok(calls <= (seconds / interval + 2) * pages, `${polls} polls of 100 shoppers in ${seconds.toFixed(1)} s: ${calls} pages read`, calls);
const entries = (await bank('/simulate/entries?iban=LT913740020058585210')).entries.filter((x) => x.direction === 'CREDIT');
ok(entries.length > 80, 'the bank booked them');
const listed = dapit('transfers').trim().split('\n').length;
is(listed, entries.length, 'each entry of the bank is one transfer here');
balanced();
done();
