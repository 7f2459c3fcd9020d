#include <string.h>

#include "flow/takeback.h"
#include "flow/tell.h"
#include "model/outgoing.h"

/* The one session that it is about, or 0: a refund's is named by that. */
static int64_t
session_of(const struct named *f)
{
	if (f->refunds > 0)
		return f->refunds == 1 ? f->refund.session_id : 0;
	return f->sessions == 1 ? f->session.id : 0;
}

enum err
takeback_note(struct cx *cx, const struct transfer *t, const struct named *f)
{
	struct session s = { 0 };
	int64_t id = session_of(f);
	enum err e;

	if (id == 0)
		return outgoing_add(cx, t->id, 0);
	if ((e = session_lock(cx, id, &s)) != 0)
		return e;
	if (t->account_id != s.account_id ||
	    strcmp(t->currency, s.currency) != 0)
		return outgoing_add(cx, t->id, 0);
	if ((e = outgoing_add(cx, t->id, id)) != 0 ||
	    (e = session_return(cx, &s, t->amount)) != 0)
		return e;
	return tell(cx, &s, TELL_RETURNED);
}
