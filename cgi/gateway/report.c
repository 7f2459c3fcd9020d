/*
 * What a merchant's money came to: by day, and at a glance.
 */
#include <string.h>

#include "base/calendar.h"
#include "flow/report.h"
#include "gateway/gateway.h"
#include "model/transaction.h"

#define TREND_DAYS	7
#define RECENT		10

const struct param settlement_report_params[] = {
	DAY	(settlement_report, date_from, REQUIRED, "First day."),
	DAY	(settlement_report, date_to,   REQUIRED, "Last day; at most 366 days in all."),
	WORD	(settlement_report, format,    OPTIONAL, format_words, "json, or csv: a line a day."),
	{ 0 }
};

#define SUMS \
	F_CENTS(settled, gross_volume, "Money that came, by the day of the bank's booking."), \
	F_CENTS(settled, total_refunds, "Money that went back to customers, less what their banks returned."), \
	F_CENTS(settled, total_fees, "Fees of those refunds, and of payments by your rates."), \
	F_CENTS(settled, net_settlement, "gross_volume - total_refunds - total_fees."), \
	F_INT  (settled, transaction_count, "Payments, each on the day of its first transfer."), \
	F_INT  (settled, transfer_count, "Transfers that came.")

static const struct field sum_fields[] = { SUMS, { 0 } };

static const struct field day_fields[] = {
	F_TEXT(settled, date, "The day."), SUMS, { 0 }
};

struct settlement {
	const char	*date_from, *date_to, *environment;
	struct rows	 daily_breakdown;
};

static const struct field settlement_fields[] = {
	F_TEXT(settlement, date_from, "As asked."),
	F_TEXT(settlement, date_to, "As asked."),
	F_TEXT(settlement, environment, "staging or production: whose money this is."),
	F_ROWS(settlement, daily_breakdown, day_fields, "Every day of the range; the days sum up to the totals."),
	{ 0 }
};

struct trend {
	const char	*date;
	cents		 volume;
	int64_t		 count;
};

static const struct field trend_fields[] = {
	F_TEXT (trend, date, "The day; today is the last."),
	F_CENTS(trend, volume, "Money that came."),
	F_INT  (trend, count, "Payments."),
	{ 0 }
};

static const struct field overview_fields[] = {
	F_CENTS(overview, today_volume, "Money that came today, the bank's day."),
	F_CENTS(overview, month_volume, "This month."),
	F_CENTS(overview, all_time_volume, "Since the beginning."),
	F_CENTS(overview, success_rate, "Percent of the finished sessions that got paid; the others failed or expired."),
	F_CENTS(overview, average_transaction, "all_time_volume by payment."),
	F_INT  (overview, transaction_count, "Payments since the beginning."),
	{ 0 }
};

struct latest {
	struct rows	 trend, recent_transactions;
	const char	*currency, *environment;
};

static const struct field latest_fields[] = {
	F_ROWS(latest, trend, trend_fields, "The last 7 days."),
	F_ROWS(latest, recent_transactions, transaction_fields, "The last 10."),
	F_TEXT(latest, currency, "EUR."),
	F_TEXT(latest, environment, "staging or production: whose money this is."),
	{ 0 }
};

const struct answer settlement_report_answers[] = {
	{ "report", NULL, { sum_fields, settlement_fields } },
	{ "csv", "text/csv", { NULL } },
	{ 0 }
};

const struct answer dashboard_answers[] = {
	{ "overview", NULL, { overview_fields, latest_fields } },
	{ 0 }
};

static enum err
check(struct cx *cx, const struct settlement_report *in)
{
	if (in->date_to < in->date_from)
		return fail_param(cx, "date_to", "is before date_from.");
	if (in->date_to - in->date_from >= REPORT_DAYS)
		return fail_param(cx, "date_to", "is more than %d days after"
		    " date_from.", REPORT_DAYS - 1);
	return 0;
}

static enum err
day_lines(struct cx *cx, void *state, struct out *o, bool *last)
{
	const struct rows *days = state;
	const struct settled *s = days->row;

	(void)cx;
	field_csv_head(o, day_fields);
	for (size_t i = 0; i < days->n; i++)
		field_csv(o, day_fields, &s[i]);
	*last = true;
	return 0;
}

enum err
settlement_report(struct cx *cx, const void *arg, struct reply *r)
{
	const struct settlement_report *in = arg;
	struct settlement out = { 0 };
	const struct settled *days;
	struct settled all;
	char from[DAY_TEXT], to[DAY_TEXT];
	const char *name;
	struct rows *rows;
	enum err e;

	if ((e = check(cx, in)) != 0 || (e = report_settle(cx, in->date_from,
	    in->date_to, &all, &out.daily_breakdown)) != 0)
		return e;
	if (in->format == FORMAT_CSV) {
		rows = arena_alloc(cx->arena, sizeof(*rows));
		*rows = out.daily_breakdown;
		name = arena_printf(cx->arena, "settlement-%s-%s.csv",
		    day_print(in->date_from, from),
		    day_print(in->date_to, to));
		reply_file(cx, r, name, "text/csv; charset=utf-8");
		r->more = day_lines;
		r->state = rows;
		return 0;
	}
	days = out.daily_breakdown.row;
	out.date_from = days[0].date;
	out.date_to = days[out.daily_breakdown.n - 1].date;
	out.environment = environment_word(cx->environment);
	reply_add(r, sum_fields, &all);
	reply_add(r, settlement_fields, &out);
	return 0;
}

static enum err
read_trend(struct cx *cx, struct rows *out)
{
	int64_t today = day_of_bank(cx->now);
	struct trend *t = arena_alloc(cx->arena, TREND_DAYS * sizeof(*t));
	const struct settled *s;
	struct settled all;
	struct rows days;
	enum err e;

	e = report_settle(cx, today - TREND_DAYS + 1, today, &all, &days);
	if (e != 0)
		return e;
	s = days.row;
	for (size_t i = 0; i < TREND_DAYS; i++)
		t[i] = (struct trend){ s[i].date, s[i].gross_volume,
		    s[i].transaction_count };
	*out = (struct rows){ t, TREND_DAYS, sizeof(*t) };
	return 0;
}

enum err
dashboard(struct cx *cx, const void *arg, struct reply *r)
{
	struct choice recent = { .until = INT64_MAX, .before_at = INT64_MAX,
	    .before_id = INT64_MAX, .limit = RECENT };
	struct latest latest = { .currency = "EUR",
	    .environment = environment_word(cx->environment) };
	struct overview o;
	bool last;
	enum err e;

	(void)arg;
	if ((e = report_overview(cx, &o)) != 0 ||
	    (e = read_trend(cx, &latest.trend)) != 0 ||
	    (e = transaction_page(cx, &recent, &latest.recent_transactions,
	    &last)) != 0)
		return e;
	reply_add(r, overview_fields, &o);
	reply_add(r, latest_fields, &latest);
	return 0;
}
