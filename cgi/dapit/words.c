/*
 * Arguments of a command line.
 */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "dapit/dapit.h"

#define OVERLAP_HOURS	24

enum err
word_int(struct cx *cx, const char *word, int64_t *n)
{
	return str_int(word, n) ? 0 :
	    fail(cx, ERR_PARAM, "%s is not a number", word);
}

enum err
word_stdin(struct cx *cx, const char **line)
{
	char buf[512];

	if (fgets(buf, sizeof(buf), stdin) == NULL)
		return fail(cx, ERR_PARAM, "standard input is empty");
	buf[strcspn(buf, "\r\n")] = '\0';
	*line = arena_copy(cx->arena, buf, strlen(buf));
	return 0;
}

enum err
word_environment(struct cx *cx, const char *word, int64_t *environment)
{
	for (int64_t i = 0; i < ENVIRONMENT__MAX; i++)
		if (strcmp(word, environment_word(i)) == 0) {
			*environment = i;
			return 0;
		}
	return fail(cx, ERR_PARAM, "%s is neither staging nor production",
	    word);
}

const char *
word_option(struct words *w, const char *name, bool value)
{
	int used = value ? 2 : 1;
	const char *found;

	for (int i = 0; i + used <= w->n; i++) {
		if (strcmp(w->word[i], name) != 0)
			continue;
		found = value ? w->word[i + 1] : "";
		for (int j = i; j + used < w->n; j++)
			w->word[j] = w->word[j + used];
		w->n -= used;
		return found;
	}
	return NULL;
}

const char *
word_because(struct cx *cx, struct words *w)
{
	const char *because = word_option(w, "--because", true);

	if (because != NULL && *because != '\0')
		return because;
	(void)!fail(cx, ERR_PARAM, "say why: --because TEXT");
	return NULL;
}

enum err
word_overlap(struct cx *cx, struct words *w, int64_t *until)
{
	const char *hours = word_option(w, "--hours", true);
	int64_t n = OVERLAP_HOURS;
	enum err e;

	if (hours != NULL && (e = word_int(cx, hours, &n)) != 0)
		return e;
	if (n < 0 || n > 24 * 366)
		return fail(cx, ERR_PARAM, "--hours must be 0 to 8784");
	*until = cx->now + n * 3600;
	return 0;
}
