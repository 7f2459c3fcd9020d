// logs.mjs - the programs log one line of JSON for each request, and no log
// of any program has a secret in it, whatever was sent where: a key, a token,
// a secret of the bank or a webhook, an IBAN, an address of mail.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { is, ok, done, api, bank, call, credit, dapit, invoice, key, request, settled, shop, trouble, until } from './lib.mjs';

const { VAR, PROGRAMS, DAPIT_URL, DAPIT_CONF } = process.env;
const PAYER = 'DE89370400440532013000', MAIL = 'someone.private@example.org';
const conf = readFileSync(DAPIT_CONF, 'utf8');
const setting = (name) => new RegExp(`^${name} = (.+)$`, 'm').exec(conf)[1];
const secrets = { 'the API key': key, 'the webhook secret': process.env.DAPIT_WEBHOOK_SECRET, "the payer's IBAN": PAYER, 'an address of mail': MAIL,
	"the bank's client secret": setting('client_secret'), "the bank's code": setting('auth_code'), 'a wrong key': 'mk_' + '5ecret'.repeat(8), 'a wrong token': 'f00d'.repeat(16) };

// A payment with all that belongs to it; a webhook that fails.
const s = await shop(() => ({ status: 500 }));
const p = await invoice(12, { callback_url: s.url + '?auth=hook-password', customer_email: MAIL, customer_name: 'Jane Private', order_id: 'L-1' });
secrets['a session token'] = p.token;
secrets['a password in a callback_url'] = 'hook-password';
await credit(12, p.reference, { debtor_iban: PAYER, debtor_name: 'Jane Private' });
await credit(3, 'nothing we know', { debtor_iban: PAYER });
await settled(p.token);
await until(() => s.got.length > 0);
const r = await api('create_refund', { reference: p.reference, amount: 5 });
await trouble('503', { times: 2 });
await call('send_refund', { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'Jane Private' });
await trouble('garbage');
dapit('events', 'redeliver', '1', new Date().toISOString().slice(0, 10));
for (const kind of ['bad_entry', '500'])
	await trouble(kind).then(() => spawnSync(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'bank', 'sync']));

// Every action, with each secret in the place of each parameter, as JSON, as
// a form and in the query; as a key, as the action, as the body, as a header.
let asked = 0;
const send = async (method, path, headers, body) => { asked++; return request(method, DAPIT_URL + path, { headers, body }); };
const json = { 'Content-Type': 'application/json' };
for (const [program, path] of [['gateway', '/api/gateway/gateway.php'], ['recurring', '/api/recurring.php']]) {
	const doc = JSON.parse(spawnSync(`${PROGRAMS}/${program}.fcgi`, ['--describe'], { encoding: 'utf8' }).stdout);
	for (const [at, item] of Object.entries(doc.paths)) {
		const action = /(\w+)$/.exec(at)[1];
		const op = item.post ?? item.get;
		const names = [...Object.keys(op.requestBody?.content?.['application/json']?.schema?.properties ?? {}), ...(op.parameters ?? []).map((x) => x.name)];
		for (const secret of Object.values(secrets)) {
			const all = Object.fromEntries(names.map((n) => [n, secret]));
			await send('POST', `${path}?action=${action}`, { ...json, 'X-Gateway-Key': key }, JSON.stringify(all));
			await send('POST', `${path}/${action}`, { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Api-Key': key }, new URLSearchParams({ ...all, api_key: key }).toString());
		}
	}
	for (const secret of Object.values(secrets)) {
		const q = encodeURIComponent(secret);
		await send('GET', `${path}?action=whoami&api_key=${q}&token=${q}`, {});
		await send('GET', `${path}?action=get_session&token=${q}`, { 'X-Gateway-Key': secret, 'Idempotency-Key': secret });
		await send('POST', `${path}?action=create_session`, { 'X-Gateway-Key': secret, Authorization: 'Bearer ' + secret, 'Idempotency-Key': secret }, '{"amount":1}');
		for (const body of [secret, `{"amount":"${secret}`, `["${secret}"]`, `{"amount":1,"callback_url":"https://u:${q}@x/","items":"${secret}"}`])
			await send('POST', `${path}?action=create_session`, { ...json, 'X-Gateway-Key': key }, body);
	}
}
for (const secret of ['the API key', 'a session token', "the payer's IBAN"])	// what nginx itself refuses
	for (const path of [`/nothing/${secrets[secret]}`, `/api/gateway/gateway.php/UP?token=${secrets[secret]}`, `/checkout/pay.html?session=${secrets[secret]}`, `/api/gateway/gateway.php?api_key=${secrets[secret]}&x=${'y'.repeat(9000)}`])
		await send('GET', path, {});
await until(() => s.got.length > 1);

const files = readdirSync(`${VAR}/log`);
const text = Object.fromEntries(files.map((f) => [f, readFileSync(`${VAR}/log/${f}`, 'utf8')]));
for (const [name, secret] of Object.entries(secrets))
	is(files.flatMap((f) => text[f].split('\n').filter((l) => l.includes(secret) || l.includes(encodeURIComponent(secret))).slice(0, 2).map((l) => `${f}: ${l}`)), [], `${asked} requests later no log has ${name}`);
is(files.flatMap((f) => text[f].split('\n').filter((l) => /Jane Private|whsec_|mk_[A-Za-z0-9]{20}|\bDE\d{20}\b/.test(l)).slice(0, 2)), [], 'nor a name, nor anything that looks like a secret');

// One line a request.
const id = (n) => `logs-test-${n}`;
const cases = [
	['list_transactions', { limit: 1 }, key, 200], ['create_session', { amount: 0 }, key, 400], ['whoami', {}, 'mk_wrong', 401],
	['payment_status', { reference: 'DP-260101-AAAAAA' }, key, 404], ['health', {}, null, 200], ['get_session', { token: p.token }, null, 200],
];
for (const [i, [action, body, withKey, status]] of cases.entries())
	is((await call(action, body, { withKey, headers: { 'X-Request-Id': id(i) } })).status, status, `${action}: ${status}`);
const lines = readFileSync(`${VAR}/log/gateway.log`, 'utf8').trim().split('\n').map((l) => { try { return JSON.parse(l); } catch { return l; } });
is(lines.filter((l) => typeof l === 'string').slice(0, 3), [], `all ${lines.length} lines of the gateway are JSON`);
for (const [i, [action, , withKey, status]] of cases.entries()) {
	const of = lines.filter((l) => l.id === id(i));
	is(of.map((l) => [l.action, l.method, l.status, l.merchant ?? null]), [[action, 'POST', status, withKey === key ? 1 : null]], `${action} ${status} has one line, with its merchant`);
	ok(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(of[0]?.time) && of[0].ms >= 0 && of[0].trips >= 0 && (status === 200) === (of[0].why === undefined), 'its time, how long, and why not', of);
}
for (const f of ['worker.log', 'recurring.log'])
	is(text[f].trim().split('\n').filter((l) => l && !l.startsWith('{') && !/^account \d+ read$/.test(l)).slice(0, 2), [], `${f} is JSON too`);
await bank('/simulate/trouble', { kind: 'off' }).catch(() => 0);
s.close();
done();
