/*
 * facts.h - what a row says of itself, as SQL.
 *
 * Transfers, sessions, refunds and events keep in their column facts what
 * they were written with: who inserts the row, or lawfully changes one of
 * these columns, writes facts in the same statement, and dapit audit compares
 * the two.  Personal data that is erased is not in it.
 *
 * It shows what was changed by mistake, by hand or by a broken disk.  Who
 * writes facts anew as well is not seen here: against that the bank is the
 * witness (flow/sift.h), and what the shops were told.
 */
#ifndef FACTS_H
#define FACTS_H

/* Of one that is inserted, by its values. */
#define FACTS_OF_TRANSFER(credit, amount, currency, day, account, id) \
	"CONCAT(IF(" credit ", 'credit ', 'debit '), " amount ", ' '," \
	"	" currency ", ' day ', " day ", ' account ', " account "," \
	"	' id ', " id ")"

/* Of a row; t is its table's name there with a dot, or nothing. */
#define FACTS_TRANSFER(t) \
	FACTS_OF_TRANSFER(t "credit", t "amount", t "currency", \
	t "booking_day", t "account_id", t "bank_id")
#define FACTS_SESSION(t) \
	"CONCAT(" t "amount, ' ', " t "currency, ' merchant '," \
	"	" t "merchant_id, ' environment ', " t "environment," \
	"	' schedule ', " t "schedule_id, ' until '," \
	"	" t "expires_at)"
#define FACTS_REFUND(t) \
	"CONCAT(" t "reference_number, ' ', " t "amount, ' fee '," \
	"	" t "processing_fee, ' session ', " t "session_id," \
	"	' merchant ', " t "merchant_id, ' automatic '," \
	"	" t "automatic)"
#define FACTS_EVENT(t) \
	"CONCAT(" t "type, ' ', " t "event_id, ' session '," \
	"	" t "session_id, ' merchant ', " t "merchant_id, ' wanted '," \
	"	" t "wanted, ' body ', MD5(" t "body))"

#endif
