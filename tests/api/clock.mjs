// clock.mjs - clocks jump, of all programs or of one, for a moment and by
// seconds or months, both ways: once they are right again everything goes on
// within an ordinary interval, nothing is lost, and people are told.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { is, ok, done, api, call, cgi, credit, invoice, check, confirm, until, shop, sleep, dapit, balanced, dice } from './lib.mjs';
import { bankDay } from './time.mjs';
import { sql } from './messages.mjs';

const { VAR, PROGRAMS, DAPIT_CONF } = process.env;
const PAYER = 'DE89370400440532013000', HOUR = 3600, DAY = 86400;
const d = dice();
const s = await shop();

// The bank's clock is right: its entries have today's date.
const today = bankDay(Date.now() / 1000);
const move = (seconds) => writeFileSync(`${VAR}/clock`, String(seconds));
const own = (name, seconds) => {		// a clock of one program's own
	writeFileSync(`${VAR}/clock-${name}`, String(seconds));
	return { DAPIT_CLOCK_FILE: `${VAR}/clock-${name}` };
};
const open = (amount = 7) => invoice(amount, { callback_url: s.url });
const pay = (i) => credit(i.amount, i.reference, { booking_date: today });
const paid = (i, seconds) => until(async () => (await check(i.token)).status === 'confirmed', seconds);
const told = (i, seconds) => until(() => s.of(i.reference).find((h) => h.json.event === 'payment.confirmed'), seconds);
const refunds = async () => (await api('list_refunds', { limit: 200 })).refunds;
const sent = (id, seconds) => until(async () => (await refunds()).find((r) => r.refund_id === id)?.status === 'sent', seconds);
const send = async (i) => {
	const r = await api('create_refund', { reference: i.reference, amount: 3 });
	await call('send_refund', { refund_id: r.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' });
	return r.refund_id;
};
const findings = (settings = {}) => JSON.parse(spawnSync(`${PROGRAMS}/dapit`, ['-c', DAPIT_CONF, 'doctor', '--json'],
	{ encoding: 'utf8', env: { ...process.env, ...settings } }).stdout);

// Everything goes on: a payment, its webhook, a refund, the statement.
async function goesOn(when) {
	const start = Date.now();
	const i = await open();
	await pay(i);
	await confirm(i.token);
	ok(await paid(i, 60), `${when}: a payment is confirmed (${Math.round((Date.now() - start) / 1000)} s)`, await check(i.token));
	ok(await told(i, 30), `${when}: its shop is told`);
	ok(await sent(await send(i), 60), `${when}: a refund is sent`, (await refunds())[0]);
	ok(await until(async () => (await api('health')).status === 'ok', 30), `${when}: health says ok`, await api('health'));
	is(findings().filter((f) => f.what === 'bank statement, staging').map((f) => f.health), ['ok'], `${when}: doctor says that the statement is read`);
	ok(Date.now() - start < 60000, `${when}: all that within a minute`);
}

const first = await open(900);
await pay(first);
await confirm(first.token);
ok(await paid(first), 'before: a payment');

// Two hours ahead, for a moment.
dapit('clock', '+2h');
const ahead = await open();
await pay(ahead);
await confirm(ahead.token);
ok(await paid(ahead), 'two hours ahead a payment is confirmed');
const behind = findings(own('behind', 0));
const statement = behind.find((f) => f.what === 'bank statement, staging');
ok(statement.health === 'broken' && /^account \d+ read 7[12]\d\d s in the future: the clock jumped/.test(statement.state), 'by a right clock doctor says that the statement was read in the future', statement);
const health = cgi('health', {}, { settings: own('behind', 0) }).json;
ok(health.status === 'degraded' && /read 7[12]\d\d s in the future/.test(health.trouble), 'and health too', health);
dapit('clock', 'reset');
const times = findings().filter((f) => f.what === 'stored times');
ok(times.length && times.every((f) => f.health === 'warning') && times.some((f) => /^latest event: \d+ in the future, the latest \d/.test(f.state)), 'back again doctor names the stored times', times);
await goesOn('two hours ahead and back');

// Any way, while all goes on.
const some = [first, ahead], asked = [];
const length = () => d.pick([1, 9, 90, 900, 2 * HOUR, 30 * HOUR, 9 * DAY, 20 * DAY, 70 * DAY]) + d.below(60);
const jumps = [];
for (let at = 0; at < 10; at++) {
	const by = d.chance(65) ? length() : -Math.min(length(), 20 * DAY);	// what expired a month ago is nobody's
	jumps.push(by);
	move(d.chance(20) ? 0 : by);
	for (let n = d.below(3); n > 0; n--) {
		const i = await open();
		await pay(i);
		if (d.chance(50))
			await confirm(i.token);
		some.push(i);
	}
	if (d.chance(50))
		asked.push(await send(first));
	await sleep(d.below(1500));
}
console.log('# jumps of ' + jumps.join(', ') + ' s');
dapit('clock', 'reset');
await goesOn('after jumps both ways');
const lost = [];
for (const i of some)
	if (!await paid(i, 60))
		lost.push([i.reference, await check(i.token)]);
is(lost, [], `none of ${some.length} payments is lost`);
for (const i of some)
	if (!await told(i, 60))
		lost.push(i.reference);
is(lost, [], 'and the shop was told of each');
ok(await until(async () => (await refunds()).every((r) => r.status !== 'sending')), `none of ${asked.length} refunds is still on its way`, await refunds());
balanced();

// One worker of two, 70 days ahead.
const other = spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF], { stdio: 'ignore', env: { ...process.env, ...own('other', 70 * DAY) } });
const beside = await open();
await pay(beside);
await sleep(4000);
const refund = await send(first);
await sleep(4000);
// It ends between two things: who is killed while the bank gives him new tokens
// loses the login, which no clock mends.
const signal = (name) => spawnSync('pkill', [`-${name}`, '-P', String(other.pid)]);
other.kill('SIGSTOP');			// or it starts them again
ok(await until(() => {
	signal('STOP');
	if (sql('SELECT COUNT(*) FROM bank_logins WHERE lease_until > UNIX_TIMESTAMP()')[0][0] === '0')
		return true;
	signal('CONT');
}), 'one worker of two is 70 days ahead, and is not logging in');
signal('KILL');
other.kill('SIGKILL');
ok(await paid(beside, 60), 'then it is gone: a payment of that time is there', await check(beside.token));
ok(await told(beside, 60), 'and told');
ok(await sent(refund, 60), 'a refund of that time is sent', (await refunds()).find((r) => r.refund_id === refund));
await goesOn('after that worker');
balanced();
done();
