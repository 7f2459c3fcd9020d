/*
 * rotate.h - all that is sealed is sealed anew with the current key.
 *
 * A row is only written if it is still what was read, so nothing that the
 * programs write meanwhile is lost; and what they wrote with the key that was
 * current before is found by the next pass.
 */
#ifndef ROTATE_H
#define ROTATE_H

#include "io/seal.h"
#include "model/sealed.h"

/* How many sealed values each key opens; [SEAL_KEYS]: that none does. */
struct sealed_count {
	int64_t		 n[SEAL_KEYS + 1];
};

MUST_USE enum err rotate_count(struct cx *, enum sealed_place,
    struct sealed_count *);

/* One pass; *n: how many it sealed anew or another changed meanwhile: once
 * more while that is not 0.  What no key opens stays as it is. */
MUST_USE enum err rotate_pass(struct cx *, int64_t *n);

#endif
