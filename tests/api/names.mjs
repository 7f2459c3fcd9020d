// names.mjs - people are called what they are called: a name of any alphabet
// comes through every path as it went in, on every release of every library.
import { is, has, ok, done, api, bank, request, invoice, credit, settled, shop, until, dapit, balanced, url, key } from './lib.mjs';
import { recur, certificate, mailServer } from './messages.mjs';
import { clock, dayOf, goTo, plus } from './time.mjs';

// A name, what it shows, and what the bank is given for it: the characters of
// SEPA (EPC217-08), or the name as it is where none of its letters is in them.
const names = [
	['Jānis Bērziņš', 'Latvian', 'Janis Berzins'],
	['Žydrūnas Šėža', 'Lithuanian', 'Zydrunas Seza'],
	['Ελένη Παπαδοπούλου', 'Greek', 'Eleni Papadopoyloy'],
	['Ольга Ковальчук', 'Cyrillic', 'Olyga Kovalychuk'],
	['Zoe\u0308 Ångström', 'a combining mark', 'Zoe Angstrom'],
	['渡辺 太郎', 'three bytes each'],
	['Ana 😀 Gómez', 'an emoji: four bytes, two halves as an escape', 'Ana . Gomez'],
	['𠮷野 花', 'plane 2'],
	['שרה כהן', 'from right to left'],
];
const escaped = (text) => text.replace(/[^\x00-\x7f]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

const s = await shop();
dapit('merchant', 'set', '1', `callback_url=${s.url}`, 'events=payment.overpaid');
const mails = await mailServer(certificate(), { pass: 'a-password' });
await recur('set_config', { smtp_host: 'localhost', smtp_port: String(mails.port), smtp_user: 'shop@example.com', smtp_pass: 'a-password' });

// The forms in which a shop sends a name.
const J = { 'X-Gateway-Key': key, 'Content-Type': 'application/json' };
const F = { 'X-Gateway-Key': key, 'Content-Type': 'application/x-www-form-urlencoded' };
const ways = [
	['raw', (n) => [url, J, JSON.stringify({ amount: 5, customer_name: n })]],
	['as escapes', (n) => [url, J, `{"amount":5,"customer_name":"${escaped(n)}"}`]],
	['in a form', (n) => [url, F, new URLSearchParams({ amount: 5, customer_name: n }).toString()]],
	['in the query', (n) => [`${url}?amount=5&customer_name=${encodeURIComponent(n)}`, J, '']],
];
for (const [name, shows] of names) {
	for (const [way, make] of ways) {
		const [address, headers, body] = make(name);
		const r = await request('POST', `${address}${address.includes('?') ? '&' : '?'}action=create_session`, { headers, body });
		const i = await api('create_invoice', { token: r.json?.session_token }, { withKey: null });
		is([r.status, (await api('get_transaction', { reference: i.reference_number })).customer_name], [200, name], `${shows}, ${way}: create_session takes it`);
	}
}

// One of each pays too much, gets the rest back, and is billed again.
for (const [name, shows, given = name] of names) {
	const i = await invoice(5, { order_id: `for ${name}`, customer_name: name, customer_email: 'a@example.com' });
	await credit(8, `${i.reference} ${name}`, { debtor_name: name });
	has(await settled(i.token, ['pending', 'invoiced']), { status: 'overpaid' }, `${shows}: a payer of that name is found`);
	const hook = await until(() => s.of(i.reference).find((h) => h.json.event === 'payment.confirmed'));
	is(hook?.json.customer_name, name, `${shows}: the webhook says it`);
	const t = await api('get_transaction', { reference: i.reference });
	is([t.customer_name, t.payments?.[0].debtor_name], [name, name], `${shows}: the story of the payment`);
	is((await api('list_transactions', { search: name })).transactions.map((x) => x.reference_number), [i.reference], `${shows}: it is found by the payer`);
	ok(JSON.parse(dapit('transfers', '--json')).some((x) => x.debtor_name === name), `${shows}: dapit transfers`);
	const [refund] = (await api('list_refunds', { reference: i.reference })).refunds;
	is(refund?.debtor_name, name, `${shows}: the refund is to that name`);
	has(await api('send_refund', { refund_id: refund.refund_id, debtor_iban: refund.debtor_iban, debtor_name: name }), { success: true }, `${shows}: it is sent`);
	ok(await until(async () => (await api('list_refunds', { reference: i.reference })).refunds[0].status === 'sent'), `${shows}: and arrives`);
	const { entries } = await bank(`/simulate/entries?limit=5`);
	ok(entries.some((e) => e.direction === 'DEBIT' && e.creditor_name === given), `${shows}: the bank is given a name that it takes`);
}

const csv = (await request('GET', `${url}?action=list_transactions&format=csv&limit=200&api_key=${key}`)).text;
for (const [name, shows] of names)
	ok(csv.includes(`for ${name}`), `${shows}: the CSV says it`);

// Mails to all of them, on the next day.
const tomorrow = plus(dayOf(clock()), 1);
const address = ([name]) => `n${names.findIndex(([n]) => n === name)}@example.com`;
for (const [name, shows] of names) {
	const made = await recur('create_schedule', { customer_name: name, customer_email: address([name]), frequency: 'monthly', amount: 9, start_date: tomorrow });
	is(made.status, 200, `${shows}: create_schedule takes it`);
	is((await recur('get_schedule', { schedule_id: made.json.schedule_id })).json.customer_name, name, `${shows}: get_schedule says it`);
}
goTo(tomorrow);
for (const [name, shows] of names) {
	const got = await until(() => mails.to(address([name]))[0], 60);
	ok(got?.mail.text.includes(name) && got?.mail.html.includes(name), `${shows}: the mail says it, in text and HTML`, got?.mail.text);
}
await mails.close();
s.close();
balanced();
done();
