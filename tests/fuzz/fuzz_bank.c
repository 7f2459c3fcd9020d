/*
 * fuzz_bank.c - the answers of the bank, to each of our questions.
 *
 * The first text is the HTTP status, the second the question's number, the
 * rest the answer's body.
 */
#include "base/calendar.h"
#include "fuzz.h"
#include "io/connectpay.h"
#include "io/web.h"

#define IBAN	"LT897044060007975654"

void	__wrap_web_run(struct web *, struct web_call *);

static int64_t status, retry_after;
static struct bytes body;

/* The network's place. */
void
__wrap_web_run(struct web *w, struct web_call *c)
{
	(void)w;
	must(c->answer_max > 0 && c->url != NULL && c->timeout > 0);
	c->answer = (struct out){ .arena = c->arena };
	out_bytes(&c->answer, body.p, body.n);
	c->status = (int)status;
	c->retry_after = retry_after;
	c->error = status == 0 ? "no answer" : NULL;
}

static void
short_text(const char *text, size_t max)
{
	must(text == NULL || (strlen(text) <= max && fuzz_utf8(text)));
}

static void
good_entry(struct arena *a, const struct bank_entry *en)
{
	char day[DAY_TEXT];

	short_text(en->debtor_name, 140);
	short_text(en->creditor_name, 140);
	short_text(en->debtor_iban, 34);
	short_text(en->creditor_iban, 34);
	short_text(en->remittance, 1000);
	short_text(en->structured, 140);
	short_text(en->end_to_end_id, 70);
	for (size_t i = 0; en->id[i] != NULL; i++) {
		must(en->id[i][0] != '\0');
		short_text(en->id[i], ENTRY_ID);
	}
	must(fuzz_utf8(entry_raw(a, en)) && strlen(en->content) == ENTRY_CONTENT);
	for (const char *const *t = en->texts; *t != NULL; t++)
		must(fuzz_utf8(*t));
	must((en->fate == ENTRY_ASIDE) == (en->reason != NULL));
	must((en->reason != NULL) == (en->field != NULL));
	if (en->fate != ENTRY_BOOKED)
		return;
	must(en->id[0] != NULL);
	must(en->amount > 0 && en->amount <= CENTS_AMOUNT);
	must(strlen(en->currency) == 3);
	must(strlen(day_print(en->booking_day, day)) == 10);
}

static enum err
ask_page(struct cx *cx, struct bank *b)
{
	const struct bank_period p = { "1/2", IBAN, 20000, 20002 };
	struct rows rows = { 0 };
	const struct bank_entry *en;
	struct out page;
	enum err e = connectpay_page(cx, b, &p, 0, &page);

	if (e == 0)
		e = connectpay_entries(cx, &p, &page, &rows);
	en = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++)
		good_entry(cx->arena, &en[i]);
	return e;
}

static enum err
ask_accounts(struct cx *cx, struct bank *b)
{
	struct rows rows = { 0 };
	const struct bank_account *a;
	enum err e = connectpay_accounts(cx, b, &rows);

	a = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++)
		short_text(a[i].iban, body.n);
	return e;
}

/* A grant's times are added to the clock. */
static enum err
ask_tokens(struct cx *cx, struct bank *b)
{
	struct bank_tokens t = { 0 };
	enum err e = connectpay_refresh(cx, b, "a b&c", &t);

	if (e != 0)
		return e;
	short_text(t.access_token, body.n);
	short_text(t.refresh_token, body.n);
	must(t.access_seconds > 0);
	must(cx->now + t.access_seconds < INT64_MAX / 2);
	must(cx->now + t.refresh_seconds < INT64_MAX / 2);
	return 0;
}

static enum err
ask_order(struct cx *cx, struct bank *b)
{
	struct bank_order o = { .debtor_iban = IBAN, .creditor_iban = IBAN,
	    .creditor_name = "A \"B\"", .amount = 100, .remittance = "",
	    .external_reference = "1" };
	enum err e = connectpay_initiate(cx, b, &o);

	if (e != 0)
		return e;
	must(o.payment_order_no[0] != '\0');
	short_text(o.payment_order_no, 64);
	short_text(o.transaction_status, 8);
	short_text(o.matched_name, 140);
	return connectpay_authorise(cx, b, o.payment_order_no);
}

static enum err
ask_status(struct cx *cx, struct bank *b)
{
	struct bank_progress p = { 0 };
	enum err e = connectpay_status(cx, b, "../1", &p);

	if (e == 0)
		short_text(p.status, 8);
	if (e == 0)
		short_text(p.said, 140);
	return e;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static enum err (*const ask[])(struct cx *, struct bank *) = {
		ask_page, ask_accounts, ask_tokens, ask_order, ask_status
	};
	static const struct conf *cf;
	struct bytes in = { (const char *)p, n };
	struct cx *cx = fuzz_cx();
	struct bank b = { .access_token = "t", .patience = 10000 };
	enum err e;

	if (cf == NULL)
		cf = conf_default(0, NULL, NULL);
	cx->conf = cf;
	status = fuzz_int(cx->arena, &in) % 1000;
	n = (size_t)fuzz_int(cx->arena, &in);
	retry_after = status == 429 ? (int64_t)in.n : 0;
	body = (struct bytes){ fuzz_rest(cx->arena, &in), in.n };
	e = ask[n % NELEM(ask)](cx, &b);
	must(e == 0 || e == ERR_BANK);
	must(e == 0 || (cx->why[0] != '\0' && fuzz_utf8(cx->why)));
	must(e != 0 || (status >= 200 && status <= 204));
	return 0;
}
