// timeline.js - all that happened to a payment, in words.
import { el } from '../checkout/dom.js';
import { money, groups } from './format.js';
import { said, time, EVENTS } from './parts.js';

const event = (type) => EVENTS[type] || type;
const from = (name) => name ? [' from ', said(name)] : [];

// What a webhook's attempt came to; http_status is missing when nothing answered.
function attempt(c, nth) {
	const fine = c.http_status >= 200 && c.http_status < 300, which = nth > 1 ? `, attempt ${nth}` : '';
	const result = fine ? `delivered (${c.http_status})` : c.http_status ? `failed: your server answered ${c.http_status}` : 'failed: ';
	return [fine ? 'good' : 'bad', [`Webhook “${event(c.detail)}”${which} ${result}`, !fine && !c.http_status && said(c.error || 'no answer')]];
}

const KINDS = {
	created: (c) => ['plain', [`Session opened for ${money(c.amount)}`], c.detail && ['Order ', said(c.detail)]],
	invoiced: () => ['plain', ['The customer was shown where to pay']],
	transfer: (c) => ['good', [`${money(c.amount)} received`, ...from(c.name)], c.iban && [said(groups(c.iban))]],
	refund: (c) => ['plain', [`Refund of ${money(c.amount)} made`], [said(c.detail), c.name && [' for ', said(c.name)]].flat()],
	'payment.confirmed': () => ['good', ['Paid in full']],
	'payment.overpaid': () => ['good', ['Paid, with too much']],
	'payment.partial': () => ['warn', ['Partly paid']],
	'payment.failed': () => ['bad', ['Given up: no money came in time']],
	'session.expired': () => ['plain', ['Expired without payment']],
	'refund.sent': () => ['good', ['Refund sent: the money is with the customer’s bank']],
	'refund.failed': () => ['bad', ['Refund failed']],
};

export function timeline(chapters) {
	const attempts = new Map();
	return el('ol.timeline', { id: 'timeline' }, ...chapters.map((c) => {
		let line;
		if (c.what === 'webhook') {
			attempts.set(c.event_id, (attempts.get(c.event_id) || 0) + 1);
			line = attempt(c, attempts.get(c.event_id));
		} else {
			line = (KINDS[c.what] || (() => ['plain', [event(c.what)]]))(c);
		}
		const [look, words, more] = line;
		return el('li.' + look, { 'data-what': c.what }, el('p', {}, ...words.filter(Boolean)),
			more && el('p.hint', {}, ...more.filter(Boolean)), el('p.hint', {}, time(c.happened_at)));
	}));
}
