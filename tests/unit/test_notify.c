/*
 * test_notify.c - what an overpayment leaves, and when a webhook comes again.
 */
#include "base/money.h"
#include "flow/notify.h"
#include "tap.h"

static const struct {
	cents		amount, paid;
	struct money	want;
	cents		fee;
	const char	*shows;
} moneys[] = {
	{ 700, 0,    { 700, 0 }, 0,   "nothing yet" },
	{ 700, 300,  { 400, 0 }, 0,   "a part" },
	{ 700, 700,  { 0, 0 },	 0,   "to the cent" },
	{ 500, 800,  { 0, 300 }, 100, "the reference's example" },
	{ 500, 600,  { 0, 100 }, 100, "no more than the fee" },
	{ 500, 550,  { 0, 50 },	 50,  "less than the fee" },
	{ 500, 601,  { 0, 101 }, 100, "a cent more than the fee" },
};

static const int64_t pauses[] = { 5, 300, 1800, 7200, 18000, 36000, 50400,
	72000, 86400 };

int
main(void)
{
	for (size_t i = 0; i < NELEM(moneys); i++) {
		struct money m = money_of(moneys[i].amount, moneys[i].paid);

		is_int(m.remaining, moneys[i].want.remaining, "%s: remaining",
		    moneys[i].shows);
		is_int(m.overpaid, moneys[i].want.overpaid, "%s: overpaid",
		    moneys[i].shows);
		is_int(money_fee(m.overpaid), moneys[i].fee, "%s: fee",
		    moneys[i].shows);
	}
	for (size_t i = 0; i < NELEM(pauses); i++)
		is_int(notify_pause((int64_t)i + 1), pauses[i],
		    "after try %zu", i + 1);
	is_int(notify_pause(10), 0, "the tenth try is the last");
	is_int(notify_pause(0), 0, "there is no try before the first");
	return tap_done();
}
