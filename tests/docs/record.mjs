// record.mjs - the examples of the reference: answers that the gateway really
// gives, as JSON on standard output. "make docs" keeps them in www/docs/.
import { twilioSignature } from '../api/messages.mjs';
import { url, request, api, bank, credit, invoice, confirm, settled, shop, until, dapit } from '../api/lib.mjs';
import { bankDay, wholeDay } from '../api/time.mjs';
import { fileURLToPath } from 'node:url';

const recurringUrl = url.replace('gateway/gateway.php', 'recurring.php');

export async function record() {
	wholeDay();
	const made = Object.fromEntries(dapit('merchant', 'add', 'Your Store Name').trim().split('\n').map((l) => l.split(' ')));
	const me = { withKey: made.key }, shopper = { withKey: null };
	dapit('merchant', 'set', made.merchant, 'events=payment.partial,payment.overpaid,payment.failed,session.expired,refund.sent,refund.failed');
	const out = {};
	const keep = async (action, request, options, name) => {
		const answer = await api(action, request, options);
		const entry = out[action] ??= { request, answers: {} };
		entry.answers[name] = answer;
		return answer;
	};
	const s = await shop();
	const order = { amount: 49.99, currency: 'EUR', items: [{ name: 'Premium Game Credits', qty: 1, price: 49.99, total: 49.99 }],
		order_id: 'ORD-12345', customer_email: 'john@example.com', customer_name: 'John Smith', callback_url: s.url, return_url: 'https://shop.example/thanks' };

	const { session_token: token } = await keep('create_session', order, me, 'opened');
	const inv = await keep('create_invoice', { token }, shopper, 'invoice');
	await keep('confirm_paid', { token }, shopper, 'started');
	await keep('check_payment', { token }, shopper, 'pending');
	await credit(20, inv.reference_number);
	await settled(token);
	await keep('check_payment', { token }, shopper, 'partial');
	await credit(29.99, inv.reference_number);
	await settled(token, ['partial', 'pending']);
	await keep('check_payment', { token }, shopper, 'confirmed');
	await keep('get_session', { token }, shopper, 'session');
	await keep('frame_policy', { token }, shopper, 'policy');
	await keep('payment_status', { reference: inv.reference_number }, me, 'payment');
	const more = await invoice(5, { order_id: 'ORD-12346', callback_url: s.url }, me);
	await credit(8, more.reference);
	await settled(more.token);
	await keep('check_payment', { token: more.token }, shopper, 'overpaid');
	const payer = { debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith' };
	const refund = await keep('create_refund', { reference: inv.reference_number, amount: 25, reason: 'Returned goods' }, me, 'created');
	const back = await keep('send_refund', { refund_id: refund.refund_id, ...payer }, me, 'sent');
	const given = await api('create_refund', { reference: inv.reference_number, amount: 10 }, me);
	await keep('cancel_refund', { refund_id: given.refund_id }, me, 'cancelled');
	await keep('list_refunds', { reference: inv.reference_number, status: 'sent' }, me, 'page');
	await bank('/simulate/return', { payment_order_no: back.payment_order_no });
	const never = await invoice(5, { expires_minutes: 1, callback_url: s.url }, me);
	const unsure = await invoice(5, { expires_minutes: 1, callback_url: s.url }, me);
	await confirm(unsure.token);
	dapit('clock', '+5m');
	await keep('check_payment', { token: never.token }, shopper, 'over');
	await keep('list_transactions', { status: 'confirmed', limit: 1 }, me, 'page');
	await keep('get_transaction', { reference: inv.reference_number }, me, 'transaction');
	const today = bankDay();
	await keep('settlement_report', { date_from: today, date_to: today }, me, 'report');
	await keep('dashboard', {}, me, 'overview');
	await keep('whoami', {}, me, 'key');
	// the clock was moved: a worker has to come by first
	await until(async () => (await api('health', {}, shopper)).status === 'ok');
	await keep('health', {}, shopper, 'health');
	const ping = await keep('test_webhook', { url: s.url }, me, 'ping');
	await until(() => s.got.some((h) => h.json.event === 'test.ping') && ['session.expired', 'refund.failed'].every((e) => s.got.some((h) => h.json.event === e)));
	await keep('list_events', { session: inv.reference_number, limit: 1 }, me, 'page');
	await keep('get_event', { event_id: s.got[0].json.event_id }, me, 'event');
	await keep('redeliver', { event_id: s.got[0].json.event_id }, me, 'again');
	await keep('list_endpoints', {}, me, 'list');
	await keep('enable_endpoint', { url: s.url }, me, 'again');
	dapit('merchant', 'set', made.merchant, 'events=schedule.cycle_due,schedule.cycle_paid,schedule.cycle_missed,schedule.completed', `callback_url=${s.url}`);
	const keepRecurring = (action, request, options, name) => keep(action, request, { ...options, base: recurringUrl }, name);
	const plan = await keepRecurring('create_schedule', { customer_name: 'John Smith', customer_email: 'john@example.com', customer_phone: '+4712345678',
		delivery_method: 'both', frequency: 'monthly', amount: 99, discount_percent: 5, currency: 'EUR',
		order_items: [{ name: 'Premium Plan', qty: 1, price: 99 }], payment_url: 'https://merchant-site.com/pay', total_cycles: 1 }, me, 'created');
	const { schedule_id } = plan;
	await keepRecurring('preview', { schedule_id }, me, 'preview');
	await keepRecurring('set_config', { smtp_from_name: 'Your Store Name' }, me, 'config');
	await keepRecurring('get_config', {}, me, 'config');
	await keepRecurring('test_message', { channel: 'email', recipient: 'you@example.com' }, me, 'tried');
	dapit('clock', '+2d');
	// Both messages were tried once: there is no login.
	await until(async () => (await api('get_schedule', { schedule_id }, { ...me, base: recurringUrl })).attempts.length === 2);
	const due = (await keepRecurring('get_schedule', { schedule_id }, me, 'schedule')).cycles[0];
	const sms = (await api('get_schedule', { schedule_id }, { ...me, base: recurringUrl })).messages.find((m) => m.channel === 'sms');
	await api('set_config', { twilio_sid: 'AC1', twilio_token: 'token', twilio_phone: '+15005550006' }, { ...me, base: recurringUrl });
	const told = { MessageSid: 'SM0123456789', MessageStatus: 'delivered' }, address = `${recurringUrl}?action=sms_status&message=${sms.message_id}`;
	out.sms_status = { request: { message: sms.message_id, MessageStatus: 'delivered' }, answers: { heard: (await request('POST', address, { headers: { 'Content-Type': 'application/x-www-form-urlencoded',
		'X-Twilio-Signature': twilioSignature('token', address, told) }, body: new URLSearchParams(told).toString() })).json } };
	await credit(94.05, due.reference_number);
	dapit('bank', 'sync');
	await until(async () => (await api('get_schedule', { schedule_id }, { ...me, base: recurringUrl })).cycles[0].status === 'paid');
	await keepRecurring('list_schedules', { limit: 1 }, me, 'page');
	const other = (await api('create_schedule', { customer_name: 'Jane Doe', customer_email: 'jane@example.com', frequency: 'weekly', amount: 10 }, { ...me, base: recurringUrl })).schedule_id;
	await keepRecurring('update_schedule', { schedule_id: other, status: 'paused' }, me, 'changed');
	const stop = (await api('preview', { schedule_id: other }, { ...me, base: recurringUrl })).text.match(/token=(\S+)/)[1];
	await keepRecurring('get_subscription', { token: stop }, shopper, 'subscription');
	await keepRecurring('unsubscribe', { token: stop }, shopper, 'subscription');
	await until(() => ['schedule.cycle_due', 'schedule.cycle_paid', 'schedule.completed'].every((e) => s.got.some((h) => h.json.event === e)));
	out.webhooks = Object.fromEntries(s.got.map((h) => [h.json.event, h.json]));
	// What happened after some polls without money has the same body.
	s.close();
	return [out, s.url, ping];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [out, url] = await record();
	process.stdout.write(JSON.stringify(out, null, '\t').replaceAll(url, 'https://shop.example/webhooks/dapit').replaceAll(new URL(url).origin, 'https://shop.example') + '\n');
	process.exit(0);
}
