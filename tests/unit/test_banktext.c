/* What banks put into payers' texts hides no reference. */
#include "base/banktext.h"
#include "base/reference.h"
#include "tap.h"

#define KEY	"DP260330XA6HSX"

static const struct { const char *text, *shows; } hidden[] = {
	{ "DP-260330<br>-XA6HSX", "a line break of HTML" },
	{ "DP-260330<BR />-XA6HSX", "in its other form" },
	{ "DP&#45;260330&#45;XA6HSX", "a hyphen as an entity" },
	{ "DP&#x2d;260330&#x2D;XA6HSX", "in hex" },
	{ "DP&nbsp;260330&nbsp;XA6HSX", "a blank as an entity" },
	{ "DP%2D260330%2dXA6HSX", "percent encoding" },
	{ "DP-2603?2130-XA6?22HSX", "fields of MT940" },
	{ "DP-260330\\n-XA6HSX", "a line's end as an escape" },
	{ "\xef\xbc\xa4\xef\xbc\xb0\xef\xbc\x8d" "260330-XA6HSX", "full-width letters" },
	{ "DP-260330-\xe2\x80\x8bXA6HSX &amp; Co", "a zero-width blank, and an entity elsewhere" },
};

static const char *const plain[] = {
	"DP-260330-XA6HSX", "100 % sure? 20 euros", "a < b & c", "5%", "?2", "\\",
};

int
main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < NELEM(hidden); i++) {
		char *text = banktext_plain(a, hidden[i].text);

		is_true(text != NULL && strncmp(reference_key(a, text), KEY,
		    strlen(KEY)) == 0, "%s", hidden[i].shows);
	}
	for (size_t i = 0; i < NELEM(plain); i++)
		is_true(banktext_plain(a, plain[i]) == NULL, "nothing to do: %s",
		    plain[i]);
	arena_free(a);
	return tap_done();
}
