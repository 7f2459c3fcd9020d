// limits.mjs - who asks too often is told to wait, and nobody else is: 3
// requests a second with a key, 1 with a token, 20 from an address, 5 wrong
// keys a minute. Everything is counted in windows, so tests ask for twice.
import { randomBytes } from 'node:crypto';
import { ok, is, has, done, call, invoice, dapit, dapitFails, sleep } from './lib.mjs';

const refused = (list) => list.filter((r) => r.status === 429);
// Asks until it is refused: sooner or later, as fast as the machine is.
const many = async (most, f) => {
	const out = [];
	while (out.length < most && !refused(out).length)
		out.push(await f());
	return out;
};
const polite = (r, name, most = 10) => {
	has(r?.json, { success: false, code: 'too_many_requests' }, `${name}: JSON`);
	const after = Number(r?.headers['retry-after']);
	ok(after >= 1 && after <= most, `${name}: Retry-After says when the window ends`, after);
};

// A session's token: 1 a second, over ten seconds.
const one = await invoice(5), two = await invoice(5);
const polls = await many(300, () => call('check_payment', { token: one.token }, { withKey: null }));
ok(refused(polls).length >= 1 && polls.slice(0, 9).every((r) => r.status === 200), 'a token that polls without a pause is refused, its first ones not', polls.map((r) => r.status).join());
polite(refused(polls)[0], 'token');
is((await call('get_session', { token: two.token }, { withKey: null })).status, 200, 'another session goes on');

// A key in the body, where only the gateway sees it.
const made = Object.fromEntries(dapit('merchant', 'add', 'Hasty').trim().split('\n').map((l) => l.split(' ')));
await sleep(1500);
const calls = await many(900, () => call('whoami', { api_key: made.key }, { withKey: null }));
ok(refused(calls).length >= 1 && calls.slice(0, 29).every((r) => r.status === 200), 'a key that asks without a pause is refused, its first ones not', calls.map((r) => r.status).join());
polite(refused(calls)[0], 'key');

// A token in other letters is the same one.
await sleep(1500);
const three = await invoice(5);
const spelled = [three.token, three.token.toUpperCase(), ` ${three.token}`, `${three.token}\t `];
let nth = 0;
const mixed = await many(300, () => call('get_session', { token: spelled[nth++ % 4] }, { withKey: null }));
ok(refused(mixed).length >= 1 && mixed.length <= 2 * 10 + 1, 'a token in capitals, in small letters and with blanks is counted once', mixed.map((r) => r.status).join());
const idle = (await call('create_session', { amount: 5 })).json;
const early = await many(300, () => call('confirm_paid', { token: idle.session_token }, { withKey: null }));
ok(refused(early).length >= 1 && early[0].status === 400, 'so is what is refused for another reason', early.map((r) => r.status).join());

// Wrong keys: five a minute; the right ones of the same address do not mind.
await sleep(1500);
const wrong = await many(60, () => call('whoami', {}, { withKey: 'mk_' + 'f'.repeat(48) }));
ok(wrong[0].status === 401 && wrong.at(-1).status === 429, 'wrong keys slow down', wrong.map((r) => r.status).join());
polite(wrong.at(-1), 'wrong keys', 60);
is((await call('whoami', { api_key: made.key }, { withKey: null })).status === 401, false, 'a right key at the same address is looked at');
const right = Object.fromEntries(dapit('merchant', 'add', 'Neighbour').trim().split('\n').map((l) => l.split(' ')));
is((await call('whoami', {}, { withKey: right.key })).status, 200, 'and taken: one stale key silences no neighbour');
is((await call('get_session', { token: two.token }, { withKey: null })).status, 200, 'shoppers at the same address do not mind');

// Tokens that are none count for their address, not for a table that keys share.
await sleep(1500);
const guesses = await many(60, () => call('get_session', { token: randomBytes(32).toString('hex') }, { withKey: null }));
is(guesses.at(-1).status, 429, 'who guesses tokens is refused');
await sleep(1500);
is([(await call('get_session', { token: two.token }, { withKey: null })).status, (await call('whoami', {}, { withKey: right.key })).status], [200, 200], 'and nobody else');

// An address: the web server's.
const began = Date.now();
const burst = await Promise.all(Array.from({ length: 400 }, () => call('get_session', { token: 'x' }, { withKey: null })));
const last = refused(burst), most = 20 * (5 + 1 + (Date.now() - began) / 1000);
ok(last.length > 0 && burst.length - last.length <= most, 'an address that asks 400 times at once gets 20 a second, and a burst of five seconds', last.length);
polite(last.at(-1), 'address');
is(dapit('conf', 'get', 'limits.address_per_second'), '20\n', 'dapit conf get says the limit');
is(dapitFails('conf', 'get', 'database.password').status, 1, 'but no secret');
done();
