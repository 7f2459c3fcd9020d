// secrets.mjs - the master key is replaced while all runs: killed at every
// step, under traffic, and on two machines. What was given out stays valid;
// what was sealed opens with the new key, and no more with the old one.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { is, ok, has, done, api, call, request, invoice, credit, confirm, shop, signed, until, sleep, dapit, dapitFails, balanced, key, url } from './lib.mjs';

const { VAR, DAPIT_CONF, DAPIT_URL, DAPIT_WEBHOOK_SECRET } = process.env;
const FILE = `${VAR}/master.key`, FAULTY = new URL('../../build-faults/bin/dapit', import.meta.url).pathname;
const lines = () => readFileSync(FILE, 'utf8').trim().split('\n').map((l) => l.replace(/[0-9a-f]{64}/, 'KEY'));
const status = (file = FILE) => Object.fromEntries(JSON.parse(spawnSync(`${process.env.PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'secrets', 'status', '--json'],
	{ encoding: 'utf8', env: { ...process.env, DAPIT_SECRETS_KEY_FILE: file } }).stdout).map((k) => [k.key, k]));
const as = (file, ...args) => spawnSync(`${process.env.PROGRAMS}/dapit`, ['-c', DAPIT_CONF, ...args], { encoding: 'utf8', env: { ...process.env, DAPIT_SECRETS_KEY_FILE: file } });
const rotate = (at) => spawnSync(FAULTY, ['-c', DAPIT_CONF, 'secrets', 'rotate', '--yes'], { encoding: 'utf8', env: { ...process.env, ...(at ? { DAPIT_KILL_AT: String(at) } : {}) } });
const recurring = async (action, body = {}) => (await request('POST', `${DAPIT_URL}/api/recurring.php?action=${action}`,
	{ headers: { 'Content-Type': 'application/json', 'X-Gateway-Key': key }, body: JSON.stringify(body) }));
const look = (what) => JSON.parse(dapitFails('doctor', '--json').stdout).filter((f) => f.what === what)[0];

// Everything that is sealed: logins, both webhook secrets, a merchant's mail.
const first = DAPIT_WEBHOOK_SECRET;
const secret = /webhook_secret (\S+)/.exec(dapit('merchant', 'rotate-secret', '1'))[1];
is((await recurring('set_config', { smtp_host: 'mail.example.com', smtp_user: 'shop@example.com', smtp_pass: 'a-password' })).status, 200, 'a merchant has a mail login');
const s = await shop();
let all = status();
is(Object.keys(all), ['current'], 'a new installation has one key');
is(all.current.opens, 7, 'which opens all: two tokens, two webhook secrets, three of the mail login');
copyFileSync(FILE, `${VAR}/first.key`);
const group = process.getuid() === 0 ? 65534 : process.getgid();
chownSync(FILE, process.getuid(), group);

// One payment, its webhook signed with both secrets, and the mail login.
async function works() {
	const i = await invoice(5, { callback_url: s.url });
	await credit(5, i.reference);
	await confirm(i.token);
	const hook = await until(() => s.of(i.reference).at(0));
	const config = await recurring('get_config');
	return [hook && signed(hook, secret), hook && signed(hook, first), config.json?.config.find((c) => c.name === 'smtp_user').value];
}
const well = [true, true, 'sh...om'];
is(await works(), well, 'a payment is told, signed by both secrets; the mail login is read');

// Killed at its first step, run again; at its second; and so on.
const wrong = [];
let n = 1, unfinished = 0, marks = new Set([all.current.mark]), warned;
for (; n < 200; n++) {
	const r = rotate(n);
	if (r.signal !== 'SIGKILL')
		break;
	all = status();
	unfinished += 'old' in all;
	if ('old' in all)
		warned ??= look('master key');
	if (all.nothing || Object.values(all).reduce((sum, k) => sum + k.opens, 0) !== 7)
		wrong.push(`killed at ${n}: ${JSON.stringify(all)}`);
	const went = 'old' in all, again = rotate();
	if (again.status !== 0 || went !== /goes on/.test(again.stdout))
		wrong.push(`again after ${n}: ${again.status} ${again.stdout} ${again.stderr}`);
	all = status();
	if (Object.keys(all).join() !== 'current' || all.current.opens !== 7 || marks.has(all.current.mark))
		wrong.push(`at the end after ${n}: ${JSON.stringify(all)}`);
	marks.add(all.current.mark);
}
is(wrong, [], `killed at each of ${n - 1} steps: all opens, and the next run goes on to the end`);
ok(n > 20 && unfinished > 10, `${unfinished} of them left a rotation unfinished`);
has(warned, { health: 'warning' }, 'of which dapit doctor warns');
ok(/not finished/.test(warned.state) && /dapit secrets rotate/.test(warned.todo), 'and says what to do', warned);
is(await works(), well, 'the programs, which were not started anew, go on');
is(lines(), ['KEY', 'lookup KEY'], 'the file has the current key and that of the hashes');
is([statSync(FILE).mode & 0o777, statSync(FILE).uid, statSync(FILE).gid], [0o600, process.getuid(), group], 'its mode and owner are as they were');
ok(!existsSync(FILE + '.new'), 'nothing is left beside it');

// Under traffic: payments, webhooks, mail logins that are set and read.
let over = false;
const failed = [], made = [];
async function stream(each) {
	while (!over)
		await each().catch((e) => failed.push(String(e)));
}
const good = (r, what) => r.status === 200 || failed.push(`${what}: ${r.status} ${r.text}`);
const streams = [
	stream(async () => {
		const i = await invoice(7, { callback_url: s.url });
		made.push(i.reference);
		await credit(7, i.reference);
		await confirm(i.token);
		await sleep(100);
	}),
	stream(async () => {
		good(await recurring('set_config', { smtp_user: `shop${made.length}@example.com` }), 'set_config');
		good(await recurring('get_config'), 'get_config');
		await sleep(20);
	}),
	stream(async () => {
		good(await call('list_transactions', { limit: 5 }), 'list_transactions');
		await sleep(50);
	}),
];
const before = readFileSync(FILE);
const run = spawn(`${process.env.PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'secrets', 'rotate', '--yes'], { stdio: ['ignore', 'pipe', 'pipe'] });
let said = '';
run.stdout.on('data', (d) => said += d);
run.stderr.on('data', (d) => said += d);
const code = new Promise((r) => run.on('exit', r));
await until(() => /waiting/.test(said));
const second = dapitFails('secrets', 'rotate', '--yes');
ok(second.status === 1 && /another dapit/.test(second.stderr), 'two at once: the second is refused', second.stderr);
is(await code, 0, 'under traffic the key is replaced');
over = true;
await Promise.all(streams);
is(failed, [], `no request failed, of ${made.length} payments and their webhooks`);
await until(() => made.every((r) => s.of(r).length > 0));
ok(made.length > 10 && made.every((r) => s.of(r).every((h) => signed(h, secret))), 'every payment was told, signed by the merchant\'s secret');
all = status();
is([Object.keys(all), all.current.opens], [['current'], 7], 'the new key opens all');
writeFileSync(`${VAR}/before.key`, before, { mode: 0o600 });
for (const old of ['first', 'before']) {
	const by = status(`${VAR}/${old}.key`);
	is([by.current.opens, by.nothing.opens], [0, 7], `the ${old === 'first' ? 'very first' : 'last'} key opens nothing any more`);
}
const blind = JSON.parse(as(`${VAR}/before.key`, 'doctor', '--json').stdout).find((f) => f.what === 'sealed values');
ok(blind.health === 'broken' && /^7 /.test(blind.state), 'dapit doctor: a machine with that file is told that it opens nothing', blind);
has(look('sealed values'), { health: 'ok' }, 'and this one that all is well');
is((await api('list_transactions', { limit: 1 })).success, true, 'the API key of before is valid');
ok(!/[0-9a-f]{16}/.test(said) && !/[0-9a-f]{16}/.test(dapit('log', '500')), 'no key on the terminal or in the log', said);
ok(/secrets rotate/.test(dapit('log', '500')), 'the act is in the log');
is(dapitFails('secrets', 'rotate').status, 2, 'it asks, or needs --yes');

// Two machines, each with its own file.
const two = `${VAR}/two.key`, copy = () => copyFileSync(FILE, two);
dapit('secrets', 'next');
is(lines(), ['KEY', 'lookup KEY', 'next KEY'], 'dapit secrets next: it is there');
is(status().next.opens, 0, 'and seals nothing yet');
is(dapitFails('secrets', 'next').status, 1, 'there is one at a time');
copy();
const next = status().next.mark;
dapit('secrets', 'rotate', '--keep-old', '--yes');
is(lines(), ['KEY', 'lookup KEY', 'old KEY'], 'rotate --keep-old: the next key is the current, the old one stays');
all = status();
is([all.current.mark, all.current.opens, all.old.opens], [next, 7, 0], 'all is sealed with it');
is(status(two).next.opens, 7, 'the machine that has the file of before opens all by its next key');
is(as(two, 'merchant', 'rotate-secret', '1').status, 0, 'and seals a webhook secret with its current one');
is([status().current.opens, status().old.opens], [6, 1], 'which opens by the old key here');
copy();
const end = rotate();
ok(end.status === 0 && /goes on/.test(end.stdout), 'dapit secrets rotate goes on with it', end.stdout + end.stderr);
is([lines(), status().current.opens], [['KEY', 'lookup KEY'], 7], 'and drops the old key');
is(status(two).current.opens, 7, 'the second machine opens all');
balanced();
s.close();
done();
