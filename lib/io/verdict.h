/*
 * verdict.h - what became of a message that was handed to somebody.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/base.h"

enum fate {
	FATE_SENT,		/* it was taken */
	FATE_LATER,		/* it was not; it may be next time */
	FATE_NEVER,		/* it never will be */
	FATE_UNKNOWN,		/* nobody can tell whether it was */
	FATE_PARK,		/* not its fault: nothing of this sender is */
};

struct verdict {
	enum fate	 fate;
	int64_t		 code;		/* theirs; 0: no answer */
	int64_t		 pause;		/* seconds, of FATE_PARK; else 0 */
	const char	*error;		/* NULL: none; belongs to the call */
	const char	*id;		/* theirs, or NULL */
};

#endif
