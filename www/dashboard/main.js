// main.js - who is signed in, the frame around the views, the way between
// them.  A view is a module with show(place); its address is its name in the
// hash, perhaps with /an argument and ?a query.
import { el, icon, byId, announce } from '../checkout/dom.js';
import { call, signedIn, setKey, onLost, Away } from './api.js';
import { every } from './live.js';
import { button, lead, ICONS, time } from './parts.js';
import { signIn } from './signin.js';
import * as overview from './overview.js';
import * as payments from './payments.js';
import * as payment from './payment.js';
import * as refunds from './refunds.js';
import * as recurring from './recurring.js';
import * as schedule from './schedule.js';
import * as settlement from './settlement.js';
import * as webhooks from './webhooks.js';

const views = { overview, payments, payment, refunds, recurring, schedule, settlement, webhooks };
const UNDER = { payment: 'payments', schedule: 'recurring' };
const NAV = [['overview', 'Overview'], ['payments', 'Payments'], ['refunds', 'Refunds'], ['recurring', 'Recurring'],
	['settlement', 'Settlement'], ['webhooks', 'Webhooks']];
const WHO_MS = 60000;

let who = null;			// whoami
let visit = null;		// ends what the shown view still does
let stay = null;		// the same for who is signed in
let shown = '';			// the view's name

function where() {
	const [path, query] = location.hash.slice(1).split('?', 2), [name, arg = ''] = path.split('/', 2);
	let text = '';
	try { text = decodeURIComponent(arg); } catch { /* no name of ours */ }
	return { name: Object.hasOwn(views, name) ? name : 'overview', arg: text, query: new URLSearchParams(query || '') };
}

const bones = () => el('div.bones', { 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));

function failed(place, e) {
	place.draw(e instanceof Away ? 'No answer' : e.status === 404 ? 'Not found' : 'Refused',
		el('div.card', {}, lead(e.status === 404 ? 'There is no such thing among yours.' : e.message),
			el('p', {}, button('second', 'Try again', () => route(), { id: 'retry' }))));
}

// Shows what the address names.
async function route() {
	visit?.abort();
	visit = new AbortController();
	document.querySelector('dialog')?.close();
	const { signal } = visit, { name, arg, query } = where(), main = byId('main'), same = shown === name, first = shown === '';
	const had = document.activeElement?.closest('main') ? document.activeElement.id : null;
	const slow = setTimeout(() => main.replaceChildren(bones()), 250);
	signal.addEventListener('abort', () => clearTimeout(slow));
	for (const link of document.querySelectorAll('nav a'))
		link.toggleAttribute('aria-current', false);
	document.querySelector(`nav a[data-view=${UNDER[name] || name}]`).setAttribute('aria-current', 'page');
	main.setAttribute('aria-busy', 'true');
	shown = name;
	const place = {
		arg, query, signal, who, again: route,
		may: who.scope === 'full',
		every: (ms, f) => every(signal, ms, f),
		call: (action, params, options) => call(action, params, { ...options, signal }),
		// The heading may have words and buttons beside it.
		draw(title, ...nodes) {
			if (signal.aborted)
				return;
			clearTimeout(slow);
			const head = title instanceof Node ? title : el('h1', { id: 'title', tabindex: '-1' }, title);
			main.replaceChildren(head, ...nodes.filter(Boolean));
			main.removeAttribute('aria-busy');
			main.dataset.view = name;
			document.title = `${byId('title').textContent} · ${who.merchant_name}`;
			const kept = same && had && had !== 'title' && byId(had);
			if (kept)
				return kept.focus({ preventScroll: true });
			scrollTo({ top: 0 });
			if (!first)
				byId('title').focus({ preventScroll: true });
		},
	};
	try {
		await views[name].show(place);
	} catch (e) {
		if (signal.aborted)
			return;
		if (!(e instanceof Error) || !('code' in e))
			throw e;
		failed(place, e);
	}
}

function frame() {
	const staging = who.environment === 'staging';
	const key = who.key_name + (who.scope === 'read' ? ', for reading only' : '');
	byId('app').replaceChildren(...[
		el('a.skip', { href: '#main', click: (e) => { e.preventDefault(); byId('title')?.focus(); } }, 'Skip to the content'),
		el('header.side', {},
			staging && el('p.staging', { id: 'staging' }, icon(ICONS.warn), el('span', {}, el('strong', {}, 'Staging'), ' – no real money')),
			el('div.shop', {}, el('span.initial', { 'aria-hidden': 'true' }, [...who.merchant_name][0] || ''),
				el('span.merchant', { id: 'merchant', translate: 'no' }, who.merchant_name)),
			el('nav', { 'aria-label': 'Dashboard' }, el('ul', {}, ...NAV.map(([name, words]) => el('li', {},
				el('a', { href: '#' + name, 'data-view': name, click: () => { if (location.hash === '#' + name) route(); } }, icon(ICONS[name]), words))))),
			el('div.foot', {},
				el('p.keyname', { id: 'keyname' }, 'Key: ', el('span', { translate: 'no' }, key), who.expires_at && el('span', {}, ', until ', time(who.expires_at))),
				el('a.docs', { href: '/docs/' }, 'Documentation'),
				button('out', 'Sign out', () => leave('out'), { id: 'out' }))),
		el('main', { id: 'main', 'aria-busy': 'true' }, bones()),
		el('p.banner', { id: 'away', role: 'status', hidden: true }, 'The gateway does not answer; trying again.'),
	].filter(Boolean));
	document.body.classList.toggle('is-staging', staging);
}

// The key may have ended, and the account may have become real, meanwhile.
async function look() {
	const now = await call('whoami', {}, { signal: stay.signal });
	if (['environment', 'scope', 'merchant_name'].every((k) => now[k] === who[k]))
		return;
	who = now;
	frame();
	route();
}

function enter(answer) {
	who = answer;
	stay = new AbortController();
	shown = '';
	frame();
	route().then(() => announce(`Signed in: ${who.merchant_name}`));
	every(stay.signal, WHO_MS, look);
}

function leave(why) {
	visit?.abort();
	stay?.abort();
	who = visit = stay = null;
	setKey('');
	document.querySelectorAll('dialog').forEach((d) => d.remove());
	document.body.classList.remove('is-staging');
	if (why === 'out')
		history.replaceState(null, '', location.pathname);
	signIn(why, enter);
}

async function start() {
	if (!signedIn())
		return signIn('', enter);
	try {
		enter(await call('whoami'));
	} catch (e) {
		if (!(e instanceof Away))
			return signedIn() && leave(e.code);
		byId('app').replaceChildren(el('main.alone', { 'data-view': 'away' }, el('div.card', {},
			el('h1', { id: 'title', tabindex: '-1' }, 'No answer'), lead(e.message), button('primary', 'Try again', start))));
	}
}

onLost((e) => leave(e.code));
addEventListener('hashchange', () => who && route());
start();
