/*
 * setup.h - the bank's database, made ready before the first request.
 */
#ifndef SETUP_H
#define SETUP_H

#include "base/cx.h"

/*
 * Brings the schema up to date, opens the accounts, counts from 0.  Waits up
 * to 30 seconds for a database that is only coming up.
 */
MUST_USE enum err setup_run(struct cx *);

#endif
