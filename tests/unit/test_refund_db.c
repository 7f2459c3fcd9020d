/*
 * test_refund_db.c - what is too much goes back once, and what is announced
 * exists.  A list of plain rows that is kept here says, after every payment,
 * refund by the shop, cancellation, sending, failure and return, which
 * refunds there are; the database and the webhook must say the same.
 */
#include <stdlib.h>

#include "base/calendar.h"
#include "flow/audit.h"
#include "flow/checkout.h"
#include "flow/credit.h"
#include "flow/migrate.h"
#include "flow/payback.h"
#include "model/account.h"
#include "model/event.h"
#include "model/merchant.h"
#include "dice.h"
#include "tap.h"

#define NOW		INT64_C(1774911912)
#define LIVES		150
#define STEPS		14
#define ROWS_MAX	64
#define FEE		100

/* A refund, as a bookkeeper would write it down. */
struct line {
	int64_t	id, status;
	cents	amount;
	bool	automatic;
};

/* A session, and what was done to it. */
struct life {
	struct session	s;
	cents		paid;
	struct line	lines[ROWS_MAX];
	size_t		n;
	struct out	done;
};

static struct cx cx;
static int64_t bank_ids;

static void
must(enum err e, const char *what)
{
	if (e != 0) {
		is_int(e, 0, "%s: %s", what, cx.why);
		exit(1);
	}
}

static struct life
born(cents amount)
{
	struct life l = { .s = { .amount = amount } };

	cx_begin(&cx);
	cx.now = NOW;
	cx.merchant = 1;
	l.done.arena = cx.arena;
	out_printf(&l.done, "%" PRId64 ":", amount);
	must(checkout_open(&cx, &l.s, 60), "create_session");
	must(checkout_invoice(&cx, session_token(cx.arena, &l.s), &l.s),
	    "create_invoice");
	return l;
}

/* The contract's rule, by hand. */
static void
expect(struct life *l)
{
	cents owed = l->paid - l->s.amount, left = l->paid;
	struct line *pending = NULL;

	for (size_t i = 0; i < l->n; i++) {
		struct line *r = &l->lines[i];

		if (r->automatic && r->status == REFUND_PENDING) {
			pending = r;
			continue;
		}
		if (r->automatic && r->status != REFUND_FAILED)
			owed -= r->amount;
		if (r->status != REFUND_FAILED &&
		    r->status != REFUND_CANCELLED)
			left -= r->amount;
	}
	owed = owed < left ? owed : left;
	if (owed <= FEE)
		return;
	if (pending == NULL) {
		pending = &l->lines[l->n++];
		*pending = (struct line){ .automatic = true };
	}
	pending->amount = owed;
}

static enum err
enter(struct cx *c, void *arg)
{
	struct transfer *t = arg;
	enum err e = transfer_add(c, t);

	return e == 0 ? credit_transfer(c, t) : e;
}

static void
pay(struct life *l, cents amount)
{
	struct transfer t = { .account_id = l->s.account_id, .credit = 1,
	    .amount = amount, .currency = "EUR",
	    .booking_day = day_of_bank(NOW), .debtor_name = "Payer",
	    .debtor_iban = "DE89370400440532013000",
	    .remittance = l->s.reference_number,
	    .bank_id = arena_printf(cx.arena, "in%" PRId64, ++bank_ids) };

	must(db_tx(&cx, enter, &t), "money comes");
	l->paid += amount;
	expect(l);
}

static void
ask(struct life *l, cents amount)
{
	struct refund r = { .amount = amount };
	struct session s = { 0 };
	cents live = 0;
	enum err e;

	for (size_t i = 0; i < l->n; i++)
		if (l->lines[i].status != REFUND_FAILED &&
		    l->lines[i].status != REFUND_CANCELLED)
			live += l->lines[i].amount;
	e = payback_create(&cx, l->s.reference_number, &r, &s);
	if (l->paid == 0)
		is_int(e, ERR_STATE, "no money came");
	else if (amount <= FEE || amount > l->paid - live)
		is_int(e, ERR_PARAM, "%s: no refund", l->done.text);
	else {
		must(e, "create_refund");
		l->lines[l->n++] = (struct line){ .amount = amount };
	}
	if (e != 0)
		fail_clear(&cx);
}

/* The bank's entry of a refund: it goes out, or it comes back. */
static void
move(const struct life *l, struct line *k, bool back)
{
	struct transfer t = { .account_id = l->s.account_id, .credit = back,
	    .amount = k->amount - FEE, .currency = "EUR",
	    .booking_day = day_of_bank(NOW), .remittance = "Refund",
	    .bank_id = arena_printf(cx.arena, "re%" PRId64, ++bank_ids) };
	struct refund r = { 0 };

	must(refund_find(&cx, k->id, &r), "the refund");
	t.end_to_end_id = arena_printf(cx.arena, "%s-1", r.reference_number);
	must(db_tx(&cx, enter, &t), "a refund moves");
	k->status = back ? REFUND_FAILED : REFUND_SENT;
}

static void
begin(struct line *k)
{
	struct refund r = { .id = k->id, .debtor_name = "Payer",
	    .debtor_iban = "DE89370400440532013000" };

	must(payback_begin(&cx, &r), "send_refund");
	k->status = REFUND_SENDING;
}

static enum err
reject(struct cx *c, void *arg)
{
	const struct line *k = arg;
	struct session s = { 0 };
	struct refund r = { 0 };
	enum err e;

	if ((e = payback_lock(c, k->id, &s, &r)) != 0)
		return e;
	return payback_failed(c, &s, &r, "the bank rejected the payment");
}

static void
cancel(struct line *k)
{
	struct refund r = { 0 };

	must(payback_cancel(&cx, k->id, &r), "cancel_refund");
	k->status = REFUND_CANCELLED;
}

/* The latest refund of a kind that an act is possible with; or NULL. */
static struct line *
latest(struct life *l, char act, bool automatic)
{
	static const char *const acts[REFUND__MAX] = {
		[REFUND_PENDING] = "cs", [REFUND_SENDING] = "xw",
		[REFUND_HELD] = "c", [REFUND_SENT] = "b",
		[REFUND_FAILED] = "", [REFUND_CANCELLED] = "",
	};

	for (size_t i = l->n; i-- > 0;)
		if (l->lines[i].automatic == automatic &&
		    strchr(acts[l->lines[i].status], act) != NULL)
			return &l->lines[i];
	return NULL;
}

/* c: cancelled, s: sending, w: went, x: rejected, b: came back. */
static void
act(struct life *l, char what, struct line *k)
{
	if (k == NULL)
		return;
	if (what == 'c')
		cancel(k);
	else if (what == 's')
		begin(k);
	else if (what == 'x') {
		must(db_tx(&cx, reject, k), "the bank rejects it");
		k->status = REFUND_FAILED;
	} else
		move(l, k, what == 'b');
}

static const char *
told_text(struct cx *c, cents over, cents amount, cents fee)
{
	char a[CENTS_TEXT], b[CENTS_TEXT], d[CENTS_TEXT];

	return arena_printf(c->arena, "\"overpaid_amount\":%s,"
	    "\"refund_amount\":%s,\"refund_fee\":%s,", cents_print(over, a),
	    cents_print(amount, b), cents_print(fee, d));
}

/* What the last webhook says is what the list says. */
static void
compare_event(struct life *l)
{
	static const struct col body[] = { COL_TEXT(listed_event, body),
	    { 0 } };
	static const struct stmt last = { "SELECT body FROM gateway_events"
	    " WHERE session_id = ? ORDER BY id DESC LIMIT 1", body };
	struct listed_event ev = { 0 };
	cents amount = 0, fee = 0;
	const char *want;

	for (size_t i = 0; i < l->n; i++)
		if (l->lines[i].automatic &&
		    l->lines[i].status != REFUND_FAILED &&
		    l->lines[i].status != REFUND_CANCELLED) {
			amount += l->lines[i].amount;
			fee += FEE;
		}
	must(db_one(&cx, &last, &ev, db_int(l->s.id)), "the webhook");
	want = told_text(&cx, l->paid > l->s.amount ? l->paid - l->s.amount :
	    0, amount - fee, fee);
	is_true(strstr(ev.body, want) != NULL, "%s the webhook says %s",
	    l->done.text, want);
}

/* The rows are those of the list, and never more than what came. */
static void
compare(struct life *l)
{
	struct refund_choice choice = { .session_id = l->s.id,
	    .status = REFUND__MAX, .before = INT64_MAX, .limit = ROWS_MAX };
	struct rows rows;
	const struct listed_refund *r;
	cents live = 0;
	bool same;

	must(refund_each(&cx, &choice, &rows), "the refunds");
	r = rows.row;
	same = rows.n == l->n;
	for (size_t i = 0; same && i < l->n; i++) {
		struct line *k = &l->lines[l->n - 1 - i];

		k->id = r[i].id;
		same = r[i].amount == k->amount && r[i].status == k->status &&
		    (r[i].automatic != 0) == k->automatic &&
		    r[i].processing_fee == FEE;
		if (k->status != REFUND_FAILED &&
		    k->status != REFUND_CANCELLED)
			live += k->amount;
	}
	is_true(same, "%s the refunds are those that are owed", l->done.text);
	is_true(live <= l->paid, "and no more than what came");
	for (size_t i = 0; !same && i < rows.n; i++)
		printf("# there is %s%" PRId64 " %s\n", r[i].automatic != 0 ?
		    "automatic " : "", r[i].amount, refund_word(r[i].status));
	if (!same)
		exit(1);
}

/* p, r: so much is paid, refunded by the shop; else an act, in capitals with
 * the shop's own refund. */
static void
step(struct life *l, char what, cents amount)
{
	bool automatic = what >= 'a';

	out_printf(&l->done, " %c", what);
	if (what == 'p' || what == 'r')
		out_printf(&l->done, "%" PRId64, amount);
	if (what == 'p')
		pay(l, amount);
	else if (what == 'r')
		ask(l, amount);
	else {
		what = automatic ? what : (char)(what - 'A' + 'a');
		act(l, what, latest(l, what, automatic));
	}
	compare(l);
	if (what == 'p')
		compare_event(l);
}

static const struct {
	cents		amount;
	const char	*steps, *want;	/* the automatic refunds */
	const char	*shows;
} cases[] = {
	{ 10000, "p10000 r10000 p10000", "10000 pending", "all refunded, then paid again" },
	{ 3000,	 "p3000 r3000 p3000", "3000 pending", "the same with 30.00" },
	{ 10000, "p15000 r3000 p100", "5100 pending", "a refund of the price does not lessen it" },
	{ 10000, "p15000 c p1", "5000 cancelled", "a cancelled one does not come back with a cent" },
	{ 10000, "p15000 c p300", "5000 cancelled, 300 pending", "only what came after it counts" },
	{ 10000, "p15000 c r15000 p300", "5000 cancelled, 300 pending", "though the shop refunded all" },
	{ 10000, "p10100", "", "no more than the fee" },
	{ 10000, "p10101", "101 pending", "a cent more than the fee" },
	{ 10000, "p10050 p60", "110 pending", "two small ones" },
	{ 10000, "p15000 p3000", "8000 pending", "a pending one grows" },
	{ 10000, "p15000 s p3000", "5000 sending, 3000 pending", "one under way does not" },
	{ 10000, "p15000 s w p3000 p50", "5000 sent, 3050 pending", "nor does one that went" },
	{ 10000, "p15000 s w p50", "5000 sent", "a rest within the fee" },
	{ 10000, "p15000 s x", "5000 failed", "a rejected one: a person decides" },
	{ 10000, "p15000 s x p100", "5000 failed, 5100 pending", "it is owed again" },
	{ 10000, "p15000 s w b p100", "5000 failed, 5100 pending", "as is one that came back" },
	{ 10000, "p10100 r10100 p150", "150 pending", "never more than what came" },
	{ 10000, "p15000 r10000 C p100", "5100 pending", "one of the price is given up" },
};

static const char *
automatic(const struct life *l)
{
	struct out o = { .arena = cx.arena };

	out_text(&o, "");
	for (size_t i = 0; i < l->n; i++)
		if (l->lines[i].automatic)
			out_printf(&o, "%s%" PRId64 " %s", o.len == 0 ? "" :
			    ", ", l->lines[i].amount,
			    refund_word(l->lines[i].status));
	return o.text;
}

static void
test_cases(void)
{
	for (size_t i = 0; i < NELEM(cases); i++) {
		struct life l = born(cases[i].amount);
		char *end;

		for (const char *p = cases[i].steps; *p != '\0'; p = end) {
			cents sum = strtoll(p + 1, &end, 10);

			end = sum == 0 ? strchr(p + 1, ' ') : end;
			step(&l, *p, sum);
			if (end == NULL)
				break;
			end += *end == ' ';
		}
		is_str(automatic(&l), cases[i].want, "%s", cases[i].shows);
	}
}

static cents
some(cents amount)
{
	static const cents edges[] = { 1, 50, 99, 100, 101, 150, 200 };

	if (dice(3) == 0)
		return amount;
	return dice(2) == 0 ? edges[dice(NELEM(edges))] : 1 + dice(20000);
}

static void
test_lives(void)
{
	static const char steps[] = "pppprrcCsSwWxXbB";

	for (int i = 0; i < LIVES; i++) {
		struct life l = born(some(10000));

		for (int j = 0; j < STEPS; j++)
			step(&l, steps[dice(sizeof(steps) - 1)],
			    some(l.s.amount));
	}
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
flaws(void)
{
	struct books books;
	int64_t n = 0;

	must(audit(&cx, &books, flaw, &n), "the audit");
	return n;
}

/* A refund that is missing is missed. */
static void
test_audit(void)
{
	struct life l = born(10000);

	is_int(flaws(), 0, "the books balance");
	step(&l, 'p', 10000);
	step(&l, 'r', 10000);
	step(&l, 'p', 10000);
	must(db_script(&cx, arena_printf(cx.arena, "DELETE FROM"
	    " gateway_refunds WHERE automatic = 1 AND session_id = %" PRId64,
	    l.s.id)), "the refund is lost");
	is_int(flaws(), 3, "it is missed, told of, and counted");
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

	cx_begin(&cx);
	cx.now = NOW;
	must(migrate(&cx, migrations, &done), "the schema");
	must(merchant_add(&cx, &m), "a merchant");
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
	test_cases();
	test_lives();
	test_audit();
	db_free(cx.db);
	return tap_done();
}
