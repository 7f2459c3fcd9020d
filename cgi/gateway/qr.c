/*
 * What the checkout page needs besides words: the QR code, the frame policy.
 */
#include <string.h>

#include "base/epc.h"
#include "base/str.h"
#include "gateway/gateway.h"
#include "io/qr.h"
#include "model/merchant.h"

static const char *const picture_words[] = { "svg", "png", NULL };

const struct param qr_params[] = {
	TEXT	(qr, token,  REQUIRED, 1, 128, "The session_token from create_session."),
	WORD	(qr, format, OPTIONAL, picture_words, "svg (default) or png."),
	{ 0 }
};

const struct answer qr_answers[] = {
	{ "svg", "image/svg+xml", { NULL } },
	{ "png", "image/png", { NULL } },
	{ 0 }
};

const char *
qr_payload(struct cx *cx, const struct session *s, cents due)
{
	const struct epc epc = { .name = s->beneficiary_name,
	    .iban = s->iban, .amount = due, .text = s->reference_number };

	return epc_print(cx->arena, &epc);
}

const char *
qr_url(struct cx *cx, const char *token)
{
	return arena_printf(cx->arena,
	    "/api/gateway/gateway.php?action=qr&token=%s", token);
}

/* What is left to pay, if anything can be paid now. */
static enum err
find_due(struct cx *cx, const char *token, struct session *s, cents *due)
{
	enum status status;
	enum err e;

	if ((e = session_find(cx, token, s)) != 0)
		return e;
	status = session_status(s->status, s->expires_at, cx->now);
	if (status == STATUS_EXPIRED)
		return fail(cx, ERR_EXPIRED, "session %" PRId64, s->id);
	if (status == STATUS_PENDING)
		return fail(cx, ERR_NO_INVOICE, "session %" PRId64, s->id);
	if (status_paid(status) || !cents_sub(s->amount, s->total_paid, due))
		return fail(cx, ERR_STATE, "Nothing is left to pay.");
	return 0;
}

enum err
qr(struct cx *cx, const void *arg, struct reply *r)
{
	const struct qr *in = arg;
	bool png = in->format == 2;
	struct session s = { 0 };
	const char *text;
	cents due = 0;
	enum err e;

	if ((e = find_due(cx, in->token, &s, &due)) != 0)
		return e;
	text = qr_payload(cx, &s, due);
	r->type = png ? "image/png" : "image/svg+xml";
	return png ? qr_png(cx, text, &r->body) : qr_svg(cx, text, &r->body);
}

struct policy {
	const char	*frame_ancestors;
};

static const struct field policy[] = {
	F_TEXT (policy, frame_ancestors, "A source list of Content-Security-Policy: 'none', or the merchant's origin."),
	{ 0 }
};

const struct answer frame_policy_answers[] = {
	{ "policy", NULL, { policy } },
	{ 0 }
};

/* Never an error: the page must be shown whatever becomes of this. */
enum err
frame_policy(struct cx *cx, const void *arg, struct reply *r)
{
	const struct token *in = arg;
	struct session s = { 0 };
	struct merchant m = { 0 };
	struct policy out = { "'none'" };

	if (session_find(cx, in->token, &s) == 0 &&
	    merchant_find(cx, s.merchant_id, &m) == 0 &&
	    m.frame_origin != NULL && str_origin(m.frame_origin))
		out.frame_ancestors = m.frame_origin;
	fail_clear(cx);
	r->header = arena_printf(cx->arena, "X-Frame-Ancestors: %s",
	    out.frame_ancestors);
	reply_add(r, policy, &out);
	return 0;
}
