// chaos.mjs - a cluster loses one thing after the other while customers pay:
// nodes of the database, gateways, workers, by death and by a cut cable, and
// all are restarted one by one. Each asks another node first, so the same rows
// are written on all. In the end the bank's own books, which are in a database
// of their own, decide: every transfer is counted once, every refund was paid
// once, every event was told, and the nodes agree to the last row.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { is, ok, done, bank, shop, until, sleep, dapit } from '../api/lib.mjs';
import { answers, calls, faults, follow, stream } from './clients.mjs';

const { VAR, PROGRAMS, DAPIT_CONF } = process.env;
const rounds = Number(process.env.ROUNDS ?? 1), pause = Number(process.env.PAUSE_MS ?? 300), calm = Number(process.env.CALM ?? 6000), away = Number(process.env.AWAY ?? 6000);
const NODES = { node1: '10.77.0.1', node2: '10.77.0.2', node3: '10.77.0.3' };
const cluster = async (...args) => (await promisify(execFile)('nginx/cluster', args, { env: { ...process.env, VAR } })).stdout;
const sql = (node, text) => execFileSync('nginx/cluster', ['sql', node, '-NB', 'dapit', '-e', 'SET wsrep_sync_wait = 1; ' + text],
	{ encoding: 'utf8', env: { ...process.env, VAR } }).trim().split('\n').filter((l) => l).map((l) => l.split('\t'));
const synced = (node) => until(async () => (await cluster('state', node)).trim() === 'Synced');
const back = async (node, sure) => ok(await synced(node), `${node} is back (${sure})`);

// What can happen; each ends when it is healed.
const n = (i, most) => i % most + 1;
const events = [
	['a node of the database is killed', async (i) => { const m = 'node' + n(i, 3); await cluster('kill', m); await back(m, 'killed'); }],
	['a gateway is killed', async (i) => { await cluster('kill', 'gateway' + n(i, 2)); }],
	['a worker is killed', async (i) => { await cluster('kill', 'worker' + n(i, 2)); }],
	['a node is cut off', async (i) => { const m = 'node' + n(i + 1, 3); await cluster('cut', m); await sleep(away); await cluster('heal', m); await back(m, 'cut off'); }],
	['a gateway is cut off', async (i) => { const m = 'gateway' + n(i + 1, 2); await cluster('cut', m); await sleep(away); await cluster('heal', m); await sleep(1000); }],
	['a worker is cut off', async (i) => { const m = 'worker' + n(i + 1, 2); await cluster('cut', m); await sleep(away); await cluster('heal', m); }],
	['all are restarted, one by one', async () => {
		for (const m of (await cluster('machines')).trim().split(' '))
			await cluster('restart', m);
	}],
];

const s = await shop();
const merchants = [];
const shops = [1, 2, 3].map((i) => {
	const made = dapit('merchant', 'add', `Shop ${i}`);
	merchants.push(made.match(/^merchant (\d+)/m)[1]);
	dapit('merchant', 'set', merchants.at(-1), 'events=refund.sent,refund.failed,payment.overpaid,payment.partial');
	return made.match(/mk_\S+/)[0];
});
const seen = [], follower = follow(shops[0], seen);
const load = stream(shops, s.url, pause);

const rows = [];
async function during(name, f) {
	const from = Date.now();
	await f();
	await sleep(2000);
	const to = Date.now(), of = (list) => list.filter((a) => a.at >= from && a.at < to);
	const all = of(answers), good = all.filter((a) => a.good), codes = {};
	let silence = 0, last = from;
	for (const a of good) {
		silence = Math.max(silence, a.at - last);
		last = a.at;
	}
	for (const a of all.filter((x) => !x.good && !(x.status === 400 && x.action === 'create_refund')))
		codes[`${a.status} ${a.code ?? ''}`] = (codes[`${a.status} ${a.code ?? ''}`] ?? 0) + 1;
	const paid = load.shoppers.filter((x) => x.seenAt >= from && x.seenAt < to && x.status !== 'pending');
	rows.push([name, ((to - from) / 1000).toFixed(1), all.length, (good.length * 1000 / (to - from)).toFixed(1), (paid.length * 1000 / (to - from)).toFixed(1),
		Object.entries(codes).map(([c, k]) => `${k} x ${c}`).join(', ') || '-', silence, Math.max(...of(calls).map((c) => c.ms)),
		Math.max(0, ...paid.map((x) => x.seenAt - x.paidAt))]);
	return good.length;
}

await sleep(3000);
await during('(calm)', () => sleep(calm));
for (let i = 0; i < rounds; i++)
	for (const [name, f] of events.filter((e) => e[0].includes(process.env.ONLY ?? '')))
		ok(await during(name, () => f(i)) > 0, `${name}: customers are served`);
await load.stop();
const table = (r) => console.log('# ' + r[0].padEnd(34) + r.slice(1, 5).map((c) => String(c).padStart(8)).join('') + r.slice(6).map((c) => String(c).padStart(8)).join('') + '  ' + r[5]);
table(['event', 'seconds', 'answers', 'good/s', 'paid/s', 'not answered with 200', 'gap ms', 'call ms', 'pay ms']);
rows.forEach(table);
console.log(`# ${answers.length} answers, ${load.shoppers.length} shoppers; gap: longest time in which nobody was served; call: the longest, with its repetitions; pay: from the bank's booking to the shopper's page`);
is(faults.slice(0, 20), [], 'what failed could be sent again, and was answered then');
for (const node of Object.keys(NODES))
	ok(await synced(node), `${node} is synced`);

// All comes to rest. What the bank booked is the truth.
const rest = () => sql('node1', `SELECT (SELECT COUNT(*) FROM gateway_deliveries WHERE status = 0) + (SELECT COUNT(*) FROM gateway_postings)
	+ (SELECT COUNT(*) FROM gateway_refunds WHERE status = 1)`)[0][0] === '0';
const cents = (x) => Math.round(x * 100);
async function books() {
	const all = [];
	for (let page, after = 0; (page = (await bank(`/simulate/entries?iban=LT913740020058585210&after=${after}`)).entries).length; after = page.at(-1).transaction_id)
		all.push(...page);
	return all;
}
const truth = await books(), came = truth.filter((e) => e.direction === 'CREDIT');
const sums = new Map();
for (const e of came)
	sums.set(e.remittance, (sums.get(e.remittance) ?? 0) + cents(e.amount));
const STATUS = ['pending', 'invoiced', 'polling', 'partial', 'confirmed', 'overpaid', 'failed', 'expired'];
const statusOf = (want, amount) => want === amount ? 'confirmed' : want > amount ? 'overpaid' : 'partial';
function wrong(node) {
	const is = new Map(sql(node, 'SELECT reference_number, status, total_paid FROM gateway_sessions WHERE reference_number IS NOT NULL').map((r) => [r[0], r]));
	return load.shoppers.map((x) => {
		const [, status, paid] = is.get(x.reference) ?? [], want = sums.get(x.reference) ?? 0, as = statusOf(want, x.amount);
		const fits = STATUS[status] === as || (as === 'partial' && STATUS[status] === 'polling');
		return fits && Number(paid) === want ? '' : `${x.reference}: ${STATUS[status]} ${paid}, the bank says ${as} ${want}`;
	}).filter((w) => w);
}
const sent = load.shoppers.reduce((k, x) => k + x.parts.length, 0);
is(came.length, sent, `the bank booked the ${sent} transfers that were sent`);
await until(() => wrong('node1').length === 0);
ok(await until(rest, 150), 'nothing is left to be done');
for (const node of Object.keys(NODES))
	is(wrong(node), [], `${node}: every session has what the bank booked for it, to the cent`);
is(sql('node2', 'SELECT COUNT(*), SUM(amount) FROM gateway_transfers WHERE credit = 1')[0], [came.length, came.reduce((t, e) => t + cents(e.amount), 0)].map(String),
	'every entry of the bank is one transfer');

// Money back: once, each. An order's end-to-end id begins with the refund's number.
const went = (await books()).filter((e) => e.direction === 'DEBIT');
const numbers = new Map(sql('node3', 'SELECT reference_number, amount - processing_fee, status FROM gateway_refunds').map((r) => [r[0], r]));
const paidOut = went.map((e) => (e.end_to_end_id ?? e.remittance).match(/R[0-9A-F]{7}/)?.[0]);
is(paidOut.filter((r, i) => paidOut.indexOf(r) !== i), [], `no refund was paid twice (${went.length} went out)`);
is(load.shoppers.filter((x) => x.number && !paidOut.includes(x.number)).map((x) => x.number), [], 'every refund that was sent was paid');
is(went.filter((e, i) => Number(numbers.get(paidOut[i])?.[1]) !== cents(e.amount)).map((e) => e.remittance), [], 'by its amount');

// What was told: each event of the database, by one id.
const told = sql('node1', 'SELECT e.event_id, d.status, e.type, e.session_id FROM gateway_events e JOIN gateway_deliveries d ON d.event_id = e.id');
const heard = new Map();
for (const h of s.got)
	heard.set(h.headers['webhook-id'], (heard.get(h.headers['webhook-id']) ?? 0) + 1);
is(told.filter(([id, status]) => status !== '1' || !heard.has(id)).map(([id, status]) => `${id} ${status}`), [], `all ${told.length} events were delivered`);
is([...heard.keys()].filter((id) => !told.some((t) => t[0] === id)), [], 'and nothing else');
is(s.got.filter((h) => h.json.event_id !== h.headers['webhook-id']).length, 0, 'each by its own id');
console.log(`# ${s.got.length} deliveries of ${heard.size} events`);
const once = told.filter((t) => t[2] === 'payment.confirmed').map((t) => t[3]);
is(once.filter((x, i) => once.indexOf(x) !== i), [], 'no payment was told twice as another event');
is(once.length, load.shoppers.filter((x) => (sums.get(x.reference) ?? 0) >= x.amount).length, 'every paid one was');

await sleep(16000);	// the last 15 seconds come with a later call
await follower();
const first = sql('node1', `SELECT event_id FROM gateway_events WHERE merchant_id = ${merchants[0]} ORDER BY id`).flat();
is(first.filter((id) => !seen.includes(id)), [], `who follows list_events missed none of ${first.length} events`);
is(seen.filter((id, i) => seen.indexOf(id) !== i), [], 'and saw none twice');

// The nodes, each by itself.
for (const [node, host] of Object.entries(NODES)) {
	const r = spawnSync(PROGRAMS + '/dapit', ['-c', DAPIT_CONF, 'audit'], { encoding: 'utf8', env: { ...process.env, DAPIT_DATABASE_HOST: host } });
	ok(r.status === 0 && /^balanced$/m.test(r.stdout), `${node}: dapit audit balances`, r.stdout + r.stderr);
}
const LIVELY = ['gateway_workers', 'gateway_alerts', 'bank_accounts', 'gateway_keys'];	// beats of workers, looks, reads
const tables = sql('node1', 'SHOW TABLES').flat().filter((t) => !LIVELY.includes(t));
const sumsOf = (node) => JSON.stringify(sql(node, 'CHECKSUM TABLE ' + tables.join(', ')));
ok(await until(() => new Set(Object.keys(NODES).map(sumsOf)).size === 1), `the nodes have the same rows in ${tables.length} tables`,
	Object.keys(NODES).map(sumsOf).join('\n'));
s.close();
done();
