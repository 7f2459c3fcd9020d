// dashboard.mjs - a shop's morning at the dashboard in a real browser: from
// the first key to the last refund, on a phone and on a desktop; every view
// looked at by axe.
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { ok, is, has, done, api, call, invoice, confirm, credit, settled, until, dapit, balanced, shop, sleep, bank } from '../api/lib.mjs';
import { recur, sql } from '../api/messages.mjs';
import { clock, goTo, dayOf, plus, bankDay, wholeDay } from '../api/time.mjs';
import { base, open, look, close } from './browser.mjs';

const pairs = (text) => Object.fromEntries(text.trim().split('\n').map((l) => l.split(/ (.*)/)));
const made = pairs(dapit('merchant', 'add', 'Lamp & Co'));
const me = { withKey: made.key };
const readOnly = pairs(dapit('key', 'add', made.merchant, 'morning', '--read'));
const HOSTILE = '<img src=x onerror=alert(1)>';
const euro = (n) => new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(n);
wholeDay(25);
let mood = 410;
const server = await shop(() => ({ status: mood }));

const view = (page, name) => page.waitForSelector(`main[data-view=${name}]:not([aria-busy])`);
const says = (page, id, words) => page.waitForFunction(([i, w]) => document.getElementById(i)?.textContent.includes(w), [id, words]);
const at = (page, id) => page.innerText('#' + id);
const focus = (page) => page.evaluate(() => document.activeElement.id);
const refunds = async (i) => (await api('list_refunds', { reference: i.reference }, me)).refunds;

async function signIn(page, key) {
	await page.fill('#key', key);
	await page.keyboard.press('Enter');
}
async function enter(size, path, options) {
	const page = await open(size, '/dashboard/' + path, options);
	await view(page, 'signin');
	await signIn(page, made.key);
	return page;
}
async function go(page, hash, name = hash.split(/[/?]/)[0]) {
	await page.evaluate((h) => { document.querySelector('#main').removeAttribute('data-view'); location.hash = h; }, hash);
	await view(page, name);
}

// At the end of a page: the key is in the tab, and nothing anywhere else.
async function end(page, name) {
	is(page.bad, [], `${name}: no error, no broken policy, no foreign request, no referrer`);
	is(await page.evaluate(async () => [localStorage.length, Object.keys(sessionStorage).filter((k) => k !== 'dapit-key'), document.cookie, (await indexedDB.databases()).length]),
		[0, [], '', 0], `${name}: nothing but the key is kept`);
	const shifted = await page.evaluate(() => globalThis.shifted);
	ok(shifted < 0.05, `${name}: nothing moves by itself`, shifted);
	await page.context().close();
}

async function pay(amount, came, more = {}, payer = {}) {
	const i = await invoice(amount, more, me);
	await confirm(i.token);
	await credit(came, i.reference, payer);
	await settled(i.token);
	return i;
}

async function saved(page) {
	const [file] = await Promise.all([page.waitForEvent('download'), page.click('#csv')]);
	return [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')];
}

// --- the first morning: no key, a wrong key, no payments

const desk = await open('desktop', '/dashboard/');
await view(desk, 'signin');
await look(desk, 'dashboard-desktop-signin');
is(await desk.evaluate(() => [document.querySelector('#key').type, document.querySelector('#key').autocomplete, document.activeElement.id]), ['password', 'off', 'key'], 'the key is typed unseen, and is where the focus is');
ok((await desk.innerText('main')).includes('dapit key add'), 'it says how to get a key');
await signIn(desk, 'mk_0000');
await says(desk, 'says', 'not known');
is(await desk.evaluate(() => [sessionStorage.length, document.querySelector('#key').getAttribute('aria-invalid')]), [0, 'true'], 'a wrong key: told, and not kept');
await signIn(desk, 'schlüssel');
await says(desk, 'says', 'not a key');
await signIn(desk, readOnly.key);
await view(desk, 'overview');
is([await at(desk, 'merchant'), (await at(desk, 'staging')).trim()], ['Lamp & Co', 'Staging – no real money'], 'the merchant’s name, and that no money is real');
ok((await at(desk, 'keyname')).includes('morning, for reading only'), 'and which key it is');
await look(desk, 'dashboard-desktop-empty');
const first = await at(desk, 'first');
ok(first.includes('action=create_session') && first.includes('YOUR_KEY') && !first.includes(readOnly.key), 'no payments yet: the first curl, without the key');
is(await desk.getAttribute('#first a', 'href'), '/docs/#start', 'and the way to the quick start');
for (const [hash, words] of [['payments', 'No payments yet'], ['refunds', 'No refunds here'], ['recurring', 'No schedules yet'], ['settlement', 'No money moved'], ['webhooks', 'All is delivered']]) {
	await go(desk, hash);
	ok((await desk.innerText('main')).includes(words), `${hash}: empty, and says so`);
	is(await focus(desk), 'title', `${hash}: the focus is on the heading`);
}
await go(desk, 'overview');

// --- money comes, and is seen coming

const [exact, partial, over, hostile, named, unheard, big, shared] = await Promise.all([
	pay(50, 50, { order_id: 'LAMP-1', customer_email: 'anna@example.com', customer_name: 'Jānis Bērziņš', items: [{ name: 'Blue lamp', qty: 2, price: 20, total: 40 }, { name: HOSTILE, price: 10 }] }),
	pay(30, 12.5, { order_id: 'LAMP-2' }),
	pay(5, 8, { order_id: 'LAMP-3' }),
	pay(7.3, 7.3, { order_id: HOSTILE, customer_email: 'zoe@example.com' }, { debtor_name: HOSTILE, debtor_iban: 'BE68539007547034' }),
	pay(20, 20, { order_id: 'CHAIR-5' }, { debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Maria Jansen' }),
	pay(9, 9, { order_id: 'DESK-6', callback_url: server.url }),
	pay(80, 80, { order_id: 'BIG-8' }),
	(async () => {
		const i = await pay(10, 4, { order_id: 'TWO-7' });
		await credit(6, i.reference, { debtor_iban: 'FR7630006000011234567890189', debtor_name: 'Claire Roux' });
		await settled(i.token, ['partial']);
		return i;
	})(),
]);
await desk.waitForSelector('#recent');
ok(true, 'the first payment takes the place of the first steps by itself');
await desk.waitForFunction(() => document.querySelectorAll('#recent tbody tr').length === 8);
const live = await pay(1.25, 1.25, { order_id: 'LIVE-1' }, { debtor_name: 'Jānis Bērziņš', debtor_iban: 'LV80BANK0000435195001' });
await says(desk, 'live', '€1.25');
ok(true, 'a payment is announced when it comes');
await until(async () => (await api('list_events', { undelivered: 1 }, me)).events.length);

async function numbers(page, name) {
	const d = await api('dashboard', {}, me);
	await says(page, 'all-time', euro(d.all_time_volume));
	is(await Promise.all(['today', 'month', 'all-time', 'rate', 'average'].map((id) => at(page, id))),
		[euro(d.today_volume), euro(d.month_volume), euro(d.all_time_volume), d.success_rate + '%', euro(d.average_transaction)], `${name}: the numbers are the API’s`);
	is(await page.$$eval('#recent tbody tr', (rows) => rows.map((r) => r.dataset.ref)), d.recent_transactions.map((t) => t.reference_number), `${name}: so are the latest payments`);
}
await numbers(desk, 'overview');
await desk.reload();
await view(desk, 'overview');
ok(true, 'a reload keeps the tab signed in');
is(await desk.$$eval('.tile', (list) => list.map((t) => [t.id, t.querySelector('.n').textContent, t.hash])),
	[['need-webhooks', '1', '#webhooks'], ['need-pending', '0', '#refunds?status=pending'], ['need-held', '0', '#refunds?status=held'], ['need-failed', '0', '#refunds?status=failed']],
	'what needs attention, counted and linked; a refund that goes out by itself does not');
const chartWords = (page) => page.getAttribute('.plot', 'aria-label');
for (const [range, rows] of [['7', 7], ['30', 30], ['12', 12]]) {
	await desk.click(`label:has(#range-${range})`);
	await desk.waitForFunction((n) => document.querySelectorAll('#chart-table tbody tr').length === n, rows);
	const d = await api('dashboard', {}, me);
	ok((await chartWords(desk)).includes(`${euro(d.all_time_volume)} in ${d.transaction_count} payments`), `chart, range ${range}: sums up to the same`, await chartWords(desk));
}
is(await desk.locator('.plot canvas').count(), 1, 'the chart is drawn');
await look(desk, 'dashboard-desktop-overview');
await desk.click('#chart-flip');
ok(await desk.isVisible('#chart-table') && !await desk.isVisible('.plot'), 'and is a table when asked for');

// --- with a key for reading

await go(desk, 'payment/' + exact.reference);
is(await desk.locator('#refund').count(), 0, 'a key for reading: no button to refund');
ok((await desk.innerText('main')).includes('sign in with a full key'), 'but it is explained');
await go(desk, 'payment/' + over.reference);
is(await desk.locator('.actions').count(), 0, 'and none to send or cancel a refund');
await go(desk, 'webhooks');
is(await desk.locator('[data-event] button').count(), 0, 'nor to send a webhook again');
await desk.click('#out');
await view(desk, 'signin');
is(await desk.evaluate(() => [sessionStorage.length, location.hash]), [0, ''], 'signed out: the key is gone');
await signIn(desk, made.key);
await view(desk, 'overview');

// --- the list

await go(desk, 'payments');
const listed = (page) => page.$$eval('main tbody tr', (rows) => rows.map((r) => r.dataset.ref));
async function search(page, words) {
	await page.fill('#search', words);
	await page.evaluate(() => document.querySelector('#main').removeAttribute('data-view'));
	await page.keyboard.press('Enter');
	await view(page, 'payments');
	return listed(page);
}
for (const [kind, words, who] of [['reference, as a person types it', exact.reference.toLowerCase().replaceAll('-', ' '), exact], ['order', 'CHAIR', named], ['email', 'zoe@', hostile], ['payer', 'Jansen', named], ['payer of another alphabet', 'bērziņš', live], ['IBAN', 'NL91ABNA', named], ['hostile order', HOSTILE.slice(0, 9), hostile]])
	is(await search(desk, words), [who.reference], `search by ${kind}`);
is(await focus(desk), 'search', 'the focus stays in the search box');
is(await search(desk, 'nobody'), [], 'nothing is found');
ok((await desk.innerText('main')).includes('Nothing found'), 'and it says so');
await go(desk, 'payments');
await desk.selectOption('#status', 'partial');
await desk.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
is(await listed(desk), [partial.reference], 'by status');
await go(desk, 'payments');
const csv = await saved(desk);
is(csv, ['payments.csv', (await call('list_transactions', { format: 'csv' }, me)).text], 'the CSV is saved, and is the API’s');
is(await desk.locator('img').count(), 0, 'a hostile order number stays text');
await look(desk, 'dashboard-desktop-payments');

// --- one payment

await go(desk, 'payment/' + hostile.reference);
ok((await at(desk, 'transfers')).includes(HOSTILE) && (await at(desk, 'timeline')).includes(HOSTILE), 'a hostile payer’s name is shown as text');
is(await desk.locator('img').count(), 0, 'and makes no element');
await go(desk, 'payment/' + exact.reference);
const text = await desk.innerText('main');
for (const word of ['€50.00', 'Paid', exact.reference, 'LAMP-1', 'Jānis Bērziņš', 'anna@example.com', 'Blue lamp', HOSTILE, 'John Smith', 'DE89 3704 0044 0532 0130 00', 'Session opened for €50.00', 'Paid in full'])
	ok(text.includes(word), `payment: it says ${word}`);
ok(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(await desk.getAttribute('#timeline time', 'title')), 'times have UTC beside');

const field = (name, value) => desk.fill('#' + name, value);
await desk.click('#refund');
is(await desk.inputValue('#amount'), '50.00', 'refund: what is left is filled in');
for (const [name, value, words] of [['amount', 'abc', '12.50'], ['amount', '1', 'more than the fee'], ['amount', '50,01', 'At most €50.00'], ['name', HOSTILE, 'no bank takes'], ['iban', 'DE89370400440532013001', 'no IBAN']]) {
	await field(name, value);
	await desk.click('#continue');
	await says(desk, 'dialog-says', words);
	is(await focus(desk), name, `refund: ${value.slice(0, 12)}: refused at the field`);
	await field(name, { amount: '50', name: 'John Smith', iban: 'DE89370400440532013000' }[name]);
}
await field('amount', '12,50');
await says(desk, 'gets', 'The customer gets €11.50');
ok(true, 'refund: what the customer gets is said before anything happens');
await look(desk, 'dashboard-desktop-refund');
await desk.click('#continue');
const sure = await desk.innerText('dialog');
ok(['€11.50', '€1.00', 'John Smith', 'DE89 3704 0044 0532 0130 00', 'no real money'].every((w) => sure.includes(w)), 'refund: the second yes says amount, customer and IBAN', sure);
await look(desk, 'dashboard-desktop-confirm');
await desk.keyboard.press('Escape');
await desk.waitForSelector('dialog', { state: 'detached' });
is([(await refunds(exact)).length, await focus(desk)], [0, 'refund'], 'refund: the dialog is left, nothing happened, the focus is back');
await desk.click('#refund');
await field('amount', '12.50');
await field('reason', 'One lamp broken');
await desk.click('#continue');
// The first answer is lost: the same refund is asked for again, not another.
let dropped = 0;
await desk.route('**/gateway.php?action=create_refund', async (r) => {
	if (dropped++)
		return r.continue();
	await r.fetch();
	await r.abort();
});
await desk.dblclick('#yes');
await desk.waitForSelector('[data-refund] .badge.good');
await desk.waitForSelector('dialog', { state: 'detached' });
const sent = await refunds(exact);
is(sent.map((r) => [r.amount, r.refund_net, r.status, r.reason]), [[12.5, 11.5, 'sent', 'One lamp broken']], 'refund: sent once, though clicked twice and an answer was lost');
is(dropped, 2, 'refund: it was asked for twice');
is(await at(desk, 'refundable'), '€37.50', 'refund: so much is left');
ok((await desk.innerText('[data-refund]')).includes('Sent'), 'refund: seen as sent');
await look(desk, 'dashboard-desktop-payment');

// The name is not quite right.
await go(desk, 'payment/' + named.reference);
await desk.click('#refund');
await field('amount', '5');
await field('name', 'Maria Janssen');
await desk.click('#continue');
await desk.click('#yes');
await desk.waitForSelector('[id^=use-]');
await desk.waitForSelector('dialog', { state: 'detached' });
is((await refunds(named))[0].status, 'held', 'held: the name is almost right');
ok((await desk.innerText('[data-refund]')).includes('Maria Jansen\n'), 'held: the name that the bank knows is shown');
await look(desk, 'dashboard-desktop-held');
await go(desk, 'refunds?status=held');
is(await desk.$$eval('main tbody tr', (rows) => rows.length), 1, 'held: it is in the list');
await look(desk, 'dashboard-desktop-refunds');
await desk.click('main tbody a');
await view(desk, 'payment');
await desk.click('[id^=use-]');
await desk.click('#yes');
await desk.waitForSelector('[data-refund] .badge.good');
has((await refunds(named))[0], { status: 'sent', debtor_name: 'Maria Jansen' }, 'held: sent with the right name');

// Two accounts paid: the last one is suggested, each can be chosen.
await go(desk, 'payment/' + shared.reference);
is(await desk.locator('#transfers li').count(), 2, 'two transfers: both are shown');
await desk.click('#refund');
const to = async () => [await desk.inputValue('#name'), await desk.inputValue('#iban')];
is(await to(), ['Claire Roux', 'FR76 3000 6000 0112 3456 7890 189'], 'two transfers: the last payer is suggested');
await desk.selectOption('#payer', { index: 1 });
is(await to(), ['John Smith', 'DE89 3704 0044 0532 0130 00'], 'two transfers: the other one can be chosen');
await desk.keyboard.press('Escape');

// What an overpayment left behind.
await go(desk, 'refunds?status=pending');
const goes = (await refunds(over))[0], at15 = (page) => page.evaluate((utc) => new Date(utc.replace(' ', 'T') + 'Z').toTimeString().slice(0, 5), goes.sends_at);
ok((await desk.innerText('.goes')).endsWith(await at15(desk)), 'the list says when it goes out by itself', await desk.innerText('.goes'));
await look(desk, 'dashboard-desktop-goes');
await go(desk, 'payment/' + over.reference);
const said = await desk.innerText('[data-refund] .soft');
ok(new RegExp(`It goes out at (\\d+ \\w+ \\d+, )?${await at15(desk)} by itself`).test(said) && said.includes('To stop that, cancel it.'), 'so does its payment, and how to stop it', said);
await look(desk, 'dashboard-desktop-goes-payment');
await desk.click('[id^=cancel-]');
await desk.click('#yes');
await desk.waitForSelector('[data-refund] .badge.plain');
await desk.waitForSelector('dialog', { state: 'detached' });
is((await refunds(over))[0].status, 'cancelled', 'a pending refund is cancelled');
const again = await api('create_refund', { reference: over.reference, amount: 3 }, me);
await desk.click(`#send-${again.refund_id}`);
is(await desk.inputValue('#amount'), '3.00', 'one made elsewhere appears, and can be sent');
await desk.click('#continue');
await desk.click('#yes');
await desk.waitForSelector('[data-refund] .badge.good');
is((await refunds(over)).map((r) => r.status), ['sent', 'cancelled'], 'sent');
balanced();

// --- webhooks

mood = 200;
await go(desk, 'webhooks');
const hook = await desk.innerText('[data-event]');
ok(hook.includes('Paid in full') && hook.includes('answered 410') && hook.includes('1 attempt') && hook.includes(unheard.reference), 'an undelivered webhook, and why', hook);
await look(desk, 'dashboard-desktop-webhooks');
await desk.click('[data-event] button');
await desk.waitForSelector('[data-event] .badge.good');
is((await api('list_events', { undelivered: 1 }, me)).events.length, 0, 'it is sent again, and delivered');
ok(server.of(unheard.reference).length >= 2, 'the shop has it');

// --- the books

const day = (await api('dashboard', {}, me)).trend.at(-1).date, month = day.slice(0, 8) + '01';
const read = () => api('settlement_report', { date_from: month, date_to: day }, me);
await until(async () => (await read()).total_fees === 3);	// of three refunds, by the bank's statement
const report = await read();
await go(desk, 'settlement');
is(await Promise.all(['net', 'gross', 'refunded', 'fees', 'number'].map((id) => at(desk, id))),
	[euro(report.net_settlement), euro(report.gross_volume), euro(report.total_refunds), euro(report.total_fees), String(report.transaction_count)], 'settlement: the totals are the API’s');
is(await desk.$$eval('[data-day]', (rows) => rows.map((r) => r.dataset.day)), report.daily_breakdown.filter((d) => d.transfer_count).map((d) => d.date), 'settlement: only days on which money moved');
is(await saved(desk), [`settlement-${month}-${day}.csv`, (await call('settlement_report', { date_from: month, date_to: day, format: 'csv' }, me)).text], 'settlement: the CSV is saved, and is the API’s');
await look(desk, 'dashboard-desktop-settlement');
await desk.fill('#to', '2020-01-01');
await desk.click('#show');
await says(desk, 'range-says', 'before the first');
ok(true, 'settlement: days in the wrong order are told');
await go(desk, 'payment/DP-000000-XXXXXX');
ok((await desk.innerText('main')).includes('no such thing'), 'an unknown payment: told');

// --- from the keyboard alone

async function keyboard() {
	const page = await enter('desktop', '');
	await view(page, 'overview');
	const tabTo = async (id) => {
		for (let n = 0; n < 40 && await focus(page) !== id; n++) {
			await page.keyboard.press('Tab');
			if (await page.evaluate(() => getComputedStyle(document.activeElement.matches('[type=radio]') ? document.activeElement.nextSibling : document.activeElement).outlineStyle) === 'none')
				page.bad.push('no focus ring: ' + await page.evaluate(() => document.activeElement.outerHTML));
		}
		return await focus(page) === id;
	};
	await page.keyboard.press('Tab');
	ok(await tabTo('chart-flip'), 'keyboard: everything on the overview is reached, with a ring');
	await page.evaluate(() => document.querySelector('nav a[data-view=payments]').focus());
	await page.keyboard.press('Enter');
	await view(page, 'payments');
	is(await focus(page), 'title', 'keyboard: the new view’s heading has the focus');
	ok(await tabTo('search'), 'keyboard: to the search');
	await page.keyboard.type(exact.reference);
	await page.keyboard.press('Enter');
	await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
	ok(await tabTo('row-' + exact.reference), 'keyboard: to what is found');
	await page.keyboard.press('Enter');
	await view(page, 'payment');
	ok(await tabTo('refund'), 'keyboard: to the refund');
	await page.keyboard.press('Enter');
	is(await focus(page), 'amount', 'keyboard: the dialog begins at the amount');
	await page.keyboard.type('2');
	await page.keyboard.press('Enter');
	await page.waitForSelector('#yes');
	is(await focus(page), 'dialog-title', 'keyboard: the second yes begins at its question');
	await page.keyboard.press('Escape');
	await page.waitForFunction(() => document.activeElement.id === 'refund');
	ok(true, 'keyboard: Escape leads back');
	await end(page, 'keyboard');
}

// --- on a phone

async function phone() {
	const page = await open('phone', '/dashboard/#payments');
	await view(page, 'signin');
	await look(page, 'dashboard-phone-signin');
	await signIn(page, made.key);
	await view(page, 'payments');
	ok(true, 'phone: signing in leads where the link leads');
	await look(page, 'dashboard-phone-payments');
	for (const hash of ['overview', 'payment/' + exact.reference, 'refunds', 'recurring', 'settlement', 'webhooks']) {
		await go(page, hash);
		await look(page, `dashboard-phone-${hash.split('/')[0]}`);
		if (hash === 'overview')
			await numbers(page, 'phone');
	}
	await go(page, 'payment/' + exact.reference);
	await page.click('#refund');
	await look(page, 'dashboard-phone-refund');
	await page.click('#continue');
	await look(page, 'dashboard-phone-confirm');
	await page.goBack();
	await page.waitForSelector('dialog', { state: 'detached' });
	ok(true, 'phone: going back closes a dialog');
	await end(page, 'phone');
}

// The smallest phone, no chart, nothing that moves.
async function small() {
	const page = await enter('small', '', { reducedMotion: 'reduce', before: (p) => p.route('**/vendor/uplot.js', (r) => r.abort()) });
	await view(page, 'overview');
	ok(await page.isVisible('#chart-table tbody tr') && !await page.isVisible('.plot') && !await page.isVisible('#chart-flip'), 'without uPlot there is the table alone');
	for (const hash of ['overview', 'payments', 'payment/' + hostile.reference, 'refunds', 'recurring', 'settlement', 'webhooks']) {
		await go(page, hash);
		ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= 320), `320 pixels: ${hash.split('/')[0]} fits`);
	}
	ok(await page.evaluate(() => {
		const links = [...document.querySelectorAll('nav a[data-view]')].map((a) => a.getBoundingClientRect());
		return links.length === 6 && links[0].left >= 0 && links.at(-1).right <= document.documentElement.clientWidth && links.slice(1).every((r, i) => r.left >= links[i].right);
	}), '320 pixels: all views are in the bar at the bottom, side by side');
	is(await page.evaluate(() => document.getAnimations().filter((a) => a.playState === 'running').length), 0, 'reduced motion: nothing moves');
	await end(page, 'small');
}

// The gateway goes and comes, and asks for a pause.
async function weather() {
	const page = await enter('desktop', '', { colorScheme: 'light' });
	await view(page, 'overview');
	await page.context().setOffline(true);
	for (let n = 0; n < 2; n++) {
		await page.evaluate(() => dispatchEvent(new Event('online')));	// makes it ask at once
		await page.waitForTimeout(200);
	}
	await page.waitForSelector('#away:not([hidden])');
	await look(page, 'dashboard-desktop-away');
	await page.context().setOffline(false);
	await page.evaluate(() => dispatchEvent(new Event('online')));
	await page.waitForSelector('#away', { state: 'hidden' });
	ok(true, 'the gateway goes and comes, and the page says so');
	const asked = [];
	await page.route('**/gateway.php?action=dashboard', (r) => { asked.push(Date.now()); return r.fulfill({ status: 429, headers: { 'Retry-After': '30' }, body: '{"success":false,"code":"too_many_requests"}' }); });
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await page.waitForTimeout(6000);
	is(asked.length, 1, 'asked for a pause, it makes one');
	await go(page, 'settlement');
	is([await at(page, 'title'), await focus(page)], ['No answer', 'title'], 'a view that gets no answer says so');
	await page.unroute('**/gateway.php?action=dashboard');
	await page.click('#retry');
	await page.waitForSelector('#net');
	ok(true, 'and is there after another try');
	await end(page, 'weather');
}

// The account becomes real while somebody looks.
async function real() {
	const page = await enter('desktop', '', { colorScheme: 'light' });
	await view(page, 'overview');
	dapit('merchant', 'set', made.merchant, 'environment=production');
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await page.waitForSelector('#staging', { state: 'detached' });
	ok(true, 'when the account becomes real, the badge goes at once');
	dapit('merchant', 'set', made.merchant, 'environment=staging');
	await end(page, 'real');
}

// The bank looks at a refund for a while; the page follows.
async function sending() {
	const page = await enter('desktop', '#payment/' + big.reference), i = big;
	await view(page, 'payment');
	await page.click('#refund');
	await page.fill('#amount', '78.77');
	await page.click('#continue');
	await page.click('#yes');
	await page.waitForSelector('[data-refund] .badge.busy');
	await page.waitForSelector('dialog', { state: 'detached' });
	is(await page.locator('.actions').count(), 0, 'sending: there is nothing to do');
	await bank('/simulate/release', { payment_order_no: (await refunds(i))[0].payment_order_no });
	await page.waitForSelector('[data-refund] .badge.good');
	is([(await refunds(i))[0].status, await at(page, 'refundable')], ['sent', '€1.23'], 'sending: the end is seen by itself');
	await end(page, 'sending');
}

// More payments than a page holds.
async function pages() {
	const page = await enter('desktop', '#payments', { colorScheme: 'light' });
	await view(page, 'payments');
	const all = (await api('list_transactions', { limit: 200 }, me)).transactions.map((t) => t.reference_number), seen = await listed(page);
	await page.click('#older');
	await page.waitForSelector('#newest');
	is([...seen, ...await listed(page)], all, 'pages: every payment once, in order');
	await page.goBack();
	await page.waitForSelector('#newest', { state: 'detached' });
	is(await listed(page), seen, 'pages: back to the newest');
	await end(page, 'pages');
}

// Many are sent again at once; an endpoint that was switched off is on again.
async function endpoints() {
	const page = await enter('desktop', '#webhooks', { colorScheme: 'light' });
	await view(page, 'webhooks');
	const told = async (n) => { for (; n > 0; n--) await api('test_webhook', { url: server.url }, me); };
	const state = async () => (await api('list_endpoints', {}, me)).endpoints[0];
	mood = 410;
	await told(3);
	await until(async () => (await state()).undelivered === 3);
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await page.waitForSelector('#all-again');
	mood = 200;
	await page.click('#all-again');
	await says(page, 'toast', '3 webhooks on the way');
	await until(async () => (await state()).undelivered === 0);
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await says(page, 'undelivered', 'All is delivered');
	ok(true, 'webhooks: all are sent again at once');

	mood = 500;
	await told(1);
	await until(async () => (await state()).failures > 0);
	let day = bankDay(clock() + 73 * 3600);		// past the 72 hours of failures, and amid a month
	while (Number(day.slice(8)) < 3 || Number(day.slice(8)) > 24)
		day = plus(day, 1);
	goTo(day, '12:00');
	await pay(3, 3);
	goTo(plus(day, 3), '12:00');			// which then was quiet
	await until(async () => { await told(1); await sleep(900); return (await state()).status === 'off'; });
	await told(2);
	await until(async () => (await state()).undelivered > 1);
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await says(page, 'endpoints', 'Switched off');
	await look(page, 'dashboard-desktop-off');
	mood = 200;
	await page.click('#endpoints button');
	await until(async () => (await state()).status === 'works');
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await says(page, 'endpoints', 'Works');
	has(await state(), { status: 'works', undelivered: 0 }, 'webhooks: an endpoint is switched on again');
	await go(page, 'settlement');
	ok((await page.innerText('.fold:last-child')).includes('–'), 'settlement: quiet days are one row');
	await end(page, 'endpoints');
}

// --- what customers are asked for again and again; the clock moves by weeks

const make = async (more) => (await recur('create_schedule', { customer_name: 'Bo Berg', customer_email: 'bo@example.com', frequency: 'monthly', amount: 10, start_date: '2031-01-31', ...more }, me)).json.schedule_id;
const schedule = async (id) => (await recur('get_schedule', { schedule_id: id }, me)).json;
const schedules = (page) => page.$$eval('main tbody tr', (rows) => rows.map((r) => Number(r.dataset.schedule)));
const lookNow = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
const billed = (id, n) => until(async () => (await schedule(id)).cycles_billed === n);

async function recurring() {
	const page = await enter('desktop', '#recurring');
	await view(page, 'recurring');
	is(await page.getAttribute('#first a', 'href'), '/docs/#recurring', 'recurring: empty, with the way to the documentation');
	await look(page, 'dashboard-desktop-recurring-empty');
	const command = await page.innerText('#first pre');
	execFileSync('bash', ['-c', command.replace('YOUR_KEY', made.key)]);
	await page.waitForSelector('[data-schedule]');
	const row = await page.innerText('[data-schedule]');
	ok(['John Smith', '€94.05', 'every month', 'Active', 'None yet'].every((w) => row.includes(w)), 'recurring: its first command works as it stands, and the schedule appears by itself', row);

	const start = plus(dayOf(clock()), 1);
	const evil = await make({ customer_name: 'Eve ' + HOSTILE, customer_email: 'eve@example.com', customer_phone: '+4712345678', delivery_method: 'both', frequency: 'weekly',
		amount: 99, discount_percent: 5, order_description: HOSTILE, order_items: [{ name: HOSTILE, qty: 2, price: 3 }], remind_after_days: [3], start_date: start });
	const once = await make({ customer_name: 'Once', total_cycles: 1, start_date: start }), stale = await make({ customer_name: 'Stale', frequency: 'weekly', start_date: start });
	await recur('update_schedule', { schedule_id: stale, status: 'paused' }, me);
	await Promise.all(Array.from({ length: 26 }, () => make()));
	goTo(start);
	await billed(evil, 1);
	await billed(once, 1);

	// The list.
	await go(page, 'recurring?status=completed');
	is(await schedules(page), [once], 'recurring: by status');
	await page.click('#tab-paused');
	await page.waitForSelector('#tab-paused[aria-current]');
	is(await schedules(page), [stale], 'recurring: another status by its tab');
	await page.click('#tab-cancelled');
	await page.waitForSelector('#tab-cancelled[aria-current]');
	ok((await page.innerText('main')).includes('None has this status now'), 'recurring: none of a status, and it says so');
	await go(page, 'recurring');
	const all = (await recur('list_schedules', { limit: 200 }, me)).json.schedules.map((s) => s.schedule_id), seen = await schedules(page);
	await page.click('#older');
	await page.waitForSelector('#newest');
	is([...seen, ...await schedules(page)], all, 'recurring: older ones, every schedule once, in order');
	await look(page, 'dashboard-desktop-schedules');

	// One of them, from its row by keyboard.
	await page.focus('#row-' + evil);
	await page.keyboard.press('Enter');
	await view(page, 'schedule');
	is([await focus(page), await page.evaluate(() => location.hash), await page.getAttribute('nav a[data-view=recurring]', 'aria-current')], ['title', '#schedule/' + evil, 'page'],
		'schedule: opened from its row, the focus is on the heading');
	const text = await page.innerText('main');
	for (const word of ['Eve ' + HOSTILE, 'Active', '€94.05 every week', '5% off €99.00', 'eve@example.com', '+4712345678', 'Mail and SMS', '3 days after the day', '1 open', 'at nine in the morning, UTC'])
		ok(text.includes(word), `schedule: it says ${word}`, text);
	const next = (await recur('preview', { schedule_id: evil }, me)).json;
	is(await page.$$eval('#days time', (list) => list.map((t) => t.dateTime)), next.cycles.map((c) => c.billing_date), 'schedule: the next twelve dates');
	ok(!await page.isVisible('.letter'), 'schedule: what the customer reads is folded');
	await page.focus('#mail');
	await page.keyboard.press('Enter');
	await page.click('#sms');
	is(await page.$$eval('.letter', (list) => list.map((p) => p.textContent)), [next.text, next.sms], 'schedule: mail and SMS, as text');
	is(await page.locator('main img').count(), 0, 'schedule: a hostile name stays text');
	ok((await page.innerText('[data-message]:last-child')).includes('There is no login to send it with. Set one'), 'schedule: a message that waits for a login says so');

	// Money comes; then a week without.
	const [cycle] = (await schedule(evil)).cycles;
	await credit(94.05, cycle.reference_number);
	dapit('bank', 'sync');
	await until(async () => (await schedule(evil)).cycles_paid === 1);
	await lookNow(page);
	await page.waitForSelector('[data-cycle] .badge.good');
	ok(await page.isVisible('.letter') && (await page.innerText('main')).includes('1 paid'), 'schedule: the payment is seen by itself, and what is open stays open');
	for (const [days, n] of [[7, 2], [10, 2], [14, 3]]) {
		goTo(plus(start, days));
		await billed(evil, n);
		await until(async () => (await schedule(evil)).messages.length >= { 7: 4, 10: 6, 14: 8 }[days]);
	}
	const fates = [['sent', 2, 'NULL', 'NULL', 'The mail server took it'], ['failed', 3, 'NULL', `'550 ${HOSTILE}'`, 'refused it for good'],
		['unknown', 4, 'NULL', 'NULL', 'The mail server went silent; it may have been delivered and is not sent again'], ['delivered', 2, "'delivered'", 'NULL', 'on the customer’s phone']];
	const { messages } = await schedule(evil), mails = messages.filter((m) => m.channel === 'email'), told = [...mails.slice(0, 3), messages.find((m) => m.channel === 'sms')];
	fates.forEach(([, status, heard, error], i) => sql(`UPDATE recurring_messages SET status=${status}, attempts=1, provider_status=${heard}, error=${error} WHERE id=${told[i].message_id}`));
	await lookNow(page);
	await page.waitForSelector(`[data-message="${told[3].message_id}"] .badge.good`);
	for (const [i, [name, , , , words]] of fates.entries())
		ok((await page.innerText(`[data-message="${told[i].message_id}"]`)).includes(words), `schedule: a message, ${name}`, await page.innerText(`[data-message="${told[i].message_id}"]`));
	ok((await page.innerText(`[data-message="${told[1].message_id}"]`)).includes(HOSTILE) && await page.locator('main img').count() === 0, 'schedule: a hostile mail server’s words stay text');
	await page.click('#older-messages');
	const cards = await page.$$eval('[data-message]', (list) => list.filter((m) => m.checkVisibility()).map((m) => m.innerText));
	is([cards.length, cards.filter((c) => c.includes('reminder 1')).length], [8, 2], 'schedule: all messages, the reminders too');
	ok(cards.some((c) => c.includes('not needed any more')), 'schedule: one that was not needed any more');
	is(await page.$$eval('[data-cycle] .badge', (list) => list.map((b) => b.textContent)), ['Open', 'Missed', 'Paid'], 'schedule: its cycles');
	await look(page, 'dashboard-desktop-schedule');
	const others = Promise.all([follower(evil), reader(evil, stale)]);
	await page.click('#row-' + cycle.reference_number);
	await view(page, 'payment');
	ok((await page.innerText('main')).includes('Recurring payment came'), 'schedule: a cycle leads to its payment');
	await page.click('#schedule');
	await view(page, 'schedule');
	ok((await at(page, 'title')).includes('Eve'), 'and the payment leads back');
	await others;

	// Pause, resume, cancel.
	await page.click('#turn');
	await page.waitForSelector('h1 .badge.warn');
	is([(await schedule(evil)).status, await focus(page), await at(page, 'turn')], ['paused', 'turn', 'Resume'], 'schedule: paused, the focus stays');
	ok((await page.innerText('main')).includes('you paused it'), 'and it says who did it');
	await page.click('#turn');
	await page.waitForSelector('h1 .badge.good');
	is((await schedule(evil)).status, 'active', 'schedule: it goes on');
	await go(page, 'schedule/' + stale);
	ok(await page.$$eval('#days time', (list, today) => list.length > 0 && list.every((t) => t.dateTime >= today), dayOf(clock())), 'schedule: of a paused one the days that went by are no next dates');
	await go(page, 'schedule/' + once);
	is([await page.locator('#turn, #cancel, .letter').count(), (await page.innerText('main')).includes('None any more')], [0, true], 'schedule: a completed one has nothing to do');
	await go(page, 'schedule/' + evil);
	await page.click('#cancel');
	await look(page, 'dashboard-desktop-cancel');
	await page.click('#continue');
	await page.waitForSelector('#yes');
	is([await at(page, 'dialog-title'), await focus(page)], ['Cancel it for good?', 'dialog-title'], 'schedule: to cancel is asked twice');
	await page.keyboard.press('Escape');
	await page.waitForSelector('dialog', { state: 'detached' });
	is([(await schedule(evil)).status, await focus(page)], ['active', 'cancel'], 'schedule: the dialog is left, nothing happened, the focus is back');
	await page.click('#cancel');
	await page.click('#continue');
	await page.dblclick('#yes');
	await page.waitForSelector('h1 .badge.plain');
	is([(await schedule(evil)).status, await page.locator('#turn').count(), await focus(page)], ['cancelled', 0, 'title'], 'schedule: cancelled for good');
	for (const wrong of ['987654321', 'x', '']) {
		await go(page, 'schedule/' + wrong);
		is(await at(page, 'title'), 'Not found', `schedule: “${wrong}” is none`);
	}
	await end(page, 'recurring');
}

// The same on a phone.
async function follower(id) {
	const page = await enter('phone', '#recurring');
	await view(page, 'recurring');
	await look(page, 'dashboard-phone-schedules');
	await go(page, 'schedule/' + id);
	await page.click('#mail');
	await look(page, 'dashboard-phone-schedule');
	await page.click('#cancel');
	await page.click('#continue');
	await look(page, 'dashboard-phone-cancel');
	await page.goBack();
	await page.waitForSelector('dialog', { state: 'detached' });
	await end(page, 'phone, recurring');
}

// And with a key for reading, on the smallest one.
async function reader(...ids) {
	const page = await open('small', '/dashboard/#recurring');
	await view(page, 'signin');
	await signIn(page, readOnly.key);
	await view(page, 'recurring');
	ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= 320), '320 pixels: schedules fit');
	for (const id of ids) {
		await go(page, 'schedule/' + id);
		ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= 320), '320 pixels: a schedule fits');
		is([await page.locator('.actions').count(), (await page.innerText('main')).includes('sign in with a full key')], [0, true], 'schedule: with a key for reading there is nothing to press, and it says why');
	}
	await end(page, 'small, recurring');
}

await Promise.all([phone(), small()]);
await Promise.all(Array.from({ length: 26 }, () => invoice(3, {}, me)));
await Promise.all([keyboard(), pages(), sending(), weather()]);
await real();
await endpoints();
await recurring();

// --- the key is ended

const last = await open('desktop', '/dashboard/');
await view(last, 'signin');
await signIn(last, readOnly.key);
await view(last, 'overview');
dapit('key', 'revoke', readOnly.key_id, '--yes');
await last.click('nav a[data-view=webhooks]');
await view(last, 'signin').catch(() => last.waitForSelector('main[data-view=signin]'));
ok((await at(last, 'why')).includes('does not work any more'), 'a key that is ended leads to the door, with the reason');
is(await last.evaluate(() => sessionStorage.length), 0, 'and is not kept');
await end(last, 'revoked');
await end(desk, 'desktop');
balanced('the books balance in the end');
await close();
server.close();
done();
