/*
 * A body of multipart/form-data (RFC 7578), as PHP's curl sends an array.
 */
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>

#include "api/args.h"
#include "base/str.h"

#define BOUNDARY_MAX	70		/* RFC 2046 */

/* The value of ; name=value in a header's line, quoted or not. */
static const char *
attribute(struct arena *a, const char *line, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = line; (p = strchr(p, ';')) != NULL;) {
		p += 1 + strspn(p + 1, " \t");
		if (strncasecmp(p, name, len) != 0 || p[len] != '=')
			continue;
		p += len + 1;
		return *p == '"' ? arena_copy(a, p + 1, strcspn(p + 1, "\"")) :
		    arena_copy(a, p, strcspn(p, "; \t\r\n"));
	}
	return NULL;
}

/* One part: its headers, an empty line, its value. */
static enum err
read_part(struct cx *cx, const char *p, size_t n, struct pair *pair)
{
	const char *body = memmem(p, n, "\r\n\r\n", 4), *line;
	size_t len;

	if (body == NULL)
		return fail(cx, ERR_BODY, "A part of the form has no end.");
	line = arena_copy(cx->arena, p, (size_t)(body - p));
	body += 4;
	len = n - (size_t)(body - p);
	if (!str_utf8(line, strlen(line)))
		return fail(cx, ERR_BODY, "A parameter's name is not UTF-8.");
	if ((line = strcasestr(line, "Content-Disposition:")) == NULL ||
	    (pair->name = attribute(cx->arena, line, "name")) == NULL)
		return fail(cx, ERR_BODY, "A part of the form has no name.");
	if (attribute(cx->arena, line, "filename") != NULL)
		return fail(cx, ERR_BODY, "%s is a file: files are not taken.",
		    str_cut(cx->arena, pair->name, 30));
	if (!str_utf8(body, len))
		return fail(cx, ERR_BODY, "%s is not UTF-8.",
		    str_cut(cx->arena, pair->name, 30));
	pair->text = arena_copy(cx->arena, body, len);
	return 0;
}

/* Behind each boundary "--" ends all, and a line's end begins a part. */
enum err
multipart_read(struct cx *cx, const char *type, const char *body, size_t len,
    struct form *f)
{
	const char *boundary = attribute(cx->arena, type, "boundary");
	const char *p = body, *end = body + len, *next;
	char *mark;
	size_t n;
	enum err e;

	if (boundary == NULL || *boundary == '\0' ||
	    strlen(boundary) > BOUNDARY_MAX)
		return fail(cx, ERR_BODY, "The form's boundary is missing.");
	mark = arena_printf(cx->arena, "\r\n--%s", boundary);
	n = strlen(mark);
	f->pair = arena_alloc(cx->arena, PAIRS_MAX * sizeof(*f->pair));
	if (len >= n - 2 && memcmp(body, mark + 2, n - 2) == 0)
		p += n - 2;
	else if ((p = memmem(body, len, mark, n)) != NULL)
		p += n;
	while (p != NULL && end - p >= 2 && memcmp(p, "--", 2) != 0) {
		next = memmem(p, (size_t)(end - p), mark, n);
		if (next == NULL || f->n == PAIRS_MAX)
			return fail(cx, ERR_BODY, next == NULL ? "The form"
			    " has no end." : "Too many parameters.");
		e = read_part(cx, p, (size_t)(next - p), &f->pair[f->n]);
		if (e != 0)
			return e;
		f->n++;
		p = next + n;
	}
	return p != NULL ? 0 : fail(cx, ERR_BODY,
	    "The form's boundary is not in it.");
}
