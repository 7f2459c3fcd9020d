/*
 * How the gateway is: for load balancers, and for Prometheus.
 */
#include "api/meter.h"
#include "base/str.h"
#include "flow/migrate.h"
#include "flow/pulse.h"
#include "gateway/gateway.h"
#include "io/fcgi.h"

struct shown {
	const char	*status, *trouble, *database;
	int64_t		 bank_checked_at, worker_seen_at, server_time;
};

static const struct field fields[] = {
	F_TEXT(shown, status, "ok; or degraded: it answers, but the bank was not read for ten minutes (or three times [bank] idle_seconds, if that is more) or, by a clock that jumped, in the future, or no worker lives; or broken: payments cannot be found, since the bank was not read for 30 minutes, nobody is logged in there, or there is no account. With 503 unavailable the database is away; with monitor=1, 503 broken is what status says else."),
	F_TEXT_OR_NULL(shown, trouble, "What is wrong when it is not ok, for people; else null."),
	F_TEXT(shown, database, "ok."),
	F_TIME_OR_NULL(shown, bank_checked_at, "When the bank's statement was last read."),
	F_TIME_OR_NULL(shown, worker_seen_at, "When a worker was last seen; null: never, as without one."),
	F_TIME(shown, server_time, "Now."),
	{ 0 }
};

const struct param health_params[] = {
	BOOL(health_in, monitor, "true: for whoever wakes people and looks only at the code: 503 also when status is broken. A load balancer must not ask so: all machines have the same bank. Default: false."),
	{ 0 }
};

const struct answer health_answers[] = {
	{ "health", NULL, { fields } },
	{ 0 }
};

const struct answer metrics_answers[] = {
	{ "metrics", "text/plain", { NULL } },
	{ 0 }
};

enum err
health(struct cx *cx, const void *in, struct reply *r)
{
	const struct health_in *want = in;
	struct pulse h = { 0 };
	struct shown out;
	enum err e;

	if ((e = pulse_read(cx, &h)) != 0 ||
	    (e = migrate_check(cx, migrations)) != 0)
		return e;
	if (h.broken && want->monitor)
		return fail(cx, ERR_BROKEN, "%s", h.trouble);
	out = (struct shown){ h.broken ? "broken" : h.trouble != NULL ?
	    "degraded" : "ok", h.trouble, "ok", h.bank_checked_at,
	    h.worker_seen_at, cx->now };
	reply_add(r, fields, &out);
	return 0;
}

/* Only this machine asks, and not for somebody else.  Without a pool it is a
 * shared host's program, and this machine is everybody's. */
static bool
local(struct cx *cx)
{
	return cx->meter != NULL && (str_starts(cx->address, "127.") ||
	    str_same(cx->address, "::1") || *cx->address == '\0') &&
	    fcgi_header(cx->arena, "X-Forwarded-For") == NULL;
}

enum err
metrics(struct cx *cx, const void *in, struct reply *r)
{
	struct pulse h = { 0 };
	const struct gauge *g;
	struct rows rows;
	enum err e;

	(void)in;
	if (!local(cx))
		return fail(cx, ERR_RIGHT, "metrics are for this machine");
	if ((e = pulse_read(cx, &h)) != 0 ||
	    (e = pulse_gauges(cx, &rows)) != 0)
		return e;
	r->type = "text/plain; version=0.0.4; charset=utf-8";
	meter_print(cx->meter, &r->body);
	out_printf(&r->body, "dapit_bank_age_seconds %" PRId64 "\n"
	    "dapit_worker_age_seconds %" PRId64 "\n",
	    cx->now - h.bank_checked_at, cx->now - h.worker_seen_at);
	g = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		out_printf(&r->body, "%s %" PRId64 "\n", g[i].name,
		    g[i].value);
	return 0;
}
