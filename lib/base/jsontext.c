#include <string.h>

#include "base/jsontext.h"
#include "base/str.h"

#define REPLACEMENT	0xfffdU
#define BLANKS		" \t\r\n"

/* A text on its way from p to end. */
struct reader {
	const char	*p, *end;
	struct out	*o;
	bool		 mends;
	const char	*why;		/* set: it is not strict */
};

static void
refuse(struct reader *r, const char *why)
{
	r->why = why;
	r->p = r->end;
}

/* As UTF-16, which is what \u escapes are. */
static void
put_escaped(struct out *o, uint32_t c)
{
	if (c < 0x10000) {
		out_printf(o, "\\u%04x", c);
		return;
	}
	c -= 0x10000;
	out_printf(o, "\\u%04x\\u%04x", 0xd800 + (c >> 10),
	    0xdc00 + (c & 0x3ff));
}

static const char *
digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > from ? p : NULL;
}

/* Do 64 bits hold a whole number of n digits? */
static bool
holds(const char *p, size_t n, bool negative)
{
	const char *most = negative ? "9223372036854775808" :
	    "18446744073709551615";

	return n < strlen(most) ||
	    (n == strlen(most) && strncmp(p, most, n) <= 0);
}

/* Is all of it a number of RFC 8259's form that can be kept as it is? */
static bool
is_number(const char *p, const char *end)
{
	const char *from = p + (p < end && *p == '-'), *q;

	q = from < end && *from == '0' ? from + 1 : digits(from, end);
	if (q == end && q != NULL)
		return holds(from, (size_t)(end - from), from > p);
	if (q != NULL && *q == '.')
		q = digits(q + 1, end);
	if (q != NULL && q < end && (*q == 'e' || *q == 'E')) {
		q++;
		q = digits(q + (q < end && (*q == '+' || *q == '-')), end);
	}
	return q == end;
}

static bool
is_word(const char *p, const char *end)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < NELEM(words); i++)
		if ((size_t)(end - p) == strlen(words[i]) &&
		    memcmp(p, words[i], (size_t)(end - p)) == 0)
			return true;
	return false;
}

/* What stands outside of strings, up to a blank, a bracket, a comma, .... */
static void
read_bare(struct reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && (unsigned char)*r->p < 0x80 && *r->p > ' ' &&
	    strchr(",:[]{}\"", *r->p) == NULL)
		r->p++;
	if (is_number(from, r->p) || is_word(from, r->p)) {
		out_bytes(r->o, from, (size_t)(r->p - from));
	} else if (r->mends) {
		out_bytes(r->o, "\"", 1);
		for (; from < r->p; from++)
			out_printf(r->o, *from == '\\' ? "\\\\" : "%c", *from);
		out_bytes(r->o, "\"", 1);
	} else {
		refuse(r, "a number that is none, or is too long to be kept as"
		    " it is, or a word that is not true, false or null");
	}
}

/* The four hex digits of an escape at p; -1 if they are none. */
static int64_t
hex4(const char *p, const char *end)
{
	int64_t n = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		const char *at, *all = "0123456789abcdefABCDEF";

		if (p[i] == '\0' || (at = strchr(all, p[i])) == NULL)
			return -1;
		n = n * 16 + (at - all > 15 ? at - all - 6 : at - all);
	}
	return n;
}

/* \uXXXX, perhaps with the other half of a pair behind it. */
static void
read_unicode(struct reader *r)
{
	int64_t c = hex4(r->p + 2, r->end), low = -1;

	if (c < 0 && r->mends) {
		out_text(r->o, "\\\\u");
		r->p += 2;
		return;
	}
	if (c < 0 || (c == 0 && !r->mends)) {
		refuse(r, c == 0 ? "a NUL, written as an escape" :
		    "an escape that is none");
		return;
	}
	r->p += 6;
	if (c >= 0xd800 && c < 0xdc00 && r->end - r->p >= 6 &&
	    r->p[0] == '\\' && r->p[1] == 'u')
		low = hex4(r->p + 2, r->end);
	if (low >= 0xdc00 && low < 0xe000) {
		put_escaped(r->o, (uint32_t)(0x10000 + ((c - 0xd800) << 10) +
		    (low - 0xdc00)));
		r->p += 6;
	} else {
		put_escaped(r->o, c == 0 || (c >= 0xd800 && c < 0xe000) ?
		    REPLACEMENT : (uint32_t)c);
	}
}

static void
read_escape(struct reader *r)
{
	char c = r->end - r->p > 1 ? r->p[1] : '\0';

	if (c == 'u') {
		read_unicode(r);
	} else if (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) {
		out_bytes(r->o, r->p, 2);
		r->p += 2;
	} else if (r->mends) {
		out_text(r->o, "\\\\");
		r->p++;
	} else {
		refuse(r, "an escape that is none");
	}
}

/* A byte that JSON does not have in a string as it is. */
static void
read_odd(struct reader *r)
{
	unsigned char c = (unsigned char)*r->p;
	uint32_t point;
	size_t n = c < 0x80 ? 0 : str_character(r->p,
	    (size_t)(r->end - r->p), &point);

	if (n == 0 && !r->mends) {
		refuse(r, c >= 0x80 ? "not UTF-8" :
		    "a control character that is not escaped");
		return;
	}
	if (n == 0)
		point = c == 0 || (c >= 0x80 && c < 0xa0) ? REPLACEMENT : c;
	put_escaped(r->o, point);
	r->p += n == 0 ? 1 : n;
}

static void
read_string(struct reader *r)
{
	const char *from = r->p++;

	for (; r->p < r->end && *r->p != '"'; from = r->p) {
		while (r->p < r->end && (unsigned char)*r->p >= 0x20 &&
		    (unsigned char)*r->p < 0x80 && *r->p != '"' &&
		    *r->p != '\\')
			r->p++;
		out_bytes(r->o, from, (size_t)(r->p - from));
		if (r->p == r->end || *r->p == '"')
			continue;
		if (*r->p == '\\')
			read_escape(r);
		else
			read_odd(r);
	}
	if (r->p < r->end) {		/* its end, or of "" all of it */
		r->p++;
		out_bytes(r->o, from, (size_t)(r->p - from));
	}
}

static void
read_all(struct reader *r)
{
	while (r->p < r->end) {
		unsigned char c = (unsigned char)*r->p;

		if (c == '"') {
			read_string(r);
		} else if (c != '\0' && strchr(",:[]{}" BLANKS, c) != NULL) {
			out_bytes(r->o, r->p++, 1);
		} else if (c > ' ' && c < 0x80) {
			read_bare(r);
		} else if (r->mends) {
			r->p++;		/* a byte order mark, a NUL */
			out_bytes(r->o, " ", 1);
		} else {
			refuse(r, "a character that JSON does not have"
			    " outside of strings");
		}
	}
}

bool
jsontext_strict(struct out *o, const char *text, size_t n, const char **why)
{
	struct reader r = { text, text + n, o, false, NULL };

	read_all(&r);
	if (r.why != NULL)
		*why = r.why;
	return r.why == NULL;
}

void
jsontext_mend(struct out *o, const char *text, size_t n)
{
	struct reader r = { text, text + n, o, true, NULL };

	read_all(&r);
}
