// settlement.js - what the money of some days came to, for the books.
import { el } from '../checkout/dom.js';
import { money, count, addDays, firstOfMonth, dayWords } from './format.js';
import { download, Refused } from './api.js';
import { table, scroller, button, busy, toast, lead, empty } from './parts.js';

const DAYS = 366, DAY = /^\d{4}-\d{2}-\d{2}$/;

const presets = (today) => [
	['This month', firstOfMonth(today), today],
	['Last month', firstOfMonth(today, 1), addDays(firstOfMonth(today), -1)],
	['Last 30 days', addDays(today, -29), today],
];
const address = (from, to) => `#settlement?from=${from}&to=${to}`;

const columns = [['', 'Day'], ['num.net', 'Net'], ['num', 'Received'], ['num', 'Refunded'], ['num', 'Fees'], ['num', 'Payments'], ['num', 'Transfers']];
const still = (d) => !d.gross_volume && !d.total_refunds && !d.total_fees && !d.transaction_count && !d.transfer_count;

// Days in a row on which nothing moved become one row.
function folded(days) {
	const rows = [];
	let quiet = [];
	const fold = () => {
		if (quiet.length)
			rows.push([[quiet.length === 1 ? dayWords.short(quiet[0]) : `${dayWords.short(quiet[0])} – ${dayWords.short(quiet.at(-1))}`,
				...Array(columns.length - 1).fill('–')], { class: 'fold' }]);
		quiet = [];
	};
	for (const d of days) {
		if (still(d)) {
			quiet.push(d.date);
			continue;
		}
		fold();
		rows.push([[dayWords.middle(d.date), money(d.net_settlement), money(d.gross_volume), money(d.total_refunds), money(d.total_fees),
			String(d.transaction_count), String(d.transfer_count)], { 'data-day': d.date }]);
	}
	fold();
	return rows;
}

function range(today, from, to, says) {
	const first = el('input', { id: 'from', type: 'date', value: from, required: true, 'aria-describedby': 'range-says' });
	const last = el('input', { id: 'to', type: 'date', value: to, required: true, 'aria-describedby': 'range-says' });
	const submit = (e) => {
		e.preventDefault();
		location.hash = address(first.value, last.value);
	};
	return el('div.stack', {},
		el('nav.tabs', { 'aria-label': 'Range' }, el('ul', {}, ...presets(today).map(([words, f, t], i) => el('li', {},
			el('a', { href: address(f, t), id: 'preset-' + i, 'aria-current': f === from && t === to && 'true' }, words))))),
		el('form.filter.dates', { submit, novalidate: true },
			el('div.field', {}, el('label', { for: 'from' }, 'First day'), first), el('div.field', {}, el('label', { for: 'to' }, 'Last day'), last),
			el('button.second', { type: 'submit', id: 'show' }, 'Show')),
		el('p.says', { id: 'range-says', role: 'alert' }, says));
}

const kpi = (id, label, value, strong) => el('div.kpi' + (strong ? '.strong' : ''), {}, el('dt', {}, label), el('dd', { id, translate: 'no' }, value));

function problem(from, to) {
	if (!DAY.test(from) || !DAY.test(to) || Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to)))
		return 'Choose both days.';
	if (to < from)
		return 'The last day is before the first one.';
	return to > addDays(from, DAYS - 1) ? `At most ${DAYS} days can be shown at once.` : null;
}

export async function show(place) {
	const today = (await place.call('dashboard')).trend.at(-1).date;
	const from = place.query.get('from') ?? firstOfMonth(today), to = place.query.get('to') ?? today;
	let wrong = problem(from, to), report = null;
	try {
		report = wrong ? null : await place.call('settlement_report', { date_from: from, date_to: to });
	} catch (e) {
		if (!(e instanceof Refused) || e.status !== 400)
			throw e;
		wrong = e.message;
	}
	const csv = report && button('second', 'Download CSV', () => busy(csv, async () => {
		await download('settlement_report', { date_from: from, date_to: to }, `settlement-${from}-${to}.csv`);
		toast('The file is saved');
	}), { id: 'csv' });
	place.draw(el('div.bar.head', {}, el('h1', { id: 'title', tabindex: '-1' }, 'Settlement'), csv), range(today, from, to, wrong), ...report ? whole(report) : []);
}

function whole(r) {
	const rows = folded(r.daily_breakdown), moved = rows.some(([, more]) => more.class !== 'fold');
	return [
		el('dl.kpis', {}, kpi('net', 'Net', money(r.net_settlement), true), kpi('gross', 'Received', money(r.gross_volume)), kpi('refunded', 'Refunded', money(r.total_refunds)),
			kpi('fees', 'Fees', money(r.total_fees)), kpi('number', 'Payments', String(r.transaction_count))),
		el('section.card', {}, el('h2', {}, 'Day by day'),
			moved ? scroller('Day by day', table('Day by day', 'plain', columns, rows)) :
				empty('settlement', 'No money moved', lead(`${dayWords.long(r.date_from)} – ${dayWords.long(r.date_to)}: nothing came and nothing went.`)),
			moved && el('p.hint', {}, `A day is one of the bank’s, in Vilnius. ${count(r.daily_breakdown.length, 'day')} in all.`)),
	];
}
