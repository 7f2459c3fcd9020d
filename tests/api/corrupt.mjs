// corrupt.mjs - every column that carries money, identity or fate is changed
// once by hand: dapit audit names the row. A new column needs a row here, or
// a reason why it carries none of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { is, ok, has, done, bank, call, api, check, confirm, credit, invoice, shop, dapit, dapitFails, balanced } from './lib.mjs';
import { recur, sql } from './messages.mjs';
import { bankDay, clock, dayOf, goTo, plus, wholeDay } from './time.mjs';

const { PROGRAMS, DAPIT_CONF } = process.env;
const PAYER = 'DE89370400440532013000', NL = { debtor_iban: 'NL91ABNA0417164300', debtor_name: 'Maria Jansen' };
const worker = () => once(spawn(`${PROGRAMS}/worker`, ['-c', DAPIT_CONF, '--once'], { stdio: 'ignore' }), 'exit');
const one = (text) => sql(text)[0]?.[0];
const doctor = () => JSON.parse(dapitFails('doctor', '--json').stdout).find((f) => f.what === 'books');

// A life with everything once.
wholeDay();
const s = await shop();
dapit('merchant', 'set', '1', `callback_url=${s.url}`, 'fee_percent=1.5',
	'events=payment.partial,payment.overpaid,payment.failed,session.expired,refund.sent,refund.failed,schedule.cycle_due,schedule.cycle_paid');
const schedule = (await recur('create_schedule', { customer_name: 'John Smith', customer_email: 'john@example.com', frequency: 'monthly', amount: 10, total_cycles: 2 })).json;
goTo(plus(dayOf(clock()), 1), '09:30');
await worker();
const session = async (amount, paid, more = {}) => {
	const i = await invoice(amount, more);
	for (const p of [paid].flat())
		await credit(p, i.reference, more.payer);
	dapit('bank', 'sync');
	return { ...i, id: one(`SELECT id FROM gateway_sessions WHERE reference_number = '${i.reference}'`) };
};
const send = async (i, more = {}) => {
	const r = (await api('create_refund', { reference: i.reference, amount: 5 })).refund_id;
	return { id: r, ...(await call('send_refund', { refund_id: r, debtor_iban: PAYER, debtor_name: 'John Smith', ...more })).json };
};
const exact = await session(50, 50, { callback_url: s.url, order_id: 'O-1' });
const partial = await session(20, 8), late = await session(7, []);
dapit('clock', '+2h');
await worker();
await credit(7, late.reference);
dapit('bank', 'sync');
const over = await session(30, [30, 9]), named = await session(40, 40, { payer: NL });
await check(over.token);
const pending = (await api('create_refund', { reference: exact.reference, amount: 4 })).refund_id;
const sent = await send(exact), returned = await send(exact), held = await send(named, { ...NL, debtor_name: 'Peter Pan' });
const cancelled = (await api('create_refund', { reference: exact.reference, amount: 3 })).refund_id;
has((await call('cancel_refund', { refund_id: cancelled })).json, { status: 'cancelled' }, 'a refund is cancelled');
dapit('bank', 'sync');
await bank('/simulate/return', { payment_order_no: returned.payment_order_no });
await credit(3, 'no reference at all');
await credit(4.5, 'a gift', { debtor_iban: 'FR1420041010050500013M02606', debtor_name: 'Marie Durand' });
dapit('bank', 'sync');
const gift = one("SELECT id FROM gateway_transfers WHERE remittance = 'a gift'");
dapit('transfers', 'send-back', gift, '--because', 'not ours', '--yes');
const back = one(`SELECT id FROM gateway_refunds WHERE transfer_id = ${gift}`);
const entry = (more) => bank('/simulate/entry', { raw: JSON.stringify({ bookingDate: bankDay(), creditDebitIndicator: 'CRDT',
	transactionAmount: { amount: '6.00', currency: 'EUR' }, remittanceInformationUnstructured: 'x', ...more }) });
await entry({ transactionId: 'STRAY-1', creditDebitIndicator: 'DBIT' });
await entry({ transactionId: 'MANY-1', entryReference: 'MANY-2' });
await entry({});
await entry({ remittanceInformationUnstructured: 'y' });
dapit('bank', 'sync');
const aside = JSON.parse(dapit('transfers', '--aside', '--json'));
dapit('transfers', 'book', String(aside[0].id), '6.00', '--because', 'it came', '--yes');
await call('test_webhook', {});
const cycle = sql('SELECT c.id, s.reference_number, s.id FROM recurring_cycles c JOIN gateway_sessions s ON s.id = c.session_id')[0];
await credit(10, cycle[1]);
await worker();
const open = await session(11, []), polling = await session(13, []), fresh = await session(12, 12), asked = await api('create_session', { amount: 14 });
await confirm(polling.token);
const unread = await send(fresh);		// its entry is not read yet
is([sent.status, unread.status, held.status, one(`SELECT status FROM gateway_refunds WHERE id = ${returned.id}`)], ['sent', 'sent', 'held', '4'], 'refunds are sent, held, returned');
is(one('SELECT GROUP_CONCAT(DISTINCT status ORDER BY status) FROM gateway_sessions'), '0,1,2,3,4,5', 'sessions are in every state that holds money, and before');
balanced('a life with everything once is balanced');
is(doctor().health, 'ok', 'and doctor says so: ' + doctor().state);

// What audit must say when a column of a row is set to that by hand.
const transfer = (where) => one(`SELECT t.id FROM gateway_transfers t WHERE ${where}`);
const paid = transfer(`t.id = (SELECT transfer_id FROM gateway_matches WHERE session_id = ${exact.id})`);
const unmatched = transfer(`t.remittance = 'no reference at all'`), stray = transfer(`t.bank_id = 'STRAY-1'`);
const auto = one(`SELECT id FROM gateway_refunds WHERE session_id = ${over.id} AND automatic = 1`);
const number = (id) => one(`SELECT reference_number FROM gateway_refunds WHERE id = ${id}`);
const told = (i, type) => one(`SELECT id FROM gateway_events WHERE session_id = ${i.id} AND type = '${type}' ORDER BY id DESC LIMIT 1`);
const eventId = (id) => one(`SELECT event_id FROM gateway_events WHERE id = ${id}`);
const payout = one(`SELECT payout_id FROM gateway_refunds WHERE id = ${sent.id}`);
const confirmed = told(exact, 'payment.confirmed'), overpaid = told(over, 'payment.overpaid'), refunded = told(exact, 'refund.sent');
const DELETE = null;
const table = {
	gateway_sessions: [
		['merchant_id', '2', `id = ${exact.id}`, `session ${exact.id}: is .* merchant 2 .*was written .* merchant 1 `],
		['environment', '1', `id = ${exact.id}`, `session ${exact.id}: is .* environment 1 .*was written .* environment 0 `],
		['account_id', 'account_id + 1', `id = ${exact.id}`, `match of transfer ${paid}: .*on account (\\d+); session ${exact.id} .* on account (?!\\1)`],
		['status', '3', `id = ${exact.id}`, `session ${exact.id}: status 3, paid 5000 of 5000`],
		['status', '7', `id = ${open.id}`, 'finished by -1'],
		['status', '2', `id = ${open.id}`, `session ${open.id}: status 2, invoice`],
		['amount', '900', `id = ${open.id}`, `session ${open.id}: is 900 EUR .*was written 1100 EUR`],
		['amount', '800, status = 4, confirmed_at = 1', `id = ${partial.id}`, `tells 2000 .*session ${partial.id} says 800 `],
		['currency', "'USD'", `id = ${exact.id}`, `session ${exact.id}: is 5000 USD .*was written 5000 EUR`],
		['total_paid', '900', `id = ${partial.id}`, `session ${partial.id}: paid 900 in 1, transfers 800 in 1`],
		['total_returned', '100', `id = ${exact.id}`, `session ${exact.id}: returned 100, transfers 0`],
		['payment_count', '2', `id = ${partial.id}`, `session ${partial.id}: paid 800 in 2, transfers 800 in 1`],
		['late', '0', `id = ${late.id}`, `session ${late.id}: .*late 0,.* tells .*late (1|true)`],
		['state_version', '1', `id = ${exact.id}`, `session ${exact.id}: .*version 1;.* tells .*version [2-9]`],
		['expires_at', 'expires_at + 1', `id = ${open.id}`, `session ${open.id}: is .* until (\\d+); was written .* until (?!\\1)`],
		['invoiced_at', 'NULL', `id = ${open.id}`, `session ${open.id}: status 1, .*since never`],
		['confirmed_at', 'confirmed_at - 60', `id = ${exact.id}`, `session ${exact.id}: paid .* since .* tells .* since`],
		['confirmed_at', '0', `id = ${exact.id}`, `session ${exact.id}: status 4, confirmed at 0`],
		['reference_number', "'DP-260101-ABCDEF'", `id = ${open.id}`, `session ${open.id}: .*reference DP-260101-ABCDEF, sought as DP`],
		['reference_key', "'DP260101ABCDEF'", `id = ${open.id}`, `session ${open.id}: .*reference ${open.reference}, sought as DP260101ABCDEF`],
		['invoice_number', "'INV-1'", `id = ${exact.id}`, `tells .* INV-\\d{6}-\\d+; session ${exact.id} says .* INV-1`],
		['schedule_id', '0', `id = ${cycle[2]}`, `session ${cycle[2]}: is .* schedule 0 .*was written .* schedule ${schedule.schedule_id} `],
		['token_id', 'token_check', `id = ${exact.id}`, `session ${exact.id} says .*another token`],
		['token_check', 'token_id', `id = ${exact.id}`, `session ${exact.id} says .*another token`],
		['callback_url', "'https://evil.example/'", `id = ${exact.id}`, `delivery of event ${confirmed}: .*; event .* to https://evil`],
		['facts', "'x'", `id = ${open.id}`, `session ${open.id}: is 1100 EUR .*was written x`],
		['events', '0', `id = ${exact.id}`, `session ${exact.id}: \\d+ events, made were 0`],
		['refunds', '9', `id = ${exact.id}`, `session ${exact.id}: 4 refunds, made were 9`],
		[DELETE, '', `id = ${exact.id}`, `match of transfer ${paid}`],
	],
	gateway_transfers: [
		['account_id', 'account_id + 1', `id = ${unmatched}`, `transfer ${unmatched}: is .* account (\\d+) .*was written .* account (?!\\1)`],
		['bank_id', "'y'", `id = ${unmatched}`, `transfer ${unmatched}: is .* id y; was written credit 300 EUR`],
		['credit', '0', `id = ${unmatched}`, `transfer ${unmatched}: is debit 300 .*was written credit 300`],
		['amount', '400', `id = ${unmatched}`, `transfer ${unmatched}: is credit 400 .*was written credit 300`],
		['amount', '700', `id = ${stray}`, `transfer ${stray}: is debit 700 .*was written debit 600`],
		['currency', "'USD'", `id = ${unmatched}`, `transfer ${unmatched}: is credit 300 USD .*was written credit 300 EUR`],
		['booking_day', 'booking_day - 1', `id = ${stray}`, `transfer ${stray}: is .* day (\\d+) .*was written .* day (?!\\1)`],
		['debtor_iban', "'LT223740020032524104'", `id IN (SELECT transfer_id FROM gateway_matches WHERE session_id = ${over.id})`, `refund ${number(auto)}: to John Smith, ${PAYER}; session ${over.id} was paid by nobody`],
		['debtor_name', "'X'", `id IN (SELECT transfer_id FROM gateway_matches WHERE session_id = ${over.id})`, `refund ${number(auto)}: to John Smith`],
		['facts', "'x'", `id = ${stray}`, `transfer ${stray}: .*was written x`],
		[DELETE, '', `id = ${paid}`, `match of transfer ${paid}`],
	],
	gateway_transfer_ids: [
		['account_id', '99', '1', 'id MANY-2: of account 99, transfer \\d+ of 1'],
		['transfer_id', '99999', '1', 'id MANY-2: of account 1, transfer 99999 of none'],
	],
	gateway_matches: [
		['transfer_id', stray, `transfer_id = ${paid}`, `match of transfer ${stray}: went`],
		['session_id', open.id, `transfer_id = ${paid}`, `session ${open.id}: paid 0 in 0, transfers 5000 in 1`],
		['fee', 'fee + 1', `transfer_id = ${paid}`, 'merchant 1, .*fees by -1'],
		['first', '0', `transfer_id = ${paid}`, `session ${exact.id}: 0 first of 1`],
		[DELETE, '', `transfer_id = ${paid}`, `transfer ${paid}: 5000 EUR, of session none, of refund none`],
	],
	gateway_unmatched: [
		['transfer_id', '99999', `transfer_id = ${unmatched}`, `transfer ${unmatched}: 300 EUR, of session none`],
		[DELETE, '', `transfer_id = ${unmatched}`, `transfer ${unmatched}: 300 EUR, of session none`],
	],
	gateway_outgoing: [
		['transfer_id', '99999', `transfer_id = ${stray}`, `transfer ${stray}: 600 EUR, of refund none, not listed`],
		['session_id', exact.id, `transfer_id = ${stray}`, `session ${exact.id}: returned 0, transfers 600`],
		[DELETE, '', `transfer_id = ${stray}`, `transfer ${stray}: 600 EUR, of refund none, not listed`],
	],
	gateway_refunds: [
		['session_id', partial.id, `id = ${pending}`, `refund ${pending}: is .* session ${partial.id} .*was written .* session ${exact.id} `],
		['merchant_id', '2', `id = ${pending}`, `refund ${pending}: is .* merchant 2 .*was written .* merchant 1 `],
		['reference_number', "'R0000000'", `id = ${sent.id}`, `tells ${number(sent.id)} .*refund R0000000`],
		['amount', '800', `id = ${auto}`, `session ${over.id}: 900 too much, refunds of that 800|event .* tells of 8.00, refunds of session ${over.id}: 700`],
		['amount', '1000', `id = ${auto}`, `session ${over.id}: automatic refunds 900; event ${eventId(overpaid)} tells 800`],
		['amount', '900', `id = ${pending}`, `refund ${pending}: is R\\w+ 900 .*was written R\\w+ 400 `],
		['processing_fee', '0', `id = ${pending}`, `refund ${pending}: is .* fee 0 .*was written .* fee 100 `],
		['status', '5', `id = ${auto}`, `refund ${number(auto)}: status 5, .*cancelled 0`],
		['status', '0', `id = ${cancelled}`, `refund ${number(cancelled)}: status 0, .*cancelled [1-9]`],
		['status', '3', `id = ${pending}`, `refund ${number(pending)}: status 3, no event tells so`],
		['status', '1', `id = ${held.id}`, `refund ${number(held.id)}: status 1, another name accepted 0; payout \\d+: NMTC`],
		['status', '0', `id = ${returned.id}`, `refund ${number(returned.id)}: status 0, went 1, returned 1`],
		['automatic', '0', `id = ${auto}`, `refund ${auto}: is .* automatic 0; was written .* automatic 1`],
		['debtor_iban', "'LT223740020032524104'", `id = ${auto}`, `refund ${number(auto)}: to John Smith, LT22.* was paid by nobody`],
		['debtor_iban', "'LT223740020032524104'", `id = ${held.id}`, `refund ${number(held.id)} chose payout .* to Peter Pan, LT22.*; order .* to Peter Pan, NL91`],
		['debtor_name', "'Peter Pan'", `id = ${auto}`, `refund ${number(auto)}: to Peter Pan`],
		['payout_id', payout, `id = ${held.id}`, `refund ${number(held.id)} chose payout ${payout} of refund ${sent.id}`],
		['payout_id', '0', `id = ${sent.id}`, `payout ${payout}: authorised, refund ${number(sent.id)} chose 0`],
		['sends', '0', `id = ${held.id}`, `refund ${number(held.id)}: status 2, asked for 0 times`],
		['accept_name', '1', `id = ${auto}`, `refund ${number(auto)}: status 0`],
		['sent_at', '0', `id = ${sent.id}`, `refund ${number(sent.id)}: status 3, .*sent 0`],
		['failed_at', '0', `id = ${returned.id}`, `refund ${number(returned.id)}: status 4, .*failed 0`],
		['cancelled_at', '0', `id = ${cancelled}`, `refund ${number(cancelled)}: status 5, .*cancelled 0`],
		['facts', "'x'", `id = ${pending}`, `refund ${pending}: .*was written x`],
		['transfer_id', gift, `id = ${pending}`, `refund ${number(pending)}: of session ${exact.id}, sends back ${gift}`],
		['transfer_id', unmatched, `id = ${back}`, `refund ${number(back)}: .* sends back transfer ${unmatched}: came 300 from`],
		['transfer_id', '0', `id = ${back}`, `refund ${number(back)}: of session 0, which is not there, sends back 0, which is not there`],
		['amount', '100', `id = ${back}`, `refund ${back}: is R\\w+ 100 .*was written R\\w+ 450 `],
		['status', '4', `id = ${back}`, `refund ${number(back)}: status 4, went 1`],
		[DELETE, '', `id = ${pending}`, `session ${exact.id}: 3 refunds, made were 4`],
	],
	gateway_refund_entries: [
		['transfer_id', stray, `refund_id = ${sent.id}`, `refund ${number(sent.id)}: 400, went in 1 entries, 600`],
		['refund_id', pending, `refund_id = ${sent.id}`, `refund ${number(pending)}: status 0, went 1`],
		['returned', '1', `refund_id = ${sent.id}`, `refund ${number(sent.id)}: status 3, went 0, returned 1`],
		[DELETE, '', `refund_id = ${sent.id}`, 'refunds by 400, fees by 100'],
	],
	gateway_payouts: [
		['refund_id', pending, `id = ${payout}`, `refund ${number(sent.id)} chose payout ${payout} of refund ${pending}`],
		['send', '9', `id = ${payout}`, `refund ${number(sent.id)} chose payout ${payout} `],
		['creditor_iban', "'LT223740020032524104'", `id = ${payout}`, `refund ${number(sent.id)} chose .* ${PAYER}; order 400 to John Smith, LT22`],
		['creditor_name', "'Peter Pan'", `id = ${payout}`, `refund ${number(sent.id)} chose .* to John Smith, .*order 400 to Peter Pan`],
		['amount', '500', `id = ${payout}`, `payout ${payout} of refund ${number(sent.id)}: 500 of 400`],
		['payment_order_no', 'NULL', `id = ${payout}`, `payout ${payout} .*number none, initiated [1-9]`],
		['match_type', "'MTCH'", `refund_id = ${held.id}`, `refund ${number(held.id)}: status 2, another name accepted 0; payout \\d+: MTCH`],
		['transaction_status', "'RJCT'", `refund_id = ${unread.id}`, `refund ${number(unread.id)}: status 3, .*: .*RJCT`],
		['initiated_at', '0', `id = ${payout}`, `payout ${payout} .*initiated 0, authorised [1-9]`],
		['authorised_at', '0', `id = ${payout}`, `payout ${payout} .*authorised 0, ended [1-9]`],
		['ended_at', '1', `refund_id = ${held.id}`, `payout \\d+ of refund ${number(held.id)}: .*authorised 0, ended 1`],
		[DELETE, '', `id = ${payout}`, `refund ${number(sent.id)} chose payout ${payout} of refund none`],
	],
	gateway_events: [
		['event_id', "'evt_x'", `id = ${overpaid}`, `event ${overpaid}: is payment.overpaid evt_x .*was written .* ${eventId(overpaid)} `],
		['merchant_id', '2', `id = ${overpaid}`, `event ${overpaid}: is .* merchant 2 .*was written .* merchant 1 `],
		['session_id', exact.id, `id = ${overpaid}`, `event ${overpaid}: is .* session ${exact.id} .*was written .* session ${over.id} `],
		['type', "'payment.partial'", `id = ${overpaid}`, `event ${overpaid}: is payment.partial .*was written payment.overpaid`],
		['body', "JSON_REPLACE(body, '$.invoice_amount', 1)", `id = ${overpaid}`, `event ${eventId(overpaid)}: tells 100 .*session ${over.id} says 3000 `],
		['body', "JSON_REPLACE(body, '$.amount_paid', 1)", `id = ${overpaid}`, `session ${over.id}: paid 3900, .*tells 100,`],
		['body', "JSON_REPLACE(body, '$.refund_net', 1)", `id = ${refunded}`, `event ${refunded}: is .* body (\\w+); was written .* body (?!\\1)`],
		['body', "JSON_REPLACE(body, '$.processing_fee', 0)", `id = ${refunded}`, `event ${eventId(refunded)}: tells .* fee 0; refund .* fee 100`],
		['wanted', '0', `id = ${overpaid}`, `event ${overpaid}: is .* wanted 0 .*was written .* wanted 1 `],
		['facts', 'NULL', `id = ${overpaid}`, `session ${over.id}: 2 events, made were 3|session ${over.id}: 1 events, made were 2`],
		[DELETE, '', `id = ${overpaid}`, `session ${over.id}: \\d events, made were`],
		[DELETE, '', `id = ${refunded}`, `session ${exact.id}: \\d events, made were`],
	],
	gateway_deliveries: [
		['event_id', '99999', `event_id = ${overpaid}`, `event ${eventId(overpaid)} payment.overpaid: wanted 1, no delivery`],
		['session_id', exact.id, `event_id = ${overpaid}`, `delivery of event ${overpaid}: session ${exact.id} .*event of session ${over.id}`],
		['merchant_id', '2', `event_id = ${overpaid}`, `delivery of event ${overpaid}: .*merchant 2 .*event of session .* merchant 1`],
		['endpoint_id', '99', `event_id = ${overpaid}`, `delivery of event ${overpaid}`],
		['url', "'https://evil.example/'", `event_id = ${confirmed}`, `delivery of event ${confirmed}: .*to https://evil.example/; .*to http://127`],
		['status', '1', 'status = 0 LIMIT 1', 'delivery of event \\d+: .*status 1 delivered 0'],
		['delivered_at', '0', `event_id = ${confirmed}`, `delivery of event ${confirmed}: .*status 1 delivered 0`],
		[DELETE, '', `event_id = ${overpaid}`, `event ${eventId(overpaid)} payment.overpaid: wanted 1, no delivery`],
	],
	gateway_days: [
		...['merchant_id', 'environment', 'day'].map((c) => [c, `${c} + 1`, 'gross > 0 LIMIT 1', 'gross off by']),
		...[['gross', 'gross off by 1'], ['transfers', 'transfers by 1'], ['transactions', 'transactions by 1'], ['refunds', 'refunds by 1'], ['refund_fees', 'fees by 1'],
			['fees', 'fees by 1'], ['succeeded', 'succeeded off by 1'], ['finished', 'finished by 1']].map(([c, says]) => [c, `${c} + 1`, '1 LIMIT 1', `merchant 1, .*${says}`]),
		[DELETE, '', '1', 'gross off by -'],
	],
	gateway_postings: [
		...['merchant_id', 'environment', 'day'].map((c) => [c, `${c} + 1`, 'gross > 0 LIMIT 1', 'gross off by']),
		...[['gross', 'gross off by 1'], ['transfers', 'transfers by 1'], ['transactions', 'transactions by 1'], ['refunds', 'refunds by 1'], ['refund_fees', 'fees by 1'],
			['fees', 'fees by 1'], ['succeeded', 'succeeded off by 1'], ['finished', 'finished by 1']].map(([c, says]) => [c, `${c} + 1`, '1 LIMIT 1', `merchant 1, .*${says}`]),
		[DELETE, '', '1', 'gross off by -'],
	],
	gateway_asides: [
		['account_id', '99', 'status = 1', 'entry kept aside \\d+: status 1, .*of account 1, entry of 99'],
		['transfer_id', 'NULL', 'status = 1', 'entry kept aside \\d+: status 1, .*transfer none'],
		['status', '2', 'status = 0', 'entry kept aside \\d+: status 2, finished 0'],
		['closed_at', '0', 'status = 1', 'entry kept aside \\d+: status 1, finished 0'],
	],
	recurring_cycles: [
		['schedule_id', '99', `id = ${cycle[0]}`, `cycle ${cycle[0]} of schedule 99: .*session ${cycle[2]} of schedule ${schedule.schedule_id}`],
		['billing_day', 'billing_day + 1', `id = ${cycle[0]}`, `cycle ${cycle[0]}: 1000 on (\\S+), .*event tells (?!\\1)`],
		['amount', '900', `id = ${cycle[0]}`, `cycle ${cycle[0]}: 900 on .*; session ${cycle[2]} 1000`],
		['session_id', open.id, `id = ${cycle[0]}`, `cycle ${cycle[0]} of schedule .*session ${open.id} of schedule 0`],
		['status', '0', `id = ${cycle[0]}`, `cycle ${cycle[0]} .*: status 0, .*: 4`],
		['paid_at', '0', `id = ${cycle[0]}`, `cycle ${cycle[0]}: .*status 1, paid at 0`],
		[DELETE, '', `id = ${cycle[0]}`, `schedule ${schedule.schedule_id}: billed 1, .*cycles 0`],
	],
	recurring_schedules: [
		['cycles_billed', '2', '1', `schedule ${schedule.schedule_id}: billed 2, .*cycles 1`],
		['cycles_paid', '0', '1', `schedule ${schedule.schedule_id}: billed 1, paid 0, .*paid 1`],
		['cycles_missed', '1', '1', `schedule ${schedule.schedule_id}: .*missed 1; .*missed 0`],
		[DELETE, '', '1', `cycle ${cycle[0]} .*there is no such schedule`],
	],
};

// Columns that carry none, and why.
const ID = 'the row\'s own name: what hangs on it is compared', WHEN = 'only says when', WORDS = 'words about it', NEXT = 'only says when a step is next';
const WISH = 'what the merchant wishes from now on';
const none = {
	gateway_sessions: { id: ID, poll_count: 'how long to wait', polled_at: NEXT, created_at: WHEN, merchant_order_id: WORDS, customer_email: WORDS, customer_name: WORDS, items: WORDS,
		return_url: 'where the shopper goes, not the money' },
	gateway_transfers: { id: ID, creditor_name: WORDS, creditor_iban: WORDS, remittance: WORDS, structured: WORDS, end_to_end_id: WORDS, created_at: WHEN,
		content: 'compared with the bank at each read' },
	gateway_transfer_ids: { bank_id: 'learned again at the next read' },
	gateway_matches: { method: WORDS, created_at: WHEN },
	gateway_unmatched: { turns: 'who decides on it writes it', reason: WORDS, suggestion: 'a hint for people', created_at: WHEN },
	gateway_outgoing: { created_at: WHEN, seen_at: 'that an operator looked' },
	gateway_refunds: { id: ID, reason: WORDS, created_at: WHEN, begun_at: WHEN, auto_at: NEXT, due_at: NEXT, tries: NEXT, failure: WORDS },
	gateway_refund_entries: { created_at: WHEN },
	gateway_payouts: { id: ID, payment_rail: WORDS, matched_name: WORDS, error: WORDS, created_at: WHEN },
	gateway_events: { id: ID, created_at: WHEN },
	gateway_deliveries: { attempts: NEXT, attempts_before: NEXT, due_at: NEXT },
	gateway_days: {},
	gateway_postings: { id: ID },
	gateway_asides: { id: ID, mark: 'the same again', bank_id: WORDS, reason: WORDS, field: WORDS, raw: WORDS, seen: 'counts reads', first_seen_at: WHEN, last_seen_at: WHEN },
	recurring_cycles: { id: ID, reminders: NEXT, remind_at: NEXT, ends_at: NEXT, created_at: WHEN },
	recurring_schedules: { id: ID, merchant_id: 'its sessions have theirs', created_at: WHEN, last_billed_at: WHEN, last_paid_at: WHEN, stopped_at: WHEN, anchor_day: WISH, cycle: WISH, due_at: WISH,
		...Object.fromEntries(['status', 'customer_name', 'customer_email', 'customer_phone', 'delivery_method', 'frequency', 'original_amount', 'discount_percent', 'order_items',
			'order_description', 'payment_url', 'language', 'remind_after_days', 'total_cycles'].map((c) => [c, WISH])) },
};

// Tables that hold neither money nor the fate of any.
const others = ['gateway_acts', 'gateway_alerts', 'gateway_attempts', 'gateway_audits', 'gateway_endpoints', 'gateway_erasures', 'gateway_erasures_due', 'gateway_idempotency', 'gateway_keys',
	'gateway_merchants', 'gateway_payers', 'gateway_totals', 'gateway_workers', 'bank_accounts', 'bank_logins', 'recurring_attempts', 'recurring_config', 'recurring_messages',
	'recurring_senders', 'schema_migrations'];

const columns = sql("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'dapit' ORDER BY 1, 2");
is([...new Set(columns.map(([t]) => t))].filter((t) => !table[t] && !others.includes(t)), [], 'every table has its columns here, or holds no money');
is(columns.filter(([t, c]) => table[t] && !table[t].some((r) => r[0] === c) && !none[t][c]).map((c) => c.join('.')), [], 'every column has a row here, or a reason');
is(Object.keys(none).flatMap((t) => Object.keys(none[t]).filter((c) => !columns.some(([a, b]) => a === t && b === c))), [], 'every reason has its column');

for (const [t, rows] of Object.entries(table)) {
	sql(`CREATE TABLE keep_it LIKE ${t}; INSERT INTO keep_it SELECT * FROM ${t}`);
	for (const [column, value, where, says] of rows) {
		const shows = column === DELETE ? `${t}: a row deleted` : `${t}.${column} = ${value}`;
		sql(column === DELETE ? `DELETE FROM ${t} WHERE ${where}` : `UPDATE ${t} SET ${column} = ${value} WHERE ${where}`);
		const r = dapitFails('audit');
		ok(r.status === 1 && new RegExp(`^     .*${says}`, 'm').test(r.stdout), shows, `wants ${says}:\n${r.stdout}${r.stderr}`);
		sql(`START TRANSACTION; DELETE FROM ${t}; INSERT INTO ${t} SELECT * FROM keep_it; COMMIT`);
	}
	sql('DROP TABLE keep_it');
	balanced(`${t}: put back, it is balanced`);
}

// Who writes a row's facts as well is told of by the bank, at the next read.
const forge = (from, to) => sql(`UPDATE gateway_transfers SET amount = ${to}, facts = REPLACE(facts, ' ${from} ', ' ${to} ') WHERE id = ${unmatched}`);
forge(300, 400);
balanced('a transfer changed together with its facts is balanced');
dapit('bank', 'sync');
let r = dapitFails('audit');
ok(new RegExp(`^     transfer ${unmatched}: a read found the stored amount to be another; it is credit 400 EUR .* bank says 3.00 `, 'm').test(r.stdout), 'until the bank is read: its word is another', r.stdout);
const conflict = JSON.parse(dapit('transfers', '--aside', '--json')).find((a) => a.reason === 'conflict');
has(conflict, { field: 'stored amount', bank_id: one(`SELECT bank_id FROM gateway_transfers WHERE id = ${unmatched}`) }, 'the entry is kept aside');
forge(400, 300);
dapit('bank', 'sync');
is(JSON.parse(dapit('transfers', '--aside', '--json')).find((a) => a.id === conflict.id).seen, conflict.seen, 'put back: it is not seen again');
dapit('transfers', 'dismiss', String(conflict.id), '--because', 'the row was wrong', '--yes');
balanced('and dismissed: balanced');

// Entries put there raw do not move the balance that the bank states.
sql('UPDATE bank_accounts SET balance_first = NULL, balance_rest = NULL');

// Nobody needs to ask: the worker looks each hour, doctor says what it found.
sql(`UPDATE gateway_transfers SET amount = 700 WHERE id = ${stray}`);
await worker();
is(doctor().health, 'ok', 'within the hour the worker does not look again');
dapit('clock', '+1h');
await worker();
has(doctor(), { health: 'broken' }, 'an hour later it does: broken');
ok(doctor().state.includes(`transfer ${stray}: is debit 700 EUR`) && doctor().todo.includes('dapit audit'), 'doctor names the row', doctor());
sql(`UPDATE gateway_transfers SET amount = 600 WHERE id = ${stray}`);
dapit('clock', '+1h');
await worker();
is(doctor().health, 'broken', 'it does not forget what it saw');
dapit('transfers', 'dismiss', String(JSON.parse(dapit('transfers', '--aside', '--json')).find((a) => a.field === 'stored amount').id), '--because', 'the row was wrong', '--yes');
balanced('dapit audit, when all is put back');
is(doctor().health, 'ok', 'clears it');
done();
