/*
 * speech.h - the words of payment notices, in the languages of Europe.
 *
 * The 24 official languages of the EU, Norwegian and Ukrainian, each one row
 * of two tables: speech_west.c has the Germanic, Romance and Celtic ones and
 * Maltese, speech_east.c the others.  Words are UTF-8, polite, and whole: a
 * %1 to %9 in them is a place that speech_fill fills, and only speech_fill
 * reads them, never printf.  The SMS lines keep to GSM-7 where the language
 * does.  test_notice.c fails for a language without one of the words.
 *
 * Amounts, percentages and days are written as the Unicode CLDR has them for
 * the language's own country; the hard blanks in them are U+00A0 and U+202F.
 */
#ifndef SPEECH_H
#define SPEECH_H

#include "base/arena.h"
#include "base/cents.h"

enum say {
	SAY_SUBJECT,		/* %1 the merchant, %2 the amount */
	SAY_REMINDER,		/* before any line: %1 */
	SAY_GREETING,		/* %1 the customer */
	SAY_GREETING_ALL,	/* without a name */
	SAY_ASK,		/* %1 the merchant asks for a payment */
	SAY_LATE,		/* the first reminder */
	SAY_LATE_AGAIN,		/* any later one */
	SAY_PAID,		/* in a reminder: to who has paid meanwhile */
	SAY_ORIGINAL, SAY_DISCOUNT, SAY_AMOUNT, SAY_DUE, SAY_REFERENCE,
	SAY_FIELD,		/* one of these, %1, and its value, %2 */
	SAY_PAY,		/* the button */
	SAY_LINK,		/* before the link below the button */
	SAY_STOP,		/* before the link that ends the payments */
	SAY_WHY,		/* %1 the merchant: why this was sent */
	SAY_SMS,		/* %1 who, %2 amount, %3 day, %4 link */
	SAY_SMS_SHORT,		/* the same without the day */
	SAY__MAX
};

struct speech {
	const char	*code;		/* ISO 639-1 */
	const char	*decimal, *group;
	int		 group_from;	/* digits from which groups are made */
	const char	*euro, *percent;	/* %1 the number */
	const char	*date;		/* %1 day, %2 month, %3 year, %4 and %5
					 * day and month in two digits, %6 the
					 * month's name */
	const char	*months;	/* names of 3 letters, joined; NULL:
					 * %6 is not used */
	const char	*say[SAY__MAX];
};

#define SPEECH_WEST	13
#define SPEECH_EAST	13
extern const struct speech speech_west[SPEECH_WEST], speech_east[SPEECH_EAST];

/* A language by its code, "no" being "nb"; NULL if we do not speak it. */
const struct speech *speech_find(const char *code);

/* The codes of all, in order; NULL behind the last. */
const char *const *speech_languages(void);

/* The form with its places filled from n texts, in the arena.  A text is
 * put in as it is; a place without one stays empty. */
char   *speech_fill(struct arena *, const char *form, const char *const *,
	    size_t n);

/* In the arena: "1.234,05 €", "12,5 %" of hundredths, "3.4.2026" of a day
 * since 1970. */
char   *speech_amount(struct arena *, const struct speech *, cents);
char   *speech_percent(struct arena *, const struct speech *,
	    int64_t hundredths);
char   *speech_day(struct arena *, const struct speech *, int64_t day);

#endif
