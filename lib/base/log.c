#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/cx.h"
#include "base/log.h"
#include "base/str.h"

struct said {
	const char	*what, *why;
};

static const struct field said[] = {
	F_TEXT(said, what, "What it is about."),
	F_TEXT(said, why, "What happened."),
	{ 0 }
};

static const struct field head[] = {
	{ "time", FIELD_TIME, offsetof(struct cx, now), false, false, NULL,
	  "When." },
	{ 0 }
};

void
log_row(struct cx *cx, const struct field *f, const void *row)
{
	struct out o = { .arena = cx->arena };

	out_text(&o, "{");
	field_json(&o, head, cx);
	out_text(&o, ",");
	field_json(&o, f, row);
	out_text(&o, "}\n");
	if (write(STDERR_FILENO, o.text, o.len) < 0)
		return;		/* nobody is left to be told */
}

void
log_say(struct cx *cx, const char *what, const char *fmt, ...)
{
	char why[512];
	struct said row = { what, why };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	str_mend(why);
	log_row(cx, said, &row);
}

const char *
log_address(struct cx *cx, const char *address)
{
	const char *how = cx->conf->log_address;
	unsigned char b[16];
	char text[INET6_ADDRSTRLEN];
	int family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;

	if (*address != '\0' && strcmp(how, "full") == 0)
		return address;
	if (strcmp(how, "/24") != 0 || inet_pton(family, address, b) != 1)
		return NULL;
	memset(b + (family == AF_INET ? 3 : 6), 0, family == AF_INET ? 1 : 10);
	inet_ntop(family, b, text, sizeof(text));
	return arena_copy(cx->arena, text, strlen(text));
}
