// overview.js - the first look of the day: how much, what needs somebody,
// what came just now.
import { el, announce, byId } from '../checkout/dom.js';
import { money, percent, count, addDays, firstOfMonth, dayWords } from './format.js';
import { chart } from './chart.js';
import { table, paymentColumns, paymentRow, section, swap, statusWord, toast } from './parts.js';
import { attention } from './attention.js';
import { firstSteps } from './welcome.js';

const LIVE_MS = 5000, ATTENTION_EVERY = 6;	// of the looks
const RANGES = [['7', '7 days'], ['30', '30 days'], ['12', '12 months']];

const kpi = (id, label, value) => el('div.kpi', {}, el('dt', {}, label), el('dd', { id, translate: 'no' }, value));
const kpiValues = (d) => ({
	today: money(d.today_volume), month: money(d.month_volume), 'all-time': money(d.all_time_volume),
	rate: percent(d.success_rate), average: money(d.average_transaction),
});

const sum = (bars) => `${money(bars.reduce((all, b) => all + b.cents, 0))} in ${count(bars.reduce((all, b) => all + b.payments, 0), 'payment')}`;

// The days of a month are added up here, in cents.
function byMonth(days) {
	const months = new Map();
	for (const d of days) {
		const key = d.date.slice(0, 7), m = months.get(key) || { short: dayWords.month(d.date), long: dayWords.monthLong(d.date), cents: 0, payments: 0 };
		m.cents += d.gross_volume;
		m.payments += d.transaction_count;
		months.set(key, m);
	}
	return [...months.values()];
}

async function barsOf(range, d, call) {
	const today = d.trend.at(-1).date, words = RANGES.find(([r]) => r === range)[1];
	let bars;
	if (range === '7') {
		bars = d.trend.map((t) => ({ short: dayWords.weekday(t.date), long: dayWords.long(t.date), cents: t.volume, payments: t.count }));
	} else {
		const report = await call('settlement_report', { date_from: range === '30' ? addDays(today, -29) : firstOfMonth(today, 11), date_to: today });
		bars = range === '12' ? byMonth(report.daily_breakdown) : report.daily_breakdown.map((t) =>
			({ short: dayWords.short(t.date), long: dayWords.long(t.date), cents: t.gross_volume, payments: t.transaction_count }));
	}
	return { bars, words: `${words}: ${sum(bars)}` };
}

function rangeChoice(range, choose) {
	return el('fieldset.range', {}, el('legend.unseen', {}, 'Range'), ...RANGES.map(([value, words]) => el('label', {},
		el('input', { type: 'radio', name: 'range', value, id: 'range-' + value, checked: value === range, change: () => choose(value) }), el('span', {}, words))));
}

const recentTable = (list) => table('The latest payments', 'cards', paymentColumns, list.map(paymentRow));

// What is new since the last look is said once, and stands out for a moment.
function news(was, now) {
	const known = new Map(was.map((t) => [t.reference_number, t.status]));
	const fresh = now.filter((t) => known.get(t.reference_number) !== t.status);
	if (fresh.length)
		announce(fresh.slice(0, 3).map((t) => `${money(t.amount)}, ${statusWord(t.status)}`).join('. '));
	for (const t of fresh)
		document.querySelector(`[data-ref="${CSS.escape(t.reference_number)}"]`)?.classList.add('fresh');
}

export async function show(place) {
	let [d, notes] = await Promise.all([place.call('dashboard'), attention(place)]);
	if (!d.recent_transactions.length)
		return showEmpty(place);
	let range = '7', turn = 0, looks = 0;
	const plot = chart(), recent = el('div', { id: 'recent' }, recentTable(d.recent_transactions));
	const draw = async () => {
		const mine = ++turn, data = await barsOf(range, d, place.call);
		if (mine === turn)
			plot.set(data);
	};
	const choose = (value) => {
		range = value;
		draw().catch((e) => {
			if (place.signal.aborted)
				return;
			if (!('code' in e))
				throw e;
			toast(e.message);
		});
	};
	const attentionBox = el('div', { id: 'attention' }, notes);
	const values = kpiValues(d);
	const first = await barsOf(range, d, place.call);
	place.draw('Overview',
		el('dl.kpis', {}, kpi('today', 'Today', values.today), kpi('month', 'This month', values.month), kpi('all-time', 'All time', values['all-time']),
			kpi('rate', 'Success rate', values.rate), kpi('average', 'Average payment', values.average)),
		attentionBox,
		el('section.card', {}, el('div.bar', {}, el('h2', {}, 'Money received'), rangeChoice(range, choose)), plot.box),
		section('Latest payments', recent, el('p', {}, el('a', { href: '#payments' }, 'All payments'))));
	plot.set(first);

	place.every(LIVE_MS, async () => {
		const now = await place.call('dashboard'), was = d;
		d = now;
		for (const [id, value] of Object.entries(kpiValues(now)))
			if (byId(id).textContent !== value)
				byId(id).textContent = value;
		if (JSON.stringify(now.recent_transactions) !== JSON.stringify(was.recent_transactions)) {
			swap(recent, recentTable(now.recent_transactions));
			news(was.recent_transactions, now.recent_transactions);
		}
		if (JSON.stringify(now.trend) !== JSON.stringify(was.trend))
			await draw();
		if (++looks % ATTENTION_EVERY === 0)
			swap(attentionBox, await attention(place));
	});
}

// A shop that never was paid: what to do first.
async function showEmpty(place) {
	place.draw('Overview', firstSteps(place.who), el('div', { id: 'attention' }));
	place.every(LIVE_MS, async () => {
		if ((await place.call('dashboard')).recent_transactions.length)
			place.again();
	});
}
