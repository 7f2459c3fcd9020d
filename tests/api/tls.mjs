// tls.mjs - mutual TLS with the bank: nginx before the sandbox asks for a
// client certificate of one authority, as ConnectPay does.
import { ok, is, done, bank, until } from './lib.mjs';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const { VAR, PORT, PROGRAMS, DAPIT_CONF } = process.env;
const at = VAR + '/tls-';
const port = Number(PORT) + 2;
const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
function certificate(name, ca) {
	writeFileSync(at + 'ext', `subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:${ca ? 'FALSE' : 'TRUE'}\n`);
	openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=' + name, '-keyout', `${at}${name}.key`, '-out', `${at}${name}.csr`);
	openssl('x509', '-req', '-days', '2', '-in', `${at}${name}.csr`, '-out', `${at}${name}.pem`, '-extfile', at + 'ext',
		...(ca ? ['-CA', `${at}${ca}.pem`, '-CAkey', `${at}${ca}.key`, '-CAcreateserial'] : ['-signkey', `${at}${name}.key`]));
}
certificate('authority');
certificate('bank', 'authority');
certificate('client', 'authority');
certificate('stranger');
writeFileSync(at + 'nginx.conf', readFileSync(VAR + '/nginx.conf', 'utf8').replace(/listen 127[^;]*;/,
	`listen 127.0.0.1:${port} ssl; ssl_certificate ${at}bank.pem; ssl_certificate_key ${at}bank.key;
	 ssl_client_certificate ${at}authority.pem; ssl_verify_client on;`).replace('nginx-master.pid', 'tls-nginx.pid'));
const nginx = spawn('nginx', ['-p', VAR, '-c', at + 'nginx.conf', '-e', VAR + '/log/tls-nginx.log'], { stdio: 'ignore' });

const settings = { DAPIT_BANK_STAGING_URL: `https://127.0.0.1:${port}/sandbox`, DAPIT_BANK_STAGING_TLS_CA: at + 'authority.pem',
	DAPIT_BANK_STAGING_TLS_CERT: at + 'client.pem', DAPIT_BANK_STAGING_TLS_KEY: at + 'client.key' };
async function login(more) {
	const { code } = await bank('/simulate/code', {});
	return spawnSync(PROGRAMS + '/dapit', ['-c', DAPIT_CONF, 'bank', 'login', 'staging', '-'],
		{ encoding: 'utf8', input: code + '\n', env: { ...process.env, ...settings, ...more } });
}
const good = await until(async () => { const r = await login(); return r.status === 0 && r; });
ok(good, 'with our certificate: logged in');
is((await login({ DAPIT_BANK_STAGING_TLS_CERT: '', DAPIT_BANK_STAGING_TLS_KEY: '' })).status, 1, 'without one: refused by the bank');
is((await login({ DAPIT_BANK_STAGING_TLS_CERT: at + 'stranger.pem', DAPIT_BANK_STAGING_TLS_KEY: at + 'stranger.key' })).status, 1, "with a stranger's: refused by the bank");
const fake = await login({ DAPIT_BANK_STAGING_TLS_CA: at + 'stranger.pem' });
is(fake.status, 1, 'a bank whose certificate is not of our authority: refused by us');
ok(/certificate/.test(fake.stderr), 'and it says why', fake.stderr);
const wrong = spawnSync(PROGRAMS + '/dapit', ['-c', DAPIT_CONF, 'bank', 'login', 'staging', '1f9ae0a1-21f9-445c-9939-75c281a3b06b'], { encoding: 'utf8' });
is(wrong.status, 1, 'a code that the bank does not know: refused');
const sync = spawnSync(PROGRAMS + '/dapit', ['-c', DAPIT_CONF, 'bank', 'sync'], { encoding: 'utf8', env: { ...process.env, ...settings } });
is([sync.status, sync.stderr], [0, ''], 'and the login at hand still reads the statement');
ok(/logged in until/.test(spawnSync(PROGRAMS + '/dapit', ['-c', DAPIT_CONF, 'bank', 'status'], { encoding: 'utf8' }).stdout), 'dapit bank status');
nginx.kill('SIGTERM');
done();
