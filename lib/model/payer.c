#include <string.h>

#include "model/payer.h"

#define WORDS_MAX	8

enum { ADD, DROP, Q__MAX };

const struct stmt payer_stmts[] = {
	[ADD] = {
		"INSERT IGNORE INTO gateway_payers (merchant_id, word,"
		"	session_id)"
		" SELECT ?, word, ?"
		"  FROM JSON_TABLE(?, '$[*]' COLUMNS ("
		"	word VARCHAR(140) PATH '$')) w",
		NULL
	},
	[DROP] = {
		"DELETE p FROM JSON_TABLE(?, '$[*]' COLUMNS ("
		"	word VARCHAR(140) CHARACTER SET utf8mb4"
		"	COLLATE utf8mb4_unicode_ci PATH '$')) w"
		"  JOIN gateway_payers p ON p.merchant_id = ?"
		"   AND p.word = w.word AND p.session_id = ?",
		NULL
	},
};
const size_t payer_nstmts = NELEM(payer_stmts);
_Static_assert(NELEM(payer_stmts) == Q__MAX, "a statement has no text");

#define q payer_stmts

static void
put(struct cx *cx, struct out *o, const char *word, size_t n)
{
	out_text(o, o->len == 0 ? "[" : ",");
	out_json(o, arena_copy(cx->arena, word, n));
}

/* The name, its words and the IBAN as a JSON list; NULL: nothing. */
static const char *
words_of(struct cx *cx, const char *name, const char *iban)
{
	static const char between[] = " .,-/";
	struct out words = { .arena = cx->arena };
	const char *p = name == NULL ? "" : name;
	size_t len;

	if (*p != '\0')
		put(cx, &words, p, strlen(p));
	for (int i = 0; i < WORDS_MAX; i++, p += len) {
		p += strspn(p, between);
		if ((len = strcspn(p, between)) == 0)
			break;
		if (len > 1)
			put(cx, &words, p, len);
	}
	if (iban != NULL && *iban != '\0')
		put(cx, &words, iban, strlen(iban));
	if (words.len == 0)
		return NULL;
	out_text(&words, "]");
	return words.text;
}

enum err
payer_add(struct cx *cx, int64_t merchant_id, int64_t session_id,
    const char *name, const char *iban)
{
	const char *words = words_of(cx, name, iban);
	int64_t n;

	return words == NULL ? 0 : db_run(cx, &q[ADD], &n,
	    db_int(merchant_id), db_int(session_id), db_text(words));
}

enum err
payer_drop(struct cx *cx, int64_t merchant_id, int64_t session_id,
    const struct payer *p, int64_t *n)
{
	const char *words = words_of(cx, p->name, p->iban);

	*n = 0;
	return words == NULL ? 0 : db_run(cx, &q[DROP], n, db_text(words),
	    db_int(merchant_id), db_int(session_id));
}
