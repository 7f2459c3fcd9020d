/*
 * sift.h - what becomes of the entries of a page of the statement.
 *
 * Each is exactly one of: booked, known, kept aside, not final.  A known one is
 * compared with what the bank said of it before and with what is stored of
 * it; a difference is kept aside as a conflict (field "stored ...": somebody
 * changed the row).  An entry is known by any of its ids.
 */
#ifndef SIFT_H
#define SIFT_H

#include "model/account.h"

/* Rows of struct bank_entry.  Outside of a transaction; the same again does
 * nothing but count the reads of what is kept aside.  left: one that has
 * nothing wrong could not be booked; it is new when it is read again. */
MUST_USE enum err sift(struct cx *, const struct account *,
    const struct rows *page, bool *left);

#endif
