// health.mjs - what load balancers and Prometheus ask.
import { is, has, ok, done, call, request, url, until, invoice, credit, settled } from './lib.mjs';

const get = (action, headers = {}) => request('GET', `${url}?action=${action}`, { headers });

// Whether it is well.
await until(async () => (await get('health')).json.worker_seen_at);
let r = await get('health');
is(r.status, 200, 'health: 200');
has(r.json, { success: true, status: 'ok', database: 'ok' }, 'all is well');
ok(r.json.bank_checked_at && r.json.worker_seen_at, 'it says when the bank was read, and a worker seen', r.json);

// What it did.
const count = (text, action, status) => Number(new RegExp(`dapit_request_seconds_count\\{action="${action}",status="${status}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
const before = (await get('metrics')).text;
await call('whoami');
await call('whoami', {}, { withKey: 'mk_wrong' });
await call('create_session', { amount: 0 });
r = await get('metrics');
is([r.status, r.headers['content-type']], [200, 'text/plain; version=0.0.4; charset=utf-8'], 'metrics: the text format of Prometheus');
for (const [action, status] of [['whoami', 200], ['whoami', 401], ['create_session', 400]])
	is(count(r.text, action, status) - count(before, action, status), 1, `${action} ${status} was counted once, by whatever process`);
ok(r.text.trim().split('\n').every((l) => /^# (HELP|TYPE) |^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?\d+(\.\d+)?$/.test(l)), 'every line is of that format', r.text);
for (const name of ['dapit_bank_age_seconds', 'dapit_worker_age_seconds', 'dapit_last_transfer_id', 'dapit_unmatched', 'dapit_alerts_open', 'dapit_webhooks{status="pending"}', 'dapit_webhook_lag_seconds', 'dapit_refunds{status="sending"}'])
	ok(r.text.includes('\n' + name + ' '), `${name} is there`);
const gauge = (text, name) => Number(new RegExp(`\\n${name} (\\d+)`).exec(text)?.[1] ?? NaN);
const paid = await invoice(6);
await credit(6, paid.reference);
await settled(paid.token);
const later = (await get('metrics')).text;
ok(gauge(later, 'dapit_bank_reads') > gauge(r.text, 'dapit_bank_reads'), 'reads of the bank are counted');
is(gauge(later, 'dapit_transfers_matched') - gauge(r.text, 'dapit_transfers_matched'), 1, 'a transfer that found its session is counted');
const buckets = [...r.text.matchAll(/seconds_bucket\{action="whoami",status="200",le="[^"]+"\} (\d+)/g)].map((m) => Number(m[1]));
ok(buckets.length === 10 && buckets.every((n, i) => i === 0 || n >= buckets[i - 1]), 'a histogram rises', buckets);
is((await get('metrics', { 'X-Forwarded-For': '203.0.113.9' })).status, 403, 'for somebody else: 403');
done();
