// welcome.js - what a new shop does first.
import { el, icon } from '../checkout/dom.js';
import { lead, copyButton, scroller, ICONS } from './parts.js';

export function firstSteps(who) {
	const curl = `curl -s '${location.origin}/api/gateway/gateway.php?action=create_session' \\\n` +
		"  -H 'X-Gateway-Key: YOUR_KEY' -H 'Content-Type: application/json' \\\n" +
		'  -d \'{"amount": 7.00, "order_id": "ORD-1"}\'';
	return el('div.card', { id: 'first' }, el('div.empty', {}, icon(ICONS.payments), el('h2', {}, 'No payments yet'),
		lead('Open your first checkout session from your server, with a full key in place of YOUR_KEY:'),
		el('div.command', {}, scroller('The first command', el('pre', {}, el('code', {}, curl))), copyButton('command', curl)),
		lead('Its answer has a ', el('code', {}, 'checkout_url'), '. Open that page', who.environment === 'staging' ? ', pay at the sandbox bank' : '',
			', and the payment appears here by itself.'),
		el('p', {}, el('a.second', { href: '/docs/#start' }, 'Read the quick start'))));
}
