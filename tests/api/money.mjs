// money.mjs - amounts as shops send them: section 2 of the contract.
import { is, done, request, url, key } from './lib.mjs';

const amounts = [
	// as written in JSON, what it is on the wire (null: refused), shows
	['49.99', '49.99', 'a price'],
	['7', '7.00', 'a whole number'],
	['0.01', '0.01', 'one cent'],
	['49.989999999999995', '49.99', 'a sum of floats'],
	['0.30000000000000004', '0.30', '0.1 + 0.2'],
	['1e2', '100.00', 'an exponent'],
	['4999E-2', '49.99', 'a negative exponent'],
	['"49.99"', '49.99', 'a text'],
	['"49.9"', '49.90', 'one decimal'],
	['999999999.99', '999999999.99', 'the most there may be'],
	['1000000000', null, 'one cent more'],
	['49.995', null, 'half a cent'],
	['0.001', null, 'a tenth of a cent'],
	['0', null, 'nothing'],
	['0.00', null, 'nothing, in decimals'],
	['-1', null, 'less than nothing'],
	['"NaN"', null, 'not a number'],
	['"Infinity"', null, 'infinity'],
	['"1,50"', null, 'a comma'],
	['"0x10"', null, 'hexadecimal'],
	['""', null, 'an empty text'],
	['" 5 "', '5.00', 'blanks around it'],
	['"5 EUR"', null, 'a currency behind it'],
	['null', null, 'null'],
	['true', null, 'a boolean'],
	['1e400', null, 'an exponent beyond any number'],
	['[5]', null, 'a list'],
];
for (const [text, want, shows] of amounts) {
	const r = await request('POST', url + '?action=create_session', {
		headers: { 'X-Gateway-Key': key, 'Content-Type': 'application/json' }, body: `{"amount":${text}}` });
	const got = r.status === 200 ? /"amount":([^,]*),/.exec(r.text)[1] : null;
	is([got, r.status, r.json.field ?? null], want ? [want, 200, null] : [null, 400, 'amount'], `${text}: ${shows}`);
}

for (const [currency, status, code] of [['EUR', 200], ['eur', 200], ['USD', 400, 'unsupported_currency'], ['EURO', 400, 'unsupported_currency']]) {
	const r = await request('POST', url + '?action=create_session', {
		headers: { 'X-Gateway-Key': key, 'Content-Type': 'application/json' }, body: JSON.stringify({ amount: 1, currency }) });
	is([r.status, r.json.code], [status, code], `currency ${currency}`);
}
done();
