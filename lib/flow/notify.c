#include <string.h>

#include "base/conf.h"
#include "base/str.h"
#include "flow/notify.h"
#include "io/seal.h"
#include "io/web.h"
#include "model/event.h"

#define IN_FLIGHT	256
#define CALL_MS		10000
#define CLAIM_SECONDS	30		/* above the time of a call */
#define ANSWER_KEPT	1024
#define RETRY_MAX	86400		/* of an endpoint's Retry-After */
#define SECRET		"whsec_"

struct notifier {
	struct arena	*arena;		/* its own; it lives in it */
	struct web	*web;
	int64_t		 in_flight, max;
};

/* A delivery in flight; lives in its call's own arena. */
struct flight {
	struct web_call	 call;
	struct delivery	 d;
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

/* Up to a fifth more, so that what failed together does not come together. */
static int64_t
jitter(int64_t seconds)
{
	uint32_t random;

	seal_random(&random, sizeof(random));
	return seconds + (seconds / 5) * (int64_t)(random % 1000) / 1000;
}

/* "v1," and the signature over id.timestamp.body; NULL and why. */
static const char *
sign(struct cx *cx, struct arena *a, const struct delivery *d, int64_t now)
{
	const char *secret = NULL;
	unsigned char *key;
	char *text;
	size_t n;

	if (seal_read(cx, d->webhook_secret, &secret) != 0)
		return NULL;
	if (str_starts(secret, SECRET))
		secret += strlen(SECRET);
	if ((key = seal_unbase64(cx->arena, secret, &n)) == NULL)
		return NULL;
	text = arena_printf(a, "%s.%" PRId64 ".%s", d->webhook_id, now,
	    d->body);
	return arena_printf(a, "v1,%s", seal_sign(a, key, n, text,
	    strlen(text)));
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
	const char *signature = sign(cx, a, d, cx->now);

	*call = (struct web_call){
		.arena = a, .method = "POST", .url = d->url,
		.body = d->body, .body_len = strlen(d->body),
		.timeout = CALL_MS, .answer_max = ANSWER_KEPT, .cut = true,
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

static enum err
resolve(struct cx *cx, struct flight *f)
{
	const struct web_call *c = &f->call;
	struct attempt a = attempt_of(c);
	int64_t pause = notify_pause(f->d.attempts -
	    f->d.attempts_before);

	if (c->status >= 200 && c->status < 300)
		return event_tried(cx, &f->d, &a, DELIVERY_DONE, cx->now);
	if (c->status == 410 || pause == 0)
		return event_tried(cx, &f->d, &a, DELIVERY_FAILED, cx->now);
	pause = jitter(pause);
	if (c->retry_after > pause)
		pause = c->retry_after < RETRY_MAX ? c->retry_after :
		    RETRY_MAX;
	return event_tried(cx, &f->d, &a, DELIVERY_PENDING, cx->now + pause);
}

static enum err
start(struct cx *cx, struct notifier *n, const struct delivery *due)
{
	struct arena *a = arena_new();
	struct flight *f = arena_alloc(a, sizeof(*f));
	bool good;
	enum err e;

	f->d = *due;
	f->d.url = copy(a, due->url);
	f->d.webhook_id = copy(a, due->webhook_id);
	f->d.body = copy(a, due->body);
	good = make_call(cx, a, &f->d, &f->call);
	f->call.owner = f;
	if (good) {
		web_start(n->web, &f->call);
		n->in_flight++;
		return 0;
	}
	e = resolve(cx, f);
	arena_free(a);
	return e;
}

struct claim {
	int64_t		max;
	struct rows	due;
};

static enum err
claim(struct cx *cx, void *arg)
{
	struct claim *c = arg;

	return event_claim(cx, c->max, CLAIM_SECONDS, &c->due);
}

enum err
notify(struct cx *cx, struct notifier *n, int wait_ms, bool *busy)
{
	struct claim c = { .max = n->max - n->in_flight };
	const struct delivery *d;
	struct web_call *call;
	enum err e = 0, e2;

	if (c.max > 0 && (e = db_tx(cx, claim, &c)) != 0)
		c.due.n = 0;
	d = c.due.row;
	for (size_t i = 0; i < c.due.n; i++)
		if ((e2 = start(cx, n, &d[i])) != 0)
			e = e2;
	*busy = n->in_flight > 0;
	while (n->in_flight > 0 &&
	    (call = web_next(n->web, wait_ms)) != NULL) {
		n->in_flight--;
		if ((e2 = resolve(cx, call->owner)) != 0)
			e = e2;
		arena_free(call->arena);
		wait_ms = 0;
	}
	return e;
}
