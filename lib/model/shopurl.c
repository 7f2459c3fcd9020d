#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "model/shopurl.h"

#define WITHOUT_QUERY(column) \
	column " = SUBSTRING_INDEX(" column ", '?', 1)"
#define HAS_QUERY(column) "LOCATE('?', " column ") > 0"

enum { READ, CALLBACK, BACK, DELIVERIES, Q__MAX };

struct urls {
	const char	*callback_url, *return_url;
	const char	*customer_email, *customer_name;
};

const struct stmt shopurl_stmts[] = {
	[READ] = {
		"SELECT callback_url, return_url, customer_email,"
		"	customer_name"
		"  FROM gateway_sessions WHERE id = ?",
		(const struct col[]){
			COL_TEXT(urls, callback_url),
			COL_TEXT(urls, return_url),
			COL_TEXT(urls, customer_email),
			COL_TEXT(urls, customer_name), { 0 }
		}
	},
	[CALLBACK] = {
		"UPDATE gateway_sessions SET " WITHOUT_QUERY("callback_url")
		" WHERE id = ?",
		NULL
	},
	[BACK] = {
		"UPDATE gateway_sessions SET " WITHOUT_QUERY("return_url")
		" WHERE id = ?",
		NULL
	},
	[DELIVERIES] = {
		"UPDATE gateway_deliveries SET " WITHOUT_QUERY("url")
		" WHERE session_id = ? AND " HAS_QUERY("url"),
		NULL
	},
};
const size_t shopurl_nstmts = NELEM(shopurl_stmts);
_Static_assert(NELEM(shopurl_stmts) == Q__MAX, "a statement has no text");

#define q shopurl_stmts

static bool
holds(const char *s, const char *text)
{
	size_t n = strlen(text);

	for (; *s != '\0'; s++)
		if (strncasecmp(s, text, n) == 0)
			return true;
	return false;
}

/* Of a form, so + is a space; a plain + is found before. */
static void
decode(char *s)
{
	unsigned char byte;
	char *to = s;

	for (; *s != '\0'; s++) {
		*to = *s == '+' ? ' ' : *s;
		if (*s == '%' && str_unhex((char[]){ s[1], s[1] == '\0' ?
		    '\0' : s[2], '\0' }, &byte, 1) && byte != 0) {
			*to = (char)byte;
			s += 2;
		}
		to++;
	}
	*to = '\0';
}

bool
shopurl_names(struct arena *a, const char *url, const char *text)
{
	const char *query = url == NULL ? NULL : strchr(url, '?');
	char *plain;

	if (query == NULL || text == NULL || *text == '\0')
		return false;
	if (holds(query, text))
		return true;
	plain = arena_printf(a, "%s", query);
	decode(plain);
	return holds(plain, text);
}

enum err
shopurl_erase(struct cx *cx, int64_t session_id, int64_t *n)
{
	struct val id = db_int(session_id);
	struct urls u = { 0 };
	int64_t one;
	enum err e;

	*n = 0;
	if ((e = db_one(cx, &q[READ], &u, id)) != 0)
		return e;
	if (shopurl_names(cx->arena, u.callback_url, u.customer_email) &&
	    ((e = db_run(cx, &q[CALLBACK], &one, id)) != 0 ||
	    (e = db_run(cx, &q[DELIVERIES], n, id)) != 0))
		return e;
	return shopurl_names(cx->arena, u.return_url, u.customer_email) ||
	    shopurl_names(cx->arena, u.return_url, u.customer_name) ?
	    db_run(cx, &q[BACK], &one, id) : 0;
}
