// habits.mjs - what clients of the PHP service send and expect, through the web
// server: sections 1, 2, 6 and 8 of the contract. Values alone are in test_action.c.
import { createServer } from 'node:net';
import { is, has, ok, done, api, call, request, bank, credit, invoice, settled, until, dapit, balanced, key, url } from './lib.mjs';
import { recur, recurringUrl } from './messages.mjs';
import { bankDay } from './time.mjs';

const PAYER = { debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith' };
const send = (body, type, query = 'action=create_session', to = url) => request('POST', `${to}?${query}`, { headers: { 'X-Gateway-Key': key, ...(type ? { 'Content-Type': type } : {}) }, body });
const session = async (r) => (await request('GET', `${url}?action=get_session&token=${r.json.session_token}`)).json;

// Bodies.
const parts = (fields, boundary = '----php8f3a') => Object.entries(fields).map(([k, v]) => `--${boundary}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`).join('') + `--${boundary}--\r\n`;
let r = await send(parts({ amount: '49.99', 'items[0][name]': 'Tee \u00fc', 'items[0][price]': '4.132231', order_id: ' 17 ' }), 'multipart/form-data; boundary=----php8f3a');
has(r.json, { success: true, amount: 49.99, merchant_order_id: '17' }, 'multipart, as PHP\'s curl sends an array');
is((await session(r)).items, [{ name: 'Tee \u00fc', price: '4.132231' }], 'its items are there');
r = await send('amount=5&items%5B0%5D%5Bname%5D=Tea&items%5B0%5D%5Bqty%5D=2', 'application/x-www-form-urlencoded');
is((await session(r)).items, [{ name: 'Tea', qty: '2' }], 'http_build_query\'s items are there');
r = await send('{"amount":5,"items":{"0":{"name":"a"},"2":{"name":"b","price":""}},"callback_url":false,"order_id":false}');
has(r.json, { success: true, merchant_order_id: null }, 'an array with gaps, false for nothing, no header');
is((await session(r)).items, [{ name: 'a' }, { name: 'b', price: '' }], 'its items are there');
r = await send('<amount>5</amount>', 'text/xml');
ok(r.status === 400 && /unsupported content type text\/xml/.test(r.json.error), 'what is not understood says so', r.text);
r = await send(parts({ amount: 5 }).replace('name="amount"', 'name="amount"; filename="a.txt"'), 'multipart/form-data; boundary=----php8f3a');
ok(r.status === 400 && /amount is a file/.test(r.json.error), 'and a file', r.text);
is((await send("{'amount':5}", 'application/json')).status, 400, 'single quotes are not JSON');

// Paths, and where the token stands.
for (const path of ['/', '/?x=1&'])
	has((await request('POST', `${url}${path.includes('?') ? path : path + '?'}action=create_session`, { headers: { 'X-Gateway-Key': key, 'Content-Type': 'application/json' }, body: '{"amount":5}' })).json, { success: true }, `gateway.php${path}`);
has((await request('POST', `${recurringUrl}/?action=list_schedules`, { headers: { 'X-Gateway-Key': key, 'Content-Type': 'application/json' }, body: '[]' })).json, { success: true, total: 0 }, 'recurring.php/, and PHP\'s empty object');
const open = await invoice(20);
has((await request('POST', `${url}?action=confirm_paid&token=${open.token}`, { headers: { 'Content-Type': 'application/json' }, body: '[]' })).json, { success: true, status: 'polling' }, 'the token in the query, [] as the body');

// Values.
has((await call('create_session', { amount: ' 49.99 ', expires_minutes: 44640.0, currency: 'eur', callback_url: 'HTTPS://Shop.example/hook ', customer_email: 'x' })).json, { success: true, amount: 49.99 }, 'blanks, 31 days, eur, HTTPS://, an address nobody writes to');
is((await call('create_session', { amount: 5, expires_minutes: 525600 })).status, 200, 'a session of a year');
is((await call('create_session', { amount: 5, expires_minutes: 525601 })).status, 400, 'and no longer');
has(await api('list_transactions', { limit: 500 }), { limit: 200 }, 'a limit of 500 is 200, and the answer says so');
has(await api('list_refunds', { limit: '10.0', status: 'Pending' }), { success: true, limit: 10 }, 'limit 10.0, status Pending');
has(await api('list_refunds', { reference: 'DP-000000-ZZZZZZ' }), { success: true, refunds: [], total: 0 }, 'the refunds of a reference that is not there: none');
has(await api('list_events', { undelivered: true, limit: 1000 }), { success: true }, 'undelivered=true');

// pending finds sessions before their invoice.
const bare = (await call('create_session', { amount: 7, order_id: 'bare' })).json, later = await invoice(8, { order_id: 'later' });
const pending = await api('list_transactions', { status: 'PENDING', limit: 3 });
is(pending.transactions.map((t) => t.merchant_order_id).slice(0, 2).sort(), ['bare', 'later'], 'status=pending: with and without an invoice, the newest first');
has(pending.transactions.find((t) => t.merchant_order_id === 'bare'), { reference_number: null, invoice_number: null, invoiced_at: null, status: 'pending' }, 'the one without has no reference');
const all = (await api('list_transactions', { status: 'pending', limit: 200 }));
is([all.transactions.length, all.next_cursor], [all.total, null], 'total counts both');
const seen = [];
for (let cursor; cursor !== null;) {
	const page = await api('list_transactions', { status: 'pending', limit: 2, ...(cursor ? { cursor } : {}) });
	seen.push(...page.transactions.map((t) => t.created_at + t.merchant_order_id + t.reference_number));
	cursor = page.next_cursor;
}
is(seen, all.transactions.map((t) => t.created_at + t.merchant_order_id + t.reference_number), 'pages by cursor hold each once, in the same order');
is((await api('list_transactions', { status: 'invoiced', limit: 200 })).transactions.some((t) => t.reference_number === null), false, 'status=invoiced: with an invoice only');

// Rounding, where the merchant is set so.
is((await call('create_session', { amount: 49.995 })).status, 400, 'half a cent is refused');
dapit('merchant', 'set', '1', 'rounding=half_up');
has((await call('create_session', { amount: 49.995 })).json, { amount: 50 }, 'rounding=half_up: rounded');
has((await call('create_session', { amount: '33.3333' })).json, { amount: 33.33 }, 'rounded down');
dapit('merchant', 'set', '1', 'rounding=none');
is((await call('create_session', { amount: 49.995 })).status, 400, 'rounding=none: refused again');

// Schedules: what is not used is not checked, what is given comes back.
const plan = (more) => recur('create_schedule', { customer_name: 'J', customer_email: 'j@example.com', frequency: 'Monthly', amount: 10, ...more });
has((await plan({ discount_percent: 5, language: 'de-DE', total_cycles: '12.0', customer_email: 'j@example.com ' })).json, { discount_percent: 5, language: 'de', total_cycles: 12, customer_email: 'j@example.com', frequency: 'monthly' }, 'de-DE, 12.0, a blank behind the address');
ok(/"discount_percent":5,/.test((await plan({ discount_percent: '5.00' })).text), 'discount_percent is 5, not 5.00');
ok(/"discount_percent":7.5,/.test((await plan({ discount_percent: 7.5 })).text), 'and 7.5');
has((await plan({ customer_phone: '12 34 56' })).json, { success: true, customer_phone: '123456' }, 'a local number that is not used');
has((await plan({ delivery_method: 'sms', customer_phone: '12 34 56' })).json, { code: 'bad_param', field: 'customer_phone' }, 'one that is used is checked');
has((await plan({ delivery_method: 'SMS', customer_phone: '+47 (123) 45 678', customer_email: 'x' })).json, { success: true, customer_phone: '+4712345678', delivery_method: 'sms' }, 'an address that is not used');
has((await plan({ customer_email: 'j@b\u00fccher.example' })).json, { success: true, customer_email: 'j@b\u00fccher.example' }, 'a mail domain beyond ASCII');
has((await plan({ customer_email: 'x' })).json, { field: 'customer_email' }, 'one that is used is checked');
has((await plan({ order_items: { 0: { name: 'a' }, 5: { name: 'b' } } })).json, { order_items: [{ name: 'a' }, { name: 'b' }] }, 'order_items with gaps');
has((await recur('set_config', { twilio_phone: '+47 123 45 678' })).json, { success: true }, 'twilio_phone with blanks');

// A webhook receiver that breaks off after its 200.
const raw = (answer) => new Promise((resolve) => {
	const hits = [], server = createServer((socket) => {
		let text = '';
		socket.on('error', () => {});
		socket.on('data', (d) => {
			text += d;
			const at = text.indexOf('\r\n\r\n'), length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
			if (at < 0 || text.length < at + 4 + length)
				return;
			hits.push(text);
			answer(socket);
		});
	}).listen(0, '127.0.0.1', () => resolve({ hits, url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }));
});
const receivers = {
	'a body shorter than announced': (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok'),
	'a chunk that does not end': (s) => s.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok'),
	'a body that never comes': (s) => s.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'),
	'a connection that is reset': (s) => s.write('HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nx', () => s.resetAndDestroy()),
};
const told = [];
for (const [shows, answer] of Object.entries(receivers)) {
	const s = await raw(answer), i = await invoice(5, { callback_url: s.url });
	await credit(5, i.reference);
	told.push([shows, s, i]);
}
for (const [shows, s, i] of told) {
	const event = async () => (await api('list_events', { session: i.reference, type: 'payment.confirmed' })).events[0];
	ok(await until(async () => (await event())?.status === 'delivered'), `a 2xx with ${shows} is a delivery`, await event());
	is([s.hits.length, (await event()).attempts], [1, 1], `${shows}: once`);
	s.close();
}
const bad = await raw((s) => s.end('HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nno')), failing = await invoice(5, { callback_url: bad.url });
await credit(5, failing.reference);
ok(await until(() => bad.hits.length > 1), 'a 500 is none, whatever its body');
bad.close();

// CSV: for a spreadsheet of any country.
await call('create_session', { amount: 5, order_id: 'plain' });
for (const id of ['=1+1', 'x;=1+1;y', 'a\t@SUM(1)', ' =1', '"; -2', 'a|+1', 'ok, fine'])
	await invoice(5, { order_id: id });
const csv = await request('GET', `${url}?action=list_transactions&format=CSV`, { headers: { 'X-Gateway-Key': key } });
ok(csv.text.startsWith('\ufeffreference_number,'), 'a byte order mark', csv.text.slice(0, 40));
ok(/^attachment; filename="transactions-\d{4}-\d\d-\d\d\.csv"$/.test(csv.headers['content-disposition']), 'a file with a name', csv.headers['content-disposition']);
for (const separator of [',', ';', '\t', '|']) {
	// As a naive reader of that separator sees it: quotes count at the start only.
	const cells = csv.text.split(/\r\n/).flatMap((line) => line.split(separator)).map((c) => c.replace(/^[ "]+/, ''));
	is(cells.filter((c) => /^[=+@]/.test(c) || /^-\D/.test(c)), [], `no cell that runs, whatever the list separator: ${JSON.stringify(separator)}`);
}
ok(csv.text.includes('"ok, fine"'), 'what is harmless stays as it is');
const report = await request('GET', `${url}?action=settlement_report&date_from=${bankDay()}&date_to=${bankDay()}&format=csv`, { headers: { 'X-Gateway-Key': key } });
is(report.headers['content-disposition'], `attachment; filename="settlement-${bankDay()}-${bankDay()}.csv"`, 'the report has one too');

// What goes to the bank is in SEPA's characters; what is shown is as it was given.
await credit(500, (await invoice(500)).reference);
const names = [['\u0141ukasz \u017b\u00f3\u0142\u0107', 'Lukasz Zolc'], ['M\u00fcller & S\u00f6hne', 'Muller + Sohne'], ['\u0395\u03bb\u03ad\u03bd\u03b7', 'Eleni'],
	['\u042e\u043b\u0438\u044f', 'Yuliya'], ['Anna \u{1f600}', 'Anna .'], ['J\u0101nis <b>', 'Janis (b)']];
for (const [name, want] of names) {
	const i = await invoice(10);
	await credit(10, i.reference, PAYER);
	await settled(i.token);
	const refund = await api('create_refund', { reference: i.reference, amount: 5 });
	const sent = (await call('send_refund', { refund_id: refund.refund_id, debtor_iban: 'IBAN: FR14 2004 1010 0505 0001 3M02 606\n', debtor_name: name, accept_name: true })).json;
	ok(['sent', 'sending'].includes(sent.status), `a refund to ${name} goes out`, sent);
	const at = await until(async () => (await bank('/simulate/entries')).entries?.find((e) => e.remittance?.includes(refund.reference_number)));
	has(at, { creditor_name: want, creditor_iban: 'FR1420041010050500013M02606' }, `the bank is told ${want}`);
	has((await api('list_refunds', { reference: i.reference })).refunds[0], { debtor_name: name }, `and ${name} is what is shown`);
}
const last = await invoice(10);
await credit(10, last.reference, PAYER);
await settled(last.token);
const nameless = await api('create_refund', { reference: last.reference, amount: 5 });
has((await call('send_refund', { refund_id: nameless.refund_id, ...PAYER, debtor_iban: 'LT003740000000000086' })).json, { field: 'debtor_iban' }, 'check digits that no bank makes');
balanced();
done();
