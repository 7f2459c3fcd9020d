#include <string.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/money.h"
#include "base/reference.h"
#include "flow/bill.h"
#include "flow/credit.h"
#include "flow/giveback.h"
#include "flow/payback.h"
#include "flow/recognise.h"
#include "flow/rollup.h"
#include "flow/takeback.h"
#include "flow/tell.h"
#include "model/payer.h"
#include "model/refundentry.h"
#include "model/sendback.h"

/* The one open session that lacks this very amount and whose reference is
 * one slip away from something in the texts; 0: none, or several. */
static enum err
suggest(struct cx *cx, const struct transfer *t, const char *keys,
    int64_t *suggestion)
{
	struct rows rows;
	const struct open_session *s;
	enum err e;

	*suggestion = 0;
	if ((e = session_open_for(cx, t->account_id, t->amount, &rows)) != 0)
		return e;
	s = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		if (!reference_near(keys, s[i].reference_key))
			continue;
		if (*suggestion != 0) {
			*suggestion = 0;
			return 0;
		}
		*suggestion = s[i].id;
	}
	return 0;
}

static enum err
miss(struct cx *cx, const struct transfer *t, enum reason why,
    const struct named *f)
{
	int64_t suggestion = 0;
	enum err e = 0;

	if (f->refunds > 0)
		suggestion = f->refund.session_id;
	else if (f->sessions == 1)
		suggestion = f->session.id;
	else if (f->sessions == 0 && f->keys.len > 0)
		e = suggest(cx, t, f->keys.text, &suggestion);
	return e != 0 ? e : match_miss(cx, t->id, why, suggestion);
}

/* The pending one, or none: then r is empty. */
static enum err
find_pending(struct cx *cx, int64_t session_id, struct refund *r)
{
	enum err e = refund_find_automatic(cx, session_id, r);

	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	return 0;
}

/* The whole excess that no other refund of it settles, but no more than is
 * there: the shop may have refunded more than the price. */
static enum err
owed(struct cx *cx, const struct session *s, const struct refund *pending,
    cents *sum)
{
	struct excess x = { 0 };
	cents live = 0, left;
	enum err e;

	if ((e = refund_excess(cx, s->id, &x)) != 0 ||
	    (e = refund_sum(cx, s->id, &live)) != 0)
		return e;
	left = s->total_paid - s->total_returned;
	*sum = left - s->amount - (x.settled - pending->amount);
	left -= live - pending->amount;
	if (*sum > left)
		*sum = left;
	return 0;
}

enum err
credit_excess(struct cx *cx, const struct session *s,
    const struct transfer *t)
{
	struct refund r = { 0 };
	cents sum;
	enum err e;

	if ((e = find_pending(cx, s->id, &r)) != 0 ||
	    (e = owed(cx, s, &r, &sum)) != 0)
		return e;
	if (sum <= r.amount || sum <= money_fee(sum))
		return 0;
	r.amount = sum;
	r.processing_fee = money_fee(sum);
	r.debtor_iban = t->debtor_iban;
	r.debtor_name = t->debtor_name;
	r.session_id = s->id;
	r.merchant_id = s->merchant_id;
	r.automatic = 1;
	if ((e = giveback_plan(cx, s, &r)) != 0)
		return e;
	return r.id != 0 ? refund_set(cx, &r) : payback_add(cx, &r);
}

static enum tell
told_as(bool was_paid, const struct session *s)
{
	if (!status_paid((enum status)s->status))
		return TELL_PARTIAL;
	return was_paid ? TELL_OVERPAID : TELL_CONFIRMED;
}

/* What is left of the fixed fee. */
static enum err
fixed_left(struct cx *cx, const struct session *s, cents *left)
{
	struct rows rows;
	const struct charged *c;
	enum err e;

	*left = s->fee_fixed;
	if (s->payment_count == 0 || *left == 0)
		return 0;
	if ((e = match_fees(cx, s->id, &rows)) != 0)
		return e;
	c = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		*left = money_fixed_left(*left, c[i].amount, c[i].fee,
		    s->fee_percent);
	return 0;
}

/* The session is locked; its row, the match, the sums and the event change
 * together. */
static enum err
book(struct cx *cx, const struct transfer *t, struct session *s,
    enum match_method method)
{
	enum status was = (enum status)s->status;
	struct match m = { .transfer_id = t->id, .session_id = s->id,
	    .method = method, .first = s->payment_count == 0 };
	cents fixed;
	enum err e;

	if ((e = fixed_left(cx, s, &fixed)) != 0)
		return e;
	m.fee = money_rate(t->amount, s->fee_percent, fixed);
	if ((e = match_add(cx, &m)) != 0 ||
	    (e = session_credit(cx, s, t->amount)) != 0 ||
	    (e = rollup_money(cx, s, t, was, m.fee)) != 0 ||
	    (e = payer_add(cx, s->merchant_id, s->id, t->debtor_name,
	    t->debtor_iban)) != 0)
		return e;
	if (s->status == STATUS_OVERPAID &&
	    (e = credit_excess(cx, s, t)) != 0)
		return e;
	if ((e = tell(cx, s, told_as(status_paid(was), s))) != 0 ||
	    s->schedule_id == 0 || status_paid(was) ||
	    !status_paid((enum status)s->status))
		return e;
	return bill_paid(cx, s);
}

/* What names no refund is a payment. */
static enum err
credit_payment(struct cx *cx, const struct transfer *t, struct named *f)
{
	struct session *s = &f->session;
	enum err e;

	if (f->sessions == 0)
		return miss(cx, t, f->references == 0 ? REASON_NO_REFERENCE :
		    REASON_UNKNOWN_REFERENCE, f);
	if (f->sessions > 1)
		return miss(cx, t, REASON_AMBIGUOUS, f);
	if (strcmp(t->currency, s->currency) != 0)
		return miss(cx, t, REASON_CURRENCY, f);
	if (t->account_id != s->account_id)
		return miss(cx, t, REASON_OTHER_ACCOUNT, f);
	if ((e = session_lock(cx, s->id, s)) != 0)
		return e;
	/* by the bank's day, as our clock may be wrong */
	if (day_of_bank(s->expires_at) + cx->conf->match_days <
	    t->booking_day)
		return miss(cx, t, REASON_TOO_LATE, f);
	return book(cx, t, s, f->method);
}

enum err
credit_transfer(struct cx *cx, const struct transfer *t)
{
	struct named f;
	bool ours = false;
	enum err e;

	if ((e = recognise(cx, t, &f)) != 0)
		return e;
	if (f.refunds == 1 &&
	    ((e = payback_entry(cx, t, &f.refund, &ours)) != 0 || ours))
		return e;
	if (!t->credit)
		return takeback_note(cx, t, &f);
	if (f.refunds > 0)
		return miss(cx, t, REASON_REFUND_RETURN, &f);
	return credit_payment(cx, t, &f);
}

/* Is it taken already, by a refund?  Its row of gateway_unmatched is held. */
static enum err
check_free(struct cx *cx, const struct transfer *t)
{
	struct sendback back = { 0 };
	bool entry;
	enum err e = refundentry_of(cx, t->id, &entry);

	if (e != 0)
		return e;
	if (entry)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is a refund"
		    " that came back.", t->id);
	e = sendback_live(cx, t->id, &back);
	if (e != ERR_NOT_FOUND)
		return e != 0 ? e : fail(cx, ERR_STATE, "Transfer %" PRId64
		    " is sent back, by refund %s.", t->id, back.number);
	fail_clear(cx);
	return 0;
}

enum err
credit_give(struct cx *cx, int64_t transfer_id, const char *reference)
{
	struct transfer t = { 0 };
	struct session s = { 0 };
	enum err e;

	if ((e = transfer_find(cx, transfer_id, &t)) != 0 ||
	    (e = match_hold(cx, t.id)) != 0)
		return e;
	if (!t.credit)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " went out.",
		    t.id);
	if ((e = session_find_key(cx, reference_key(cx->arena, reference),
	    &s)) != 0 || (e = session_lock(cx, s.id, &s)) != 0)
		return e;
	if (strcmp(t.currency, s.currency) != 0)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is in %s, the"
		    " session in %s.", t.id, t.currency, s.currency);
	if (t.account_id != s.account_id)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " came to"
		    " another account than the session's.", t.id);
	if ((e = check_free(cx, &t)) != 0)
		return e;
	e = book(cx, &t, &s, MATCH_OPERATOR);
	if (e != ERR_DUPLICATE)
		return e;
	fail_clear(cx);
	return fail(cx, ERR_STATE, "Transfer %" PRId64 " has its session"
	    " already.", t.id);
}

struct assignment {
	int64_t		 transfer_id;
	const char	*reference;
};

static enum err
assign(struct cx *cx, void *arg)
{
	const struct assignment *a = arg;

	return credit_give(cx, a->transfer_id, a->reference);
}

enum err
credit_assign(struct cx *cx, int64_t transfer_id, const char *reference)
{
	struct assignment a = { transfer_id, reference };

	return db_tx(cx, assign, &a);
}
