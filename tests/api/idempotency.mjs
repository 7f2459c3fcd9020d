// idempotency.mjs - the same write again: section 10 of the contract.
import { is, has, ok, done, call, dapit, request, insist, url, key } from './lib.mjs';

const again = (key, body, options = {}) => call('create_session', body, { ...options, headers: { 'Idempotency-Key': key } });
const a = await again('order-1', { amount: 7, order_id: 'A' });
const b = await again('order-1', { order_id: 'A', amount: 7 });
is([b.status, b.text, b.headers['idempotent-replayed']], [200, a.text, 'true'], 'the same key and parameters: the same answer, marked');
is(a.headers['idempotent-replayed'], undefined, 'the first one is not marked');
const c = await again('order-1', { amount: 8, order_id: 'A' });
is([c.status, c.json.code], [422, 'idempotency_key_reused'], 'other parameters: 422');
is((await again('order-2', { amount: 'x' })).status, 400, 'a refused request');
is((await again('order-2', { amount: 5 })).status, 200, 'is not stored');
is((await again('x'.repeat(255), { amount: 5 })).status, 200, 'a key of 255 characters');
is((await again('x'.repeat(256), { amount: 5 })).status, 400, 'one more: 400');
const latin = await request('POST', `${url}?action=create_session`, { body: Buffer.from('{"amount":5}'), headers: { 'X-Api-Key': key, 'Idempotency-Key': 'caf\xe9' } });
is([latin.status, latin.json.field], [400, 'Idempotency-Key'], 'one in Latin-1: 400, too');
const other = /^key (\S+)/m.exec(dapit('merchant', 'add', 'Another'))[1];
const d = await again('order-1', { amount: 9 }, { withKey: other });
is([d.status, d.json.amount], [200, 9], "another merchant's key of the same name is another key");

const twins = await Promise.all(Array.from({ length: 40 }, () => insist(() => again('twins', { amount: 3 }))));
const ids = new Set(twins.filter((r) => r.status === 200).map((r) => r.json.session_id));
is(ids.size, 1, 'forty at once open one session');
ok(twins.every((r) => r.status === 200 || (r.status === 409 && r.json.code === 'idempotency_key_in_use')), 'the others get its answer, or 409',
	twins.map((r) => r.status).join());
done();
