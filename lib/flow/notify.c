#include <string.h>

#include "base/conf.h"
#include "base/str.h"
#include "flow/batch.h"
#include "flow/notify.h"
#include "io/seal.h"
#include "io/web.h"
#include "model/endpoint.h"
#include "model/event.h"

#define IN_FLIGHT	512
#define PLACE_MAX	16		/* in flight to one endpoint */
#define CALL_MS		10000
#define CLAIM_SECONDS	30		/* above the time of a call */
#define ANSWER_KEPT	1024
#define RETRY_MAX	86400		/* of an endpoint's Retry-After */
#define SECRET		"whsec_"

/* A delivery in flight; lives in its call's own arena. */
struct flight {
	struct web_call	 call;
	struct delivery	 d;
	bool		 failing;	/* its endpoint, when it was claimed */
};

struct notifier {
	struct arena	*arena;		/* its own; it lives in it */
	struct web	*web;
	int64_t		 in_flight, max;
	struct flight	*flying[IN_FLIGHT];	/* .in_flight of them */
	int64_t		 landed;	/* of these, the first so many */
};

struct notifier *
notifier_new(struct cx *cx)
{
	struct arena *a = arena_new();
	struct notifier *n = arena_alloc(a, sizeof(*n));

	n->arena = a;
	n->web = cx->web;
	n->max = IN_FLIGHT;
	return n;
}

void
notifier_free(struct notifier *n)
{
	arena_free(n->arena);
}

void
notifier_close(struct notifier *n)
{
	n->max = 0;
}

int64_t
notify_pause(int64_t attempt)
{
	static const int64_t pauses[] = { 5, 5 * 60, 30 * 60, 2 * 3600,
	    5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600 };

	return attempt < 1 || attempt > (int64_t)NELEM(pauses) ? 0 :
	    pauses[attempt - 1];
}

/* Up to a fifth more, so that what failed together does not come together;
 * and the rest of the second that now is in, so that it is never less. */
static int64_t
jitter(int64_t seconds)
{
	uint32_t random;

	seal_random(&random, sizeof(random));
	return seconds + 1 + (seconds / 5) * (int64_t)(random % 1000) / 1000;
}

const char *
notify_sign(struct cx *cx, struct arena *a, const char *secret,
    const char *id, const char *body)
{
	unsigned char *key;
	char *text;
	size_t n;

	if (str_starts(secret, SECRET))
		secret += strlen(SECRET);
	if ((key = seal_unbase64(cx->arena, secret, &n)) == NULL)
		return NULL;
	text = arena_printf(a, "%s.%" PRId64 ".%s", id, cx->now, body);
	return arena_printf(a, "v1,%s", seal_sign(a, key, n, text,
	    strlen(text)));
}

static const char *
sign(struct cx *cx, struct arena *a, const struct delivery *d,
    const char *sealed)
{
	const char *secret = NULL;

	return seal_read(cx, sealed, &secret) != 0 ? NULL :
	    notify_sign(cx, a, secret, d->webhook_id, d->body);
}

/* By the secret, and by the old one while it is replaced. */
static const char *
signatures(struct cx *cx, struct arena *a, const struct delivery *d)
{
	const char *one = sign(cx, a, d, d->webhook_secret), *two;

	if (one == NULL || d->webhook_secret_old == NULL)
		return one;
	two = sign(cx, a, d, d->webhook_secret_old);
	return two == NULL ? NULL : arena_printf(a, "%s %s", one, two);
}

static const char *
copy(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

/* The call that tells d; what d points to must live as long.  False, and
 * its error, if it cannot be signed. */
static bool
make_call(struct cx *cx, struct arena *a, const struct delivery *d,
    struct web_call *call)
{
	const char *signature = signatures(cx, a, d);

	*call = (struct web_call){
		.arena = a, .method = "POST", .url = d->url,
		.body = d->body, .body_len = strlen(d->body),
		.timeout = CALL_MS, .answer_max = ANSWER_KEPT, .cut = true,
		.status_tells = true,
		.public_only = !cx->conf->private_callbacks,
		.headers = {
			"Content-Type: application/json",
			arena_printf(a, "webhook-id: %s", d->webhook_id),
			arena_printf(a, "webhook-timestamp: %" PRId64,
			    cx->now),
			arena_printf(a, "webhook-signature: %s", signature),
		},
	};
	if (signature != NULL)
		return true;
	call->error = "the webhook secret cannot be read";
	fail_clear(cx);
	return false;
}

static struct attempt
attempt_of(const struct web_call *c)
{
	return (struct attempt){ .http_status = c->status, .ms = c->ms,
	    .error = c->error, .answer = c->answer.text,
	    .answer_len = c->answer.len };
}

void
notify_forward(struct cx *cx, const struct delivery *d, struct attempt *a)
{
	struct web_call call;

	if (make_call(cx, cx->arena, d, &call)) {
		call.public_only = false;
		web_run(cx->web, &call);
	}
	*a = attempt_of(&call);
}

/* What the try means for its endpoint. */
static enum err
judge(struct cx *cx, const struct flight *f)
{
	const struct web_call *c = &f->call;
	const char *reason = c->status == 0 ? c->error :
	    arena_printf(cx->arena, "HTTP %d", c->status);

	if (f->d.endpoint_id == 0)
		return 0;
	if (c->status >= 200 && c->status < 300)
		return f->failing ? endpoint_good(cx, f->d.endpoint_id) : 0;
	return endpoint_bad(cx, f->d.endpoint_id, reason, c->retry_after,
	    cx->conf->webhook_off_hours * 3600);
}

static enum err
resolve(struct cx *cx, const struct flight *f)
{
	const struct web_call *c = &f->call;
	struct attempt a = attempt_of(c);
	int64_t pause = notify_pause(f->d.attempts -
	    f->d.attempts_before);
	enum err e;

	if ((e = judge(cx, f)) != 0)
		return e;
	if (c->status >= 200 && c->status < 300)
		return event_tried(cx, &f->d, &a, DELIVERY_DONE, cx->now);
	if (c->status == 410 || pause == 0)
		return event_tried(cx, &f->d, &a, DELIVERY_FAILED, cx->now);
	pause = jitter(pause);
	if (c->retry_after > pause)
		pause = c->retry_after < RETRY_MAX ? c->retry_after :
		    RETRY_MAX;
	return event_tried(cx, &f->d, &a, DELIVERY_PENDING,
	    wait_until(WAIT_DELIVERY, pause, cx->now));
}

/* f has landed: it changes places with the first that has not. */
static void
land(struct notifier *n, struct flight *f)
{
	int64_t i = n->landed;

	while (n->flying[i] != f)
		i++;
	n->flying[i] = n->flying[n->landed];
	n->flying[n->landed++] = f;
}

static void
start(struct cx *cx, struct notifier *n, const struct delivery *due,
    bool failing)
{
	struct arena *a = arena_new();
	struct flight *f = arena_alloc(a, sizeof(*f));
	bool good;

	f->d = *due;
	f->d.url = copy(a, due->url);
	f->d.webhook_id = copy(a, due->webhook_id);
	f->d.body = copy(a, due->body);
	f->failing = failing;
	good = make_call(cx, a, &f->d, &f->call);
	f->call.owner = f;
	n->flying[n->in_flight++] = f;
	if (good)
		web_start(n->web, &f->call);
	else
		land(n, f);
}

struct claim {
	struct notifier	*n;
	struct rows	 places;	/* of struct place */
	struct rows	*claimed;	/* of struct delivery, for each place */
};

/*
 * How many more may go to an endpoint: its share gets smaller as the sky
 * fills, so that slow ones never take the last places; one that failed often
 * is tried with one at a time.
 */
static int64_t
room(const struct notifier *n, int64_t taken, const struct place *place)
{
	int64_t free = n->max - n->in_flight - taken;
	int64_t share = place->failures >= ENDPOINT_PATIENCE ? 1 :
	    free / PLACE_MAX + 1;

	if (share > PLACE_MAX)
		share = PLACE_MAX;
	for (int64_t i = 0; i < n->in_flight; i++)
		share -= n->flying[i]->d.endpoint_id == place->endpoint_id;
	return share < free ? share : free;
}

static enum err
claim(struct cx *cx, void *arg)
{
	struct claim *c = arg;
	const struct place *place;
	int64_t taken = 0, max;
	enum err e;

	if ((e = event_due(cx, &c->places)) != 0)
		return e;
	place = c->places.row;
	c->claimed = arena_alloc(cx->arena, (c->places.n + 1) *
	    sizeof(*c->claimed));
	for (size_t i = 0; i < c->places.n; i++) {
		max = room(c->n, taken, &place[i]);
		if (place[i].off_at != 0)
			e = event_give_up(cx, place[i].endpoint_id);
		else if (max > 0)
			e = event_claim(cx, place[i].endpoint_id, max,
			    CLAIM_SECONDS, &c->claimed[i]);
		if (e != 0)
			return e;
		taken += (int64_t)c->claimed[i].n;
	}
	return 0;
}

static enum err
start_due(struct cx *cx, struct notifier *n)
{
	struct claim c = { .n = n };
	const struct place *place;
	enum err e;

	if (n->max <= n->in_flight)
		return 0;
	if ((e = db_tx(cx, claim, &c)) != 0)
		return e;
	place = c.places.row;
	for (size_t i = 0; i < c.places.n; i++) {
		const struct delivery *d = c.claimed[i].row;

		for (size_t j = 0; j < c.claimed[i].n; j++)
			start(cx, n, &d[j], place[i].failures > 0);
	}
	return 0;
}

static enum err
book(struct cx *cx, void *arg, int64_t i)
{
	return resolve(cx, ((struct notifier *)arg)->flying[i]);
}

static const char *
name(struct cx *cx, void *arg, int64_t i)
{
	(void)cx;
	return ((struct notifier *)arg)->flying[i]->d.webhook_id;
}

/* Books what has landed; what cannot be booked now stays for the next turn. */
static enum err
book_landed(struct cx *cx, struct notifier *n)
{
	enum err e;

	if (n->landed == 0)
		return 0;
	cx_tick(cx);
	if ((e = batch_book(cx, &(struct batch){ n, n->landed, book, name, NULL,
	    "sender", NULL })) != 0)
		return e;
	for (int64_t i = 0; i < n->landed; i++)
		arena_free(n->flying[i]->call.arena);
	n->in_flight -= n->landed;
	memmove(n->flying, n->flying + n->landed,
	    (size_t)n->in_flight * sizeof(n->flying[0]));
	n->landed = 0;
	return 0;
}

enum err
notify(struct cx *cx, struct notifier *n, int wait_ms, bool *busy)
{
	struct web_call *call;
	enum err e, e2;

	e = start_due(cx, n);
	*busy = n->in_flight > 0;
	while (n->in_flight > n->landed &&
	    (call = web_next(n->web, n->landed > 0 ? 0 : wait_ms)) != NULL)
		land(n, call->owner);
	e2 = book_landed(cx, n);
	return e != 0 ? e : e2;
}
