/*
 * fuzz_recurring.c - requests to recurring.fcgi, by its own rows.
 */
int	recurring_main(int, char **);
#define main recurring_main
#include "recurring.c"
#undef main

#include "request.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	request(actions, p, n);
	return 0;
}
