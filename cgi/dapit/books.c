/*
 * The books: transfers, whose they are, and whether everything adds up.
 */
#include <stdio.h>

#include "base/calendar.h"
#include "dapit/dapit.h"
#include "flow/audit.h"
#include "flow/credit.h"

static void
show(const struct stray *t)
{
	char amount[CENTS_TEXT], day[DAY_TEXT];

	printf("%" PRId64 "\t%s\t%s %s\t%s\t%s\t", t->id,
	    day_print(t->booking_day, day), cents_print(t->amount, amount),
	    t->currency, t->debtor_name == NULL ? "" : t->debtor_name,
	    t->reference_number != NULL ? t->reference_number :
	    t->reason == NULL ? "" : t->reason);
	if (t->reference_number == NULL && t->suggestion != NULL)
		printf("%s?\t", t->suggestion);
	for (const char *p = t->remittance == NULL ? "" : t->remittance;
	    *p != '\0'; p++)
		putchar((unsigned char)*p < ' ' || *p == 127 ? ' ' : *p);
	putchar('\n');
}

enum err
cmd_transfers(struct cx *cx, struct words *w)
{
	bool unmatched = word_option(w, "--unmatched", false) != NULL;
	const struct stray *t;
	struct rows rows = { 0 };
	int64_t after = 0;
	enum err e;

	if (w->n > 0)
		return fail(cx, ERR_PARAM, "usage: transfers [--unmatched]");
	do {
		e = transfer_list(cx, after, unmatched, &rows);
		if (e != 0)
			return e;
		t = rows.row;
		for (size_t i = 0; i < rows.n; i++)
			show(&t[i]);
		if (rows.n > 0)
			after = t[rows.n - 1].id;
		cx_begin(cx);
	} while (rows.n > 0);
	return 0;
}

enum err
cmd_transfers_assign(struct cx *cx, struct words *w)
{
	int64_t id = 0;
	enum err e = word_int(cx, w->word[0], &id);

	if (e == 0)
		e = credit_assign(cx, id, w->word[1]);
	if (e == 0)
		printf("transfer %" PRId64 " pays %s\n", id, w->word[1]);
	return e;
}

static void
report(const struct check *c, const struct rows *rows, void *arg)
{
	const struct flaw *f = rows->row;
	int64_t *flaws = arg;

	printf("%s %s\n", rows->n == 0 ? "good" : "BAD ", c->name);
	for (size_t i = 0; i < rows->n; i++)
		printf("     %s\n", f[i].what);
	*flaws += (int64_t)rows->n;
}

enum err
cmd_audit(struct cx *cx, struct words *w)
{
	char a[CENTS_TEXT], b[CENTS_TEXT], c[CENTS_TEXT], d[CENTS_TEXT];
	struct books books = { 0 };
	int64_t flaws = 0;
	enum err e;

	(void)w;
	if ((e = audit(cx, &books, report, &flaws)) != 0)
		return e;
	printf("came %s = matched %s + unmatched %s; sessions paid %s\n",
	    cents_print(books.came, a), cents_print(books.matched, b),
	    cents_print(books.unmatched, c), cents_print(books.paid, d));
	if (books.came != books.matched + books.unmatched ||
	    books.paid != books.matched)
		flaws++;
	if (flaws > 0)
		return fail(cx, ERR_INTERNAL, "not balanced");
	printf("balanced\n");
	return 0;
}
