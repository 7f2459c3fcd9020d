/*
 * What a command takes: its row says so for people, and the same text is what
 * is checked.  NAME is a word, [NAME] one that may be left out, NAME... any
 * number; --flag and --option VALUE may stand anywhere, and --option=VALUE is
 * the same; behind -- all are words.
 */
#include <stdio.h>
#include <string.h>

#include "dapit/dapit.h"

#define LETTERS	"abcdefghijklmnopqrstuvwxyz-"
#define OPTIONS	16		/* of one command */

/* An option as the row has it. */
struct option {
	const char	*name;		/* --name */
	size_t		 len;
	bool		 value;		/* it takes one */
	bool		 required;	/* it does not stand in brackets */
	bool		 given;
};

struct usage {
	struct option	 option[OPTIONS];
	size_t		 n;
	int		 min, max;	/* words */
};

/* Reads what stands at *p of a row, and moves behind it. */
static void
read_part(struct usage *u, const char **p, int depth)
{
	size_t len;

	if (strncmp(*p, "--", 2) == 0 && u->n < OPTIONS) {
		len = strspn(*p, LETTERS);
		u->option[u->n++] = (struct option){ .name = *p, .len = len,
		    .value = (*p)[len] == ' ' && (*p)[len + 1] >= 'A' &&
		    (*p)[len + 1] <= 'Z', .required = depth == 0 };
		*p += len;
		if (u->option[u->n - 1].value)
			*p += 1 + strcspn(*p + 1, "] |");
		return;
	}
	len = strcspn(*p, "] ");
	u->max = len > 3 && memcmp(*p + len - 3, "...", 3) == 0 ? 99 :
	    u->max + 1;
	u->min += depth == 0;
	*p += len;
}

static void
read_usage(const char *use, struct usage *u)
{
	int depth = 0;

	*u = (struct usage){ .n = 0 };
	while (*use != '\0')
		if (*use == '[' || *use == ']')
			depth += *use++ == '[' ? 1 : -1;
		else if (*use == ' ' || *use == '|')
			use++;
		else
			read_part(u, &use, depth);
}

static struct option *
find(struct usage *u, const char *word, size_t len)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->option[i].len == len &&
		    strncmp(u->option[i].name, word, len) == 0)
			return &u->option[i];
	return NULL;
}

/* Takes the option at *i of the words; what is wrong with it, or NULL. */
static const char *
take(struct usage *u, const struct words *w, int *i, char **out, int *n)
{
	char *word = w->word[*i], *equals = strchr(word, '=');
	struct option *o = find(u, word, strcspn(word, "="));

	if (o == NULL)
		return "there is no such option";
	if (o->given)
		return "it is there twice";
	if (!o->value && equals != NULL)
		return "it takes no value";
	if (o->value && equals == NULL && *i + 1 == w->n)
		return "it needs a value";
	o->given = true;
	out[(*n)++] = word;
	if (!o->value)
		return NULL;
	if (equals == NULL)
		out[(*n)++] = w->word[++*i];
	else {
		*equals = '\0';
		out[(*n)++] = equals + 1;
	}
	return NULL;
}

static bool
complain(const struct command *c, const char *what, const char *why)
{
	fprintf(stderr, "dapit: %s: %s\nusage: dapit %s %s\n", what, why,
	    c->name, c->use);
	return false;
}

bool
usage_check(const struct command *c, struct words *w, char **out)
{
	struct usage u;
	char *options[2 * OPTIONS + 2];
	int n = 0, taken = 0;
	bool only_words = false;
	const char *why;

	read_usage(c->use, &u);
	for (int i = 0; i < w->n; i++) {
		if (only_words || strncmp(w->word[i], "--", 2) != 0) {
			out[n++] = w->word[i];
			continue;
		}
		only_words = w->word[i][2] == '\0';
		if (!only_words && (why = take(&u, w, &i, options,
		    &taken)) != NULL)
			return complain(c, w->word[i], why);
	}
	if (n < u.min || n > u.max)
		return complain(c, c->name, n < u.min ? "a word is missing" :
		    "there are too many words");
	for (size_t i = 0; i < u.n; i++)
		if (u.option[i].required && !u.option[i].given)
			return complain(c, c->name,
			    "an option is missing that it needs");
	for (int i = 0; i < taken; i++)
		out[n++] = options[i];
	w->word = out;
	w->n = n;
	return true;
}
