#define _DEFAULT_SOURCE	/* MAP_ANONYMOUS, in POSIX since 2024 */
#include <sys/mman.h>

#include "api/brake.h"

#define PLACES	8192

struct brake {
	struct place {
		uint64_t	 who;
		int64_t		 window;
		int64_t		 n;
	} place[PLACES];
};

struct brake *
brake_new(void)
{
	void *p = mmap(NULL, sizeof(struct brake), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* FNV-1a, of 64 bits. */
static uint64_t
mix(uint64_t h, const char *text)
{
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

bool
brake_over(struct brake *b, const char *kind, const char *text, int64_t now,
    int64_t seconds, int64_t max, int more)
{
	uint64_t who = mix(mix(UINT64_C(0xcbf29ce484222325), kind), text);
	int64_t window = now / seconds;
	struct place *p;

	if (b == NULL || max == 0)
		return false;
	p = &b->place[who % PLACES];
	if (__atomic_load_n(&p->who, __ATOMIC_RELAXED) != who ||
	    __atomic_load_n(&p->window, __ATOMIC_RELAXED) != window) {
		if (more == 0)
			return false;
		__atomic_store_n(&p->who, who, __ATOMIC_RELAXED);
		__atomic_store_n(&p->window, window, __ATOMIC_RELAXED);
		__atomic_store_n(&p->n, 0, __ATOMIC_RELAXED);
	}
	return __atomic_add_fetch(&p->n, more, __ATOMIC_RELAXED) > max -
	    (more == 0);
}
