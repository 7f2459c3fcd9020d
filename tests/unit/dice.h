/*
 * dice.h - what a unit test leaves to chance: the seed is printed, and SEED=...
 * makes the same choices again.
 */
#ifndef DICE_H
#define DICE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint32_t dice_seed;

static int64_t
dice(int64_t n)
{
	dice_seed = dice_seed * 1664525U + 1013904223U;
	return (int64_t)(dice_seed >> 8) % n;
}

static void
sow(void)
{
	const char *given = getenv("SEED");
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	dice_seed = given != NULL && *given != '\0' ?
	    (uint32_t)strtoul(given, NULL, 10) : (uint32_t)t.tv_nsec;
	printf("# seed %" PRIu32 "\n", dice_seed);
}

#endif
