/*
 * test_web.c - the address guard, on texts and on real connections.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/web.h"
#include "tap.h"

static const struct {
	const char	*address;
	bool		 good;
	const char	*shows;
} addresses[] = {
	{ "93.184.216.34",	true,  "a public host" },
	{ "2606:2800:220:1::1",	true,  "a public IPv6 host" },
	{ "127.0.0.1",		false, "loopback" },
	{ "127.255.0.9",	false, "all of 127" },
	{ "0.0.0.0",		false, "this network" },
	{ "10.1.2.3",		false, "private 10" },
	{ "172.16.0.1",		false, "private 172.16" },
	{ "172.31.255.255",	false, "private up to 172.31" },
	{ "172.32.0.1",		true,  "public from 172.32" },
	{ "192.168.1.1",	false, "private 192.168" },
	{ "169.254.169.254",	false, "a cloud's metadata" },
	{ "100.64.0.1",		false, "carrier's NAT" },
	{ "224.0.0.1",		false, "multicast" },
	{ "255.255.255.255",	false, "broadcast" },
	{ "198.18.0.1",		false, "benchmarks" },
	{ "::1",		false, "IPv6 loopback" },
	{ "::",			false, "IPv6 unspecified" },
	{ "fe80::1",		false, "IPv6 link-local" },
	{ "fc00::1",		false, "IPv6 unique local" },
	{ "ff02::1",		false, "IPv6 multicast" },
	{ "2001:db8::1",	false, "IPv6 documentation" },
	{ "::ffff:127.0.0.1",	false, "IPv4 loopback, mapped" },
	{ "::ffff:8.8.8.8",	true,  "public IPv4, mapped" },
	{ "64:ff9b::10.0.0.1",	false, "private IPv4 behind NAT64" },
	{ "2002:7f00:1::",	false, "loopback in 6to4" },
	{ "localhost",		false, "a name is no address" },
};

/* A socket that listens on loopback; *port is its port. */
static int
listener(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&a, len) != 0 || listen(fd, 8) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		return -1;
	*port = ntohs(a.sin_port);
	return fd;
}

/* Answers one connection, whole, and reads what was asked. */
static void
answer(struct web *w, int fd, const char *text, struct web_call *c)
{
	char asked[2048];
	int peer;

	web_start(w, c);
	(void)web_next(w, 0);
	peer = accept(fd, NULL, NULL);
	(void)web_next(w, 50);
	if (read(peer, asked, sizeof(asked)) < 0 ||
	    write(peer, text, strlen(text)) < 0)
		c->error = "the test's own socket";
	close(peer);
	while (web_next(w, 100) == NULL)
		;
}

int
main(void)
{
	struct arena *a = arena_new();
	struct web *w = web_new();
	char url[64];
	int port = 0, fd = listener(&port);
	struct web_call c = { .arena = a, .method = "POST", .url = url,
	    .body = "{}", .body_len = 2, .timeout = 2000, .answer_max = 8 };
	struct web_call d = c;

	for (size_t i = 0; i < NELEM(addresses); i++)
		is_int(web_public(addresses[i].address), addresses[i].good,
		    "%s: %s", addresses[i].address, addresses[i].shows);

	snprintf(url, sizeof(url), "http://localhost:%d/hook", port);
	answer(w, fd, "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n"
	    "Content-Length: 4\r\n\r\nwait", &c);
	is_int(c.status, 429, "an answer: %s", c.error == NULL ? "" : c.error);
	is_int(c.retry_after, 7, "and when to come back");
	is_str(c.answer.text, "wait", "and its body");

	c = d;
	answer(w, fd, "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\n"
	    "Content-Length: 0\r\n\r\n", &c);
	is_int(c.status, 302, "a redirect is an answer, not followed");

	c = d;
	answer(w, fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789",
	    &c);
	is_int(c.status, 0, "an answer over the limit is refused: %s", c.error);
	c = d;
	c.cut = true;
	answer(w, fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789",
	    &c);
	is_str(c.answer.text, "12345678", "or cut, where that is asked");

	c = d;
	c.public_only = true;
	web_run(w, &c);
	is_int(c.status, 0, "a name that resolves to loopback");
	is_str(c.error, "the address is not public", "is refused at connect");
	c = d;
	c.url = "file:///etc/passwd";
	web_run(w, &c);
	is_int(c.status, 0, "file: is not spoken: %s", c.error);

	close(fd);
	web_free(w);
	arena_free(a);
	return tap_done();
}
