/*
 * confirm MODE PROCESSES COUNT - payments of one merchant that are confirmed
 * at once: each process has COUNT invoices made beforehand, then books the
 * transfers that pay them, each in its own transaction.  Prints transfers per
 * second, all processes together.
 *
 *	with		as it is: each leaves a posting
 *	without		no sums at all
 *	hot		each adds to the merchant's row of the day
 *
 * posting_add() is replaced when this is linked.
 */
#define _DEFAULT_SOURCE	/* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"
#include "flow/checkout.h"
#include "flow/credit.h"
#include "io/seal.h"
#include "model/account.h"
#include "model/day.h"
#include "model/posting.h"
#include "model/session.h"

static const struct timespec instant = { 0, 1000000 };

enum err __real_posting_add(struct cx *, const struct posting *);
enum err __wrap_posting_add(struct cx *, const struct posting *);

static const char *mode;
static struct cx cx;

enum err
__wrap_posting_add(struct cx *c, const struct posting *p)
{
	const struct day d = { .merchant_id = p->merchant_id,
	    .environment = p->environment, .day = p->day, .gross = p->gross,
	    .transfers = p->transfers, .transactions = p->transactions,
	    .succeeded = p->succeeded, .finished = p->finished };

	if (strcmp(mode, "with") == 0)
		return __real_posting_add(c, p);
	return strcmp(mode, "hot") == 0 ? day_add(c, &d) : 0;
}

struct invoice {
	char	reference[40];
	int64_t	account;
};

static enum err
book(struct cx *c, void *arg)
{
	struct transfer *t = arg;
	enum err e = transfer_add(c, t);

	return e == 0 ? credit_transfer(c, t) : e;
}

static void
must(enum err e, const char *what)
{
	if (e != 0) {
		fprintf(stderr, "%s: %s\n", what, cx.why);
		_exit(1);
	}
}

static void
make(struct invoice *in, int n)
{
	for (int i = 0; i < n; i++) {
		struct session s = { .amount = 700 };

		cx_begin(&cx);
		cx.merchant = 1;
		must(checkout_open(&cx, &s, 600), "create_session");
		must(checkout_invoice(&cx, session_token(cx.arena, &s), &s),
		    "create_invoice");
		snprintf(in[i].reference, sizeof(in[i].reference), "%s",
		    s.reference_number);
		in[i].account = s.account_id;
	}
}

static void
confirm(const struct invoice *in, int n)
{
	uint64_t id;

	for (int i = 0; i < n; i++) {
		struct transfer t = { .account_id = in[i].account,
		    .credit = 1, .amount = 700, .currency = "EUR",
		    .remittance = in[i].reference };

		cx_begin(&cx);
		seal_random(&id, sizeof(id));
		t.booking_day = day_of_bank(cx.now);
		t.bank_id = arena_printf(cx.arena, "c%" PRIu64, id);
		must(db_tx(&cx, book, &t), "a transfer");
	}
}

/* Each makes its invoices, and waits at the line for all others. */
static int
work(int n, volatile int *ready, const volatile int *go)
{
	struct invoice *in = calloc((size_t)n, sizeof(*in));
	char why[256];

	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL ||
	    (cx.seal = seal_open(cx.conf->key_file, why)) == NULL) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	cx.db = db_new(cx.conf, cx.conf->db_name);
	make(in, n);
	__atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
	while (!*go)
		nanosleep(&instant, NULL);
	confirm(in, n);
	return 0;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	int processes = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0;
	int count = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	int status, bad = 0;
	volatile int *shared;
	double start;

	if (processes < 1 || count < 1)
		return 2;
	mode = argv[1];
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < processes; i++)
		if (fork() == 0)
			_exit(work(count, &shared[0], &shared[1]));
	while (shared[0] < processes)
		nanosleep(&instant, NULL);
	start = seconds();
	shared[1] = 1;
	while (wait(&status) > 0)
		bad |= status;
	printf("%.0f\n", processes * count / (seconds() - start));
	return bad != 0;
}
