// webhook.mjs - how the shop is told: section 6 of the contract, its core.
import { is, has, ok, done, invoice, credit, until, shop, signed, dapit, sleep, balanced } from './lib.mjs';

dapit('merchant', 'set', '1', 'events=payment.partial,payment.overpaid');

// In order, each once.
const s = await shop();
const i = await invoice(5, { callback_url: s.url });
await credit(2, i.reference);
await credit(3, i.reference);
await credit(1, i.reference);
await until(() => s.of(i.reference).length === 3);
is(s.of(i.reference).map((h) => h.json.event), ['payment.partial', 'payment.confirmed', 'payment.overpaid'], 'asked for: every change, in order');
const v = s.of(i.reference).map((h) => h.json.state_version);
ok(v[0] < v[1] && v[1] < v[2], 'state_version grows', v);
ok(s.got.every((h) => signed(h)), 'all are signed');

// 500 first: the same event again after about 5 s, with the same id.
const first = new Map();
const flaky = await shop((h) => {
	const again = first.has(h.headers['webhook-id']);
	first.set(h.headers['webhook-id'], true);
	return { status: again ? 204 : 500 };
});
const f = await invoice(5, { callback_url: flaky.url });
// A dead endpoint, a slow one, one that redirects, one that is gone for good.
const gone = await shop(() => ({ status: 410 }));
const elsewhere = await shop();
const redirect = await shop(() => ({ status: 302, headers: { Location: elsewhere.url } }));
const slow = await shop(async () => { await sleep(4000); return { status: 200 }; });
const others = {
	dead: await invoice(5, { callback_url: 'http://127.0.0.1:9/dead' }), gone: await invoice(5, { callback_url: gone.url }),
	redirect: await invoice(5, { callback_url: redirect.url }), slow: await invoice(5, { callback_url: slow.url }),
};
const healthy = await invoice(5, { callback_url: s.url });
for (const o of [...Object.values(others), f, healthy])
	await credit(5, o.reference);
const at = Date.now();
const h = await until(() => s.of(healthy.reference)[0]);
ok(h && h.at - at < 8000, 'a healthy endpoint does not wait for dead and slow ones', h && h.at - at);
await until(() => flaky.got.length === 2, 20);
is(flaky.got.length, 2, 'after a 500 it comes again');
is(flaky.got[0].headers['webhook-id'], flaky.got[1]?.headers['webhook-id'], 'with the same webhook-id');
is(flaky.got[0].text, flaky.got[1]?.text, 'and the very same body');
ok(flaky.got[1]?.at - flaky.got[0].at >= 4500, 'after 5 s or a little more', flaky.got[1]?.at - flaky.got[0].at);
ok(signed(flaky.got[1]), 'signed for its own time');
await until(() => slow.got.length);
await sleep(6000);
is(elsewhere.got.length, 0, 'a redirect is not followed');
is(gone.got.length, 1, '410 stops');
is(slow.got.length, 1, 'a slow answer is an answer');
is(flaky.got.length, 2, 'what is acknowledged does not come again');

// The merchant's default URL; no URL, no webhook.
const fallback = await shop();
dapit('merchant', 'set', '1', 'callback_url=' + fallback.url);
const d = await invoice(5);
await credit(5, d.reference);
ok(await until(() => fallback.of(d.reference)[0]), "without callback_url: the merchant's default");
for (const x of [s, flaky, gone, elsewhere, redirect, slow, fallback])
	x.close();
balanced();
done();
