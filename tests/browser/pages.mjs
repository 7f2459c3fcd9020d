// pages.mjs - what holds for the pages whatever the payment does: languages,
// narrow screens, weight, headers, frames, Lighthouse; and the sandbox bank.
import http from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { ok, is, has, done, invoice, request, check, confirm, until, dapit, balanced, sleep } from '../api/lib.mjs';
import { base, open, screen, look, good, scan, close, ownTime } from './browser.mjs';
import { module } from './page.mjs';

const { languages, choose } = await module('checkout/words.js');

const link = (s) => `/checkout/pay.html?session=${s.token}`;
const folder = new URL('../../www/checkout/', import.meta.url);
const read = (code) => JSON.parse(readFileSync(new URL(`lang/${code}.json`, folder)));

// Languages: every key in each, the same blanks to fill, none left English.
const english = read('en'), blanks = (text) => (text.match(/\{\w+\}/g) || []).sort().join();
is(readdirSync(new URL('lang/', folder)).sort(), languages.map((l) => l + '.json').sort(), 'a file for each language, and none besides');
is(languages.length, 26, '24 official languages of the EU, Norwegian and Ukrainian');
for (const code of languages) {
	const words = read(code);
	is(Object.keys(words), Object.keys(english), `${code}: every key, in the same order`);
	is(Object.keys(english).filter((k) => !words[k]?.trim() || blanks(words[k]) !== blanks(english[k])), [], `${code}: no text is empty or lacks a value`);
	ok(code === 'en' || Object.keys(english).filter((k) => words[k] === english[k]).length < 4, `${code}: is translated`);
}
const used = new Set([...readFileSync(new URL('screens.js', folder), 'utf8').matchAll(/\b(t\(.*)/g)]
	.flatMap(([, call]) => [...call.matchAll(/(?:\bt\(|[?:] )'(\w+)'/g)].map((m) => m[1])));
is(Object.keys(english).filter((k) => !used.has(k)), [], 'no text that nobody sees');
for (const [asked, browser, want] of [['de', ['fr'], 'de'], ['xx', ['fr-CH', 'de'], 'fr'], [null, ['zh', 'no'], 'nb'], [null, ['nn-NO'], 'nb'], [null, ['zh'], 'en'], ['DE-at', [], 'de'], ['../x', [], 'en']])
	is(choose(asked, browser), want, `?lang=${asked} and a browser of ${browser}: ${want}`);

// On the narrowest phone, in every language.
const shared = await invoice(1234.5);
for (const code of languages) {
	const page = await open('small', `${link(shared)}&lang=${code}`, { locale: 'en-US' });
	await screen(page, 'details');
	is(await page.evaluate(() => [document.documentElement.lang, document.scrollingElement.scrollWidth]), [code, 320], `${code}: fits 320 pixels`);
	await page.context().close();
}
const german = await open('phone', link(shared), { locale: 'de-DE' });
await screen(german, 'details');
ok((await german.innerText('.sum')).match(/^1\.234,50\s€$/), 'German: money as Germans write it', await german.innerText('.sum'));
is(await german.locator('[data-copy="1234,50"]').count(), 1, 'German: the copied amount has a comma, for a German form');
await german.context().close();
const zoomed = await open('desktop', link(shared), { viewport: { width: 640, height: 450 } });	// 1280 at 200 %
await screen(zoomed, 'details');
await look(zoomed, 'zoom-200');
await good(zoomed, 'zoom 200 %');
const still = await open('phone', link(await invoice(1)), { reducedMotion: 'reduce' });
await screen(still, 'details');
await still.click('button.primary');
await screen(still, 'waiting');
is(await still.evaluate(() => document.getAnimations().filter((a) => a.playState === 'running').length), 0, 'reduced motion: nothing moves');
await still.context().close();

// Weight, as sent.
const bytes = (path) => new Promise((resolve) => http.get(base + path, { headers: { 'Accept-Encoding': 'gzip' } }, (r) => {
	const parts = [];
	r.on('data', (d) => parts.push(d));
	r.on('end', () => { const all = Buffer.concat(parts); if (r.headers['content-encoding'] === 'gzip') gunzipSync(all); resolve(all.length); });
}));
const files = ['pay.html', 'pay.css', 'pay.js', 'screens.js', 'words.js', 'dom.js', 'lang/el.json', 'icon.svg'];
const weight = (await Promise.all(files.map((f) => bytes('/checkout/' + f)))).reduce((a, b) => a + b);
ok(weight <= 40960, `the page, its style, its code and its longest language: ${weight} bytes with gzip`);

// Headers.
const html = await request('GET', base + link(shared));
is(html.headers['content-security-policy'], "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'",
	'the policy: nothing from elsewhere, nothing inline, no frame');
has(html.headers, { 'cache-control': 'no-cache', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' }, 'no referrer, no guessing, asked for again each time');
const script = await request('GET', base + '/checkout/pay.js');
is((await request('GET', base + '/checkout/pay.js', { headers: { 'If-None-Match': script.headers.etag } })).status, 304, 'and not sent again while it is the same');
ok(!/<script(?![^>]*src)|<style|style=|onclick|innerHTML/.test(html.text + script.text + readFileSync(new URL('screens.js', folder))), 'no inline script or style, no markup from text');

// Frames: nobody's, until the merchant names its origin.
const outer = http.createServer((q, r) => { r.setHeader('Content-Type', 'text/html'); r.end(`<!doctype html><title>Shop</title><iframe src="${base}${link(shared)}"></iframe>`); });
await new Promise((r) => outer.listen(0, '127.0.0.1', r));
const origin = `http://127.0.0.1:${outer.address().port}`;
const framed = async () => {
	const before = (p) => p.on('console', (m) => { p.refused ||= m.text().includes('frame-ancestors'); });
	const page = await open('desktop', origin, { leaves: true, before });
	const shown = await until(async () => page.refused ? 'refused' : await page.frameLocator('iframe').locator('main[data-screen]').count() && 'shown');
	await page.context().close();
	return shown;
};
is(await framed(), 'refused', 'a shop may not frame the checkout');
dapit('merchant', 'set', '1', 'frame_origin=' + origin);
is(await framed(), 'shown', 'unless its merchant says so');
ok((await request('GET', base + '/checkout/pay.html?session=' + 'f'.repeat(64))).headers['content-security-policy'].endsWith("frame-ancestors 'none'"), 'an unknown session: nobody');
dapit('merchant', 'set', '1', 'frame_origin=');
outer.close();

// The sandbox bank, as a person uses it: opened from the checkout.
const ways = [
	['exact', 'same', '7.00', 'confirmed'], ['short', 'lower', '3.50', 'partial'], ['over', 'spaces', '10.00', 'overpaid'],
	['twice', 'break', '7.00 and €7.00', 'overpaid'], ['exact', 'cut', '7.00', 'pending'], ['exact', 'none', '7.00', 'pending'],
];
const loose = () => dapit('transfers', '--unmatched').split('\n').length;
const shopper = await open('desktop', link(shared), {});
await screen(shopper, 'details');
for (const [how, mangle, sent, status] of ways) {
	const i = await invoice(7), before = loose();
	await shopper.goto(base + link(i));
	await screen(shopper, 'details');
	const bank = await open('phone', await shopper.getAttribute('#sandbox', 'href'));
	await bank.waitForSelector('.account');
	if (how === 'exact' && mangle === 'same') {
		await look(bank, 'sandbox-phone');
		ok((await bank.innerText('body')).includes('No real money moves'), 'sandbox: it says that it is a simulation');
		is(await bank.locator('.account').count(), 2, 'sandbox: the two test accounts');
		ok((await bank.innerText('#payee')).includes('matches'), 'sandbox: the name is checked');
	}
	await bank.selectOption('#how', how);
	await bank.selectOption('#mangle', mangle);
	await bank.click('#send');
	await bank.waitForSelector('#result:not(:empty)');
	ok((await bank.innerText('#result')).startsWith(`Sent €${sent}`), `sandbox: ${how}, reference ${mangle}: sent`, await bank.innerText('#result'));
	if (status === 'pending')	// it comes, and names nothing
		await until(() => loose() > before);
	const got = await until(async () => { const c = await check(i.token); return c.status === status && c; }, status === 'pending' ? 0 : undefined);
	is(got && got.status, status, `sandbox: ${how}, reference ${mangle}: ${status}`);
	await good(bank, `sandbox: ${how}, ${mangle}`);
}
await shopper.route('**/sandbox/', (r) => r.fulfill({ status: 404 }));
await shopper.goto(base + link(await invoice(7)));
await screen(shopper, 'details');
is(await shopper.locator('#sandbox').count(), 0, 'a gateway without a sandbox bank: no link to one');
const poor = await open('desktop', '/sandbox/', { colorScheme: 'dark' });
await poor.waitForSelector('.account');
await poor.focus('.account');
await poor.keyboard.press('ArrowDown');
await poor.waitForSelector('.account[data-iban=LT923740020074597273][aria-checked=true]');
await poor.fill('#paste', `BCD\n002\n1\nSCT\n\nLongemalle Trustees OU\nLT913740020058585210\nEUR101.00\n\n\n${shared.reference}`);
await poor.click('#send');
await poor.waitForSelector('#result.bad:not(:empty)');
is(await poor.innerText('#result'), 'Rejected: there is not enough money on this account.', 'sandbox: the account without money');
await look(poor, 'sandbox-desktop');
await good(poor, 'sandbox: no money');
// The documentation, also without JavaScript.
for (const device of ['phone', 'desktop']) {
	const docs = await open(device, '/docs/', device === 'desktop' ? { colorScheme: 'dark', javaScriptEnabled: true } : {});
	await docs.waitForSelector('#create_session');
	await look(docs, `docs-${device}`);
	await good(docs, `docs: ${device}`);
}
ok((await request('GET', base + '/docs/')).text.includes('id="check_payment"') && !(await request('GET', base + '/docs/')).text.includes('<script'), 'docs: readable without JavaScript');
dapit('merchant', 'set', '1', 'environment=staging');
ok((await request('GET', base + '/sandbox/simulate/')).json.calls.length > 5, 'sandbox: its calls are listed for programs');

// Lighthouse, as a phone. Its score of speed is that of the machine.
await shopper.context().close();
await close();
const chrome = await launch({ chromePath: '/usr/bin/chromium', envVars: ownTime, chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage'] });
const best = {};
// On a busy machine it may give up; then it is asked again.
let lhr;
for (let tries = 0; tries < 5 && (lhr === undefined || lhr.runtimeError); tries++) {
	({ lhr } = await lighthouse(base + link(shared), { port: chrome.port, onlyCategories: ['performance', 'accessibility', 'best-practices'], logLevel: 'error' }));
	if (lhr.runtimeError)
		console.log(`# Lighthouse: ${lhr.runtimeError.message}`);
}
for (const [name, c] of Object.entries(lhr.categories))
	best[name] = Math.round(c.score * 100);
console.log('# ' + Object.values(lhr.audits).filter((a) => a.score !== null && a.score < 1).map((a) => a.id).join(' '));
chrome.kill();
for (const [name, score] of Object.entries(best))
	if (name === 'performance')
		console.log(`# Lighthouse: ${name} ${score}`);
	else
		ok(score >= 95, `Lighthouse: ${name} ${score}`);
balanced();
done();
