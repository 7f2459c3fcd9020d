/*
 * The reference of gateway.fcgi.
 */
#include "api/describe.h"
#include "flow/migrate.h"
#include "flow/replay.h"
#include "flow/tell.h"
#include "gateway/gateway.h"

extern const struct migration examples[];	/* www/docs/examples.json */

static const struct told_as events[] = {
#define FIELDS(tell) \
	(tell) < TELL_REFUND_SENT ? tell_fields : \
	(tell) < TELL_CYCLE_DUE ? tell_refund_fields : tell_schedule_fields
#define V(name, word, doc) { word, FIELDS(TELL_##name), doc },
	EVENTS(V)
#undef V
	{ TELL_PING, replay_ping_fields, "You asked for a test." },
	{ 0 }
};

static const struct told_as statuses[] = {
#define S(name, word, doc) { word, NULL, doc },
	STATUSES(S)
#undef S
	{ 0 }
};

const char *
gateway_describe(struct arena *a, const struct action *actions)
{
	const struct service s = {
		.title = "Instant Payments API",
		.path = "/api/gateway/gateway.php",
		.doc = "Accept instant SEPA transfers. Every action is also at"
		    " /api/gateway/gateway.php?action=NAME, with parameters"
		    " as JSON, form or query.",
		.actions = actions, .events = events,
		.statuses = statuses,
		.examples = examples[0].sql,
	};

	return describe(a, &s);
}
