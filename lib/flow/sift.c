#include <string.h>

#include "base/log.h"
#include "flow/batch.h"
#include "flow/credit.h"
#include "flow/sift.h"
#include "io/entry.h"
#include "model/aside.h"

/* The new entries of a page. */
struct fresh {
	const struct account	*account;
	const struct bank_entry	**entry;
	size_t			 n;
};

/* Keeps an entry aside; it is told once. */
static enum err
keep(struct cx *cx, const struct account *a, const struct bank_entry *en,
    int64_t transfer_id, int64_t nth)
{
	bool is_new = false;
	enum err e = aside_keep(cx, a->id, en, transfer_id, nth, &is_new);

	if (e == 0 && is_new)
		log_say(cx, "bank", "entry %.64s is kept aside: %s, %s",
		    en->id[0] == NULL ? "?" : en->id[0], en->reason,
		    en->field);
	return e;
}

/* Its id is known, but of other money, another day or other words. */
static enum err
keep_conflict(struct cx *cx, const struct account *a,
    const struct bank_entry *en, int64_t transfer_id, const char *field)
{
	struct bank_entry other = *en;

	other.fate = ENTRY_ASIDE;
	other.reason = "conflict";
	other.field = field;
	return keep(cx, a, &other, transfer_id, 0);
}

/* Unless an operator booked it already, when it had no id: then it waits for
 * him again. */
static enum err
book_one(struct cx *cx, const struct account *a, const struct bank_entry *en)
{
	struct transfer twin = { 0 }, t = {
		.account_id = a->id, .bank_id = en->id[0],
		.credit = en->credit, .amount = en->amount,
		.currency = en->currency, .booking_day = en->booking_day,
		.debtor_name = en->debtor_name,
		.debtor_iban = en->debtor_iban,
		.creditor_name = en->creditor_name,
		.creditor_iban = en->creditor_iban,
		.remittance = en->remittance, .structured = en->structured,
		.end_to_end_id = en->end_to_end_id, .content = en->content,
		.content_before = entry_content_before(cx->arena, en),
		.ids = en->id, .texts = en->texts,
	};
	enum err e = transfer_twin(cx, &t, &twin);

	if (e == 0)
		return keep_conflict(cx, a, en, twin.id, "transactionId");
	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	e = transfer_add(cx, &t);
	for (size_t i = 0; e == 0 && en->id[i] != NULL; i++)
		e = aside_read(cx, a->id, en->id[i]);
	return e == 0 ? credit_transfer(cx, &t) : e;
}

/* The ids of entry n of a page: a row of JSON for each. */
static void
put_ids(struct out *o, int64_t n, const struct bank_entry *en)
{
	struct out said = { .arena = o->arena };

	out_printf(&said, "%s %d %" PRId64 " %s %" PRId64, en->content,
	    en->credit, en->amount, en->currency, en->booking_day);
	for (size_t i = 0; en->id[i] != NULL; i++) {
		out_printf(o, "%s[%" PRId64 ",", o->len > 1 ? "," : "", n);
		out_json(o, en->id[i]);
		out_text(o, ",");
		out_json(o, said.text);
		out_text(o, ",");
		out_json(o, en->id[0]);
		out_text(o, "]");
	}
}

static bool
among(const char *id, const struct bank_entry *en)
{
	for (size_t i = 0; en->id[i] != NULL; i++)
		if (id != NULL && strcmp(en->id[i], id) == 0)
			return true;
	return false;
}

/* What the database says of an entry's ids: rows k of the n. */
struct answer {
	const struct known	*k;
	size_t			 n;
};

/* Ids that are new belong to a transfer that is known by another. */
static enum err
join_ids(struct cx *cx, const struct account *a, const struct bank_entry *en,
    const struct answer *as)
{
	enum err e = 0;

	for (size_t i = 0; e == 0 && en->id[i] != NULL; i++)
		for (size_t k = 0; e == 0 && as->n > 0 &&
		    en->id[k] != NULL; k++)
			if (i != k)
				e = transfer_join(cx, a->id, en->id[k],
				    en->id[i]);
	return e;
}

/* In what is the row other than the entry?  It was changed in the database:
 * the bank says what it always said. */
static const char *
stored_other(const struct known *k, const struct bank_entry *en)
{
	if (k->credit != en->credit)
		return "stored side";
	if (k->amount != en->amount)
		return "stored amount";
	return strcmp(k->currency, en->currency) != 0 ? "stored currency" :
	    "stored day";
}

/* A known entry: is it what it was, and is the row what it is?  Contents that
 * are not known yet, or by another release, go to the list. */
static enum err
compare(struct cx *cx, const struct account *a, const struct bank_entry *en,
    const struct answer *as, struct out *contents)
{
	size_t unknown = 0;
	enum err e = 0;

	for (size_t i = 0; e == 0 && i < as->n; i++) {
		const struct known *k = &as->k[i];

		unknown += k->transfer_id == 0;
		if (k->transfer_id == 0)
			continue;
		if (!among(k->bank_id, en))
			return keep_conflict(cx, a, en, k->transfer_id,
			    "transactionId");
		if (k->content == NULL ||
		    strncmp(k->content, en->content, 2) != 0)
			out_printf(contents, "%s[%" PRId64 ",\"%s\"]",
			    contents->len > 1 ? "," : "", k->transfer_id,
			    en->content);
		else if (strcmp(k->content, en->content) != 0)
			return keep_conflict(cx, a, en, k->transfer_id,
			    "content");
		if (k->differs)
			return keep_conflict(cx, a, en, k->transfer_id,
			    stored_other(k, en));
	}
	return unknown > 0 ? join_ids(cx, a, en, as) : e;
}

static bool
is_new(const struct bank_entry *en, const struct answer *as)
{
	size_t ids = 0;

	while (en->id[ids] != NULL)
		ids++;
	for (size_t i = 0; i < as->n; i++)
		if (as->k[i].transfer_id != 0)
			return false;
	return as->n == ids;
}

static enum err
look_up(struct cx *cx, const struct account *a, const struct bank_entry *en,
    size_t n, struct rows *rows)
{
	struct out ids = { .arena = cx->arena };

	out_text(&ids, "[");
	for (size_t i = 0; i < n; i++)
		if (en[i].fate == ENTRY_BOOKED)
			put_ids(&ids, (int64_t)i, &en[i]);
	out_text(&ids, "]");
	return transfer_known(cx, a->id, ids.text, rows);
}

/* Books an entry unless another reader was faster, or an entry before it on
 * the page has one of its ids: then it is compared with what is there. */
static enum err
book_entry(struct cx *cx, void *arg, int64_t i)
{
	const struct fresh *f = arg;
	const struct bank_entry *en = f->entry[i];
	struct out contents = { .arena = cx->arena };
	struct answer as;
	struct rows rows;
	enum err e;

	if (en->id[1] == NULL) {
		e = book_one(cx, f->account, en);
		if (e != ERR_DUPLICATE)
			return e;
		fail_clear(cx);
	}
	if ((e = look_up(cx, f->account, en, 1, &rows)) != 0)
		return e;
	as = (struct answer){ rows.row, rows.n };
	return is_new(en, &as) ? book_one(cx, f->account, en) :
	    compare(cx, f->account, en, &as, &contents);
}

/* What cannot be booked for whatever reason is kept aside. */
static enum err
keep_other(struct cx *cx, void *arg, int64_t i)
{
	const struct fresh *f = arg;
	struct bank_entry other = *f->entry[i];

	other.fate = ENTRY_ASIDE;
	other.reason = "other";
	other.field = "booking";
	return keep(cx, f->account, &other, 0, 0);
}

static const char *
name_entry(struct cx *cx, void *arg, int64_t i)
{
	const struct fresh *f = arg;

	return arena_printf(cx->arena, "entry %.64s", f->entry[i]->id[0]);
}

/* How many of those before it on the page say the same? */
static int64_t
same_before(struct cx *cx, const struct bank_entry *en, size_t i)
{
	int64_t n = 0;

	for (size_t k = 0; en[i].id[0] == NULL && k < i; k++)
		n += en[k].id[0] == NULL &&
		    strcmp(en[k].content, en[i].content) == 0 &&
		    strcmp(entry_raw(cx->arena, &en[k]),
		    entry_raw(cx->arena, &en[i])) == 0;
	return n;
}

/* The rows of entry i, which begin at *at. */
static struct answer
answer_of(const struct rows *rows, int64_t i, size_t *at)
{
	const struct known *k = rows->row;
	struct answer as = { rows->n == 0 ? NULL : &k[*at], 0 };

	for (; *at < rows->n && k[*at].n == i; (*at)++)
		as.n++;
	return as;
}

/* Known entries are compared, new ones gathered. */
static enum err
sort_out(struct cx *cx, const struct account *a, const struct rows *page,
    struct fresh *f)
{
	const struct bank_entry *en = page->row;
	struct out contents = { .arena = cx->arena };
	struct answer as;
	struct rows rows;
	size_t at = 0;
	enum err e = look_up(cx, a, en, page->n, &rows);

	out_text(&contents, "[");
	for (size_t i = 0; e == 0 && i < page->n; i++) {
		as = answer_of(&rows, (int64_t)i, &at);
		if (en[i].fate == ENTRY_ASIDE)
			e = keep(cx, a, &en[i], 0, same_before(cx, en, i));
		else if (en[i].fate == ENTRY_BOOKED && is_new(&en[i], &as))
			f->entry[f->n++] = &en[i];
		else if (en[i].fate == ENTRY_BOOKED)
			e = compare(cx, a, &en[i], &as, &contents);
	}
	out_text(&contents, "]");
	return e == 0 && contents.len > 2 ? transfer_learn(cx, contents.text) :
	    e;
}

enum err
sift(struct cx *cx, const struct account *a, const struct rows *page,
    bool *left)
{
	struct fresh f = { .account = a };
	enum err e;

	*left = false;
	f.entry = arena_alloc(cx->arena, (page->n + 1) * sizeof(*f.entry));
	if ((e = sort_out(cx, a, page, &f)) != 0 || f.n == 0)
		return e;
	return batch_book(cx, &(struct batch){ &f, (int64_t)f.n, book_entry,
	    name_entry, keep_other, "bank", left });
}
