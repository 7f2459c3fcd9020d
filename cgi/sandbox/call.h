/*
 * call.h - a call of the bank's API, and its answer in the making.
 *
 * A handler either builds the answer's body (a whole JSON value) and returns
 * 0, or says no with call_refuse(), which also returns 0; .status is then no
 * longer 0 and nothing further may be done.  What fails on our side is an
 * enum err, and call_fail() makes an answer of it.
 */
#ifndef CALL_H
#define CALL_H

#include "api/action.h"
#include "base/out.h"
#include "io/fcgi.h"
#include "sandbox/trouble.h"

/* Who speaks: each kind of call has its own way to say no. */
enum group {
	GROUP_SIMULATE,		/* test calls: our own words */
	GROUP_TOKEN,		/* RFC 6749 */
	GROUP_OB,		/* Berlin Group */
	GROUP__MAX
};

struct call {
	const struct request *request;
	const char	*path;		/* without /sandbox */
	const char	*request_id;	/* NULL: none, or not a UUID */
	const char	*id;		/* the {part} of the path */
	enum group	 group;
	const void	*in;		/* parameters, as the route says */
	int64_t		 token;		/* row of the bearer's */
	struct troubles	 troubles;

	int		 status;	/* 0: not answered yet */
	const char	*type;		/* of the body; NULL: JSON */
	const char	*header;	/* one more, with CR LF; NULL: none */
	struct out	 body;
};

/* Says no, in the words of the call's group. */
enum err call_refuse(struct call *, int status, const char *code,
    const char *text);

/* Makes the answer to a call that failed. */
void	call_fail(struct cx *, struct call *, enum err);

/* Sends the answer. */
void	call_send(struct cx *, struct call *);

#endif
