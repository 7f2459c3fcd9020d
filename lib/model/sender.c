#include "model/sender.h"

#define DAY		86400
#define WHOLE		1000		/* tokens of a message */

struct bucket {
	int64_t		 tokens, refilled_at;
};

enum { NEW, LOCK, SET, GIVE, PARK, PARKED, FREE, Q__MAX };

const struct stmt sender_stmts[] = {
	[NEW] = {
		"INSERT IGNORE INTO recurring_senders (merchant_id, channel,"
		"	tokens, refilled_at)"
		" VALUES (?, ?, ?, ?)",
		NULL
	},
	[LOCK] = {
		"SELECT tokens, refilled_at FROM recurring_senders"
		" WHERE merchant_id = ? AND channel = ? FOR UPDATE",
		(const struct col[]){
			COL_INT(bucket, tokens), COL_INT(bucket, refilled_at),
			{ 0 }
		}
	},
	[SET] = {
		"UPDATE recurring_senders SET tokens = ?, refilled_at = ?"
		" WHERE merchant_id = ? AND channel = ?",
		NULL
	},
	[GIVE] = {
		"UPDATE recurring_senders SET tokens = tokens + ?"
		" WHERE merchant_id = ? AND channel = ?",
		NULL
	},
	[PARK] = {
		"INSERT INTO recurring_senders (merchant_id, channel, tokens,"
		"	refilled_at, parked_until, reason)"
		" VALUES (?, ?, 0, ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE"
		"	parked_until = VALUES(parked_until),"
		"	reason = VALUES(reason)",
		NULL
	},
	[PARKED] = {
		"SELECT channel, parked_until, reason"
		"  FROM recurring_senders"
		" WHERE merchant_id = ? AND parked_until BETWEEN ? AND ?"
		" ORDER BY channel",
		(const struct col[]){
			COL_INT (sender, channel),
			COL_INT (sender, parked_until),
			COL_TEXT(sender, reason), { 0 }
		}
	},
	[FREE] = {
		"UPDATE recurring_senders SET parked_until = 0, reason = ''"
		" WHERE merchant_id = ?",
		NULL
	},
};
const size_t sender_nstmts = NELEM(sender_stmts);
_Static_assert(NELEM(sender_stmts) == Q__MAX, "a statement has no text");

#define q sender_stmts

static void
refill(struct bucket *b, int64_t per_day, int64_t now)
{
	int64_t passed;

	if (wait_done(WAIT_REFILLED, b->refilled_at, now) == 0)
		b->refilled_at = now;	/* it is filled from now on */
	passed = now - b->refilled_at;
	if (passed <= 0)
		return;
	b->tokens += passed >= DAY ? per_day * WHOLE :
	    passed * per_day * WHOLE / DAY;
	if (b->tokens > per_day * WHOLE)
		b->tokens = per_day * WHOLE;
	b->refilled_at = now;
}

enum err
sender_take(struct cx *cx, int64_t merchant_id, int64_t channel,
    int64_t per_day, int64_t want, int64_t *got)
{
	struct val who = db_int(merchant_id), by = db_int(channel);
	struct bucket b = { 0 };
	int64_t n;
	enum err e;

	*got = want;
	if (per_day == 0)
		return 0;
	if ((e = db_run(cx, &q[NEW], &n, who, by, db_int(per_day * WHOLE),
	    db_int(cx->now))) != 0 ||
	    (e = db_one(cx, &q[LOCK], &b, who, by)) != 0)
		return e;
	refill(&b, per_day, cx->now);
	if (*got > b.tokens / WHOLE)
		*got = b.tokens / WHOLE;
	b.tokens -= *got * WHOLE;
	return db_run(cx, &q[SET], &n, db_int(b.tokens),
	    db_int(b.refilled_at), who, by);
}

enum err
sender_give(struct cx *cx, int64_t merchant_id, int64_t channel, int64_t n)
{
	int64_t changed;

	return n == 0 ? 0 : db_run(cx, &q[GIVE], &changed, db_int(n * WHOLE),
	    db_int(merchant_id), db_int(channel));
}

enum err
sender_park(struct cx *cx, int64_t merchant_id, int64_t channel,
    int64_t until, const char *reason)
{
	int64_t n;

	return db_run(cx, &q[PARK], &n, db_int(merchant_id), db_int(channel),
	    db_int(cx->now), db_int(until), db_text(reason));
}

enum err
sender_parked(struct cx *cx, int64_t merchant_id, struct rows *rows)
{
	rows->size = sizeof(struct sender);
	return db_many(cx, &q[PARKED], rows, db_int(merchant_id),
	    DB_WAIT(WAIT_PARKED, cx->now));
}

enum err
sender_free(struct cx *cx, int64_t merchant_id)
{
	int64_t n;

	return db_run(cx, &q[FREE], &n, db_int(merchant_id));
}
