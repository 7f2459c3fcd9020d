#include <string.h>

#include "base/calendar.h"
#include "base/str.h"
#include "io/connectpay.h"
#include "io/js.h"
#include "io/seal.h"
#include "io/web.h"

#define CALL_MS		10000
#define ANSWER_MAX	((size_t)8 * 1024 * 1024)
#define SECONDS_MAX	(INT64_C(100) * 366 * 86400)	/* of a token */

static const struct conf_bank *
settings(struct cx *cx, const struct bank *b)
{
	return &cx->conf->bank[b->environment];
}

/* A random UUID, version 4 (RFC 9562). */
static char *
uuid(struct arena *a)
{
	unsigned char r[16];
	char *hex;

	seal_random(r, sizeof(r));
	r[6] = (r[6] & 0x0f) | 0x40;
	r[8] = (r[8] & 0x3f) | 0x80;
	hex = str_hex(a, r, sizeof(r));
	return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

/* What the bank says went wrong, in the words it uses; never NULL. */
static const char *
complaint(const struct js *js)
{
	static const char *const names[] = {
		"detail", "message", "error_description", "error",
		"psuMessage"
	};
	const char *text = js_member(js_at(js_get(js, "tppMessages"), 0),
	    "text");

	for (size_t i = 0; text == NULL && i < NELEM(names); i++)
		text = js_member(js, names[i]);
	return text == NULL ? "" : text;
}

/* Nothing, or null. */
static bool
is_nothing(const struct out *o)
{
	size_t blank = o->len == 0 ? 0 : strspn(o->text, " \t\r\n");

	return blank == o->len || (strncmp(o->text + blank, "null", 4) == 0 &&
	    strspn(o->text + blank + 4, " \t\r\n") == o->len - blank - 4);
}

/* The JSON of an answer, NULL if that is empty. */
static enum err
read_json(struct cx *cx, const struct out *answer, const struct js **js)
{
	const char *why;

	*js = js_mend(cx->arena, answer->text, answer->len, &why);
	return *js != NULL || is_nothing(answer) ? 0 : fail(cx, ERR_BANK,
	    "bank: the answer is no JSON");
}

/* Sends a call; a good answer is in c->answer. */
static enum err
call(struct cx *cx, struct bank *b, struct web_call *c)
{
	const struct conf_bank *cf = settings(cx, b);
	const char *why, *error;
	const struct js *js;

	c->arena = cx->arena;
	c->once = c->body != NULL;	/* a token is spent, an order made */
	c->answer_max = ANSWER_MAX;
	c->timeout = (int)(b->patience < CALL_MS ? b->patience : CALL_MS);
	c->tls_cert = cf->tls_cert;
	c->tls_key = cf->tls_key;
	c->tls_ca = cf->tls_ca;
	b->status = b->retry_after = 0;
	b->void_grant = false;
	if (c->timeout <= 0)
		return fail(cx, ERR_BANK, "bank: no time left");
	web_run(cx->web, c);
	b->patience -= c->ms;
	b->status = c->status;
	b->retry_after = c->retry_after;
	if (c->status == 0)
		return fail(cx, ERR_BANK, "bank: %s", c->error);
	if (c->status >= 200 && c->status <= 204)
		return 0;
	js = js_mend(cx->arena, c->answer.text, c->answer.len, &why);
	error = js_member(js, "error");
	b->void_grant = error != NULL && strcmp(error, "invalid_grant") == 0;
	return fail(cx, ERR_BANK, "bank: HTTP %d %.80s", c->status,
	    complaint(js));
}

/* Seconds from now on. */
static int64_t
seconds(const struct js *js, const char *name)
{
	const char *text = js_member(js, name);
	int64_t n;

	if (text == NULL || !str_int(text, &n))
		return 0;
	return n < SECONDS_MAX ? n : SECONDS_MAX;
}

static enum err
grant(struct cx *cx, struct bank *b, const char *form, struct bank_tokens *t)
{
	const struct conf_bank *cf = settings(cx, b);
	char *pair = arena_printf(cx->arena, "%s:%s", cf->client_id,
	    cf->client_secret);
	struct web_call c = {
		.method = "POST", .body = form, .body_len = strlen(form),
		.url = arena_printf(cx->arena, "%s/auth/v1/oauth2/token",
		    cf->url),
		.headers = {
			"Content-Type: application/x-www-form-urlencoded",
			"Accept: application/json",
			arena_printf(cx->arena, "Authorization: Basic %s",
			    seal_base64(cx->arena, pair, strlen(pair))),
			arena_printf(cx->arena, "X-Request-ID: %s",
			    uuid(cx->arena)),
		},
	};
	const struct js *js = NULL;
	enum err e;

	if ((e = call(cx, b, &c)) != 0 ||
	    (e = read_json(cx, &c.answer, &js)) != 0)
		return e;
	t->access_token = js_member(js, "access_token");
	t->refresh_token = js_member(js, "refresh_token");
	t->access_seconds = seconds(js, "expires_in");
	t->refresh_seconds = seconds(js, "refresh_token_expires_in");
	t->scope = js_member(js, "scope");
	if (t->access_token == NULL || t->refresh_token == NULL ||
	    t->access_seconds <= 0)
		return fail(cx, ERR_BANK, "bank: the token answer lacks a"
		    " token or its time");
	return 0;
}

static enum err
grant_by(struct cx *cx, struct bank *b, const char *type, const char *secret,
    struct bank_tokens *t)
{
	struct out form = { .arena = cx->arena };

	out_text(&form, type);
	out_form(&form, secret);
	return grant(cx, b, form.text, t);
}

enum err
connectpay_login(struct cx *cx, struct bank *b, const char *code,
    struct bank_tokens *t)
{
	return grant_by(cx, b, "grant_type=authorization_code&code=", code, t);
}

enum err
connectpay_refresh(struct cx *cx, struct bank *b, const char *refresh_token,
    struct bank_tokens *t)
{
	return grant_by(cx, b, "grant_type=refresh_token&refresh_token=",
	    refresh_token, t);
}

/* With a body it is a POST. */
static enum err
ask_raw(struct cx *cx, struct bank *b, const char *path, const char *body,
    struct out *answer)
{
	struct web_call c = {
		.method = body == NULL ? "GET" : "POST",
		.body = body, .body_len = body == NULL ? 0 : strlen(body),
		.url = arena_printf(cx->arena, "%s%s", settings(cx, b)->url,
		    path),
		.headers = {
			"Accept: application/json",
			arena_printf(cx->arena, "Authorization: Bearer %s",
			    b->access_token),
			arena_printf(cx->arena, "X-Request-ID: %s",
			    uuid(cx->arena)),
			body == NULL ? NULL : "Content-Type: application/json",
		},
	};

	enum err e = call(cx, b, &c);

	*answer = c.answer;
	return e;
}

static enum err
ask(struct cx *cx, struct bank *b, const char *path, const char *body,
    const struct js **js)
{
	struct out answer;
	enum err e = ask_raw(cx, b, path, body, &answer);

	return e == 0 ? read_json(cx, &answer, js) : e;
}

static enum err
get(struct cx *cx, struct bank *b, const char *path, const struct js **js)
{
	return ask(cx, b, path, NULL, js);
}

/* The first of the names (ended by NULL) that the object has. */
static const char *
first(const struct js *js, const char *const *names)
{
	const char *text = NULL;

	for (; text == NULL && *names != NULL; names++)
		text = js_member(js, *names);
	return text;
}

/* The balance of what is booked, if the bank says it in the account's own
 * currency; other kinds hold what is to come, or a credit limit. */
static void
read_balance(const struct js *js, struct bank_account *a)
{
	static const char *const kinds[] = { "interimBooked", "closingBooked" };
	const struct js *list = js_get(js, "balances"), *one, *sum;
	const char *kind, *amount, *currency;

	for (size_t k = 0; k < NELEM(kinds) && !a->stated; k++)
		for (size_t i = 0; i < js_count(list) && !a->stated; i++) {
			one = js_at(list, i);
			sum = js_get(one, "balanceAmount");
			kind = js_member(one, "balanceType");
			amount = js_member(sum, "amount");
			currency = js_member(sum, "currency");
			a->stated = kind != NULL && amount != NULL &&
			    strcmp(kind, kinds[k]) == 0 &&
			    (currency == NULL || a->currency == NULL ||
			    strcmp(currency, a->currency) == 0) &&
			    cents_parse(amount, &a->balance);
		}
}

enum err
connectpay_accounts(struct cx *cx, struct bank *b, struct rows *rows)
{
	static const char *const ids[] = { "resourceId", "accountId", "id",
	    NULL };
	static const char *const names[] = { "ownerName", "name", NULL };
	const struct js *js = NULL, *list;
	struct bank_account *a;
	enum err e;

	if ((e = get(cx, b, "/ob/accounts?withBalance=true", &js)) != 0)
		return e;
	list = js_kind(js) == JS_LIST ? js : js_get(js, "accounts");
	rows->n = js_count(list);
	rows->size = sizeof(*a);
	rows->row = a = arena_alloc(cx->arena, (rows->n + 1) * sizeof(*a));
	for (size_t i = 0; i < rows->n; i++, a++) {
		js = js_at(list, i);
		a->bank_id = first(js, ids);
		a->iban = entry_iban(cx->arena, js_member(js, "iban"));
		a->currency = js_member(js, "currency");
		a->name = first(js, names);
		a->stated = false;
		read_balance(js, a);
	}
	return 0;
}

static const char *
cut(struct arena *a, const char *text, size_t max)
{
	return text == NULL || *text == '\0' ? NULL : str_cut(a, text, max);
}

/* The list of entries, however it is wrapped; NULL if there is none. */
static const struct js *
entries(const struct js *js)
{
	const struct js *t = js_get(js, "transactions");
	const struct js *const places[] = { js, js_get(t, "booked"), t,
	    js_get(js, "booked"), js_get(js, "entries") };

	for (size_t i = 0; i < NELEM(places); i++)
		if (js_kind(places[i]) == JS_LIST)
			return places[i];
	return NULL;
}

static void look_at(void *, const char *key, const struct js *);

/* Is it a way to say that there are no entries?  Nothing at all, or an object
 * that holds nothing but such ways, what stands beside entries, and scalars:
 * a list by another name may hold money. */
static bool
says_none(const struct js *js)
{
	bool none = true;

	switch (js_kind(js)) {
	case JS_NONE:
	case JS_NULL:
		return true;
	case JS_LIST:
		return js_count(js) == 0;
	case JS_OBJECT:
		js_each(js, look_at, &none);
		return none;
	default:
		return false;
	}
}

static void
look_at(void *arg, const char *key, const struct js *v)
{
	static const char *const beside[] = { "account", "balances",
	    "pending", "information", "_links" };
	bool *none = arg;
	enum js_kind kind = js_kind(v);

	for (size_t i = 0; i < NELEM(beside); i++)
		if (strcmp(key, beside[i]) == 0)
			return;
	if (kind == JS_LIST || kind == JS_OBJECT)
		*none = *none && says_none(v);
}

enum err
connectpay_page(struct cx *cx, struct bank *b, const struct bank_period *p,
    int64_t page, struct out *answer)
{
	char from[DAY_TEXT], to[DAY_TEXT];
	struct out path = { .arena = cx->arena };

	out_text(&path, "/ob/accounts/");
	out_form(&path, p->bank_id);
	out_printf(&path, "/transactions?dateFrom=%s&dateTo=%s&sortOrder=asc"
	    "&pageNo=%" PRId64 "&pageSize=%" PRId64, day_print(p->from, from),
	    day_print(p->to, to), page, cx->conf->page_size);
	return ask_raw(cx, b, path.text, NULL, answer);
}

enum err
connectpay_entries(struct cx *cx, const struct bank_period *p,
    const struct out *page, struct rows *rows)
{
	const struct js *js = NULL;
	struct bank_entry *en;
	enum err e;

	if ((e = read_json(cx, page, &js)) != 0)
		return e;
	if (entries(js) == NULL && !says_none(js))
		return fail(cx, ERR_BANK, "bank: the answer has no entries");
	js = entries(js);
	rows->n = js_count(js);
	rows->size = sizeof(*en);
	rows->row = en = arena_alloc(cx->arena, (rows->n + 1) * sizeof(*en));
	for (size_t i = 0; i < rows->n; i++)
		entry_read(cx->arena, js_at(js, i), p->iban, &en[i]);
	return 0;
}

/* ,"name":"value" */
static void
put(struct out *o, const char *name, const char *value)
{
	out_printf(o, ",\"%s\":", name);
	out_json(o, value);
}

enum err
connectpay_initiate(struct cx *cx, struct bank *b, struct bank_order *o)
{
	struct out body = { .arena = cx->arena };
	const struct js *js = NULL, *payee;
	char amount[CENTS_TEXT];
	enum err e;

	out_printf(&body, "{\"instructedAmount\":{\"amount\":\"%s\","
	    "\"currency\":\"EUR\"},\"debtorAccount\":{\"iban\":\"%s\"},"
	    "\"creditorAccount\":{\"iban\":\"%s\"}",
	    cents_print(o->amount, amount), o->debtor_iban, o->creditor_iban);
	put(&body, "creditorName", o->creditor_name);
	put(&body, "remittanceInformationUnstructured", o->remittance);
	put(&body, "externalReference", o->external_reference);
	out_text(&body, "}");
	if ((e = ask(cx, b, "/ob/payments", body.text, &js)) != 0)
		return e;
	payee = js_get(js, "payeeVerification");
	o->payment_order_no = js_member(js, "paymentOrderNo");
	o->payment_rail = cut(cx->arena, js_member(js, "paymentRail"), 16);
	o->transaction_status = cut(cx->arena, js_member(js,
	    "transactionStatus"), 8);
	o->match_type = cut(cx->arena, js_member(payee, "matchType"), 8);
	o->matched_name = cut(cx->arena, js_member(payee, "matchedName"), 140);
	if (o->payment_order_no == NULL || strlen(o->payment_order_no) > 64 ||
	    *o->payment_order_no == '\0')
		return fail(cx, ERR_BANK, "bank: the order has no number");
	return 0;
}

/* Below /ob/payments/, the number made safe for a path. */
static const char *
order_path(struct cx *cx, const char *payment_order_no, const char *rest)
{
	struct out path = { .arena = cx->arena };

	out_text(&path, "/ob/payments/");
	out_form(&path, payment_order_no);
	out_text(&path, rest);
	return path.text;
}

enum err
connectpay_authorise(struct cx *cx, struct bank *b,
    const char *payment_order_no)
{
	const struct js *js = NULL;
	enum err e = ask(cx, b, order_path(cx, payment_order_no,
	    "/authorisations/nosca"), "{}", &js);

	if (e == ERR_BANK && b->status >= 200 && b->status <= 204) {
		fail_clear(cx);		/* what it says does not matter */
		return 0;
	}
	return e;
}

enum err
connectpay_status(struct cx *cx, struct bank *b, const char *payment_order_no,
    struct bank_progress *p)
{
	const struct js *js = NULL;
	enum err e = get(cx, b, order_path(cx, payment_order_no, "/status"),
	    &js);

	if (e != 0)
		return e;
	p->status = cut(cx->arena, js_member(js, "transactionStatus"), 8);
	p->said = cut(cx->arena, complaint(js), 140);
	return p->status != NULL ? 0 : fail(cx, ERR_BANK,
	    "bank: the answer has no status");
}
