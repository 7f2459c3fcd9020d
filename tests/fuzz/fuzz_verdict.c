/*
 * fuzz_verdict.c - what Twilio and mail servers say of a message, after the
 * wire.  The first texts are the status and Retry-After; the rest is the
 * answer of Twilio, or a mail server's last line.
 */
#include "fuzz.h"
#include "io/smtp.h"
#include "io/twilio.h"

#define DAY	86400

static void
good(const struct verdict *v, int status)
{
	must(v->fate <= FATE_PARK);
	must(v->fate != FATE_SENT || (status >= 200 && status < 300));
	must(v->pause >= 0 && v->pause <= DAY);
	must(v->error == NULL || fuzz_utf8(v->error));
	must(v->id == NULL || fuzz_utf8(v->id));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct cx *cx = fuzz_cx();
	struct web_call c = { .arena = cx->arena,
	    .answer = { .arena = cx->arena } };
	const char *line, *pair[] = { "Body", "", NULL };
	struct sms s = { "+37060000001", "+37060000002", "Pay 7 €", NULL };
	struct verdict v;

	c.status = (int)(fuzz_int(cx->arena, &in) % 600);
	c.status = c.status < 0 ? 0 : c.status;
	c.error = c.status == 0 ? "no answer" : NULL;
	c.whole = in.n % 2 == 0;
	out_bytes(&c.answer, fuzz_rest(cx->arena, &in), in.n);
	v = twilio_judge(&c);
	good(&v, c.status);
	v = twilio_found(&c, &s);
	good(&v, c.status);

	line = fuzz_text(cx->arena, &in);
	pair[1] = line;
	(void)twilio_signed(cx, "token", "https://a.b/", pair, line);
	snprintf(c.said, sizeof(c.said), "%s", line);
	for (char *at = c.said; *at != '\0'; at++)
		*at = *at >= ' ' && *at <= '~' ? *at : '?';
	v = smtp_judge(&c);
	good(&v, c.status);
	return 0;
}
