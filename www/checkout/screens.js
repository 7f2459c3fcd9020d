// screens.js - what the shopper sees: one function per state of a payment.
import { el, icon, byId, announce, copy } from './dom.js';

const CHECK = 'M5 12.5l4.5 4.5L19 7.5', CLOCK = 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18', CROSS = 'M7 7l10 10M17 7L7 17',
	CLOUD = 'M4 4l16 16M7 9a4 4 0 0 0 0 9h9M18 17a4 4 0 0 0-2-7a5 5 0 0 0-5-4';
const wide = matchMedia('(min-width: 48rem)');
const BACK_SECONDS = 5;
const FEE = 1;			// of a refund

let w;				// words: t(), money(), time()
let t;
let drawn = '';
let backTimer = 0;

const groups = (iban) => iban.replace(/(.{4})(?=.)/g, '$1 ');
const clock = (ms) => {
	const s = Math.max(0, Math.floor(ms / 1000)), two = (n) => String(n).padStart(2, '0');
	const days = Math.floor(s / 86400), h = Math.floor(s / 3600), rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
	return days > 1 ? new Intl.NumberFormat(w.code, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days) :
		h ? `${h}:${rest}` : rest;
};

const title = (sign, lines, words) => el('div.title', {},
	lines && el('span.sign.' + sign, {}, icon(lines)), el('h1', { id: 'title', tabindex: '-1' }, words));
const lead = (words) => el('p.lead', {}, words);
const button = (kind, words, click) => el('button.' + kind, { type: 'button', click }, words);

function copyButton(label, value) {
	const word = el('span', {}, t('copy'));
	const b = el('button.copy', { type: 'button', 'aria-label': `${t('copy')}: ${label}`, 'data-copy': value, click: async () => {
		if (!await copy(value))
			return;
		word.textContent = t('copied');
		b.classList.add('done');
		announce(`${label}: ${t('copied')}`);
		setTimeout(() => { word.textContent = t('copy'); b.classList.remove('done'); }, 2500);
	} }, word);
	return b;
}

function fact(label, shown, value, hint) {
	return el('div.fact', {}, el('dt', {}, label), el('dd.value', { translate: 'no' }, shown),
		hint && el('dd.hint', {}, hint), el('dd.act', {}, copyButton(label, value)));
}

// Where to send how much, with which reference.
function details(pay) {
	const i = pay.invoice, due = pay.due();
	return [
		el('p.tip', {}, icon(CLOCK), el('span', {}, t('instant'))),
		el('details.scan', { open: wide.matches }, el('summary', {}, t('scan')),
			el('div.code', {}, el('img', { id: 'qr', src: pay.qr(), width: 216, height: 216, alt: t('qr_alt') }), el('p.hint', {}, t('scan_hint')))),
		el('dl.facts', { id: 'details' },
			fact(t('amount'), w.money(due), w.number(due)),
			fact(t('name'), i.beneficiary_name, i.beneficiary_name, t('name_hint')),
			fact(t('iban'), groups(i.iban), i.iban, i.bank_name),
			fact(t('reference'), i.reference_number, i.reference_number, t('reference_hint'))),
	];
}

const sandbox = (pay) => pay.sandbox() &&
	el('p.aside', {}, el('a', { id: 'sandbox', href: pay.sandbox(), target: '_blank', rel: 'noopener' }, t('sandbox')));

function received(pay) {
	const c = pay.check, rows = c.payments.map((p) => el('div', {}, el('dt', { translate: 'no' }, p.debtor_name || t('received')), el('dd', {}, w.money(p.amount))));
	return el('dl.sums', {}, ...rows,
		el('div', {}, el('dt', {}, t('received')), el('dd', {}, w.money(c.total_paid))),
		el('div.total', {}, el('dt', {}, t('remaining')), el('dd', {}, w.money(c.amount_remaining))));
}

function backLink(pay, kind = 'button.second') {
	const href = pay.back();
	return href && el('a.' + kind, { id: 'back', href }, t('back', { merchant: pay.session.merchant_name }));
}

// The way back is taken by itself once, and can be stopped.
function backSoon(pay) {
	const href = pay.back();
	if (!href || history.state?.returned)
		return null;
	const count = el('span', {}, t('back_in', { n: BACK_SECONDS }));
	const line = el('p.soon', { id: 'soon' }, count, button('plain', t('stay'), () => { clearInterval(backTimer); line.remove(); byId('back').focus(); }));
	let left = BACK_SECONDS;
	backTimer = setInterval(() => {
		count.textContent = t('back_in', { n: --left });
		if (left > 0)
			return;
		clearInterval(backTimer);
		history.replaceState({ returned: true }, '');
		location.assign(href);
	}, 1000);
	return line;
}

function receipt(pay) {
	const c = pay.check, s = pay.session, row = (label, value) => value &&
		el('div', {}, el('dt', {}, label), el('dd', { translate: 'no' }, value));
	return el('dl.sums', { id: 'receipt' }, row(t('amount'), w.money(c.total_paid)), row(t('paid_to'), s.merchant_name),
		row(t('paid_at'), c.paid_at && w.time(c.paid_at)), row(t('reference'), pay.invoice?.reference_number), row(t('order'), s.merchant_order_id));
}

// What goes back is what the refunds say that there are, by itself or not.
function over({ check: c, session: s }) {
	const words = { merchant: s.merchant_name, over: w.money(c.overpaid_amount), net: w.money(c.refund_net), fee: w.money(c.refund_fee) };
	return el('p.notice', { id: 'over' }, t(c.refund_waits ? 'over_waits' : c.refund_net > 0 ? 'over' : c.overpaid_amount <= FEE ? 'over_small' : 'over_none', words));
}

const screens = {
	details: (pay) => [
		title('', null, t('pay_title')), lead(t('pay_lead')), ...details(pay),
		button('primary', t('sent'), pay.confirm), el('p.aside', {}, t('auto')),
		el('p.aside', {}, t('left'), ' ', el('span.left', { id: 'left', role: 'timer' })), sandbox(pay),
	],
	waiting: (pay) => [
		title('busy', CLOCK, t('wait_title')), lead(t('wait_lead')),
		el('progress', { id: 'progress', 'aria-label': t('wait_title') }), el('p.aside', { id: 'polls' }),
		el('p.aside', {}, t('auto')),
		el('details.more', {}, el('summary', {}, t('details')), ...details(pay)), sandbox(pay),
	],
	partial: (pay) => [
		title('warn', CLOCK, t('partial_title', { paid: w.money(pay.check.total_paid), rest: w.money(pay.check.amount_remaining) })),
		received(pay), lead(t('partial_lead')), ...details(pay),
		button('primary', t('sent_rest'), pay.confirm), el('p.aside', {}, t('auto')), sandbox(pay),
	],
	paid: (pay) => [
		title('good', CHECK, t('paid_title')), lead(t('paid_lead', { merchant: pay.session.merchant_name })),
		pay.check.status === 'overpaid' && over(pay), receipt(pay), backLink(pay, 'button.primary'), backSoon(pay),
	],
	timeout: (pay) => [
		title('warn', CLOCK, t('timeout_title')), lead(t('timeout_lead')), lead(t('timeout_check')),
		button('primary', t('again'), pay.confirm),
		el('details.more', {}, el('summary', {}, t('details')), ...details(pay)), backLink(pay), sandbox(pay),
	],
	expired: (pay) => [
		title('bad', CROSS, t('expired_title')), lead(t('expired_lead', { merchant: pay.session.merchant_name })),
		lead(t('expired_sent', { merchant: pay.session.merchant_name })), backLink(pay),
	],
	unknown: () => [title('bad', CROSS, t('unknown_title')), lead(t('unknown_lead'))],
	away: (pay) => [title('warn', CLOUD, t('away_title')), lead(t('away_lead')), button('second', t('retry'), pay.go)],
	loading: () => [title('', null, t('loading'))],
};

// Who is paid, how much, for what: beside every screen.
function order(pay) {
	const s = pay.session, items = (s.items || []).filter((i) => i && i.name);
	const price = (i) => i.total ?? (i.price != null ? i.price * (i.qty ?? 1) : null);
	const list = items.length && el('ul.items', {}, ...items.map((i) => el('li', {},
		el('span', {}, String(i.name), i.qty > 1 && el('span.qty', {}, ` × ${i.qty}`)),
		el('span', {}, Number.isFinite(Number(price(i) ?? NaN)) && w.money(Number(price(i)))))));
	byId('order').replaceChildren(...[
		s.environment === 'staging' && el('p.test', {}, t('test')),
		el('div.shop', {}, el('span.initial', { 'aria-hidden': 'true' }, [...s.merchant_name][0] || ''), el('span.merchant', { translate: 'no' }, s.merchant_name)),
		el('p.sum', {}, w.money(s.amount)),
		s.merchant_order_id && el('p.number', {}, `${t('order')}: `, el('span', { translate: 'no' }, s.merchant_order_id)),
		list && el('details.list', { open: wide.matches }, el('summary', {}, t('items')), list),
	].filter(Boolean));
}

// What changes while a screen stays.
function update(pay) {
	const progress = byId('progress'), left = byId('left'), c = pay.check;
	byId('away')?.remove();
	if (pay.away && pay.screen !== 'loading')
		byId('main').prepend(el('p.banner', { id: 'away', role: 'alert' }, `${t('away_title')}. ${t('away_lead')}`));
	if (progress && c.max_polls) {		// as soon as one poll is counted
		progress.max = c.max_polls;
		progress.value = c.poll_count;
		byId('polls').textContent = t('wait_progress', { n: c.poll_count, max: c.max_polls });
	}
	if (left)
		left.textContent = clock(pay.remaining());
}

export function draw(pay) {
	const screen = pay.screen === 'loading' && pay.away ? 'away' : pay.screen;
	const key = `${screen} ${pay.check?.total_paid} ${pay.check?.status === 'overpaid'} ${pay.check?.refund_net} ${pay.check?.refund_waits}`;
	w = pay.words;
	t = w.t;
	if (key !== drawn) {
		const first = drawn === '';
		drawn = key;
		clearInterval(backTimer);
		document.documentElement.lang = w.code;
		if (pay.session)
			order(pay);
		// A card of its own: its place may be another than that of what was
		// there before, and nothing that is looked at moves there.
		byId('main').replaceWith(el('main.card', { id: 'main', 'data-screen': screen }, ...screens[screen](pay).filter(Boolean)));
		document.title = [byId('title').textContent, pay.session?.merchant_name].filter(Boolean).join(' · ');
		if (!first) {
			byId('title').focus({ preventScroll: true });
			scrollTo({ top: 0 });
			announce(byId('title').textContent);
		}
	}
	update(pay);
	if (!draw.ticking) {
		draw.ticking = true;
		setInterval(() => tick(pay), 1000);
	}
}

function tick(pay) {
	const left = byId('left');
	if (!left)
		return;
	const ms = pay.remaining();
	left.textContent = clock(ms);
	left.classList.toggle('soon', ms < 120000);
	if (ms <= 0 && ms > -2000)
		pay.go();
}
