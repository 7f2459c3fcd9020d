// install.mjs - what "make install" puts: it works from there, behind nginx
// with TLS, on a socket that outlives the programs; an upgrade under load
// refuses nobody; and "make uninstall" takes just that away again.
import { spawn, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { is, ok, done, balanced, key, until, sleep } from './lib.mjs';

const { VAR, DAPIT_CONF, PORT } = process.env;
const here = new URL('../..', import.meta.url).pathname;
const root = `${VAR}/root`;
const make = (what) => execFileSync(here + 'nginx/install', what, { encoding: 'utf8', env: { ...process.env, DESTDIR: root, PREFIX: '/usr' } });
const files = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => e.isDirectory() ? files(`${dir}/${e.name}`) : [`${dir}/${e.name}`]);
const at = (path) => root + path;

// What is there.
ok(make([]).includes('installed below'), 'nginx/install says where');
const list = readFileSync(at('/usr/share/dapit/installed'), 'utf8').trim().split('\n').sort();
const found = files(root).map((f) => f.slice(root.length)).sort();
is(found.filter((f) => !list.includes(f)), ['/usr/share/dapit/installed'], 'each file is in the list; no settings, those are made by dapit setup');
is(found.filter((f) => /sandbox|package|examples/.test(f)), [], 'no sandbox bank, nothing of the workshop');
is(found.filter((f) => /\.(conf|service|socket)$/.test(f) && /@[A-Z]+@/.test(readFileSync(at(f), 'utf8'))), [], 'no place was left to be filled in');
for (const unit of ['gateway', 'recurring', 'worker']) {
	const r = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', at(`/lib/systemd/system/dapit-${unit}.service`)], { encoding: 'utf8' });
	const score = parseFloat(/level for \S+: ([\d.]+)/.exec(r.stdout)?.[1] ?? 'NaN');
	ok(/^LogRateLimitBurst=300000$/m.test(readFileSync(at(`/lib/systemd/system/dapit-${unit}.service`), 'utf8')), `dapit-${unit}.service: journald takes a line for each request`);
	ok(score <= 2.5, `dapit-${unit}.service: exposure ${score}`, r.stdout.slice(-300) + r.stderr);
}
ok(spawnSync('man', ['-l', at('/usr/share/man/man1/dapit.1.gz')], { encoding: 'utf8' }).stdout.includes('dapit') || spawnSync('sh', ['-c', `zcat ${at('/usr/share/man/man1/dapit.1.gz')} | mandoc`], { encoding: 'utf8' }).stdout.includes('DAPIT'), 'the manual can be read');

// It runs from there, on sockets that are held by somebody else, as systemd
// holds them: a line to it starts a new generation and ends the old one.
const owner = `
import socket, subprocess, sys, time
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(4096)
old = None
for line in sys.stdin:
    new = subprocess.Popen(sys.argv[2:], stdin=s.fileno()) if line != 'end\\n' else None
    if old:
        time.sleep(0.5 if new else 0)
        old.terminate(); old.wait()
    old = new
    print('done', flush=True)
`;
function hold(name) {
	const p = spawn('python3', ['-c', owner, `${VAR}/run/up-${name}.sock`, at(`/usr/lib/dapit/${name}.fcgi`), '-c', DAPIT_CONF, '-s', '-'], { stdio: ['pipe', 'pipe', 'ignore'] });
	let n = 0;
	p.stdout.on('data', (d) => n += String(d).split('done').length - 1);
	return { next: async (word = 'next') => { const was = n; p.stdin.write(word + '\n'); return until(() => n > was); }, end: () => p.stdin.end() };
}
const gateway = hold('gateway'), recurring = hold('recurring');
await gateway.next();
await recurring.next();

// The installed site, with a certificate and a port of ours.
const tls = `${VAR}/tls`, port = Number(PORT) + 2;
mkdirSync(tls);
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${tls}/privkey.pem`, '-out', `${tls}/fullchain.pem`, '-days', '2', '-subj', '/CN=localhost'], { stdio: 'ignore' });
const site = readFileSync(at('/usr/share/dapit/nginx/dapit.conf'), 'utf8').replaceAll('/etc/dapit/tls', tls).replaceAll('/run/dapit/', `${VAR}/run/up-`)
	.replace(/listen (\[::\]:)?80;/g, '').replace(/listen \[::\]:443 [^;]*;/, '').replace('listen 443 ssl http2', `listen 127.0.0.1:${port} ssl http2`)
	.replace(/server \{\s*server_name pay.example.com;\s*location \/ \{[^}]*\}\s*\}/, '').replaceAll('/usr/share/dapit', at('/usr/share/dapit'));
for (const f of ['places.conf'])
	writeFileSync(at(`/usr/share/dapit/nginx/${f}`), readFileSync(at(`/usr/share/dapit/nginx/${f}`), 'utf8').replaceAll('"/usr/share/dapit', `"${at('/usr/share/dapit')}`));
writeFileSync(`${VAR}/nginx-up.conf`, `${process.getuid() === 0 ? 'user root;' : ''} daemon off; pid ${VAR}/run/nginx-up.pid; worker_processes 2; events { worker_connections 1024; }
http { types { text/html html; text/css css; text/javascript js; application/json json; image/svg+xml svg; } ${site.replace(/rate=200r\/s/g, 'rate=9000r/s')} }`);
const nginx = spawn('nginx', ['-p', VAR, '-c', `${VAR}/nginx-up.conf`, '-e', `${VAR}/log/nginx-up.log`], { stdio: 'inherit' });
const agent = new https.Agent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false });
const ask = (path, body) => new Promise((resolve) => {
	const q = https.request(`https://127.0.0.1:${port}${path}`, { method: body ? 'POST' : 'GET', agent, headers: { 'X-Gateway-Key': key, 'Content-Type': 'application/json' } }, (r) => {
		let text = '';
		r.on('data', (d) => text += d);
		r.on('end', () => resolve({ status: r.statusCode, headers: r.headers, text }));
	});
	q.on('error', (e) => resolve({ status: 0, text: e.message }));
	q.end(body && JSON.stringify(body));
});
ok(await until(async () => (await ask('/api/gateway/gateway.php?action=whoami')).status === 200), 'the API answers over TLS');
is((await ask('/api/recurring.php?action=list_schedules')).status, 200, 'so does recurring billing');
const page = await ask('/dashboard/');
ok(page.status === 200 && page.headers['strict-transport-security'] && /script-src 'self'/.test(page.headers['content-security-policy']), 'pages have their policies', page.headers);
is((await ask('/dashboard/vendor/uplot.js')).status, 200, 'the chart is there');
is((await ask('/sandbox/')).status, 404, 'the sandbox bank is not');
is((await ask('/nothing')).text.includes('"code":"not_found"'), true, 'errors are JSON');

// Who sends slowly holds connections, not programs, and not too many.
const held = Array.from({ length: 140 }, () => {
	const q = https.request(`https://127.0.0.1:${port}/api/gateway/gateway.php?action=create_session`, { method: 'POST', agent: false, localAddress: '127.0.0.99',
		rejectUnauthorized: false, headers: { 'X-Gateway-Key': key, 'Content-Length': 100 } }, (r) => { r.resume(); q.answer = r.statusCode; });
	q.on('error', () => 0);
	q.write('{');
	return q;
});
const answers = () => held.map((q) => q.answer).filter((x) => x !== undefined);
await until(() => answers().length >= 12);
is((await ask('/api/gateway/gateway.php?action=whoami')).status, 200, 'others are served while 140 slow bodies come from one address');
is(answers(), Array(12).fill(429), 'of which 128 may wait, the others get 429');
held.forEach((q) => q.destroy());
const early = await new Promise((resolve) => {
	const q = https.request(`https://127.0.0.1:${port}/api/gateway/gateway.php?action=create_session`, { method: 'POST', agent: false, rejectUnauthorized: false,
		headers: { 'Content-Length': 10485760 } }, (r) => { resolve(r.statusCode); q.destroy(); });
	q.on('error', () => resolve(0));
	q.write('{');
});
is(early, 413, 'a body that is too large is refused before it is sent');

// New programs take over, three times, while shops go on.
let asked = 0, opened = 0;
const bad = [];
let over = false;
const shops = Array.from({ length: 16 }, async () => {
	while (!over) {
		const r = await ask('/api/gateway/gateway.php?action=create_session', { amount: 5, order_id: 'UP-' + ++asked });
		if (r.status !== 200)
			bad.push([r.status, r.text]);
		opened++;
	}
});
const patient = [];		// ms after which a silent connection was given up
const more = async (n) => { const was = opened; return until(() => opened >= was + n); };
for (let i = 0; i < 3; i++) {
	ok(await more(100), `a hundred sessions are opened (${i + 1})`);
	const silent = Array.from({ length: 8 }, () => {
		const begun = Date.now(), c = net.connect(`${VAR}/run/up-gateway.sock`).on('error', () => 0);
		return c.on('close', () => patient.push(Date.now() - begun)).resume();
	});
	await sleep(100);
	ok(await gateway.next(), `the old programs end, also those that a silent connection holds (${i + 1})`);
	await until(() => patient.length >= 8 * (i + 1));
}
ok(await more(100), 'and a hundred more by the last programs');
over = true;
await Promise.all(shops);
console.log(`# ${opened} sessions were opened meanwhile`);
is(bad.slice(0, 3), [], 'none of them failed');
is(patient.filter((ms) => ms < 1900), [], 'a connection that has not spoken yet is not given up before its time, as nginx may be slow');
balanced();
nginx.kill();
await gateway.next('end');
await recurring.next('end');
gateway.end();
recurring.end();

// And away with it.
make(['uninstall']);
ok(!existsSync(at('/usr')) && !existsSync(at('/lib')), 'uninstall leaves nothing, not even a folder');
done();
