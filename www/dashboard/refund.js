// refund.js - the dialogs that move money: what is meant, then what exactly
// happens, then a second yes.
//
// What is meant is one object.  Its Idempotency-Keys are made once and kept
// until it changes, so that a yes that is sent again moves money once.
import { el } from '../checkout/dom.js';
import { call, Refused } from './api.js';
import { open, surely, work } from './dialog.js';
import { money, parseMoney, decimal, groups, ibanHolds } from './format.js';
import { button, facts, said, toast } from './parts.js';

const FEE = 100, SEND_SECONDS = 40, NO_NAME = /[<>{}[\]\\^~|"\p{Cc}]/u;

const field = (id, label, input, hint) => el('div.field', {}, el('label', { for: id }, label), input, hint);

// Who paid, each account once; the last one first.
function payers(p) {
	const seen = new Map();
	for (const t of [...p.payments].reverse())
		if (t.debtor_iban && !seen.has(t.debtor_iban))
			seen.set(t.debtor_iban, { name: t.debtor_name || '', iban: t.debtor_iban });
	return [...seen.values()];
}

function problem(m, p) {
	if (m.amount === null)
		return ['amount', 'Write the amount like 12.50.'];
	if (!m.refund && m.amount <= FEE)
		return ['amount', `The amount must be more than the fee of ${money(FEE)}.`];
	if (!m.refund && m.amount > p.refundable_amount)
		return ['amount', `At most ${money(p.refundable_amount)} can be refunded.`];
	if (!m.name)
		return ['name', 'Write the name of the account’s holder.'];
	if (NO_NAME.test(m.name))
		return ['name', 'The name has characters that no bank takes.'];
	return ibanHolds(m.iban) ? null : ['iban', 'This is no IBAN: perhaps two characters are swapped or one is missing.'];
}

// The first step: how much, why, to whom.
function form(d, m, p, next) {
	const gets = el('p.gets', { id: 'gets', role: 'status' });
	const amount = el('input', { id: 'amount', inputmode: 'decimal', autocomplete: 'off', readonly: m.refund !== null,
		value: m.amount === null ? '' : decimal(m.amount) });
	const reason = el('input', { id: 'reason', maxlength: 255, autocomplete: 'off', value: m.reason });
	const name = el('input', { id: 'name', maxlength: 140, autocomplete: 'off', spellcheck: 'false', value: m.name });
	const iban = el('input', { id: 'iban', maxlength: 42, autocomplete: 'off', spellcheck: 'false', value: groups(m.iban) });
	const fields = { amount, name, iban }, known = payers(p);
	const tell = () => {
		const cents = parseMoney(amount.value);
		gets.textContent = cents > FEE ? `The customer gets ${money(cents - FEE)}; ${money(FEE)} is kept as the fee.` : `${money(FEE)} of every refund is kept as the fee.`;
	};
	const take = (e) => {
		name.value = known[e.target.value].name;
		iban.value = groups(known[e.target.value].iban);
	};
	const choose = known.length > 1 && el('select', { id: 'payer', change: take },
		...known.map((k, i) => el('option', { value: i, selected: k.iban === m.iban }, `${k.name || 'No name'}, ${groups(k.iban)}`)));
	const submit = (e) => {
		e.preventDefault();
		m.change({ amount: m.refund ? m.amount : parseMoney(amount.value), reason: reason.value.trim(),
			name: name.value.trim(), iban: iban.value.replace(/\s/g, '').toUpperCase() });
		const wrong = problem(m, p);
		for (const [id, input] of Object.entries(fields))
			input.toggleAttribute('aria-invalid', wrong?.[0] === id);
		if (!wrong)
			return next();
		d.says.textContent = wrong[1];
		fields[wrong[0]].setAttribute('aria-describedby', 'dialog-says');
		fields[wrong[0]].focus();
	};
	amount.addEventListener('input', tell);
	tell();
	d.show(m.title, el('form.stack', { submit, novalidate: true },
		field('amount', m.refund ? 'Amount' : `Amount, at most ${money(p.refundable_amount)}`, amount), gets,
		!m.refund && field('reason', 'Reason, for your books (optional)', reason),
		choose && field('payer', 'Several accounts paid; send to', choose),
		field('name', 'Name on the account', name), field('iban', 'IBAN', iban, el('p.hint', {}, 'As the bank said who paid. The bank verifies the name.')),
		el('div.actions.end', {}, button('plain', 'Cancel', d.close), el('button.primary', { type: 'submit', id: 'continue' }, 'Continue'))));
	(m.refund ? name : amount).focus();
	if (!m.refund)
		amount.select();
}

const OUTCOME = { sent: 'The refund is sent', sending: 'The bank is at it', held: 'The refund is held: the name does not match', failed: 'The refund failed' };

// An overpayment's refund grows when still more comes: what is sent is what
// was shown, or nothing.
async function unchanged(m, p) {
	const { refunds } = await call('list_refunds', { reference: p.reference_number, limit: 200 });
	if (refunds.find((r) => r.refund_id === m.refund.refund_id)?.amount !== m.amount)
		throw new Refused(409, { code: 'conflict', error: 'The refund changed meanwhile. Close this and look again.' });
}

// The second step: what exactly happens; the second yes.
function confirm(d, m, p, back, done) {
	const fee = m.refund?.processing_fee ?? FEE, gets = money(m.amount - fee);
	const yes = button('primary', `Send ${gets} now`, () => work(d, yes, 'Sending…', async () => {
		try {
			if (m.refund)
				await unchanged(m, p);
			m.refund ??= await surely('create_refund', { reference: p.reference_number, amount: decimal(m.amount),
				...(m.reason && { reason: m.reason }) }, m.createOnce);
			const sent = await surely('send_refund', { refund_id: m.refund.refund_id, debtor_iban: m.iban, debtor_name: m.name,
				...(m.accept && { accept_name: 1 }) }, m.sendOnce, SEND_SECONDS);
			d.close();
			toast(`${OUTCOME[sent.status] || sent.status}: ${money(sent.refund_net)}`);
		} finally {
			done().catch(() => { /* the view looks again by itself */ });
		}
	}), { id: 'yes' });
	d.show('Send this refund?',
		p.environment === 'staging' && el('p.test', {}, 'Staging – no real money moves'),
		facts(['Customer gets', el('strong.big', {}, gets)], ['Fee', money(fee)], ['Refund in all', money(m.amount)],
			['To', said(m.name)], ['IBAN', said(groups(m.iban))], ['Payment', said(p.reference_number)], ['Reason', m.reason && said(m.reason)]),
		m.accept && el('p.notice', {}, 'The customer’s bank says that this name is not the account holder’s. Send it only if you are sure of the IBAN.'),
		el('p.soft', {}, 'Money that is sent cannot be called back.'),
		el('div.actions.end', {}, button('plain', 'Cancel', () => d.working || d.close()),
			back && button('second', 'Back', () => d.working || back(), { id: 'step-back' }), yes));
	d.focus();
}

// What is meant; another amount, name or account is meant anew.
function meaning(start) {
	const m = { refund: null, amount: null, reason: '', name: '', iban: '', accept: false, ...start, createOnce: crypto.randomUUID(), sendOnce: crypto.randomUUID() };
	m.change = (now) => {
		if (now.amount !== m.amount || now.reason !== m.reason)
			m.createOnce = crypto.randomUUID();
		if (now.name !== m.name || now.iban !== m.iban)
			m.sendOnce = crypto.randomUUID();
		Object.assign(m, now);
	};
	return m;
}

export function askRefund(p, done) {
	const d = open('Refund'), m = meaning({ title: 'Refund', amount: p.refundable_amount, ...payers(p)[0] });
	const first = () => form(d, m, p, () => confirm(d, m, p, first, done));
	first();
}

// One that is there already; sure: name and account are known.
export function askSend(r, p, done, { name, accept = false, sure = false } = {}) {
	const d = open('Send'), m = meaning({ title: 'Send the refund', refund: r, amount: r.amount, reason: r.reason || '',
		iban: r.debtor_iban || '', name: name ?? r.debtor_name ?? '', accept });
	const first = () => form(d, m, p, () => confirm(d, m, p, first, done));
	if (sure)
		confirm(d, m, p, null, done);
	else
		first();
}

export function askCancel(r, done) {
	const d = open('Cancel'), once = crypto.randomUUID();
	const yes = button('primary', 'Cancel the refund', () => work(d, yes, 'Cancelling…', async () => {
		await surely('cancel_refund', { refund_id: r.refund_id }, once);
		d.close();
		toast('The refund is cancelled');
		done().catch(() => { /* the view looks again by itself */ });
	}), { id: 'yes' });
	d.show('Cancel this refund?', el('p', {}, `The ${money(r.amount)} stay yours, and the customer gets nothing.`),
		el('div.actions.end', {}, button('plain', 'Keep it', () => d.working || d.close()), yes));
	d.focus();
}
