// crash.mjs - every program is killed, again and again, in the middle of a
// stream of payments, with two gateways and two workers on one database. In
// the end the bank's own statement is what was booked, to the cent, once; and
// every paid session's shop was told.
import { spawn, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { is, ok, dice, done, call, bank, shop, until, sleep, dapit, balanced, url } from './lib.mjs';

const { VAR, PROGRAMS, DAPIT_CONF, PORT } = process.env;
const seconds = Number(process.env.CRASH_SECONDS ?? 30);
const pid = (name) => { try { return Number(readFileSync(`${VAR}/run/${name}.pid`, 'utf8')); } catch { return 0; } };
const { pick } = dice();

// A second gateway with an nginx of its own, and a second worker.
let over = false;
const mine = {};
function keep(name, command, args) {
	const p = spawn(command, args, { stdio: 'ignore' });
	mine[name] = p;
	p.on('exit', () => { if (!over) setTimeout(() => keep(name, command, args), 300); });
}
const port2 = Number(PORT) + 1;
writeFileSync(VAR + '/nginx2.conf', readFileSync(VAR + '/nginx.conf', 'utf8').replace(`127.0.0.1:${PORT}`, `127.0.0.1:${port2}`)
	.replace('gateway.sock', 'gateway2.sock').replace('nginx-master.pid', 'nginx2.pid'));
keep('gateway2', PROGRAMS + '/gateway.fcgi', ['-c', DAPIT_CONF, '-s', VAR + '/run/gateway2.sock']);
keep('worker2', PROGRAMS + '/worker', ['-c', DAPIT_CONF]);
keep('nginx2', 'nginx', ['-p', VAR, '-c', VAR + '/nginx2.conf', '-e', VAR + '/log/nginx2.log']);
const bases = [url, url.replace(PORT, port2)];

// Sent again until it is answered, as a shop with an idempotency key does.
let repeated = 0;
async function surely(action, body, options = {}) {
	for (;;) {
		const r = await call(action, body, { base: pick(bases), ...options }).catch(() => ({ status: 0 }));
		if (r.status === 200 && r.json)
			return r.json;
		if (r.status >= 400 && r.status < 500 && r.status !== 409)
			throw new Error(`${action}: ${r.status} ${r.text}`);
		repeated++;
		await sleep(200);
	}
}

const s = await shop();
const sessions = [];
async function shopper(n) {
	const own = dice(n + 1), amount = 100 + own.below(900);
	const made = await surely('create_session', { amount: amount / 100, callback_url: s.url, order_id: 'C-' + n },
		{ headers: { 'Idempotency-Key': 'crash-' + n } });
	const inv = await surely('create_invoice', { token: made.session_token });
	sessions.push({ n, amount, token: made.session_token, reference: inv.reference_number });
	const parts = own.pick([[amount], [amount], [amount], [50, amount - 50], [amount + 250], [amount - 10]]);
	for (const cents of parts)
		await bank('/simulate/credit', { amount: (cents / 100).toFixed(2), remittance: inv.reference_number,
			debtor_iban: 'DE89370400440532013000', debtor_name: 'Payer' }).catch(() => 0);
	await surely('confirm_paid', { token: made.session_token });
	await surely('check_payment', { token: made.session_token });
}

const children = (p) => { try { return execFileSync('pgrep', ['-P', p], { encoding: 'utf8' }).trim().split('\n').map(Number); } catch { return []; } };
const victims = {
	'a gateway process': () => pick(children(pid('gateway'))), 'a gateway': () => pid('gateway'), 'the second gateway': () => mine.gateway2.pid,
	'a worker process': () => pick(children(pid('worker'))), 'a worker': () => pid('worker'), 'the second worker': () => mine.worker2.pid,
	'the sandbox bank': () => pid('sandbox'), 'nginx': () => pid('nginx'), 'the database': () => pid('mariadb'),
};
const killed = {};
async function killer() {
	const order = Object.keys(victims);
	for (let i = 0; !over; i++, await sleep(700)) {
		const name = order[i % order.length];
		const p = victims[name]();
		if (!p)
			continue;
		try { process.kill(p, 'SIGKILL'); killed[name] = (killed[name] ?? 0) + 1; } catch { /* just gone */ }
	}
}

const end = Date.now() + seconds * 1000;
const murder = killer();
const stream = [];
const spared = () => Object.keys(victims).some((name) => !killed[name]);
for (let n = 0; Date.now() < end || n <= seconds || (spared() && n < 1000); n++, await sleep(150))
	stream.push(shopper(n));
over = true;
await murder;
over = false;
await Promise.all(stream);
for (const name of Object.keys(victims))
	ok(killed[name] > 0, `killed: ${name} (${killed[name]} times)`);
ok(sessions.length > seconds, `${sessions.length} shoppers; ${repeated} calls were repeated`);

// What the bank booked is the truth.
const truth = new Map();
let total = 0, count = 0;
for (let after = 0, page; (page = (await until(() => bank(`/simulate/entries?iban=LT913740020058585210&after=${after}`).catch(() => 0))).entries).length;
	after = page.at(-1).transaction_id)
	for (const e of page.filter((x) => x.direction === 'CREDIT')) {
		const cents = Math.round(e.amount * 100);
		truth.set(e.remittance, (truth.get(e.remittance) ?? 0) + cents);
		total += cents;
		count++;
	}
const state = async (x) => surely('payment_status', { reference: x.reference });
const wrong = async () => {
	const bad = [];
	for (const x of sessions) {
		const st = await state(x);
		const want = truth.get(x.reference) ?? 0;
		const status = want === x.amount ? 'confirmed' : want > x.amount ? 'overpaid' : want > 0 ? 'partial' : st.status;
		if (Math.round(st.total_paid * 100) !== want || (st.status !== status && !(status === 'partial' && st.status === 'polling')))
			bad.push(`${x.reference}: ${st.status} ${st.total_paid} want ${status} ${want / 100}`);
	}
	return bad;
};
let bad = [];
await until(async () => (bad = await wrong()).length === 0, 180);
is(bad, [], 'every session has what the bank booked for it, to the cent');
const listed = dapit('transfers').trim().split('\n').map((l) => l.split('\t'));
is(listed.length, count, 'every entry of the bank is one transfer');
is(listed.reduce((sum, l) => sum + Math.round(parseFloat(l[2]) * 100), 0), total, 'and their sum is the same');
balanced('dapit audit balances');
const paid = sessions.filter((x) => (truth.get(x.reference) ?? 0) >= x.amount);
const untold = () => paid.filter((x) => !s.of(x.reference).some((h) => h.json.event === 'payment.confirmed'));
await until(() => untold().length === 0, 180);
is(untold().map((x) => x.reference), [], `all ${paid.length} paid sessions were told`);
const ids = paid.map((x) => new Set(s.of(x.reference).map((h) => h.json.event_id)).size);
ok(ids.every((n) => n === 1), 'each by one event, however often it was sent');
over = true;
for (const p of Object.values(mine))
	p.kill('SIGTERM');
s.close();
await sleep(1000);
done();
