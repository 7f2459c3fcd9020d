#include <string.h>

#include "base/calendar.h"
#include "base/iban.h"
#include "base/letter.h"
#include "flow/forget.h"
#include "model/account.h"
#include "model/aside.h"
#include "model/payer.h"
#include "model/shopurl.h"

#define SLICE		20000		/* ids searched at once, without an index */
#define BATCH		100		/* rows a turn, of each kind */
#define LOOK_AGAIN	DAY_SECONDS	/* at what is kept */

/* One erasing. */
struct erasing {
	enum owner		 owner;
	int64_t			 id;
	int64_t			 cutoff;	/* younger ones stay */
	bool			 erase;		/* false: it is taken back */
	bool			 answers;	/* stored answers too */
	enum kept		 why;
	struct standing		 st;
	struct personal_count	 count;
};

static enum kept
why_kept(const struct standing *st, int64_t cutoff)
{
	if (!st->ended)
		return KEPT_OPEN;
	if (st->unmatched)
		return KEPT_UNMATCHED;
	if (st->refunds > 0)
		return KEPT_REFUND;
	if (st->pending > 0)
		return KEPT_PENDING;
	return st->last_at > cutoff ? KEPT_YOUNG : KEPT_NOT;
}

/* Answers go after three days by themselves. */
static enum err
erase_answers(struct cx *cx, struct erasing *x)
{
	const struct said *s;
	struct rows rows;
	int64_t n;
	enum err e;

	if ((e = personal_said(cx, x->owner, x->id, &rows)) != 0)
		return e;
	s = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		e = personal_answers(cx, x->st.merchant_id, s[i].text, &n);
		x->count.rows[PERSONAL_IDEMPOTENCY] += n;
	}
	return e;
}

static enum err
erase_payers(struct cx *cx, struct erasing *x)
{
	const struct paid_by *p;
	struct rows rows;
	int64_t n;
	enum err e;

	if ((e = personal_payers(cx, x->id, &rows)) != 0)
		return e;
	p = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		e = payer_drop(cx, x->st.merchant_id, x->id,
		    &(struct payer){ p[i].name, p[i].iban }, &n);
		x->count.rows[PERSONAL_PAYERS] += n;
	}
	return e;
}

static enum err
erase(struct cx *cx, void *arg)
{
	struct erasing *x = arg;
	enum err e = 0;

	x->count = (struct personal_count){ 0 };
	x->why = KEPT_NOT;
	if (x->owner != OWNER_MESSAGE) {
		if ((e = personal_lock(cx, x->owner, x->id, &x->st)) != 0)
			return e;
		x->why = why_kept(&x->st, x->cutoff);
		if (x->why != KEPT_NOT)
			return 0;
		e = x->answers && x->owner != OWNER_TRANSFER ?
		    erase_answers(cx, x) : 0;
	}
	if (e == 0 && x->owner == OWNER_SESSION)
		e = erase_payers(cx, x);
	if (e == 0 && x->owner == OWNER_SESSION)
		e = shopurl_erase(cx, x->id,
		    &x->count.rows[PERSONAL_DELIVERIES]);
	if (e == 0)
		e = personal_erase(cx, x->owner, x->id, &x->count);
	return e != 0 || x->erase ? e :
	    fail(cx, ERR_UNFINISHED, "only counted");
}

static enum err
run(struct cx *cx, struct erasing *x)
{
	enum err e = db_tx(cx, erase, x);

	if (x->erase || e != ERR_UNFINISHED)
		return e;
	fail_clear(cx);			/* it was taken back */
	return 0;
}

enum err
forget_who(struct cx *cx, const char *text, struct person *p)
{
	char *iban = arena_alloc(cx->arena, IBAN_TEXT);
	const struct account *a;
	struct rows rows;
	enum err e;

	p->text = text;
	p->who = WHO_EMAIL;
	if (strchr(text, '@') != NULL)
		return 0;
	p->who = WHO_PHONE;
	if (letter_phone(text))
		return 0;
	p->who = WHO_IBAN;
	p->text = iban;
	if (iban_parse(text, iban) != NULL)
		return fail(cx, ERR_PARAM, "neither an e-mail address nor an"
		    " IBAN nor a phone number like +4712345678. A name is no"
		    " proof who somebody is: look up his payments by it, and"
		    " say one of these");
	if ((e = account_each(cx, &rows)) != 0)
		return e;
	a = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		if (strcmp(a[i].iban, iban) == 0)
			return fail(cx, ERR_PARAM, "this is your own account");
	return 0;
}

/* Ids, each once. */
struct ids {
	struct out	 list;
	size_t		 n;
};

static void
note(struct ids *ids, int64_t id)
{
	const int64_t *have = (const void *)ids->list.text;

	for (size_t i = 0; i < ids->n; i++)
		if (have[i] == id)
			return;
	out_bytes(&ids->list, &id, sizeof(id));
	ids->n++;
}

static struct rows
rows_of(const struct ids *ids)
{
	return (struct rows){ ids->list.text, ids->n, sizeof(int64_t) };
}

/* What a search fills. */
struct haul {
	struct ids	 sessions, schedules, transfers;
};

static void
note_all(struct haul *h, const struct rows *rows)
{
	const struct found *f = rows->row;

	for (size_t i = 0; i < rows->n; i++)
		if (f[i].session_id != 0)
			note(&h->sessions, f[i].session_id);
		else if (f[i].schedule_id != 0)
			note(&h->schedules, f[i].schedule_id);
		else
			note(&h->transfers, f[i].transfer_id);
}

static enum err
find_slice(struct cx *cx, enum who who, struct search *s, struct haul *h)
{
	struct rows rows;
	enum err e = 0;

	for (s->place = 0; e == 0 && s->place < SUBJECT_PLACES; s->place++) {
		if (!subject_place(who, s->place))
			continue;
		if ((e = subject_find(cx, s, &rows)) == 0)
			note_all(h, &rows);
	}
	return e;
}

/* A schedule's payments are its customer's too. */
static enum err
find_cycles(struct cx *cx, struct haul *h)
{
	struct rows rows;
	enum err e = 0;

	for (size_t i = 0; e == 0 && i < h->schedules.n; i++) {
		e = subject_cycles(cx, ((const int64_t *)(const void *)
		    h->schedules.list.text)[i], &rows);
		if (e == 0)
			note_all(h, &rows);
	}
	return e;
}

enum err
forget_find(struct cx *cx, struct person *p)
{
	struct haul h = { .sessions = { .list = { .arena = cx->arena } },
	    .schedules = { .list = { .arena = cx->arena } },
	    .transfers = { .list = { .arena = cx->arena } } };
	struct search s = { .text = p->text, .merchant_id = p->merchant_id };
	int64_t last = 0;
	enum err e = subject_last(cx, &last);

	do {
		s.to = s.from + SLICE;
		if (e == 0)
			e = find_slice(cx, p->who, &s, &h);
		s.from = s.to;
	} while (e == 0 && s.from < last);
	if (e == 0)
		e = find_cycles(cx, &h);
	p->sessions = rows_of(&h.sessions);
	p->schedules = rows_of(&h.schedules);
	p->transfers = rows_of(&h.transfers);
	return e;
}

/* All that was found of a person, one after the other. */
static enum err
walk(struct cx *cx, const struct person *p, struct erasing *x,
    enum err (*each)(struct cx *, struct erasing *, void *), void *arg)
{
	const struct rows *found[] = { [OWNER_SESSION] = &p->sessions,
	    [OWNER_SCHEDULE] = &p->schedules,
	    [OWNER_TRANSFER] = &p->transfers };
	enum err e = 0;

	for (size_t o = 0; o < NELEM(found); o++)
		for (size_t i = 0; e == 0 && i < found[o]->n; i++) {
			x->owner = (enum owner)o;
			x->id = ((const int64_t *)found[o]->row)[i];
			if ((e = run(cx, x)) == 0)
				e = each(cx, x, arg);
		}
	return e;
}

/* The list of refusals. */
struct refusals {
	struct out	 list;
	size_t		 n;
};

static const char *
name_of(struct cx *cx, const struct erasing *x)
{
	if (x->owner == OWNER_TRANSFER)
		return arena_printf(cx->arena, "transfer %" PRId64, x->id);
	return arena_printf(cx->arena, "%s %" PRId64 " of merchant %" PRId64,
	    x->owner == OWNER_SESSION ? "session" : "schedule", x->id,
	    x->st.merchant_id);
}

static enum err
refuse(struct cx *cx, struct erasing *x, void *arg)
{
	struct refusals *r = arg;
	struct refusal one;

	if (x->why == KEPT_NOT)
		return 0;
	one = (struct refusal){ name_of(cx, x), kept_word(x->why) };
	if (x->owner == OWNER_SCHEDULE && x->why == KEPT_OPEN)
		one.why = "is not over: cancel it first, with dapit schedules"
		    " set; its last payment must have ended";
	if (x->why == KEPT_UNMATCHED)
		one.why = "is unmatched: assign it or send it back first, with"
		    " dapit transfers assign or send-back";
	out_bytes(&r->list, &one, sizeof(one));
	r->n++;
	return 0;
}

/* Entries that are kept aside are nobody's yet. */
static enum err
refuse_asides(struct cx *cx, const struct person *p, struct refusals *r)
{
	const struct aside *a;
	struct rows rows;
	enum err e;

	if ((e = aside_about(cx, p->text, &rows)) != 0)
		return e;
	a = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		struct refusal one = {
			.what = arena_printf(cx->arena, "entry %" PRId64,
			    a[i].id),
			.why = "is kept aside: finish it first, with dapit"
			    " transfers book or dismiss" };

		out_bytes(&r->list, &one, sizeof(one));
		r->n++;
	}
	return 0;
}

enum err
forget_check(struct cx *cx, const struct person *p, struct rows *refusals)
{
	struct refusals r = { .list = { .arena = cx->arena } };
	struct erasing x = { .cutoff = INT64_MAX };
	enum err e = walk(cx, p, &x, refuse, &r);

	if (e == 0)
		e = refuse_asides(cx, p, &r);
	*refusals = (struct rows){ r.list.text, r.n, sizeof(struct refusal) };
	return e;
}

static enum err
add_up(struct cx *cx, struct erasing *x, void *arg)
{
	struct personal_count *sum = arg;

	for (int i = 0; i < PERSONAL__MAX; i++)
		sum->rows[i] += x->count.rows[i];
	return x->why == KEPT_NOT ? 0 : fail(cx, ERR_STATE, "%s %s; run it"
	    " again later", name_of(cx, x), kept_word(x->why));
}

enum err
forget(struct cx *cx, const struct person *p, bool erase_it,
    struct personal_count *sum)
{
	struct erasing x = { .cutoff = INT64_MAX, .erase = erase_it,
	    .answers = true };

	enum err e;

	*sum = (struct personal_count){ 0 };
	e = walk(cx, p, &x, add_up, sum);
	return e == 0 && erase_it ? aside_erase(cx, p->text) : e;
}

static int64_t
cutoff(const struct cx *cx)
{
	return cx->now - cx->conf->erase_after_days * DAY_SECONDS;
}

/* What cannot be erased yet is kept in the list, or stays there.  A transfer
 * that was assigned meanwhile leaves it for its session. */
static enum err
erase_old(struct cx *cx, enum owner o, int64_t id, bool listed)
{
	struct erasing x = { .owner = o, .id = id, .cutoff = cutoff(cx),
	    .erase = true };
	int64_t due = cx->now + LOOK_AGAIN;
	enum err e = run(cx, &x);

	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		e = 0;
	}
	if (e == 0 && o == OWNER_TRANSFER && x.st.session_id != 0) {
		e = erase_old(cx, OWNER_SESSION, x.st.session_id, false);
		x.why = KEPT_NOT;
	}
	if (e != 0 || (x.why == KEPT_NOT && !listed))
		return e;
	if (x.why == KEPT_YOUNG) {
		due = x.st.last_at + cx->conf->erase_after_days * DAY_SECONDS;
		due = wait_until(WAIT_ERASURE, due - cx->now, cx->now);
	}
	return erasure_keep(cx, &(struct keeping){ (int64_t)o, id,
	    (int64_t)x.why }, due);
}

static enum err
erase_candidate(struct cx *cx, enum erasure_kind k, const struct candidate *c)
{
	if (c->blank)
		return 0;
	if (c->session_id != 0)
		return erase_old(cx, OWNER_SESSION, c->session_id, false);
	if (c->schedule_id != 0)
		return erase_old(cx, OWNER_SCHEDULE, c->schedule_id, false);
	return erase_old(cx, k == ERASURE_MESSAGES ? OWNER_MESSAGE :
	    OWNER_TRANSFER, c->id, false);
}

static enum err
erase_kind(struct cx *cx, enum erasure_kind k, int64_t *n)
{
	const struct candidate *c;
	int64_t passed, to;
	struct rows rows;
	enum err e;

	if ((e = erasure_passed(cx, k, &passed)) != 0 ||
	    (e = erasure_next(cx, k, passed, BATCH, &rows)) != 0)
		return e;
	c = rows.row;
	to = passed;
	for (size_t i = 0; i < rows.n && c[i].created_at <= cutoff(cx); i++) {
		if ((e = erase_candidate(cx, k, &c[i])) != 0)
			return e;
		to = c[i].id;
		++*n;
	}
	return to == passed ? 0 : erasure_pass(cx, k, to);
}

static enum err
erase_kept(struct cx *cx, int64_t *n)
{
	const struct keeping *k;
	struct rows rows;
	enum err e;

	if ((e = erasure_due(cx, BATCH, &rows)) != 0)
		return e;
	k = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++)
		e = erase_old(cx, (enum owner)k[i].owner, k[i].id, true);
	*n += (int64_t)rows.n;
	return e;
}

enum err
forget_turn(struct cx *cx, int64_t *n)
{
	int64_t aged = 0;
	enum err e = 0;

	*n = 0;
	if (cx->conf->erase_after_days <= 0)
		return 0;
	for (int k = 0; e == 0 && k < ERASURE__MAX; k++)
		e = erase_kind(cx, (enum erasure_kind)k, n);
	if (e == 0 && (e = aside_age(cx, cutoff(cx), &aged)) == 0)
		*n += aged;
	return e == 0 ? erase_kept(cx, n) : e;
}

enum err
forget_lag(struct cx *cx, int64_t *seconds)
{
	const struct candidate *c;
	struct rows rows;
	int64_t passed;
	enum err e = 0;

	*seconds = 0;
	for (int k = 0; e == 0 && k < ERASURE__MAX; k++) {
		if ((e = erasure_passed(cx, (enum erasure_kind)k,
		    &passed)) != 0 || (e = erasure_next(cx,
		    (enum erasure_kind)k, passed, 1, &rows)) != 0)
			return e;
		c = rows.row;
		if (rows.n > 0 && cutoff(cx) - c->created_at > *seconds)
			*seconds = cutoff(cx) - c->created_at;
	}
	return e;
}
