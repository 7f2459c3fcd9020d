/*
 * The merchant's list of transactions, in pages or as one CSV.
 */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/reference.h"
#include "base/str.h"
#include "gateway/gateway.h"
#include "model/session.h"
#include "model/transaction.h"

const char *const format_words[] = { "json", "csv", NULL };

const struct param list_transactions_params[] = {
	TEXT	(list_transactions, search,    OPTIONAL, 2, 140, "Only those found by this: the reference in any spelling, the beginning of your order_id, of the customer's email, of a payer's name or of a word of it, or of the payer's IBAN. At most 200 of each kind are looked at; of the other parameters only limit counts."),
	WORD	(list_transactions, status,    OPTIONAL, status_words, "Only these; pending also finds invoiced, and sessions without an invoice yet, which have no reference_number."),
	LIMIT	(list_transactions, limit,     200, "Results per page, at most 200. Default: 50."),
	INT	(list_transactions, offset,    OPTIONAL, 0, 1000000000, "Pagination offset. Default: 0."),
	TEXT	(list_transactions, order_id,  OPTIONAL, 1, 255, "Only those of your order."),
	DAY	(list_transactions, date_from, OPTIONAL, "Only those invoiced on this day (UTC) or later."),
	DAY	(list_transactions, date_to,   OPTIONAL, "Only those invoiced on this day (UTC) or earlier."),
	TEXT	(list_transactions, cursor,    OPTIONAL, 1, 64, "next_cursor of the page before; as fast however deep."),
	WORD	(list_transactions, format,    OPTIONAL, format_words, "json, or csv: all of them in one file."),
	{ 0 }
};

struct listed {
	const char	*reference_number, *status, *invoice_number;
	const char	*merchant_order_id, *currency, *environment;
	cents		 amount, total_paid;
	int64_t		 confirmed_at, created_at, invoiced_at, expires_at;
	bool		 late, webhook_undelivered;
};

const struct field transaction_fields[] = {
	F_TEXT_OR_NULL(listed, reference_number, "The reference; null before create_invoice."),
	F_CENTS(listed, amount, "What was to be paid."),
	F_TEXT (listed, status, "Where it stands."),
	F_TIME_OR_NULL(listed, confirmed_at, "When it was paid in full; null before."),
	F_TEXT_OR_NULL(listed, invoice_number, "The invoice."),
	F_TEXT_OR_NULL(listed, merchant_order_id, "Your order_id."),
	F_TEXT (listed, currency, "EUR."),
	F_CENTS(listed, total_paid, "What came."),
	F_TIME (listed, created_at, "When the session was opened."),
	F_TIME_OR_NULL(listed, invoiced_at, "When it got its reference."),
	F_TIME (listed, expires_at, "When it expires."),
	F_TEXT (listed, environment, "staging or production."),
	F_BOOL (listed, late, "Money came after it had failed or expired."),
	F_BOOL (listed, webhook_undelivered, "A webhook of it was given up: see list_events."),
	{ 0 }
};

struct page {
	struct rows	 transactions;
	int64_t		 total, limit, offset;
	const char	*next_cursor;
};

static const struct field page_fields[] = {
	F_ROWS (page, transactions, transaction_fields, "Newest first."),
	F_INT  (page, total, "How many there are in all, exactly."),
	F_INT  (page, limit, "As asked."),
	F_INT  (page, offset, "As asked."),
	F_TEXT_OR_NULL(page, next_cursor, "Send it as cursor for the next page; null: this is the last."),
	{ 0 }
};

const struct answer list_transactions_answers[] = {
	{ "page", NULL, { page_fields } },
	{ "csv", "text/csv", { NULL } },
	{ 0 }
};

/* A place in the list, as INVOICED_AT-ID. */
static enum err
read_cursor(struct cx *cx, const char *cursor, struct choice *c)
{
	const char *dash = strchr(cursor, '-');

	if (dash == NULL || !str_int(dash + 1, &c->before_id) ||
	    !str_int(arena_copy(cx->arena, cursor, (size_t)(dash - cursor)),
	    &c->before_at))
		return fail_param(cx, "cursor",
		    "must be a next_cursor that we gave.");
	return 0;
}

static enum err
read_choice(struct cx *cx, const struct list_transactions *in,
    struct choice *c)
{
	*c = (struct choice){
		.order_id = in->order_id, .offset = in->offset,
		.limit = in->limit == 0 ? 50 : in->limit,
		.from = in->date_from * DAY_SECONDS, .until = INT64_MAX,
		.before_at = INT64_MAX, .before_id = INT64_MAX,
	};
	if (in->date_to != 0)
		c->until = (in->date_to + 1) * DAY_SECONDS - 1;
	c->by_status = in->status != 0;
	c->status = c->by_status ? (enum status)(in->status - 1) : 0;
	return in->cursor == NULL ? 0 : read_cursor(cx, in->cursor, c);
}

static struct listed
list(struct cx *cx, const struct transaction *t)
{
	return (struct listed){
		t->reference_number,
		status_word(session_status(t->stored, t->expires_at, cx->now)),
		t->invoice_number, t->merchant_order_id, t->currency,
		environment_word(t->environment), t->amount, t->total_paid,
		t->confirmed_at, t->created_at, t->invoiced_at,
		t->expires_at, t->late != 0, t->undelivered != 0
	};
}

static struct rows
listed_rows(struct cx *cx, const struct rows *rows)
{
	const struct transaction *t = rows->row;
	struct listed *l = arena_alloc(cx->arena, (rows->n + 1) * sizeof(*l));

	for (size_t i = 0; i < rows->n; i++)
		l[i] = list(cx, &t[i]);
	return (struct rows){ l, rows->n, sizeof(*l) };
}

enum err
transaction_page(struct cx *cx, struct choice *c, struct rows *out, bool *last)
{
	struct choice one_more = *c;
	struct rows rows;
	const struct transaction *t;
	enum err e;

	one_more.limit++;		/* is there another page? */
	if ((e = transaction_each(cx, &one_more, &rows)) != 0)
		return e;
	t = rows.row;
	*last = rows.n <= (size_t)c->limit;
	rows.n -= !*last;
	*out = listed_rows(cx, &rows);
	if (rows.n > 0) {
		c->before_at = t[rows.n - 1].at;
		c->before_id = t[rows.n - 1].id;
	}
	return 0;
}

struct export {
	struct choice	choice;
	bool		headed;
};

static enum err
more_csv(struct cx *cx, void *state, struct out *o, bool *last)
{
	struct export *x = state;
	const struct listed *l;
	struct rows rows;
	enum err e;

	if ((e = transaction_page(cx, &x->choice, &rows, last)) != 0)
		return e;
	if (!x->headed)
		field_csv_head(o, transaction_fields);
	x->headed = true;
	l = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		field_csv(o, transaction_fields, &l[i]);
	return 0;
}

static enum err
list_csv(struct cx *cx, const struct choice *c, struct reply *r)
{
	struct export *x = arena_alloc(cx->arena, sizeof(*x));
	char today[DAY_TEXT];

	x->choice = *c;
	x->choice.limit = 200;
	x->choice.offset = 0;
	reply_file(cx, r, arena_printf(cx->arena, "transactions-%s.csv",
	    day_print(day_of(cx->now), today)), "text/csv; charset=utf-8");
	r->more = more_csv;
	r->state = x;
	return 0;
}

static enum err
list_found(struct cx *cx, const char *search, const struct choice *c,
    struct reply *r)
{
	struct page page = { .limit = c->limit };
	struct rows rows;
	enum err e;

	if ((e = transaction_search(cx, search, reference_key(cx->arena,
	    search), c->limit, &rows)) != 0)
		return e;
	page.transactions = listed_rows(cx, &rows);
	page.total = (int64_t)rows.n;
	reply_add(r, page_fields, &page);
	return 0;
}

enum err
list_transactions(struct cx *cx, const void *arg, struct reply *r)
{
	const struct list_transactions *in = arg;
	struct page page = { 0 };
	struct choice c;
	bool last;
	enum err e;

	if ((e = read_choice(cx, in, &c)) != 0)
		return e;
	if (in->search != NULL && in->format == FORMAT_CSV)
		return fail_param(cx, "format",
		    "csv does not go with search.");
	if (in->search != NULL)
		return list_found(cx, in->search, &c, r);
	if (in->format == FORMAT_CSV)
		return list_csv(cx, &c, r);
	page.limit = c.limit;
	page.offset = c.offset;
	if ((e = transaction_count(cx, &c, &page.total)) != 0 ||
	    (e = transaction_page(cx, &c, &page.transactions, &last)) != 0)
		return e;
	if (!last)
		page.next_cursor = arena_printf(cx->arena,
		    "%" PRId64 "-%" PRId64, c.before_at, c.before_id);
	reply_add(r, page_fields, &page);
	return 0;
}
