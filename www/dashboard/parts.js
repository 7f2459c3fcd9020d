// parts.js - what the views are made of.
import { el, icon, byId, announce, copy } from '../checkout/dom.js';
import { Away, Refused } from './api.js';
import { money, timeOf, timeWords, hourWords } from './format.js';

export const ICONS = {
	overview: 'M4 20V11M12 20V4M20 20v-6', payments: 'M3 6h18v12H3zM3 10.5h18', refunds: 'M9 14l-5-5 5-5M4 9h10a5.5 5.5 0 0 1 0 11h-3',
	recurring: 'M4 12a8 8 0 0 1 13.7-5.7L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.7L4 15.5M4 20v-4.5h4.5',
	settlement: 'M6 3h8l4 4v14H6zM9.5 12h5M9.5 16h5', webhooks: 'M13 3L5 14h6l-1 7 8-11h-6z', out: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
	check: 'M5 12.5l4.5 4.5L19 7.5', warn: 'M12 4L2.5 20h19zM12 10v4.5M12 17.4v.1',
};

// The words of the API's, and how they look.
const STATUS = {
	pending: ['plain', 'Opened'], invoiced: ['plain', 'Awaiting money'], polling: ['busy', 'Checking'], partial: ['warn', 'Partly paid'],
	confirmed: ['good', 'Paid'], overpaid: ['good', 'Overpaid'], failed: ['bad', 'Not paid'], expired: ['plain', 'Expired'],
};
const REFUND = {
	pending: ['warn', 'To be sent'], sending: ['busy', 'Sending'], held: ['warn', 'Held'], sent: ['good', 'Sent'], failed: ['bad', 'Failed'],
	cancelled: ['plain', 'Cancelled'],
};
const SCHEDULE = { active: ['good', 'Active'], paused: ['warn', 'Paused'], completed: ['plain', 'Completed'], cancelled: ['plain', 'Cancelled'] };
const CYCLE = { open: ['busy', 'Open'], paid: ['good', 'Paid'], missed: ['bad', 'Missed'] };
export const EVENTS = {
	'payment.confirmed': 'Paid in full', 'payment.partial': 'Partly paid', 'payment.overpaid': 'Paid too much', 'payment.failed': 'No money came in time',
	'session.expired': 'Expired without payment', 'refund.sent': 'Refund sent', 'refund.failed': 'Refund failed', 'test.ping': 'Test',
	'schedule.cycle_due': 'Recurring payment due', 'schedule.cycle_paid': 'Recurring payment came', 'schedule.cycle_missed': 'Recurring payment missed',
	'schedule.completed': 'Schedule completed',
};
const badgeOf = (words) => (status) => el('span.badge.' + (words[status]?.[0] || 'plain'), {}, words[status]?.[1] || status);
export const badge = badgeOf(STATUS), refundBadge = badgeOf(REFUND), scheduleBadge = badgeOf(SCHEDULE), cycleBadge = badgeOf(CYCLE);
export const refundWord = (status) => REFUND[status]?.[1] || status;
export const scheduleWord = (status) => SCHEDULE[status]?.[1] || status;
export const statusWord = (status) => STATUS[status]?.[1] || status;
export const STATUSES = ['confirmed', 'overpaid', 'partial', 'invoiced', 'polling', 'failed', 'expired'];
const list = (words) => Object.entries(words).map(([status, [, word]]) => [status, word]);
export const REFUNDS = list(REFUND), SCHEDULES = list(SCHEDULE);

export const button = (kind, words, click, more = {}) => el('button.' + kind, { type: 'button', click, ...more }, words);
export const lead = (...words) => el('p.lead', {}, ...words);
export const section = (title, ...children) => el('section.card', {}, el('h2', {}, title), ...children);

const timeAs = (words) => (utc) => utc && el('time', { datetime: timeOf(utc).toISOString(), title: utc + ' UTC' }, words(utc));
export const time = timeAs(timeWords), hour = timeAs(hourWords);

export const paymentHref = (reference) => '#payment/' + encodeURIComponent(reference);
export const scheduleHref = (id) => '#schedule/' + encodeURIComponent(id);

// A text of somebody else's: never translated, never markup.
export const said = (text) => el('span.said', { translate: 'no' }, text);

// Rows of [label, value]; those without a value are left out.
export const facts = (...rows) => el('dl.facts', {}, ...rows.filter(([, value]) => value !== null && value !== undefined && value !== '')
	.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value))));

// columns: [class, heading]; rows: [cells, attributes].  The roles are said
// because a phone shows the rows as cards.
export function table(label, kind, columns, rows) {
	const cell = (tag, role, name, content) => el(name ? `${tag}.${name}` : tag, { role }, content);
	return el('table.' + kind, { role: 'table', 'aria-label': label },
		el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...columns.map(([name, words]) => cell('th', 'columnheader', name, words)))),
		el('tbody', { role: 'rowgroup' }, ...rows.map(([cells, more]) => el('tr', { role: 'row', ...more },
			...cells.map((c, i) => cell('td', 'cell', columns[i][0], c))))));
}

// What is wider than a phone scrolls by itself, also by keyboard.
export const scroller = (label, ...children) => el('div.scroller', { tabindex: '0', role: 'region', 'aria-label': label }, ...children);

export const empty = (sign, title, ...more) => el('div.empty', {}, icon(ICONS[sign]), el('h3', {}, title), ...more);

let toastTimer = 0;
export function toast(words) {
	byId('toast').textContent = words;
	byId('toast').className = 'shown';
	announce(words);
	clearTimeout(toastTimer);
	toastTimer = setTimeout(() => { byId('toast').className = ''; }, 6000);
}

// Runs f once at a time; its error is said.
export async function busy(b, f) {
	if (b.getAttribute('aria-disabled'))
		return;
	b.setAttribute('aria-disabled', 'true');
	try {
		await f();
	} catch (e) {
		if (!(e instanceof Refused) && !(e instanceof Away))
			throw e;
		toast(e.message);
	} finally {
		b.removeAttribute('aria-disabled');
	}
}

export function copyButton(label, value) {
	return button('copy', 'Copy', async (e) => {
		if (await copy(value))
			toast(`${label} copied`);
		e.target.focus();
	}, { 'aria-label': `Copy ${label}`, id: 'copy-' + label });
}

// Puts new children into a place; what had the focus keeps it.
export function swap(place, ...children) {
	const had = place.contains(document.activeElement) ? document.activeElement.id : null;
	place.replaceChildren(...children.filter(Boolean));
	if (had !== null)
		(byId(had) || byId('title')).focus({ preventScroll: true });
}

// The columns of a list of payments, and a payment as a row of it.
export const paymentColumns = [['amount', 'Amount'], ['state', 'Status'], ['ref', 'Reference'], ['order', 'Order'], ['when', 'Time']];
export const paymentRow = (t) => [[
	el('span', {}, money(t.amount), t.total_paid > 0 && t.total_paid !== t.amount && el('span.came', {}, `${money(t.total_paid)} received`)),
	el('span.badges', {}, badge(t.status), t.late && el('span.badge.plain', {}, 'Late'), t.webhook_undelivered && el('span.badge.bad', {}, 'Webhook undelivered')),
	el('a.row', { href: paymentHref(t.reference_number), id: 'row-' + t.reference_number }, t.reference_number),
	t.merchant_order_id && said(t.merchant_order_id),
	time(t.invoiced_at || t.created_at),
], { 'data-ref': t.reference_number }];
