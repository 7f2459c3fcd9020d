#include <string.h>

#include "base/calendar.h"
#include "io/js.h"
#include "io/seal.h"
#include "io/sha1.h"
#include "io/twilio.h"

#define TWILIO_MS	15000
#define HOUR		3600

/* What Twilio's own codes mean for the message, or for the sender. */
static const struct {
	int64_t		 code;
	enum fate	 fate;
	int64_t		 pause;
} codes[] = {
	{ 20003, FATE_PARK,  HOUR },	/* wrong SID or token */
	{ 20404, FATE_PARK,  HOUR },	/* no such account */
	{ 20429, FATE_LATER, 0 },	/* too many requests */
	{ 21211, FATE_NEVER, 0 },	/* no such number */
	{ 21212, FATE_PARK,  HOUR },	/* From is no number */
	{ 21408, FATE_NEVER, 0 },	/* no permission for that country */
	{ 21606, FATE_PARK,  HOUR },	/* From cannot send */
	{ 21608, FATE_PARK,  HOUR },	/* a trial account */
	{ 21610, FATE_NEVER, 0 },	/* the recipient said STOP */
	{ 21611, FATE_LATER, 0 },	/* the sender's queue is full */
	{ 21612, FATE_NEVER, 0 },	/* no route */
	{ 21614, FATE_NEVER, 0 },	/* no mobile number */
	{ 21617, FATE_NEVER, 0 },	/* too long */
	{ 21659, FATE_PARK,  HOUR },	/* From is not ours */
};

static void
start(struct arena *a, const struct twilio_login *l, const char *query,
    struct web_call *c)
{
	*c = (struct web_call){ .arena = a, .method = "GET",
	    .url = arena_printf(a, "%s/2010-04-01/Accounts/%s/Messages.json"
		"%s", l->url, l->sid, query),
	    .user = l->sid, .password = l->token, .timeout = TWILIO_MS,
	    .answer_max = 1 << 20, .tls_ca = l->tls_ca };
}

static void
put(struct out *o, const char *name, const char *value)
{
	out_printf(o, "%s%s=", o->len == 0 ? "" : "&", name);
	out_form(o, value);
}

void
twilio_call(struct arena *a, const struct twilio_login *l,
    const struct sms *s, struct web_call *c)
{
	struct out body = { .arena = a };

	put(&body, "To", s->to);
	put(&body, "From", s->from);
	put(&body, "Body", s->body);
	if (s->callback != NULL)
		put(&body, "StatusCallback", s->callback);
	start(a, l, "", c);
	c->method = "POST";
	c->once = true;
	c->headers[0] = "Content-Type: application/x-www-form-urlencoded";
	c->body = body.text;
	c->body_len = body.len;
}

static const struct js *
answer(const struct web_call *c)
{
	const char *why;

	return c->answer.len == 0 ? NULL : js_mend(c->arena,
	    c->answer.text, c->answer.len, &why);
}

static int64_t
number(const char *text)
{
	int64_t n = 0;

	for (; text != NULL && *text >= '0' && *text <= '9' && n < 1000000;
	    text++)
		n = n * 10 + *text - '0';
	return n;
}

struct verdict
twilio_judge(const struct web_call *c)
{
	const struct js *js = answer(c);
	struct verdict v = { .code = c->status, .error = c->error };
	int64_t code = number(js_member(js, "code"));

	if (c->status == 201 && js_member(js, "sid") != NULL)
		return (struct verdict){ FATE_SENT, 201, 0, NULL,
		    js_member(js, "sid") };
	if (js_member(js, "message") != NULL)
		v.error = js_member(js, "message");
	v.fate = c->status == 0 ? (c->whole ? FATE_UNKNOWN : FATE_LATER) :
	    c->status == 401 || c->status == 403 ? FATE_PARK :
	    c->status == 429 ? FATE_LATER :
	    c->status >= 400 && c->status < 500 ? FATE_NEVER : FATE_UNKNOWN;
	v.pause = v.fate == FATE_PARK ? HOUR : c->retry_after;
	for (size_t i = 0; c->status >= 400 && i < NELEM(codes); i++)
		if (codes[i].code == code) {
			v.fate = codes[i].fate;
			v.pause = codes[i].pause;
		}
	if (code != 0)
		v.code = code;
	return v;
}

void
twilio_look(struct arena *a, const struct twilio_login *l,
    const struct sms *s, int64_t day, struct web_call *c)
{
	struct out query = { .arena = a };
	char date[DAY_TEXT];

	put(&query, "To", s->to);
	put(&query, "From", s->from);
	put(&query, "DateSent>", day_print(day, date));
	put(&query, "PageSize", "200");
	start(a, l, arena_printf(a, "?%s", query.text), c);
}

struct verdict
twilio_found(const struct web_call *c, const struct sms *s)
{
	const struct js *list = js_get(answer(c), "messages");
	struct verdict v = { .fate = FATE_UNKNOWN, .code = c->status,
	    .error = c->error };

	if (c->status != 200 || js_kind(list) != JS_LIST)
		return v;
	v.fate = FATE_LATER;
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *m = js_at(list, i);
		const char *to = js_member(m, "to");
		const char *body = js_member(m, "body");

		if (to == NULL || body == NULL || strcmp(to, s->to) != 0 ||
		    strcmp(body, s->body) != 0)
			continue;
		v.fate = FATE_SENT;
		v.id = js_member(m, "sid");
	}
	return v;
}

bool
twilio_signed(struct cx *cx, const char *token, const char *url,
    const char *const *pairs, const char *signature)
{
	struct out o = { .arena = cx->arena };
	unsigned char right[SHA1_BYTES], *given;
	size_t len;

	out_text(&o, url);
	for (; *pairs != NULL; pairs++)
		out_text(&o, *pairs);
	given = seal_unbase64(cx->arena, signature, &len);
	return given != NULL && len == SHA1_BYTES &&
	    sha1_sign(token, o.text, o.len, right) &&
	    seal_same(given, right, SHA1_BYTES);
}
