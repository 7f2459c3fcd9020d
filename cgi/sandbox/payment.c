/*
 * Payment orders through the API: initiated, authorised, followed.  A test
 * may hold one back, release it, and let the creditor's bank return it.
 */
#include <string.h>

#include "base/iban.h"
#include "base/sepatext.h"
#include "io/seal.h"
#include "sandbox/ledger.h"
#include "sandbox/order.h"
#include "sandbox/route.h"

#define AML_AMOUNT	7777		/* cents: a person looks at it */
#define PAYEE_MAX	70
#define TEXT_MAX	140
#define REFERENCE_MAX	35

/* Only the letters and digits of a name, upper case. */
static char *
bare(struct arena *a, const char *name)
{
	struct out o = { .arena = a };

	out_text(&o, "");
	for (; *name != '\0'; name++) {
		char c = *name;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != ' ' && c != '.' && c != ',' && c != '-')
			out_bytes(&o, &c, 1);
	}
	return o.text;
}

/* How many letters of the longer name stand between what both begin with and
 * what both end with. */
static size_t
slips(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), i = 0, n = 0;

	while (a[i] != '\0' && a[i] == b[i])
		i++;
	while (n + i < la && n + i < lb && a[la - 1 - n] == b[lb - 1 - n])
		n++;
	return (la > lb ? la : lb) - i - n;
}

/* What the creditor's bank says of the name (VoP). */
static enum err
verify(struct cx *cx, struct order *o)
{
	const char *holder = NULL;
	char *given, *known;
	enum err e;

	o->match_type = "MTCH";
	e = order_holder(cx, o->creditor_iban, &holder);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return 0;
	}
	if (e != 0)
		return e;
	given = bare(cx->arena, sepatext_name(cx->arena, o->creditor_name));
	known = bare(cx->arena, sepatext_name(cx->arena, holder));
	if (strcmp(given, known) == 0)
		return 0;
	o->match_type = "NMTC";
	if (slips(given, known) <= 2 || strstr(known, given) != NULL ||
	    strstr(given, known) != NULL) {
		o->match_type = "CMTC";
		o->matched_name = holder;
	}
	return 0;
}

/* The order as the body says it; the call is refused if it does not. */
static enum err
read_order(struct cx *cx, struct call *c, struct order *o)
{
	const struct request *r = c->request;
	const char *why = "no JSON", *amount, *currency, *debtor, *creditor;
	const struct js *js = js_parse(cx->arena, r->body, r->body_len, &why);
	char *iban = arena_alloc(cx->arena, IBAN_TEXT);
	struct account a = { 0 };
	enum err e;

	debtor = js_member(js_get(js, "debtorAccount"), "iban");
	creditor = js_member(js_get(js, "creditorAccount"), "iban");
	amount = js_member(js_get(js, "instructedAmount"), "amount");
	currency = js_member(js_get(js, "instructedAmount"), "currency");
	o->creditor_name = js_member(js, "creditorName");
	o->remittance = js_member(js, "remittanceInformationUnstructured");
	o->external_reference = js_member(js, "externalReference");
	if (debtor == NULL || creditor == NULL || amount == NULL ||
	    o->creditor_name == NULL || currency == NULL)
		return call_refuse(c, 400, NULL, "A key is missing.");
	if (strcmp(currency, "EUR") != 0 || !cents_parse(amount, &o->amount) ||
	    o->amount <= 0 || o->amount > CENTS_AMOUNT)
		return call_refuse(c, 400, NULL, "The amount is wrong.");
	if ((why = iban_parse(creditor, iban)) != NULL)
		return call_refuse(c, 400, NULL, why);
	if (strlen(o->creditor_name) > PAYEE_MAX ||
	    (o->remittance != NULL && strlen(o->remittance) > TEXT_MAX) ||
	    (o->external_reference != NULL &&
	    strlen(o->external_reference) > REFERENCE_MAX))
		return call_refuse(c, 400, NULL, "A text is too long.");
	o->creditor_iban = iban;
	e = ledger_find(cx, debtor, &a);
	if (e == ERR_NOT_FOUND || (e == 0 && a.custodial == 0)) {
		fail_clear(cx);
		return call_refuse(c, 404, NULL, "No such debtor account.");
	}
	o->account_id = a.id;
	return e;
}

/* By which rail, and to whom. */
static enum err
route(struct cx *cx, struct order *o)
{
	struct account a = { 0 };
	enum err e = ledger_find(cx, o->creditor_iban, &a);

	o->payment_rail = "INTERNAL";
	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	o->payment_rail = "SEPA_SCT_INST";
	return verify(cx, o);
}

static void
put_order(struct call *c, const struct order *o)
{
	struct out *b = &c->body;

	out_printf(b, "{\"paymentOrderNo\":\"%s\",\"paymentRail\":\"%s\","
	    "\"transactionStatus\":\"RCVD\",\"transactionFeeIndicator\":true,"
	    "\"transactionFees\":{\"amount\":\"0.00\",\"currency\":\"EUR\"},"
	    "\"payeeVerification\":", o->payment_order_no, o->payment_rail);
	if (o->match_type == NULL)
		out_text(b, "null");
	else {
		out_printf(b, "{\"matchType\":\"%s\"", o->match_type);
		if (o->matched_name != NULL) {
			out_text(b, ",\"matchedName\":");
			out_json(b, o->matched_name);
		}
		out_text(b, "}");
	}
	out_printf(b, ",\"_links\":{\"self\":{\"href\":\"/ob/payments/%s\"},"
	    "\"status\":{\"href\":\"/ob/payments/%s/status\"}}}",
	    o->payment_order_no, o->payment_order_no);
}

/* After what was asked is done, the answer may be lost. */
static enum err
lose(struct cx *cx, struct call *c, enum spot spot, enum trouble kind)
{
	enum err e = trouble_take(cx, &c->troubles, spot);

	return e == 0 && c->troubles.of[kind].hit ?
	    call_refuse(c, 503, NULL, "Trouble, as ordered.") : e;
}

static enum err
initiate(struct cx *cx, struct call *c)
{
	struct order o = { 0 };
	uint64_t n;
	enum err e;

	if ((e = read_order(cx, c, &o)) != 0 || c->status != 0 ||
	    (e = route(cx, &o)) != 0)
		return e;
	if (c->troubles.of[TROUBLE_NO_CHECK].armed)
		o.match_type = o.matched_name = NULL;
	seal_random(&n, sizeof(n));
	o.payment_order_no = arena_printf(cx->arena, "s-%020" PRIu64, n);
	o.held = o.amount == AML_AMOUNT ||
	    strstr(o.creditor_name, "AML") != NULL;
	if (c->troubles.of[TROUBLE_SETTLE_SECONDS].armed)
		o.settle_at = c->troubles.of[TROUBLE_SETTLE_SECONDS].value;
	if ((e = order_add(cx, &o)) != 0)
		return e;
	put_order(c, &o);
	c->status = 201;
	return lose(cx, c, SPOT_INITIATED, TROUBLE_INITIATE_LOST);
}

/* The order that the path names, as it is now. */
static enum err
find(struct cx *cx, struct call *c, struct order *o)
{
	enum err e;

	if ((e = order_settle(cx)) != 0 ||
	    (e = trouble_take(cx, &c->troubles, SPOT_ORDER)) != 0)
		return e;
	e = c->troubles.of[TROUBLE_ORDER_GONE].hit ? ERR_NOT_FOUND :
	    order_find(cx, c->id, o);
	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	return call_refuse(c, 404, NULL, "There is no such order.");
}

static enum err
authorise(struct cx *cx, struct call *c)
{
	struct order o = { 0 };
	int64_t moved;
	enum err e;

	if ((e = find(cx, c, &o)) != 0 || c->status != 0 ||
	    (e = trouble_take(cx, &c->troubles, SPOT_AUTHORISING)) != 0)
		return e;
	if (c->troubles.of[TROUBLE_AUTHORISE_REFUSED].hit)
		return call_refuse(c, (int)c->troubles.of
		    [TROUBLE_AUTHORISE_REFUSED].value, "PAYMENT_FAILED",
		    "The payee's bank is not reachable.");
	if ((e = order_authorise(cx, &o, &moved)) != 0)
		return e;
	if (moved == 0)
		return call_refuse(c, 409, "STATUS_INVALID",
		    "The order is authorised already.");
	if ((e = order_settle(cx)) != 0)
		return e;
	out_text(&c->body, "{\"scaStatus\":\"finalised\","
	    "\"authorisationId\":\"1\"}");
	c->status = 201;
	return lose(cx, c, SPOT_AUTHORISED, TROUBLE_AUTHORISE_LOST);
}

static enum err
status(struct cx *cx, struct call *c)
{
	struct order o = { 0 };
	enum err e;

	if ((e = find(cx, c, &o)) != 0 || c->status != 0)
		return e;
	out_printf(&c->body, "{\"transactionStatus\":\"%s\"%s}",
	    o.transaction_status, strcmp(o.transaction_status, "RJCT") != 0 &&
	    strcmp(o.transaction_status, "CANC") != 0 ? "" :
	    ",\"psuMessage\":\"The account has no cover.\"");
	return 0;
}

/* An order as tests see it. */
static const struct field order_fields[] = {
	F_INT	 (order, id, "Its place in this list."),
	F_TEXT	 (order, payment_order_no, "The bank's number."),
	F_TEXT	 (order, creditor_iban, "Who is paid."),
	F_TEXT	 (order, creditor_name, "By which name."),
	F_CENTS	 (order, amount, "How much."),
	F_TEXT	 (order, remittance, "The text."),
	F_TEXT	 (order, external_reference, "The client's own reference."),
	F_TEXT	 (order, payment_rail, "INTERNAL or SEPA_SCT_INST."),
	F_TEXT	 (order, match_type, "Of the payee's name."),
	F_TEXT	 (order, transaction_status, "RCVD, PDNG, ACSC, RJCT, CANC."),
	F_INT	 (order, held, "1: waits for a person."),
	F_INT	 (order, returned, "1: it came back."),
	F_TIME	 (order, created_at, "When it was initiated."),
	{ 0 }
};

struct payments_in {
	const char	*external_reference;
	int64_t		 after;
};

static const struct param payments_params[] = {
	TEXT(payments_in, external_reference, OPTIONAL, 1, 35, "Only of this reference."),
	INT (payments_in, after, OPTIONAL, 0, INT64_MAX, "Only behind so many."),
	{ 0 }
};

struct some_payments {
	struct rows	payments;
};

static enum err
payments(struct cx *cx, struct call *c)
{
	static const struct field fields[] = {
		F_ROWS(some_payments, payments, order_fields, "By age."),
		{ 0 }
	};
	const struct payments_in *in = c->in;
	struct some_payments some;
	enum err e;

	if ((e = order_settle(cx)) == 0)
		e = order_each(cx, in->external_reference, in->after,
		    &some.payments);
	if (e == 0)
		field_object(&c->body, fields, &some);
	return e;
}

struct release_in {
	const char	*payment_order_no;
	int64_t		 reject;
	const char	*end;
};

static const struct param release_params[] = {
	TEXT(release_in, payment_order_no, REQUIRED, 1, 24, "Which."),
	INT (release_in, reject, OPTIONAL, 0, 1, "1: reject it instead, as end RJCT."),
	TEXT(release_in, end, OPTIONAL, 4, 4, "RJCT or CANC: the status that ends it instead."),
	{ 0 }
};

static enum err
release(struct cx *cx, struct call *c)
{
	const struct release_in *in = c->in;
	const char *end = in->end != NULL ? in->end : in->reject != 0 ?
	    "RJCT" : NULL;
	struct order o = { 0 };
	int64_t moved;
	enum err e;

	if (end != NULL && strcmp(end, "RJCT") != 0 &&
	    strcmp(end, "CANC") != 0)
		return fail_param(cx, "end", "must be RJCT or CANC.");
	if ((e = order_find(cx, in->payment_order_no, &o)) != 0 ||
	    (e = order_release(cx, &o, end, &moved)) != 0)
		return e;
	if (moved == 0)
		return fail(cx, ERR_STATE, "It is not held back.");
	out_text(&c->body, "{\"success\":true}");
	return order_settle(cx);
}

struct return_in {
	const char	*payment_order_no, *remittance;
	cents		 costs;
};

static const struct param return_params[] = {
	TEXT(return_in, payment_order_no, REQUIRED, 1, 24, "Which."),
	CENTS(return_in, costs, OPTIONAL, 1, CENTS_AMOUNT, "What the banks keep of it."),
	TEXT(return_in, remittance, OPTIONAL, 1, 1000, "The text of the entry, which then has no end-to-end id; else all is as it was sent."),
	{ 0 }
};

static enum err
give_back(struct cx *cx, struct call *c)
{
	const struct return_in *in = c->in;

	out_text(&c->body, "{\"success\":true}");
	return order_return(cx, in->payment_order_no, in->costs,
	    in->remittance);
}

const struct route payment_routes[] = {
	{ "POST", "/ob/payments", GROUP_OB, "payments", NULL, 0, initiate,
	  "Initiates a payment order. Nothing moves yet. An amount of 77.77,"
	  " or a name with AML in it, will be looked at by a person." },
	{ "POST", "/ob/payments/{paymentOrderNo}/authorisations/nosca", GROUP_OB, "authorisations", NULL, 0, authorise,
	  "Authorises an order: now the money moves." },
	{ "GET", "/ob/payments/{paymentOrderNo}/status", GROUP_OB, "status", NULL, 0, status,
	  "How far an order is." },
	{ "GET", "/simulate/payments", GROUP_SIMULATE, NULL, payments_params, sizeof(struct payments_in), payments,
	  "The payment orders." },
	{ "POST", "/simulate/release", GROUP_SIMULATE, NULL, release_params, sizeof(struct release_in), release,
	  "The person lets a held order go on, or rejects it." },
	{ "POST", "/simulate/return", GROUP_SIMULATE, NULL, return_params, sizeof(struct return_in), give_back,
	  "The creditor's bank sends the money of a completed order back." },
	{ 0 }
};
