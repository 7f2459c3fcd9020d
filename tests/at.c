/*
 * at.c - preloaded by tests/at: for the programs of a test it is AT_SECONDS
 * later than it is.  Only the time of day moves; what counts seconds by a
 * monotonic clock does not, and waits until a moment end when they should.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t offset;

__attribute__((constructor)) static void
read_offset(void)
{
	const char *text = getenv("AT_SECONDS");

	offset = text == NULL ? 0 : (time_t)atoll(text);
}

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	int rc = (int)syscall(SYS_clock_gettime, clock, t);

	if (rc == 0 && (clock == CLOCK_REALTIME ||
	    clock == CLOCK_REALTIME_COARSE))
		t->tv_sec += offset;
	return rc;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec t;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &t) != 0)
		return -1;
	tv->tv_sec = t.tv_sec;
	tv->tv_usec = t.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_REALTIME, &t);
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}

int
timespec_get(struct timespec *t, int base)
{
	return clock_gettime(CLOCK_REALTIME, t) == 0 ? base : 0;
}

/* The kernel's moment for one of ours; one of a monotonic clock, which is far
 * from any date, is left. */
static struct timespec
real(const struct timespec *t)
{
	struct timespec now, r = *t;

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	if (t->tv_sec > now.tv_sec / 2)
		r.tv_sec -= offset;
	return r;
}

/* The libc's own; pthread_cond_t has two forms, of which this is the new. */
static void *
next(const char *name)
{
	void *f = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");

	if (f == NULL)
		f = dlvsym(RTLD_NEXT, name, "GLIBC_2.17");
	return f != NULL ? f : dlsym(RTLD_NEXT, name);
}

int
pthread_cond_timedwait(pthread_cond_t *restrict c,
    pthread_mutex_t *restrict m, const struct timespec *restrict t)
{
	static int (*f)(pthread_cond_t *, pthread_mutex_t *,
	    const struct timespec *);
	struct timespec r = real(t);

	if (f == NULL)
		*(void **)&f = next("pthread_cond_timedwait");
	return f(c, m, &r);
}

int
pthread_mutex_timedlock(pthread_mutex_t *restrict m,
    const struct timespec *restrict t)
{
	static int (*f)(pthread_mutex_t *, const struct timespec *);
	struct timespec r = real(t);

	if (f == NULL)
		*(void **)&f = dlsym(RTLD_NEXT, "pthread_mutex_timedlock");
	return f(m, &r);
}

int
sem_timedwait(sem_t *restrict s, const struct timespec *restrict t)
{
	static int (*f)(sem_t *, const struct timespec *);
	struct timespec r = real(t);

	if (f == NULL)
		*(void **)&f = dlsym(RTLD_NEXT, "sem_timedwait");
	return f(s, &r);
}
