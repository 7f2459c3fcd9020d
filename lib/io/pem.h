/*
 * pem.h - until when a certificate is valid.
 */
#ifndef PEM_H
#define PEM_H

#include "base/arena.h"

/* notAfter of the first certificate in a PEM file, in Unix seconds; false if
 * it cannot be read (RFC 5280, section 4.1.2.5). */
MUST_USE bool pem_until(struct arena *, const char *path, int64_t *until);

#endif
