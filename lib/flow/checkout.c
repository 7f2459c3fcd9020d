#include <stdio.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/reference.h"
#include "flow/bank.h"
#include "flow/checkout.h"
#include "flow/collect.h"
#include "flow/rollup.h"
#include "flow/tell.h"
#include "io/seal.h"
#include "model/account.h"

#define INVOICE_TRIES	12		/* for numbers that nobody has */
#define MOVE_TRIES	3
#define SHOW_SECONDS	900		/* a shopper may pay that long */
#define POLL_SECONDS	60		/* a poll keeps the reader awake */
#define BANK_MS		3000
#define FRESH_SECONDS	60		/* a failed session saw a read so young */

enum err
checkout_open(struct cx *cx, struct session *s, int64_t expires_minutes)
{
	s->merchant_id = cx->merchant;
	s->environment = cx->environment;
	s->created_at = cx->now;
	s->expires_at = cx->now + 60 * expires_minutes;
	seal_random(s->token_id, sizeof(s->token_id));
	seal_random(s->token_check, sizeof(s->token_check));
	return session_add(cx, s);
}

/* Asks for reads of the statement, but writes only when half of the time
 * asked for before is over: thousands of shoppers share the row. */
static enum err
want(struct cx *cx, int64_t account_id, int64_t wanted_until, int64_t seconds)
{
	if (account_id == 0 || (wanted_until >= cx->now + seconds / 2 &&
	    wait_holds(WAIT_WANTED, wanted_until, cx->now)))
		return 0;
	return account_want(cx, account_id, cx->now + seconds);
}

/* Random numbers: concurrent calls never wait on a counter.  Five digits,
 * more where the day is busy. */
static void
make_numbers(struct cx *cx, struct session *s, int attempt)
{
	static const uint64_t limits[] = { 100000, 1000000, 100000000 };
	static const int digits[] = { 5, 6, 8 };
	size_t i = attempt < 3 ? 0 : attempt < 6 ? 1 : 2;
	unsigned char random[REFERENCE_RANDOM];
	char *reference = arena_alloc(cx->arena, REFERENCE_TEXT);
	char day[DAY_TEXT];
	uint64_t n;

	seal_random(random, sizeof(random));
	seal_random(&n, sizeof(n));
	reference_print(day_of(cx->now), random, reference);
	s->reference_number = reference;
	s->invoice_number = arena_printf(cx->arena, "INV-%s-%0*" PRIu64,
	    day_print_short(day_of(cx->now), day), digits[i], n % limits[i]);
}

/* Reads the bank when nobody else did lately; *read says whether it did. */
static enum err
look(struct cx *cx, int64_t account_id, bool *read)
{
	struct account a = { 0 };
	enum err e;

	*read = false;
	if ((e = account_find(cx, account_id, &a)) != 0)
		return e;
	if (collect_held(cx, a.next_read_at, a.checked_at, a.leased) ||
	    collect_since(cx, a.checked_at, cx->conf->stale_seconds))
		return 0;
	e = collect(cx, &a, BANK_MS);
	if (e == ERR_AWAY)
		return e;
	*read = e == 0;
	fail_clear(cx);		/* the bank's trouble is not the shopper's */
	return 0;
}

/* The session as it is stored, with its account: before its invoice that is
 * the settings' one, which takes effect here where no worker saw to it. */
static enum err
find_payable(struct cx *cx, const char *token, struct session *s)
{
	enum err e = session_find_payable(cx, token, s);

	if (e != 0 || s->status != STATUS_PENDING ||
	    bank_settled(cx->conf, s->environment, s->account_id == 0 ? NULL :
	    s->iban))
		return e;
	if ((e = bank_settle(cx)) != 0)
		return e;
	return session_find_payable(cx, token, s);
}

/* Payers' banks verify the name, so no invoice goes out without it: the
 * first read of the account learns it. */
static enum err
need_name(struct cx *cx, const char *token, struct session *s)
{
	bool read;
	enum err e;

	if (s->account_id == 0)
		return fail(cx, ERR_NOT_READY, "no account is set for %s:"
		    " [bank.%s] iban", environment_word(s->environment),
		    environment_word(s->environment));
	if (s->beneficiary_name[0] != '\0')
		return 0;
	if ((e = look(cx, s->account_id, &read)) != 0 ||
	    (e = session_find_payable(cx, token, s)) != 0)
		return e;
	return s->beneficiary_name[0] != '\0' ? 0 : fail(cx, ERR_NOT_READY,
	    "the bank has not told the holder of %s yet", s->iban);
}

static enum err
make_invoice(struct cx *cx, struct session *s)
{
	enum err e = ERR_DUPLICATE;

	for (int i = 0; e == ERR_DUPLICATE && i < INVOICE_TRIES; i++) {
		fail_clear(cx);
		make_numbers(cx, s, i);
		e = session_invoice(cx, s, reference_key(cx->arena,
		    s->reference_number));
	}
	if (e == 0)
		s->status = STATUS_INVOICED;
	return e;
}

enum err
checkout_bill(struct cx *cx, struct session *s)
{
	const char *token;
	enum err e;

	s->created_at = cx->now;
	seal_random(s->token_id, sizeof(s->token_id));
	seal_random(s->token_check, sizeof(s->token_check));
	token = session_token(cx->arena, s);
	if ((e = session_add(cx, s)) != 0 ||
	    (e = find_payable(cx, token, s)) != 0)
		return e;
	if (s->account_id == 0 || s->beneficiary_name[0] == '\0')
		return fail(cx, ERR_NOT_READY, "no account is known in %s",
		    environment_word(s->environment));
	return make_invoice(cx, s);
}

enum err
checkout_invoice(struct cx *cx, const char *token, struct session *s)
{
	enum err e;

	if ((e = find_payable(cx, token, s)) != 0)
		return e;
	if (session_status(s->status, s->expires_at, cx->now) ==
	    STATUS_EXPIRED)
		return fail(cx, ERR_EXPIRED, "session %" PRId64, s->id);
	if ((e = need_name(cx, token, s)) != 0)
		return e;
	if (s->status == STATUS_PENDING) {
		e = make_invoice(cx, s);
		if (e == ERR_CONFLICT) {	/* another call was faster */
			fail_clear(cx);
			e = session_find_payable(cx, token, s);
		}
		if (e != 0)
			return e;
	}
	return want(cx, s->account_id, s->wanted_until, SHOW_SECONDS);
}

/* It failed before: what counted as finished does not any more. */
static enum err
poll_anew(struct cx *cx, void *arg)
{
	struct session *s = arg;
	enum err e;

	if ((e = session_lock(cx, s->id, s)) != 0)
		return e;
	if (s->status != STATUS_FAILED)
		return fail(cx, ERR_CONFLICT, "session %" PRId64
		    ": moved by another", s->id);
	return rollup_move(cx, s, EVENT_POLL);
}

static enum err
confirm_once(struct cx *cx, const char *token, struct session *s)
{
	enum err e;

	if ((e = session_find(cx, token, s)) != 0)
		return e;
	s->status = session_status(s->status, s->expires_at, cx->now);
	if (s->status == STATUS_PENDING)
		return fail(cx, ERR_NO_INVOICE, "session %" PRId64, s->id);
	if (s->status == STATUS_EXPIRED)
		return fail(cx, ERR_EXPIRED, "session %" PRId64, s->id);
	if (s->status == STATUS_POLLING || status_paid((enum status)s->status))
		return 0;
	return s->status == STATUS_FAILED ? db_tx(cx, poll_anew, s) :
	    session_move(cx, s, EVENT_POLL);
}

enum err
checkout_confirm(struct cx *cx, const char *token, struct session *s)
{
	enum err e = ERR_CONFLICT;

	for (int i = 0; e == ERR_CONFLICT && i < MOVE_TRIES; i++) {
		fail_clear(cx);
		e = confirm_once(cx, token, s);
	}
	if (e != 0 || status_paid((enum status)s->status))
		return e;
	return want(cx, s->account_id, s->wanted_until, POLL_SECONDS);
}

/* The last poll is over: failed, or back to partial if money is there. */
static enum err
give_up(struct cx *cx, void *arg)
{
	struct poll *p = arg;
	struct session s = { 0 };
	enum err e;

	if ((e = session_lock(cx, p->w.id, &s)) != 0)
		return e;
	if (s.status != STATUS_POLLING ||
	    s.poll_count < cx->conf->max_polls) {
		p->timeout = false;		/* moved meanwhile */
		return 0;
	}
	p->timeout = true;
	if (s.total_paid > 0)
		return rollup_move(cx, &s, EVENT_SHORT);
	e = rollup_move(cx, &s, EVENT_GIVE_UP);
	return e == 0 ? tell(cx, &s, TELL_FAILED) : e;
}

/* Nothing fails for want of a bank: without a recent read it waits on. */
static enum err
count_poll(struct cx *cx, struct poll *p)
{
	if (p->w.poll_count < cx->conf->max_polls) {
		p->w.poll_count++;
		return session_poll(cx, p->w.id);
	}
	if (!collect_since(cx, p->w.checked_at, FRESH_SECONDS))
		return 0;
	return db_tx(cx, give_up, p);
}

/* The row as it is after a read of the bank, if one was due. */
static enum err
refresh(struct cx *cx, const char *token, struct watch *w)
{
	bool read;
	enum err e;

	if (w->account_id == 0 ||
	    collect_held(cx, w->next_read_at, w->checked_at, w->leased) ||
	    collect_since(cx, w->checked_at, cx->conf->stale_seconds))
		return 0;
	e = look(cx, w->account_id, &read);
	return e == 0 && read ? session_watch(cx, token, w) : e;
}

enum err
checkout_poll(struct cx *cx, const char *token, struct poll *p)
{
	struct watch *w = &p->w;
	enum err e;

	*p = (struct poll){ 0 };
	if ((e = session_watch(cx, token, w)) != 0)
		return e;
	if (!status_paid((enum status)w->status)) {
		if ((e = refresh(cx, token, w)) != 0 ||
		    (e = want(cx, w->account_id, w->wanted_until,
		    POLL_SECONDS)) != 0)
			return e;
	}
	p->status = session_status(w->status, w->expires_at, cx->now);
	return p->status == STATUS_POLLING ? count_poll(cx, p) : 0;
}
