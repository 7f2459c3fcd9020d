/*
 * match.h - what a transfer was taken for: a session, or nothing yet.
 *
 * A transfer has at most one match; an unmatched one has a reason and perhaps
 * a suggestion.  The unmatched row stays when an operator assigns it.
 */
#ifndef MATCH_H
#define MATCH_H

#include "io/db.h"

enum match_method { MATCH_EXACT, MATCH_NORMALISED, MATCH_OPERATOR };

#define REASONS(R) \
	R(NO_REFERENCE,	     "no_reference",	  "No text of it looks like a reference.") \
	R(UNKNOWN_REFERENCE, "unknown_reference", "Its reference is none of ours.") \
	R(AMBIGUOUS,	     "ambiguous",	  "It names more than one session.") \
	R(CURRENCY,	     "currency",	  "It is not in the session's currency.") \
	R(TOO_LATE,	     "too_late",	  "The session expired too long ago.") \
	R(OTHER_ACCOUNT,     "other_account",	  "The session's invoice names another account.") \
	R(REFUND_RETURN,     "refund_return",	  "It names a refund of ours, but is not its money that came back.") \
	R(UNASSIGNED,	     "unassigned",	  "An operator took it off the session that it was assigned to.")

#define R(name, word, doc) REASON_##name,
enum reason { REASONS(R) REASON__MAX };
#undef R

const char	*reason_word(enum reason);
const char	*match_word(int64_t method);

struct match {
	int64_t		 transfer_id, session_id;
	int64_t		 method;	/* enum match_method */
	cents		 fee;		/* by the merchant's rates now */
	int64_t		 first;		/* money of the session */
};

/* ERR_DUPLICATE if the transfer has one. */
MUST_USE enum err match_add(struct cx *, const struct match *);

/* Notes that it has none; suggestion 0: no idea. */
MUST_USE enum err match_miss(struct cx *, int64_t transfer_id, enum reason,
    int64_t suggestion);

/* Nobody else decides whose an unmatched transfer is until the transaction
 * ends. */
MUST_USE enum err match_hold(struct cx *, int64_t transfer_id);

/* Whose a transfer is; ERR_NOT_FOUND. */
MUST_USE enum err match_find(struct cx *, int64_t transfer_id,
    struct match *);

/* It is nobody's any more. */
MUST_USE enum err match_undo(struct cx *, int64_t transfer_id);

/* What the money of a session was charged so far. */
struct charged {
	int64_t		 transfer_id, booking_day, first;
	cents		 amount, fee;
};

/* For each of its transfers: rows of struct charged. */
MUST_USE enum err match_fees(struct cx *, int64_t session_id, struct rows *);

/* Stores fee and first of a match. */
MUST_USE enum err match_charge(struct cx *, const struct charged *);

extern const struct stmt match_stmts[];
extern const size_t match_nstmts;

#endif
