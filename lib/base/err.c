#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cx.h"
#include "base/str.h"

enum { KEPT, TOLD };

static const struct {
	int		 http;
	bool		 told;
	const char	*word, *doc;
} errors[ERR__MAX] = {
#define E(name, http, told, word, doc) [ERR_##name] = { http, told, word, doc },
	ERRORS(E)
#undef E
};

int err_http(enum err e) { return errors[e].http; }
const char *err_word(enum err e) { return errors[e].word; }
const char *err_doc(enum err e) { return errors[e].doc; }
bool err_told(enum err e) { return errors[e].told; }

enum err
fail(struct cx *cx, enum err e, const char *fmt, ...)
{
	va_list ap;

	if (cx->why[0] == '\0') {
		va_start(ap, fmt);
		vsnprintf(cx->why, sizeof(cx->why), fmt, ap);
		va_end(ap);
		str_mend(cx->why);	/* others may have said it */
	}
	return e;
}

enum err
fail_param(struct cx *cx, const char *field, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (cx->why[0] != '\0')
		return ERR_PARAM;
	snprintf(cx->field, sizeof(cx->field), "%s", field);
	n = snprintf(cx->why, sizeof(cx->why), "%s ", field);
	va_start(ap, fmt);
	if (n > 0 && (size_t)n < sizeof(cx->why))
		vsnprintf(cx->why + n, sizeof(cx->why) - (size_t)n, fmt, ap);
	va_end(ap);
	str_mend(cx->why);
	return ERR_PARAM;
}

void
fail_clear(struct cx *cx)
{
	cx->why[0] = cx->field[0] = '\0';
}
