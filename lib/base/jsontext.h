/*
 * jsontext.h - a JSON text in a form that every JSON library reads alike.
 *
 * Libraries, and releases of one library, differ in what they take: bytes
 * above 127, control characters, numbers such as 1. or 00, NaN.  So we judge a
 * text ourselves and hand on ASCII: characters above 127 become \uXXXX
 * escapes, a lone half of a surrogate pair becomes U+FFFD.
 *
 * Strict text is what RFC 8259 allows, without NUL bytes, and without whole
 * numbers that 64 bits do not hold.  From a bank, whose answer is the only
 * source of money, it is mended instead: a byte order mark goes, a byte that
 * is not UTF-8 is read as ISO 8859-1, a NUL becomes U+FFFD, a control
 * character and a stray backslash are escaped, and a number or a word that
 * JSON does not have (+5.00, 007, NaN, 22 digits) becomes a text.
 *
 * Only characters, strings, numbers and words are judged here; brackets and
 * commas are the parser's.
 */
#ifndef JSONTEXT_H
#define JSONTEXT_H

#include "base/out.h"

/* Writes the text to o; false when it is not strict, and *why says where. */
MUST_USE bool	jsontext_strict(struct out *o, const char *, size_t,
    const char **why);
void		jsontext_mend(struct out *o, const char *, size_t);

#endif
