// fate.js - what became of a message, in words.
import { el } from '../checkout/dom.js';
import { count } from './format.js';
import { said, time } from './parts.js';

const NO_LOGIN = /^no (smtp|twilio)_/, CUT = /^who sent it ended/;
const CHANNEL = { email: ['Mail', 'The mail server'], sms: ['SMS', 'Twilio'] };
const AGAIN = 'it may have been delivered and is not sent again.';

// What Twilio tells after it took an SMS.
const HEARD = {
	delivered: ['good', 'Delivered', 'It is on the customer’s phone.'], read: ['good', 'Read', 'The customer read it.'],
	undelivered: ['bad', 'Not delivered', 'Twilio took it, but could not deliver it.'], failed: ['bad', 'Not delivered', 'Twilio took it, but could not send it.'],
};

function waiting(m) {
	if (NO_LOGIN.test(m.error))
		return ['warn', 'Waiting', 'There is no login to send it with.'];
	return m.attempts > 0 ? ['warn', 'Waiting', `It did not go out yet, and is tried again by itself. ${count(m.attempts, 'attempt')} so far.`] : ['plain', 'Waiting', 'It waits to be sent.'];
}

const FATES = {
	pending: waiting,
	sending: () => ['busy', 'Sending', 'It is on its way.'],
	sent: (m, taker) => m.channel === 'sms' && HEARD[m.provider_status] || ['good', 'Sent', `${taker} took it.`],
	failed: (m, taker) => ['bad', 'Failed', m.attempts > 1 ? `It was given up after ${m.attempts} attempts.` : `${taker} refused it for good; it is not tried again.`],
	unknown: (m, taker) => ['warn', 'Not known', CUT.test(m.error) ? `Sending was cut off in the middle; ${AGAIN}` : `${taker} went silent; ${AGAIN}`],
	dropped: () => ['plain', 'Not sent', 'It was not needed any more: the cycle was over, or the schedule was stopped.'],
};

export function messageCard(m) {
	const [name, taker] = CHANNEL[m.channel] || [m.channel, 'The other side'];
	const [look, word, words] = FATES[m.status]?.(m, taker) || ['plain', m.status, ''];
	const login = m.status === 'pending' && NO_LOGIN.test(m.error), why = !login && !CUT.test(m.error) && m.status !== 'dropped';
	return el('li.block', { 'data-message': m.message_id },
		el('div.bar', {}, el('strong', {}, name, m.reminder > 0 && `, reminder ${m.reminder}`, ' ', el('span.badge.' + look, {}, word)), time(m.sent_at || m.created_at)),
		m.recipient && el('p', {}, 'To ', said(m.recipient)),
		el('p.soft', {}, words, login && ' ', login && el('a', { href: '/docs/#set_config', id: 'login-' + m.message_id }, 'Set one')),
		why && m.error && el('p.hint', {}, said(m.error)));
}
