#include <string.h>

#include "base/iban.h"
#include "base/money.h"
#include "base/reference.h"
#include "flow/payback.h"
#include "flow/rollup.h"
#include "flow/tell.h"
#include "io/seal.h"
#include "model/match.h"
#include "model/refundentry.h"

enum err
payback_add(struct cx *cx, struct refund *r)
{
	unsigned char random[4];
	enum err e;

	do {
		fail_clear(cx);
		seal_random(random, sizeof(random));
		r->reference_number = arena_printf(cx->arena,
		    "R%02X%02X%02X%X", random[0], random[1], random[2],
		    random[3] & 15U);
		e = refund_add(cx, r);
	} while (e == ERR_DUPLICATE);
	return e;
}

enum err
payback_of(struct cx *cx, const struct refund *r, struct session *s)
{
	struct transfer t = { 0 };
	enum err e;

	if (r->transfer_id == 0)
		return session_read(cx, r->session_id, s);
	if ((e = transfer_find(cx, r->transfer_id, &t)) != 0)
		return e;
	*s = (struct session){ .account_id = t.account_id,
	    .currency = t.currency };
	return 0;
}

const char *
payback_payee(const struct refund *r)
{
	char iban[IBAN_TEXT];

	if (r->debtor_iban == NULL || iban_parse(r->debtor_iban, iban) != NULL)
		return "the payer's account is not known";
	if (r->debtor_name == NULL || r->debtor_name[strspn(r->debtor_name,
	    " ")] == '\0')
		return "the payer's name is not known";
	return NULL;
}

enum err
payback_lock(struct cx *cx, int64_t id, struct session *s, struct refund *r)
{
	enum err e;

	if ((e = refund_find(cx, id, r)) != 0 ||
	    (e = r->transfer_id != 0 ? match_hold(cx, r->transfer_id) :
	    session_lock(cx, r->session_id, s)) != 0 ||
	    (r->transfer_id != 0 && (e = payback_of(cx, r, s)) != 0))
		return e;
	return refund_lock(cx, id, r);
}

/* Another merchant's refund is none. */
static enum err
lock_own(struct cx *cx, int64_t id, struct session *s, struct refund *r)
{
	enum err e = payback_lock(cx, id, s, r);

	if (e == 0 && r->merchant_id == cx->merchant)
		return 0;
	if (e != 0 && e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	return fail(cx, ERR_NOT_FOUND, "Refund not found");
}

struct creation {
	const char	*reference;
	struct refund	*refund;
	struct session	*session;
};

/* Is there so much left of the money?  The session is locked. */
static enum err
check_amount(struct cx *cx, const struct session *s, const struct refund *r)
{
	char text[CENTS_TEXT];
	cents others = 0, left;
	enum err e;

	if (s->total_paid == 0)
		return fail(cx, ERR_STATE, "No money came for this session.");
	if (r->amount <= r->processing_fee)
		return fail_param(cx, "amount", "must be more than the fee of"
		    " a refund, %s.", cents_print(r->processing_fee, text));
	if ((e = refund_sum(cx, s->id, &others)) != 0)
		return e;
	left = s->total_paid - s->total_returned - others;
	return r->amount <= left ? 0 : fail_param(cx, "amount", "is more than"
	    " what can still be refunded: %s.", cents_print(left < 0 ? 0 :
	    left, text));
}

/* Whoever paid last is the one who is most likely to get it back. */
static enum err
suggest_payer(struct cx *cx, struct refund *r)
{
	struct rows rows;
	const struct transfer *t;
	enum err e;

	if ((e = transfer_each(cx, r->session_id, &rows)) != 0 || rows.n == 0)
		return e;
	t = rows.row;
	r->debtor_iban = t[rows.n - 1].debtor_iban;
	r->debtor_name = t[rows.n - 1].debtor_name;
	return 0;
}

static enum err
create(struct cx *cx, void *arg)
{
	const struct creation *c = arg;
	struct refund *r = c->refund;
	struct session *s = c->session;
	enum err e;

	e = session_find_key(cx, reference_key(cx->arena, c->reference), s);
	if (e != 0)
		return e;
	if (s->merchant_id != cx->merchant)
		return fail(cx, ERR_NOT_FOUND, "Session not found");
	if ((e = session_lock(cx, s->id, s)) != 0)
		return e;
	r->session_id = s->id;
	r->merchant_id = s->merchant_id;
	r->processing_fee = money_fee(r->amount);
	if ((e = check_amount(cx, s, r)) != 0 ||
	    (e = suggest_payer(cx, r)) != 0 ||
	    (e = session_touch(cx, s)) != 0)
		return e;
	return payback_add(cx, r);
}

enum err
payback_create(struct cx *cx, const char *reference, struct refund *r,
    struct session *s)
{
	struct creation c = { reference, r, s };

	return db_tx(cx, create, &c);
}

enum err
payback_owed(struct cx *cx, const struct session *s, const struct refund *r,
    const char **why)
{
	cents left = s->total_paid - s->total_returned, live = 0;
	struct excess x = { 0 };
	enum err e;

	if ((e = refund_sum(cx, s->id, &live)) != 0 || (r->automatic != 0 &&
	    (e = refund_excess(cx, s->id, &x)) != 0))
		return e;
	*why = live > left || (r->automatic != 0 &&
	    x.amount > left - s->amount) ?
	    "the money that it is of has left the account" : NULL;
	return 0;
}

static bool
open_to_begin(const struct refund *r)
{
	return r->status == REFUND_PENDING || r->status == REFUND_HELD;
}

enum err
payback_start(struct cx *cx, struct refund *r, int64_t due_at)
{
	r->status = REFUND_SENDING;
	r->sends++;
	r->begun_at = cx->now;
	r->due_at = due_at;
	r->tries = 0;
	r->failure = "";
	return refund_put(cx, r);
}

static enum err
begin(struct cx *cx, void *arg)
{
	struct refund *ask = arg, r = { 0 };
	struct session s = { 0 };
	const char *why;
	bool same;
	enum err e;

	if ((e = lock_own(cx, ask->id, &s, &r)) != 0)
		return e;
	if (!open_to_begin(&r))
		return fail(cx, ERR_STATE, r.status == REFUND_SENDING ?
		    "The refund is being sent." : "The refund is %s.",
		    refund_word(r.status));
	if ((e = payback_owed(cx, &s, &r, &why)) != 0)
		return e;
	if (why != NULL)
		return fail(cx, ERR_STATE, "The refund is not sent: %s.", why);
	same = r.status == REFUND_HELD && ask->accept_name != 0 &&
	    strcmp(r.debtor_iban, ask->debtor_iban) == 0 &&
	    strcmp(r.debtor_name, ask->debtor_name) == 0;
	if (!same)
		r.payout_id = 0;
	r.debtor_iban = ask->debtor_iban;
	r.debtor_name = ask->debtor_name;
	r.accept_name = ask->accept_name;
	r.auto_at = 0;
	e = payback_start(cx, &r, cx->now + PAYBACK_LEASE);
	*ask = r;
	return e;
}

enum err
payback_begin(struct cx *cx, struct refund *r)
{
	struct refund ask = *r;
	enum err e = db_tx(cx, begin, &ask);

	if (e == 0)
		*r = ask;
	return e;
}

struct giving_up {
	int64_t		 id;
	struct refund	*refund;
};

static enum err
cancel(struct cx *cx, void *arg)
{
	const struct giving_up *g = arg;
	struct session s = { 0 };
	enum err e;

	if ((e = lock_own(cx, g->id, &s, g->refund)) != 0)
		return e;
	if (!open_to_begin(g->refund))
		return fail(cx, ERR_STATE, "The refund is %s.",
		    refund_word(g->refund->status));
	g->refund->status = REFUND_CANCELLED;
	g->refund->cancelled_at = cx->now;
	if ((e = refund_put(cx, g->refund)) != 0)
		return e;
	return session_touch(cx, &s);
}

enum err
payback_cancel(struct cx *cx, int64_t id, struct refund *r)
{
	struct giving_up g = { id, r };

	return db_tx(cx, cancel, &g);
}

/* Nobody is told of money that is sent back: it was nobody's. */
static enum err
announce(struct cx *cx, struct session *s, const struct refund *r,
    enum tell what)
{
	enum err e = s->id == 0 ? 0 : session_touch(cx, s);

	return e != 0 || s->id == 0 ? e : tell_refund(cx, s, r, what);
}

enum err
payback_sent(struct cx *cx, struct session *s, struct refund *r)
{
	enum err e;

	r->status = REFUND_SENT;
	r->sent_at = cx->now;
	r->failed_at = r->cancelled_at = 0;
	r->failure = "";
	e = refund_put(cx, r);
	return e == 0 ? announce(cx, s, r, TELL_REFUND_SENT) : e;
}

enum err
payback_failed(struct cx *cx, struct session *s, struct refund *r,
    const char *why)
{
	enum err e;

	r->status = REFUND_FAILED;
	r->failed_at = cx->now;
	r->cancelled_at = 0;
	r->failure = why;
	e = refund_put(cx, r);
	return e == 0 ? announce(cx, s, r, TELL_REFUND_FAILED) : e;
}

/* Went, or came back, for the first time: may the entry be that?  Of what
 * comes back banks keep the smaller part. */
static bool
fits(const struct transfer *t, const struct session *s,
    const struct refund *r, const struct refundentries *n)
{
	cents net = r->amount - r->processing_fee;

	if (t->account_id != s->account_id ||
	    strcmp(t->currency, s->currency) != 0)
		return false;
	if (!t->credit)
		return n->went == 0 && t->amount == net;
	return n->returned == 0 && t->amount <= net &&
	    t->amount >= net - PAYBACK_COSTS && 2 * t->amount >= net &&
	    (r->status == REFUND_SENT || r->status == REFUND_SENDING);
}

static const char *
came_back(struct cx *cx, const struct transfer *t, const struct refund *r)
{
	cents kept = r->amount - r->processing_fee - t->amount;
	char text[CENTS_TEXT];

	return kept == 0 ? "the money came back" : arena_printf(cx->arena,
	    "the money came back, less %s that the banks kept",
	    cents_print(kept, text));
}

enum err
payback_entry(struct cx *cx, const struct transfer *t,
    const struct refund *named, bool *ours)
{
	struct session s = { 0 };
	struct refund r = { 0 };
	struct refundentries n = { 0 };
	enum err e;

	*ours = false;
	if ((e = payback_lock(cx, named->id, &s, &r)) != 0 ||
	    (e = refundentry_count(cx, r.id, &n)) != 0)
		return e;
	*ours = fits(t, &s, &r, &n);
	if (!*ours)
		return 0;
	if ((e = refundentry_add(cx, t->id, r.id, t->credit != 0)) != 0 ||
	    (s.id != 0 && (e = rollup_refund(cx, &s, t, &r)) != 0))
		return e;
	if (t->credit)
		return payback_failed(cx, &s, &r, came_back(cx, t, &r));
	/* entries may come late: what returned does not become sent again */
	return r.status == REFUND_SENT || n.returned > 0 ? 0 :
	    payback_sent(cx, &s, &r);
}
