#include "base/money.h"
#include "flow/bill.h"
#include "flow/credit.h"
#include "flow/payback.h"
#include "flow/rollup.h"
#include "flow/tell.h"
#include "flow/unassign.h"
#include "model/match.h"
#include "model/payer.h"

struct undoing {
	struct unassigned *out;
	struct transfer	 transfer;
	struct match	 match;
	struct refund	 pending;	/* automatic; id 0: none */
};

static enum err
find_match(struct cx *cx, struct undoing *u)
{
	int64_t id = u->transfer.id;
	enum err e;

	if ((e = transfer_find(cx, id, &u->transfer)) != 0 ||
	    (e = match_hold(cx, id)) != 0)
		return e;
	e = match_find(cx, id, &u->match);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is not"
		    " assigned.", id);
	}
	if (e == 0 && u->match.method != MATCH_OPERATOR)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " names its"
		    " session itself: nobody assigned it.", id);
	return e;
}

/* Has nothing gone out of the session's money, and is nothing about to? */
static enum err
check_refunds(struct cx *cx, struct undoing *u)
{
	const struct session *s = &u->out->session;
	struct excess x = { 0 };
	cents live = 0;
	enum err e = refund_find_automatic(cx, s->id, &u->pending);

	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		e = 0;
	}
	if (e != 0 || (e = refund_sum(cx, s->id, &live)) != 0)
		return e;
	if (live > u->pending.amount)
		return fail(cx, ERR_STATE, "%s has refunds: cancel those that"
		    " wait; what was sent cannot be undone.",
		    s->reference_number);
	/* it settles an excess for good: of the money that stays it must not */
	if ((e = refund_excess(cx, s->id, &x)) != 0)
		return e;
	if (x.settled > u->pending.amount)
		return fail(cx, ERR_STATE, "The merchant kept an overpayment of"
		    " %s by cancelling its refund: the merchant can refund the"
		    " money.", s->reference_number);
	if (s->total_returned > 0)
		return fail(cx, ERR_STATE, "Money of %s left the account"
		    " again.", s->reference_number);
	return 0;
}

/* Was the money the first, or does it bear some of the fixed fee? */
static bool
bears_fixed(const struct session *s, const struct undoing *u)
{
	return u->match.first || u->match.fee > money_rate(u->transfer.amount,
	    s->fee_percent, 0);
}

/* The fixed fee is of the first money: that may be another one now. */
static enum err
charge_again(struct cx *cx, const struct session *s)
{
	const struct charged *c;
	struct charged now;
	struct rows rows;
	cents fixed = s->fee_fixed;
	enum err e;

	if ((e = match_fees(cx, s->id, &rows)) != 0)
		return e;
	c = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		now = c[i];
		now.fee = money_rate(now.amount, s->fee_percent, fixed);
		now.first = i == 0;
		fixed = money_fixed_left(fixed, now.amount, now.fee,
		    s->fee_percent);
		if (now.fee == c[i].fee && now.first == c[i].first)
			continue;
		if ((e = match_charge(cx, &now)) == 0)
			e = rollup_charge(cx, s, now.booking_day,
			    now.fee - c[i].fee, now.first - c[i].first);
	}
	return e;
}

/* Who else paid for the session may have a name in common. */
static enum err
drop_payer(struct cx *cx, const struct session *s, const struct transfer *t)
{
	struct payer p = { t->debtor_name, t->debtor_iban };
	const struct transfer *left;
	struct rows rows;
	int64_t n;
	enum err e;

	if ((e = payer_drop(cx, s->merchant_id, s->id, &p, &n)) != 0 ||
	    (e = transfer_each(cx, s->id, &rows)) != 0)
		return e;
	left = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++)
		e = payer_add(cx, s->merchant_id, s->id, left[i].debtor_name,
		    left[i].debtor_iban);
	return e;
}

/* The excess is smaller now, or there is none. */
static enum err
settle_excess(struct cx *cx, struct undoing *u)
{
	struct session *s = &u->out->session;
	const struct transfer *left;
	struct rows rows;
	enum err e;

	if (u->pending.id != 0 && (e = payback_failed(cx, s, &u->pending,
	    "an operator took money off the payment")) != 0)
		return e;
	if (s->status != STATUS_OVERPAID)
		return 0;
	if ((e = transfer_each(cx, s->id, &rows)) != 0 || rows.n == 0)
		return e;
	left = rows.row;
	return credit_excess(cx, s, &left[rows.n - 1]);
}

static enum err
undo(struct cx *cx, void *arg)
{
	struct undoing *u = arg;
	struct session *s = &u->out->session;
	const struct transfer *t = &u->transfer;
	enum status was;
	enum err e;

	if ((e = find_match(cx, u)) != 0 ||
	    (e = session_lock(cx, u->match.session_id, s)) != 0 ||
	    (e = check_refunds(cx, u)) != 0)
		return e;
	was = (enum status)s->status;
	u->out->was = was;
	if ((e = match_undo(cx, t->id)) != 0 ||
	    (e = session_debit(cx, s, t->amount)) != 0 ||
	    (e = rollup_undo(cx, s, t, was, u->match.fee,
	    u->match.first != 0)) != 0 ||
	    (bears_fixed(s, u) && (e = charge_again(cx, s)) != 0) ||
	    (e = drop_payer(cx, s, t)) != 0 ||
	    (e = settle_excess(cx, u)) != 0)
		return e;
	if (s->schedule_id != 0 && status_paid(was) &&
	    !status_paid((enum status)s->status) &&
	    (e = bill_unpaid(cx, s)) != 0)
		return e;
	return tell_unassigned(cx, s, t->amount);
}

enum err
unassign(struct cx *cx, int64_t transfer_id, struct unassigned *out)
{
	struct undoing u = { .out = out, .transfer = { .id = transfer_id } };

	*out = (struct unassigned){ 0 };
	return db_tx(cx, undo, &u);
}
