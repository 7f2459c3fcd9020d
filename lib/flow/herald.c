#include <string.h>

#include "base/calendar.h"
#include "base/letter.h"
#include "base/str.h"
#include "flow/compose.h"
#include "flow/doctor.h"
#include "flow/herald.h"
#include "flow/notify.h"
#include "io/child.h"
#include "io/seal.h"
#include "io/smtp.h"
#include "io/web.h"

#define CALL_MS		10000
#define ID_BYTES	16

struct told {
	const char	*event, *event_id, *gateway, *host, *what, *health;
	const char	*state, *todo;
	int64_t		 since;
};

static const struct field fields[] = {
	F_TEXT(told, event, "alert."),
	F_TEXT(told, event_id, "The same when it is told again."),
	F_TEXT(told, gateway, "Which one: [gateway] url."),
	F_TEXT(told, host, "The machine; null: all of them."),
	F_TEXT(told, what, "That was looked at."),
	F_TEXT(told, health, "ok, warning or broken."),
	F_TEXT(told, state, "How it is."),
	F_TEXT(told, todo, "What to do; null: nothing."),
	F_TIME(told, since, "It is so since then."),
	{ 0 }
};

bool
herald_ways(const struct conf *cf, bool ways[static WAY__MAX])
{
	ways[WAY_MAIL] = cf->alerts_mail[0] != '\0';
	ways[WAY_URL] = cf->alerts_url[0] != '\0';
	ways[WAY_COMMAND] = cf->alerts_command[0] != '\0';
	return ways[WAY_MAIL] || ways[WAY_URL] || ways[WAY_COMMAND];
}

/* One change of one subject is one event, however often it is told. */
static const char *
event_id(struct cx *cx, const struct alert *a)
{
	unsigned char hash[HASH_BYTES];

	seal_digest(hash, a->host, a->what, arena_printf(cx->arena,
	    "%" PRId64 " %" PRId64, a->health, a->since), (char *)NULL);
	return arena_printf(cx->arena, "alert_%s", str_hex(cx->arena, hash,
	    ID_BYTES));
}

static struct told
told_of(struct cx *cx, const struct alert *a)
{
	return (struct told){ .event = "alert", .event_id = event_id(cx, a),
	    .gateway = cx->conf->url,
	    .host = a->host[0] == '\0' ? NULL : a->host, .what = a->what,
	    .health = health_word(a->health), .state = a->state,
	    .todo = a->todo[0] == '\0' ? NULL : a->todo, .since = a->since };
}

static const char *
mail_text(struct cx *cx, const struct told *t)
{
	struct out o = { .arena = cx->arena };
	char since[TIME_TEXT];

	out_printf(&o, "%s: %s\n\n%s\n", t->what, t->health, t->state);
	if (t->todo != NULL)
		out_printf(&o, "\nWhat to do: %s\n", t->todo);
	out_printf(&o, "\nGateway: %s\n", t->gateway);
	if (t->host != NULL)
		out_printf(&o, "Machine: %s\n", t->host);
	out_printf(&o, "Since: %s UTC\n\nMore: dapit doctor, dapit alerts\n",
	    time_print(t->since, since));
	return o.text;
}

static const char *
mail(struct cx *cx, const struct told *t)
{
	struct smtp_login l;
	struct web_call call;
	struct verdict v;
	struct config c;
	const char *host;

	if (config_read(cx, 0, &c) != 0)
		return arena_copy(cx->arena, cx->why, strlen(cx->why));
	if (c.smtp_user == NULL || c.smtp_pass == NULL)
		return "no smtp_user and smtp_pass are set: dapit config set";
	l = compose_login(cx, &c);
	host = strchr(c.smtp_user, '@');
	smtp_call(cx->arena, &l, c.smtp_user, cx->conf->alerts_mail,
	    letter_print(cx->arena, &(struct letter){
		.from_name = "Dapit Gateway", .from = c.smtp_user,
		.to = cx->conf->alerts_mail, .date = cx->now,
		.subject = arena_printf(cx->arena, "%s: %s (%s)", t->what,
		    t->health, t->gateway),
		.text = mail_text(cx, t),
		.message_id = arena_printf(cx->arena, "%s%s", t->event_id,
		    host == NULL ? "@localhost" : host) }), &call);
	web_run(cx->web, &call);
	v = smtp_judge(&call);
	return v.fate == FATE_SENT ? NULL : v.error == NULL ?
	    "the mail server took it, and said nothing" : v.error;
}

/* "webhook-signature: ..."; NULL: none, and *wrong says why if it should. */
static const char *
signature(struct cx *cx, const struct told *t, const char *body,
    const char **wrong)
{
	const char *text;

	*wrong = NULL;
	if (cx->conf->alerts_secret[0] == '\0')
		return NULL;
	text = notify_sign(cx, cx->arena, cx->conf->alerts_secret,
	    t->event_id, body);
	if (text == NULL)
		*wrong = "[alerts] secret is no whsec_ and base64";
	return text == NULL ? NULL : arena_printf(cx->arena,
	    "webhook-signature: %s", text);
}

/* The operator's own URL: it may well be inside. */
static const char *
post(struct cx *cx, const struct told *t)
{
	struct out body = { .arena = cx->arena };
	const char *wrong;
	struct web_call c;

	field_object(&body, fields, t);
	c = (struct web_call){
		.arena = cx->arena, .method = "POST",
		.url = cx->conf->alerts_url, .body = body.text,
		.body_len = body.len, .timeout = CALL_MS, .answer_max = 1024,
		.cut = true,
		.headers = {
			"Content-Type: application/json",
			arena_printf(cx->arena, "webhook-id: %s", t->event_id),
			arena_printf(cx->arena, "webhook-timestamp: %" PRId64,
			    cx->now),
			signature(cx, t, body.text, &wrong),
		},
	};
	if (wrong != NULL)
		return wrong;
	web_run(cx->web, &c);
	if (c.status >= 200 && c.status < 300)
		return NULL;
	return c.status == 0 ? c.error : arena_printf(cx->arena, "HTTP %d",
	    c.status);
}

static const char *
command(struct cx *cx, const struct told *t)
{
	char *argv[] = {
		arena_printf(cx->arena, "%s", cx->conf->alerts_command),
		arena_printf(cx->arena, "%s", t->what),
		arena_printf(cx->arena, "%s", t->health),
		arena_printf(cx->arena, "%s", t->state), NULL
	};
	char *env[] = {
		arena_printf(cx->arena, "PATH=/usr/local/bin:/usr/bin:/bin"),
		arena_printf(cx->arena, "DAPIT_ALERT_WHAT=%s", t->what),
		arena_printf(cx->arena, "DAPIT_ALERT_HEALTH=%s", t->health),
		arena_printf(cx->arena, "DAPIT_ALERT_STATE=%s", t->state),
		arena_printf(cx->arena, "DAPIT_ALERT_ADVICE=%s",
		    t->todo == NULL ? "" : t->todo),
		arena_printf(cx->arena, "DAPIT_ALERT_HOST=%s",
		    t->host == NULL ? "" : t->host),
		arena_printf(cx->arena, "DAPIT_ALERT_GATEWAY=%s", t->gateway),
		arena_printf(cx->arena, "DAPIT_ALERT_ID=%s", t->event_id),
		NULL
	};

	return child_run(cx->arena, argv, env, CALL_MS);
}

const char *
herald_tell(struct cx *cx, enum way w, const struct alert *a)
{
	static const char *(*const ways[WAY__MAX])(struct cx *,
	    const struct told *) = {
		[WAY_MAIL] = mail, [WAY_URL] = post, [WAY_COMMAND] = command,
	};
	const struct told t = told_of(cx, a);
	const char *wrong;

	cx_tick(cx);
	wrong = ways[w](cx, &t);
	fail_clear(cx);
	return wrong;
}
