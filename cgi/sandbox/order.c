#include <string.h>

#include "base/calendar.h"
#include "sandbox/ledger.h"
#include "sandbox/order.h"

static const struct col row[] = {
	COL_INT (order, id),
	COL_INT (order, account_id),
	COL_TEXT(order, payment_order_no),
	COL_TEXT(order, creditor_iban),
	COL_TEXT(order, creditor_name),
	COL_INT (order, amount),
	COL_TEXT(order, remittance),
	COL_TEXT(order, external_reference),
	COL_TEXT(order, payment_rail),
	COL_TEXT(order, match_type),
	COL_TEXT(order, matched_name),
	COL_TEXT(order, transaction_status),
	COL_INT (order, held),
	COL_INT (order, settle_at),
	COL_INT (order, returned),
	COL_INT (order, created_at),
	{ 0 }
};

struct holder {
	const char	*debtor_name;
};

#define ROW \
	"SELECT id, account_id, payment_order_no, creditor_iban," \
	"	creditor_name, amount, remittance, external_reference," \
	"	payment_rail, match_type, matched_name, transaction_status," \
	"	held, settle_at, returned, created_at" \
	"  FROM payments"

enum { ADD, FIND, LOCK, EACH, AUTHORISE, RELEASE, DUE, END, RETURNED, HOLDER,
	Q__MAX };

const struct stmt order_stmts[] = {
	[ADD] = {
		"INSERT INTO payments (payment_order_no, account_id,"
		"	creditor_iban, creditor_name, amount, remittance,"
		"	external_reference, payment_rail, match_type,"
		"	matched_name, held, settle_at, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE payment_order_no = ?", row },
	[LOCK] = { ROW " WHERE payment_order_no = ? FOR UPDATE", row },
	[EACH] = {
		ROW " WHERE (? IS NULL OR external_reference = ?) AND id > ?"
		" ORDER BY id LIMIT 1000",
		row
	},
	[AUTHORISE] = {
		"UPDATE payments SET transaction_status = 'PDNG',"
		"	settle_at = settle_at + ?"
		" WHERE id = ? AND transaction_status = 'RCVD'",
		NULL
	},
	[RELEASE] = {
		"UPDATE payments SET held = 0, transaction_status ="
		"	COALESCE(?, transaction_status)"
		" WHERE id = ? AND held = 1 AND transaction_status = 'PDNG'",
		NULL
	},
	[DUE] = {
		ROW " WHERE transaction_status = 'PDNG' AND settle_at <= ?"
		"   AND held = 0 ORDER BY id LIMIT 100",
		row
	},
	[END] = {
		"UPDATE payments SET transaction_status = ? WHERE id = ?",
		NULL
	},
	[RETURNED] = {
		"UPDATE payments SET returned = 1 WHERE id = ?"
		"   AND returned = 0 AND transaction_status = 'ACSC'",
		NULL
	},
	[HOLDER] = {
		"SELECT debtor_name FROM entries"
		" WHERE debtor_iban = ? AND debtor_name IS NOT NULL"
		" ORDER BY id DESC LIMIT 1",
		(const struct col[]){ COL_TEXT(holder, debtor_name), { 0 } }
	},
};
const size_t order_nstmts = NELEM(order_stmts);
_Static_assert(NELEM(order_stmts) == Q__MAX, "a statement has no text");

#define q order_stmts

enum err
order_add(struct cx *cx, struct order *o)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_text(o->payment_order_no),
	    db_int(o->account_id), db_text(o->creditor_iban),
	    db_text(o->creditor_name), db_int(o->amount),
	    db_text(o->remittance), db_text(o->external_reference),
	    db_text(o->payment_rail), db_text(o->match_type),
	    db_text(o->matched_name), db_int(o->held), db_int(o->settle_at),
	    db_int(cx->now));
	o->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
order_find(struct cx *cx, const char *payment_order_no, struct order *o)
{
	return db_one(cx, &q[FIND], o, db_text(payment_order_no));
}

enum err
order_each(struct cx *cx, const char *external_reference, int64_t after,
    struct rows *rows)
{
	*rows = (struct rows){ .size = sizeof(struct order) };
	return db_many(cx, &q[EACH], rows, db_text(external_reference),
	    db_text(external_reference), db_int(after));
}

enum err
order_authorise(struct cx *cx, const struct order *o, int64_t *moved)
{
	return db_run(cx, &q[AUTHORISE], moved, db_int(cx->now),
	    db_int(o->id));
}

enum err
order_release(struct cx *cx, const struct order *o, const char *end,
    int64_t *moved)
{
	return db_run(cx, &q[RELEASE], moved, db_text(end), db_int(o->id));
}

enum err
order_holder(struct cx *cx, const char *iban, const char **name)
{
	struct holder h = { 0 };
	enum err e = db_one(cx, &q[HOLDER], &h, db_text(iban));

	*name = h.debtor_name;
	return e;
}

/* A payment in the making: from an account to one of ours, or away. */
struct settling {
	const char	*payment_order_no;
	cents		 costs;		/* of a return, kept of it */
	const char	*remittance;	/* of a return; NULL: the order's */
	struct order	 order;
	struct account	 from, to;
	bool		 local;
};

static enum err
find_accounts(struct cx *cx, struct settling *s)
{
	struct account a = { .id = s->order.account_id };
	enum err e;

	s->from = a;
	e = ledger_find(cx, s->order.creditor_iban, &s->to);
	s->local = e == 0;
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		e = 0;
	}
	if (e != 0)
		return e;
	/* in the order of ids, as every transfer locks them */
	if (s->local && s->to.id < s->from.id) {
		if ((e = ledger_lock(cx, &s->to)) != 0)
			return e;
		return ledger_lock(cx, &s->from);
	}
	if ((e = ledger_lock(cx, &s->from)) != 0)
		return e;
	return s->local ? ledger_lock(cx, &s->to) : 0;
}

static enum err
finish(struct cx *cx, const struct order *o, const char *status)
{
	int64_t n;

	return db_run(cx, &q[END], &n, db_text(status), db_int(o->id));
}

static struct entry
entry_of(struct cx *cx, const struct settling *s)
{
	const struct order *o = &s->order;

	return (struct entry){ .amount = o->amount, .currency = "EUR",
	    .direction = "DEBIT", .debtor_name = s->from.name,
	    .debtor_iban = s->from.iban, .creditor_name = o->creditor_name,
	    .creditor_iban = o->creditor_iban, .remittance = o->remittance,
	    .end_to_end_id = o->external_reference, .created_at = cx->now };
}

static enum err
settle_one(struct cx *cx, void *arg)
{
	struct settling *s = arg;
	int64_t day = day_of_bank(cx->now);
	struct entry en;
	enum err e;

	if ((e = db_one(cx, &q[LOCK], &s->order,
	    db_text(s->payment_order_no))) != 0)
		return e;
	if (strcmp(s->order.transaction_status, "PDNG") != 0)
		return 0;
	if ((e = find_accounts(cx, s)) != 0)
		return e;
	if (s->from.balance < s->order.amount)
		return finish(cx, &s->order, "RJCT");
	s->from.balance -= s->order.amount;
	en = entry_of(cx, s);
	if ((e = ledger_balance(cx, &s->from)) != 0 ||
	    (e = ledger_book(cx, &s->from, day, &en)) != 0)
		return e;
	if (s->local) {
		en.direction = "CREDIT";
		s->to.balance += s->order.amount;
		if ((e = ledger_balance(cx, &s->to)) != 0 ||
		    (e = ledger_book(cx, &s->to, day, &en)) != 0)
			return e;
	}
	return finish(cx, &s->order, "ACSC");
}

enum err
order_settle(struct cx *cx)
{
	struct rows rows = { .size = sizeof(struct order) };
	const struct order *o;
	enum err e;

	if ((e = db_many(cx, &q[DUE], &rows, db_int(cx->now))) != 0)
		return e;
	o = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		struct settling s = {
			.payment_order_no = o[i].payment_order_no };

		e = db_tx(cx, settle_one, &s);
	}
	return e;
}

static enum err
give_back(struct cx *cx, void *arg)
{
	struct settling *s = arg;
	struct entry en;
	int64_t n;
	enum err e;

	if ((e = db_one(cx, &q[LOCK], &s->order,
	    db_text(s->payment_order_no))) != 0 ||
	    (e = db_run(cx, &q[RETURNED], &n, db_int(s->order.id))) != 0)
		return e;
	if (n == 0)
		return fail(cx, ERR_STATE, "It is %s.", s->order.returned ?
		    "returned already" : s->order.transaction_status);
	if (s->costs >= s->order.amount)
		return fail_param(cx, "costs", "must leave something.");
	s->from.id = s->order.account_id;
	if ((e = ledger_lock(cx, &s->from)) != 0)
		return e;
	en = entry_of(cx, s);
	en.direction = "CREDIT";
	en.debtor_name = s->order.creditor_name;
	en.debtor_iban = s->order.creditor_iban;
	en.creditor_name = s->from.name;
	en.creditor_iban = s->from.iban;
	en.additional = "RETURN OF PAYMENT AC04 ACCOUNT CLOSED";
	en.amount -= s->costs;
	if (s->remittance != NULL) {
		en.remittance = s->remittance;
		en.end_to_end_id = NULL;
	}
	s->from.balance += en.amount;
	e = ledger_balance(cx, &s->from);
	return e == 0 ? ledger_book(cx, &s->from, day_of_bank(cx->now), &en) :
	    e;
}

enum err
order_return(struct cx *cx, const char *payment_order_no, cents costs,
    const char *remittance)
{
	struct settling s = { .payment_order_no = payment_order_no,
	    .costs = costs, .remittance = remittance };

	return db_tx(cx, give_back, &s);
}
