#include "base/log.h"
#include "flow/batch.h"
#include "io/db.h"

struct part {
	const struct batch	*b;
	int64_t			 from, to;
};

static enum err
book(struct cx *cx, void *arg)
{
	const struct part *p = arg;
	enum err e = 0;

	for (int64_t i = p->from; e == 0 && i < p->to; i++)
		e = p->b->book(cx, p->b->arg, i);
	return e;
}

enum err
batch_book(struct cx *cx, const struct batch *b)
{
	struct part p = { b, 0, b->n };
	enum err e = db_tx(cx, book, &p);

	if (e == 0 || e == ERR_AWAY || e == ERR_BUSY)
		return e;
	for (int64_t i = 0; i < b->n; i++) {
		p = (struct part){ b, i, i + 1 };
		fail_clear(cx);
		if ((e = db_tx(cx, book, &p)) == ERR_AWAY || e == ERR_BUSY)
			return e;
		if (e == 0)
			continue;
		log_say(cx, b->what, "%s cannot be booked: %s",
		    b->name(cx, b->arg, i), cx->why);
		fail_clear(cx);
		if (b->left != NULL)
			*b->left = true;
		if (b->leave != NULL && (e = b->leave(cx, b->arg, i)) != 0)
			return e;
	}
	fail_clear(cx);
	return 0;
}
