/*
 * arena.h - memory that lives exactly as long as one request.
 *
 * Everything a request makes comes from its arena and goes when the arena is
 * reset; nobody frees piecemeal.  Things of other libraries are adopted with
 * arena_defer(), so they go at the same moment, last adopted first.
 *
 * No function here returns NULL.  Out of memory ends the process: the open
 * transaction rolls back with its connection, and the client asks again.
 */
#ifndef ARENA_H
#define ARENA_H

#include "base/base.h"

struct arena;

struct arena	*arena_new(void);
void		 arena_reset(struct arena *);	/* keeps the first block */
void		 arena_free(struct arena *);

void		*arena_alloc(struct arena *, size_t size);	/* zeroed */
char		*arena_copy(struct arena *, const void *, size_t); /* + NUL */
char		*arena_printf(struct arena *, const char *, ...) PRINTF(2, 3);
void		 arena_defer(struct arena *, void (*drop)(void *), void *thing);

#endif
