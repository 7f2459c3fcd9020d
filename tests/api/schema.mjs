// schema.mjs - the reference cannot lie: everything that the gateway answered
// in the API tests ($TRAFFIC) fits what gateway.fcgi --describe declares, and
// everything that is declared was answered. The documents lint clean, and the
// committed ones are the program's own.
import Ajv from 'ajv/dist/2020.js';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { ok, is, done } from './lib.mjs';

const here = new URL('..', import.meta.url).pathname;
const programs = process.env.PROGRAMS ?? here + '../build/bin';
const describe = (program) => execFileSync(`${programs}/${program}.fcgi`, ['--describe'], { encoding: 'utf8' });
const text = describe('gateway');
const doc = JSON.parse(text);
const all = { ...doc.paths, ...JSON.parse(describe('recurring')).paths };

for (const program of ['gateway', 'recurring']) {
	const file = `${here}../build/${program}.openapi.json`;
	writeFileSync(file, execFileSync(`${programs}/${program}.fcgi`, ['--describe']));
	const r = spawnSync(here + 'node_modules/.bin/redocly', ['lint', '--config', here + 'docs/redocly.yaml', file], { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off' } });
	ok(r.status === 0 && !/warning/i.test(r.stderr.replace(/0 warnings?/g, '')), `${program}.fcgi --describe lints clean`, r.stdout + r.stderr);
}
is(readFileSync(here + '../www/docs/openapi.json', 'utf8') === text, true, 'www/docs/openapi.json is what gateway.fcgi --describe prints (else: make docs)');
is(readFileSync(here + '../www/docs/recurring.json', 'utf8') === describe('recurring'), true, 'www/docs/recurring.json is what recurring.fcgi --describe prints');

// Nothing may be there that is not declared.
function strict(v) {
	if (Array.isArray(v))
		return v.map(strict);
	if (!v || typeof v !== 'object')
		return v;
	const out = Object.fromEntries(Object.entries(v).map(([k, x]) => [k, strict(x)]));
	if (out.type === 'object' && out.required)
		out.additionalProperties = false;
	return out;
}
const ajv = new Ajv({ strict: false, allErrors: true });
const refusal = ajv.compile(strict(doc.components.schemas.Refusal));
const operations = Object.fromEntries(Object.entries(all).map(([path, o]) => [path.split('/').pop(), o.post]));
const variants = {};
for (const [action, o] of Object.entries(operations))
	variants[action] = (o.responses[200].content['application/json']?.schema.anyOf ?? []).map((s) => ({ check: ajv.compile(strict(s)), seen: 0 }));
const types = new Set();
const codes = new Set();
const nginx = ['bad_request', 'uri_too_long', 'not_found', 'method_not_allowed', 'body_too_large', 'unavailable', 'headers_too_large', 'not_implemented', 'too_many_requests', 'forbidden'];

function fits(line) {
	const o = operations[line.action];
	if (line.status !== 200) {
		if (!refusal(line.json))
			return ajv.errorsText(refusal.errors);
		codes.add(line.json.code);
		if (!o)
			return null;
		const own = o.responses[line.status];
		const r = own && doc.components.responses[own.$ref.split('/').pop()];
		const known = r?.content['application/json'].schema.allOf[1].properties.code.enum;
		return known?.includes(line.json.code) || nginx.includes(line.json.code) ? null : `${line.status} ${line.json.code} is not declared`;
	}
	const type = line.type.split(';')[0];
	types.add(line.action + ' ' + type);
	if (!o.responses[200].content[type])
		return `${type} is not declared`;
	if (type !== 'application/json')
		return null;
	for (const v of variants[line.action])
		if (v.check(line.json)) {
			v.seen++;
			return null;
		}
	return variants[line.action].map((v) => ajv.errorsText(v.check.errors)).join(' | ');
}

const traffic = readdirSync(process.env.TRAFFIC).flatMap((f) => readFileSync(`${process.env.TRAFFIC}/${f}`, 'utf8').trim().split('\n').map((l) => JSON.parse(l)));
ok(traffic.length > 100, `${traffic.length} kinds of answers were recorded`);
const wrong = traffic.map((line) => [fits(line), line]).filter(([why]) => why);
ok(wrong.length === 0, 'each fits its declaration', wrong.slice(0, 5).map(([why, line]) => `${line.action}: ${why} ${JSON.stringify(line.json)}`).join('\n'));
for (const [action, o] of Object.entries(operations)) {
	const content = Object.keys(o.responses[200].content);
	is(content.filter((t) => !types.has(action + ' ' + t)), [], `${action}: each declared type was answered`);
	is(variants[action].filter((v) => v.seen === 0).length, 0, `${action}: each declared answer was given`);
	for (const [name, example] of Object.entries(o.responses[200].content['application/json']?.examples ?? {}))
		ok(variants[action].some((v) => v.check(example.value)), `${action}: the example "${name}" fits`);
	if (content.includes('application/json'))
		ok(o.responses[200].content['application/json'].examples, `${action}: there is an example`);
}
for (const [type, w] of Object.entries(doc.webhooks)) {
	const media = w.post.requestBody.content['application/json'];
	const check = ajv.compile(strict(media.schema));
	if (media.example)
		ok(check(media.example), `the webhook ${type}: its example fits`, ajv.errorsText(check.errors));
}
for (const code of ['bad_param', 'missing_api_key', 'invalid_api_key', 'forbidden', 'not_found', 'session_expired', 'idempotency_key_reused'])
	ok(codes.has(code), `${code} was answered`);
done();
