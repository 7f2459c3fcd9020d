/*
 * reference.h - the reference that a shopper types: DP-YYMMDD-XXXXXX.
 *
 * X is one of 32 letters and digits without look-alikes (no I, O, 0, 1); the
 * last X checks the rest: one wrong character, or two neighbours swapped, is
 * always detected.  References taken over from another system may have other
 * characters and no check character; what the database knows is known.
 *
 * The key of a reference is what is left when separators are dropped, letters
 * made capital and look-alikes made one (O is 0; I and L are 1).  Texts of a
 * bank statement are searched for keys, and for the numbers of refunds.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "base/arena.h"

#define REFERENCE_TEXT	17		/* "DP-260330-XA6HSX" */
#define REFERENCE_KEY	15		/* "DP260330XA6HSX" */
#define REFERENCE_RANDOM 5		/* random bytes that make one */
#define REFUND_NUMBER	9		/* "R7A3F2B1", the number of a refund */

/* Makes a reference of that day from random bytes. */
void	reference_print(int64_t day, const unsigned char random[static
	    REFERENCE_RANDOM], char out[static REFERENCE_TEXT]);

/* Is the check character right?  Takes any spelling. */
bool	reference_check(const char *text);

/* The key of a whole text: separators dropped, look-alikes made one. */
char   *reference_key(struct arena *, const char *text);

/*
 * Finds the next thing of a reference's form in a key, from *at on; moves
 * *at behind its first character.  False when there is no more.
 */
bool	reference_next(const char *key, size_t *at,
	    char found[static REFERENCE_KEY]);

/*
 * Finds the next refund number in a text as the bank sent it, from *at on;
 * moves *at behind its R.  Case and separators do not matter, but it begins a
 * word (or follows "refund") and ends one (or a reference follows): R1234567
 * is not in "order 12345678".
 */
bool	reference_refund(const char *text, size_t *at,
	    char found[static REFUND_NUMBER]);

/* Does the key hold something one slip away from that reference's key: a
 * character changed, lost or added, or two neighbours swapped? */
bool	reference_near(const char *key, const char *reference);

#endif
