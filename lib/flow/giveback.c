#include <string.h>

#include "base/iban.h"
#include "base/log.h"
#include "flow/giveback.h"
#include "flow/payback.h"
#include "model/merchant.h"
#include "model/transfer.h"

#define WAIT_SECONDS	900		/* in which it can be stopped */

/* A refund that may go out by itself, with what decides on that. */
struct giveback {
	int64_t		 id;
	struct session	 session;
	struct refund	 refund;
	struct merchant	 merchant;
	const char	*why;		/* it does not; NULL: it does */
	bool		 begun;
};

static const char *
check_amount(struct cx *cx, const struct refund *r, const struct merchant *m)
{
	char most[CENTS_TEXT];

	if (m->auto_refund_max == 0)
		return "automatic sending is off";
	if (r->amount > m->auto_refund_max)
		return arena_printf(cx->arena, "it is more than %s, the most"
		    " that goes out by itself",
		    cents_print(m->auto_refund_max, most));
	return NULL;
}

/* Did all of the session's money come from where the refund goes? */
static enum err
check_payers(struct cx *cx, const struct session *s, const struct refund *r,
    const char **why)
{
	struct rows rows;
	const struct transfer *t;
	enum err e;

	if ((e = transfer_each(cx, s->id, &rows)) != 0)
		return e;
	t = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		if (t[i].debtor_iban == NULL ||
		    strcmp(t[i].debtor_iban, r->debtor_iban) != 0)
			*why = "the money came from more than one account";
	return 0;
}

/* What can be said as soon as it is made. */
static enum err
check(struct cx *cx, const struct session *s, const struct refund *r,
    const struct merchant *m, const char **why)
{
	if ((*why = check_amount(cx, r, m)) != NULL ||
	    (*why = payback_payee(r)) != NULL)
		return 0;
	return check_payers(cx, s, r, why);
}

enum err
giveback_plan(struct cx *cx, const struct session *s, struct refund *r)
{
	struct merchant m = { 0 };
	const char *why;
	enum err e;

	if ((e = merchant_find(cx, s->merchant_id, &m)) != 0 ||
	    (e = check(cx, s, r, &m, &why)) != 0)
		return e;
	r->auto_at = why == NULL ? wait_until(WAIT_GIVEBACK, WAIT_SECONDS,
	    cx->now) : 0;
	return 0;
}

/* The merchant is held: nobody else adds to the sum. */
static enum err
check_day(struct cx *cx, struct giveback *g)
{
	char most[CENTS_TEXT];
	cents sum = 0;
	enum err e;

	if ((e = refund_auto_sum(cx, g->merchant.id, &sum)) != 0)
		return e;
	if (sum + g->refund.amount > g->merchant.auto_refund_daily)
		g->why = arena_printf(cx->arena, "with it, more than %s would"
		    " go out by itself in 24 hours",
		    cents_print(g->merchant.auto_refund_daily, most));
	return 0;
}

static enum err
check_all(struct cx *cx, struct giveback *g)
{
	enum err e;

	if ((e = merchant_hold(cx, g->refund.merchant_id, &g->merchant)) != 0
	    || (e = check(cx, &g->session, &g->refund, &g->merchant,
	    &g->why)) != 0 || g->why != NULL)
		return e;
	if ((e = payback_owed(cx, &g->session, &g->refund,
	    &g->why)) != 0 || g->why != NULL)
		return e;
	return check_day(cx, g);
}

/* Left for a person: the session's texts change with that. */
static enum err
leave(struct cx *cx, struct giveback *g)
{
	enum err e;

	g->refund.auto_at = 0;
	g->refund.failure = g->why;
	if ((e = refund_put(cx, &g->refund)) != 0)
		return e;
	return session_touch(cx, &g->session);
}

static enum err
begin(struct cx *cx, void *arg)
{
	struct giveback *g = arg;
	struct refund *r = &g->refund;
	char iban[IBAN_TEXT];
	enum err e;

	*g = (struct giveback){ .id = g->id };
	if ((e = payback_lock(cx, g->id, &g->session, r)) != 0)
		return e;
	if (r->status != REFUND_PENDING || r->auto_at == 0 ||
	    r->auto_at > cx->now)
		return 0;		/* sent, cancelled or grown meanwhile */
	if ((e = check_all(cx, g)) != 0)
		return e;
	if (g->why != NULL)
		return leave(cx, g);
	if (iban_parse(r->debtor_iban, iban) == NULL)
		r->debtor_iban = arena_copy(cx->arena, iban, strlen(iban));
	r->auto_at = cx->now;
	g->begun = true;
	return payback_start(cx, r, cx->now);
}

enum err
giveback_turn(struct cx *cx, int64_t *n)
{
	struct giveback g = { 0 };
	const struct refund_id *r;
	struct rows rows;
	enum err e;

	*n = 0;
	if ((e = refund_auto_anew(cx, wait_until(WAIT_GIVEBACK, WAIT_SECONDS,
	    cx->now))) != 0 || (e = refund_auto_due(cx, &rows)) != 0)
		return e;
	r = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		g.id = r[i].id;
		if ((e = db_tx(cx, begin, &g)) != 0)
			return e;
		if (g.why != NULL)
			log_say(cx, "giveback", "refund %s is left for a"
			    " person: %s", g.refund.reference_number, g.why);
		*n += g.begun;
	}
	return 0;
}
