/*
 * health.h - how well something is, and the word for it.
 */
#ifndef HEALTH_H
#define HEALTH_H

#include "base/base.h"

enum health { HEALTH_OK, HEALTH_WARNING, HEALTH_BROKEN, HEALTH__MAX };

const char	*health_word(int64_t);

/* The health of a word; broken for one that is none. */
enum health	 health_of(const char *word);

#endif
