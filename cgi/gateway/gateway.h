/*
 * gateway.h - the handlers of gateway.fcgi, and what each of them is given.
 *
 * A handler starts when everything in its struct is checked; fields that were
 * not sent are NULL or 0.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "api/action.h"
#include "model/session.h"

struct create_session {
	cents		 amount;
	int64_t		 expires_minutes;
	const char	*currency, *items, *order_id;
	const char	*customer_email, *customer_name, *callback_url;
	const char	*return_url;
};

struct token {
	const char	*token;
};

struct payment_status {
	const char	*reference, *session_token;
};

struct list_transactions {
	const char	*search, *order_id, *cursor;
	int64_t		 status;	/* 1 + enum status */
	int64_t		 format;	/* enum format */
	int64_t		 limit, offset, date_from, date_to;
};

struct qr {
	const char	*token;
	int64_t		 format;	/* 2: png */
};

struct list_events {
	const char	*after, *session, *cursor;
	int64_t		 type;		/* 1 + its place in tell_words */
	int64_t		 undelivered, limit;
};

struct get_event {
	const char	*event_id;
};

struct redeliver {
	const char	*event_id, *session;
	int64_t		 since;
};

struct test_webhook {
	const char	*url;
};

struct enable_endpoint {
	const char	*url;
};

struct health_in {
	int64_t		 monitor;
};

/* Of a list or a report. */
enum format { FORMAT_JSON = 1, FORMAT_CSV };
extern const char *const format_words[FORMAT_CSV + 1];

struct settlement_report {
	int64_t		 date_from, date_to;
	int64_t		 format;	/* enum format */
};

struct create_refund {
	const char	*reference, *reason;
	cents		 amount;
};

struct send_refund {
	int64_t		 refund_id, accept_name;
	const char	*debtor_iban, *debtor_name;
};

struct refund_id_in {
	int64_t		 refund_id;
};

struct list_refunds {
	const char	*reference, *cursor;
	int64_t		 status;	/* 1 + enum refund_status */
	int64_t		 limit, offset;
};

struct bank_notice {
	const char	*environment;
};

extern const struct param create_session_params[];
extern const struct param token_params[];
extern const struct param payment_status_params[];
extern const struct param list_transactions_params[];
extern const struct param qr_params[];
extern const struct param no_params[];
extern const struct param health_params[];
extern const struct param list_events_params[];
extern const struct param get_event_params[];
extern const struct param redeliver_params[];
extern const struct param test_webhook_params[];
extern const struct param enable_endpoint_params[];
extern const struct param settlement_report_params[];
extern const struct param create_refund_params[];
extern const struct param send_refund_params[];
extern const struct param refund_id_params[];
extern const struct param list_refunds_params[];
extern const struct param bank_notice_params[];

/* How each of them answers, for the reference. */
extern const struct answer create_session_answers[];
extern const struct answer create_invoice_answers[];
extern const struct answer confirm_paid_answers[];
extern const struct answer check_payment_answers[];
extern const struct answer qr_answers[];
extern const struct answer frame_policy_answers[];
extern const struct answer get_session_answers[];
extern const struct answer payment_status_answers[];
extern const struct answer list_transactions_answers[];
extern const struct answer whoami_answers[];
extern const struct answer list_events_answers[];
extern const struct answer get_event_answers[];
extern const struct answer redeliver_answers[];
extern const struct answer test_webhook_answers[];
extern const struct answer list_endpoints_answers[];
extern const struct answer enable_endpoint_answers[];
extern const struct answer get_transaction_answers[];
extern const struct answer settlement_report_answers[];
extern const struct answer dashboard_answers[];
extern const struct answer create_refund_answers[];
extern const struct answer send_refund_answers[];
extern const struct answer cancel_refund_answers[];
extern const struct answer list_refunds_answers[];
extern const struct answer bank_notice_answers[];

/* describe.c: the reference, as OpenAPI. */
const char *gateway_describe(struct arena *, const struct action *);

/* session.c */
enum err create_session(struct cx *, const void *in, struct reply *);
enum err get_session(struct cx *, const void *in, struct reply *);
enum err payment_status(struct cx *, const void *in, struct reply *);

/* cx->merchant's, by reference or token; and as payment_status shows it. */
struct session;
extern const struct field payment_fields[];
enum err payment_find(struct cx *, const char *reference, const char *token,
    struct session *);
void payment_show(struct cx *, const struct session *, struct reply *);

/* payment.c */
enum err create_invoice(struct cx *, const void *in, struct reply *);
enum err confirm_paid(struct cx *, const void *in, struct reply *);
enum err check_payment(struct cx *, const void *in, struct reply *);

/* qr.c */
enum err qr(struct cx *, const void *in, struct reply *);
enum err frame_policy(struct cx *, const void *in, struct reply *);

/* The text of a QR code that pays due to the session's account. */
const char *qr_payload(struct cx *, const struct session *, cents due);

/* Where its picture is, below our base URL. */
const char *qr_url(struct cx *, const char *token);

/* transaction.c */
enum err list_transactions(struct cx *, const void *in, struct reply *);

/* A page of them as they are listed; c moves behind it, *last says whether
 * nothing can follow. */
struct choice;
extern const struct field transaction_fields[];
enum err transaction_page(struct cx *, struct choice *c, struct rows *,
    bool *last);

/* story.c */
enum err get_transaction(struct cx *, const void *in, struct reply *);

/* report.c */
enum err settlement_report(struct cx *, const void *in, struct reply *);
enum err dashboard(struct cx *, const void *in, struct reply *);

/* refund.c */
enum err create_refund(struct cx *, const void *in, struct reply *);
enum err send_refund(struct cx *, const void *in, struct reply *);
enum err cancel_refund(struct cx *, const void *in, struct reply *);
enum err list_refunds(struct cx *, const void *in, struct reply *);

/* Refunds as they are listed. */
struct refund_choice;
extern const struct field refund_fields[];
enum err refund_rows(struct cx *, const struct refund_choice *,
    struct rows *);

/* health.c */
extern const struct answer health_answers[];
extern const struct answer metrics_answers[];
enum err health(struct cx *, const void *in, struct reply *);
enum err metrics(struct cx *, const void *in, struct reply *);

/* key.c */
enum err whoami(struct cx *, const void *in, struct reply *);

/* event.c */
enum err list_events(struct cx *, const void *in, struct reply *);
enum err get_event(struct cx *, const void *in, struct reply *);
enum err redeliver(struct cx *, const void *in, struct reply *);
enum err test_webhook(struct cx *, const void *in, struct reply *);

/* endpoint.c */
enum err list_endpoints(struct cx *, const void *in, struct reply *);
enum err enable_endpoint(struct cx *, const void *in, struct reply *);

/* bank.c */
enum err bank_notice(struct cx *, const void *in, struct reply *);

#endif
