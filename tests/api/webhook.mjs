// webhook.mjs - how the shop is told: section 6 of the contract, its core.
import { is, ok, done, api, invoice, credit, until, shop, signed, dapit, sleep, balanced } from './lib.mjs';

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
// It answers when the healthy one has its own, or after the gateway's patience.
const slow = await shop(async () => {
	await Promise.all([sleep(4000), until(() => s.of(healthy.reference)[0])]);
	return { status: 200 };
});
const others = {
	dead: await invoice(5, { callback_url: 'http://127.0.0.1:9/dead' }), gone: await invoice(5, { callback_url: gone.url }),
	redirect: await invoice(5, { callback_url: redirect.url }), slow: await invoice(5, { callback_url: slow.url }),
};
const healthy = await invoice(5, { callback_url: s.url });
for (const o of [...Object.values(others), f, healthy])
	await credit(5, o.reference);
ok(await until(() => s.of(healthy.reference)[0]), 'a healthy endpoint is told');
await until(() => flaky.got.length === 2);
is(flaky.got.length, 2, 'after a 500 it comes again');
is(flaky.got[0].headers['webhook-id'], flaky.got[1]?.headers['webhook-id'], 'with the same webhook-id');
is(flaky.got[0].text, flaky.got[1]?.text, 'and the very same body');
const times = flaky.got.map((x) => Number(x.headers['webhook-timestamp']));
ok(times[1] - times[0] >= 5, 'after 5 s or more', times);
ok(signed(flaky.got[1]), 'signed for its own time');
const fate = (x) => api('get_event', { event_id: x.got[0].headers['webhook-id'] });
const becomes = (x, status) => until(async () => x.got.length && (await fate(x)).status === status);
ok(await until(() => redirect.got.length > 1), 'a redirect is a failure: it is tried again');
is(elsewhere.got.length, 0, 'and not followed');
ok(await becomes(gone, 'undelivered'), '410 ends it');
ok(await becomes(slow, 'delivered'), 'a slow answer is an answer: a healthy endpoint did not wait for it');
ok(await becomes(flaky, 'delivered'), 'what is acknowledged is delivered');
const next = await Promise.all([gone, slow, flaky].map(async (x) => (await fate(x)).next_attempt_at));
is([next, gone.got.length, slow.got.length, flaky.got.length], [[null, null, null], 1, 1, 2], 'and none of the three comes again');

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
