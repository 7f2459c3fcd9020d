/*
 * test_entry.c - the shapes in which banks send an entry, and what each is:
 * booked, kept aside or not final.  Gathered from public reports of readers of
 * bank statements.
 */
#include "base/calendar.h"
#include "io/entry.h"
#include "tap.h"

#define IBAN	"LT913740020058585210"
#define OTHER	"DE89370400440532013000"

/* An entry that is well but for what a row puts in the place of a part. */
#define ID	"\"transactionId\":\"17\","
#define DAY	"\"bookingDate\":\"2026-11-28\","
#define IN	"\"creditDebitIndicator\":\"CRDT\","
#define EUR5	"\"transactionAmount\":{\"amount\":\"5.00\",\"currency\":\"EUR\"},"
#define MONEY(a) "\"transactionAmount\":{\"amount\":" a ",\"currency\":\"EUR\"},"
#define TEXT	"\"remittanceInformationUnstructured\":\"DP-260330-XA6HSX\""
#define E(...)	"{" __VA_ARGS__ "}"
#define FROM(i)	"\"debtorAccount\":{\"iban\":\"" i "\"},"
#define TO(i)	"\"creditorAccount\":{\"iban\":\"" i "\"},"

/* want: +cents came, -cents went; else the reason and the field, or open. */
static const struct {
	const char	*json, *want;
	const char	*shows;
} rows[] = {
	{ E(ID DAY IN EUR5 TEXT), "+500", "as documented" },

	/* ids */
	{ E(DAY IN EUR5 TEXT), "no_id transactionId", "no id" },
	{ E("\"transactionId\":\"  \"," DAY IN EUR5 TEXT), "no_id transactionId", "an id of blanks" },
	{ E("\"transactionId\":\"\",\"entryReference\":\"9\"," DAY IN EUR5 TEXT), "+500", "an empty id beside another" },
	{ E("\"internalTransactionId\":\"abc\"," DAY IN EUR5 TEXT), "+500", "only the aggregator's id" },
	{ E("\"transactionId\":17," DAY IN EUR5 TEXT), "+500", "a number as id" },
	{ E("\"transactionId\":1234567890123456789012," DAY IN EUR5 TEXT), "+500", "one of 22 digits" },
	{ E("\"transactionId\":null," DAY IN EUR5 TEXT), "no_id transactionId", "null as id" },

	/* days */
	{ E(ID IN EUR5 TEXT), "unreadable bookingDate", "no day" },
	{ E(ID "\"bookingDate\":\"\",\"valueDate\":\"2026-11-28\"," IN EUR5 TEXT), "+500", "an empty day beside another" },
	{ E(ID "\"bookingDateTime\":\"2026-11-28T10:00:00Z\"," IN EUR5 TEXT), "+500", "only a moment" },
	{ E(ID "\"bookingDate\":\"28.11.2026\"," IN EUR5 TEXT), "unreadable bookingDate", "a day as Germans write it" },
	{ E(ID "\"bookingDate\":\"2026-02-30\"," IN EUR5 TEXT), "unreadable bookingDate", "a day that is none" },

	/* amounts */
	{ E(ID DAY IN MONEY("\"+5.00\"") TEXT), "+500", "a plus" },
	{ E(ID DAY IN MONEY("\"5,00\"") TEXT), "+500", "a comma" },
	{ E(ID DAY IN MONEY("\" 5.00\"") TEXT), "+500", "a blank" },
	{ E(ID DAY IN MONEY("\"5.\"") TEXT), "+500", "no decimals behind the point" },
	{ E(ID DAY IN MONEY("\".50\"") TEXT), "+50", "nothing before it" },
	{ E(ID DAY IN MONEY("5.5") TEXT), "+550", "a number" },
	{ E(ID DAY IN MONEY("+5.00") TEXT), "+500", "a number with a plus, which JSON has not" },
	{ E(ID DAY IN MONEY("\"5.000\"") TEXT), "+500", "three decimals" },
	{ E(ID DAY IN MONEY("\"1,234\"") TEXT), "unreadable transactionAmount", "a comma before three digits: thousands?" },
	{ E(ID DAY IN MONEY("\"1.234,56\"") TEXT), "unreadable transactionAmount", "both" },
	{ E(ID DAY IN MONEY("\"1 234.56\"") TEXT), "unreadable transactionAmount", "a blank within" },
	{ E(ID DAY IN MONEY("\"5.001\"") TEXT), "unreadable transactionAmount", "a part of a cent" },
	{ E(ID DAY IN MONEY("\"0.00\"") TEXT), "unreadable transactionAmount", "nothing" },
	{ E(ID DAY IN MONEY("\"+-5\"") TEXT), "unreadable transactionAmount", "two signs" },
	{ E(ID DAY IN MONEY("\".\"") TEXT), "unreadable transactionAmount", "a point alone" },
	{ E(ID DAY IN MONEY("\"EUR 5\"") TEXT), "unreadable transactionAmount", "words" },
	{ E(ID DAY IN MONEY("null") TEXT), "unreadable transactionAmount", "null" },
	{ E(ID DAY IN TEXT), "unreadable transactionAmount", "no amount" },
	{ E(ID DAY IN "\"transactionAmount\":{\"amount\":\"5.00\"}," TEXT), "unreadable currency", "no currency" },
	{ E(ID DAY IN "\"transactionAmount\":{\"amount\":\"5.00\",\"currency\":\"eur\"}," TEXT), "+500", "small letters" },
	{ E(ID DAY IN "\"transactionAmount\":{\"amount\":\"5.00\",\"currency\":\"Euro\"}," TEXT), "unreadable currency", "a word" },

	/* direction */
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"Credit\"," TEXT), "+500", "a word in another case" },
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"credit \"," TEXT), "+500", "and with a blank" },
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"DBIT\"," TEXT), "-500", "a debit" },
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"debit\"," TEXT), "-500", "in small letters" },
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"C\"," TEXT), "unreadable creditDebitIndicator", "a letter" },
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"KREDIT\"," TEXT), "unreadable creditDebitIndicator", "another language" },
	{ E(ID DAY EUR5 "\"creditDebitIndicator\":\"\"," FROM(OTHER) TO(IBAN) TEXT), "+500", "an empty one: our account tells" },
	{ E(ID DAY EUR5 FROM(OTHER) TO(IBAN) TEXT), "+500", "to our account" },
	{ E(ID DAY EUR5 FROM(IBAN) TO(OTHER) TEXT), "-500", "from our account" },
	{ E(ID DAY EUR5 FROM(OTHER) TO("lt91 3740 0200 5858 5210") TEXT), "+500", "our account in groups" },
	{ E(ID DAY EUR5 FROM(OTHER) TEXT), "+500", "only the other one is named" },
	{ E(ID DAY MONEY("\"-5.00\"") TEXT), "-500", "only a sign" },
	{ E(ID DAY EUR5 TEXT), "+500", "not even that" },
	{ E(ID DAY MONEY("\"-5.00\"") FROM(IBAN) TO(OTHER) TEXT), "-500", "a sign, and our account" },
	{ E(ID DAY "\"creditDebitIndicator\":\"DBIT\"," MONEY("\"-5.00\"") TEXT), "-500", "a sign, and a debit" },

	/* contradictions */
	{ E(ID DAY IN MONEY("\"-20.00\"") TEXT), "contradiction transactionAmount", "a credit with a minus" },
	{ E(ID DAY MONEY("\"-5.00\"") FROM(OTHER) TO(IBAN) TEXT), "contradiction transactionAmount", "a minus to our account" },
	{ E(ID DAY IN EUR5 "\"reversalIndicator\":true," TEXT), "contradiction reversalIndicator", "a reversal" },
	{ E(ID DAY IN EUR5 "\"reversalIndicator\":\"Y\"," TEXT), "contradiction reversalIndicator", "in another form" },
	{ E(ID DAY IN EUR5 "\"reversalIndicator\":false," TEXT), "+500", "none" },

	/* finality */
	{ E(ID DAY IN EUR5 "\"bookingStatus\":\"pending\"," TEXT), "open", "pending" },
	{ E(ID DAY IN EUR5 "\"status\":\"PDNG\"," TEXT), "open", "in ISO 20022's word" },
	{ E(ID DAY IN EUR5 "\"status\":\"INFO\"," TEXT), "open", "information" },
	{ E("\"status\":\"PDNG\"," TEXT), "open", "pending, without anything else" },
	{ E(ID DAY IN EUR5 "\"bookingStatus\":\"BOOK\"," TEXT), "+500", "booked" },
	{ E(ID DAY IN EUR5 "\"status\":\"\"," TEXT), "+500", "an empty status" },
	{ E(ID DAY IN EUR5 "\"status\":\"Maybe\"," TEXT), "unreadable status", "a word that nobody knows" },

	/* what is no entry */
	{ "null", "unreadable entry", "null in the list" },
	{ "[]", "unreadable entry", "a list in the list" },
	{ "\"x\"", "unreadable entry", "a text in the list" },
	{ "{}", "unreadable transactionAmount", "an empty object" },
};

/* Where payers' words are: each holds the reference in one of its texts. */
static const struct {
	const char	*json, *want;
	const char	*shows;
} texts[] = {
	{ "\"remittanceInformationUnstructured\":\"\",\"remittanceInformationUnstructuredArray\":[\"DP-260330-\",\"XA6HSX\"]", "DP-260330-XA6HSX", "an array beside an empty string" },
	{ "\"remittanceInformationUnstructured\":\"Shop\",\"remittanceInformationUnstructuredArray\":[\"Shop\",\" DP-260330-XA6HSX\"]", "Shop DP-260330-XA6HSX", "an array beside its first line" },
	{ "\"remittanceInformationUnstructured\":[\"DP-260330\",\"-XA6HSX\"]", "DP-260330-XA6HSX", "the string's field as a list" },
	{ "\"remittanceInformationStructured\":\"DP-260330-XA6HSX\"", "DP-260330-XA6HSX", "a structured string" },
	{ "\"remittanceInformationStructured\":{\"reference\":\"DP-260330-XA6HSX\"}", "DP-260330-XA6HSX", "a structured object" },
	{ "\"remittanceInformationStructuredArray\":[{\"reference\":\"DP-260330-XA6HSX\"}]", "DP-260330-XA6HSX", "structured ones in a list" },
	{ "\"entryDetails\":{\"transactionDetails\":[{\"remittanceInformation\":{\"unstructured\":[\"DP-260330-XA6HSX\"]}}]}", "DP-260330-XA6HSX", "entry details" },
	{ "\"endToEndId\":\"DP260330XA6HSX\"", "DP260330XA6HSX", "the payer's own id" },
	{ "\"additionalInformation\":\"DP-260330-XA6HSX\"", "DP-260330-XA6HSX", "additional information" },
};

static const struct js *
json(struct arena *a, const char *text)
{
	const char *why;

	return js_mend(a, text, strlen(text), &why);
}

static const char *
verdict(struct arena *a, const struct bank_entry *en)
{
	return en->fate == ENTRY_NOT_FINAL ? "open" :
	    en->fate == ENTRY_ASIDE ? arena_printf(a, "%s %s", en->reason,
	    en->field) : arena_printf(a, "%c%" PRId64, en->credit ? '+' : '-',
	    en->amount);
}

static bool
holds(const struct bank_entry *en, const char *text)
{
	for (const char *const *t = en->texts; *t != NULL; t++)
		if (strcmp(*t, text) == 0)
			return true;
	return false;
}

static const struct bank_entry *
entry(struct arena *a, const char *text)
{
	struct bank_entry *en = arena_alloc(a, sizeof(*en));

	entry_read(a, js_at(json(a, arena_printf(a, "[%s]", text)), 0), IBAN,
	    en);
	return en;
}

static void
test_identity(struct arena *a)
{
	const struct bank_entry *one, *two;
	char *longer = arena_alloc(a, 201);
	struct out many = { .arena = a };

	memset(longer, 'x', 200);
	one = entry(a, arena_printf(a, E("\"transactionId\":\"%s1\"," DAY IN
	    EUR5 TEXT), longer));
	two = entry(a, arena_printf(a, E("\"transactionId\":\"%s2\"," DAY IN
	    EUR5 TEXT), longer));
	is_true(one->fate == ENTRY_BOOKED && strlen(one->id[0]) <= ENTRY_ID,
	    "a long id is kept as a short one");
	is_true(strcmp(one->id[0], two->id[0]) != 0, "and two stay two");
	one = entry(a, E("\"transactionId\":\" 1 \",\"entryReference\":\"2\","
	    "\"internalTransactionId\":\"1\"," DAY IN EUR5 TEXT));
	is_str(one->id[0], "1", "ids are trimmed");
	is_str(one->id[1], "2", "all are kept");
	is_true(one->id[2] == NULL, "each once");
	two = entry(a, E("\"entryReference\":\"2\"," DAY IN MONEY("5.0")
	    "\"remittanceInformationStructured\":\"dp 260330 xa6hsx\""));
	is_str(two->content, one->content, "another form, the same content");
	two = entry(a, E(ID DAY IN MONEY("\"5.01\"") TEXT));
	is_true(strcmp(two->content, one->content) != 0, "not of other money");
	two = entry(a, E(ID "\"bookingDate\":\"2026-11-29\"," IN EUR5 TEXT));
	is_true(strcmp(two->content, one->content) != 0, "nor of another day");
	two = entry(a, E(ID DAY IN EUR5
	    "\"remittanceInformationUnstructured\":\"DP-260330-XA6HSY\""));
	is_true(strcmp(two->content, one->content) != 0, "nor of other words");
	one = entry(a, E(ID DAY IN EUR5 "\"entryDetails\":{\"ref\":\"A1\","
	    "\"note\":\"B2\"},\"description\":\"C3\""));
	two = entry(a, E(ID "\"description\":\"C3\"," DAY IN EUR5
	    "\"entryDetails\":{\"note\":\"B2\",\"ref\":\"A1\"}"));
	is_str(two->content, one->content, "members in another order");
	/* as the release before wrote it to the database */
	is_str(entry_content_before(a, one), "01b52634d8d98adde3ed0fb4875f508a", "its content before");
	is_str(entry_content_before(a, two), "01a2d56c569db9df4b6e47d82b109539",
	    "which depended on the order");
	for (int i = 0; i < 200; i++)
		out_printf(&many, "{\"n\":\"line %d\"},", i);
	two = entry(a, arena_printf(a, E(ID DAY IN EUR5 "\"entryDetails\":["
	    "%s{\"n\":\"DP-260330-XA6HSX\"}]"), many.text));
	is_true(holds(two, "DP-260330-XA6HSX"), "the last of 201 texts");
}

static const struct { const char *text, *day, *shows; } days[] = {
	{ "2026-11-28", "2026-11-28", "a day" },
	{ "2026-11-28T22:30:00Z", "2026-11-29", "half past midnight in Vilnius" },
	{ "2026-11-28T21:59:59.999Z", "2026-11-28", "just before" },
	{ "2026-07-28T21:30:00Z", "2026-07-29", "in summer an hour earlier" },
	{ "2026-11-29T00:30:00+02:00", "2026-11-29", "with a zone" },
	{ "2026-11-28T23:30:00-05:00", "2026-11-29", "another" },
	{ "2026-11-28T23:30:00", "2026-11-28", "without: as it stands" },
};

int
main(void)
{
	struct arena *a = arena_new();
	char day[DAY_TEXT];
	int64_t d;

	for (size_t i = 0; i < NELEM(rows); i++)
		is_str(verdict(a, entry(a, rows[i].json)), rows[i].want, "%s",
		    rows[i].shows);
	for (size_t i = 0; i < NELEM(texts); i++)
		is_true(holds(entry(a, arena_printf(a, E(ID DAY IN EUR5 "%s"),
		    texts[i].json)), texts[i].want), "text: %s",
		    texts[i].shows);
	for (size_t i = 0; i < NELEM(days); i++)
		is_str(day_parse_bank(days[i].text, &d) ? day_print(d, day) :
		    "-", days[i].day, "day: %s", days[i].shows);
	test_identity(a);
	arena_free(a);
	return tap_done();
}
