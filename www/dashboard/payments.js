// payments.js - the list of payments: found, filtered, in pages, as a file.
import { el, announce } from '../checkout/dom.js';
import { count } from './format.js';
import { download } from './api.js';
import { table, paymentColumns, paymentRow, empty, lead, button, busy, toast, STATUSES, statusWord } from './parts.js';
import { firstSteps } from './welcome.js';

const PAGE = 25, FOUND = 200, SHORTEST = 2;

const address = (choice) => {
	const q = new URLSearchParams(Object.entries(choice).filter(([, v]) => v)).toString();
	return '#payments' + (q && '?' + q);
};

// A search has no pages, and looks at nothing else: the status is chosen here.
async function find(place, { search, status, cursor }) {
	if (!search)
		return place.call('list_transactions', { limit: PAGE, ...(status && { status }), ...(cursor && { cursor }) });
	if (search.length < SHORTEST)
		return { transactions: [], total: 0, next_cursor: null };
	const found = (await place.call('list_transactions', { search, limit: FOUND })).transactions.filter((t) => !status || t.status === status);
	return { transactions: found, total: found.length, next_cursor: null };
}

function filter({ search, status }) {
	const go = () => {
		location.hash = address({ search: box.value.trim(), status: choice.value });
	};
	const box = el('input', { id: 'search', type: 'search', value: search, maxlength: 140, autocomplete: 'off', spellcheck: 'false' });
	const choice = el('select', { id: 'status', change: go }, el('option', { value: '' }, 'All'),
		...STATUSES.map((s) => el('option', { value: s, selected: s === status }, statusWord(s))));
	return el('form.filter', { role: 'search', submit: (e) => { e.preventDefault(); go(); } },
		el('div.field.grow', {}, el('label', { for: 'search' }, 'Reference, order, email, payer or IBAN'), box),
		el('div.field', {}, el('label', { for: 'status' }, 'Status'), choice),
		el('button.second', { type: 'submit', id: 'find' }, 'Search'));
}

function csvButton({ search, status }) {
	const b = button('second', 'Download CSV', () => busy(b, async () => {
		await download('list_transactions', status ? { status } : {}, `payments${status ? '-' + status : ''}.csv`);
		toast('The file is saved');
	}), { id: 'csv' });
	return search ? null : b;
}

const nothing = ({ search, status }) => empty('payments', 'Nothing found',
	lead(search && search.length < SHORTEST ? 'Write at least two characters.' :
		search ? 'Search for the beginning of an order number, email, payer’s name or IBAN, or for a whole reference.' : `No payment is ${statusWord(status).toLowerCase()} now.`),
	el('p', {}, el('a', { href: '#payments' }, 'Show all payments')));

export async function show(place) {
	const choice = { search: (place.query.get('search') || '').trim().slice(0, 140), status: STATUSES.includes(place.query.get('status')) ? place.query.get('status') : '',
		cursor: place.query.get('cursor') || '' };
	const page = await find(place, choice), n = page.transactions.length, all = !choice.search && !choice.status;
	if (!n && all && !choice.cursor)
		return place.draw('Payments', firstSteps(place.who));
	const says = choice.search ? `${count(page.total, 'payment')} found` : count(page.total, 'payment');
	place.draw(el('div.bar.head', {}, el('h1', { id: 'title', tabindex: '-1' }, 'Payments'), csvButton(choice)),
		filter(choice),
		el('section.card', {}, el('h2.total', { id: 'total' }, says),
			n ? table('Payments', 'cards', paymentColumns, page.transactions.map(paymentRow)) : nothing(choice),
			(choice.cursor || page.next_cursor) && el('nav.pages', { 'aria-label': 'Pages' },
				choice.cursor ? el('a.second', { href: address({ ...choice, cursor: '' }), id: 'newest' }, 'Newest') : el('span'),
				page.next_cursor && el('a.second', { href: address({ ...choice, cursor: page.next_cursor }), id: 'older' }, 'Older'))));
	if (choice.search || choice.status)
		announce(says);
}
