// refunds.js - the list of refunds, and a refund as its payment shows it.
import { el } from '../checkout/dom.js';
import { money, groups, count } from './format.js';
import { table, refundBadge, REFUNDS, facts, said, time, hour, button, empty, lead, paymentHref } from './parts.js';
import { askSend, askCancel } from './refund.js';

const PAGE = 25;
const STATES = {
	pending: 'It waits to be sent.',
	sending: 'The bank is at it. This takes minutes as a rule, days where a person at the bank looks at it.',
	held: 'The customer’s bank says that the name is not the account holder’s.',
	failed: 'The money is yours again; make a new refund if the customer is still to get it.',
};

// One that an overpayment made may go out by itself.
const goes = (r) => el('span.goes', {}, 'goes out at ', hour(r.sends_at));
const state = (r) => !r.sends_at ? STATES[r.status] && [STATES[r.status]] :
	['It ', goes(r), ' by itself, if the bank confirms the name. To stop that, cancel it.'];

function actions(r, p, place, again) {
	if (!place.may || !['pending', 'held'].includes(r.status))
		return null;
	const id = (what) => ({ id: `${what}-${r.refund_id}` });
	const cancel = button('plain', 'Cancel…', () => askCancel(r, again), id('cancel'));
	if (r.status === 'pending')
		return el('div.actions', {}, button('second', 'Send…', () => askSend(r, p, again), id('send')), cancel);
	return el('div.actions', {},
		r.matched_name && button('second', 'Use this name…', () => askSend(r, p, again, { name: r.matched_name, sure: true }), id('use')),
		!r.matched_name && button('second', 'Another name…', () => askSend(r, p, again), id('other')),
		button('second', 'Send all the same…', () => askSend(r, p, again, { accept: true, sure: true }), id('accept')), cancel);
}

export function refundCard(r, p, place, again) {
	const why = r.status !== 'held' || !r.matched_name ? r.failure : null;
	return el('li.block', { 'data-refund': r.refund_id },
		el('div.bar', {}, el('strong.num', {}, money(r.amount), ' ', refundBadge(r.status)), time(r.sent_at || r.failed_at || r.created_at)),
		state(r) && el('p.soft', {}, ...state(r)),
		facts(['Customer gets', `${money(r.refund_net)}, after the fee of ${money(r.processing_fee)}`],
			['Number', said(r.reference_number)], ['To', r.debtor_name && said(r.debtor_name)],
			['The bank knows', r.status === 'held' && r.matched_name ? el('strong', {}, said(r.matched_name)) : null],
			['IBAN', r.debtor_iban && said(groups(r.debtor_iban))], ['Why', why && said(why)],
			['Reason', r.reason ? said(r.reason) : r.automatic ? 'The customer paid too much' : null]),
		actions(r, p, place, again));
}

const columns = [['amount', 'Amount'], ['state', 'Status'], ['ref', 'Payment'], ['order', 'To'], ['when', 'Time']];
const row = (r) => [[
	el('span', {}, money(r.amount), el('span.came', {}, `gets ${money(r.refund_net)}`)), refundBadge(r.status),
	el('a.row', { href: paymentHref(r.payment_reference), id: 'row-' + r.refund_id }, r.payment_reference),
	r.debtor_name && said(r.debtor_name), r.sends_at ? goes(r) : time(r.sent_at || r.failed_at || r.created_at),
]];

const address = (status, cursor) => {
	const q = new URLSearchParams([['status', status], ['cursor', cursor]].filter(([, v]) => v)).toString();
	return '#refunds' + (q && '?' + q);
};

export async function show(place) {
	const asked = place.query.get('status'), status = REFUNDS.some(([s]) => s === asked) ? asked : '', cursor = place.query.get('cursor') || '';
	const page = await place.call('list_refunds', { limit: PAGE, ...(status && { status }), ...(cursor && { cursor }) });
	const tab = (s, words) => el('li', {}, el('a', { href: address(s), id: 'tab-' + (s || 'all'), 'aria-current': s === status && 'true' }, words));
	place.draw('Refunds',
		el('nav.tabs', { 'aria-label': 'Status' }, el('ul', {}, tab('', 'All'), ...REFUNDS.map(([s, words]) => tab(s, words)))),
		el('section.card', {}, el('h2.total', {}, count(page.total, 'refund')),
			STATES[status] && el('p.soft', {}, STATES[status]),
			page.refunds.length ? table('Refunds', 'cards', columns, page.refunds.map(row)) :
				empty('refunds', 'No refunds here',
					lead(status ? 'None has this status now.' : 'To give money back, open a payment and choose Refund.'), el('p', {}, el('a', { href: '#payments' }, 'Open the payments'))),
			(cursor || page.next_cursor) && el('nav.pages', { 'aria-label': 'Pages' },
				cursor ? el('a.second', { href: address(status) }, 'Newest') : el('span'),
				page.next_cursor && el('a.second', { href: address(status, page.next_cursor) }, 'Older'))));
}
