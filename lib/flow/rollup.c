#include "base/calendar.h"
#include "flow/rollup.h"
#include "model/day.h"
#include "model/posting.h"

static int64_t
finished(enum status s)
{
	return status_paid(s) || s == STATUS_FAILED || s == STATUS_EXPIRED;
}

static struct posting
posting_of(const struct session *s, int64_t day, enum status was)
{
	enum status is = (enum status)s->status;

	return (struct posting){ .merchant_id = s->merchant_id,
	    .environment = s->environment, .day = day,
	    .succeeded = status_paid(is) - status_paid(was),
	    .finished = finished(is) - finished(was) };
}

enum err
rollup_money(struct cx *cx, const struct session *s,
    const struct transfer *t, enum status was, cents fee)
{
	struct posting p = posting_of(s, t->booking_day, was);

	p.gross = t->amount;
	p.transfers = 1;
	p.transactions = s->payment_count == 1;
	p.fees = fee;
	return posting_add(cx, &p);
}

enum err
rollup_undo(struct cx *cx, const struct session *s, const struct transfer *t,
    enum status was, cents fee, bool first)
{
	struct posting p = posting_of(s, t->booking_day, was);

	p.gross = -t->amount;
	p.transfers = -1;
	p.transactions = -(int64_t)first;
	p.fees = -fee;
	return posting_add(cx, &p);
}

enum err
rollup_charge(struct cx *cx, const struct session *s, int64_t day, cents fee,
    int64_t first)
{
	struct posting p = posting_of(s, day, (enum status)s->status);

	p.transactions = first;
	p.fees = fee;
	return posting_add(cx, &p);
}

enum err
rollup_refund(struct cx *cx, const struct session *s,
    const struct transfer *t, const struct refund *r)
{
	struct posting p = posting_of(s, t->booking_day,
	    (enum status)s->status);

	p.refunds = t->credit ? -t->amount : t->amount;
	p.refund_fees = t->credit ? -r->processing_fee : r->processing_fee;
	return posting_add(cx, &p);
}

enum err
rollup_move(struct cx *cx, struct session *s, enum event ev)
{
	enum status was = (enum status)s->status;
	struct posting p;
	enum err e;

	if ((e = session_move(cx, s, ev)) != 0)
		return e;
	p = posting_of(s, day_of_bank(cx->now), was);
	return p.succeeded == 0 && p.finished == 0 ? 0 : posting_add(cx, &p);
}

static bool
same_day(const struct day *d, const struct posting *p)
{
	return d->merchant_id == p->merchant_id &&
	    d->environment == p->environment && d->day == p->day;
}

static void
include(struct day *d, const struct posting *p)
{
	d->gross += p->gross;
	d->transfers += p->transfers;
	d->transactions += p->transactions;
	d->refunds += p->refunds;
	d->refund_fees += p->refund_fees;
	d->fees += p->fees;
	d->succeeded += p->succeeded;
	d->finished += p->finished;
}

/* The postings come by day, and days are written in that order: two workers
 * never wait for each other crosswise. */
static enum err
add_days(struct cx *cx, const struct rows *rows)
{
	const struct posting *p = rows->row;
	struct day d = { 0 };
	enum err e = 0;

	for (size_t i = 0; e == 0 && i < rows->n; i++) {
		if (i == 0 || !same_day(&d, &p[i]))
			d = (struct day){ .merchant_id = p[i].merchant_id,
			    .environment = p[i].environment,
			    .day = p[i].day };
		include(&d, &p[i]);
		if (i + 1 == rows->n || !same_day(&d, &p[i + 1]))
			e = day_add(cx, &d);
	}
	return e;
}

static enum err
fold(struct cx *cx, void *arg)
{
	struct rows *rows = arg;
	const struct posting *p;
	struct out ids = { .arena = cx->arena };
	enum err e;

	if ((e = posting_take(cx, rows)) != 0 || rows->n == 0)
		return e;
	p = rows->row;
	for (size_t i = 0; i < rows->n; i++)
		out_printf(&ids, "%s%" PRId64, i == 0 ? "[" : ",", p[i].id);
	out_text(&ids, "]");
	e = add_days(cx, rows);
	return e == 0 ? posting_drop(cx, ids.text) : e;
}

enum err
rollup(struct cx *cx, int64_t *n)
{
	struct rows rows = { 0 };
	enum err e = db_tx(cx, fold, &rows);

	*n = e == 0 ? (int64_t)rows.n : 0;
	return e;
}
