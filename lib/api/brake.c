#define _DEFAULT_SOURCE	/* MAP_ANONYMOUS, in POSIX since 2024 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/mman.h>

#include "api/brake.h"
#include "io/seal.h"

#define PLACES	8192		/* of each kind */

struct brake {
	unsigned char	seed[SEAL_SEED];
	struct place {
		uint64_t	 who;
		int64_t		 window;
		int64_t		 n;
	} place[BRAKE__MAX][PLACES];
};

struct brake *
brake_new(void)
{
	void *p = mmap(NULL, sizeof(struct brake), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct brake *b = p;

	if (p == MAP_FAILED)
		return NULL;
	seal_random(b->seed, sizeof(b->seed));
	return b;
}

enum err
brake(struct cx *cx, enum brake_kind kind, const char *text,
    struct brake_limit limit, int more)
{
	struct brake *b = cx->brake;
	int64_t window, n;
	struct place *p;
	uint64_t who;

	if (b == NULL || limit.max == 0)
		return 0;
	who = seal_short(b->seed, text);
	window = cx->now / limit.seconds;
	p = &b->place[kind][who % PLACES];
	if (__atomic_load_n(&p->who, __ATOMIC_ACQUIRE) != who ||
	    __atomic_load_n(&p->window, __ATOMIC_ACQUIRE) != window) {
		if (more == 0)
			return 0;
		__atomic_store_n(&p->n, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&p->who, who, __ATOMIC_RELEASE);
		__atomic_store_n(&p->window, window, __ATOMIC_RELEASE);
	}
	n = __atomic_add_fetch(&p->n, more, __ATOMIC_RELAXED);
	if (n <= limit.max - (more == 0))
		return 0;
	cx->retry_after = limit.seconds - cx->now % limit.seconds;
	return fail(cx, ERR_LIMIT, "too often");
}

const char *
brake_address(struct arena *a, const char *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char b[16];
	char text[INET_ADDRSTRLEN];

	if (inet_pton(AF_INET6, address, b) != 1)
		return address;
	if (memcmp(b, mapped, sizeof(mapped)) != 0)
		return arena_printf(a, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::",
		    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
	inet_ntop(AF_INET, b + 12, text, sizeof(text));
	return arena_copy(a, text, strlen(text));
}
