// giveback.mjs - overpayments are sent back by themselves: what goes out,
// when, and to whom; what is left for a person, and what everybody reads of
// it. The bank's own books are the judge.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { is, has, ok, done, call, api, check, bank, credit, trouble, invoice, settled, dapit, dapitFails, balanced, dice } from './lib.mjs';

const { VAR, PROGRAMS, DAPIT_CONF } = process.env;
const FAULTY = PROGRAMS.replace('/build', '/build-faults').replace('-san', '');
const OURS = 'LT913740020058585210', PAYER = 'DE89370400440532013000', LOCAL = 'LT223740020032524104';
const JANSEN = { debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Maria Janssen' };
const d = dice();

// The installation has no worker of its own: it works when it is told to.
const turn = (settings = {}, program = PROGRAMS) => spawnSync(`${program}/worker`, ['-c', DAPIT_CONF, '--once'],
	{ encoding: 'utf8', env: { ...process.env, ...settings } }).signal;
const pass = (time) => dapit('clock', time);
const seconds = (utc) => Date.parse(utc.replace(' ', 'T') + 'Z') / 1000;
const refund = async (i) => (await api('list_refunds', { reference: i.reference, limit: 1 })).refunds[0];
const orders = async (r) => {
	const all = [];
	for (let after = 0, page; (page = (await bank(`/simulate/payments?after=${after}`)).payments).length; after = page.at(-1).id)
		all.push(...page);
	return all.filter((o) => o.external_reference.startsWith(r.reference_number + '-') && o.transaction_status === 'ACSC');
};
async function more(i, amount, payer = {}) {
	await credit(amount, i.reference, payer);
	dapit('bank', 'sync');
}
async function over(excess, payer = {}) {
	const i = await invoice(5);
	await more(i, 5 + excess, payer);
	await settled(i.token);
	return i;
}
// The quarter of an hour passes, and what was under way ends.
const goes = () => { pass('+15m'); turn(); turn(); };
async function leftBecause(i, why, shows) {
	const r = await refund(i), c = await check(i.token);
	has(r, { status: 'pending', sends_at: null, failure: why }, `${shows}: left for a person, who reads why`);
	has(c, { refund_waits: true, refund_sends_at: null }, `${shows}: check_payment says so`);
	ok(c.message.endsWith('waits for the merchant to send it.'), `${shows}: and the shopper reads it`, c.message);
	is((await orders(r)).length, 0, `${shows}: nothing went`);
}

// In a quarter of an hour.
const one = await over(3);
let r = await refund(one);
has(r, { automatic: true, amount: 3, refund_net: 2, status: 'pending', debtor_iban: PAYER }, 'an overpayment of 3.00 makes its refund');
is(seconds(r.sends_at) - seconds(r.created_at), 900, 'which goes out 15 minutes later');
has(await check(one.token), { refund_waits: false, refund_sends_at: r.sends_at, refund_net: 2,
	message: 'Payment received! You overpaid by €3.00. A refund of €2.00 will be processed (€3.00 minus €1.00 processing fee).' },
	'the shopper reads the words of the reference');
const event = (await api('list_events', { session: one.reference, limit: 1 })).events[0];
has((await api('get_event', { event_id: event.event_id })).payload, { event: 'payment.confirmed', refund_amount: 2, refund_fee: 1, refund_waits: false, refund_sends_at: r.sends_at },
	'the webhook tells it too');
turn();
pass('+14m');
turn();
has(await refund(one), { status: 'pending', sends_at: r.sends_at }, 'a minute before it is still pending');
pass('+1m');
turn();
turn();
r = await refund(one);
has(r, { status: 'sent', sends_at: null, failure: null }, 'then it is sent');
is((await orders(r)).map((o) => [o.amount, o.creditor_iban, o.creditor_name]), [[2, PAYER, 'John Smith']], 'the customer gets 2.00, once');
has(await check(one.token), { refund_waits: false, refund_sends_at: null, refund_net: 2 }, 'check_payment: it went');
balanced();

// What is too much, what grows, who is faster.
const much = await over(50.01);
goes();
await leftBecause(much, null, 'a cent more than the most');
const grows = await over(3);
r = await refund(grows);
pass('+10m');
await more(grows, 2);
ok(seconds((await refund(grows)).sends_at) >= seconds(r.sends_at) + 600, 'one that grows waits anew');
pass('+6m');
turn();
has(await refund(grows), { status: 'pending', amount: 5 }, 'its whole time');
goes();
has(await refund(grows), { status: 'sent', amount: 5 }, 'and goes in one');
const stopped = await over(3);
has((await call('cancel_refund', { refund_id: (await refund(stopped)).refund_id })).json, { status: 'cancelled', sends_at: null }, 'cancel_refund stops it');
const hurried = await over(3);
r = await refund(hurried);
has((await call('send_refund', { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' })).json, { status: 'sent', sends_at: null }, 'send_refund sends it at once');
goes();
has(await refund(stopped), { status: 'cancelled' }, 'a cancelled one stays');
is([(await orders(await refund(stopped))).length, (await orders(r)).length], [0, 1], 'nothing went of the one, the other once');
balanced();

// To whom.
const two = await over(3);
await more(two, 2, JANSEN);
goes();
await leftBecause(two, null, 'two payers');
const local = await over(3, { debtor_iban: LOCAL, debtor_name: 'Local' });
goes();
has(await refund(local), { status: 'sent' }, "an account of the bank's own: it knows whose it is");
for (const [shows, name, holder, want] of [
	['a close match', 'Maria Janssen', 'Maria Jansen', { status: 'held', matched_name: 'Maria Jansen', sends_at: null }],
	['no match', 'Maria Janssen', 'Peter Pan', { status: 'held', matched_name: null, failure: "the name is not the account holder's" }],
	['a match', 'Maria Jansen', 'Maria Jansen', { status: 'sent' }],
]) {
	const i = await over(3, { ...JANSEN, debtor_name: name });
	await credit(1, 'payroll', { ...JANSEN, debtor_name: holder });	// so the bank knows the holder
	goes();
	r = await refund(i);
	has(r, want, `${shows} of the name: ${want.status}`);
	is((await orders(r)).length, want.status === 'sent' ? 1 : 0, `${shows}: what went`);
	is((await check(i.token)).refund_waits, want.status === 'held', `${shows}: whether it waits for a person`);
}
await trouble('no_check');
const unchecked = await over(3);
goes();
r = await refund(unchecked);
has(r, { status: 'held', failure: 'no bank checked the name, as it went out by itself' }, 'a name that nobody checked: held');
is((await orders(r)).length, 0, 'and nothing went');
has((await call('send_refund', { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' })).json, { status: 'sent' }, 'a person may send it');
await trouble('off');
balanced();

// The sum of 24 hours, and what the operator changes in between.
const set = (...pairs) => dapit('merchant', 'set', '1', ...pairs);
pass('+25h');
set('auto_refund_daily=5');
const [first, second] = [await over(3), await over(2.01)];
goes();
has(await refund(first), { status: 'sent' }, 'within the sum of a day');
await leftBecause(second, 'with it, more than 5.00 would go out by itself in 24 hours', 'over it');
pass('+25h');
turn();
await leftBecause(second, 'with it, more than 5.00 would go out by itself in 24 hours', 'nor does it go the next day');
set('auto_refund_daily=500');
for (const [max, why] of [['2.99', 'it is more than 2.99, the most that goes out by itself'], ['0', 'automatic sending is off']]) {
	const i = await over(3);
	set('auto_refund_max=' + max);
	goes();
	await leftBecause(i, why, `auto_refund_max=${max} in between`);
	set('auto_refund_max=50');
}
set('auto_refund_max=0');
const off = await over(3);
goes();
await leftBecause(off, null, 'off');
set('auto_refund_max=50');
ok(/auto_refund_max\s+50\.00/.test(dapit('merchant', 'show', '1')), 'merchant show tells it', dapit('merchant', 'show', '1'));
for (const wrong of ['auto_refund_max=-1', 'auto_refund_max=x', 'auto_refund_daily=1000000000'])
	ok(dapitFails('merchant', 'set', '1', wrong).status !== 0, `merchant set ${wrong} is refused`);
balanced();

// Many workers, and a merchant who is as fast as they are.
const many = [];
for (let n = 0; n < 8; n++)
	many.push(await over(3));
pass('+15m');
const work = () => new Promise((gone) => spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF, '--once'], { stdio: 'ignore' }).on('exit', gone));
const racing = await refund(many[0]), stopping = await refund(many[1]);
await Promise.all([work(), work(), work(),
	call('send_refund', { refund_id: racing.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' }), call('cancel_refund', { refund_id: stopping.refund_id })]);
pass('+61s');
turn();
turn();
const went = [];
for (const i of many)
	went.push((await orders(await refund(i))).length);
is(went, many.map((_, n) => n === 1 && went[1] === 0 ? 0 : 1), 'three workers and the merchant at once: each goes once, or was cancelled');
is((await refund(many[1])).status, went[1] ? 'sent' : 'cancelled', 'what was cancelled did not go');
balanced();

// A worker that is killed anywhere in between.
const lease = () => {		// what it claimed ends
	pass('+61s');
	execFileSync('mariadb', ['--no-defaults', '-u', userInfo().username, '-S', `${VAR}/run/db.sock`, 'dapit', '-e', 'UPDATE bank_accounts SET lease_until = 0; UPDATE bank_logins SET lease_until = 0']);
};
const walked = [];
for (let at = 1 + d.below(5), killed = true; killed; at += 5) {
	lease();
	walked.push(await over(3));
	pass('+15m');
	dapit('bank', 'sync');		// who is killed while the bank gives him new tokens loses the login
	killed = turn({ DAPIT_KILL_AT: String(at) }, FAULTY) === 'SIGKILL';
	if (!killed)
		ok(at > 20, `a worker was killed at ${walked.length - 1} of ${at} steps`);
}
for (let n = 0; n < 10; n++) {
	lease();
	turn();
}
const ended = [];
for (const i of walked) {
	r = await refund(i);
	ended.push([r.status, (await orders(r)).length]);
}
is([...new Set(ended.map((e) => e.join()))], ['sent,1'], 'all of those refunds are sent, each once');
balanced();
done();
