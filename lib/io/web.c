#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/fault.h"
#include "base/str.h"
#include "io/web.h"

#define RETRY_MAX	86400		/* whatever a server asks for */

struct web {
	CURLM	*multi;
};

struct web *
web_new(void)
{
	struct web *w = calloc(1, sizeof(*w));

	if (w == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    (w->multi = curl_multi_init()) == NULL)
		abort();
	return w;
}

void
web_free(struct web *w)
{
	if (w == NULL)
		return;
	curl_multi_cleanup(w->multi);
	free(w);
}

/* The IPv4 blocks that are not the public internet (RFC 6890 and later). */
static const struct {
	uint32_t	net;
	int		bits;
} not_public[] = {
	{ 0x00000000,  8 },	/* this network */
	{ 0x0a000000,  8 },	/* private */
	{ 0x64400000, 10 },	/* carrier's NAT */
	{ 0x7f000000,  8 },	/* loopback */
	{ 0xa9fe0000, 16 },	/* link-local */
	{ 0xac100000, 12 },	/* private */
	{ 0xc0000000, 24 },	/* IETF protocols */
	{ 0xc0000200, 24 },	/* documentation */
	{ 0xc0586300, 24 },	/* 6to4 relays */
	{ 0xc0a80000, 16 },	/* private */
	{ 0xc6120000, 15 },	/* benchmarks */
	{ 0xc6336400, 24 },	/* documentation */
	{ 0xcb007100, 24 },	/* documentation */
	{ 0xe0000000,  4 },	/* multicast */
	{ 0xf0000000,  4 },	/* reserved, broadcast */
};

static bool
public4(const unsigned char *b)
{
	uint32_t ip = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];

	for (size_t i = 0; i < NELEM(not_public); i++)
		if ((ip ^ not_public[i].net) >> (32 - not_public[i].bits) == 0)
			return false;
	return true;
}

/* Only 2000::/3 is public; of it not documentation, Teredo and benchmarks.
 * An address that carries an IPv4 address is judged by that one. */
static bool
public6(const unsigned char *b)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0)
		return public4(b + 12);
	if (b[0] == 0x20 && b[1] == 0x02)
		return public4(b + 2);			/* 6to4 */
	if ((b[0] & 0xe0) != 0x20)
		return false;
	if (b[0] == 0x20 && b[1] == 0x01 && (b[2] < 2 ||
	    (b[2] == 0x0d && b[3] == 0xb8)))
		return false;		/* 2001:0000::/23, documentation */
	return !(b[0] == 0x3f && b[1] == 0xff && b[2] < 0x10);
}

bool
web_public(const char *address)
{
	unsigned char b[16];

	if (inet_pton(AF_INET, address, b) == 1)
		return public4(b);
	return inet_pton(AF_INET6, address, b) == 1 && public6(b);
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct web_call *c = arg;
	const void *addr = &a->addr;
	bool good = false;

	(void)purpose;
	if (a->family == AF_INET)
		good = public4((const unsigned char *)
		    &((const struct sockaddr_in *)addr)->sin_addr);
	else if (a->family == AF_INET6)
		good = public6((const unsigned char *)
		    &((const struct sockaddr_in6 *)addr)->sin6_addr);
	if (c->public_only && !good) {
		c->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype, a->protocol);
}

static size_t
take_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct web_call *c = arg;
	size_t len = size * n, room = c->answer_max - c->answer.len;

	if (len <= room) {
		out_bytes(&c->answer, bytes, len);
		return len;
	}
	out_bytes(&c->answer, bytes, room);
	return c->cut ? len : 0;
}

/* Some releases of curl make 200 of a status that is none, such as 000. */
static size_t
take_header(char *line, size_t size, size_t n, void *arg)
{
	struct web_call *c = arg;
	size_t len = size * n;
	const char *code = len > 5 && memcmp(line, "HTTP/", 5) == 0 ?
	    memchr(line, ' ', len) : NULL;

	if (code != NULL)
		c->no_status = line + len - code < 4 || code[1] < '1' ||
		    code[1] > '9';
	return len;
}

static size_t
give_body(char *to, size_t size, size_t n, void *arg)
{
	struct web_call *c = arg;
	size_t len = c->body_len - c->read;

	if (len > size * n)
		len = size * n;
	memcpy(to, c->body + c->read, len);
	c->read += len;
	return len;
}

/* What an SMTP server says comes line by line. */
static size_t
take_line(char *line, size_t size, size_t n, void *arg)
{
	struct web_call *c = arg;
	size_t len = size * n, keep = 0;

	if (c->said[0] >= '4')
		return len;		/* what came first tells why */
	while (keep < len && keep < sizeof(c->said) - 1 &&
	    line[keep] != '\r' && line[keep] != '\n')
		keep++;
	for (size_t i = 0; i < keep; i++)	/* it may be any bytes */
		c->said[i] = line[i] >= ' ' && line[i] <= '~' ? line[i] : '?';
	c->said[keep] = '\0';
	return len;
}

static void
set_mail(CURL *h, struct web_call *c)
{
	struct curl_slist *to = curl_slist_append(NULL, c->mail_to);

	c->list = to;
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, c->mail_from);
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(h, CURLOPT_READDATA, c);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, take_line);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, c);
}

static void
set_request(CURL *h, struct web_call *c)
{
	struct curl_slist *list = NULL;

	for (size_t i = 0; i < NELEM(c->headers) && c->headers[i] != NULL; i++)
		list = curl_slist_append(list, c->headers[i]);
	list = curl_slist_append(list, "Expect:");
	c->list = list;
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, c->method);
	if (c->body != NULL) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)c->body_len);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, c->body);
	}
}

static void
set_options(CURL *h, struct web_call *c)
{
	curl_easy_setopt(h, CURLOPT_URL, c->url);
	if (c->mail_to != NULL)
		set_mail(h, c);
	else
		set_request(h, c);
	if (c->user != NULL) {
		curl_easy_setopt(h, CURLOPT_USERNAME, c->user);
		curl_easy_setopt(h, CURLOPT_PASSWORD, c->password);
	}
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)c->timeout);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "Dapit/1");
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, c);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take_body);
	if (c->mail_to == NULL) {
		curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, take_header);
		curl_easy_setopt(h, CURLOPT_HEADERDATA, c);
	}
	curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(h, CURLOPT_PRIVATE, c);
	/* a kept connection was never checked for us; and when one dies, curl
	 * sends again by itself */
	if (c->public_only || c->once)
		curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
	if (c->tls_cert != NULL && c->tls_cert[0] != '\0')
		curl_easy_setopt(h, CURLOPT_SSLCERT, c->tls_cert);
	if (c->tls_key != NULL && c->tls_key[0] != '\0')
		curl_easy_setopt(h, CURLOPT_SSLKEY, c->tls_key);
	if (c->tls_ca != NULL && c->tls_ca[0] != '\0')
		curl_easy_setopt(h, CURLOPT_CAINFO, c->tls_ca);
}

void
web_start(struct web *w, struct web_call *c)
{
	CURL *h = curl_easy_init();

	if (h == NULL)
		abort();
	c->answer = (struct out){ .arena = c->arena };
	c->easy = h;
	set_options(h, c);
	if (fault())
		curl_easy_setopt(h, CURLOPT_URL, c->mail_to != NULL ?
		    "smtp://[::1]:1/" : "http://[::1]:1/");
	curl_multi_add_handle(w->multi, h);
}

static struct web_call *
finish(struct web *w, CURL *h, CURLcode rc)
{
	struct web_call *c = NULL;
	curl_off_t us = 0, after = 0;
	long status = 0, asked = 0;

	curl_easy_getinfo(h, CURLINFO_PRIVATE, (char **)(void *)&c);
	curl_easy_getinfo(h, CURLINFO_TOTAL_TIME_T, &us);
	c->ms = us / 1000;
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(h, CURLINFO_REQUEST_SIZE, &asked);
	c->whole = c->mail_to != NULL ? c->read == c->body_len : asked > 0;
	if (c->mail_to != NULL)
		c->status = (int)status;
	if (rc == CURLE_OK ||
	    (c->status_tells && status >= 200 && status < 300)) {
		curl_easy_getinfo(h, CURLINFO_RETRY_AFTER, &after);
		c->status = c->no_status ? 0 : (int)status;
		c->retry_after = after < RETRY_MAX ? after : RETRY_MAX;
	} else
		c->error = c->refused ? "the address is not public" :
		    rc == CURLE_WRITE_ERROR ? "the answer is too large" :
		    curl_easy_strerror(rc);
	if (c->status == 0 && c->error == NULL)
		c->error = "the answer has no status";	/* HTTP/2 000 */
	out_bytes(&c->answer, "", 0);
	curl_multi_remove_handle(w->multi, h);
	curl_easy_cleanup(h);
	curl_slist_free_all(c->list);
	c->easy = c->list = NULL;
	return c;
}

struct web_call *
web_next(struct web *w, int wait_ms)
{
	CURLMsg *m;
	int running, left;

	for (int turn = 0; turn < 2; turn++) {
		curl_multi_perform(w->multi, &running);
		while ((m = curl_multi_info_read(w->multi, &left)) != NULL)
			if (m->msg == CURLMSG_DONE)
				return finish(w, m->easy_handle,
				    m->data.result);
		if (turn == 0)
			curl_multi_poll(w->multi, NULL, 0, wait_ms, NULL);
	}
	return NULL;
}

void
web_run(struct web *w, struct web_call *c)
{
	if (fault()) {
		c->status = 0;
		c->error = "a fault on purpose";
		return;
	}
	web_start(w, c);
	while (web_next(w, 1000) != c)
		;
}
