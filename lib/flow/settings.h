/*
 * settings.h - do the settings hold, and did they take effect?  Findings of
 * the doctor.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "flow/doctor.h"

/* Looks at the account of an environment; false if there is nothing to say. */
MUST_USE bool settings_account(struct cx *, int64_t environment,
    struct finding *);

/* Has the worker of this machine the settings that are in the file? */
MUST_USE bool settings_read(struct cx *, struct finding *);

/* Is anybody told of what is broken, and does that work? */
MUST_USE bool settings_alerts(struct cx *, struct finding *);

#endif
