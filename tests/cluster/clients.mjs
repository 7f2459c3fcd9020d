// clients.mjs - shops and shoppers as they should be: what fails for a moment
// is sent again as the answer says, writes with the same Idempotency-Key. All
// that was answered is kept, with its time.
import { dice, request, sleep, bank, url } from '../api/lib.mjs';

export const answers = [];	// { at, ms, action, status, code, good }
export const faults = [];	// what a client cannot put right by asking again
export const calls = [];	// { at, ms, action }: with all repetitions

const PAYER = 'DE89370400440532013000';

// May the client send it again? Only what says so, and when.
const again = (r) => ([502, 503, 504].includes(r.status) && r.json?.success === false && r.json.code && Number(r.headers['retry-after']) > 0) ||
	(r.status === 409 && r.json?.code === 'idempotency_key_in_use');

async function once(action, body, headers) {
	const at = Date.now();
	let r;
	try {
		r = await request('POST', `${url}?action=${action}`, { headers, body: JSON.stringify(body) });
	} catch (e) {
		r = { status: 0, headers: {}, text: String(e) };
	}
	answers.push({ at: Date.now(), ms: Date.now() - at, action, status: r.status, code: r.json?.code, good: r.status === 200 });
	return r;
}

// An action until it is answered; "allowed" are refusals that are an answer.
async function surely(action, body, { key, idem, allowed = [] } = {}) {
	const headers = { 'Content-Type': 'application/json', ...(key ? { 'X-Gateway-Key': key } : {}), ...(idem ? { 'Idempotency-Key': idem } : {}) };
	const at = Date.now();
	for (;;) {
		const r = await once(action, body, headers);
		if (r.status === 200 || allowed.includes(r.status)) {
			calls.push({ at: Date.now(), ms: Date.now() - at, action });
			return r;
		}
		if (!again(r)) {
			faults.push(`${new Date().toISOString().slice(11, 23)} ${action}: ${r.status} ${r.headers['retry-after'] ? '' : 'no Retry-After '}${r.text.slice(0, 200)}`);
			if (Date.now() - at > 120000)
				throw new Error(`${action}: ${r.status} for two minutes`);
		}
		await sleep(Number(r.headers['retry-after'] ?? 1) * 1000);
	}
}

// One shopper's way, and what the shop does afterwards; x says what was done.
async function way(x, callback) {
	const { key, n } = x;
	const create = () => surely('create_session', { amount: x.amount / 100, callback_url: callback, order_id: 'K-' + n }, { key, idem: 'session-' + n });
	// some shops press twice: two gateways get the same request at once
	const [made, twin] = await Promise.all(x.hasty ? [create(), create()] : [create()]);
	x.token = made.json.session_token;
	if (twin && twin.json.session_token !== x.token)
		faults.push(`create_session: one Idempotency-Key, two sessions: ${x.token} ${twin.json.session_token}`);
	x.reference = (await surely('create_invoice', { token: x.token })).json.reference_number;
	for (const cents of x.parts)
		await bank('/simulate/credit', { amount: (cents / 100).toFixed(2), remittance: x.reference, debtor_iban: PAYER, debtor_name: 'John Smith' });
	x.paidAt = Date.now();
	await surely('confirm_paid', { token: x.token });
	const sum = x.parts.reduce((a, b) => a + b, 0);
	const want = sum < x.amount ? 'partial' : sum > x.amount ? 'overpaid' : 'confirmed';
	for (let i = 0; i < 40 && x.status !== want; i++, await sleep(1500))
		x.status = (await surely('check_payment', { token: x.token })).json.status;
	x.seenAt = Date.now();
	if (x.refund && x.status === want)
		await giveBack(x);
}

// The shop gives all of it back; two of its people press at the same moment,
// each with a key of his own: only one refund can be made.
async function giveBack(x) {
	const made = await Promise.all(['a', 'b'].map((who) => surely('create_refund', { reference: x.reference, amount: x.amount / 100 },
		{ key: x.key, idem: `refund-${x.n}-${who}`, allowed: [400] })));
	const good = made.filter((r) => r.status === 200);
	if (good.length !== 1)
		faults.push(`create_refund: ${good.length} of two refunds of all of ${x.reference} were made`);
	for (const r of good) {
		x.number = r.json.reference_number;
		await surely('send_refund', { refund_id: r.json.refund_id, debtor_iban: PAYER, debtor_name: 'John Smith' },
			{ key: x.key, idem: `send-${x.n}` });
	}
}

// A steady stream of shoppers, one each so many ms, until it is stopped; then
// all come to their end.
export function stream(shops, callback, pause) {
	const shoppers = [], ways = [];
	let over = false;
	const running = (async () => {
		for (let n = 0; !over; n++, await sleep(pause)) {
			const { below, pick, chance } = dice(n), amount = 200 + below(900);
			const parts = pick([[amount], [amount], [amount], [50, amount - 50], [amount + 250], [amount - 10]]);
			const x = { n, key: shops[n % shops.length], amount, parts, refund: parts.length === 1 && parts[0] === amount && chance(40), hasty: chance(20) };
			shoppers.push(x);
			ways.push(way(x, callback).catch((e) => faults.push(`shopper ${n}: ${e.message}`)));
		}
	})();
	return { shoppers, stop: async () => { over = true; await running; await Promise.all(ways); } };
}

// A shop that has no webhooks follows the list of its events, from the first
// one on; to "seen" goes what it gets.
export function follow(key, seen) {
	let over = false, after;
	async function look() {
		const all = (await surely('list_events', { limit: 200, ...(after ? { after } : {}) }, { key })).json.events;
		for (const e of after ? all : all.slice(-1)) {
			seen.push(e.event_id);
			after = e.event_id;
		}
	}
	const running = (async () => {
		for (; !over; await sleep(500))
			await look();
	})();
	return async () => { over = true; await running; await look(); };
}
