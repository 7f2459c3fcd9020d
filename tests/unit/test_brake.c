/*
 * test_brake.c - who asks too often is refused, and nobody else.
 */
#include "api/brake.h"
#include "tap.h"

static const struct { const char *address, *want, *shows; } addresses[] = {
	{ "192.0.2.7", "192.0.2.7", "an IPv4 address is itself" },
	{ "::ffff:192.0.2.7", "192.0.2.7", "also inside an IPv6 one" },
	{ "2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::", "IPv6 by its first half" },
	{ "2001:DB8:1:2::1", "2001:0db8:0001:0002::", "however it is spelled" },
	{ "2001:db8:1:3::1", "2001:0db8:0001:0003::", "the next is another" },
	{ "unix:", "unix:", "what is no address" },
	{ "", "", "nothing" },
};

/* One after the other, with room for two in ten seconds. */
static const struct {
	int64_t		 at;
	enum brake_kind	 kind;
	const char	*who;
	int		 more;
	int64_t		 after;		/* seconds to wait; 0: taken */
	const char	*shows;
} asked[] = {
	{ 100, BRAKE_KEY, "1", 1, 0, "the first" },
	{ 101, BRAKE_KEY, "1", 1, 0, "the second" },
	{ 103, BRAKE_KEY, "1", 1, 7, "the third waits until the window ends" },
	{ 103, BRAKE_KEY, "2", 1, 0, "another does not" },
	{ 103, BRAKE_TOKEN, "1", 1, 0, "nor the same text of another kind" },
	{ 104, BRAKE_TOKEN, "1", 0, 0, "to ask counts nothing" },
	{ 104, BRAKE_TOKEN, "1", 0, 0, "also twice" },
	{ 104, BRAKE_TOKEN, "1", 1, 0, "there is room for one" },
	{ 104, BRAKE_TOKEN, "1", 0, 6, "then asking says that it is full" },
	{ 109, BRAKE_KEY, "1", 1, 1, "a second before the end" },
	{ 110, BRAKE_KEY, "1", 1, 0, "the next window" },
	{ 104, BRAKE_KEY, "1", 1, 0, "a clock that went back is another window" },
};

int
main(void)
{
	struct cx cx = { .arena = arena_new() };
	const struct brake_limit two = { 10, 2 };
	char text[32];
	bool other = false;

	for (size_t i = 0; i < NELEM(addresses); i++)
		is_str(brake_address(cx.arena, addresses[i].address),
		    addresses[i].want, "%s", addresses[i].shows);
	is_int(brake(&cx, BRAKE_KEY, "1", two, 1), 0, "no memory, no limit");
	cx.brake = brake_new();
	for (size_t i = 0; i < NELEM(asked); i++) {
		cx.now = asked[i].at;
		cx.retry_after = 0;
		fail_clear(&cx);
		is_int(brake(&cx, asked[i].kind, asked[i].who, two,
		    asked[i].more), asked[i].after == 0 ? 0 : ERR_LIMIT, "%s",
		    asked[i].shows);
		is_int(cx.retry_after, asked[i].after, "%s: how long",
		    asked[i].shows);
	}
	is_int(brake(&cx, BRAKE_KEY, "1", (struct brake_limit){ 10, 0 }, 1), 0,
	    "a limit of 0 is none");
	/* a flood of others may weaken a limit, and never makes one */
	for (int i = 0; i < 100000 && !other; i++) {
		snprintf(text, sizeof(text), "%d", i);
		cx.now = 200;
		other = brake(&cx, BRAKE_KEY, text, two, 1) != 0;
	}
	is_true(!other, "of 100,000 that ask once nobody is refused");
	arena_free(cx.arena);
	return tap_done();
}
