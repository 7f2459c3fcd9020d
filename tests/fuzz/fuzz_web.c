/*
 * fuzz_web.c - whole answers of servers, through curl and our callbacks: of
 * webhooks, the bank, Twilio and mail servers.
 *
 * The first text says who answers; the rest is what comes over the wire.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/smtp.h"
#include "io/twilio.h"

#define KEPT	1024
#define DAY	86400

int	__wrap_socket(int, int, int);

static struct bytes wire;
static int near, far;		/* the client's end, and the server's */

/* In the place of the network: one end of a pair, in the other of which the
 * answer waits. */
int
__wrap_socket(int domain, int type, int protocol)
{
	int fd[2];

	(void)domain, (void)type, (void)protocol;
	if (far != -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0)
		return -1;
	near = fd[0];
	far = fd[1];
	must(write(far, wire.p, wire.n) == (ssize_t)wire.n);
	must(shutdown(far, SHUT_WR) == 0);
	return near;
}

/* libcurl finds this one before libc's. */
int
connect(int fd, const struct sockaddr *addr, socklen_t n)
{
	(void)addr, (void)n;
	errno = ECONNREFUSED;
	return fd == near ? 0 : -1;
}

static void
good_verdict(const struct web_call *c, const struct verdict *v)
{
	must(v->fate <= FATE_PARK);
	must(v->fate != FATE_SENT || (c->status >= 200 && c->status < 300));
	must(v->pause >= 0 && v->pause <= DAY);
	must(v->error == NULL || fuzz_utf8(v->error));
	must(v->id == NULL || fuzz_utf8(v->id));
}

static void
ask_webhook(struct web *w, struct web_call *c)
{
	c->method = "POST";
	c->url = "http://127.0.0.1/";
	c->body = "{}";
	c->body_len = 2;
	c->answer_max = KEPT;
	c->cut = true;
	web_run(w, c);
	must(c->answer.len <= KEPT);
}

static void
ask_bank(struct web *w, struct web_call *c)
{
	c->method = "GET";
	c->url = "http://127.0.0.1/x";
	c->answer_max = KEPT;
	c->once = true;
	web_run(w, c);
	must(c->answer.len <= KEPT);
}

static void
ask_twilio(struct web *w, struct web_call *c)
{
	static const struct twilio_login l = { "http://127.0.0.1", "AC1", "t",
	    "" };
	static const struct sms s = { "+37060000001", "+37060000002", "Pay",
	    NULL };
	struct verdict v;

	twilio_call(c->arena, &l, &s, c);
	web_run(w, c);
	v = twilio_judge(c);
	good_verdict(c, &v);
	v = twilio_found(c, &s);
	good_verdict(c, &v);
}

static void
ask_mail(struct web *w, struct web_call *c)
{
	static const struct smtp_login l = { "127.0.0.1", "25", "u", "p", "" };
	struct verdict v;

	smtp_call(c->arena, &l, "a@b.c", "d@e.f", "Subject: x\r\n\r\ny\r\n", c);
	web_run(w, c);
	v = smtp_judge(c);
	good_verdict(c, &v);
	must(v.fate != FATE_SENT);	/* there was no TLS */
	for (const char *p = c->said; *p != '\0'; p++)
		must(*p >= ' ' && *p <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static void (*const ask[])(struct web *, struct web_call *) = {
		ask_webhook, ask_bank, ask_twilio, ask_mail
	};
	static struct web *w;
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	struct web_call c = { .arena = a, .timeout = 1000 };

	if (w == NULL)
		w = web_new();
	near = far = -1;
	n = (size_t)fuzz_int(a, &in);
	wire = in;
	ask[n % NELEM(ask)](w, &c);
	must(c.status == 0 || c.error == NULL || c.mail_to != NULL);
	must(c.status != 0 || c.error != NULL);
	must(c.retry_after >= 0 && c.ms >= 0);
	if (far != -1)
		close(far);
	return 0;
}
