/*
 * A transfer that reaches an account of the bank, as a test orders it.
 */
#include <string.h>

#include "base/calendar.h"
#include "sandbox/ledger.h"
#include "sandbox/route.h"

#define PAYER	"LT223740020032524104"	/* Bank Has Money */
#define PAYEE	"LT913740020058585210"	/* the custodial account */

struct credit_in {
	cents		 amount;
	const char	*remittance;
	const char	*debtor_iban, *debtor_name, *creditor_iban, *currency;
	int64_t		 booking_date;	/* 0: today */
	const char	*structured, *end_to_end_id, *additional;
};

static const struct param credit_params[] = {
	CENTS(credit_in, amount,	REQUIRED, 1, CENTS_AMOUNT, "What is sent, such as 7.00."),
	TEXT (credit_in, remittance,	OPTIONAL, 1, 1000, "The text of the transfer; may have line breaks."),
	TEXT (credit_in, debtor_iban,	OPTIONAL, 5, 34, "Who pays; \"Bank Has Money\" if left out. An account of this bank must have the money; any other just pays."),
	TEXT (credit_in, debtor_name,	OPTIONAL, 1, 140, "The payer's name; the account's if left out."),
	TEXT (credit_in, creditor_iban,	OPTIONAL, 5, 34, "An account of this bank; the custodial one if left out."),
	TEXT (credit_in, currency,	OPTIONAL, 3, 3, "EUR if left out; any other is booked without touching the balances."),
	DAY  (credit_in, booking_date,	OPTIONAL, "Another day than today, for entries that are booked late."),
	TEXT (credit_in, structured,	OPTIONAL, 1, 140, "A structured reference."),
	TEXT (credit_in, end_to_end_id,	OPTIONAL, 1, 70, "The payer's own id."),
	TEXT (credit_in, additional,	OPTIONAL, 1, 500, "Additional information."),
	{ 0 }
};

/* A transfer in the making; the transaction may run several times. */
struct transfer {
	const struct credit_in *in;
	const char	*debtor_iban;
	struct account	 from, to;
	bool		 local;		/* from is an account of ours */
	bool		 poor;		/* from has not enough */
	struct entry	 entry;
};

static bool
all_of(const char *text, size_t n, const char *set)
{
	return strspn(text, set) >= n;
}

static enum err
check_iban(struct cx *cx, const char *field, const char *iban)
{
	static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char any[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789";

	if (all_of(iban, 2, capitals) && all_of(iban + 2, 2, "0123456789") &&
	    all_of(iban, strlen(iban), any))
		return 0;
	return fail_param(cx, field, "must be written as an IBAN, without"
	    " blanks.");
}

static enum err
check(struct cx *cx, const struct credit_in *in)
{
	enum err e = 0;

	if (in->debtor_iban != NULL)
		e = check_iban(cx, "debtor_iban", in->debtor_iban);
	if (e == 0 && in->creditor_iban != NULL)
		e = check_iban(cx, "creditor_iban", in->creditor_iban);
	if (e == 0 && in->currency != NULL &&
	    !all_of(in->currency, 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		e = fail_param(cx, "currency", "must be three capitals.");
	return e;
}

static enum err
find_both(struct cx *cx, struct transfer *t)
{
	const char *iban = t->in->creditor_iban;
	enum err e;

	e = ledger_find(cx, iban == NULL ? PAYEE : iban, &t->to);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return fail_param(cx, "creditor_iban", "is not an account of"
		    " this bank.");
	}
	if (e != 0)
		return e;
	e = ledger_find(cx, t->debtor_iban, &t->from);
	t->local = e == 0;
	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	return 0;
}

/* Rows are taken in the order of ids, so that no two wait for each other. */
static enum err
lock_both(struct cx *cx, struct transfer *t)
{
	bool swapped = t->local && t->from.id < t->to.id;
	enum err e = 0;

	if (swapped)
		e = ledger_lock(cx, &t->from);
	if (e == 0)
		e = ledger_lock(cx, &t->to);
	if (e == 0 && t->local && !swapped)
		e = ledger_lock(cx, &t->from);
	return e;
}

static void
fill_entry(struct cx *cx, struct transfer *t)
{
	const struct credit_in *in = t->in;
	const char *name = in->debtor_name;

	if (name == NULL && t->local)
		name = t->from.name;
	t->entry = (struct entry){ .amount = in->amount,
	    .currency = in->currency == NULL ? "EUR" : in->currency,
	    .debtor_name = name, .debtor_iban = t->debtor_iban,
	    .creditor_name = t->to.name, .creditor_iban = t->to.iban,
	    .remittance = in->remittance, .structured = in->structured,
	    .end_to_end_id = in->end_to_end_id,
	    .additional = in->additional, .created_at = cx->now };
}

static enum err
move_money(struct cx *cx, struct transfer *t)
{
	enum err e = 0;

	if (strcmp(t->entry.currency, "EUR") != 0)
		return 0;
	if (t->local && (!cents_sub(t->from.balance, t->in->amount,
	    &t->from.balance) || t->from.balance < 0)) {
		t->poor = true;
		return 0;
	}
	if (!cents_add(t->to.balance, t->in->amount, &t->to.balance))
		return fail_param(cx, "amount", "is more than the account can"
		    " hold.");
	if (t->local)
		e = ledger_balance(cx, &t->from);
	return e == 0 ? ledger_balance(cx, &t->to) : e;
}

static enum err
transfer(struct cx *cx, void *arg)
{
	struct transfer *t = arg;
	int64_t day = t->in->booking_date;
	enum err e;

	t->poor = false;
	if ((e = find_both(cx, t)) != 0)
		return e;
	if (t->local && t->from.id == t->to.id)
		return fail_param(cx, "debtor_iban", "is the creditor's.");
	if ((e = lock_both(cx, t)) != 0)
		return e;
	fill_entry(cx, t);
	if ((e = move_money(cx, t)) != 0 || t->poor)
		return e;
	if (day == 0)
		day = day_of_bank(cx->now);
	t->entry.direction = "DEBIT";
	if (t->local && (e = ledger_book(cx, &t->from, day, &t->entry)) != 0)
		return e;
	t->entry.direction = "CREDIT";
	return ledger_book(cx, &t->to, day, &t->entry);
}

struct credit_out {
	int64_t	transaction_id;
	cents	balance;
};

static enum err
credit(struct cx *cx, struct call *c)
{
	static const struct field fields[] = {
		F_INT  (credit_out, transaction_id, "Of the creditor's entry."),
		F_CENTS(credit_out, balance, "The creditor's, afterwards."),
		{ 0 }
	};
	struct transfer t = { .in = c->in };
	struct credit_out out;
	enum err e;

	t.debtor_iban = t.in->debtor_iban == NULL ? PAYER : t.in->debtor_iban;
	if ((e = check(cx, t.in)) != 0 || (e = db_tx(cx, transfer, &t)) != 0)
		return e;
	if (t.poor)
		return call_refuse(c, 422, "insufficient_funds",
		    "insufficient funds");
	out = (struct credit_out){ t.entry.transaction_id, t.to.balance };
	out_text(&c->body, "{\"success\":true,");
	field_json(&c->body, fields, &out);
	out_text(&c->body, "}");
	return 0;
}

struct raw_in {
	const char	*raw;
	int64_t		 booking_date;	/* 0: today */
};

static const struct param raw_params[] = {
	TEXT (raw_in, raw,	    REQUIRED, 1, 20000, "The JSON of the entry, sent as it is; the characters U+E000 to U+E0FF are sent as single bytes."),
	DAY  (raw_in, booking_date, OPTIONAL, "The day on which the statement has it; today if left out."),
	{ 0 }
};

/* The books of the bank know nothing of it but one cent. */
static enum err
raw(struct cx *cx, struct call *c)
{
	const struct raw_in *in = c->in;
	struct entry entry = { .direction = "CREDIT", .amount = 1,
	    .currency = "EUR", .raw = in->raw, .created_at = cx->now };
	struct account to;
	enum err e;

	if ((e = ledger_find(cx, PAYEE, &to)) != 0 ||
	    (e = ledger_book(cx, &to, in->booking_date != 0 ?
	    in->booking_date : day_of_bank(cx->now), &entry)) != 0)
		return e;
	out_printf(&c->body, "{\"success\":true,\"transaction_id\":%" PRId64
	    "}", entry.transaction_id);
	return 0;
}

const struct route credit_routes[] = {
	{ "POST", "/simulate/entry", GROUP_SIMULATE, NULL, raw_params, sizeof(struct raw_in), raw,
	  "Puts an entry of any form into the custodial account's statement:"
	  " how other banks write them." },
	{ "POST", "/simulate/credit", GROUP_SIMULATE, NULL, credit_params, sizeof(struct credit_in), credit,
	  "Books a transfer: a credit at the creditor, and a debit at the"
	  " debtor if the account is this bank's." },
	{ 0 }
};
