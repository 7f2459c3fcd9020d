// cgi.mjs - shared hosting: the gateway as plain CGI, one process a request,
// and no worker at all. check_payment alone finds the money.
import { is, has, ok, done, cgi, credit, until, shop, balanced, key } from './lib.mjs';
import { execFile } from 'node:child_process';

const run = (action, body, options) => cgi(action, body, options).json;

const s = run('create_session', { amount: 7, order_id: 'CGI-1' });
has(s, { success: true, amount: 7, merchant_order_id: 'CGI-1' }, 'create_session');
const i = run('create_invoice', { token: s.session_token }, { withKey: null });
has(i, { success: true, beneficiary_name: 'Longemalle Trustees OU', iban: 'LT913740020058585210' }, 'create_invoice: it asks the bank for the holder');
has(run('confirm_paid', { token: s.session_token }, { withKey: null }), { status: 'polling' }, 'confirm_paid');
has(run('check_payment', { token: s.session_token }, { withKey: null }), { status: 'pending' }, 'check_payment: pending');
await credit(7, i.reference_number);
const got = await until(() => {
	const c = run('check_payment', { token: s.session_token }, { withKey: null });
	return c.status !== 'pending' && c;
});
has(got, { status: 'confirmed', total_paid: 7, payment_count: 1 }, 'check_payment: confirmed, without a worker');
has(run('list_transactions', {}), { total: 1 }, 'list_transactions');
// cron instead of a worker: each run does everything once.
const shopper = await shop();
const w = run('create_session', { amount: 2, callback_url: shopper.url });
const wi = run('create_invoice', { token: w.session_token }, { withKey: null });
await credit(2, wi.reference_number);
const once = () => new Promise((done) => execFile(process.env.PROGRAMS + '/worker', ['-c', process.env.DAPIT_CONF, '--once'], (e) => done(e ? e.code : 0)));
ok(await until(async () => (await once()) === 0 && shopper.of(wi.reference_number)[0]), 'worker --once: reads the statement and tells the shop');
has(run('get_session', { token: w.session_token }), { status: 'confirmed' }, 'the session is paid');
shopper.close();
const r = cgi('create_session', { amount: 7 }, { withKey: null });
ok(/^Status: 401/m.test(r.head) && /^Content-Type: application\/json; charset=utf-8/m.test(r.head), 'a refusal has its status');
is(r.json.error, 'Missing API key', 'and its text');
ok(r.err.includes('"action":"create_session"') && !r.err.includes(key), 'one log line, without the key');
balanced();
done();
