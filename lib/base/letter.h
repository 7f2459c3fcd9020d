/*
 * letter.h - an e-mail as it goes over the wire.
 *
 * A message of RFC 5322 with CRLF line ends: one multipart/alternative of
 * RFC 2046, the plain text first and the HTML after it, both UTF-8 in base64.
 * Subject and names that are not plain printable ASCII become encoded words
 * of RFC 2047; header lines are folded at 76 bytes where they can be, and no
 * line is longer than RFC 5322's 998.
 *
 * What comes from outside cannot add a header, a recipient or a line: in a
 * header value each control character, line separator and direction mark
 * becomes a blank, and in an address so does each character that could end
 * it.  A language that is no tag (RFC 5646) and an unsubscribe URL that is
 * no plain https URL of at most 900 bytes are left out with their headers.
 * Bytes that are not UTF-8 become U+FFFD.
 *
 * Dot-stuffing and the dot at the end belong to SMTP and are not done here.
 */
#ifndef LETTER_H
#define LETTER_H

#include "base/arena.h"

struct letter {
	const char	*from_name, *from;	/* a name may be NULL */
	const char	*to_name, *to;
	const char	*subject;
	const char	*text, *html;		/* any line ends; html or
						   NULL */
	const char	*message_id;		/* without its <> */
	const char	*unsubscribe_url;	/* https; NULL: none */
	const char	*language;		/* "de"; NULL: not said */
	int64_t		 date;			/* Unix seconds */
};

/* The whole message, in the arena. */
char   *letter_print(struct arena *, const struct letter *);

/*
 * Is it an e-mail address that we write to?  A dot-atom of RFC 5322 of 1 to
 * 64 bytes, an @, and a host name of at least two labels (RFC 1123, so
 * punycode passes) whose last is not all digits; ASCII, at most 254 bytes.
 * Quoted local parts and address literals are refused.
 */
bool	letter_address(const char *);

/* The address with its domain in ASCII: what mail servers take. */
char	*letter_ascii(struct arena *, const char *);

/* A telephone number without the blanks, brackets and such that people write in
 * it; NULL for NULL. */
char	*letter_digits(struct arena *, const char *);

/* Is it a telephone number of E.164: a +, 7 to 15 digits, no leading zero? */
bool	letter_phone(const char *);

#endif
