/*
 * fuzz_amount.c - the short values: amounts, numbers, days, account numbers,
 * addresses, time zones.  What is read and written is read as the same.
 */
#include "base/calendar.h"
#include "base/iban.h"
#include "base/letter.h"
#include "base/money.h"
#include "base/zone.h"
#include "fuzz.h"
#include "io/web.h"

static void
amount(const char *text)
{
	char once[CENTS_TEXT], twice[CENTS_TEXT];
	cents c, back, zero;
	struct money m;

	if (!cents_parse(text, &c))
		return;
	must(cents_parse(cents_print(c, once), &back) && back == c);
	must(strcmp(cents_print(back, twice), once) == 0);
	must(!cents_sub(c, c, &zero) || zero == 0);
	must(!cents_add(c, back, &zero) || zero == 2 * c);
	if (c < 0 || c > CENTS_AMOUNT)
		return;
	m = money_of(CENTS_AMOUNT / 2, c);
	must(c + m.remaining - m.overpaid == CENTS_AMOUNT / 2);
	must(money_fee(m.overpaid) <= m.overpaid);
	must(money_rate(c, 9999, 100) <= c);
}

static void
day(const char *text)
{
	char back[DAY_TEXT], stamp[TIME_TEXT];
	int64_t d, again;

	if (!day_parse(text, &d))
		return;
	must(strncmp(day_print(d, back), text, 10) == 0);
	must(day_parse(time_print(d * DAY_SECONDS, stamp), &again));
	must(again == d && day_of(d * DAY_SECONDS + 86399) == d);
	must(day_months(d, 1) - d >= 28 - 3 && day_months(d, 1) - d <= 31);
	if (zone_known(text + 10)) {
		again = zone_day(text + 10, zone_at(text + 10, d, 12));
		must(again == d || d < 0 || d > 100000);
	}
}

static void
account(struct arena *a, const char *text)
{
	char iban[IBAN_TEXT], again[IBAN_TEXT];
	size_t i;
	char *slip;

	if (iban_parse(text, iban) != NULL)
		return;
	must(iban_parse(iban, again) == NULL && strcmp(iban, again) == 0);
	slip = arena_copy(a, iban, strlen(iban));
	i = strlen(iban) - 1;
	if (iban[i] >= '0' && iban[i] <= '9') {
		slip[i] = slip[i] == '7' ? '8' : '7';
		must(iban_parse(slip, again) != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	const char *text = fuzz_text(a, &in);
	int64_t i;

	amount(text);
	day(text);
	account(a, text);
	if (str_int(text, &i))
		must(strtoll(arena_printf(a, "%" PRId64, i), NULL, 10) == i);
	must(!letter_address(text) || (strchr(text, '@') != NULL &&
	    strpbrk(text, "<> \r\n\t,;:\"()[]\\") == NULL));
	must(!letter_phone(text) || strpbrk(text, "<> \r\n@") == NULL);
	must(!zone_known(text) || strstr(text, "..") == NULL);
	must(!str_origin(text) || strcmp(str_origin_of(a, text), text) == 0);
	(void)web_public(text);
	return 0;
}
