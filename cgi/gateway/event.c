/*
 * Events and their webhooks, for the merchant's developer.
 */
#include <string.h>

#include "base/calendar.h"
#include "base/str.h"
#include "flow/replay.h"
#include "gateway/gateway.h"

const struct param list_events_params[] = {
	TEXT	(list_events, after,	   OPTIONAL, 1, 64, "An event_id: only what happened after it, oldest first, to catch up; the last 15 seconds come with a later call."),
	WORD	(list_events, type,	   OPTIONAL, tell_words, "Only this type."),
	TEXT	(list_events, session,	   OPTIONAL, 1, 128, "Only of this session: its reference or token."),
	BOOL	(list_events, undelivered, "true: only those whose delivery was given up."),
	LIMIT	(list_events, limit,	   200, "Events per page, at most 200. Default: 50."),
	TEXT	(list_events, cursor,	   OPTIONAL, 1, 32, "next_cursor of the page before."),
	{ 0 }
};

const struct param get_event_params[] = {
	TEXT	(get_event, event_id, REQUIRED, 1, 64, "The event."),
	{ 0 }
};

const struct param redeliver_params[] = {
	TEXT	(redeliver, event_id, OPTIONAL, 1, 64, "One event, delivered or not; or:"),
	TEXT	(redeliver, session,  OPTIONAL, 1, 128, "all undelivered of a session: its reference or token; or:"),
	DAY	(redeliver, since,    OPTIONAL, "all undelivered since this day (UTC)."),
	{ 0 }
};

const struct param test_webhook_params[] = {
	URL	(test_webhook, url, OPTIONAL, 2048, "Where to. Default: your own callback_url."),
	{ 0 }
};

struct told_event {
	const char	*event_id, *type, *reference_number, *status, *url;
	int64_t		 created_at, attempts, next_attempt_at, delivered_at;
};

static const struct field event_fields[] = {
	F_TEXT(told_event, event_id, "The same as in the webhook."),
	F_TEXT(told_event, type, "What happened."),
	F_TIME(told_event, created_at, "When."),
	F_TEXT_OR_NULL(told_event, reference_number, "Of which payment; null for a test."),
	F_TEXT(told_event, status, "Of the delivery: pending, delivered, undelivered, or none: nobody was to be told."),
	F_INT (told_event, attempts, "How often it was tried."),
	F_TIME_OR_NULL(told_event, next_attempt_at, "When it is tried again; null: not."),
	F_TIME_OR_NULL(told_event, delivered_at, "When it was acknowledged."),
	F_TEXT_OR_NULL(told_event, url, "Where it goes."),
	{ 0 }
};

static struct told_event
told(const struct listed_event *ev)
{
	return (struct told_event){ .event_id = ev->event_id,
	    .type = ev->type, .reference_number = ev->reference_number,
	    .status = delivery_word((enum delivery_status)ev->status),
	    .url = ev->url, .created_at = ev->created_at,
	    .attempts = ev->attempts, .delivered_at = ev->delivered_at,
	    .next_attempt_at = ev->status == DELIVERY_PENDING ?
	    ev->due_at : 0 };
}

struct event_page {
	struct rows	 events;
	const char	*next_cursor;
};

static const struct field page_fields[] = {
	F_ROWS(event_page, events, event_fields, "Newest first; oldest first with after."),
	F_TEXT_OR_NULL(event_page, next_cursor, "Send it as cursor for the next page; null: this is the last."),
	{ 0 }
};

const struct answer list_events_answers[] = {
	{ "page", NULL, { page_fields } },
	{ 0 }
};

/* The place to go on from: a page's end, or an event. */
static enum err
read_place(struct cx *cx, const struct list_events *in,
    struct event_choice *c)
{
	struct listed_event ev = { 0 };
	enum err e;

	c->before = INT64_MAX;
	c->after = -1;
	if (in->after != NULL) {
		e = event_find(cx, in->after, &ev);
		if (e == ERR_NOT_FOUND) {
			fail_clear(cx);
			return fail_param(cx, "after", "is no event of yours.");
		}
		if (e != 0)
			return e;
		c->after = ev.id;
	}
	if (in->cursor == NULL)
		return 0;
	if (!str_int(in->cursor, in->after != NULL ? &c->after : &c->before) ||
	    *in->cursor == '-')
		return fail_param(cx, "cursor",
		    "must be a next_cursor that we gave.");
	return 0;
}

enum err
list_events(struct cx *cx, const void *arg, struct reply *r)
{
	const struct list_events *in = arg;
	struct event_choice c = { .undelivered = in->undelivered != 0,
	    .limit = in->limit == 0 ? 50 : in->limit,
	    .type = in->type == 0 ? "" : tell_words[in->type - 1] };
	struct event_page page = { 0 };
	const struct listed_event *ev;
	struct told_event *out;
	struct rows rows;
	int64_t last;
	enum err e;

	if ((e = read_place(cx, in, &c)) != 0)
		return e;
	if (in->session != NULL &&
	    (e = replay_session(cx, in->session, &c.session_id)) != 0)
		return e;
	if ((e = replay_list(cx, &c, &rows, &last)) != 0)
		return e;
	ev = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = told(&ev[i]);
	page.events = (struct rows){ out, rows.n, sizeof(*out) };
	if (last != 0)
		page.next_cursor = arena_printf(cx->arena, "%" PRId64, last);
	reply_add(r, page_fields, &page);
	return 0;
}

static const struct field attempt_fields[] = {
	F_INT (booked_attempt, attempt, "1 is the first."),
	F_TIME(booked_attempt, created_at, "When it ended."),
	F_INT (booked_attempt, http_status, "What you answered; 0: nothing."),
	F_INT (booked_attempt, ms, "How long it took."),
	F_TEXT_OR_NULL(booked_attempt, error, "Why there was no answer."),
	F_TEXT_OR_NULL(booked_attempt, answer, "The first KiB of your answer."),
	{ 0 }
};

struct whole_event {
	struct rows	 attempt_log;
	const char	*payload;
};

static const struct field whole_fields[] = {
	F_RAW (whole_event, payload, "The webhook's body."),
	F_ROWS(whole_event, attempt_log, attempt_fields, "Every attempt, the first one first."),
	{ 0 }
};

const struct answer get_event_answers[] = {
	{ "event", NULL, { event_fields, whole_fields } },
	{ 0 }
};

enum err
get_event(struct cx *cx, const void *arg, struct reply *r)
{
	const struct get_event *in = arg;
	struct listed_event ev = { 0 };
	struct told_event out;
	struct rows rows;
	enum err e;

	e = event_find(cx, in->event_id, &ev);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return fail(cx, ERR_NOT_FOUND, "Event not found");
	}
	if (e != 0 || (e = event_attempts(cx, ev.id, &rows)) != 0)
		return e;
	out = told(&ev);
	reply_add(r, event_fields, &out);
	reply_add(r, whole_fields, &(struct whole_event){ rows, ev.body });
	return 0;
}

struct again {
	int64_t	redelivered;
};

static const struct field again_fields[] = {
	F_INT(again, redelivered, "How many are on their way again."),
	{ 0 }
};

const struct answer redeliver_answers[] = {
	{ "again", NULL, { again_fields } },
	{ 0 }
};

enum err
redeliver(struct cx *cx, const void *arg, struct reply *r)
{
	const struct redeliver *in = arg;
	struct again out = { 1 };
	int64_t session;
	enum err e;

	if ((in->event_id != NULL) + (in->session != NULL) +
	    (in->since != 0) != 1)
		return fail_param(cx, "event_id", "or session or since is"
		    " needed, and only one of them.");
	if (in->event_id != NULL)
		e = replay_event(cx, in->event_id);
	else if (in->since != 0)
		e = event_again_since(cx, in->since * DAY_SECONDS,
		    &out.redelivered);
	else if ((e = replay_session(cx, in->session, &session)) == 0)
		e = event_again_session(cx, session, &out.redelivered);
	if (e == 0)
		reply_add(r, again_fields, &out);
	return e;
}

struct pinged {
	const char	*event_id, *type;
};

static const struct field ping_fields[] = {
	F_TEXT(pinged, event_id, "See get_event for what became of it."),
	F_TEXT(pinged, type, "test.ping."),
	{ 0 }
};

const struct answer test_webhook_answers[] = {
	{ "ping", NULL, { ping_fields } },
	{ 0 }
};

enum err
test_webhook(struct cx *cx, const void *arg, struct reply *r)
{
	const struct test_webhook *in = arg;
	struct event_row ev = { 0 };
	enum err e;

	if ((e = replay_ping(cx, in->url, &ev)) != 0)
		return e;
	reply_add(r, ping_fields, &(struct pinged){ ev.event_id, ev.type });
	return 0;
}
