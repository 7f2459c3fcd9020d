/*
 * fcgi.h - requests from the web server.  The only file that knows libfcgi.
 *
 * A program started with a listening socket as its standard input (spawned
 * by a FastCGI server, systemd, or our own pool) answers any number of
 * requests; started as plain CGI it answers one.  A whole answer goes out at
 * once or in pieces, by fcgi_write().
 */
#ifndef FCGI_H
#define FCGI_H

#include "base/cx.h"

#define BODY_MAX	((size_t)256 * 1024)

struct request {
	const char	*method;	/* "GET" */
	const char	*path;		/* without the query */
	const char	*info;		/* the path behind that; "" if none */
	const char	*query;		/* behind the ?, "" if none */
	const char	*type;		/* Content-Type, "" if none */
	const char	*address;	/* of the client */
	const char	*body;
	size_t		 body_len;
	bool		 too_large;	/* over BODY_MAX: body is empty */
	bool		 cut;		/* shorter than its Content-Length */
};

/* Opens a listening socket: a path, or HOST:PORT. -1 and errno. */
int	fcgi_listen(const char *where);

/* Gets ready to accept; fd < 0: standard input. */
void	fcgi_open(int fd);

/* Waits for a request; false when it is time to leave. */
bool	fcgi_accept(void);

/* Reads the request that was accepted, into the arena. */
void	fcgi_read(struct arena *, struct request *);

/* A header of the request by its HTTP name; NULL if it was not sent. */
const char *fcgi_header(struct arena *, const char *name);

/* Sends bytes of the answer; false when the client is gone. */
bool	fcgi_write(const char *, size_t);

/* Ends the answer. */
void	fcgi_finish(void);

/* Breaks the answer off, so that nobody takes a part of it for the whole. */
void	fcgi_abort(void);

/* Called from a signal handler: leave after the request in hand. */
void	fcgi_leave(void);

#endif
