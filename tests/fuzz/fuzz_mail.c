/*
 * fuzz_mail.c - mails and SMS with hostile names in them.
 *
 * The same notice with harmless names tells how much of the HTML and of the
 * lines is ours: names add nothing to either.
 */
#include "base/gsm.h"
#include "base/letter.h"
#include "base/notice.h"
#include "base/out.h"
#include "fuzz.h"
#include "io/seal.h"

#define WORST	"<>\"'&"

/* How many bytes of the text are one of those. */
static size_t
count(const char *text, const char *those)
{
	size_t n = 0;

	for (; *(text += strcspn(text, those)) != '\0'; text++)
		n++;
	return n;
}

static size_t
controls(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += (unsigned char)*text < ' ' || *text == 0x7f;
	return n;
}

/* Letters for what could be markup or a line end. */
static const char *
harmless(struct arena *a, const char *text)
{
	char *copy = arena_copy(a, text, strlen(text));

	for (char *p = copy; *p != '\0'; p++)
		if (strchr(WORST, *p) != NULL || controls(
		    (const char[]){ *p, '\0' }) != 0)
			*p = 'x';
	return copy;
}

static struct notice
tame(struct arena *a, const struct notice *n)
{
	struct notice t = *n;
	struct notice_item *item = arena_alloc(a, sizeof(*item));

	t.merchant_name = harmless(a, n->merchant_name);
	t.customer_name = harmless(a, n->customer_name);
	t.description = harmless(a, n->description);
	t.reference = harmless(a, n->reference);
	t.link = harmless(a, n->link);
	t.stop_link = harmless(a, n->stop_link);
	item->name = harmless(a, n->item->name);
	item->qty = harmless(a, n->item->qty);
	item->price = harmless(a, n->item->price);
	t.item = item;
	return t;
}

static void
good_notice(struct arena *a, const struct notice *n)
{
	struct notice t = tame(a, n);
	const char *html = notice_html(a, n), *same = notice_html(a, &t);
	const char *sms;

	must(count(html, "<") == count(same, "<"));
	must(count(html, ">") == count(same, ">"));
	must(count(html, "\"") == count(same, "\""));
	must(controls(html) == controls(same));
	must(controls(notice_text(a, n)) == controls(notice_text(a, &t)));
	must(controls(notice_subject(a, n)) == 0);
	sms = notice_sms(a, n, "https://pay.example/s/1");
	must(controls(sms) == 0 && gsm_segments(sms, NULL) <= NOTICE_SMS);
}

/* The header at line, which must be one of ours, and not seen before. */
static void
good_header(const char *line, size_t n, unsigned *seen)
{
	static const char *const names[] = { "Date:", "From:", "To:",
	    "Subject:", "Message-ID:", "MIME-Version:", "Content-Language:",
	    "Auto-Submitted:", "List-Unsubscribe:", "List-Unsubscribe-Post:",
	    "Content-Type:" };
	size_t i = 0;

	must(n <= 998);
	for (size_t at = 0; at < n; at++)
		must(line[at] >= ' ' && line[at] <= '~');
	if (*line == ' ')
		return;
	while (i < NELEM(names) && !str_starts(line, names[i]))
		i++;
	must(i < NELEM(names) && (*seen & 1U << i) == 0);
	*seen |= 1U << i;
}

/* Its body is what went in; CR LF ends the lines. */
static void
good_body(struct arena *a, const char *part, const char *text)
{
	struct out base64 = { .arena = a }, plain = { .arena = a };
	const char *end = strstr(part, "--=_");
	unsigned char *bytes;
	size_t n;

	out_bytes(&base64, "", 0);
	out_bytes(&plain, "", 0);
	for (const char *p = part; p < end; p++)
		if (*p != '\r' && *p != '\n')
			out_bytes(&base64, p, 1);
	bytes = seal_unbase64(a, base64.text, &n);
	must(bytes != NULL);
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != '\r')
			out_bytes(&plain, bytes + i, 1);
	must(fuzz_utf8(plain.text));
	must(!fuzz_utf8(text) || strcmp(plain.text, text) == 0);
}

static void
good_letter(struct arena *a, const char *mail, const char *text)
{
	const char *body = strstr(mail, "\r\n\r\n"), *line = mail;
	unsigned seen = 0;

	for (size_t n; line < body; line += n + 2) {
		n = strcspn(line, "\r");
		must(line[n + 1] == '\n');
		good_header(line, n, &seen);
	}
	must((seen & 0x1f) == 0x1f);
	for (line = body; *line != '\0'; line++)
		must(*line != '\n' || line[-1] == '\r');
	good_body(a, strstr(body + 4, "\r\n\r\n") + 4, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	struct notice_item item;
	struct notice no = { .item = &item, .items = 1 };
	struct letter l = { .date = 1750000000 };

	no.reminder = fuzz_int(a, &in);
	no.amount = fuzz_int(a, &in) % CENTS_AMOUNT;
	no.original_amount = no.amount + 100;
	no.discount_percent = no.amount % 10000;
	no.due_day = 20000 + no.amount % 1000;
	no.language = l.language = fuzz_text(a, &in);
	no.merchant_name = l.from_name = fuzz_text(a, &in);
	no.customer_name = l.to_name = fuzz_text(a, &in);
	no.description = fuzz_text(a, &in);
	item.name = fuzz_text(a, &in);
	item.qty = fuzz_text(a, &in);
	item.price = fuzz_text(a, &in);
	no.reference = l.message_id = fuzz_text(a, &in);
	no.link = l.unsubscribe_url = fuzz_text(a, &in);
	no.stop_link = fuzz_text(a, &in);
	l.from = fuzz_text(a, &in);
	l.to = fuzz_text(a, &in);
	good_notice(a, &no);
	l.subject = in.n > 0 ? fuzz_text(a, &in) : notice_subject(a, &no);
	l.text = notice_text(a, &no);
	l.html = notice_html(a, &no);
	good_letter(a, letter_print(a, &l), l.text);
	return 0;
}
