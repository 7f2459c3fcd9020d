/*
 * test_action.c - what a request says, as a table row wants it.
 */
#include <string.h>

#include "api/action.h"
#include "base/out.h"
#include "tap.h"

struct in {
	cents		 amount;
	int64_t		 minutes, limit, day, flag, status;
	const char	*order_id, *callback_url, *currency, *items, *language;
};

static const char *const words[] = { "pending", "paid", NULL };

static const struct param params[] = {
	CENTS	(in, amount,	   REQUIRED, 1, CENTS_AMOUNT, ""),
	INT	(in, minutes,	   OPTIONAL, 1, 200, ""),
	LIMIT	(in, limit,	   200, ""),
	BOOL	(in, flag,	   ""),
	WORD	(in, status,	   OPTIONAL, words, ""),
	LANGUAGE(in, language,	   ""),
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
#define PARTS	"multipart/form-data; boundary=XX"
#define PART(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

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
	{ "", JSON, "{\"amount\":1,\"minutes\":201}", ERR_PARAM, 0, "minutes", "a number over its bound" },
	{ "", JSON, "{\"amount\":1,\"limit\":1.5}", ERR_PARAM, 0, "limit", "no whole number" },
	{ "", JSON, "{\"amount\":1,\"order_id\":\"123456789\"}", ERR_PARAM, 0, "order_id", "a text over its bound" },
	{ "", JSON, "{\"amount\":1,\"order_id\":{}}", ERR_PARAM, 0, "order_id", "an object for a text" },
	{ "", JSON, "{\"amount\":1,\"currency\":\"USD\"}", ERR_CURRENCY, 0, "currency", "dollars" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"ftp://a/\"}", ERR_PARAM, 0, "callback_url", "another scheme" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"https://u:p@a/\"}", ERR_PARAM, 0, "callback_url", "credentials" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"https:///x\"}", ERR_PARAM, 0, "callback_url", "no host" },
	{ "", JSON, "{\"amount\":1,\"items\":{\"name\":{}}}", ERR_PARAM, 0, "items", "items that are no list" },
	{ "", JSON, "{\"amount\":1,\"items\":[{\"qty\":true}]}", ERR_PARAM, 0, "items", "a quantity that is a boolean" },
	{ "", JSON, "{\"amount\":1,\"minutes\":true}", ERR_PARAM, 0, "minutes", "a boolean for a number" },
	{ "", JSON, "{\"amount\":1,\"minutes\":60.5}", ERR_PARAM, 0, "minutes", "half a minute" },
	{ "", JSON, "{\"amount\":1,\"limit\":0}", ERR_PARAM, 0, "limit", "a limit of nothing" },
	{ "", JSON, "{\"amount\":1,\"flag\":2}", ERR_PARAM, 0, "flag", "neither true nor false" },
	{ "", JSON, "{\"amount\":1,\"status\":\"lost\"}", ERR_PARAM, 0, "status", "a word that is not in the list" },
	{ "", JSON, "{\"amount\":1,\"language\":\"xx\"}", ERR_PARAM, 0, "language", "a language that we do not speak" },
	{ "", JSON, "{'amount':5}", ERR_BODY, 0, "", "quotes that are not JSON's" },
	{ "", FORM, "amount=1&items[name]=Tea", ERR_PARAM, 0, "items", "a form's object for a list" },
	{ "", "text/xml", "<amount>1</amount>", ERR_BODY, 0, "", "XML" },
	{ "", "text/plain", "amount=1", ERR_BODY, 0, "", "plain text" },
	{ "", "multipart/form-data", "--x", ERR_BODY, 0, "", "no boundary" },
	{ "", PARTS, "--XX\r\n" PART("amount") "1", ERR_BODY, 0, "", "parts without an end" },
	{ "", PARTS, "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n--XX--", ERR_BODY, 0, "", "a file" },
	{ "", JSON, "{\"amount\":1,\"items\":[1]}", ERR_PARAM, 0, "items", "an item that is no object" },
	{ "", JSON, "{\"amount\":1,\"items\":[{},{},{}]}", ERR_PARAM, 0, "items", "too many items" },
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

/* What PHP clients send; what the handler gets: what is not 0, in order. */
static const struct {
	const char	*query, *type, *body, *want, *shows;
} habits[] = {
	{ "", JSON, "{\"amount\":\" 49.99 \"}", "4999", "blanks around a number" },
	{ "", JSON, "{\"amount\":\".50\"}", "50", "no whole part" },
	{ "", JSON, "{\"amount\":\"5.\"}", "500", "no decimals" },
	{ "", JSON, "{\"amount\":1,\"minutes\":60.0}", "100 minutes=60", "a float" },
	{ "", JSON, "{\"amount\":1,\"minutes\":\"12.00\"}", "100 minutes=12", "a float as a text" },
	{ "", JSON, "{\"amount\":1,\"limit\":500}", "100 limit=200", "more than a page holds" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":false,\"order_id\":false,\"minutes\":false}", "100", "false: not sent" },
	{ "", JSON, "{\"amount\":1,\"callback_url\":\"HTTPS://Shop.example/Cb \"}", "100 url=https://Shop.example/Cb", "a scheme in capitals, a blank behind" },
	{ "", JSON, "{\"amount\":1,\"order_id\":\"\\u00a0A 1\\n\"}", "100 order=A 1", "white space around a text" },
	{ "", JSON, "{\"amount\":1,\"order_id\":\"  \"}", "100", "nothing but white space: not sent" },
	{ "", JSON, "{\"amount\":1,\"status\":\"Paid\"}", "100 status=2", "a word in capitals" },
	{ "", JSON, "{\"amount\":1,\"flag\":true}", "100 flag=1", "true" },
	{ "", FORM, "amount=1&flag=TRUE", "100 flag=1", "true in a form" },
	{ "", JSON, "{\"amount\":1,\"flag\":false}", "100", "false is a value, and is 0" },
	{ "", JSON, "{\"amount\":1,\"language\":\"de-DE\"}", "100 language=de", "a language with its country" },
	{ "", JSON, "{\"amount\":1,\"language\":\"EN_gb\"}", "100 language=en", "the same, as PHP's locales" },
	{ "", JSON, "{\"amount\":1,\"currency\":\"eur\"}", "100 currency=EUR", "the currency in small letters" },
	{ "amount=1", JSON, "[]", "100", "PHP's empty object" },
	{ "amount=1", "", " [ ] ", "100", "the same, without the header" },
	{ "", "application/json; charset=UTF-8", "{\"amount\":1}", "100", "a type with its charset" },
	{ "", "Text/JSON", "{\"amount\":1}", "100", "another type" },
	{ "", JSON, "{\"amount\":1,\"items\":[{\"price\":\"4.132231\",\"qty\":\"0.333\"},{\"price\":\"\"}]}",
	  "100 items=[{\"price\":\"4.132231\",\"qty\":\"0.333\"},{\"price\":\"\"}]", "numbers as texts, and a text that is none" },
	{ "", JSON, "{\"amount\":1,\"items\":{\"0\":{\"name\":\"a\"},\"2\":{\"name\":\"b\"}}}", "100 items=[{\"name\":\"a\"},{\"name\":\"b\"}]", "an array with gaps" },
	{ "", JSON, "{\"amount\":1,\"items\":{}}", "100 items=[]", "an empty array" },
	{ "", JSON, "{\"amount\":1,\"items\":\"[{\\\"name\\\":\\\"a\\\"}]\"}", "100 items=[{\"name\":\"a\"}]", "a list as JSON text" },
	{ "", FORM, "amount=1&items[0][name]=Tea&items[0][price]=1.5&items[2][name]=\"x\"", "100 items=[{\"name\":\"Tea\",\"price\":\"1.5\"},{\"name\":\"\\\"x\\\"\"}]", "names with brackets" },
	{ "", FORM, "amount=1&items%5B0%5D%5Bname%5D=Tea", "100 items=[{\"name\":\"Tea\"}]", "the same, encoded" },
	{ "", FORM, "amount=1&items[][name]=a&items[][name]=b", "100 items=[{\"name\":\"a\"},{\"name\":\"b\"}]", "without numbers" },
	{ "", FORM, "amount=1&items[9223372036854775807][name]=x&items[][name]=y", "100 items=[{\"name\":\"x\"},{\"name\":\"y\"}]", "the largest number" },
	{ "", FORM, "amount=1&items[0][tags][]=a&items[0][tags][]=b", "100 items=[{\"tags\":[\"a\",\"b\"]}]", "an array inside" },
	{ "", PARTS, "--XX\r\n" PART("amount") "1.5\r\n--XX\r\n" PART("order_id") "A\r\nB\r\n--XX--\r\n", "150 order=A\r\nB", "parts" },
	{ "", "multipart/form-data; boundary=\"XX\"", "preamble\r\n--XX\r\nContent-Type: text/plain\r\n" PART("amount") "2\r\n--XX\r\n" PART("items[0][name]") "Tea\r\n--XX--", "200 items=[{\"name\":\"Tea\"}]", "a quoted boundary, a preamble, a part with a type" },
};

static const char *
printed(struct arena *a, const struct in *in)
{
	struct out o = { .arena = a };
	const struct { const char *name, *text; } texts[] = {
		{ "order", in->order_id }, { "url", in->callback_url },
		{ "currency", in->currency }, { "items", in->items },
		{ "language", in->language },
	};
	const struct { const char *name; int64_t n; } numbers[] = {
		{ "minutes", in->minutes }, { "limit", in->limit },
		{ "flag", in->flag }, { "status", in->status },
	};

	out_printf(&o, "%" PRId64, in->amount);
	for (size_t i = 0; i < NELEM(numbers); i++)
		if (numbers[i].n != 0)
			out_printf(&o, " %s=%" PRId64, numbers[i].name,
			    numbers[i].n);
	for (size_t i = 0; i < NELEM(texts); i++)
		if (texts[i].text != NULL)
			out_printf(&o, " %s=%s", texts[i].name, texts[i].text);
	return o.text;
}

static void
test_habits(struct cx *cx)
{
	for (size_t i = 0; i < NELEM(habits); i++) {
		struct args *args = NULL;
		void *in = NULL;
		enum err e;

		cx_begin(cx);
		e = args_read(cx, habits[i].query, habits[i].type,
		    habits[i].body, strlen(habits[i].body), &args);
		if (e == 0)
			e = action_check(cx, &row, args, &in);
		is_str(e == 0 ? printed(cx->arena, in) : cx->why,
		    habits[i].want, "%s", habits[i].shows);
	}
}

/* Rounding, where the merchant is set so. */
static const struct { const char *text; int64_t want; } rounded[] = {
	{ "49.995", 5000 }, { "49.994", 4999 }, { "49.99499999999999", 5000 },
	{ "0.005", 1 }, { "33.333333", 3333 }, { "1e-2", 1 },
};

static void
test_rounding(struct cx *cx)
{
	for (size_t i = 0; i < NELEM(rounded); i++) {
		struct args *args = NULL;
		void *in = NULL;
		char *body;

		cx_begin(cx);
		cx->half_up = true;
		body = arena_printf(cx->arena, "{\"amount\":%s}",
		    rounded[i].text);
		is_int(args_read(cx, "", JSON, body, strlen(body), &args), 0,
		    "read");
		is_int(action_check(cx, &row, args, &in), 0, "taken");
		is_int(((struct in *)in)->amount, rounded[i].want,
		    "half_up: %s", rounded[i].text);
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
	{ "{\"amount\":1,\"order_id\":\"A\\n\\ncurrency=3:EUR\"}", "{\"amount\":1,\"order_id\":\"A\",\"currency\":\"EUR\"}", false, "a value that looks like two" },
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
		is_true((strcmp(action_canon(cx, &row, a, true),
		    action_canon(cx, &row, b, true)) == 0) == twins[i].same,
		    "%s", twins[i].shows);
	}
	is_str(action_canon(cx, &row, b, false), arena_printf(cx->arena,
	    "%s\namount=1\norder_id=A\ncurrency=EUR", row.name),
	    "as the release before hashed it");
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
	test_habits(&cx);
	test_rounding(&cx);
	test_canon(&cx);
	arena_free(cx.arena);
	return tap_done();
}
