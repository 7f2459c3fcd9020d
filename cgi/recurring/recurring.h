/*
 * recurring.h - the actions of recurring.fcgi, by noun: what each is given,
 * and the function that runs it.  The table of all of them is in recurring.c.
 */
#ifndef RECURRING_H
#define RECURRING_H

#include "api/action.h"

struct create_schedule {
	const char	*customer_name, *customer_email, *customer_phone;
	const char	*currency;
	int64_t		 delivery_method;	/* 1 + enum delivery_method */
	int64_t		 frequency;		/* 1 + enum frequency */
	cents		 amount;
	int64_t		 discount_percent, start_date, total_cycles;
	const char	*order_items, *order_description, *payment_url;
	const char	*language, *remind_after_days;
};

struct schedule_in {
	int64_t		 schedule_id;
};

struct list_schedules {
	const char	*cursor;
	int64_t		 status;		/* 1 + enum schedule_status */
	int64_t		 limit, offset;
};

struct update_schedule {
	int64_t		 schedule_id, next_billing_date;
	int64_t		 status, frequency;	/* 1 + the enums */
	cents		 amount;
};

struct set_config {
	const char	*twilio_sid, *twilio_token, *twilio_phone;
	const char	*smtp_host, *smtp_port, *smtp_user, *smtp_pass;
	const char	*smtp_from_name;
};

struct test_message {
	int64_t		 channel;		/* 1 + enum channel */
	const char	*recipient, *language;
};

struct stop_in {
	const char	*token;
};

struct sms_status {
	int64_t		 message;
	const char	*MessageStatus, *ErrorCode;
	const char	*const *form;
};

extern const struct param no_params[];
extern const struct param create_schedule_params[];
extern const struct param schedule_params[];
extern const struct param list_schedules_params[];
extern const struct param update_schedule_params[];
extern const struct param set_config_params[];
extern const struct param test_message_params[];
extern const struct param stop_params[];
extern const struct param sms_status_params[];

/* How each of them answers, for the reference. */
extern const struct answer create_schedule_answers[];
extern const struct answer get_schedule_answers[];
extern const struct answer list_schedules_answers[];
extern const struct answer update_schedule_answers[];
extern const struct answer config_answers[];
extern const struct answer preview_answers[];
extern const struct answer test_message_answers[];
extern const struct answer stop_answers[];
extern const struct answer sms_status_answers[];

/* schedule.c */
enum err create_schedule(struct cx *, const void *in, struct reply *);
enum err get_schedule(struct cx *, const void *in, struct reply *);
enum err list_schedules(struct cx *, const void *in, struct reply *);
enum err update_schedule(struct cx *, const void *in, struct reply *);

/* config.c */
enum err set_config(struct cx *, const void *in, struct reply *);
enum err get_config(struct cx *, const void *in, struct reply *);

/* message.c */
enum err preview(struct cx *, const void *in, struct reply *);
enum err test_message(struct cx *, const void *in, struct reply *);
enum err sms_status(struct cx *, const void *in, struct reply *);

/* stop.c */
enum err get_subscription(struct cx *, const void *in, struct reply *);
enum err unsubscribe(struct cx *, const void *in, struct reply *);

#endif
