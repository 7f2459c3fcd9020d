/*
 * Test calls that look at the bank from outside its API.
 */
#include "sandbox/counter.h"
#include "sandbox/ledger.h"
#include "sandbox/order.h"
#include "sandbox/route.h"

/* An account as it is shown: the rows of the table, and the bank's code. */
static const struct field account_fields[] = {
	F_TEXT (account, iban, "Its number."),
	F_TEXT (account, name, "Whose it is."),
	F_TEXT (account, currency, "EUR."),
	F_CENTS(account, balance, "What is on it."),
	F_TEXT (account, resource_id, "Its id in the API."),
	{ 0 }
};

static const struct field entry_fields[] = {
	F_INT	 (entry, transaction_id, "Grows with each entry."),
	F_TEXT	 (entry, iban, "The account it is booked on."),
	F_TEXT	 (entry, direction, "CREDIT or DEBIT."),
	F_CENTS	 (entry, amount, "Always more than 0."),
	F_TEXT	 (entry, currency, "Three capitals."),
	F_TEXT	 (entry, booking_date, "YYYY-MM-DD."),
	F_TEXT_IF(entry, debtor_name, "Who paid."),
	F_TEXT_IF(entry, debtor_iban, "From where."),
	F_TEXT_IF(entry, creditor_name, "Who was paid."),
	F_TEXT_IF(entry, creditor_iban, "To where."),
	F_TEXT_IF(entry, remittance, "The text."),
	F_TEXT_IF(entry, structured, "The structured reference."),
	F_TEXT_IF(entry, end_to_end_id, "The payer's own id."),
	F_TEXT_IF(entry, additional, "Additional information."),
	F_TIME	 (entry, created_at, "When it was made, UTC."),
	{ 0 }
};

struct all_accounts {
	const char	*bic;
	struct rows	 accounts;
};

static enum err
accounts(struct cx *cx, struct call *c)
{
	static const struct field fields[] = {
		F_TEXT(all_accounts, bic, "The bank's code."),
		F_ROWS(all_accounts, accounts, account_fields, "All of them."),
		{ 0 }
	};
	struct all_accounts all = { .bic = LEDGER_BIC };
	enum err e = order_settle(cx);

	if (e == 0)
		e = ledger_accounts(cx, &all.accounts);
	if (e == 0)
		field_object(&c->body, fields, &all);
	return e;
}

struct entries_in {
	const char	*iban;
	int64_t		 after;
};

static const struct param entries_params[] = {
	TEXT(entries_in, iban,	OPTIONAL, 5, 34, "Only of this account."),
	INT (entries_in, after, OPTIONAL, 0, INT64_MAX, "Only behind this transaction_id."),
	{ 0 }
};

struct some_entries {
	struct rows	entries;
};

static enum err
entries(struct cx *cx, struct call *c)
{
	static const struct field fields[] = {
		F_ROWS(some_entries, entries, entry_fields, "By id."),
		{ 0 }
	};
	const struct entries_in *in = c->in;
	struct some_entries some;
	enum err e = order_settle(cx);

	if (e == 0)
		e = ledger_each(cx, in->iban, in->after, &some.entries);
	if (e == 0)
		field_object(&c->body, fields, &some);
	return e;
}

static enum err
calls(struct cx *cx, struct call *c)
{
	static const struct field fields[] = {
		F_INT(counts, token, "Calls for tokens."),
		F_INT(counts, accounts, "Calls for the accounts."),
		F_INT(counts, transactions, "Calls for a page of a statement."),
		F_INT(counts, payments, "Payment orders initiated."),
		F_INT(counts, authorisations, "Calls to authorise one."),
		F_INT(counts, status, "Calls for the status of one."),
		{ 0 }
	};
	struct counts counts;
	enum err e = counter_read(cx, &counts);

	if (e == 0)
		field_object(&c->body, fields, &counts);
	return e;
}

static enum err
reset_calls(struct cx *cx, struct call *c)
{
	out_text(&c->body, "{\"success\":true}");
	return counter_reset(cx);
}

const struct route simulate_routes[] = {
	{ "GET", "/simulate/accounts", GROUP_SIMULATE, NULL, NULL, 0, accounts,
	  "All accounts of the bank with their balances." },
	{ "GET", "/simulate/entries", GROUP_SIMULATE, NULL, entries_params, sizeof(struct entries_in), entries,
	  "Entries by id, at most 1000 at once." },
	{ "GET", "/simulate/calls", GROUP_SIMULATE, NULL, NULL, 0, calls,
	  "How often the API was called since the start or the last reset." },
	{ "POST", "/simulate/reset-calls", GROUP_SIMULATE, NULL, NULL, 0, reset_calls,
	  "Counts calls from 0 again." },
	{ 0 }
};
