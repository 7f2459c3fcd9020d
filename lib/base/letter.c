#include <string.h>

#include "base/calendar.h"
#include "base/letter.h"
#include "base/punycode.h"
#include "base/out.h"
#include "base/str.h"

#define LINE		76	/* bytes of a folded header line, RFC 2047 */
#define WORD		75	/* bytes of an encoded word */
#define WORD_FRAME	12	/* of them for =?UTF-8?B? and ?= */
#define WORD_LEAST	(WORD_FRAME + 8)	/* room for one character */
#define PLAIN_WORD	60	/* longer ones are encoded: they cannot fold */
#define ANGLE		900	/* bytes between < and > */
#define TAG		35	/* bytes of a language tag */
#define BODY_BYTES	57	/* that make a line of 76 in base64 */

#define ALNUM	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
		"0123456789"
#define ATEXT	ALNUM "!#$%&'*+-/=?^_`{|}~"
#define DIGITS	"0123456789"

/* Base64 has no "-", so no line of a body begins like this. */
#define BOUNDARY	"=_alternative_"

/* A header that is being written. */
struct header {
	struct out	*out;
	size_t		 column;	/* bytes of the line so far */
	bool		 begun;		/* something stands behind the name */
};

/* Length of the UTF-8 character at p, 0 if it is malformed. */
static size_t
character(const char *p)
{
	for (size_t n = 1; n <= 4; n++)
		if (str_utf8(p, n))
			return n;
	return 0;
}

/* C0, DEL, C1, U+2028 to U+202E and U+2066 to U+2069. */
static bool
control(const char *at, size_t n)
{
	const unsigned char *p = (const unsigned char *)at;

	if (n == 1)
		return *p < ' ' || *p == 0x7f;
	if (n == 2)
		return *p == 0xc2 && p[1] < 0xa0;
	return n == 3 && *p == 0xe2 &&
	    ((p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||
	    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

/* A header value: one line of UTF-8 without blanks around it. */
static char *
clean(struct arena *a, const char *text)
{
	struct out o = { .arena = a };
	size_t n;

	out_text(&o, "");
	for (text += strspn(text, " \t\r\n"); *text != '\0'; text += n) {
		n = character(text);
		if (n == 0)
			out_text(&o, "\ufffd");
		else if (control(text, n))
			out_text(&o, " ");
		else
			out_bytes(&o, text, n);
		n += n == 0;
	}
	while (o.len > 0 && o.text[o.len - 1] == ' ')
		o.text[--o.len] = '\0';
	return o.text;
}

/* A body: UTF-8 with CRLF line ends, as RFC 2046 has texts. */
static struct out
body_of(struct arena *a, const char *text)
{
	struct out o = { .arena = a };
	size_t n;

	out_text(&o, "");
	for (; *text != '\0'; text += n) {
		n = character(text);
		if (n == 0)
			out_text(&o, "\ufffd");
		else if (*text == '\r' || *text == '\n')
			out_text(&o, "\r\n");
		else
			out_bytes(&o, text, n);
		n += n == 0 || (text[0] == '\r' && text[1] == '\n');
	}
	return o;
}

static void
base64(struct out *o, const char *bytes, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes;

	for (; n > 0; p += 3) {
		uint32_t v = (uint32_t)p[0] << 16 |
		    (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
		const char four[] = { digit[v >> 18], digit[v >> 12 & 63],
		    n > 1 ? digit[v >> 6 & 63] : '=',
		    n > 2 ? digit[v & 63] : '=' };

		out_bytes(o, four, sizeof(four));
		n -= n < 3 ? n : 3;
	}
}

static struct header
begin(struct out *o, const char *name)
{
	out_printf(o, "%s:", name);
	return (struct header){ o, strlen(name) + 1, false };
}

/* Adds a blank and n bytes that stay together, on a new line if need be. */
static void
put(struct header *h, const char *token, size_t n)
{
	if (h->begun && h->column + 1 + n > LINE) {
		out_text(h->out, "\r\n");
		h->column = 0;
	}
	out_text(h->out, " ");
	out_bytes(h->out, token, n);
	h->column += 1 + n;
	h->begun = true;
}

static void
put_words(struct header *h, const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		put(h, text, n);
	}
}

/* Bytes of whole characters at the beginning of text, at most max. */
static size_t
chunk(const char *text, size_t max)
{
	size_t n = 0;

	while (text[n] != '\0' && n + character(text + n) <= max)
		n += character(text + n);
	return n;
}

static void
put_encoded(struct header *h, const char *text)
{
	size_t n, room;

	for (; *text != '\0'; text += n) {
		struct out word = { .arena = h->out->arena };

		room = h->column < LINE ? LINE - 1 - h->column : 0;
		if (room < WORD_LEAST)
			room = WORD;
		n = chunk(text, (room - WORD_FRAME) / 4 * 3);
		out_text(&word, "=?UTF-8?B?");
		base64(&word, text, n);
		out_text(&word, "?=");
		put(h, word.text, word.len);
	}
}

/* Printable ASCII that folds, and that nobody takes for an encoded word. */
static bool
plain(const char *text)
{
	size_t word = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p < ' ' || *p > '~' || (p[0] == ' ' && p[1] == ' '))
			return false;
		word = *p == ' ' ? 0 : word + 1;
		if (word > PLAIN_WORD)
			return false;
	}
	return strstr(text, "=?") == NULL;
}

static const char *
quoted(struct arena *a, const char *text)
{
	struct out o = { .arena = a };

	out_text(&o, "\"");
	for (; *text != '\0'; text++)
		out_printf(&o, "%s%c", *text == '"' || *text == '\\' ?
		    "\\" : "", *text);
	out_text(&o, "\"");
	return o.text;
}

/* A phrase of RFC 5322: words, a quoted string, or encoded words. */
static void
put_phrase(struct header *h, const char *text)
{
	if (!plain(text))
		put_encoded(h, text);
	else if (text[strspn(text, ATEXT " ")] != '\0')
		put_words(h, quoted(h->out->arena, text));
	else
		put_words(h, text);
}

static void
put_angle(struct header *h, const char *text)
{
	struct out o = { .arena = h->out->arena };

	out_text(&o, "<");
	for (size_t i = 0; text[i] != '\0' && i < ANGLE; i++)
		out_bytes(&o, strchr(ATEXT "@.", text[i]) != NULL ?
		    &text[i] : " ", 1);
	out_text(&o, ">");
	put(h, o.text, o.len);
}

static void
mailbox(struct out *o, const char *header, const char *name,
    const char *address)
{
	struct header h = begin(o, header);

	if (name != NULL)
		put_phrase(&h, clean(o->arena, name));
	put_angle(&h, address);
	out_text(o, "\r\n");
}

static void
subject(struct out *o, const char *text)
{
	struct header h = begin(o, "Subject");
	const char *line = clean(o->arena, text);

	if (plain(line))
		put_words(&h, line);
	else
		put_encoded(&h, line);
	out_text(o, "\r\n");
}

static void
message_id(struct out *o, const char *id)
{
	struct header h = begin(o, "Message-ID");

	put_angle(&h, id);
	out_text(o, "\r\n");
}

static void
date(struct out *o, int64_t t)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	    "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	char at[TIME_TEXT];
	int month;

	time_print(t, at);
	month = (at[5] - '0') * 10 + at[6] - '0';
	out_printf(o, "Date: %s, %.2s %s %.4s %s +0000\r\n",
	    days[(day_of(t) % 7 + 11) % 7], at + 8, months[month - 1], at,
	    at + 11);
}

static void
language(struct out *o, const char *tag)
{
	size_t n = tag == NULL ? 0 : strspn(tag, ALNUM "-");

	if (n > 0 && n <= TAG && tag[n] == '\0')
		out_printf(o, "Content-Language: %s\r\n", tag);
}

/* One click unsubscribes: RFC 8058, with RFC 2369's header. */
static void
unsubscribe(struct out *o, const char *url)
{
	if (url == NULL || !str_starts(url, "https://") ||
	    strlen(url) > ANGLE)
		return;
	for (const char *p = url; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("<>\"\\", *p) != NULL)
			return;
	out_printf(o, "List-Unsubscribe: <%s>\r\n"
	    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", url);
}

static void
part(struct out *o, const char *type, const char *text)
{
	struct out body = body_of(o->arena, text);

	out_printf(o, "--" BOUNDARY "\r\nContent-Type: %s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n", type);
	for (size_t i = 0, n; i < body.len; i += n) {
		n = body.len - i < BODY_BYTES ? body.len - i : BODY_BYTES;
		base64(o, body.text + i, n);
		out_text(o, "\r\n");
	}
}

char *
letter_print(struct arena *a, const struct letter *l)
{
	struct out o = { .arena = a };

	date(&o, l->date);
	mailbox(&o, "From", l->from_name, l->from);
	mailbox(&o, "To", l->to_name, l->to);
	subject(&o, l->subject);
	message_id(&o, l->message_id);
	out_text(&o, "MIME-Version: 1.0\r\n");
	language(&o, l->language);
	out_text(&o, "Auto-Submitted: auto-generated\r\n");
	unsubscribe(&o, l->unsubscribe_url);
	out_text(&o, "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"" BOUNDARY "\"\r\n\r\n");
	part(&o, "text/plain", l->text);
	if (l->html != NULL)
		part(&o, "text/html", l->html);
	out_text(&o, "--" BOUNDARY "--\r\n");
	return o.text;
}

/* Is it n bytes of a label of a host name? */
static bool
label(const char *p, size_t n)
{
	return n > 0 && n <= 63 && p[0] != '-' && p[n - 1] != '-' &&
	    strspn(p, ALNUM "-") >= n;
}

static bool
domain(const char *p)
{
	size_t n = strcspn(p, "."), labels = 1;

	for (; label(p, n) && p[n] == '.'; labels++) {
		p += n + 1;
		n = strcspn(p, ".");
	}
	return label(p, n) && labels > 1 && strspn(p, DIGITS) < n;
}

bool
letter_address(const char *text)
{
	size_t n = strspn(text, ATEXT ".");

	if (n < 1 || n > 64 || text[n] != '@' || strlen(text) > 254)
		return false;
	if (text[0] == '.' || text[n - 1] == '.')
		return false;
	for (size_t i = 1; i < n; i++)
		if (text[i - 1] == '.' && text[i] == '.')
			return false;
	return domain(text + n + 1);
}

char *
letter_ascii(struct arena *a, const char *text)
{
	const char *at = strrchr(text, '@');
	char *host = at == NULL ? NULL : punycode_host(a, at + 1);

	return host == NULL ? arena_copy(a, text, strlen(text)) :
	    arena_printf(a, "%.*s@%s", (int)(at - text), text, host);
}

char *
letter_digits(struct arena *a, const char *text)
{
	struct out o = { .arena = a };

	for (; text != NULL && *text != '\0'; text++)
		if (strchr(" -().\t", *text) == NULL &&
		    strncmp(text, "\xc2\xa0", 2) != 0)
			out_bytes(&o, text, 1);
		else if (*text == '\xc2')
			text++;
	return o.text;
}

bool
letter_phone(const char *text)
{
	size_t n = text[0] == '+' ? strspn(text + 1, DIGITS) : 0;

	return n >= 7 && n <= 15 && text[1] != '0' && text[n + 1] == '\0';
}
