#include <string.h>

#include "base/calendar.h"
#include "flow/credit.h"
#include "flow/setaside.h"
#include "model/account.h"
#include "model/match.h"

struct booking {
	int64_t		 id;
	cents		 amount;
	const char	*reference;
	int64_t		 transfer_id;
};

static enum err
lock_open(struct cx *cx, int64_t id, struct aside *a)
{
	enum err e = aside_lock(cx, id, a);

	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return fail(cx, e, "No entry %" PRId64 " is kept aside.", id);
	}
	return e != 0 || a->status == ASIDE_OPEN ? e : fail(cx, ERR_STATE,
	    "Entry %" PRId64 " is finished: %s.", id, aside_word(a->status));
}

/* The bank's id where the entry has one of its own: should the bank send it
 * in another form, it is known. */
static const char *
id_of(struct cx *cx, const struct aside *a)
{
	return a->bank_id != NULL && strcmp(a->reason, "conflict") != 0 ?
	    a->bank_id : arena_printf(cx->arena, "aside:%" PRId64, a->id);
}

/* The entry's ids and content, as far as its text is there still: by them it
 * is known when the bank sends it again, with an id or in another form. */
static enum err
read_again(struct cx *cx, const struct aside *a, struct bank_entry *en)
{
	const char *why = NULL;
	struct account account = { 0 };
	const struct js *js = a->raw == NULL ? NULL : js_mend(cx->arena,
	    a->raw, strlen(a->raw), &why);
	enum err e;

	*en = (struct bank_entry){ 0 };
	if (js == NULL || strcmp(a->reason, "conflict") == 0)
		return 0;
	if ((e = account_find(cx, a->account_id, &account)) == 0)
		entry_read(cx->arena, js, account.iban, en);
	return e;
}

static enum err
book(struct cx *cx, void *arg)
{
	struct booking *b = arg;
	struct aside a = { 0 };
	struct bank_entry en;
	struct transfer t;
	enum err e;

	if ((e = lock_open(cx, b->id, &a)) != 0 ||
	    (e = read_again(cx, &a, &en)) != 0)
		return e;
	t = (struct transfer){ .account_id = a.account_id,
	    .bank_id = id_of(cx, &a), .credit = 1, .amount = b->amount,
	    .currency = "EUR", .booking_day = day_of_bank(a.first_seen_at),
	    .ids = en.id, .content = en.id[0] == NULL ? en.content : NULL };
	e = transfer_add(cx, &t);
	if (e == ERR_DUPLICATE) {
		fail_clear(cx);
		return fail(cx, ERR_STATE, "The bank sent entry %" PRId64
		    " meanwhile in a form that was booked.", a.id);
	}
	if (e == 0)
		e = b->reference != NULL ? credit_give(cx, t.id,
		    b->reference) : match_miss(cx, t.id, REASON_NO_REFERENCE,
		    0);
	b->transfer_id = t.id;
	return e == 0 ? aside_close(cx, a.id, ASIDE_BOOKED, t.id) : e;
}

enum err
setaside_book(struct cx *cx, int64_t id, cents amount, const char *reference,
    int64_t *transfer_id)
{
	struct booking b = { id, amount, reference, 0 };
	enum err e = db_tx(cx, book, &b);

	*transfer_id = b.transfer_id;
	return e;
}

static enum err
dismiss(struct cx *cx, void *arg)
{
	const int64_t *id = arg;
	struct aside a = { 0 };
	enum err e = lock_open(cx, *id, &a);

	return e == 0 ? aside_close(cx, a.id, ASIDE_DISMISSED, 0) : e;
}

enum err
setaside_dismiss(struct cx *cx, int64_t id)
{
	return db_tx(cx, dismiss, &id);
}
