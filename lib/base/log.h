/*
 * log.h - one line of JSON for each thing that happened, on standard error.
 *
 * A line is declared as a field table (base/field.h) and written by one
 * write(2), so lines of several processes never mix.  No key, token, secret
 * or whole IBAN may be a field or stand in a reason.
 */
#ifndef LOG_H
#define LOG_H

#include "base/field.h"

struct cx;

/* Writes the row, with the time before it. */
void	log_row(struct cx *, const struct field *, const void *row);

/* Says one thing: {"time":...,"what":word,"why":...}. */
void	log_say(struct cx *, const char *what, const char *, ...) PRINTF(3, 4);

/* An address as the settings want it in the log: whole, without its last part
 * (of IPv4 8 bits, of IPv6 80), or NULL. */
const char *log_address(struct cx *, const char *address);

#endif
