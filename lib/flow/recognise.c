#include <string.h>

#include "base/banktext.h"
#include "base/reference.h"
#include "flow/payback.h"
#include "flow/recognise.h"

#define ORDER_MIN	6	/* characters of a payment order's number */
#define ORDER_MAX	64

/* Sessions are counted once. */
static enum err
find_sessions(struct cx *cx, const char *text, struct named *f)
{
	struct session s = { 0 };
	char *key = reference_key(cx->arena, text), found[REFERENCE_KEY];
	size_t at = 0;
	enum err e;

	out_printf(&f->keys, "%s ", key);
	while (reference_next(key, &at, found)) {
		f->references++;
		e = session_find_key(cx, found, &s);
		if (e == ERR_NOT_FOUND) {
			fail_clear(cx);
			continue;
		}
		if (e != 0)
			return e;
		if (f->sessions == 0 || s.id != f->session.id)
			f->sessions++;
		if (f->sessions == 1)
			f->session = s;
		if (strstr(text, s.reference_number) != NULL)
			f->method = MATCH_EXACT;
	}
	return 0;
}

/* e: how r was looked up.  One of another account was not sent from here. */
static enum err
count_refund(struct cx *cx, enum err e, const struct refund *r,
    struct named *f)
{
	struct session s = { 0 };

	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return 0;
	}
	if (e != 0 || (e = payback_of(cx, r, &s)) != 0 ||
	    s.account_id != f->account_id)
		return e;
	if (f->refunds == 0 || r->id != f->refund.id)
		f->refunds++;
	if (f->refunds == 1)
		f->refund = *r;
	return 0;
}

static enum err
find_refunds(struct cx *cx, const char *text, struct named *f)
{
	char number[REFUND_NUMBER];
	size_t at = 0;
	enum err e = 0;

	while (e == 0 && reference_refund(text, &at, number)) {
		struct refund r = { 0 };

		e = refund_find_number(cx, number, &r);
		e = count_refund(cx, e, &r, f);
	}
	return e;
}

static bool
part_of_order(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

/* Adds the words of a text that may be a payment order's number to a JSON
 * list; references of ours are none. */
static void
put_orders(struct cx *cx, const char *text, struct out *list)
{
	char word[ORDER_MAX + 1];
	size_t n, at;

	for (; *text != '\0'; text += n + (text[n] != '\0')) {
		for (n = 0; part_of_order(text[n]); n++)
			;
		if (n < ORDER_MIN || n > ORDER_MAX)
			continue;
		memcpy(word, text, n);
		word[n] = '\0';
		at = 0;
		if (strpbrk(word, "0123456789") == NULL ||
		    reference_next(reference_key(cx->arena, word), &at,
		    (char[REFERENCE_KEY]){ 0 }))
			continue;
		out_text(list, list->len > 1 ? "," : "");
		out_json(list, word);
	}
}

static enum err
find_orders(struct cx *cx, const char *numbers, struct named *f)
{
	const struct refund_id *id;
	struct rows rows;
	enum err e = refund_ordered(cx, numbers, &rows);

	id = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		struct refund r = { 0 };

		e = refund_find(cx, id[i].id, &r);
		e = count_refund(cx, e, &r, f);
	}
	return e;
}

/* As it stands, and without what banks put into it. */
static enum err
search(struct cx *cx, const char *text, struct named *f, struct out *orders)
{
	const char *both[2] = { text, NULL };
	enum err e = 0;

	if (text == NULL)
		return 0;
	both[1] = banktext_plain(cx->arena, text);
	put_orders(cx, text, orders);
	for (size_t i = 0; e == 0 && i < NELEM(both) && both[i] != NULL; i++)
		if ((e = find_sessions(cx, both[i], f)) == 0)
			e = find_refunds(cx, both[i], f);
	return e;
}

enum err
recognise(struct cx *cx, const struct transfer *t, struct named *f)
{
	const char *const stored[] = { t->remittance, t->structured,
	    t->end_to_end_id };
	struct out orders = { .arena = cx->arena };
	enum err e = 0;

	*f = (struct named){ .account_id = t->account_id,
	    .method = MATCH_NORMALISED,
	    .keys = { .arena = cx->arena } };
	out_text(&orders, "[");
	for (size_t i = 0; e == 0 && t->texts == NULL && i < NELEM(stored); i++)
		e = search(cx, stored[i], f, &orders);
	for (size_t i = 0; e == 0 && t->texts != NULL && t->texts[i] != NULL;
	    i++)
		e = search(cx, t->texts[i], f, &orders);
	out_text(&orders, "]");
	return e == 0 && orders.len > 2 ? find_orders(cx, orders.text, f) : e;
}
