/*
 * fuzz_gateway.c - requests to gateway.fcgi, by its own rows.
 */
int	gateway_main(int, char **);
#define main gateway_main
#include "gateway.c"
#undef main

#include "request.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	request(actions, p, n);
	return 0;
}
