#include "base/str.h"
#include "model/alert.h"

#define TEXT_MAX	255
#define STUCK_TRIES	3

static const struct col row[] = {
	COL_INT (alert, health),
	COL_INT (alert, since),
	COL_INT (alert, seen),
	COL_INT (alert, seen_times),
	COL_INT (alert, told_mail),
	COL_INT (alert, told_url),
	COL_INT (alert, told_command),
	COL_INT (alert, told_at),
	COL_INT (alert, tries),
	COL_INT (alert, due_at),
	COL_TEXT(alert, host),
	COL_TEXT(alert, what),
	COL_TEXT(alert, state),
	COL_TEXT(alert, todo),
	COL_TEXT(alert, last_error),
	{ 0 }
};

#define ROW \
	"SELECT health, since, seen, seen_times, told_mail, told_url," \
	"	told_command, told_at, tries, due_at, host, what, state," \
	"	todo, last_error" \
	"  FROM gateway_alerts WHERE what <> ''"

struct looked {
	int64_t	looked_at;
};

enum { LOOKED, FIRST, LOOK, EACH, ALL, PUT, DUE, CLAIM, TRIED, STUCK,
	Q__MAX };

const struct stmt alert_stmts[] = {
	[LOOKED] = {
		"SELECT looked_at FROM gateway_alerts"
		" WHERE host = ? AND what = ''",
		(const struct col[]){ COL_INT(looked, looked_at), { 0 } }
	},
	[FIRST] = {
		"INSERT IGNORE INTO gateway_alerts (host, what)"
		"	VALUES (?, '')",
		NULL
	},
	[LOOK] = {
		"UPDATE gateway_alerts SET looked_at = ?"
		" WHERE host = ? AND what = '' AND looked_at = ?",
		NULL
	},
	[EACH] = { ROW " AND host IN ('', ?)", row },
	[ALL] = {
		ROW " AND since > 0 ORDER BY health DESC, since DESC LIMIT 200",
		row
	},
	[PUT] = {
		"INSERT INTO gateway_alerts (host, what, health, since, seen,"
		"	seen_times, state, todo)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE"
		"	due_at = IF(health = VALUES(health), due_at, 0),"
		"	tries = IF(health = VALUES(health), tries, 0),"
		"	health = VALUES(health), since = VALUES(since),"
		"	seen = VALUES(seen), seen_times = VALUES(seen_times),"
		"	state = VALUES(state), todo = VALUES(todo)",
		NULL
	},
	[DUE] = {
		ROW " AND due_at NOT BETWEEN ? AND ?"
		"   AND ((? AND told_mail <> health)"
		"	OR (? AND told_url <> health)"
		"	OR (? AND told_command <> health))"
		" ORDER BY since LIMIT 20",
		row
	},
	[CLAIM] = {
		"UPDATE gateway_alerts SET due_at = ?, tries = tries + 1"
		" WHERE host = ? AND what = ? AND due_at = ? AND tries = ?"
		"   AND health = ? AND told_mail = ? AND told_url = ?"
		"   AND told_command = ?",
		NULL
	},
	[TRIED] = {
		"UPDATE gateway_alerts"
		"   SET told_mail = ?, told_url = ?, told_command = ?,"
		"	told_at = ?, last_error = ?,"
		"	tries = IF(due_at = ? AND ? = '', 0, tries),"
		"	due_at = IF(due_at = ?, ?, due_at)"
		" WHERE host = ? AND what = ?",
		NULL
	},
	[STUCK] = { ROW " AND tries >= ? ORDER BY tries DESC LIMIT 1", row },
};
const size_t alert_nstmts = NELEM(alert_stmts);
_Static_assert(NELEM(alert_stmts) == Q__MAX, "a statement has no text");

#define q alert_stmts

const char *
way_word(enum way w)
{
	static const char *const words[WAY__MAX] = {
		[WAY_MAIL] = "mail", [WAY_URL] = "url",
		[WAY_COMMAND] = "command",
	};

	return words[w];
}

int64_t *
alert_told(struct alert *a, enum way w)
{
	return w == WAY_MAIL ? &a->told_mail : w == WAY_URL ? &a->told_url :
	    &a->told_command;
}

enum err
alert_look(struct cx *cx, const char *host, int64_t seconds, bool *ours)
{
	struct looked l = { 0 };
	int64_t n = 0;
	enum err e;

	*ours = false;
	if ((e = db_one(cx, &q[LOOKED], &l, db_text(host))) ==
	    ERR_NOT_FOUND) {
		fail_clear(cx);
		e = db_run(cx, &q[FIRST], &n, db_text(host));
	}
	if (e != 0 || wait_done(WAIT_LOOKED, l.looked_at, cx->now) + seconds >
	    cx->now)
		return e;
	e = db_run(cx, &q[LOOK], &n, db_int(cx->now), db_text(host),
	    db_int(l.looked_at));
	*ours = e == 0 && n == 1;
	return e;
}

enum err
alert_each(struct cx *cx, const char *host, struct rows *rows)
{
	rows->size = sizeof(struct alert);
	return db_many(cx, &q[EACH], rows, db_text(host));
}

enum err
alert_all(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct alert);
	return db_many_(cx, &q[ALL], rows, NULL, 0);
}

enum err
alert_put(struct cx *cx, const struct alert *a)
{
	int64_t n;

	return db_run(cx, &q[PUT], &n, db_text(a->host), db_text(a->what),
	    db_int(a->health), db_int(a->since), db_int(a->seen),
	    db_int(a->seen_times),
	    db_text(str_cut(cx->arena, a->state, TEXT_MAX)),
	    db_text(str_cut(cx->arena, a->todo, TEXT_MAX)));
}

enum err
alert_due(struct cx *cx, const bool ways[static WAY__MAX], struct rows *rows)
{
	rows->size = sizeof(struct alert);
	return db_many(cx, &q[DUE], rows, DB_WAIT(WAIT_ALERT, cx->now),
	    db_int(ways[WAY_MAIL]), db_int(ways[WAY_URL]),
	    db_int(ways[WAY_COMMAND]));
}

enum err
alert_claim(struct cx *cx, struct alert *a, int64_t seconds)
{
	int64_t until = wait_until(WAIT_ALERT, seconds, cx->now), n;
	enum err e;

	e = db_run(cx, &q[CLAIM], &n, db_int(until), db_text(a->host),
	    db_text(a->what), db_int(a->due_at), db_int(a->tries),
	    db_int(a->health), db_int(a->told_mail), db_int(a->told_url),
	    db_int(a->told_command));
	if (e == 0 && n == 0)
		return fail(cx, ERR_BUSY, "another tells of %s", a->what);
	a->due_at = until;
	a->tries++;
	return e;
}

enum err
alert_tried(struct cx *cx, const struct alert *a, int64_t due_at)
{
	const char *error = str_cut(cx->arena, a->last_error, TEXT_MAX);
	int64_t n;

	return db_run(cx, &q[TRIED], &n, db_int(a->told_mail),
	    db_int(a->told_url), db_int(a->told_command), db_int(a->told_at),
	    db_text(error), db_int(a->due_at), db_text(error),
	    db_int(a->due_at), db_int(due_at), db_text(a->host),
	    db_text(a->what));
}

enum err
alert_stuck(struct cx *cx, struct alert *worst)
{
	return db_one(cx, &q[STUCK], worst, db_int(STUCK_TRIES));
}
