/*
 * watchman.h - the doctor looks once a minute, and who runs the gateway is
 * told what turned broken, and when it is well again.
 *
 * Any number of workers may do it: one looks at what they share, and each at
 * its own machine.  A change counts when two looks in a row saw it.  It is
 * claimed before it is told and booked after, so it is told once, or once
 * more when the teller was killed in between, and never not at all.
 */
#ifndef WATCHMAN_H
#define WATCHMAN_H

#include "base/cx.h"

/* Looks, if it is time; then tells what is due.  *n: so many were told. */
MUST_USE enum err watchman_turn(struct cx *, int64_t *n);

#endif
