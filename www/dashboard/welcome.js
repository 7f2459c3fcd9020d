// welcome.js - what a new shop does first.
import { el, icon } from '../checkout/dom.js';
import { lead, copyButton, scroller, ICONS } from './parts.js';

const curl = (address, body) => `curl -s '${location.origin}${address}' \\\n` +
	`  -H 'X-Gateway-Key: YOUR_KEY' -H 'Content-Type: application/json' \\\n  -d '${body}'`;

const welcome = (sign, title, before, command, after, link) => el('div.card', { id: 'first' },
	el('div.empty', {}, icon(ICONS[sign]), el('h2', {}, title), ...before,
		el('div.command', {}, scroller('The first command', el('pre', {}, el('code', {}, command))), copyButton('command', command)),
		after, el('p', {}, link)));

export const firstSteps = (who) => welcome('payments', 'No payments yet',
	[lead('Open your first checkout session from your server, with a full key in place of YOUR_KEY:')],
	curl('/api/gateway/gateway.php?action=create_session', '{"amount": 7.00, "order_id": "ORD-1"}'),
	lead('Its answer has a ', el('code', {}, 'checkout_url'), '. Open that page', who.environment === 'staging' ? ', pay at the sandbox bank' : '',
		', and the payment appears here by itself.'),
	el('a.second', { href: '/docs/#start' }, 'Read the quick start'));

export const firstSchedule = () => welcome('recurring', 'No schedules yet',
	[lead('A schedule asks a customer to pay again and again. On each of its days he gets a mail, an SMS or both, with a link, and pays by himself: ' +
		'nothing is taken from his account.'),
	lead('Make the first one from your server, with a full key in place of YOUR_KEY:')],
	curl('/api/recurring.php?action=create_schedule', '{"customer_name": "John Smith", "customer_email": "john@example.com",\n' +
		'       "frequency": "monthly", "amount": 99.00, "discount_percent": 5}'),
	lead('It appears here by itself, and its first message goes out tomorrow at nine. Mails and SMS need a login, your own or the platform’s: see ',
		el('code', {}, 'set_config'), ' there.'),
	el('a.second', { href: '/docs/#recurring' }, 'Read about recurring billing'));
