/*
 * sepatext.h - a text in the characters that every SEPA bank takes.
 *
 * The schemes promise a-z, A-Z, 0-9, blank and / - ? : ( ) . , ' + (EPC230-15);
 * what else is in a name or a remittance text may make a bank refuse the
 * payment.  Letters are rewritten as in the EPC's conversion table (EPC217-08):
 * Latin ones lose their marks, Greek and Cyrillic ones are transliterated; what
 * has no meaning there becomes a full stop.
 */
#ifndef SEPATEXT_H
#define SEPATEXT_H

#include "base/arena.h"

/* The text so, without outer blanks; malformed UTF-8 counts as unknown
 * characters. */
char		*sepatext(struct arena *, const char *);

/* A name so; as it is if no letter of it would be left (Chinese, Arabic): the
 * bank decides on it. */
const char	*sepatext_name(struct arena *, const char *);

#endif
