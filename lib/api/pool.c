#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/pool.h"
#include "io/fcgi.h"

#define SLOTS_MAX	1024
#define TELL_MS		200		/* between two tellings to leave */

/* A child of the pool; the parent's own knowledge. */
struct slot {
	const struct job *job;
	pid_t		 pid;		/* 0: not running */
	time_t		 since;
};

static volatile sig_atomic_t leaving;

static void
on_leave(int sig)
{
	(void)sig;
	leaving = 1;
	fcgi_leave();
}

static void
on_child(int sig)
{
	(void)sig;
}

static void
handle(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	sigaction(sig, &sa, NULL);
}

bool
pool_leaving(void)
{
	return leaving != 0;
}

void
pool_sleep(int ms)
{
	if (!leaving)
		poll(NULL, 0, ms);
}

static void
start(struct slot *s, void *arg)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		handle(SIGCHLD, SIG_DFL);
		exit(getppid() != parent ? 0 : s->job->run(arg));
	}
	s->pid = pid < 0 ? 0 : pid;
	s->since = time(NULL);
}

static void
bury(struct slot *slots, size_t n, pid_t pid, int status)
{
	for (size_t i = 0; i < n; i++) {
		if (slots[i].pid != pid)
			continue;
		slots[i].pid = 0;
		if (!leaving && WIFSIGNALED(status))
			fprintf(stderr, "{\"what\":\"pool\",\"why\":\"%s %ld"
			    " ended by signal %d; another takes its"
			    " place\"}\n", slots[i].job->name, (long)pid,
			    WTERMSIG(status));
	}
}

static void
reap(struct slot *slots, size_t n)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		bury(slots, n, pid, status);
}

/* Starts what is missing; one that did not live a second waits for it. */
static void
fill(struct slot *slots, size_t n, void *arg)
{
	time_t now = time(NULL);

	for (size_t i = 0; i < n; i++)
		if (slots[i].pid == 0 && now - slots[i].since > 1)
			start(&slots[i], arg);
}

static void
dismiss(struct slot *slots, size_t n)
{
	size_t left;

	do {
		left = 0;
		reap(slots, n);
		for (size_t i = 0; i < n; i++)
			left += slots[i].pid != 0 &&
			    kill(slots[i].pid, SIGTERM) == 0;
		if (left > 0)
			poll(NULL, 0, TELL_MS);
	} while (left > 0);
}

int
pool_run(const struct job *jobs, void *arg)
{
	struct slot slots[SLOTS_MAX] = { 0 };
	size_t n = 0;

	for (; jobs->name != NULL; jobs++)
		for (int64_t i = 0; i < jobs->n && n < SLOTS_MAX; i++)
			slots[n++].job = jobs;
	handle(SIGTERM, on_leave);
	handle(SIGINT, on_leave);
	handle(SIGCHLD, on_child);
	handle(SIGPIPE, SIG_IGN);
	while (!leaving) {
		reap(slots, n);
		fill(slots, n, arg);
		poll(NULL, 0, 1000);
	}
	dismiss(slots, n);
	return 0;
}
