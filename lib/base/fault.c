#include "base/fault.h"

#ifdef FAULTS
int	fault_at, fault_count;

bool
fault(void)
{
	return ++fault_count == fault_at;
}
#endif
