/*
 * test_action.c - what a request says, as a table row wants it.
 */
#include "api/action.h"
#include "tap.h"

struct in {
	cents		 amount;
	int64_t		 limit, day;
	const char	*order_id, *callback_url, *currency, *items;
};

static const struct param params[] = {
	CENTS	(in, amount,	   REQUIRED, 1, CENTS_AMOUNT, ""),
	INT	(in, limit,	   OPTIONAL, 1, 200, ""),
	TEXT	(in, order_id,	   OPTIONAL, 1, 8, ""),
	URL	(in, callback_url, OPTIONAL, 40, ""),
	CURRENCY(in, currency,	   ""),
	LIST	(in, items,	   OPTIONAL, 2, ""),
	DAY	(in, day,	   OPTIONAL, ""),
	{ 0 }
};

static const struct action row = {
	.name = "pay", .params = params, .in_size = sizeof(struct in)
};

#define JSON	"application/json"
#define FORM	"application/x-www-form-urlencoded"

static const struct {
	const char	*query, *type, *body;
	enum err	 e;
	cents		 amount;
	const char	*field, *shows;
} requests[] = {
	{ "", JSON, "{\"amount\":49.99}", 0, 4999, "", "a JSON number" },
	{ "", JSON, "{\"amount\":\"49.99\"}", 0, 4999, "", "a numeric text" },
	{ "", "", " {\"amount\":1}", 0, 100, "", "JSON by its first byte" },
	{ "", FORM, "amount=7.5&x=y", 0, 750, "", "a form; unknown names are ignored" },
	{ "amount=3", "", "", 0, 300, "", "the query" },
	{ "amount=3", JSON, "{\"amount\":4}", 0, 400, "", "the body wins" },
	{ "", JSON, "{\"amount\":4,\"amount\":5}", 0, 500, "", "the last of two wins" },
	{ "", FORM, "amount=4&amount=5", 0, 500, "", "in a form too" },
	{ "", JSON, "{\"amount\":1e2}", 0, 10000, "", "an exponent" },
	{ "", JSON, "{\"amount\":1,\"order_id\":\"\"}", 0, 100, "", "optional and empty: not sent" },
	{ "", JSON, "{\"amount\":1,\"order_id\":null}", 0, 100, "", "null: not sent" },
	{ "", JSON, "{\"amount\":1,\"order_id\":17}", 0, 100, "", "a number as a text" },
	{ "", JSON, "{\"amount\":1,\"items\":[{\"name\":\"a\",\"qty\":\"1\",\"price\":2}]}", 0, 100, "", "items" },
	{ "", JSON, "{\"amount\":1,\"day\":\"2028-02-29\"}", 0, 100, "", "a leap day" },
	{ "", JSON, "{}", ERR_PARAM, 0, "amount", "missing" },
	{ "", JSON, "{\"amount\":\"\"}", ERR_PARAM, 0, "amount", "empty" },
	{ "", JSON, "{\"amount\":0}", ERR_PARAM, 0, "amount", "nothing" },
	{ "", JSON, "{\"amount\":-1}", ERR_PARAM, 0, "amount", "less than nothing" },
	{ "", JSON, "{\"amount\":49.995}", ERR_PARAM, 0, "amount", "half a cent" },
	{ "", JSON, "{\"amount\":\"1,50\"}", ERR_PARAM, 0, "amount", "a comma" },
	{ "", JSON, "{\"amount\":\"0x10\"}", ERR_PARAM, 0, "amount", "hexadecimal" },
	{ "", JSON, "{\"amount\":true}", ERR_PARAM, 0, "amount", "a boolean" },
	{ "", JSON, "{\"amount\":[1]}", ERR_PARAM, 0, "amount", "a list" },
	{ "", JSON, "{\"amount\":1000000000}", ERR_PARAM, 0, "amount", "over the limit" },
	{ "", JSON, "{\"amount\":1,\"limit\":201}", ERR_PARAM, 0, "limit", "a number over its bound" },
	{ "", JSON, "{\"amount\":1,\"limit\":1.5}", ERR_PARAM, 0, "limit", "no whole number" },
	{ "", JSON, "{\"amount\":1,\"order_id\":\"123456789\"}", ERR_PARAM, 0, "order_id", "a text over its bound" },
	{ "", JSON, "{\"amount\":1,\"order_id\":{}}", ERR_PARAM, 0, "order_id", "an object for a text" },
	{ "", JSON, "{\"amount\":1,\"currency\":\"USD\"}", ERR_CURRENCY, 0, "currency", "dollars" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"ftp://a/\"}", ERR_PARAM, 0, "callback_url", "another scheme" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"https://u:p@a/\"}", ERR_PARAM, 0, "callback_url", "credentials" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"https:///x\"}", ERR_PARAM, 0, "callback_url", "no host" },
	{ "", JSON, "{\"amount\":1,\"items\":{}}", ERR_PARAM, 0, "items", "items that are no list" },
	{ "", JSON, "{\"amount\":1,\"items\":[1]}", ERR_PARAM, 0, "items", "an item that is no object" },
	{ "", JSON, "{\"amount\":1,\"items\":[{},{},{}]}", ERR_PARAM, 0, "items", "too many items" },
	{ "", JSON, "{\"amount\":1,\"items\":[{\"qty\":\"x\"}]}", ERR_PARAM, 0, "items", "a quantity that is no number" },
	{ "", JSON, "{\"amount\":1,\"day\":\"2026-02-30\"}", ERR_PARAM, 0, "day", "no such day" },
	{ "", JSON, "{\"amount\":1", ERR_BODY, 0, "", "cut off" },
	{ "", JSON, "[1]", ERR_BODY, 0, "", "JSON, but no object" },
	{ "", JSON, "{} {}", ERR_BODY, 0, "", "something behind it" },
	{ "", JSON, "{\"amount\":\"\xff\"}", ERR_BODY, 0, "", "not UTF-8" },
	{ "", FORM, "amount=%ff", ERR_BODY, 0, "", "a form that is not UTF-8" },
	{ "a%00b=1", "", "", ERR_BODY, 0, "", "a NUL byte in the query" },
};

static void
test_requests(struct cx *cx)
{
	for (size_t i = 0; i < NELEM(requests); i++) {
		struct args *args = NULL;
		void *in = NULL;
		enum err e;

		cx_begin(cx);
		e = args_read(cx, requests[i].query, requests[i].type,
		    requests[i].body, strlen(requests[i].body), &args);
		if (e == 0)
			e = action_check(cx, &row, args, &in);
		is_int(e, requests[i].e, "%s: %s", requests[i].shows, cx->why);
		is_str(cx->field, requests[i].field, "%s: field",
		    requests[i].shows);
		if (e == 0)
			is_int(((struct in *)in)->amount, requests[i].amount,
			    "%s: amount", requests[i].shows);
	}
}

static const struct {
	const char	*a, *b;
	bool		 same;
	const char	*shows;
} twins[] = {
	{ "{\"amount\":1,\"limit\":2}", "{\"limit\":2,\"amount\":1}", true, "order does not matter" },
	{ "{\"amount\":1}", "{\"amount\":1,\"other\":2}", true, "unknown names do not matter" },
	{ "{\"amount\":1}", "{\"amount\":2}", false, "another amount" },
	{ "{\"amount\":1}", "{\"amount\":1,\"limit\":2}", false, "one more" },
};

static void
test_canon(struct cx *cx)
{
	struct args *a = NULL, *b = NULL;

	cx_begin(cx);
	for (size_t i = 0; i < NELEM(twins); i++) {
		is_int(args_read(cx, "", JSON, twins[i].a, strlen(twins[i].a),
		    &a), 0, "read");
		is_int(args_read(cx, "", JSON, twins[i].b, strlen(twins[i].b),
		    &b), 0, "read");
		is_true((strcmp(action_canon(cx, &row, a),
		    action_canon(cx, &row, b)) == 0) == twins[i].same,
		    "%s", twins[i].shows);
	}
	is_int(args_read(cx, "k=1", FORM, "k=2", 3, &a), 0, "read");
	is_true(args_clash(a, "k"), "two values in one request are noticed");
	is_int(args_read(cx, "k=1", FORM, "k=1", 3, &a), 0, "read");
	is_true(!args_clash(a, "k"), "the same twice is no clash");
}

int
main(void)
{
	struct cx cx = { .arena = arena_new() };

	test_requests(&cx);
	test_canon(&cx);
	arena_free(cx.arena);
	return tap_done();
}
