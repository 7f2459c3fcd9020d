/*
 * doctor.h - is this installation well?  Each finding says what to do.
 *
 * Nothing is changed; what cannot be asked is itself a finding.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "base/health.h"
#include "io/db.h"

struct finding {
	const char	*health;	/* ok, warning, broken */
	const char	*what;		/* that was looked at */
	const char	*state;		/* how it is */
	const char	*todo;		/* NULL: nothing */
	bool		 local;		/* of this machine, not of all */
};

/* Looks at everything: rows of struct finding. */
void	doctor(struct cx *, struct rows *);

extern const struct stmt doctor_stmts[];
extern const size_t doctor_nstmts;

#endif
