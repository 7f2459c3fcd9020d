#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cx.h"
#include "base/fault.h"
#include "io/child.h"

#define TURN_MS		20
#define FILES_MAX	65536
#define NO_EXEC		127		/* as a shell says it */

/* In the child.  Until exec only what a signal handler may do. */
static void
become(char *const argv[], char *const env[])
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	long max = sysconf(_SC_OPEN_MAX);
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	for (int i = 0; i < 3; i++)
		if (null < 0 || dup2(null, i) < 0)
			_exit(NO_EXEC);
	if (max < 0 || max > FILES_MAX)
		max = FILES_MAX;
	for (int i = 3; i < max; i++)
		(void)close(i);
	(void)execve(argv[0], argv, env);
	_exit(NO_EXEC);
}

/* Its status; false if it had to be killed. */
static bool
wait_for(pid_t pid, int ms, int *status)
{
	int64_t end = cx_milliseconds() + ms;

	while (waitpid(pid, status, WNOHANG) == 0) {
		if (cx_milliseconds() < end) {
			poll(NULL, 0, TURN_MS);
			continue;
		}
		kill(-pid, SIGKILL);
		while (waitpid(pid, status, 0) < 0 && errno == EINTR)
			;
		return false;
	}
	return true;
}

const char *
child_run(struct arena *a, char *const argv[], char *const env[], int ms)
{
	int status = 0;
	pid_t pid;

	if (argv[0][0] != '/')
		return "the command is no whole path";
	if (access(argv[0], X_OK) != 0)
		return arena_printf(a, "the command: %s", strerror(errno));
	if (fault() || (pid = fork()) < 0)
		return "the command cannot be started";
	if (pid == 0)
		become(argv, env);
	setpgid(pid, pid);		/* whoever of the two is first */
	if (!wait_for(pid, ms, &status))
		return arena_printf(a, "the command took more than %d s",
		    ms / 1000);
	if (WIFSIGNALED(status))
		return arena_printf(a, "the command ended by signal %d",
		    WTERMSIG(status));
	return WEXITSTATUS(status) == 0 ? NULL : arena_printf(a,
	    "the command ended with %d", WEXITSTATUS(status));
}
