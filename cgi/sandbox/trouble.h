/*
 * trouble.h - how the bank can misbehave when a test asks it to.
 *
 * A trouble is armed by POST /simulate/trouble, for a number of calls or for
 * some seconds, and lives in the database: any process may meet it.  A
 * request reads the armed ones once; the spot where one would happen takes
 * it, and a counted one is then one less.
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include "io/db.h"

/* Where something may happen. */
enum spot {
	SPOT_ARRIVAL,		/* any call of the API, before anything */
	SPOT_DOOR,		/* the same, but only one of these a call */
	SPOT_BEARER,		/* the access token is right */
	SPOT_LATER_PAGE,	/* page 2 or later is asked for */
	SPOT_ENTRIES,		/* a page with entries is about to go out */
	SPOT_EMPTY,		/* a page without any */
	SPOT_MINT,		/* tokens are being made */
	SPOT_INITIATED,		/* a payment order was made */
	SPOT_ORDER,		/* one is asked for by its number */
	SPOT_AUTHORISING,	/* one is to be authorised */
	SPOT_AUTHORISED,	/* one was authorised */
	SPOT_SETTLING,		/* it will settle */
};

/*
 * Where it happens, how often and with which value if the test does not say
 * (-1: until off), its word and its meaning.
 */
#define TROUBLES(KIND) \
	KIND(DELAY, ARRIVAL, 1, 1000, "delay", "Answers value milliseconds late (1000).") \
	KIND(429, DOOR, 1, 2, "429", "Answers 429 with Retry-After: value (2).") \
	KIND(500, DOOR, 1, 0, "500", "Answers 500.") \
	KIND(503, DOOR, 1, 0, "503", "Answers 503.") \
	KIND(GARBAGE, DOOR, 1, 0, "garbage", "Answers 200 with a page of HTML.") \
	KIND(TRUNCATED, DOOR, 1, 0, "truncated", "Does what was asked, but the answer's JSON ends in its middle.") \
	KIND(EXPIRED, BEARER, 1, 0, "expired", "Lets a valid access token die: 401 TOKEN_EXPIRED.") \
	KIND(EXPIRED_MID_PAGING, LATER_PAGE, 1, 0, "expired_mid_paging", "The same, but only when page 2 or later is asked for.") \
	KIND(DUPLICATE, LATER_PAGE, 1, 0, "duplicate", "Page 2 or later begins with the last entry of the page before, besides its own.") \
	KIND(SHIFT, LATER_PAGE, 1, 0, "shift", "Page 2 or later starts one entry early, and is as long as ever; give seconds for a whole reading.") \
	KIND(ID_NUMBER, ENTRIES, 1, 0, "id_number", "transactionId is a JSON number.") \
	KIND(AMOUNT_NUMBER, ENTRIES, 1, 0, "amount_number", "The amount is a JSON number.") \
	KIND(SIGNED_AMOUNT, ENTRIES, 1, 0, "signed_amount", "A debit's amount has a minus; creditDebitIndicator lacks.") \
	KIND(NO_DIRECTION, ENTRIES, 1, 0, "no_direction", "Neither creditDebitIndicator nor a sign.") \
	KIND(STRUCTURED, ENTRIES, 1, 0, "structured", "The remittance text goes out as remittanceInformationStructured.reference.") \
	KIND(UNSTRUCTURED_ARRAY, ENTRIES, 1, 0, "unstructured_array", "The remittance text goes out as remittanceInformationUnstructuredArray, in pieces of 35 characters.") \
	KIND(BARE_ARRAY, ENTRIES, 1, 0, "bare_array", "The answer is a bare array of entries.") \
	KIND(BAD_ENTRY, ENTRIES, 1, 0, "bad_entry", "The first entry of the page has the amount 1.2.3.") \
	KIND(ENTRY_REFERENCE, ENTRIES, 1, 0, "entry_reference", "entryReference instead of transactionId.") \
	KIND(TRANSACTION_DATE, ENTRIES, 1, 0, "transaction_date", "transactionDate, a time in UTC, instead of bookingDate and valueDate.") \
	KIND(BOM, ENTRIES, 1, 0, "bom", "The answer begins with a byte order mark.") \
	KIND(PAGE_CAP, ENTRIES, 1, 1, "page_cap", "A page has at most value entries (1), however many are asked for; give seconds for a whole reading.") \
	KIND(NO_FUTURE, ENTRIES, -1, 0, "no_future", "A dateTo after today is refused: 400, until off.") \
	KIND(NO_ENTRIES, EMPTY, 1, 1, "no_entries", "A page without entries is 1 {\"transactions\":{}}, 2 booked null, 3 nothing at all, 4 {}, 5 null (1).") \
	KIND(ACCESS_SECONDS, MINT, -1, 5, "access_seconds", "New access tokens live value seconds (5), until off.") \
	KIND(REFRESH_SECONDS, MINT, -1, 5, "refresh_seconds", "New refresh tokens live value seconds (5), until off.") \
	KIND(INITIATE_LOST, INITIATED, 1, 0, "initiate_lost", "A payment order is made, but the answer is 503.") \
	KIND(ORDER_GONE, ORDER, 1, 0, "order_gone", "A payment order is not known (any more): 404.") \
	KIND(AUTHORISE_REFUSED, AUTHORISING, 1, 409, "authorise_refused", "A payment order is not authorised: value, 400 or 409 (409).") \
	KIND(AUTHORISE_LOST, AUTHORISED, 1, 0, "authorise_lost", "A payment order is authorised, but the answer is 503.") \
	KIND(SETTLE_SECONDS, SETTLING, -1, 5, "settle_seconds", "An order that is made now settles value seconds after it was authorised (5), until off.") \
	KIND(NO_CHECK, SETTLING, -1, 0, "no_check", "Nobody verifies the payee's name: payeeVerification is null, until off.")

#define KIND(name, spot, times, value, word, doc) TROUBLE_##name,
enum trouble { TROUBLES(KIND) TROUBLE__MAX };
#undef KIND

struct troubles {
	struct {
		bool	armed, counted, hit;
		int64_t	value;
	} of[TROUBLE__MAX];
};

struct call;

/* Reads which are armed. */
MUST_USE enum err trouble_read(struct cx *, struct troubles *);

/* Takes what is armed for the spot: .hit of each says whether it happens. */
MUST_USE enum err trouble_take(struct cx *, struct troubles *, enum spot);

/* What happens before the call is looked at; it may answer the call. */
MUST_USE enum err trouble_door(struct cx *, struct call *);

/* The list of all kinds as JSON. */
void	trouble_list(struct out *);

extern const struct stmt trouble_stmts[];
extern const size_t trouble_nstmts;

#endif
