/*
 * punycode.h - host names with letters that DNS does not know.
 *
 * A label that is not ASCII becomes xn-- and its Punycode (RFC 3492), in small
 * letters.  Names are taken as they stand otherwise: what IDNA forbids is for
 * the registry to refuse.
 */
#ifndef PUNYCODE_H
#define PUNYCODE_H

#include "base/arena.h"

/* The host name in ASCII; NULL: it is no UTF-8, or a label is too long. */
char	*punycode_host(struct arena *, const char *host);

#endif
