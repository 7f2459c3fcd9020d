/*
 * money.h - what an invoice and the money that came are to each other.
 */
#ifndef MONEY_H
#define MONEY_H

#include "base/cents.h"

struct money {
	cents	remaining;		/* missing */
	cents	overpaid;		/* too much: its refunds say what of
					 * it goes back */
};

struct money	money_of(cents amount, cents paid);

/* The fee of a refund: 1.00, but never more than the refund. */
cents		money_fee(cents refund);

/* What a merchant pays for money that came: hundredths of a percent, rounded
 * half up, and a fixed part; never more than the money. */
cents		money_rate(cents came, int64_t percent, cents fixed);

/* What later money pays of the fixed part, when this came and was charged a
 * fee: money that is less than its fee pays only a part of it. */
cents		money_fixed_left(cents fixed, cents came, cents fee,
		    int64_t percent);

#endif
