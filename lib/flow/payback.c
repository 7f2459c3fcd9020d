#include <string.h>

#include "base/money.h"
#include "base/reference.h"
#include "flow/payback.h"
#include "flow/rollup.h"
#include "flow/tell.h"
#include "io/seal.h"

#define NUMBER	8		/* R7A3F2B1 */

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
payback_lock(struct cx *cx, int64_t id, struct session *s, struct refund *r)
{
	enum err e;

	if ((e = refund_find(cx, id, r)) != 0 ||
	    (e = session_lock(cx, r->session_id, s)) != 0)
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
	cents others = 0;
	enum err e;

	if (s->total_paid == 0)
		return fail(cx, ERR_STATE, "No money came for this session.");
	if (r->amount <= r->processing_fee)
		return fail_param(cx, "amount", "must be more than the fee of"
		    " a refund, %s.", cents_print(r->processing_fee, text));
	if ((e = refund_sum(cx, s->id, &others)) != 0)
		return e;
	if (r->amount > s->total_paid - others)
		return fail_param(cx, "amount", "is more than what can still"
		    " be refunded: %s.", cents_print(s->total_paid - others,
		    text));
	return 0;
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
	bool same;
	enum err e;

	if ((e = lock_own(cx, ask->id, &s, &r)) != 0)
		return e;
	if (!open_to_begin(&r))
		return fail(cx, ERR_STATE, r.status == REFUND_SENDING ?
		    "The refund is being sent." : "The refund is %s.",
		    refund_word(r.status));
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

enum err
payback_sent(struct cx *cx, struct session *s, struct refund *r)
{
	enum err e;

	r->status = REFUND_SENT;
	r->sent_at = cx->now;
	r->failed_at = 0;
	r->failure = "";
	if ((e = refund_put(cx, r)) != 0 || (e = session_touch(cx, s)) != 0)
		return e;
	return tell_refund(cx, s, r, TELL_REFUND_SENT);
}

enum err
payback_failed(struct cx *cx, struct session *s, struct refund *r,
    const char *why)
{
	enum err e;

	r->status = REFUND_FAILED;
	r->failed_at = cx->now;
	r->failure = why;
	if ((e = refund_put(cx, r)) != 0 || (e = session_touch(cx, s)) != 0)
		return e;
	return tell_refund(cx, s, r, TELL_REFUND_FAILED);
}

/* The refund that a text names: R and seven hex digits. */
static enum err
find_named(struct cx *cx, const char *text, struct refund *r)
{
	static const char hex[] = "0123456789ABCDEF";
	char number[NUMBER + 1];
	enum err e;

	for (; text != NULL && *text != '\0'; text++) {
		if (*text != 'R' || strspn(text + 1, hex) < NUMBER - 1)
			continue;
		memcpy(number, text, NUMBER);
		number[NUMBER] = '\0';
		if ((e = refund_find_number(cx, number, r)) != ERR_NOT_FOUND)
			return e;
		fail_clear(cx);
	}
	return ERR_NOT_FOUND;
}

/* Went, or came back: may the entry be that? */
static bool
fits(const struct transfer *t, const struct refund *r)
{
	if (t->amount != r->amount - r->processing_fee ||
	    strcmp(t->currency, "EUR") != 0)
		return false;
	return !t->credit || r->status == REFUND_SENT ||
	    r->status == REFUND_SENDING;
}

/* *ours is false when it went through another account than the payment. */
static enum err
book(struct cx *cx, const struct transfer *t, const struct refund *named,
    bool *ours)
{
	struct session s = { 0 };
	struct refund r = { 0 };
	int64_t returns;
	enum err e;

	if ((e = payback_lock(cx, named->id, &s, &r)) != 0)
		return e;
	*ours = t->account_id == s.account_id;
	if (!*ours)
		return 0;
	if ((e = refund_returns(cx, r.id, &returns)) != 0 ||
	    (e = refund_entry(cx, t->id, r.id, t->credit != 0)) != 0 ||
	    (e = rollup_refund(cx, &s, t, &r)) != 0)
		return e;
	if (t->credit)
		return payback_failed(cx, &s, &r, "the money came back");
	/* entries may come late: what returned does not become sent again */
	return r.status == REFUND_SENT || returns > 0 ? 0 :
	    payback_sent(cx, &s, &r);
}

enum err
payback_entry(struct cx *cx, const struct transfer *t, bool *ours)
{
	const char *const texts[] = { t->end_to_end_id, t->remittance,
	    t->structured };
	struct refund r = { 0 };
	enum err e = ERR_NOT_FOUND;

	*ours = false;
	for (size_t i = 0; e == ERR_NOT_FOUND && i < NELEM(texts); i++)
		e = find_named(cx, texts[i], &r);
	if (e == ERR_NOT_FOUND)
		return 0;
	if (e != 0)
		return e;
	*ours = fits(t, &r);
	return *ours ? book(cx, t, &r, ours) : 0;
}
