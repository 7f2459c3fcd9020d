/*
 * worker - what happens without a request: the statement is read, webhooks
 * are sent, refunds are paid, cycles are billed and messages sent, sessions
 * expire, days are summed up, old personal data is erased, the books audited,
 * and the operator is told what is broken.
 *
 *	worker [-c FILE]		as a daemon, in the foreground
 *	worker [-c FILE] --once		each once, for cron
 *
 * Any number may run, on any machines: what must happen once is claimed in
 * the database.
 */
#include <poll.h>
#include <string.h>

#include "api/pool.h"
#include "api/program.h"
#include "base/log.h"
#include "flow/audit.h"
#include "flow/bank.h"
#include "flow/bill.h"
#include "flow/collect.h"
#include "flow/forget.h"
#include "flow/giveback.h"
#include "flow/notify.h"
#include "flow/pages.h"
#include "flow/payout.h"
#include "flow/post.h"
#include "flow/rollup.h"
#include "flow/sweep.h"
#include "flow/watchman.h"
#include "io/db.h"
#include "model/outgoing.h"
#include "model/worker.h"

#define READ_MS		(10 * 60 * 1000)	/* of one read in all */
#define SWEEP_MS	5000
#define TURN_MS		500
#define DELIVER_MS	200
#define TROUBLE_MS	2000
#define LAST_TRIES	40	/* to book what was under way, half seconds */
#define ERASE_TURNS	50	/* of one run from cron: the rest has time */

static void
say(struct cx *cx, const char *what, enum err e)
{
	if (e != 0 && e != ERR_BUSY)
		log_say(cx, what, "%s", cx->why);
}

/* Reads the accounts of an environment that are due. */
static enum err
read_accounts(struct cx *cx, int64_t environment, bool once)
{
	struct rows rows;
	struct account a;
	const struct account *all;
	enum err e;

	if ((e = account_each(cx, &rows)) != 0)
		return e;
	all = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		a = all[i];
		if (a.environment != environment ||
		    (once ? collect_held(cx, a.next_read_at, a.checked_at, 0) :
		    !collect_due(cx, &a)))
			continue;
		fail_clear(cx);
		say(cx, "reader", collect(cx, &a, READ_MS));
	}
	return 0;
}

static void
read_loop(struct cx *cx, int64_t environment)
{
	enum err e;

	cx->pages = pages_new();
	while (!pool_leaving()) {
		cx_begin(cx);
		db_begin(cx);
		e = read_accounts(cx, environment, false);
		say(cx, "reader", e);
		pool_sleep(e == 0 ? TURN_MS : TROUBLE_MS);
	}
	pages_free(cx->pages);
}

static int
job_staging(void *arg)
{
	struct cx cx;

	if (!program_open(arg, &cx))
		return 1;
	read_loop(&cx, STAGING);
	program_close(&cx);
	return 0;
}

static int
job_production(void *arg)
{
	struct cx cx;

	if (!program_open(arg, &cx))
		return 1;
	read_loop(&cx, PRODUCTION);
	program_close(&cx);
	return 0;
}

/* It has to end, and cannot book what was under way: after a while that is
 * left as after a kill, for others to find. */
static bool
gives_up(enum err e, int *tries)
{
	if (e == 0 || !pool_leaving())
		return false;
	poll(NULL, 0, TURN_MS);
	return ++*tries > LAST_TRIES;
}

static int
job_sender(void *arg)
{
	struct cx cx;
	struct notifier *n;
	bool busy = true;
	int tries = 0;
	enum err e = 0;

	if (!program_open(arg, &cx))
		return 1;
	n = notifier_new(&cx);
	while (!pool_leaving() || (busy && !gives_up(e, &tries))) {
		if (pool_leaving())
			notifier_close(n);
		cx_begin(&cx);
		db_begin(&cx);
		e = notify(&cx, n, DELIVER_MS, &busy);
		say(&cx, "sender", e);
		if (e != 0 || !busy)
			pool_sleep(e == 0 ? DELIVER_MS : TROUBLE_MS);
	}
	notifier_free(n);
	program_close(&cx);
	return 0;
}

/* Turns of a kind, without a pause as long as there is something to do. */
static int
turn_loop(void *arg, const char *name,
    enum err (*turn)(struct cx *, int64_t *))
{
	struct cx cx;
	int64_t n = 0;
	enum err e;

	if (!program_open(arg, &cx))
		return 1;
	while (!pool_leaving()) {
		cx_begin(&cx);
		db_begin(&cx);
		e = turn(&cx, &n);
		say(&cx, name, e);
		if (e != 0 || n == 0)
			pool_sleep(e == 0 ? TURN_MS : TROUBLE_MS);
	}
	program_close(&cx);
	return 0;
}

static enum err
pay_turn(struct cx *cx, int64_t *n)
{
	int64_t begun;
	enum err e;

	*n = 0;
	if ((e = giveback_turn(cx, &begun)) != 0)
		return e;
	e = payout_turn(cx, n);
	*n += begun;
	return e;
}

static int
job_payer(void *arg)
{
	return turn_loop(arg, "payer", pay_turn);
}

static int
job_biller(void *arg)
{
	return turn_loop(arg, "biller", bill_turn);
}

static int
job_watchman(void *arg)
{
	return turn_loop(arg, "watchman", watchman_turn);
}

/* Postings are few as long as somebody adds them up. */
static int
job_adder(void *arg)
{
	return turn_loop(arg, "adder", rollup);
}

static int
post_loop(void *arg, int64_t channel)
{
	struct cx cx;
	struct post *p;
	bool busy = true;
	int tries = 0;
	enum err e = 0;

	if (!program_open(arg, &cx))
		return 1;
	p = post_new(&cx, channel);
	while (!pool_leaving() || (busy && !gives_up(e, &tries))) {
		if (pool_leaving())
			post_close(p);
		cx_begin(&cx);
		db_begin(&cx);
		e = post_turn(&cx, p, DELIVER_MS, &busy);
		say(&cx, channel_word(channel), e);
		if (e != 0 || !busy)
			pool_sleep(e == 0 ? DELIVER_MS : TROUBLE_MS);
	}
	post_free(p);
	program_close(&cx);
	return 0;
}

static int job_mailer(void *arg) { return post_loop(arg, CHANNEL_EMAIL); }
static int job_texter(void *arg) { return post_loop(arg, CHANNEL_SMS); }

/* The settings take effect: once, but the database may be away for a while.
 * One that takes a dead one's place later has perhaps old ones. */
static void
settle(struct cx *cx)
{
	enum err e = ERR_AWAY;

	while (!pool_leaving() && e != 0 && !conf_stale(cx->conf)) {
		cx_begin(cx);
		db_begin(cx);
		if ((e = bank_settle(cx)) == 0)
			e = outgoing_adopt(cx);
		say(cx, "bank", e);
		if (e != 0)
			pool_sleep(TROUBLE_MS);
	}
}

static int
job_sweeper(void *arg)
{
	struct cx cx;
	int64_t n, old;
	enum err e, e2;

	if (!program_open(arg, &cx))
		return 1;
	settle(&cx);
	while (!pool_leaving()) {
		cx_begin(&cx);
		db_begin(&cx);
		n = old = 0;
		say(&cx, "sweeper", worker_beat(&cx));
		fail_clear(&cx);
		e = sweep(&cx, &n);
		say(&cx, "sweeper", e);
		fail_clear(&cx);
		e2 = forget_turn(&cx, &old);
		say(&cx, "eraser", e2);
		if (e != 0 || e2 != 0 || (n == 0 && old == 0))
			pool_sleep(SWEEP_MS);
	}
	program_close(&cx);
	return 0;
}

/* Once an hour; the others go on meanwhile. */
static int
job_auditor(void *arg)
{
	struct cx cx;
	int64_t n;

	if (!program_open(arg, &cx))
		return 1;
	while (!pool_leaving()) {
		cx_begin(&cx);
		db_begin(&cx);
		say(&cx, "auditor", audit_turn(&cx, &n));
		pool_sleep(SWEEP_MS);
	}
	program_close(&cx);
	return 0;
}

/* Bills what is due, and sends until nothing is on its way. */
static enum err
bill_once(struct cx *cx)
{
	int64_t n = 1;
	bool busy;
	enum err e = 0;

	while (e == 0 && n > 0)
		e = bill_turn(cx, &n);
	for (int64_t c = 0; e == 0 && c < CHANNEL__MAX; c++) {
		struct post *p = post_new(cx, c);

		for (busy = true; e == 0 && busy; cx_tick(cx))
			e = post_turn(cx, p, 1000, &busy);
		post_free(p);
	}
	return e;
}

/* Reads, sweeps, and delivers until nothing is due any more. */
static int
run_once(struct program *p)
{
	struct cx cx;
	struct notifier *n;
	int64_t swept = 1, added = 1, old = 1, paid, audited, told;
	bool busy = true;
	enum err e, e2;

	if (!program_open(p, &cx))
		return 1;
	if ((e = worker_beat(&cx)) == 0 && (e = bank_settle(&cx)) == 0)
		e = outgoing_adopt(&cx);
	for (int64_t env = 0; e == 0 && env < ENVIRONMENT__MAX; env++)
		e = read_accounts(&cx, env, true);
	if (e == 0)
		e = pay_turn(&cx, &paid);
	while (e == 0 && swept > 0)
		e = sweep(&cx, &swept);
	if (e == 0)
		e = bill_once(&cx);
	while (e == 0 && added > 0)
		e = rollup(&cx, &added);
	for (n = notifier_new(&cx); e == 0 && busy; cx_tick(&cx))
		e = notify(&cx, n, 1000, &busy);
	for (int i = 0; e == 0 && old > 0 && i < ERASE_TURNS; i++)
		e = forget_turn(&cx, &old);
	if (e == 0)
		e = audit_turn(&cx, &audited);
	say(&cx, "worker", e);
	fail_clear(&cx);
	if ((e2 = watchman_turn(&cx, &told)) != 0)	/* above all then */
		say(&cx, "watchman", e2);
	notifier_free(n);
	program_close(&cx);
	return e != 0 || e2 != 0;
}

int
main(int argc, char **argv)
{
	struct program p = { .name = "worker" };
	static const struct job jobs[] = {
		{ "reader-staging",    1, job_staging },
		{ "reader-production", 1, job_production },
		{ "sender",	       1, job_sender },
		{ "payer",	       1, job_payer },
		{ "biller",	       2, job_biller },
		{ "mailer",	       1, job_mailer },
		{ "texter",	       1, job_texter },
		{ "adder",	       1, job_adder },
		{ "sweeper",	       1, job_sweeper },
		{ "auditor",	       1, job_auditor },
		{ "watchman",	       1, job_watchman },
		{ 0 }
	};
	int rc;
	bool once = argc > 1 && strcmp(argv[argc - 1], "--once") == 0;

	if (program_start(&p, argc - once, argv) == 0)
		return 1;
	rc = once ? run_once(&p) : pool_run(jobs, &p);
	conf_free(p.conf);
	return rc;
}
