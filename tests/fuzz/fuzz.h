/*
 * fuzz.h - what the fuzzers share.
 *
 * A fuzzer gives foreign bytes to our functions and says with must() what
 * holds of every answer.  An input is cut into texts by NUL bytes, so that it
 * can be read, and written by hand.
 *
 * With clang's libFuzzer it invents inputs; with replay.c it reads those that
 * were kept.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cx.h"
#include "base/str.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is left of an input. */
struct bytes {
	const char	*p;
	size_t		 n;
};

#define must(holds) \
	((holds) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #holds))

static inline void
fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

/* A request of its own for each input. */
static inline struct cx *
fuzz_cx(void)
{
	static struct cx cx;

	if (cx.arena == NULL)
		cx.arena = arena_new();
	cx_begin(&cx);
	cx.address = "";
	return &cx;
}

/* Up to the next NUL byte, or all there is. */
static inline char *
fuzz_text(struct arena *a, struct bytes *in)
{
	const char *end = in->n == 0 ? NULL : memchr(in->p, '\0', in->n);
	size_t n = end == NULL ? in->n : (size_t)(end - in->p);
	char *text = arena_copy(a, in->p, n);

	n += end != NULL;
	in->p += n;
	in->n -= n;
	return text;
}

/* The next text as a number, cut to what fits; 0 if it is none. */
static inline int64_t
fuzz_int(struct arena *a, struct bytes *in)
{
	int64_t n;

	return str_int(fuzz_text(a, in), &n) ? n : 0;
}

/* A copy of the rest, just as long, so that no reader can go beyond. */
static inline char *
fuzz_rest(struct arena *a, const struct bytes *in)
{
	char *rest = arena_alloc(a, in->n == 0 ? 1 : in->n);

	if (in->n > 0)
		memcpy(rest, in->p, in->n);
	return rest;
}

static inline bool
fuzz_utf8(const char *text)
{
	return str_utf8(text, strlen(text));
}

#endif
