// schedule.js - one schedule: who is asked, when, how it went; and its end.
import { el, announce } from '../checkout/dom.js';
import { money, percent, count, dayWords } from './format.js';
import { call, Refused } from './api.js';
import { open, surely, work } from './dialog.js';
import { scheduleBadge, scheduleWord, cycleBadge, facts, section, said, time, button, busy, toast, swap, lead, paymentHref } from './parts.js';
import { items } from './payment.js';
import { often, sofar } from './recurring.js';
import { messageCard } from './fate.js';

const LIVE_MS = 8000, LATEST = 6, KEPT = 100;
const HOW = { email: 'Mail', sms: 'SMS', both: 'Mail and SMS' };
const runs = (s) => ['active', 'paused'].includes(s.status);
const price = (s) => `${money(s.amount)} ${often(s.frequency)}`;

// --- what can be done

// Its end is final: what it means is said, then asked once more.
function askCancel(s, done) {
	const d = open('Cancel'), once = crypto.randomUUID();
	const buttons = (...more) => el('div.actions.end', {}, button('plain', 'Keep it', () => d.working || d.close(), { id: 'keep' }), ...more);
	const yes = button('primary', 'Cancel for good', () => work(d, yes, 'Cancelling…', async () => {
		await surely('update_schedule', { schedule_id: s.schedule_id, status: 'cancelled' }, once);
		d.close();
		toast('The schedule is cancelled');
		done().catch(() => { /* the view looks again by itself */ });
	}), { id: 'yes' });
	const first = () => {
		d.show('Cancel this schedule?', facts(['Customer', said(s.customer_name)], ['Amount', price(s)]),
			el('p', {}, 'No more messages go out, reminders of an open cycle neither. A link that the customer already has can still be paid.'),
			s.status === 'active' && el('p.soft', {}, 'To stop only for a while, pause it.'),
			buttons(button('second', 'Continue', sure, { id: 'continue' })));
		d.focus();
	};
	const sure = () => {
		d.show('Cancel it for good?', el('p.notice', {}, 'A cancelled schedule cannot be started again: it would have to be made anew.'),
			facts(['Customer', said(s.customer_name)], ['Amount', price(s)]),
			buttons(button('second', 'Back', () => d.working || first(), { id: 'step-back' }), yes));
		d.focus();
	};
	first();
}

function actions(place, s, again) {
	if (!runs(s))
		return null;
	if (!place.may)
		return lead('Your key is for reading only. To pause, resume or cancel, sign in with a full key.');
	const paused = s.status === 'paused';
	const turn = button('second', paused ? 'Resume' : 'Pause', () => busy(turn, async () => {
		await call('update_schedule', { schedule_id: s.schedule_id, status: paused ? 'active' : 'paused' }, { once: crypto.randomUUID() });
		toast(paused ? 'The schedule goes on' : 'Paused: nothing is sent until you resume it');
		await again();
	}), { id: 'turn' });
	return el('div.actions', {}, turn, button('plain', 'Cancel…', () => askCancel(s, again), { id: 'cancel' }));
}

// --- what is shown

const days = (list) => list.length === 1 ? count(list[0], 'day') : `${list.slice(0, -1).join(', ')} and ${count(list.at(-1), 'day')}`;

function plan(place, s, again) {
	const remind = Array.isArray(s.remind_after_days) && s.remind_after_days.length ? `${days(s.remind_after_days)} after the day, until it is paid` : null;
	return section('Plan',
		s.stopped_at && runs(s) && el('p.notice', {}, 'The customer stopped the messages by the link in one of them. Ask him before you resume it.'),
		s.status === 'paused' && !s.stopped_at && el('p.notice', {}, 'Nothing is sent: you paused it.'),
		facts(['Amount', el('span', {}, el('strong', {}, money(s.amount)), ' ' + often(s.frequency))],
			['Discount', s.discount_percent > 0 ? `${percent(s.discount_percent)} off ${money(s.original_amount)}` : null],
			['Next date', s.status === 'active' && s.next_billing_date ? dayWords.long(s.next_billing_date) : 'None' + (runs(s) ? ' while it is paused' : ' any more')],
			['Cycles', sofar(s)], ['For', s.order_description && said(s.order_description)], ['Reminders', remind]),
		actions(place, s, again));
}

const customer = (s) => section('Customer', facts(['Email', s.customer_email && said(s.customer_email)],
	['Phone', s.customer_phone && said(s.customer_phone)], ['Is told by', HOW[s.delivery_method] || s.delivery_method],
	['Language', el('span', { translate: 'no' }, s.language)], ['Pays at', s.payment_url ? said(s.payment_url) : 'the hosted checkout'],
	['Schedule', String(s.schedule_id)], ['Made', time(s.created_at)]));

const cycleCard = (c) => el('li.block', { 'data-cycle': c.billing_date },
	el('div.bar', {}, el('strong.num', {}, money(c.amount), ' ', cycleBadge(c.status)), el('time', { datetime: c.billing_date }, dayWords.long(c.billing_date))),
	el('div.bar', {}, el('a.num', { href: paymentHref(c.reference_number), id: 'row-' + c.reference_number }, c.reference_number), c.paid_at && el('span.hint', {}, 'Paid ', time(c.paid_at))));

// The latest ones, and the others behind a summary.
function history(title, none, list, card, fold) {
	const blocks = (some) => el('ul.blocks', {}, ...some.map(card)), more = list.length - LATEST;
	return section(title, list.length ? blocks(list.slice(0, LATEST)) : lead(none),
		more > 0 && fold('older-' + title.toLowerCase(), `${more} older`, blocks(list.slice(LATEST))),
		list.length === KEPT && el('p.hint', {}, `The latest ${KEPT} are shown.`));
}

const day = (c) => el('li', {}, el('time', { datetime: c.billing_date }, el('span', {}, dayWords.name(c.billing_date)), ' ',
	el('strong', {}, dayWords.short(c.billing_date)), ' ', el('span', {}, c.billing_date.slice(0, 4))));

function calendar(s, next) {
	const left = s.total_cycles && s.total_cycles - s.cycles_billed;
	return section('Next dates',
		next.cycles.length ? el('ol.days', { id: 'days' }, ...next.cycles.map(day)) :
			lead(s.status === 'paused' ? 'They are known once it is resumed.' : 'There are none any more.'),
		next.cycles.length > 0 && el('p.hint', {}, s.status === 'paused' ? 'Once it is resumed; days that go by meanwhile are left out. ' : '',
			`Each goes out at nine in the morning, ${s.timezone}. `,
			!left ? 'It goes on until you end it.' : left > next.cycles.length ? `${left - next.cycles.length} more follow.` : 'Then it is complete.'));
}

function letter(s, next, fold) {
	const text = (words) => el('pre.letter', { lang: s.language, translate: 'no' }, words);
	return next.cycles.length ? section('What the customer reads',
		el('p.soft', {}, s.status === 'paused' ? 'The day, the reference and the link to pay are made when it goes out.' :
			`The next time, on ${dayWords.long(next.cycles[0].billing_date)}. The reference and the link to pay are made when it goes out.`),
		s.delivery_method !== 'sms' && fold('mail', 'The mail', facts(['Subject', said(next.subject)]), text(next.text)),
		s.delivery_method !== 'email' && fold('sms', 'The SMS', text(next.sms))) : null;
}

const body = (place, { s, next }, fold, again) => [el('div.split', {},
	el('div.stack', {}, plan(place, s, again), history('Cycles', 'None was billed yet.', s.cycles, cycleCard, fold),
		history('Messages', 'None was sent yet.', s.messages, messageCard, fold)),
	el('div.stack', {}, ...[customer(s), items(s.order_items), calendar(s, next), letter(s, next, fold)].filter(Boolean)))];

const head = (s) => el('div.titles', {},
	el('p.crumb', {}, el('a', { href: '#recurring', id: 'back' }, 'Recurring')),
	el('div.bar.head', {}, el('h1', { id: 'title', tabindex: '-1' }, said(s.customer_name), ' ', scheduleBadge(s.status))));

async function read(place) {
	if (!/^[1-9]\d{0,14}$/.test(place.arg))
		throw new Refused(404, {});
	const [s, next] = await Promise.all(['get_schedule', 'preview'].map((action) => place.call(action, { schedule_id: place.arg })));
	return { s, next, text: JSON.stringify([s, next]) };
}

export async function show(place) {
	const unfolded = new Set(), top = el('div'), rest = el('div', { id: 'whole' });
	let now = await read(place), turn = 0;
	// What is open stays open when it is drawn again.
	const fold = (id, words, ...children) => el('details', { open: unfolded.has(id), toggle: (e) => unfolded[e.target.open ? 'add' : 'delete'](id) },
		el('summary', { id }, words), ...children);
	const draw = () => {
		swap(top, head(now.s));
		swap(rest, ...body(place, now, fold, again));
	};
	const again = async () => {
		const mine = ++turn, was = now, fresh = await read(place);
		if (mine !== turn || fresh.text === was.text)
			return;
		now = fresh;
		if (now.s.status !== was.s.status)
			announce(scheduleWord(now.s.status));
		draw();
	};
	draw();
	place.draw(top, rest);
	document.title = `${now.s.customer_name}, ${scheduleWord(now.s.status)} · ${place.who.merchant_name}`;
	place.every(LIVE_MS, again);
}
