// life.mjs - the life of a session: section 3 of the contract. Run with
// max_polls = 3.
import { is, has, ok, done, api, call, invoice, check, confirm, credit, settled, until, shop, sleep, dapit, balanced } from './lib.mjs';

dapit('merchant', 'set', '1', 'events=payment.failed,session.expired');
const s = await shop();
const start = Date.now();

// These expire in a minute; meanwhile the polls.
const soon = { expires_minutes: 1, callback_url: s.url };
const pending = await api('create_session', { amount: 5, ...soon });
const invoiced = await invoice(5, soon), late = await invoice(5, soon), part = await invoice(5, soon), polling = await invoice(5, soon);
await credit(2, part.reference);
await settled(part.token);

// No more than max_polls: then timeout, failed, and late money.
const f = await invoice(5, { callback_url: s.url });
has((await call('confirm_paid', { token: (await api('create_session', { amount: 1 })).session_token })).json,
	{ success: false, code: 'invoice_missing' }, 'confirm_paid before create_invoice: 400');
await confirm(f.token);
for (let i = 1; i <= 3; i++)
	has(await check(f.token), { status: 'pending', poll_count: i, max_polls: 3 }, `poll ${i} of 3`);
has(await check(f.token), { success: true, status: 'timeout', message: 'Payment not detected after maximum attempts. Please contact support.' },
	'one more: timeout');
has(await api('get_session', { token: f.token }), { status: 'failed' }, 'the session failed');
has(await check(f.token), { status: 'timeout' }, 'and stays timeout');
has((await until(() => s.of(f.reference)[0])).json, { event: 'payment.failed', late: false }, 'payment.failed is told');
has(await confirm(f.token), { status: 'polling' }, 'confirm_paid on a failed session polls again');
has(await check(f.token), { status: 'pending', poll_count: 1 }, 'from one');
for (let i = 0; i < 3; i++)
	await check(f.token);
await credit(5, f.reference);
has(await settled(f.token, ['timeout', 'pending']), { status: 'confirmed', total_paid: 5, late: true }, 'money after failed: confirmed, late');
has((await until(() => s.of(f.reference).find((h) => h.json.event === 'payment.confirmed')))?.json, { late: true, amount_paid: 5 }, 'the webhook says late');

// Partial money, and then polls to the end: back to partial.
const p = await invoice(5);
await credit(1, p.reference);
await settled(p.token);
await confirm(p.token);
for (let i = 1; i <= 3; i++)
	has(await check(p.token), { status: 'pending', poll_count: i, total_paid: 1, amount_remaining: 4 }, `partial, poll ${i}`);
has(await check(p.token), { status: 'timeout' }, 'partial: timeout too');
has(await check(p.token), { status: 'partial', total_paid: 1 }, 'but back to partial');

// A minute later.
await confirm(polling.token);
await sleep(Math.max(0, 61500 - (Date.now() - start)));
has(await api('get_session', { token: invoiced.token }), { status: 'expired' }, 'expiry is seen by the first read');
has(await check(invoiced.token), { success: true, status: 'expired' }, 'check_payment: expired');
has(await api('payment_status', { reference: invoiced.reference }), { status: 'expired' }, 'payment_status: expired');
ok((await api('list_transactions', { status: 'expired' })).transactions.some((t) => t.reference_number === invoiced.reference), 'list_transactions: expired');
for (const [shows, token] of [['pending', pending.session_token], ['invoiced', invoiced.token]]) {
	const r = await call('create_invoice', { token }, { withKey: null });
	is([r.status, r.json.code], [400, 'session_expired'], `create_invoice after expiry (${shows}): 400`);
}
is((await call('confirm_paid', { token: invoiced.token })).json.code, 'session_expired', 'confirm_paid after expiry: 400');
has(await check(polling.token), { status: 'pending' }, 'a polling session ends by its polls, not by its time');
has(await check(part.token), { status: 'partial' }, 'money does not expire');
ok(await until(() => s.got.find((h) => h.json.event === 'session.expired' && h.json.reference_number === invoiced.reference)), 'session.expired is told');
ok(await until(() => s.got.find((h) => h.json.event === 'session.expired' && h.json.session_token === pending.session_token)), 'also of one without invoice');
await credit(5, late.reference);
has(await settled(late.token, ['expired']), { status: 'confirmed', total_paid: 5, late: true }, 'money after expiry: confirmed, late');
has(await api('get_session', { token: late.token }), { status: 'confirmed', late: true }, 'reads say late');
await credit(3, part.reference);
has(await settled(part.token, ['partial']), { status: 'confirmed', total_paid: 5 }, 'the rest of a partial payment is still welcome');
s.close();
balanced();
done();
