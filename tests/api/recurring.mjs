// recurring.mjs - payment reminders: schedules as the reference shows them,
// cycle after cycle, by mail and SMS. The mail server and Twilio are here,
// and say what real ones say on their bad days; the clock moves by months.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { is, has, ok, done, call, request, api, credit, until, shop, signed, dapit, dapitFails, balanced, bankUrl, key, sleep } from './lib.mjs';
import { recur as send, recurringUrl, certificate, mailServer, twilio, twilioSignature, segments, sql } from './messages.mjs';
import { clock, dayOf, plus, goTo, wholeDay } from './time.mjs';

const { VAR, DAPIT_URL, DAPIT_GATEWAY_URL } = process.env;
const PASS = 'mail-pa55-never-shown', WRONG = 'wrong-pa55-never-shown', TOKEN = 'twilio-t0ken-never-shown', PLATFORM = 'platform-pa55-never-shown';
const SECRETS = [PASS, WRONG, TOKEN, PLATFORM];
const answers = [];
const recur = async (...all) => { const r = await send(...all); answers.push(r.text); return r; };

// What the servers do with whom; otherwise they take everything.
const mailMood = { 'unknown@example.com': () => ({ at: 'rcpt', code: 550, text: '5.1.1 No such user' }),
	'busy@example.com': (n) => n === 1 && { at: 'data', code: 451, text: '4.3.0 Try again later' },
	'hangup@example.com': () => ({ hang: true }),
	'limit1@example.com': (n) => n === 1 && { at: 'rcpt', code: 550, text: '5.4.5 Daily user sending limit exceeded' },
	'limit3@example.com': (n) => n === 1 && { at: 'data', code: 550, text: '5.4.5 Daily user sending limit exceeded' } };
const smsMood = { '+4790021211': () => ({ status: 400, code: 21211, message: "The 'To' number is not a valid phone number." }),
	'+4790021610': () => ({ status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' }),
	'+4790020429': (n) => n === 1 && { status: 429, code: 20429, message: 'Too Many Requests' },
	'+4790000500': (n) => n === 1 && { status: 500, code: 20500, message: 'Internal Server Error' },
	'+4790000099': (n) => n === 1 && { hang: true } };
const tls = certificate();
const mails = await mailServer(tls, { pass: PASS, also: { 'platform@example.com': PLATFORM }, mood: (to, n) => mailMood[to]?.(n) || null });
const phone = await twilio({ token: TOKEN, mood: (to, n) => smsMood[to]?.(n) || null });
const smtp = { smtp_host: 'localhost', smtp_port: String(mails.port), smtp_user: 'shop@example.com', smtp_pass: PASS };
const sms = { twilio_sid: phone.sid, twilio_token: TOKEN, twilio_phone: '+4712300000' };

let fresh = 0;
const address = () => `c${++fresh}@example.com`;
const make = async (more = {}, options) => {
	const body = { customer_name: 'John Smith', customer_email: address(), frequency: 'monthly', amount: 10, ...more };
	const r = await recur('create_schedule', body, options);
	if (r.status !== 200)
		throw new Error(`create_schedule: ${r.status} ${r.text} for ${JSON.stringify(body)}`);
	return { ...r.json, to: body.customer_email };
};
const get = async (id, options) => (await recur('get_schedule', { schedule_id: id }, options)).json;
const update = (schedule_id, more, options) => recur('update_schedule', { schedule_id, ...more }, options);
const preview = async (id, options) => (await recur('preview', { schedule_id: id }, options)).json;
const days = async (id, n = 12) => (await preview(id)).cycles.slice(0, n).map((c) => c.billing_date);
const message = async (id, channel = 'email', options) => (await get(id, options)).messages.filter((m) => m.channel === channel);
const becomes = (id, status, channel = 'email', options, seconds = 15) => until(async () => {
	const m = (await message(id, channel, options))[0];
	return m?.status === status && m;
}, seconds);
const billed = (id, n = 1) => until(async () => { const s = await get(id); return s.cycles_billed >= n && s; });
const other = (name) => { const out = dapit('merchant', 'add', name); return { id: out.match(/\b\d+\b/)[0], withKey: out.match(/mk_\S+/)[0] }; };
const pay = async (reference, amount) => { await credit(amount, reference); dapit('bank', 'sync'); };
const cancel = (...ids) => Promise.all(ids.map((id) => update(id, { status: 'cancelled' })));
const today = wholeDay(), tomorrow = plus(today, 1);

dapit('merchant', 'set', '1', 'name=Käse & Söhne <b>');
const hooks = await shop();
dapit('merchant', 'set', '1', `callback_url=${hooks.url}`,
	'events=schedule.cycle_due,schedule.cycle_paid,schedule.cycle_missed,schedule.completed');
const events = (id, event) => hooks.got.filter((h) => h.json.schedule_id === id && (!event || h.json.event === event));

// ---- As the reference shows it.

const example = `{
"action": "create_schedule",
"customer_name": "John Smith",
"customer_email": "john@example.com",
"customer_phone": "+4712345678",
"delivery_method": "both",
"frequency": "monthly",
"amount": 99.00,
"discount_percent": 5,
"currency": "EUR",
"order_items": [{"name": "Premium Plan", "qty": 1, "price": 99}],
"payment_url": "https://merchant-site.com/pay"
}`;
let r = await request('POST', recurringUrl, { headers: { 'X-Api-Key': key, 'Content-Type': 'application/json' }, body: example });
is(r.status, 200, "the reference's example, as pasted: 200");
has(r.json, { success: true, amount: 94.05, original_amount: 99, discount_percent: 5, frequency: 'monthly', next_billing_date: tomorrow },
	'and its answer: 94.05, the first billing date is tomorrow');
ok(Number.isInteger(r.json.schedule_id), 'schedule_id is a number', r.text);
ok(r.text.includes('"amount":94.05,"original_amount":99.00'), 'money has two decimals', r.text);
const shown = r.json.schedule_id;
r = await recur('create_schedule', { customer_name: 'Defaults', customer_email: 'defaults@example.com', frequency: 'weekly', amount: 5 });
has(r.json, { delivery_method: 'email', discount_percent: 0, currency: 'EUR', total_cycles: 0, status: 'active', next_billing_date: tomorrow, amount: 5, original_amount: 5 },
	'the defaults: email, no discount, EUR, no end, tomorrow');
await cancel(r.json.schedule_id);
r = await request('POST', recurringUrl, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ api_key: key,
	action: 'create_schedule', customer_name: 'By form', customer_email: 'form@example.com', frequency: 'weekly', amount: '12.50', order_items: '[{"name":"Tea","qty":2,"price":6.25}]' }).toString() });
has(r.json, { success: true, amount: 12.5, order_items: [{ name: 'Tea', qty: 2, price: 6.25 }] }, 'a form with api_key, and order_items as a JSON string');
await cancel(r.json.schedule_id);
r = await recur('create_schedule', { customer_name: 'S', customer_email: 's@example.com', frequency: 'weekly', amount: '5.00', discount_percent: '12.5',
	order_items: '[{"name":"Tea","qty":1,"price":5}]', total_cycles: '3' });
has(r.json, { amount: 4.38, discount_percent: 12.5, total_cycles: 3, order_items: [{ name: 'Tea', qty: 1, price: 5 }] }, 'numbers and order_items as strings in JSON; 4.375 is 4.38');
await cancel(r.json.schedule_id);
for (const [amount, discount, want] of [[99, 5, 94.05], [0.01, 50, 0.01], [10, 33.33, 6.67], [999999999.99, 0.01, 899999999.99 + 99900000], [1, 99, 0.01], [19.99, 15, 16.99]]) {
	const s = await make({ amount, discount_percent: discount });
	is(s.amount, want, `${amount} less ${discount}% is ${want}`);
	await cancel(s.schedule_id);
}
for (const [frequency, start, want] of [
	['weekly', '2031-12-29', ['2031-12-29', '2032-01-05', '2032-01-12']],
	['biweekly', '2032-02-16', ['2032-02-16', '2032-03-01', '2032-03-15']],
	['monthly', '2031-01-31', ['2031-01-31', '2031-02-28', '2031-03-31', '2031-04-30', '2031-05-31']],
	['monthly', '2032-01-30', ['2032-01-30', '2032-02-29', '2032-03-30']],
	['monthly', '2032-02-29', ['2032-02-29', '2032-03-29']],
	['bimonthly', '2031-12-31', ['2031-12-31', '2032-02-29', '2032-04-30', '2032-06-30', '2032-08-31']],
]) {
	const s = await make({ frequency, start_date: start });
	has(s, { frequency, next_billing_date: start }, `${frequency} from ${start}`);
	is(await days(s.schedule_id, want.length), want, `and its days are ${want.join(', ')}`);
	await cancel(s.schedule_id);
}

// ---- What is refused.

for (const [name, more, field] of [
	['no name', { customer_name: undefined }, 'customer_name'],
	['an empty name', { customer_name: '' }, 'customer_name'],
	['a name of 256 letters', { customer_name: 'x'.repeat(256) }, 'customer_name'],
	['no frequency', { frequency: undefined }, 'frequency'],
	['daily', { frequency: 'daily' }, 'frequency'],
	['Daily', { frequency: 'Daily' }, 'frequency'],
	['no amount', { amount: undefined }, 'amount'],
	...[0, -1, 'ten', 49.995, '1,50', 1e9, null, true, [1]].map((amount) => [`an amount of ${JSON.stringify(amount)}`, { amount }, 'amount']),
	...[100, 100.01, -1, 'x', 1.234].map((discount_percent) => [`a discount of ${discount_percent}`, { discount_percent }, 'discount_percent']),
	['a discount that leaves nothing', { amount: 0.01, discount_percent: 99 }, 'discount_percent'],
	...['2026-02-30', '2026-13-01', '2027-02-29', 'tomorrow', '1.2.2030', '2030-1-1', '2030-01-01T00:00:00', '0000-00-00', '20300101', plus(today, -1), '2020-01-01']
		.map((start_date) => [`start_date ${start_date}`, { start_date }, 'start_date']),
	...[-1, 1.5, 'many', 1e12].map((total_cycles) => [`total_cycles ${total_cycles}`, { total_cycles }, 'total_cycles']),
	...['{"name":"x"}', 'tea', 5, '[1]', [{ name: 'x', qty: true }], [{ name: ['x'] }], '[{"name":"x"'].map((order_items) => [`order_items ${JSON.stringify(order_items)}`, { order_items }, 'order_items']),
	...['javascript:alert(1)', 'ftp://example.com/', 'example.com/pay', 'https://', 'https://example.com/\r\nX: y', 'https://exa mple.com/']
		.map((payment_url) => [`payment_url ${JSON.stringify(payment_url)}`, { payment_url }, 'payment_url']),
	['a pigeon', { delivery_method: 'pigeon' }, 'delivery_method'],
	['email without an address', { customer_email: undefined }, 'customer_email'],
	['sms without a number', { delivery_method: 'sms' }, 'customer_phone'],
	['both without a number', { delivery_method: 'both' }, 'customer_phone'],
	['both without an address', { delivery_method: 'both', customer_email: undefined, customer_phone: '+4712345678' }, 'customer_email'],
	...['nobody', 'a@b', '@example.com', 'a@', 'a b@example.com', 'a@example.com,b@example.com', '<a@example.com>', 'a@example.com\r\nBcc: b@example.com', 'a@exa_mple.com',
		'a..b@example.com', 'a@-example.com', 'a@example.com b@example.com', 'a\0@example.com'].map((customer_email) => [`the address ${JSON.stringify(customer_email)}`, { customer_email }, 'customer_email']),
	...['12345678', '+0123456789', '+47abc45678', '+1234567890123456', '+47123', '0047 12345678', '+4712345678\n+4787654321', '+4712345678,+4787654321', 'whatsapp:+4712345678']
		.map((customer_phone) => [`the number ${JSON.stringify(customer_phone)}`, { delivery_method: 'sms', customer_phone }, 'customer_phone']),
	['a language that nobody speaks', { language: 'xx' }, 'language'],
	...[[7, 3], [0], [3, 3], ['x'], [1, 2, 3, 4, 5, 6], [400], '3;7', { a: 1 }].map((remind_after_days) => [`remind_after_days ${JSON.stringify(remind_after_days)}`, { remind_after_days }, 'remind_after_days']),
]) {
	const x = await recur('create_schedule', { customer_name: 'Nobody', customer_email: 'nobody@example.com', frequency: 'weekly', amount: 5, ...more });
	// A NUL is no text at all, whichever the parameter.
	ok(x.status === 400 && x.json.success === false && x.json.error.length > 10 && (x.json.field === field || JSON.stringify(more).includes('\\u0000')),
		`create_schedule: ${name}: 400, ${field}`, `${x.status} ${x.text}`);
}
r = await recur('create_schedule', { customer_name: 'N', customer_email: 'n@example.com', frequency: 'weekly', amount: 5, currency: 'USD' });
has(r.json, { success: false, code: 'unsupported_currency' }, 'create_schedule: dollars');
is(r.status, 400, 'are a 400');
for (const [given, kept] of [['+47 12 34-56 (78)', '+4712345678'], ['+4915112345678', '+4915112345678']]) {
	const s = await make({ delivery_method: 'sms', customer_phone: given });
	is(s.customer_phone, kept, `the number ${given} is kept as ${kept}`);
	await cancel(s.schedule_id);
}

const rival = other('Rival'), mine = await make();
for (const [action, more] of [['get_schedule', {}], ['update_schedule', { status: 'paused' }], ['preview', {}]]) {
	for (const [name, schedule_id, options, status] of [
		['an unknown schedule', 987654321, {}, 404], ["another merchant's schedule", mine.schedule_id, { withKey: rival.withKey }, 404],
		['no schedule', undefined, {}, 400], ['a word', 'seven', {}, 400], ['a negative one', -1, {}, 400],
	]) {
		const x = await recur(action, { schedule_id, ...more }, options);
		is([x.status, x.json.success], [status, false], `${action}: ${name}: ${status}`);
	}
}
is((await get(mine.schedule_id)).status, 'active', 'and the schedule is as before');
for (const [name, more, field] of [
	['completed', { status: 'completed' }, 'status'], ['an unknown status', { status: 'gone' }, 'status'], ['no amount', { amount: 0 }, 'amount'], ['a negative amount', { amount: -5 }, 'amount'],
	['an unknown frequency', { frequency: 'yearly' }, 'frequency'], ['30 February', { next_billing_date: '2027-02-30' }, 'next_billing_date'],
	['a day that is over', { next_billing_date: plus(today, -1) }, 'next_billing_date'], ['a word for a day', { next_billing_date: 'soon' }, 'next_billing_date'],
]) {
	const x = await update(mine.schedule_id, more);
	is([x.status, x.json.field], [400, field], `update_schedule: ${name}: 400`);
}
const cheap = await make({ amount: 100, discount_percent: 99.99 });
r = await update(cheap.schedule_id, { amount: 0.01 });
is([r.status, r.json.success], [400, false], 'update_schedule: an amount of which the discount leaves nothing: 400');
await cancel(cheap.schedule_id);

// ---- Who may.

is((await recur('list_schedules', {}, { withKey: null })).status, 401, 'no key: 401');
is((await recur('list_schedules', {}, { withKey: 'mk_nonsense' })).status, 401, 'a wrong key: 401');
const reader = dapit('key', 'add', '1', 'reader', '--read').match(/mk_\S+/)[0];
for (const [action, body, status] of [['create_schedule', { customer_name: 'x', customer_email: 'x@example.com', frequency: 'weekly', amount: 1 }, 403], ['update_schedule', { schedule_id: mine.schedule_id, status: 'paused' }, 403],
	['set_config', { smtp_pass: 'x' }, 403], ['test_message', { channel: 'email', recipient: 'x@example.com' }, 403], ['get_schedule', { schedule_id: mine.schedule_id }, 200], ['list_schedules', {}, 200], ['get_config', {}, 200], ['preview', { schedule_id: mine.schedule_id }, 200]])
	is((await recur(action, body, { withKey: reader })).status, status, `${action} with a key for reading: ${status}`);
for (const [action, status] of [['create_schedule', 405], ['update_schedule', 405], ['set_config', 405], ['unsubscribe', 405], ['list_schedules', 200], ['get_config', 200]])
	is((await request('GET', `${recurringUrl}?action=${action}`, { headers: { 'X-Api-Key': key } })).status, status, `GET ${action}: ${status}`);
is([(await recur('pay')).status, (await recur('')).status], [400, 400], 'an unknown action, and none: 400');

// ---- Lists.

const few = other('Few');
const three = [];
for (let i = 0; i < 3; i++)
	three.push((await make({}, few)).schedule_id);
await update(three[0], { status: 'paused' }, few);
await update(three[1], { status: 'cancelled' }, few);
const list = async (more) => (await recur('list_schedules', more, few)).json;
let page = await list({});
is([page.schedules.map((s) => s.schedule_id), page.total], [[...three].reverse(), 3], 'list_schedules: all of the merchant, newest first');
for (const [status, want] of [['active', [three[2]]], ['paused', [three[0]]], ['cancelled', [three[1]]], ['completed', []]])
	is((await list({ status })).schedules.map((s) => s.schedule_id), want, `list_schedules: ${status}`);
is((await recur('list_schedules', { status: 'gone' }, few)).status, 400, 'list_schedules: an unknown status: 400');
page = await list({ limit: 2 });
is([page.schedules.length, page.total, (await list({ limit: 2, cursor: page.next_cursor })).schedules.map((s) => s.schedule_id)], [2, 3, [three[0]]], 'list_schedules: two pages by cursor');
is((await list({ limit: 2, offset: 2 })).schedules.map((s) => s.schedule_id), [three[0]], 'list_schedules: the same by offset');
is((await list({ limit: 3 })).next_cursor, null, 'list_schedules: a full page that is the last has no next_cursor');
is(page.schedules[0].amount, 10, 'list_schedules shows amounts');

// ---- Changes.

r = await update(mine.schedule_id, { amount: 20 });
has(r.json, { success: true, amount: 20, original_amount: 20, status: 'active' }, 'update_schedule: a new amount');
r = await update(mine.schedule_id, { next_billing_date: '2031-01-31' });
has(r.json, { next_billing_date: '2031-01-31' }, 'update_schedule: another next billing date');
is(await days(mine.schedule_id, 3), ['2031-01-31', '2031-02-28', '2031-03-31'], 'and the calendar goes on from there');
r = await update(mine.schedule_id, { frequency: 'weekly' });
has(r.json, { frequency: 'weekly', next_billing_date: '2031-01-31' }, 'update_schedule: another frequency, the next date stays');
is(await days(mine.schedule_id, 3), ['2031-01-31', '2031-02-07', '2031-02-14'], 'and weeks are counted from there');
for (const status of ['paused', 'paused', 'active', 'active'])
	has((await update(mine.schedule_id, { status })).json, { success: true, status }, `update_schedule: ${status}`);
has((await update(mine.schedule_id, { status: 'cancelled' })).json, { success: true, status: 'cancelled', next_billing_date: null }, 'update_schedule: cancelled');
for (const more of [{ status: 'active' }, { status: 'paused' }, { amount: 5 }, { frequency: 'monthly' }, { next_billing_date: '2031-02-01' }])
	is((await update(mine.schedule_id, more)).status, 409, `a cancelled schedule is final: ${JSON.stringify(more)}: 409`);

const twice = { customer_name: 'Twice', customer_email: 'twice@example.com', frequency: 'weekly', amount: 5 };
const idem = { headers: { 'Idempotency-Key': 'recurring-1' } };
const [one, two] = [await recur('create_schedule', twice, idem), await recur('create_schedule', twice, idem)];
is([two.text, two.headers['idempotent-replayed']], [one.text, 'true'], 'an Idempotency-Key: the same answer, one schedule');
is((await recur('create_schedule', { ...twice, amount: 6 }, idem)).status, 422, 'the same key with another amount: 422');
await cancel(one.json.schedule_id);

// ---- Credentials.

const config = async (options) => Object.fromEntries((await recur('get_config', {}, options)).json.config.map((c) => [c.name, c]));
is(Object.values(await config()).filter((c) => c.set), [], 'get_config: nothing is set at first');
const early = await make({ start_date: today });	// due before there is a login
const earlyFew = await make({ start_date: today }, few);
is(goTo(tomorrow, '08:50') > 0, true, 'ten to nine on the next day');
for (const [name, body, field] of [
	['a user that is no address', { smtp_user: 'shop' }, 'smtp_user'], ['a user with a second line', { smtp_user: 'a@example.com\r\nb' }, 'smtp_user'], ['a port of 99999', { smtp_port: '99999' }, 'smtp_port'],
	['a host with a path', { smtp_host: 'example.com/x' }, 'smtp_host'], ['a SID with a path', { twilio_sid: 'AC1/../x' }, 'twilio_sid'], ['a number without +', { twilio_phone: '4712345678' }, 'twilio_phone'],
]) {
	const x = await recur('set_config', body);
	is([x.status, x.json.field], [400, field], `set_config: ${name}: 400`);
}
await until(async () => (await message(early.schedule_id))[0]?.error && (await message(earlyFew.schedule_id, 'email', few))[0]?.error);
ok(/smtp_user/.test((await message(early.schedule_id))[0]?.error), 'a message without a login waits, and says for what', await message(early.schedule_id));
r = await recur('set_config', { ...smtp, ...sms }, { headers: { 'Idempotency-Key': 'recurring-2' } });
is([r.status, r.json.success], [200, true], 'set_config: all of them');
r = await recur('set_config', { ...smtp, ...sms }, { headers: { 'Idempotency-Key': 'recurring-2' } });
is([r.status, r.headers['idempotent-replayed']], [200, 'true'], 'set_config again with its Idempotency-Key: replayed');
let now = await config();
is(Object.values(now).filter((c) => c.set).map((c) => c.name).sort(), ['smtp_host', 'smtp_pass', 'smtp_port', 'smtp_user', 'twilio_phone', 'twilio_sid', 'twilio_token'], 'get_config: which are set');
ok(!/55|nev/.test(now.smtp_pass.value) && !/0k|nev/.test(now.twilio_token.value), 'get_config: of secrets nothing is seen', [now.smtp_pass, now.twilio_token]);
ok(now.smtp_user.value !== smtp.smtp_user && now.twilio_sid.value !== sms.twilio_sid, 'get_config: the others are masked', now);
await recur('set_config', { smtp_from_name: 'Shop "Zürich"\r\nBcc: evil@example.com' });
const clean = (await config()).smtp_from_name.set;
await recur('set_config', { smtp_from_name: '' });
is([(await config()).smtp_from_name.set, (await config()).smtp_pass.set], [false, true], 'set_config: an empty text clears one, the others stay');
ok(await becomes(early.schedule_id, 'sent'), 'a message that was due before there was a login goes out after set_config', await message(early.schedule_id));

// The platform's login, for who has none; and the merchant's own sender.
for (const [name, value] of [['smtp_host', 'localhost'], ['smtp_port', String(mails.port)], ['smtp_user', 'platform@example.com'], ['smtp_pass', PLATFORM]])
	execFileSync(`${process.env.PROGRAMS}/dapit`, ['-c', process.env.DAPIT_CONF, 'config', 'set', name], { input: value + '\n', stdio: ['pipe', 'ignore', 'inherit'] });
ok(await becomes(earlyFew.schedule_id, 'sent', 'email', few), "and so does one that waited for the platform's", await message(earlyFew.schedule_id, 'email', few));
const guest = other('Guest');
has((await config(guest)).smtp_user, { set: true, from: 'platform' }, "get_config: without a login of one's own the platform's");
ok(!JSON.stringify(await config(guest)).includes('platform@'), 'which nobody else sees');
await recur('set_config', { ...sms }, guest);
const branded = other('Branded');
dapit('merchant', 'set', branded.id, 'email_from=billing@branded.example', 'email_from_name=Brand ünd "Co"', 'sms_phone=+4799999999');
await recur('set_config', { ...smtp, ...sms, smtp_from_name: 'Not this' }, branded);

// ---- A first day: everybody's first message, at nine.

const evil = { crlf: 'Eve\r\nBcc: evil@example.com\r\nSubject: Hacked', script: '<script>alert(1)</script>', quotes: 'Eve" <evil@example.com>, "x', word: '=?UTF-8?Q?=0D=0ABcc:_evil@example.com?=',
	body: 'Eve\r\n\r\n.\r\nMAIL FROM:<evil@example.com>\r\n', form: '%1%2%s%n%4', link: '<a href="https://evil.example">pay</a>' };
const evils = {};
for (const [name, text] of Object.entries(evil))
	for (const field of ['customer_name', 'order_description', 'item']) {
		const to = `${name}-${field.replace('_', '-')}@example.com`;
		const more = field === 'item' ? { order_items: [{ name: text, qty: 1, price: 10 }] } : { [field]: text };
		const x = await recur('create_schedule', { customer_name: 'Eve', customer_email: to, frequency: 'monthly', amount: 10, ...more });
		ok(x.status === 200 || (x.status === 400 && x.json.field), `${field} ${JSON.stringify(text)}: taken or refused`, x.text);
		if (x.status === 200)
			evils[to] = { id: x.json.schedule_id, field, text, refused: x.status };
	}
for (const name of ['name=Shop\r\nBcc: evil@example.com', 'email_from=a@example.com\r\nBcc: b@example.com', 'sms_phone=+47\n12345678'])
	dapitFails('merchant', 'set', rival.id, name);
dapitFails('merchant', 'set', rival.id, 'email_from_name=Rival\r\nBcc: evil@example.com', 'timezone=America/New_York');
await recur('set_config', { ...smtp, smtp_from_name: 'Shop "Zürich"\r\nBcc: evil@example.com' }, rival);
const T = {
	german: await make({ customer_name: 'Jörg Müller-Lüdenscheidt 🚲', language: 'de', order_description: 'Ökostrom für März', discount_percent: 10, customer_phone: '+4790000001', delivery_method: 'both' }),
	greek: await make({ language: 'el', customer_name: 'Γιώργος', delivery_method: 'both', customer_phone: '+4790000002' }),
	ukrainian: await make({ language: 'uk', customer_name: 'Оксана', delivery_method: 'both', customer_phone: '+4790000003', amount: 123456.78 }),
	french: await make({ language: 'fr', delivery_method: 'both', customer_phone: '+4790000004' }),
	long: await make({ delivery_method: 'both', customer_phone: '+4790000005', payment_url: `https://merchant-site.com/pay?a=${'x'.repeat(800)}` }),
	query: await make({ payment_url: 'https://merchant-site.com/pay?plan=a%20b&x=1#top' }),
	hosted: await make({ order_description: 'Hosted', total_cycles: 1 }),
	unknown: await make({ customer_email: 'unknown@example.com' }),
	busy: await make({ customer_email: 'busy@example.com' }),
	hangup: await make({ customer_email: 'hangup@example.com' }),
	invalid: await make({ delivery_method: 'sms', customer_phone: '+4790021211' }),
	stopped: await make({ delivery_method: 'sms', customer_phone: '+4790021610' }),
	many: await make({ delivery_method: 'sms', customer_phone: '+4790020429' }),
	broken: await make({ delivery_method: 'sms', customer_phone: '+4790000500' }),
	lost: await make({ delivery_method: 'sms', customer_phone: '+4790000099' }),
	ends: await make({ frequency: 'weekly', total_cycles: 2 }),
	pauses: await make({ frequency: 'weekly' }),
	pays: await make({ frequency: 'weekly' }),
	leaves: await make({ frequency: 'weekly', order_description: 'Magazine' }),
	nags: await make({ remind_after_days: [3, 7] }),
	nagsPaid: await make({ remind_after_days: '[3,7]' }),
	nagsGone: await make({ remind_after_days: '3,7', total_cycles: 1 }),
};
const first = plus(tomorrow, 1);
for (const s of Object.values(T))
	if (s.next_billing_date !== first) throw new Error('not tomorrow');
const guests = await make({ delivery_method: 'both', customer_phone: '+4790000006' }, guest);
const brands = await make({ delivery_method: 'both', customer_phone: '+4790000007' }, branded);
const newYork = await make({}, rival);
has(await get(T.nags.schedule_id), { remind_after_days: [3, 7] }, 'remind_after_days: as a list');
is([(await get(T.nagsPaid.schedule_id)).remind_after_days, (await get(T.nagsGone.schedule_id)).remind_after_days], [[3, 7], [3, 7]], 'or as a text');

// What was created yesterday was due today, the reference's example with it.
goTo(tomorrow, '08:59');
await sleep(1200);
is([mails.to('john@example.com').length, (await get(shown)).cycles_billed], [0, 0], 'a minute to nine: nothing is sent');
goTo(tomorrow, '09:00');
ok(await until(() => mails.to('john@example.com').length && phone.to('+4712345678').length), 'at nine the example goes out, by mail and SMS', await get(shown));
await becomes(shown, 'sent');
await becomes(shown, 'sent', 'sms');
let s = await get(shown);
is([s.cycles_billed, s.cycles_paid, s.cycles_missed, s.cycles.length, s.cycles[0].billing_date, s.cycles[0].status, s.cycles[0].amount], [1, 0, 0, 1, tomorrow, 'open', 94.05], 'it has one cycle, open, of 94.05');
const nextMonth = async (id) => (await days(id, 1))[0];
is(s.next_billing_date, await nextMonth(shown), 'its next billing date is the next that preview shows');
const ref = s.cycles[0].reference_number;
const mail = mails.to('john@example.com')[0].mail, text = mail.text, html = mail.html;
is(mails.to('john@example.com')[0].to, ['john@example.com'], 'the mail has one recipient');
for (const [what, part] of [['the merchant', 'Käse & Söhne <b>'], ['the item', 'Premium Plan'], ['the amount before', '€99.00'], ['the discount', '4.95'], ['its percentage', '5%'], ['the amount', '€94.05'],
	['the due date', `${Number(tomorrow.slice(8))} ${new Date(tomorrow).toLocaleString('en', { month: 'short', timeZone: 'UTC' })} ${tomorrow.slice(0, 4)}`], ['the reference', ref], ['the link', 'https://merchant-site.com/pay?'],
	['the name', 'John Smith'], ['how to stop', `${DAPIT_GATEWAY_URL}/stop/?token=`]]) {
	const inHtml = part.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
	ok(text.includes(part) && html.includes(inHtml), `the mail names ${what}, in text and HTML`, text);
}
const raw = mails.to('john@example.com')[0].raw;
const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
const HEADERS = ['auto-submitted', 'content-language', 'content-type', 'date', 'from', 'list-unsubscribe', 'list-unsubscribe-post', 'message-id', 'mime-version', 'subject', 'to'];
const names = (m) => m.headerLines.map((l) => l.key).sort();
is(names(mail), HEADERS, 'its headers, each once');
ok(/^Content-Type: multipart\/alternative;/m.test(head) && /Content-Type: text\/plain; charset=utf-8/i.test(raw) && /Content-Type: text\/html; charset=utf-8/i.test(raw), 'it is multipart/alternative of text and HTML in UTF-8', head);
ok(/^[\x20-\x7e\r\n]*$/.test(head) && head.split('\r\n').every((l) => l.length <= 78 || l.startsWith('List-Unsubscribe: ')), 'its headers are ASCII, folded where they can be', head);
ok(raw.split('\r\n').every((l) => l.length <= 998 && !/[\r\n]/.test(l)), 'its lines are at most 998 bytes and end in CRLF');
is([mail.subject, mail.from.value, mail.to.value], ['Payment to Käse & Söhne <b>: €94.05', [{ address: 'shop@example.com', name: 'Dapit Payments' }], [{ address: 'john@example.com', name: 'John Smith' }]], 'subject in UTF-8, from the login by the default name, to the customer');
ok(Math.abs(mail.date / 1000 - clock()) < 120, 'its date is now', mail.date);
is(mails.to('john@example.com')[0].from, 'shop@example.com', 'the envelope is from the login');

// The link leads to this cycle's session.
const linkOf = (m) => m.text.match(/https:\/\/\S+/g).find((l) => !l.includes('/stop/'));
let link = new URL(linkOf(mail));
is([link.origin + link.pathname, link.searchParams.get('reference'), link.searchParams.get('amount')], ['https://merchant-site.com/pay', ref, '94.05'], "the link is the merchant's with reference and amount");
const session = await api('get_session', { token: link.searchParams.get('session') }, { withKey: null });
has(session, { success: true, amount: 94.05, status: 'invoiced', reference_number: ref }, 'and a session that is this cycle');
has(await api('payment_status', { reference: ref }), { success: true, amount: 94.05 }, 'payment_status knows the reference');
has(await api('create_invoice', { token: link.searchParams.get('session') }, { withKey: null }), { reference_number: ref, amount: 94.05 }, 'and the page gets an IBAN to pay to');
const text1 = phone.to('+4712345678')[0];
ok(text1.body.includes('94.05') && text1.body.includes('https://') && segments(text1.body) <= 2, 'the SMS says the amount and the link in two segments', text1.body);
is([text1.from, phone.to('+4712345678').length], ['+4712300000', 1], 'it comes from twilio_phone, once');
is((await message(shown, 'sms'))[0].error, null, 'and is without an error');

// What Twilio tells of it later.
const about = async (to, params, signature, at = '') => {
	const known = new URL(phone.to(to)[0].callback);
	const body = new URLSearchParams(params).toString();
	return request('POST', DAPIT_URL + known.pathname + known.search + at, { body, headers: { 'Content-Type': 'application/x-www-form-urlencoded',
		...(signature === null ? {} : { 'X-Twilio-Signature': signature ?? twilioSignature(TOKEN, known.href, params) }) } });
};
const told = { MessageSid: text1.sid, MessageStatus: 'delivered', To: '+4712345678', From: '+4712300000', ApiVersion: '2010-04-01' };
ok(text1.callback?.startsWith(`${DAPIT_GATEWAY_URL}/api/recurring.php?action=sms_status&message=`), 'the SMS asks for a StatusCallback at the public address', text1.callback);
for (const [name, signature, params] of [['none', null, told], ['a wrong one', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=', told], ['no base64', '%%%', told], ['one of another token', twilioSignature('other', text1.callback, told), told],
	['one of other parameters', twilioSignature(TOKEN, text1.callback, told), { ...told, MessageStatus: 'failed' }], ['one of another address', twilioSignature(TOKEN, text1.callback.replace('https', 'http'), told), told]]) {
	const x = await about('+4712345678', params, signature);
	ok(x.status === 401 || x.status === 403, `StatusCallback with ${name} as signature: refused`, x.text);
}
is((await message(shown, 'sms'))[0].provider_status, null, 'and says nothing');
is([(await about('+4712345678', told)).status, (await message(shown, 'sms'))[0].provider_status], [200, 'delivered'], 'StatusCallback, signed: the schedule shows delivered');
const sign = (m, p) => about(m, p);
await sign('+4712345678', { ...told, MessageStatus: 'undelivered', ErrorCode: '30006' });
has((await message(shown, 'sms'))[0], { status: 'sent', provider_status: 'undelivered' }, 'StatusCallback: undelivered');
ok((await message(shown, 'sms'))[0].error?.includes('30006'), 'with Twilio\'s code', await message(shown, 'sms'));

// ---- The day after, the others.

await cancel(shown, early.schedule_id);
goTo(first, '09:05');
const sent = async (...list) => { for (const x of list) if (!await becomes(x.schedule_id, 'sent')) return false; return true; };
ok(await sent(T.german, T.greek, T.ukrainian, T.french, T.long, T.query, T.hosted, T.ends, T.pauses, T.pays, T.leaves, T.nags, T.nagsPaid, T.nagsGone), 'everybody has a mail');
for (const [name, lang, subject, parts] of [
	['german', 'de', 'Zahlung an Käse & Söhne <b>: 9,00 €', ['Jörg Müller-Lüdenscheidt 🚲', 'Ökostrom für März', 'Zu zahlen: 9,00 €', 'Zahlbar bis', 'Rabatt (10 %)']],
	['greek', 'el', null, ['Γεια σας Γιώργος,', '10,00 €']], ['ukrainian', 'uk', null, ['Оксана']], ['french', 'fr', null, ['Bonjour John Smith,', '10,00 €']],
]) {
	const m = mails.to(T[name].to)[0].mail, plain = (t) => t.replace(/[\u00a0\u202f]/g, ' ');
	ok(parts.every((p) => plain(m.text).includes(p)) && m.headers.get('content-language') === lang && m.html.includes(`<html lang="${lang}"`), `a mail in ${name}`, m.text);
	if (subject)
		is(plain(m.subject), subject, `its subject in ${name}`);
	is(m.to.value[0].name, (await get(T[name].schedule_id)).customer_name, 'and the name of its recipient');
	await becomes(T[name].schedule_id, 'sent', 'sms');
	const body = phone.to((await get(T[name].schedule_id)).customer_phone)[0]?.body ?? '';
	ok(segments(body) <= 2 && /https:\/\/\S+/.test(body), `an SMS in ${name} in at most two segments`, `${segments(body)}: ${body}`);
}
await becomes(T.long.schedule_id, 'sent', 'sms');
const short = phone.to('+4790000005')[0].body;
ok(segments(short) <= 2 && short.includes(`${DAPIT_GATEWAY_URL}/checkout/pay.html?session=`), 'an address too long for an SMS: the hosted checkout in two segments', short);
ok(linkOf(mails.to(T.long.to)[0].mail).startsWith('https://merchant-site.com/pay?a=xxx'), 'the mail has it whole');
link = new URL(linkOf(mails.to(T.query.to)[0].mail));
is([link.searchParams.get('plan'), link.searchParams.get('x'), link.hash, link.searchParams.get('reference'), link.searchParams.get('amount'), [...link.searchParams].length],
	['a b', '1', '#top', (await get(T.query.schedule_id)).cycles[0].reference_number, '10.00', 5], 'an address with a query and a fragment keeps both');
link = new URL(linkOf(mails.to(T.hosted.to)[0].mail));
is([link.origin, link.pathname], [DAPIT_GATEWAY_URL, '/checkout/pay.html'], 'without payment_url: the hosted checkout');
has(await api('get_session', { token: link.searchParams.get('session') }, { withKey: null }), { amount: 10, reference_number: (await get(T.hosted.schedule_id)).cycles[0].reference_number }, 'with the session of the cycle');
is((await request('GET', DAPIT_URL + link.pathname + link.search)).status, 200, 'whose page is there');

// Nothing of what people write gets out of its place.
for (const [to, e] of Object.entries(evils)) {
	await becomes(e.id, 'sent');
	const got = mails.to(to);
	if (!ok(got.length === 1, `${e.field} ${JSON.stringify(e.text)}: one mail`, await message(e.id)))
		continue;
	const m = got[0].mail;
	is([names(m), got[0].to, m.to.value.map((v) => v.address), m.from.value.length, m.subject], [HEADERS, [to], [to], 1, 'Payment to Käse & Söhne <b>: €10.00'], 'and no header or recipient but its own');
	ok(!/<script|<a href="https:\/\/evil/i.test(m.html) && m.html.match(/<a /g).length === 3 && !/\n(Bcc|Subject|MAIL FROM)/i.test(m.text), 'and no markup or line', m.html);
	if (e.text === evil.form)
		ok(m.text.includes(evil.form), 'and what looks like a place to fill stays as it is', m.text);
}
is(mails.got.filter((g) => g.to.some((t) => t.startsWith('evil@')) || g.from.startsWith('evil@')).length, 0, 'nobody wrote to or as evil@example.com');
ok(await becomes(guests.schedule_id, 'sent', 'email', guest) && mails.to(guests.to)[0].mail.from.value[0].address === 'platform@example.com', "without a login of one's own the platform's sends", await message(guests.schedule_id, 'email', guest));
is(mails.to(guests.to)[0]?.mail.from.text, '"Dapit Payments" <platform@example.com>', 'as Dapit Payments');
ok(await becomes(guests.schedule_id, 'sent', 'sms', guest), 'and the SMS by the own one');
await becomes(brands.schedule_id, 'sent', 'email', branded);
await becomes(brands.schedule_id, 'sent', 'sms', branded);
is([mails.to(brands.to)[0]?.mail.from.value, mails.to(brands.to)[0]?.from, phone.to('+4790000007')[0]?.from], [[{ address: 'billing@branded.example', name: 'Brand ünd "Co"' }], 'billing@branded.example', '+4799999999'],
	'email_from, email_from_name and sms_phone of a merchant win');
is((await get(newYork.schedule_id, rival)).cycles_billed, 0, 'nine in New York is not yet');

// ---- Servers on a bad day.

let m = await becomes(T.unknown.schedule_id, 'failed');
ok(m && m.attempts === 1 && /550|No such user/.test(m.error), '550 at RCPT: failed at once, with what the server said', await message(T.unknown.schedule_id));
m = await becomes(T.hangup.schedule_id, 'unknown');
ok(m, 'the mail server hangs up after the whole message: unknown', await message(T.hangup.schedule_id));
m = await becomes(T.busy.schedule_id, 'pending');
ok(m && m.attempts === 1 && /451|later/.test(m.error), '451: pending, with what the server said', await message(T.busy.schedule_id));
for (const [name, to, code] of [['invalid', '+4790021211', '21211'], ['stopped', '+4790021610', '21610']]) {
	m = await becomes(T[name].schedule_id, 'failed', 'sms');
	ok(m && m.attempts === 1 && m.error, `Twilio says ${code}: failed at once`, await message(T[name].schedule_id, 'sms'));
}
m = await becomes(T.many.schedule_id, 'pending', 'sms');
ok(m && m.attempts === 1, 'Twilio says 429: pending', await message(T.many.schedule_id, 'sms'));
is(phone.to('+4790000099').length, 1, 'Twilio takes an SMS and hangs up: it is not sent again');
dapit('clock', '+31');
ok(await becomes(T.lost.schedule_id, 'sent', 'sms'), 'which is looked up, and sent', await message(T.lost.schedule_id, 'sms'));
ok(await becomes(T.busy.schedule_id, 'sent') && mails.to('busy@example.com').length === 1, 'after a pause the mail of 451 goes out', await message(T.busy.schedule_id));
ok(await becomes(T.many.schedule_id, 'sent', 'sms') && phone.to('+4790020429').length === 1, 'and the SMS of 429');
dapit('clock', '+61');
ok(await becomes(T.broken.schedule_id, 'sent', 'sms') && phone.to('+4790000500').length === 1, 'and that of a 500, after a look for it', await message(T.broken.schedule_id, 'sms'));
dapit('clock', '+3h');
await sleep(1500);
is([mails.seen.at.get('unknown@example.com'), mails.seen.at.get('hangup@example.com'), phone.at.get('+4790021211'), phone.at.get('+4790021610'), phone.at.get('+4790000099'), mails.to('hangup@example.com').length], [1, 1, 1, 1, 1, 1],
	'hours later what failed, or may have been taken, was not tried again');
is(sql(`SELECT m.recipient, a.attempt, a.code FROM recurring_attempts a JOIN recurring_messages m ON m.id = a.message_id WHERE m.recipient IN ('busy@example.com', 'unknown@example.com', '+4790021211') ORDER BY 1, 2`),
	[['+4790021211', '1', '21211'], ['busy@example.com', '1', '451'], ['busy@example.com', '2', '250'], ['unknown@example.com', '1', '550']], 'each attempt is noted with its code');
goTo(first, '14:10');
ok(await until(() => mails.to(newYork.to).length), 'nine in New York');
is(names(mails.to(newYork.to)[0].mail), HEADERS, 'a merchant whose names hold line ends adds no header');
is(mails.to(newYork.to)[0].mail.from.value.map((v) => v.address), ['shop@example.com'], `and its From is one address (smtp_from_name with a line end is ${clean ? 'taken' : 'refused'})`);

// A wrong login stops its sender, and says so.
const wrong = other('Wrong login');
await recur('set_config', { ...smtp, ...sms, smtp_pass: WRONG, twilio_token: WRONG }, wrong);
const at = dayOf(clock());
const parked = [await make({ start_date: at, delivery_method: 'both', customer_phone: '+4790000008' }, wrong)];
m = await until(async () => { const x = (await message(parked[0].schedule_id, 'email', wrong))[0]; return x?.error && x; });
ok(m && m.status === 'pending' && /login/.test(m.error), '535: pending, the login is refused', m);
m = await until(async () => { const x = (await message(parked[0].schedule_id, 'sms', wrong))[0]; return x?.error && x; });
ok(m && m.status === 'pending', 'Twilio 401 / 20003: pending', m);
const tries = mails.seen.wrong;
parked.push(await make({ start_date: at }, wrong));
await until(async () => (await get(parked[1].schedule_id, wrong)).cycles_billed === 1);
await until(async () => (await message(parked[1].schedule_id, 'email', wrong)).length);
await sleep(1200);
is([mails.seen.wrong, (await message(parked[1].schedule_id, 'email', wrong))[0].status], [tries, 'pending'], 'the next message is not tried with that login');
r = await recur('test_message', { channel: 'email', recipient: 'try@example.com' }, wrong);
has(r.json, { result: 'parked', code: 535 }, 'test_message: the login is refused');
await recur('set_config', { ...smtp, ...sms }, wrong);
ok(await becomes(parked[0].schedule_id, 'sent', 'email', wrong) && await becomes(parked[1].schedule_id, 'sent', 'email', wrong) && await becomes(parked[0].schedule_id, 'sent', 'sms', wrong), 'after set_config with the right one all go out');
r = await recur('test_message', { channel: 'email', recipient: 'try@example.com', language: 'de' }, wrong);
has(r.json, { success: true, result: 'sent', code: 250 }, 'test_message: sent');
is(mails.to('try@example.com').length, 1, 'to who was named');
has((await recur('test_message', { channel: 'sms', recipient: '+4790000009' }, wrong)).json, { result: 'sent' }, 'test_message: an SMS');
for (const [name, body] of [['a pigeon', { channel: 'pigeon', recipient: 'x@example.com' }], ['two addresses', { channel: 'email', recipient: 'x@example.com,y@example.com' }], ['an address by SMS', { channel: 'sms', recipient: 'x@example.com' }]])
	is((await recur('test_message', body, wrong)).status, 400, `test_message: ${name}: 400`);

// A server's daily limit.
const limited = other('Limited');
await recur('set_config', smtp, limited);
const over = [await make({ start_date: at, customer_email: 'limit1@example.com' }, limited)];
m = await until(async () => { const x = (await message(over[0].schedule_id, 'email', limited))[0]; return x?.error && x; });
ok(m && m.status === 'pending' && /limit/.test(m.error), '550 5.4.5: pending, the daily limit', m);
over.push(await make({ start_date: at, customer_email: 'limit2@example.com' }, limited));
over.push(await make({ start_date: at, customer_email: 'limit3@example.com' }, wrong));
m = await until(async () => { const x = (await message(over[2].schedule_id, 'email', wrong))[0]; return x?.error && x; });
ok(m && m.status === 'pending' && /limit/.test(m.error), '550 5.4.5 after the whole message: the same', m);
await until(async () => (await message(over[1].schedule_id, 'email', limited)).length);
dapit('clock', '+23h');
await sleep(1500);
is([mails.seen.at.get('limit1@example.com'), mails.seen.at.get('limit2@example.com') ?? 0, mails.seen.at.get('limit3@example.com')], [1, 0, 1], '23 hours later nothing is tried with that login');
dapit('clock', '+61m');
ok(await until(() => [1, 2, 3].every((n) => mails.to(`limit${n}@example.com`).length === 1)), 'a day later all go out');

// Lines that nobody may listen to.
const alien = await mailServer((() => {
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${VAR}/alien.key`, '-out', `${VAR}/alien.pem`, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
	return { key: readFileSync(`${VAR}/alien.key`), cert: readFileSync(`${VAR}/alien.pem`) };
})(), { pass: PASS });
const naked = await mailServer(tls, { pass: PASS, starttls: false });
for (const [name, server] of [['a certificate that nobody vouches for', alien], ['a server without STARTTLS', naked]]) {
	await recur('set_config', { ...smtp, smtp_port: String(server.port) }, limited);
	r = await recur('test_message', { channel: 'email', recipient: 'try@example.com' }, limited);
	ok(r.json.result !== 'sent' && r.json.error && server.got.length === 0 && server.seen.logins.length === 0, `${name}: no mail and no login goes there`, r.text);
}
if (process.getuid() === 0) {
	const secure = await mailServer(tls, { secure: true, port: 465, pass: PASS });
	await recur('set_config', { smtp_port: '' }, limited);
	r = await recur('test_message', { channel: 'email', recipient: 'tls@example.com' }, limited);
	ok(r.json.result === 'sent' && secure.to('tls@example.com').length === 1, 'without smtp_port: TLS from the first byte at 465', r.text);
	secure.close();
}

// ---- Money comes: the schedule knows.

const cycle = async (x, date) => (await get(x.schedule_id)).cycles.find((c) => !date || c.billing_date === date);
const due = await until(() => events(T.pays.schedule_id, 'schedule.cycle_due')[0]);
has(due?.json, { schedule_id: T.pays.schedule_id, billing_date: first, cycle_status: 'open', amount: 10, currency: 'EUR', cycles_billed: 1, cycles_paid: 0, customer_email: T.pays.to, schedule_status: 'active', next_billing_date: plus(first, 7) },
	'the webhook schedule.cycle_due');
ok(due && signed(due), 'which is signed');
let c = await cycle(T.pays);
is(due?.json.reference_number, c.reference_number, 'and has the reference of the payment');
await pay(c.reference_number, 10);
s = await until(async () => { const x = await get(T.pays.schedule_id); return x.cycles_paid === 1 && x; });
ok(s && s.last_paid_at && s.cycles[0].status === 'paid' && s.cycles[0].paid_at, 'a cycle is paid: cycles_paid, last_paid_at and the cycle show it', s);
const paidEvent = await until(() => events(T.pays.schedule_id, 'schedule.cycle_paid')[0]);
has(paidEvent?.json, { cycle_status: 'paid', reference_number: c.reference_number, cycles_paid: 1, cycles_missed: 0, amount: 10 }, 'the webhook schedule.cycle_paid');
has(await api('payment_status', { reference: c.reference_number }), { status: 'confirmed' }, 'payment_status says confirmed');
c = await cycle(T.query);
await pay(c.reference_number, 4);
await sleep(700);
is((await get(T.query.schedule_id)).cycles_paid, 0, 'a part of the amount is no payment of the cycle');
await pay(c.reference_number, 6);
ok(await until(async () => (await get(T.query.schedule_id)).cycles_paid === 1), 'the rest of it is');

// ---- The customer stops it.

const stopUrl = mails.to(T.leaves.to)[0].mail.headers.get('list')?.unsubscribe?.url ?? '';
ok(stopUrl.startsWith(`${DAPIT_GATEWAY_URL}/api/recurring.php?action=unsubscribe&token=`), 'List-Unsubscribe has an https address', mails.to(T.leaves.to)[0].mail.headerLines);
ok(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m.test(mails.to(T.leaves.to)[0].raw), 'List-Unsubscribe-Post: One-Click');
const oneClick = (address) => request('POST', address.replace(DAPIT_GATEWAY_URL, DAPIT_URL), { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
const token = new URL(stopUrl).searchParams.get('token');
ok(mails.to(T.leaves.to)[0].mail.text.includes(`${DAPIT_GATEWAY_URL}/stop/?token=${token}`), 'the text has the same token for the page');
is((await request('GET', `${DAPIT_URL}/stop/?token=${token}`)).status, 200, 'and that page is there');
is((await request('GET', stopUrl.replace(DAPIT_GATEWAY_URL, DAPIT_URL))).status, 405, 'opening the link of List-Unsubscribe changes nothing: 405');
const flipped = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
for (const [name, t] of [['another last digit', flipped], ["another schedule's number", `${T.pays.schedule_id}-${token.split('-')[1]}`], ['no hash', token.split('-')[0]], ['half a hash', token.slice(0, -16)], ['more of it', token + '00'], ['nonsense', 'x'], ['another sign', token.replace('-', ':')]]) {
	const x = await recur('unsubscribe', { token: t }, { withKey: null });
	ok((x.status === 404 || x.status === 400) && !x.json.success, `unsubscribe with ${name}: refused`, x.text);
}
is((await recur('unsubscribe', {}, { withKey: null })).status, 400, 'unsubscribe without a token: 400');
has((await recur('get_subscription', { token }, { withKey: null })).json, { success: true, merchant_name: 'Käse & Söhne <b>', order_description: 'Magazine', status: 'active' }, 'get_subscription tells the customer what it is');
ok(!(await recur('get_subscription', { token }, { withKey: null })).text.includes(T.leaves.to), 'but nothing else of it');
r = await oneClick(stopUrl);
is([r.status, (await get(T.leaves.schedule_id)).status], [200, 'paused'], 'unsubscribe by one click: the schedule is paused');
is([(await oneClick(stopUrl)).status, (await get(T.leaves.schedule_id)).status], [200, 'paused'], 'and a second one changes nothing');
is((await get(T.pays.schedule_id)).status, 'active', 'others go on');
await update(T.pauses.schedule_id, { status: 'paused' });

// A last cycle whose customer stops it gets no reminder any more.
await recur('unsubscribe', { token: new URL(mails.to(T.nagsGone.to)[0].mail.headers.get('list').unsubscribe.url).searchParams.get('token') }, { withKey: null });
is((await get(T.nagsGone.schedule_id)).status, 'completed', 'a schedule whose last cycle was billed is completed');

// ---- Three days and seven days later.

const calm = Object.entries(T).filter(([n]) => !['ends', 'pauses', 'pays', 'leaves', 'nags', 'nagsPaid', 'nagsGone', 'hosted'].includes(n)).map(([, x]) => x.schedule_id);
await cancel(...calm, ...Object.values(evils).map((e) => e.id));
goTo(plus(first, 3), '08:30');
await sleep(1000);
is(mails.to(T.nags.to).length, 1, 'three days later, before nine: no reminder');
goTo(plus(first, 3), '09:05');
ok(await until(() => mails.to(T.nags.to).length === 2 && mails.to(T.nagsPaid.to).length === 2), 'remind_after_days: three days later a reminder', await get(T.nags.schedule_id));
await until(async () => (await message(T.nags.schedule_id))[0].status === 'sent');
const again = mails.to(T.nags.to)[1]?.mail;
ok(again && /^Reminder: /.test(again.subject) && again.text.includes((await cycle(T.nags)).reference_number) && linkOf(again) === linkOf(mails.to(T.nags.to)[0].mail), 'it says so, and leads to the same payment', again?.text);
ok(again?.messageId !== mails.to(T.nags.to)[0].mail.messageId, 'as a message of its own');
await pay((await cycle(T.nagsPaid)).reference_number, 10);
await until(async () => (await get(T.nagsPaid.schedule_id)).cycles_paid === 1);
goTo(plus(first, 7), '09:05');
ok(await until(() => mails.to(T.nags.to).length === 3), 'and seven days later another');
await sleep(1000);
is(mails.to(T.nagsPaid.to).length, 2, 'but not after the payment');
is(mails.to(T.nagsGone.to).length, 1, 'and none after the customer stopped it, though the schedule was completed');
ok(await until(() => mails.to(T.ends.to).length === 2), 'a week later the second of two cycles');
s = await until(async () => { const x = await get(T.ends.schedule_id); return x.status === 'completed' && x; });
has(s, { status: 'completed', cycles_billed: 2, total_cycles: 2, next_billing_date: null }, 'total_cycles is reached: completed');
is(new Set(s.cycles.map((x) => x.reference_number)).size, 2, 'each cycle has a reference of its own');
for (const more of [{ status: 'active' }, { status: 'cancelled' }, { amount: 5 }, { next_billing_date: '2031-02-01' }])
	is((await update(T.ends.schedule_id, more)).status, 409, `a completed schedule is final: ${JSON.stringify(more)}: 409`);
is((await list({ status: 'completed' })).total, 0, "another merchant's list does not have it");
ok((await recur('list_schedules', { status: 'completed' })).json.schedules.some((x) => x.schedule_id === T.ends.schedule_id), 'list_schedules: completed');
has((await until(() => events(T.ends.schedule_id, 'schedule.completed')[0]))?.json, { schedule_status: 'completed', cycles_billed: 2, next_billing_date: null }, 'the webhook schedule.completed');
is([mails.to(T.pauses.to).length, mails.to(T.leaves.to).length], [1, 1], 'who is paused, or left, gets nothing');
await until(async () => (await get(T.pays.schedule_id)).cycles_billed === 2);
const missed = await cycle(T.pays, plus(first, 7));
has(missed, { status: 'open', amount: 10 }, 'the second cycle of who paid the first is open');
ok(missed?.reference_number !== c.reference_number, 'with another reference');

// ---- Three weeks are paused; two of them the worker was away for.

goTo(plus(first, 22), '09:05');
ok(await until(async () => (await get(T.pays.schedule_id)).cycles.length === 3), 'the clock jumps over a cycle');
s = await get(T.pays.schedule_id);
is(s.cycles.map((x) => [x.billing_date, x.status]), [[plus(first, 21), 'open'], [plus(first, 7), 'missed'], [first, 'paid']], 'only the latest is billed; the one before is missed');
has(s, { cycles_billed: 3, cycles_paid: 1, cycles_missed: 1 }, 'cycles_missed counts it');
has((await until(() => events(T.pays.schedule_id, 'schedule.cycle_missed')[0]))?.json, { cycle_status: 'missed', reference_number: missed.reference_number, cycles_missed: 1 }, 'the webhook schedule.cycle_missed');
await pay(missed.reference_number, 10);
s = await until(async () => { const x = await get(T.pays.schedule_id); return x.cycles_paid === 2 && x; });
has(s, { cycles_paid: 2, cycles_missed: 0 }, 'a missed cycle that is paid late moves to paid');
is(s && s.cycles[1].status, 'paid', 'and is shown so');
r = await update(T.pauses.schedule_id, { status: 'active' });
has(r.json, { status: 'active', next_billing_date: plus(first, 28) }, 'resumed after three cycles: on its own calendar');
await sleep(1200);
is([mails.to(T.pauses.to).length, (await get(T.pauses.schedule_id)).cycles_billed], [1, 1], 'what was due meanwhile is left out');
goTo(plus(first, 28), '09:05');
ok(await until(() => mails.to(T.pauses.to).length === 2), 'the next one is sent');
await cancel(T.pauses.schedule_id, T.pays.schedule_id, T.nags.schedule_id, T.nagsPaid.schedule_id);

// ---- A month off: one message for the latest cycle.

let day = dayOf(clock());
const weekly = await make({ frequency: 'weekly', start_date: day, delivery_method: 'both', customer_phone: '+4790000010' });
ok(await until(() => mails.to(weekly.to).length === 1), 'start_date may be today');
dapit('clock', '+31d');
ok(await until(() => mails.to(weekly.to).length === 2 && phone.to('+4790000010').length === 2), 'a month off: a message');
await sleep(1500);
is([mails.to(weekly.to).length, phone.to('+4790000010').length], [2, 2], 'one, not four');
s = await get(weekly.schedule_id);
is([s.cycles.map((x) => x.billing_date), s.cycles_billed, s.next_billing_date], [[plus(day, 28), day], 2, plus(day, 35)], 'for the latest cycle');
await update(weekly.schedule_id, { next_billing_date: plus(day, 31) });
ok(await until(async () => (await get(weekly.schedule_id)).cycles_billed === 3), 'next_billing_date today is billed at once');
has(await get(weekly.schedule_id), { next_billing_date: plus(day, 38) }, 'and the week goes on from there');
r = await update(weekly.schedule_id, { next_billing_date: plus(day, 31) });
await sleep(1500);
s = await get(weekly.schedule_id);
is([s.cycles_billed, s.cycles.length, s.next_billing_date], [3, 3, plus(day, 38)], 'a day that was billed is not billed again');
await cancel(weekly.schedule_id);

// ---- Month ends, as they come.

day = dayOf(clock());
let end = plus(day, 1);
while (!/-(01|03|05|07|08|10|12)-31$/.test(end))
	end = plus(end, 1);
const monthEnd = await make({ start_date: end });
const ends = await days(monthEnd.schedule_id, 3);
ok(ends.every((d) => plus(d, 1).endsWith('-01')), `month ends: ${ends.join(', ')}`);
goTo(end, '09:05');
await until(() => mails.to(monthEnd.to).length === 1);
has(await get(monthEnd.schedule_id), { next_billing_date: ends[1] }, `after ${ends[0]} comes ${ends[1]}`);
goTo(ends[1], '09:05');
await until(() => mails.to(monthEnd.to).length === 2);
has(await get(monthEnd.schedule_id), { next_billing_date: ends[2], cycles_missed: 1 }, `and then ${ends[2]}`);
await cancel(monthEnd.schedule_id);

// ---- Secrets.

const dump = sql('SHOW TABLES').map(([t]) => t + '\n' + sql(`SELECT * FROM ${t}`).join('\n')).join('\n');
ok(dump.includes('recurring_config') && sql('SELECT COUNT(*) FROM recurring_config')[0][0] > 10, 'the database holds the credentials');
is(SECRETS.filter((x) => dump.includes(x) || dump.includes(Buffer.from(x).toString('hex').toUpperCase()) || dump.includes(Buffer.from(x).toString('base64').slice(0, 20))), [], 'and none in the clear');
const logs = readdirSync(`${VAR}/log`).map((f) => readFileSync(`${VAR}/log/${f}`, 'latin1')).join('\n');
is([...SECRETS, token].filter((x) => logs.includes(x)), [], 'no log has a secret');
is(SECRETS.filter((x) => answers.some((a) => a.includes(x))), [], 'and no answer');
is(logs.split('\n').filter((l) => /AddressSanitizer|runtime error|signal 11|"internal"/.test(l)), [], 'no program is in trouble');

balanced();
for (const server of [mails, phone, alien, naked, hooks])
	server.close();
done();
