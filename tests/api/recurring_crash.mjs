// recurring_crash.mjs - a message goes out once, or is visibly unknown,
// wherever the worker is killed. The kill walks from the worker's first step
// (a statement of the database, a call to a mail server or to Twilio) to its
// last; then a worker mends all. What the two servers took is the judge. In
// the end two workers share a batch.
import { spawn } from 'node:child_process';
import { is, ok, has, done, until, dapit, balanced } from './lib.mjs';
import { recur, certificate, mailServer, twilio, sql } from './messages.mjs';
import { clock, dayOf, plus, goTo } from './time.mjs';

const { PROGRAMS, DAPIT_CONF } = process.env;
const FAULTY = PROGRAMS.replace('/build', '/build-faults').replace('-san', '');
const STEPS = 400;		// a walk ends long before
const BATCH = 100;		// schedules, each with a mail and an SMS

const mails = await mailServer(certificate()), phone = await twilio();
dapit('bank', 'sync');
has((await recur('set_config', { smtp_host: 'localhost', smtp_port: String(mails.port), smtp_user: 'shop@example.com', smtp_pass: 'secret-pass',
	twilio_sid: phone.sid, twilio_token: phone.token, twilio_phone: '+4712300000' })).json, { success: true }, 'set_config');
goTo(plus(dayOf(clock()), 1), '09:05');

// A schedule that is due now, by mail and SMS.
const made = [];
let fresh = 0;
async function make(more = {}) {
	const n = ++fresh, day = dayOf(clock());
	const to = `c${n}@example.com`, number = '+4790' + String(n).padStart(6, '0');
	const r = await recur('create_schedule', { customer_name: 'John Smith', customer_email: to, customer_phone: number, delivery_method: 'both',
		frequency: 'monthly', amount: 7, start_date: day, ...more });
	if (r.status !== 200)
		throw new Error(r.text);
	const s = { id: r.json.schedule_id, to, number };
	made.push(s);
	return s;
}

// A turn of the worker; says whether it was killed. The servers live in this
// process, so it must not wait for it as spawnSync does.
const turn = (at) => new Promise((resolve) => {
	const p = spawn(`${FAULTY}/worker`, ['-c', DAPIT_CONF, '--once'], { stdio: 'ignore', env: { ...process.env, ...(at ? { DAPIT_KILL_AT: String(at) } : {}) } });
	p.on('exit', (code, signal) => resolve(signal === 'SIGKILL'));
});
const lease = () => dapit('clock', '+91');

// The state of every message: schedule, cycle, reminder, channel, status.
const CHANNELS = ['email', 'sms'], STATUSES = ['pending', 'sending', 'sent', 'failed', 'unknown', 'dropped'];
const messages = () => sql(`SELECT schedule_id, cycle_id, reminder, channel, status, id, COALESCE(error, '') FROM recurring_messages ORDER BY id`)
	.map(([schedule, cycle, reminder, channel, status, id, error]) => ({ schedule: Number(schedule), cycle: Number(cycle), reminder: Number(reminder), channel: CHANNELS[channel], status: STATUSES[status], id: Number(id), error }));
const open = () => messages().filter((m) => ['pending', 'sending'].includes(m.status));

// Every message of these schedules is told by the servers: once if it is
// sent, at most once if it is unknown. Returns what is not so.
function wrong(list, perSchedule = 1) {
	const all = messages(), bad = [];
	for (const s of list)
		for (const channel of CHANNELS) {
			const mine = all.filter((m) => m.schedule === s.id && m.channel === channel);
			const got = channel === 'email' ? mails.to(s.to).length : phone.to(s.number).length;
			const sent = mine.filter((m) => m.status === 'sent').length, unknown = mine.filter((m) => m.status === 'unknown').length;
			if (mine.length !== perSchedule || sent + unknown !== perSchedule || got < sent || got > sent + unknown || (channel === 'sms' && unknown > 0))
				bad.push({ ...s, channel, got, messages: mine.map((m) => [m.id, m.reminder, m.status, m.error]) });
		}
	return bad;
}
const doubles = () => {
	const ids = mails.got.map((g) => g.mail.messageId), bodies = phone.got.map((g) => g.to + g.body);
	return [...ids.filter((x, i) => ids.indexOf(x) !== i), ...bodies.filter((x, i) => bodies.indexOf(x) !== i)];
};

// Leases run out, and what may be sent again is.
async function mend() {
	for (let i = 0; i < 6; i++) {
		lease();
		if (await turn())
			throw new Error('a worker that nobody killed was killed');
		if (open().length === 0)
			return;
	}
}

// Of each kind of message, one walk.
async function walk(name, prepare, perSchedule) {
	const before = made.length, left = { none: 0, pending: 0, sending: 0, sent: 0 };
	let steps = 0;
	for (let at = 1, after = 0; at < STEPS && after < 5; at++) {	// what it does later is no matter of messages
		const s = await prepare();
		if (!await turn(at))
			break;
		steps = at;
		const mine = messages().filter((m) => m.schedule === s.id && m.reminder === perSchedule - 1);
		for (const m of mine.length > 0 ? mine : [{ status: 'none' }])
			left[m.status]++;
		after = mine.length > 0 && mine.every((m) => m.status === 'sent') ? after + 1 : 0;
		await mend();
	}
	await mend();
	ok(steps > 20 && steps < STEPS - 1, `${name}: the worker was killed at each of ${steps} steps`);
	ok(Object.values(left).every((n) => n > 0), `which left behind ${Object.entries(left).map(([k, n]) => `${n} ${k}`).join(', ')}`, left);
	const mine = made.slice(before);
	is(open(), [], 'workers later nothing is on its way');
	is(wrong(mine, perSchedule), [], `each of ${mine.length} schedules had its mail once, or at most once and unknown, and its SMS once`);
	is(doubles(), [], 'no server was given anything twice');
	is(sql('SELECT schedule_id, COUNT(*) FROM recurring_cycles GROUP BY schedule_id HAVING COUNT(*) <> 1'), [], 'each schedule was billed once');
	return mine;
}
const unknown = () => messages().filter((m) => m.status === 'unknown');
await walk('due', () => make(), 1);
await walk('reminders', async () => {
	const s = await make({ remind_after_days: [1] });
	await turn();
	sql(`UPDATE recurring_cycles SET remind_at = ${clock()} WHERE schedule_id = ${s.id}`);
	return s;
}, 2);
ok(unknown().length < made.length / 2, `${unknown().length} mails are unknown: those whose sender died after its claim; ${mails.got.length} mails and ${phone.got.length} SMS arrived`);

// Two workers at once, with everything due.
async function batch() {
	const list = [];
	while (list.length < BATCH)
		list.push(...await Promise.all(Array.from({ length: 10 }, () => make())));
	return list;
}
const workers = [];
const work = (options) => {
	workers.push(spawn(PROGRAMS + '/worker', ['-c', DAPIT_CONF], { stdio: 'ignore', ...options }));
	return workers.at(-1);
};
process.on('exit', () => workers.forEach((w) => w.kill('SIGTERM')));
const all = (list) => messages().filter((m) => list.some((s) => s.id === m.schedule));
let list = await batch();
const two = [work(), work()], since = Date.now();
await until(() => all(list).length === 2 * BATCH && open().length === 0);
console.log(`# two workers sent ${2 * BATCH} messages in ${((Date.now() - since) / 1000).toFixed(1)} s`);
is(list.filter((s) => mails.to(s.to).length !== 1 || phone.to(s.number).length !== 1), [], `two workers send ${BATCH} mails and ${BATCH} SMS once each`);
is(wrong(list), [], 'and each is known as sent, but for a mail whose server took too long to say so');
ok(all(list).filter((m) => m.status === 'unknown').length < BATCH / 10, 'which are few');
for (const w of two)
	w.kill('SIGTERM');
await Promise.all(two.map((w) => w.exitCode ?? new Promise((r) => w.on('exit', r))));

// One is killed with all its processes amid a batch, others go on.
list = await batch();
const before = mails.got.length, were = unknown().filter((m) => m.error === 'who sent it ended in the middle').length;
const victim = work({ detached: true });
await until(() => mails.got.length >= before + BATCH / 4);
process.kill(-victim.pid, 'SIGKILL');
const left = new Set(all(list).filter((m) => m.status === 'sending').map((m) => m.id));
work();
work();
// What the killed one had is taken over when its lease has ended; before, the
// others end what they have themselves.
await until(() => all(list).length === 2 * BATCH && open().every((m) => left.has(m.id)));
lease();
await until(() => open().length === 0);
is(open(), [], `a worker is killed amid a batch, with ${left.size} messages on their way: two others leave none open`);
const lost = unknown().filter((m) => m.error === 'who sent it ended in the middle').length - were;
ok(lost <= left.size, `${lost} of them are unknown`);
is(wrong(list), [], 'each of the batch went out once, or at most once and is unknown');
is(doubles(), [], 'and no server was given anything twice');
balanced();
done();
