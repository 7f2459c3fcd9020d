/*
 * Where a merchant's webhooks go.
 */
#include "flow/replay.h"
#include "gateway/gateway.h"
#include "model/endpoint.h"

const struct param enable_endpoint_params[] = {
	URL	(enable_endpoint, url, REQUIRED, 2048, "Of the endpoint, or of any webhook that goes there."),
	{ 0 }
};

struct shown_endpoint {
	const char	*origin, *status, *reason;
	int64_t		 failures, failing_since, paused_until, off_at;
	int64_t		 undelivered;
};

static const struct field endpoint_fields[] = {
	F_TEXT(shown_endpoint, origin, "Scheme, host and port."),
	F_TEXT(shown_endpoint, status, "works, failing, throttled (tried with one at a time), or off."),
	F_INT (shown_endpoint, failures, "In different seconds, since it last worked."),
	F_TIME_OR_NULL(shown_endpoint, failing_since, "The first of these; null: it works."),
	F_TIME_OR_NULL(shown_endpoint, paused_until, "Nothing is sent before; null: no pause."),
	F_TIME_OR_NULL(shown_endpoint, off_at, "When it was switched off; null: it is on."),
	F_TEXT_OR_NULL(shown_endpoint, reason, "The last failure."),
	F_INT (shown_endpoint, undelivered, "Events that were given up there."),
	{ 0 }
};

struct endpoint_list {
	struct rows	 endpoints;
};

static const struct field list_fields[] = {
	F_ROWS(endpoint_list, endpoints, endpoint_fields, "In the order in which they were first used."),
	{ 0 }
};

const struct answer list_endpoints_answers[] = {
	{ "list", NULL, { list_fields } },
	{ 0 }
};

static struct shown_endpoint
show(const struct endpoint *p, int64_t now)
{
	return (struct shown_endpoint){
		.origin = p->origin, .reason = p->failures == 0 ? NULL :
		    p->reason, .failures = p->failures,
		.failing_since = p->failing_since, .off_at = p->off_at,
		.paused_until = p->paused_until > now ? p->paused_until : 0,
		.undelivered = p->undelivered,
		.status = p->off_at != 0 ? "off" : p->failures == 0 ? "works" :
		    p->failures < ENDPOINT_PATIENCE ? "failing" : "throttled",
	};
}

enum err
list_endpoints(struct cx *cx, const void *in, struct reply *r)
{
	struct endpoint_list list;
	struct shown_endpoint *out;
	const struct endpoint *p;
	struct rows rows;
	enum err e;

	(void)in;
	if ((e = endpoint_each(cx, &rows)) != 0)
		return e;
	p = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = show(&p[i], cx->now);
	list.endpoints = (struct rows){ out, rows.n, sizeof(*out) };
	reply_add(r, list_fields, &list);
	return 0;
}

struct on_again {
	int64_t		 redelivered;
};

static const struct field on_fields[] = {
	F_INT(on_again, redelivered, "Events that are on the way there again."),
	{ 0 }
};

const struct answer enable_endpoint_answers[] = {
	{ "again", NULL, { on_fields } },
	{ 0 }
};

enum err
enable_endpoint(struct cx *cx, const void *arg, struct reply *r)
{
	const struct enable_endpoint *in = arg;
	struct on_again out = { 0 };
	enum err e = replay_endpoint(cx, in->url, &out.redelivered);

	if (e == 0)
		reply_add(r, on_fields, &out);
	return e;
}
