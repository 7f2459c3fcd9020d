/*
 * gsm.h - what a text costs as SMS, and how to make it cheaper.
 *
 * A text of the GSM 7-bit default alphabet and its extension table (3GPP
 * TS 23.038, 6.2.1) has room for 160 septets, or 153 in each segment of a
 * longer one; an extension character (^ { } \ [ ~ ] | and the euro sign)
 * takes two, which stay together.  Any other text is sent as UCS-2: 70
 * UTF-16 units, or 67, where a surrogate pair stays together.  National
 * shift tables are not used.
 *
 * Texts are UTF-8; a malformed byte counts as one character of neither.
 */
#ifndef GSM_H
#define GSM_H

#include "base/arena.h"

/* The segments that a text takes, an empty one too; *unicode, unless NULL,
 * says whether it needs UCS-2. */
int64_t	gsm_segments(const char *text, bool *unicode);

/*
 * The text in GSM-7 alone, in the arena: letters of European languages by
 * their base letters, Greek by its capitals as Greek SMS are written,
 * Cyrillic in Latin letters, typographic signs by plain ones; invisible
 * signs go, and what is left becomes "?".  It may be longer than before.
 */
char   *gsm_fold(struct arena *, const char *text);

#endif
