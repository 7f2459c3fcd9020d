// list.mjs - list_transactions: pages, filters, the exact total, CSV.
import { is, ok, done, api, call, invoice, credit, confirm, until, dapit, request, url } from './lib.mjs';
import { clock, dayOf, plus } from './time.mjs';

const today = dayOf(clock());	// it may end meanwhile
const withKey = /^key (\S+)/m.exec(dapit('merchant', 'add', 'List Shop'))[1];
const me = { withKey };
const list = (q = {}) => api('list_transactions', q, me);

is(await list(), { success: true, transactions: [], total: 0, limit: 50, offset: 0, next_cursor: null }, 'nothing yet');
const made = [];
for (let i = 0; i < 23; i++)
	made.push((await invoice(i + 1, { order_id: 'L-' + (i % 5) }, me)));
await api('create_session', { amount: 99 }, me);
is((await list()).total, 23, 'one row for each session that has a reference');

const walk = async (next) => {
	const seen = [];
	for (let q = { limit: 5 }, page; q; q = next(q, page)) {
		page = await list(q);
		seen.push(...page.transactions.map((t) => t.reference_number));
	}
	return seen;
};
const newest = made.map((m) => m.reference).reverse();
is(await walk((q, page) => page.next_cursor && { limit: 5, cursor: page.next_cursor }), newest, 'by cursor: every row once, newest first');
is(await walk((q, page) => page.transactions.length === 5 && { limit: 5, offset: (q.offset || 0) + 5 }), newest, 'by offset: the same');

await confirm(made[0].token);
await credit(2, made[1].reference);
await credit(1, made[2].reference);
await credit(9, made[3].reference);
await until(async () => (await list({ status: 'overpaid' })).total === 1 && (await list({ status: 'confirmed' })).total === 1);
const counts = [
	['pending', 20, 'pending also finds invoiced, and sessions without an invoice'], ['invoiced', 19, 'invoiced'], ['polling', 1, 'polling'],
	['partial', 1, 'partial'], ['confirmed', 1, 'confirmed'], ['overpaid', 1, 'overpaid'], ['failed', 0, 'failed'], ['expired', 0, 'expired'],
];
for (const [status, n, shows] of counts) {
	const page = await list({ status, limit: 200 });
	is([page.total, page.transactions.length], [n, n], 'status ' + shows);
}
is((await list({ order_id: 'L-2' })).total, 5, 'by order_id');
is((await list({ date_from: today, date_to: plus(today, 1) })).total >= 22, true, 'by date: today');
is((await list({ date_to: '2020-01-01' })).total, 0, 'by date: long ago');
is((await list({ date_from: '2999-01-01' })).total, 0, 'by date: not yet');
is((await list({ limit: 2, offset: 1 })).transactions.map((t) => t.reference_number), newest.slice(1, 3), 'limit and offset');
is((await list({ status: 'pending', limit: 3, offset: 2 })).transactions.length, 3, 'limit and offset with a filter');

const csv = await request('GET', url + '?action=list_transactions&format=csv', { headers: { 'X-Gateway-Key': withKey } });
is(csv.headers['content-type'], 'text/csv; charset=utf-8', 'CSV has its type');
const lines = csv.text.trim().split(/\r?\n/);
is(lines.length, 24, 'CSV: a head and every row');
is(lines.slice(1).map((l) => l.split(',')[0]), newest, 'CSV: the same rows in the same order');
const evil = await invoice(1, { order_id: '=1+1,"x"\n' }, me);
const cell = (await request('GET', url + '?action=list_transactions&format=csv', { headers: { 'X-Gateway-Key': withKey } })).text;
ok(cell.includes(`"'=1+1,""x""`), 'CSV: no formula, quotes doubled', cell.slice(0, 400));
ok(evil.reference, 'an order_id may be anything');
done();
