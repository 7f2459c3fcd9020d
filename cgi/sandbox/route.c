#include <string.h>

#include "base/str.h"
#include "sandbox/counter.h"
#include "sandbox/grant.h"
#include "sandbox/route.h"
#include "sandbox/uuid.h"

#define PREFIX	"/sandbox"

static enum err show(struct cx *, struct call *);

static const struct route own_routes[] = {
	{ "GET", "/simulate/", GROUP_SIMULATE, NULL, NULL, 0, show,
	  "This list." },
	{ 0 }
};

static const struct route *const tables[] = {
	own_routes, grant_routes, statement_routes, credit_routes,
	payment_routes, simulate_routes, trouble_routes,
};

static void
show_params(struct out *o, const struct param *p)
{
	const char *comma = "";

	for (; p != NULL && p->name != NULL; p++) {
		out_printf(o, "%s{\"name\":\"%s\",\"required\":%s,\"doc\":",
		    comma, p->name, p->required ? "true" : "false");
		out_json(o, p->doc);
		out_text(o, "}");
		comma = ",";
	}
}

static void
show_route(struct out *o, const struct route *r)
{
	out_printf(o, "{\"method\":\"%s\",\"path\":\"" PREFIX "%s\",\"doc\":",
	    r->method, r->path);
	out_json(o, r->doc);
	out_text(o, ",\"parameters\":[");
	show_params(o, r->params);
	out_text(o, "]}");
}

static enum err
show(struct cx *cx, struct call *c)
{
	struct out *o = &c->body;
	const char *comma = "";

	(void)cx;
	out_text(o, "{\"bank\":\"Dapit sandbox bank\",\"calls\":[");
	for (size_t i = 0; i < NELEM(tables); i++)
		for (const struct route *r = tables[i]; r->method != NULL;
		    r++) {
			out_text(o, comma);
			show_route(o, r);
			comma = ",";
		}
	out_text(o, "],\"troubles\":");
	trouble_list(o);
	out_text(o, "}");
	return 0;
}

/* A part in braces is any text without a slash; *id is that text. */
static bool
matches(struct arena *a, const char *pattern, const char *path,
    const char **id)
{
	size_t n;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		if ((n = strcspn(path, "/")) == 0)
			return false;
		*id = arena_copy(a, path, n);
		path += n;
		pattern += strcspn(pattern, "/");
	}
	return *path == '\0';
}

/* NULL: there is none; *allow is then what the path does take, or NULL. */
static const struct route *
find(struct arena *a, struct call *c, const char **allow)
{
	*allow = NULL;
	for (size_t i = 0; i < NELEM(tables); i++)
		for (const struct route *r = tables[i]; r->method != NULL;
		    r++) {
			if (!matches(a, r->path, c->path, &c->id))
				continue;
			if (strcmp(r->method, c->request->method) == 0)
				return r;
			*allow = *allow == NULL ? r->method :
			    arena_printf(a, "%s, %s", *allow, r->method);
		}
	return NULL;
}

static void
begin(struct cx *cx, struct call *c, const struct request *r)
{
	const char *id = fcgi_header(cx->arena, "X-Request-ID");

	*c = (struct call){ .request = r, .path = r->path,
	    .body = { .arena = cx->arena } };
	if (str_starts(r->path, PREFIX "/"))
		c->path = r->path + strlen(PREFIX);
	else if (strcmp(r->path, PREFIX) == 0)
		c->path = "/";
	if (id != NULL && uuid_check(id))
		c->request_id = id;
	c->group = str_starts(c->path, "/ob/") ? GROUP_OB :
	    str_starts(c->path, "/auth/") ? GROUP_TOKEN : GROUP_SIMULATE;
}

/* What a call of the API must pass, and test calls need not. */
static enum err
enter(struct cx *cx, struct call *c, const struct route *r)
{
	enum err e;

	if (r->group == GROUP_SIMULATE)
		return 0;
	if ((e = counter_add(cx, r->counted)) != 0 ||
	    (e = trouble_read(cx, &c->troubles)) != 0 ||
	    (e = trouble_door(cx, c)) != 0 || c->status != 0)
		return e;
	if (c->request_id == NULL)
		return call_refuse(c, 400, NULL,
		    "X-Request-ID is missing, or is not a UUID.");
	return r->group == GROUP_TOKEN ? grant_basic(cx, c) :
	    grant_bearer(cx, c);
}

static enum err
read_params(struct cx *cx, struct call *c, const struct route *r)
{
	const struct action takes = { .name = r->path, .params = r->params,
	    .in_size = r->in_size };
	const struct request *req = c->request;
	bool post = strcmp(req->method, "POST") == 0;
	struct args *args;
	void *in = NULL;
	enum err e;

	if (r->params == NULL)
		return 0;
	e = args_read(cx, req->query, req->type, req->body,
	    post ? req->body_len : 0, &args);
	if (e == 0)
		e = action_check(cx, &takes, args, &in);
	c->in = in;
	return e;
}

static enum err
run(struct cx *cx, struct call *c)
{
	const struct route *r;
	const char *allow;
	enum err e;

	if (c->request->too_large)
		return fail(cx, ERR_TOO_LARGE, "body over its limit");
	if (c->request->cut)
		return fail(cx, ERR_BODY,
		    "The body is shorter than its Content-Length.");
	r = find(cx->arena, c, &allow);
	if (r == NULL && allow == NULL)
		return fail(cx, ERR_NOT_FOUND, "There is no such call.");
	if (r == NULL) {
		c->header = arena_printf(cx->arena, "Allow: %s\r\n", allow);
		return fail(cx, ERR_METHOD, "Use %s.", allow);
	}
	if ((e = enter(cx, c, r)) != 0 || c->status != 0 ||
	    (e = read_params(cx, c, r)) != 0)
		return e;
	return r->run(cx, c);
}

void
route_answer(struct cx *cx)
{
	struct request r;
	struct call c;
	enum err e;

	fcgi_read(cx->arena, &r);
	begin(cx, &c, &r);
	if ((e = run(cx, &c)) != 0)
		call_fail(cx, &c, e);
	call_send(cx, &c);
}
