#include <string.h>

#include "base/log.h"
#include "sandbox/call.h"

static const struct {
	int		 http;
	const char	*phrase, *ob, *token;
} codes[] = {
	{ 200, "OK",			"",			   "" },
	{ 201, "Created",		"",			   "" },
	{ 400, "Bad Request",		"FORMAT_ERROR",		   "invalid_request" },
	{ 401, "Unauthorized",		"TOKEN_INVALID",	   "invalid_client" },
	{ 404, "Not Found",		"RESOURCE_UNKNOWN",	   "invalid_request" },
	{ 405, "Method Not Allowed",	"SERVICE_INVALID",	   "invalid_request" },
	{ 409, "Conflict",		"STATUS_INVALID",	   "invalid_request" },
	{ 413, "Content Too Large",	"FORMAT_ERROR",		   "invalid_request" },
	{ 422, "Unprocessable Content",	"FORMAT_ERROR",		   "invalid_request" },
	{ 429, "Too Many Requests",	"ACCESS_EXCEEDED",	   "temporarily_unavailable" },
	{ 503, "Service Unavailable",	"SERVICE_UNAVAILABLE",	   "temporarily_unavailable" },
	{ 500, "Internal Server Error",	"INTERNAL_SERVER_ERROR",   "server_error" },
};

/* The row of a status; the last one is that of everything else. */
static size_t
code_of(int http)
{
	size_t i = 0;

	while (i < NELEM(codes) - 1 && codes[i].http != http)
		i++;
	return i;
}

enum err
call_refuse(struct call *c, int status, const char *code, const char *text)
{
	static const struct {
		const char *begin, *middle, *end;
	} form[GROUP__MAX] = {
		{ "{\"success\":false,\"code\":", ",\"error\":", "}" },
		{ "{\"error\":", ",\"error_description\":", "}" },
		{ "{\"tppMessages\":[{\"category\":\"ERROR\",\"code\":", ",\"text\":", "}]}" },
	};

	c->status = status;
	c->body.len = 0;
	if (code == NULL)
		code = c->group == GROUP_OB ? codes[code_of(status)].ob :
		    codes[code_of(status)].token;
	out_text(&c->body, form[c->group].begin);
	out_json(&c->body, code);
	out_text(&c->body, form[c->group].middle);
	out_json(&c->body, text);
	out_text(&c->body, form[c->group].end);
	return 0;
}

void
call_fail(struct cx *cx, struct call *c, enum err e)
{
	if (err_http(e) >= 500)
		log_say(cx, "sandbox", "%s: %s", c->path, cx->why);
	(void)call_refuse(c, err_http(e),
	    c->group == GROUP_SIMULATE ? err_word(e) : NULL,
	    err_told(e) && cx->why[0] != '\0' ? cx->why : err_doc(e));
}

void
call_send(struct cx *cx, struct call *c)
{
	struct out o = { .arena = cx->arena };
	int status = c->status == 0 ? 200 : c->status;

	out_printf(&o, "Status: %d %s\r\nContent-Type: %s\r\n"
	    "Cache-Control: no-store\r\n", status,
	    codes[code_of(status)].phrase, c->type == NULL ?
	    "application/json; charset=utf-8" : c->type);
	if (c->request_id != NULL)
		out_printf(&o, "X-Request-ID: %s\r\n", c->request_id);
	if (c->header != NULL)
		out_text(&o, c->header);
	out_text(&o, "\r\n");
	if (c->troubles.of[TROUBLE_TRUNCATED].hit)
		c->body.len /= 2;
	if (c->body.len > 0)
		out_bytes(&o, c->body.text, c->body.len);
	(void)fcgi_write(o.text, o.len);
	fcgi_finish();
}
