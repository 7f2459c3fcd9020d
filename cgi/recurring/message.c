/*
 * Messages: shown before they are sent, tried, and what Twilio tells of them.
 */
#include <string.h>

#include "api/brake.h"
#include "base/calendar.h"
#include "base/conf.h"
#include "base/letter.h"
#include "base/speech.h"
#include "flow/compose.h"
#include "flow/plan.h"
#include "flow/post.h"
#include "io/fcgi.h"
#include "io/twilio.h"
#include "model/merchant.h"
#include "recurring/recurring.h"

#define PREVIEW_DAYS	12
#define TESTS		10		/* a merchant's, in a minute */

const struct param test_message_params[] = {
	WORD(test_message, channel,   REQUIRED, channel_words, "By what it goes."),
	TEXT(test_message, recipient, REQUIRED, 3, 254, "An email address, or a number with its country code."),
	LANGUAGE(test_message, language, "Default: en."),
	{ 0 }
};

const struct param sms_status_params[] = {
	INT (sms_status, message,	OPTIONAL, 1, INT64_MAX, "Ours."),
	TEXT(sms_status, MessageStatus, OPTIONAL, 1, 32, "What became of it."),
	TEXT(sms_status, ErrorCode,	OPTIONAL, 1, 16, "Why not."),
	PAIRS(sms_status, form, "All parameters, as they are signed."),
	{ 0 }
};

struct next {
	const char	*billing_date;
	cents		 amount;
};

static const struct field next_fields[] = {
	F_TEXT (next, billing_date, "The day."),
	F_CENTS(next, amount, "What is asked for."),
	{ 0 }
};

struct shown {
	struct rows	 cycles;
	const char	*subject, *text, *html, *sms;
};

static const struct field preview_fields[] = {
	F_ROWS(shown, cycles, next_fields, "The next twelve, or as many as are left."),
	F_TEXT(shown, subject, "Of the mail of the first."),
	F_TEXT(shown, text, "Its text."),
	F_TEXT(shown, html, "The same for mail programs that show HTML."),
	F_TEXT(shown, sms, "The SMS of the first."),
	{ 0 }
};

struct tested {
	const char	*result, *error;
	int64_t		 code;
};

static const struct field tested_fields[] = {
	F_TEXT(tested, result, "sent, later, never, unknown, or parked: the login does not work."),
	F_INT (tested, code, "The mail server's, or Twilio's; 0: no answer."),
	F_TEXT_OR_NULL(tested, error, "What they say."),
	{ 0 }
};

static const struct field nothing[] = { { 0 } };

const struct answer preview_answers[] = {
	{ "preview", NULL, { preview_fields } },
	{ 0 }
};

const struct answer test_message_answers[] = {
	{ "tried", NULL, { tested_fields } },
	{ 0 }
};

const struct answer sms_status_answers[] = {
	{ "heard", NULL, { nothing } },
	{ 0 }
};

static struct rows
next_cycles(struct cx *cx, const struct schedule *s)
{
	struct next *n = arena_alloc(cx->arena, PREVIEW_DAYS * sizeof(*n));
	int64_t left = s->total_cycles == 0 ? PREVIEW_DAYS :
	    s->total_cycles - s->cycles_billed;

	if (left > PREVIEW_DAYS)
		left = PREVIEW_DAYS;
	if (s->status == SCHEDULE_CANCELLED || left < 0)
		left = 0;
	for (int64_t i = 0; i < left; i++)
		n[i] = (struct next){ day_print(cycle_day(s->anchor_day,
		    s->frequency, s->cycle + i), arena_alloc(cx->arena,
		    DAY_TEXT)), schedule_amount(s) };
	return (struct rows){ n, (size_t)left, sizeof(*n) };
}

enum err
preview(struct cx *cx, const void *arg, struct reply *r)
{
	const struct schedule_in *in = arg;
	struct schedule s = { 0 };
	struct billing b = { 0 };
	struct session session = { .reference_number = "DP-000000-000000" };
	struct composed c;
	struct shown out;
	enum err e;

	if ((e = plan_find(cx, in->schedule_id, &s)) != 0)
		return e;
	if (s.status == SCHEDULE_PAUSED)
		plan_skip(cx, &s);
	b.amount = session.amount = schedule_amount(&s);
	b.billing_day = schedule_day(&s);
	out.cycles = next_cycles(cx, &s);
	if (cx->only_reads)
		s.id = 0;		/* its link must stop nothing */
	compose(cx, &s, &b, &session, 0, &c);
	out = (struct shown){ out.cycles, c.subject, c.text, c.html,
	    c.sms };
	reply_add(r, preview_fields, &out);
	return 0;
}

static enum err
read_test(struct cx *cx, const struct test_message *in, struct schedule *s,
    int64_t *channel, const char **recipient)
{
	struct merchant m = { 0 };
	enum err e;

	*channel = in->channel - 1;
	*recipient = *channel == CHANNEL_SMS ? letter_digits(cx->arena,
	    in->recipient) : letter_ascii(cx->arena, in->recipient);
	if (*channel == CHANNEL_SMS ? !letter_phone(*recipient) :
	    !letter_address(*recipient))
		return fail_param(cx, "recipient", *channel == CHANNEL_SMS ?
		    "must be a number with its country code." :
		    "must be an email address.");
	if ((e = merchant_find(cx, cx->merchant, &m)) != 0)
		return e;
	*s = (struct schedule){ .merchant_id = m.id,
	    .merchant_name = m.name, .timezone = m.timezone,
	    .sms_phone = m.sms_phone, .email_from = m.email_from,
	    .email_from_name = m.email_from_name,
	    .customer_name = m.name, .original_amount = 100,
	    .order_description = "Test",
	    .language = in->language == NULL ? "en" : in->language,
	    .anchor_day = day_of(cx->now) };
	return 0;
}

enum err
test_message(struct cx *cx, const void *arg, struct reply *r)
{
	static const char *const words[] = {
		[FATE_SENT] = "sent", [FATE_LATER] = "later",
		[FATE_NEVER] = "never", [FATE_UNKNOWN] = "unknown",
		[FATE_PARK] = "parked",
	};
	const struct test_message *in = arg;
	struct verdict v = { 0 };
	struct schedule s;
	int64_t channel;
	const char *recipient;
	struct tested out;
	enum err e;

	if ((e = read_test(cx, in, &s, &channel, &recipient)) != 0)
		return e;
	if ((e = brake(cx, BRAKE_TEST, arena_printf(cx->arena, "%" PRId64,
	    cx->merchant), (struct brake_limit){ 60, TESTS }, 1)) != 0)
		return e;
	if ((e = post_test(cx, &s, channel, recipient, &v)) != 0)
		return e;
	out = (struct tested){ words[v.fate], v.error, v.code };
	reply_add(r, tested_fields, &out);
	return 0;
}

/* Twilio signs the URL as it knows it: the public one. */
enum err
sms_status(struct cx *cx, const void *arg, struct reply *r)
{
	const struct sms_status *in = arg;
	const char *signature = fcgi_header(cx->arena, "X-Twilio-Signature");
	struct message m = { 0 };
	struct config c = { 0 };
	enum err e;

	(void)r;
	e = message_find(cx, in->message, &m);
	if (e == 0)
		e = config_read(cx, m.sender_id, &c);
	if (e != 0 && e != ERR_NOT_FOUND)
		return e;
	if (e != 0 || signature == NULL || c.twilio_token == NULL ||
	    m.channel != CHANNEL_SMS || !twilio_signed(cx, c.twilio_token,
	    arena_printf(cx->arena, "%s/api/recurring.php?action=sms_status"
	    "&message=%" PRId64, cx->conf->url, in->message), in->form,
	    signature)) {
		fail_clear(cx);
		return fail(cx, ERR_BAD_KEY, "sms_status: wrong signature");
	}
	return message_heard(cx, m.id, in->MessageStatus == NULL ? "" :
	    in->MessageStatus, in->ErrorCode == NULL ? NULL :
	    arena_printf(cx->arena, "Twilio error %.16s", in->ErrorCode));
}
