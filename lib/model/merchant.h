/*
 * merchant.h - a merchant: who is paid, in which environment, who is told.
 *
 * The webhook secret (whsec_...) is kept sealed (io/seal.h); events is a list
 * of words separated by commas, of what the merchant asked to be told
 * besides payment.confirmed.
 */
#ifndef MERCHANT_H
#define MERCHANT_H

#include "io/db.h"

struct merchant {
	int64_t		 id, environment, created_at;
	const char	*name;
	const char	*callback_url;	/* NULL: none */
	const char	*events;
	const char	*webhook_secret; /* sealed */
	const char	*webhook_secret_old;	/* the one before; or NULL */
	int64_t		 webhook_secret_until;	/* it signs too until then */
	const char	*frame_origin;	/* may frame the checkout; or NULL */
	int64_t		 fee_percent;	/* of money that comes; hundredths */
	cents		 fee_fixed;	/* of a payment, from its first money */
	const char	*timezone;	/* of its billing days; base/zone.h */
	const char	*sms_phone;	/* messages come from it; or NULL */
	const char	*email_from, *email_from_name;	/* the same */
	cents		 auto_refund_max;	/* the most that goes back by
						 * itself; 0: nothing does */
	cents		 auto_refund_daily;	/* in all, in 24 hours */
	int64_t		 half_up;	/* a third decimal of an amount that
					 * it sends is rounded, not refused */
};

/* What a new merchant begins with. */
#define AUTO_REFUND_MAX		5000
#define AUTO_REFUND_DAILY	50000

/* Adds m with these; sets its id. */
MUST_USE enum err merchant_add(struct cx *, struct merchant *m);

MUST_USE enum err merchant_find(struct cx *, int64_t id, struct merchant *);

/* The same, and nobody else has it by this call until the transaction ends.
 * It writes the row: on a cluster only that tells two nodes of each other. */
MUST_USE enum err merchant_hold(struct cx *, int64_t id, struct merchant *);

/* All of them, by id: rows of struct merchant. */
MUST_USE enum err merchant_each(struct cx *, struct rows *);

/* How many an environment has. */
MUST_USE enum err merchant_count(struct cx *, int64_t environment,
    int64_t *n);

/* Writes all but secrets and times. */
MUST_USE enum err merchant_set(struct cx *, const struct merchant *);

/* Replaces the webhook secret (sealed); the one before signs until then. */
MUST_USE enum err merchant_secret(struct cx *, int64_t id, const char *sealed,
    int64_t until);

extern const struct stmt merchant_stmts[];
extern const size_t merchant_nstmts;

#endif
