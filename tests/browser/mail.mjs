// mail.mjs - what a customer of a recurring payment sees: the mail, drawn by a
// browser as a mail program would, and the page that stops the reminders.
import { is, ok, has, done, api, url, dapit } from '../api/lib.mjs';
import { base, open, close, look, good, screen } from './browser.mjs';

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
const stop = m.text.match(/\S+\/stop\/\?token=\S+/)[0];
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
ok(true, 'opened again it says so');
await good(phone, 'stop');
const wrong = await open('desktop', stop.slice(0, -3) + '000');
await screen(wrong, 'bad');
has({ title: await wrong.innerText('h1') }, { title: 'This link is not complete' }, 'a link that is cut short stops nobody');
await look(wrong, 'stop-desktop-wrong');
await good(wrong, 'stop: a wrong link');
await close();
done();
