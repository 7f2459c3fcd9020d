// hosting.mjs - the zip of "make dist" as a customer of a shared host has it:
// what is in it, what the web server shows and what it never may, a payment
// without cron and one with it, an upgrade. tests/with-apache has unpacked it.
import http from 'node:http';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { is, has, ok, done, invoice, confirm, check, credit, until, settled, shop, signed, request, call, balanced } from './lib.mjs';
import { base, open, screen, good, close } from '../browser/browser.mjs';

const { CRON_LINE, CUSTOMER, MODE, H, DAPIT_BANK_URL, PROGRAMS } = process.env;
const home = CUSTOMER + '/', web = home + 'public_html/', dapit = home + 'dapit/';
const read = (f) => readFileSync(f, 'utf8');
const nginx = DAPIT_BANK_URL.replace('/sandbox', '');
const user = process.getuid() === 0 ? ['/usr/sbin/runuser', '-u', execFileSync('stat', ['-c', '%U', home], { encoding: 'utf8' }).trim(), '--'] : [];

// As cron runs a line: nothing in the environment, in the root folder.
const cron = (line) => spawnSync('env', [...user, 'env', '-i', 'HOME=' + CUSTOMER, '/bin/sh', '-c', 'cd / && ' + line], { encoding: 'utf8' });
const once = () => cron(CRON_LINE);

// What is in it.
const files = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => e.isDirectory() ? files(`${dir}/${e.name}`) : [`${dir}/${e.name}`]);
const pages = new URL('../../www', import.meta.url).pathname;
const theirs = files(pages).map((f) => f.slice(pages.length + 1)).filter((f) => !/^sandbox|package|examples/.test(f));
is(theirs.filter((f) => !existsSync(web + f) || read(web + f) !== read(`${pages}/${f}`)), [], `all ${theirs.length} files of the pages`);
is(files(web.slice(0, -1)).map((f) => f.slice(web.length)).filter((f) => !theirs.includes(f) && !/^error\/\d+\.json$/.test(f)).sort(),
	['.htaccess', 'api/gateway/gateway.fcgi', 'api/recurring.fcgi', 'dashboard/vendor/uplot.css', 'dashboard/vendor/uplot.js', 'error/.htaccess'], 'and nothing else but what Apache needs');
const libraries = (p) => [...spawnSync('objdump', ['-p', PROGRAMS + '/' + p], { encoding: 'utf8' }).stdout.matchAll(/NEEDED\s+(\S+)/g)].map((m) => m[1].replace(/\.so.*/, ''));
for (const p of ['gateway.fcgi', 'recurring.fcgi', 'worker', 'dapit']) {
	is(libraries(p).filter((l) => !['libc', 'libm', 'libcurl', 'libssl', 'libcrypto', 'libqrencode', 'ld-linux-x86-64', 'ld-linux-aarch64'].includes(l)), [], `${p}: of libraries it needs libc, curl, TLS, and`);
	ok(spawnSync('ldd', [PROGRAMS + '/' + p], { encoding: 'utf8' }).stdout.includes(`${CUSTOMER}/dapit/bin/../lib/libqrencode`), `${p}: the one that comes along`);
}
is(read(dapit + 'first-start.txt').trim().split('\n').pop(), 'migrations 0', 'after schema.sql was imported, dapit migrate has nothing to do');
is(['dapit.conf', 'master.key', 'first-merchant.txt'].map((f) => (statSync(dapit + f).mode & 0o777).toString(8)), ['600', '600', '600'], 'what is secret is the customer\'s alone');

execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=Another', '-keyout', H + '/other.key', '-out', H + '/other.pem'], { stdio: 'ignore' });

// A payment, with no cron and no worker at all.
const s = await invoice(7, { order_id: 'HOST-1' });
has(s, { success: true, beneficiary_name: 'Longemalle Trustees OU' }, 'create_invoice');
has(await confirm(s.token), { status: 'polling' }, 'confirm_paid');
has(await check(s.token), { status: 'pending' }, 'check_payment: pending');
await credit(7, s.reference);
has(await settled(s.token), { status: 'confirmed', total_paid: 7, payment_count: 1 }, 'check_payment: confirmed, without cron');
const running = () => readdirSync('/proc').filter((p) => { try { return /^\d+$/.test(p) && readlinkSync(`/proc/${p}/exe`) === PROGRAMS + '/gateway.fcgi'; } catch { return false; } }).length;
ok(await until(() => running() > 0 === (MODE === 'fcgid')), MODE === 'fcgid' ? 'the program stays for the next request' : 'a program for each request, and none is left', running());

// Cron.
const shopper = await shop();
const w = await invoice(2, { callback_url: shopper.url });
await confirm(w.token);
await credit(2, w.reference);
ok(await until(() => once().status === 0 && shopper.of(w.reference)[0]), 'worker --once from cron: the webhook is delivered', read(dapit + 'worker.log'));
ok(shopper.of(w.reference)[0] && signed(shopper.of(w.reference)[0]), 'and signed');
is([once().status, read(dapit + 'worker.log')], [0, ''], 'and when all is well it says nothing');
const plain = cron('DAPIT_DATABASE_TLS_CA= $HOME/dapit/bin/dapit merchant list'), strange = cron(`DAPIT_DATABASE_TLS_CA=${H}/other.pem $HOME/dapit/bin/dapit merchant list`);
is([plain.status, strange.status], [1, 1], 'the database is reached with TLS only, and only when its certificate is of its authority');
shopper.close();

// What nobody may read. Some leave copies where they should not.
writeFileSync(web + '.env', 'client_secret\n');
copyFileSync(dapit + 'dapit.conf', web + 'dapit.conf');
copyFileSync(dapit + 'dapit.conf', web + 'dapit.conf~');
copyFileSync(dapit + 'dapit.conf', web + 'dapit.conf.bak');
copyFileSync(dapit + 'master.key', web + 'master.key');
copyFileSync(dapit + 'schema.sql', web + 'schema.sql');
copyFileSync(H + '/dapit.zip', web + 'dapit.zip');
cpSync(dapit, web + 'dapit', { recursive: true });
if (user.length)
	execFileSync('chown', ['-R', user[2], web]);
execFileSync('chmod', ['-R', 'a+rX', web]);
const get = (path, method = 'GET') => new Promise((resolve, reject) => http.request(base, { path, method, agent: false }, (r) => {
	let text = '';
	r.on('data', (d) => text += d);
	r.on('end', () => resolve({ status: r.statusCode, text, type: r.headers['content-type'] }));
}).on('error', reject).end());
const secrets = /client_secret|CREATE TABLE|#!\/bin|exec \.\.|Rewrite|Require|ELF|^PK|Index of|^[0-9a-f]{64}$/m;
const hidden = ['/dapit.conf', '/dapit.conf~', '/dapit.conf.bak', '/master.key', '/schema.sql', '/dapit.zip', '/.htaccess', '/.env', '/error/.htaccess',
	'/dapit/', '/dapit/dapit.conf', '/dapit/master.key', '/dapit/first-merchant.txt', '/dapit/schema.sql', '/dapit/INSTALL.txt', '/dapit/bin/dapit', '/dapit/bin/gateway.fcgi', '/dapit/lib/libqrencode.so.4',
	'/api/gateway/gateway.fcgi', '/api/gateway/gateway.fcgi/health', '/api/recurring.fcgi', '/api/gateway/gateway.fcgi%20', '/api/gateway/./gateway.fcgi', '/api//gateway/gateway.fcgi', '/api/gateway/gateway%2efcgi', '/api/gateway/gateway.FCGI',
	'/../dapit/dapit.conf', '/checkout/../../dapit/dapit.conf', '/%2e%2e/dapit/dapit.conf', '/..%2fdapit/dapit.conf', '/.%2e/dapit/dapit.conf', '/%252e%252e/dapit/dapit.conf', '/api/gateway/gateway.php/../../../../dapit/dapit.conf',
	'/api/', '/api/gateway/', '/dashboard/vendor/', '/checkout/lang/', '/error/', '/error/404.json', '/', '/.git/config', '/sandbox/', '/sandbox/bank.js', '/dashboard/package.json', '/docs/examples.json', '/nothing'];
// Apache refuses a coded slash before it looks into any .htaccess: no JSON.
for (const path of hidden) {
	const r = await get(path);
	ok([400, 403, 404].includes(r.status) && !secrets.test(r.text) && (r.status === 400 || path.includes('%2f') || r.type === 'application/json; charset=utf-8' && JSON.parse(r.text).success === false),
		`not shown: ${path}`, `${r.status} ${r.type} ${r.text.slice(0, 200)}`);
}
for (const method of ['PUT', 'DELETE', 'POST']) {
	const r = await get('/checkout/pay.html', method), t = await get('/api/gateway/gateway.php', method);
	ok([r, t].every((x) => !secrets.test(x.text)) && t.status >= 400, `${method} shows nothing`, [r.status, t.status, t.text]);
}
for (const f of ['.env', 'dapit.conf', 'dapit.conf~', 'dapit.conf.bak', 'master.key', 'schema.sql', 'dapit.zip', 'dapit'])
	rmSync(web + f, { recursive: true });

// Pages and errors are what nginx makes of them.
const headers = ['content-type', 'content-security-policy', 'cache-control', 'x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'permissions-policy', 'strict-transport-security'];
for (const path of ['/dashboard/', '/dashboard/main.js', '/dashboard/dashboard.css', '/checkout/pay.html?session=' + s.token, '/checkout/icon.svg', '/checkout/lang/el.json', '/stop/', '/docs/', '/docs/openapi.json', '/nothing']) {
	const [a, b] = await Promise.all([request('GET', base + path), request('GET', nginx + path)]);
	const of = (r) => [r.status, ...headers.map((h) => r.headers[h])];
	const text = of(b);
	if (path === '/nothing')	// policies do no harm to an answer in JSON
		for (const [i, h] of headers.entries())
			text[i + 1] ??= a.headers[h];
	is(of(a), text, `${path}: as from nginx`);
	is(a.text === b.text, true, `${path}: the same bytes`);
}
const script = await request('GET', base + '/checkout/pay.js');
is((await request('GET', base + '/checkout/pay.js', { headers: { 'If-None-Match': script.headers.etag } })).status, 304, 'a file that has not changed is not sent again');
is((await request('GET', base + '/checkout/pay.js', { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding'], 'gzip', 'a page is sent small');
is((await request('GET', base + '/api/gateway/gateway.php?action=health', { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding'], undefined, 'an answer with secrets is not');
execFileSync('chmod', ['000', PROGRAMS + '/gateway.fcgi']);
const away = MODE === 'cgi' ? await call('whoami') : null;	// of mod_fcgid one is still running
execFileSync('chmod', ['755', PROGRAMS + '/gateway.fcgi']);
ok(!away || away.status === 500 && away.json?.code === 'internal', 'a program that does not start: JSON', away?.text);

// In a browser.
const page = await open('phone', '/checkout/pay.html?session=' + (await invoice(5)).token);
ok(await screen(page, 'details'), 'Chromium: the checkout');
await good(page, 'checkout');
const board = await open('desktop', '/dashboard/');
ok(await board.waitForSelector('input[type=password]'), 'Chromium: the dashboard');
await good(board, 'dashboard');
await close();

// The customer looks, and upgrades.
const look = cron('$HOME/dapit/bin/dapit doctor --json');
const found = JSON.parse(look.stdout);
is(found.filter((f) => f.health !== 'ok').map((f) => f.what + ': ' + f.state), [], 'dapit doctor: all is well');
ok(found.some((f) => f.what === 'web server' && /reached/.test(f.state)), 'it reaches the gateway through Apache');
const kept = ['dapit.conf', 'master.key'].map((f) => read(dapit + f));
const up = cron('umask 022 && cd && unzip -q -o ../dapit.zip && $HOME/dapit/bin/dapit migrate');
is([up.status, up.stdout, up.stderr], [0, 'migrations 0\n', ''], 'unpacked again over what is there');
is(['dapit.conf', 'master.key'].map((f) => read(dapit + f)), kept, 'an upgrade leaves settings and key alone');
is((await call('whoami')).status, 200, 'and goes on');
balanced();
writeFileSync(H + '/cron', '');		// for the tests that follow
done();
