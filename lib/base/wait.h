/*
 * wait.h - the stored times that something waits for, or that say when it
 * was done last; and how far ahead each of them can lawfully be.
 *
 * Clocks jump.  A time further ahead than anything here ever puts it was
 * written by a clock that was wrong, and counts as not set: what waits for it
 * is due, a lease is over, what was done then was never done.  So when the
 * clock is right again, nothing waits longer than it would have anyway.
 *
 * What people or the calendar set (when a session or a key expires, a cycle
 * is due) is not here: it means what it says.
 */
#ifndef WAIT_H
#define WAIT_H

#include "base/base.h"

#define WAIT_SKEW	5	/* a request's length, two machines' clocks */

/*
 * Name, seconds, table, column, of which rows, and what it is.  Those that
 * end by WAIT_SKEW say when something was done; the two leases are by the
 * database's clock, all others by the program's.
 */
#define WAITS(W) \
	W(READ,		300,	"bank_accounts",	"next_read_at",	"id > 0",	"next read of a statement") \
	W(LEASE,	20,	"bank_accounts",	"lease_until",	"id > 0",	"lease of a statement") \
	W(WANTED,	900,	"bank_accounts",	"wanted_until",	"id > 0",	"end of waiting for a payment") \
	W(CHECKED,	WAIT_SKEW, "bank_accounts",	"checked_at",	"id > 0",	"last read of a statement") \
	W(WINDOW,	WAIT_SKEW, "bank_accounts",	"window_at",	"id > 0",	"last read of its window") \
	W(DEEP,		WAIT_SKEW, "bank_accounts",	"deep_at",	"id > 0",	"last read of its month") \
	W(DEEPEST,	WAIT_SKEW, "bank_accounts",	"deepest_at",	"id > 0",	"last read of its three months") \
	W(LOGIN,	30,	"bank_logins",		"lease_until",	"environment >= 0", "lease of the bank login") \
	W(ACCESS,	86400,	"bank_logins",		"access_until",	"environment >= 0", "end of an access token") \
	W(REFUND,	256,	"gateway_refunds",	"due_at",	"status = 1",	"next step of a refund") \
	W(GIVEBACK,	900 + WAIT_SKEW, "gateway_refunds", "auto_at",	"status = 0 AND automatic = 1", "departure of a refund by itself") \
	W(ORDER,	WAIT_SKEW, "gateway_payouts",	"initiated_at",	"id > (SELECT MAX(id) - 1000 FROM gateway_payouts)", "order at the bank") \
	W(DELIVERY,	103681,	"gateway_deliveries",	"due_at",	"status = 0",	"next try of a webhook") \
	W(PAUSE,	3600,	"gateway_endpoints",	"paused_until",	"id > 0",	"pause of an endpoint") \
	W(FAILED,	WAIT_SKEW, "gateway_endpoints",	"failed_at",	"id > 0",	"last failure of an endpoint") \
	W(FAILING,	WAIT_SKEW, "gateway_endpoints",	"failing_since", "id > 0",	"first failure of an endpoint") \
	W(OFF,		WAIT_SKEW, "gateway_endpoints",	"off_at",	"id > 0",	"switching off of an endpoint") \
	W(MESSAGE,	43200,	"recurring_messages",	"due_at",	"status = 0 AND channel IN (0, 1)", "next try of a message") \
	W(SENDING,	90,	"recurring_messages",	"due_at",	"status = 1 AND channel IN (0, 1)", "claim of a message") \
	W(PARKED,	86400,	"recurring_senders",	"parked_until",	"channel >= 0",	"pause of a sender") \
	W(REFILLED,	WAIT_SKEW, "recurring_senders",	"refilled_at",	"channel >= 0",	"last count of a sender") \
	W(KEY,		WAIT_SKEW, "gateway_idempotency", "created_at",	"reply = ''",	"claim of an idempotency key") \
	W(POLLED,	WAIT_SKEW, "gateway_sessions",	"polled_at",	"status = 2",	"last poll of a session") \
	W(COUNTED,	WAIT_SKEW, "gateway_totals",	"counted_until", "merchant_id > 0", "last count of sessions") \
	W(USED,		WAIT_SKEW, "gateway_keys",	"last_used_at",	"id > 0",	"last use of a key") \
	W(SEEN,		WAIT_SKEW, "gateway_workers",	"seen_at",	"host <> ''",	"last sign of a worker") \
	W(TOLD,		WAIT_SKEW, "gateway_events",	"created_at",	"id > (SELECT MAX(id) - 1000 FROM gateway_events)", "latest event") \
	W(AUDITED,	WAIT_SKEW, "gateway_audits",	"ran_at",	"id = 1",	"last look at the books") \
	W(LOOKED,	WAIT_SKEW, "gateway_alerts",	"looked_at",	"what = ''",	"last look of the doctor") \
	W(ALERT,	1800,	"gateway_alerts",	"due_at",	"what <> ''",	"next try of an alert") \
	W(ERASURE,	604800,	"gateway_erasures_due",	"due_at",	"owner >= 0",	"next look at kept data")

#define W(name, seconds, table, column, where, what) WAIT_##name,
enum wait { WAITS(W) WAIT__MAX };
#undef W

/* The longest that a time can be ahead, in seconds. */
int64_t	wait_longest(enum wait);

/* Does it still hold something back? */
bool	wait_holds(enum wait, int64_t until, int64_t now);

/* So many seconds from now, but lawful. */
int64_t	wait_until(enum wait, int64_t seconds, int64_t now);

/* When it was done last; 0, never, if that is to come. */
int64_t	wait_done(enum wait, int64_t at, int64_t now);

#endif
