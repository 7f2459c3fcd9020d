// endpoints.mjs - 10,000 webhooks are due; one place is dead, one answers
// after 9 s, one wants a pause. Nobody else waits for them. The worker is
// started here, so that all is due at once.
import { spawn } from 'node:child_process';
import { is, has, ok, done, api, call, shop, until, sleep, dapit, dapitFails, balanced } from './lib.mjs';

const made = Object.fromEntries(dapit('merchant', 'add', 'Endpoints').trim().split('\n').map((l) => l.split(' ')));
const me = { withKey: made.key };
const others = Object.fromEntries(dapit('merchant', 'add', 'Other').trim().split('\n').map((l) => l.split(' ')));
const worker = () => spawn(process.env.PROGRAMS + '/worker', ['-c', process.env.DAPIT_CONF], { stdio: 'ignore' });
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
let open = 0, most = 0;		// requests to the slow one that wait for its answer

const healthy = await shop((h) => { h.open = open; return { status: 200 }; });
const slow = await shop(async () => {
	most = Math.max(most, ++open);
	await sleep(9000);
	open--;
	return { status: 200 };
});
const busy = await shop(() => ({ status: 429, headers: { 'Retry-After': '20' } }));
let mood = 500;
const moody = await shop(() => ({ status: mood }));
const dead = 'http://127.0.0.1:9/dead';

const look = async () => Object.fromEntries((await api('list_endpoints', {}, me)).endpoints.map((p) => [p.origin, p]));
const at = (url) => new URL(url).origin;
async function due(url, n, options = me) {
	const ids = [];
	await Promise.all(Array.from({ length: 20 }, async () => {
		while (n-- > 0)
			ids.push((await api('test_webhook', { url }, options)).event_id);
	}));
	return ids;
}

// 10,000 of them, most for the bad ones.
await due(dead, 3000);
await due(slow.url, 3000);
await due(busy.url, 3000);
const first = await due(healthy.url, 1000);
const start = Date.now();
let a = worker();
await until(() => healthy.got.length >= 1000);
is(healthy.got.length, 1000, '1,000 of the 10,000 are for an endpoint that works: all are there');
ok(slow.got.length < 500, 'while nearly all of the 3,000 of the slow one are still due', slow.got.length);
const delays = healthy.got.map((h) => h.at - start);
const sent = new Map();
for (let i = 0; i < 50; i++) {
	const [id] = await due(healthy.url, 1);
	sent.set(id, Date.now());
	await sleep(100);
}
await until(() => healthy.got.length >= 1050);
const later = healthy.got.filter((h) => sent.has(h.json.event_id));
is(later.length, 50, 'what comes while the bad ones fail arrives too');
ok(later.filter((h) => h.open === 0).length < 25, 'most while requests to the slow one wait for its answer');
console.log(`# median delay: ${median(delays)} ms, and ${median(later.map((h) => h.at - sent.get(h.json.event_id)))} ms`);
is(most, 16, 'no more than 16 are in flight to one endpoint');
ok(busy.got.length <= 32, 'an endpoint that asks for a pause gets one', busy.got.length);

// Two workers: nothing twice.
const b = worker();
const again = await due(healthy.url, 1000);
await until(() => healthy.got.length >= 2050);
await sleep(1000);
is(healthy.got.length, 2050, 'with two workers every event comes');
is(new Set(healthy.got.map((h) => h.headers['webhook-id'])).size, 2050, 'and none twice');
is([...first, ...again].filter((id) => !healthy.got.some((h) => h.json.event_id === id)), [], 'each of them');

// How it looks to the developer, and to the operator.
const origin = 'http://127.0.0.1:9';
let all;
await until(async () => {		// between two pauses it is tried
	all = await look();
	return all[origin].status === 'throttled' && all[origin].paused_until;
});
is(Object.keys(all), [origin, at(slow.url), at(busy.url), at(healthy.url)], 'list_endpoints: each place once');
has(all[at(healthy.url)], { status: 'works', failures: 0, reason: null, undelivered: 0 }, 'one works');
ok(all[origin].failures >= 5 && all[origin].paused_until && /onnect/.test(all[origin].reason), 'the dead one is throttled, and why', all[origin]);
ok(['failing', 'throttled'].includes(all[at(busy.url)].status) && all[at(busy.url)].reason === 'HTTP 429', 'so is the one that answers 429', all[at(busy.url)]);

// Long enough: it is switched off, and one call switches it on.
const [lost] = await due(moody.url, 1);
await until(() => moody.got.length > 0);
for (let i = 0; i < 6; i++) {
	dapit('clock', '+13h');
	await until(() => false, 1.2);
	await due(moody.url, 1);
}
await until(async () => (await look())[at(moody.url)].status === 'off');
all = await look();
has(all[at(moody.url)], { status: 'off', reason: 'HTTP 500' }, 'after three days of failures an endpoint is switched off, and says why');
ok(JSON.parse(dapit('endpoints', made.merchant, '--json')).some((p) => p.origin === at(moody.url) && p.off_at), 'dapit endpoints says so, too');
const before = moody.got.length;
const [meanwhile] = await due(moody.url, 1);
ok(await until(async () => (await api('get_event', { event_id: meanwhile }, me)).status === 'undelivered'), 'what happens then is undelivered at once');
is(moody.got.length, before, 'and not sent');
mood = 200;
is((await call('enable_endpoint', { url: moody.url }, { withKey: others.key })).status, 404, 'another merchant cannot switch it on');
is((await call('enable_endpoint', { url: 'https://nowhere.example/' }, me)).status, 404, 'nor can anybody one that there is not');
ok((await api('enable_endpoint', { url: moody.url }, me)).redelivered >= 2, 'enable_endpoint: it is on again, and what was given up is on the way');
ok(await until(() => [lost, meanwhile].every((id) => moody.got.slice(before).some((h) => h.json.event_id === id))), 'all of it comes');
await until(async () => (await look())[at(moody.url)].status === 'works');
has((await look())[at(moody.url)], { status: 'works', failures: 0, off_at: null, undelivered: 0 }, 'and it works');
is(dapit('endpoints', 'enable', made.merchant, healthy.url), '0 on the way again\n', 'dapit endpoints enable');
is(dapitFails('clock', 'tomorrow').status, 1, 'dapit clock wants a duration');
for (const w of [a, b])
	w.kill();
for (const x of [healthy, slow, busy, moody])
	x.close();
balanced();
done();
