/*
 * fault.h - making the world fail on purpose.
 *
 * Every call that leaves the process asks fault() first.  Built with -DFAULTS,
 * the fault_at-th question of a run is answered "fail"; a test raises fault_at
 * from 1 until a run meets no fault, and checks the books after each run.  A
 * whole program can be killed instead, at the question that DAPIT_KILL_AT in
 * its environment counts to, or another process, whose id is DAPIT_KILL_PID.
 */
#ifndef FAULT_H
#define FAULT_H

#include "base/base.h"

#ifdef FAULTS
extern int	fault_at;	/* 0: never */
extern int	fault_count;	/* questions asked so far */
bool		fault(void);
#else
static inline bool fault(void) { return false; }
#endif

#endif
