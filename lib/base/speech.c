#include <string.h>

#include "base/calendar.h"
#include "base/out.h"
#include "base/speech.h"
#include "base/str.h"

static const char *const languages[] = {
	"bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
	"hu", "it", "lt", "lv", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl",
	"sv", "uk", NULL
};

const char *const *
speech_languages(void)
{
	return languages;
}

static const struct speech *
find_in(const struct speech *table, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].code, code) == 0)
			return &table[i];
	return NULL;
}

const struct speech *
speech_find(const char *code)
{
	const struct speech *sp;

	if (code == NULL)
		return NULL;
	if (strcmp(code, "no") == 0)
		code = "nb";
	sp = find_in(speech_west, NELEM(speech_west), code);
	return sp != NULL ? sp :
	    find_in(speech_east, NELEM(speech_east), code);
}

char *
speech_fill(struct arena *a, const char *form, const char *const *text,
    size_t n)
{
	struct out o = { .arena = a };
	size_t at;

	out_text(&o, "");
	for (; *form != '\0'; form++) {
		if (form[0] != '%' || form[1] < '1' || form[1] > '9') {
			out_bytes(&o, form, 1);
			continue;
		}
		at = (size_t)(*++form - '1');
		if (at < n && text[at] != NULL)
			out_text(&o, text[at]);
	}
	return o.text;
}

/* The whole part of a number, in groups of three. */
static void
put_whole(struct out *o, const struct speech *sp, const char *digits, int n)
{
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0 && n >= sp->group_from)
			out_text(o, sp->group);
		out_bytes(o, digits + i, 1);
	}
}

char *
speech_amount(struct arena *a, const struct speech *sp, cents c)
{
	struct out number = { .arena = a };
	char text[CENTS_TEXT];
	const char *digits = cents_print(c, text), *filled[1];
	bool minus = *digits == '-';
	size_t whole = strcspn(digits += minus, ".");

	put_whole(&number, sp, digits, (int)whole);
	out_text(&number, sp->decimal);
	out_text(&number, digits + whole + 1);
	filled[0] = number.text;
	return arena_printf(a, "%s%s", minus ? "-" : "",
	    speech_fill(a, sp->euro, filled, 1));
}

char *
speech_percent(struct arena *a, const struct speech *sp, int64_t hundredths)
{
	struct out number = { .arena = a };
	char text[CENTS_TEXT];
	const char *digits = cents_print(hundredths, text), *filled[1];
	size_t whole = strcspn(digits, "."), n = strlen(digits);

	while (digits[n - 1] == '0')
		n--;
	out_bytes(&number, digits, whole);
	if (n > whole + 1) {
		out_text(&number, sp->decimal);
		out_bytes(&number, digits + whole + 1, n - whole - 1);
	}
	filled[0] = number.text;
	return speech_fill(a, sp->percent, filled, 1);
}

char *
speech_day(struct arena *a, const struct speech *sp, int64_t day)
{
	char iso[DAY_TEXT];
	int month;
	const char *filled[6];

	day_print(day, iso);
	month = (iso[5] - '0') * 10 + iso[6] - '0';
	filled[0] = arena_copy(a, iso + 8 + (iso[8] == '0'),
	    iso[8] == '0' ? 1 : 2);
	filled[1] = arena_copy(a, iso + 5 + (iso[5] == '0'),
	    iso[5] == '0' ? 1 : 2);
	filled[2] = arena_copy(a, iso, 4);
	filled[3] = arena_copy(a, iso + 8, 2);
	filled[4] = arena_copy(a, iso + 5, 2);
	filled[5] = sp->months == NULL ? NULL :
	    arena_copy(a, sp->months + 3 * (month - 1), 3);
	return speech_fill(a, sp->date, filled, NELEM(filled));
}
