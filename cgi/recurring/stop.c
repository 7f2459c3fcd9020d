/*
 * A customer who wants no more messages: one click, no login.
 */
#include "flow/compose.h"
#include "flow/plan.h"
#include "recurring/recurring.h"

const struct param stop_params[] = {
	TEXT(stop_in, token, REQUIRED, 1, 80, "From the link in a message."),
	{ 0 }
};

struct shown {
	const char	*merchant_name, *status, *order_description, *language;
};

static const struct field fields[] = {
	F_TEXT(shown, merchant_name, "Whose messages they are."),
	F_TEXT_OR_NULL(shown, order_description, "What they are about."),
	F_TEXT(shown, status, "active: they go on; paused, cancelled or completed: no more come."),
	F_TEXT(shown, language, "Of the messages."),
	{ 0 }
};

const struct answer stop_answers[] = {
	{ "subscription", NULL, { fields } },
	{ 0 }
};

static void
show(const struct schedule *s, struct reply *r)
{
	const struct shown out = { s->merchant_name,
	    schedule_word(s->status), s->order_description, s->language };

	reply_add(r, fields, &out);
}

enum err
get_subscription(struct cx *cx, const void *arg, struct reply *r)
{
	const struct stop_in *in = arg;
	struct schedule s = { 0 };
	int64_t id;
	enum err e;

	if ((e = compose_stop_read(cx, in->token, &id)) != 0 ||
	    (e = schedule_find(cx, id, &s)) != 0)
		return e;
	show(&s, r);
	return 0;
}

enum err
unsubscribe(struct cx *cx, const void *arg, struct reply *r)
{
	const struct stop_in *in = arg;
	struct schedule s = { 0 };
	int64_t id;
	enum err e;

	if ((e = compose_stop_read(cx, in->token, &id)) != 0 ||
	    (e = plan_stop(cx, id, &s)) != 0)
		return e;
	show(&s, r);
	return 0;
}
