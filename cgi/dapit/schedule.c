/*
 * Schedules and what they send, for the operator; the platform's credentials.
 */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "dapit/dapit.h"
#include "flow/plan.h"
#include "model/config.h"
#include "model/message.h"
#include "model/sender.h"

#define SHOWN	50

struct line {
	int64_t		 id, cycles_billed, cycles_paid, cycles_missed;
	const char	*status, *frequency, *next_billing_date;
	const char	*customer_name;
	cents		 amount;
};

static const struct field line_fields[] = {
	F_INT  (line, id, "For schedules show and set."),
	F_TEXT (line, status, "Where it stands."),
	F_TEXT (line, frequency, "How often."),
	F_TEXT (line, next_billing_date, "The next day."),
	F_CENTS(line, amount, "Of a cycle."),
	F_INT  (line, cycles_billed, "So far."),
	F_INT  (line, cycles_paid, "Paid."),
	F_INT  (line, cycles_missed, "Not paid."),
	F_TEXT (line, customer_name, "Whose."),
	{ 0 }
};

static struct line
line_of(struct cx *cx, const struct schedule *s)
{
	return (struct line){ s->id, s->cycles_billed, s->cycles_paid,
	    s->cycles_missed, schedule_word(s->status),
	    frequency_word(s->frequency), day_print(schedule_day(s),
	    arena_alloc(cx->arena, DAY_TEXT)), s->customer_name,
	    schedule_amount(s) };
}

enum err
cmd_schedules(struct cx *cx, struct words *w)
{
	struct schedule_choice c = { .status = SCHEDULE__MAX,
	    .before = INT64_MAX, .limit = SHOWN };
	const char *status = word_option(w, "--status", true);
	const struct schedule *s;
	struct line *out;
	struct rows rows;
	enum err e;

	if (status != NULL && !schedule_parse(status, &c.status))
		return fail(cx, ERR_PARAM, "%s is no status of a schedule",
		    status);
	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = schedule_each(cx, &c, &rows)) != 0)
		return e;
	s = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = line_of(cx, &s[i]);
	list_print(cx, w, line_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

struct sent {
	int64_t		 id, created_at, sent_at, reminder, attempts;
	const char	*channel, *recipient, *status, *error;
};

static const struct field sent_fields[] = {
	F_INT (sent, id, "The message."),
	F_TIME(sent, created_at, "When it was due."),
	F_TEXT(sent, channel, "email or sms."),
	F_INT (sent, reminder, "0: the first of its cycle."),
	F_TEXT(sent, status, "What became of it."),
	F_TIME(sent, sent_at, "When it was taken."),
	F_INT (sent, attempts, "How often it was tried."),
	F_TEXT(sent, recipient, "To whom."),
	F_TEXT(sent, error, "What went wrong."),
	{ 0 }
};

enum err
cmd_schedules_messages(struct cx *cx, struct words *w)
{
	const struct message *m;
	struct sent *out;
	struct rows rows;
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = message_each(cx, id, &rows)) != 0)
		return e;
	m = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = (struct sent){ m[i].id, m[i].created_at,
		    m[i].sent_at, m[i].reminder, m[i].attempts,
		    channel_word(m[i].channel), m[i].recipient,
		    message_word(m[i].status), m[i].error };
	list_print(cx, w, sent_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_schedules_set(struct cx *cx, struct words *w)
{
	struct change c = { .status = -1, .frequency = -1 };
	struct schedule s = { 0 };
	int64_t id = 0;
	enum err e;

	if (!schedule_parse(w->word[2], &c.status) ||
	    c.status == SCHEDULE_COMPLETED)
		return fail(cx, ERR_PARAM, "%s is not active, paused or"
		    " cancelled", w->word[2]);
	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = word_int(cx, w->word[1], &id)) != 0 ||
	    (e = plan_change(cx, id, &c, &s)) != 0)
		return e;
	printf("schedule %" PRId64 " is %s\n", s.id,
	    schedule_word(s.status));
	return 0;
}

/* The platform's credentials; the value comes from standard input, so that no
 * secret is in a list of processes or in the log. */
enum err
cmd_config_set(struct cx *cx, struct words *w)
{
	struct config_line lines[CONFIG_LINES];
	struct config c = { 0 };
	const char *value = "";
	bool known = false;
	enum err e;

	config_lines(&c, lines);
	for (size_t i = 0; i < CONFIG_LINES; i++)
		known = known || strcmp(lines[i].name, w->word[0]) == 0;
	if (!known)
		return fail(cx, ERR_PARAM, "%s is none of smtp_host,"
		    " smtp_port, smtp_user, smtp_pass, smtp_from_name,"
		    " twilio_sid, twilio_token, twilio_phone", w->word[0]);
	if ((e = word_stdin(cx, &value)) != 0 ||
	    (e = config_set(cx, 0, w->word[0], value)) != 0)
		return e;
	return sender_free(cx, 0);
}
