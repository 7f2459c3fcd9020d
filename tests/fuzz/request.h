/*
 * request.h - a request, from its bytes to the answer of its handler.
 *
 * Its texts: the path behind the program, the query, the content type, the
 * database's luck and its text; the rest is the body.  Every parameter that
 * was taken is held against the bounds of its row, and every answer is JSON.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "api/action.h"
#include "base/calendar.h"
#include "database.h"
#include "fuzz.h"
#include "rfc8259.h"

static inline void
good_text(const struct param *p, const char *text)
{
	if (text == NULL)
		return;
	must(fuzz_utf8(text));
	must(p->kind != KIND_TEXT || ((int64_t)strlen(text) >= p->min &&
	    (int64_t)strlen(text) <= p->max));
	must(p->kind != KIND_LIST || rfc8259(text));
	must(p->kind != KIND_DAYS || text[strspn(text, "0123456789,")] == '\0');
	must(p->kind != KIND_CURRENCY || strcmp(text, "EUR") == 0);
	must(p->kind != KIND_URL || (str_starts(text, "http") &&
	    (int64_t)strlen(text) <= p->max &&
	    strpbrk(text, " \r\n\"<>") == NULL));
}

static inline void
good_pairs(const char *const *pair)
{
	for (; pair[0] != NULL; pair += 2) {
		must(fuzz_utf8(pair[0]) && fuzz_utf8(pair[1]));
		must(pair[2] == NULL || strcmp(pair[0], pair[2]) <= 0);
	}
}

static inline void
good_value(const struct param *p, const void *at)
{
	char day[DAY_TEXT];
	int64_t n;

	switch (p->kind) {
	case KIND_INT:
	case KIND_LIMIT:
	case KIND_BOOL:
	case KIND_CENTS:
	case KIND_PERCENT:
		n = *(const int64_t *)at;
		must(n == 0 || (n >= p->min && n <= p->max));
		break;
	case KIND_WORD:
		for (n = 0; p->words[n] != NULL;)
			n++;
		must(*(const int64_t *)at >= 0 && *(const int64_t *)at <= n);
		break;
	case KIND_DAY:
		day_print(*(const int64_t *)at, day);
		must(day_parse(day, &n) && n == *(const int64_t *)at);
		break;
	case KIND_PAIRS:
		good_pairs(*(const char *const *const *)at);
		break;
	default:
		good_text(p, *(const char *const *)at);
	}
}

/* Runs the handler; what it says is well made. */
static inline void
run(struct cx *cx, const struct action *a, const void *in)
{
	struct reply reply = { .body = { .arena = cx->arena } };
	struct out part = { .arena = cx->arena };
	enum err e = a->run(cx, in, &reply);
	bool last = reply.more == NULL;

	for (int i = 0; e == 0 && !last && i < 20; i++)
		e = reply.more(cx, reply.state, &part, &last);
	must(e >= 0 && e < ERR__MAX && (e == 0 || cx->why[0] != '\0'));
	must(fuzz_utf8(cx->why) && fuzz_utf8(cx->field));
	must(reply.header == NULL || strpbrk(reply.header, "\r\n") == NULL);
	if (e != 0 || reply.type != NULL || reply.body.len == 0)
		return;
	must(rfc8259(arena_printf(cx->arena, "{%s}", reply.body.text)));
	must(strlen(reply.body.text) == reply.body.len);
}

static inline void
check(struct cx *cx, const struct action *a, const struct args *args)
{
	void *in = NULL;
	enum err e = action_check(cx, a, args, &in);

	must(e == 0 || e == ERR_PARAM || e == ERR_CURRENCY);
	must(e == 0 || (cx->field[0] != '\0' && fuzz_utf8(cx->why)));
	for (const struct param *p = a->params; e == 0 && p->name != NULL; p++)
		good_value(p, (const char *)in + p->at);
	must(fuzz_utf8(action_canon(cx, a, args, true)));
	if (e == 0)
		run(cx, a, in);
	fail_clear(cx);
}

/* The action that was asked for; all of them when it is none. */
static inline void
request(const struct action *table, const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct cx *cx = fuzz_cx();
	struct arena *a = cx->arena;
	const char *info = fuzz_text(a, &in), *query = fuzz_text(a, &in);
	const char *type = fuzz_text(a, &in), *luck = fuzz_text(a, &in);
	const char *text = fuzz_text(a, &in);
	struct args *args = NULL;
	enum err e = args_read(cx, query, type, fuzz_rest(a, &in), in.n, &args);

	database_open(cx, (struct bytes){ luck, strlen(luck) }, text);
	must(e == 0 || e == ERR_BODY);
	must(e == 0 || fuzz_utf8(cx->why));
	if (*info == '\0')
		info = args_action(args);
	(void)args_clash(args, "api_key");
	if (e != 0)
		return;
	if (info != NULL && action_find(table, info) != NULL)
		check(cx, action_find(table, info), args);
	else
		for (; table->name != NULL; table++)
			check(cx, table, args);
}

#endif
