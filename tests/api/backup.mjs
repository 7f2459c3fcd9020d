// backup.mjs - a backup taken under load is restored beside the bank that went
// on: keys and secrets work, the statement is read over the gap, what came for
// sessions that are lost is listed, and no refund is paid a second time,
// wherever its sender was when the backup was taken. The bank's own books are
// the judge.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { is, ok, done, call, api, bank, credit, invoice, shop, signed, until, sleep, settled, dapit, balanced, key, url } from './lib.mjs';

const { VAR, PROGRAMS, DAPIT_CONF, PORT } = process.env;
const FAULTY = PROGRAMS.replace('/build', '/build-faults').replace('-san', '');
const OURS = 'LT913740020058585210', PAYER = 'DE89370400440532013000';
const me = userInfo().username;
const sql = (text, socket = `${VAR}/run/db.sock`) => execFileSync('mariadb', ['--no-defaults', '-u', me, '-S', socket, '-BN', 'dapit', '-e', text], { encoding: 'utf8' }).trim();
const kept = [];
function keep(command, args) {
	const p = spawn(command, args, { stdio: 'ignore' });
	p.gone = new Promise((r) => p.on('exit', r));
	kept.push(p);
	return p;
}
process.on('exit', () => kept.forEach((p) => p.kill('SIGKILL')));

dapit('bank', 'sync');
const worker = keep(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF]);
const s = await shop();
const truth = [];		// every payment: its reference, when

// Refunds, one for each step at which a sender may be.
const one = await invoice(9000);
await credit(9000, one.reference);
await settled(one.token);
worker.kill('SIGSTOP');		// nobody takes them over yet
execFileSync('pkill', ['-STOP', '-P', String(worker.pid)]);
const refund = async () => (await api('create_refund', { reference: one.reference, amount: 7 })).refund_id;
function sendCut(refund_id, at) {
	const body = JSON.stringify({ refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' });
	return spawnSync(`${FAULTY}/gateway.fcgi`, ['-c', DAPIT_CONF], { input: body, env: { ...process.env, DAPIT_KILL_AT: String(at), REQUEST_METHOD: 'POST',
		QUERY_STRING: 'action=send_refund', CONTENT_TYPE: 'application/json', CONTENT_LENGTH: String(body.length), SCRIPT_NAME: '/api/gateway/gateway.php',
		REMOTE_ADDR: '127.0.0.1', GATEWAY_INTERFACE: 'CGI/1.1', HTTP_X_GATEWAY_KEY: key } }).signal === 'SIGKILL';
}
const refunds = [];
for (let at = 1, cut = true; cut; at++) {
	refunds.push(await refund());
	cut = sendCut(refunds.at(-1), at);
}
const shapes = () => sql("SELECT CONCAT(r.status, IF(r.payout_id, ' chosen', ''), IF(p.authorised_at, ' authorised', '')) AS shape FROM gateway_refunds r LEFT JOIN gateway_payouts p ON p.id = r.payout_id GROUP BY shape ORDER BY shape").split('\n');
is(shapes(), ['0', '1', '1 chosen', '1 chosen authorised', '3 chosen authorised'], `${refunds.length} refunds: pending, sending, their order chosen, authorised, sent`);

// Shops and shoppers go on, before, during and after the backup.
let over = false;
async function shopper(n) {
	for (let i = 0; !over; i++) {
		const inv = await invoice(5 + i % 7, { callback_url: s.url, order_id: `K-${n}-${i}` });
		await credit(5 + i % 7, inv.reference);
		truth.push({ reference: inv.reference, token: inv.token });
		await sleep(50);
	}
}
const waiting = await invoice(33, { callback_url: s.url });	// is paid after the backup
const traffic = Array.from({ length: 4 }, (_, n) => shopper(n));
await sleep(1000);
const dump = `${VAR}/dapit.sql`;
execFileSync('sh', ['-c', `mariadb-dump --no-defaults --single-transaction -u '${me}' -S '${VAR}/run/db.sock' dapit >'${dump}'`]);
const whole = `${VAR}/whole`;
const copied = spawnSync('mariabackup', ['--no-defaults', '--backup', `--target-dir=${whole}`, `--user=${me}`, `--socket=${VAR}/run/db.sock`, `--datadir=${VAR}/data`], { encoding: 'utf8' });
is(copied.status, 0, 'mariabackup copies the whole server meanwhile: ' + copied.stderr.slice(-200));
for (const f of ['master.key', 'dapit.conf'])
	copyFileSync(`${VAR}/${f}`, `${VAR}/${f}.saved`);
await sleep(1000);
over = true;
await Promise.all(traffic);
await credit(33, waiting.reference);
truth.push({ reference: waiting.reference, token: waiting.token });

// What the backup does not know: all refunds are paid, all shops are told.
execFileSync('pkill', ['-CONT', '-P', String(worker.pid)]);
worker.kill('SIGCONT');
dapit('clock', '+61');		// their senders' leases end
const left = async () => { const all = []; for (let cursor, page; !page || (cursor = page.next_cursor); ) all.push(...(page = await api('list_refunds', { limit: 200, ...(cursor ? { cursor } : {}) })).refunds); return all; };
ok(await until(async () => (await left()).every((r) => r.status !== 'sending')), 'the worker sends those that were on their way');
const lateOnes = (await left()).filter((r) => r.status === 'pending').map((r) => r.refund_id);
for (const refund_id of lateOnes)
	await call('send_refund', { refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' });
is([...new Set((await left()).map((r) => r.status))], ['sent'], 'the others are sent now');
const told = (reference, since = 0) => s.of(reference).filter((h) => h.at >= since && h.json.event === 'payment.confirmed');
ok(await until(() => truth.every((t) => told(t.reference).length)), `${truth.length} payments were told`);
balanced('before: the books balance');
worker.kill('SIGTERM');
await worker.gone;

// A new server, empty, with the dump; the saved settings and key.
const again = `${VAR}/again`;
const conf = `${again}/dapit.conf`, port = Number(PORT) + 3;
async function server(name, data) {
	const socket = `${VAR}/run/${name}.sock`;
	mkdirSync(`${VAR}/run/${name}-tmp`);
	const out = openSync(`${VAR}/log/${name}.log`, 'a');
	const p = spawn('mariadbd', ['--no-defaults', `--user=${me}`, `--datadir=${data}`, `--socket=${socket}`, `--tmpdir=${VAR}/run/${name}-tmp`, `--pid-file=${VAR}/run/${name}.pid`,
		'--skip-networking', '--innodb-autoinc-lock-mode=2', '--innodb-buffer-pool-size=64M', '--max-connections=200', '--skip-name-resolve', '--transaction-isolation=READ-COMMITTED'], { stdio: ['ignore', out, out] });
	kept.push(p);
	ok(await until(() => spawnSync('mariadb', ['--no-defaults', '-u', me, '-S', socket, '-e', 'SELECT 1']).status === 0), `${name}: the server runs`);
	return { p, socket };
}
mkdirSync(`${again}/tmp`, { recursive: true });
execFileSync('mariadb-install-db', ['--no-defaults', `--user=${me}`, `--datadir=${again}/data`, `--tmpdir=${again}/tmp`, '--skip-test-db', '--auth-root-authentication-method=socket', `--auth-root-socket-user=${me}`], { stdio: 'ignore' });
const db = await server('again', `${again}/data`);
execFileSync('sh', ['-c', `mariadb --no-defaults -u '${me}' -S '${db.socket}' -e 'CREATE DATABASE dapit CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' && mariadb --no-defaults -u '${me}' -S '${db.socket}' dapit <'${dump}'`]);
copyFileSync(`${VAR}/master.key.saved`, `${again}/master.key`);
const settings = (socket) => readFileSync(`${VAR}/dapit.conf.saved`, 'utf8').replace(/^socket = .*$/m, `socket = ${socket}`).replace(/^key_file = .*$/m, `key_file = ${again}/master.key`);
writeFileSync(conf, settings(db.socket), { mode: 0o600 });
const operator = (...args) => spawnSync(`${PROGRAMS}/dapit`, ['-c', conf, ...args], { encoding: 'utf8' });
is(operator('migrate').stdout, 'migrations 0\n', 'the schema is there');
writeFileSync(`${VAR}/nginx-again.conf`, readFileSync(`${VAR}/nginx.conf`, 'utf8').replace(`127.0.0.1:${PORT}`, `127.0.0.1:${port}`)
	.replace('gateway.sock', 'again-gateway.sock').replace('nginx-master.pid', 'nginx-again.pid'));
keep(`${PROGRAMS}/gateway.fcgi`, ['-c', conf, '-s', `${VAR}/run/again-gateway.sock`]);
keep('nginx', ['-p', VAR, '-c', `${VAR}/nginx-again.conf`, '-e', `${VAR}/log/nginx-again.log`]);
const base = url.replace(PORT, port);
const on = (action, body = {}) => call(action, body, { base });
const began = Date.now();
ok(await until(async () => (await on('whoami').catch(() => ({}))).status === 200), 'an old key works');

// Nobody has read the statement yet, and a shop sends what the backup says is
// pending: it was paid meanwhile. Orders of the backup are old by now.
dapit('clock', '+16m');
const orders = async () => { const all = []; for (let after = 0, page; (page = (await bank(`/simulate/payments?after=${after}`)).payments).length; after = page.at(-1).id) all.push(...page); return all; };
const before = (await orders()).filter((o) => o.transaction_status === 'ACSC').length;
is(before, refunds.length, 'the bank paid each refund');
const eager = await on('send_refund', { refund_id: lateOnes[0], debtor_iban: PAYER, debtor_name: 'John Smith' });
is([eager.status, eager.json.status], [200, 'sent'], 'a refund that is pending only in the backup: it is sent, says the statement');
const second = keep(`${PROGRAMS}/worker`, ['-c', conf]);
const list = async () => (await Promise.all([0, 200].map(async (offset) => (await on('list_refunds', { limit: 200, offset })).json.refunds))).flat();
await until(async () => (await list()).every((r) => r.status === 'sent'));
is([...new Set((await list()).map((r) => r.status))], ['sent'], 'all refunds are');
await sleep(1500);
is((await orders()).filter((o) => o.transaction_status !== 'RCVD').length, before, 'and not one was paid a second time');

// Money.
const state = async (t) => (await on('payment_status', { reference: t.reference })).json;
const lost = [], wrong = [];
await until(async () => operator('bank', 'sync').status === 0);
for (const t of truth) {
	const st = await state(t);
	if (st.code === 'not_found')
		lost.push(t.reference);
	else if (st.status !== 'confirmed')
		wrong.push([t.reference, st.status]);
}
is(wrong, [], `${truth.length - lost.length} payments are booked again over the gap`);
ok(lost.length > 5 && lost.length < truth.length - 5, `${lost.length} were for sessions made after the backup`);
const unmatched = operator('transfers', '--unmatched').stdout;
is(lost.filter((r) => !unmatched.includes(r)), [], 'they are listed as unmatched, each with its reference');
is(unmatched.trim().split('\n').filter((l) => /unknown_reference/.test(l)).length, lost.length, 'and nothing else is');
ok(await until(() => told(waiting.reference, began).length), 'what was paid after the backup is told again');
ok(signed(told(waiting.reference, began)[0]), 'signed with the old secret: the key opens what is sealed');
const audit = operator('audit');
ok(audit.status === 0 && /^balanced$/m.test(audit.stdout), 'the books balance', audit.stdout + audit.stderr);
const entries = [];
for (let after = 0, page; (page = (await bank(`/simulate/entries?iban=${OURS}&after=${after}`)).entries).length; after = page.at(-1).transaction_id)
	entries.push(...page);
is(sql('SELECT COUNT(*), SUM(IF(credit, amount, -amount)) FROM gateway_transfers', db.socket),
	`${entries.length}\t${entries.reduce((n, e) => n + Math.round(e.amount * 100) * (e.direction === 'CREDIT' ? 1 : -1), 0)}`, 'every entry of the bank is there, once, to the cent');
is((await on('create_session', { amount: 3 })).status, 200, 'and life goes on');
second.kill('SIGTERM');
await second.gone;

// The copy of the whole server.
is(spawnSync('mariabackup', ['--prepare', `--target-dir=${whole}`]).status, 0, 'mariabackup prepares its copy');
const twin = await server('whole', whole);
writeFileSync(`${whole}.conf`, settings(twin.socket), { mode: 0o600 });
const there = spawnSync(`${PROGRAMS}/dapit`, ['-c', `${whole}.conf`, 'audit'], { encoding: 'utf8' });
ok(there.status === 0 && /^balanced$/m.test(there.stdout), 'its books balance too', there.stdout + there.stderr);
is(spawnSync(`${PROGRAMS}/dapit`, ['-c', `${whole}.conf`, 'bank', 'sync']).status, 0, 'it reads on');
is(sql('SELECT COUNT(*) FROM gateway_transfers', twin.socket), String(entries.length), 'and has all');
s.close();
done();
