/*
 * The books: transfers, whose they are, and whether everything adds up.
 */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "dapit/dapit.h"
#include "flow/audit.h"
#include "flow/credit.h"
#include "flow/unassign.h"

struct line {
	int64_t		 id;
	const char	*booked_on, *currency, *debtor_name;
	cents		 amount;
	const char	*reference_number, *reason, *suggestion, *remittance;
};

static const struct field line_fields[] = {
	F_INT  (line, id, "For transfers assign."),
	F_TEXT (line, booked_on, "The bank's day."),
	F_CENTS(line, amount, "What came."),
	F_TEXT (line, currency, "Of what."),
	F_TEXT (line, debtor_name, "Who paid."),
	F_TEXT (line, reference_number, "Whose it is."),
	F_TEXT (line, reason, "Why it is nobody's."),
	F_TEXT (line, suggestion, "Whose it may be."),
	F_TEXT (line, remittance, "What the payer wrote."),
	{ 0 }
};

static const char *
keep(struct arena *a, const char *text)
{
	return text == NULL ? NULL : arena_copy(a, text, strlen(text));
}

static struct line
line_of(struct arena *a, const struct stray *t)
{
	char day[DAY_TEXT];
	bool found = t->reference_number != NULL;

	return (struct line){ .id = t->id, .amount = t->amount,
	    .booked_on = keep(a, day_print(t->booking_day, day)),
	    .currency = keep(a, t->currency),
	    .debtor_name = keep(a, t->debtor_name),
	    .reference_number = keep(a, t->reference_number),
	    .reason = found ? NULL : keep(a, t->reason),
	    .suggestion = found ? NULL : keep(a, t->suggestion),
	    .remittance = keep(a, t->remittance) };
}

/* A list of any length, in parts; as JSON it is one array. */
enum err
cmd_transfers(struct cx *cx, struct words *w)
{
	bool unmatched = word_option(w, "--unmatched", false) != NULL;
	bool back = word_option(w, "--sent-back", false) != NULL;
	bool aside = word_option(w, "--aside", false) != NULL;
	bool outgoing = word_option(w, "--outgoing", false) != NULL;
	struct out all = { 0 };
	const struct stray *t;
	struct rows rows = { .n = 1 };
	int64_t after = 0;
	enum err e = 0;

	if (unmatched + back + aside + outgoing > 1)
		return fail(cx, ERR_PARAM, "usage: transfers [--unmatched"
		    "|--sent-back|--aside|--outgoing [--all]]");
	if (outgoing)
		return cmd_outgoing(cx, w);
	if (w->n > 0)
		return fail(cx, ERR_PARAM, "%s is no option", w->word[0]);
	if (aside)
		return cmd_asides(cx, w);
	if (back)
		return cmd_sent_back(cx, w);
	all.arena = arena_new();
	while (e == 0 && rows.n > 0) {
		cx_begin(cx);
		e = transfer_list(cx, after, unmatched, &rows);
		t = rows.row;
		for (size_t i = 0; e == 0 && i < rows.n; i++) {
			struct line l = line_of(all.arena, &t[i]);

			out_bytes(&all, &l, sizeof(l));
			after = t[i].id;
		}
	}
	if (e == 0)
		list_print(cx, w, line_fields, &(struct rows){ all.text,
		    all.len / sizeof(struct line), sizeof(struct line) });
	arena_free(all.arena);
	return e;
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

enum err
cmd_transfers_unassign(struct cx *cx, struct words *w)
{
	char paid[CENTS_TEXT], amount[CENTS_TEXT];
	struct unassigned u;
	const struct session *s = &u.session;
	int64_t id = 0;
	enum err e;

	if (word_because(cx, w) == NULL)
		return ERR_PARAM;
	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = unassign(cx, id, &u)) != 0)
		return e;
	printf("transfer %" PRId64 " is unmatched; %s is %s, paid %s of %s\n",
	    id, s->reference_number, status_word((enum status)s->status),
	    cents_print(s->total_paid, paid), cents_print(s->amount, amount));
	if (status_paid((enum status)u.was) &&
	    !status_paid((enum status)s->status))
		printf("its shop was told that it is paid: say that it is not,"
		    " unless the shop asked for payment.unassigned\n");
	return 0;
}

/* What the checks found. */
struct verdict {
	const char	*name;
	struct rows	 flaws;
};

struct verdicts {
	struct out	 all;		/* of struct verdict */
	size_t		 n;
	int64_t		 flaws;
	const char	*first;		/* of them */
};

static const struct field flaw_fields[] = {
	F_TEXT(flaw, what, "The row that does not fit."),
	{ 0 }
};

static const struct field verdict_fields[] = {
	F_TEXT(verdict, name, "What should be."),
	F_ROWS(verdict, flaws, flaw_fields, "Where it is not."),
	{ 0 }
};

static void
report(const struct check *c, const struct rows *rows, void *arg)
{
	struct verdicts *v = arg;
	struct verdict one = { c->name, *rows };

	out_bytes(&v->all, &one, sizeof(one));
	v->n++;
	v->flaws += (int64_t)rows->n;
	if (v->first == NULL && rows->n > 0)
		v->first = ((const struct flaw *)rows->row)->what;
}

static void
print_verdicts(const struct verdicts *v)
{
	const struct verdict *one = (const void *)v->all.text;

	for (size_t i = 0; i < v->n; i++) {
		const struct flaw *f = one[i].flaws.row;

		printf("%s %s\n", one[i].flaws.n == 0 ? "good" : "BAD ",
		    one[i].name);
		for (size_t j = 0; j < one[i].flaws.n; j++)
			printf("     %s\n", f[j].what);
	}
}

enum err
cmd_audit(struct cx *cx, struct words *w)
{
	char a[CENTS_TEXT], b[CENTS_TEXT], c[CENTS_TEXT], d[CENTS_TEXT];
	struct verdicts v = { .all = { .arena = cx->arena } };
	struct books books = { 0 };
	enum err e;

	db_patient(cx);
	if ((e = audit(cx, &books, report, &v)) != 0)
		return e;
	if (books.came != books.matched + books.unmatched + books.returned +
	    books.going_back || books.paid != books.matched)
		v.flaws++;
	if ((e = audit_note(cx, v.flaws > 0 && v.first == NULL ?
	    "the sums are not balanced" : v.first)) != 0)
		return e;
	if (w->json)
		list_print(cx, w, verdict_fields, &(struct rows){ v.all.text,
		    v.n, sizeof(struct verdict) });
	else
		print_verdicts(&v);
	if (v.flaws > 0)
		(void)fail(cx, ERR_INTERNAL, "not balanced");
	if (w->json)
		return v.flaws > 0 ? ERR_INTERNAL : 0;
	printf("came %s = matched %s + unmatched %s + returned %s",
	    cents_print(books.came, a), cents_print(books.matched, b),
	    cents_print(books.unmatched, c), cents_print(books.returned, d));
	if (books.going_back > 0)
		printf(" + sent back %s", cents_print(books.going_back, a));
	printf("\n");
	printf("sessions paid %s; refunded %s of %s that went\n",
	    cents_print(books.paid, a), cents_print(books.refunded, b),
	    cents_print(books.went, c));
	if (v.flaws > 0)
		return ERR_INTERNAL;
	printf("balanced\n");
	return 0;
}
