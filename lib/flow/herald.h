/*
 * herald.h - the operator is told what is wrong: by mail, by a POST to a URL,
 * by a command, as [alerts] says.
 */
#ifndef HERALD_H
#define HERALD_H

#include "base/conf.h"
#include "base/cx.h"
#include "model/alert.h"

/* Which ways the settings have; false if they have none. */
bool	herald_ways(const struct conf *, bool ways[static WAY__MAX]);

/* Tells of an alert by one way, and waits; NULL, or why it was not told. */
MUST_USE const char *herald_tell(struct cx *, enum way, const struct alert *);

#endif
