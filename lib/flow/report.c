#include "base/calendar.h"
#include "flow/report.h"
#include "flow/rollup.h"
#include "model/day.h"

#define TAIL		2000	/* postings; more than a worker leaves */
#define ROUNDS		50

/* Without a worker the postings are added up by who reads them. */
static enum err
catch_up(struct cx *cx, int64_t postings)
{
	int64_t n = 1;
	enum err e = 0;

	if (postings < TAIL)
		return 0;
	for (int i = 0; e == 0 && n > 0 && i < ROUNDS; i++)
		e = rollup(cx, &n);
	return e;
}

static void
include(struct settled *s, const struct day *d)
{
	s->gross_volume += d->gross;
	s->total_refunds += d->refunds;
	s->total_fees += d->refund_fees + d->fees;
	s->net_settlement = s->gross_volume - s->total_refunds -
	    s->total_fees;
	s->transaction_count += d->transactions;
	s->transfer_count += d->transfers;
}

enum err
report_settle(struct cx *cx, int64_t from, int64_t until,
    struct settled *all, struct rows *days)
{
	const size_t n = (size_t)(until - from + 1);
	struct settled *s = arena_alloc(cx->arena, n * sizeof(*s));
	int64_t postings = 0;
	const struct day *d;
	struct rows rows;
	enum err e;

	*all = (struct settled){ 0 };
	*days = (struct rows){ s, n, sizeof(*s) };
	if ((e = day_each(cx, from, until, &rows)) != 0)
		return e;
	for (size_t i = 0; i < n; i++) {
		char *date = arena_alloc(cx->arena, DAY_TEXT);

		s[i].date = day_print(from + (int64_t)i, date);
	}
	d = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		include(&s[d[i].day - from], &d[i]);
		include(all, &d[i]);
		postings += d[i].postings;
	}
	return catch_up(cx, postings);
}

/* a of b as a percentage in hundredths, rounded half up. */
static cents
percent(int64_t a, int64_t b)
{
	return b == 0 ? 0 : (a * 20000 + b) / (2 * b);
}

static int64_t
month_of(int64_t day)
{
	char text[DAY_TEXT];

	day_print(day, text);
	text[8] = '0';
	text[9] = '1';
	return day_parse(text, &day) ? day : 0;
}

enum err
report_overview(struct cx *cx, struct overview *o)
{
	struct day_totals t = { 0 };
	int64_t today = day_of_bank(cx->now);
	enum err e;

	if ((e = day_sum(cx, today, month_of(today), &t)) != 0)
		return e;
	*o = (struct overview){ .today_volume = t.today,
	    .month_volume = t.month, .all_time_volume = t.all_time,
	    .transaction_count = t.transactions,
	    .average_transaction = t.transactions == 0 ? 0 :
		(2 * t.all_time + t.transactions) / (2 * t.transactions),
	    .success_rate = percent(t.succeeded, t.finished) };
	return catch_up(cx, t.postings);
}
