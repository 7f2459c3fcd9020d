#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "base/cx.h"
#include "base/str.h"
#include "io/fcgi.h"

#define BACKLOG		4096
#define SILENT_MS	2000	/* a connection may be */

/* The one request in hand; a process answers one at a time. */
static struct {
	FCGX_Request	fcgx;
	bool		cgi, done;
	int		listening;
	volatile int	leaving;
} me;

extern char **environ;

int
fcgi_listen(const char *where)
{
	return FCGX_OpenSocket(where, BACKLOG);
}

void
fcgi_open(int fd)
{
	FCGX_Init();
	me.cgi = fd < 0 && FCGX_IsCGI();
	me.listening = fd < 0 ? 0 : fd;
	if (!me.cgi)
		FCGX_InitRequest(&me.fcgx, -1, 0);
}

void
fcgi_leave(void)
{
	me.leaving = 1;
}

static const char *
param(const char *name)
{
	return me.cgi ? getenv(name) : FCGX_GetParam(name, me.fcgx.envp);
}

static const char *
param_copy(struct arena *a, const char *name)
{
	const char *value = param(name);

	return value == NULL ? "" : arena_copy(a, value, strlen(value));
}

static size_t
read_some(char *to, size_t n)
{
	if (me.cgi)
		return fread(to, 1, n, stdin);
	return (size_t)FCGX_GetStr(to, (int)n, me.fcgx.in);
}

static void
read_body(struct arena *a, struct request *r)
{
	const char *text = param("CONTENT_LENGTH");
	int64_t len = 0;
	char *body;

	r->body = "";
	if (text == NULL || *text == '\0')
		return;
	if (!str_int(text, &len) || len < 0 || (size_t)len > BODY_MAX) {
		r->too_large = true;
		return;
	}
	body = arena_alloc(a, (size_t)len + 1);
	r->body = body;
	r->body_len = len == 0 ? 0 : read_some(body, (size_t)len);
	r->cut = r->body_len < (size_t)len;
}

/* Does the web server send something?  It has its time, however often the pool
 * tells us to leave meanwhile: a request that is on its way is answered. */
static bool
speaks(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t begun = cx_milliseconds(), ms = 0;
	int n;

	while (ms < SILENT_MS) {
		if ((n = poll(&p, 1, (int)(SILENT_MS - ms))) > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		ms = cx_milliseconds() - begun;
	}
	return false;
}

/* Waits for a connection; -1: leave, or something is wrong.  A signal that
 * comes just before accept(2) is sent again by the pool. */
static int
take(void)
{
	int fd;

	while (!me.leaving) {
		if ((fd = accept(me.listening, NULL, NULL)) >= 0) {
			if (speaks(fd))
				return fd;
			close(fd);
		} else if (errno != EINTR && errno != ECONNABORTED)
			break;
	}
	return -1;
}

/* Waits for the next request of a connection that is kept; false: it has
 * ended, or it is time to leave. */
static bool
goes_on(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;

	while (!me.leaving)
		if (poll(&p, 1, -1) > 0)
			return recv(fd, &byte, 1, MSG_PEEK) > 0;
	return false;
}

/*
 * libfcgi only reads what was accepted here: it has no socket to accept from.
 * Its own accept gives up a connection that is silent at the moment of a
 * signal, so that its request fails, and told of the shutdown then
 * (FCGX_ShutdownPending) it never ends.
 */
bool
fcgi_accept(void)
{
	FCGX_Request *f = &me.fcgx;

	if (me.cgi) {
		bool first = !me.done;

		me.done = true;
		return first;
	}
	do {
		FCGX_Finish_r(f);
		if (f->ipcFd >= 0 && !goes_on(f->ipcFd))
			FCGX_Free(f, 1);
		if (f->ipcFd < 0 && (f->ipcFd = take()) < 0)
			return false;
		f->keepConnection = 1;	/* until its request says */
	} while (FCGX_Accept_r(f) != 0);	/* no request: the next one */
	return true;
}

void
fcgi_read(struct arena *a, struct request *r)
{
	*r = (struct request){ .method = param_copy(a, "REQUEST_METHOD"),
	    .path = param_copy(a, "DOCUMENT_URI"),
	    .info = param_copy(a, "PATH_INFO"),
	    .query = param_copy(a, "QUERY_STRING"),
	    .type = param_copy(a, "CONTENT_TYPE"),
	    .address = param_copy(a, "REMOTE_ADDR") };
	if (!str_utf8(r->method, strlen(r->method)))
		r->method = "";		/* no method that there is */
	if (r->path[0] == '\0')
		r->path = param_copy(a, "SCRIPT_NAME");
	read_body(a, r);
}

const char *
fcgi_header(struct arena *a, const char *name)
{
	char *var = arena_printf(a, "HTTP_%s", name);
	const char *value;

	for (char *p = var; *p != '\0'; p++)
		*p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ?
		    (char)(*p - 'a' + 'A') : *p;
	value = param(var);
	return value == NULL ? NULL : arena_copy(a, value, strlen(value));
}

bool
fcgi_write(const char *bytes, size_t n)
{
	if (me.cgi)
		return fwrite(bytes, 1, n, stdout) == n;
	while (n > 0) {
		int some = n > BODY_MAX ? (int)BODY_MAX : (int)n;

		if (FCGX_PutStr(bytes, some, me.fcgx.out) != some)
			return false;
		bytes += some;
		n -= (size_t)some;
	}
	return true;
}

void
fcgi_finish(void)
{
	if (me.cgi)
		fflush(stdout);
	else
		FCGX_Finish_r(&me.fcgx);
}

void
fcgi_abort(void)
{
	if (me.cgi)
		_exit(1);
	FCGX_Free(&me.fcgx, 1);
}
