#include <string.h>

#include "base/log.h"
#include "base/sepatext.h"
#include "base/str.h"
#include "flow/collect.h"
#include "flow/payback.h"
#include "flow/payout.h"
#include "flow/sending.h"

#define PAYEE_MAX	70		/* bytes of a name (SEPA) */
#define TEXT_MAX	140		/* of a remittance text */
#define WORKER_MS	20000
#define FAILURE_MAX	255		/* bytes of a failure */
#define LATER_MAX	7		/* 2 to the 7th: 256 s between steps */

enum err
sending_load(struct cx *cx, int64_t id, struct sending *s)
{
	enum err e;

	s->payout = (struct payout){ 0 };
	if ((e = refund_find(cx, id, &s->refund)) != 0 ||
	    s->refund.status != REFUND_SENDING)
		return e;
	return s->refund.payout_id == 0 ? 0 :
	    payout_find(cx, s->refund.payout_id, &s->payout);
}

/* Another order of this refund was faster, or it is not to be sent. */
static bool
passed(const struct sending *s, const struct refund *r)
{
	return r->status != REFUND_SENDING || r->payout_id != 0 ||
	    r->sends != s->refund.sends;
}

/* Without a check, only a person can know; but in its own books the bank
 * knows who it is. */
static bool
name_fits(const struct bank_order *o, const struct refund *r)
{
	if (o->match_type != NULL)
		return strcmp(o->match_type, "MTCH") == 0;
	return r->auto_at == 0 || (o->payment_rail != NULL &&
	    strcmp(o->payment_rail, "INTERNAL") == 0);
}

static const char *
name_trouble(struct cx *cx, const struct bank_order *o)
{
	if (o->match_type == NULL)
		return "no bank checked the name, as it went out by itself";
	return o->matched_name == NULL ? "the name is not the account"
	    " holder's" : arena_printf(cx->arena, "the name is almost the"
	    " account holder's: %.140s", o->matched_name);
}

static enum err
choose(struct cx *cx, void *arg)
{
	struct sending *s = arg;
	struct session session = { 0 };
	struct refund r = { 0 };
	const struct bank_order *o = &s->order;
	enum err e;

	s->payout.payment_order_no = o->payment_order_no;
	s->payout.payment_rail = o->payment_rail;
	s->payout.match_type = o->match_type;
	s->payout.matched_name = o->matched_name;
	s->payout.transaction_status = o->transaction_status;
	if ((e = payout_initiated(cx, &s->payout)) != 0 ||
	    (e = payback_lock(cx, s->refund.id, &session, &r)) != 0 ||
	    passed(s, &r))
		return e;
	r.payout_id = s->payout.id;
	r.failure = "";
	if (!name_fits(o, &r) && r.accept_name == 0) {
		r.status = REFUND_HELD;
		r.failure = name_trouble(cx, o);
	}
	return refund_put(cx, &r);
}

/* The bank will not make such an order, so none can have been paid. */
static enum err
refuse(struct cx *cx, void *arg)
{
	struct sending *s = arg;
	struct session session = { 0 };
	struct refund r = { 0 };
	enum err e;

	if ((e = payout_failed(cx, s->payout.id, s->why)) != 0 ||
	    (e = payback_lock(cx, s->refund.id, &session, &r)) != 0 ||
	    passed(s, &r))
		return e;
	return payback_failed(cx, &session, &r, s->why);
}

/* Does the answer say that the order itself is at fault? */
static bool
refused(const struct bank *b)
{
	return b->status == 400 || b->status == 422;
}

static const char *
remittance(struct cx *cx, const struct sending *s)
{
	if (s->session.id == 0)
		return arena_printf(cx->arena, "Refund %s: your transfer could"
		    " not be assigned", s->refund.reference_number);
	return str_cut(cx->arena, sepatext(cx->arena, arena_printf(cx->arena,
	    "Refund %s %s %s", s->refund.reference_number,
	    s->session.reference_number, s->session.merchant_name)), TEXT_MAX);
}

static enum err
initiate(struct cx *cx, struct sending *s)
{
	const struct refund *r = &s->refund;
	enum err e, e2;

	s->payout = (struct payout){ .refund_id = r->id, .send = r->sends,
	    .amount = r->amount - r->processing_fee,
	    .creditor_iban = r->debtor_iban,
	    .creditor_name = str_cut(cx->arena, r->debtor_name, PAYEE_MAX) };
	if ((e = payout_add(cx, &s->payout)) != 0)
		return e;
	s->order = (struct bank_order){ .debtor_iban = s->account.iban,
	    .creditor_iban = s->payout.creditor_iban,
	    .creditor_name = str_cut(cx->arena, sepatext_name(cx->arena,
		r->debtor_name), PAYEE_MAX),
	    .amount = s->payout.amount, .remittance = remittance(cx, s),
	    .external_reference = arena_printf(cx->arena, "%s-%" PRId64,
		r->reference_number, s->payout.id) };
	if ((e = connectpay_initiate(cx, &s->bank, &s->order)) == 0)
		return db_tx(cx, choose, s);
	if (e != ERR_BANK)
		return e;
	s->why = arena_printf(cx->arena, "%s", cx->why);
	if (!refused(&s->bank)) {
		e2 = payout_failed(cx, s->payout.id, s->why);
		return e2 != 0 ? e2 : e;
	}
	fail_clear(cx);
	return db_tx(cx, refuse, s);
}

static enum err
authorise(struct cx *cx, struct sending *s)
{
	int64_t n;
	enum err e;

	if ((e = payout_authorise(cx, s->payout.id, &n)) != 0)
		return e;
	if (n == 0)
		return fail(cx, ERR_CONFLICT, "refund %" PRId64
		    " was taken over", s->refund.id);
	e = connectpay_authorise(cx, &s->bank, s->payout.payment_order_no);
	if (e == ERR_BANK && s->bank.status != 401 && s->bank.status != 403) {
		s->trouble = arena_printf(cx->arena, "%s", cx->why);
		fail_clear(cx);		/* the status will tell */
		e = 0;
	}
	return e;
}

static enum err
end(struct cx *cx, void *arg)
{
	struct sending *s = arg;
	struct session session = { 0 };
	struct refund r = { 0 };
	enum err e;

	if ((e = payout_heard(cx, s->payout.id, s->order.transaction_status,
	    true)) != 0 ||
	    (e = payback_lock(cx, s->refund.id, &session, &r)) != 0)
		return e;
	if (r.status != REFUND_SENDING || r.payout_id != s->payout.id)
		return 0;		/* the statement was faster */
	if (s->why == NULL)
		return payback_sent(cx, &session, &r);
	return payback_failed(cx, &session, &r, s->why);
}

const char *
sending_failure(struct cx *cx, const struct bank_progress *p)
{
	bool rejected = strcmp(p->status, "RJCT") == 0;

	if (!rejected && strcmp(p->status, "CANC") != 0)
		return NULL;
	return arena_printf(cx->arena, "the bank %s the payment%s%s",
	    rejected ? "rejected" : "cancelled", *p->said == '\0' ? "" : ": ",
	    p->said);
}

/* Asks how far the order is; false in *done: it is not authorised yet. */
static enum err
listen(struct cx *cx, struct sending *s, bool *done)
{
	struct bank_progress p = { 0 };
	enum err e;

	*done = true;
	e = connectpay_status(cx, &s->bank, s->payout.payment_order_no, &p);
	if (e != 0)
		return e;
	s->order.transaction_status = p.status;
	s->why = sending_failure(cx, &p);
	if (s->why != NULL || strcmp(p.status, "ACSC") == 0)
		return db_tx(cx, end, s);
	*done = strcmp(p.status, "RCVD") != 0;
	if (*done)
		s->trouble = "";	/* it was authorised after all */
	return payout_heard(cx, s->payout.id, p.status, false);
}

/* Does the bank too think that an order was not authorised?  A database that
 * was restored may know too little.  One that lapsed is rejected, or gone. */
static enum err
ask_idle(struct cx *cx, struct sending *s, bool *idle)
{
	struct bank_progress p = { 0 };
	enum err e;

	e = connectpay_status(cx, &s->bank, s->payout.payment_order_no, &p);
	*idle = e == 0 ? strcmp(p.status, "RCVD") == 0 ||
	    sending_failure(cx, &p) != NULL : s->bank.status == 404;
	if (e != ERR_BANK || !*idle)
		return e;
	fail_clear(cx);
	return 0;
}

/* An order that lay about before it was authorised is made anew. */
static enum err
refresh(struct cx *cx, struct sending *s)
{
	bool idle = false;
	int64_t n;
	enum err e;

	if (s->payout.id == 0 || s->payout.authorised_at != 0 ||
	    wait_done(WAIT_ORDER, s->payout.initiated_at, cx->now) +
	    ORDER_SECONDS > cx->now)
		return 0;
	if ((e = ask_idle(cx, s, &idle)) != 0)
		return e;
	e = idle ? refund_anew(cx, s->refund.id, s->payout.id, &n) :
	    payout_authorise(cx, s->payout.id, &n);
	return e != 0 ? e : sending_load(cx, s->refund.id, s);
}

/* The statement may have the refund already: it was paid by an order that a
 * restored database knows nothing of. */
static enum err
look_first(struct cx *cx, struct sending *s)
{
	enum err e = collect_fresh(cx, s->account.id,
	    s->bank.patience / 2);

	return e != 0 ? e : sending_load(cx, s->refund.id, s);
}

/* One step after the other, as far as it goes. */
static enum err
take_steps(struct cx *cx, struct sending *s)
{
	bool done = false;
	enum err e;

	if ((e = refresh(cx, s)) != 0 || s->refund.status != REFUND_SENDING)
		return e;
	if (s->payout.id == 0) {
		if ((e = look_first(cx, s)) != 0 ||
		    s->refund.status != REFUND_SENDING ||
		    s->payout.id != 0 || (e = initiate(cx, s)) != 0 ||
		    (e = sending_load(cx, s->refund.id, s)) != 0 ||
		    s->refund.status != REFUND_SENDING ||
		    s->payout.id == 0)
			return e;
	}
	if (s->payout.authorised_at != 0 &&
	    ((e = listen(cx, s, &done)) != 0 || done))
		return e;
	if ((e = authorise(cx, s)) != 0)
		return e;
	return listen(cx, s, &done);
}

/* 2, 4, 8 ... seconds; a payment that a person looks at may take days. */
static enum err
later(struct cx *cx, const struct sending *s)
{
	int64_t n = s->refund.tries < LATER_MAX ? s->refund.tries : LATER_MAX;

	cx_tick(cx);
	return refund_later(cx, s->refund.id, wait_until(WAIT_REFUND,
	    INT64_C(2) << n, cx->now), str_cut(cx->arena, s->trouble,
	    FAILURE_MAX));
}

enum err
sending_account(struct cx *cx, struct sending *s)
{
	enum err e = payback_of(cx, &s->refund, &s->session);

	return e != 0 ? e : account_find(cx, s->session.account_id,
	    &s->account);
}

static enum err
open_bank(struct cx *cx, struct sending *s, int64_t patience)
{
	enum err e = sending_account(cx, s);

	return e != 0 ? e : bank_open(cx, s->account.environment, patience,
	    &s->bank);
}

enum err
payout_follow(struct cx *cx, int64_t refund_id, int64_t patience)
{
	struct sending s = { .trouble = "" };
	enum err e;

	if ((e = sending_load(cx, refund_id, &s)) != 0 ||
	    s.refund.status != REFUND_SENDING)
		return e;
	if ((e = open_bank(cx, &s, patience)) == 0)
		e = take_steps(cx, &s);
	if (e == ERR_BANK && s.bank.status == 401) {
		fail_clear(cx);
		if ((e = bank_renew(cx, &s.bank)) == 0 &&
		    (e = sending_load(cx, refund_id, &s)) == 0 &&
		    s.refund.status == REFUND_SENDING)
			e = take_steps(cx, &s);
	}
	if (e == ERR_BANK || e == ERR_BUSY || e == ERR_CONFLICT) {
		s.trouble = arena_printf(cx->arena, "%s", cx->why);
		fail_clear(cx);
		e = 0;
	}
	if (e == 0 && *s.trouble != '\0')
		log_say(cx, "payout", "refund %s waits: %s",
		    s.refund.reference_number, s.trouble);
	return e == 0 ? later(cx, &s) : e;
}

enum err
payout_turn(struct cx *cx, int64_t *n)
{
	struct rows rows;
	const struct refund_id *r;
	enum err e;

	*n = 0;
	if ((e = refund_due(cx, &rows)) != 0)
		return e;
	r = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		cx_tick(cx);
		e = refund_claim(cx, r[i].id, cx->now + PAYBACK_LEASE);
		if (e == ERR_NOT_FOUND) {
			fail_clear(cx);
			continue;
		}
		if (e != 0 ||
		    (e = payout_follow(cx, r[i].id, WORKER_MS)) != 0)
			return e;
		++*n;
	}
	return 0;
}
