/*
 * web.h - HTTP to others: the bank, webhooks, Twilio; and SMTP (RFC 5321).
 * The only file that knows curl.
 *
 * Several calls are in flight at once: web_start() begins one, web_next()
 * gives back one that has ended.  web_run() does one and waits.  Redirects
 * are never followed, proxies and netrc never used, only http and https
 * spoken; where there is a .mail_to only SMTP, always with TLS.  A
 * call that may only go to public addresses is refused at connect
 * time, on the address that was resolved (DNS rebinding).
 *
 * Everything a call points to belongs to the caller and must live until the
 * call ends; the answer belongs to the call's arena.
 */
#ifndef WEB_H
#define WEB_H

#include "base/out.h"

struct web_call {
	/* what to send */
	struct arena	*arena;
	const char	*method, *url;
	const char	*headers[8];	/* "Name: value"; NULL ends them */
	const char	*body;		/* NULL: none */
	size_t		 body_len;
	int		 timeout;	/* ms in all */
	bool		 public_only;
	bool		 once;		/* never sent twice by itself */
	size_t		 answer_max;	/* bytes kept; more is an error unless
					   .cut says: drop the rest */
	bool		 cut;
	bool		 status_tells;	/* a 2xx is the answer, though its body
					   is short, unfinished or late */
	const char	*tls_cert, *tls_key, *tls_ca;	/* PEM files, or "" */
	void		*owner;		/* the caller's */
	const char	*mail_from, *mail_to;	/* SMTP: body is the message */
	const char	*user, *password;	/* SMTP, Basic; or NULL */

	/* what came */
	int		 status;	/* 0: no answer; of SMTP too */
	const char	*error;		/* why not; NULL when there is one */
	struct out	 answer;
	int64_t		 retry_after;	/* seconds, a day at most; 0: none */
	int64_t		 ms;
	bool		 whole;		/* all that was to be sent, was */
	char		 said[200];	/* an SMTP server's no, or last line */

	/* web.c's own */
	void		*easy, *list;
	bool		 refused, no_status;
	size_t		 read;		/* of a mail's body */
};

struct web;

struct web	*web_new(void);
void		 web_free(struct web *);

void		 web_start(struct web *, struct web_call *);

/* One that has ended, or NULL after wait_ms without any. */
struct web_call *web_next(struct web *, int wait_ms);

/* Starts one and waits for it; no other may be in flight. */
void		 web_run(struct web *, struct web_call *);

/* May a call go to this address (as text) when .public_only is set? */
bool		 web_public(const char *address);

#endif
