#include <string.h>
#include <strings.h>

#include "api/kinds.h"
#include "base/calendar.h"
#include "base/speech.h"
#include "base/str.h"

#define BLANKS	" \t\r\n\v\f"

/* The bytes of white space at p. */
static size_t
blank(const char *p)
{
	return *p == '\0' ? 0 : strchr(BLANKS, *p) != NULL ? 1 :
	    strncmp(p, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

const char *
kinds_trim(struct arena *a, const char *text)
{
	size_t n, skip;

	for (; (skip = blank(text)) > 0; text += skip)
		;
	n = strlen(text);
	while (n > 0 && (strchr(BLANKS, text[n - 1]) != NULL ||
	    (n > 1 && memcmp(text + n - 2, "\xc2\xa0", 2) == 0)))
		n -= strchr(BLANKS, text[n - 1]) != NULL ? 1 : 2;
	return text[n] == '\0' ? text : arena_copy(a, text, n);
}

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

/* 60, and 60.0. */
static bool
whole(const char *text, int64_t *n)
{
	cents c;

	if (str_int(text, n))
		return true;
	if (!cents_parse(text, &c) || c % 100 != 0)
		return false;
	*n = c / 100;
	return true;
}

static enum err
set_int(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	int64_t n;

	if (raw->text == NULL || js_kind(raw->json) == JS_BOOL ||
	    !whole(raw->text, &n))
		return fail_param(cx, p->name, "must be a whole number.");
	if (p->kind == KIND_LIMIT && n > p->max)
		n = p->max;		/* the answer says so */
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
	    !(cx->half_up ? cents_round : cents_parse)(raw->text, &c))
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
	const char *text = raw->text == NULL ? "" : raw->text, *scheme;

	scheme = strncasecmp(text, "https://", 8) == 0 ? "https://" :
	    strncasecmp(text, "http://", 7) == 0 ? "http://" : "";
	if (*scheme != '\0')
		text += strlen(scheme);
	if (*scheme == '\0' || strlen(raw->text) > (size_t)p->max ||
	    !good_authority(text) || strpbrk(text, " \t\r\n\"<>") != NULL)
		return fail_param(cx, p->name, "must be an http or https URL"
		    " of at most %" PRId64 " bytes, without credentials.",
		    p->max);
	*(const char **)to = arena_printf(cx->arena, "%s%s", scheme, text);
	return 0;
}

/* The words of a list, for people. */
static const char *
words_text(struct cx *cx, const char *const *words)
{
	struct out o = { .arena = cx->arena };

	for (size_t i = 0; words[i] != NULL; i++)
		out_printf(&o, "%s%s", i == 0 ? "" :
		    words[i + 1] == NULL ? " or " : ", ", words[i]);
	return o.text;
}

static enum err
set_word(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	for (int64_t i = 0; raw->text != NULL && p->words[i] != NULL; i++)
		if (str_same(raw->text, p->words[i])) {
			*(int64_t *)to = i + 1;
			return 0;
		}
	return fail_param(cx, p->name, "must be %s.",
	    words_text(cx, p->words));
}

static enum err
set_bool(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	const char *text = raw->text == NULL ? "" : raw->text;

	*(int64_t *)to = strcmp(text, "1") == 0 || str_same(text, "true");
	return *(int64_t *)to || strcmp(text, "0") == 0 ||
	    str_same(text, "false") ? 0 : fail_param(cx, p->name,
	    "must be true or false.");
}

/* de, DE, de-DE, de_DE.UTF-8: the language is what counts. */
static enum err
set_language(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	const char *text = raw->text == NULL ? "" : raw->text;
	char *code = arena_copy(cx->arena, text, strcspn(text, "-_."));

	for (char *c = code; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (speech_find(code) == NULL)
		return fail_param(cx, p->name, "must be %s.",
		    words_text(cx, speech_languages()));
	*(const char **)to = code;
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

/* Its numbers are the shop's business: a number, or whatever text. */
static bool
good_item(const struct js *item)
{
	static const char *const scalars[] = { "name", "qty", "price",
	    "total" };

	for (size_t i = 0; i < NELEM(scalars); i++) {
		const struct js *v = js_get(item, scalars[i]);

		if (v != NULL && js_kind(v) != JS_NULL &&
		    js_kind(v) != JS_NUMBER && js_kind(v) != JS_TEXT)
			return false;
	}
	return js_kind(item) == JS_OBJECT;
}

struct gathered {
	struct out	*o;
	bool		 numbers;	/* all keys are such */
};

static void
gather(void *arg, const char *key, const struct js *v)
{
	struct gathered *g = arg;

	g->numbers = g->numbers && *key != '\0' &&
	    key[strspn(key, "0123456789")] == '\0';
	out_printf(g->o, "%s%s", g->o->len > 1 ? "," : "",
	    js_print(g->o->arena, v));
}

/* A PHP array with gaps comes as an object whose keys are numbers. */
static const struct js *
as_list(struct cx *cx, const struct js *v)
{
	struct out o = { .arena = cx->arena };
	struct gathered g = { &o, true };
	const char *why;

	if (js_kind(v) != JS_OBJECT)
		return v;
	out_text(&o, "[");
	js_each(v, gather, &g);
	out_text(&o, "]");
	return g.numbers ? js_parse(cx->arena, o.text, o.len, &why) : NULL;
}

/* A form sends the list as a text of JSON, or by names like items[0][qty]. */
static enum err
set_list(struct cx *cx, const struct param *p, const struct raw *raw, void *to)
{
	const struct js *list = raw->json;
	const char *why;

	if (raw->text != NULL)
		list = js_parse(cx->arena, raw->text, strlen(raw->text), &why);
	list = as_list(cx, list);
	if (js_kind(list) != JS_LIST || js_count(list) > (size_t)p->max)
		return fail_param(cx, p->name, "must be a list of at most %"
		    PRId64 " objects.", p->max);
	for (size_t i = 0; i < js_count(list); i++)
		if (!good_item(js_at(list, i)))
			return fail_param(cx, p->name, "must hold objects whose"
			    " name, qty, price and total are numbers or texts;"
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
	    js_print(cx->arena, as_list(cx, raw->json));
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
	[KIND_LIMIT]	= set_int,
	[KIND_BOOL]	= set_bool,
	[KIND_WORD]	= set_word,
	[KIND_LANGUAGE]	= set_language,
	[KIND_CENTS]	= set_cents,
	[KIND_URL]	= set_url,
	[KIND_CURRENCY]	= set_currency,
	[KIND_LIST]	= set_list,
	[KIND_DAY]	= set_day,
	[KIND_PERCENT]	= set_percent,
	[KIND_DAYS]	= set_days,
	[KIND_PAIRS]	= set_form,
};

enum err
kinds_set(struct cx *cx, const struct param *p, const struct raw *raw,
    void *to)
{
	return setters[p->kind](cx, p, raw, to);
}
