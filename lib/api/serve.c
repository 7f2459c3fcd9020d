#include <string.h>
#include <time.h>

#include "api/meter.h"
#include "api/serve.h"
#include "base/log.h"
#include "base/str.h"
#include "io/db.h"
#include "io/seal.h"

#define ID_MAX		64
#define AWAY_SECONDS	INT64_C(2)	/* before a 503 is tried again */

/* A request on its way through the guards. */
struct turn {
	const struct action	*table, *action; /* NULL: none was found */
	struct request		 rq;
	struct args		*args;
	struct reply		 reply;
	const char		*id;		/* X-Request-Id */
};

struct line {
	const char	*id, *address, *action, *method, *why;
	int64_t		 merchant, key, status, ms, trips;
};

static const struct field line[] = {
	F_TEXT   (line, id, "X-Request-Id."),
	F_TEXT_IF(line, address, "Who asked, as far as [log] address says."),
	F_TEXT   (line, action, "The action."),
	F_TEXT   (line, method, "The HTTP method."),
	F_INT_IF (line, merchant, "For whom."),
	F_INT_IF (line, key, "The id of the key that said so."),
	F_INT    (line, status, "The HTTP status."),
	F_INT    (line, ms, "How long it took."),
	F_INT    (line, trips, "Statements sent to the database."),
	F_TEXT_IF(line, why, "What went wrong."),
	{ 0 }
};

struct refusal {
	const char	*error, *code, *field, *request_id;
};

const struct field refusal_fields[] = {
	F_TEXT   (refusal, error, "What is wrong, for people."),
	F_TEXT   (refusal, code, "What is wrong, for programs."),
	F_TEXT_IF(refusal, field, "The parameter at fault."),
	F_TEXT_IF(refusal, request_id, "To ask us about."),
	{ 0 }
};

static bool
sane_id(const char *id)
{
	return id != NULL && *id != '\0' && strlen(id) <= ID_MAX &&
	    id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
	    "xyz0123456789-._")] == '\0';
}

static const char *
request_id(struct cx *cx)
{
	const char *id = fcgi_header(cx->arena, "X-Request-Id");
	unsigned char random[8];

	if (sane_id(id))
		return id;
	seal_random(random, sizeof(random));
	return str_hex(cx->arena, random, sizeof(random));
}

static bool
is(const struct turn *t, const char *method)
{
	return strcmp(t->rq.method, method) == 0;
}

/* The action as asked: behind the path (gateway.php/create_session), or as a
 * parameter. */
static const char *
asked(const struct turn *t)
{
	return t->rq.info[0] == '/' && t->rq.info[1] != '\0' ?
	    t->rq.info + 1 : args_action(t->args);
}

static enum err
find_action(struct cx *cx, struct turn *t)
{
	const char *name = asked(t);

	t->action = name == NULL ? NULL : action_find(t->table, name);
	if (t->action != NULL)
		return 0;
	return name == NULL || *name == '\0' ?
	    fail(cx, ERR_ACTION, "action is missing.") :
	    fail(cx, ERR_ACTION, "There is no action %s.",
	    str_cut(cx->arena, name, 40));
}

/* Reads the values; the action is known even when the body is not JSON. */
static enum err
read_args(struct cx *cx, struct turn *t)
{
	const struct request *rq = &t->rq;
	enum err e;

	e = args_read(cx, rq->query, rq->type, rq->body, rq->body_len,
	    &t->args);
	if (e == 0)
		e = find_action(cx, t);
	else if (asked(t) != NULL)
		t->action = action_find(t->table, asked(t));
	if (rq->too_large || rq->cut)
		fail_clear(cx);
	if (rq->too_large)
		return fail(cx, ERR_TOO_LARGE, "body");
	if (rq->cut)
		return fail(cx, ERR_BODY, "The body is shorter than its"
		    " Content-Length.");
	return e;
}

static enum err
answer(struct cx *cx, struct turn *t)
{
	const struct action *a;
	void *in = NULL;
	enum err e;

	if ((e = read_args(cx, t)) != 0)
		return e;
	a = t->action;
	if (!is(t, "POST") && (a->method != READ ||
	    (!is(t, "GET") && !is(t, "HEAD"))))
		return fail(cx, ERR_METHOD, "%s needs %s.", a->name,
		    a->method != READ ? "POST" : "GET or POST");
	if (a->who == MERCHANT && (e = auth_check(cx, a, t->args)) != 0)
		return e;
	if (a->who == ANYONE && (e = auth_token(cx, t->args)) != 0)
		return e;
	if ((e = action_check(cx, a, t->args, &in)) != 0)
		return e;
	e = idem_run(cx, a, t->args, in, fcgi_header(cx->arena,
	    "Idempotency-Key"), &t->reply);
	return a->who == ANYONE ? auth_token_used(cx, t->args, e) : e;
}

/* What a refused client reads: the reason, or only its sentence. */
static void
refuse(struct cx *cx, struct turn *t, enum err e)
{
	struct refusal r = {
		.error = err_told(e) && cx->why[0] != '\0' ? cx->why :
		    err_doc(e),
		.code = err_word(e),
		.field = cx->field[0] == '\0' ? NULL : cx->field,
		.request_id = err_http(e) >= 500 ? t->id : NULL,
	};

	t->reply = (struct reply){ .body = { .arena = cx->arena } };
	reply_add(&t->reply, refusal_fields, &r);
}

/* The reason phrases of RFC 9110. */
static const char *
phrase(int status)
{
	static const struct {
		int		 status;
		const char	*phrase;
	} phrases[] = {
		{ 200, "OK" }, { 204, "No Content" }, { 400, "Bad Request" },
		{ 401, "Unauthorized" }, { 403, "Forbidden" },
		{ 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 409, "Conflict" }, { 413, "Content Too Large" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" }, { 501, "Not Implemented" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < NELEM(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Internal Server Error";
}

static void
head(const struct cx *cx, const struct turn *t, enum err e, struct out *o)
{
	int status = is(t, "OPTIONS") ? 204 : err_http(e);

	out_printf(o, "Status: %d %s\r\nX-Request-Id: %s\r\n"
	    "Cache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\n", status, phrase(status),
	    t->id);
	if (status != 204)
		out_printf(o, "Content-Type: %s\r\n", t->reply.type != NULL ?
		    t->reply.type : "application/json; charset=utf-8");
	if (t->action == NULL ? is(t, "OPTIONS") : t->action->who == ANYONE)
		out_text(o, "Access-Control-Allow-Origin: *\r\n"
		    "Access-Control-Expose-Headers: X-Request-Id,"
		    " Retry-After\r\n");
	if (e == ERR_METHOD || is(t, "OPTIONS"))
		out_printf(o, "Allow: %s\r\n", t->action != NULL &&
		    t->action->method != READ ? "POST, OPTIONS" :
		    "GET, HEAD, POST, OPTIONS");
	if (status == 503 || status == 429)
		out_printf(o, "Retry-After: %" PRId64 "\r\n", status == 429 ?
		    cx->retry_after : AWAY_SECONDS);
	if (t->reply.replayed)
		out_text(o, "Idempotent-Replayed: true\r\n");
	if (t->reply.header != NULL)
		out_printf(o, "%s\r\n", t->reply.header);
}

/* A browser asks what it may send; keys belong on servers, so not those. */
static void
preflight(struct cx *cx, struct turn *t)
{
	struct out o = { .arena = cx->arena };
	const char *name = asked(t);

	t->action = name == NULL ? NULL : action_find(t->table, name);
	head(cx, t, 0, &o);
	if (t->action == NULL || t->action->who == ANYONE)
		out_text(&o, "Access-Control-Allow-Methods: GET, POST\r\n"
		    "Access-Control-Allow-Headers: Content-Type,"
		    " X-Request-Id\r\n"
		    "Access-Control-Max-Age: 86400\r\n");
	out_text(&o, "\r\n");
	fcgi_write(o.text, o.len);
	fcgi_finish();
}

static void
send_whole(struct cx *cx, const struct turn *t, enum err e)
{
	struct out o = { .arena = cx->arena };

	head(cx, t, e, &o);
	out_text(&o, "\r\n");
	if (is(t, "HEAD"))
		;
	else if (t->reply.type != NULL)
		out_bytes(&o, t->reply.body.text, t->reply.body.len);
	else
		out_printf(&o, "{\"success\":%s%s%s}\n", e == 0 ? "true" :
		    "false", t->reply.body.len > 0 ? "," : "",
		    t->reply.body.len > 0 ? t->reply.body.text : "");
	fcgi_write(o.text, o.len);
	fcgi_finish();
}

/* Part after part, each in memory that goes with it. */
static enum err
send_parts(struct cx *cx, const struct turn *t)
{
	struct arena *keep = cx->arena, *scratch = arena_new();
	bool last = false, first = true, good = true;
	enum err e = 0;

	cx->arena = scratch;
	while (e == 0 && !last && good) {
		struct out o = { .arena = scratch };

		if (first) {
			head(cx, t, 0, &o);
			out_text(&o, "\r\n");
		}
		e = t->reply.more(cx, t->reply.state, &o, &last);
		if (e == 0)
			good = fcgi_write(o.text, o.len);
		first = first && e != 0;
		arena_reset(scratch);
	}
	cx->arena = keep;
	arena_free(scratch);
	if (e != 0 && first)
		return e;		/* nothing is sent yet */
	if (e != 0)
		fcgi_abort();
	else
		fcgi_finish();
	return 0;
}

static void
send(struct cx *cx, struct turn *t, enum err e)
{
	if (e == 0 && t->reply.more != NULL &&
	    (e = send_parts(cx, t)) == 0)
		return;
	if (e != 0)
		refuse(cx, t, e);
	send_whole(cx, t, e);
}

static void
serve_one(struct cx *cx, const struct action *table)
{
	struct turn t = { .table = table, .reply = {
	    .body = { .arena = cx->arena } } };
	int64_t start = cx_milliseconds(), trips = db_trips(cx);
	enum err e;

	fcgi_read(cx->arena, &t.rq);
	t.id = request_id(cx);
	cx->address = t.rq.address;
	if (is(&t, "OPTIONS")) {
		if (args_read(cx, t.rq.query, "", "", 0, &t.args) == 0)
			preflight(cx, &t);
		else
			send(cx, &t, ERR_BODY);
		return;
	}
	e = answer(cx, &t);
	log_row(cx, line, &(struct line){ .id = t.id,
	    .action = t.action == NULL ? NULL : t.action->name,
	    .address = log_address(cx, t.rq.address),
	    .method = t.rq.method, .merchant = cx->merchant, .key = cx->key,
	    .status = err_http(e), .ms = cx_milliseconds() - start,
	    .trips = db_trips(cx) - trips, .why = e == 0 ? NULL : cx->why });
	meter_count(cx->meter, t.action == NULL ? "" : t.action->name,
	    err_http(e), cx_milliseconds() - start);
	send(cx, &t, e);
}

void
serve(struct cx *cx, const struct action *table)
{
	while (fcgi_accept()) {
		cx_begin(cx);
		db_begin(cx);
		serve_one(cx, table);
	}
}
