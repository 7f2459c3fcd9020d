#include "model/message.h"

const char *const channel_words[CHANNEL__MAX + 1] = {
	[CHANNEL_EMAIL] = "email",
	[CHANNEL_SMS]	= "sms",
};

static const char *const words[MESSAGE__MAX] = {
#define M(name, word, doc) word,
	MESSAGES(M)
#undef M
};

static const struct col row[] = {
	COL_INT (message, id),
	COL_INT (message, cycle_id),
	COL_INT (message, reminder),
	COL_INT (message, channel),
	COL_INT (message, schedule_id),
	COL_INT (message, sender_id),
	COL_INT (message, status),
	COL_INT (message, attempts),
	COL_INT (message, due_at),
	COL_INT (message, created_at),
	COL_INT (message, sent_at),
	COL_TEXT(message, recipient),
	COL_TEXT(message, provider_id),
	COL_TEXT(message, provider_status),
	COL_TEXT(message, error),
	{ 0 }
};

#define ROW \
	"SELECT id, cycle_id, reminder, channel, schedule_id, sender_id," \
	"	status, attempts, due_at, created_at, sent_at, recipient," \
	"	provider_id, provider_status, error" \
	"  FROM recurring_messages"

/* Twilio's, after which nothing comes but another of these. */
#define FINAL	"'delivered', 'undelivered', 'failed', 'read'"

enum { ADD, FIND, SENDERS, DUE, CLAIM, LOST, TRIED, ATTEMPT, HEARD, ADOPT,
	DROP_CYCLE, DROP_SCHEDULE, ATTEMPTS, EACH, Q__MAX };

const struct stmt message_stmts[] = {
	[ADD] = {
		"INSERT INTO recurring_messages (cycle_id, reminder, channel,"
		"	schedule_id, sender_id, recipient, due_at,"
		"	created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE id = ?", row },
	[SENDERS] = {
		"SELECT d.sender_id"
		"  FROM (SELECT sender_id, MIN(due_at) AS due_at,"
		"	MAX(due_at) AS last_at"
		"	FROM recurring_messages"
		"	WHERE channel = ? AND status = 0"
		"	GROUP BY sender_id) d"
		"  LEFT JOIN recurring_senders s"
		"    ON s.merchant_id = d.sender_id AND s.channel = ?"
		" WHERE (d.due_at < ? OR d.last_at > ?)"
		"   AND COALESCE(s.parked_until, 0) NOT BETWEEN ? AND ?",
		(const struct col[]){ COL_INT(sender_due, sender_id), { 0 } }
	},
	[DUE] = {
		ROW " FORCE INDEX (due)"
		" WHERE channel = ? AND status = 0 AND sender_id = ?"
		"   AND due_at NOT BETWEEN ? AND ? ORDER BY due_at LIMIT ?",
		row
	},
	[CLAIM] = {
		"UPDATE recurring_messages"
		"   SET status = 1, due_at = ?, attempts = attempts + 1"
		" WHERE id = ? AND status = 0",
		NULL
	},
	[LOST] = {
		ROW " WHERE channel = ? AND status = 1"
		"   AND due_at NOT BETWEEN ? AND ? LIMIT 100",
		row
	},
	[TRIED] = {
		"UPDATE recurring_messages"
		"   SET status = ?, due_at = ?, sent_at = ?, provider_id = ?,"
		"	error = ?"
		" WHERE id = ? AND (status = 1 OR (status = 4 AND ? = 2))",
		NULL
	},
	[ATTEMPT] = {
		"INSERT IGNORE INTO recurring_attempts (message_id, attempt,"
		"	created_at, ms, code, error)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		NULL
	},
	[HEARD] = {
		"UPDATE recurring_messages"
		"   SET provider_status = ?, error = COALESCE(?, error)"
		" WHERE id = ? AND channel = 1"
		"   AND (? IN (" FINAL ")"
		"	OR COALESCE(provider_status, '') NOT IN (" FINAL "))",
		NULL
	},
	[ADOPT] = {
		"UPDATE recurring_messages m"
		"  JOIN recurring_schedules s ON s.id = m.schedule_id"
		"   SET m.sender_id = ?"
		" WHERE s.merchant_id = ? AND m.channel = ? AND m.status = 0",
		NULL
	},
	[DROP_CYCLE] = {
		"UPDATE recurring_messages SET status = 5"
		" WHERE cycle_id = ? AND status = 0",
		NULL
	},
	[DROP_SCHEDULE] = {
		"UPDATE recurring_messages SET status = 5"
		" WHERE schedule_id = ? AND status = 0",
		NULL
	},
	[ATTEMPTS] = {
		"SELECT a.message_id, a.attempt, a.created_at, a.ms, a.code,"
		"	a.error"
		"  FROM recurring_messages m"
		"  JOIN recurring_attempts a ON a.message_id = m.id"
		" WHERE m.schedule_id = ?"
		" ORDER BY a.message_id DESC, a.attempt DESC LIMIT 200",
		(const struct col[]){
			COL_INT (tried, message_id), COL_INT(tried, attempt),
			COL_INT (tried, created_at), COL_INT(tried, ms),
			COL_INT (tried, code), COL_TEXT(tried, error), { 0 }
		}
	},
	[EACH] = {
		ROW " WHERE schedule_id = ? ORDER BY id DESC LIMIT 100", row
	},
};
const size_t message_nstmts = NELEM(message_stmts);
_Static_assert(NELEM(message_stmts) == Q__MAX, "a statement has no text");

#define q message_stmts

const char *channel_word(int64_t channel) { return channel_words[channel]; }
const char *message_word(int64_t status) { return words[status]; }

enum err
message_add(struct cx *cx, const struct message *m)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(m->cycle_id),
	    db_int(m->reminder), db_int(m->channel), db_int(m->schedule_id),
	    db_int(m->sender_id), db_text(m->recipient), db_int(cx->now),
	    db_int(cx->now));
}

enum err
message_find(struct cx *cx, int64_t id, struct message *m)
{
	return db_one(cx, &q[FIND], m, db_int(id));
}

enum err
message_senders(struct cx *cx, int64_t channel, struct rows *rows)
{
	rows->size = sizeof(struct sender_due);
	return db_many(cx, &q[SENDERS], rows, db_int(channel),
	    db_int(channel), DB_WAIT(WAIT_MESSAGE, cx->now),
	    DB_WAIT(WAIT_PARKED, cx->now));
}

enum err
message_claim(struct cx *cx, int64_t channel, int64_t sender_id, int64_t max,
    int64_t seconds, struct rows *rows)
{
	struct rows due = { .size = sizeof(struct message) };
	const struct message *from;
	struct message *to;
	int64_t n;
	enum err e;

	e = db_many(cx, &q[DUE], &due, db_int(channel), db_int(sender_id),
	    DB_WAIT(WAIT_MESSAGE, cx->now), db_int(max));
	if (e != 0)
		return e;
	from = due.row;
	to = arena_alloc(cx->arena, (due.n + 1) * sizeof(*to));
	*rows = (struct rows){ to, 0, sizeof(*to) };
	for (size_t i = 0; i < due.n; i++) {
		e = db_run(cx, &q[CLAIM], &n, db_int(cx->now + seconds),
		    db_int(from[i].id));
		if (e != 0)
			return e;
		if (n == 1) {
			to[rows->n] = from[i];
			to[rows->n++].attempts++;
		}
	}
	return 0;
}

enum err
message_lost(struct cx *cx, int64_t channel, struct rows *rows)
{
	rows->size = sizeof(struct message);
	return db_many(cx, &q[LOST], rows, db_int(channel),
	    DB_WAIT(WAIT_SENDING, cx->now));
}

enum err
message_tried(struct cx *cx, const struct message *m, const struct try *t)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[TRIED], &n, db_int(m->status), db_int(m->due_at),
	    db_int(m->status == MESSAGE_SENT ? cx->now : 0),
	    db_text(m->provider_id), db_text(m->error), db_int(m->id),
	    db_int(m->status));
	if (e != 0 || t == NULL)
		return e;
	return db_run(cx, &q[ATTEMPT], &n, db_int(m->id),
	    db_int(m->attempts), db_int(cx->now), db_int(t->ms),
	    db_int(t->code), db_text(t->error));
}

enum err
message_heard(struct cx *cx, int64_t id, const char *status,
    const char *error)
{
	int64_t n;

	return db_run(cx, &q[HEARD], &n, db_text(status), db_text(error),
	    db_int(id), db_text(status));
}

enum err
message_adopt(struct cx *cx, int64_t merchant_id, int64_t channel,
    int64_t sender_id)
{
	int64_t n;

	return db_run(cx, &q[ADOPT], &n, db_int(sender_id),
	    db_int(merchant_id), db_int(channel));
}

enum err
message_drop_cycle(struct cx *cx, int64_t cycle_id)
{
	int64_t n;

	return db_run(cx, &q[DROP_CYCLE], &n, db_int(cycle_id));
}

enum err
message_drop_schedule(struct cx *cx, int64_t schedule_id)
{
	int64_t n;

	return db_run(cx, &q[DROP_SCHEDULE], &n, db_int(schedule_id));
}

enum err
message_attempts(struct cx *cx, int64_t schedule_id, struct rows *rows)
{
	rows->size = sizeof(struct tried);
	return db_many(cx, &q[ATTEMPTS], rows, db_int(schedule_id));
}

enum err
message_each(struct cx *cx, int64_t schedule_id, struct rows *rows)
{
	rows->size = sizeof(struct message);
	return db_many(cx, &q[EACH], rows, db_int(schedule_id));
}
