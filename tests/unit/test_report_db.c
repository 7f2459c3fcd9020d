/*
 * test_report_db.c - thousands of payments on hundreds of days: in parts, too
 * much, late, never, refunded, returned.  What the reports say is compared
 * with a list of plain facts that is kept here, at random moments, for
 * random ranges, whether the days are summed up yet or not.
 */
#include <stdlib.h>

#include "base/calendar.h"
#include "base/money.h"
#include "base/status.h"
#include "flow/audit.h"
#include "flow/checkout.h"
#include "flow/credit.h"
#include "flow/migrate.h"
#include "flow/payback.h"
#include "flow/report.h"
#include "flow/rollup.h"
#include "flow/sweep.h"
#include "model/account.h"
#include "model/match.h"
#include "model/merchant.h"
#include "dice.h"
#include "tap.h"

#define SESSIONS	3000
#define FIRST_DAY	20450			/* 2025-12-28 */
#define HOURS		4			/* from session to session */
#define MERCHANTS	2
#define FACTS_MAX	(SESSIONS * 12)

/* One thing that counts, as a bookkeeper would write it down. */
struct fact {
	int64_t	merchant, environment, day;
	cents	came, went, fee;
	int64_t	transfers, payments, succeeded, finished;
};

static struct cx cx;
static struct fact facts[FACTS_MAX];
static size_t nfacts;
static int64_t now = FIRST_DAY * INT64_C(86400);
static int64_t bank_ids;
static cents fixed_left;		/* of the session's fixed fee */
static struct { int64_t percent; cents fixed; } rates[MERCHANTS + 1] = {
	{ 0, 0 }, { 150, 25 }, { 0, 0 }
};

static void
begin(int64_t merchant, int64_t environment)
{
	cx_begin(&cx);
	cx.now = now;
	cx.merchant = merchant;
	cx.environment = environment;
}

static void
must(enum err e, const char *what)
{
	if (e != 0) {
		is_int(e, 0, "%s: %s", what, cx.why);
		exit(1);
	}
}

static struct fact *
note(const struct session *s, int64_t day)
{
	struct fact *f = &facts[nfacts++];

	*f = (struct fact){ .merchant = s->merchant_id,
	    .environment = s->environment, .day = day };
	return f;
}

/* By hand, not by the code that is tested.  What a transfer cannot bear of
 * the fixed fee waits in fixed_left for the next one. */
static cents
rate(const struct session *s, cents came, bool first)
{
	cents fee = came / 10000 * rates[s->merchant_id].percent, fixed;
	int64_t rest = came % 10000 * rates[s->merchant_id].percent;

	if (first)
		fixed_left = rates[s->merchant_id].fixed;
	fee += rest / 10000 + (rest % 10000 >= 5000);
	fixed = fee + fixed_left > came ? came - fee : fixed_left;
	fixed_left -= fixed;
	return fee + fixed;
}

static enum err
enter(struct cx *c, void *arg)
{
	struct transfer *t = arg;
	enum err e = transfer_add(c, t);

	return e == 0 ? credit_transfer(c, t) : e;
}

/* Around the day of now, sometimes long ago: the bank may book late. */
static int64_t
some_day(void)
{
	return day_of_bank(now) - (dice(20) == 0 ? dice(40) : dice(2));
}

static void
pay(struct session *s, cents amount, bool first)
{
	struct transfer t = { .account_id = s->account_id, .credit = 1,
	    .amount = amount, .currency = "EUR", .booking_day = some_day(),
	    .debtor_name = "Payer", .debtor_iban = "DE89370400440532013000",
	    .remittance = s->reference_number,
	    .bank_id = arena_printf(cx.arena, "in%" PRId64, ++bank_ids) };
	struct fact *f = note(s, t.booking_day);

	must(db_tx(&cx, enter, &t), "money comes");
	f->came = amount;
	f->transfers = 1;
	f->payments = first;
	f->fee = rate(s, amount, first);
}

/* The bank's entry of a refund: it goes out, or it comes back. */
static void
move(const struct session *s, const struct refund *r, bool back)
{
	struct transfer t = { .account_id = s->account_id, .credit = back,
	    .amount = r->amount - r->processing_fee, .currency = "EUR",
	    .booking_day = some_day(), .remittance = "Refund",
	    .end_to_end_id = arena_printf(cx.arena, "%s-1",
		r->reference_number),
	    .bank_id = arena_printf(cx.arena, "re%" PRId64, ++bank_ids) };
	struct fact *f = note(s, t.booking_day);

	must(db_tx(&cx, enter, &t), "a refund moves");
	f->went = back ? -t.amount : t.amount;
	f->fee = back ? -r->processing_fee : r->processing_fee;
}

static void
refund(struct session *s)
{
	struct refund r = { 0 };
	struct session same = { 0 };
	cents others = 0;

	must(refund_sum(&cx, s->id, &others), "what is refunded");
	r.amount = s->total_paid - others;
	if (r.amount > 101 && dice(2) == 0)
		r.amount = 101 + dice(r.amount - 101);
	if (r.amount <= 100)
		return;
	must(payback_create(&cx, s->reference_number, &r, &same), "a refund");
	if (dice(4) == 0)
		return;			/* it stays pending */
	move(s, &r, false);
	if (dice(5) == 0)
		move(s, &r, true);
}

/* Polls until it fails. */
static void
fail_it(const char *token, struct session *s)
{
	struct poll p = { 0 };

	must(checkout_confirm(&cx, token, s), "confirm_paid");
	must(db_script(&cx, arena_printf(cx.arena, "UPDATE bank_accounts SET"
	    " checked_at = %" PRId64, now)), "a read of the bank");
	must(db_script(&cx, arena_printf(cx.arena, "UPDATE gateway_sessions"
	    " SET poll_count = 60 WHERE id = %" PRId64, s->id)), "60 polls");
	must(checkout_poll(&cx, token, &p), "the last poll");
	is_true(p.timeout, "session %" PRId64 " fails", s->id);
}

static void
end(const struct session *s, bool paid)
{
	struct fact *f = note(s, FIRST_DAY);	/* any day: it is never shown */

	f->succeeded = paid;
	f->finished = 1;
}

/* One session, from its order to whatever comes of it. */
static void
live(void)
{
	struct session s = { .amount = 1 + dice(dice(2) ? 50000 : 900) };
	bool fails = dice(25) == 0, late = dice(12) == 0;
	int64_t parts = dice(6) == 0 ? 0 : 1 + (dice(4) == 0);
	char *token;
	cents rest;

	begin(1 + dice(MERCHANTS), dice(10) == 0);
	must(checkout_open(&cx, &s, 60), "create_session");
	token = session_token(cx.arena, &s);
	must(checkout_invoice(&cx, token, &s), "create_invoice");
	if (fails)
		fail_it(token, &s);
	if (fails && dice(2) == 0)
		must(checkout_confirm(&cx, token, &s), "confirm_paid again");
	if (late) {
		now += 2 * 3600;
		cx.now = now;
		must(sweep(&cx, &rest), "the sweeper");
	}
	rest = s.amount + (dice(5) == 0 ? 1 + dice(900) : 0);
	for (int64_t i = 0; i < parts; i++) {
		cents part = i + 1 < parts ? 1 + dice(rest) : rest;

		if (part > 0)
			pay(&s, part, i == 0);
		rest -= part;
	}
	must(session_read(&cx, s.id, &s), "the session");
	if (parts > 0)
		end(&s, true);
	else
		end(&s, false);		/* the sweeper will come by */
	if (parts > 0 && dice(4) == 0)
		refund(&s);
}

static struct settled
expect(int64_t from, int64_t until)
{
	struct settled e = { 0 };

	for (size_t i = 0; i < nfacts; i++) {
		const struct fact *f = &facts[i];

		if (f->merchant != cx.merchant || f->day < from ||
		    f->day > until || f->environment != cx.environment)
			continue;
		e.gross_volume += f->came;
		e.total_refunds += f->went;
		e.total_fees += f->fee;
		e.transaction_count += f->payments;
		e.transfer_count += f->transfers;
	}
	e.net_settlement = e.gross_volume - e.total_refunds - e.total_fees;
	return e;
}

static bool
same(const struct settled *a, const struct settled *b)
{
	return a->gross_volume == b->gross_volume &&
	    a->total_refunds == b->total_refunds &&
	    a->total_fees == b->total_fees &&
	    a->net_settlement == b->net_settlement &&
	    a->transaction_count == b->transaction_count &&
	    a->transfer_count == b->transfer_count;
}

/* A report, its days one by one, and their sum. */
static void
compare(int64_t from, int64_t until)
{
	struct settled all, want = expect(from, until), sum = { 0 };
	const struct settled *d;
	struct rows days;
	bool each = true;

	must(report_settle(&cx, from, until, &all, &days), "a settlement");
	d = days.row;
	for (size_t i = 0; i < days.n; i++) {
		struct settled one = expect(from + (int64_t)i,
		    from + (int64_t)i);

		each = each && same(&d[i], &one);
		sum.gross_volume += d[i].gross_volume;
		sum.net_settlement += d[i].net_settlement;
	}
	is_true(same(&all, &want), "merchant %" PRId64 ", %s, %zu days: %"
	    PRId64 " cents came, net %" PRId64, cx.merchant,
	    cx.environment == 0 ? "staging" : "production", days.n,
	    all.gross_volume, all.net_settlement);
	is_true(each && days.n == (size_t)(until - from + 1), "each day too");
	is_true(sum.gross_volume == all.gross_volume &&
	    sum.net_settlement == all.net_settlement, "and their sum");
}

static void
compare_some(void)
{
	int64_t today = day_of_bank(now), from;

	for (int64_t m = 1; m <= MERCHANTS; m++) {
		begin(m, dice(3) == 0);
		from = today - dice(REPORT_DAYS);
		compare(from, from + dice(today - from + 1));
		compare(today - REPORT_DAYS + 1, today);
	}
}

static void
compare_overview(void)
{
	int64_t today = day_of_bank(now), month = today, succeeded = 0, n = 0;
	char text[DAY_TEXT];
	struct overview o;
	struct settled all;

	while (strcmp(day_print(month, text) + 8, "01") != 0)
		month--;
	all = expect(0, INT64_MAX);
	for (size_t i = 0; i < nfacts; i++)
		if (facts[i].merchant == cx.merchant &&
		    facts[i].environment == cx.environment) {
			succeeded += facts[i].succeeded;
			n += facts[i].finished;
		}
	must(report_overview(&cx, &o), "the dashboard");
	is_int(o.today_volume, expect(today, today).gross_volume, "today");
	is_int(o.month_volume, expect(month, INT64_MAX).gross_volume,
	    "this month");
	is_int(o.all_time_volume, all.gross_volume, "ever");
	is_true(llabs(2 * (o.average_transaction * all.transaction_count -
	    all.gross_volume)) <= all.transaction_count, "the average, %"
	    PRId64 " cents, is as near as a cent can be",
	    o.average_transaction);
	is_true(llabs(o.success_rate * n - succeeded * 10000) * 2 <= n,
	    "%" PRId64 " of %" PRId64 " were paid: %" PRId64 " in 10000",
	    succeeded, n, o.success_rate);
}

/* A fixed fee of 0.25 is paid by as many transfers as it takes. */
static void
test_fixed_fee(void)
{
	static const struct { cents came, fee; } parts[] = {
		{ 10, 10 }, { 1, 1 }, { 20, 14 }, { 20, 0 }, { 5000, 75 },
	};
	struct session s = { .amount = 5051 };
	struct rows rows;
	const struct charged *c;

	begin(1, 0);
	must(checkout_open(&cx, &s, 60), "create_session");
	must(checkout_invoice(&cx, session_token(cx.arena, &s), &s),
	    "create_invoice");
	for (size_t i = 0; i < NELEM(parts); i++) {
		pay(&s, parts[i].came, i == 0);
		must(match_fees(&cx, s.id, &rows), "its fees");
		c = rows.row;
		is_true(rows.n == i + 1 && c[i].fee == parts[i].fee,
		    "a fee of 1.5 %% and 25 cents: %" PRId64 " bears %" PRId64,
		    parts[i].came, parts[i].fee);
	}
	end(&s, true);
}

/* Staging and production have a statement each: what one says of a refund of
 * the other, whatever its text, is money of nobody. */
static void
test_other_account(void)
{
	struct session s = { .amount = 5000 };
	struct refund r = { .amount = 2000 };
	struct transfer t;

	begin(1, 0);
	must(checkout_open(&cx, &s, 60), "create_session");
	must(checkout_invoice(&cx, session_token(cx.arena, &s), &s),
	    "create_invoice");
	pay(&s, 5000, true);
	end(&s, true);
	must(session_read(&cx, s.id, &s), "the session");
	must(payback_create(&cx, s.reference_number, &r, &s), "a refund");
	move(&s, &r, false);
	t = (struct transfer){ .account_id = s.account_id + 1, .credit = 1,
	    .amount = 1900, .currency = "EUR",
	    .booking_day = day_of_bank(now), .bank_id = "other",
	    .remittance = r.reference_number };
	must(db_tx(&cx, enter, &t), "another account's statement");
	must(refund_find(&cx, r.id, &r), "the refund");
	is_int(r.status, REFUND_SENT, "another account's entry does not"
	    " bring a refund back");
}

static void
flaw(const struct check *c, const struct rows *rows, void *arg)
{
	if (rows->n > 0)
		printf("# %s: %s\n", c->name,
		    ((const struct flaw *)rows->row)->what);
	*(int64_t *)arg += (int64_t)rows->n;
}

static void
setup(void)
{
	struct merchant m = { .name = "Shop", .webhook_secret = "",
	    .events = "", .timezone = "UTC" };
	struct account a = { .iban = "LT913740020058585210", .bank_id = "1",
	    .beneficiary_name = "Holder", .account_name = "",
	    .bank_name = "" };
	int done = 0;

	begin(0, 0);
	must(migrate(&cx, migrations, &done), "the schema");
	for (int64_t i = 1; i <= MERCHANTS; i++) {
		must(merchant_add(&cx, &m), "a merchant");
		m.fee_percent = rates[i].percent;
		m.fee_fixed = rates[i].fixed;
		must(merchant_set(&cx, &m), "its rates");
		m.fee_percent = m.fee_fixed = 0;
	}
	must(account_put(&cx, &a), "an account");
	a.environment = 1;
	must(account_put(&cx, &a), "another");
}

int
main(void)
{
	char why[256];
	int64_t n = 1, flaws = 0;
	struct books books;

	tap_needs_db();
	sow();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL)
		return 1;
	cx.db = db_new(cx.conf, cx.conf->db_name);
	setup();
	for (int i = 1; i <= SESSIONS; i++) {
		live();
		now += dice(2 * HOURS * 3600);
		begin(1, 0);
		if (dice(30) == 0)
			must(rollup(&cx, &n), "the days");
		if (i % 250 == 0)
			compare_some();
	}
	test_fixed_fee();
	test_other_account();
	now += 86400;			/* past every expiry */
	begin(1, 0);
	for (n = 1; n > 0;)
		must(sweep(&cx, &n), "the sweeper");
	for (int64_t m = 1; m <= MERCHANTS; m++)
		for (int64_t e = 0; e < 2; e++) {
			begin(m, e);
			compare_overview();
		}
	begin(1, 0);
	for (n = 1; n > 0;)
		must(rollup(&cx, &n), "the days");
	compare_some();
	is_int(audit(&cx, &books, flaw, &flaws), 0, "audited: %s", cx.why);
	is_int(flaws, 0, "and balanced");
	db_free(cx.db);
	return tap_done();
}
