/*
 * The clock of a demo, moved for all programs: what expires, is tried again
 * or comes late happens at once.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "dapit/dapit.h"

/* +90, +90s, +30m, +5h, +3d: seconds; 0 if it is none of these. */
static int64_t
parse(const char *word)
{
	static const struct { const char *unit; int64_t seconds; } units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 },
		{ "d", DAY_SECONDS },
	};
	char *end;
	long n;

	if (*word != '+' || word[1] < '0' || word[1] > '9')
		return 0;
	n = strtol(word + 1, &end, 10);
	for (size_t i = 0; n < 1000000000 && i < NELEM(units); i++)
		if (strcmp(end, units[i].unit) == 0)
			return n * units[i].seconds;
	return 0;
}

static enum err
note(struct cx *cx, int64_t offset)
{
	const char *path = cx->conf->clock_file;
	FILE *f = fopen(path, "we");

	if (f == NULL || fprintf(f, "%" PRId64, offset) < 0 ||
	    fclose(f) != 0)
		return fail(cx, ERR_INTERNAL, "%s: %s", path,
		    strerror(errno));
	return 0;
}

enum err
cmd_clock(struct cx *cx, struct words *w)
{
	char t[TIME_TEXT];
	int64_t more = w->n == 0 ? 0 : parse(w->word[0]);
	bool reset = w->n > 0 && strcmp(w->word[0], "reset") == 0;
	enum err e = 0;

	if (w->n > 0 && cx->conf->clock_file[0] == '\0')
		return fail(cx, ERR_STATE, "the clock is not moved where"
		    " [clock] file is not set, as in production");
	if (w->n > 0 && cx->conf->bank[PRODUCTION].iban[0] != '\0')
		return fail(cx, ERR_STATE, "the clock is not moved where there"
		    " is a production account");
	if (w->n > 0 && more == 0 && !reset)
		return fail(cx, ERR_PARAM, "%s is neither reset nor like"
		    " +90s, +30m, +5h, +3d", w->word[0]);
	if (w->n > 0)
		e = note(cx, reset ? 0 : cx_moved(cx->conf) + more);
	cx_tick(cx);
	if (e == 0)
		printf("%s\n", time_print(cx->now, t));
	return e;
}
