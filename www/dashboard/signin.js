// signin.js - the key, before anything else.
import { el, byId } from '../checkout/dom.js';
import { call, setKey, Refused } from './api.js';
import { lead } from './parts.js';

const REASONS = {
	invalid_api_key: 'Your key does not work any more: it was ended or replaced. Sign in with another one.',
	out: 'You are signed out.',
};

// why: the code of an error, or out; then(who) goes on.
export function signIn(why, then) {
	const says = el('p.says', { id: 'says', role: 'alert' });
	const field = el('input', { id: 'key', type: 'password', name: 'key', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
		required: true, 'aria-describedby': 'says key-hint' });
	const go = el('button.primary', { type: 'submit' }, 'Sign in');
	const complain = (words) => {
		says.textContent = words;
		field.setAttribute('aria-invalid', 'true');
		field.focus();
		field.select();
	};
	async function submit(e) {
		e.preventDefault();
		const key = field.value.trim();
		if (go.getAttribute('aria-disabled'))
			return;
		if (!/^[\x21-\x7e]{1,200}$/.test(key))
			return complain(key ? 'This is not a key: a key begins with mk_.' : 'Enter your key.');
		go.setAttribute('aria-disabled', 'true');
		try {
			const who = await call('whoami', {}, { withKey: key });
			setKey(key);
			then(who);
		} catch (error) {
			if (error instanceof Refused && error.status === 401)
				complain('This key is not known. It may have been ended, or a character is missing.');
			else
				complain(error.message);
		} finally {
			go.removeAttribute('aria-disabled');
		}
	}
	const form = el('form', { submit, novalidate: true },
		el('label', { for: 'key' }, 'API key'), field, says, go);
	byId('app').replaceChildren(el('main.alone', { 'data-view': 'signin' },
		el('div.card.door', {},
			el('h1', { id: 'title', tabindex: '-1' }, 'Sign in'),
			why && el('p.notice', { id: 'why', role: 'status' }, REASONS[why] || REASONS.invalid_api_key),
			lead('See your payments, refunds and webhooks.'), form,
			el('div.hints', { id: 'key-hint' },
				el('p', {}, 'A key for reading is enough to look; refunds and changes need a full key. The operator of the gateway makes one for you:'),
				el('p', {}, el('code', {}, 'dapit key add MERCHANT dashboard ', el('span.whole', {}, '--read'))),
				el('p', {}, 'The key stays in this tab, and goes when you close it.'))),
		el('p.aside', {}, el('a', { href: '/docs/' }, 'Documentation'))));
	document.title = 'Sign in · Dashboard';
	field.focus();
}
