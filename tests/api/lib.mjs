// lib.mjs - what the API tests are written with: TAP, calls, a shop that
// receives webhooks, the operator's command.
import http from 'node:http';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

const env = process.env;
export const url = env.DAPIT_URL + '/api/gateway/gateway.php';
export const key = env.DAPIT_API_KEY;
export const bankUrl = env.DAPIT_BANK_URL;

// A test that is run alone says what it needs; schema.mjs has TRAFFIC instead.
if (!env.DAPIT_URL && !env.TRAFFIC) {
	const file = relative(process.cwd(), process.argv[1]);
	const beside = /schema/.test(file) ? 'TRAFFIC=build/traffic' : /cluster/.test(file) ? 'STACK=nginx/cluster tests/with-stack' :
		/hosting/.test(file) ? 'tests/with-apache cgi' : 'tests/with-stack';
	console.log(`Bail out! run it as: ${beside} node ${file} (tests/run has the settings of each)`);
	process.exit(1);
}

let n = 0, bad = 0;

// What does not hold for the web server at hand: APART matches the names.
const apart = env.APART && new RegExp(env.APART);

export function ok(good, name, more) {
	if (apart?.test(name)) {
		console.log('# left out: ' + name);
		return good;
	}
	console.log(`${good ? 'ok' : 'not ok'} ${++n} - ${name}`.replace(/\n/g, ' '));
	if (!good) {
		bad++;
		if (more !== undefined)
			console.log('#  ' + (typeof more === 'string' ? more : JSON.stringify(more)).replace(/\n/g, '\n#  '));
	}
	return good;
}

export function is(got, want, name) {
	const a = JSON.stringify(got), b = JSON.stringify(want);
	return ok(a === b, name, `got ${a}, want ${b}`);
}

// Every field of want is in got, with this value; others may be there too.
export function has(got, want, name) {
	const pick = {};
	for (const k of Object.keys(want))
		pick[k] = got?.[k];
	return is(pick, want, name);
}

export function done() {
	console.log(`1..${n}`);
	process.exit(bad ? 1 : 0);
}

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

// Waits until f() is truthy, and gives it back. The limit only ends a hang:
// a machine that has other things to do is slow, not wrong.
export const PATIENCE = 90;
export async function until(f, seconds = PATIENCE) {
	for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
		const got = await f();
		if (got || Date.now() >= end)
			return got || false;
	}
}

// What a test leaves to chance. The seed is printed, and SEED=... gives the
// same choices again; "salt" keeps those apart that are made side by side.
let seed;
export function dice(salt = 0) {
	if (seed === undefined) {
		seed = Number(env.SEED || randomInt(2 ** 32)) >>> 0;
		console.log('# seed ' + seed);
	}
	let a = (seed + Math.imul(salt, 0x9e3779b1)) >>> 0;
	const next = () => {				// mulberry32
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (n) => Math.floor(next() * n);
	return { below, pick: (list) => list[below(list.length)], chance: (percent) => next() * 100 < percent };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });

// What the gateway answered, one line for each shape, for schema.mjs.
const shapes = new Set();
const shape = (v) => Array.isArray(v) ? [...new Set(v.map((x) => JSON.stringify(shape(x))))] :
	v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, shape(x)])) : v === null ? null : typeof v;
function note(method, address, body, r) {
	const at = new URL(address);
	const program = /^\/api\/(gateway\/gateway|recurring)\.php(?:\/(\w+))?/.exec(at.pathname);
	if (!env.TRAFFIC || !program || ['OPTIONS', 'HEAD'].includes(method))
		return;
	let action = program[2] ?? at.searchParams.get('action');
	try { action ??= JSON.parse(body).action; } catch { action ??= new URLSearchParams(body).get('action'); }
	const line = { action, status: r.status, type: r.headers['content-type'], json: r.json };
	const key = JSON.stringify([action, r.status, line.type, r.json?.status, r.json?.code, shape(r.json)]);
	if (!shapes.has(key))
		appendFileSync(`${env.TRAFFIC}/${process.pid}.jsonl`, JSON.stringify(line) + '\n');
	shapes.add(key);
}

// One request; resolves to { status, headers, text, json, ms }.
export function request(method, address, { headers = {}, body } = {}) {
	const start = Date.now();
	return new Promise((resolve, reject) => {
		const rq = http.request(address, { method, headers, agent }, (r) => {
			const parts = [];
			r.on('data', (d) => parts.push(d));
			r.on('error', reject);
			r.on('end', () => {
				const text = Buffer.concat(parts).toString();
				let json;
				try { json = JSON.parse(text); } catch { json = undefined; }
				const got = { status: r.statusCode, headers: r.headers, text, json, ms: Date.now() - start };
				note(method, address, body, got);
				resolve(got);
			});
		});
		rq.on('error', reject);
		rq.end(body);
	});
}

// As a client does: what was answered 503 is "safe to send again".
export const insist = (send) => until(async () => {
	const r = await send();
	if (r.status !== 503)
		return r;
	await sleep(500 + randomInt(500));
});

// An action, as the reference's examples call it: POST with a JSON body.
export function call(action, body = {}, { withKey = key, headers = {}, base = url } = {}) {
	const h = { 'Content-Type': 'application/json', ...headers };
	if (withKey)
		h['X-Gateway-Key'] = withKey;
	return request('POST', `${base}?action=${action}`, { headers: h, body: JSON.stringify(body) });
}

export async function api(action, body, options) {
	return (await call(action, body, options)).json;
}

// An action that a test cannot go on without.
async function must(action, body, options) {
	const r = await call(action, body, options);
	if (r.status !== 200)
		throw new Error(`${action}: ${r.status} ${r.text}`);
	return r.json;
}

// A session with its invoice.
export async function invoice(amount, more = {}, options) {
	const s = await must('create_session', { amount, ...more }, options);
	const i = await must('create_invoice', { token: s.session_token }, { withKey: null });
	return { token: s.session_token, id: s.session_id, reference: i.reference_number, ...i };
}

export const check = (token) => api('check_payment', { token }, { withKey: null });
export const confirm = (token) => api('confirm_paid', { token }, { withKey: null });

// The sandbox bank's test calls.
export async function bank(path, body) {
	const r = await request(body ? 'POST' : 'GET', bankUrl + path, body ?
		{ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {});
	return r.json;
}
export const credit = (amount, remittance, more = {}) =>
	bank('/simulate/credit', { amount, remittance, debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith', ...more });
export const trouble = (kind, more = {}) => bank('/simulate/trouble', { kind, ...more });

// Waits until check_payment says something else than before.
export const settled = (token, from = ['pending']) => until(async () => {
	const c = await check(token);
	return from.includes(c.status) ? false : c;
});

export function dapit(...args) {
	return execFileSync(env.PROGRAMS + '/dapit', ['-c', env.DAPIT_CONF, ...args], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
export function dapitFails(...args) {
	return spawnSync(env.PROGRAMS + '/dapit', ['-c', env.DAPIT_CONF, ...args], { encoding: 'utf8' });
}
export function balanced(name = 'the books balance') {
	const r = dapitFails('audit');
	return ok(r.status === 0 && /^balanced$/m.test(r.stdout), name, r.stdout + r.stderr);
}

// A shop's server: answers webhooks as told (200 by default), keeps them.
export function shop(answer = () => ({ status: 200 })) {
	const got = [];
	const server = http.createServer((q, r) => {
		let text = '';
		q.on('data', (d) => text += d);
		q.on('end', async () => {
			const hook = { path: q.url, headers: q.headers, text, json: JSON.parse(text), at: Date.now() };
			got.push(hook);
			const a = await answer(hook, got);
			r.writeHead(a.status, a.headers || {});
			r.end(a.body || '{"received":true}');
		});
	});
	const host = env.SHOP_ADDRESS ?? '127.0.0.1';
	return new Promise((resolve) => server.listen(0, host, () => resolve({
		got, url: `http://${host}:${server.address().port}/hook`,
		of: (reference) => got.filter((h) => h.json.reference_number === reference),
		close: () => { server.closeAllConnections(); server.close(); },
	})));
}

// The signature of the Standard Webhooks specification.
export function signed(hook, secret = env.DAPIT_WEBHOOK_SECRET) {
	const text = `${hook.headers['webhook-id']}.${hook.headers['webhook-timestamp']}.${hook.text}`;
	const mac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(text).digest('base64');
	return hook.headers['webhook-signature'].split(' ').includes('v1,' + mac);
}

// The gateway as a plain CGI program: one request, one process.
export function cgi(action, body, { withKey = key, settings = {} } = {}) {
	const text = JSON.stringify(body);
	const r = spawnSync(env.PROGRAMS + '/gateway.fcgi', ['-c', env.DAPIT_CONF], {
		input: text, encoding: 'utf8',
		env: { ...env, ...settings, REQUEST_METHOD: 'POST', QUERY_STRING: 'action=' + action, CONTENT_TYPE: 'application/json',
			CONTENT_LENGTH: String(Buffer.byteLength(text)), SCRIPT_NAME: '/api/gateway/gateway.php', REMOTE_ADDR: '127.0.0.1',
			GATEWAY_INTERFACE: 'CGI/1.1', ...(withKey ? { HTTP_X_GATEWAY_KEY: withKey } : {}) },
	});
	const at = r.stdout.indexOf('\r\n\r\n');
	return { head: r.stdout.slice(0, at), text: r.stdout.slice(at + 4), json: JSON.parse(r.stdout.slice(at + 4)), err: r.stderr };
}
