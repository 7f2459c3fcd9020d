#include <string.h>

#include "base/calendar.h"
#include "base/iban.h"
#include "flow/collect.h"
#include "flow/payback.h"
#include "flow/sendback.h"
#include "model/match.h"
#include "model/outgoing.h"
#include "model/sendback.h"

struct going_back {
	int64_t		 transfer_id;
	bool		 accept_name;
	struct refund	*refund;
};

/* The refund of this money that has not ended, locked; r->id 0: none. */
static enum err
find_live(struct cx *cx, int64_t transfer_id, struct refund *r)
{
	struct sendback live = { 0 };
	enum err e = sendback_live(cx, transfer_id, &live);

	*r = (struct refund){ 0 };
	if (e == 0)
		return refund_lock(cx, live.id, r);
	if (e == ERR_NOT_FOUND)
		fail_clear(cx);
	return e == ERR_NOT_FOUND ? 0 : e;
}

/* Did somebody send it back by hand, or a database that was restored, and does
 * not know of it any more? */
static enum err
check_gone(struct cx *cx, const struct transfer *t, const struct refund *r)
{
	struct outgoing o = { 0 };
	char day[DAY_TEXT];
	enum err e = outgoing_like(cx, t->account_id, r->amount,
	    r->debtor_iban, &o);

	if (e == 0)
		return fail(cx, ERR_STATE, "The same amount went to that"
		    " account on %s, by transfer %" PRId64 ", which is no"
		    " refund. See dapit transfers --outgoing; if it is not"
		    " this money, say so with transfers seen.",
		    day_print(o.booking_day, day), o.transfer_id);
	if (e == ERR_NOT_FOUND)
		fail_clear(cx);
	return e == ERR_NOT_FOUND ? 0 : e;
}

/* A held one goes on, whatever the name is. */
static enum err
go_on(struct cx *cx, const struct going_back *g)
{
	struct refund *r = g->refund;
	struct transfer t = { 0 };
	enum err e;

	if (r->status != REFUND_HELD || !g->accept_name)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " goes back by"
		    " refund %s, which is %s%s%s.", g->transfer_id,
		    r->reference_number, refund_word(r->status),
		    *r->failure == '\0' ? "" : ": ", r->failure);
	if ((e = transfer_find(cx, g->transfer_id, &t)) != 0 ||
	    (e = check_gone(cx, &t, r)) != 0)
		return e;
	r->accept_name = 1;
	return payback_start(cx, r, cx->now + PAYBACK_LEASE);
}

/* All of it, but for what banks kept when it was sent back before. */
static enum err
make(struct cx *cx, const struct going_back *g, const struct transfer *t)
{
	struct refund *r = g->refund;
	char *iban = arena_alloc(cx->arena, IBAN_TEXT);
	const char *why;
	cents kept = 0;
	enum err e;

	if ((e = sendback_kept(cx, t->id, &kept)) != 0)
		return e;
	*r = (struct refund){ .transfer_id = t->id, .amount = t->amount - kept,
	    .debtor_iban = t->debtor_iban, .debtor_name = t->debtor_name,
	    .failure = "" };
	if ((why = payback_payee(r)) != NULL)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " cannot be"
		    " sent back: %s.", t->id, why);
	if (iban_parse(r->debtor_iban, iban) == NULL)
		r->debtor_iban = iban;
	if ((e = check_gone(cx, t, r)) != 0 || (e = payback_add(cx, r)) != 0)
		return e;
	r->accept_name = g->accept_name;
	return payback_start(cx, r, cx->now + PAYBACK_LEASE);
}

static enum err
begin(struct cx *cx, void *arg)
{
	const struct going_back *g = arg;
	struct transfer t = { 0 };
	enum err e;

	if ((e = match_hold(cx, g->transfer_id)) != 0 ||
	    (e = find_live(cx, g->transfer_id, g->refund)) != 0)
		return e;
	if (g->refund->id != 0)
		return go_on(cx, g);
	e = transfer_stray(cx, g->transfer_id, &t);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is not"
		    " unmatched; see dapit transfers --unmatched.",
		    g->transfer_id);
	}
	if (e != 0)
		return e;
	if (strcmp(t.currency, "EUR") != 0)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is in %s:"
		    " only EUR is sent.", t.id, t.currency);
	return make(cx, g, &t);
}

enum err
sendback_begin(struct cx *cx, int64_t transfer_id, bool accept_name,
    int64_t patience, struct refund *r)
{
	struct going_back g = { transfer_id, accept_name, r };
	struct transfer t = { 0 };
	enum err e;

	if ((e = transfer_find(cx, transfer_id, &t)) != 0 ||
	    (e = collect_fresh(cx, t.account_id, patience)) != 0)
		return e;
	return db_tx(cx, begin, &g);
}

static enum err
cancel(struct cx *cx, void *arg)
{
	const struct going_back *g = arg;
	struct refund *r = g->refund;
	enum err e;

	if ((e = match_hold(cx, g->transfer_id)) != 0 ||
	    (e = find_live(cx, g->transfer_id, r)) != 0)
		return e;
	if (r->id == 0 || r->status != REFUND_HELD)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " has no refund"
		    " that is held%s%s.", g->transfer_id, r->id == 0 ? "" :
		    "; it is ", r->id == 0 ? "" : refund_word(r->status));
	r->status = REFUND_CANCELLED;
	r->cancelled_at = cx->now;
	return refund_put(cx, r);
}

enum err
sendback_cancel(struct cx *cx, int64_t transfer_id, struct refund *r)
{
	struct going_back g = { transfer_id, false, r };

	return db_tx(cx, cancel, &g);
}
