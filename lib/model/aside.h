/*
 * aside.h - entries of the statement that are kept aside.
 *
 * What cannot be booked as it stands is not dropped and not guessed: it is a
 * row with the bank's own text and the reason, until an operator books or
 * dismisses it, or the bank sends it in a form that can be read.
 */
#ifndef ASIDE_H
#define ASIDE_H

#include "io/db.h"
#include "io/entry.h"

/* reason: unreadable (field says which), no_id, conflict (a known id with
 * other money, day or text), contradiction (sign against indicator, or a
 * reversal), other (it could not be booked; the log says why). */
#define ASIDE_STATUSES(S) \
	S(OPEN, "open") S(BOOKED, "booked") S(DISMISSED, "dismissed") \
	S(READ, "read")

#define S(name, word) ASIDE_##name,
enum aside_status { ASIDE_STATUSES(S) ASIDE__MAX };
#undef S

struct aside {
	int64_t		 id, account_id, status, seen;
	int64_t		 transfer_id;	/* with its id, or booked; 0: none */
	int64_t		 first_seen_at, last_seen_at, closed_at;
	const char	*bank_id;	/* or NULL */
	const char	*reason, *field;
	const char	*raw;		/* NULL once it is erased */
};

const char	*aside_word(int64_t status);

/* Keeps an entry, the nth of its kind on a page; one that is kept already
 * counts a read.  transfer_id 0: none. */
MUST_USE enum err aside_keep(struct cx *, int64_t account_id,
    const struct bank_entry *, int64_t transfer_id, int64_t nth,
    bool *is_new);

/* The bank sent the entry with that id in a form that was booked. */
MUST_USE enum err aside_read(struct cx *, int64_t account_id,
    const char *bank_id);

MUST_USE enum err aside_lock(struct cx *, int64_t id, struct aside *);
MUST_USE enum err aside_close(struct cx *, int64_t id, enum aside_status,
    int64_t transfer_id);

/* Above an id, at most 500, all or the open ones: rows of struct aside. */
MUST_USE enum err aside_list(struct cx *, int64_t after, bool all,
    struct rows *);

/* Open ones whose text holds a word, at most 100: rows of struct aside. */
MUST_USE enum err aside_about(struct cx *, const char *text, struct rows *);

/* Erases the bank's text of finished ones: those that hold a word; some of
 * those that were finished before a time, *n of them. */
MUST_USE enum err aside_erase(struct cx *, const char *text);
MUST_USE enum err aside_age(struct cx *, int64_t before, int64_t *n);

extern const struct stmt aside_stmts[];
extern const size_t aside_nstmts;

#endif
