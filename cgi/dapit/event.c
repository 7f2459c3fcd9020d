/*
 * Events and their webhooks, for the operator.
 */
#include <poll.h>
#include <stdio.h>

#include "base/calendar.h"
#include "dapit/dapit.h"
#include "flow/notify.h"
#include "flow/replay.h"
#include "model/endpoint.h"
#include "model/merchant.h"

#define SHOWN	50
#define LISTEN_MS	500		/* between two looks */

enum err
be_merchant(struct cx *cx, const char *word)
{
	struct merchant m = { 0 };
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, word, &id)) != 0 ||
	    (e = merchant_find(cx, id, &m)) != 0)
		return e;
	cx->merchant = id;
	cx->environment = m.environment;
	return 0;
}

static void
show_attempt(const struct attempt *a, const char *url)
{
	if (a->http_status != 0)
		printf("\t%s: %" PRId64 " in %" PRId64 " ms\n", url,
		    a->http_status, a->ms);
	else
		printf("\t%s: %s\n", url, a->error);
}

struct line {
	int64_t		 created_at, attempts;
	const char	*event_id, *type, *reference_number, *status, *url;
};

static const struct field line_fields[] = {
	F_TIME(line, created_at, "When it happened."),
	F_TEXT(line, event_id, "The same as in the webhook."),
	F_TEXT(line, type, "What happened."),
	F_TEXT(line, reference_number, "Of which payment."),
	F_TEXT(line, status, "Of its delivery."),
	F_INT (line, attempts, "How often it was tried."),
	F_TEXT(line, url, "Where it goes."),
	{ 0 }
};

static struct line
line_of(const struct listed_event *ev)
{
	return (struct line){ ev->created_at, ev->attempts, ev->event_id,
	    ev->type, ev->reference_number,
	    delivery_word((enum delivery_status)ev->status), ev->url };
}

static void
show_line(struct cx *cx, const struct listed_event *ev)
{
	struct out o = { .arena = cx->arena };
	struct line l = line_of(ev);

	field_line(&o, line_fields, &l);
	printf("%s", o.text);
}

enum err
cmd_events(struct cx *cx, struct words *w)
{
	struct event_choice c = { .type = "", .limit = SHOWN, .after = -1,
	    .before = INT64_MAX,
	    .undelivered = word_option(w, "--undelivered", false) != NULL };
	const struct listed_event *ev;
	struct line *out;
	struct rows rows;
	int64_t last;
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = replay_list(cx, &c, &rows, &last)) != 0)
		return e;
	ev = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = line_of(&ev[i]);
	list_print(cx, w, line_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

static const struct field attempt_fields[] = {
	F_TIME(booked_attempt, created_at, "When it ended."),
	F_INT (booked_attempt, attempt, "1 is the first."),
	F_INT (booked_attempt, http_status, "0: no answer."),
	F_INT (booked_attempt, ms, "How long it took."),
	F_TEXT(booked_attempt, error, "Why there was no answer."),
	F_TEXT(booked_attempt, answer, "Its first KiB."),
	{ 0 }
};

struct whole {
	const char	*event_id, *type, *status, *payload;
	struct rows	 attempts;
};

static const struct field whole_fields[] = {
	F_TEXT(whole, event_id, "The event."),
	F_TEXT(whole, type, "What happened."),
	F_TEXT(whole, status, "Of its delivery."),
	F_RAW (whole, payload, "The webhook's body."),
	F_ROWS(whole, attempts, attempt_fields, "The first one first."),
	{ 0 }
};

enum err
cmd_events_show(struct cx *cx, struct words *w)
{
	struct listed_event ev = { 0 };
	struct whole all;
	struct rows rows;
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = event_find(cx, w->word[1], &ev)) != 0 ||
	    (e = event_attempts(cx, ev.id, &rows)) != 0)
		return e;
	all = (struct whole){ ev.event_id, ev.type,
	    delivery_word((enum delivery_status)ev.status), ev.body, rows };
	if (w->json) {
		thing_print(cx, w, whole_fields, &all);
		return 0;
	}
	show_line(cx, &ev);
	printf("%s\n", ev.body);
	list_print(cx, w, attempt_fields, &rows);
	return 0;
}

enum err
cmd_events_redeliver(struct cx *cx, struct words *w)
{
	int64_t day = 0, n = 1;
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0)
		return e;
	e = day_parse(w->word[1], &day) ?
	    event_again_since(cx, day * DAY_SECONDS, &n) :
	    replay_event(cx, w->word[1]);
	if (e == 0)
		printf("%" PRId64 " on the way again\n", n);
	return e;
}

enum err
cmd_events_test(struct cx *cx, struct words *w)
{
	struct event_row ev = { 0 };
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = replay_ping(cx, w->n > 1 ? w->word[1] : NULL, &ev)) != 0)
		return e;
	printf("%s\n", ev.event_id);
	return 0;
}

static const struct field endpoint_fields[] = {
	F_TEXT(endpoint, origin, "Where webhooks go."),
	F_INT (endpoint, failures, "0: it works; 5: it is throttled."),
	F_TIME(endpoint, failing_since, "The first of these."),
	F_TIME(endpoint, paused_until, "Nothing is sent before."),
	F_TIME(endpoint, off_at, "When it was switched off."),
	F_TEXT(endpoint, reason, "The last failure."),
	F_INT (endpoint, undelivered, "Events given up there."),
	{ 0 }
};

enum err
cmd_endpoints(struct cx *cx, struct words *w)
{
	struct rows rows;
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = endpoint_each(cx, &rows)) != 0)
		return e;
	list_print(cx, w, endpoint_fields, &rows);
	return 0;
}

enum err
cmd_endpoints_enable(struct cx *cx, struct words *w)
{
	int64_t n = 0;
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = replay_endpoint(cx, w->word[1], &n)) != 0)
		return e;
	printf("%" PRId64 " on the way again\n", n);
	return 0;
}

/* What was listed is told; its body is read one by one. */
static enum err
forward(struct cx *cx, const struct listed_event *listed, const char *url)
{
	struct listed_event ev = { 0 };
	struct merchant m = { 0 };
	struct delivery d;
	struct attempt a;
	enum err e;

	show_line(cx, listed);
	if (url == NULL)
		return 0;
	if ((e = event_find(cx, listed->event_id, &ev)) != 0 ||
	    (e = merchant_find(cx, cx->merchant, &m)) != 0)
		return e;
	d = (struct delivery){ .url = url, .webhook_id = ev.event_id,
	    .body = ev.body, .webhook_secret = m.webhook_secret,
	    .webhook_secret_old = m.webhook_secret_until > cx->now ?
	    m.webhook_secret_old : NULL };
	notify_forward(cx, &d, &a);
	show_attempt(&a, url);
	return 0;
}

/* The place of the latest event. */
static enum err
find_latest(struct cx *cx, int64_t *latest)
{
	struct event_choice c = { .type = "", .limit = 1, .after = -1,
	    .before = INT64_MAX };
	struct rows rows;
	enum err e = event_each(cx, &c, &rows);

	*latest = e == 0 && rows.n > 0 ?
	    ((const struct listed_event *)rows.row)->id : 0;
	return e;
}

static enum err
follow(struct cx *cx, const char *url, int64_t *latest)
{
	struct event_choice c = { .type = "", .limit = SHOWN,
	    .after = *latest };
	const struct listed_event *ev;
	struct rows rows;
	enum err e;

	if ((e = event_each(cx, &c, &rows)) != 0)
		return e;
	ev = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		if ((e = forward(cx, &ev[i], url)) != 0)
			return e;
		*latest = ev[i].id;
	}
	return 0;
}

enum err
cmd_listen(struct cx *cx, struct words *w)
{
	const char *url = word_option(w, "--forward", true);
	int64_t latest = 0;
	enum err e;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = find_latest(cx, &latest)) != 0)
		return e;
	printf("listening to merchant %s; Ctrl-C ends it\n", w->word[0]);
	for (;;) {
		cx_begin(cx);
		db_begin(cx);
		if ((e = be_merchant(cx, w->word[0])) != 0 ||
		    (e = follow(cx, url, &latest)) != 0)
			return e;
		poll(NULL, 0, LISTEN_MS);
	}
}
