/*
 * recurring.fcgi - recurring billing, at /api/recurring.php.
 *
 *	recurring.fcgi --describe	prints its reference (OpenAPI 3.1)
 */
#include <stdio.h>
#include <string.h>

#include "api/describe.h"
#include "api/program.h"
#include "api/serve.h"
#include "flow/migrate.h"
#include "model/schedule.h"
#include "recurring/recurring.h"

/* Every action there is.  The handlers are in recurring/, by noun. */
static const struct action actions[] = {
	{ "create_schedule", MERCHANT, WRITE, create_schedule_params, sizeof(struct create_schedule), create_schedule, create_schedule_answers,
	  "Makes a schedule: on each of its days the customer gets a message with a link to pay." },
	{ "get_schedule", MERCHANT, READ, schedule_params, sizeof(struct schedule_in), get_schedule, get_schedule_answers,
	  "A schedule with its cycles and messages." },
	{ "list_schedules", MERCHANT, READ, list_schedules_params, sizeof(struct list_schedules), list_schedules, list_schedules_answers,
	  "Your schedules, newest first." },
	{ "update_schedule", MERCHANT, WRITE, update_schedule_params, sizeof(struct update_schedule), update_schedule, update_schedule_answers,
	  "Pauses, resumes or cancels a schedule, or changes its amount, frequency or next day." },
	{ "set_config", MERCHANT, WRITE, set_config_params, sizeof(struct set_config), set_config, config_answers,
	  "Your own credentials for SMS (Twilio) and mail (SMTP); without them the platform's are used." },
	{ "get_config", MERCHANT, READ, no_params, 0, get_config, config_answers,
	  "Which credentials are set; secrets are never shown." },
	{ "preview", MERCHANT, READ, schedule_params, sizeof(struct schedule_in), preview, preview_answers,
	  "The next days of a schedule and what its customer will read. Nothing is sent." },
	{ "test_message", MERCHANT, EFFECT, test_message_params, sizeof(struct test_message), test_message, test_message_answers,
	  "Sends a test message with your credentials, and says what became of it." },
	{ "get_subscription", ANYONE, READ, stop_params, sizeof(struct stop_in), get_subscription, stop_answers,
	  "For the customer: what the link at the end of a message is about." },
	{ "unsubscribe", ANYONE, WRITE, stop_params, sizeof(struct stop_in), unsubscribe, stop_answers,
	  "For the customer: no more messages; the schedule is paused." },
	{ "sms_status", BANK, WRITE, sms_status_params, sizeof(struct sms_status), sms_status, sms_status_answers,
	  "For Twilio: what became of an SMS. Its signature is checked." },
	{ 0 }
};

static const struct told_as no_events[] = { { 0 } };

static const struct told_as statuses[] = {
#define S(name, word, doc) { word, NULL, doc },
	SCHEDULES(S)
#undef S
	{ 0 }
};

static const struct service service = {
	.title = "Recurring Billing API", .path = "/api/recurring.php",
	.doc = "Payment reminders, cycle after cycle. The customer pays each"
	    " one himself: this is no direct debit.",
	.actions = actions, .events = no_events, .statuses = statuses,
};

extern const struct migration examples[];	/* www/docs/examples.json */


static void
work(struct cx *cx)
{
	serve(cx, actions);
}

int
main(int argc, char **argv)
{
	struct service s = service;
	struct program p = { .name = "recurring", .work = work,
	    .processes = 16 };

	if (argc == 2 && strcmp(argv[1], "--describe") == 0) {
		s.examples = examples[0].sql;
		return fputs(describe(arena_new(), &s), stdout) < 0;
	}
	if (program_start(&p, argc, argv) == 0)
		return 1;
	return program_serve(&p);
}
