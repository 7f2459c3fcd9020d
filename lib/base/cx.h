/*
 * cx.h - what one request may touch: its memory, the database, the time.
 *
 * A program makes one cx, and begins each request (or each turn of a
 * worker) with cx_begin(): the arena is emptied, the first failure
 * forgotten, the clock read once.
 */
#ifndef CX_H
#define CX_H

#include "base/arena.h"
#include "base/err.h"

struct brake;
struct conf;
struct db;
struct meter;
struct pages;
struct seal;
struct web;

struct cx {
	struct arena		*arena;	  /* emptied before each request */
	const struct conf	*conf;	  /* the settings; process-long */
	struct db		*db;	  /* connected on first use */
	struct seal		*seal;	  /* keys; process-long */
	struct web		*web;	  /* HTTP client; process-long */
	struct brake		*brake;	  /* of a pool's processes; or NULL */
	struct meter		*meter;	  /* the same */
	struct pages		*pages;	  /* a reader's memory; or NULL */
	const char		*address; /* of who asks; "" when nobody does */
	int64_t			 now;	  /* Unix seconds, read once */
	int64_t			 merchant; /* who asks; 0: nobody yet */
	int64_t			 key;	  /* which key said so */
	bool			 only_reads; /* that one */
	bool			 half_up; /* its amounts are rounded */
	bool			 again;	  /* this request may have begun once */
	int64_t			 environment; /* the merchant's */
	int64_t			 retry_after; /* seconds, of ERR_LIMIT */
	char			 field[40]; /* parameter at fault, or "" */
	char			 why[256]; /* the first failure */
};

/* Starts a request: empties the arena, reads the clock. */
void	cx_begin(struct cx *);

/* Reads the clock again, in the midst of work that takes long. */
void	cx_tick(struct cx *);

/* Of a clock that never jumps, for how long something took. */
int64_t	cx_milliseconds(void);

/* Seconds by which dapit clock moved the clock; in production always 0. */
int64_t	cx_moved(const struct conf *);

#endif
