/*
 * test_punycode.c - host names beyond ASCII: RFC 3492's own samples, and
 * domains that exist.
 */
#include "base/punycode.h"
#include "tap.h"

static const struct { const char *host, *want; } rows[] = {
	{ "example.com", "example.com" },
	{ "Example.COM", "example.com" },
	{ "bücher.example", "xn--bcher-kva.example" },
	{ "BÜCHER.example", "xn--bcher-kva.example" },
	{ "münchen.de", "xn--mnchen-3ya.de" },
	{ "straße.de", "xn--strae-oqa.de" },
	{ "пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f" },
	{ "Пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f" },
	{ "παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp" },
	{ "例え.テスト", "xn--r8jz45g.xn--zckzah" },
	{ "ليهمابتكلموشعربي؟", "xn--egbpdaj6bu4bxfgehfvwxn" },
	{ "他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye" },
	{ "\xf0\x9f\x98\x80.la", "xn--e28h.la" },
	{ "żółw.pl", "xn--w-uga1v8h.pl" },
	{ "bad\xff.com", NULL },
	{ "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.de", NULL },
};

int
main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < NELEM(rows); i++)
		is_str(punycode_host(a, rows[i].host), rows[i].want, "%s",
		    rows[i].host);
	arena_free(a);
	return tap_done();
}
