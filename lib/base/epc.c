#include <string.h>

#include "base/epc.h"
#include "base/out.h"
#include "base/str.h"

/* The bytes of the first n characters of a UTF-8 text. */
static size_t
bytes_of(const char *text, size_t n)
{
	size_t i = 0;

	for (; text[i] != '\0'; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return i;
}

/* One line: at most n characters and max bytes, and no line break. */
static const char *
line(struct arena *a, const char *text, size_t n, size_t max)
{
	size_t len = bytes_of(text, n);
	char *cut = str_cut(a, arena_copy(a, text, len), max);

	for (char *p = cut; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return cut;
}

const char *
epc_print(struct arena *a, const struct epc *p)
{
	static const char form[] = "BCD\n002\n1\nSCT\n\n%s\n%s\nEUR%s\n\n\n%s";
	const char *text = line(a, p->text, EPC_TEXT, 2 * EPC_TEXT);
	char amount[CENTS_TEXT];
	size_t rest;

	cents_print(p->amount, amount);
	rest = strlen(form) - strlen("%s%s%s%s") + strlen(p->iban) +
	    strlen(amount) + strlen(text);
	return arena_printf(a, form, line(a, p->name, EPC_NAME,
	    rest < EPC_BYTES ? EPC_BYTES - rest : 0), p->iban, amount, text);
}
