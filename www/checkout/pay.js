// pay.js - one payment, from its link to its receipt.
//
// What is known is in one object; every answer of the gateway goes into it,
// and screens.js draws what it says.  Nothing is kept in the browser: a
// reload asks again.  The session's token goes to the gateway only.
import { speak } from './words.js';
import { draw } from './screens.js';

const query = new URLSearchParams(location.search);
const token = query.get('session') || '';
const gateway = new URL('../api/gateway/gateway.php', location.href);

const SOON = 1000, OFTEN = 5000, SELDOM = 20000, LONGEST = 15000;

const pay = {
	screen: 'loading',
	words: null,
	session: null,		// get_session
	invoice: null,		// create_invoice
	check: null,		// check_payment
	bank: false,		// there is a simulated one here to pay at
	sent: false,		// the button was pressed; 'later': not told yet
	skew: 0,		// the server's clock less ours, in ms
	away: 0,		// calls that failed in a row
	timer: 0,
	busy: false,
	again: false,		// asked to look while looking
	turn: 0,		// grows with each press of the button
};

const ms = (utc) => Date.parse(utc.replace(' ', 'T') + 'Z');

class Refused extends Error {
	constructor(status, code) { super(code); this.status = status; this.code = code; }
}

// One action.  Refused: the gateway said no; anything else: it is away.
async function call(action) {
	const answer = await fetch(`${gateway}?action=${action}`, {
		method: 'POST', body: new URLSearchParams({ token }), cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
		redirect: 'error', signal: AbortSignal.timeout(12000),
	});
	const json = await answer.json();
	if (answer.status >= 500 || answer.status === 429)
		throw new Error(json.code);
	if (!json.success)
		throw new Refused(answer.status, json.code);
	return json;
}

// The picture of what is left to pay; n makes the browser ask anew.
pay.qr = () => `${gateway}?action=qr&token=${token}&n=${pay.check?.total_paid || 0}`;

pay.remaining = () => ms(pay.session.expires_at) - Date.now() - pay.skew;

// What the shop is told, and where.
pay.back = () => {
	if (!pay.session?.return_url)
		return null;
	const url = new URL(pay.session.return_url);
	if (url.protocol !== 'https:' && url.protocol !== 'http:')
		return null;
	if (pay.invoice)
		url.searchParams.set('reference', pay.invoice.reference_number);
	if (pay.session.merchant_order_id)
		url.searchParams.set('order_id', pay.session.merchant_order_id);
	url.searchParams.set('status', { paid: pay.check?.status, timeout: 'failed', expired: 'expired' }[pay.screen] || 'pending');
	return url.href;
};

// The simulated bank with the details filled in; only where money is play and
// there is one: a gateway that is installed has none.
pay.sandbox = () => {
	if (!pay.bank || !pay.invoice)
		return null;
	const url = new URL('../sandbox/', location.href);
	url.hash = new URLSearchParams({ iban: pay.invoice.iban, name: pay.invoice.beneficiary_name,
		amount: pay.due().toFixed(2), reference: pay.invoice.reference_number });
	return url.href;
};

pay.due = () => pay.check?.amount_remaining ?? pay.session.amount;

function screenOf({ session, check }) {
	if (check.status === 'pending')
		return check.poll_count > 0 || pay.sent ? 'waiting' : 'details';
	return { confirmed: 'paid', overpaid: 'paid' }[check.status] || check.status || session.status;
}

function show(screen) {
	pay.screen = screen;
	draw(pay);
}

let bank = false;		// is there one? asked beside the rest

// What happened goes into pay; then the screen that fits it.
async function look() {
	if (!pay.words)
		pay.words = await speak(query.get('lang'));
	if (!/^[0-9a-f]{64}$/.test(token))
		throw new Refused(404, 'not_found');
	if (!pay.session) {
		pay.session = await call('get_session');
		pay.skew = ms(pay.session.server_time) - Date.now();
		bank = pay.session.environment === 'staging' &&
			fetch('../sandbox/', { method: 'HEAD', credentials: 'omit' }).then((r) => r.ok, () => false);
	}
	if (!pay.invoice && pay.session.status !== 'expired') {
		try {
			pay.invoice = await call('create_invoice');
		} catch (e) {
			if (e.code !== 'session_expired')
				throw e;
		}
	}
	if (pay.sent === 'later') {
		pay.sent = true;
		await call('confirm_paid').catch((e) => { pay.sent = e instanceof Refused ? false : 'later'; });
	}
	const turn = pay.turn, check = await call('check_payment');
	if (turn !== pay.turn)
		return;					// asked before the button was pressed
	if (check.status !== 'pending')
		pay.sent = false;
	pay.check = check;
	pay.bank = await bank;
	if (check.status !== 'expired' && !pay.invoice)
		pay.invoice = await call('create_invoice');	// money after expiry
	show(screenOf(pay));
}

function pause() {
	if (pay.away)
		return Math.min(SOON * 2 ** pay.away, LONGEST);
	if (pay.screen === 'paid' || pay.screen === 'unknown')
		return 0;				// nothing more comes of it
	return document.hidden || pay.screen === 'expired' ? SELDOM : OFTEN;
}

// Looks, and looks again; one at a time.
async function go() {
	clearTimeout(pay.timer);
	pay.again = pay.busy;
	if (pay.busy)
		return;
	pay.busy = true;
	try {
		await look();
		pay.away = 0;
	} catch (e) {
		if (e instanceof Refused && e.status === 404) {
			pay.away = 0;
			show('unknown');
		} else {
			pay.away++;
		}
	}
	pay.busy = false;
	if (pay.words)
		draw(pay);
	const wait = pay.again ? 1 : pause();
	if (wait)
		pay.timer = setTimeout(go, wait);
}

pay.go = go;

// "I've sent the payment".
pay.confirm = async () => {
	pay.turn++;
	pay.sent = true;
	pay.check = { ...pay.check, status: 'pending', max_polls: 0 };
	show('waiting');
	try {
		await call('confirm_paid');
	} catch (e) {
		pay.sent = e instanceof Refused ? false : 'later';
	}
	pay.turn++;
	go();
};

document.addEventListener('visibilitychange', () => document.hidden || pay.screen === 'unknown' || go());
addEventListener('online', go);
addEventListener('pageshow', (e) => e.persisted && go());
go();
