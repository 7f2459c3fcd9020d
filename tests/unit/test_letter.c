/*
 * test_letter.c - an e-mail's wire format: nothing from outside adds a
 * header, a recipient or a line; what was put in is what a reader decodes.
 */
#include <string.h>

#include "base/letter.h"
#include "base/out.h"
#include "base/str.h"
#include "tap.h"

#define TEN	"abcdefghij"
#define SIXTY	TEN TEN TEN TEN TEN TEN
#define HUNDRED	SIXTY TEN TEN TEN TEN
#define KILO	HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED \
		HUNDRED HUNDRED HUNDRED
#define CLEF	"\xf0\x9d\x84\x9e"	/* four bytes, one character */
#define MANY	"Rechnung für die Mitgliedschaft im Schwimmverein, für die " \
		"Sauna, für den Kurs am Dienstag und für das Übrige"

#define HEAD	"Date From To Subject Message-ID MIME-Version "
#define TAGGED	"Content-Language "
#define AUTO	"Auto-Submitted "
#define CLICK	"List-Unsubscribe List-Unsubscribe-Post "
#define ALL	HEAD TAGGED AUTO CLICK "Content-Type "

static const struct letter sample = {
	"Gym Uno", "pay@gateway.example", "Anna", "anna@example.org",
	"Payment to Gym Uno", "Hi\n", "<p>Hi</p>", "1.2@gateway.example",
	"https://pay.example/stop?x=1", "en", 1775217600
};

static const char wire[] =
	"Date: Fri, 03 Apr 2026 12:00:00 +0000\r\n"
	"From: Gym Uno <pay@gateway.example>\r\n"
	"To: Anna <anna@example.org>\r\n"
	"Subject: Payment to Gym Uno\r\n"
	"Message-ID: <1.2@gateway.example>\r\n"
	"MIME-Version: 1.0\r\n"
	"Content-Language: en\r\n"
	"Auto-Submitted: auto-generated\r\n"
	"List-Unsubscribe: <https://pay.example/stop?x=1>\r\n"
	"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
	"Content-Type: multipart/alternative;\r\n"
	" boundary=\"=_alternative_\"\r\n"
	"\r\n"
	"--=_alternative_\r\n"
	"Content-Type: text/plain; charset=utf-8\r\n"
	"Content-Transfer-Encoding: base64\r\n"
	"\r\n"
	"SGkNCg==\r\n"
	"--=_alternative_\r\n"
	"Content-Type: text/html; charset=utf-8\r\n"
	"Content-Transfer-Encoding: base64\r\n"
	"\r\n"
	"PHA+SGk8L3A+\r\n"
	"--=_alternative_--\r\n";

#define F(field)	offsetof(struct letter, field), #field

/* One field that is not as it should be, and the headers that come of it. */
static const struct {
	size_t		 at;
	const char	*field, *value, *headers;
	const char	*shows;
} hostile[] = {
	{ F(subject),	"Hi\r\nBcc: x@evil.example",	ALL, "CRLF and a header" },
	{ F(subject),	"Hi\nBcc: x@evil.example",	ALL, "LF alone" },
	{ F(subject),	"Hi\rBcc: x@evil.example",	ALL, "CR alone" },
	{ F(subject),	"Hi\r\n\r\nBody",		ALL, "the end of the headers" },
	{ F(subject),	"\r\n",				ALL, "nothing but a line end" },
	{ F(subject),	"Ü\r\nBcc: x@evil.example",	ALL, "the same, encoded" },
	{ F(subject),	"=?UTF-8?B?DQpCY2M6IHg=?=",	ALL, "an encoded word of its own" },
	{ F(subject),	KILO KILO,			ALL, "one word of 2000 bytes" },
	{ F(subject),	"a\v\f\x01\x7f z",		ALL, "other control characters" },
	{ F(from_name),	"A\r\nBcc: x@evil.example",	ALL, "CRLF and a header" },
	{ F(from_name),	"A\" <x@evil.example>, \"B",	ALL, "a quote and an address" },
	{ F(from_name),	"A <x@evil.example>, B",	ALL, "an address" },
	{ F(from_name),	"A\\",				ALL, "a backslash at the end" },
	{ F(from_name),	NULL,				ALL, "none" },
	{ F(to_name),	"A\r\nBcc: x@evil.example",	ALL, "CRLF and a header" },
	{ F(to_name),	"A <x@evil.example>, B",	ALL, "a second recipient" },
	{ F(to_name),	"A, x@evil.example",		ALL, "a second recipient, bare" },
	{ F(to_name),	"Ä <x@evil.example>,",		ALL, "a second one, encoded" },
	{ F(to_name),	"",				ALL, "empty" },
	{ F(to),	"a@b.example\r\nBcc: x@evil.example", ALL, "CRLF and a header" },
	{ F(to),	"a@b.example>, <x@evil.example", ALL, "a second recipient" },
	{ F(to),	"a@b.example, x@evil.example",	ALL, "a comma" },
	{ F(to),	"g:a@b.example;",		ALL, "a group" },
	{ F(to),	KILO,				ALL, "1000 bytes" },
	{ F(from),	"a@b.example>\r\nBcc: x@evil.example", ALL, "CRLF and a header" },
	{ F(from),	"a@b.example>, <x@evil.example", ALL, "a second sender" },
	{ F(message_id), "1@b>\r\nBcc: x@evil.example",	ALL, "CRLF and a header" },
	{ F(message_id), KILO KILO,			ALL, "2000 bytes" },
	{ F(language),	"en\r\nBcc: x@evil.example",	HEAD AUTO CLICK "Content-Type ", "CRLF" },
	{ F(language),	"",				HEAD AUTO CLICK "Content-Type ", "empty" },
	{ F(language),	TEN TEN TEN "abcdef",		HEAD AUTO CLICK "Content-Type ", "36 bytes" },
	{ F(language),	NULL,				HEAD AUTO CLICK "Content-Type ", "none" },
	{ F(language),	"pt-BR",			ALL, "with a region" },
	{ F(unsubscribe_url), NULL,			HEAD TAGGED AUTO "Content-Type ", "none" },
	{ F(unsubscribe_url), "http://b.example/",	HEAD TAGGED AUTO "Content-Type ", "not https" },
	{ F(unsubscribe_url), "https://b.example/>, <mailto:x@evil.example",
							HEAD TAGGED AUTO "Content-Type ", "a second one" },
	{ F(unsubscribe_url), "https://b.example/>,<https://evil.example",
							HEAD TAGGED AUTO "Content-Type ", "a second one, no blank" },
	{ F(unsubscribe_url), "https://b.example/\r\nBcc: x@evil.example",
							HEAD TAGGED AUTO "Content-Type ", "CRLF" },
	{ F(unsubscribe_url), "https://" KILO,		HEAD TAGGED AUTO "Content-Type ", "1000 bytes" },
	{ F(text),	"--=_alternative_\r\n\r\n.\r\n",	ALL, "the boundary" },
	{ F(html),	"--=_alternative_--\r\n.\r\n",	ALL, "the last boundary" },
	{ F(html),	"",				ALL, "empty" },
};

/* What a reader gets for a subject or a name. */
static const struct {
	const char	*put, *got;
	const char	*shows;
} values[] = {
	{ "Payment to Gym Uno",		"Payment to Gym Uno", "plain ASCII" },
	{ "Zahlung an Käsehaus: 9 €",	"Zahlung an Käsehaus: 9 €", "two and three bytes" },
	{ "Плащане към Фитнес",		"Плащане към Фитнес", "Cyrillic" },
	{ CLEF " " CLEF,		CLEF " " CLEF, "four bytes, and a blank between" },
	{ MANY,				MANY, "long, more than one word" },
	{ "Pay " SIXTY " " SIXTY " now", "Pay " SIXTY " " SIXTY " now", "long, plain" },
	{ HUNDRED HUNDRED,		HUNDRED HUNDRED, "long, without a blank" },
	{ "a  b",			"a  b", "two blanks" },
	{ "  a b \t",			"a b", "blanks around it go" },
	{ "=?UTF-8?B?YQ==?=",		"=?UTF-8?B?YQ==?=", "looks encoded, is not" },
	{ "a =? b",			"a =? b", "begins like an encoded word" },
	{ "O'Hara & \"Sons\", (Ltd.)",	"O'Hara & \"Sons\", (Ltd.)", "signs" },
	{ "back\\slash",		"back\\slash", "a backslash" },
	{ "a\xff" "b\xc3",		"a\ufffd" "b\ufffd", "bytes that are not UTF-8" },
	{ "\xed\xa0\x80",		"\ufffd\ufffd\ufffd", "half a surrogate pair" },
	{ "\xf0\x9d\x84",		"\ufffd\ufffd\ufffd", "cut off in a character" },
	{ "a\xc2\x85" "b\u2028" "c",	"a b c", "line ends of Unicode" },
	{ "abc\u202e" "fdp.exe",	"abc fdp.exe", "a direction mark" },
	{ "a\r\nb",			"a  b", "a line end is two blanks" },
	{ "",				"", "empty" },
};

static const struct {
	const char	*text;
	bool		 good;
	const char	*shows;
} addresses[] = {
	{ "anna@example.org",		true,  "an address" },
	{ "a@b.co",			true,  "a short one" },
	{ "first.last+tag@mail.example.org", true, "dots, a plus, a subdomain" },
	{ "!#$%&'*+-/=?^_`{|}~@example.org", true, "every sign of a dot-atom" },
	{ "o'hara@example.org",		true,  "an apostrophe" },
	{ "a@xn--bcher-kva.example",	true,  "punycode" },
	{ "a@xn--e1afmkfd.xn--p1ai",	true,  "punycode in the last label" },
	{ "a@1and1.example",		true,  "a label that begins with a digit" },
	{ "a@b.c0",			true,  "a last label with a digit" },
	{ SIXTY "abcd@example.org",	true,  "a local part of 64" },
	{ SIXTY "abcde@example.org",	false, "a local part of 65" },
	{ "a@" SIXTY "abc.org",		true,  "a label of 63" },
	{ "a@" SIXTY "abcd.org",	false, "a label of 64" },
	{ "a@" SIXTY "." SIXTY "." SIXTY "." SIXTY "." "abcdefgh", true, "254 bytes" },
	{ "a@" SIXTY "." SIXTY "." SIXTY "." SIXTY "." "abcdefghi", false, "255 bytes" },
	{ "",				false, "empty" },
	{ "anna",			false, "no @" },
	{ "@example.org",		false, "no local part" },
	{ "anna@",			false, "no domain" },
	{ "a@b@example.org",		false, "two @" },
	{ "a@localhost",		false, "one label" },
	{ "a@example.",			false, "a dot at the end" },
	{ "a@.example",			false, "a dot before the domain" },
	{ "a@b..example",		false, "two dots in the domain" },
	{ "a@-b.example",		false, "a hyphen before a label" },
	{ "a@b-.example",		false, "a hyphen behind a label" },
	{ "a@b.example-",		false, "a hyphen behind the last" },
	{ "a@192.168.0.1",		false, "a last label of digits" },
	{ "a@[192.168.0.1]",		false, "an address literal" },
	{ "a@b_c.example",		false, "an underscore in the domain" },
	{ ".a@example.org",		false, "a leading dot" },
	{ "a.@example.org",		false, "a trailing dot" },
	{ "a..b@example.org",		false, "two dots" },
	{ "\"a b\"@example.org",	false, "a quoted local part" },
	{ "a b@example.org",		false, "a blank" },
	{ " a@example.org",		false, "a blank before it" },
	{ "a@example.org ",		false, "a blank behind it" },
	{ "a@example.org\r\nBcc: b",	false, "a line end" },
	{ "a@example.org\n",		false, "a line end at the end" },
	{ "<a@example.org>",		false, "angle brackets" },
	{ "A <a@example.org>",		false, "a name" },
	{ "a@example.org,b@example.org", false, "two addresses" },
	{ "\xc3\xa4@example.org",	false, "not ASCII" },
	{ "a@b\xc3\xbc" "cher.example",	false, "a domain that is not ASCII" },
};

static const struct {
	const char	*text;
	bool		 good;
	const char	*shows;
} phones[] = {
	{ "+37060000000",	true,  "a number" },
	{ "+1234567",		true,  "7 digits" },
	{ "+123456789012345",	true,  "15 digits" },
	{ "+123456",		false, "6 digits" },
	{ "+1234567890123456",	false, "16 digits" },
	{ "+0123456789",	false, "a leading zero" },
	{ "37060000000",	false, "no +" },
	{ "0037060000000",	false, "00 for the +" },
	{ "++37060000000",	false, "two +" },
	{ "+370 600 00000",	false, "blanks" },
	{ "+370-600-00000",	false, "hyphens" },
	{ "+37060000000\n",	false, "a line end" },
	{ "+3706000000x",	false, "a letter" },
	{ "+",			false, "a + alone" },
	{ "",			false, "empty" },
};

/* The header's value, unfolded; "" if there is none. */
static const char *
value_of(struct arena *a, const char *message, const char *name)
{
	struct out o = { .arena = a };
	const char *p = strstr(message, arena_printf(a, "\r\n%s:", name));

	out_text(&o, "");
	if (p == NULL)
		return o.text;
	for (p += strlen(name) + 3; *p != '\0'; p++) {
		if (p[0] == '\r' && p[2] != ' ')
			break;
		if (*p != '\r' && *p != '\n')
			out_bytes(&o, p, 1);
	}
	return o.text + (*o.text == ' ');
}

static int
sextet(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ?
	    c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52 :
	    c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Adds what n characters of base64 say. */
static void
unbase64(struct out *o, const char *text, size_t n)
{
	uint32_t v = 0;
	int bits = 0;

	for (size_t i = 0; i < n; i++) {
		if (sextet(text[i]) < 0)
			continue;
		v = v << 6 | (uint32_t)sextet(text[i]);
		if ((bits += 6) >= 8) {
			const char byte = (char)(v >> (bits -= 8) & 0xff);

			out_bytes(o, &byte, 1);
		}
	}
}

/* A value as RFC 2047 has it read: a blank between encoded words is none.
 * *sound is cleared for a word that is too long or ends in a character. */
static const char *
decoded(struct arena *a, const char *p, bool *sound)
{
	struct out o = { .arena = a };
	bool word = false;

	out_text(&o, "");
	while (*p != '\0') {
		const char *end = strstr(p, "?=");
		bool next = str_starts(p, "=?UTF-8?B?") && end != NULL;
		size_t was = o.len;

		if (!next) {
			word = *p == ' ' && word &&
			    str_starts(p + 1, "=?UTF-8?B?");
			out_bytes(&o, p++, word ? 0 : 1);
			continue;
		}
		unbase64(&o, p + 10, (size_t)(end - p) - 10);
		*sound = *sound && end - p + 2 <= 75 &&
		    str_utf8(o.text + was, o.len - was);
		p = end + 2;
		word = true;
	}
	return o.text;
}

/* What a quoted string says; any other text is itself. */
static const char *
unquoted(struct arena *a, const char *p)
{
	struct out o = { .arena = a };

	out_text(&o, "");
	if (*p != '"')
		return p;
	for (p++; *p != '\0' && *p != '"'; p++) {
		p += *p == '\\';
		out_bytes(&o, p, 1);
	}
	return o.text;
}

/* The names of the headers, each with a blank behind it. */
static const char *
names_of(struct arena *a, const char *message)
{
	struct out o = { .arena = a };
	const char *end = strstr(message, "\r\n\r\n");

	out_text(&o, "");
	for (const char *p = message; p < end + 2; p = strstr(p, "\r\n") + 2)
		if (*p != ' ') {
			out_bytes(&o, p, strcspn(p, ":"));
			out_text(&o, " ");
		}
	return o.text;
}

/* Are there line ends of CRLF only, no line over max, and a last one? */
static bool
lines_sound(const char *p, size_t max)
{
	size_t n;

	for (; *p != '\0'; p += n + 2) {
		n = strcspn(p, "\r\n");
		if (p[n] != '\r' || p[n + 1] != '\n' || n > max)
			return false;
	}
	return true;
}

/* Addresses of a header: angle brackets outside quotes. */
static int64_t
addresses_of(const char *p)
{
	int64_t n = 0;
	bool quote = false;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else
			quote = quote != (*p == '"');
		n += *p == '<' && !quote;
	}
	return n;
}

static void
test_hostile(struct arena *a)
{
	for (size_t i = 0; i < NELEM(hostile); i++) {
		struct letter l = sample;
		const char *message;

		memcpy((char *)&l + hostile[i].at, &hostile[i].value,
		    sizeof(hostile[i].value));
		message = letter_print(a, &l);
		is_str(names_of(a, message), hostile[i].headers,
		    "%s: %s: the headers", hostile[i].field, hostile[i].shows);
		is_true(lines_sound(message, 998), "%s: %s: the lines",
		    hostile[i].field, hostile[i].shows);
		is_true(addresses_of(value_of(a, message, "To")) == 1 &&
		    addresses_of(value_of(a, message, "From")) == 1,
		    "%s: %s: one sender, one recipient", hostile[i].field,
		    hostile[i].shows);
	}
}

static void
test_value(struct arena *a, const char *put, const char *got,
    const char *shows)
{
	struct letter l = sample;
	const char *message, *name;
	bool sound = true;

	l.subject = l.to_name = put;
	message = letter_print(a, &l);
	is_str(decoded(a, value_of(a, message, "Subject"), &sound), got,
	    "subject: %s", shows);
	name = value_of(a, message, "To");
	name = arena_copy(a, name, strlen(name) - strlen("<anna@example.org>"));
	name = unquoted(a, decoded(a, name, &sound));
	is_true(strncmp(name, got, strlen(got)) == 0 &&
	    strspn(name + strlen(got), " ") == strlen(name + strlen(got)),
	    "name: %s", shows);
	is_true(sound, "words of 75 bytes, characters whole: %s", shows);
	is_true(lines_sound(message, 76), "lines of 76 bytes: %s", shows);
}

/* Four bytes at every place of an encoded word's end. */
static void
test_borders(struct arena *a)
{
	bool sound = true, same = true, folded = true;

	for (size_t pad = 0; pad < 60; pad++) {
		struct letter l = sample;
		const char *message;

		l.subject = arena_printf(a, "%.*s%s", (int)pad, SIXTY,
		    CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF
		    CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF);
		message = letter_print(a, &l);
		same = same && strcmp(l.subject, decoded(a, value_of(a,
		    message, "Subject"), &sound)) == 0;
		folded = folded && lines_sound(message, 76);
	}
	is_true(same, "four bytes at each border: the same text");
	is_true(sound, "four bytes at each border: never cut");
	is_true(folded, "four bytes at each border: lines of 76 bytes");
}

static void
test_body(struct arena *a)
{
	static const char text[] = "a\nb\r\nc\rd\n\n" CLEF "\xff" HUNDRED;
	struct letter l = sample;
	struct out o = { .arena = a };
	const char *p, *end;

	l.text = text;
	p = letter_print(a, &l);
	p = strstr(strstr(p, "text/plain"), "\r\n\r\n") + 4;
	end = strstr(p, "--=_alternative_\r\n");
	unbase64(&o, p, (size_t)(end - p));
	is_str(o.text, "a\r\nb\r\nc\r\nd\r\n\r\n" CLEF "\ufffd" HUNDRED,
	    "a body with line ends of CRLF and whole characters");
	is_int((int64_t)strcspn(p, "\r"), 76, "base64 in lines of 76");
}

static const struct {
	int64_t		 t;
	const char	*text;
	const char	*shows;
} dates[] = {
	{ 0,		"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n", "the first second" },
	{ 1798761599,	"Date: Thu, 31 Dec 2026 23:59:59 +0000\r\n", "the end of a year" },
	{ 1709208000,	"Date: Thu, 29 Feb 2024 12:00:00 +0000\r\n", "a leap day" },
	{ -432000,	"Date: Sat, 27 Dec 1969 00:00:00 +0000\r\n", "a week's end before 1970" },
	{ -1,		"Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n", "before 1970" },
};

int
main(void)
{
	struct arena *a = arena_new();
	struct letter l = sample;

	is_str(letter_print(a, &sample), wire, "a whole letter");
	for (size_t i = 0; i < NELEM(dates); i++) {
		l.date = dates[i].t;
		is_true(str_starts(letter_print(a, &l), dates[i].text), "%s",
		    dates[i].shows);
	}
	test_hostile(a);
	for (size_t i = 0; i < NELEM(values); i++)
		test_value(a, values[i].put, values[i].got, values[i].shows);
	test_borders(a);
	test_body(a);
	for (size_t i = 0; i < NELEM(addresses); i++)
		is_int(letter_address(addresses[i].text), addresses[i].good,
		    "address: %s", addresses[i].shows);
	for (size_t i = 0; i < NELEM(phones); i++)
		is_int(letter_phone(phones[i].text), phones[i].good,
		    "phone: %s", phones[i].shows);
	arena_free(a);
	return tap_done();
}
