// operator.mjs - the operator's command: is all well, what to do if not; the
// manual, completion, and what cannot be undone.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { ok, is, has, done, api, invoice, credit, dapit, dapitFails, until } from './lib.mjs';

const look = () => {
	const r = dapitFails('doctor', '--json');
	return { code: r.status, by: Object.fromEntries(JSON.parse(r.stdout).map((f) => [f.what, f])), all: JSON.parse(r.stdout), text: r.stdout };
};
await until(() => look().by.worker.health === 'ok');
let all = look();
is(all.all.filter((f) => f.health !== 'ok').map((f) => f.what + ': ' + f.state), [], 'dapit doctor: a new installation is well');
is(all.code, 0, 'and its exit code is 0');
for (const what of ['database', 'durability', 'clock', 'schema', 'worker', 'bank login, staging', 'bank statement, staging', 'overdue webhooks', 'undelivered webhooks', 'endpoints switched off', 'unmatched money', 'web server', 'file'])
	ok(all.by[what]?.state, `doctor looks at: ${what} (${all.by[what]?.state})`);

await credit(12.34, 'no reference at all');
await until(() => look().by['unmatched money'].health === 'warning');
all = look();
ok(/1, together 12\.34/.test(all.by['unmatched money'].state) && /dapit transfers/.test(all.by['unmatched money'].todo), 'unmatched money is a warning, with what to do', all.by['unmatched money']);
is(all.code, 0, 'a warning is no failure');
chmodSync(process.env.DAPIT_CONF, 0o644);
all = look();
ok(all.code === 1 && all.all.some((f) => f.health === 'broken' && /dapit\.conf has mode 644/.test(f.state)), 'a secret that others can read is broken: exit code 1', all.text);
chmodSync(process.env.DAPIT_CONF, 0o600);
const env = { ...process.env, DAPIT_GATEWAY_URL: 'http://127.0.0.1:9' };
const away = spawnSync(env.PROGRAMS + '/dapit', ['-c', env.DAPIT_CONF, 'doctor'], { encoding: 'utf8', env });
ok(away.status === 1 && /^broken   web server: .*\n         > see that nginx/m.test(away.stdout), 'a web server that is away is broken, in words', away.stdout);

// A certificate: fresh, ending soon, over; made by openssl.
for (const [days, health] of [['400', 'ok'], ['10', 'warning'], ['-1', 'broken']]) {
	const file = `${process.env.VAR}/cert${days}.pem`;
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=test', '-keyout', `${file}.key`, '-out', file, '-days', '400'], { stdio: 'ignore' });
	execFileSync('openssl', ['x509', '-in', file, '-signkey', `${file}.key`, '-days', days, '-out', file], { stdio: 'ignore' });
	const found = JSON.parse(spawnSync(env.PROGRAMS + '/dapit', ['-c', env.DAPIT_CONF, 'doctor', '--json'], { encoding: 'utf8', env: { ...process.env, DAPIT_BANK_STAGING_TLS_CERT: file } }).stdout).find((f) => f.what === 'certificate');
	const end = execFileSync('openssl', ['x509', '-in', file, '-noout', '-enddate'], { encoding: 'utf8' });
	is(Date.parse(found?.state.split(' ends ')[1].replace(' ', 'T') + 'Z'), Date.parse(end.split('=')[1]), `a certificate of ${days} days: its end is the one that openssl reads`);
	is(found.health, health, `and it is ${health}`);
}

// The manual and completion come from the table of commands.
const names = [...dapit('help').split('Commands (')[1].matchAll(/^  (\w.*?)(?: [A-Z[].*)?$/gm)].map((m) => m[1].trim());
const man = dapit('man');
ok(names.length > 25 && names.every((n) => man.includes('.B ' + n.replaceAll('-', '\\-'))), 'dapit man has every command', names.filter((n) => !man.includes('.B ' + n.replaceAll('-', '\\-'))));
const lint = spawnSync('mandoc', ['-Tlint', '-Werror'], { input: man, encoding: 'utf8' });
ok(lint.status === 0, 'and mandoc reads it', lint.stdout);
const complete = (...typed) => execFileSync('bash', ['-c', `source <("$0" completion); COMP_WORDS=(dapit "$@"); COMP_CWORD=$#; _dapit; echo "\${COMPREPLY[*]}"`, env.PROGRAMS + '/dapit', ...typed], { encoding: 'utf8' }).trim();
is(complete('mer'), 'merchant', 'completion: a first word');
is(complete('key', 'r'), 'rotate revoke', 'completion: a second word');
is(complete('-c', 'x', 'doc'), 'doctor', 'completion: behind -c FILE');

// Every list is JSON with --json.
const i = await invoice(5);
await credit(5, i.reference);
await until(async () => (await api('payment_status', { reference: i.reference })).status === 'confirmed');
for (const list of [['merchant', 'list'], ['key', 'list', '1'], ['events', '1'], ['endpoints', '1'], ['transfers'], ['transfers', '--unmatched'], ['bank', 'status'], ['log'], ['audit']])
	ok(Array.isArray(JSON.parse(dapit(...list, '--json'))), `dapit ${list.join(' ')} --json`);
has(JSON.parse(dapit('merchant', 'show', '1', '--json')), { id: 1, environment: 'staging' }, 'dapit merchant show --json');

// The clock.
const before = Date.parse(dapit('clock').trim().replace(' ', 'T') + 'Z');
const after = Date.parse(dapit('clock', '+2h').trim().replace(' ', 'T') + 'Z');
ok(Math.abs(after - before - 7200e3) < 5000, 'dapit clock +2h moves the clock');
has(await api('payment_status', { reference: (await invoice(5)).reference }), { status: 'invoiced' }, 'and the gateway goes on');
ok(/moved by dapit clock/.test(look().by.clock.state), 'doctor says that it was moved');
const production = spawnSync(env.PROGRAMS + '/dapit', ['-c', env.DAPIT_CONF, 'clock', '+1h'], { encoding: 'utf8', env: { ...process.env, DAPIT_BANK_PRODUCTION_IBAN: 'LT913740020058585210' } });
ok(production.status === 1 && /production/.test(production.stderr), 'with a production account the clock is not moved');
done();
