#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "model/worker.h"

struct count {
	int64_t	n;
};

enum { BEAT, BEHIND, Q__MAX };

const struct stmt worker_stmts[] = {
	[BEAT] = {
		"INSERT INTO gateway_workers (host, seen_at, settings_at)"
		" VALUES (?, ?, ?)"
		" ON DUPLICATE KEY UPDATE seen_at = VALUES(seen_at),"
		"	settings_at = VALUES(settings_at)",
		NULL
	},
	[BEHIND] = {
		"SELECT COUNT(*) AS n FROM gateway_workers"
		" WHERE host = ? AND settings_at NOT IN (0, ?)"
		"   AND seen_at BETWEEN ? AND ?",
		(const struct col[]){ COL_INT(count, n), { 0 } }
	},
};
const size_t worker_nstmts = NELEM(worker_stmts);
_Static_assert(NELEM(worker_stmts) == Q__MAX, "a statement has no text");

#define q worker_stmts

const char *
worker_host(struct cx *cx)
{
	char host[HOST_TEXT] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '?';
	return arena_copy(cx->arena, host, strlen(host));
}

enum err
worker_beat(struct cx *cx)
{
	int64_t n;

	return db_run(cx, &q[BEAT], &n, db_text(worker_host(cx)),
	    db_int(cx->now), db_int(cx->conf->changed_at));
}

enum err
worker_behind(struct cx *cx, int64_t seconds, bool *behind)
{
	struct count c = { 0 };
	enum err e;

	e = db_one(cx, &q[BEHIND], &c, db_text(worker_host(cx)),
	    db_int(cx->conf->changed_at),
	    DB_SINCE(WAIT_SEEN, cx->now, seconds));
	*behind = c.n > 0;
	return e;
}
