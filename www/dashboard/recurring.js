// recurring.js - the list of schedules: who is asked for how much, how often.
import { el } from '../checkout/dom.js';
import { money, count, dayWords } from './format.js';
import { table, scheduleBadge, SCHEDULES, empty, lead, scheduleHref } from './parts.js';
import { firstSchedule } from './welcome.js';

const PAGE = 25, LIVE_MS = 5000;
const STATES = {
	active: 'On each of its days the customer is asked to pay.',
	paused: 'Nothing is sent until it goes on.',
	completed: 'All of its cycles were billed.',
	cancelled: 'It ended before its time.',
};
const OFTEN = { weekly: 'every week', biweekly: 'every two weeks', monthly: 'every month', bimonthly: 'every two months' };
export const often = (frequency) => OFTEN[frequency] || frequency;

// What its cycles came to so far.
export function sofar(s) {
	const known = [s.cycles_paid && `${s.cycles_paid} paid`, s.cycles_missed && `${s.cycles_missed} missed`,
		s.cycles_billed > s.cycles_paid + s.cycles_missed && `${s.cycles_billed - s.cycles_paid - s.cycles_missed} open`].filter(Boolean);
	return `${known.join(', ') || 'None yet'}${s.total_cycles ? `, ${s.total_cycles} in all` : ''}`;
}

const columns = [['who', 'Customer'], ['state', 'Status'], ['amount', 'Amount'], ['when', 'Next date'], ['sofar', 'Cycles']];
const row = (s) => [[
	el('a.row', { href: scheduleHref(s.schedule_id), id: 'row-' + s.schedule_id, translate: 'no' }, s.customer_name), scheduleBadge(s.status),
	el('span', {}, money(s.amount), el('span.came', {}, often(s.frequency))),
	s.status === 'active' && s.next_billing_date ? dayWords.long(s.next_billing_date) : null, sofar(s),
], { 'data-schedule': s.schedule_id }];

const address = (status, cursor) => {
	const q = new URLSearchParams([['status', status], ['cursor', cursor]].filter(([, v]) => v)).toString();
	return '#recurring' + (q && '?' + q);
};

// A shop without any: what to do first.
function showEmpty(place) {
	place.draw('Recurring', firstSchedule());
	place.every(LIVE_MS, async () => {
		if ((await place.call('list_schedules', { limit: 1 })).schedules.length)
			place.again();
	});
}

export async function show(place) {
	const asked = place.query.get('status'), status = SCHEDULES.some(([s]) => s === asked) ? asked : '', cursor = place.query.get('cursor') || '';
	const page = await place.call('list_schedules', { limit: PAGE, ...(status && { status }), ...(cursor && { cursor }) });
	if (!page.schedules.length && !status && !cursor)
		return showEmpty(place);
	const tab = (s, words) => el('li', {}, el('a', { href: address(s), id: 'tab-' + (s || 'all'), 'aria-current': s === status && 'true' }, words));
	place.draw('Recurring',
		el('nav.tabs', { 'aria-label': 'Status' }, el('ul', {}, tab('', 'All'), ...SCHEDULES.map(([s, words]) => tab(s, words)))),
		el('section.card', {}, el('h2.total', { id: 'total' }, count(page.total, 'schedule')),
			STATES[status] && el('p.soft', {}, STATES[status]),
			page.schedules.length ? table('Schedules', 'cards', columns, page.schedules.map(row)) :
				empty('recurring', 'No schedules here', lead('None has this status now.'), el('p', {}, el('a', { href: '#recurring' }, 'Show all schedules'))),
			(cursor || page.next_cursor) && el('nav.pages', { 'aria-label': 'Pages' },
				cursor ? el('a.second', { href: address(status), id: 'newest' }, 'Newest') : el('span'),
				page.next_cursor && el('a.second', { href: address(status, page.next_cursor), id: 'older' }, 'Older'))));
}
