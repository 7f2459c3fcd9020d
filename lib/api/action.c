#include <string.h>

#include "api/action.h"
#include "api/args.h"
#include "base/calendar.h"
#include "base/str.h"

/* What a request says of one parameter. */
struct raw {
	const char	*text;		/* a scalar; NULL: none */
	const struct js	*json;		/* the JSON value, if it was one */
	const struct form *form;	/* the whole body, if it was one */
};

static enum err
set_text(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	int64_t len;

	if (raw->text == NULL)
		return fail_param(cx, p->name, "must be a text.");
	len = (int64_t)strlen(raw->text);
	if (len < p->min || len > p->max)
		return fail_param(cx, p->name, "must have %" PRId64 " to %"
		    PRId64 " bytes.", p->min, p->max);
	*(const char **)to = raw->text;
	return 0;
}

static enum err
set_int(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	int64_t n;

	if (raw->text == NULL || !str_int(raw->text, &n))
		return fail_param(cx, p->name, "must be a whole number.");
	if (n < p->min || n > p->max)
		return fail_param(cx, p->name, "must be from %" PRId64 " to %"
		    PRId64 ".", p->min, p->max);
	*(int64_t *)to = n;
	return 0;
}

static enum err
set_cents(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	char min[CENTS_TEXT], max[CENTS_TEXT];
	cents c;

	if (raw->text == NULL || js_kind(raw->json) == JS_BOOL ||
	    !cents_parse(raw->text, &c))
		return fail_param(cx, p->name, "must be a number of euros with"
		    " at most two decimals, such as 49.99.");
	if (c < p->min || c > p->max)
		return fail_param(cx, p->name, "must be from %s to %s.",
		    cents_print(p->min, min), cents_print(p->max, max));
	*(cents *)to = c;
	return 0;
}

/* The part between the scheme and the first slash, ? or #. */
static bool
good_authority(const char *p)
{
	size_t n = strcspn(p, "/?#\\");

	return n > 0 && *p != ':' && memchr(p, '@', n) == NULL;
}

static enum err
set_url(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	const char *text = raw->text, *host;

	host = text == NULL || strlen(text) > (size_t)p->max ? NULL :
	    strncmp(text, "https://", 8) == 0 ? text + 8 :
	    strncmp(text, "http://", 7) == 0 ? text + 7 : NULL;
	if (host == NULL || !good_authority(host) ||
	    strpbrk(text, " \t\r\n\"<>") != NULL)
		return fail_param(cx, p->name, "must be an http or https URL"
		    " of at most %" PRId64 " bytes, without credentials.",
		    p->max);
	*(const char **)to = text;
	return 0;
}

static enum err
set_currency(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	if (raw->text == NULL || !str_same(raw->text, "EUR")) {
		(void)fail_param(cx, p->name, "must be EUR.");
		return ERR_CURRENCY;
	}
	*(const char **)to = "EUR";
	return 0;
}

/* A number, or a text that is one, or nothing. */
static bool
numeric(const struct js *v)
{
	const char *text = js_text(v);
	cents c;

	return v == NULL || js_kind(v) == JS_NUMBER ||
	    (js_kind(v) == JS_TEXT && cents_parse(text, &c));
}

static bool
good_item(const struct js *item)
{
	return js_kind(item) == JS_OBJECT &&
	    (js_get(item, "name") == NULL ||
	    js_text(js_get(item, "name")) != NULL) &&
	    numeric(js_get(item, "qty")) && numeric(js_get(item, "price")) &&
	    numeric(js_get(item, "total"));
}

/* A form sends the list as a text of JSON. */
static enum err
set_list(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	const struct js *list = raw->json;
	const char *why;

	if (raw->text != NULL)
		list = js_parse(cx->arena, raw->text, strlen(raw->text), &why);
	if (js_kind(list) != JS_LIST || js_count(list) > (size_t)p->max)
		return fail_param(cx, p->name, "must be a list of at most %"
		    PRId64 " objects.", p->max);
	for (size_t i = 0; i < js_count(list); i++)
		if (!good_item(js_at(list, i)))
			return fail_param(cx, p->name, "must hold objects with"
			    " a text name and numbers qty, price and total;"
			    " the one at %zu is not.", i);
	*(const char **)to = js_print(cx->arena, list);
	return 0;
}

static enum err
set_day(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	if (raw->text == NULL || strlen(raw->text) != 10 ||
	    !day_parse(raw->text, to))
		return fail_param(cx, p->name,
		    "must be a day written YYYY-MM-DD.");
	return 0;
}

static enum err
set_percent(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	char max[CENTS_TEXT];
	int64_t *n = to;

	if (raw->text == NULL || js_kind(raw->json) == JS_BOOL ||
	    !cents_parse(raw->text, n) || *n < p->min || *n > p->max)
		return fail_param(cx, p->name, "must be a number from 0 to %s"
		    " with at most two decimals.", cents_print(p->max, max));
	return 0;
}

/* [3,7] or "3,7": each larger than the one before. */
static enum err
set_days(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	const char *text = raw->text != NULL ? raw->text :
	    js_print(cx->arena, raw->json);
	struct out o = { .arena = cx->arena };
	int64_t days, last = 0, n = 0;
	bool good = true;
	char *word;

	for (text += strspn(text, "[ "); good && strchr("]", *text) == NULL;
	    text += strcspn(text, ",]") + (text[strcspn(text, ",]")] == ',')) {
		text += strspn(text, " ");
		word = arena_copy(cx->arena, text, strcspn(text, " ,]"));
		good = str_int(word, &days) && days > last && days <= 365 &&
		    ++n <= p->max;
		last = days;
		out_printf(&o, "%s%" PRId64, o.len == 0 ? "" : ",", days);
	}
	if (!good)
		return fail_param(cx, p->name, "must be at most %" PRId64
		    " numbers of days, 1 to 365, each larger than the one"
		    " before, such as [3,7].", p->max);
	*(const char **)to = o.len == 0 ? "" : o.text;
	return 0;
}

static enum err
set_form(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	const struct form *f = raw->form;
	const char **list = arena_alloc(cx->arena, (2 * f->n + 1) *
	    sizeof(*list));

	(void)p;
	for (size_t i = 0; i < f->n; i++) {
		size_t at = i;

		for (; at > 0 && strcmp(list[2 * at - 2],
		    f->pair[i].name) > 0; at--) {
			list[2 * at] = list[2 * at - 2];
			list[2 * at + 1] = list[2 * at - 1];
		}
		list[2 * at] = f->pair[i].name;
		list[2 * at + 1] = f->pair[i].text;
	}
	*(const char *const **)to = list;
	return 0;
}

static enum err (*const setters[KIND__MAX])(struct cx *, const struct param *,
    const struct raw *, void *) = {
	[KIND_TEXT]	= set_text,
	[KIND_INT]	= set_int,
	[KIND_CENTS]	= set_cents,
	[KIND_URL]	= set_url,
	[KIND_CURRENCY]	= set_currency,
	[KIND_LIST]	= set_list,
	[KIND_DAY]	= set_day,
	[KIND_PERCENT]	= set_percent,
	[KIND_DAYS]	= set_days,
	[KIND_PAIRS]	= set_form,
};

const struct action *
action_find(const struct action *a, const char *name)
{
	for (; a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

/* A JSON null is not sent; so is an empty text where nothing is needed, unless
 * it says: none. */
static bool
sent(const struct args *args, const struct param *p, struct raw *raw)
{
	raw->form = &args->form;
	raw->json = js_get(args->json, p->name);
	if (p->kind == KIND_PAIRS)
		return true;
	if (js_kind(raw->json) == JS_LIST || js_kind(raw->json) == JS_OBJECT) {
		raw->text = NULL;
		return true;
	}
	raw->text = args_text(args, p->name);
	return raw->text != NULL && (p->required || raw->text[0] != '\0' ||
	    (p->kind == KIND_TEXT && p->min == 0));
}

enum err
action_check(struct cx *cx, const struct action *a, const struct args *args,
    void **in)
{
	struct raw raw;
	enum err e;

	*in = arena_alloc(cx->arena, a->in_size);
	for (const struct param *p = a->params; p->name != NULL; p++) {
		if (!sent(args, p, &raw)) {
			if (p->required)
				return fail_param(cx, p->name, "is missing.");
			continue;
		}
		e = setters[p->kind](cx, p, &raw, (char *)*in + p->at);
		if (e != 0)
			return e;
	}
	return 0;
}

char *
action_canon(struct cx *cx, const struct action *a, const struct args *args)
{
	struct out o = { .arena = cx->arena };
	struct raw raw;

	out_text(&o, a->name);
	for (const struct param *p = a->params; p->name != NULL; p++)
		if (sent(args, p, &raw) && p->kind != KIND_PAIRS)
			out_printf(&o, "\n%s=%s", p->name, raw.text != NULL ?
			    raw.text : js_print(cx->arena, raw.json));
	return o.text;
}
