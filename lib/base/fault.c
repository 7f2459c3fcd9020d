#include "base/fault.h"

#ifdef FAULTS
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int	fault_at, fault_count;

/* The step that DAPIT_KILL_AT counts to kills the process DAPIT_KILL_PID, or
 * this one. */
static void
kill_at(int n)
{
	const char *at = getenv("DAPIT_KILL_AT");
	const char *pid = getenv("DAPIT_KILL_PID");

	if (at != NULL && strtol(at, NULL, 10) == n)
		(void)kill(pid == NULL ? getpid() :
		    (pid_t)strtol(pid, NULL, 10), SIGKILL);
}

bool
fault(void)
{
	kill_at(++fault_count);
	return fault_count == fault_at;
}
#endif
