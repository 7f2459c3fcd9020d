// events.mjs - what a shop's developer does with events: looks at them,
// catches up after a night, has them sent again, tests the receiver.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { Webhook } from 'standardwebhooks';
import { is, has, ok, done, api, call, invoice, credit, settled, until, shop, dapit, balanced, signed } from './lib.mjs';
import { clock, dayOf } from './time.mjs';

const today = dayOf(clock());	// or yesterday, when a part of the test runs
const made = Object.fromEntries(dapit('merchant', 'add', 'Events Ltd').trim().split('\n').map((l) => l.split(' ')));
const me = { withKey: made.key };
const reader = { withKey: /^key (\S+)$/m.exec(dapit('key', 'add', made.merchant, 'reader', '--read'))[1] };
dapit('merchant', 'set', made.merchant, 'events=payment.partial,payment.overpaid');

let mood = 200;
const s = await shop(() => ({ status: mood, body: mood === 200 ? '{"received":true}' : Buffer.from('out of \xff order', 'latin1') }));
const pay = async (amount, sent, more = { callback_url: s.url }) => {
	const i = await invoice(amount, more, me);
	await credit(sent, i.reference);
	await settled(i.token);
	return i;
};
const events = async (more = {}, who = me) => (await api('list_events', more, who)).events;
const status = (id) => api('get_event', { event_id: id }, me);

// Delivered.
const good = await pay(5, 5);
const [first] = await until(async () => { const e = await events(); return e[0]?.status === 'delivered' && e; });
has(first, { type: 'payment.confirmed', reference_number: good.reference, status: 'delivered', attempts: 1, next_attempt_at: null, url: s.url }, 'list_events: delivered at the first attempt');
const whole = await status(first.event_id);
is(whole.payload, s.got[0].json, 'get_event: the payload is what was sent');
is(whole.attempt_log.map((a) => [a.attempt, a.http_status, a.error, a.answer]), [[1, 200, null, '{"received":true}']], 'and every attempt is there, with the answer');
is(new Webhook(made.webhook_secret).verify(s.got[0].text, s.got[0].headers), s.got[0].json, 'the Standard Webhooks library verifies it');

// Given up: 410 says never again. It is undelivered, seen, and sent again.
mood = 410;
const gone = await pay(5, 3);
const undelivered = await until(async () => { const e = await events({ undelivered: 1 }); return e.length && e; });
is(undelivered.map((e) => [e.type, e.reference_number, e.status]), [['payment.partial', gone.reference, 'undelivered']], 'undelivered=1: the one that was given up');
mood = 200;
has(await api('redeliver', { session: gone.reference }, me), { success: true, redelivered: 1 }, 'redeliver a session by its reference');
const again = await until(async () => { const e = await status(undelivered[0].event_id); return e.status === 'delivered' && e; });
is(again.attempt_log.map((a) => a.http_status), [410, 200], 'it arrives; both attempts are there');
is(again.attempt_log[0].answer, 'out of ? order', 'with what was answered, as text');
const twice = s.of(gone.reference);
is(twice[0].headers['webhook-id'], twice[1].headers['webhook-id'], 'with the same webhook-id');
is(twice[0].text, twice[1].text, 'and the very same body');
is((await events({ undelivered: 1 })).length, 0, 'nothing is undelivered now');
has(await api('redeliver', { session: gone.token }, me), { redelivered: 0 }, 'a session without undelivered ones: 0');
has(await api('redeliver', { event_id: first.event_id }, me), { redelivered: 1 }, 'one event is sent again even if it was delivered');
ok(await until(() => s.of(good.reference).length === 2), 'and arrives again');

// All since a day; a fresh row of retries for each.
mood = 410;
const lost = await Promise.all([pay(1, 1), pay(2, 2), pay(3, 3)]);
await until(async () => (await events({ undelivered: 1 })).length === 3);
mood = 500;
has(await api('redeliver', { since: '2999-01-01' }, me), { redelivered: 0 }, 'since a day to come: none');
has(await api('redeliver', { since: today }, me), { redelivered: 3 }, 'since today: all three');
const waiting = await until(async () => { const e = await status((await events({ session: lost[0].reference }))[0].event_id); return e.attempt_log.length === 2 && e; });
has(waiting, { status: 'pending' }, 'a redelivered one that fails is tried again');
mood = 200;
ok(await until(async () => (await events({ type: 'payment.confirmed' })).every((e) => e.status === 'delivered')), 'until it is there');
const odd = (await status(waiting.event_id)).attempt_log[1];
has(odd, { http_status: 500 }, 'an answer of bytes that are no text does not break the log');

// Pages, forward and backward.
const all = await events({ limit: 200 });
is(all.map((e) => e.event_id), [...all].sort((a, b) => (a.created_at < b.created_at) - (a.created_at > b.created_at)).map((e) => e.event_id), 'newest first');
const pages = async (more) => {
	const seen = [];
	for (let cursor; ;) {
		const p = await api('list_events', { limit: 2, ...more, ...(cursor && { cursor }) }, me);
		seen.push(...p.events.map((e) => e.event_id));
		if (!(cursor = p.next_cursor))
			return seen;
	}
};
is(await pages({}), all.map((e) => e.event_id), 'pages of two: every event once');
const followed = await until(async () => (await pages({ after: first.event_id })).length === all.length - 1) && await pages({ after: first.event_id });
is(followed, all.map((e) => e.event_id).reverse().slice(1), 'after an event: what followed, oldest first');
is(await pages({ after: all[0].event_id }), [], 'after the last: nothing');
is(await pages({ type: 'payment.partial' }), [undelivered[0].event_id], 'by type');
is((await events({ type: 'payment.confirmed', session: gone.reference })).length, 0, 'by type and session: both must fit');

// What was given up shows where a payment is looked at.
mood = 410;
const unheard = await pay(4, 4);
await until(async () => (await events({ undelivered: 1 })).length === 1);
has(await api('payment_status', { reference: unheard.reference }, me), { status: 'confirmed', webhook_undelivered: true }, 'payment_status says that a webhook was given up');
has((await api('list_transactions', {}, me)).transactions[0], { reference_number: unheard.reference, webhook_undelivered: true }, 'so does list_transactions');
has(await api('get_session', { token: unheard.token }, { withKey: null }), { webhook_undelivered: true }, 'and get_session');
mood = 200;
ok(dapit('events', made.merchant, '--undelivered').includes(unheard.reference), 'dapit events --undelivered lists it');
is(dapit('events', 'redeliver', made.merchant, today), '1 on the way again\n', 'dapit events redeliver sends it again');
ok(await until(async () => (await api('payment_status', { reference: unheard.reference }, me)).webhook_undelivered === false), 'and it is delivered');
const heard = (await events({ session: unheard.reference }))[0].event_id;
ok(await until(() => JSON.parse(dapit('events', 'show', made.merchant, heard, '--json')).attempts.map((a) => a.http_status).join() === '410,200'), 'dapit events show: both attempts');
is(JSON.parse(dapit('events', 'show', made.merchant, heard, '--json')).attempts[0].answer, 'out of ? order', 'what was answered is text');
ok(/\t410\t.*\n.*\t200\t/.test(dapit('events', 'show', made.merchant, heard)), 'as lines, too');
ok(/^evt_/.test(dapit('events', 'test', made.merchant, s.url)), 'dapit events test');
await until(() => s.got.find((h) => h.json.event === 'test.ping'));

// An answer without a status is none, and holds up nobody.
const mute = net.createServer((c) => c.on('error', () => {}).on('data', () => c.end('HTTP/2 000\r\n\r\n')));
await new Promise((r) => mute.listen(0, '127.0.0.1', r));
const unsaid = await pay(5, 5, { callback_url: `http://127.0.0.1:${mute.address().port}/` });
const [sent] = await until(async () => { const e = await events({ session: unsaid.reference }); return e[0]?.attempts && e; });
const booked = await until(async () => { const e = await status(sent.event_id); return e.attempt_log.length && e; });
has(booked?.attempt_log[0], { http_status: 0, error: 'the answer has no status' }, 'an answer without a status is booked as none');
mute.close();

// A test.
const ping = await api('test_webhook', { url: s.url }, me);
has(ping, { success: true, type: 'test.ping' }, 'test_webhook');
const got = await until(() => s.got.find((h) => h.json.event_id === ping.event_id));
has(got.json, { event: 'test.ping', event_id: ping.event_id, environment: 'staging' }, 'test.ping arrives');
ok(new Webhook(made.webhook_secret).verify(got.text, got.headers), 'signed like every other');
has(await api('test_webhook', {}, me), { success: false, code: 'bad_state' }, 'without any URL: 409, and it says why');

// What nobody was to be told can be told later.
dapit('merchant', 'set', made.merchant, 'events=');
const quiet = await pay(5, 2);
const silent = (await events({ session: quiet.reference }))[0];
has(silent, { type: 'payment.partial', status: 'none', attempts: 0, url: null }, 'an event that nobody asked for is there, not sent');
has(await api('redeliver', { event_id: silent.event_id }, me), { redelivered: 1 }, 'and can be sent');
ok(await until(() => s.of(quiet.reference)[0]), 'to the session\'s callback_url');

// Keys: who am I, and until when.
const short = /^key (\S+)$/m.exec(dapit('key', 'add', made.merchant, 'week', '--days', '7'))[1];
const who = await api('whoami', {}, { withKey: short });
has(who, { success: true, merchant_id: Number(made.merchant), merchant_name: 'Events Ltd', environment: 'staging', key: short.slice(0, 9) + '...', key_name: 'week', scope: 'full' }, 'whoami');
ok(Math.abs(Date.parse(who.expires_at.replace(' ', 'T') + 'Z') - clock() * 1000 - 7 * 86400e3) < 60e3, 'a key for seven days', who.expires_at);
has(await api('whoami', {}, reader), { scope: 'read', expires_at: null }, 'whoami of a read key');
const listedKey = JSON.parse(dapit('key', 'list', made.merchant, '--json')).find((k) => k.name === 'week');
has(listedKey, { scope: 'full', revoked_at: null }, 'dapit key list');
ok(listedKey.expires_at && listedKey.last_used_at, 'with expiry and last use', listedKey);

// Rotation with overlap: a key, and the webhook secret.
const next = /^key (\S+)$/m.exec(dapit('key', 'rotate', String(listedKey.id), '--hours', '1'))[1];
has(await api('whoami', {}, { withKey: next }), { key_name: 'week', scope: 'full', expires_at: who.expires_at }, 'dapit key rotate: a key like the old one');
ok(Math.abs(Date.parse((await api('whoami', {}, { withKey: short })).expires_at.replace(' ', 'T') + 'Z') - clock() * 1000 - 3600e3) < 60e3, 'the old one works for an hour more');
const secret = /^webhook_secret (\S+)$/m.exec(dapit('merchant', 'rotate-secret', made.merchant))[1];
const both = await api('test_webhook', { url: s.url }, me);
const two = await until(() => s.got.find((h) => h.json.event_id === both.event_id));
ok(new Webhook(secret).verify(two.text, two.headers), 'a new webhook secret signs');
ok(new Webhook(made.webhook_secret).verify(two.text, two.headers), 'and so does the old one, for a day');
const third = /^webhook_secret (\S+)$/m.exec(dapit('merchant', 'rotate-secret', made.merchant, '--hours', '0'))[1];
const alone = await api('test_webhook', { url: s.url }, me);
const one = await until(() => s.got.find((h) => h.json.event_id === alone.event_id));
ok(new Webhook(third).verify(one.text, one.headers) && !signed(one, secret), 'with --hours 0 the old one ends at once');

// A developer's own port.
const port = await shop();
const ear = spawn(process.env.PROGRAMS + '/dapit', ['-c', process.env.DAPIT_CONF, 'listen', made.merchant, '--forward', port.url]);
let heardWords = '';
ear.stdout.on('data', (d) => heardWords += d);
await until(() => heardWords.startsWith('listening'));
const live = await pay(6, 6, {});
const told = await until(() => port.of(live.reference)[0]);
ok(new Webhook(third).verify(told.text, told.headers), 'dapit listen --forward: the event arrives at a local port, signed');
ok(await until(() => heardWords.includes(live.reference) && /: 200 in \d+ ms/.test(heardWords)), 'and is printed with what it answered', heardWords);
is(port.got.length, 1, 'only what happens from now on');
ear.kill();
port.close();

// Rights and mistakes.
is((await events({}, reader)).length > 0, true, 'a read key lists');
is((await call('redeliver', { event_id: first.event_id }, reader)).status, 403, 'but does not redeliver: 403');
is((await api('list_events', {})).events.some((e) => e.reference_number === good.reference), false, 'another merchant sees none of it');
for (const [action, body, want, why] of [
	['get_event', { event_id: first.event_id }, 404, 'another merchant\'s event'], ['redeliver', { event_id: first.event_id }, 404, 'another merchant\'s event'],
	['redeliver', { session: good.reference }, 404, 'another merchant\'s session'], ['redeliver', {}, 400, 'nothing named'],
	['redeliver', { session: 'x', event_id: 'y' }, 400, 'two things named'], ['list_events', { after: first.event_id }, 400, 'after another merchant\'s event'],
	['list_events', { type: 'payment.maybe' }, 400, 'a type that there is not'], ['list_events', { cursor: '-1' }, 400, 'a cursor of somebody\'s own'],
	['list_events', { limit: 0 }, 400, 'none at all'], ['test_webhook', { url: 'ftp://x' }, 400, 'no http URL'],
])
	is((await call(action, body)).status, want, `${action}, ${why}: ${want}`);

// What operators did is written down, without secrets.
const log = dapit('log').split('\n').map((l) => l.split('\t').slice(1));
is(log.filter((l) => l[1] === 'key add' && l[2].startsWith(made.merchant + ' ')).map((l) => l[2]), [`${made.merchant} week --days 7`, `${made.merchant} reader --read`], 'dapit log: keys that were made, newest first');
ok(log.every((l) => l.length < 2 || l[0]) && log.some((l) => l[1] === 'merchant set'), 'and by whom');
ok(!/mk_[0-9a-f]{20}|whsec_/.test(dapit('log', '1000')), 'and no secret');
s.close();
balanced();
done();
