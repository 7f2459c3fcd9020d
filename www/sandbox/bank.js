// bank.js - a person plays the shopper's banking app at the sandbox bank.
import { el, byId } from '../checkout/dom.js';

const own = ['LT223740020032524104', 'LT923740020074597273'];	// the documented test accounts
const euro = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
let accounts = [], from = own[0];

async function ask(path, body) {
	const answer = await fetch(new URL('simulate/' + path, location.href), body ?
		{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {});
	const json = await answer.json();
	if (!answer.ok)
		throw new Error(json.error || json.message || json.error_description || `The bank refused it (${answer.status}).`);
	return json;
}

function showAccounts() {
	const mine = own.map((iban) => accounts.find((a) => a.iban === iban)).filter(Boolean);
	const pick = (step) => { from = own[(own.indexOf(from) + step + own.length) % own.length]; refresh().then(() => document.querySelector('[aria-checked=true]').focus()); };
	byId('accounts').replaceChildren(...mine.map((a) => el('button.account', {
		type: 'button', role: 'radio', 'aria-checked': String(a.iban === from), 'data-iban': a.iban, tabindex: a.iban === from ? 0 : -1,
		click: () => { from = a.iban; refresh(); },
		keydown: (e) => { const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key]; if (step) { e.preventDefault(); pick(step); } },
	}, el('span', {}, a.name), el('b', {}, euro.format(a.balance)), el('small', {}, a.iban.replace(/(.{4})(?=.)/g, '$1 ')))));
}

async function refresh() {
	accounts = (await ask('accounts')).accounts;
	showAccounts();
	const last = (await ask(`entries?iban=${from}`)).entries.slice(-6).reverse();
	byId('entries').replaceChildren(...(last.length ? last.map((e) => el('li', {},
		el('span', {}, e.remittance || 'no message'), el('span', {}, (e.direction === 'DEBIT' ? '−' : '+') + euro.format(e.amount)))) :
		[el('li', {}, el('span', {}, 'Nothing yet.'))]));
	checkPayee();
}

// Verification of Payee, as the shopper's real bank does it.
function checkPayee() {
	const iban = byId('iban').value.replace(/\s/g, '').toUpperCase(), name = byId('name').value.trim();
	const holder = accounts.find((a) => a.iban === iban)?.name, flat = (s) => s.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
	byId('payee').textContent = !iban || !name ? '' : !holder ? 'This bank does not know that account.' :
		name === holder ? '✓ The name matches the account.' : flat(name) === flat(holder) ? `Close match. The account belongs to ${holder}.` :
			'The name does not match the account.';
}

const mangles = {
	same: (r) => r,
	lower: (r) => r.toLowerCase(),
	spaces: (r) => r.replaceAll('-', ' '),
	break: (r) => r.slice(0, 6) + '\n' + r.slice(6),
	cut: (r) => r.slice(0, -1),
	none: () => '',
};
const cents = () => Math.round(Number(byId('amount').value.replace(',', '.')) * 100);
const sums = { exact: (c) => [c], short: (c) => [Math.max(1, Math.floor(c / 2))], over: (c) => [c + 300], twice: (c) => [c, c] };
const planned = () => ({ sums: sums[byId('how').value](cents()), text: mangles[byId('mangle').value](byId('reference').value.trim()) });

function preview() {
	const { sums: all, text } = planned();
	byId('preview').textContent = cents() > 0 ? `${all.map((c) => euro.format(c / 100)).join(' + ')}, “${text}”` : '';
	checkPayee();
}

// Details in any text: the lines of an EPC QR code, or words around an IBAN.
function read(text) {
	const lines = text.split(/\r?\n/);
	if (lines[0] === 'BCD')
		return { name: lines[5], iban: lines[6], amount: lines[7]?.replace('EUR', ''), reference: lines[10] || lines[9] };
	return { iban: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/.exec(text)?.[0],
		amount: /(\d+[.,]\d{2})(?!\d)/.exec(text)?.[1], reference: /DP-\d{6}-[A-Z0-9]{6}/i.exec(text)?.[0] };
}

function fill(details) {
	for (const [id, value] of Object.entries(details))
		if (value && byId(id))
			byId(id).value = value;
	preview();
}

async function send(event) {
	event.preventDefault();
	const { sums: all, text } = planned(), result = byId('result'), iban = byId('iban').value.replace(/\s/g, '').toUpperCase();
	result.className = 'result bad';
	byId('send').disabled = true;
	try {
		if (!iban)
			throw new Error('Whom do you want to pay? The IBAN is missing.');
		if (!(cents() > 0))
			throw new Error('How much? The amount is missing.');
		for (const c of all)
			await ask('credit', { amount: (c / 100).toFixed(2), ...(text && { remittance: text }), debtor_iban: from, creditor_iban: iban });
		result.className = 'result';
		result.textContent = `Sent ${all.map((c) => euro.format(c / 100)).join(' and ')}. The checkout will see it within seconds.`;
	} catch (e) {
		result.textContent = e.message === 'insufficient funds' ? 'Rejected: there is not enough money on this account.' : `Not sent: ${e.message}`;
	}
	byId('send').disabled = false;
	await refresh();
}

byId('form').addEventListener('submit', send);
byId('form').addEventListener('input', preview);
byId('paste').addEventListener('input', () => fill(read(byId('paste').value)));
const open = () => fill(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
addEventListener('hashchange', open);
open();
refresh().catch((e) => { byId('result').className = 'result bad'; byId('result').textContent = `The bank is away: ${e.message}`; });
