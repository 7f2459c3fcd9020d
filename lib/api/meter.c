#define _DEFAULT_SOURCE	/* MAP_ANONYMOUS, in POSIX since 2024 */
#include <string.h>
#include <sys/mman.h>

#include "api/meter.h"

#define ROWS	512
#define NAME	32

/* Upper bounds, in milliseconds. */
static const int64_t bounds[] = { 1, 5, 10, 25, 50, 100, 250, 1000, 5000 };

struct meter {
	struct row {
		int64_t	taken;		/* 0 free, 1 being named, 2 named */
		char	action[NAME];
		int64_t	status, n, ms;
		int64_t	within[NELEM(bounds)];
	} row[ROWS];
};

struct meter *
meter_new(void)
{
	void *p = mmap(NULL, sizeof(struct meter), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int64_t
add(int64_t *n, int64_t more)
{
	return __atomic_add_fetch(n, more, __ATOMIC_RELAXED);
}

/* Two processes may take a row each for the same kind: both are printed
 * together. */
static struct row *
find(struct meter *m, const char *action, int64_t status)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct row *r = &m->row[i];
		int64_t none = 0;

		if (__atomic_load_n(&r->taken, __ATOMIC_ACQUIRE) == 2 &&
		    r->status == status && strncmp(r->action, action,
		    NAME - 1) == 0)
			return r;
		if (!__atomic_compare_exchange_n(&r->taken, &none, 1, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			continue;
		strncpy(r->action, action, NAME - 1);
		r->status = status;
		__atomic_store_n(&r->taken, 2, __ATOMIC_RELEASE);
		return r;
	}
	return NULL;
}

void
meter_count(struct meter *m, const char *action, int64_t status, int64_t ms)
{
	struct row *r = m == NULL ? NULL : find(m, action, status);

	if (r == NULL)
		return;
	add(&r->n, 1);
	add(&r->ms, ms);
	for (size_t i = 0; i < NELEM(bounds); i++)
		if (ms <= bounds[i])
			add(&r->within[i], 1);
}

/* All rows of the same kind; false if an earlier row was the first of it. */
static bool
gather(const struct meter *m, size_t at, struct row *sum)
{
	const struct row *first = &m->row[at];

	*sum = *first;
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *r = &m->row[i];

		if (i == at || r->taken != 2 || r->status != first->status ||
		    strcmp(r->action, first->action) != 0)
			continue;
		if (i < at)
			return false;
		sum->n += r->n;
		sum->ms += r->ms;
		for (size_t j = 0; j < NELEM(bounds); j++)
			sum->within[j] += r->within[j];
	}
	return true;
}

static void
print_row(const struct row *r, struct out *o)
{
	for (size_t i = 0; i < NELEM(bounds); i++)
		out_printf(o, "dapit_request_seconds_bucket{action=\"%s\","
		    "status=\"%" PRId64 "\",le=\"%" PRId64 ".%03" PRId64
		    "\"} %" PRId64 "\n", r->action, r->status,
		    bounds[i] / 1000, bounds[i] % 1000, r->within[i]);
	out_printf(o, "dapit_request_seconds_bucket{action=\"%s\",status=\"%"
	    PRId64 "\",le=\"+Inf\"} %" PRId64 "\n"
	    "dapit_request_seconds_sum{action=\"%s\",status=\"%" PRId64
	    "\"} %" PRId64 ".%03" PRId64 "\n"
	    "dapit_request_seconds_count{action=\"%s\",status=\"%" PRId64
	    "\"} %" PRId64 "\n", r->action, r->status, r->n, r->action,
	    r->status, r->ms / 1000, r->ms % 1000, r->action, r->status,
	    r->n);
}

void
meter_print(const struct meter *m, struct out *o)
{
	struct row sum;

	out_text(o, "# HELP dapit_request_seconds Requests by action and HTTP"
	    " status.\n# TYPE dapit_request_seconds histogram\n");
	for (size_t i = 0; m != NULL && i < ROWS; i++)
		if (m->row[i].taken == 2 && gather(m, i, &sum))
			print_row(&sum, o);
}
