#include "base/status.h"
#include "tap.h"

/* The whole table, as the product owner reads it.  ".": may not happen. */
static const char *const want[STATUS__MAX][EVENT__MAX] = {
/*		       invoice	   poll	      short	 exact	      over	  give_up   expire     empty */
[STATUS_PENDING]   = { "invoiced", ".",	      ".",	 ".",	      ".",	  ".",	    "expired", "." },
[STATUS_INVOICED]  = { ".",	   "polling", "partial", "confirmed", "overpaid", ".",	    "expired", "." },
[STATUS_POLLING]   = { ".",	   "polling", "partial", "confirmed", "overpaid", "failed", "expired", "polling" },
[STATUS_PARTIAL]   = { ".",	   "polling", "partial", "confirmed", "overpaid", ".",	    ".",	       "invoiced" },
[STATUS_CONFIRMED] = { ".",	   ".",	      "partial", ".",	      "overpaid", ".",	    ".",	       "invoiced" },
[STATUS_OVERPAID]  = { ".",	   ".",	      "partial", "confirmed", "overpaid", ".",	    ".",	       "invoiced" },
[STATUS_FAILED]	   = { ".",	   "polling", "partial", "confirmed", "overpaid", ".",	    "expired", "." },
[STATUS_EXPIRED]   = { ".",	   ".",	      "partial", "confirmed", "overpaid", ".",	    ".",	       "." },
};

int
main(void)
{
	for (int from = 0; from < STATUS__MAX; from++)
		for (int ev = 0; ev < EVENT__MAX; ev++) {
			enum status s = (enum status)from;
			bool moved = status_next(&s, (enum event)ev);

			is_str(moved ? status_word(s) : ".", want[from][ev],
			    "%s, %s", status_word((enum status)from),
			    event_word((enum event)ev));
			is_true(moved || s == (enum status)from,
			    "left alone unless moved");
		}
	is_int(event_of(500, 499), EVENT_SHORT, "a cent too little");
	is_int(event_of(500, 500), EVENT_EXACT, "to the cent");
	is_int(event_of(500, 501), EVENT_OVER, "a cent too much");
	return tap_done();
}
