/*
 * iban.h - account numbers (ISO 13616).
 */
#ifndef IBAN_H
#define IBAN_H

#include "base/base.h"

#define IBAN_TEXT	35		/* 34 characters and the NUL */

/*
 * Reads an IBAN as people write it, with or without blanks, in any case.
 * *iban is then how machines write it.  NULL if it is one of a country where
 * SEPA reaches (EPC409-09); else what is wrong with it.
 */
MUST_USE const char *iban_parse(const char *text, char iban[static IBAN_TEXT]);

#endif
