#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/cx.h"
#include "base/str.h"

int64_t
cx_moved(const struct conf *cf)
{
	char text[32] = "";
	int64_t seconds = 0;
	int fd;

	if (cf == NULL || cf->clock_file[0] == '\0' ||
	    cf->bank[PRODUCTION].iban[0] != '\0')
		return 0;
	if ((fd = open(cf->clock_file, O_RDONLY)) == -1)
		return 0;
	if (read(fd, text, sizeof(text) - 1) <= 0 || !str_int(text, &seconds))
		seconds = 0;
	close(fd);
	return seconds;
}

int64_t
cx_milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
cx_tick(struct cx *cx)
{
	cx->now = (int64_t)time(NULL) + cx_moved(cx->conf);
}

void
cx_begin(struct cx *cx)
{
	arena_reset(cx->arena);
	fail_clear(cx);
	cx_tick(cx);
	cx->address = "";
	cx->merchant = 0;
	cx->half_up = false;
	cx->again = false;
	cx->key = 0;
	cx->environment = STAGING;
}
