#include <string.h>

#include "base/conf.h"
#include "base/letter.h"
#include "base/notice.h"
#include "base/speech.h"
#include "base/str.h"
#include "flow/compose.h"
#include "io/js.h"
#include "io/seal.h"

#define STOP_BYTES	16

/* A text of its own kind is hashed, so that no other hash fits. */
static void
stop_hash(struct cx *cx, int64_t schedule_id, unsigned char
    out[static HASH_BYTES])
{
	seal_hash(cx, arena_printf(cx->arena, "stop schedule %" PRId64,
	    schedule_id), out);
}

char *
compose_stop(struct cx *cx, int64_t schedule_id)
{
	unsigned char hash[HASH_BYTES];

	stop_hash(cx, schedule_id, hash);
	return arena_printf(cx->arena, "%" PRId64 "-%s", schedule_id,
	    str_hex(cx->arena, hash, STOP_BYTES));
}

enum err
compose_stop_read(struct cx *cx, const char *token, int64_t *schedule_id)
{
	const char *dash = strchr(token, '-');
	unsigned char right[HASH_BYTES], given[STOP_BYTES];

	if (dash == NULL || !str_unhex(dash + 1, given, STOP_BYTES) ||
	    !str_int(arena_copy(cx->arena, token, (size_t)(dash - token)),
	    schedule_id))
		return fail(cx, ERR_NOT_FOUND, "Schedule not found");
	stop_hash(cx, *schedule_id, right);
	return seal_same(right, given, STOP_BYTES) ? 0 :
	    fail(cx, ERR_NOT_FOUND, "Schedule not found");
}

static const char *
hosted(struct cx *cx, const struct schedule *p, const struct session *s)
{
	return arena_printf(cx->arena, "%s/checkout/pay.html?session=%s"
	    "&lang=%s", cx->conf->url, session_token(cx->arena, s),
	    p->language);
}

/* The merchant's own page, told what is to be paid; else ours. */
static const char *
payment_link(struct cx *cx, const struct schedule *p,
    const struct session *s)
{
	struct out o = { .arena = cx->arena };
	char amount[CENTS_TEXT];
	const char *url = p->payment_url;
	size_t page;

	if (url == NULL)
		return hosted(cx, p, s);
	page = strcspn(url, "#");
	out_bytes(&o, url, page);
	out_text(&o, memchr(url, '?', page) == NULL ? "?" : "&");
	out_text(&o, "reference=");
	out_form(&o, s->reference_number == NULL ? "" : s->reference_number);
	out_printf(&o, "&amount=%s&session=%s%s",
	    cents_print(s->amount, amount), session_token(cx->arena, s),
	    url + page);
	return o.text;
}

/* The line's total, or the price of one, as the language writes money. */
static const char *
item_price(struct cx *cx, const struct js *item, const char *language)
{
	const struct speech *s = speech_find(language);
	const char *text = js_member(item, "total");
	cents price;

	if (text == NULL)
		text = js_member(item, "price");
	return text != NULL && s != NULL && cents_parse(text, &price) ?
	    speech_amount(cx->arena, s, price) : text;
}

static void
read_items(struct cx *cx, const struct schedule *p, struct notice *n)
{
	const char *why, *json = p->order_items;
	const struct js *list = json == NULL ? NULL :
	    js_parse(cx->arena, json, strlen(json), &why);
	struct notice_item *item;

	n->items = js_kind(list) == JS_LIST ? js_count(list) : 0;
	item = arena_alloc(cx->arena, (n->items + 1) * sizeof(*item));
	for (size_t i = 0; i < n->items; i++)
		item[i] = (struct notice_item){
		    js_member(js_at(list, i), "name"),
		    js_member(js_at(list, i), "qty"),
		    item_price(cx, js_at(list, i), p->language) };
	n->item = item;
}

void
compose(struct cx *cx, const struct schedule *p, const struct billing *b,
    const struct session *s, int64_t reminder, struct composed *c)
{
	struct notice n = { .language = p->language,
	    .merchant_name = p->merchant_name,
	    .customer_name = p->customer_name,
	    .description = p->order_description,
	    .original_amount = p->original_amount, .amount = b->amount,
	    .discount_percent = p->discount_percent,
	    .due_day = b->billing_day, .reference = s->reference_number,
	    .link = payment_link(cx, p, s), .reminder = reminder,
	    .stop_link = arena_printf(cx->arena, "%s/stop/?token=%s",
		cx->conf->url, compose_stop(cx, p->id)) };

	if (schedule_amount(p) != b->amount) {	/* it was changed since */
		n.original_amount = b->amount;
		n.discount_percent = 0;
	}
	read_items(cx, p, &n);
	*c = (struct composed){
		.subject = notice_subject(cx->arena, &n),
		.text = notice_text(cx->arena, &n),
		.html = notice_html(cx->arena, &n),
		.sms = notice_sms(cx->arena, &n, hosted(cx, p, s)) };
}

struct smtp_login
compose_login(const struct cx *cx, const struct config *c)
{
	return (struct smtp_login){
	    .host = c->smtp_host == NULL ? GMAIL : c->smtp_host,
	    .port = c->smtp_port == NULL ? "465" : c->smtp_port,
	    .user = c->smtp_user, .password = c->smtp_pass,
	    .tls_ca = cx->conf->mail_ca };
}

const char *
compose_from(const struct schedule *p, const struct config *c)
{
	return p->email_from != NULL && p->email_from[0] != '\0' ?
	    p->email_from : c->smtp_user;
}

char *
compose_mail(struct cx *cx, const struct schedule *p, const struct config *c,
    const struct composed *m, const char *message_id, const char *to)
{
	const char *name = p->email_from_name != NULL &&
	    p->email_from_name[0] != '\0' ? p->email_from_name :
	    c->smtp_from_name != NULL ? c->smtp_from_name : "Dapit Payments";
	const struct letter l = { .from_name = name,
	    .from = compose_from(p, c), .to_name = p->customer_name,
	    .to = to, .subject = m->subject, .text = m->text,
	    .html = m->html, .language = p->language, .date = cx->now,
	    .message_id = message_id,
	    .unsubscribe_url = p->id == 0 ? NULL : arena_printf(cx->arena,
		"%s/api/recurring.php?action=unsubscribe&token=%s",
		cx->conf->url, compose_stop(cx, p->id)) };

	return letter_print(cx->arena, &l);
}
