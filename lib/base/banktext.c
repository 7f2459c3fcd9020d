#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banktext.h"

#define ENTITY	10		/* characters of the longest */

/* Each looks at what stands at p: the bytes that it takes, 0 if it is not its
 * own; *c is what they mean, a blank if nothing. */

/* <br>, <br/>, <BR /> */
static size_t
line_break(const char *p, char *c)
{
	size_t n;

	*c = ' ';
	if (strncasecmp(p, "<br", 3) != 0)
		return 0;
	n = 3 + strspn(p + 3, " /");
	return p[n] == '>' ? n + 1 : 0;
}

/* &#45; &#x2D; &nbsp; */
static size_t
entity(const char *p, char *c)
{
	const char *end = *p == '&' ? strchr(p, ';') : NULL;
	bool hex = end != NULL && (p[2] == 'x' || p[2] == 'X');
	long code;

	*c = ' ';
	if (end == NULL || end - p > ENTITY || end - p < 3)
		return 0;
	if (p[1] == '#') {
		code = strtol(p + (hex ? 3 : 2), NULL, hex ? 16 : 10);
		*c = code > ' ' && code < 127 ? (char)code : ' ';
	} else if (strspn(p + 1, "abcdefghijklmnopqrstuvwxyz") !=
	    (size_t)(end - p - 1)) {
		return 0;
	}
	return (size_t)(end - p) + 1;
}

/* %2D */
static size_t
percent(const char *p, char *c)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	char hex[3] = "";
	long code;

	if (*p != '%' || p[1] == '\0' || strchr(digits, p[1]) == NULL ||
	    p[2] == '\0' || strchr(digits, p[2]) == NULL)
		return 0;
	memcpy(hex, p + 1, 2);
	code = strtol(hex, NULL, 16);
	*c = code > ' ' && code < 127 ? (char)code : ' ';
	return 3;
}

/* ?20 to ?29 and ?60 to ?63, in front of the pieces of an MT940 text. */
static size_t
subfield(const char *p, char *c)
{
	*c = ' ';
	return *p == '?' && ((p[1] == '2' && p[2] >= '0' && p[2] <= '9') ||
	    (p[1] == '6' && p[2] >= '0' && p[2] <= '3')) ? 3 : 0;
}

/* A backslash and a letter, for a line's end. */
static size_t
escape(const char *p, char *c)
{
	*c = ' ';
	return *p == '\\' && p[1] != '\0' && strchr("nrt", p[1]) != NULL ? 2 :
	    0;
}

/* U+FF01 to U+FF5E: the ASCII characters, made as wide as Chinese ones. */
static size_t
full_width(const char *p, char *c)
{
	const unsigned char *u = (const unsigned char *)p;
	int code;

	if (u[0] != 0xef || (u[1] != 0xbc && u[1] != 0xbd) || u[2] < 0x80)
		return 0;
	code = (u[1] - 0xbc) * 64 + (u[2] - 0x80) + ' ';
	if (code <= ' ' || code >= 127)
		return 0;
	*c = (char)code;
	return 3;
}

char *
banktext_plain(struct arena *a, const char *text)
{
	static size_t (*const kinds[])(const char *, char *) = {
		line_break, entity, percent, subfield, escape, full_width
	};
	char *plain = arena_alloc(a, strlen(text) + 1), *to = plain;
	bool found = false;

	while (*text != '\0') {
		size_t n = 0;

		for (size_t i = 0; n == 0 && i < NELEM(kinds); i++)
			n = kinds[i](text, to);
		found = found || n > 0;
		if (n == 0)
			*to = *text;
		text += n == 0 ? 1 : n;
		to++;
	}
	*to = '\0';
	return found ? plain : NULL;
}
