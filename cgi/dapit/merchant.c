/*
 * Merchants and their webhook secrets.
 */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/letter.h"
#include "base/str.h"
#include "base/zone.h"
#include "dapit/dapit.h"
#include "flow/plan.h"
#include "model/event.h"
#include "model/key.h"
#include "model/merchant.h"

#define SECRET_BYTES	32
#define PERCENT_MAX	10000	/* hundredths */
#define FIXED_MAX	10000	/* cents */
#define AUTO_MAX	CENTS_AMOUNT

static char *
make_secret(struct cx *cx)
{
	unsigned char random[SECRET_BYTES];

	seal_random(random, sizeof(random));
	return arena_printf(cx->arena, "whsec_%s", seal_base64(cx->arena,
	    random, sizeof(random)));
}

enum err
cmd_merchant_add(struct cx *cx, struct words *w)
{
	const char *callback = word_option(w, "--callback", true);
	struct merchant m = { .callback_url = callback, .events = "" };
	struct key k = { .name = "first", .scope = SCOPE_FULL };
	char *secret = make_secret(cx);
	enum err e;

	if (w->n != 1)
		return fail(cx, ERR_PARAM, "usage: merchant add NAME"
		    " [--callback URL]");
	m.name = w->word[0];
	m.webhook_secret = seal_shut(cx, secret);
	if ((e = merchant_add(cx, &m)) != 0)
		return e;
	printf("merchant %" PRId64 "\n", m.id);
	k.merchant_id = m.id;
	if ((e = key_make(cx, &k)) != 0)
		return e;
	printf("webhook_secret %s\n", secret);
	return 0;
}

enum err
cmd_merchant_secret(struct cx *cx, struct words *w)
{
	struct merchant m = { 0 };
	char *secret = make_secret(cx), t[TIME_TEXT];
	int64_t id = 0, until = 0;
	enum err e;

	if ((e = word_overlap(cx, w, &until)) != 0 ||
	    (e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = merchant_find(cx, id, &m)) != 0 ||
	    (e = merchant_secret(cx, id, seal_shut(cx, secret), until)) != 0)
		return e;
	printf("webhook_secret %s\nthe old one signs too until %s\n", secret,
	    time_print(until, t));
	return 0;
}

struct shown {
	int64_t		 id, created_at;
	const char	*environment, *name, *callback_url, *events;
	const char	*frame_origin;
	cents		 fee_percent, fee_fixed;
	const char	*timezone, *sms_phone, *email_from, *email_from_name;
	cents		 auto_refund_max, auto_refund_daily;
	const char	*rounding;
};

static const struct field list_fields[] = {
	F_INT (shown, id, "The merchant."),
	F_TEXT(shown, environment, "staging or production."),
	F_TEXT(shown, name, "As shoppers see it."),
	{ 0 }
};

static const struct field merchant_fields[] = {
	F_INT (shown, id, "The merchant."),
	F_TEXT(shown, name, "As shoppers see it."),
	F_TEXT(shown, environment, "staging or production."),
	F_TEXT(shown, callback_url, "Where webhooks go by default."),
	F_TEXT(shown, events, "Those asked for."),
	F_TEXT(shown, frame_origin, "Whose pages may frame the checkout."),
	F_CENTS(shown, fee_percent, "Percent of money that comes."),
	F_CENTS(shown, fee_fixed, "Of each payment."),
	F_CENTS(shown, auto_refund_max, "The largest refund of an overpayment that goes out by itself; 0: none does."),
	F_CENTS(shown, auto_refund_daily, "What goes out so in 24 hours at most."),
	F_TEXT(shown, rounding, "Of a third decimal of an amount that it sends: none, it is refused, or half_up."),
	F_TEXT(shown, timezone, "Of its billing days."),
	F_TEXT(shown, sms_phone, "SMS come from it."),
	F_TEXT(shown, email_from, "Mails come from it."),
	F_TEXT(shown, email_from_name, "And by that name."),
	F_TIME(shown, created_at, "Since when."),
	{ 0 }
};

static struct shown
show(const struct merchant *m)
{
	return (struct shown){ m->id, m->created_at,
	    environment_word(m->environment), m->name, m->callback_url,
	    m->events, m->frame_origin, m->fee_percent, m->fee_fixed,
	    m->timezone, m->sms_phone, m->email_from, m->email_from_name,
	    m->auto_refund_max, m->auto_refund_daily,
	    m->half_up ? "half_up" : "none" };
}

enum err
cmd_merchant_list(struct cx *cx, struct words *w)
{
	const struct merchant *m;
	struct shown *out;
	struct rows rows;
	enum err e = merchant_each(cx, &rows);

	if (e != 0)
		return e;
	m = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = show(&m[i]);
	list_print(cx, w, list_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_merchant_show(struct cx *cx, struct words *w)
{
	struct merchant m = { 0 };
	struct shown out;
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = merchant_find(cx, id, &m)) != 0)
		return e;
	out = show(&m);
	thing_print(cx, w, merchant_fields, &out);
	return 0;
}

/* Only events that there are. */
static enum err
check_events(struct cx *cx, const char *list)
{
	char word[64];
	enum tell t;
	size_t n;

	for (; *list != '\0'; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		snprintf(word, sizeof(word), "%.*s", (int)n, list);
		if (!tell_parse(word, &t))
			return fail(cx, ERR_PARAM, "%s is no event", word);
	}
	return 0;
}

static enum err
set_money(struct cx *cx, const char *text, cents max, cents *sum)
{
	char a[CENTS_TEXT];

	if (!cents_parse(text, sum) || *sum < 0 || *sum > max)
		return fail(cx, ERR_PARAM, "%s is not from 0 to %s, such as"
		    " 0.25", text, cents_print(max, a));
	return 0;
}

static const char *
or_none(const char *text)
{
	return *text == '\0' ? NULL : text;
}

/* What its messages to customers come from, and the clock they follow. */
static enum err
set_message(struct cx *cx, struct merchant *m, const char *pair)
{
	if (str_starts(pair, "timezone=")) {
		m->timezone = pair + 9;
		return zone_known(m->timezone) ? 0 : fail(cx, ERR_PARAM,
		    "%s is not like Europe/Vilnius", m->timezone);
	}
	if (str_starts(pair, "sms_phone=")) {
		m->sms_phone = or_none(pair + 10);
		return m->sms_phone == NULL || letter_phone(m->sms_phone) ?
		    0 : fail(cx, ERR_PARAM, "%s is not like +4712345678",
		    m->sms_phone);
	}
	if (str_starts(pair, "email_from=")) {
		m->email_from = or_none(pair + 11);
		return m->email_from == NULL ||
		    letter_address(m->email_from) ? 0 : fail(cx, ERR_PARAM,
		    "%s is no email address", m->email_from);
	}
	if (!str_starts(pair, "email_from_name="))
		return fail(cx, ERR_PARAM, "%s: a merchant has name,"
		    " environment, callback_url, events, frame_origin,"
		    " fee_percent, fee_fixed, auto_refund_max,"
		    " auto_refund_daily, rounding, timezone, sms_phone,"
		    " email_from and email_from_name", pair);
	m->email_from_name = or_none(pair + 16);
	return 0;
}

static enum err
set_one(struct cx *cx, struct merchant *m, const char *pair)
{
	if (str_starts(pair, "name="))
		m->name = pair + 5;
	else if (str_starts(pair, "environment="))
		return word_environment(cx, pair + 12, &m->environment);
	else if (str_starts(pair, "callback_url="))
		m->callback_url = pair[13] == '\0' ? NULL : pair + 13;
	else if (str_starts(pair, "events=")) {
		m->events = pair + 7;
		return check_events(cx, m->events);
	} else if (str_starts(pair, "frame_origin=")) {
		m->frame_origin = pair[13] == '\0' ? NULL : pair + 13;
		if (m->frame_origin != NULL && !str_origin(m->frame_origin))
			return fail(cx, ERR_PARAM, "%s is not like"
			    " https://shop.example", m->frame_origin);
	} else if (str_starts(pair, "fee_percent="))
		return set_money(cx, pair + 12, PERCENT_MAX, &m->fee_percent);
	else if (str_starts(pair, "fee_fixed="))
		return set_money(cx, pair + 10, FIXED_MAX, &m->fee_fixed);
	else if (str_starts(pair, "rounding=")) {
		m->half_up = strcmp(pair + 9, "half_up") == 0;
		return m->half_up || strcmp(pair + 9, "none") == 0 ? 0 :
		    fail(cx, ERR_PARAM, "rounding is none or half_up");
	} else if (str_starts(pair, "auto_refund_max="))
		return set_money(cx, pair + 16, AUTO_MAX, &m->auto_refund_max);
	else if (str_starts(pair, "auto_refund_daily="))
		return set_money(cx, pair + 18, AUTO_MAX,
		    &m->auto_refund_daily);
	else
		return set_message(cx, m, pair);
	return 0;
}

enum err
cmd_merchant_set(struct cx *cx, struct words *w)
{
	struct merchant m = { 0 };
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = merchant_find(cx, id, &m)) != 0)
		return e;
	for (int i = 1; i < w->n; i++)
		if ((e = set_one(cx, &m, w->word[i])) != 0)
			return e;
	cx->merchant = id;
	if ((e = merchant_set(cx, &m)) != 0)
		return e;
	return plan_move(cx);
}
