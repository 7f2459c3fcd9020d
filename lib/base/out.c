#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/out.h"

static void
make_room(struct out *o, size_t more)
{
	size_t room = o->room == 0 ? 512 : o->room;
	char *text;

	if (o->len + more + 1 <= o->room)
		return;
	while (room < o->len + more + 1)
		room *= 2;
	text = arena_alloc(o->arena, room);
	if (o->len > 0)
		memcpy(text, o->text, o->len);
	o->text = text;
	o->room = room;
}

void
out_bytes(struct out *o, const void *bytes, size_t n)
{
	make_room(o, n);
	if (n > 0)
		memcpy(o->text + o->len, bytes, n);
	o->len += n;
	o->text[o->len] = '\0';
}

void
out_text(struct out *o, const char *text)
{
	out_bytes(o, text, strlen(text));
}

void
out_int(struct out *o, int64_t n)
{
	uint64_t u = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
	char tmp[24], *p = tmp + sizeof(tmp);

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) > 0);
	if (n < 0)
		*--p = '-';
	out_bytes(o, p, (size_t)(tmp + sizeof(tmp) - p));
}

void
out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	make_room(o, 64);
	va_start(ap, fmt);
	n = vsnprintf(o->text + o->len, o->room - o->len, fmt, ap);
	va_end(ap);
	if ((size_t)n >= o->room - o->len) {
		make_room(o, (size_t)n);
		va_start(ap, fmt);
		vsnprintf(o->text + o->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	o->len += (size_t)n;
}

/* Runs of plain characters are copied whole; < is kept out of HTML's way. */
void
out_json(struct out *o, const char *text)
{
	const char *p, *plain = text;

	if (text == NULL) {
		out_text(o, "null");
		return;
	}
	out_bytes(o, "\"", 1);
	for (p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != '"' && c != '\\' && c != '<')
			continue;
		out_bytes(o, plain, (size_t)(p - plain));
		plain = p + 1;
		if (c == '"' || c == '\\')
			out_printf(o, "\\%c", c);
		else if (c == '\n')
			out_bytes(o, "\\n", 2);
		else
			out_printf(o, "\\u%04x", c);
	}
	out_bytes(o, plain, (size_t)(p - plain));
	out_bytes(o, "\"", 1);
}

/* Would a spreadsheet run what begins here, blanks before it left aside? */
static bool
is_armed(const char *p)
{
	p += strspn(p, " \"'");
	return *p != '\0' && strchr("=+-@\t\r", *p) != NULL;
}

/* A spreadsheet may take another character than the comma for what separates
 * cells, and then does not see the quotes: what stands behind any of them is
 * disarmed as at the beginning. */
void
out_csv(struct out *o, const char *text)
{
	bool armed = is_armed(text), quoted;

	for (const char *p = text; !armed && *p != '\0'; p++)
		armed = strchr(";,|\t\r\n", *p) != NULL && is_armed(p + 1);
	quoted = armed || strpbrk(text, ",;|\t\"\r\n") != NULL;
	if (quoted)
		out_text(o, is_armed(text) ? "\"'" : "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"')
			out_text(o, "\"");
		out_bytes(o, text, 1);
		if (strchr(";,|\t\r\n", *text) != NULL && is_armed(text + 1))
			out_text(o, "'");
	}
	if (quoted)
		out_text(o, "\"");
}

void
out_form(struct out *o, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text != '\0'; text++)
		if (strchr(plain, *text) != NULL)
			out_bytes(o, text, 1);
		else
			out_printf(o, "%%%02X", (unsigned char)*text);
}
