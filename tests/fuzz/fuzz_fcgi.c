/*
 * fuzz_fcgi.c - the gateway's loop, from the web server's bytes to ours.
 *
 * An input that begins with a 1 is a FastCGI stream as it is.  Any other is
 * texts NAME=value up to an empty one, then the request's body, and is put
 * into records here.  There is no database: what needs one is refused, and
 * every answer and every line of the log is still well made.
 */
int	gateway_main(int, char **);
#define main gateway_main
#include "gateway.c"
#undef main

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/seal.h"
#include "log.h"
#include "rfc8259.h"

#define BEGIN	1
#define PARAMS	4
#define STDIN	5
#define STDOUT	6

const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

/* libfcgi forgets some bytes when a management record is cut short. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfcgi";
}

const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}

static void
record(struct out *o, int type, const char *bytes, size_t n)
{
	for (size_t some; ; bytes += some, n -= some) {
		const char head[8] = { 1, (char)type, 0, 1,
		    (char)((n > 65535 ? 65535 : n) >> 8),
		    (char)(n > 65535 ? 65535 : n), 0, 0 };

		some = n > 65535 ? 65535 : n;
		out_bytes(o, head, sizeof(head));
		out_bytes(o, bytes, some);
		if (n == 0)
			return;
	}
}

static void
length(struct out *o, size_t n)
{
	const char four[4] = { (char)(n >> 24 | 128), (char)(n >> 16),
	    (char)(n >> 8), (char)n };

	out_bytes(o, four, sizeof(four));
}

/* Texts as a web server sends them. */
static void
stream(struct arena *a, struct bytes *in, struct out *o)
{
	struct out params = { .arena = a };
	char *text, *value;

	record(o, BEGIN, "\0\1\0\0\0\0\0", 8);
	o->len -= 8;			/* it has no second one */
	out_bytes(&params, "", 0);
	while (*(text = fuzz_text(a, in)) != '\0') {
		if ((value = strchr(text, '=')) == NULL)
			continue;
		*value++ = '\0';
		length(&params, strlen(text));
		length(&params, strlen(value));
		out_text(&params, text);
		out_text(&params, value);
	}
	text = arena_printf(a, "%zu", in->n);
	length(&params, strlen("CONTENT_LENGTH"));
	length(&params, strlen(text));
	out_printf(&params, "CONTENT_LENGTH%s", text);
	record(o, PARAMS, params.text, params.len);
	record(o, STDIN, in->p, in->n);
}

/* What came back of a request made of texts. */
static void
good_answer(struct arena *a, int fd)
{
	struct out all = { .arena = a }, text = { .arena = a };
	unsigned char some[4096], *p;
	ssize_t n;

	while ((n = read(fd, some, sizeof(some))) > 0)
		out_bytes(&all, some, (size_t)n);
	out_bytes(&text, "", 0);
	p = (unsigned char *)all.text;
	for (size_t at = 0, len; at + 8 <= all.len; at += 8 + len + p[at + 6]) {
		len = (size_t)p[at + 4] << 8 | p[at + 5];
		if (p[at + 1] == STDOUT && at + 8 + len <= all.len)
			out_bytes(&text, p + at + 8, len);
	}
	must(str_starts(text.text, "Status: ") && fuzz_utf8(text.text));
	must(strlen(text.text) == text.len);
	p = (unsigned char *)strstr(text.text, "\r\n\r\n");
	must(p != NULL);
	if (strstr(text.text, "application/json") != NULL && p[4] != '\0')
		must(rfc8259((const char *)p + 4));
}

/* A stream without lengths above 127: libfcgi adds up those of a name and its
 * value in an int, and its process ends where that overflows.  Only the web
 * server may write to the socket. */
static void
tame(struct out *o, const uint8_t *p, size_t n)
{
	out_bytes(o, p, n);
	for (size_t i = 0; i < n; i++)
		o->text[i] &= 0x7f;
}

static struct cx *
open_all(struct cx *cx)
{
	static char key[64], socket[] = "database.socket=/nonexistent";
	static char setting[128], *words[] = { setting, socket };
	static struct program p = { .name = "fuzz" };
	char why[256];

	if (cx->arena == NULL) {
		snprintf(key, sizeof(key), "/tmp/fuzz-key-%d", (int)getpid());
		snprintf(setting, sizeof(setting), "secrets.key_file=%s", key);
		must(seal_create(key, why));
		p.conf = conf_default(NELEM(words), words, NULL);
		must(program_open(&p, cx));
		(void)unlink(key);
	}
	return cx;
}

/* A socket of no name, on which accept() does not wait. */
static int
open_socket(struct sockaddr_un *to, socklen_t *n)
{
	static struct sockaddr_un me = { .sun_family = AF_UNIX };
	static socklen_t len = sizeof(me);
	static int fd = -1;

	if (fd < 0) {
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		must(bind(fd, (struct sockaddr *)&me, sizeof(sa_family_t)) == 0
		    && listen(fd, 8) == 0);
		must(getsockname(fd, (struct sockaddr *)&me, &len) == 0);
		must(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
		fcgi_open(fd);
	}
	*to = me;
	*n = len;
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct cx cx;
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	struct out o = { .arena = a };
	struct sockaddr_un to;
	socklen_t len;
	bool raw = n > 0 && *p == 1;
	int fd = open_socket(&to, &len);

	open_all(&cx);
	if (raw)
		tame(&o, p, n);
	else
		stream(a, &in, &o);
	must(connect(fd, (struct sockaddr *)&to, len) == 0);
	must(write(fd, o.text, o.len) == (ssize_t)o.len);
	must(shutdown(fd, SHUT_WR) == 0);
	serve(&cx, actions);
	if (!raw)
		good_answer(a, fd);
	close(fd);
	return 0;
}
