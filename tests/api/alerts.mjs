// alerts.mjs - who runs the gateway is told what turned broken, once, and
// when it is well again: by mail, by a URL, by a command. The worker runs as
// cron starts it, a minute each time by the gateway's clock.
import { spawn, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { is, ok, has, done, request, url, key, shop, signed, credit, invoice, until, sleep, dapit, dapitFails } from './lib.mjs';
import { certificate, mailServer, sql } from './messages.mjs';

const { VAR, PROGRAMS, DAPIT_CONF } = process.env;
const TO = 'operator@example.com', SECRET = 'whsec_' + Buffer.from('0123456789abcdef01234567').toString('base64');
const PASSWORD = 'secret-pass', SCRIPT = `${VAR}/alert.sh`, RUNS = `${VAR}/alert.out`;
const SHARED = 'unmatched money', LOCAL = 'file';

// The three ways.
const mails = await mailServer(certificate());
for (const [name, value] of Object.entries({ smtp_host: 'localhost', smtp_port: mails.port, smtp_user: 'shop@example.com', smtp_pass: PASSWORD }))
	execFileSync(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'config', 'set', name], { input: value + '\n' });
let answer = () => ({ status: 200 });
const web = await shop((...all) => answer(...all));
writeFileSync(SCRIPT, `#!/bin/sh\nfor w; do printf '[%s]' "$w"; done >>${RUNS}\necho >>${RUNS}\nenv >${RUNS}.env\n`, { mode: 0o755 });
const runs = () => existsSync(RUNS) ? readFileSync(RUNS, 'utf8').split('\n').filter(Boolean) : [];
const ways = { DAPIT_ALERTS_MAIL: TO, DAPIT_ALERTS_URL: web.url, DAPIT_ALERTS_SECRET: SECRET, DAPIT_ALERTS_COMMAND: SCRIPT };

// The worker of a minute; several at once if it is said.
const turn = (settings) => new Promise((resolve) => {
	const p = spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF, '--once'], { stdio: 'ignore', env: { ...process.env, ...ways, ...settings } });
	current = p;
	p.on('exit', (code, signal) => resolve(signal ?? code));
});
let current;
async function minute({ workers = 1, seconds = 61, ...settings } = {}) {
	dapit('clock', `+${seconds}`);
	return (await Promise.all(Array.from({ length: workers }, () => turn(settings))))[0];
}

// What was told since the last call, by each way: subject and health.
const read = { mail: 0, url: 0, command: 0 };
function told() {
	const m = mails.got.slice(read.mail), u = web.got.slice(read.url), c = runs().slice(read.command);
	Object.assign(read, { mail: mails.got.length, url: web.got.length, command: runs().length });
	return { mail: m.map((x) => x.mail.subject.replace(/ \(.*/, '')), url: u.map((x) => `${x.json.what}: ${x.json.health}`),
		command: c.map((x) => x.slice(1).split('][').slice(0, 2).join(': ')) };
}
const all = (...list) => ({ mail: list, url: list, command: list });
const none = all();
const list = (command, settings) => JSON.parse(spawnSync(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, command, '--json'], { encoding: 'utf8', env: { ...process.env, ...settings } }).stdout);
const alerts = () => list('alerts', ways);
const doctorSays = (what, settings) => list('doctor', settings).find((f) => f.what === what);

// A test of the ways. The servers are in this process, so it cannot wait for
// the command as spawnSync does.
const tested = (settings) => new Promise((resolve) => {
	const p = spawn(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'alerts', 'test'], { env: { ...process.env, ...settings } });
	let out = '';
	p.stdout.on('data', (d) => out += d);
	p.on('exit', (code) => resolve({ code, out }));
});
is(await tested(ways), { code: 0, out: 'mail: told\nurl: told\ncommand: told\n' }, 'dapit alerts test: each way is told');
is(told(), all('test: ok'), 'and each has it');
const nobody = dapitFails('alerts', 'test');
ok(nobody.status === 1 && /set mail, url or command in \[alerts\]/.test(nobody.stderr), 'without a way it says what to set', nobody.stderr);

// All is well.
await minute();
await minute();
is([told(), alerts()], [none, []], 'a new installation is well: nobody is told, nothing is listed');

// Something turns bad, and well again.
await credit(12.34, 'no reference at all');
await minute();
is(told(), none, 'one look is none: it may be over at the next');
await minute();
const [mail, hook, run] = [mails.got.at(-1), web.got.at(-1), runs().at(-1)];
is(told(), all(`${SHARED}: warning`), 'two looks in a row: each way is told, once');
await minute();
await minute();
is(told(), none, 'and not again as long as it is so');
is([mail.to, mail.from], [[TO], 'shop@example.com'], 'the mail goes to the operator by the platform\'s server');
ok(/1, together 12\.34/.test(mail.mail.text) && /What to do: see dapit transfers --unmatched/.test(mail.mail.text), 'it says how it is, and what to do', mail.mail.text);
ok(signed(hook, SECRET) && hook.headers['webhook-id'] === hook.json.event_id, 'the POST is signed as webhooks are', hook.headers);
has(hook.json, { event: 'alert', what: SHARED, health: 'warning', host: null, gateway: process.env.DAPIT_URL }, 'it says what, and of which gateway');
ok(run.startsWith(`[${SHARED}][warning][1, together 12.34`), 'the command has the words, each whole', run);
has(alerts()[0], { health: 'warning', what: SHARED, host: null, told: true, last_error: null }, 'dapit alerts lists it');
const gauge = async () => Number(/^dapit_alerts_open (\d+)/m.exec((await request('GET', `${url}?action=metrics`)).text)?.[1]);
is(await gauge(), 1, 'dapit_alerts_open counts it');
const open = await invoice(12.34);
const [[transfer]] = sql('SELECT transfer_id FROM gateway_unmatched');
dapit('transfers', 'assign', transfer, open.reference, '--yes');
await minute();
is(told(), none, 'well for one look');
await minute();
is(told(), all(`${SHARED}: ok`), 'well for two: each way is told, once');
has(alerts()[0], { health: 'ok', what: SHARED, told: true }, 'dapit alerts still knows of it');
is(await gauge(), 0, 'and none is open');

// It flaps.
for (const mode of [0o644, 0o600, 0o644, 0o600]) {
	chmodSync(DAPIT_CONF, mode);
	await minute();
}
await minute();
is(told(), none, 'what changes at each look is told to nobody');

// One way does not work: the others are told once, and it again and again.
answer = () => ({ status: 302, headers: { Location: web.url } });
chmodSync(DAPIT_CONF, 0o644);
await minute();
await minute();
is(told(), all(`${LOCAL}: broken`), 'a machine\'s own: broken');
has(web.got.at(-1).json, { host: hostname() }, 'it says which machine');
has(alerts()[0], { what: LOCAL, health: 'broken', host: hostname(), told: false, last_error: 'url: HTTP 302' }, 'a redirect is not followed: dapit alerts says that a way was not told');
answer = () => ({ status: 500 });
const first = web.got.at(-1).headers['webhook-id'];
await minute({ seconds: 31 });
await minute({ seconds: 121 });
is(told(), { mail: [], url: Array(2).fill(`${LOCAL}: broken`), command: [] }, 'it is tried again after pauses, the others are not');
is(web.got.slice(-2).map((h) => h.headers['webhook-id']), [first, first], 'by the same webhook-id');
has(doctorSays('alerts', ways), { health: 'warning', state: 'url: HTTP 500' }, 'doctor says that somebody is not told');
answer = () => ({ status: 200 });
await minute({ seconds: 601 });
is(told().url, [`${LOCAL}: broken`], 'when it works again it is told');
has(alerts().find((a) => a.what === LOCAL), { told: true, last_error: null }, 'and that is the end of it');

// Killed after it had told, before it could book that.
chmodSync(DAPIT_CONF, 0o600);
await minute();
answer = () => { current.kill('SIGKILL'); return { status: 200 }; };
is(await minute(), 'SIGKILL', 'a worker is killed while it tells');
answer = () => ({ status: 200 });
told();
const before = web.got.at(-1).headers['webhook-id'];
await minute({ seconds: 10 });
is(told(), none, 'what it had claimed is left alone');
await minute({ seconds: 91 });
is(told(), all(`${LOCAL}: ok`), 'until the claim is over: then it is told again, never not at all');
is(web.got.at(-1).headers['webhook-id'], before, 'by the same webhook-id, so that one can tell');

// Many workers.
chmodSync(DAPIT_CONF, 0o644);
await minute({ workers: 4 });
await minute({ workers: 4 });
is(told(), all(`${LOCAL}: broken`), 'of four workers at once, one tells');
chmodSync(DAPIT_CONF, 0o600);
await minute({ workers: 4 });
is(told(), none, 'four workers that look at once are one look');
await minute({ workers: 4 });
is(told(), all(`${LOCAL}: ok`), 'and it is well again');

// As daemons, two of them, at a URL that takes its time.
answer = () => sleep(3000).then(() => ({ status: 200 }));
const daemons = [1, 2].map(() => spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF], { stdio: 'ignore', env: { ...process.env, ...ways } }));
const looks = () => sql(`SELECT looked_at FROM gateway_alerts WHERE host = '${hostname()}' AND what = ''`)[0][0];
chmodSync(DAPIT_CONF, 0o644);
for (let i = 0; i < 9 && web.got.length === read.url; i++) {
	const was = looks();
	dapit('clock', '+61');
	await until(() => looks() !== was);
	await until(() => web.got.length > read.url, 3);
}
await until(() => alerts().some((a) => a.what === LOCAL && a.health === 'broken' && a.told));
await Promise.all(daemons.map((d) => new Promise((resolve) => { d.on('exit', resolve); d.kill(); })));
is(told(), all(`${LOCAL}: broken`), 'of two daemons one tells, while the other looks for what is due');
answer = () => ({ status: 200 });
chmodSync(DAPIT_CONF, 0o600);
await minute();
await minute();
is(told(), all(`${LOCAL}: ok`), 'and cron\'s worker goes on from there');

// Only what is broken, if that is asked for.
await credit(5, 'nobody knows');
await minute({ DAPIT_ALERTS_WARNINGS: 0 });
await minute({ DAPIT_ALERTS_WARNINGS: 0 });
is(told(), none, 'warnings = 0: a warning is told to nobody');

// What is told has no secret; the command has none in its environment.
const texts = [...mails.got.map((m) => m.raw + m.mail.text + m.mail.subject), ...web.got.map((h) => h.text), ...runs(), readFileSync(`${RUNS}.env`, 'utf8')].join('\n');
const conf = (name) => new RegExp(`\\[bank.staging\\][^]*?^${name} = (.+)$`, 'm').exec(readFileSync(DAPIT_CONF, 'utf8'))[1];
for (const [name, secret] of Object.entries({ 'the client secret': conf('client_secret'), 'the code': conf('auth_code'), 'the IBAN': conf('iban'), 'the key of alerts': SECRET,
	'the mail password': PASSWORD, 'a merchant\'s key': key, 'the master key': readFileSync(`${VAR}/master.key`, 'utf8').trim().slice(0, 64) }))
	ok(!texts.includes(secret), `${name} is in no message`);
is(Object.fromEntries(readFileSync(`${RUNS}.env`, 'utf8').trim().split('\n').map((l) => l.split(/=(.*)/s).slice(0, 2))).DAPIT_ALERT_HEALTH, 'ok', 'the command has the words in its environment too');

// Commands that are none.
for (const [text, says, shows] of [
	[`${VAR}/none.sh`, 'command: the command: No such file or directory', 'one that is not there'],
	['alert.sh', 'command: the command is no whole path', 'one without its path'],
	[`#!/bin/sh\nexit 3\n`, 'command: the command ended with 3', 'one that fails'],
	[`#!/bin/sh\nsleep 3600 & sleep 3600\n`, 'command: the command took more than 10 s', 'one that does not end'],
	[`#!/bin/sh\nkill -9 $$\n`, 'command: the command ended by signal 9', 'one that is killed'],
]) {
	const script = text.startsWith('#!') ? `${VAR}/other.sh` : text;
	if (text.startsWith('#!'))
		writeFileSync(script, text, { mode: 0o755 });
	is(await tested({ DAPIT_ALERTS_COMMAND: script }), { code: 1, out: says + '\n' }, `a command: ${shows}`);
}

// Nobody is told.
is(doctorSays('alerts'), undefined, 'in staging nobody needs to be told');
has(doctorSays('alerts', { DAPIT_BANK_PRODUCTION_IBAN: 'LT601010012345678901' }), { health: 'warning', state: 'nobody is told of what is broken' }, 'in production doctor says if nobody is');
has(doctorSays('alerts', { ...ways, DAPIT_BANK_PRODUCTION_IBAN: 'LT601010012345678901' }), { health: 'ok' }, 'and is content if somebody is');
let section;
const secrets = dapit('conf').split('\n').flatMap((line) => {
	section = /^\[(.*)\]/.exec(line)?.[1] ?? section;
	const name = /^(\w+) = /.exec(line)?.[1] ?? '';
	return /password|secret|auth_code|token$/.test(name) ? [`${section}.${name}`] : [];
});
is(secrets.length, 8, 'eight settings are secrets');
for (const name of secrets)
	is([dapitFails('conf', 'get', name).stdout, /is a secret/.test(dapitFails('conf', 'get', name).stderr)], ['', true], `dapit conf get does not print ${name}`);
is(dapit('conf', 'get', 'bank.staging.notice_header'), 'x-connectpay-token\n', 'but what is none');
web.close();
await mails.close();
done();
