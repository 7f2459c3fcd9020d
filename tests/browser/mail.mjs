// mail.mjs - what a customer of a recurring payment sees: the mail, drawn by a
// browser as a mail program would, and the page that stops the reminders.
import { is, ok, has, done, api, url, dapit } from '../api/lib.mjs';
import { base, open, close, look, good, screen } from './browser.mjs';
import { module } from './page.mjs';

const { languages } = await module('checkout/words.js');
const { words } = await module('stop/words.js');

const recur = (action, body) => api(action, body, { base: url.replace('gateway/gateway.php', 'recurring.php') });
dapit('merchant', 'set', '1', 'name=Lamps & <Light>');
const make = async (more) => {
	const { schedule_id } = await recur('create_schedule', { customer_name: 'Jürgen <b>Müller</b>', customer_email: 'j@example.com', customer_phone: '+4712345678', delivery_method: 'both',
		frequency: 'monthly', amount: 99, discount_percent: 5, order_description: 'Premium "Plan" <script>alert(1)</script>', order_items: [{ name: 'Lamp', qty: 2, price: 40 }, { name: '<img src=x onerror=alert(1)>', qty: 1, price: 19 }], ...more });
	return { schedule_id, ...await recur('preview', { schedule_id }) };
};

for (const [device, language, want] of [['phone', 'en', 'Pay now'], ['desktop', 'de', '94,05'], ['small', 'el', '94,05']]) {
	const m = await make({ language });
	const page = await open(device, '/mail', { before: (p) => p.route('**/mail', (r) => r.fulfill({ contentType: 'text/html; charset=utf-8', body: m.html })) });
	ok((await page.innerText('body')).includes(want), `mail in ${language}: it says what to pay`, await page.innerText('body'));
	is(await page.locator('script, img').count(), 0, `mail in ${language}: no markup of the data`);
	ok((await page.innerText('body')).includes('<script>alert(1)</script>'), `mail in ${language}: it stays text`);
	is((await page.getAttribute('html', 'lang')), language, `mail in ${language}: it says its language`);
	const links = await page.$$eval('a', (list) => list.map((a) => a.href));
	ok(links.length >= 2 && links.every((l) => l.startsWith(base + '/')), `mail in ${language}: its links lead here`, links);
	// a mail is shown inside of a page, which has those
	await look(page, `mail-${device}`, ['landmark-one-main', 'page-has-heading-one', 'region']);
	await page.context().close();
}

// The page at the end of the mail.
const m = await make({ frequency: 'weekly' });
const link = ({ text }) => text.match(/\S+\/stop\/\?token=\S+/)[0];
const stop = link(m);
const phone = await open('phone', stop);
await screen(phone, 'busy');
is(await phone.innerText('h1'), 'Stop payment reminders?', 'opening the link stops nothing by itself');
ok((await phone.innerText('main')).includes('Lamps & <Light>'), 'it says whose they are');
is((await recur('get_schedule', { schedule_id: m.schedule_id })).status, 'active', 'the schedule is active');
await look(phone, 'stop-phone');
await phone.keyboard.press('Tab');
await phone.keyboard.press('Enter');
await screen(phone, 'good');
is((await recur('get_schedule', { schedule_id: m.schedule_id })).status, 'paused', 'one click, or one key: it is paused');
await look(phone, 'stop-phone-done');
await phone.reload();
await screen(phone, 'good');
is(await phone.innerText('h1'), 'No more reminders', 'opened again it says so');
await good(phone, 'stop');
const wrong = await open('desktop', stop.slice(0, -3) + '000');
await screen(wrong, 'bad');
has({ title: await wrong.innerText('h1') }, { title: 'This link is not complete' }, 'a link that is cut short stops nobody');
await look(wrong, 'stop-desktop-wrong');
await good(wrong, 'stop: a wrong link');

// Its words: all of them in every language, the shop's name where it belongs.
is(Object.keys(words), languages, 'stop: it speaks the languages of the checkout');
for (const code of languages) {
	is(Object.keys(words[code]), Object.keys(words.en), `stop in ${code}: every word is there`);
	is(Object.entries(words[code]).filter(([key, text]) => !text.trim() || text !== text.trim()
		|| (text.match(/[{}]/g) ?? []).length !== (/^(ask|stopped)_lead$/.test(key) ? 2 : 0)
		|| text.includes('{') !== text.includes('{shop}')), [], `stop in ${code}: no word is empty, no other placeholder`);
}

// It speaks the language of the messages, whatever the link or the browser say.
for (const [device, language] of [['phone', 'de'], ['desktop', 'el']]) {
	const page = await open(device, link(await make({ language })) + '&lang=fr');
	await screen(page, 'busy');
	has({ lang: await page.getAttribute('html', 'lang'), h1: await page.innerText('h1'), title: await page.title(), button: await page.innerText('button') },
		{ lang: language, h1: words[language].ask_title, title: words[language].ask_title, button: words[language].stop }, `stop in ${language}: its title, button, lang`);
	await look(page, `stop-${device}-${language}`);
	await page.click('button');
	await screen(page, 'good');
	is(await page.innerText('.lead'), words[language].stopped_lead.replace('{shop}', 'Lamps & <Light>'), `stop in ${language}: it says who stops`);
	await good(page, `stop in ${language}`);
}

// Without one it goes by the link, then by the browser.
for (const [code, more, locale] of [['pt', '&lang=pt-BR', 'fi-FI'], ['fi', '', 'fi-FI'], ['nb', '', 'no'], ['en', '&lang=xx', 'ja-JP']]) {
	const page = await open('small', stop.slice(0, -3) + '000' + more, { locale });
	await screen(page, 'bad');
	is([await page.getAttribute('html', 'lang'), await page.innerText('h1')], [code, words[code].unknown_title], `stop${more} in a browser of ${locale}: ${code}`);
	await good(page, `stop in ${code} by itself`);
}

// Every screen in every language on the smallest phone.
const small = await open('small', '/stop/');
const narrow = async (code, name, text) => {
	await screen(small, name);
	is([await small.innerText('h1'), await small.getAttribute('html', 'lang')], [text, code], `stop in ${code}: the screen ${name}`);
	ok(!/[{}]|undefined/.test(await small.innerText('main')), `stop in ${code}: ${name} is filled in`, await small.innerText('main'));
	await small.evaluate(() => { document.querySelector('h1').style.overflowWrap = 'normal'; });	// no word is to need it
	is(await small.evaluate(() => [...document.querySelectorAll('main, main *')].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth
		|| e.getBoundingClientRect().right > 320).map((e) => e.outerHTML)), [], `stop in ${code}: ${name} fits 320 px`);
};
for (const code of languages) {
	const w = words[code], here = link(await make({ language: code }));
	await small.goto(here);
	await narrow(code, 'busy', w.ask_title);
	if (code === 'et')
		await look(small, 'stop-small-et');	// the longest word of all
	await small.route('**/api/**', (r) => r.abort());
	await small.click('button');
	await narrow(code, 'warn', w.away_title);
	await small.unroute('**/api/**');
	await small.click('button');
	await narrow(code, 'busy', w.ask_title);
	await small.click('button');
	await narrow(code, 'good', w.stopped_title);
	await small.goto(`${base}/stop/?lang=${code}`);
	await narrow(code, 'bad', w.unknown_title);
}
await good(small, 'stop in every language');
await close();
done();
