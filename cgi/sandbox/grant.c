#include <string.h>

#include "base/str.h"
#include "io/seal.h"
#include "sandbox/grant.h"
#include "sandbox/route.h"
#include "sandbox/uuid.h"

#define ACCESS_SECONDS	3600
#define REFRESH_SECONDS	2592000
#define CODE_SECONDS	86400
#define NEVER		INT64_C(253402300799)	/* the year 9999 */
#define SCOPE		"ob-ps:authz-nosca ob-ps ob-as"

struct grant {
	int64_t	id, access_until;
};

enum {
	ADD_CODE, USE_CODE, ADD, ROTATE, FIND, EXPIRE, CLEAN, Q__MAX
};

const struct stmt grant_stmts[] = {
	[ADD_CODE] = {
		"INSERT IGNORE INTO codes (code_hash, expires_at)"
		" VALUES (?, ?)",
		NULL
	},
	[USE_CODE] = {
		"UPDATE codes SET used_at = ?"
		" WHERE code_hash = ? AND used_at = 0 AND expires_at > ?",
		NULL
	},
	[ADD] = {
		"INSERT INTO tokens (access_hash, refresh_hash, access_until,"
		"	refresh_until)"
		" VALUES (?, ?, ?, ?)",
		NULL
	},
	[ROTATE] = {
		"UPDATE tokens"
		"   SET access_hash = ?, refresh_hash = ?, access_until = ?,"
		"	refresh_until = ?"
		" WHERE refresh_hash = ? AND refresh_until > ?",
		NULL
	},
	[FIND] = {
		"SELECT id, access_until FROM tokens WHERE access_hash = ?",
		(const struct col[]){
			COL_INT(grant, id), COL_INT(grant, access_until), { 0 }
		}
	},
	[EXPIRE] = {
		"UPDATE tokens SET access_until = ? WHERE id = ?", NULL
	},
	[CLEAN] = { "DELETE FROM tokens WHERE refresh_until < ?", NULL },
};
const size_t grant_nstmts = NELEM(grant_stmts);
_Static_assert(NELEM(grant_stmts) == Q__MAX, "a statement has no text");

#define q grant_stmts

struct token_in {
	const char	*grant_type, *code, *refresh_token;
};

static const struct param token_params[] = {
	TEXT(token_in, grant_type,    REQUIRED, 1,  64, "authorization_code or refresh_token."),
	TEXT(token_in, code,	      OPTIONAL, 1, 256, "The authorisation code; good for once."),
	TEXT(token_in, refresh_token, OPTIONAL, 1, 256, "The latest refresh token; good for once."),
	{ 0 }
};

/* The answer, in the order and with the kinds of the bank's own sample. */
struct token_out {
	const char	*token_type, *access_token, *refresh_token;
	int64_t		 expires_in;
	const char	*client_customer_name, *scope;
	const char	*refresh_token_expires_in;
};

static const struct field token_fields[] = {
	F_TEXT(token_out, token_type, "Bearer."),
	F_TEXT(token_out, access_token, "For the data calls."),
	F_TEXT(token_out, refresh_token, "For the next pair."),
	F_INT (token_out, expires_in, "Seconds the access token lives."),
	F_TEXT(token_out, client_customer_name, "Masked."),
	F_TEXT(token_out, scope, "What the tokens are good for."),
	F_TEXT(token_out, refresh_token_expires_in, "Seconds, as a text."),
	{ 0 }
};

/* A pair in the making. */
struct pair_work {
	const struct token_in	*in;
	struct token_out	 out;
	unsigned char		 access[HASH_BYTES], refresh[HASH_BYTES];
	int64_t			 access_until, refresh_until;
	bool			 good;	/* code or refresh token were */
};

/* What comes behind the scheme in Authorization; NULL: nothing. */
static const char *
credentials(struct cx *cx, const char *scheme)
{
	const char *header = fcgi_header(cx->arena, "Authorization");
	size_t n = strlen(scheme);
	bool good = header != NULL && strlen(header) > n &&
	    header[n] == ' ' && str_same(str_cut(cx->arena, header, n),
	    scheme);

	return good ? header + n + 1 : NULL;
}

enum err
grant_basic(struct cx *cx, struct call *c)
{
	const struct conf_bank *bank = &cx->conf->bank[STAGING];
	const char *sent = credentials(cx, "Basic");
	const char *want = arena_printf(cx->arena, "%s:%s", bank->client_id,
	    bank->client_secret);
	const unsigned char *text;
	size_t len = 0;

	text = sent == NULL ? NULL : seal_unbase64(cx->arena, sent, &len);
	if (text != NULL && bank->client_id[0] != '\0' &&
	    len == strlen(want) && seal_same(text, want, len))
		return 0;
	c->header = "WWW-Authenticate: Basic realm=\"sandbox\"\r\n";
	return call_refuse(c, 401, "invalid_client",
	    "Unknown client, or a wrong secret.");
}

static enum err
refuse_token(struct call *c, const char *code, const char *text)
{
	c->header = "WWW-Authenticate: Bearer\r\n";
	return call_refuse(c, 401, code, text);
}

enum err
grant_bearer(struct cx *cx, struct call *c)
{
	const char *sent = credentials(cx, "Bearer");
	unsigned char hash[HASH_BYTES];
	struct grant g;
	enum err e;

	if (sent == NULL)
		return refuse_token(c, "TOKEN_INVALID", "No access token.");
	seal_digest(hash, sent, NULL);
	e = db_one(cx, &q[FIND], &g, db_bytes(hash, sizeof(hash)));
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		return refuse_token(c, "TOKEN_INVALID",
		    "Unknown access token.");
	}
	if (e != 0)
		return e;
	c->token = g.id;
	if (g.access_until <= cx->now)
		return refuse_token(c, "TOKEN_EXPIRED",
		    "The access token has expired.");
	if ((e = trouble_take(cx, &c->troubles, SPOT_BEARER)) != 0)
		return e;
	return c->troubles.of[TROUBLE_EXPIRED].hit ? grant_expire(cx, c) : 0;
}

enum err
grant_expire(struct cx *cx, struct call *c)
{
	int64_t n;
	enum err e = db_run(cx, &q[EXPIRE], &n, db_int(cx->now),
	    db_int(c->token));

	return e != 0 ? e : refuse_token(c, "TOKEN_EXPIRED",
	    "The access token has expired.");
}

static enum err
add_code(struct cx *cx, const char *code, int64_t expires_at)
{
	unsigned char hash[HASH_BYTES];
	int64_t n;

	seal_digest(hash, code, NULL);
	return db_run(cx, &q[ADD_CODE], &n, db_bytes(hash, sizeof(hash)),
	    db_int(expires_at));
}

/* The code of the settings is known from the moment it is shown. */
static enum err
use_code(struct cx *cx, const char *code, bool *good)
{
	const char *first = cx->conf->bank[STAGING].auth_code;
	unsigned char hash[HASH_BYTES];
	size_t len = strlen(code);
	int64_t n = 0;
	enum err e = 0;

	if (len > 0 && len == strlen(first) && seal_same(code, first, len))
		e = add_code(cx, first, NEVER);
	seal_digest(hash, code, NULL);
	if (e == 0)
		e = db_run(cx, &q[USE_CODE], &n, db_int(cx->now),
		    db_bytes(hash, sizeof(hash)), db_int(cx->now));
	*good = n == 1;
	return e;
}

static enum err
exchange(struct cx *cx, void *arg)
{
	struct pair_work *w = arg;
	int64_t n;
	enum err e;

	if ((e = db_run(cx, &q[CLEAN], &n, db_int(cx->now))) != 0 ||
	    (e = use_code(cx, w->in->code, &w->good)) != 0 || !w->good)
		return e;
	return db_run(cx, &q[ADD], &n, db_bytes(w->access, HASH_BYTES),
	    db_bytes(w->refresh, HASH_BYTES), db_int(w->access_until),
	    db_int(w->refresh_until));
}

/* One UPDATE: of two refreshes with one token, the second finds no row. */
static enum err
rotate(struct cx *cx, void *arg)
{
	struct pair_work *w = arg;
	unsigned char old[HASH_BYTES];
	int64_t n = 0;
	enum err e;

	seal_digest(old, w->in->refresh_token, NULL);
	e = db_run(cx, &q[ROTATE], &n, db_bytes(w->access, HASH_BYTES),
	    db_bytes(w->refresh, HASH_BYTES), db_int(w->access_until),
	    db_int(w->refresh_until), db_bytes(old, sizeof(old)),
	    db_int(cx->now));
	w->good = n == 1;
	return e;
}

static enum err
mint(struct cx *cx, struct call *c, struct pair_work *w)
{
	struct troubles *t = &c->troubles;
	int64_t access = ACCESS_SECONDS, refresh = REFRESH_SECONDS;
	enum err e;

	if ((e = trouble_take(cx, t, SPOT_MINT)) != 0)
		return e;
	if (t->of[TROUBLE_ACCESS_SECONDS].hit)
		access = t->of[TROUBLE_ACCESS_SECONDS].value;
	if (t->of[TROUBLE_REFRESH_SECONDS].hit)
		refresh = t->of[TROUBLE_REFRESH_SECONDS].value;
	w->access_until = cx->now + access;
	w->refresh_until = cx->now + refresh;
	w->out = (struct token_out){
	    .token_type = "Bearer",
	    .access_token = uuid_make(cx->arena),
	    .refresh_token = uuid_make(cx->arena),
	    .expires_in = access,
	    .client_customer_name = "Lo********OU",
	    .scope = SCOPE,
	    .refresh_token_expires_in = arena_printf(cx->arena, "%" PRId64,
	    refresh) };
	seal_digest(w->access, w->out.access_token, NULL);
	seal_digest(w->refresh, w->out.refresh_token, NULL);
	return 0;
}

/* The form must be one, and nothing secret may stand in the URL. */
static enum err
check_form(struct call *c)
{
	const struct token_in *in = c->in;
	bool code = strcmp(in->grant_type, "authorization_code") == 0;

	if (!str_starts(c->request->type, "application/x-www-form-urlencoded"))
		return call_refuse(c, 400, "invalid_request", "Content-Type"
		    " must be application/x-www-form-urlencoded.");
	if (c->request->query[0] != '\0')
		return call_refuse(c, 400, "invalid_request",
		    "Parameters belong in the body.");
	if (!code && strcmp(in->grant_type, "refresh_token") != 0)
		return call_refuse(c, 400, "unsupported_grant_type",
		    "Use authorization_code or refresh_token.");
	if ((code ? in->code : in->refresh_token) == NULL)
		return call_refuse(c, 400, "invalid_request",
		    code ? "code is missing." : "refresh_token is missing.");
	return 0;
}

static enum err
token(struct cx *cx, struct call *c)
{
	struct pair_work w = { .in = c->in };
	enum err e;

	if ((e = check_form(c)) != 0 || c->status != 0 ||
	    (e = mint(cx, c, &w)) != 0)
		return e;
	e = db_tx(cx, w.in->grant_type[0] == 'a' ? exchange : rotate, &w);
	if (e != 0)
		return e;
	if (!w.good)
		return call_refuse(c, 400, "invalid_grant", "The code or the"
		    " refresh token is unknown, used or too old.");
	field_object(&c->body, token_fields, &w.out);
	return 0;
}

static enum err
new_code(struct cx *cx, struct call *c)
{
	const char *code = uuid_make(cx->arena);

	out_text(&c->body, "{\"code\":");
	out_json(&c->body, code);
	out_text(&c->body, "}");
	return add_code(cx, code, cx->now + CODE_SECONDS);
}

const struct route grant_routes[] = {
	{ "POST", "/auth/v1/oauth2/token", GROUP_TOKEN, "token", token_params, sizeof(struct token_in), token,
	  "Exchanges a code, or the latest refresh token, for a pair of"
	  " tokens. A form, with Basic authorisation." },
	{ "POST", "/simulate/code", GROUP_SIMULATE, NULL, NULL, 0, new_code,
	  "Makes an authorisation code, as a person does in Online Banking;"
	  " good for once, for 24 hours." },
	{ 0 }
};
