#include "flow/rollup.h"
#include "flow/sweep.h"
#include "flow/tell.h"
#include "model/idempotency.h"

#define ABANDONED	900		/* seconds without a poll */

/* Which stored statuses are swept, and after how long without a poll. */
static const struct {
	enum status	status;
	int64_t		silence;	/* seconds */
} swept[] = {
	{ STATUS_PENDING,  0 },
	{ STATUS_INVOICED, 0 },
	{ STATUS_FAILED,   0 },
	{ STATUS_POLLING,  ABANDONED },
};

struct due {
	int64_t		id;
	enum status	status;
};

static enum err
expire(struct cx *cx, void *arg)
{
	const struct due *d = arg;
	struct session s = { 0 };
	enum err e;

	if ((e = session_lock(cx, d->id, &s)) != 0)
		return e;
	if (s.status != d->status || s.expires_at > cx->now)
		return 0;		/* moved meanwhile */
	if (s.total_paid > 0)
		return rollup_move(cx, &s, EVENT_SHORT);
	if ((e = rollup_move(cx, &s, EVENT_EXPIRE)) != 0)
		return e;
	return tell(cx, &s, TELL_EXPIRED);
}

enum err
sweep(struct cx *cx, int64_t *n)
{
	struct rows rows;
	struct due d;
	enum err e;

	if ((e = idempotency_drop(cx, n)) != 0)
		return e;
	for (size_t i = 0; i < NELEM(swept); i++) {
		const struct open_session *s;

		d.status = swept[i].status;
		e = session_due(cx, d.status, swept[i].silence, &rows);
		s = rows.row;
		for (size_t j = 0; e == 0 && j < rows.n; j++) {
			d.id = s[j].id;
			e = db_tx(cx, expire, &d);
		}
		if (e != 0)
			return e;
		*n += (int64_t)rows.n;
	}
	return 0;
}
