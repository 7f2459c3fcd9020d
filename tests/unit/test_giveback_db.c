/*
 * test_giveback_db.c - what goes out by itself, and what is left for a
 * person: stories of one overpayment, and lives of a shop with many of them,
 * after each step of which no rule was broken.
 */
#include <stdlib.h>

#include "base/calendar.h"
#include "base/reference.h"
#include "flow/audit.h"
#include "flow/checkout.h"
#include "flow/credit.h"
#include "flow/giveback.h"
#include "flow/migrate.h"
#include "flow/payback.h"
#include "model/account.h"
#include "model/merchant.h"
#include "dice.h"
#include "tap.h"

#define NOW		INT64_C(1774911912)
#define PRICE		10000
#define DAY		86400
#define SESSIONS	8
#define LIVES		10
#define STEPS		100
#define BEGUN_MAX	(LIVES * STEPS)

/* Something that went out by itself. */
struct begun {
	int64_t	id, at;
	cents	amount;
};

static struct cx cx;
static struct session shop[SESSIONS];
static char reference[SESSIONS][REFERENCE_TEXT];
static int64_t paid_at[SESSIONS];	/* the last transfer */
static bool mixed[SESSIONS];		/* more than one payer */
static const char *payer[SESSIONS];
static struct begun begun[BEGUN_MAX];
static size_t nbegun;
static cents most, daily;
static int64_t now, bank_ids;

static void
must(enum err e, const char *what)
{
	if (e != 0) {
		is_int(e, 0, "%s: %s", what, cx.why);
		exit(1);
	}
}

static void
start(void)
{
	cx_begin(&cx);
	cx.now = now;
	cx.merchant = 1;
}

static void
limit(cents max, cents day)
{
	struct merchant m = { 0 };

	must(merchant_find(&cx, 1, &m), "the merchant");
	m.auto_refund_max = most = max;
	m.auto_refund_daily = daily = day;
	must(merchant_set(&cx, &m), "merchant set");
}

static void
open_session(size_t i)
{
	shop[i] = (struct session){ .amount = PRICE };
	must(checkout_open(&cx, &shop[i], 43200), "create_session");
	must(checkout_invoice(&cx, session_token(cx.arena, &shop[i]),
	    &shop[i]), "create_invoice");
	snprintf(reference[i], REFERENCE_TEXT, "%s",
	    shop[i].reference_number);
	payer[i] = NULL;
	mixed[i] = false;
}

static enum err
enter(struct cx *c, void *arg)
{
	struct transfer *t = arg;
	enum err e = transfer_add(c, t);

	return e == 0 ? credit_transfer(c, t) : e;
}

static const struct payer_of {
	char		 act;
	const char	*iban, *name;
} payers[] = {
	{ 'p', "DE89370400440532013000", "Anna" },
	{ 'b', "LT223740020032524104", "Boris" },
	{ 'i', NULL, "Anna" },				/* no account */
	{ 'n', "DE89370400440532013000", NULL },	/* no name */
	{ 'x', "DE89370400440532013000", " " },		/* an empty one */
	{ 'r', "BR9700360305000010009795493P1", "Rui" },	/* no SEPA */
};

static void
pay(size_t i, char act, cents amount)
{
	struct transfer t = { .account_id = shop[i].account_id, .credit = 1,
	    .amount = amount, .currency = "EUR",
	    .booking_day = day_of_bank(now),
	    .remittance = reference[i],
	    .bank_id = arena_printf(cx.arena, "in%" PRId64, ++bank_ids) };
	const struct payer_of *p = payers;

	while (p->act != act)
		p++;
	t.debtor_iban = p->iban;
	t.debtor_name = p->name;
	must(db_tx(&cx, enter, &t), "money comes");
	mixed[i] = mixed[i] || (payer[i] != NULL && payer[i] != p->name);
	payer[i] = p->name;
	paid_at[i] = now;
}

/* The session's latest refund that an overpayment made; id 0: none. */
static struct listed_refund
latest(size_t i)
{
	struct refund_choice choice = { .session_id = shop[i].id,
	    .status = REFUND__MAX, .before = INT64_MAX, .limit = 9 };
	struct rows rows;

	must(refund_each(&cx, &choice, &rows), "the refunds");
	return rows.n == 0 ? (struct listed_refund){ .failure = "" } :
	    *(const struct listed_refund *)rows.row;
}

static int64_t
turn(void)
{
	int64_t n;

	must(giveback_turn(&cx, &n), "the worker's turn");
	return n;
}

/* c: cancelled, s: sent by the merchant; false: it is too late for that. */
static bool
ask(size_t i, char act)
{
	struct refund r = { .id = latest(i).id, .debtor_name = "Anna",
	    .debtor_iban = "DE89370400440532013000" };
	enum err e = act == 'c' ? payback_cancel(&cx, r.id, &r) :
	    payback_begin(&cx, &r);

	fail_clear(&cx);
	return e == 0;
}

static enum err
reject(struct cx *c, void *arg)
{
	const int64_t *id = arg;
	struct session s = { 0 };
	struct refund r = { 0 };
	enum err e;

	if ((e = payback_lock(c, *id, &s, &r)) != 0 ||
	    r.status != REFUND_SENDING)
		return e;
	return payback_failed(c, &s, &r, "the bank rejected the payment");
}

/* The stories: so much is paid by one of the payers; w: so many seconds pass;
 * m, d: the limits are set; t: the worker's turn; c, s: the merchant. */
static void
act(char what, int64_t n)
{
	int64_t id;

	start();
	if (what == 'w')
		now += n;
	else if (what == 't')
		(void)turn();
	else if (what == 'm')
		limit(n, daily);
	else if (what == 'd')
		limit(most, n);
	else if (what == 'c' || what == 's')
		(void)ask(0, what);
	else if (what == 'j') {
		id = latest(0).id;
		must(db_tx(&cx, reject, &id), "the bank rejects it");
	} else
		pay(0, what, n);
	start();
}

static const char *
told(void)
{
	struct listed_refund r = latest(0);
	bool self = r.auto_at != 0;

	if (r.id == 0)
		return "none";
	if (r.status != REFUND_PENDING)
		return arena_printf(cx.arena, "%s%s", refund_word(r.status),
		    r.status == REFUND_SENDING && self ? " by itself" : "");
	return self ? arena_printf(cx.arena, "in %" PRId64 " s",
	    r.auto_at - now) : *r.failure == '\0' ? "left" :
	    arena_printf(cx.arena, "left: %s", r.failure);
}

static const struct {
	const char	*steps, *want, *shows;
} stories[] = {
	{ "p15000", "in 900 s", "the most that may go: in a quarter of an hour" },
	{ "p15001", "left", "a cent more does not" },
	{ "p10100", "none", "within the fee there is nothing to send" },
	{ "m0 p15000", "left", "0: off" },
	{ "p15000 w899 t", "in 1 s", "a second before, nothing happens" },
	{ "p15000 w900 t", "sending by itself", "then it goes" },
	{ "p15000 w900 t t", "sending by itself", "once" },
	{ "p12000 w600 p1000", "in 900 s", "one that grows waits anew" },
	{ "p12000 w600 p1000 w300 t", "in 600 s", "its whole time" },
	{ "p12000 w600 p3001", "left", "or not at all, if it is too much now" },
	{ "p12000 p3001 m20000 w900 t", "left", "and does not go when more may" },
	{ "p15000 m4999 w900 t", "left: it is more than 49.99, the most that goes out by itself", "the most is lowered in between" },
	{ "p15000 m0 w900 t", "left: automatic sending is off", "or it is switched off" },
	{ "p15000 w900 m4999 t p100", "left", "what grows is planned anew, without the old reason" },
	{ "p15000 d4999 w900 t", "left: with it, more than 49.99 would go out by itself in 24 hours", "the sum of the day" },
	{ "p15000 c w900 t", "cancelled", "cancelled in time" },
	{ "p15000 w900 t c", "sending by itself", "cancelled too late" },
	{ "p15000 s w900 t", "sending", "sent by the merchant in time" },
	{ "p15000 w900 t s", "sending by itself", "sent by the merchant too late" },
	{ "p15000 c w900 p300", "in 900 s", "what comes after a cancelled one is of its own" },
	{ "p15000 w900 t j p300", "left", "a rejected one is owed again, with more: too much" },
	{ "p12000 w900 t j p300", "in 900 s", "or little enough" },
	{ "p5000 b8000", "left", "two payers: a person decides who gets it" },
	{ "p15000 w600 b200", "left", "one who pays a bit more does not draw the money of another" },
	{ "p12000 w900 t b200", "left", "nor does that one get it back by itself" },
	{ "i15000", "left", "the bank told no account" },
	{ "n15000", "left", "or no name" },
	{ "x15000", "left", "or an empty one" },
	{ "r15000", "left", "or an account where SEPA does not reach" },
	{ "p15000 w172800 t", "sending by itself", "nobody was there for two days" },
	{ "p15000 w259200 t", "in 900 s", "for three: it can be stopped first" },
	{ "p15000 w-3600 t", "in 900 s", "the clock was an hour ahead: it waits anew" },
};

static void
test_stories(void)
{
	for (size_t i = 0; i < NELEM(stories); i++) {
		now += 3 * DAY;
		start();
		limit(AUTO_REFUND_MAX, AUTO_REFUND_DAILY);
		open_session(0);
		for (const char *p = stories[i].steps; *p != '\0';
		    p += strcspn(p, " "), p += *p == ' ')
			act(*p, strtoll(p + 1, NULL, 10));
		is_str(told(), stories[i].want, "%s: %s", stories[i].steps,
		    stories[i].shows);
		if (latest(0).status == REFUND_PENDING)
			(void)ask(0, 'c');
	}
}

/* What began by itself just now, and whether it was allowed to. */
static void
look(size_t i)
{
	struct listed_refund r = latest(i);
	cents sum = r.amount;

	if (r.status != REFUND_SENDING || r.auto_at != now)
		return;
	for (size_t k = 0; k < nbegun; k++) {
		if (begun[k].id == r.id)
			return;
		if (begun[k].at > now - DAY)
			sum += begun[k].amount;
	}
	begun[nbegun++] = (struct begun){ r.id, now, r.amount };
	is_true(r.amount <= most, "no more than the most: %" PRId64, r.amount);
	is_true(sum <= daily, "no more than the day's sum: %" PRId64, sum);
	is_true(paid_at[i] + 900 <= now, "it could be stopped for 15 minutes");
	is_true(!mixed[i], "all came from one payer");
}

/* What is told exists, and is what will happen. */
static void
compare(size_t i)
{
	struct listed_refund r = latest(i);
	struct excess x = { 0 };
	bool open = r.status == REFUND_PENDING && r.id != 0;

	must(refund_excess(&cx, shop[i].id, &x), "what is told");
	if (x.sends_at != (open ? r.auto_at : 0) ||
	    x.waiting != (open && r.auto_at == 0 ? r.amount : 0))
		is_true(false, "what is told of session %zu exists", i);
}

static void
live(void)
{
	size_t i = (size_t)dice(SESSIONS);
	bool could;

	start();
	switch (dice(12)) {
	case 0: case 1: case 2:
		open_session(i);
		pay(i, 'p', PRICE + 101 + dice(6000));
		break;
	case 3:
		pay(i, 'p', 1 + dice(500));
		break;
	case 4:
		pay(i, 'b', 1 + dice(500));
		break;
	case 5:
		could = latest(i).id != 0 &&
		    latest(i).status == REFUND_PENDING;
		is_true(ask(i, "cs"[dice(2)]) == could,
		    "the merchant is in time, or too late");
		break;
	case 6:
		limit(dice(3) == 0 ? 0 : dice(8000), dice(20000));
		break;
	default:
		now += dice(4) == 0 ? dice(20000) : dice(700);
		start();
		(void)turn();
	}
	for (i = 0; i < SESSIONS; i++) {
		look(i);
		compare(i);
	}
}

static void
test_lives(void)
{
	for (int n = 0; n < LIVES; n++) {
		now += 3 * DAY;
		start();
		limit(AUTO_REFUND_MAX, AUTO_REFUND_DAILY);
		for (size_t i = 0; i < SESSIONS; i++) {
			open_session(i);
			pay(i, 'p', PRICE);
		}
		for (int j = 0; j < STEPS; j++)
			live();
	}
	is_true(nbegun > LIVES, "%zu went out by themselves", nbegun);
}

static void
flaw(const struct check *c, const struct rows *rows, void *arg)
{
	(void)c;
	*(int64_t *)arg += (int64_t)rows->n;
}

static void
test_audit(void)
{
	struct books books;
	int64_t flaws = 0;

	start();
	must(audit(&cx, &books, flaw, &flaws), "the audit");
	is_int(flaws, 0, "after all that the books balance");
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

	now = NOW;
	start();
	must(migrate(&cx, migrations, &done), "the schema");
	must(merchant_add(&cx, &m), "a merchant");
	must(merchant_find(&cx, m.id, &m), "the merchant");
	is_int(m.auto_refund_max, 5000, "a new merchant's refunds up to 50.00");
	is_int(m.auto_refund_daily, 50000, "and 500.00 a day go by themselves");
	must(db_script(&cx, "INSERT INTO gateway_merchants (name,"
	    " webhook_secret, created_at) VALUES ('Old', '', 0)"), "another");
	must(merchant_find(&cx, m.id + 1, &m), "the other one");
	is_int(m.auto_refund_max, 0, "none of one that was there before");
	must(account_put(&cx, &a), "an account");
	must(db_script(&cx, "UPDATE bank_accounts SET lease_until ="
	    " 99999999999"), "nobody reads it");
}

int
main(void)
{
	char why[256];

	tap_needs_db();
	sow();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL)
		return 1;
	cx.db = db_new(cx.conf, cx.conf->db_name);
	setup();
	test_stories();
	test_lives();
	test_audit();
	db_free(cx.db);
	return tap_done();
}
