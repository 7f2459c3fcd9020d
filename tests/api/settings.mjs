// settings.mjs - settings take effect by themselves: the steps of the
// README's "On a server", in their order, lead to an invoice; a changed
// account is named by the next one. Nobody types "bank sync".
import { spawn } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { is, ok, has, done, url, request, call, api, credit, check, confirm, settled, until, dapit, dapitFails } from './lib.mjs';
import { sql } from './messages.mjs';

const { VAR, PROGRAMS, DAPIT_CONF } = process.env;
const OURS = 'LT913740020058585210', OTHER = 'LT601010012345678901';
const whole = readFileSync(DAPIT_CONF, 'utf8');

// The settings with these lines in [bank.staging]; the time of the file is
// that of a person, who is slower than a test.
let written = Date.now() / 1000 - 3600;
function edit(lines) {
	const [before, rest] = whole.split('[bank.staging]\n');
	const end = rest.search(/^\[/m);
	let bank = rest.slice(0, end);
	for (const [key, value] of Object.entries(lines))
		bank = bank.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`);
	writeFileSync(DAPIT_CONF, `${before}[bank.staging]\n${bank}${rest.slice(end)}`);
	written += 10;
	utimesSync(DAPIT_CONF, written, written);
}

const findings = () => JSON.parse(dapitFails('doctor', '--json').stdout);
const finding = (what) => findings().find((f) => f.what === what);
const pid = () => Number(readFileSync(`${VAR}/run/gateway.pid`, 'utf8'));
async function restartGateway() {
	const old = pid();
	process.kill(old);
	await until(() => pid() !== old);
	await until(async () => (await call('whoami').catch(() => ({}))).status === 200);
}
let worker;
const startWorker = () => { worker = spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF], { stdio: 'ignore' }); };
const stopWorker = () => new Promise((resolve) => { worker.on('exit', resolve); worker.kill(); });
const open = async () => (await api('create_session', { amount: 5 })).session_token;
const create = (token) => call('create_invoice', { token }, { withKey: null });

// What dapit setup leaves: a merchant, no bank.
edit({ iban: '', auth_code: '', client_id: '' });
sql('DELETE FROM bank_accounts');
sql('DELETE FROM bank_logins');
await restartGateway();
startWorker();
const first = await open();
is((await create(first)).json.code, 'not_ready', 'before there is a bank: no invoice');
await until(() => finding('settings').health === 'ok');
has(finding('account, staging'), { health: 'broken', state: 'no bank: nobody can pay the merchants of staging (1)' }, 'doctor: a merchant that nobody can pay is broken');
ok(/\[bank\.staging\].*dapit bank login staging/.test(finding('account, staging').todo), 'and says what to do', finding('account, staging'));

// The documented steps.
edit({});
has(finding('settings'), { health: 'warning', state: 'they were changed after the worker had read them' }, 'edited and not restarted: a warning');
has(finding('account, staging'), { health: 'broken', state: 'the settings name one, but it is not in use' }, 'and the account is not in use');
await stopWorker();
await restartGateway();
startWorker();
await until(() => finding('settings').health === 'ok');
dapit('bank', 'login', 'staging');
const made = await create(first);
is([made.status, made.json.iban], [200, OURS], 'setup, edit, restart, bank login: an invoice at once');
await until(() => findings().every((f) => f.health === 'ok'));
is(findings().filter((f) => f.health !== 'ok').map((f) => f.what + ': ' + f.state), [], 'doctor: all is well');
is(finding('account, staging').state, 'invoices name the one that ends in 5210', 'it says which account invoices name, without the whole IBAN');

// Another account. Who was invoiced before pays to the one of before.
edit({ iban: 'lt60 1010 0123 4567 8901', beneficiary_name: 'Other Owner' });
has(finding('account, staging'), { health: 'broken', state: 'invoices name the one that ends in 5210, the settings 8901' }, 'a changed IBAN that is not in effect is broken');
is((await create(await open())).json.iban, OURS, 'programs that were not restarted go on with the account in use');
await stopWorker();
startWorker();
await until(() => finding('account, staging').health === 'ok');
const next = await create(await open());
has(next.json, { iban: OTHER, beneficiary_name: 'Other Owner' }, 'the worker is restarted: the next invoice names the new one, as machines write it');
is((await create(first)).json.iban, OURS, 'an invoice of before says what it said');
await confirm(first);
await credit(5, made.json.reference_number);
is((await settled(first, ['pending', 'polling']))?.status, 'confirmed', 'and money that comes there is found');
await stopWorker();

// No worker at all, as on a shared host before cron's first minute.
edit({});
await restartGateway();
is((await create(await open())).json.iban, OURS, 'without a worker create_invoice itself sees that the settings changed');
sql('DELETE FROM bank_accounts WHERE iban = ' + `'${OTHER}'`);
sql('UPDATE bank_accounts SET current = 0');
is((await create(await open())).json.iban, OURS, 'or that no account is in use');

// Payments cannot be found: whoever wakes people hears it by the code. Load
// balancers do not: all machines have the same bank.
const health = (more = '') => request('GET', `${url}?action=health${more}`);
dapit('bank', 'sync');
for (const [change, status, trouble, shows] of [
	['bank_accounts SET checked_at = UNIX_TIMESTAMP() - 900', 'degraded', /^account \d+ read 9\d\d s ago$/, 'a statement unread for a quarter of an hour'],
	['bank_accounts SET checked_at = UNIX_TIMESTAMP() - 1900', 'broken', /^account \d+ read 19\d\d s ago$/, 'for half an hour'],
	['bank_accounts SET checked_at = UNIX_TIMESTAMP() + 7200', 'degraded', /in the future/, 'read in the future, which the next read mends'],
	['bank_accounts SET checked_at = 0', 'degraded', /never read$/, 'an account that is new'],
	['bank_accounts SET checked_at = 0, created_at = created_at - 1900', 'broken', /never read$/, 'one that was new half an hour ago'],
	['bank_accounts SET checked_at = UNIX_TIMESTAMP(), current = 0', 'broken', /^no account$/, 'no account in use'],
	['bank_logins SET refresh_until = 0', 'broken', /^not logged in at the bank$/, 'the bank login has ended'],
]) {
	sql(`UPDATE ${change}`);
	const plain = await health(), loud = await health('&monitor=1');
	ok(plain.status === 200 && plain.json.status === status && trouble.test(plain.json.trouble), `health: ${shows}: 200, ${status}`, plain.text);
	ok(status === 'broken' ? loud.status === 503 && loud.json.code === 'broken' && trouble.test(loud.json.error) : loud.status === 200 && loud.json.status === status,
		`health, monitor=1: ${status === 'broken' ? '503 and why' : 'the same'}`, loud.text);
	sql(`UPDATE bank_accounts SET current = 1 WHERE iban = '${OURS}'`);
}

edit({ iban: 'LT001010012345678901' });
ok(finding('account, staging').health === 'broken' && /^\[bank\.staging\] iban: /.test(finding('account, staging').state), 'an IBAN that is none is broken', finding('account, staging'));
done();
