/*
 * out.h - a text that grows, in an arena.
 *
 * Replies, webhook bodies and request bodies to the bank are built with it.
 * What goes in is escaped by the call that fits: out_json for JSON,
 * out_csv for CSV, out_form for a form value; out_text and out_printf take
 * text as it is.  The result is always NUL-terminated and owned by the arena.
 */
#ifndef OUT_H
#define OUT_H

#include "base/arena.h"

struct out {
	struct arena	*arena;
	char		*text;	/* NULL until something is put in */
	size_t		 len, room;
};

void	out_bytes(struct out *, const void *, size_t);
void	out_text(struct out *, const char *);
void	out_int(struct out *, int64_t);
void	out_printf(struct out *, const char *, ...) PRINTF(2, 3);

void	out_json(struct out *, const char *);	/* "quoted"; NULL: null */
void	out_csv(struct out *, const char *);	/* RFC 4180, no formulas, for
						   any list separator */
void	out_form(struct out *, const char *);	/* percent-encoded */

#endif
