// checkout.mjs - the hosted checkout in a real browser, from the shop's
// redirect to the receipt, on a phone and on a desktop; every screen looked
// at by axe. Run with max_polls = 3.
import http from 'node:http';
import { ok, is, has, done, api, invoice, credit, check, confirm, settled, until, sleep, balanced, shop as receiver, key } from '../api/lib.mjs';
import { base, open, screen, look, good, drawn, scan, close } from './browser.mjs';

const hook = await receiver();

// The shop's server: Option B, as the reference tells it.
const shop = http.createServer(async (req, res) => {
	res.redirect = (to) => { res.writeHead(302, { Location: to }); res.end(); };
	if (!req.url.startsWith('/buy'))
		return res.end('<!doctype html><title>Shop</title><p>Thank you.');
	const session = await fetch(base + '/api/gateway/gateway.php?action=create_session', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', 'X-Gateway-Key': key },
		body: JSON.stringify({
			amount: 49.99, currency: 'EUR',
			items: [{ name: 'Premium Game Credits', qty: 1, price: 49.99, total: 49.99 }],
			callback_url: hook.url,
			order_id: 'A&B 7', return_url: shopUrl + '/thanks?cart=5',
		}),
	}).then((r) => r.json());
	res.redirect(base + session.checkout_url);
});
await new Promise((r) => shop.listen(0, '127.0.0.1', r));
const shopUrl = `http://127.0.0.1:${shop.address().port}`;

const began = Date.now();
const soon = await invoice(5, { expires_minutes: 1 });	// expires meanwhile
let clipboard = Promise.resolve();	// there is one for all pages
const value = (page, label) => page.locator(`[aria-label="Copy: ${label}"]`);
const copied = async (page, label) => {
	await value(page, label).click();
	await page.waitForSelector(`text=${label}: Copied`, { state: 'attached' });
	return page.evaluate(() => navigator.clipboard.readText());
};

// While its slow is set, a page asks only when something makes it ask: there
// are three polls, and who looks at a page takes his time.
const patient = (page) => page.addInitScript(() => {
	const set = globalThis.setTimeout;
	globalThis.setTimeout = (f, ms, ...more) => set(f, globalThis.slow ? ms * 1000 : ms, ...more);
});

async function wholeFlow(size) {
	const page = await open(size, shopUrl + '/buy', { leaves: true, before: patient });
	await screen(page, 'details');
	is(new URL(page.url()).pathname, '/checkout/pay.html', `${size}: the shop's redirect leads to the checkout`);
	await look(page, `${size}-details`);
	const text = await page.innerText('body');
	for (const word of ['Demo Shop', '€49.99', 'LT91 3740 0200 5858 5210', 'Longemalle Trustees OU', 'A&B 7', 'your bank checks this name', 'instant transfer'])
		ok(text.includes(word), `${size}: it says ${word}`);
	const reference = await value(page, 'Reference').getAttribute('data-copy');
	const labels = ['Amount', 'IBAN', 'Recipient', 'Reference'], values = [];
	await (clipboard = clipboard.then(async () => {
		for (const label of labels)
			values.push(await copied(page, label));
	}));
	is(values, ['49.99', 'LT913740020058585210', 'Longemalle Trustees OU', reference], `${size}: each button copies the bare value`);
	ok(/^5\d:\d\d$/.test(await page.innerText('#left')), `${size}: an hour to pay, counting down`);
	if (size === 'phone')
		await page.click('details.scan summary');
	is((await scan(page)).split('\n'), ['BCD', '002', '1', 'SCT', '', 'Longemalle Trustees OU', 'LT913740020058585210', 'EUR49.99', '', '', reference],
		`${size}: the QR code holds the same, line by line`);

	await credit(20, reference);			// without the button
	await screen(page, 'partial');
	await look(page, `${size}-partial`);
	is(await page.innerText('h1'), '€20.00 received, €29.99 to go', `${size}: the part is seen without the button`);
	is(await page.evaluate(() => document.activeElement.id), 'title', `${size}: the focus is on the new screen`);
	is(await page.textContent('#live'), '€20.00 received, €29.99 to go', `${size}: it is announced`);
	if (size === 'phone')
		await page.click('details.scan summary');
	has((await scan(page)).split('\n'), { 7: 'EUR29.99', 10: reference }, `${size}: the QR code is of the rest, with the same reference`);

	await page.evaluate(() => { globalThis.slow = true; });
	await page.getByRole('button', { name: 'I’ve sent the rest' }).click();
	await screen(page, 'waiting');
	await page.waitForFunction(() => document.querySelector('#progress')?.value > 0);
	await look(page, `${size}-waiting`);
	await page.reload();
	await screen(page, 'waiting');
	ok(true, `${size}: a reload loses nothing`);
	await credit(29.99, reference.toLowerCase().replaceAll('-', ' '));
	await screen(page, 'paid');
	await look(page, `${size}-paid`);
	const receipt = await page.innerText('#receipt');
	for (const word of ['€49.99', 'Demo Shop', reference, 'A&B 7'])
		ok(receipt.includes(word), `${size}: the receipt has ${word}`);
	ok([began, Date.now()].some((t) => receipt.includes(String(new Date(t).getFullYear()))), `${size}: the receipt has the day`, receipt);
	ok((await page.title()).startsWith('Payment received'), `${size}: the tab's title says it too`);

	const back = new URL(await page.getAttribute('#back', 'href'));
	is([back.origin + back.pathname, Object.fromEntries(back.searchParams)],
		[shopUrl + '/thanks', { cart: '5', reference, order_id: 'A&B 7', status: 'confirmed' }], `${size}: the way back says what happened`);
	if (size === 'phone') {				// by itself
		await page.waitForURL(shopUrl + '/thanks*');
		ok(true, `${size}: after five seconds the page goes back by itself`);
		await page.goBack();
		await screen(page, 'paid');
		await sleep(6000);
		is(new URL(page.url()).pathname, '/checkout/pay.html', `${size}: but only once`);
	} else {
		await page.click('#soon button');
		await sleep(6000);
		is(new URL(page.url()).pathname, '/checkout/pay.html', `${size}: it can be told to stay`);
		await page.click('#back');
		await page.waitForURL(shopUrl + '/thanks*');
	}
	has((await until(() => hook.of(reference)[0])).json, { event: 'payment.confirmed', amount_paid: 49.99 }, `${size}: the shop is told`);
	await page.goto(back.origin);
	is(page.bad.filter((b) => !b.includes(shopUrl)), [], `${size}: no error, no broken policy, no foreign request, no referrer`);
	await page.context().close();
}

const link = (s) => `/checkout/pay.html?session=${s.token || s.session_token}`;

async function overpaid(size) {
	const s = await api('create_session', { amount: 5, items: [{ name: '<img src=x onerror=alert(1)>', qty: 2, price: 2.5 }, { name: 'A very long name that has to be broken somewhere '.repeat(4) }] });
	const page = await open(size, link(s));
	await screen(page, 'details');
	await credit(8, await value(page, 'Reference').getAttribute('data-copy'));
	await screen(page, 'paid');
	await look(page, `${size}-overpaid`);
	ok((await page.innerText('#over')).includes('€2.00 will be refunded'), `${size}: the refund of an overpayment is announced`);
	is(await page.locator('#back').count(), 0, `${size}: no way back where the shop gave none`);
	is(await page.locator('img[src=x]').count(), 0, `${size}: a hostile item stays text`);
	await good(page, `${size}-overpaid`);
	await notRefunded(size, 5.5, () => {}, 'Nothing is refunded: this is not more than the processing fee', 'no more than the fee');
	await notRefunded(size, 8, async (reference) => {
		const [r] = (await api('list_refunds', { reference })).refunds;
		await api('cancel_refund', { refund_id: r.refund_id });
	}, 'None of it is being refunded', 'a refund that was cancelled');
	await notRefunded(size, 100, () => {}, 'still has to approve the refund of €94.00', 'too much to go out by itself');
}

// No refund is announced where there is none, nor as if it went by itself.
async function notRefunded(size, came, before, words, name) {
	const i = await invoice(5);
	await credit(came, i.reference);
	await settled(i.token);
	await before(i.reference);
	const page = await open(size, link(i));
	await screen(page, 'paid');
	ok((await page.innerText('#over')).includes(words), `${size}: no refund that goes by itself is told of: ${name}`);
	await page.context().close();
}

async function timeout(size) {
	const i = await invoice(3), page = await open(size, link(i));
	await screen(page, 'details');
	await page.getByRole('button', { name: 'I’ve sent the payment' }).click();
	await screen(page, 'timeout');
	await look(page, `${size}-timeout`);
	await credit(3, i.reference);
	await screen(page, 'paid');
	ok(true, `${size}: money after the timeout still moves the page`);
	await good(page, `${size}-timeout`);
}

async function unknown(size) {
	for (const session of ['', 'x"><script>', 'f'.repeat(64)]) {
		const page = await open(size, '/checkout/pay.html?session=' + encodeURIComponent(session));
		await screen(page, 'unknown');
		if (session === '')
			await look(page, `${size}-unknown`);
		await good(page, `${size}-unknown ${session.slice(0, 5)}`);
	}
}

// Every answer comes when what was there before it has been drawn, as it does
// where the network is slow: then the page may not move under anybody's eyes.
async function slowly(size) {
	const rich = { order_id: 'A&B 7', items: [{ name: 'A very long name that has to be broken somewhere '.repeat(4), qty: 2, price: 2.5 }] };
	const partial = await invoice(3, rich), paid = await invoice(3, rich);
	await credit(1, partial.reference);
	await credit(3, paid.reference);
	await Promise.all([settled(partial.token), settled(paid.token)]);
	const late = (p) => p.route(/gateway\.php|lang\//, async (r) => {
		await p.waitForSelector('main > *', { state: 'attached' }).then(() => drawn(p)).then(() => r.continue()).catch(() => 0);
	});
	for (const [want, s] of [['unknown', { token: '' }], ['unknown', { token: 'f'.repeat(64) }], ['details', await invoice(3)], ['details', await invoice(3, rich)], ['partial', partial], ['paid', paid]]) {
		const page = await open(size, link(s), { before: late });
		await screen(page, want);
		await page.unroute(/gateway\.php|lang\//);
		await good(page, `${size}-slow ${want}`);
	}
}

async function away(size) {
	const i = await invoice(3), page = await open(size, link(i));
	await screen(page, 'details');
	await page.context().setOffline(true);
	await page.evaluate(() => dispatchEvent(new Event('online')));	// makes it ask at once
	await page.waitForSelector('#away');
	await look(page, `${size}-away-banner`);
	await credit(3, i.reference);
	await settled(i.token);
	await page.context().setOffline(false);
	await screen(page, 'paid');
	ok(true, `${size}: the network goes and comes, the page goes on`);
	await good(page, `${size}-away`);

	const down = (p) => p.route('**/gateway.php*', (r) => r.fulfill({ status: 503, body: '{"success":false,"code":"unavailable"}' }));
	// the gateway is away from the start, and the page asks only when it is told to
	const before = async (p) => { await patient(p); await p.addInitScript(() => { globalThis.slow = true; }); await down(p); };
	const page2 = await open(size, link(await invoice(1)), { before });
	await screen(page2, 'away');
	await look(page2, `${size}-away`);
	await page2.unroute('**/gateway.php*');
	await page2.getByRole('button', { name: 'Try now' }).click();
	await screen(page2, 'details');
	await good(page2, `${size}-away-first`);
}

async function expired(size, i) {
	await until(async () => (await check(i.token)).status === 'expired');
	const page = await open(size, link(i));
	await screen(page, 'expired');
	await look(page, `${size}-expired`);
	ok(!(await page.innerText('main')).includes('LT91'), `${size}: no account to pay to any more`);
	await good(page, `${size}-expired`);
}

async function expiresHere() {
	const page = await open('desktop', link(await invoice(5, { expires_minutes: 1 })));
	await screen(page, 'details');
	await screen(page, 'expired');
	ok(true, 'the countdown ends on the expired screen');
	await good(page, 'expires');
}

async function keyboard() {
	const i = await invoice(2), page = await open('desktop', link(i));
	await screen(page, 'details');
	const seen = [];
	for (let n = 0; n < 12; n++) {
		await page.keyboard.press('Tab');
		const [label, outline] = await page.evaluate(() => [document.activeElement.getAttribute('aria-label') || document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]);
		seen.push(label);
		if (outline === 'none')
			page.bad.push('no focus ring: ' + label);
		if (label === 'I’ve sent the payment')
			break;
	}
	is(seen, ['Scan the QR code', 'Copy: Amount', 'Copy: Recipient', 'Copy: IBAN', 'Copy: Reference', 'I’ve sent the payment'], 'keyboard: everything in order');
	await page.keyboard.press('Enter');
	await screen(page, 'waiting');
	await credit(2, i.reference);
	await screen(page, 'paid');
	await good(page, 'keyboard');
}

async function devices() {
	const i = await invoice(2), a = await open('phone', link(i)), b = await open('desktop', link(i), { before: patient });
	await Promise.all([screen(a, 'details'), screen(b, 'details')]);
	await a.getByRole('button', { name: 'I’ve sent the payment' }).click();
	await screen(b, 'waiting');
	ok(true, 'one device says it is sent, the other waits too');
	await b.evaluate(() => { globalThis.slow = true; });
	await b.waitForResponse(/check_payment/);
	const asked = b.waitForRequest(/check_payment/);
	await b.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	ok(await asked, 'coming back to the page asks at once');
	await credit(2, i.reference);
	await settled(i.token);
	await b.evaluate(() => { globalThis.slow = false; document.dispatchEvent(new Event('visibilitychange')); });
	await Promise.all([screen(a, 'paid'), screen(b, 'paid')]);
	await good(a, 'first device');
	await good(b, 'second device');
}

// The clock of the device is hours off: time left is the server's.
async function wrongClock() {
	const before = (p) => p.addInitScript(() => { const now = Date.now; Date.now = () => now() + 3 * 3600e3; });
	const page = await open('desktop', link(await invoice(1)), { before });
	await screen(page, 'details');
	ok(/^5\d:\d\d$/.test(await page.innerText('#left')), 'a wrong clock does not shorten the time to pay');
	await good(page, 'wrong clock');
}

await Promise.all([
	(async () => { for (const f of [wholeFlow, timeout, unknown]) await f('phone'); })(),
	(async () => { for (const f of [wholeFlow, timeout, away]) await f('desktop'); })(),
	(async () => {
		for (const f of [overpaid, away]) await f('phone');
		await overpaid('desktop');
		await unknown('desktop');
		for (const size of ['phone', 'desktop', 'small'])
			await slowly(size);
		await keyboard();
		await devices();
		await wrongClock();
	})(),
	expiresHere(),
]);
await expired('phone', soon);
await expired('desktop', soon);
balanced();
await close();
hook.close();
shop.close();
done();
