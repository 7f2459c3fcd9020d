#include <string.h>

#include "base/gsm.h"
#include "base/notice.h"
#include "base/out.h"
#include "base/speech.h"
#include "base/str.h"

#define FACTS	5
#define TIMES	"\u00a0×\u00a0"

/* A line of the list: what it is called, and what it is. */
struct fact {
	const char	*label, *value;
};

static const struct speech *
speech_of(const struct notice *n)
{
	const struct speech *sp = speech_find(n->language);

	return sp != NULL ? sp : speech_find("en");
}

/* A value as one line; NULL is an empty one. */
static const char *
line_of(struct arena *a, const char *text)
{
	char *line = arena_copy(a, text, text == NULL ? 0 : strlen(text));

	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return line;
}

static const char *
say(struct arena *a, const struct notice *n, enum say word,
    const char *first, const char *second)
{
	const char *text[] = { first, second };

	return speech_fill(a, speech_of(n)->say[word], text, NELEM(text));
}

/* A link, or NULL if it is none. */
static const char *
link_of(struct arena *a, const char *url)
{
	if (url == NULL || (!str_starts(url, "https://") &&
	    !str_starts(url, "http://")))
		return NULL;
	return line_of(a, url);
}

char *
notice_subject(struct arena *a, const struct notice *n)
{
	const struct speech *sp = speech_of(n);
	const char *text[] = { line_of(a, n->merchant_name),
	    speech_amount(a, sp, n->amount) };
	const char *line = speech_fill(a, sp->say[SAY_SUBJECT], text, 2);

	return speech_fill(a, n->reminder > 0 ? sp->say[SAY_REMINDER] : "%1",
	    &line, 1);
}

static const char *
greeting(struct arena *a, const struct notice *n)
{
	const char *name = line_of(a, n->customer_name);

	return say(a, n, *name == '\0' ? SAY_GREETING_ALL : SAY_GREETING,
	    name, NULL);
}

/* What a reminder says more; NULL in the first message. */
static const char *
reminding(struct arena *a, const struct notice *n)
{
	if (n->reminder <= 0)
		return NULL;
	return arena_printf(a, "%s %s",
	    say(a, n, n->reminder == 1 ? SAY_LATE : SAY_LATE_AGAIN, NULL, NULL),
	    say(a, n, SAY_PAID, NULL, NULL));
}

/* "2 x name", where there is a quantity. */
static const char *
item_name(struct arena *a, const struct notice_item *item)
{
	const char *qty = line_of(a, item->qty);

	return arena_printf(a, "%s%s%s", qty, *qty == '\0' ? "" : TIMES,
	    line_of(a, item->name));
}

static const char *
discount_label(struct arena *a, const struct notice *n)
{
	const char *word = say(a, n, SAY_DISCOUNT, NULL, NULL);

	if (n->discount_percent <= 0)
		return word;
	return arena_printf(a, "%s (%s)", word,
	    speech_percent(a, speech_of(n), n->discount_percent));
}

/* The money, the day and the reference; returns how many there are. */
static size_t
facts(struct arena *a, const struct notice *n, struct fact fact[FACTS])
{
	const struct speech *sp = speech_of(n);
	size_t i = 0;
	cents discount;

	if (n->original_amount > n->amount &&
	    cents_sub(n->amount, n->original_amount, &discount)) {
		fact[i++] = (struct fact){ sp->say[SAY_ORIGINAL],
		    speech_amount(a, sp, n->original_amount) };
		fact[i++] = (struct fact){ discount_label(a, n),
		    speech_amount(a, sp, discount) };
	}
	fact[i++] = (struct fact){ sp->say[SAY_AMOUNT],
	    speech_amount(a, sp, n->amount) };
	fact[i++] = (struct fact){ sp->say[SAY_DUE],
	    speech_day(a, sp, n->due_day) };
	if (*line_of(a, n->reference) != '\0')
		fact[i++] = (struct fact){ sp->say[SAY_REFERENCE],
		    line_of(a, n->reference) };
	return i;
}

static void
text_items(struct out *o, const struct notice *n)
{
	const char *description = line_of(o->arena, n->description);

	if (*description != '\0')
		out_printf(o, "\n%s\n", description);
	for (size_t i = 0; i < n->items; i++) {
		const char *name = item_name(o->arena, &n->item[i]);
		const char *price = line_of(o->arena, n->item[i].price);

		out_printf(o, "%s- %s\n", i == 0 && *description == '\0' ?
		    "\n" : "", *price == '\0' ? name :
		    say(o->arena, n, SAY_FIELD, name, price));
	}
}

static void
text_link(struct out *o, const char *before, const char *link)
{
	if (link != NULL)
		out_printf(o, "\n%s\n%s\n", before, link);
}

char *
notice_text(struct arena *a, const struct notice *n)
{
	const struct speech *sp = speech_of(n);
	const char *merchant = line_of(a, n->merchant_name);
	const char *more = reminding(a, n);
	struct fact fact[FACTS];
	size_t count = facts(a, n, fact);
	struct out o = { .arena = a };

	out_printf(&o, "%s\n\n%s\n", greeting(a, n),
	    say(a, n, SAY_ASK, merchant, NULL));
	if (more != NULL)
		out_printf(&o, "%s\n", more);
	text_items(&o, n);
	out_text(&o, "\n");
	for (size_t i = 0; i < count; i++)
		out_printf(&o, "%s\n",
		    say(a, n, SAY_FIELD, fact[i].label, fact[i].value));
	text_link(&o, sp->say[SAY_PAY], link_of(a, n->link));
	out_printf(&o, "\n%s\n", say(a, n, SAY_WHY, merchant, NULL));
	text_link(&o, sp->say[SAY_STOP], link_of(a, n->stop_link));
	return o.text;
}

#define FONT	"font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial," \
		"sans-serif;"
#define TABLE	"<table role=\"presentation\" width=\"100%\" border=\"0\" "    \
		"cellpadding=\"0\" cellspacing=\"0\""
#define LINK	"<a href=\"%1\" style=\"color:inherit;word-break:break-all\">" \
		"%1</a>"

/* %1 the language, %2 the subject.  Outlook knows no max-width and gets a
 * table of its own. */
static const char html_head[] =
	"<!DOCTYPE html>\n<html lang=\"%1\" dir=\"ltr\">\n<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
	"<meta name=\"format-detection\" content=\"telephone=no,date=no,"
	"address=no,email=no\">\n"
	"<title>%2</title>\n</head>\n"
	"<body style=\"margin:0;padding:0;-webkit-text-size-adjust:100%\">\n"
	TABLE " lang=\"%1\" dir=\"ltr\"><tr>"
	"<td align=\"center\" style=\"padding:16px 8px\">\n"
	"<!--[if mso]><table role=\"presentation\" width=\"560\"><tr><td>"
	"<![endif]-->\n"
	TABLE " style=\"max-width:560px\"><tr>\n"
	"<td align=\"left\" style=\"padding:8px;word-break:break-word;" FONT
	"font-size:16px;line-height:24px\">\n";
/* %1 the merchant */
static const char html_merchant[] =
	"<p style=\"margin:0 0 20px;padding:0 0 12px;font-size:20px;"
	"line-height:28px;font-weight:700;border-bottom:1px solid #8a8a8a\">"
	"%1</p>\n";
static const char html_line[] = "<p style=\"margin:0 0 16px\">%1</p>\n";
static const char html_what[] =
	"<p style=\"margin:0 0 16px;font-weight:700\">%1</p>\n";
static const char html_table[] =
	TABLE " style=\"margin:0 0 24px;" FONT
	"font-size:16px;line-height:24px\">\n";
/* %1 what was bought, %2 its price */
static const char html_item[] =
	"<tr><td valign=\"top\" style=\"padding:6px 16px 6px 0\">%1</td>"
	"<td valign=\"top\" align=\"right\" style=\"padding:6px 0\">%2</td>"
	"</tr>\n";
/* %1 a label, %2 a value */
static const char html_fact[] =
	"<tr><td valign=\"top\" style=\"padding:6px 16px 6px 0;"
	"word-break:normal\">%1</td>"
	"<td valign=\"top\" align=\"right\" style=\"padding:6px 0\">%2</td>"
	"</tr>\n";
static const char html_amount[] =
	"<tr><td valign=\"middle\" style=\"padding:10px 16px 10px 0;"
	"word-break:normal;border-top:1px solid #8a8a8a;"
	"font-weight:700\">%1</td>"
	"<td valign=\"middle\" align=\"right\" style=\"padding:10px 0;"
	"border-top:1px solid #8a8a8a;font-size:24px;line-height:32px;"
	"font-weight:700;white-space:nowrap\">%2</td></tr>\n";
/* %1 the link, %2 its words */
static const char html_button[] =
	TABLE " style=\"margin:0 0 24px\"><tr><td align=\"center\" "
	"bgcolor=\"#0b57d0\" style=\"border-radius:8px;"
	"mso-padding-alt:14px 24px\"><a href=\"%1\" style=\"display:block;"
	"padding:14px 24px;" FONT "font-size:18px;line-height:24px;"
	"font-weight:700;color:#ffffff;text-decoration:none\">%2</a></td>"
	"</tr></table>\n";
/* %1 the link, %2 what is said before it */
static const char html_link[] =
	"<p style=\"margin:0 0 12px;font-size:14px;line-height:20px\">%2<br>\n"
	LINK "</p>\n";
static const char html_foot[] =
	"<p style=\"margin:24px 0 12px;padding:12px 0 0;font-size:14px;"
	"line-height:20px;border-top:1px solid #8a8a8a\">%1</p>\n";
static const char html_end[] =
	"</td></tr></table>\n"
	"<!--[if mso]></td></tr></table><![endif]-->\n"
	"</td></tr></table>\n</body>\n</html>\n";

static const char *
escaped(struct arena *a, const char *text)
{
	struct out o = { .arena = a };

	out_text(&o, "");
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':	out_text(&o, "&amp;"); break;
		case '<':	out_text(&o, "&lt;"); break;
		case '>':	out_text(&o, "&gt;"); break;
		case '"':	out_text(&o, "&quot;"); break;
		case '\'':	out_text(&o, "&#39;"); break;
		default:	out_bytes(&o, text, 1);
		}
	return o.text;
}

/* A piece of HTML with one or two texts in it, escaped here and only here. */
static void
html(struct out *o, const char *form, const char *first, const char *second)
{
	const char *text[] = { escaped(o->arena, first),
	    second == NULL ? NULL : escaped(o->arena, second) };

	out_text(o, speech_fill(o->arena, form, text, NELEM(text)));
}

static void
html_facts(struct out *o, const struct notice *n)
{
	const char *amount = speech_of(n)->say[SAY_AMOUNT];
	struct fact fact[FACTS];
	size_t count = facts(o->arena, n, fact);

	out_text(o, html_table);
	for (size_t i = 0; i < n->items; i++)
		html(o, html_item, item_name(o->arena, &n->item[i]),
		    line_of(o->arena, n->item[i].price));
	for (size_t i = 0; i < count; i++)
		html(o, fact[i].label == amount ? html_amount : html_fact,
		    fact[i].label, fact[i].value);
	out_text(o, "</table>\n");
}

static void
html_text(struct out *o, const char *form, const char *text)
{
	if (text != NULL && *text != '\0')
		html(o, form, text, NULL);
}

char *
notice_html(struct arena *a, const struct notice *n)
{
	const struct speech *sp = speech_of(n);
	const char *merchant = line_of(a, n->merchant_name);
	const char *link = link_of(a, n->link);
	const char *stop = link_of(a, n->stop_link);
	struct out o = { .arena = a };

	html(&o, html_head, sp->code, notice_subject(a, n));
	html_text(&o, html_merchant, merchant);
	html_text(&o, html_line, greeting(a, n));
	html_text(&o, html_line, say(a, n, SAY_ASK, merchant, NULL));
	html_text(&o, html_line, reminding(a, n));
	html_text(&o, html_what, line_of(a, n->description));
	html_facts(&o, n);
	if (link != NULL) {
		html(&o, html_button, link, sp->say[SAY_PAY]);
		html(&o, html_link, link, sp->say[SAY_LINK]);
	}
	html_text(&o, html_foot, say(a, n, SAY_WHY, merchant, NULL));
	if (stop != NULL)
		html(&o, html_link, stop, sp->say[SAY_STOP]);
	out_text(&o, html_end);
	return o.text;
}

/* How an SMS is shortened: each row says less than the one before it, but
 * that in GSM-7 there is room for more again. */
static const struct step {
	bool	day;
	size_t	name;		/* characters of the merchant's name */
	bool	fold;		/* GSM-7 alone */
	bool	bare;		/* no sentence */
} steps[] = {
	{ true,	 SIZE_MAX, false, false },
	{ false, SIZE_MAX, false, false },
	{ false, 24,	   false, false },
	{ false, 12,	   false, false },
	{ true,	 SIZE_MAX, true,  false },
	{ true,	 40,	   true,  false },
	{ false, 24,	   true,  false },
	{ false, 12,	   true,  false },
	{ false, 12,	   true,  true },
};

/* The first characters of a name, with a dot where something is missing. */
static const char *
shorter(struct arena *a, const char *name, size_t characters)
{
	size_t i = 0, n = characters;

	for (; name[i] != '\0'; i++)
		if (((unsigned char)name[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	if (name[i] == '\0')
		return name;
	while (i > 0 && name[i - 1] == ' ')
		i--;
	return arena_printf(a, "%.*s.", (int)i, name);
}

/* GSM-7 has no hard blanks, and one line needs none. */
static char *
soft(struct arena *a, const char *text)
{
	struct out o = { .arena = a };

	out_text(&o, "");
	for (; *text != '\0'; text++)
		if (str_starts(text, "\u00a0") || str_starts(text, "\u202f")) {
			out_text(&o, " ");
			text += *text == '\xc2' ? 1 : 2;
		} else {
			out_bytes(&o, text, 1);
		}
	return o.text;
}

static char *
sms(struct arena *a, const struct notice *n, const struct step *s,
    const char *link)
{
	const struct speech *sp = speech_of(n);
	const char *name = line_of(a, n->merchant_name), *text[4];
	const char *form = s->bare ? *link == '\0' ? "%1: %2" : "%1: %2 %4" :
	    sp->say[s->day ? SAY_SMS : SAY_SMS_SHORT];
	const char *line;
	char *whole;

	text[0] = shorter(a, s->fold ? gsm_fold(a, name) : name, s->name);
	text[1] = speech_amount(a, sp, n->amount);
	text[2] = speech_day(a, sp, n->due_day);
	text[3] = link;
	line = speech_fill(a, form, text, NELEM(text));
	whole = soft(a, speech_fill(a, n->reminder > 0 && !s->bare ?
	    sp->say[SAY_REMINDER] : "%1", &line, 1));
	return s->fold ? gsm_fold(a, whole) : whole;
}

/* The longest line with this link that fits; NULL if none does, or if the
 * link would not survive an SMS. */
static char *
sms_with(struct arena *a, const struct notice *n, const char *link)
{
	char *text;

	if (link == NULL || (!str_starts(link, "https://") &&
	    !str_starts(link, "http://")))
		return NULL;
	for (const char *p = link; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '`')
			return NULL;
	for (size_t i = 0; i < NELEM(steps); i++) {
		text = sms(a, n, &steps[i], link);
		if (gsm_segments(text, NULL) <= NOTICE_SMS)
			return text;
	}
	return NULL;
}

char *
notice_sms(struct arena *a, const struct notice *n, const char *short_link)
{
	char *text = sms_with(a, n, n->link);

	if (text == NULL)
		text = sms_with(a, n, short_link);
	if (text == NULL)
		text = sms(a, n, &steps[NELEM(steps) - 1], "");
	return text;
}
