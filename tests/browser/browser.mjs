// browser.mjs - what the browser tests are written with: Debian's Chromium,
// pages that may do nothing forbidden, axe, pictures to look at.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { ok, is, PATIENCE } from '../api/lib.mjs';

export const base = process.env.DAPIT_URL;
export const sizes = {
	phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'light' },
	desktop: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
	small: { viewport: { width: 320, height: 640 } },
};
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = new URL('../../build/screens/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

// Chromium does not start at another day (tests/at), so its pages go there.
const { LD_PRELOAD, AT_SECONDS, ...ownTime } = process.env;
export { ownTime };
function shiftDate(seconds) {
	const Real = Date, now = () => Real.now() + seconds * 1000;
	globalThis.Date = class extends Real {
		constructor(...of) { super(...of.length ? of : [now()]); }
		static now() { return now(); }
	};
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', env: ownTime, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
export const close = () => browser.close();

// Counts how far things moved by themselves.
function watchShifts() {
	globalThis.shifted = 0;
	const add = (entries) => entries.forEach((e) => { globalThis.shifted += e.hadRecentInput ? 0 : e.value; });
	const observer = new PerformanceObserver((list) => add(list.getEntries()));
	observer.observe({ type: 'layout-shift', buffered: true });
	globalThis.shiftedNow = () => { add(observer.takeRecords()); return globalThis.shifted; };
}

// Waits until what the page is now has been drawn.
export const drawn = (page) => page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r)))));
export async function moved(page) {
	await drawn(page);
	return page.evaluate(() => globalThis.shiftedNow());
}

// A page in a browser of its own; what it must not do is in page.bad.
export async function open(size, path, { leaves, before, ...more } = {}) {
	const context = await browser.newContext({ locale: 'en-IE', ...sizes[size], ...more });
	context.setDefaultTimeout(PATIENCE * 1000);
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	const page = await context.newPage();
	page.bad = [];
	page.on('pageerror', (e) => page.bad.push(e.message));
	page.on('console', (m) => m.type() === 'error' && !/Failed to load resource|ERR_/.test(m.text()) && page.bad.push(m.text()));
	page.on('request', (q) => {
		if (!q.url().startsWith(base) && !leaves)
			page.bad.push('a request to ' + q.url());
		if (q.headers().referer)
			page.bad.push('a referrer at ' + q.url());
	});
	await page.addInitScript(watchShifts);
	if (LD_PRELOAD)
		await page.addInitScript(shiftDate, Number(AT_SECONDS));
	if (before)
		await before(page);
	await page.goto(path.startsWith('http') ? path : base + path);
	return page;
}

export const screen = (page, name) => page.waitForSelector(`main[data-screen=${name}]`);

// A picture, and everything that axe knows to complain of, but for the rules
// that cannot be meant.
export async function look(page, name, without = []) {
	await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect.getTiming().iterations !== Infinity).map((a) => a.finished)));
	await page.waitForFunction(() => [...document.images].every((i) => i.complete));
	writeFileSync(`${shots}${name}.png`, await page.screenshot({ fullPage: true }));
	await page.evaluate(axe);
	const found = await page.evaluate((ids) => globalThis.axe.run(document, { resultTypes: ['violations'],
		rules: Object.fromEntries(ids.map((id) => [id, { enabled: false }])) }), without);
	is(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`), [], `${name}: axe has nothing to say`);
	fits(name, await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth));
}
const fits = (name, over) => ok(over <= 0, `${name}: nothing is wider than the screen`, `${over} px`);

export async function good(page, name) {
	is(page.bad, [], `${name}: no error, no broken policy, no foreign request, no referrer`);
	is(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ''], `${name}: nothing is kept in the browser`);
	const shifted = await moved(page);
	ok(shifted < 0.05, `${name}: nothing moves by itself`, shifted);
	await page.context().close();
}

let pictures = 0;

// The text of the page's own QR code, read by another program from pixels.
export async function scan(page) {
	const picture = `${process.env.VAR}/qr-${++pictures}.png`;
	await page.waitForFunction(() => document.querySelector('#qr').complete);
	writeFileSync(picture, await page.locator('#qr').screenshot());
	const r = spawnSync('zbarimg', ['-q', '--raw', picture], { encoding: 'utf8' });
	return r.stdout.replace(/\n$/, '');
}
