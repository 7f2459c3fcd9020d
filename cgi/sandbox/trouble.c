#include <string.h>

#include "api/pool.h"
#include "sandbox/route.h"

#define NOT_COUNTED	(-1)
#define DELAY_MAX	60000		/* ms */

static const struct {
	const char	*word;
	enum spot	 spot;
	int64_t		 times, value;	/* when none are given */
	const char	*doc;
} kinds[TROUBLE__MAX] = {
#define KIND(name, spot, times, value, word, doc) \
	[TROUBLE_##name] = { word, SPOT_##spot, times, value, doc },
	TROUBLES(KIND)
#undef KIND
};

struct armed {
	const char	*kind;
	int64_t		 value, left_times, until_at;
};

static const struct col row[] = {
	COL_TEXT(armed, kind),
	COL_INT (armed, value),
	COL_INT (armed, left_times),
	COL_INT (armed, until_at),
	{ 0 }
};

enum { EACH, ARM, CLAIM, CLEAR, Q__MAX };

const struct stmt trouble_stmts[] = {
	[EACH] = {
		"SELECT kind, value, left_times, until_at"
		"  FROM troubles"
		" WHERE left_times <> 0 AND (until_at = 0 OR until_at > ?)",
		row
	},
	[ARM] = {
		"INSERT INTO troubles (kind, value, left_times, until_at)"
		" VALUES (?, ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE value = VALUES(value),"
		"	left_times = VALUES(left_times),"
		"	until_at = VALUES(until_at)",
		NULL
	},
	[CLAIM] = {
		"UPDATE troubles SET left_times = left_times - 1"
		" WHERE kind = ? AND left_times > 0",
		NULL
	},
	[CLEAR] = { "DELETE FROM troubles WHERE kind <> ?", NULL },
};
const size_t trouble_nstmts = NELEM(trouble_stmts);
_Static_assert(NELEM(trouble_stmts) == Q__MAX, "a statement has no text");

#define q trouble_stmts

static bool
kind_find(const char *word, enum trouble *out)
{
	for (int i = 0; i < TROUBLE__MAX; i++)
		if (strcmp(kinds[i].word, word) == 0) {
			*out = (enum trouble)i;
			return true;
		}
	return false;
}

static enum err
read_armed(struct cx *cx, struct rows *rows)
{
	*rows = (struct rows){ .size = sizeof(struct armed) };
	return db_many(cx, &q[EACH], rows, db_int(cx->now));
}

enum err
trouble_read(struct cx *cx, struct troubles *t)
{
	const struct armed *a;
	struct rows rows;
	enum trouble kind;
	enum err e;

	*t = (struct troubles){ 0 };
	if ((e = read_armed(cx, &rows)) != 0)
		return e;
	a = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		if (!kind_find(a[i].kind, &kind))
			continue;
		t->of[kind].armed = true;
		t->of[kind].counted = a[i].left_times != NOT_COUNTED;
		t->of[kind].value = a[i].value;
	}
	return 0;
}

/* Several processes may want the last one: the UPDATE says who has it. */
static enum err
take_one(struct cx *cx, struct troubles *t, int kind)
{
	int64_t n = 1;
	enum err e = 0;

	if (t->of[kind].counted)
		e = db_run(cx, &q[CLAIM], &n, db_text(kinds[kind].word));
	t->of[kind].hit = e == 0 && n == 1;
	return e;
}

enum err
trouble_take(struct cx *cx, struct troubles *t, enum spot spot)
{
	enum err e;

	for (int i = 0; i < TROUBLE__MAX; i++) {
		if (!t->of[i].armed || kinds[i].spot != spot)
			continue;
		if ((e = take_one(cx, t, i)) != 0)
			return e;
		if (spot == SPOT_DOOR && t->of[i].hit)
			return 0;
	}
	return 0;
}

static void
slow_down(int64_t ms)
{
	pool_sleep((int)(ms < DELAY_MAX ? ms : DELAY_MAX));
}

enum err
trouble_door(struct cx *cx, struct call *c)
{
	struct troubles *t = &c->troubles;
	enum err e;

	if ((e = trouble_take(cx, t, SPOT_ARRIVAL)) != 0 ||
	    (e = trouble_take(cx, t, SPOT_DOOR)) != 0)
		return e;
	if (t->of[TROUBLE_DELAY].hit)
		slow_down(t->of[TROUBLE_DELAY].value);
	if (t->of[TROUBLE_429].hit) {
		c->header = arena_printf(cx->arena, "Retry-After: %" PRId64
		    "\r\n", t->of[TROUBLE_429].value);
		return call_refuse(c, 429, NULL, "Too many requests.");
	}
	if (t->of[TROUBLE_500].hit)
		return call_refuse(c, 500, NULL, "Trouble, as ordered.");
	if (t->of[TROUBLE_503].hit)
		return call_refuse(c, 503, NULL, "Trouble, as ordered.");
	if (t->of[TROUBLE_GARBAGE].hit) {
		c->status = 200;
		c->type = "text/html; charset=utf-8";
		out_text(&c->body, "<!doctype html><title>Maintenance</title>"
		    "<p>We will be back soon.</p>\n");
	}
	return 0;
}

void
trouble_list(struct out *o)
{
	for (int i = 0; i < TROUBLE__MAX; i++) {
		out_text(o, i == 0 ? "[{\"kind\":" : ",{\"kind\":");
		out_json(o, kinds[i].word);
		out_text(o, ",\"doc\":");
		out_json(o, kinds[i].doc);
		out_text(o, "}");
	}
	out_text(o, "]");
}

struct trouble_in {
	const char	*kind;
	int64_t		 times, seconds, value;
};

static const struct param trouble_params[] = {
	TEXT(trouble_in, kind,	  REQUIRED, 1, 24, "One of the kinds listed under troubles, or off: the end of all."),
	INT (trouble_in, times,	  OPTIONAL, 1, 1000000, "How many calls it happens to; 1 if neither times nor seconds are given."),
	INT (trouble_in, seconds, OPTIONAL, 1, 86400, "It ends after so many seconds."),
	INT (trouble_in, value,	  OPTIONAL, 1, 2592000, "What it means depends on the kind."),
	{ 0 }
};

static const struct field armed_fields[] = {
	F_TEXT(armed, kind, "Which."),
	F_INT (armed, value, "Its value."),
	F_INT (armed, left_times, "Calls left; -1: not counted."),
	F_TIME(armed, until_at, "When it ends; null: when off."),
	{ 0 }
};

static enum err
turn_off(struct cx *cx, struct call *c)
{
	int64_t n;
	enum err e = db_run(cx, &q[CLEAR], &n, db_text(""));

	out_text(&c->body, "{\"success\":true,\"kind\":\"off\"}");
	return e;
}

static enum err
arm(struct cx *cx, struct call *c)
{
	const struct trouble_in *in = c->in;
	struct armed a = { .kind = in->kind, .left_times = in->times };
	enum trouble kind;
	int64_t n;
	enum err e;

	if (strcmp(in->kind, "off") == 0)
		return turn_off(cx, c);
	if (!kind_find(in->kind, &kind))
		return fail_param(cx, "kind", "is not known; GET /sandbox/"
		    " lists them.");
	if (in->times == 0)
		a.left_times = in->seconds > 0 ? NOT_COUNTED :
		    kinds[kind].times;
	a.value = in->value > 0 ? in->value : kinds[kind].value;
	a.until_at = in->seconds > 0 ? cx->now + in->seconds : 0;
	e = db_run(cx, &q[ARM], &n, db_text(a.kind), db_int(a.value),
	    db_int(a.left_times), db_int(a.until_at));
	out_text(&c->body, "{\"success\":true,");
	field_json(&c->body, armed_fields, &a);
	out_text(&c->body, "}");
	return e;
}

struct armed_list {
	struct rows troubles;
};

static enum err
show(struct cx *cx, struct call *c)
{
	static const struct field list[] = {
		F_ROWS(armed_list, troubles, armed_fields, "The armed ones."),
		{ 0 }
	};
	struct armed_list all;
	enum err e = read_armed(cx, &all.troubles);

	if (e == 0)
		field_object(&c->body, list, &all);
	return e;
}

const struct route trouble_routes[] = {
	{ "POST", "/simulate/trouble", GROUP_SIMULATE, NULL, trouble_params, sizeof(struct trouble_in), arm,
	  "Makes the bank misbehave in the next calls of its API." },
	{ "GET", "/simulate/trouble", GROUP_SIMULATE, NULL, NULL, 0, show,
	  "The troubles that are armed." },
	{ 0 }
};
