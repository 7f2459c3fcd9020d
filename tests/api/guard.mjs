// guard.mjs - webhooks go to public addresses only; the bank's notices are
// only hints; production is another account. Run with private_callbacks = 0
// and a notice token.
import { is, has, ok, done, api, call, request, invoice, credit, settled, until, shop, dapit, balanced, url } from './lib.mjs';
import { execFileSync } from 'node:child_process';

const sql = (text) => execFileSync('mariadb', ['--no-defaults', '-N', '-S', process.env.VAR + '/run/db.sock', 'dapit', '-e', text],
	{ encoding: 'utf8' }).trim();
const s = await shop();
const port = new URL(s.url).port;
const inside = [s.url, `http://localhost:${port}/`, `http://[::1]:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`, `http://0x7f000001:${port}/`,
	`http://2130706433:${port}/`, 'http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data/', 'http://192.168.1.1/', 'http://[fd00::1]/'];
for (const callback_url of inside)
	await credit(2, (await invoice(2, { callback_url })).reference);
await until(() => Number(sql('SELECT COUNT(DISTINCT event_id) FROM gateway_attempts')) === inside.length);
is(Number(sql('SELECT COUNT(DISTINCT event_id) FROM gateway_attempts')), inside.length, 'each was tried');
is(sql("SELECT DISTINCT error FROM gateway_attempts"), 'the address is not public', 'and refused at connect time');
is(s.got.length, 0, 'nothing arrived inside');

// The bank's notice.
const notice = (token, body = '{"eventType":"IncomingPayment.Completed","transactionAmount":{"amount":"25.00"}}') =>
	request('POST', url + '?action=bank_notice', { headers: { 'Content-Type': 'application/json', ...(token ? { 'x-connectpay-token': token } : {}) }, body });
const r = await notice(process.env.DAPIT_BANK_STAGING_NOTICE_TOKEN);
is([r.status, r.text], [200, 'OK'], 'a notice with the token: OK');
is((await notice('wrong')).status, 401, 'with another: 401');
is((await notice()).status, 401, 'with none: 401');
const i = await invoice(3);
await credit(3, i.reference);
await notice(process.env.DAPIT_BANK_STAGING_NOTICE_TOKEN);
has(await settled(i.token), { status: 'confirmed', total_paid: 3 }, 'the money itself comes from the statement');

// Production has no account here: sessions say where they are, invoices wait.
dapit('merchant', 'set', '1', 'environment=production', 'name=Grand Shop');
const p = await api('create_session', { amount: 5 });
has(p, { success: true, environment: 'production' }, 'the merchant is in production: so is the session');
const no = await call('create_invoice', { token: p.session_token });
is([no.status, no.json.code], [503, 'not_ready'], 'no account for it yet: 503, safe to send again');
has(await api('get_session', { token: p.session_token }), { merchant_name: 'Grand Shop', environment: 'production' }, 'the new name shows');
ok(/environment production/.test(dapit('merchant', 'show', '1')), 'dapit merchant show');
s.close();
balanced();
done();
