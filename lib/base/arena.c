#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"

#ifdef ARENA_DEBUG			/* a block for each thing, just as large: */
#define BLOCK_SIZE	((size_t)0)	/* a sanitizer sees who goes beyond it */
#define GRAIN		((size_t)1)
#else
#define BLOCK_SIZE	((size_t)16 * 1024)
#define GRAIN		alignof(max_align_t)
#endif

struct block {
	struct block	*next;
	size_t		 used, size;
	alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred	*next;
	void		(*drop)(void *);
	void		*thing;
};

struct arena {
	struct block	*top;		/* newest; the oldest has no next */
	struct deferred	*deferred;	/* newest first */
};

static void *
must(void *p)
{
	if (p == NULL) {
		perror("arena");
		_Exit(EX_OSERR);
	}
	return p;
}

static struct block *
block_new(size_t size, struct block *next)
{
	struct block *b = must(malloc(sizeof(*b) + size));

	*b = (struct block){ .next = next, .size = size };
	return b;
}

struct arena *
arena_new(void)
{
	struct arena *a = must(calloc(1, sizeof(*a)));

	a->top = block_new(BLOCK_SIZE, NULL);
	return a;
}

void
arena_reset(struct arena *a)
{
	for (; a->deferred != NULL; a->deferred = a->deferred->next)
		a->deferred->drop(a->deferred->thing);
	while (a->top->next != NULL) {
		struct block *b = a->top;

		a->top = b->next;
		free(b);
	}
	a->top->used = 0;
}

void
arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->top);
	free(a);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t room = (size + GRAIN - 1) / GRAIN * GRAIN;
	void *p;

	if (room > a->top->size - a->top->used)
		a->top = block_new(room > BLOCK_SIZE ? room : BLOCK_SIZE,
		    a->top);
	p = a->top->data + a->top->used;
	a->top->used += room;
	return memset(p, 0, size);
}

char *
arena_copy(struct arena *a, const void *src, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, src, len);
	return copy;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	text = arena_alloc(a, (size_t)len + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return text;
}

void
arena_defer(struct arena *a, void (*drop)(void *), void *thing)
{
	struct deferred *d = arena_alloc(a, sizeof(*d));

	*d = (struct deferred){ a->deferred, drop, thing };
	a->deferred = d;
}
