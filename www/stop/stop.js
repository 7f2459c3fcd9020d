// stop.js - a customer who wants no more payment reminders. Opening the link
// changes nothing (mail programs open links by themselves); the button does.
import { el, icon, byId, announce } from '../checkout/dom.js';
import { choose } from '../checkout/words.js';
import { words } from './words.js';

const query = new URLSearchParams(location.search);
const main = byId('main');
let say;

// The language of the messages goes before ?lang= and the browser's.
function speak(language) {
	const code = choose(language, [query.get('lang'), ...navigator.languages || []]);
	document.documentElement.lang = code;
	say = words[code];
}

async function ask(action) {
	const answer = await fetch(`/api/recurring.php?action=${action}`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: query.get('token') ?? '' }),
	});
	const s = { http: answer.status, ...await answer.json() };
	if (s.language)
		speak(s.language);
	return s;
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

const lead = (text, shop) => el('p.lead', {}, text.replace('{shop}', () => shop));
const about = (s) => s.order_description && el('p.about', {}, s.order_description);
const button = (text, click) => el('button.primary', { type: 'button', click }, text);

function stopped(s) {
	show('good', 'M5 13l4 4 10-10', say.stopped_title, lead(say.stopped_lead, s.merchant_name), about(s));
}

function away() {
	show('warn', 'M12 7v6M12 17v.5', say.away_title, lead(say.away_lead), button(say.retry, begin));
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
	show('bad', 'M7 7l10 10M17 7L7 17', say.unknown_title, lead(say.unknown_lead));
}

async function begin() {
	try {
		const s = await ask('get_subscription');
		if (!s.success)
			return s.http >= 500 || s.http === 429 ? away() : unknown();
		if (s.status === 'paused' || s.status === 'cancelled')
			return stopped(s);
		show('busy', 'M12 7v6M12 17v.5', say.ask_title, lead(say.ask_lead, s.merchant_name), about(s), button(say.stop, stop));
	} catch {
		away();
	}
}

speak();
begin();
