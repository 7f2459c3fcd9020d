/*
 * banktext.h - what a payer wrote, without what banks put into it.
 *
 * On its way a text may become HTML (<br>, &#45;), a URL's (%2D), fields of an
 * MT940 line (?21), another language's escapes (\n), or full-width letters.
 */
#ifndef BANKTEXT_H
#define BANKTEXT_H

#include "base/arena.h"

/* The text without these; NULL when there is nothing of the kind in it. */
char	*banktext_plain(struct arena *, const char *);

#endif
