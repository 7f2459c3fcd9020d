#include <string.h>

#include "base/field.h"
#include "base/reference.h"
#include "flow/replay.h"
#include "flow/tell.h"
#include "model/endpoint.h"
#include "model/merchant.h"

#define PAGE	200			/* rows read at once */
#define SETTLE	15	/* seconds: a page of the statement takes a while */

/* One with a smaller id may still be on its way into the database, and who
 * reads on from this one would never see it. */
static bool
unsettled(struct cx *cx, const struct event_choice *c,
    const struct listed_event *ev)
{
	return c->after >= 0 && wait_done(WAIT_TOLD, ev->created_at,
	    cx->now) + SETTLE > cx->now;
}

static bool
fits(const struct event_choice *c, const struct listed_event *ev)
{
	return (c->session_id == 0 || ev->session_id == c->session_id) &&
	    (c->type[0] == '\0' || strcmp(ev->type, c->type) == 0) &&
	    (!c->undelivered || ev->status == DELIVERY_FAILED);
}

enum err
replay_list(struct cx *cx, const struct event_choice *choice,
    struct rows *out, int64_t *last)
{
	struct event_choice c = *choice;
	struct out found = { .arena = cx->arena };
	struct rows rows = { .n = PAGE };
	int64_t *place = c.after < 0 ? &c.before : &c.after;
	enum err e;

	*out = (struct rows){ .size = sizeof(struct listed_event) };
	for (c.limit = PAGE; rows.n == PAGE;) {
		const struct listed_event *ev;

		if ((e = event_each(cx, &c, &rows)) != 0)
			return e;
		ev = rows.row;
		for (size_t i = 0; i < rows.n; i++) {
			if (unsettled(cx, choice, &ev[i])) {
				*last = 0;
				return 0;
			}
			*place = ev[i].id;
			if (!fits(choice, &ev[i]))
				continue;
			out_bytes(&found, &ev[i], sizeof(*ev));
			out->row = found.text;
			*last = ev[i].id;
			if (++out->n == (size_t)choice->limit)
				return 0;
		}
	}
	*last = 0;
	return 0;
}

enum err
replay_session(struct cx *cx, const char *name, int64_t *id)
{
	struct session s = { 0 };
	enum err e;

	e = strlen(name) == 4 * TOKEN_HALF ? session_find(cx, name, &s) :
	    session_find_key(cx, reference_key(cx->arena, name), &s);
	if (e == 0 && s.merchant_id != cx->merchant)
		return fail(cx, ERR_NOT_FOUND, "Session not found");
	*id = s.id;
	return e;
}

/* Sends ev for the first time. */
static enum err
send(struct cx *cx, const struct event_row *ev, const char *url)
{
	int64_t endpoint = 0;
	enum err e = endpoint_of(cx, ev->merchant_id, url, &endpoint);

	return e == 0 ? event_send(cx, ev, endpoint, url) : e;
}

/* Where an event that was not sent would go. */
static enum err
find_url(struct cx *cx, const char *reference, const char **url)
{
	struct session s = { 0 };
	struct merchant m = { 0 };
	enum err e;

	if (reference != NULL) {
		e = session_find_key(cx, reference_key(cx->arena, reference),
		    &s);
		if (e != 0)
			return e;
	}
	if ((e = merchant_find(cx, cx->merchant, &m)) != 0)
		return e;
	*url = s.callback_url != NULL ? s.callback_url : m.callback_url;
	return *url != NULL ? 0 : fail(cx, ERR_STATE, "There is no URL to"
	    " tell: neither the session nor you have a callback_url.");
}

enum err
replay_event(struct cx *cx, const char *event_id)
{
	struct listed_event ev = { 0 };
	struct event_row row;
	const char *url;
	int64_t n;
	enum err e;

	if ((e = event_find(cx, event_id, &ev)) != 0) {
		if (e == ERR_NOT_FOUND)
			fail_clear(cx);
		return e == ERR_NOT_FOUND ? fail(cx, e, "Event not found") : e;
	}
	if (ev.status != DELIVERY_NONE)
		return event_again(cx, ev.id, &n);
	if ((e = find_url(cx, ev.reference_number, &url)) != 0)
		return e;
	row = (struct event_row){ .id = ev.id, .event_id = ev.event_id,
	    .merchant_id = cx->merchant, .session_id = ev.session_id };
	return send(cx, &row, url);
}

/* Which endpoint is switched on, and how much goes there again. */
struct enabled {
	int64_t		 id, n;
};

static enum err
enable(struct cx *cx, void *arg)
{
	struct enabled *en = arg;
	enum err e = endpoint_enable(cx, en->id);

	return e == 0 ? event_again_endpoint(cx, en->id, &en->n) : e;
}

enum err
replay_endpoint(struct cx *cx, const char *url, int64_t *n)
{
	struct endpoint p = { 0 };
	struct enabled en;
	enum err e = endpoint_find(cx, url, &p);

	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return fail(cx, e, "Endpoint not found");
	}
	en = (struct enabled){ .id = p.id };
	if (e == 0)
		e = db_tx(cx, enable, &en);
	*n = en.n;
	return e;
}

struct ping {
	const char	*event, *event_id, *environment, *url;
	int64_t		 created_at;
	struct event_row *ev;
};

const struct field replay_ping_fields[] = {
	F_TEXT(ping, event, "test.ping."),
	F_TEXT(ping, event_id, "The same in every delivery of this event."),
	F_TEXT(ping, environment, "staging or production."),
	F_TIME(ping, created_at, "When you asked for it."),
	{ 0 }
};

/* It belongs to no session; its own negative id keeps it from waiting for,
 * or holding up, anything else. */
static enum err
add_ping(struct cx *cx, void *arg)
{
	struct ping *p = arg;
	enum err e;

	p->ev->session_id = 0;
	p->ev->wanted = true;
	if ((e = event_add(cx, p->ev)) != 0)
		return e;
	p->ev->session_id = -p->ev->id;
	return send(cx, p->ev, p->url);
}

enum err
replay_ping(struct cx *cx, const char *url, struct event_row *ev)
{
	struct out body = { .arena = cx->arena };
	struct ping p = { .event = TELL_PING, .url = url, .ev = ev,
	    .event_id = tell_id(cx), .created_at = cx->now,
	    .environment = environment_word(cx->environment) };
	enum err e;

	if (url == NULL && (e = find_url(cx, NULL, &p.url)) != 0)
		return e;
	field_object(&body, replay_ping_fields, &p);
	*ev = (struct event_row){ .merchant_id = cx->merchant,
	    .event_id = p.event_id, .type = p.event, .body = body.text };
	return db_tx(cx, add_ping, &p);
}
