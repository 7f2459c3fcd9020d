/*
 * entry.h - one entry of the bank's statement, whatever it looks like.
 *
 * Banks follow the Berlin Group's NextGenPSD2 names, each in its own way.  Of
 * any JSON value the reader makes exactly one of three: booked money, an
 * entry that is not final (pending, information), or one that is to be kept
 * aside, because it cannot be read or contradicts itself.  It never guesses.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "base/cents.h"
#include "base/out.h"
#include "io/js.h"

#define ENTRY_ID	64	/* characters of an id */
#define ENTRY_IDS	3	/* transactionId, entryReference, internal... */
#define ENTRY_CONTENT	32	/* characters of a content's hash, in hex */

enum entry_fate { ENTRY_BOOKED, ENTRY_ASIDE, ENTRY_NOT_FINAL };

struct bank_entry {
	enum entry_fate	 fate;
	const char	*reason;	/* ASIDE: a word of model/aside.h */
	const char	*field;		/* ASIDE: where */

	/* as far as they can be read, whatever the fate */
	const char	*id[ENTRY_IDS + 1]; /* different ones; NULL ends them */
	bool		 credit;
	cents		 amount;	/* more than nothing when BOOKED */
	const char	*currency;
	int64_t		 booking_day;
	const char	*debtor_name, *debtor_iban;
	const char	*creditor_name, *creditor_iban;
	const char	*remittance, *structured, *end_to_end_id; /* cut */
	const char	*const *texts;	/* all of them, whole; NULL ends them */
	const char	*content;	/* a hash: side, amount, day, texts;
					   its first byte is their form */
	const struct js	*js;		/* as it came; NULL for null */
};

/* Reads an entry of the account with that IBAN. */
void	entry_read(struct arena *, const struct js *, const char *iban,
    struct bank_entry *);

/* The content as the release before hashed it: what was kept then is known by
 * that. */
const char *entry_content_before(struct arena *,
    const struct bank_entry *);

/* As it came, as compact JSON, cut. */
const char *entry_raw(struct arena *, const struct bank_entry *);

/* An IBAN without blanks, in capitals; NULL for NULL and for none. */
const char *entry_iban(struct arena *, const char *);

#endif
