// transport.mjs - how a request may come, and what is refused: section 1 of
// the contract. Every refusal is JSON with a stable code.
import net from 'node:net';
import { is, has, ok, done, request, call, api, url, key, dapit, dapitFails, sleep } from './lib.mjs';
import { execFileSync } from 'node:child_process';

has((await request('POST', url + '/create_session', { headers: { 'X-Gateway-Key': key }, body: '{"amount":7.00}' })).json, { success: true, amount: 7 }, 'the action may stand behind the path, as the reference\'s OpenAPI has it');

const K = { 'X-Gateway-Key': key };
const JSONH = { 'Content-Type': 'application/json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const create = url + '?action=create_session';

const good = [
	// shows, method, address, headers, body
	['JSON', 'POST', create, { ...K, ...JSONH }, '{"amount":5}'],
	['JSON with the header forgotten', 'POST', create, K, '{"amount":5}'],
	['JSON sent as a form, as PHP clients do', 'POST', create, { ...K, ...FORM }, '{"amount":5}'],
	['a form', 'POST', create, { ...K, ...FORM }, 'amount=5'],
	['the query', 'POST', create + '&amount=5', K, ''],
	['the body wins over the query', 'POST', create + '&amount=9', { ...K, ...JSONH }, '{"amount":5}'],
	['of two equal names the last wins', 'POST', create, { ...K, ...JSONH }, '{"amount":9,"amount":5}'],
	['the action in the body', 'POST', url, { ...K, ...JSONH }, '{"action":"create_session","amount":5}'],
	['a number as a text', 'POST', create, { ...K, ...JSONH }, '{"amount":"5"}'],
	['unknown parameters are ignored', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"colour":{"a":[1]}}'],
	['the key as X-Api-Key', 'POST', create, { 'X-Api-Key': key }, '{"amount":5}'],
	['the key as a parameter', 'POST', create, JSONH, JSON.stringify({ amount: 5, api_key: key })],
	['the same key twice', 'POST', create, { ...K, 'X-Api-Key': key }, JSON.stringify({ amount: 5, api_key: key })],
	['UTF-8', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"customer_name":"Zoë Žemaitė 日本"}'],
	['white space before the JSON', 'POST', create, K, ' \r\n\t{"amount":5}'],
	['empty optional texts', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"order_id":"","callback_url":"","items":null}'],
];
for (const [shows, method, address, headers, body] of good) {
	const r = await request(method, address, { headers, body });
	is([r.status, r.json?.success, r.json?.amount], [200, true, 5], 'taken: ' + shows);
}

const deep = (n) => '{"amount":5,"x":' + '['.repeat(n) + ']'.repeat(n) + '}';
const refused = [
	// shows, status, code, method, address, headers, body
	['no action', 400, 'unknown_action', 'GET', url, {}],
	['an unknown action', 400, 'unknown_action', 'POST', url + '?action=nothing', K, '{}'],
	['a write by GET', 405, 'method_not_allowed', 'GET', create + '&amount=5', K],
	['a read by PUT', 405, 'method_not_allowed', 'PUT', url + '?action=get_session', {}],
	['no key', 401, 'missing_api_key', 'POST', create, JSONH, '{"amount":5}'],
	['an empty key', 401, 'missing_api_key', 'POST', create, { 'X-Gateway-Key': '' }, '{"amount":5}'],
	['a wrong key', 401, 'invalid_api_key', 'POST', create, { 'X-Gateway-Key': 'mk_wrong' }, '{"amount":5}'],
	['two different keys', 401, 'ambiguous_api_key', 'POST', create, { ...K, 'X-Api-Key': 'mk_other' }, '{"amount":5}'],
	['two keys, header and body', 401, 'ambiguous_api_key', 'POST', create, K, '{"amount":5,"api_key":"mk_other"}'],
	['two keys, query and body', 401, 'ambiguous_api_key', 'POST', create + '&api_key=mk_other', {}, JSON.stringify({ amount: 5, api_key: key })],
	['an empty body', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, ''],
	['JSON cut off', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, '{"amount":'],
	['something behind the JSON', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, '{"amount":5}x'],
	['a list', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, '[1]'],
	['a text', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, '"amount"'],
	['not UTF-8', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, Buffer.from('7b22616d6f756e74223a22ff227d', 'hex')],
	['a form that is not UTF-8', 400, 'bad_body', 'POST', create, { ...K, ...FORM }, 'amount=5&order_id=%ff'],
	['a NUL byte', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, '{"amount":5}\0'],
	['a NUL byte in a text', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"order_id":"a\\u0000b"}'],
	['nested 33 deep', 400, 'bad_body', 'POST', create, { ...K, ...JSONH }, deep(33)],
	['a binary body', 400, 'bad_body', 'POST', create, { ...K, 'Content-Type': 'application/octet-stream' }, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff, 0xfe])],
	['just above 256 KiB', 413, 'body_too_large', 'POST', create, { ...K, ...JSONH }, ' '.repeat(262145)],
	['ten megabytes', 413, 'body_too_large', 'POST', create, { ...K, ...JSONH }, ' '.repeat(10 << 20)],
	['a list for a number', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":[5]}'],
	['an object for a text', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"order_id":{"a":1}}'],
	['an order_id too long', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, JSON.stringify({ amount: 5, order_id: 'x'.repeat(256) })],
	['501 items', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, JSON.stringify({ amount: 5, items: Array(501).fill({ name: 'a' }) })],
	['items that are no list', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"items":"none"}'],
	['javascript as callback_url', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"callback_url":"javascript:alert(1)"}'],
	['credentials in callback_url', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"callback_url":"https://u:p@shop.example/"}'],
	['expires_minutes 0', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"expires_minutes":0}'],
	['expires_minutes above a year', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"expires_minutes":525601}'],
	['expires_minutes 1.5', 400, 'bad_param', 'POST', create, { ...K, ...JSONH }, '{"amount":5,"expires_minutes":1.5}'],
	['no token', 400, 'bad_param', 'POST', url + '?action=create_invoice', {}, '{}'],
	['a token that is none', 404, 'not_found', 'POST', url + '?action=create_invoice', JSONH, '{"token":"xyz"}'],
	['a token of SQL', 404, 'not_found', 'GET', url + "?action=get_session&token='%20OR%201=1--", {}],
	['neither reference nor token', 400, 'bad_param', 'GET', url + '?action=payment_status', K],
	['limit 0', 400, 'bad_param', 'GET', url + '?action=list_transactions&limit=0', K],
	['limit 0', 400, 'bad_param', 'GET', url + '?action=list_transactions&limit=0', K],
	['offset -1', 400, 'bad_param', 'GET', url + '?action=list_transactions&offset=-1', K],
	['a status that is none', 400, 'bad_param', 'GET', url + '?action=list_transactions&status=paid', K],
	['30 February', 400, 'bad_param', 'GET', url + '?action=list_transactions&date_from=2026-02-30', K],
	['a cursor of ours it is not', 400, 'bad_param', 'GET', url + '?action=list_transactions&cursor=abc', K],
	['a format that is none', 400, 'bad_param', 'GET', url + '?action=list_transactions&format=xml', K],
	['a path behind ours', 404, 'not_found', 'GET', url + '/more/of/it', {}],
	['behind the path an action that there is not', 400, 'unknown_action', 'GET', url + '/more', {}],
	['a page that is none', 404, 'not_found', 'GET', url.replace('/api/gateway/gateway.php', '/nothing'), {}],
	['a header of 40 kB', 400, 'headers_too_large', 'GET', url, { 'X-Long': 'x'.repeat(40000) }],
	['a bank notice without token', 401, 'invalid_api_key', 'POST', url + '?action=bank_notice', {}, ''],
];
for (const [shows, status, code, method, address, headers, body] of refused) {
	const r = await request(method, address, { headers, body }).catch((e) => ({ status: 0, text: String(e) }));
	ok(r.status === status && r.json?.success === false && r.json?.code === code && typeof r.json?.error === 'string' &&
	    /^application\/json; charset=utf-8$/.test(r.headers?.['content-type']), `refused with ${status} ${code}: ${shows}`, `${r.status} ${r.text}`);
}
is((await call('create_session', { amount: 'x' })).json.field, 'amount', 'a bad parameter is named');
is((await request('GET', create, { headers: K })).headers.allow, 'POST, OPTIONS', '405 says which methods there are');

// Bytes that no HTTP client sends.
const raw = (text) => new Promise((resolve) => {
	const s = net.connect(new URL(url).port, '127.0.0.1', () => s.write(text));
	let got = '';
	s.on('data', (d) => { got += d; s.end(); });
	s.on('close', () => resolve(got));
	s.on('error', () => resolve(got));
});
ok(/"code":"bad_request"/.test(await raw('NONSENSE\r\n\r\n')), 'a request line that is none: JSON');
const short = net.connect(new URL(url).port, '127.0.0.1', () => {
	short.write(`POST ${new URL(create).pathname}?action=create_session HTTP/1.1\r\nHost: x\r\nX-Gateway-Key: ${key}\r\nContent-Length: 100\r\n\r\n{"amo`);
	setTimeout(() => short.destroy(), 50);	// let it be read before
});
const half = net.connect(new URL(url).port, '127.0.0.1', () => {
	half.write(`GET /api/gateway/gateway.php?action=list_transactions HTTP/1.1\r\nHost: x\r\nX-Gateway-Key: ${key}\r\n\r\n`);
	half.destroy();
});
await Promise.all([short, half].map((c) => new Promise((r) => c.destroyed ? r() : c.on('close', r))));
is((await api('get_session', { token: '0'.repeat(64) })).code, 'not_found', 'clients that hang up do no harm');

// What comes along with an answer.
const s = (await api('create_session', { amount: 5 })).session_token;
const r = await request('GET', `${url}?action=get_session&token=${s}`, { headers: { 'X-Request-Id': 'my-id.1' } });
has(r.headers, { 'cache-control': 'no-store', 'x-request-id': 'my-id.1', 'access-control-allow-origin': '*' }, 'a token action: any origin, no store, the id as sent');
ok(/^[0-9a-f]{16}$/.test((await request('GET', url, { headers: { 'X-Request-Id': 'a b<c>' } })).headers['x-request-id']), 'an insane request id is replaced');
is((await request('GET', url + '?action=list_transactions', { headers: K })).headers['access-control-allow-origin'], undefined, 'a key action: no other origin');
const head = await request('HEAD', `${url}?action=get_session&token=${s}`);
is([head.status, head.text], [200, ''], 'HEAD as GET, without body');
for (const a of ['create_invoice', 'confirm_paid', 'check_payment', 'get_session']) {
	const o = await request('OPTIONS', `${url}?action=${a}`, { headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' } });
	is([o.status, o.headers['access-control-allow-origin'], /Content-Type/i.test(o.headers['access-control-allow-headers'])], [204, '*', true], `${a}: preflight`);
}
const o = await request('OPTIONS', create);
is([o.status, o.headers['access-control-allow-origin']], [204, undefined], 'create_session: no preflight, keys belong on servers');
is((await request('GET', url.replace('gateway/gateway.php', 'recurring.php') + '?action=list_schedules', { headers: K })).status, 200, 'recurring.php takes the same key');

// Keys and merchants.
const other = dapit('merchant', 'add', 'Other Shop');
const otherKey = /^key (\S+)/m.exec(other)[1];
const otherId = /^merchant (\d+)/m.exec(other)[1];
is((await call('payment_status', { session_token: s }, { withKey: otherKey })).status, 404, "another merchant's session: 404, not 403");
const read = /^key (\S+)/m.exec(dapit('key', 'add', '1', 'reports', '--read'))[1];
is((await call('create_session', { amount: 5 }, { withKey: read })).status, 403, 'a key that only reads: 403 on writes');
is((await call('list_transactions', {}, { withKey: read })).status, 200, 'and reads');
execFileSync(process.env.PROGRAMS + '/dapit', ['-c', process.env.DAPIT_CONF, 'key', 'import', '1', 'old'], { input: 'old-service-key-17\n' });
is((await call('create_session', { amount: 5 }, { withKey: 'old-service-key-17' })).status, 200, 'a key of the old service works on');
is(dapitFails('key', 'revoke', '999', '--yes').status, 1, 'no such key: exit code 1');
const id = String(JSON.parse(dapit('key', 'list', otherId, '--json'))[0].id);
is(dapitFails('key', 'revoke', id).status, 2, 'dapit key revoke asks first, or wants --yes');
dapit('key', 'revoke', id, '--yes');
is((await call('create_session', { amount: 5 }, { withKey: otherKey })).status, 401, 'a revoked key: 401');
done();
