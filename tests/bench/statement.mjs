// statement.mjs - called by statement. A read is measured by the processor's
// time of the worker and of the database, in turns of some seconds, so that
// a busy moment meets both releases.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { request, sleep } from '../api/lib.mjs';

const ENTRIES = 700, TURNS = 3, SECONDS = 8;
const env = process.env;
const side = (name, programs, conf, bank) => ({ name, programs, conf, bank, ms: { worker: 0, database: 0 }, reads: 0 });
const sides = [side('this tree', env.NOW_PROGRAMS, env.NOW_CONF, env.NOW_BANK)];
if (env.PROGRAMS && env.PROGRAMS !== env.NOW_PROGRAMS)
	sides.push(side('BASE', env.PROGRAMS, env.DAPIT_CONF, env.DAPIT_BANK_URL));
const sql = (s, text) => execFileSync('mariadb', ['--no-defaults', '-N', '-S', readFileSync(s.conf, 'utf8').match(/^socket = (.*)$/m)[1], 'dapit', '-e', text], { encoding: 'utf8' });
const dapit = (s, ...args) => execFileSync(`${s.programs}/dapit`, ['-c', s.conf, ...args]);

// Of a process and all that it started, in milliseconds.
function cpu(pid) {
	let ns = 0;
	for (const t of readdirSync(`/proc/${pid}/task`)) {
		try {
			ns += Number(readFileSync(`/proc/${pid}/task/${t}/schedstat`, 'utf8').split(' ')[0]);
			for (const child of readFileSync(`/proc/${pid}/task/${t}/children`, 'utf8').split(' ').filter(Boolean))
				ns += cpu(child) * 1e6;
		} catch { /* it ended */ }
	}
	return ns / 1e6;
}
const database = (s) => Number(readFileSync(s.conf.replace('dapit.conf', 'run/mariadb.pid'), 'utf8'));
const reads = (s) => Number(sql(s, 'SELECT SUM(`reads`) FROM bank_accounts'));

// A worker reads every second, as somebody waits.
async function turn(s) {
	const worker = spawn(`${s.programs}/worker`, ['-c', s.conf], { stdio: 'ignore', env: { ...env, DAPIT_BANK_WAIT_SECONDS: '1', DAPIT_CONF: s.conf } });
	await sleep(2000);
	const before = { worker: cpu(worker.pid), database: cpu(database(s)), reads: reads(s) };
	for (let i = 0; i < SECONDS; i++) {
		sql(s, 'UPDATE bank_accounts SET wanted_until = UNIX_TIMESTAMP() + 30, window_at = 0');
		await sleep(1000);
	}
	s.reads += reads(s) - before.reads;
	s.ms.worker += cpu(worker.pid) - before.worker;
	s.ms.database += cpu(database(s)) - before.database;
	worker.kill();
	await once(worker, 'exit');
}
async function measure() {
	for (const s of sides)
		Object.assign(s, { reads: 0, ms: { worker: 0, database: 0 } });
	for (let i = 0; i < TURNS; i++)
		for (const s of sides)
			await turn(s);
	return sides.map((s) => ({ worker: s.ms.worker / s.reads, database: s.ms.database / s.reads }));
}

for (const s of sides)
	dapit(s, 'bank', 'sync');
const none = await measure();
for (const s of sides) {
	for (let i = 0; i < ENTRIES; i += 50)
		await Promise.all(Array.from({ length: 50 }, (_, k) => request('POST', s.bank + '/simulate/credit', { headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ amount: 5 + i + k, remittance: `gift ${i + k}`, debtor_iban: 'DE89370400440532013000', debtor_name: 'John Smith' }) })));
	sql(s, 'UPDATE bank_accounts SET next_read_at = 0');
	dapit(s, 'bank', 'sync');
}
const many = await measure();
sides.forEach((s, k) => console.log(`statement, ${s.name}: a read of ${ENTRIES} known entries costs ${many[k].worker.toFixed(2)} ms of the worker and ${many[k].database.toFixed(2)} of the database` +
	` (of none: ${none[k].worker.toFixed(2)}, ${none[k].database.toFixed(2)}; ${s.reads} reads)`));
const all = (x) => x.worker + x.database;
if (sides[1])
	console.log(`statement: ${(all(many[0]) / all(many[1])).toFixed(2)} of BASE`);
process.exit(0);
