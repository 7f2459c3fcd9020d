#include <string.h>

#include "base/status.h"

const char *const status_words[STATUS__MAX + 1] = {
#define S(name, word, doc) [STATUS_##name] = word,
	STATUSES(S)
#undef S
};

static const char *const events[EVENT__MAX] = {
	[EVENT_INVOICE] = "invoice",	[EVENT_POLL]	= "poll",
	[EVENT_SHORT]	= "short",	[EVENT_EXACT]	= "exact",
	[EVENT_OVER]	= "over",	[EVENT_GIVE_UP] = "give_up",
	[EVENT_EXPIRE]	= "expire",	[EVENT_EMPTY]	= "empty",
};

/*
 * A partial session never expires: the money is there.  Money after failed
 * or expired moves the session as if it had come in time, marked late.  A
 * polling session that gives up with some money on it takes EVENT_SHORT.
 * Money becomes less only when an operator takes an assignment back.
 */
static const struct edge {
	enum status	from;
	enum event	on;
	enum status	to;
} edges[] = {
	{ STATUS_PENDING,   EVENT_INVOICE, STATUS_INVOICED },
	{ STATUS_PENDING,   EVENT_EXPIRE,  STATUS_EXPIRED },

	{ STATUS_INVOICED,  EVENT_POLL,	   STATUS_POLLING },
	{ STATUS_INVOICED,  EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_INVOICED,  EVENT_EXACT,   STATUS_CONFIRMED },
	{ STATUS_INVOICED,  EVENT_OVER,	   STATUS_OVERPAID },
	{ STATUS_INVOICED,  EVENT_EXPIRE,  STATUS_EXPIRED },

	{ STATUS_POLLING,   EVENT_POLL,	   STATUS_POLLING },
	{ STATUS_POLLING,   EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_POLLING,   EVENT_EXACT,   STATUS_CONFIRMED },
	{ STATUS_POLLING,   EVENT_OVER,	   STATUS_OVERPAID },
	{ STATUS_POLLING,   EVENT_GIVE_UP, STATUS_FAILED },
	{ STATUS_POLLING,   EVENT_EXPIRE,  STATUS_EXPIRED },
	{ STATUS_POLLING,   EVENT_EMPTY,   STATUS_POLLING },

	{ STATUS_PARTIAL,   EVENT_POLL,	   STATUS_POLLING },
	{ STATUS_PARTIAL,   EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_PARTIAL,   EVENT_EXACT,   STATUS_CONFIRMED },
	{ STATUS_PARTIAL,   EVENT_OVER,	   STATUS_OVERPAID },
	{ STATUS_PARTIAL,   EVENT_EMPTY,   STATUS_INVOICED },

	{ STATUS_CONFIRMED, EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_CONFIRMED, EVENT_OVER,	   STATUS_OVERPAID },
	{ STATUS_CONFIRMED, EVENT_EMPTY,   STATUS_INVOICED },

	{ STATUS_OVERPAID,  EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_OVERPAID,  EVENT_EXACT,   STATUS_CONFIRMED },
	{ STATUS_OVERPAID,  EVENT_OVER,	   STATUS_OVERPAID },
	{ STATUS_OVERPAID,  EVENT_EMPTY,   STATUS_INVOICED },

	{ STATUS_FAILED,    EVENT_POLL,	   STATUS_POLLING },
	{ STATUS_FAILED,    EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_FAILED,    EVENT_EXACT,   STATUS_CONFIRMED },
	{ STATUS_FAILED,    EVENT_OVER,	   STATUS_OVERPAID },
	{ STATUS_FAILED,    EVENT_EXPIRE,  STATUS_EXPIRED },

	{ STATUS_EXPIRED,   EVENT_SHORT,   STATUS_PARTIAL },
	{ STATUS_EXPIRED,   EVENT_EXACT,   STATUS_CONFIRMED },
	{ STATUS_EXPIRED,   EVENT_OVER,	   STATUS_OVERPAID },
};

const char *status_word(enum status s) { return status_words[s]; }
const char *event_word(enum event ev) { return events[ev]; }

bool
status_next(enum status *s, enum event ev)
{
	for (size_t i = 0; i < NELEM(edges); i++)
		if (edges[i].from == *s && edges[i].on == ev) {
			*s = edges[i].to;
			return true;
		}
	return false;
}

enum event
event_of(cents amount, cents paid)
{
	return paid < amount ? EVENT_SHORT :
	    paid == amount ? EVENT_EXACT : EVENT_OVER;
}

bool
status_paid(enum status s)
{
	return s == STATUS_CONFIRMED || s == STATUS_OVERPAID;
}

void
status_graph(FILE *f)
{
	fprintf(f, "digraph session {\n");
	for (size_t i = 0; i < NELEM(edges); i++)
		fprintf(f, "\t%s -> %s [label=\"%s\"];\n",
		    status_words[edges[i].from], status_words[edges[i].to],
		    events[edges[i].on]);
	fprintf(f, "}\n");
}
