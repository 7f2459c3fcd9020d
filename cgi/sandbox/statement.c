/*
 * The accounts of the API's client and their statements, in Berlin Group's
 * words.  The troubles that concern an entry are here too, so that the
 * client can be tried on the other spellings it must understand.
 */
#include <string.h>

#include "base/calendar.h"
#include "sandbox/grant.h"
#include "sandbox/ledger.h"
#include "sandbox/order.h"
#include "sandbox/route.h"

#define PAGE_SIZE	100
#define PAGE_SIZE_MAX	3000
#define PAGE_MAX	1000000000
#define PIECE		35		/* characters of remittance text */

struct accounts_in {
	const char	*withBalance;
};

static const struct param accounts_params[] = {
	TEXT(accounts_in, withBalance, OPTIONAL, 4, 5, "true: with balances; false if left out."),
	{ 0 }
};

struct statement_in {
	int64_t		 dateFrom, dateTo;
	const char	*sortOrder;
	int64_t		 pageNo, pageSize;	/* 0: not given */
};

static const struct param statement_params[] = {
	DAY (statement_in, dateFrom,  REQUIRED, "The first booking day."),
	DAY (statement_in, dateTo,    REQUIRED, "The last booking day."),
	TEXT(statement_in, sortOrder, OPTIONAL, 3, 4, "asc or desc; desc if left out."),
	INT (statement_in, pageNo,    OPTIONAL, 1, PAGE_MAX, "The page, from 1; 1 if left out."),
	INT (statement_in, pageSize,  OPTIONAL, 1, PAGE_SIZE_MAX, "Entries a page; 100 if left out."),
	{ 0 }
};

/* Puts "name":"value", with a comma before it; nothing for NULL. */
static void
put_text(struct out *o, const char *name, const char *value)
{
	if (value == NULL)
		return;
	out_printf(o, ",\"%s\":", name);
	out_json(o, value);
}

static void
put_iban(struct out *o, const char *name, const char *iban)
{
	if (iban == NULL)
		return;
	out_printf(o, ",\"%s\":{\"iban\":", name);
	out_json(o, iban);
	out_text(o, "}");
}

static void
put_account(struct out *o, const struct account *a, bool balance)
{
	static const char *const kinds[] = { "interimAvailable",
	    "interimBooked" };
	char buf[CENTS_TEXT];

	out_text(o, "{\"resourceId\":");
	out_json(o, a->resource_id);
	put_text(o, "iban", a->iban);
	put_text(o, "currency", a->currency);
	put_text(o, "name", a->name);
	put_text(o, "ownerName", a->name);
	put_text(o, "status", "enabled");
	for (size_t i = 0; balance && i < NELEM(kinds); i++)
		out_printf(o, "%s{\"balanceType\":\"%s\",\"balanceAmount\":"
		    "{\"amount\":\"%s\",\"currency\":\"%s\"}}", i == 0 ?
		    ",\"balances\":[" : ",", kinds[i], cents_print(
		    a->balance, buf), a->currency);
	out_text(o, balance ? "]}" : "}");
}

static enum err
accounts(struct cx *cx, struct call *c)
{
	const struct accounts_in *in = c->in;
	const char *with = in->withBalance, *comma = "";
	bool balance = with != NULL && strcmp(with, "true") == 0;
	const struct account *a;
	struct rows rows;
	enum err e;

	if (with != NULL && !balance && strcmp(with, "false") != 0)
		return fail_param(cx, "withBalance", "must be true or false.");
	if ((e = ledger_accounts(cx, &rows)) != 0)
		return e;
	a = rows.row;
	out_text(&c->body, "{\"accounts\":[");
	for (size_t i = 0; i < rows.n; i++)
		if (a[i].custodial != 0) {
			out_text(&c->body, comma);
			put_account(&c->body, &a[i], balance);
			comma = ",";
		}
	out_text(&c->body, "]}");
	return 0;
}

static bool
hit(const struct troubles *t, enum trouble kind)
{
	return t->of[kind].hit;
}

static void
put_id(struct out *o, const struct entry *e, const struct troubles *t)
{
	const char *quote = hit(t, TROUBLE_ID_NUMBER) ? "" : "\"";

	out_printf(o, "{\"%s\":%s%" PRId64 "%s",
	    hit(t, TROUBLE_ENTRY_REFERENCE) ? "entryReference" :
	    "transactionId", quote, e->transaction_id, quote);
}

/* Noon, unless the entry was booked on the day it was made. */
static void
put_days(struct out *o, const struct entry *e, const struct troubles *t)
{
	char time[TIME_TEXT];
	int64_t day;

	if (!hit(t, TROUBLE_TRANSACTION_DATE)) {
		put_text(o, "bookingDate", e->booking_date);
		put_text(o, "valueDate", e->booking_date);
		return;
	}
	time_print(e->created_at, time);
	if (day_parse(e->booking_date, &day) &&
	    day != day_of_bank(e->created_at))
		time_print(day * DAY_SECONDS + DAY_SECONDS / 2, time);
	out_printf(o, ",\"transactionDate\":\"%.10sT%sZ\"", time, time + 11);
}

static void
put_amount(struct out *o, const struct entry *e, const struct troubles *t,
    bool bad)
{
	const char *quote = hit(t, TROUBLE_AMOUNT_NUMBER) && !bad ? "" : "\"";
	bool minus = hit(t, TROUBLE_SIGNED_AMOUNT) && e->direction[0] == 'D';
	char buf[CENTS_TEXT];

	if (!hit(t, TROUBLE_SIGNED_AMOUNT) && !hit(t, TROUBLE_NO_DIRECTION))
		put_text(o, "creditDebitIndicator", e->direction);
	out_printf(o, ",\"transactionAmount\":{\"amount\":%s%s%s%s", quote,
	    minus ? "-" : "", bad ? "1.2.3" : cents_print(e->amount, buf),
	    quote);
	put_text(o, "currency", e->currency);
	out_text(o, "}");
}

/* The text in pieces, none of which cuts a character in two. */
static void
put_pieces(struct cx *cx, struct out *o, const char *text)
{
	const char *comma = "";

	out_text(o, ",\"remittanceInformationUnstructuredArray\":[");
	while (*text != '\0') {
		const char *end = text;

		for (int n = 0; n < PIECE && *end != '\0'; n++)
			do
				end++;
			while (((unsigned char)*end & 0xc0) == 0x80);
		out_text(o, comma);
		out_json(o, arena_copy(cx->arena, text,
		    (size_t)(end - text)));
		comma = ",";
		text = end;
	}
	out_text(o, "]");
}

static void
put_remittance(struct cx *cx, struct out *o, const struct entry *e,
    const struct troubles *t)
{
	const char *text = e->remittance, *structured = e->structured;

	if (hit(t, TROUBLE_STRUCTURED) && text != NULL) {
		structured = text;
		text = NULL;
	}
	if (text != NULL && hit(t, TROUBLE_UNSTRUCTURED_ARRAY))
		put_pieces(cx, o, text);
	else
		put_text(o, "remittanceInformationUnstructured", text);
	if (structured == NULL)
		return;
	out_text(o, ",\"remittanceInformationStructured\":{\"reference\":");
	out_json(o, structured);
	out_text(o, "}");
}

/* As a test wants it; U+E000 to U+E0FF are single bytes. */
static void
put_raw(struct out *o, const char *raw)
{
	while (*raw != '\0') {
		const unsigned char *u = (const unsigned char *)raw;
		unsigned char byte = u[0] == 0xee && u[1] >= 0x80 &&
		    u[1] <= 0x83 ? (unsigned char)((u[1] - 0x80) * 64 +
		    (u[2] & 0x3f)) : u[0];

		out_bytes(o, &byte, 1);
		raw += u[0] == 0xee && u[1] >= 0x80 && u[1] <= 0x83 ? 3 : 1;
	}
}

static void
put_entry(struct cx *cx, struct out *o, const struct entry *e,
    const struct troubles *t, bool bad)
{
	if (e->raw != NULL) {
		put_raw(o, e->raw);
		return;
	}
	put_id(o, e, t);
	put_days(o, e, t);
	put_amount(o, e, t, bad);
	put_text(o, "debtorName", e->debtor_name);
	put_iban(o, "debtorAccount", e->debtor_iban);
	put_text(o, "creditorName", e->creditor_name);
	put_iban(o, "creditorAccount", e->creditor_iban);
	put_remittance(cx, o, e, t);
	put_text(o, "endToEndId", e->end_to_end_id);
	put_text(o, "additionalInformation", e->additional);
	out_text(o, "}");
}

static void
put_entries(struct cx *cx, struct call *c, const struct rows *rows)
{
	const struct entry *e = rows->row;
	bool bad = hit(&c->troubles, TROUBLE_BAD_ENTRY);

	out_text(&c->body, "[");
	for (size_t i = 0; i < rows->n; i++) {
		if (i > 0)
			out_text(&c->body, ",");
		put_entry(cx, &c->body, &e[i], &c->troubles, bad && i == 0);
	}
	out_text(&c->body, "]");
}

/* One way to say that there are none. */
static void
put_none(struct call *c)
{
	static const char *const forms[] = { "{\"transactions\":{}}",
	    "{\"transactions\":{\"booked\":null}}", "", "{}", "null" };
	size_t n = (size_t)c->troubles.of[TROUBLE_NO_ENTRIES].value;

	out_text(&c->body, forms[n >= 1 && n <= NELEM(forms) ? n - 1 : 0]);
}

static void
put_statement(struct cx *cx, struct call *c, const struct account *a,
    const struct rows *rows)
{
	if (hit(&c->troubles, TROUBLE_NO_ENTRIES)) {
		put_none(c);
		return;
	}
	if (hit(&c->troubles, TROUBLE_BOM))
		out_text(&c->body, "\xef\xbb\xbf");
	if (hit(&c->troubles, TROUBLE_BARE_ARRAY)) {
		put_entries(cx, c, rows);
		return;
	}
	out_text(&c->body, "{\"account\":{\"iban\":");
	out_json(&c->body, a->iban);
	put_text(&c->body, "currency", a->currency);
	out_text(&c->body, "},\"transactions\":{\"booked\":");
	put_entries(cx, c, rows);
	out_text(&c->body, "}}");
}

/* Which entries the page holds, honestly or not. */
static void
set_period(const struct call *c, struct period *p)
{
	const struct statement_in *in = c->in;
	int64_t page = in->pageNo == 0 ? 1 : in->pageNo;

	p->from = in->dateFrom;
	p->to = in->dateTo;
	p->descending = in->sortOrder == NULL ||
	    strcmp(in->sortOrder, "desc") == 0;
	p->max = in->pageSize == 0 ? PAGE_SIZE : in->pageSize;
	if (c->troubles.of[TROUBLE_PAGE_CAP].armed &&
	    p->max > c->troubles.of[TROUBLE_PAGE_CAP].value)
		p->max = c->troubles.of[TROUBLE_PAGE_CAP].value;
	p->skip = (page - 1) * p->max;
	if (hit(&c->troubles, TROUBLE_DUPLICATE)) {
		p->skip--;
		p->max++;
	} else if (hit(&c->troubles, TROUBLE_SHIFT))
		p->skip--;
}

static enum err
check(struct cx *cx, struct call *c)
{
	const struct statement_in *in = c->in;

	if (in->dateFrom > in->dateTo)
		return call_refuse(c, 400, "PERIOD_INVALID",
		    "dateFrom is after dateTo.");
	if (c->troubles.of[TROUBLE_NO_FUTURE].armed &&
	    in->dateTo > day_of_bank(cx->now))
		return call_refuse(c, 400, "PERIOD_INVALID",
		    "dateTo is in the future.");
	if (in->sortOrder != NULL && strcmp(in->sortOrder, "asc") != 0 &&
	    strcmp(in->sortOrder, "desc") != 0)
		return fail_param(cx, "sortOrder", "must be asc or desc.");
	return 0;
}

static enum err
statement(struct cx *cx, struct call *c)
{
	const struct statement_in *in = c->in;
	struct account a;
	struct period p;
	struct rows rows;
	enum err e;

	if ((e = check(cx, c)) != 0 || c->status != 0)
		return e;
	if ((e = order_settle(cx)) != 0)
		return e;
	e = ledger_own(cx, c->id, &a);
	if (e == ERR_NOT_FOUND)
		return call_refuse(c, 404, "RESOURCE_UNKNOWN",
		    "There is no such account.");
	if (e == 0 && in->pageNo > 1)
		e = trouble_take(cx, &c->troubles, SPOT_LATER_PAGE);
	if (e != 0)
		return e;
	if (hit(&c->troubles, TROUBLE_EXPIRED_MID_PAGING))
		return grant_expire(cx, c);
	p.account_id = a.id;
	set_period(c, &p);
	e = ledger_period(cx, &p, &rows);
	if (e == 0)
		e = trouble_take(cx, &c->troubles, rows.n > 0 ? SPOT_ENTRIES :
		    SPOT_EMPTY);
	if (e == 0)
		put_statement(cx, c, &a, &rows);
	return e;
}

const struct route statement_routes[] = {
	{ "GET", "/ob/accounts", GROUP_OB, "accounts", accounts_params, sizeof(struct accounts_in), accounts,
	  "The accounts of the API's client. Needs an access token." },
	{ "GET", "/ob/accounts/{resourceId}/transactions", GROUP_OB, "transactions", statement_params, sizeof(struct statement_in), statement,
	  "The booked entries of an account in a period, in pages. Needs an"
	  " access token." },
	{ 0 }
};
