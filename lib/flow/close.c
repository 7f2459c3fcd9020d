#include <poll.h>
#include <string.h>

#include "flow/collect.h"
#include "flow/payout.h"
#include "flow/sending.h"

#define CLAIM_MS	200		/* between two tries to claim */

/* Does the answer say that the bank has no such order? */
static bool
unknown(const struct bank *b)
{
	return b->status == 400 || b->status == 404 || b->status == 410 ||
	    b->status == 422;
}

/* May a person say that it ended so?  Not against the bank's word, and not
 * while the order is under way. */
static enum err
check_close(struct cx *cx, struct sending *s)
{
	struct bank_progress p = { 0 };
	bool sent = s->why == NULL;
	enum err e;

	if (s->payout.id == 0)
		return sent ? fail(cx, ERR_STATE, "The bank has no order of"
		    " it.") : 0;
	e = connectpay_status(cx, &s->bank, s->payout.payment_order_no, &p);
	if (e == ERR_BANK && unknown(&s->bank)) {
		fail_clear(cx);		/* the bank does not know it */
		return 0;
	}
	if (e != 0)
		return e;
	if (strcmp(p.status, "ACSC") == 0)
		return sent ? 0 : fail(cx, ERR_STATE, "The bank says that it"
		    " was paid (ACSC).");
	if (sending_failure(cx, &p) != NULL)
		return sent ? fail(cx, ERR_STATE, "The bank says that it was"
		    " not paid (%s).", p.status) : 0;
	/* by whatever clock it was told: one ahead of ours says not yet */
	if (!sent && strcmp(p.status, "RCVD") == 0 &&
	    (s->payout.authorised_at == 0 ||
	    s->payout.authorised_at + ORDER_SECONDS <= cx->now))
		return 0;
	return fail(cx, ERR_STATE, "The bank says that it is under way (%s).",
	    p.status);
}

static enum err
close_now(struct cx *cx, void *arg)
{
	const struct sending *s = arg;
	struct session session = { 0 };
	struct refund r = { 0 };
	struct payout now = { 0 };
	enum err e;

	if ((e = payback_lock(cx, s->refund.id, &session, &r)) != 0 ||
	    (s->payout.id != 0 &&
	    (e = payout_find(cx, s->payout.id, &now)) != 0))
		return e;
	if (r.status != REFUND_SENDING || r.payout_id != s->payout.id ||
	    r.sends != s->refund.sends ||
	    now.authorised_at != s->payout.authorised_at)
		return fail(cx, ERR_CONFLICT, "The refund moved meanwhile;"
		    " look again.");
	if (s->why == NULL)
		return payback_sent(cx, &session, &r);
	return payback_failed(cx, &session, &r, s->why);
}

/* Waits until nobody else is at it: a lease ends, and one that only waits for
 * longer is due at once.  Each time anew: the worker may have been faster. */
static enum err
claim(struct cx *cx, struct sending *s)
{
	enum err e = 0;

	for (int64_t ms = 0; e == 0 && s->refund.status == REFUND_SENDING;
	    ms += CLAIM_MS) {
		cx_tick(cx);
		if ((e = refund_hurry(cx, PAYBACK_LEASE)) != 0)
			return e;
		e = refund_claim(cx, s->refund.id, cx->now + PAYBACK_LEASE);
		if (e != ERR_NOT_FOUND)
			return e;
		fail_clear(cx);
		if (ms > PAYBACK_LEASE * 1000)
			return fail(cx, ERR_BUSY, "The refund is being worked"
			    " on; try again.");
		poll(NULL, 0, CLAIM_MS);
		e = sending_load(cx, s->refund.id, s);
	}
	return e;
}

/* The statement first, then the bank's status of the order. */
static enum err
try_close(struct cx *cx, struct sending *s, int64_t patience)
{
	enum err e;

	if ((e = sending_account(cx, s)) != 0 ||
	    (e = collect_fresh(cx, s->account.id, patience / 2)) != 0 ||
	    (e = sending_load(cx, s->refund.id, s)) != 0 ||
	    s->refund.status != REFUND_SENDING ||
	    (e = bank_open(cx, s->account.environment, patience,
	    &s->bank)) != 0 || (e = check_close(cx, s)) != 0)
		return e;
	return db_tx(cx, close_now, s);
}

enum err
payout_close(struct cx *cx, int64_t refund_id, const char *failure,
    int64_t patience)
{
	struct sending s = { .trouble = "", .why = failure };
	const char *why;
	enum err e, e2;

	if ((e = sending_load(cx, refund_id, &s)) != 0 ||
	    (e = claim(cx, &s)) != 0)
		return e;
	if (s.refund.status == REFUND_SENDING &&
	    (e = try_close(cx, &s, patience)) != 0) {
		why = arena_printf(cx->arena, "%s", cx->why);
		fail_clear(cx);
		e2 = refund_later(cx, refund_id, cx->now, s.refund.failure);
		return e2 != 0 ? e2 : fail(cx, e, "%s", why);
	}
	return s.refund.status == REFUND_SENDING ? e : fail(cx, ERR_STATE,
	    "The refund is %s.", refund_word(s.refund.status));
}
