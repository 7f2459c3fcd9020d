/*
 * The values of a request.  A query or a form is a list of names and texts; a
 * JSON body is kept as it was parsed.
 */
#include <string.h>

#include "api/action.h"
#include "api/args.h"
#include "base/str.h"

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ?
	    c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes n bytes of a form; a % that is none stays. */
static char *
decode(struct arena *a, const char *p, size_t n, size_t *len)
{
	char *out = arena_alloc(a, n + 1), *to = out;

	for (const char *end = p + n; p < end; p++) {
		if (*p == '%' && end - p > 2 && hex(p[1]) >= 0 &&
		    hex(p[2]) >= 0) {
			*to++ = (char)(hex(p[1]) << 4 | hex(p[2]));
			p += 2;
		} else
			*to++ = *p == '+' ? ' ' : *p;
	}
	*len = (size_t)(to - out);
	return out;
}

static enum err
read_pair(struct cx *cx, const char *p, size_t n, struct pair *pair)
{
	const char *eq = memchr(p, '=', n);
	size_t name_len = eq == NULL ? n : (size_t)(eq - p), len;

	pair->name = decode(cx->arena, p, name_len, &len);
	if (!str_utf8(pair->name, len))
		return fail(cx, ERR_BODY, "A parameter's name is not UTF-8.");
	pair->text = "";
	if (eq == NULL)
		return 0;
	pair->text = decode(cx->arena, eq + 1, n - name_len - 1, &len);
	if (!str_utf8(pair->text, len))
		return fail(cx, ERR_BODY, "%s is not UTF-8.",
		    str_cut(cx->arena, pair->name, 30));
	return 0;
}

static enum err
read_form(struct cx *cx, const char *p, size_t n, struct form *f)
{
	const char *end = p + n, *amp;
	enum err e;

	f->pair = arena_alloc(cx->arena, sizeof(*f->pair));
	for (size_t room = 1; p < end; p = amp + 1) {
		amp = memchr(p, '&', (size_t)(end - p));
		amp = amp == NULL ? end : amp;
		if (amp == p)
			continue;
		if (f->n == PAIRS_MAX)
			return fail(cx, ERR_BODY, "Too many parameters.");
		if (f->n == room) {
			struct pair *more = arena_alloc(cx->arena,
			    2 * room * sizeof(*more));

			memcpy(more, f->pair, room * sizeof(*more));
			f->pair = more;
			room *= 2;
		}
		e = read_pair(cx, p, (size_t)(amp - p), &f->pair[f->n]);
		if (e != 0)
			return e;
		f->n++;
	}
	return 0;
}

static enum err
read_json(struct cx *cx, const char *body, size_t len, struct args *args)
{
	const char *why;

	if (memchr(body, '\0', len) != NULL)
		return fail(cx, ERR_BODY, "The body holds a NUL byte.");
	args->json = js_parse(cx->arena, body, len, &why);
	if (args->json == NULL)
		return fail(cx, ERR_BODY, "The body is not valid JSON: %s.",
		    why);
	if (js_kind(args->json) == JS_LIST && js_count(args->json) == 0)
		args->json = NULL;	/* PHP's empty object */
	else if (js_kind(args->json) != JS_OBJECT)
		return fail(cx, ERR_BODY, "The body must be a JSON object.");
	return 0;
}

/* A form is expected where nothing is said. */
static const struct {
	const char	*type;
	enum form_of { OTHER, JSON, FORM, MULTIPART } is;
} types[] = {
	{ "",					 FORM },
	{ "application/x-www-form-urlencoded",	 FORM },
	{ "multipart/form-data",		 MULTIPART },
	{ "application/json",			 JSON },
	{ "text/json",				 JSON },
};

/* The first character from *at on that is no white space; NUL: none. */
static char
first(const char *body, size_t len, size_t *at)
{
	while (*at < len && body[*at] != '\0' &&
	    strchr(" \t\r\n", body[*at]) != NULL)
		++*at;
	return *at < len ? body[(*at)++] : '\0';
}

/* PHP clients forget the header: a body that opens with { is JSON, and so is
 * an empty list. */
static enum form_of
form_of(struct cx *cx, const char *type, const char *body, size_t len)
{
	const char *name = arena_copy(cx->arena, type, strcspn(type, "; \t"));
	size_t at = 0;
	char c = first(body, len, &at);

	if (c == '{' || (c == '[' && first(body, len, &at) == ']'))
		return JSON;
	for (size_t i = 0; i < NELEM(types); i++)
		if (str_same(name, types[i].type))
			return types[i].is;
	return OTHER;
}

enum err
args_read(struct cx *cx, const char *query, const char *type,
    const char *body, size_t len, struct args **out)
{
	struct args *args = arena_alloc(cx->arena, sizeof(*args));
	enum err e;

	*out = args;
	if ((e = read_form(cx, query, strlen(query), &args->query)) != 0)
		return e;
	if (len == 0)
		return 0;
	switch (form_of(cx, type, body, len)) {
	case JSON:
		return read_json(cx, body, len, args);
	case FORM:
		return read_form(cx, body, len, &args->form);
	case MULTIPART:
		return multipart_read(cx, type, body, len, &args->form);
	case OTHER:
		break;
	}
	return fail(cx, ERR_BODY, "unsupported content type %s: send JSON or"
	    " a form.", str_cut(cx->arena, type, 60));
}

static const char *
form_text(const struct form *f, const char *name)
{
	for (size_t i = f->n; i > 0; i--)
		if (strcmp(f->pair[i - 1].name, name) == 0)
			return f->pair[i - 1].text;
	return NULL;
}

const char *
args_text(const struct args *args, const char *name)
{
	const char *text = js_member(args->json, name);

	if (text == NULL)
		text = form_text(&args->form, name);
	return text == NULL ? form_text(&args->query, name) : text;
}

bool
args_clash(const struct args *args, const char *name)
{
	const char *q = form_text(&args->query, name);
	const char *text = args_text(args, name);

	return q != NULL && strcmp(q, text) != 0;
}

const char *
args_action(const struct args *args)
{
	const char *name = form_text(&args->query, "action");

	return name == NULL ? args_text(args, "action") : name;
}
