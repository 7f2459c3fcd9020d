#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "base/reference.h"
#include "base/str.h"
#include "io/entry.h"
#include "io/seal.h"

#define TEXTS_MAX	1000	/* searched, of one entry */
#define REMITTANCE	1000	/* bytes that are stored */
#define RAW		60000
#define CONTENT_FORM	2	/* of what is hashed */
#define TEXTS_BEFORE	32	/* of what form 1 hashed */
#define BLANKS		" \t\r\n"

struct texts {
	struct arena	*arena;
	const char	**text;		/* NULL ends them */
	size_t		 n, room;
};

/* Words of a list, compared without regard to case; the first letter alone
 * sorts out nearly all of them. */
static bool
one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (((*word ^ **words) & ~('a' ^ 'A')) == 0 &&
		    strcasecmp(word, *words) == 0)
			return true;
	return false;
}

/* Without outer blanks; what is empty is missing. */
static const char *
trimmed(struct arena *a, const char *text)
{
	size_t n;

	if (text == NULL)
		return NULL;
	text += strspn(text, BLANKS);
	for (n = strlen(text); n > 0 && strchr(BLANKS, text[n - 1]) != NULL;)
		n--;
	return n == 0 ? NULL : arena_copy(a, text, n);
}

static const char *
member(struct arena *a, const struct js *js, const char *name)
{
	return trimmed(a, js_member(js, name));
}

static const char *
cut(struct arena *a, const char *text, size_t max)
{
	return text == NULL ? NULL : str_cut(a, text, max);
}

const char *
entry_iban(struct arena *a, const char *text)
{
	char *iban, *p;

	if ((text = trimmed(a, text)) == NULL)
		return NULL;
	p = iban = arena_alloc(a, strlen(text) + 1);
	for (; *text != '\0'; text++)
		if (strchr(BLANKS "-", *text) == NULL)
			*p++ = *text >= 'a' && *text <= 'z' ?
			    (char)(*text - 'a' + 'A') : *text;
	return cut(a, iban, 34);
}

/* --- evidence: ids, texts, parties */

/* A long id is known by its hash. */
static const char *
short_id(struct arena *a, const char *id)
{
	unsigned char hash[HASH_BYTES];

	if (strlen(id) <= ENTRY_ID)
		return id;
	seal_digest(hash, id, NULL);
	return arena_printf(a, "#%s", str_hex(a, hash, 24));
}

/* What banks write where they have nothing to say. */
static bool
is_filler(const char *id)
{
	static const char *const fillers[] = { "NOTPROVIDED", "NOT PROVIDED",
	    "NONREF", "NULL", "NONE", "N/A", "0", "-" };

	for (size_t i = 0; i < NELEM(fillers); i++)
		if (strcasecmp(id, fillers[i]) == 0)
			return true;
	return false;
}

static void
read_ids(struct arena *a, const struct js *js, struct bank_entry *en)
{
	static const char *const names[ENTRY_IDS] = { "transactionId",
	    "entryReference", "internalTransactionId" };
	size_t n = 0;

	for (size_t i = 0; i < NELEM(names); i++) {
		const char *id = member(a, js, names[i]);
		bool again = false;

		if (id == NULL || is_filler(id))
			continue;
		id = short_id(a, id);
		for (size_t k = 0; k < n; k++)
			again = again || strcmp(en->id[k], id) == 0;
		if (!again)
			en->id[n++] = id;
	}
}

static void
add_text(struct texts *t, const char *text)
{
	const char **more;

	if ((text = trimmed(t->arena, text)) == NULL || t->n == TEXTS_MAX)
		return;
	if (t->n == t->room) {
		more = arena_alloc(t->arena, (2 * t->room + 9) *
		    sizeof(*more));
		for (size_t i = 0; i < t->n; i++)
			more[i] = t->text[i];
		t->text = more;
		t->room = 2 * t->room + 8;
	}
	t->text[t->n++] = text;
	t->text[t->n] = NULL;
}

static void add_texts(struct texts *, const struct js *);

static void
add_member(void *arg, const char *key, const struct js *v)
{
	(void)key;
	add_texts(arg, v);
}

/* The scalars of a list are one text: the bank cuts long ones in pieces. */
static void
add_texts(struct texts *t, const struct js *v)
{
	struct out pieces = { .arena = t->arena };

	add_text(t, js_text(v));
	for (size_t i = 0; js_kind(v) == JS_LIST && i < js_count(v); i++)
		if (js_text(js_at(v, i)) != NULL)
			out_text(&pieces, js_text(js_at(v, i)));
		else
			add_texts(t, js_at(v, i));
	add_text(t, pieces.text);
	js_each(v, add_member, t);
}

/* Where payers' texts are found; whatever form it has. */
static void
add_source(void *arg, const char *key, const struct js *v)
{
	static const char *const names[] = { "additionalInformation",
	    "additionalTransactionInformation", "additionalEntryInformation",
	    "entryDetails", "transactionDetails", "details", "description",
	    "endToEndId", "endToEndIdentification", "creditorReference",
	    "paymentReference", "externalReference", NULL };

	if (str_starts(key, "remittanceInformation") || one_of(key, names))
		add_texts(arg, v);
}

/* What is stored of them: each once, on a line of its own. */
static const char *
lines(struct arena *a, const struct texts *t, const char *without,
    const char *also)
{
	struct out o = { .arena = a };

	for (size_t i = 0; i < t->n; i++) {
		if ((without != NULL && strcmp(t->text[i], without) == 0) ||
		    (also != NULL && strcmp(t->text[i], also) == 0) ||
		    (o.len > 0 && strstr(o.text, t->text[i]) != NULL))
			continue;
		if (o.len > 0)
			out_text(&o, "\n");
		out_text(&o, t->text[i]);
	}
	return cut(a, o.text, REMITTANCE);
}

static void
read_texts(struct arena *a, const struct js *js, struct bank_entry *en)
{
	static const char *const none[] = { NULL };
	struct texts t = { .arena = a }, s = { .arena = a };
	const struct js *structured = js_get(js,
	    "remittanceInformationStructured");

	js_each(js, add_source, &t);
	en->texts = t.n == 0 ? none : t.text;
	en->structured = member(a, structured, "reference");
	if (en->structured == NULL) {
		add_texts(&s, structured);
		en->structured = s.n == 0 ? NULL : s.text[0];
	}
	en->end_to_end_id = member(a, js, "endToEndId");
	en->remittance = lines(a, &t, en->structured, en->end_to_end_id);
	en->structured = cut(a, en->structured, 140);
	en->end_to_end_id = cut(a, en->end_to_end_id, 70);
}

static void
read_parties(struct arena *a, const struct js *js, struct bank_entry *en)
{
	en->debtor_name = cut(a, member(a, js, "debtorName"), 140);
	en->debtor_iban = entry_iban(a, js_member(js_get(js, "debtorAccount"),
	    "iban"));
	en->creditor_name = cut(a, member(a, js, "creditorName"), 140);
	en->creditor_iban = entry_iban(a, js_member(js_get(js,
	    "creditorAccount"), "iban"));
}

/* --- facts: each reader says which field it cannot read, or NULL */

/* Written as 5.00, +5.00, 5,00, 5. or .50. */
static bool
amount_parse(struct arena *a, const char *text, cents *out)
{
	bool minus = *text == '-';
	const char *comma;
	char *p;

	text += *text == '-' || *text == '+';
	comma = strchr(text, ',');
	if (*text == '\0' || *text == '-' || *text == '+' || (comma != NULL &&
	    (strpbrk(text, ".eE") != NULL || comma[1] == '\0' ||
	    strlen(comma + 1) > 2)))
		return false;
	p = arena_printf(a, "%s%s%s", minus ? "-" : "",
	    *text == '.' || *text == ',' ? "0" : "", text);
	if (strchr(p, ',') != NULL)
		*strchr(p, ',') = '.';
	if (p[strlen(p) - 1] == '.' && strlen(p) > (minus ? 2U : 1U) &&
	    p[strlen(p) - 2] >= '0' && p[strlen(p) - 2] <= '9')
		p[strlen(p) - 1] = '\0';
	return cents_parse(p, out);
}

static const char *
read_amount(struct arena *a, const struct js *js, struct bank_entry *en)
{
	const struct js *money = js_get(js, "transactionAmount");
	const char *amount = member(a, money, "amount");
	const char *currency = member(a, money, "currency");

	if (currency != NULL && strlen(currency) == 3)
		en->currency = entry_iban(a, currency);	/* in capitals */
	if (amount == NULL || !amount_parse(a, amount, &en->amount) ||
	    en->amount == 0 || en->amount > CENTS_AMOUNT ||
	    en->amount < -CENTS_AMOUNT)
		return "transactionAmount";
	return en->currency == NULL ? "currency" : NULL;
}

/* The first of the days that can be read. */
static const char *
read_day(struct arena *a, const struct js *js, struct bank_entry *en)
{
	static const char *const names[] = { "bookingDate", "bookingDateTime",
	    "transactionDate", "valueDate", "valueDateTime" };

	for (size_t i = 0; i < NELEM(names); i++) {
		const char *day = member(a, js, names[i]);

		if (day != NULL && day_parse_bank(day, &en->booking_day))
			return NULL;
	}
	return "bookingDate";
}

/* Whose side is ours, as far as accounts tell: 1 the creditor's, -1 the
 * debtor's, 0 unknown. */
static int
our_side(const char *iban, const struct bank_entry *en)
{
	const char *from = en->debtor_iban, *to = en->creditor_iban;
	bool in = to != NULL && strcmp(to, iban) == 0;
	bool out = from != NULL && strcmp(from, iban) == 0;

	if (in != out)
		return in ? 1 : -1;
	if (!in && (from == NULL) != (to == NULL))
		return from != NULL ? 1 : -1;	/* the other one is named */
	return 0;
}

/* By the indicator, else by whose account is ours, else by the sign. */
static const char *
read_direction(struct arena *a, const struct js *js, const char *iban,
    struct bank_entry *en)
{
	static const char *const came[] = { "CRDT", "CREDIT", NULL };
	static const char *const went[] = { "DBIT", "DEBIT", NULL };
	const char *word = member(a, js, "creditDebitIndicator");
	bool minus = en->amount < 0;
	int side = word == NULL ? our_side(iban, en) :
	    one_of(word, came) ? 1 : one_of(word, went) ? -1 : 0;

	if (side == 0 && word != NULL)
		return "creditDebitIndicator";
	en->credit = side == 0 ? !minus : side > 0;
	en->amount = minus ? -en->amount : en->amount;
	if (!minus || !en->credit)
		return NULL;
	en->reason = "contradiction";
	return "transactionAmount";
}

/* Booked unless the entry says otherwise. */
static const char *
read_finality(struct arena *a, const struct js *js, struct bank_entry *en)
{
	static const char *const names[] = { "bookingStatus", "status",
	    "entryStatus", "transactionStatus" };
	static const char *const final[] = { "BOOK", "BOOKED", "CAPTURED",
	    "COMPLETED", "SETTLED", "POSTED", "EXECUTED", "ACSC", "ACCC",
	    NULL };
	static const char *const open[] = { "PDNG", "PENDING", "INFO",
	    "INFORMATION", "FUTR", "FUTURE", "HOLD", "RCVD", "RJCT",
	    "REJECTED", "CANC", "CANCELLED", NULL };

	for (size_t i = 0; i < NELEM(names); i++) {
		const char *word = member(a, js, names[i]);

		if (word == NULL || one_of(word, final))
			continue;
		if (!one_of(word, open))
			return names[i];
		en->fate = ENTRY_NOT_FINAL;
	}
	return NULL;
}

static bool
reverses(struct arena *a, const struct js *js)
{
	static const char *const yes[] = { "true", "1", "yes", "y", NULL };
	const char *word = member(a, js, "reversalIndicator");

	return word != NULL && one_of(word, yes);
}

/* --- all of it */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
hash_keys(struct arena *a, const struct bank_entry *en,
    const char *const *key, size_t n, unsigned char form)
{
	unsigned char hash[HASH_BYTES];
	struct out o = { .arena = a };

	out_printf(&o, "%c %" PRId64 " %s %" PRId64 " ", en->credit ? 'C' :
	    'D', en->amount, en->currency == NULL ? "" : en->currency,
	    en->booking_day);
	for (size_t i = 0; i < n; i++)
		out_text(&o, key[i]);
	seal_digest(hash, o.text, NULL);
	hash[0] = form;
	return str_hex(a, hash, ENTRY_CONTENT / 2);
}

/* What it says, in whatever order and spelling. */
static const char *
hash_content(struct arena *a, const struct bank_entry *en)
{
	const char **key;
	size_t n = 0;

	while (en->texts[n] != NULL)
		n++;
	key = arena_alloc(a, (n + 1) * sizeof(*key));
	for (size_t i = 0; i < n; i++)
		key[i] = reference_key(a, en->texts[i]);
	qsort(key, n, sizeof(*key), by_text);
	return hash_keys(a, en, key, n, CONTENT_FORM);
}

const char *
entry_content_before(struct arena *a, const struct bank_entry *en)
{
	const char *key[TEXTS_BEFORE];
	size_t n = 0;

	for (; n < TEXTS_BEFORE && en->texts[n] != NULL; n++)
		key[n] = reference_key(a, en->texts[n]);
	return hash_keys(a, en, key, n, CONTENT_FORM - 1);
}

static void
set_aside(struct bank_entry *en, const char *reason, const char *field)
{
	en->fate = ENTRY_ASIDE;
	if (en->reason == NULL)
		en->reason = reason;
	en->field = field;
}

void
entry_read(struct arena *a, const struct js *js, const char *iban,
    struct bank_entry *en)
{
	const char *field;

	*en = (struct bank_entry){ .js = js };
	read_ids(a, js, en);
	read_parties(a, js, en);
	read_texts(a, js, en);
	if (js_kind(js) != JS_OBJECT)
		set_aside(en, "unreadable", "entry");
	else if ((field = read_finality(a, js, en)) != NULL ||
	    (en->fate == ENTRY_BOOKED &&
	    ((field = read_amount(a, js, en)) != NULL ||
	    (field = read_day(a, js, en)) != NULL ||
	    (field = read_direction(a, js, iban, en)) != NULL)))
		set_aside(en, "unreadable", field);
	else if (en->fate == ENTRY_BOOKED && reverses(a, js))
		set_aside(en, "contradiction", "reversalIndicator");
	else if (en->fate == ENTRY_BOOKED && en->id[0] == NULL)
		set_aside(en, "no_id", "transactionId");
	en->content = hash_content(a, en);
}

const char *
entry_raw(struct arena *a, const struct bank_entry *en)
{
	return en->js == NULL ? "null" : cut(a, js_print(a, en->js), RAW);
}
