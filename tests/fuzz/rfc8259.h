/*
 * rfc8259.h - is a text JSON?  Word by word as RFC 8259 has it, so that it
 * can judge json-c and our own writing.
 */
#ifndef RFC8259_H
#define RFC8259_H

#include <stdbool.h>
#include <string.h>

static inline const char *rfc_value(const char *, int depth);

static inline const char *
rfc_blank(const char *p)
{
	return p == NULL ? NULL : p + strspn(p, " \t\r\n");
}

static inline const char *
rfc_digits(const char *p)
{
	size_t n = p == NULL ? 0 : strspn(p, "0123456789");

	return n == 0 ? NULL : p + n;
}

static inline const char *
rfc_number(const char *p)
{
	p += *p == '-';
	p = *p == '0' ? p + 1 : rfc_digits(p);
	if (p != NULL && *p == '.')
		p = rfc_digits(p + 1);
	if (p != NULL && (*p == 'e' || *p == 'E'))
		p = rfc_digits(p + 1 + (p[1] == '+' || p[1] == '-'));
	return p;
}

static inline const char *
rfc_string(const char *p)
{
	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p != '\\')
			continue;
		if (*++p == '\0' || strchr("\"\\/bfnrtu", *p) == NULL)
			return NULL;
		if (*p == 'u' && strspn(p + 1, "0123456789abcdefABCDEF") < 4)
			return NULL;
	}
	return p + 1;
}

static inline const char *
rfc_name(const char *p)
{
	p = rfc_blank(rfc_string(rfc_blank(p)));
	return p == NULL || *p != ':' ? NULL : p + 1;
}

/* What stands between brackets; named: between braces. */
static inline const char *
rfc_members(const char *p, bool named, int depth)
{
	char end = named ? '}' : ']';

	if (*rfc_blank(p) == end)
		return rfc_blank(p) + 1;
	for (;; p++) {
		if (named && (p = rfc_name(p)) == NULL)
			return NULL;
		p = rfc_value(p, depth);
		if (p == NULL || (*p != ',' && *p != end))
			return NULL;
		if (*p == end)
			return p + 1;
	}
}

static inline const char *
rfc_value(const char *p, int depth)
{
	static const char *const words[] = { "true", "false", "null" };

	p = rfc_blank(p);
	if (depth == 0)
		return NULL;
	if (*p == '{' || *p == '[')
		return rfc_blank(rfc_members(p + 1, *p == '{', depth - 1));
	if (*p == '"')
		return rfc_blank(rfc_string(p));
	for (size_t i = 0; i < 3; i++)
		if (strncmp(p, words[i], strlen(words[i])) == 0)
			return rfc_blank(p + strlen(words[i]));
	return rfc_blank(rfc_number(p));
}

static inline bool
rfc8259(const char *text)
{
	const char *end = rfc_value(text, 64);

	return end != NULL && *end == '\0';
}

#endif
