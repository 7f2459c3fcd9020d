/*
 * notice.h - a request to pay that is due, as e-mail and as SMS.
 *
 * The first message and its reminders are made from the same facts, in the
 * customer's language (speech.h; English where that is not known).  All
 * texts are UTF-8, and NULL where there is nothing to say: that line is then
 * left out.  A control character in a value becomes a blank, so that nothing
 * that comes from outside can look like another line; a link that does not
 * begin with http or https, a colon and two slashes is left out.
 *
 * What is returned is owned by the arena.  letter.h sends the first three.
 */
#ifndef NOTICE_H
#define NOTICE_H

#include "base/arena.h"
#include "base/cents.h"

#define NOTICE_SMS	2	/* segments, at most */

struct notice_item {
	const char	*name, *qty, *price;	/* as the merchant wrote them */
};

struct notice {
	const char	*language;		/* "de" */
	const char	*merchant_name, *customer_name;
	const char	*description;
	const struct notice_item *item;
	size_t		 items;
	cents		 original_amount;	/* before the discount */
	cents		 amount;		/* to pay */
	int64_t		 discount_percent;	/* hundredths; 0: not said */
	int64_t		 due_day;		/* since 1970 */
	const char	*reference;
	const char	*link;			/* where to pay */
	const char	*stop_link;		/* where to end the payments */
	int64_t		 reminder;		/* 0: the first message */
};

char   *notice_subject(struct arena *, const struct notice *);

/* Lines that end in LF; each link stands on its own. */
char   *notice_text(struct arena *, const struct notice *);

/*
 * One page of HTML 5 for mail clients: a table in a column, inline styles,
 * nothing remote, no colours but the button's, so that it is as dark or as
 * light as the client.  Every value is escaped.
 */
char   *notice_html(struct arena *, const struct notice *);

/*
 * One line with the merchant, the amount, the day and the link.  What does
 * not fit into NOTICE_SMS segments is made shorter step by step: without the
 * day, with less of the merchant's name, in GSM-7 alone, without a sentence.
 * Where no step makes room for the link, short_link stands in its place; it
 * fits if it has at most 120 characters.  One that is not plain ASCII, or is
 * longer, is left out.  The result is UTF-8.
 */
char   *notice_sms(struct arena *, const struct notice *,
	    const char *short_link);

#endif
