/*
 * sweep.h - what time alone changes: sessions expire, old answers go.
 *
 * Readers see an expiry at its moment without this; the sweep moves the row
 * and tells the merchant.  A session that polls ends by its polls, or, when
 * nobody has polled it for a quarter of an hour after its time, here.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "base/cx.h"

/* *n: how many rows it changed; call again while that is not 0. */
MUST_USE enum err sweep(struct cx *, int64_t *n);

#endif
