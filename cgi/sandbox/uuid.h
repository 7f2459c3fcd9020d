/*
 * uuid.h - the form that the bank's codes, tokens and request ids have.
 */
#ifndef UUID_H
#define UUID_H

#include "base/arena.h"

/* Makes a random one (version 4). */
char   *uuid_make(struct arena *);

/* Has the text that form? */
bool	uuid_check(const char *);

#endif
