/*
 * alert.h - what is wrong with the installation, and who was told of it.
 *
 * A row is one subject of the doctor, of one machine or of all ("").  Its
 * health is what two looks in a row agreed on; each way of telling has the
 * health that it told last.  Where the two differ somebody is to be told.
 */
#ifndef ALERT_H
#define ALERT_H

#include "io/db.h"

enum way { WAY_MAIL, WAY_URL, WAY_COMMAND, WAY__MAX };

struct alert {
	int64_t		 health, since;	/* enum health; it is so since then */
	int64_t		 seen, seen_times; /* by the latest looks in a row */
	int64_t		 told_mail, told_url, told_command;
	int64_t		 told_at;	/* by any */
	int64_t		 tries, due_at;	/* since its health changed */
	const char	*host, *what;
	const char	*state, *todo;
	const char	*last_error;	/* of the ways, "" when all were told */
};

const char *way_word(enum way);		/* as in [alerts] */

/* The health that a way told last. */
int64_t *alert_told(struct alert *, enum way);

/* Is it for us to look at this machine, or at all ("")?  Once in so many
 * seconds, whoever asks. */
MUST_USE enum err alert_look(struct cx *, const char *host, int64_t seconds,
    bool *ours);

/* Those of this machine and of all: rows of struct alert. */
MUST_USE enum err alert_each(struct cx *, const char *host, struct rows *);

/* All that are, or ever were, not well, the worst first. */
MUST_USE enum err alert_all(struct cx *, struct rows *);

/* Stores what was seen; another health than before is due at once. */
MUST_USE enum err alert_put(struct cx *, const struct alert *);

/* Those of which one of these ways is to tell now. */
MUST_USE enum err alert_due(struct cx *, const bool ways[static WAY__MAX],
    struct rows *);

/* Takes one that is due, for so long; ERR_BUSY: another has it. */
MUST_USE enum err alert_claim(struct cx *, struct alert *, int64_t seconds);

/* Books what the ways told, and when the rest is due: due_at becomes that,
 * unless its health is another by now. */
MUST_USE enum err alert_tried(struct cx *, const struct alert *,
    int64_t due_at);

/* One that some way could not tell, however often it was tried;
 * ERR_NOT_FOUND: there is none. */
MUST_USE enum err alert_stuck(struct cx *, struct alert *worst);

extern const struct stmt alert_stmts[];
extern const size_t alert_nstmts;

#endif
