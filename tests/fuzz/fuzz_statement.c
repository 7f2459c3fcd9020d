/*
 * fuzz_statement.c - the bank's statement, from its pages to what is booked.
 *
 * The texts: the database's luck and its text, the HTTP status; the rest is
 * every page of the statement.
 */
#include "base/calendar.h"
#include "database.h"
#include "flow/collect.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct cx *cx = fuzz_cx();
	const char *luck = fuzz_text(cx->arena, &in);
	const char *text = fuzz_text(cx->arena, &in);
	struct account a = { .id = 1, .bank_id = "1",
	    .iban = "LT897044060007975654", .beneficiary_name = "X",
	    .created_at = cx->now - DAY_SECONDS,
	    .read_day = day_of_bank(cx->now) - 1 };
	enum err e;

	database_open(cx, (struct bytes){ luck, strlen(luck) }, text);
	base.status = fuzz_int(cx->arena, &in) % 600;
	base.status = base.status < 0 ? 0 : base.status;
	base.page = (struct bytes){ fuzz_rest(cx->arena, &in), in.n };
	e = collect(cx, &a, 10000);
	must(e == 0 || fuzz_utf8(cx->why));
	must(a.read_day <= day_of_bank(cx->now));
	must(a.next_read_at <= cx->now + 600);
	return 0;
}
