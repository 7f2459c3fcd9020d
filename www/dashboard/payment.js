// payment.js - one payment: what was ordered, what came, what went back.
import { el, announce } from '../checkout/dom.js';
import { money, toCents, groups, dayWords } from './format.js';
import { badge, statusWord, refundWord, facts, section, said, time, button, copyButton, swap, lead, scheduleHref } from './parts.js';
import { timeline } from './timeline.js';
import { refundCard } from './refunds.js';
import { askRefund } from './refund.js';

const LIVE_MS = 4000;

// Money in an item is as the shop sent it: perhaps no number at all.
const itemMoney = (value) => value != null && value !== '' && Number.isFinite(Number(value)) ? money(toCents(Number(value))) : '';

export function items(list) {
	const known = (Array.isArray(list) ? list : []).filter((i) => i !== null && typeof i === 'object' && i.name);
	return known.length ? section('Items', el('ul.rows', {}, ...known.map((i) => el('li', {},
		el('span', {}, said(String(i.name)), Number(i.qty) > 1 && el('span.soft', {}, ` × ${Number(i.qty)}`)),
		el('span.num', {}, itemMoney(i.total ?? (i.price != null ? Number(i.price) * Number(i.qty ?? 1) : null))))))) : null;
}

// The order number of a cycle names its schedule.
function orderOf(p) {
	const id = /^schedule-(\d{1,15})-\d{4}-\d\d-\d\d$/.exec(p.merchant_order_id)?.[1];
	return id ? el('a', { href: scheduleHref(id), id: 'schedule' }, p.merchant_order_id) : p.merchant_order_id && said(p.merchant_order_id);
}

const transfer = (t) => el('li.block', {},
	el('div.bar', {}, el('strong.num', {}, money(t.amount)), time(t.booked_at)),
	facts(['Payer', t.debtor_name && said(t.debtor_name)], ['IBAN', t.debtor_iban && said(groups(t.debtor_iban))],
		['Text', t.remittance && said(t.remittance)], ['Booked', t.booking_date && dayWords.long(t.booking_date)]));

const sumOf = (list, key) => list.reduce((all, x) => all + x[key], 0);

// Why there is no button, where one would be looked for.
function whyNot(place, p) {
	if (!p.payments.length)
		return 'Nothing was received yet that could be refunded.';
	if (p.refundable_amount <= 0)
		return 'All that was received is refunded, or set aside for a refund.';
	if (!place.may)
		return 'Your key is for reading only. To refund, sign in with a full key.';
	return p.refundable_amount <= 100 ? 'What is left is not more than the fee of a refund, so none can be made.' : null;
}

function refunds(place, p, again) {
	const no = whyNot(place, p), open = p.refunds.some((r) => ['pending', 'held'].includes(r.status));
	return section('Refunds',
		p.refunds.length ? el('ul.blocks', {}, ...p.refunds.map((r) => refundCard(r, p, place, again))) : null,
		!place.may && open && p.refundable_amount <= 0 ? lead('Your key is for reading only. To send or cancel a refund, sign in with a full key.') : null,
		no ? lead(no) : el('p', {}, button('second', 'Refund…', () => askRefund(p, again), { id: 'refund' })));
}

function body(place, p, again) {
	const gone = p.refunds.filter((r) => r.status === 'sent');
	return [
		el('div.split', {},
			el('div.stack', {},
				section('Amounts', facts(['To be paid', money(p.amount)], ['Received', money(p.total_paid)],
					['Still missing', p.amount_remaining > 0 && p.total_paid > 0 ? money(p.amount_remaining) : null],
					['Too much', p.overpaid_amount > 0 ? money(p.overpaid_amount) : null],
					['Refunded', gone.length ? `${money(sumOf(gone, 'amount'))} (the customer got ${money(sumOf(gone, 'refund_net'))})` : null],
					['Can be refunded', el('span', { id: 'refundable' }, money(p.refundable_amount))])),
				refunds(place, p, again),
				section('Transfers', p.payments.length ? el('ul.blocks', { id: 'transfers' }, ...p.payments.map(transfer)) : lead('Nothing was received yet.')),
				items(p.items)),
			el('div.stack', {},
				section('Details', facts(['Reference', el('span.with', {}, said(p.reference_number), copyButton('reference', p.reference_number))],
					['Order', orderOf(p)], ['Customer', p.customer_name && said(p.customer_name)],
					['Email', p.customer_email && said(p.customer_email)], ['Invoice', p.invoice_number && said(p.invoice_number)],
					['Opened', time(p.created_at)], ['Paid', time(p.confirmed_at)],
					['Expires', p.total_paid ? null : time(p.expires_at)], ['Webhooks go to', p.callback_url && said(p.callback_url)])),
				section('What happened', timeline(p.timeline)))),
	];
}

const head = (p, who) => el('div.titles', {},
	el('p.crumb', {}, el('a', { href: '#payments', id: 'back' }, 'Payments')),
	el('div.bar.head', {}, el('h1', { id: 'title', tabindex: '-1' }, money(p.amount), ' ', badge(p.status),
		p.late && el('span.badge.plain', {}, 'Late'), p.webhook_undelivered && el('span.badge.bad', {}, 'Webhook undelivered'))),
	p.environment !== who.environment && el('p.notice', {}, `This payment was made in ${p.environment}.`));

const read = async (place) => {
	const p = await place.call('get_transaction', { reference: place.arg });
	return { p, text: JSON.stringify(p) };
};

export async function show(place) {
	let { p, text } = await read(place), turn = 0;
	const top = el('div', {}, head(p, place.who)), rest = el('div', { id: 'whole' });
	// What changed is drawn; the focus stays where it is.
	const again = async () => {
		const mine = ++turn, now = await read(place);
		if (mine !== turn || now.text === text)
			return;
		if (now.p.status !== p.status)
			announce(statusWord(now.p.status));
		for (const r of now.p.refunds) {
			const was = p.refunds.find((x) => x.refund_id === r.refund_id);
			if (was && was.status !== r.status)
				announce(`Refund of ${money(r.amount)}: ${refundWord(r.status)}`);
		}
		({ p, text } = now);
		swap(top, head(p, place.who));
		swap(rest, ...body(place, p, again));
	};
	rest.append(...body(place, p, again));
	place.draw(top, rest);
	document.title = `${money(p.amount)}, ${statusWord(p.status)} · ${place.who.merchant_name}`;
	place.every(LIVE_MS, again);
}
