/*
 * cents.h - money.
 *
 * An amount is a whole number of cents, 1/100 of a euro.  Amounts are never
 * floats, and are added, subtracted and parsed only here.  A function that
 * cannot give an exact answer returns false and leaves *out as it was.
 */
#ifndef CENTS_H
#define CENTS_H

#include "base/base.h"

typedef int64_t cents;

#define CENTS_MAX	INT64_C(9007199254740991)	/* 2^53-1: exact in JSON */
#define CENTS_AMOUNT	INT64_C(99999999999)	/* 999 999 999.99, SEPA's cap */
#define CENTS_TEXT	24			/* "-90071992547409.91" */

MUST_USE bool cents_add(cents a, cents b, cents *out);
MUST_USE bool cents_sub(cents a, cents b, cents *out);

/*
 * Reads a number: an optional minus, digits, a fraction, an exponent, as JSON
 * has it; .50 and 5. too.
 * Shops send sums of binary floats, so a value within 0.000001 of a whole
 * cent is that cent (49.989999999999995 is 49.99); any other is refused,
 * never rounded (49.995).
 */
MUST_USE bool cents_parse(const char *text, cents *out);

/* The same, but rounds half up what is no whole cent. */
MUST_USE bool cents_round(const char *text, cents *out);

/* Writes "12.34" to buf and returns buf.  The short form, for what is no money,
 * leaves out zeros at the end of the fraction: 12.5, 12. */
const char *cents_print(cents c, char buf[static CENTS_TEXT]);
const char *cents_print_short(cents c, char buf[static CENTS_TEXT]);

#endif
