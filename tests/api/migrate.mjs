// migrate.mjs - an upgrade with a migration, under load: the schema changes
// beneath the old programs, old and new ones run side by side on it, the old
// ones leave. Not one request fails, no payment is lost or told twice. The next
// release is this one with one migration more.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname } from 'node:path';
import { is, ok, done, request, bank, shop, until, sleep, dapit, balanced, cgi, key } from './lib.mjs';

const { VAR, PROGRAMS, DAPIT_CONF, PORT } = process.env;
const here = new URL('../..', import.meta.url).pathname;
const SESSIONS = 50000;		// there before: an index takes its time
const client = ['--no-defaults', '-u', userInfo().username, '-S', `${VAR}/run/db.sock`, '-BN'];
const sql = (text, db = 'dapit') => execFileSync('mariadb', [...client, db, '-e', text], { encoding: 'utf8' }).trim();

// The lint of migrations, and what it says of bad ones.
mkdirSync(`${VAR}/bad`);
const lint = (name, text) => {
	writeFileSync(`${VAR}/bad/${name}`, text + '\n');
	return spawnSync(here + 'tests/schema', [`${VAR}/bad/${name}`], { encoding: 'utf8' }).status;
};
const online = 'ALGORITHM=INSTANT, LOCK=NONE;';
for (const [text, rc] of [
	[`ALTER TABLE t ADD COLUMN IF NOT EXISTS a BIGINT NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS b INT NULL, ${online}`, 0],
	['CREATE TABLE IF NOT EXISTS t (\n\tid BIGINT NOT NULL\t-- one; two\n);\nINSERT IGNORE INTO t SELECT 1;', 0],
	['CREATE TABLE t (id BIGINT);', 1], ['DROP TABLE t;', 1], ['UPDATE t SET a = 1;', 1], ['DELETE FROM t;', 1],
	['ALTER TABLE t ADD COLUMN IF NOT EXISTS a BIGINT NULL;', 1],
	[`ALTER TABLE t ADD COLUMN IF NOT EXISTS a BIGINT NOT NULL, ${online}`, 1],
	[`ALTER TABLE t ADD COLUMN a BIGINT NULL, ${online}`, 1], [`ALTER TABLE t DROP COLUMN a, ${online}`, 1],
	[`ALTER TABLE t MODIFY COLUMN a INT NULL, ${online}`, 1], [`ALTER TABLE t RENAME COLUMN a TO b, ${online}`, 1],
	[`ALTER TABLE t ADD UNIQUE KEY IF NOT EXISTS a (a), ${online}`, 1],
])
	is(lint('0010-case.sql', text), rc, `tests/schema ${rc ? 'refuses' : 'takes'}: ${text.slice(0, 70)}`);
is(lint('0009-case.sql', 'DROP TABLE t;'), 0, 'what was released before 0010 is as it is');

// The next release.
const next = `${VAR}/next`, build = basename(dirname(PROGRAMS));
mkdirSync(`${next}/${build}`, { recursive: true });
execFileSync('cp', ['-a', ...['Makefile', 'cgi', 'lib', 'schema', 'nginx'].map((f) => here + f), next]);
execFileSync('sh', ['-c', `cp -a lib cgi bin *.c *.o *.d '${next}/${build}/'`], { cwd: here + build });
execFileSync('mkdir', ['-p', `${next}/www/docs`]);
execFileSync('cp', ['-a', here + 'www/docs/examples.json', `${next}/www/docs/`]);
writeFileSync(`${next}/schema/9999-next.sql`, `-- 9999-next: what a migration may do.
ALTER TABLE gateway_transfers
	ADD COLUMN IF NOT EXISTS next_note VARCHAR(64) NULL,
	ALGORITHM=INSTANT, LOCK=NONE;
ALTER TABLE gateway_sessions
	ADD COLUMN IF NOT EXISTS next_mark BIGINT NOT NULL DEFAULT 7,
	ALGORITHM=INSTANT, LOCK=NONE;
ALTER TABLE gateway_sessions
	ADD KEY IF NOT EXISTS next_created (merchant_id, created_at, amount),
	ADD KEY IF NOT EXISTS next_order (merchant_order_id, status),
	ALGORITHM=NOCOPY, LOCK=NONE;
CREATE TABLE IF NOT EXISTS gateway_next (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	session_id	BIGINT		NOT NULL,
	KEY session (session_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT IGNORE INTO gateway_next (id, session_id)
SELECT id, id FROM gateway_sessions WHERE id < 1000;
`);
is(spawnSync(here + 'tests/schema', [`${next}/schema/9999-next.sql`]).status, 0, 'its migration is one that may run beside old programs');
const made = spawnSync('make', ['-s', ...(build === 'build-san' ? ['SAN=1'] : []), ...['dapit', 'worker', 'gateway.fcgi', 'recurring.fcgi'].map((p) => `${build}/bin/${p}`)],
	{ cwd: next, encoding: 'utf8', env: { ...process.env, MAKEFLAGS: '' } });
is(made.status, 0, 'the next release builds: ' + made.stderr.slice(0, 300));
is(made.stdout.match(/CC/g), null, 'with nothing compiled but its schema');
const later = `${next}/${build}/bin`;

// What was there before.
sql(`INSERT INTO gateway_sessions (merchant_id, environment, token_id, token_check, amount, created_at, expires_at, merchant_order_id)
	SELECT 1, 0, UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), 100 + seq % 999, UNIX_TIMESTAMP() - seq, UNIX_TIMESTAMP() + 99999, CONCAT('B-', seq)
	FROM seq_1_to_${SESSIONS}`);

// Old and new programs on the same sockets, held by somebody else, as systemd
// does; and an nginx that asks them.
const owner = `
import socket, subprocess, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(4096)
all = {}
for line in sys.stdin:
    what, name = line.split()
    if what == 'start':
        all[name] = subprocess.Popen([name] + sys.argv[2:], stdin=s.fileno())
    else:
        all[name].terminate(); all[name].wait()
    print('done', flush=True)
`;
function hold(name) {
	const p = spawn('python3', ['-c', owner, `${VAR}/run/up-${name}.sock`, '-c', DAPIT_CONF, '-s', '-'], { stdio: ['pipe', 'pipe', 'ignore'] });
	let n = 0;
	p.stdout.on('data', (d) => n += String(d).split('done').length - 1);
	const say = async (line) => { const was = n; p.stdin.write(line + '\n'); await until(() => n > was); };
	return { start: (bin) => say(`start ${bin}/${name}.fcgi`), stop: (bin) => say(`stop ${bin}/${name}.fcgi`), end: () => p.stdin.end() };
}
const sockets = [hold('gateway'), hold('recurring')];
const workers = {};
async function start(bin) {
	for (const s of sockets)
		await s.start(bin);
	workers[bin] = spawn(`${bin}/worker`, ['-c', DAPIT_CONF], { stdio: 'ignore' });
	workers[bin].gone = new Promise((r) => workers[bin].on('exit', (code, signal) => r(code ?? signal)));
}
async function stop(bin) {
	for (const s of sockets)
		await s.stop(bin);
	workers[bin].kill('SIGTERM');
	is(await workers[bin].gone, 0, `the worker of ${bin === later ? 'the next' : 'this'} release left in peace`);
}
dapit('bank', 'sync');
await start(PROGRAMS);
const port = Number(PORT) + 2;
const places = readFileSync(`${VAR}/places.conf`, 'utf8').replaceAll('fastcgi_keep_conn on;', '');
writeFileSync(`${VAR}/places-up.conf`, places);
writeFileSync(`${VAR}/nginx-up.conf`, readFileSync(`${VAR}/nginx.conf`, 'utf8').replace(`127.0.0.1:${PORT}`, `127.0.0.1:${port}`).replace(/ keepalive 16;/, '')
	.replace('gateway.sock', 'up-gateway.sock').replace('recurring.sock', 'up-recurring.sock').replace('nginx-master.pid', 'nginx-up.pid').replace('places.conf', 'places-up.conf'));
const nginx = spawn('nginx', ['-p', VAR, '-c', `${VAR}/nginx-up.conf`, '-e', `${VAR}/log/nginx-up.log`], { stdio: 'inherit' });

// Traffic: every call is kept with its time, and counted for who made it; none
// may fail.
const calls = [], bad = [], made_by = [];
const asks = (who) => (...call) => ask(who, ...call);
async function ask(who, action, body, path = 'gateway/gateway.php') {
	const at = Date.now();
	const r = await request('POST', `http://127.0.0.1:${port}/api/${path}?action=${action}`,
		{ headers: { 'Content-Type': 'application/json', 'X-Gateway-Key': key }, body: JSON.stringify(body) }).catch((e) => ({ status: 0, text: e.message }));
	calls.push({ at, ms: Date.now() - at });
	made_by[who] = (made_by[who] ?? 0) + 1;
	if (r.status !== 200)
		bad.push([action, r.status, r.text]);
	return r.json ?? {};
}
ok(await until(async () => (await request('GET', `http://127.0.0.1:${port}/api/gateway/gateway.php?action=health`).catch(() => ({}))).status === 200), 'this release answers');
const s = await shop();
const paid = [], refunds = [], schedules = [];
let over = false;
async function shopper(n) {
	const ask = asks(n);
	for (let i = 0; !over; i++) {
		const amount = 5 + i % 7;
		const made = await ask('create_session', { amount, callback_url: s.url, order_id: `M-${n}-${i}` });
		const inv = await ask('create_invoice', { token: made.session_token });
		const there = await bank('/simulate/credit', { amount, remittance: inv.reference_number, debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith' }).catch((e) => bad.push(['bank', 0, e.message]));
		await ask('confirm_paid', { token: made.session_token });
		const p = { token: made.session_token, reference: inv.reference_number, there };
		paid.push(p);
		for (let st = 'pending'; !over && ['pending', 'polling'].includes(st); await sleep(200))
			st = (await ask('check_payment', { token: p.token })).status;
		if (over || i % 2)
			continue;
		const r = await ask('create_refund', { reference: p.reference, amount: 3 });
		refunds.push(r.refund_id);
		await ask('send_refund', { refund_id: r.refund_id, debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith' });
	}
}
async function reader(n) {
	const ask = asks(n);
	for (let i = 1; !over; i++, await sleep(10)) {
		const { session_token } = await ask('create_session', { amount: 9, order_id: 'R-' + i });
		await ask('list_transactions', { limit: 20 });
		await ask('get_session', { token: session_token });
	}
}
async function biller(n) {
	const ask = asks(n);
	for (let i = 0; !over; i++, await sleep(100))
		schedules.push((await ask('create_schedule', { customer_name: 'A', customer_email: 'a@example.com', frequency: 'monthly', amount: 9 }, 'recurring.php')).schedule_id);
}
const traffic = [...Array.from({ length: 10 }, (_, n) => shopper(n)), reader(10), reader(11), biller(12)];
// Everybody is answered so many times more: nobody is held up.
async function goOn(times) {
	const was = traffic.map((_, n) => made_by[n] ?? 0);
	return until(() => was.every((w, n) => (made_by[n] ?? 0) >= w + times));
}
const marks = {};
const mark = (name) => marks[name] = Date.now();
mark('before');
ok(await goOn(20), 'there is traffic');

// A migration that is killed in the middle: somebody's long transaction keeps
// its second statement waiting. Then two at once, until that one ends.
mark('migration');
const long = spawn('mariadb', [...client, '-n', 'dapit'], { stdio: ['pipe', 'pipe', 'ignore'] });
const ended = new Promise((r) => long.on('exit', r));
const begun = new Promise((r) => long.stdout.once('data', r));
long.stdin.write('START TRANSACTION; SELECT COUNT(*) FROM gateway_sessions;\n');
await begun;
const migrate = () => {
	const p = spawn(`${later}/dapit`, ['-c', DAPIT_CONF, 'migrate'], { stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	p.stdout.on('data', (d) => text += d);
	p.stderr.on('data', (d) => text += d);
	p.waits = () => /it waits for others/.test(text);
	p.gone = new Promise((r) => p.on('exit', (code, signal) => r([signal ?? code, text])));
	return p;
};
const first = migrate();
ok(await until(() => sql("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'dapit' AND column_name = 'next_note'") === '1'), 'its first statement is done');
ok(await until(() => first.waits()), 'its second one waits');
first.kill('SIGKILL');
is((await first.gone)[0], 'SIGKILL', 'it is killed in the middle');
is(sql("SELECT COUNT(*) FROM schema_migrations WHERE name = '9999-next'"), '0', 'and not done');
const twins = [migrate(), migrate()];
ok(await until(() => twins.some((p) => p.waits())), 'then two at once wait, too');
ok(await goOn(5), 'and nobody else waits for the end of the long transaction');
long.stdin.end('COMMIT;\n');
await ended;
const both = await Promise.all(twins.map((p) => p.gone));
is(both.map((r) => r[0]), [0, 0], 'they run to their end');
is(both.map((r) => /migrations (\d)/.exec(r[1])?.[1]).sort(), ['0', '1'], 'one of them did it');
is((await migrate().gone)[1], 'migrations 0\n', 'once more there is nothing to do');
is(sql("SELECT COUNT(DISTINCT index_name) FROM information_schema.statistics WHERE table_schema = 'dapit' AND index_name LIKE 'next%'"), '2', 'the indexes are there');
is(sql('SELECT MIN(next_mark), MAX(next_mark) FROM gateway_sessions'), '7\t7', 'old rows and those of old programs have the default');

mark('side by side');
await start(later);
ok(await goOn(20), 'old and new programs answer side by side');
mark('the old ones leave');
await stop(PROGRAMS);
ok(await goOn(20), 'and the new ones alone');
await until(() => paid.length > 20 && refunds.length > 5);
over = true;
await Promise.all(traffic);
mark('end');

// What became of it.
const spans = Object.entries(marks);
const all = spans.slice(0, -1).map(([name, from], i) => {
	const ms = calls.filter((c) => c.at >= from && c.at < spans[i + 1][1]).map((c) => c.ms).sort((a, b) => a - b);
	return { name, n: ms.length, p50: ms[ms.length >> 1], p99: ms[Math.floor(ms.length * 0.99)], max: ms.at(-1) };
});
for (const a of all)
	console.log(`# ${a.name}: ${a.n} requests, p50 ${a.p50} ms, p99 ${a.p99} ms, longest ${a.max} ms`);
is(bad.slice(0, 5), [], `none of ${calls.length} requests failed`);
ok(paid.length > 20 && refunds.length > 5 && schedules.length > 50, `${paid.length} payments, ${refunds.length} refunds, ${schedules.length} schedules`);
const open = () => sql(`SELECT COUNT(*) FROM gateway_sessions WHERE merchant_order_id LIKE 'M-%' AND status <> 4`);
await until(() => open() === '0');
is(open(), '0', 'every payment is confirmed');
const untold = () => paid.filter((p) => s.of(p.reference).filter((h) => h.json.event === 'payment.confirmed').length !== 1).map((p) => p.reference);
await until(() => untold().length === 0);
is(untold(), [], 'and its shop was told, once');
const unsent = () => sql('SELECT COUNT(*) FROM gateway_refunds WHERE status <> 3');
await until(() => unsent() === '0');
is([unsent(), sql('SELECT COUNT(DISTINCT refund_id) = COUNT(*) FROM gateway_payouts WHERE authorised_at > 0')], ['0', '1'], 'every refund is sent, once');
balanced();
await stop(later);
nginx.kill();
for (const h of sockets)
	h.end();

// New programs before the migration: a clear word in the log, 503 meanwhile.
sql('CREATE DATABASE dapit_behind CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
const behind = { DAPIT_DATABASE_NAME: 'dapit_behind' };
const log = (r) => /"why":"([^"]*)/.exec(r.err)?.[1] ?? r.err;
let r = cgi('create_session', { amount: 5 }, { settings: behind });
ok(/^Status: 503/m.test(r.head) && r.json.code === 'unavailable', 'no tables: 503', r.head);
ok(/run dapit migrate/.test(log(r)), 'the log says what to do', log(r));
const with_ = (...args) => spawnSync(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, ...args], { encoding: 'utf8', env: { ...process.env, ...behind } });
is(with_('migrate').status, 0, 'the operator does');
is(cgi('health', {}, { settings: behind }).json.success, true, 'and it is healthy');
const last = readdirSync('schema').filter((f) => f.endsWith('.sql')).sort().at(-1).slice(0, -4);
sql(`ALTER TABLE gateway_sessions DROP COLUMN return_url; DELETE FROM schema_migrations WHERE name = '${last}'`, 'dapit_behind');
r = cgi('get_session', { token: '0'.repeat(64) }, { settings: behind });
ok(/^Status: 503/m.test(r.head) && /return_url.*run dapit migrate/.test(log(r)), 'a column is missing: the same', [r.head, log(r)]);
r = cgi('health', {}, { settings: behind });
ok(/^Status: 503/m.test(r.head) && log(r).includes(last) && /run dapit migrate/.test(log(r)), 'health is 503, so nobody is sent there', [r.head, log(r)]);
ok(new RegExp(`broken +schema: ${last}\n +> run dapit migrate`).test(with_('doctor').stdout), 'and doctor says it too');
s.close();
done();
