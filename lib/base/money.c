#include "base/money.h"

#define FEE	100			/* cents */

cents
money_fee(cents refund)
{
	return refund < FEE ? refund : FEE;
}

struct money
money_of(cents amount, cents paid)
{
	struct money m = { 0 };

	if (paid < amount)
		m.remaining = amount - paid;
	if (paid > amount)
		m.overpaid = paid - amount;
	return m;
}

cents
money_rate(cents came, int64_t percent, cents fixed)
{
	cents fee = (came * percent + 5000) / 10000 + fixed;

	return fee < came ? fee : came;
}

cents
money_fixed_left(cents fixed, cents came, cents fee, int64_t percent)
{
	cents left = fee < came ? 0 : fixed - fee + money_rate(came, percent,
	    0);

	return left < 0 ? 0 : left;
}
