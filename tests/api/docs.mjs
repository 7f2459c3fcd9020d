// docs.mjs - the documentation does what it says: its quick starts are taken
// from the page and run, in four languages; so are the receivers of the
// reference, word for word; the page is the one that the program makes.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import net from 'node:net';
import { existsSync, readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { ok, is, has, done, api, credit, until } from './lib.mjs';
import { record } from '../docs/record.mjs';

const here = new URL('..', import.meta.url).pathname;
const page = readFileSync(here + '../www/docs/index.html', 'utf8');
const dir = mkdtempSync(`${process.env.VAR}/docs-`);
const plain = (s) => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
const snippets = Object.fromEntries([...page.matchAll(/<code data-run="([^"]+)">([^]*?)<\/code>/g)].map(([, name, text]) => [name, plain(text)]));
const with_ = { sh: 'bash', mjs: 'node', php: 'php', py: 'python3' };

is(Object.keys(snippets).length, 9, 'the page has quick starts in curl, Node, PHP and Python, for both ways, and a receiver');
for (const [name, text] of Object.entries(snippets)) {
	writeFileSync(`${dir}/${name}`, text);
	if (name === 'receive.mjs')
		continue;
	const r = spawnSync(with_[name.split('.')[1]], [`${dir}/${name}`], { encoding: 'utf8', timeout: 30000 });
	const want = name.startsWith('own') ? /pending/ : /\/checkout\/pay\.html\?session=[0-9a-f]{64}/;
	ok(r.status === 0 && want.test(r.stdout), `the quick start ${name} runs as it stands`, r.stdout + r.stderr);
}

// Three receivers: the page's, and the reference's two. A free port each.
const children = [];
let port = 20000 + process.pid % 12000;
async function listen(command, args, env = {}) {
	const at = ++port;
	const child = spawn(command, args.map((a) => a.replace('PORT', at)), { env: { ...process.env, ...env, PORT: String(at) } });
	let text = '';
	child.stdout.on('data', (d) => text += d);
	child.stderr.on('data', (d) => text += d);
	children.push(child);
	await until(() => new Promise((good) => net.connect(at, '127.0.0.1', function () { this.end(); good(true); }).on('error', () => good(false))));
	return { url: `http://127.0.0.1:${at}/webhooks/dapit`, said: () => text };
}
const words = (s) => s.replace(/\s+/g, ' ').trim();
const beside = here + '../../shared/reference/dapit-api.txt';	// where the project is developed
const reference = existsSync(beside) ? words(readFileSync(beside, 'utf8')) : null;
const node = readFileSync(here + 'docs/receiver.mjs', 'utf8');
ok(!reference || reference.includes(words(node.split('// --- from here')[1].split('// --- to here')[0])), 'the Node receiver is the reference\'s, word for word');
ok(!reference || reference.includes(words(readFileSync(here + 'docs/receiver.php', 'utf8'))), 'and so is the PHP receiver');
const shops = {
	'the page\'s': await listen('node', [`${dir}/receive.mjs`]),
	'the reference\'s Node': await listen('node', [here + 'docs/receiver.mjs']),
	'the reference\'s PHP': await listen('php', ['-d', 'log_errors=1', '-S', '127.0.0.1:PORT', here + 'docs/shop.php'], { SHOP_DB: `${dir}/shop.db` }),
};
const says = {
	'the page\'s': /payment\.confirmed ORD-77 8\n/, 'the reference\'s Node': /Order ORD-77 paid: €8 of €5\nOverpaid by €3. Refund: €2 \(fee: €1\)/,
	'the reference\'s PHP': /Order ORD-77 paid: €8 \(ref: DP-/,
};
for (const [name, shop] of Object.entries(shops)) {
	const s = await api('create_session', { amount: 5, order_id: 'ORD-77', callback_url: shop.url });
	const i = await api('create_invoice', { token: s.session_token }, { withKey: null });
	await credit(8, i.reference_number);
	ok(await until(() => says[name].test(shop.said())), `${name} receiver understands a payment`, shop.said());
	const told = await until(async () => { const [e] = (await api('list_events', { session: i.reference_number })).events; return e?.status === 'delivered' && e; });
	has(told, { status: 'delivered', attempts: 1 }, `${name} receiver acknowledges it at once`);
}
is(execFileSync('php', ['-r', `foreach ((new PDO("sqlite:${dir}/shop.db"))->query("SELECT status FROM orders") as $r) echo $r[0];`], { encoding: 'utf8' }), 'paid', 'and the PHP shop\'s order is paid');
const forged = await fetch(shops['the page\'s'].url, { method: 'POST', body: '{"event":"payment.confirmed"}', headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' } });
is(forged.status, 400, 'the page\'s receiver refuses a forged event');
for (const c of children)
	c.kill();

// The examples are run, not written: the same requests get the same kinds of
// answers as the committed ones.
const shape = (v) => Array.isArray(v) ? v.slice(0, 1).map(shape) : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, shape(x)])) : v === null ? 'null' : typeof v;
const committed = JSON.parse(readFileSync(here + '../www/docs/examples.json', 'utf8'));
const [again] = await record();
is(Object.keys(again), Object.keys(committed), 'the examples are of every action');
for (const [action, e] of Object.entries(committed))
	for (const [name, answer] of Object.entries(action === 'webhooks' ? e : e.answers))
		is(shape((action === 'webhooks' ? again[action] : again[action].answers)[name]), shape(answer), `the example ${action} ${name} is what the gateway answers`);
is(execFileSync('node', [here + 'docs/render.mjs', here + '../www/docs/openapi.json', here + '../www/docs/recurring.json', here + '../www/docs/index.html'], { encoding: 'utf8' }) === page, true, 'www/docs/index.html is what the OpenAPI document makes (else: make docs)');
done();
