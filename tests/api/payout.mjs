// payout.mjs - a refund is paid once, or visibly not at all, wherever its
// sender, the worker or the database is killed. Each kind of kill walks from
// the first step (a statement of the database, a call of the bank) to the
// last; then a worker mends all. The bank's own books are the judge.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { is, ok, has, done, call, api, bank, credit, invoice, settled, until, dapit, balanced, key, sleep } from './lib.mjs';

const { VAR, PROGRAMS, DAPIT_CONF } = process.env;
const FAULTY = PROGRAMS.replace('/build', '/build-faults').replace('-san', '');
const OURS = 'LT913740020058585210', PAYER = 'DE89370400440532013000';
const STEPS = 200;		// a walk ends long before
// What a killed one claimed ends, by the gateway's clock, and what it leased, by the database's.
const lease = () => {
	dapit('clock', '+61');
	execFileSync('mariadb', ['--no-defaults', '-u', userInfo().username, '-S', `${VAR}/run/db.sock`, 'dapit', '-e', 'UPDATE bank_accounts SET lease_until = 0; UPDATE bank_logins SET lease_until = 0']);
};

// One payment that all refunds are taken from.
const one = await invoice(90000);
await credit(90000, one.reference);
dapit('bank', 'sync');
await settled(one.token);
const create = async () => (await api('create_refund', { reference: one.reference, amount: 7 })).refund_id;
const refunds = async () => {
	const all = [];
	for (let cursor, page; !page || (cursor = page.next_cursor); )
		all.push(...(page = await api('list_refunds', { limit: 200, ...(cursor ? { cursor } : {}) })).refunds);
	return new Map(all.map((r) => [r.refund_id, r]));
};

// Runs a program of the build that can be killed at a step; says whether the
// step was reached, and what it answered.
function run(program, args, body, settings) {
	const r = spawnSync(`${FAULTY}/${program}`, args, { input: body, encoding: 'utf8', env: { ...process.env, ...settings } });
	return { killed: r.signal === 'SIGKILL', text: r.stdout };
}
const send = (refund_id, settings) => {
	const body = JSON.stringify({ refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' });
	return run('gateway.fcgi', ['-c', DAPIT_CONF], body, { ...settings, REQUEST_METHOD: 'POST', QUERY_STRING: 'action=send_refund',
		CONTENT_TYPE: 'application/json', CONTENT_LENGTH: String(body.length), SCRIPT_NAME: '/api/gateway/gateway.php',
		REMOTE_ADDR: '127.0.0.1', GATEWAY_INTERFACE: 'CGI/1.1', HTTP_X_GATEWAY_KEY: key });
};
const turn = (settings) => run('worker', ['-c', DAPIT_CONF, '--once'], '', settings);
const database = () => readFileSync(`${VAR}/run/mariadbd.pid`, 'utf8').trim();
const alive = () => until(async () => (await call('whoami').catch(() => ({}))).status === 200);

// The sender.
const made = [];
let steps = 0;
for (let at = 1; at < STEPS; at++) {
	const id = await create();
	made.push(id);
	lease();		// so each of them reads the statement first
	const r = send(id, { DAPIT_KILL_AT: String(at) });
	if (!r.killed) {
		has(JSON.parse(r.text.slice(r.text.indexOf('{'))), { status: 'sent' }, 'the last walk of the sender meets no kill: sent');
		break;
	}
	steps = at;
}
ok(steps > 15 && steps < STEPS - 1, `the sender was killed at each of ${steps} steps`);
let now = await refunds();
const begun = made.filter((id) => now.get(id).status === 'sending');
ok(begun.length > 5, `${begun.length} of them left the refund on its way`);
is((await call('send_refund', { refund_id: begun[0], debtor_iban: PAYER, debtor_name: 'John Smith' })).status, 409,
	'sent again while its fate is not known: 409');
is((await call('cancel_refund', { refund_id: begun[0] })).status, 409, 'given up: 409');

// The worker, which finds two of them each time.
const onItsWay = made.indexOf(begun[0]) + 1;
const mend = () => { lease(); return turn({}); };
mend();
steps = 0;
for (let at = 1, after = 0; at < STEPS && after < 5; at++) {	// what it does later is no matter of refunds
	const two = [];
	for (let i = 0; i < 2; i++) {
		two.push(await create());
		send(two[i], { DAPIT_KILL_AT: String(onItsWay) });
	}
	made.push(...two);
	lease();
	if (!turn({ DAPIT_KILL_AT: String(at) }).killed)
		break;
	steps = at;
	now = await refunds();
	after = two.every((id) => now.get(id).status === 'sent') ? after + 1 : 0;
	mend();
}
ok(steps > 30 && steps < STEPS - 1, `the worker was killed at each of ${steps} steps`);

// The database, under a sender that lives on.
steps = 0;
for (let at = onItsWay; at < STEPS; at++) {
	const id = await create();
	made.push(id);
	dapit('bank', 'sync');	// and none of these
	const pid = database();
	const r = send(id, { DAPIT_KILL_AT: String(at), DAPIT_KILL_PID: pid });
	await sleep(20);
	if (database() === pid && await alive() && database() === pid) {
		has(JSON.parse(r.text.slice(r.text.indexOf('{'))), { status: 'sent' }, 'the last walk of the database meets no kill: sent');
		break;
	}
	await alive();
	steps = at;
}
ok(steps - onItsWay > 15 && steps < STEPS - 1, `the database was killed at each of ${steps - onItsWay + 1} steps of a sender`);

// Everything runs again.
const worker = spawn(PROGRAMS + '/worker', ['-c', DAPIT_CONF], { stdio: 'ignore' });
const open = async () => [...(now = await refunds()).values()].filter((r) => r.status === 'sending');
for (let i = 0; i < 20 && (await open()).length > 0; i++) {
	lease();
	await until(async () => (await open()).length === 0, 15);
}
is((await open()).map((r) => [r.refund_id, r.failure]), [], 'one worker later no refund is on its way any more');
for (const r of [...now.values()].filter((x) => x.status === 'pending'))
	await call('send_refund', { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' });
now = await refunds();
is([...new Set(made.map((id) => now.get(id).status))], ['sent'], `all ${made.length} refunds are sent, those begun too late when sent again`);

// What the bank says.
const orders = [];
for (let after = 0, page; (page = (await bank(`/simulate/payments?after=${after}`)).payments).length; after = page.at(-1).id)
	orders.push(...page);
const of = (r) => orders.filter((o) => o.external_reference.startsWith(r.reference_number + '-'));
const paid = made.map((id) => of(now.get(id)).filter((o) => o.transaction_status === 'ACSC').length);
is([...new Set(paid)], [1], 'the bank paid each of them once');
is(orders.filter((o) => o.transaction_status === 'PDNG').length, 0, 'and has none in the works');
const lost = orders.filter((o) => o.transaction_status === 'RCVD').length;
ok(lost > 0, `${lost} orders were made and never authorised: they move nothing`);
const entries = [];
for (let after = 0, page; (page = (await bank(`/simulate/entries?iban=${OURS}&after=${after}`)).entries).length; after = page.at(-1).transaction_id)
	entries.push(...page.filter((e) => e.direction === 'DEBIT'));
is([entries.length, entries.reduce((sum, e) => sum + Math.round(e.amount * 100), 0)], [made.length, made.length * 600], 'its statement has each once, by 6.00');
dapit('bank', 'sync');
balanced();
const gone = new Promise((r) => worker.on('exit', r));
worker.kill('SIGTERM');
await gone;
done();
