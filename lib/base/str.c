#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* The code point of n well-formed bytes. */
static uint32_t
code_point(const unsigned char *p, size_t n)
{
	uint32_t c = n == 1 ? *p : *p & (0x7fU >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

size_t
str_character(const char *text, size_t left, uint32_t *point)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 :
	    *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;

	if (n == 0 || n > left || *p == 0)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
	    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	*point = code_point(p, n);
	return n;
}

bool
str_utf8(const char *text, size_t len)
{
	uint32_t point;
	size_t n;

	for (; len > 0; text += n, len -= n)
		if ((n = str_character(text, len, &point)) == 0)
			return false;
	return true;
}

void
str_mend(char *text)
{
	if (str_utf8(text, strlen(text)))
		return;
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			*text = '?';
}

char *
str_cut(struct arena *a, const char *text, size_t max)
{
	size_t n = strlen(text);

	if (n > max)
		for (n = max; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
			n--;
	return arena_copy(a, text, n);
}

bool
str_int(const char *text, int64_t *out)
{
	const char *p = *text == '-' ? text + 1 : text;
	char *end;
	long long n;

	if (*p < '0' || *p > '9')
		return false;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (*end != '\0' || errno != 0)
		return false;
	*out = n;
	return true;
}

char *
str_origin_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://");
	size_t scheme = host == NULL ? 0 : (size_t)(host - url) + 3;
	size_t n = scheme + strcspn(url + scheme, "/?#\\");
	char *origin = arena_copy(a, url, n < 255 ? n : 255);

	for (char *p = origin; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return origin;
}

bool
str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
str_same(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

char *
str_hex(struct arena *a, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = arena_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	return hex;
}

static int
nibble(char c)
{
	c = lower(c);
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
str_unhex(const char *text, unsigned char *out, size_t n)
{
	if (strlen(text) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = nibble(text[2 * i]), lo = nibble(text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (unsigned char)(hi << 4 | lo);
	}
	return true;
}

bool
str_origin(const char *text)
{
	const char *host = str_starts(text, "https://") ? text + 8 :
	    str_starts(text, "http://") ? text + 7 : "";
	size_t n = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	const char *port = host[n] == ':' ? host + n + 1 : NULL;

	if (n == 0 || strlen(text) > 255)
		return false;
	if (port == NULL)
		return host[n] == '\0';
	n = strspn(port, "0123456789");
	return n > 0 && n <= 5 && port[n] == '\0';
}
