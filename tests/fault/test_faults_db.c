/*
 * test_faults_db.c - the database is lost at every single step of a payment.
 *
 * Each run loses it at the next step; afterwards the books must balance, and
 * the same work done again must book the money exactly once.
 */
#include <stdlib.h>

#include "base/fault.h"
#include "base/reference.h"
#include "base/str.h"
#include "flow/audit.h"
#include "flow/checkout.h"
#include "flow/credit.h"
#include "flow/migrate.h"
#include "io/seal.h"
#include "model/account.h"
#include "model/event.h"
#include "model/merchant.h"
#include "tap.h"

#define FAULTS_MAX	300

static struct cx cx;
static struct session paid;	/* what the run in hand works on */

static void
begin(void)
{
	cx_begin(&cx);
	db_begin(&cx);
	cx.merchant = 1;
}

static void
setup(void)
{
	struct merchant m = { .name = "Shop", .events = "payment.partial",
	    .callback_url = "https://shop.example/hook" };
	struct account a = { .iban = "LT913740020058585210", .bank_id = "1",
	    .beneficiary_name = "Holder", .account_name = "",
	    .bank_name = "" };
	int done = 0;

	begin();
	m.webhook_secret = seal_shut(&cx, "whsec_AAAA");
	is_int(migrate(&cx, migrations, &done), 0, "migrated: %s", cx.why);
	is_int(merchant_add(&cx, &m), 0, "a merchant: %s", cx.why);
	is_int(account_put(&cx, &a), 0, "an account: %s", cx.why);
}

/* Two transfers, 3.00 and 6.00, for a session of 7.00. */
struct entry {
	const char	*bank_id;
	cents		 amount;
};

static enum err
book(struct cx *c, void *arg)
{
	const struct entry *en = arg;
	struct transfer t = { .account_id = 1, .bank_id = en->bank_id,
	    .credit = 1, .amount = en->amount, .currency = "EUR",
	    .booking_day = 20600, .remittance = paid.reference_number };
	enum err e = transfer_add(c, &t);

	if (e == ERR_DUPLICATE) {
		fail_clear(c);
		return 0;
	}
	return e == 0 ? credit_transfer(c, &t) : e;
}

static enum err
deliver(struct cx *c, void *arg)
{
	struct rows *rows = arg;

	return event_claim(c, 1, 10, 30, rows);
}

/* The life of a payment; every step can be done again. */
static enum err
live(const char *token, int run)
{
	struct entry part = { arena_printf(cx.arena, "a%d", run), 300 };
	struct entry rest = { arena_printf(cx.arena, "b%d", run), 600 };
	struct rows rows = { 0 };
	struct poll p;
	enum err e;

	if ((e = checkout_invoice(&cx, token, &paid)) != 0 ||
	    (e = checkout_confirm(&cx, token, &paid)) != 0 ||
	    (e = checkout_poll(&cx, token, &p)) != 0 ||
	    (e = db_tx(&cx, book, &part)) != 0 ||
	    (e = checkout_confirm(&cx, token, &paid)) != 0 ||
	    (e = db_tx(&cx, book, &rest)) != 0)
		return e;
	return db_tx(&cx, deliver, &rows);
}

static void
flaw(const struct check *c, const struct rows *rows, void *arg)
{
	if (rows->n > 0)
		printf("# %s: %s\n", c->name,
		    ((const struct flaw *)rows->row)->what);
	*(int64_t *)arg += (int64_t)rows->n;
}

static int64_t
flaws(struct books *b)
{
	int64_t n = 0;

	begin();
	return audit(&cx, b, flaw, &n) == 0 ? n : -1;
}

/* One payment, with the fault at a step; false when it met no fault. */
static bool
walk(int at)
{
	struct session s = { .amount = 700 };
	struct books b = { 0 };
	char *token;
	enum err e;

	fault_at = 0;
	begin();
	if (checkout_open(&cx, &s, 60) != 0)
		return false;
	token = strcpy(malloc(65), session_token(cx.arena, &s));
	fault_at = at;
	fault_count = 0;
	e = live(token, at);
	fault_at = 0;
	is_int(flaws(&b), 0, "lost at step %d (%d): balanced", at, e);
	begin();
	is_int(live(token, at), 0, "step %d again: %s", at, cx.why);
	begin();
	is_int(session_find(&cx, token, &paid), 0, "found");
	is_int(paid.total_paid, 900, "step %d: booked once", at);
	is_int(paid.status, STATUS_OVERPAID, "step %d: overpaid", at);
	is_int(flaws(&b), 0, "step %d: balanced in the end", at);
	free(token);
	return e != 0;
}

int
main(void)
{
	char why[256];
	int at = 1;

	tap_needs_db();
	cx.arena = arena_new();
	cx.conf = conf_read(NULL, why);
	if (cx.conf == NULL || !seal_create(cx.conf->key_file, why) ||
	    (cx.seal = seal_open(cx.conf->key_file, why)) == NULL) {
		printf("not ok 1 - %s\n", why);
		return 1;
	}
	cx.db = db_new(cx.conf, cx.conf->db_name);
	setup();
	while (at < FAULTS_MAX && walk(at))
		at++;
	is_true(at > 20 && at < FAULTS_MAX, "%d steps were lost", at - 1);
	db_free(cx.db);
	conf_free(cx.conf);
	return tap_done();
}
