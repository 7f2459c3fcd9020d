/*
 * outbox.pml - every event is told, in order, and none that did not happen.
 *
 * Two transactions of one session that change it and note an event, two
 * workers with the receiver behind them, and people who ask for a delivery
 * again or switch the endpoint off.  One step each:
 *
 *	lock		session_lock(), until the transaction ends
 *	insert		tell() of lib/flow/tell.c, not yet seen by others
 *	commit		the end of db_tx(): event and delivery are seen
 *	choose		the DUE statement of event_claim(): it locks nothing
 *	claim		its CLAIM statement, and the commit of claim()
 *	post		start() of lib/flow/notify.c
 *	book		resolve(), that is event_tried(), after the answer
 *	again, off	event_again(), event_give_up()
 *
 * Between any two steps a process can be killed, or be so slow that its claim
 * runs out while it lives: such troubles are TROUBLE in number.  The pause
 * before the next try, and the rest of a killed worker's claim, take no time:
 * the next one may choose it whenever it likes.  A request that is lost, one
 * whose answer is lost and a refusal are the same to the worker: BAD.
 *
 * Proved: what is rolled back is never sent; what is committed is delivered, or
 * undelivered after a try or by being switched off; the first try of an event
 * comes after the earlier one of its session is delivered or undelivered; two
 * tries of one overlap only after a claim ran out or the merchant asked again.
 * With pan -l: all of it ends.  MUTANT breaks one rule; the script check says
 * which.
 */
#ifndef TROUBLE
#define TROUBLE	1
#endif
#ifndef MUTANT
#define MUTANT	0
#endif
#define TRIES	2	/* after so many notify_pause() is 0 */
#define IDS	3	/* event ids are 1 and 2 */

mtype = { NONE, PENDING, DONE, FAILED };
mtype = { GOOD, BAD, GONE };

bit locked;		/* the session's row */
byte last;		/* AUTO_INCREMENT */

/* gateway_deliveries, as others see them; tries is attempts less
 * attempts_before, claimed says that due_at is the end of a claim. */
mtype status[IDS] = NONE;
byte tries[IDS];
bit claimed[IDS];

/* What happened, for the assertions. */
bit committed[IDS], posted[IDS], settled[IDS];
bit excused[IDS];	/* two may try it at once */
byte flying[IDS];

byte trouble = TROUBLE;
bit again = 1, on = 1;

#define DUE(x)	(status[x] == PENDING && !claimed[x])
#define STEP(...) if \
	:: atomic { true -> __VA_ARGS__ } \
	:: atomic { trouble > 0 -> trouble--; goto killed } \
	fi

active [2] proctype change()
{
	byte id;

	atomic { !locked || MUTANT == 4 -> locked = 1 };
	STEP(last++; id = last;
	    status[id] = (MUTANT == 2 -> PENDING : NONE));
	STEP(if
	    :: committed[id] = 1;
		assert(id == 2 || !posted[2]);
		status[id] = (MUTANT == 6 -> NONE : PENDING)
	    :: true			/* rolled back */
	    fi;
	    locked = 0);
#if MUTANT == 6
	STEP(status[id] = (committed[id] -> PENDING : NONE));
#endif
	goto end;
killed:	locked = 0;
end:	false
}

inline choose(x)
{
	atomic { DUE(x) && (x == 1 || status[1] != PENDING || MUTANT == 3) ->
		e = x; try = tries[x] }
}

inline fly()
{
	flies = 1;
	flying[e]++
}

inline claim()
{
	if
	:: !DUE(e) -> land(); goto end		/* another was faster */
	:: else
	fi;
	claimed[e] = 1;
	try = (try < TRIES -> try + 1 : TRIES);
	tries[e] = (tries[e] < TRIES && MUTANT != 7 -> tries[e] + 1 : tries[e])
}

inline post()
{
	assert(committed[e]);
	assert(e == 1 || !committed[1] || settled[1]);
	assert(flying[e] == 1 || excused[e]);
	posted[e] = 1
}

inline book()
{
	if :: answer = GOOD :: answer = BAD :: answer = GONE fi;
	if
	:: status[e] != PENDING
	:: else ->
		if
		:: answer == GOOD -> status[e] = DONE; settled[e] = 1
		:: answer == GONE || answer == BAD && try >= TRIES ->
			status[e] = FAILED; settled[e] = 1
		:: else -> claimed[e] = 0
		fi
	fi;
	answer = 0
}

inline land()
{
	flying[e] = flying[e] - flies;
	e = 0; try = 0; flies = 0
}

active [2] proctype worker()
{
	byte e, try;
	bit flies;
	mtype answer;

end:	if
	:: choose(1)
	:: choose(2)
	fi;
#if MUTANT == 1
	STEP(fly(); post());
	STEP(claim());
#else
	STEP(claim(); fly());
	STEP(post());
#endif
	STEP(book(); land());
	goto end;
killed:	atomic { if
		:: flies && flying[e] == 1 && MUTANT != 5 -> claimed[e] = 0
		:: else
		fi;
		land();
		goto end }
}

inline run_out(x)
{
	atomic { flying[x] > 0 && claimed[x] && trouble > 0 -> trouble--;
		excused[x] = 1;
		claimed[x] = 0 }
}

inline ask_again(x)
{
	atomic { again && status[x] != NONE -> again = 0;
		excused[x] = excused[x] || flying[x] > 0;
		status[x] = PENDING;
		claimed[x] = 0;
		tries[x] = 0 }
}

inline give_up(x)
{
	if
	:: status[x] == PENDING -> status[x] = FAILED; settled[x] = 1
	:: else
	fi
}

active proctype fate()
{
end:	do
	:: run_out(1)
	:: run_out(2)
	:: ask_again(1)
	:: ask_again(2)
	:: atomic { on && (status[1] == PENDING || status[2] == PENDING) ->
		on = 0; give_up(1); give_up(2) }
	od
}

#define SETTLED(x) (status[x] == DONE || status[x] == FAILED)
#define WRONG(x) (SETTLED(x) && !posted[x] && (status[x] == DONE || on))

active proctype judge()
{
	if
	:: atomic { WRONG(1) || WRONG(2) -> assert(false) }
	:: timeout ->
		assert(committed[1] == SETTLED(1) && committed[2] == SETTLED(2))
	fi
}
