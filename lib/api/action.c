#include <string.h>

#include "api/action.h"
#include "api/args.h"
#include "api/kinds.h"
#include "base/str.h"

const struct action *
action_find(const struct action *a, const char *name)
{
	for (; a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

/* What an optional parameter says nothing with: nothing, null, false, an empty
 * text; but an empty text may say: none. */
static bool
says_nothing(const struct param *p, const struct raw *raw)
{
	enum js_kind k = js_kind(raw->json);

	if (raw->text == NULL || (k == JS_BOOL && p->kind != KIND_BOOL &&
	    strcmp(raw->text, "false") == 0))
		return true;
	return raw->text[0] == '\0' &&
	    (p->kind != KIND_TEXT || p->min > 0);
}

/* *raw is what the request says of it; false: it is not sent. */
static bool
sent(struct cx *cx, const struct args *args, const struct param *p,
    struct raw *raw)
{
	*raw = (struct raw){ .form = &args->form,
	    .json = js_get(args->json, p->name) };
	if (p->kind == KIND_PAIRS)
		return true;
	if (js_kind(raw->json) == JS_LIST || js_kind(raw->json) == JS_OBJECT)
		return true;
	raw->text = args_text(args, p->name);
	if (raw->text == NULL && (p->kind == KIND_LIST ||
	    p->kind == KIND_DAYS))
		raw->text = args_nested(cx, args, p->name);
	if (raw->text != NULL)
		raw->text = kinds_trim(cx->arena, raw->text);
	return !says_nothing(p, raw) || (p->required && raw->text != NULL);
}

enum err
action_check(struct cx *cx, const struct action *a, const struct args *args,
    void **in)
{
	struct raw raw;
	enum err e;

	*in = arena_alloc(cx->arena, a->in_size);
	for (const struct param *p = a->params; p->name != NULL; p++) {
		if (!sent(cx, args, p, &raw)) {
			if (p->required)
				return fail_param(cx, p->name, "is missing.");
			continue;
		}
		e = kinds_set(cx, p, &raw, (char *)*in + p->at);
		if (e != 0)
			return e;
	}
	return 0;
}

char *
action_canon(struct cx *cx, const struct action *a, const struct args *args,
    bool lengths)
{
	struct out o = { .arena = cx->arena };
	const char *text;
	struct raw raw;

	out_text(&o, a->name);
	for (const struct param *p = a->params; p->name != NULL; p++) {
		if (!sent(cx, args, p, &raw) || p->kind == KIND_PAIRS)
			continue;
		text = raw.text != NULL ? raw.text :
		    js_print(cx->arena, raw.json);
		out_printf(&o, "\n%s=", p->name);
		if (lengths)
			out_printf(&o, "%zu:", strlen(text));
		out_text(&o, text);
	}
	return o.text;
}
