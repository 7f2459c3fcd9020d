// stop.js - a customer who wants no more payment reminders. Opening the link
// changes nothing (mail programs open links by themselves); the button does.
import { el, icon, byId, announce } from '../checkout/dom.js';

const token = new URLSearchParams(location.search).get('token') ?? '';
const main = byId('main');

async function ask(action) {
	const answer = await fetch(`/api/recurring.php?action=${action}`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }),
	});
	return { http: answer.status, ...await answer.json() };
}

function show(sign, lines, title, ...rest) {
	const h1 = el('h1', { tabindex: -1 }, title);
	main.replaceChildren(el('div.title', {}, el(`span.sign.${sign}`, {}, icon(lines)), h1), ...rest);
	main.dataset.screen = sign;
	main.removeAttribute('aria-busy');
	document.title = title;
	h1.focus();
	announce(title);
}

const about = (s) => s.order_description && el('p.about', {}, s.order_description);

function stopped(s) {
	show('good', 'M5 13l4 4 10-10', 'No more reminders',
		el('p.lead', {}, `${s.merchant_name} will not send you payment reminders any more. To begin again, ask the shop.`), about(s));
}

function away() {
	show('warn', 'M12 7v6M12 17v.5', 'That did not work',
		el('p.lead', {}, 'The service cannot be reached at the moment. Nothing was changed.'),
		el('button.primary', { type: 'button', click: begin }, 'Try again'));
}

async function stop(event) {
	event.target.disabled = true;
	try {
		const s = await ask('unsubscribe');
		if (!s.success)
			return s.http === 404 ? unknown() : away();
		stopped(s);
	} catch {
		away();
	}
}

function unknown() {
	show('bad', 'M7 7l10 10M17 7L7 17', 'This link is not complete',
		el('p.lead', {}, 'Please open the link in the message once more, or answer the message and ask the shop to stop.'));
}

async function begin() {
	try {
		const s = await ask('get_subscription');
		if (!s.success)
			return s.http >= 500 || s.http === 429 ? away() : unknown();
		if (s.status === 'paused' || s.status === 'cancelled')
			return stopped(s);
		show('busy', 'M12 7v6M12 17v.5', 'Stop payment reminders?',
			el('p.lead', {}, `${s.merchant_name} reminds you of a payment that comes again and again.`), about(s),
			el('button.primary', { type: 'button', click: stop }, 'Stop the reminders'));
	} catch {
		away();
	}
}

begin();
