// away.mjs - a database that is away at the start, goes away in the middle,
// and comes back: 503 meanwhile, then healthy without a restart.
import { is, has, ok, done, call, cgi, api, until, sleep, balanced } from './lib.mjs';
import { readFileSync } from 'node:fs';

const pid = (name) => Number(readFileSync(`${process.env.VAR}/run/${name}.pid`, 'utf8'));
const create = () => call('create_session', { amount: 5 });
const gateway = pid('gateway');

const none = cgi('create_session', { amount: 5 }, { settings: { DAPIT_DATABASE_SOCKET: '/nowhere/db.sock' } });
ok(/^Status: 503/m.test(none.head) && /^Retry-After: \d/m.test(none.head), 'away at the start: 503 with Retry-After', none.head);
has(none.json, { success: false, code: 'unavailable' }, 'and says so in JSON');
ok(!none.text.includes('/nowhere'), 'without telling what is inside');

is((await create()).status, 200, 'the database is there');
for (const signal of ['SIGKILL', 'SIGTERM']) {
	process.kill(pid('mariadb'), signal);
	const r = await until(async () => { const x = await create(); return x.status !== 200 && x; });
	is([r.status, r.json?.code, r.headers?.['retry-after'] > 0], [503, 'unavailable', true], `${signal} in the middle: 503 with Retry-After`);
	ok(/^[\w.-]+$/.test(r.json?.request_id ?? ''), 'with a request id to ask about');
	ok(await until(async () => (await create()).status === 200), 'and healthy again');
	const all = await Promise.all(Array.from({ length: 100 }, create));
	ok(all.every((x) => x.status === 200), 'in every process', all.map((x) => x.status).join());
}
process.kill(pid('mariadb'), 'SIGSTOP');
const slow = create();
await sleep(1000);
process.kill(pid('mariadb'), 'SIGCONT');
is((await slow).status, 200, 'a database that stalls for a second is waited for');
is(pid('gateway'), gateway, 'the gateway was never restarted');
ok((await api('list_transactions', {})).success, 'and answers');
balanced();
done();
