#include <poll.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "base/log.h"
#include "base/str.h"
#include "flow/bank.h"
#include "flow/collect.h"
#include "flow/pages.h"
#include "flow/sift.h"
#include "io/seal.h"

#define TAIL_PAGES	4		/* pages read again before the last */
#define WINDOW_SECONDS	300		/* between reads of the whole window */
#define DEEP_SECONDS	3600		/* between reads of DEEP_DAYS */
#define DEEP_DAYS	30
#define DEEPEST_SECONDS	86400		/* between reads of DEEPEST_DAYS */
#define DEEPEST_DAYS	90
#define AHEAD_DAYS	5		/* a weekend's entries are Monday's */
#define PAGES_MAX	20000
#define HOLD_SECONDS	5		/* the lease is prolonged so often */
#define FRESH_SECONDS	2		/* above the time between reads */
#define BALANCE_MS	10000		/* a read of less does not ask for it */
#define WAIT_MS		100		/* for another's read */

/* A read in progress. */
struct reading {
	struct account		*account;
	struct bank		 bank;
	struct bank_period	 period;
	struct arena		*scratch; /* of one page */
	int64_t			 held_at; /* the lease was taken or held */
	char			 last[PAGES_MARK + 1]; /* the page before */
};

bool
collect_held(const struct cx *cx, int64_t next_read_at, int64_t checked_at,
    int64_t leased)
{
	bool jumped = checked_at > cx->now + wait_longest(WAIT_CHECKED);

	return (!jumped && wait_holds(WAIT_READ, next_read_at, cx->now)) ||
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
	if (collect_held(cx, a->next_read_at, a->checked_at, a->leased))
		return false;
	return wait_holds(WAIT_WANTED, a->wanted_until, cx->now) ||
	    !collect_since(cx, a->checked_at, cx->conf->idle_seconds);
}

/* Reading goes on from the latest day, but not from one to come. */
static int64_t
latest_day(struct cx *cx, const struct reading *r, const struct rows *rows)
{
	const struct bank_entry *en = rows->row;
	int64_t day = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (en[i].fate == ENTRY_BOOKED && en[i].booking_day > day &&
		    en[i].booking_day <= r->period.to &&
		    en[i].booking_day <= day_of_bank(cx->now))
			day = en[i].booking_day;
	return day;
}

static char *
copy(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

/* Some banks say so of a page behind the last one. */
static bool
past_end(const struct bank *b)
{
	return b->status == 400 || b->status == 404 || b->status == 416;
}

/* One page; after a 401 once more with another token. */
static enum err
fetch(struct cx *cx, struct reading *r, int64_t page, struct out *answer)
{
	enum err e = connectpay_page(cx, &r->bank, &r->period, page, answer);

	if (e == ERR_BANK && r->bank.status == 401) {
		fail_clear(cx);
		if ((e = bank_renew(cx, &r->bank)) == 0)
			e = connectpay_page(cx, &r->bank, &r->period, page,
			    answer);
	}
	if (e != ERR_BANK || page == 1 || !past_end(&r->bank))
		return e;
	fail_clear(cx);
	*answer = (struct out){ 0 };	/* nothing at all: no entries */
	return 0;
}

/* What tells a page from another. */
static void
mark_page(struct cx *cx, const struct rows *rows, struct page *p)
{
	const struct bank_entry *en = rows->row, *last;
	unsigned char hash[HASH_BYTES];

	if (rows->n == 0)
		return;
	last = &en[rows->n - 1];
	seal_digest(hash, arena_printf(cx->arena, "%zu", rows->n),
	    en->id[0] == NULL ? "" : en->id[0], en->content,
	    last->id[0] == NULL ? "" : last->id[0], last->content, NULL);
	memcpy(p->mark, str_hex(cx->arena, hash, PAGES_MARK / 2), PAGES_MARK);
}

/* Books what is new on a page, unless it came before just so. */
static enum err
look_at(struct cx *cx, struct reading *r, const struct out *answer,
    struct page *p)
{
	struct rows rows = { 0 };
	int64_t id = r->account->id;
	bool left;
	enum err e;

	if (pages_known(cx, id, answer, p))
		return 0;
	if ((e = connectpay_entries(cx, &r->period, answer, &rows)) != 0 ||
	    (e = sift(cx, r->account, &rows, &left)) != 0)
		return e;
	*p = (struct page){ .entries = (int64_t)rows.n,
	    .day = latest_day(cx, r, &rows) };
	mark_page(cx, &rows, p);
	if (!left)
		pages_note(cx, id, answer, p);
	return 0;
}

/* The page's own memory goes with it; a new token stays. */
static enum err
read_page(struct cx *cx, struct reading *r, int64_t page, bool *more)
{
	struct arena *keep = cx->arena;
	const char *token = r->bank.access_token;
	struct out answer = { 0 };
	struct page p = { 0 };
	enum err e;

	cx_tick(cx);
	if (r->held_at + HOLD_SECONDS <= cx->now) {
		if ((e = account_hold(cx, r->account)) != 0)
			return e;
		r->held_at = cx->now;
	}
	cx->arena = r->scratch;
	if ((e = fetch(cx, r, page, &answer)) == 0)
		e = look_at(cx, r, &answer, &p);
	cx->arena = keep;
	if (r->bank.access_token != token)
		r->bank.access_token = copy(keep, r->bank.access_token);
	arena_reset(r->scratch);
	if (p.day > r->account->read_day)
		r->account->read_day = p.day;
	/* a bank that ignores pageNo would never end */
	*more = e == 0 && p.entries > 0 && strcmp(p.mark, r->last) != 0;
	memcpy(r->last, p.mark, sizeof(r->last));
	return e;
}

/* Reads a period from a page on, to one that is empty or repeats; *last is the
 * number of its last page that held any, 0 if none did. */
static enum err
read_pages(struct cx *cx, struct reading *r, int64_t page, int64_t *last)
{
	bool more = true;
	enum err e;

	r->last[0] = '\0';
	for (*last = 0; more && page < PAGES_MAX; page++) {
		if ((e = read_page(cx, r, page, &more)) != 0)
			return e;
		*last = more ? page : *last;
	}
	return more ? fail(cx, ERR_BANK, "bank: the statement does not end") :
	    0;
}

static bool
in_euro(const struct bank_account *a)
{
	return a->currency != NULL && strcasecmp(a->currency, "EUR") == 0;
}

/* The account as the bank lists it.  Where an IBAN is listed once for each
 * currency, the one in euro is meant. */
static enum err
look_up(struct cx *cx, struct reading *r, const struct bank_account **account)
{
	const struct bank_account *a, *found = NULL;
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
		if (found == NULL || in_euro(&a[i]))
			found = &a[i];
	}
	if (found == NULL)
		return fail(cx, ERR_BANK, "bank: the login does not see this"
		    " account");
	*account = found;
	return 0;
}

/* The account's id at the bank, and its holder's name as registered. */
static enum err
learn(struct cx *cx, struct reading *r)
{
	const struct bank_account *found = NULL;
	enum err e = look_up(cx, r, &found);

	if (e != 0)
		return e;
	r->account->bank_id = r->period.bank_id = found->bank_id;
	if (r->account->beneficiary_name[0] == '\0' && found->name != NULL)
		r->account->beneficiary_name = found->name;
	return account_learn(cx, r->account);
}

static int64_t
window_start(struct cx *cx, const struct account *a)
{
	int64_t day = a->read_day != 0 ? a->read_day :
	    day_of_bank(a->created_at);

	return day - cx->conf->overlap_days;
}

/* Reads from a day on in parts of a month, up to the last one; after a long
 * absence what was read need not be read again. */
static enum err
read_months(struct cx *cx, struct reading *r, int64_t *from, bool catching_up)
{
	const struct bank_period whole = r->period;
	int64_t last;
	enum err e = 0;

	for (; e == 0 && whole.to - *from > DEEP_DAYS; *from += DEEP_DAYS + 1) {
		r->period.from = *from;
		r->period.to = *from + DEEP_DAYS;
		e = read_pages(cx, r, 1, &last);
		if (e == 0 && catching_up && r->account->read_day < *from)
			r->account->read_day = *from;
	}
	r->period = whole;
	r->period.from = *from;
	return e;
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

/* The last pages, or the whole window. */
static enum err
read_window(struct cx *cx, struct reading *r)
{
	struct account *a = r->account;
	int64_t from, page = 1, last;
	enum err e;

	settle_day(cx, a);
	from = window_start(cx, a);
	if ((e = read_months(cx, r, &from, true)) != 0)
		return e;
	if (wait_done(WAIT_WINDOW, a->window_at, cx->now) + WINDOW_SECONDS >
	    cx->now &&
	    a->read_page > TAIL_PAGES)
		page = a->read_page - TAIL_PAGES;
	e = read_pages(cx, r, page, &last);
	if (e == 0 && page > 1 && last == 0) {
		page = 1;	/* pages were shorter when it was noted */
		e = read_pages(cx, r, page, &last);
	}
	if (e != 0)
		return e;
	a->read_page = window_start(cx, a) == from && last > 0 ? last : 1;
	a->window_at = page == 1 ? cx->now : a->window_at;
	return 0;
}

static bool
deep_due(const struct cx *cx, const struct account *a)
{
	return wait_done(WAIT_DEEP, a->deep_at, cx->now) + DEEP_SECONDS <=
	    cx->now;
}

/* Further back than the window, once an hour and once a day. */
static enum err
read_back(struct cx *cx, struct reading *r, int64_t days, int64_t seconds,
    int64_t *at)
{
	int64_t from = day_of_bank(cx->now) - days, last;
	enum err e;

	if (wait_done(WAIT_DEEP, *at, cx->now) + seconds > cx->now)
		return 0;
	if ((e = read_months(cx, r, &from, false)) == 0 &&
	    (e = read_pages(cx, r, 1, &last)) == 0)
		*at = cx->now;
	return e;
}

static enum err
read_pages_due(struct cx *cx, struct reading *r)
{
	struct account *a = r->account;
	enum err e;

	r->period = (struct bank_period){ a->bank_id, a->iban, 0,
	    day_of_bank(cx->now) + a->ahead_days };
	if ((e = read_window(cx, r)) == 0)
		e = read_back(cx, r, DEEP_DAYS, DEEP_SECONDS, &a->deep_at);
	return e == 0 ? read_back(cx, r, DEEPEST_DAYS, DEEPEST_SECONDS,
	    &a->deepest_at) : e;
}

/* The balance, if the bank states it.  Reading does not wait for a bank that
 * does not answer this, and is not for those who wait for a request. */
static bool
ask_balance(struct cx *cx, struct reading *r, cents *balance)
{
	const struct bank_account *a = NULL;
	int64_t patience = r->bank.patience;
	enum err e;

	if (patience < BALANCE_MS)
		return false;
	r->bank.patience = BALANCE_MS / 4;
	e = look_up(cx, r, &a);
	r->bank.patience += patience - BALANCE_MS / 4;
	fail_clear(cx);
	if (e != 0 || !a->stated || !in_euro(a))
		return false;
	*balance = a->balance;
	return true;
}

/* With the last month, once an hour, the balance is asked for: before and
 * afterwards, so that it is known to be that of what was read. */
static enum err
read_due(struct cx *cx, struct reading *r)
{
	struct account *a = r->account;
	cents before = 0, after = 0;
	bool whole = deep_due(cx, a);
	bool stated = whole && ask_balance(cx, r, &before);
	enum err e = read_pages_due(cx, r);

	if (e != 0 || !stated || a->deepest_at == 0 ||
	    !ask_balance(cx, r, &after) || before != after)
		return e;
	if (account_state(cx, a, after) != 0)
		log_say(cx, "reader", "the balance is not compared: %s",
		    cx->why);
	fail_clear(cx);			/* what was read was read */
	return 0;
}

/* The bank may have given the account another id, or knows no days to come. */
static bool
unknown_account(const struct reading *r)
{
	return r->bank.status == 400 || r->bank.status == 403 ||
	    r->bank.status == 404;
}

static enum err
read_statement(struct cx *cx, struct reading *r, int64_t patience)
{
	enum err e;

	if (deep_due(cx, r->account)) {	/* it may have learnt better */
		r->account->ahead_days = AHEAD_DAYS;
		pages_forget(cx);
	}
	e = bank_open(cx, r->account->environment, patience, &r->bank);
	if (e == 0 && r->account->bank_id[0] == '\0')
		e = learn(cx, r);
	if (e != 0)
		return e;
	e = read_due(cx, r);
	if (e != ERR_BANK || !unknown_account(r))
		return e;
	if (r->bank.status == 400)
		r->account->ahead_days = 0;
	fail_clear(cx);
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
