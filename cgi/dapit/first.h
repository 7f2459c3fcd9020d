/*
 * first.h - dapit setup: what its steps share.
 *
 * A step finds what it makes there already, makes it, or says what is left to
 * do; only without it can nothing follow does it return false.
 */
#ifndef FIRST_H
#define FIRST_H

#include "api/program.h"
#include "dapit/dapit.h"

#define SYSTEM_USER	"dapit"		/* as in nginx/systemd/ */

struct first {
	struct program	 p;
	struct cx	 cx;		/* the programs' user */
	struct cx	 admin;		/* the database's root, or the same */
	struct arena	*arena;
	const char	*path, *etc;	/* settings, and their folder */
	const char	*url, *host;	/* of the gateway */
	const char	*name, *iban;	/* of the first merchant; or NULL */
	bool		 live;		/* --production */
	bool		 systemd;	/* it runs here */
	bool		 migrated;	/* the schema is another */
	bool		 untrusted;	/* the certificate is our own */
};

/* A line of the report: "made", "there" or "todo"; then what and how. */
void	first_say(const char *how, const char *what, const char *fmt, ...)
	    PRINTF(3, 4);
/* What to do about it. */
void	first_todo(const char *fmt, ...) PRINTF(1, 2);

/*
 * Runs a program and waits: its exit code, 127 if there is none such.  *said
 * is all that it wrote.
 */
int	first_run(struct first *, const char *const argv[], const char **said);

/* Writes a file there was none of, with a mode. */
MUST_USE bool first_write(const char *path, const char *text, unsigned mode);

bool	first_certificate(struct first *);
bool	first_site(struct first *);
bool	first_services(struct first *);

#endif
