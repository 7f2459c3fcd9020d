/*
 * payout.pml - a refund is paid once, whoever is killed, and wherever.
 *
 * One refund, two API processes that send or cancel it, one worker, which may
 * begin it by itself, the bank, and the reader of its statement.  What one statement or one transaction
 * does to the database is one step, and so is what a bank call does there:
 *
 *	begin, cancel	begin() and cancel() of lib/flow/payback.c
 *	goes		begin() of lib/flow/giveback.c: once, while it is
 *			pending, by the name that the payment came with
 *	load		load() of lib/flow/payout.c
 *	anew		refresh(), that is refund_anew()
 *	initiate	payout_add() and connectpay_initiate(): an order is
 *			nothing to anybody else before it is chosen
 *	choose, refuse	choose() and refuse(), under payback_lock()
 *	permit		payout_authorise()
 *	authorise	connectpay_authorise()
 *	listen		connectpay_status() and end(): what is final stays
 *	reader		payback_entry()
 *	operator	close_now() of lib/flow/close.c; that he also closes
 *			what was permitted a quarter of an hour ago, and is
 *			RCVD, needs a clock, which is not here
 *
 * Between any two steps the process can be killed; of a bank call the request
 * or the answer can be lost, or the request arrive late.  Such troubles are
 * TROUBLE in number.  The worker takes over whenever it likes: that stands for
 * a lease that ran out (refund_claim) while its holder lives, and makes due_at
 * and refund_later() needless.  That a joined UPDATE is one step is true on one
 * server, where it locks what it reads; MUTANT 11 is what happens otherwise.
 *
 * Proved: at most one order is ever paid; while it is, the refund is sending,
 * to the payee asked for last, by a name that fits or was accepted.  Nothing is
 * sent again or cancelled after an order was permitted.  A refund is sent only
 * if its order was completed, and failed only if the bank refused or the money
 * came back; when all is quiet it is not sending.  With LIVE, for a bank that
 * answers in the end: it does not stay sending for ever.
 *
 * MUTANT breaks one rule; the script check says which.
 */
#ifndef TROUBLE
#define TROUBLE	1
#endif
#ifndef MUTANT
#define MUTANT	0
#endif
#define SENDS	2	/* that are not refused, the one by itself too */
#define OLD	1	/* chosen orders that are not authorised for 900 s */
#define ROWS	(SENDS + OLD + 3)

mtype = { PENDING, SENDING, HELD, SENT, FAILED, CANCELLED };
mtype = { NONE, RCVD, PDNG, ACSC, RJCT };

/* gateway_refunds */
mtype status = PENDING;
byte chosen, sends;
bit name, accept;
bit planned = 1;	/* auto_at is set: it goes out by itself */

/* gateway_payouts that were chosen once: is authorised_at set?  And the
 * bank's orders for them: to whom, and is that the account holder's name? */
byte rows;
bit permitted[ROWS], payee[ROWS], fits[ROWS];
mtype order[ROWS] = NONE;

byte paid;		/* the order that left RCVD because it was authorised */
byte delayed;		/* the order that is authorised by a late request */
bit returned;		/* the entry is read that its money came back */

byte trouble = TROUBLE, old = OLD;

#define OPEN	(status == PENDING || status == HELD)
#define PASSED	(status != SENDING || \
	chosen != 0 && MUTANT != 3 || sends != n && MUTANT != 4)
#define KILLED	atomic { trouble > 0 -> trouble--; goto out }
#define STEP(...) if :: atomic { true -> __VA_ARGS__ } :: KILLED fi
#define UNTOUCHED assert(paid == 0 && delayed == 0 && !permitted[chosen])

inline authorise(o)	/* what the bank does; a second time is a 409 */
{
	if
	:: order[o] == RCVD ->
		assert(paid == 0);
		assert(status == SENDING);
		assert(payee[o] == name && (fits[o] || accept));
		order[o] = PDNG;
		paid = o;
		/* Nobody asks for these any more: fewer states. */
		payee[o] = 0; fits[o] = 0; name = 0; accept = 0
	:: else
	fi
}

inline choose()
{
	if
	:: PASSED
	:: else -> rows++;
		assert(rows < ROWS);
		chosen = rows;
		order[rows] = RCVD;
		payee[rows] = who;
		if :: fits[rows] = 1 :: fits[rows] = 0 fi;
		if :: !fits[rows] && !accept -> status = HELD :: else fi
	fi
}

inline load()
{
	p = (status == SENDING -> chosen : 0);
	a = permitted[p];
	n = (p == 0 -> sends : 0);
	who = (p == 0 -> name : 0)
}

inline listen()
{
	if
	:: order[p] == ACSC || order[p] == RJCT ->
		status = (status != SENDING || chosen != p -> status :
		    (order[p] == ACSC -> SENT : FAILED));
		goto out
	:: order[p] == PDNG -> goto out
	:: order[p] == RCVD
	fi
}

inline follow()
{
	STEP(if :: status != SENDING -> goto out :: else fi; load());
	if
	:: atomic { p != 0 && !a && old > 0 -> old--;	/* anew */
		chosen = (status == SENDING && chosen == p &&
		    (!permitted[p] || MUTANT == 6) -> 0 : chosen) };
		STEP(load(); if :: p != 0 -> goto known :: else fi)
	:: p != 0 -> goto known
	:: p == 0
	fi;
	if
	:: true		/* There is an order now, known to this process only. */
	:: KILLED	/* Or else its answer is lost, or the request. */
	:: atomic { trouble > 0 -> trouble--; goto again }	/* a 401 */
	:: atomic { true -> status = (PASSED -> status : FAILED);
		goto out }	/* a 400 */
	fi;
	STEP(choose(); n = 0; who = 0);
	STEP(load(); if :: p == 0 -> goto out :: else fi);
known:	if
	:: atomic { a -> a = 0;
		listen();
		if :: MUTANT == 10 -> goto out :: else fi }
	:: !a
	:: KILLED
	fi;
	STEP(if
	    :: chosen == p && status == SENDING || MUTANT == 7 ->
		permitted[p] = (MUTANT != 1 && MUTANT != 11)
	    :: else -> goto out
	    fi);
#if MUTANT == 11
	STEP(permitted[p] = 1);
#endif
	if
	:: atomic { authorise(p) }
	:: atomic { trouble > 0 -> trouble--;
		if
		:: authorise(p)			/* and no answer */
		:: delayed == 0 -> delayed = p
		:: true				/* and no request */
		fi;
		chosen = (MUTANT == 2 -> 0 : chosen);
		status = (MUTANT == 8 -> FAILED : status) }
	:: atomic { trouble > 0 -> trouble--; goto again }	/* a 401 */
	:: KILLED
	fi;
	STEP(listen());
out:	atomic { p = 0; n = 0; who = 0; a = 0 }
}

/* They are alike, so the first send is the first one's: fewer states. */
active [2] proctype api()
{
	byte p, n; bit who, a;
end:	do
	:: atomic { sends < SENDS && (OPEN || MUTANT == 5) &&
		(sends > 0 || _pid == 0) -> UNTOUCHED;
		if :: accept = 0 :: accept = 1 fi;
		if
		:: status == HELD -> chosen = (accept -> chosen : 0)
		:: true -> chosen = 0; name = 1 - name	/* another payee */
		fi;
		sends++;
		status = SENDING };
again:		follow()
	od
}

/* Nobody accepts a name for it. */
active proctype giveback()
{
end:	atomic { planned && (status == PENDING || MUTANT == 12) -> UNTOUCHED;
		planned = 0;
		chosen = 0;
		accept = 0;
		sends++;
		status = SENDING }
}

#ifndef LIVE	/* He may, but need not. */
active proctype operator()
{
end:	atomic { status == SENDING && MUTANT != 9 &&
		(chosen == 0 || !permitted[chosen] ||
		order[chosen] == RJCT || MUTANT == 13) ->
		status = FAILED }
}
#endif

active proctype cancel()
{
end:	atomic { OPEN -> UNTOUCHED; status = CANCELLED }
}

active proctype worker()
{
	byte p, n; bit who, a;
end:	do
	:: status == SENDING && MUTANT != 9 ->
again:		follow()
	od
}

active proctype bank()
{
end:	do
	:: atomic { order[paid] == PDNG ->
		if :: order[paid] = ACSC :: order[paid] = RJCT fi }
#ifndef LIVE	/* What may happen, but need not: an order lapses. */
	:: atomic { order[chosen] == RCVD -> order[chosen] = RJCT }
	:: atomic { delayed != 0 -> authorise(delayed); delayed = 0 }
#endif
	od
}

/* The entries of the money that went and of what came back, in any order. */
active proctype reader()
{
end:	do
	:: atomic { order[paid] == ACSC && status != SENT && !returned ->
		assert(status == SENDING);
		status = SENT }
#ifndef LIVE
	:: atomic { order[paid] == ACSC && !returned ->
		assert(status == SENDING || status == SENT);
		returned = 1;
		status = FAILED }
#endif
	od
}

#ifdef LIVE
ltl ends { [] (status == SENDING -> <> (status != SENDING)) }
#else
#define WRONG ( \
	status == SENT && (order[paid] != ACSC || returned) || \
	status == FAILED && !returned && order[paid] != NONE && \
	    order[paid] != RJCT || \
	status != SENT && status != FAILED && status != SENDING && paid != 0)

active proctype judge()
{
	if
	:: atomic { WRONG -> assert(false) }
	:: timeout -> assert(status != SENDING)
	fi
}
#endif
