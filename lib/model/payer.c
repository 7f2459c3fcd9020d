#include <string.h>

#include "model/payer.h"

#define WORDS_MAX	8

enum { ADD, Q__MAX };

const struct stmt payer_stmts[] = {
	[ADD] = {
		"INSERT IGNORE INTO gateway_payers (merchant_id, word,"
		"	session_id)"
		" SELECT ?, word, ?"
		"  FROM JSON_TABLE(?, '$[*]' COLUMNS ("
		"	word VARCHAR(140) PATH '$')) w",
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

enum err
payer_add(struct cx *cx, int64_t merchant_id, int64_t session_id,
    const char *name, const char *iban)
{
	static const char between[] = " .,-/";
	struct out words = { .arena = cx->arena };
	const char *p = name == NULL ? "" : name;
	int64_t n;
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
		return 0;
	out_text(&words, "]");
	return db_run(cx, &q[ADD], &n, db_int(merchant_id),
	    db_int(session_id), db_text(words.text));
}
