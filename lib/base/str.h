/*
 * str.h - questions about texts.
 */
#ifndef STR_H
#define STR_H

#include "base/arena.h"

/* Is it well-formed UTF-8 (RFC 3629), without NUL bytes? */
bool	str_utf8(const char *, size_t);

/* The length in bytes of the character at the start of a text, of which left
 * bytes are left (at least one), and its code point; 0 if it is malformed UTF-8
 * or a NUL. */
size_t	str_character(const char *, size_t left, uint32_t *point);

/* Makes a text of any bytes, where it is: one that is not UTF-8 becomes ASCII,
 * with a ? for each byte that is none. */
void	str_mend(char *);

/* Copies at most max bytes, never cutting a character in two. */
char   *str_cut(struct arena *, const char *, size_t max);

/* Reads a whole decimal number; false unless all of text is one. */
MUST_USE bool str_int(const char *text, int64_t *out);

/* Is it an origin (RFC 6454): http or https, a host, perhaps a port? */
bool	str_origin(const char *);

/* The origin of an http or https URL: its scheme, host and port, lower case,
 * without a path; at most 255 bytes of it. */
char   *str_origin_of(struct arena *, const char *url);

bool	str_starts(const char *text, const char *prefix);
bool	str_same(const char *, const char *);	/* ASCII case ignored */

/* Bytes as lower-case hex, and back; false unless exactly n bytes of hex. */
char   *str_hex(struct arena *, const unsigned char *, size_t n);
MUST_USE bool str_unhex(const char *text, unsigned char *out, size_t n);

#endif
