/*
 * gateway.fcgi - the Instant Payments API, at /api/gateway/gateway.php.
 *
 *	gateway.fcgi --describe		prints its reference (OpenAPI 3.1)
 */
#include <stdio.h>
#include <string.h>

#include "api/program.h"
#include "api/serve.h"
#include "gateway/gateway.h"

/* Every action there is.  The handlers are in gateway/, by noun. */
static const struct action actions[] = {
	{ "create_session", MERCHANT, WRITE, create_session_params, sizeof(struct create_session), create_session, create_session_answers,
	  "Opens a checkout session for one order." },
	{ "create_invoice", ANYONE, WRITE, token_params, sizeof(struct token), create_invoice, create_invoice_answers,
	  "Makes the invoice and reference, and says where to pay. Repeated calls return the same." },
	{ "confirm_paid", ANYONE, WRITE, token_params, sizeof(struct token), confirm_paid, confirm_paid_answers,
	  "The customer says the payment is sent: polling begins." },
	{ "check_payment", ANYONE, READ, token_params, sizeof(struct token), check_payment, check_payment_answers,
	  "Looks for the payment; call it every 5 to 7 seconds after confirm_paid." },
	{ "qr", ANYONE, READ, qr_params, sizeof(struct qr), qr, qr_answers,
	  "The EPC QR code of what is left to pay, as a picture that banking apps scan." },
	{ "frame_policy", ANYONE, READ, token_params, sizeof(struct token), frame_policy, frame_policy_answers,
	  "For the web server: which pages may show this session's checkout in a frame, also as the header X-Frame-Ancestors." },
	{ "get_session", ANYONE, READ, token_params, sizeof(struct token), get_session, get_session_answers,
	  "A session and its status." },
	{ "payment_status", MERCHANT, READ, payment_status_params, sizeof(struct payment_status), payment_status, payment_status_answers,
	  "The status of one of your payments, by reference or session token." },
	{ "list_transactions", MERCHANT, READ, list_transactions_params, sizeof(struct list_transactions), list_transactions, list_transactions_answers,
	  "Your transactions, newest first." },
	{ "get_transaction", MERCHANT, READ, payment_status_params, sizeof(struct payment_status), get_transaction, get_transaction_answers,
	  "One payment with its transfers, refunds, and all that happened to it." },
	{ "settlement_report", MERCHANT, READ, settlement_report_params, sizeof(struct settlement_report), settlement_report, settlement_report_answers,
	  "What your money came to in a range of days, and on each of them." },
	{ "dashboard", MERCHANT, READ, no_params, 0, dashboard, dashboard_answers,
	  "Your money at a glance: today, this month, ever; 7 days; the latest transactions." },
	{ "create_refund", MERCHANT, WRITE, create_refund_params, sizeof(struct create_refund), create_refund, create_refund_answers,
	  "Makes a pending refund of a payment, whole or in part. A fee of 1.00 is kept of it." },
	{ "send_refund", MERCHANT, EFFECT, send_refund_params, sizeof(struct send_refund), send_refund, send_refund_answers,
	  "Sends a refund to the customer's account. Never twice: while its fate is not known, a second call is 409." },
	{ "cancel_refund", MERCHANT, WRITE, refund_id_params, sizeof(struct refund_id_in), cancel_refund, cancel_refund_answers,
	  "Gives up a refund that is pending or held." },
	{ "list_refunds", MERCHANT, READ, list_refunds_params, sizeof(struct list_refunds), list_refunds, list_refunds_answers,
	  "Your refunds, newest first." },
	{ "whoami", MERCHANT, READ, no_params, 0, whoami, whoami_answers,
	  "Whose key this is, what it may, and until when." },
	{ "list_events", MERCHANT, READ, list_events_params, sizeof(struct list_events), list_events, list_events_answers,
	  "What happened to your sessions, and how far you were told: newest first, or from after on." },
	{ "get_event", MERCHANT, READ, get_event_params, sizeof(struct get_event), get_event, get_event_answers,
	  "An event with its payload and every attempt to deliver it." },
	{ "redeliver", MERCHANT, WRITE, redeliver_params, sizeof(struct redeliver), redeliver, redeliver_answers,
	  "Sends webhooks again, with the same webhook-id: one event, or all undelivered of a session or since a day." },
	{ "test_webhook", MERCHANT, WRITE, test_webhook_params, sizeof(struct test_webhook), test_webhook, test_webhook_answers,
	  "Sends a test.ping, signed like every other event." },
	{ "list_endpoints", MERCHANT, READ, no_params, 0, list_endpoints, list_endpoints_answers,
	  "Where your webhooks go, and how they fare there: works, throttled, or switched off, and why." },
	{ "enable_endpoint", MERCHANT, WRITE, enable_endpoint_params, sizeof(struct enable_endpoint), enable_endpoint, enable_endpoint_answers,
	  "Switches an endpoint on again, and sends all that was not delivered there." },
	{ "health", ANYONE, READ, health_params, sizeof(struct health_in), health, health_answers,
	  "Whether the service is well, for load balancers and monitors." },
	{ "metrics", BANK, READ, no_params, 0, metrics, metrics_answers,
	  "For Prometheus on the same machine: requests, the bank, webhooks, refunds." },
	{ "bank_notice", BANK, WRITE, bank_notice_params, sizeof(struct bank_notice), bank_notice, bank_notice_answers,
	  "For the bank: something happened on an account. It is only a hint to read the statement." },
	{ 0 }
};

static void
work(struct cx *cx)
{
	serve(cx, actions);
}

int
main(int argc, char **argv)
{
	struct program p = { .name = "gateway", .work = work };

	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return fputs(gateway_describe(arena_new(), actions),
		    stdout) < 0;
	if (program_start(&p, argc, argv) == 0)
		return 1;
	return program_serve(&p);
}
