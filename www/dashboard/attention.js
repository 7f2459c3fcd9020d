// attention.js - what waits for somebody: always the same four places, so
// that nothing moves when one of them fills.
import { el, icon } from '../checkout/dom.js';
import { ICONS } from './parts.js';

const FAILED_DAYS = 30;

// Failed refunds that were not made anew since.
export function openFailures(failed, all, now) {
	return failed.filter((r) => now - Date.parse(r.failed_at?.replace(' ', 'T') + 'Z') < FAILED_DAYS * 86400e3 &&
		!all.some((other) => other.payment_reference === r.payment_reference && other.refund_id > r.refund_id && !['failed', 'cancelled'].includes(other.status)));
}

const tile = (id, n, label, hint, href) => el('a.tile' + (n ? '.some' : ''), { href, id: 'need-' + id },
	el('span.n', {}, n), el('span', {}, label), el('span.hint', {}, n ? hint : 'Nothing to do'));

export async function attention(place) {
	const [places, pending, held, failed] = await Promise.all([
		place.call('list_endpoints'), place.call('list_refunds', { status: 'pending', limit: 200 }),
		place.call('list_refunds', { status: 'held', limit: 1 }), place.call('list_refunds', { status: 'failed', limit: 200 })]);
	const latest = failed.total ? await place.call('list_refunds', { limit: 200 }) : failed;
	const undelivered = places.endpoints.reduce((n, p) => n + p.undelivered, 0), off = places.endpoints.filter((p) => p.status === 'off').length;
	const bad = openFailures(failed.refunds, latest.refunds, Date.now()).length;
	const toSend = pending.total - pending.refunds.filter((r) => r.sends_at).length;	// the newest go by themselves
	const any = undelivered || off || toSend || held.total || bad;
	return el('section', { 'aria-labelledby': 'needs' },
		el('h2.needs' + (any ? '.some' : ''), { id: 'needs' }, icon(any ? ICONS.warn : ICONS.check), any ? 'Needs your attention' : 'Nothing needs your attention'),
		el('div.tiles', {},
			tile('webhooks', undelivered || off, undelivered || !off ? 'Undelivered webhooks' : 'Endpoint switched off',
				off ? 'Your server does not answer' : 'Your server was not told', '#webhooks'),
			tile('pending', toSend, 'Refunds to send', 'Waiting for you', '#refunds?status=pending'),
			tile('held', held.total, 'Held refunds', 'The name does not match', '#refunds?status=held'),
			tile('failed', bad, 'Failed refunds', `In the last ${FAILED_DAYS} days`, '#refunds?status=failed')));
}
