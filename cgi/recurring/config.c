/*
 * The merchant's own credentials for mail and SMS.  They are never shown.
 */
#include <string.h>

#include "base/letter.h"
#include "base/str.h"
#include "model/config.h"
#include "model/message.h"
#include "model/sender.h"
#include "recurring/recurring.h"

const struct param set_config_params[] = {
	TEXT(set_config, twilio_sid,	 OPTIONAL, 0, 64, "Twilio Account SID. An empty text clears any of these."),
	TEXT(set_config, twilio_token,	 OPTIONAL, 0, 128, "Twilio Auth Token."),
	TEXT(set_config, twilio_phone,	 OPTIONAL, 0, 32, "The number that SMS come from."),
	TEXT(set_config, smtp_host,	 OPTIONAL, 0, 253, "Mail server. Default: smtp.gmail.com."),
	TEXT(set_config, smtp_port,	 OPTIONAL, 0, 5, "Its port. Default: 465 (TLS); any other begins with STARTTLS."),
	TEXT(set_config, smtp_user,	 OPTIONAL, 0, 254, "Address for sending, and the login."),
	TEXT(set_config, smtp_pass,	 OPTIONAL, 0, 255, "Its password; of Gmail an App Password."),
	TEXT(set_config, smtp_from_name, OPTIONAL, 0, 255, "Sender display name. Default: Dapit Payments."),
	{ 0 }
};

struct shown {
	const char	*name, *value, *from;
	bool		 set;
};

static const struct field line_fields[] = {
	F_TEXT(shown, name, "Which."),
	F_BOOL(shown, set, "Whether it is set."),
	F_TEXT_OR_NULL(shown, value, "Its ends; of a secret only dots."),
	F_TEXT_OR_NULL(shown, from, "own: you set it; platform: it is the platform's, used while you have none."),
	{ 0 }
};

struct waiting {
	const char	*channel, *reason;
	int64_t		 parked_until;
};

static const struct field waiting_fields[] = {
	F_TEXT(waiting, channel, "email or sms."),
	F_TIME_OR_NULL(waiting, parked_until, "Nothing is sent until then, or until set_config."),
	F_TEXT_OR_NULL(waiting, reason, "Why."),
	{ 0 }
};

struct configured {
	struct rows	 config, parked;
};

static const struct field config_fields[] = {
	F_ROWS(configured, config, line_fields, "Each of set_config's parameters."),
	F_ROWS(configured, parked, waiting_fields, "Your logins that were refused, or have had enough."),
	{ 0 }
};

const struct answer config_answers[] = {
	{ "config", NULL, { config_fields } },
	{ 0 }
};

static const char *
mask(struct cx *cx, const struct config_line *l, bool own)
{
	size_t n = l->value == NULL ? 0 : strlen(l->value);

	if (n == 0)
		return NULL;
	if (l->secret || !own || n < 6)
		return "......";
	return arena_printf(cx->arena, "%s...%s", str_cut(cx->arena,
	    l->value, 2), l->value + n - 2);
}

/* Mail goes by the merchant's own login or by the platform's, never by a mix
 * of both; so do SMS. */
static bool
is_own(const struct config *own, const char *name)
{
	return str_starts(name, "twilio_") ? own->twilio_sid != NULL :
	    own->smtp_user != NULL;
}

static enum err
read_parked(struct cx *cx, struct rows *out)
{
	const struct sender *s;
	struct waiting *w;
	struct rows rows;
	enum err e;

	if ((e = sender_parked(cx, cx->merchant, &rows)) != 0)
		return e;
	s = rows.row;
	w = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*w));
	for (size_t i = 0; i < rows.n; i++)
		w[i] = (struct waiting){ channel_word(s[i].channel),
		    s[i].reason, s[i].parked_until };
	*out = (struct rows){ w, rows.n, sizeof(*w) };
	return 0;
}

enum err
get_config(struct cx *cx, const void *arg, struct reply *r)
{
	struct config_line own[CONFIG_LINES], all[CONFIG_LINES];
	struct config mine, platform;
	struct shown *out = arena_alloc(cx->arena, CONFIG_LINES *
	    sizeof(*out));
	struct configured c = { { out, CONFIG_LINES, sizeof(*out) }, { 0 } };
	enum err e;

	(void)arg;
	if ((e = config_read(cx, cx->merchant, &mine)) != 0 ||
	    (e = config_read(cx, 0, &platform)) != 0 ||
	    (e = read_parked(cx, &c.parked)) != 0)
		return e;
	config_lines(&mine, own);
	config_lines(&platform, all);
	for (size_t i = 0; i < CONFIG_LINES; i++) {
		bool at_home = own[i].value != NULL ||
		    is_own(&mine, own[i].name);
		const struct config_line *l = at_home ? &own[i] : &all[i];

		out[i] = (struct shown){ l->name, mask(cx, l, at_home),
		    l->value == NULL ? NULL : at_home ? "own" : "platform",
		    l->value != NULL };
	}
	reply_add(r, config_fields, &c);
	return 0;
}

static enum err
check(struct cx *cx, const struct set_config *in)
{
	static const char host[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	static const char word[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	int64_t port = 1;

	if (in->smtp_host != NULL &&
	    in->smtp_host[strspn(in->smtp_host, host)] != '\0')
		return fail_param(cx, "smtp_host", "must be a host's name.");
	if (in->smtp_port != NULL && in->smtp_port[0] != '\0' &&
	    (!str_int(in->smtp_port, &port) || port < 1 || port > 65535))
		return fail_param(cx, "smtp_port", "must be a port.");
	if (in->smtp_user != NULL && in->smtp_user[0] != '\0' &&
	    !letter_address(in->smtp_user))
		return fail_param(cx, "smtp_user",
		    "must be an email address.");
	if (in->twilio_sid != NULL &&
	    in->twilio_sid[strspn(in->twilio_sid, word)] != '\0')
		return fail_param(cx, "twilio_sid",
		    "must be letters and digits.");
	if (in->twilio_phone != NULL && in->twilio_phone[0] != '\0' &&
	    !letter_phone(letter_digits(cx->arena, in->twilio_phone)))
		return fail_param(cx, "twilio_phone", "must be a number with"
		    " its country code, such as +4712345678.");
	return 0;
}

/* What waits is sent with the login that there is now. */
static enum err
adopt(struct cx *cx)
{
	struct config own;
	enum err e;

	if ((e = sender_free(cx, cx->merchant)) != 0 ||
	    (e = config_read(cx, cx->merchant, &own)) != 0 ||
	    (e = message_adopt(cx, cx->merchant, CHANNEL_EMAIL,
	    own.smtp_user == NULL ? 0 : cx->merchant)) != 0)
		return e;
	return message_adopt(cx, cx->merchant, CHANNEL_SMS,
	    own.twilio_sid == NULL ? 0 : cx->merchant);
}

enum err
set_config(struct cx *cx, const void *arg, struct reply *r)
{
	const struct set_config *in = arg;
	const struct {
		const char	*name, *value;
	} all[] = {
		{ "twilio_sid", in->twilio_sid },
		{ "twilio_token", in->twilio_token },
		{ "twilio_phone", in->twilio_phone == NULL ||
		    in->twilio_phone[0] == '\0' ? in->twilio_phone :
		    letter_digits(cx->arena, in->twilio_phone) },
		{ "smtp_host", in->smtp_host },
		{ "smtp_port", in->smtp_port },
		{ "smtp_user", in->smtp_user },
		{ "smtp_pass", in->smtp_pass },
		{ "smtp_from_name", in->smtp_from_name },
	};
	enum err e = check(cx, in);

	for (size_t i = 0; e == 0 && i < NELEM(all); i++)
		if (all[i].value != NULL)
			e = config_set(cx, cx->merchant, all[i].name,
			    all[i].value);
	if (e == 0)
		e = adopt(cx);
	return e == 0 ? get_config(cx, NULL, r) : e;
}
