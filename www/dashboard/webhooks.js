// webhooks.js - what your server was not told, and where it is told.
import { el } from '../checkout/dom.js';
import { count } from './format.js';
import { call } from './api.js';
import { section, said, time, button, busy, toast, empty, lead, facts, swap, paymentHref, EVENTS } from './parts.js';

const PAGE = 20, LIVE_MS = 10000, WATCH_MS = 1000, WATCH_TRIES = 20, BEGINNING = '2000-01-01';
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const STATES = {
	works: ['good', 'Works'], failing: ['warn', 'Failing'], throttled: ['warn', 'Slowed down'], off: ['bad', 'Switched off'],
};

const answer = (a) => !a ? 'It was not tried.' : a.http_status ? `Your server answered ${a.http_status}.` : a.error || 'Your server did not answer.';

// The reason is in the event itself.
const withReason = async (place, e) => ({ ...e, reason: answer((await place.call('get_event', { event_id: e.event_id })).attempt_log.at(-1)) });

// What is undelivered, and what was sent again from here with its outcome.
async function read(place, sent) {
	const [{ events, next_cursor: more }, { endpoints }] = await Promise.all([
		place.call('list_events', { undelivered: 1, limit: PAGE }), place.call('list_endpoints')]);
	const open = await Promise.all(events.filter((e) => !sent.has(e.event_id)).map((e) => withReason(place, e)));
	return { open, more, endpoints, total: endpoints.reduce((n, p) => n + p.undelivered, 0) };
}

// Follows an event that was sent again until it is known what came of it.
async function watch(place, e) {
	for (let n = 0; n < WATCH_TRIES && !place.signal.aborted; n++) {
		await sleep(WATCH_MS);
		const now = await place.call('get_event', { event_id: e.event_id });
		if (now.status === 'delivered')
			return ['good', 'Delivered'];
		if (now.attempts > e.attempts)
			return now.status === 'undelivered' ? ['bad', `Failed again: ${answer(now.attempt_log.at(-1))}`] :
				['warn', `Failed again: ${answer(now.attempt_log.at(-1))} It is tried again by itself.`];
	}
	return ['plain', 'On its way'];
}

function eventItem(place, e, sent, draw, reload) {
	const again = button('second', 'Send again', () => busy(again, async () => {
		const mine = { event: e, look: 'busy', words: 'Sending…' };
		await call('redeliver', { event_id: e.event_id }, { once: crypto.randomUUID() });
		sent.set(e.event_id, mine);
		draw();
		[mine.look, mine.words] = await watch(place, e);
		if (mine.look === 'bad')
			sent.delete(e.event_id);		// it is in the list again, with its button
		toast(`${EVENTS[e.type] || e.type}: ${mine.words}`);
		await reload();
	}), { id: 'again-' + e.event_id });
	const state = sent.get(e.event_id);
	return el('li.block', { 'data-event': e.event_id },
		el('div.bar', {}, el('strong', {}, EVENTS[e.type] || said(e.type)), time(e.created_at)),
		el('p.soft', {}, e.attempts > 0 && `${count(e.attempts, 'attempt')}. `, said(e.reason || '')),
		facts(['Payment', e.reference_number && el('a', { href: paymentHref(e.reference_number), id: 'of-' + e.event_id }, e.reference_number)], ['To', e.url && said(e.url)]),
		state ? el('p', {}, el('span.badge.' + state.look, {}, state.words)) : place.may && el('div.actions', {}, again));
}

function endpointItem(place, p, reload) {
	const [look, words] = STATES[p.status] || ['plain', p.status];
	const on = button('second', 'Switch on again', () => busy(on, async () => {
		const { redelivered } = await call('enable_endpoint', { url: p.origin }, { once: crypto.randomUUID() });
		toast(`Switched on. ${count(redelivered, 'webhook')} on the way`);
		await reload();
	}), { id: 'on-' + p.origin });
	return el('li.block', { 'data-origin': p.origin },
		el('div.bar', {}, el('strong', {}, said(p.origin)), el('span.badge.' + look, {}, words)),
		facts(['Last failure', p.reason && said(p.reason)], ['Failing since', time(p.failing_since)], ['Paused until', time(p.paused_until)],
			['Switched off', time(p.off_at)], ['Undelivered', p.undelivered ? String(p.undelivered) : null]),
		p.status === 'off' && place.may && el('div.actions', {}, on));
}

function allButton(place, total, reload) {
	const all = button('second', `Send all ${total} again`, () => busy(all, async () => {
		const { redelivered } = await call('redeliver', { since: BEGINNING }, { once: crypto.randomUUID() });
		toast(`${count(redelivered, 'webhook')} on the way again`);
		await reload();
	}), { id: 'all-again' });
	return total > 1 && place.may ? el('p', {}, all) : null;
}

export async function show(place) {
	const sent = new Map(), list = el('div', { id: 'undelivered' }), ends = el('div', { id: 'endpoints' });
	let now = await read(place, sent);
	const draw = () => {
		const rows = [...[...sent.values()].map((s) => s.event), ...now.open.filter((e) => !sent.has(e.event_id))];
		swap(list, section('Undelivered', allButton(place, now.total, reload),
			rows.length ? el('ul.blocks', {}, ...rows.map((e) => eventItem(place, e, sent, draw, reload))) :
				empty('check', 'All is delivered', lead('Your server was told of everything. ' +
					'What it misses is tried again by itself nine times, up to 24 hours; what then is still not delivered is here.')),
			now.more && el('p.hint', {}, `The latest ${PAGE} are shown.`),
			rows.length > 0 && !place.may && lead('Your key is for reading only. To send webhooks again, sign in with a full key.')));
		swap(ends, section('Endpoints',
			now.endpoints.length ? el('ul.blocks', {}, ...now.endpoints.map((p) => endpointItem(place, p, reload))) :
				empty('webhooks', 'No endpoint yet', lead('Give a callback_url with create_session, and your server is told of each payment.'),
					el('p', {}, el('a', { href: '/docs/#webhooks' }, 'Read about webhooks')))));
	};
	const reload = async () => {
		now = await read(place, sent);
		draw();
	};
	draw();
	place.draw('Webhooks', el('div.split', {}, list, ends));
	let text = JSON.stringify(now);
	place.every(LIVE_MS, async () => {
		const fresh = await read(place, sent);
		if (JSON.stringify(fresh) === text)
			return;
		text = JSON.stringify(fresh);
		now = fresh;
		draw();
	});
}
