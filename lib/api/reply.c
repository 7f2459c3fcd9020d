#include "api/reply.h"

void
reply_add(struct reply *r, const struct field *f, const void *row)
{
	if (r->body.len > 0)
		out_text(&r->body, ",");
	field_json(&r->body, f, row);
}

void
reply_file(struct cx *cx, struct reply *r, const char *name, const char *type)
{
	r->type = type;
	r->header = arena_printf(cx->arena, "Content-Disposition: attachment;"
	    " filename=\"%s\"", name);
}
