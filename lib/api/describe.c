#include <string.h>

#include "api/describe.h"
#include "api/serve.h"
#include "base/speech.h"


/* What is written into, and where examples come from. */
struct page {
	struct out		 o;
	const struct service	*service;
	const struct js		*examples;
};

static void
put_text(struct out *o, const char *name, const char *text)
{
	out_printf(o, "\"%s\":", name);
	out_json(o, text);
}

/* --- parameters */

static void
put_words(struct out *o, const char *const *words)
{
	out_text(o, "\"type\":\"string\",\"enum\":[");
	for (size_t i = 0; words[i] != NULL; i++)
		out_printf(o, "%s\"%s\"", i == 0 ? "" : ",", words[i]);
	out_text(o, "]");
}

static void
put_kind(struct out *o, const struct param *p)
{
	char min[CENTS_TEXT], max[CENTS_TEXT];

	switch (p->kind) {
	case KIND_TEXT:
		out_printf(o, "\"type\":\"string\",\"minLength\":%" PRId64
		    ",\"maxLength\":%" PRId64, p->min, p->max);
		break;
	case KIND_INT:
	case KIND_LIMIT:
		out_printf(o, "\"type\":\"integer\",\"minimum\":%" PRId64,
		    p->min);
		if (p->max == INT64_MAX)
			out_text(o, ",\"format\":\"int64\"");
		else if (p->kind == KIND_INT)
			out_printf(o, ",\"maximum\":%" PRId64, p->max);
		break;
	case KIND_BOOL:
		out_text(o, "\"type\":\"boolean\"");
		break;
	case KIND_WORD:
		put_words(o, p->words);
		break;
	case KIND_LANGUAGE:
		put_words(o, speech_languages());
		break;
	case KIND_CENTS:
	case KIND_PERCENT:	/* in hundredths both */
		out_printf(o, "\"type\":\"number\",\"minimum\":%s,"
		    "\"maximum\":%s", cents_print(p->min, min),
		    cents_print(p->max, max));
		break;
	case KIND_URL:
		out_printf(o, "\"type\":\"string\",\"format\":\"uri\","
		    "\"maxLength\":%" PRId64, p->max);
		break;
	case KIND_CURRENCY:
		out_text(o, "\"type\":\"string\",\"enum\":[\"EUR\"]");
		break;
	case KIND_LIST:
		out_printf(o, "\"type\":\"array\",\"maxItems\":%" PRId64
		    ",\"items\":{\"type\":\"object\"}", p->max);
		break;
	case KIND_DAY:
		out_text(o, "\"type\":\"string\",\"format\":\"date\"");
		break;
	case KIND_DAYS:
		out_printf(o, "\"type\":\"array\",\"maxItems\":%" PRId64
		    ",\"items\":{\"type\":\"integer\"}", p->max);
		break;
	case KIND_PAIRS:
		out_text(o, "\"type\":\"object\"");
		break;
	case KIND__MAX:
		break;
	}
}

static bool
needs_any(const struct param *p)
{
	for (; p->name != NULL; p++)
		if (p->required)
			return true;
	return false;
}

static void
put_required(struct out *o, const struct param *p)
{
	const char *comma = "";

	out_text(o, ",\"required\":[");
	for (; p->name != NULL; p++)
		if (p->required) {
			out_printf(o, "%s\"%s\"", comma, p->name);
			comma = ",";
		}
	out_text(o, "]");
}

static void
put_body(struct page *pg, const struct action *a)
{
	struct out *o = &pg->o;
	const struct js *example = js_get(js_get(pg->examples, a->name),
	    "request");
	const char *comma = "";

	if (a->params->name == NULL)
		return;
	out_printf(o, ",\"requestBody\":{\"required\":%s,\"content\":{"
	    "\"application/json\":{\"schema\":{\"type\":\"object\","
	    "\"properties\":{", needs_any(a->params) ? "true" : "false");
	for (const struct param *p = a->params; p->name != NULL; p++) {
		out_printf(o, "%s\"%s\":{", comma, p->name);
		put_kind(o, p);
		out_text(o, ",");
		put_text(o, "description", p->doc);
		out_text(o, "}");
		comma = ",";
	}
	out_text(o, "}");
	if (needs_any(a->params))
		put_required(o, a->params);
	out_text(o, "}");
	if (example != NULL)
		out_printf(o, ",\"example\":%s", js_print(o->arena, example));
	out_text(o, "}}}");
}

static void
put_query(struct out *o, const struct param *p)
{
	const char *comma = "";

	out_text(o, ",\"parameters\":[");
	for (; p->name != NULL; p++) {
		out_printf(o, "%s{\"name\":\"%s\",\"in\":\"query\","
		    "\"required\":%s,\"schema\":{", comma, p->name,
		    p->required ? "true" : "false");
		put_kind(o, p);
		out_text(o, "},");
		put_text(o, "description", p->doc);
		out_text(o, "}");
		comma = ",";
	}
	out_text(o, "]");
}

/* --- answers */

static void put_fields(struct out *, const struct field *const *, size_t,
    bool success);

static void
put_field(struct out *o, const struct field *f)
{
	const char *null = f->or_null ? ",\"null\"" : "";

	out_printf(o, "\"%s\":{", f->name);
	switch (f->kind) {
	case FIELD_TEXT:
		out_printf(o, "\"type\":[\"string\"%s]", null);
		break;
	case FIELD_TIME:
		out_printf(o, "\"type\":[\"string\"%s],\"pattern\":"
		    "\"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}$\"", null);
		break;
	case FIELD_INT:
		out_text(o, "\"type\":\"integer\"");
		break;
	case FIELD_CENTS:
	case FIELD_PERCENT:
		out_text(o, "\"type\":\"number\"");
		break;
	case FIELD_BOOL:
		out_text(o, "\"type\":\"boolean\"");
		break;
	case FIELD_RAW:
		out_text(o, "\"type\":[\"object\",\"array\",\"null\"]");
		break;
	case FIELD_ROWS:
		out_text(o, "\"type\":\"array\",\"items\":");
		put_fields(o, &f->of, 1, false);
		break;
	}
	out_text(o, ",");
	put_text(o, "description", f->doc);
	out_text(o, "}");
}

/* An object of several tables' fields, one behind the other. */
static void
put_fields(struct out *o, const struct field *const *parts, size_t n,
    bool success)
{
	const char *comma = success ? "," : "";

	out_printf(o, "{\"type\":\"object\",\"properties\":{%s", success ?
	    "\"success\":{\"type\":\"boolean\",\"const\":true}" : "");
	for (size_t i = 0; i < n && parts[i] != NULL; i++)
		for (const struct field *f = parts[i]; f->name != NULL; f++) {
			out_text(o, comma);
			put_field(o, f);
			comma = ",";
		}
	comma = success ? "," : "";
	out_printf(o, "},\"required\":[%s", success ? "\"success\"" : "");
	for (size_t i = 0; i < n && parts[i] != NULL; i++)
		for (const struct field *f = parts[i]; f->name != NULL; f++)
			if (!f->may_lack) {
				out_printf(o, "%s\"%s\"", comma, f->name);
				comma = ",";
			}
	out_text(o, "]}");
}

static void
put_examples(struct page *pg, const struct action *a)
{
	const struct js *given = js_get(js_get(pg->examples, a->name),
	    "answers");
	const char *comma = "";

	if (js_count(given) == 0)
		return;
	out_text(&pg->o, ",\"examples\":{");
	for (const struct answer *w = a->answers; w->name != NULL; w++) {
		const struct js *one = js_get(given, w->name);

		if (one == NULL)
			continue;
		out_printf(&pg->o, "%s\"%s\":{\"value\":%s}", comma, w->name,
		    js_print(pg->o.arena, one));
		comma = ",";
	}
	out_text(&pg->o, "}");
}

/* All JSON answers of an action are one schema, the others one each. */
static void
put_content(struct page *pg, const struct action *a)
{
	struct out *o = &pg->o;
	const char *comma = "";
	bool json = false;

	for (const struct answer *w = a->answers; w->name != NULL; w++)
		if (w->type != NULL) {
			out_printf(o, "%s\"%s\":{\"schema\":{\"type\":"
			    "\"string\"}}", comma, w->type);
			comma = ",";
		} else
			json = true;
	if (!json)
		return;
	out_printf(o, "%s\"application/json\":{\"schema\":{\"anyOf\":[", comma);
	comma = "";
	for (const struct answer *w = a->answers; w->name != NULL; w++)
		if (w->type == NULL) {
			out_text(o, comma);
			put_fields(o, w->parts, NELEM(w->parts), true);
			comma = ",";
		}
	out_text(o, "]}");
	put_examples(pg, a);
	out_text(o, "}");
}

/* Is it an answer of this action? */
static bool
may_fail(const struct action *a, int status)
{
	switch (status) {
	case 401:
		return a->who != ANYONE;
	case 403:
	case 422:
		return a->who == MERCHANT && a->method != READ;
	case 501:
	case 502:
		return false;
	}
	return true;
}

static void
put_answers(struct page *pg, const struct action *a)
{
	bool seen[600] = { false };

	out_text(&pg->o, ",\"responses\":{\"200\":{\"description\":\"Done.\","
	    "\"content\":{");
	put_content(pg, a);
	out_text(&pg->o, "}}");
	for (enum err e = 1; e < ERR__MAX; e++) {
		int status = err_http(e);

		if (!seen[status] && may_fail(a, status))
			out_printf(&pg->o, ",\"%d\":{\"$ref\":"
			    "\"#/components/responses/%d\"}", status, status);
		seen[status] = true;
	}
	out_text(&pg->o, "}");
}

static void
put_operation(struct page *pg, const struct action *a, bool get)
{
	struct out *o = &pg->o;

	out_printf(o, "\"%s\":{\"operationId\":\"%s%s\",", get ? "get" :
	    "post", a->name, get ? "_get" : "");
	put_text(o, "summary", a->doc);
	out_printf(o, ",\"tags\":[\"%s\"],\"security\":[%s]",
	    a->who == MERCHANT ? "merchant" : a->who == BANK ? "bank" :
	    "shopper", a->who == MERCHANT ? "{\"key\":[]}" : "");
	if (get)
		put_query(o, a->params);
	else
		put_body(pg, a);
	put_answers(pg, a);
	out_text(o, "}");
}

static void
put_paths(struct page *pg)
{
	const char *comma = "";

	out_text(&pg->o, ",\"paths\":{");
	for (const struct action *a = pg->service->actions; a->name != NULL;
	    a++) {
		out_printf(&pg->o, "%s\"%s/%s\":{", comma, pg->service->path,
		    a->name);
		put_operation(pg, a, false);
		if (a->method == READ) {
			out_text(&pg->o, ",");
			put_operation(pg, a, true);
		}
		out_text(&pg->o, "}");
		comma = ",";
	}
	out_text(&pg->o, "}");
}

/* --- webhooks */

static void
put_webhooks(struct page *pg)
{
	struct out *o = &pg->o;
	const struct js *bodies = js_get(pg->examples, "webhooks");
	const char *comma = "";

	out_text(o, ",\"webhooks\":{");
	for (const struct told_as *t = pg->service->events; t->type != NULL;
	    t++, comma = ",") {
		const struct js *one = js_get(bodies, t->type);

		out_printf(o, "%s\"%s\":{\"post\":{\"operationId\":\"%s\",",
		    comma, t->type, t->type);
		put_text(o, "summary", t->doc);
		out_text(o, ",\"tags\":[\"webhooks\"],\"security\":[],"
		    "\"requestBody\":{\"required\":true,\"content\":{"
		    "\"application/json\":{\"schema\":");
		put_fields(o, &t->fields, 1, false);
		if (one != NULL)
			out_printf(o, ",\"example\":%s", js_print(o->arena,
			    one));
		out_text(o, "}}},\"responses\":{\"200\":{\"description\":"
		    "\"Acknowledged. Anything but 2xx is sent again; 410 is"
		    " not.\"},\"410\":{\"description\":\"Do not send it"
		    " again.\"}}}}");
	}
	out_text(o, "}");
}

/* The statuses of a session, for people: an extension of OpenAPI. */
static void
put_statuses(struct page *pg)
{
	const char *comma = "";

	out_text(&pg->o, ",\"x-statuses\":[");
	for (const struct told_as *t = pg->service->statuses; t->type != NULL;
	    t++, comma = ",") {
		out_printf(&pg->o, "%s{\"status\":\"%s\",", comma, t->type);
		put_text(&pg->o, "description", t->doc);
		out_text(&pg->o, "}");
	}
	out_text(&pg->o, "]");
}

/* --- errors */

static void
put_status(struct out *o, int status)
{
	const char *comma = "";
	struct out doc = { .arena = o->arena };

	out_printf(o, "\"%d\":{\"description\":", status);
	for (enum err e = 1; e < ERR__MAX; e++)
		if (err_http(e) == status)
			out_printf(&doc, "%s%s: %s", doc.len > 0 ? " " : "",
			    err_word(e), err_doc(e));
	out_json(o, doc.text);
	out_text(o, ",\"content\":{\"application/json\":{\"schema\":{"
	    "\"allOf\":[{\"$ref\":\"#/components/schemas/Refusal\"},{"
	    "\"properties\":{\"code\":{\"enum\":[");
	for (enum err e = 1; e < ERR__MAX; e++)
		if (err_http(e) == status) {
			out_printf(o, "%s\"%s\"", comma, err_word(e));
			comma = ",";
		}
	out_text(o, "]}}}]}}}}");
}

static void
put_components(struct page *pg)
{
	struct out *o = &pg->o;
	bool seen[600] = { false };
	const char *comma = "";

	if (pg->service->actions->name == NULL)
		return;			/* they would be used by nothing */
	out_text(o, ",\"components\":{\"securitySchemes\":{\"key\":{\"type\":"
	    "\"apiKey\",\"in\":\"header\",\"name\":\"X-Gateway-Key\"}},"
	    "\"schemas\":{\"Refusal\":{\"type\":\"object\",\"properties\":{"
	    "\"success\":{\"type\":\"boolean\",\"const\":false}");
	for (const struct field *f = refusal_fields; f->name != NULL; f++) {
		out_text(o, ",");
		put_field(o, f);
	}
	out_text(o, "},\"required\":[\"success\",\"error\",\"code\"]}},"
	    "\"responses\":{");
	for (enum err e = 1; e < ERR__MAX; e++) {
		int status = err_http(e);

		if (seen[status] || status == 501 || status == 502)
			continue;
		seen[status] = true;
		out_text(o, comma);
		put_status(o, status);
		comma = ",";
	}
	out_text(o, "}}");
}

const char *
describe(struct arena *a, const struct service *s)
{
	struct page pg = { .o = { .arena = a }, .service = s };
	const char *why;

	if (s->examples != NULL)
		pg.examples = js_parse(a, s->examples, strlen(s->examples),
		    &why);
	out_text(&pg.o, "{\"openapi\":\"3.1.0\",\"info\":{");
	put_text(&pg.o, "title", s->title);
	out_text(&pg.o, ",\"version\":\"" DESCRIBE_VERSION "\",");
	put_text(&pg.o, "description", s->doc);
	out_text(&pg.o, "},\"servers\":[{\"url\":\"/\"}],\"tags\":["
	    "{\"name\":\"merchant\",\"description\":\"With your key, from"
	    " your server.\"},{\"name\":\"shopper\",\"description\":\"With"
	    " the session's token, also from a browser.\"},{\"name\":"
	    "\"bank\",\"description\":\"With the bank's token.\"},{\"name\":"
	    "\"webhooks\",\"description\":\"What you are told.\"}]");
	put_paths(&pg);
	put_webhooks(&pg);
	put_statuses(&pg);
	put_components(&pg);
	out_text(&pg.o, "}\n");
	return pg.o.text;
}
