/*
 * test_notice.c - the texts of notices: whole in every language, escaped in
 * HTML, and never more than two SMS.
 */
#include <string.h>

#include "base/gsm.h"
#include "base/notice.h"
#include "base/out.h"
#include "base/speech.h"
#include "base/str.h"
#include "tap.h"

#define TEN	"abcdefghij"
#define FIFTY	TEN TEN TEN TEN TEN
#define S70	FIFTY TEN TEN
#define S160	FIFTY FIFTY FIFTY TEN
#define EVIL	"<script>\"'&"
#define LINK114	"https://pay.gateway.example/checkout/?session=" FIFTY \
		TEN "abcdefgh"
#define SHORT	"https://pay.example/s/abcdefgh"
#define LONG	"Международен Fitnessclub Łódź – Swimming & Sauna e. V."

static const struct {
	const char	*text;
	int64_t		 segments;
	bool		 unicode;
	const char	*shows;
} counts[] = {
	{ "",			1, false, "an empty text" },
	{ S160,			1, false, "160 characters" },
	{ S160 "k",		2, false, "161" },
	{ FIFTY FIFTY FIFTY "abcdefgh€", 1, false, "158 and a euro sign: 160" },
	{ FIFTY FIFTY FIFTY "abcdefghi€", 2, false, "159 and a euro sign: 161" },
	{ S160 FIFTY FIFTY FIFTY "abcdef", 3, false, "316: more than twice 153" },
	{ S160 FIFTY FIFTY TEN TEN TEN TEN "abcdef", 2, false, "306: twice 153" },
	{ FIFTY FIFTY FIFTY "ab€" FIFTY FIFTY FIFTY "ab", 3, false,
	  "a euro sign that would be cut, in the next segment" },
	{ "^{}\\[~]|€\f",	1, false, "the extension table" },
	{ "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r", 1, false, "the letters of GSM-7" },
	{ S70,			1, false, "70 plain letters" },
	{ "ș",			1, true,  "a letter that GSM-7 has not" },
	{ "ç",			1, true,  "a small c with a cedilla" },
	{ "`",			1, true,  "the one sign of ASCII that it has not" },
	{ "\u00a0",		1, true,  "a hard blank" },
	{ FIFTY TEN "abcdefghiș", 1, true, "70 characters of UCS-2" },
	{ FIFTY TEN "abcdefghijș", 2, true, "71" },
	{ FIFTY TEN "abcdefgh😀", 1, true, "an emoji is two: 70" },
	{ FIFTY TEN "abcdefghi😀", 2, true, "an emoji is two: 71" },
	{ FIFTY TEN "abcdefș" FIFTY TEN "abcdefg", 2, true, "134: twice 67" },
	{ FIFTY TEN "abcdef😀" FIFTY TEN "abcdef", 3, true, "134, but an emoji is not cut" },
	{ "\xff",		1, true,  "a byte that is not UTF-8" },
};

static const struct {
	const char	*text, *want;
	const char	*shows;
} folds[] = {
	{ "Pay 5 € now",		"Pay 5 € now", "GSM-7 stays" },
	{ "Käse für Ñandú, à la Ærø",	"Käse für Ñandu, à la Ærø", "so do its own letters" },
	{ "Zażółć gęślą jaźń",		"Zazolc gesla jazn", "Polish" },
	{ "Příliš žluťoučký kůň ďábel", "Prilis zlutoucky kun dabel", "Czech" },
	{ "Árvíztűrő tükörfúrógép",	"Arviztürö tükörfurogép", "Hungarian" },
	{ "șțăâî ŞŢ",			"staai ST", "Romanian, with both cedillas" },
	{ "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ",	"aceeisuuz ACEEISUUZ", "Lithuanian" },
	{ "āčēģīķļņšūž",		"acegiklnsuz", "Latvian" },
	{ "õ ħ ġ ż đ ð Þ œ ı ł",	"o h g z d d TH oe i l", "others" },
	{ "Πληρωμή έως",		"ΠΛHPΩMH EΩΣ", "Greek in capitals" },
	{ "Плащане, щъркел",		"Plashtane, shtarkel", "Bulgarian" },
	{ "Їжак, ґанок, Єва",		"Yizhak, ganok, Yeva", "Ukrainian" },
	{ "“a” ‘b’ „c‟ «d» – — …",	"\"a\" 'b' \"c\" \"d\" - - ...", "typographic signs" },
	{ "5\u00a0€ 1\u202f000",	"5 € 1 000", "hard blanks" },
	{ "e\u0301a\u00adb\u200b",	"eab", "marks, soft hyphens, nothing" },
	{ "a😀b 漢",			"a?b ?", "what has no near one" },
	{ "a\xff",			"a?", "a byte that is not UTF-8" },
	{ "",				"", "empty" },
};

static const struct {
	const char	*code;
	cents		 amount;
	const char	*text;
} amounts[] = {
	{ "en", 9405,		"€94.05" },
	{ "en", 123456789,	"€1,234,567.89" },
	{ "en", -495,		"-€4.95" },
	{ "en", 0,		"€0.00" },
	{ "de", 9405,		"94,05\u00a0€" },
	{ "de", 123405,		"1.234,05\u00a0€" },
	{ "es", 123405,		"1234,05\u00a0€" },
	{ "es", 1234505,	"12.345,05\u00a0€" },
	{ "fr", 123456789,	"1\u202f234\u202f567,89\u00a0€" },
	{ "nl", 123405,		"€\u00a01.234,05" },
	{ "nl", -123405,	"-€\u00a01.234,05" },
	{ "hu", 123405,		"1234,05\u00a0EUR" },
	{ "lt", 123405,		"1\u00a0234,05\u00a0€" },
	{ "ga", 123405,		"€1,234.05" },
	{ "mt", 5,		"€0.05" },
	{ "de", CENTS_MAX,	"90.071.992.547.409,91\u00a0€" },
};

static const struct {
	const char	*code;
	int64_t		 day;
	const char	*text;
} days[] = {
	{ "en", 20546,	"3 Apr 2026" },
	{ "de", 20546,	"3.4.2026" },
	{ "bg", 20546,	"3.04.2026\u00a0г." },
	{ "cs", 20546,	"3.\u00a04.\u00a02026" },
	{ "fr", 20546,	"03/04/2026" },
	{ "hu", 20546,	"2026.\u00a004.\u00a003." },
	{ "lt", 20546,	"2026-04-03" },
	{ "nl", 20818,	"31-12-2026" },
	{ "en", 20818,	"31 Dec 2026" },
	{ "en", 0,	"1 Jan 1970" },
};

static const struct {
	const char	*code;
	int64_t		 hundredths;
	const char	*text;
} percents[] = {
	{ "en", 500,	"5%" },
	{ "en", 550,	"5.5%" },
	{ "de", 525,	"5,25\u00a0%" },
	{ "fr", 1000,	"10\u202f%" },
	{ "en", 10000,	"100%" },
	{ "en", 1,	"0.01%" },
};

static const struct notice_item bought[] = {
	{ "Membership", "1", "79.00" },
	{ "Towel", "2", "20.00" },
	{ "Locker", NULL, NULL },
};

static const struct notice sample = {
	.language = "en", .merchant_name = "Gym Uno",
	.customer_name = "Anna Maier", .description = "April 2026",
	.item = bought, .items = NELEM(bought), .original_amount = 9900,
	.amount = 9405, .discount_percent = 500, .due_day = 20546,
	.reference = "DP-260403-XA6HSX", .link = LINK114,
	.stop_link = "https://pay.gateway.example/stop/abc?a=1&b=2"
};

static const char sample_text[] =
	"Hello Anna Maier,\n\n"
	"Gym Uno asks you for the following payment.\n\n"
	"April 2026\n"
	"- 1\u00a0×\u00a0Membership: 79.00\n"
	"- 2\u00a0×\u00a0Towel: 20.00\n"
	"- Locker\n\n"
	"Original amount: €99.00\n"
	"Discount (5%): -€4.95\n"
	"Amount to pay: €94.05\n"
	"Due date: 3 Apr 2026\n"
	"Reference: DP-260403-XA6HSX\n\n"
	"Pay now\n" LINK114 "\n\n"
	"You get this message because you agreed with Gym Uno to pay "
	"regularly.\n\n"
	"You can stop these payments at any time here:\n"
	"https://pay.gateway.example/stop/abc?a=1&b=2\n";

/* An SMS, step by step. */
static const struct {
	const char	*language, *merchant, *link, *short_link;
	int64_t		 reminder;
	const char	*want;		/* NULL: only that it fits */
	const char	*shows;
} messages[] = {
	{ "en", "Gym Uno", SHORT, NULL, 0,
	  "Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "with the day" },
	{ "en", "Gym Uno", SHORT, NULL, 1,
	  "Reminder: Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "a reminder" },
	{ "en", NULL, SHORT, NULL, 0,
	  ": please pay €94.05 by 3 Apr 2026: " SHORT, "no merchant" },
	{ "xx", "Gym Uno", SHORT, NULL, 0,
	  "Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "an unknown language is English" },
	{ "bg", "Фитнес", SHORT, NULL, 0,
	  "Фитнес: моля, платете 94,05 € до 3.04.2026 г. " SHORT, "in its own letters" },
	{ "pl", "Siłownia", "https://pay.example/" FIFTY "abcdefghijklmnop", NULL, 0,
	  "Siłownia: prosimy o wpłatę 94,05 €: https://pay.example/" FIFTY "abcdefghijklmnop",
	  "without the day" },
	{ "pl", "Siłownia i basen Łódź Śródmieście", "https://pay.example/" FIFTY "abcdefghij", NULL, 0,
	  "Siłownia i basen Łódź Śr.: prosimy o wpłatę 94,05 €: https://pay.example/" FIFTY "abcdefghij",
	  "24 characters of the name" },
	{ "pl", "Siłownia ab Łódź Śródmieście", "https://pay.example/" FIFTY "abcdefghijklmnopqr", NULL, 0,
	  "Siłownia ab.: prosimy o wpłatę 94,05 €: https://pay.example/" FIFTY "abcdefghijklmnopqr",
	  "12 characters of the name, none of them a blank at its end" },
	{ "pl", "Siłownia", LINK114, NULL, 0,
	  "Silownia: prosimy o wplate 94,05 € do 3.04.2026: " LINK114, "in GSM-7" },
	{ "de", "Fitness 😀", LINK114, NULL, 0,
	  "Fitness ?: Bitte zahlen Sie 94,05 € bis 3.4.2026: " LINK114, "an emoji costs too much" },
	{ "en", S160, "https://pay.example/" FIFTY FIFTY FIFTY FIFTY FIFTY, NULL, 0,
	  "abcdefghijab.: please pay €94.05: https://pay.example/" FIFTY FIFTY FIFTY FIFTY FIFTY,
	  "a link of 270: 12 characters of the name" },
	{ "en", S160, "https://pay.example/" FIFTY FIFTY FIFTY FIFTY FIFTY TEN, NULL, 0,
	  "abcdefghijab.: €94.05 https://pay.example/" FIFTY FIFTY FIFTY FIFTY FIFTY TEN,
	  "a link of 280: no sentence" },
	{ "en", "Gym Uno", "https://pay.example/" S160 S160, SHORT, 0,
	  "Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "a link of 340: the short one" },
	{ "en", "Gym Uno", NULL, SHORT, 0,
	  "Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "no link: the short one" },
	{ "en", "Gym Uno", "javascript:alert(1)", SHORT, 0,
	  "Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "no web link: the short one" },
	{ "en", "Gym Uno", "https://pay.example/`", SHORT, 0,
	  "Gym Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "a link that is not GSM-7" },
	{ "en", "Gym Uno", NULL, NULL, 0, "Gym Uno: €94.05", "no link at all" },
	{ "en", "Gym Uno", NULL, "https://pay.example/" S160 S160, 0,
	  "Gym Uno: €94.05", "no link that fits" },
	{ "en", "[[[[[[[[[[[[[[[[", NULL, "https://e.example/" FIFTY FIFTY "ab", 0, NULL,
	  "a name of extension characters" },
	{ "uk", LONG, NULL, "https://[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 1, NULL,
	  "120 characters that cost two each" },
	{ "en", "Gym\r\nUno", SHORT, NULL, 0,
	  "Gym  Uno: please pay €94.05 by 3 Apr 2026: " SHORT, "a line end in the name" },
	{ "en", "%1 %4", SHORT, NULL, 1,
	  "Reminder: %1 %4: please pay €94.05 by 3 Apr 2026: " SHORT, "a name like a place" },
};

/* A place that nobody filled? */
static bool
open_place(const char *text)
{
	for (const char *p = text; (p = strchr(p, '%')) != NULL; p++)
		if (p[1] >= '1' && p[1] <= '9')
			return true;
	return false;
}

static void
test_speech(struct arena *a)
{
	const char *const *code = speech_languages();
	int64_t n = 0;

	for (; *code != NULL; code++, n++) {
		const struct speech *sp = speech_find(*code);
		int64_t said = 0;

		is_true(sp != NULL && strcmp(sp->code, *code) == 0, "%s: found",
		    *code);
		for (int i = 0; sp != NULL && i < SAY__MAX; i++)
			said += sp->say[i] != NULL && *sp->say[i] != '\0';
		is_int(said, SAY__MAX, "%s: every word is there", *code);
	}
	is_int(n, SPEECH_WEST + SPEECH_EAST, "every language is listed");
	is_str(speech_find("no")->code, "nb", "no is nb");
	is_true(speech_find("xx") == NULL && speech_find("") == NULL &&
	    speech_find(NULL) == NULL && speech_find("deu") == NULL,
	    "what is no language of ours");
	is_str(speech_fill(a, "%2-%1-%9-%0-100%-%", (const char *[]){ "%2",
	    "b" }, 2), "b-%2--%0-100%-%", "places are filled once");
}

/* The places a word must have, each once. */
static const struct {
	enum say	 word;
	int64_t		 places;
	const char	*shows;
} places[] = {
	{ SAY_SUBJECT, 2, "subject" },	{ SAY_REMINDER, 1, "reminder" },
	{ SAY_GREETING, 1, "greeting" }, { SAY_GREETING_ALL, 0, "greeting to all" },
	{ SAY_ASK, 1, "ask" },		{ SAY_LATE, 0, "late" },
	{ SAY_LATE_AGAIN, 0, "late again" }, { SAY_PAID, 0, "paid" },
	{ SAY_ORIGINAL, 0, "original" },	{ SAY_DISCOUNT, 0, "discount" },
	{ SAY_AMOUNT, 0, "amount" },	{ SAY_DUE, 0, "due" },
	{ SAY_REFERENCE, 0, "reference" }, { SAY_FIELD, 2, "field" },
	{ SAY_PAY, 0, "pay" },		{ SAY_LINK, 0, "link" },
	{ SAY_STOP, 0, "stop" },	{ SAY_WHY, 1, "why" },
	{ SAY_SMS, 4, "SMS" },		{ SAY_SMS_SHORT, 3, "short SMS" },
};

static int64_t
places_of(const char *form)
{
	int64_t n = 0;

	for (; *form != '\0'; form++)
		n += form[0] == '%' && form[1] >= '1' && form[1] <= '4';
	return n;
}

static void
test_places(void)
{
	is_int(NELEM(places), SAY__MAX, "the places of every word are checked");
	for (size_t i = 0; i < NELEM(places); i++) {
		const char *wrong = "none";

		for (const char *const *c = speech_languages(); *c != NULL; c++)
			if (places_of(speech_find(*c)->say[places[i].word]) !=
			    places[i].places)
				wrong = *c;
		is_str(wrong, "none", "%s: as many places in each language",
		    places[i].shows);
	}
}

static void
test_numbers(struct arena *a)
{
	for (size_t i = 0; i < NELEM(amounts); i++)
		is_str(speech_amount(a, speech_find(amounts[i].code),
		    amounts[i].amount), amounts[i].text, "%s: an amount",
		    amounts[i].code);
	for (size_t i = 0; i < NELEM(days); i++)
		is_str(speech_day(a, speech_find(days[i].code), days[i].day),
		    days[i].text, "%s: a day", days[i].code);
	for (size_t i = 0; i < NELEM(percents); i++)
		is_str(speech_percent(a, speech_find(percents[i].code),
		    percents[i].hundredths), percents[i].text,
		    "%s: a percentage", percents[i].code);
}

static void
test_language(struct arena *a, const char *code, int64_t reminder)
{
	struct notice n = sample, en = sample;
	const char *text, *html, *subject, *sms;

	n.language = code;
	n.reminder = en.reminder = reminder;
	n.merchant_name = LONG;
	text = notice_text(a, &n);
	html = notice_html(a, &n);
	subject = notice_subject(a, &n);
	sms = notice_sms(a, &n, NULL);
	is_true(!open_place(text) && !open_place(subject) && !open_place(sms) &&
	    strstr(html, "%1") == NULL && strstr(html, "%2") == NULL,
	    "%s %" PRId64 ": every place is filled", code, reminder);
	is_true(strstr(text, "\n" LINK114 "\n") != NULL &&
	    strstr(html, "href=\"" LINK114 "\"") != NULL &&
	    strstr(sms, " " LINK114) != NULL,
	    "%s %" PRId64 ": the link", code, reminder);
	is_true(strstr(html, arena_printf(a, "<html lang=\"%s\" dir=\"ltr\">",
	    code)) != NULL, "%s %" PRId64 ": lang and dir", code, reminder);
	is_true(gsm_segments(sms, NULL) <= NOTICE_SMS,
	    "%s %" PRId64 ": two SMS: %s", code, reminder, sms);
	en.merchant_name = LONG;
	is_int(strcmp(subject, notice_subject(a, &en)) == 0,
	    strcmp(code, "en") == 0, "%s %" PRId64 ": a subject of its own",
	    code, reminder);
	is_true(strstr(subject, LONG) != NULL && strstr(subject,
	    speech_amount(a, speech_find(code), n.amount)) != NULL,
	    "%s %" PRId64 ": who and how much", code, reminder);
}

/* Each field with a tag, in turn and all at once. */
static void
test_escapes(struct arena *a)
{
	static const struct notice_item item = { EVIL, EVIL, EVIL };
	static const char *const evil_link = "https://e.example/" EVIL;
	struct notice n[] = { sample, sample, sample, sample, sample, sample,
	    sample, sample };

	n[0].merchant_name = n[7].merchant_name = EVIL;
	n[1].customer_name = n[7].customer_name = EVIL;
	n[2].description = n[7].description = EVIL;
	n[3].item = n[7].item = &item;
	n[3].items = n[7].items = 1;
	n[4].reference = n[7].reference = EVIL;
	n[5].link = n[7].link = evil_link;
	n[6].stop_link = n[7].stop_link = evil_link;
	n[7].language = EVIL;
	for (size_t i = 0; i < NELEM(n); i++) {
		const char *html = notice_html(a, &n[i]);

		is_true(strstr(html, "<script") == NULL &&
		    strstr(html, "\"'&") == NULL, "html: field %zu: no tag", i);
		is_true(strstr(html, "&lt;script&gt;&quot;&#39;&amp;") != NULL,
		    "html: field %zu: but its text", i);
	}
}

static void
test_gaps(struct arena *a)
{
	struct notice n = { .amount = 100, .link = "javascript:alert(1)",
	    .stop_link = "data:text/html,x" };
	const char *text = notice_text(a, &n), *html = notice_html(a, &n);

	is_str(text, "Hello,\n\n asks you for the following payment.\n\n"
	    "Amount to pay: €1.00\nDue date: 1 Jan 1970\n\nYou get this "
	    "message because you agreed with  to pay regularly.\n",
	    "text: nothing known but the amount");
	is_true(strstr(html, "<a ") == NULL && strstr(html, "script") == NULL &&
	    strstr(html, "data:") == NULL, "html: no link but of the web");
	n.description = "a\r\nReference: 1\n";
	is_true(strstr(notice_text(a, &n), "\na  Reference: 1 \n") != NULL,
	    "text: a description is one line");
	n.item = bought;
	n.items = 1;
	n.description = NULL;
	is_true(strstr(notice_text(a, &n), ".\n\n- 1\u00a0×\u00a0Membership: "
	    "79.00\n\n") != NULL, "text: items without a description");
	n.reminder = 1;
	is_true(strstr(notice_text(a, &n), "This is a reminder: the payment "
	    "has not arrived yet. If you have already paid, please ignore "
	    "this message.\n") != NULL, "text: a reminder");
	n.reminder = 7;
	is_true(strstr(notice_text(a, &n), "This is another reminder") != NULL,
	    "text: the seventh");
	n.original_amount = 100;
	is_true(strstr(notice_text(a, &n), "Discount") == NULL,
	    "text: no discount where none is");
	n.original_amount = 250;
	is_true(strstr(notice_text(a, &n), "Original amount: €2.50\nDiscount: "
	    "-€1.50\n") != NULL, "text: a discount without its percentage");
}

/* For the eye: test_notice FILE LANGUAGE writes one page. */
static int
show(struct arena *a, const char *path, const char *language)
{
	struct notice n = sample;
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return 1;
	n.language = language;
	n.reminder = 1;
	fputs(notice_html(a, &n), f);
	return fclose(f) != 0;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	bool unicode;

	if (argc == 3)
		return show(a, argv[1], argv[2]);
	for (size_t i = 0; i < NELEM(counts); i++) {
		is_int(gsm_segments(counts[i].text, &unicode),
		    counts[i].segments, "segments: %s", counts[i].shows);
		is_int(unicode, counts[i].unicode, "alphabet: %s",
		    counts[i].shows);
	}
	for (size_t i = 0; i < NELEM(folds); i++)
		is_str(gsm_fold(a, folds[i].text), folds[i].want, "fold: %s",
		    folds[i].shows);
	test_speech(a);
	test_places();
	test_numbers(a);
	for (const char *const *c = speech_languages(); *c != NULL; c++)
		for (int64_t reminder = 0; reminder < 3; reminder++)
			test_language(a, *c, reminder);
	is_str(notice_text(a, &sample), sample_text, "a whole text");
	for (size_t i = 0; i < NELEM(messages); i++) {
		struct notice n = sample;
		const char *text;

		n.language = messages[i].language;
		n.merchant_name = messages[i].merchant;
		n.link = messages[i].link;
		n.reminder = messages[i].reminder;
		text = notice_sms(a, &n, messages[i].short_link);
		is_true(gsm_segments(text, NULL) <= NOTICE_SMS,
		    "two SMS: %s", messages[i].shows);
		is_str(text, messages[i].want != NULL ? messages[i].want : text,
		    "SMS: %s", messages[i].shows);
	}
	test_escapes(a);
	test_gaps(a);
	arena_free(a);
	return tap_done();
}
