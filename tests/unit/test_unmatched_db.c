/*
 * test_unmatched_db.c - money that is nobody's is listed once, and the list,
 * the gauge and the books mean the same by it.  Staging and production lead
 * to one account of the bank here: each reads all of its entries.
 */
#include "base/calendar.h"
#include "flow/audit.h"
#include "flow/checkout.h"
#include "flow/credit.h"
#include "flow/migrate.h"
#include "flow/payback.h"
#include "flow/pulse.h"
#include "model/account.h"
#include "model/merchant.h"
#include "tap.h"

#define NOW	INT64_C(1774911912)

static struct cx cx;
static struct session s;		/* of staging, 10.00, paid in parts */
static struct refund r;			/* of it, 2.00, sent */

/* An entry as one of the accounts reads it: 1 staging, 2 production, 3 is
 * another account of the bank. */
static const struct {
	int64_t		account;
	const char	*bank_id;
	cents		amount;
	const char	*text;		/* S: names the session, R: the refund */
	int64_t		n;		/* unmatched then */
	cents		money;
	const char	*shows;
} entries[] = {
	{ 1, "a", 100, "S", 0, 0,   "a payment" },
	{ 2, "a", 100, "S", 0, 0,   "production reads it, too" },
	{ 2, "b", 200, "S", 1, 200, "production is first" },
	{ 1, "b", 200, "S", 0, 0,   "then it is credited" },
	{ 1, "c", 300, "-", 1, 300, "a payment of nobody's" },
	{ 2, "c", 300, "-", 1, 300, "read twice, it is listed once" },
	{ 2, "d", 400, "-", 2, 700, "another one" },
	{ 1, "d", 400, "-", 2, 700, "the same" },
	{ 1, "e", 100, "R", 2, 700, "a refund that came back" },
	{ 2, "e", 100, "R", 2, 700, "production reads it, too" },
	{ 3, "a", 100, "S", 3, 800, "another account's entry of that id" },
	{ 2, "f", 100, "S", 4, 900, "what only production was told" },
};

static void
begin(void)
{
	cx_begin(&cx);
	cx.now = NOW;
	cx.merchant = 1;
}

static void
must(enum err e, const char *what)
{
	if (e != 0) {
		is_int(e, 0, "%s: %s", what, cx.why);
		exit(1);
	}
}

static enum err
enter(struct cx *c, void *arg)
{
	struct transfer *t = arg;
	enum err e = transfer_add(c, t);

	return e == 0 ? credit_transfer(c, t) : e;
}

static void
come(int64_t account, const char *id, cents amount, const char *text)
{
	struct transfer t = { .account_id = account, .bank_id = id,
	    .credit = 1, .amount = amount, .currency = "EUR",
	    .booking_day = day_of_bank(NOW), .remittance = *text == 'S' ?
	    s.reference_number : *text == 'R' ? r.reference_number : text };

	must(db_tx(&cx, enter, &t), "an entry");
}

static int64_t
gauge(void)
{
	struct rows rows;
	const struct gauge *g;

	must(pulse_gauges(&cx, &rows), "the gauges");
	g = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		if (strcmp(g[i].name, "dapit_unmatched") == 0)
			return g[i].value;
	return -1;
}

static void
compare(int64_t n, cents money, const char *shows)
{
	struct books b;
	struct rows rows;
	const struct stray *t;
	cents sum = 0;

	must(transfer_list(&cx, 0, true, &rows), "the list");
	t = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		sum += t[i].amount;
	is_int((int64_t)rows.n, n, "%s: listed", shows);
	is_int(sum, money, "%s: so much", shows);
	is_int(gauge(), n, "%s: the gauge", shows);
	must(audit_sums(&cx, &b), "the books");
	is_int(b.unmatched, money, "%s: the books", shows);
	is_int(b.came, b.matched + b.unmatched + b.returned,
	    "%s: what came is somewhere, once", shows);
	is_int(b.matched, b.paid, "%s: and what is matched is paid", shows);
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

	must(migrate(&cx, migrations, &done), "the schema");
	must(merchant_add(&cx, &m), "a merchant");
	must(account_put(&cx, &a), "an account");
	a.environment = 1;
	must(account_put(&cx, &a), "the same in production");
	a.iban = "LT223740020032524104";
	must(account_put(&cx, &a), "another one");
	must(db_script(&cx, "UPDATE bank_accounts SET lease_until ="
	    " 99999999999"), "nobody reads them");
}

static void
pay(void)
{
	s.amount = 1000;
	must(checkout_open(&cx, &s, 60), "create_session");
	must(checkout_invoice(&cx, session_token(cx.arena, &s), &s),
	    "create_invoice");
	come(1, "first", 500, "S");
	r.amount = 200;
	must(payback_create(&cx, s.reference_number, &r, &s), "a refund");
	must(db_script(&cx, arena_printf(cx.arena, "UPDATE gateway_refunds"
	    " SET status = 3, sent_at = %" PRId64, NOW)), "it is sent");
	compare(0, 0, "nothing yet");
}

/* The one that is listed is given to the session: its copy stays away. */
static void
test_assign(void)
{
	struct rows rows;
	const struct stray *t;

	must(transfer_list(&cx, 0, true, &rows), "the list");
	t = rows.row;
	is_int(t[0].amount, 300, "the oldest is the first of two");
	must(credit_assign(&cx, t[0].id, s.reference_number), "assigned");
	compare(3, 600, "assigned by the operator");
}

/* What an operator booked when it had no id is known by its content, in either
 * form. */
static void
test_twin(void)
{
	static const char old[] = "01aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    new[] = "02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	    none[] = "02cccccccccccccccccccccccccccccc";
	static const struct {
		const char *content, *before, *shows;
		enum err e;
	} rows[] = {
		{ old,  none, "the form it was booked in",	0 },
		{ new,  old,  "the form of the release before",	0 },
		{ new,  none, "another entry",	    ERR_NOT_FOUND },
	};
	struct transfer t = { .account_id = 1, .bank_id = "aside:1",
	    .credit = 1, .amount = 900, .currency = "EUR",
	    .booking_day = day_of_bank(NOW), .remittance = "no id",
	    .content = old }, twin;

	must(db_tx(&cx, enter, &t), "it is booked");
	for (size_t i = 0; i < NELEM(rows); i++) {
		t.content = rows[i].content;
		t.content_before = rows[i].before;
		is_int(transfer_twin(&cx, &t, &twin), rows[i].e, "a twin: %s",
		    rows[i].shows);
		fail_clear(&cx);
	}
}

int
main(void)
{
	char why[256];

	tap_needs_db();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL)
		return 1;
	cx.db = db_new(cx.conf, cx.conf->db_name);
	begin();
	setup();
	pay();
	for (size_t i = 0; i < NELEM(entries); i++) {
		come(entries[i].account, entries[i].bank_id,
		    entries[i].amount, entries[i].text);
		compare(entries[i].n, entries[i].money, entries[i].shows);
	}
	test_assign();
	test_twin();
	db_free(cx.db);
	return tap_done();
}
