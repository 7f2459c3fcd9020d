// reference.mjs - Option A, word for word as the reference tells it.
import { is, has, ok, done, api, call, check, confirm, credit, settled, until, shop, signed, balanced, key } from './lib.mjs';

const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const s = await shop();

// Step 1: the shop's server creates a session.
const made = await call('create_session', {
	amount: 49.99, currency: 'EUR', order_id: 'ORD-12345', customer_email: 'john@example.com', customer_name: 'John Smith',
	items: [{ name: 'Premium Game Credits', qty: 1, price: 49.99, total: 49.99 }], callback_url: s.url });
const session = made.json;
is(made.status, 200, 'create_session: 200');
has(session, { success: true, amount: 49.99, currency: 'EUR', merchant_order_id: 'ORD-12345', environment: 'staging' }, 'create_session: as sent');
ok(/^[0-9a-f]{64}$/.test(session.session_token), 'create_session: a token of 32 bytes in hex');
is(session.checkout_url, '/checkout/pay.html?session=' + session.session_token, 'create_session: the checkout page');
ok(time.test(session.expires_at), 'create_session: a time in UTC');
is(typeof session.session_id, 'number', 'create_session: ids are numbers');
ok(Math.abs(Date.parse(session.expires_at.replace(' ', 'T') + 'Z') - Date.now() - 3600e3) < 5000, 'create_session: an hour by default');
const token = session.session_token;
has(await api('get_session', { token }), { status: 'pending', reference_number: null, paid_at: null }, 'get_session: pending');

// Step 2: where to pay.
const first = await call('create_invoice', { token }, { withKey: null });
const inv = first.json;
has(inv, { success: true, amount: 49.99, currency: 'EUR', iban: 'LT913740020058585210', beneficiary_name: 'Longemalle Trustees OU',
	account_name: 'Dapit Financial Infrastructure', bank_name: 'ConnectPay' }, 'create_invoice: the account');
ok(/^DP-\d{6}-[A-HJ-NP-Z2-9]{6}$/.test(inv.reference_number), 'create_invoice: a reference without look-alikes', inv);
ok(/^INV-\d{6}-\d{5,}$/.test(inv.invoice_number), 'create_invoice: an invoice number', inv);
const twice = await Promise.all([1, 2, 3].map(() => call('create_invoice', { token }, { withKey: null })));
ok(twice.every((r) => r.text === first.text), 'create_invoice: again, byte for byte the same');
has(await api('get_session', { token }), { status: 'invoiced', reference_number: inv.reference_number }, 'get_session: invoiced');
has(await check(token), { status: 'pending', poll_count: 0, max_polls: 60 }, 'check_payment before confirm_paid: its true state');

// Step 3: "I've sent the payment".
is(await confirm(token), { success: true, status: 'polling', reference: inv.reference_number,
	message: 'Payment verification started. We are checking for your transfer.' }, 'confirm_paid');
has(await check(token), { success: true, status: 'pending', message: 'Payment not yet detected. Checking again...',
	poll_count: 1, max_polls: 60 }, 'check_payment: still searching');
has(await check(token), { poll_count: 2 }, 'check_payment: the poll is counted');
has(await confirm(token), { status: 'polling' }, 'confirm_paid again: no-op');
has(await check(token), { poll_count: 3 }, 'and the count goes on');
await credit(49.99, inv.reference_number);
const paid = await settled(token);
has(paid, { success: true, status: 'confirmed', invoice_amount: 49.99, total_paid: 49.99, payment_count: 1,
	payments: [{ amount: 49.99, debtor_name: 'John Smith', debtor_iban: 'DE89370400440532013000' }], amount_match: true },
	'check_payment: confirmed');
ok(time.test(paid.paid_at) && time.test(paid.bank_checked_at), 'check_payment: when');
has(await confirm(token), { success: true, status: 'confirmed' }, 'confirm_paid on a paid session: its status');

// Step 4: the webhook.
const hook = (await until(() => s.of(inv.reference_number)[0]));
has(hook.json, { event: 'payment.confirmed', reference_number: inv.reference_number, invoice_number: inv.invoice_number,
	merchant_order_id: 'ORD-12345', invoice_amount: 49.99, amount_paid: 49.99, amount: 49.99, amount_remaining: 0, overpaid_amount: 0,
	refund_amount: 0, refund_fee: 0, currency: 'EUR', paid_at: paid.paid_at, session_token: token,
	customer_email: 'john@example.com', customer_name: 'John Smith', environment: 'staging', late: false }, 'webhook: the documented body');
ok(signed(hook), 'webhook: signed as Standard Webhooks says');
is(hook.headers['webhook-id'], hook.json.event_id, 'webhook: its id is the event\'s');
is(hook.headers['content-type'], 'application/json', 'webhook: JSON');

// Reads.
has(await api('get_session', { token }), { success: true, session_id: session.session_id, merchant_name: 'Demo Shop', amount: 49.99,
	currency: 'EUR', status: 'confirmed', reference_number: inv.reference_number, invoice_number: inv.invoice_number,
	paid_at: paid.paid_at, expires_at: session.expires_at, environment: 'staging', late: false }, 'get_session');
const status = { success: true, reference_number: inv.reference_number, invoice_number: inv.invoice_number, amount: 49.99,
	currency: 'EUR', status: 'confirmed', confirmed_at: paid.paid_at };
has(await api('payment_status', { reference: inv.reference_number }), status, 'payment_status by reference');
has(await api('payment_status', { reference: inv.reference_number.toLowerCase() }), status, 'payment_status by a reference in small letters');
has(await api('payment_status', { session_token: token }), status, 'payment_status by token');
const list = await api('list_transactions', {});
has(list, { success: true, limit: 50, offset: 0 }, 'list_transactions');
has(list.transactions.find((t) => t.reference_number === inv.reference_number), { amount: 49.99, status: 'confirmed',
	confirmed_at: paid.paid_at }, 'list_transactions: the payment');

// Partial, then the rest, then too much.
const p = (await api('create_session', { amount: 7, callback_url: s.url })).session_token;
const ref = (await api('create_invoice', { token: p })).reference_number;
await confirm(p);
await credit(3, ref);
const part = await call('check_payment', { token: p }).then(() => settled(p));
has(part, { status: 'partial', invoice_amount: 7, total_paid: 3, amount_remaining: 4, payment_count: 1,
	payments: [{ amount: 3, debtor_name: 'John Smith' }],
	message: 'We received €3.00 of your €7.00 payment. Remaining balance: €4.00.' }, 'partial');
ok((await call('check_payment', { token: p })).text.includes('"invoice_amount":7.00,"total_paid":3.00'), 'money has two decimals on the wire');
is(s.of(ref).length, 0, 'partial: no webhook unless asked for');
has(await confirm(p), { status: 'polling' }, 'partial: confirm_paid again');
has(await check(p), { status: 'pending', poll_count: 1, total_paid: 3, amount_remaining: 4 }, 'the old money does not end the new polling');
await credit(4, ref);
has(await settled(p), { status: 'confirmed', total_paid: 7, payment_count: 2, amount_match: true }, 'the rest confirms');
await until(() => s.of(ref).length);
await credit(3, ref);
has(await settled(p, ['confirmed']), { status: 'overpaid', invoice_amount: 7, total_paid: 10, overpaid_amount: 3, refund_fee: 1, refund_net: 2,
	message: 'Payment received! You overpaid by €3.00. A refund of €2.00 will be processed (€3.00 minus €1.00 processing fee).' }, 'overpaid');

const o = (await api('create_session', { amount: 5, callback_url: s.url })).session_token;
const oref = (await api('create_invoice', { token: o })).reference_number;
await credit(8, oref);
has(await settled(o), { status: 'overpaid', total_paid: 8, overpaid_amount: 3 }, 'too much at once, and without the button');
has((await until(() => s.of(oref)[0])).json, { event: 'payment.confirmed', invoice_amount: 5, amount_paid: 8, overpaid_amount: 3,
	refund_amount: 2, refund_fee: 1 }, 'its webhook is payment.confirmed');
is(s.of(ref).map((h) => h.json.event), ['payment.confirmed'], 'later money makes no second payment.confirmed');

// Errors.
has((await call('create_session', { amount: 1 }, { withKey: null })).json, { success: false, error: 'Missing API key' }, 'the documented error');
is((await call('create_session', { amount: 1 }, { withKey: null })).status, 401, 'no key: 401');
is((await call('create_session', { amount: 1 }, { withKey: key + 'x' })).status, 401, 'a wrong key: 401');
is((await call('get_session', { token: '0'.repeat(64) })).status, 404, 'an unknown token: 404');
is((await call('payment_status', { reference: 'DP-260330-XA6HSX' })).status, 404, 'an unknown reference: 404');
is((await call('create_session', {})).status, 400, 'no amount: 400');
balanced();
s.close();
done();
