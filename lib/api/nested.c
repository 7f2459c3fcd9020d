/*
 * Names of a form that say where a value belongs: items[0][name]=Tea, as PHP
 * writes and reads an array.
 */
#include <string.h>

#include "api/action.h"
#include "api/args.h"
#include "base/str.h"

#define DEPTH		8
#define NUMBER_MAX	1000000000	/* of an element */

struct node {
	const char	*key;
	const char	*text;		/* NULL: it has children */
	struct node	*first, *last, *next;
};

/* The child of that key; an empty key is a new one's. */
static struct node *
child(struct cx *cx, struct node *of, const char *key)
{
	struct node *n;
	int64_t number, next = 0;

	for (n = of->first; n != NULL; n = n->next) {
		if (*key != '\0' && strcmp(n->key, key) == 0)
			return n;
		if (str_int(n->key, &number) && number >= next &&
		    number < NUMBER_MAX)
			next = number + 1;
	}
	n = arena_alloc(cx->arena, sizeof(*n));
	*n = (struct node){ .key = *key != '\0' ? key :
	    arena_printf(cx->arena, "%" PRId64, next) };
	if (of->last != NULL)
		of->last->next = n;
	else
		of->first = n;
	of->last = n;
	return n;
}

/* Puts a value where the rest of its name, [0][name], says. */
static void
put(struct cx *cx, struct node *at, const char *path, const char *text)
{
	size_t len;

	for (int depth = 0; *path == '[' && depth < DEPTH; depth++) {
		len = strcspn(++path, "]");
		if (path[len] != ']')
			return;
		at->text = NULL;
		at = child(cx, at, arena_copy(cx->arena, path, len));
		path += len + 1;
	}
	at->text = text;
}

static bool
is_list(const struct node *n)
{
	int64_t number;

	for (n = n->first; n != NULL; n = n->next)
		if (!str_int(n->key, &number))
			return false;
	return true;
}

static void
print(struct out *o, const struct node *n)
{
	bool list = is_list(n);

	if (n->first == NULL) {
		out_json(o, n->text);
		return;
	}
	out_text(o, list ? "[" : "{");
	for (const struct node *c = n->first; c != NULL; c = c->next) {
		if (!list) {
			out_json(o, c->key);
			out_text(o, ":");
		}
		print(o, c);
		out_text(o, c->next != NULL ? "," : "");
	}
	out_text(o, list ? "]" : "}");
}

static void
gather(struct cx *cx, const struct form *f, const char *name,
    struct node *root)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < f->n; i++)
		if (str_starts(f->pair[i].name, name) &&
		    f->pair[i].name[len] == '[')
			put(cx, root, f->pair[i].name + len, f->pair[i].text);
}

const char *
args_nested(struct cx *cx, const struct args *args, const char *name)
{
	struct node root = { 0 };
	struct out o = { .arena = cx->arena };

	gather(cx, &args->form, name, &root);
	if (root.first == NULL)
		gather(cx, &args->query, name, &root);
	if (root.first == NULL)
		return NULL;
	print(&o, &root);
	return o.text;
}
