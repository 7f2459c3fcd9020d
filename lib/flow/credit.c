#include <string.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/money.h"
#include "base/reference.h"
#include "flow/bill.h"
#include "flow/credit.h"
#include "flow/payback.h"
#include "flow/rollup.h"
#include "flow/tell.h"
#include "model/match.h"
#include "model/payer.h"
#include "model/refund.h"

/* What the texts of a transfer lead to. */
struct finding {
	struct session	 s;		/* the first session named */
	size_t		 sessions;	/* different ones */
	size_t		 references;	/* things that look like one */
	enum match_method method;
	struct out	 keys;		/* of all texts, for suggestions */
};

/* Looks for references in one text; sessions are counted once. */
static enum err
search(struct cx *cx, const char *text, struct finding *f)
{
	struct session s = { 0 };
	char *key, found[REFERENCE_KEY];
	size_t at = 0;
	enum err e;

	if (text == NULL)
		return 0;
	key = reference_key(cx->arena, text);
	out_printf(&f->keys, "%s ", key);
	while (reference_next(key, &at, found)) {
		f->references++;
		e = session_find_key(cx, found, &s);
		if (e == ERR_NOT_FOUND) {
			fail_clear(cx);
			continue;
		}
		if (e != 0)
			return e;
		if (f->sessions == 0 || s.id != f->s.id)
			f->sessions++;
		if (f->sessions == 1)
			f->s = s;
		if (strstr(text, s.reference_number) != NULL)
			f->method = MATCH_EXACT;
	}
	return 0;
}

static enum err
look(struct cx *cx, const struct transfer *t, struct finding *f)
{
	const char *const texts[] = { t->remittance, t->structured,
	    t->end_to_end_id };
	enum err e = 0;

	*f = (struct finding){ .method = MATCH_NORMALISED,
	    .keys = { .arena = cx->arena } };
	for (size_t i = 0; e == 0 && i < NELEM(texts); i++)
		e = search(cx, texts[i], f);
	return e;
}

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
    const struct finding *f)
{
	int64_t suggestion = 0;
	enum err e = 0;

	if (f->sessions == 1)
		suggestion = f->s.id;
	else if (f->sessions == 0 && f->keys.len > 0)
		e = suggest(cx, t, f->keys.text, &suggestion);
	return e != 0 ? e : match_miss(cx, t->id, why, suggestion);
}

/* One pending refund carries the whole overpayment; what is no more than the
 * fee is not sent back. */
static enum err
refund_excess(struct cx *cx, const struct session *s,
    const struct transfer *t)
{
	struct refund r = { 0 };
	cents others = 0;
	enum err e, found;

	found = refund_find_automatic(cx, s->id, &r);
	if (found == ERR_NOT_FOUND)
		fail_clear(cx);
	else if (found != 0)
		return found;
	if ((e = refund_sum(cx, s->id, &others)) != 0)
		return e;
	if (found == 0)
		others -= r.amount;
	r.amount = s->total_paid - s->amount - others;
	r.processing_fee = money_fee(r.amount);
	if (r.amount <= r.processing_fee)
		return 0;
	r.debtor_iban = t->debtor_iban;
	r.debtor_name = t->debtor_name;
	if (found == 0)
		return refund_set(cx, &r);
	r.session_id = s->id;
	r.merchant_id = s->merchant_id;
	r.automatic = 1;
	return payback_add(cx, &r);
}

static enum tell
told_as(bool was_paid, const struct session *s)
{
	if (!status_paid((enum status)s->status))
		return TELL_PARTIAL;
	return was_paid ? TELL_OVERPAID : TELL_CONFIRMED;
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
	enum err e;

	m.fee = money_rate(t->amount, s->fee_percent, m.first ? s->fee_fixed :
	    0);
	if ((e = match_add(cx, &m)) != 0 ||
	    (e = session_credit(cx, s, t->amount)) != 0 ||
	    (e = rollup_money(cx, s, t, was, m.fee)) != 0 ||
	    (e = payer_add(cx, s->merchant_id, s->id, t->debtor_name,
	    t->debtor_iban)) != 0)
		return e;
	if (s->status == STATUS_OVERPAID &&
	    (e = refund_excess(cx, s, t)) != 0)
		return e;
	if ((e = tell(cx, s, told_as(status_paid(was), s))) != 0 ||
	    s->schedule_id == 0 || status_paid(was) ||
	    !status_paid((enum status)s->status))
		return e;
	return bill_paid(cx, s);
}

enum err
credit_transfer(struct cx *cx, const struct transfer *t)
{
	struct finding f;
	bool ours;
	enum err e;

	if ((e = payback_entry(cx, t, &ours)) != 0 || ours || !t->credit)
		return e;
	if ((e = look(cx, t, &f)) != 0)
		return e;
	if (f.sessions == 0)
		return miss(cx, t, f.references == 0 ? REASON_NO_REFERENCE :
		    REASON_UNKNOWN_REFERENCE, &f);
	if (f.sessions > 1)
		return miss(cx, t, REASON_AMBIGUOUS, &f);
	if (strcmp(t->currency, f.s.currency) != 0)
		return miss(cx, t, REASON_CURRENCY, &f);
	if (t->account_id != f.s.account_id)
		return miss(cx, t, REASON_OTHER_ACCOUNT, &f);
	if ((e = session_lock(cx, f.s.id, &f.s)) != 0)
		return e;
	/* by the bank's day, as our clock may be wrong */
	if (day_of_bank(f.s.expires_at) + cx->conf->match_days <
	    t->booking_day)
		return miss(cx, t, REASON_TOO_LATE, &f);
	return book(cx, t, &f.s, f.method);
}

struct assignment {
	int64_t		 transfer_id;
	const char	*reference;
};

static enum err
assign(struct cx *cx, void *arg)
{
	const struct assignment *a = arg;
	struct transfer t = { 0 };
	struct session s = { 0 };
	bool entry;
	enum err e;

	if ((e = transfer_find(cx, a->transfer_id, &t)) != 0)
		return e;
	if (!t.credit)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " went out.",
		    t.id);
	if ((e = session_find_key(cx, reference_key(cx->arena, a->reference),
	    &s)) != 0 || (e = session_lock(cx, s.id, &s)) != 0)
		return e;
	if (strcmp(t.currency, s.currency) != 0)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is in %s, the"
		    " session in %s.", t.id, t.currency, s.currency);
	if (t.account_id != s.account_id)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " came to"
		    " another account than the session's.", t.id);
	if ((e = refund_entry_of(cx, t.id, &entry)) != 0)
		return e;
	if (entry)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is a refund"
		    " that came back.", t.id);
	e = book(cx, &t, &s, MATCH_OPERATOR);
	if (e != ERR_DUPLICATE)
		return e;
	fail_clear(cx);
	return fail(cx, ERR_STATE, "Transfer %" PRId64 " has its session"
	    " already.", t.id);
}

enum err
credit_assign(struct cx *cx, int64_t transfer_id, const char *reference)
{
	struct assignment a = { transfer_id, reference };

	return db_tx(cx, assign, &a);
}
