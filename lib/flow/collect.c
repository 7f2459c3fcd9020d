#include <poll.h>
#include <string.h>

#include "base/calendar.h"
#include "base/log.h"
#include "flow/bank.h"
#include "flow/batch.h"
#include "flow/collect.h"
#include "flow/credit.h"

#define TAIL_PAGES	4		/* pages read again before the last */
#define WINDOW_SECONDS	300		/* between reads of the whole window */
#define DEEP_SECONDS	3600		/* between reads of DEEP_DAYS */
#define DEEP_DAYS	30
#define PAGES_MAX	20000
#define HOLD_SECONDS	5		/* the lease is prolonged so often */
#define FRESH_SECONDS	2		/* above the time between reads */
#define WAIT_MS		100		/* for another's read */

/* A read in progress. */
struct reading {
	struct account		*account;
	struct bank		 bank;
	struct bank_period	 period;
	struct arena		*scratch; /* of one page */
	int64_t			 held_at; /* the lease was taken or held */
	const char		*last;	/* first id of the page before */
};

/* The new entries of a page. */
struct fresh {
	const struct account	*account;
	const struct bank_entry	**entry;
	size_t			 n;
};

bool
collect_held(const struct cx *cx, int64_t next_read_at, int64_t leased)
{
	return wait_holds(WAIT_READ, next_read_at, cx->now) ||
	    wait_holds(WAIT_LEASE, leased, 0);
}

bool
collect_since(const struct cx *cx, int64_t checked_at, int64_t seconds)
{
	return wait_done(WAIT_CHECKED, checked_at, cx->now) + seconds >
	    cx->now;
}

bool
collect_due(const struct cx *cx, const struct account *a)
{
	if (collect_held(cx, a->next_read_at, a->leased))
		return false;
	return wait_holds(WAIT_WANTED, a->wanted_until, cx->now) ||
	    !collect_since(cx, a->checked_at, cx->conf->idle_seconds);
}

static enum err
book_one(struct cx *cx, const struct account *a, const struct bank_entry *en)
{
	struct transfer t = {
		.account_id = a->id, .bank_id = en->bank_id,
		.credit = en->credit, .amount = en->amount,
		.currency = en->currency, .booking_day = en->booking_day,
		.debtor_name = en->debtor_name,
		.debtor_iban = en->debtor_iban,
		.creditor_name = en->creditor_name,
		.creditor_iban = en->creditor_iban,
		.remittance = en->remittance, .structured = en->structured,
		.end_to_end_id = en->end_to_end_id,
	};
	enum err e = transfer_add(cx, &t);

	if (e == ERR_DUPLICATE) {
		fail_clear(cx);		/* another reader was faster */
		return 0;
	}
	return e == 0 ? credit_transfer(cx, &t) : e;
}

static enum err
book_entry(struct cx *cx, void *arg, int64_t i)
{
	const struct fresh *f = arg;

	return book_one(cx, f->account, f->entry[i]);
}

static const char *
name_entry(struct cx *cx, void *arg, int64_t i)
{
	const struct fresh *f = arg;

	return arena_printf(cx->arena, "entry %.64s", f->entry[i]->bank_id);
}

static bool
among(const struct rows *ids, const char *id)
{
	const struct bank_id *b = ids->row;

	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(b[i].bank_id, id) == 0)
			return true;
	return false;
}

/* The ids of the entries that can be read, as a JSON list. */
static const char *
ids_of(struct cx *cx, const struct rows *page)
{
	const struct bank_entry *en = page->row;
	struct out o = { .arena = cx->arena };

	out_text(&o, "[");
	for (size_t i = 0; i < page->n; i++) {
		if (en[i].bad != NULL)
			continue;
		if (o.len > 1)
			out_text(&o, ",");
		out_json(&o, en[i].bank_id);
	}
	out_text(&o, "]");
	return o.text;
}

static enum err
book_page(struct cx *cx, struct reading *r, const struct rows *page)
{
	const struct bank_entry *en = page->row;
	struct fresh f = { .account = r->account };
	struct rows ids;
	enum err e;

	e = transfer_new(cx, r->account->id, ids_of(cx, page), &ids);
	if (e != 0)
		return e;
	f.entry = arena_alloc(cx->arena, (page->n + 1) * sizeof(*f.entry));
	for (size_t i = 0; i < page->n; i++) {
		if (en[i].bad != NULL)
			log_say(cx, "bank", "entry %.64s is skipped: %s",
			    en[i].bank_id == NULL ? "?" : en[i].bank_id,
			    en[i].bad);
		else if (among(&ids, en[i].bank_id))
			f.entry[f.n++] = &en[i];
		/* no later than asked for: reading goes on from there */
		if (en[i].bad == NULL &&
		    en[i].booking_day > r->account->read_day &&
		    en[i].booking_day <= r->period.to)
			r->account->read_day = en[i].booking_day;
	}
	return f.n == 0 ? 0 : batch_book(cx, &(struct batch){ &f,
	    (int64_t)f.n, book_entry, name_entry, "bank" });
}

static char *
copy(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

/* One page; after a 401 once more with another token. */
static enum err
fetch(struct cx *cx, struct reading *r, int64_t page, struct rows *rows)
{
	enum err e = connectpay_page(cx, &r->bank, &r->period, page, rows);

	if (e != ERR_BANK || r->bank.status != 401)
		return e;
	fail_clear(cx);
	if ((e = bank_renew(cx, &r->bank)) != 0)
		return e;
	return connectpay_page(cx, &r->bank, &r->period, page, rows);
}

static const char *
first_id(const struct rows *page)
{
	const struct bank_entry *en = page->row;

	for (size_t i = 0; i < page->n; i++)
		if (en[i].bank_id != NULL)
			return en[i].bank_id;
	return NULL;
}

/* The page's own memory goes with it; a new token stays. */
static enum err
read_page(struct cx *cx, struct reading *r, int64_t page, bool *more)
{
	struct arena *keep = cx->arena;
	const char *token = r->bank.access_token;
	struct rows rows = { 0 };
	const char *last = r->last, *first;
	enum err e;

	cx_tick(cx);
	if (r->held_at + HOLD_SECONDS <= cx->now) {
		if ((e = account_hold(cx, r->account)) != 0)
			return e;
		r->held_at = cx->now;
	}
	cx->arena = r->scratch;
	if ((e = fetch(cx, r, page, &rows)) == 0)
		e = book_page(cx, r, &rows);
	cx->arena = keep;
	if (r->bank.access_token != token)
		r->bank.access_token = copy(keep, r->bank.access_token);
	*more = e == 0 && rows.n >= (size_t)cx->conf->page_size;
	if (*more && (first = first_id(&rows)) != NULL) {
		/* a bank that ignores pageNo would never end */
		*more = last == NULL || strcmp(last, first) != 0;
		r->last = copy(keep, first);
	}
	arena_reset(r->scratch);
	return e;
}

/* Reads a period from a page on; *last is the number of its last page. */
static enum err
read_pages(struct cx *cx, struct reading *r, int64_t page, int64_t *last)
{
	bool more = true;
	enum err e;

	r->last = NULL;
	for (*last = page; more && page < PAGES_MAX; page++) {
		if ((e = read_page(cx, r, page, &more)) != 0)
			return e;
		*last = page;
	}
	return more ? fail(cx, ERR_BANK, "bank: the statement does not end") :
	    0;
}

/* The account's id at the bank, and its holder's name as registered. */
static enum err
learn(struct cx *cx, struct reading *r)
{
	const struct bank_account *a;
	struct rows rows;
	enum err e;

	e = connectpay_accounts(cx, &r->bank, &rows);
	if (e == ERR_BANK && r->bank.status == 401) {
		fail_clear(cx);
		if ((e = bank_renew(cx, &r->bank)) == 0)
			e = connectpay_accounts(cx, &r->bank, &rows);
	}
	if (e != 0)
		return e;
	a = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		if (a[i].iban == NULL || a[i].bank_id == NULL ||
		    strcmp(a[i].iban, r->account->iban) != 0)
			continue;
		r->account->bank_id = a[i].bank_id;
		if (r->account->beneficiary_name[0] == '\0' &&
		    a[i].name != NULL)
			r->account->beneficiary_name = a[i].name;
		return account_learn(cx, r->account);
	}
	return fail(cx, ERR_BANK, "bank: the login does not see this account");
}

static int64_t
window_start(struct cx *cx, const struct account *a)
{
	int64_t day = a->read_day != 0 ? a->read_day :
	    day_of_bank(a->created_at);

	return day - cx->conf->overlap_days;
}

/* After a long absence: whole months, up to the last days. */
static enum err
catch_up(struct cx *cx, struct reading *r, int64_t *from)
{
	int64_t last;
	enum err e;

	for (; r->period.to - *from > DEEP_DAYS; *from += DEEP_DAYS + 1) {
		struct bank_period now = r->period;

		r->period.from = *from;
		r->period.to = *from + DEEP_DAYS;
		e = read_pages(cx, r, 1, &last);
		r->period = now;
		if (e != 0)
			return e;
		if (r->account->read_day < *from)
			r->account->read_day = *from;
	}
	return 0;
}

/* A day to come was noted by a clock that was ahead: what is booked until
 * then would never be asked for. */
static void
settle_day(struct cx *cx, struct account *a)
{
	int64_t today = day_of_bank(cx->now);

	if (a->read_day <= today)
		return;
	a->read_day = today;
	a->window_at = 0;
}

/* The last pages, or the whole window, or 31 days, as it is due. */
static enum err
read_due(struct cx *cx, struct reading *r)
{
	struct account *a = r->account;
	int64_t from, page = 1, last;
	enum err e;

	settle_day(cx, a);
	from = window_start(cx, a);
	r->period = (struct bank_period){ a->bank_id, a->iban,
	    from, day_of_bank(cx->now) };
	if ((e = catch_up(cx, r, &from)) != 0)
		return e;
	r->period.from = from;
	if (wait_done(WAIT_WINDOW, a->window_at, cx->now) + WINDOW_SECONDS >
	    cx->now &&
	    a->read_page > TAIL_PAGES)
		page = a->read_page - TAIL_PAGES;
	if ((e = read_pages(cx, r, page, &last)) != 0)
		return e;
	a->read_page = window_start(cx, a) == from ? last : 1;
	a->window_at = page == 1 ? cx->now : a->window_at;
	if (wait_done(WAIT_DEEP, a->deep_at, cx->now) + DEEP_SECONDS >
	    cx->now)
		return 0;
	r->period.from = r->period.to - DEEP_DAYS;
	if ((e = read_pages(cx, r, 1, &last)) == 0)
		a->deep_at = cx->now;
	return e;
}

static enum err
read_statement(struct cx *cx, struct reading *r, int64_t patience)
{
	enum err e;

	e = bank_open(cx, r->account->environment, patience, &r->bank);
	if (e == 0 && r->account->bank_id[0] == '\0')
		e = learn(cx, r);
	return e == 0 ? read_due(cx, r) : e;
}

/* 3, 6, 12 ... seconds, or what the bank asks for, but some minutes at most. */
static int64_t
back_off(struct cx *cx, const struct reading *r)
{
	int64_t s = cx->conf->wait_seconds, max = wait_longest(WAIT_READ);

	for (int64_t i = 0; i < r->account->failures && s < max; i++)
		s *= 2;
	return s < r->bank.retry_after ? r->bank.retry_after : s;
}

enum err
collect(struct cx *cx, struct account *a, int64_t patience)
{
	struct reading r = { .account = a, .held_at = cx->now };
	enum err e, e2;

	e = account_lease(cx, a);
	if (e != 0)
		return e;
	r.scratch = arena_new();
	e = read_statement(cx, &r, patience);
	arena_free(r.scratch);
	if (e == 0) {
		a->checked_at = cx->now;
		a->next_read_at = wait_until(WAIT_READ,
		    cx->conf->wait_seconds, cx->now);
		return account_done(cx, a);
	}
	if (e == ERR_AWAY || e == ERR_BUSY)
		return e;		/* the lease ends by itself */
	a->next_read_at = wait_until(WAIT_READ, back_off(cx, &r), cx->now);
	e2 = account_fail(cx, a, cx->why);
	return e2 != 0 ? e2 : e;
}

enum err
collect_fresh(struct cx *cx, int64_t account_id, int64_t patience)
{
	struct account a = { 0 };
	enum err e;

	for (int64_t ms = 0;; ms += WAIT_MS) {
		if ((e = account_find(cx, account_id, &a)) != 0)
			return e;
		cx_tick(cx);
		if (collect_since(cx, a.checked_at,
		    cx->conf->wait_seconds + FRESH_SECONDS))
			return 0;
		if (a.failures > 0 &&
		    wait_holds(WAIT_READ, a.next_read_at, cx->now))
			return fail(cx, ERR_BANK, "the statement cannot be"
			    " read: %s", a.last_error);
		e = collect(cx, &a, patience);
		if (e != ERR_BUSY || ms >= patience)
			return e;
		fail_clear(cx);
		poll(NULL, 0, WAIT_MS);
	}
}
