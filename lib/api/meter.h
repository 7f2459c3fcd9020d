/*
 * meter.h - how many requests there were and how long they took, counted by
 * all processes of a program, for Prometheus.
 *
 * A table in shared memory, by action and HTTP status; it begins anew with
 * the program.  Printed in the text format 0.0.4: a counter, and a histogram
 * of seconds.
 */
#ifndef METER_H
#define METER_H

#include "base/out.h"

struct meter;

/* Before the processes are made; NULL if the system has no memory for it. */
struct meter	*meter_new(void);

/* Counts a request.  Of more kinds than the table holds the last are lost. */
void	meter_count(struct meter *, const char *action, int64_t status,
	    int64_t ms);

void	meter_print(const struct meter *, struct out *);

#endif
