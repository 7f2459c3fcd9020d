#include <string.h>

#include <json-c/json.h>

#include "base/jsontext.h"
#include "io/js.h"

#define DEPTH		32
#define DEPTH_MENDED	500

static void
drop(void *json)
{
	json_object_put(json);
}

/* json-c's own value, seen through our name; it is only read. */
static struct json_object *
own(const struct js *v)
{
	return (struct json_object *)(uintptr_t)v;
}

static const struct js *
ours(struct json_object *o)
{
	return (const struct js *)o;
}

static bool
only_blanks(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p == end;
}

/* ASCII text, whose strings and numbers are known to be well-formed. */
static const struct js *
parse(struct arena *a, const struct out *in, int depth, const char **why)
{
	const char *text = in->text == NULL ? "" : in->text;
	struct json_tokener *t;
	struct json_object *o;
	enum json_tokener_error rc;
	size_t end;

	*why = "too long";
	if (in->len > INT32_MAX - 1)
		return NULL;
	t = json_tokener_new_ex(depth + 1);
	json_tokener_set_flags(t, JSON_TOKENER_STRICT |
	    JSON_TOKENER_ALLOW_TRAILING_CHARS);
	o = json_tokener_parse_ex(t, text, (int)in->len + 1);
	rc = json_tokener_get_error(t);
	end = json_tokener_get_parse_end(t);
	json_tokener_free(t);
	if (o != NULL)
		arena_defer(a, drop, o);
	*why = rc == json_tokener_continue ? "the JSON is cut off" :
	    json_tokener_error_desc(rc);
	if (rc != json_tokener_success)
		return NULL;
	*why = "something stands behind the JSON";
	if (end < in->len && !only_blanks(text + end, text + in->len))
		return NULL;
	*why = "null is not a request";
	return ours(o);
}

const struct js *
js_parse(struct arena *a, const char *text, size_t len, const char **why)
{
	struct out ascii = { .arena = a };

	if (!jsontext_strict(&ascii, text, len, why))
		return NULL;
	return parse(a, &ascii, DEPTH, why);
}

const struct js *
js_mend(struct arena *a, const char *text, size_t len, const char **why)
{
	struct out ascii = { .arena = a };

	jsontext_mend(&ascii, text, len);
	return parse(a, &ascii, DEPTH_MENDED, why);
}

enum js_kind
js_kind(const struct js *v)
{
	if (v == NULL)
		return JS_NONE;
	switch (json_object_get_type(own(v))) {
	case json_type_boolean:
		return JS_BOOL;
	case json_type_double:
	case json_type_int:
		return JS_NUMBER;
	case json_type_string:
		return JS_TEXT;
	case json_type_array:
		return JS_LIST;
	case json_type_object:
		return JS_OBJECT;
	default:
		return JS_NULL;
	}
}

const struct js *
js_get(const struct js *v, const char *key)
{
	struct json_object *o = NULL;

	if (js_kind(v) != JS_OBJECT ||
	    !json_object_object_get_ex(own(v), key, &o))
		return NULL;
	return ours(o);
}

const struct js *
js_at(const struct js *v, size_t i)
{
	return js_kind(v) != JS_LIST ? NULL :
	    ours(json_object_array_get_idx(own(v), i));
}

size_t
js_count(const struct js *v)
{
	return js_kind(v) == JS_LIST ? json_object_array_length(own(v)) :
	    js_kind(v) == JS_OBJECT ?
	    (size_t)json_object_object_length(own(v)) : 0;
}

const char *
js_text(const struct js *v)
{
	switch (js_kind(v)) {
	case JS_BOOL:
	case JS_NUMBER:
	case JS_TEXT:
		return json_object_get_string(own(v));
	default:
		return NULL;
	}
}

const char *
js_member(const struct js *v, const char *key)
{
	return js_text(js_get(v, key));
}

void
js_each(const struct js *v,
    void (*each)(void *arg, const char *key, const struct js *), void *arg)
{
	struct json_object_iterator i, end;

	if (js_kind(v) != JS_OBJECT)
		return;
	i = json_object_iter_begin(own(v));
	end = json_object_iter_end(own(v));
	for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i))
		each(arg, json_object_iter_peek_name(&i),
		    ours(json_object_iter_peek_value(&i)));
}

const char *
js_print(struct arena *a, const struct js *v)
{
	const char *text = json_object_to_json_string_ext(own(v),
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	return arena_copy(a, text, strlen(text));
}
