#include <time.h>

#include "base/calendar.h"
#include "base/log.h"
#include "base/str.h"
#include "base/unmatched.h"
#include "flow/audit.h"

#define EVERY	3600		/* seconds between samples */
#define LATE	(3 * EVERY)
#define BOX	30		/* of one sample; a statement has 5 */
#define PART	10000		/* ids that a check looks at */
#define FLAW	500		/* bytes of a flaw that is stored */

static const struct col books_row[] = {
	COL_INT(books, transfers),
	COL_INT(books, came),
	COL_INT(books, matched),
	COL_INT(books, unmatched),
	COL_INT(books, returned),
	COL_INT(books, going_back),
	COL_INT(books, went),
	COL_INT(books, refunded),
	COL_INT(books, sessions),
	COL_INT(books, paid),
	COL_INT(books, refunds),
	{ 0 }
};

struct last {
	int64_t		id;
};

enum { BOOKS, LASTS, TAKE, FOUND, NOTE, LAST, Q__MAX };

#define S(name, table) \
	" UNION ALL SELECT COALESCE(MAX(id), 0) FROM " table

const struct stmt audit_stmts[] = {
	[BOOKS] = {
		"SELECT t.*, s.*,"
		"	(SELECT CAST(COALESCE(SUM(amount), 0) AS INTEGER)"
		"	 FROM gateway_refunds WHERE status NOT IN (4, 5))"
		"	 AS refunds"
		"  FROM (SELECT COUNT(*) AS transfers,"
		"	 CAST(COALESCE(SUM(t.amount * t.credit), 0) AS INTEGER)"
		"	  AS came,"
		"	 CAST(COALESCE(SUM(IF(m.transfer_id IS NULL, 0,"
		"	  t.amount)), 0) AS INTEGER) AS matched,"
		"	 CAST(COALESCE(SUM(IF(" UNMATCHED_IS ", t.amount, 0)),"
		"	  0) AS INTEGER) AS unmatched,"
		"	 CAST(COALESCE(SUM(IF(f.returned = 1, t.amount, 0)), 0)"
		"	  AS INTEGER) AS returned,"
		"	 CAST(COALESCE(SUM(IF(m.transfer_id IS NULL AND"
		"	  t.credit AND " UNMATCHED_GOES("t") ", t.amount, 0)),"
		"	  0) AS INTEGER) AS going_back,"
		"	 CAST(COALESCE(SUM(t.amount * (1 - t.credit)), 0)"
		"	  AS INTEGER) AS went,"
		"	 CAST(COALESCE(SUM(IF(f.returned = 0, t.amount, 0)), 0)"
		"	  AS INTEGER) AS refunded"
		"	 FROM gateway_transfers t LEFT JOIN gateway_matches m"
		"	  ON m.transfer_id = t.id"
		"	 LEFT JOIN gateway_refund_entries f"
		"	  ON f.transfer_id = t.id"
		"	 LEFT JOIN gateway_unmatched u ON u.transfer_id = t.id"
		"	 WHERE m.transfer_id IS NOT NULL"
		"	  OR f.transfer_id IS NOT NULL"
		"	  OR NOT " UNMATCHED_COPY ") t,"
		"	(SELECT COUNT(*) AS sessions,"
		"	 CAST(COALESCE(SUM(total_paid), 0) AS INTEGER) AS paid"
		"	 FROM gateway_sessions) s",
		books_row
	},
	[LASTS] = {
		"SELECT 0 AS id" SPANS(S),
		(const struct col[]){ COL_INT(last, id), { 0 } }
	},
	[TAKE] = {
		"UPDATE gateway_audits SET ran_at = ?"
		" WHERE id = 1 AND ran_at NOT BETWEEN ? AND ?",
		NULL
	},
	[FOUND] = {
		"UPDATE gateway_audits"
		"   SET unfinished = ?, flaw = COALESCE(flaw, ?)"
		" WHERE id = 1",
		NULL
	},
	[NOTE] = {
		"UPDATE gateway_audits"
		"   SET ran_at = ?, unfinished = 0, flaw = ?"
		" WHERE id = 1",
		NULL
	},
	[LAST] = {
		"SELECT ran_at, unfinished, flaw FROM gateway_audits"
		" WHERE id = 1",
		(const struct col[]){
			COL_INT (audited, ran_at),
			COL_INT (audited, unfinished),
			COL_TEXT(audited, flaw), { 0 }
		}
	},
};
#undef S
const size_t audit_nstmts = NELEM(audit_stmts);
_Static_assert(NELEM(audit_stmts) == Q__MAX, "a statement has no text");

#define q audit_stmts

const struct check *const checks[] = { check_sums, check_rows, NULL };

enum err
audit_sums(struct cx *cx, struct books *b)
{
	return db_one_(cx, &q[BOOKS], b, NULL, 0);
}

/* Of the ids above from, up to to; of all where the check has no span. */
static enum err
find(struct cx *cx, const struct check *c, int64_t from, int64_t to,
    struct rows *rows)
{
	*rows = (struct rows){ .size = sizeof(struct flaw) };
	return c->span == SPAN_ALL ? db_many_(cx, &c->find, rows, NULL, 0) :
	    db_many(cx, &c->find, rows, db_int(from), db_int(to));
}

struct audit {
	struct books	*books;
	void		(*each)(const struct check *, const struct rows *,
			    void *);
	void		*arg;
};

static enum err
run(struct cx *cx, void *arg)
{
	const struct audit *a = arg;
	struct rows rows;
	enum err e = audit_sums(cx, a->books);

	for (size_t l = 0; checks[l] != NULL; l++)
		for (const struct check *c = checks[l]; e == 0 &&
		    c->name != NULL; c++) {
			e = find(cx, c, 0, INT64_MAX, &rows);
			if (e == 0)
				a->each(c, &rows, a->arg);
		}
	return e;
}

enum err
audit(struct cx *cx, struct books *b,
    void (*each)(const struct check *, const struct rows *, void *), void *arg)
{
	struct audit a = { b, each, arg };
	enum err e;

	e = db_script(cx, "SET SESSION max_statement_time = 0");
	if (e == 0)
		e = db_script(cx, "SET SESSION TRANSACTION ISOLATION LEVEL"
		    " REPEATABLE READ");
	return e == 0 ? db_tx(cx, run, &a) : e;
}

/* What the sample is to look at, and what it found. */
struct sample {
	const struct last *last;	/* the highest id of each span */
	int64_t		 turn;		/* of the parts */
	int64_t		 unfinished;
	const char	*flaw;
};

static enum err
look(struct cx *cx, struct sample *s, const struct check *c, int64_t from)
{
	const struct flaw *f;
	struct rows rows;
	enum err e = find(cx, c, from, from + PART, &rows);

	if (e == ERR_BUSY) {		/* it took too long */
		fail_clear(cx);
		s->unfinished++;
		return 0;
	}
	if (e != 0 || rows.n == 0 || s->flaw != NULL)
		return e;
	f = rows.row;
	s->flaw = f->what == NULL ? c->name : str_cut(cx->arena, f->what,
	    FLAW);
	log_say(cx, "audit", "%s: not so: %s", c->name, s->flaw);
	return 0;
}

/* The newest rows, and one part of those before: another one each hour. */
static enum err
look_at_parts(struct cx *cx, struct sample *s, const struct check *c)
{
	int64_t newest = s->last[c->span].id - PART, parts;
	enum err e;

	if (newest < 0)
		newest = 0;
	e = look(cx, s, c, newest);
	if (e != 0 || newest == 0)
		return e;
	parts = (newest + PART - 1) / PART;
	return look(cx, s, c, s->turn % parts * PART);
}

static enum err
run_sample(struct cx *cx, struct sample *s)
{
	struct rows rows = { .size = sizeof(struct last) };
	int64_t start = cx_milliseconds() / 1000;
	enum err e = db_many_(cx, &q[LASTS], &rows, NULL, 0);

	s->last = rows.row;
	s->turn = cx->now / EVERY;
	for (size_t l = 0; checks[l] != NULL; l++)
		for (const struct check *c = checks[l]; e == 0 &&
		    c->name != NULL; c++)
			if (cx_milliseconds() / 1000 - start < BOX)
				e = look_at_parts(cx, s, c);
			else
				s->unfinished++;
	return e;
}

enum err
audit_turn(struct cx *cx, int64_t *n)
{
	struct sample s = { 0 };
	enum err e;

	e = db_run(cx, &q[TAKE], n, db_int(cx->now),
	    DB_SINCE(WAIT_AUDITED, cx->now, EVERY));
	if (e != 0 || *n == 0 || (e = run_sample(cx, &s)) != 0)
		return e;
	return db_run(cx, &q[FOUND], n, db_int(s.unfinished), db_text(s.flaw));
}

enum err
audit_note(struct cx *cx, const char *flaw)
{
	int64_t n;

	return db_run(cx, &q[NOTE], &n, db_int(cx->now), db_text(flaw == NULL ?
	    NULL : str_cut(cx->arena, flaw, FLAW)));
}

enum err
audit_last(struct cx *cx, struct audited *a)
{
	return db_one_(cx, &q[LAST], a, NULL, 0);
}

bool
audit_late(struct cx *cx, const struct audited *a, const char **said)
{
	struct out o = { .arena = cx->arena };
	char t[TIME_TEXT];

	if (a->ran_at == 0)
		out_text(&o, "not looked at yet");
	else
		out_printf(&o, "%s: %s", time_print(a->ran_at, t),
		    a->flaw != NULL ? a->flaw : "nothing is off");
	if (a->unfinished > 0)
		out_printf(&o, "; %" PRId64 " checks took too long",
		    a->unfinished);
	*said = o.text;
	return a->ran_at != 0 && a->ran_at + LATE < cx->now;
}
