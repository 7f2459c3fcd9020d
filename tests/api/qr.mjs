// qr.mjs - the EPC QR code as Option A merchants get it: drawn by the gateway,
// read from its pixels by another program, line by line (EPC069-12).
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { is, has, ok, done, api, call, invoice, credit, settled, request, url } from './lib.mjs';

const picture = `${process.env.VAR}/qr.png`;
async function scan(token) {
	await request('GET', `${url}?action=qr&token=${token}&format=png`);
	await call('frame_policy', { token }, { withKey: null });
	const r = await fetch(`${url}?action=qr&token=${token}&format=png`);
	is([r.status, r.headers.get('content-type'), r.headers.get('cache-control'), r.headers.get('access-control-allow-origin')],
		[200, 'image/png', 'no-store', '*'], 'a picture for the shopper\'s browser, never kept');
	writeFileSync(picture, Buffer.from(await r.arrayBuffer()));
	return spawnSync('zbarimg', ['-q', '--raw', '-Sbinary', picture], { encoding: 'utf8' }).stdout;
}
const rename = (name) => execFileSync('mariadb', ['--no-defaults', '--default-character-set=utf8mb4', '-S', process.env.VAR + '/run/db.sock', process.env.DATABASE ?? 'dapit', '-e',
	`UPDATE bank_accounts SET beneficiary_name = '${name}' WHERE environment = 0`]);

const plain = 'Longemalle Trustees OU';
const rows = [
	[49.99, plain, plain, 'as in the reference'],
	[0.01, plain, plain, 'one cent'],
	[999999999.99, plain, plain, 'the most that SEPA moves'],
	[7, 'Käse & Öl Größenwahn OÜ', 'Käse & Öl Größenwahn OÜ', 'umlauts'],
	[7, 'Ελληνικό Κατάστημα', 'Ελληνικό Κατάστημα', 'Greek'],
	[7, 'N'.repeat(71), 'N'.repeat(70), 'a name of 71 characters is cut'],
	[7, 'Ж'.repeat(140), 'Ж'.repeat(70), 'and counted in characters, not bytes'],
];
for (const [amount, name, shown, why] of rows) {
	rename(name);
	const i = await invoice(amount);
	const want = ['BCD', '002', '1', 'SCT', '', shown, 'LT913740020058585210', `EUR${amount.toFixed(2)}`, '', '', i.reference].join('\n');
	is(i.qr_payload, want, `${why}: create_invoice says the text`);
	is(i.qr_url, `/api/gateway/gateway.php?action=qr&token=${i.token}`, `${why}: and where the picture is`);
	const read = await scan(i.token);
	is(read.replace(/\n$/, ''), want, `${why}: the picture says the same`);
}
rename('𝄞'.repeat(70));
const wide = await invoice(7);
ok(Buffer.byteLength(wide.qr_payload) <= 331 && wide.qr_payload.endsWith(wide.reference), 'a name of wide letters: 331 bytes at most, the reference whole');
is((await scan(wide.token)).replace(/\n$/, ''), wide.qr_payload, 'and it can be read');
rename(plain);

// Of what is left to pay.
const part = await invoice(7);
await credit(3, part.reference);
const c = await settled(part.token);
has(c, { status: 'partial', qr_url: part.qr_url }, 'partial: the answer says where the picture is');
ok(c.qr_payload.includes('\nEUR4.00\n') && c.qr_payload.endsWith(part.reference), 'partial: of the rest, with the same reference', c);
is((await scan(part.token)).replace(/\n$/, ''), c.qr_payload, 'partial: and so is the picture');
is((await api('create_invoice', { token: part.token }, { withKey: null })).qr_payload, part.qr_payload, 'the invoice stays as it was');
const svg = await request('GET', `${url}?action=qr&token=${part.token}`);
is([svg.headers['content-type'], svg.headers['x-content-type-options'], svg.text.startsWith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 '), /script|href/.test(svg.text)],
	['image/svg+xml', 'nosniff', true, false], 'SVG by default, and nothing but a drawing');
is((await request('HEAD', `${url}?action=qr&token=${part.token}`)).text, '', 'HEAD: no body');

const pending = await api('create_session', { amount: 1 });
await credit(4, part.reference);
await settled(part.token, ['partial', 'pending']);
for (const [why, body, status, code] of [
	['no invoice yet', { token: pending.session_token }, 400, 'invoice_missing'],
	['paid', { token: part.token }, 409, 'bad_state'],
	['unknown', { token: 'f'.repeat(64) }, 404, 'not_found'],
	['another format', { token: wide.token, format: 'gif' }, 400, 'bad_param'],
	['no token', {}, 400, 'bad_param'],
]) {
	const r = await call('qr', body, { withKey: null });
	is([r.status, r.json.code, r.headers['content-type']], [status, code, 'application/json; charset=utf-8'], `qr, ${why}: ${status} ${code}`);
}

// return_url is checked like callback_url.
for (const [bad, why] of [['javascript:alert(1)', 'a script'], ['data:text/html,x', 'data'], ['https://u:p@shop.example/', 'credentials'], ['//shop.example', 'no scheme'],
	['https://', 'no host'], ['https://shop.example/' + 'x'.repeat(2048), 'too long'], ['https://shop.example/ x', 'a blank']])
	has(await api('create_session', { amount: 1, return_url: bad }), { success: false, code: 'bad_param', field: 'return_url' }, `return_url: ${why} is refused`);
const s = await api('create_session', { amount: 1, return_url: 'https://shop.example/thanks?a=1', order_id: 'A-1', items: [{ name: 'Käse "x"', qty: 1 }] });
has(await api('get_session', { token: s.session_token }, { withKey: null }),
	{ return_url: 'https://shop.example/thanks?a=1', merchant_order_id: 'A-1', items: [{ name: 'Käse "x"', qty: 1 }] }, 'get_session says what a checkout page needs');
done();
