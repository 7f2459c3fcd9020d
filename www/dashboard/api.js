// api.js - the gateway's actions, with the merchant's key.
//
// The key is in sessionStorage only: it survives a reload, and goes with the
// tab.  Money becomes integer cents here, once.
import { toCents } from './format.js';
import { el } from '../checkout/dom.js';

const PROGRAM = '../api/gateway/gateway.php', RECURRING = '../api/recurring.php';
const SCHEDULES = new Set(['list_schedules', 'get_schedule', 'update_schedule', 'preview']);
const address = (action) => new URL(`${SCHEDULES.has(action) ? RECURRING : PROGRAM}?action=${action}`, location.href);
const PLACE = 'dapit-key';
const MONEY = new Set(['amount', 'total_paid', 'amount_remaining', 'overpaid_amount', 'refundable_amount', 'processing_fee', 'refund_net',
	'volume', 'today_volume', 'month_volume', 'all_time_volume', 'average_transaction', 'success_rate',
	'gross_volume', 'total_refunds', 'total_fees', 'net_settlement', 'original_amount', 'discount_percent']);
const FOREIGN = new Set(['items', 'order_items', 'payload']);	// as the shop sent them

let key = '';
let lost = () => {};

try { key = sessionStorage.getItem(PLACE) || ''; } catch { /* only until a reload */ }

export const signedIn = () => key !== '';

export function setKey(text) {
	key = text;
	try {
		if (text)
			sessionStorage.setItem(PLACE, text);
		else
			sessionStorage.removeItem(PLACE);
	} catch { /* only until a reload */ }
}

// f(error) is called when the key does not work any more.
export function onLost(f) { lost = f; }

// The gateway said no: this does not change by asking again.
export class Refused extends Error {
	constructor(status, json) {
		super(json.error || 'The gateway refused this.');
		this.status = status;
		this.code = json.code;
		this.field = json.field;
	}
}

// It is away, or wants a pause of so many seconds; safe to ask again.
export class Away extends Error {
	constructor(code, wait = 0) {
		super(code === 'too_many_requests' ? 'There were too many requests. Wait a moment, then try again.' :
			'The gateway does not answer at the moment.');
		this.code = code;
		this.wait = wait;
	}
}

function border(value, name) {
	if (Array.isArray(value))
		return value.map((v) => border(v));
	if (value !== null && typeof value === 'object')
		return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, FOREIGN.has(k) ? v : border(v, k)]));
	return MONEY.has(name) && typeof value === 'number' ? toCents(value) : value;
}

// The answer's headers, or one of the errors above.
async function ask(action, params, { withKey = key, once, signal, seconds = 15 }) {
	const timeout = AbortSignal.timeout(seconds * 1000);
	try {
		return await fetch(address(action), {
			method: 'POST', body: JSON.stringify(params), cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error',
			headers: { 'Content-Type': 'application/json', 'X-Gateway-Key': withKey, ...(once && { 'Idempotency-Key': once }) },
			signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
		});
	} catch (e) {
		if (signal?.aborted)
			throw e;
		throw new Away('network');
	}
}

async function refuse(answer, options) {
	const json = await answer.json().catch(() => ({ code: 'garbled' }));
	if (answer.status >= 500 || answer.status === 429 || json.code === 'idempotency_key_in_use' || json.code === 'garbled')
		throw new Away(json.code, Number(answer.headers.get('Retry-After')) || 0);
	const error = new Refused(answer.status, json);
	if (answer.status === 401 && options.withKey === undefined && key) {
		setKey('');
		lost(error);
	}
	throw error;
}

// One action.  once: the Idempotency-Key of what is meant, so that it happens
// once however often it is sent.
export async function call(action, params = {}, options = {}) {
	const answer = await ask(action, params, options);
	if (!answer.ok)
		await refuse(answer, options);
	let json;
	try {
		json = await answer.json();
	} catch (e) {
		if (options.signal?.aborted)
			throw e;
		throw new Away('garbled');
	}
	return border(json);
}

// The same list as a file; the key is in no address.
export async function download(action, params, name) {
	const options = { seconds: 120 }, answer = await ask(action, { ...params, format: 'csv' }, options);
	if (!answer.ok)
		await refuse(answer, options);
	const url = URL.createObjectURL(await answer.blob().catch(() => { throw new Away('network'); }));
	const link = el('a', { href: url, download: name, hidden: true });
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 60000);
}
