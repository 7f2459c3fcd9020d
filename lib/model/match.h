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
	R(REFUND_RETURN,     "refund_return",	  "It names a refund of ours, but is not its money that came back.")

#define R(name, word, doc) REASON_##name,
enum reason { REASONS(R) REASON__MAX };
#undef R

const char	*reason_word(enum reason);
const char	*match_word(int64_t method);

struct match {
	int64_t		 transfer_id, session_id;
	enum match_method method;
	cents		 fee;		/* by the merchant's rates now */
	bool		 first;		/* money of the session */
};

/* ERR_DUPLICATE if the transfer has one. */
MUST_USE enum err match_add(struct cx *, const struct match *);

/* Notes that it has none; suggestion 0: no idea. */
MUST_USE enum err match_miss(struct cx *, int64_t transfer_id, enum reason,
    int64_t suggestion);

/* What the money of a session was charged so far. */
struct charged {
	cents		 amount, fee;
};

/* For each of its transfers: rows of struct charged. */
MUST_USE enum err match_fees(struct cx *, int64_t session_id, struct rows *);

extern const struct stmt match_stmts[];
extern const size_t match_nstmts;

#endif
