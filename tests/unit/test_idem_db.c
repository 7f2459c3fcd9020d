/*
 * test_idem_db.c - a request that is sent again is the same one, also when its
 * first try met the release before, which hashed its parameters otherwise.
 */
#include "api/serve.h"
#include "flow/migrate.h"
#include "io/seal.h"
#include "model/idempotency.h"
#include "model/merchant.h"
#include "tap.h"

#define NOW	INT64_C(1774911912)
#define JSON	"application/json"
#define BODY	"{\"order_id\":\"A\"}"

struct in {
	const char	*order_id;
};

static struct cx cx;
static int runs;

static enum err
work(struct cx *c, const void *in, struct reply *reply)
{
	(void)c;
	(void)in;
	runs++;
	out_text(&reply->body, "\"done\":true");
	return 0;
}

static const struct param params[] = {
	TEXT(in, order_id, OPTIONAL, 1, 64, "Yours."), { 0 }
};

static const struct action write = { .name = "write", .who = MERCHANT,
    .method = WRITE, .params = params, .run = work };
static const struct action effect = { .name = "effect", .who = MERCHANT,
    .method = EFFECT, .params = params, .run = work };

/* What the release before left under the key, and what comes of the same
 * request now. */
static const struct {
	const struct action *action;
	const char	*reply;		/* "": it was killed before it had one */
	int64_t		 age;
	const char	*body;
	enum err	 e;
	int		 runs;
	const char	*shows;
} rows[] = {
	{ &write,  "\"done\":1", 60,	BODY, 0, 0, "its answer is repeated" },
	{ &effect, "\"done\":1", 60,	BODY, 0, 0, "that of an effect, too" },
	{ &effect, "", 3600, BODY, 0, 1, "what it was killed at is taken over" },
	{ &effect, "", 1, BODY, ERR_KEY_IN_USE, 0, "unless it may still run" },
	{ &write,  "\"done\":1", 60,	"{\"order_id\":\"B\"}", ERR_KEY_REUSED, 0,
	  "another request is refused" },
};

static void
must(enum err e, const char *what)
{
	if (e != 0) {
		is_int(e, 0, "%s: %s", what, cx.why);
		exit(1);
	}
}

static void
left_before(size_t i, const char *key)
{
	struct idempotency row = { .action = rows[i].action->name,
	    .idempotency_key = key, .reply = rows[i].reply };

	seal_hash(&cx, arena_printf(cx.arena, "%s\norder_id=A",
	    rows[i].action->name), row.request_hash);
	cx.now = NOW - rows[i].age;
	must(idempotency_add(&cx, &row), "a claim of the release before");
	must(idempotency_set(&cx, &row), "and its answer");
	cx.now = NOW;
}

int
main(void)
{
	struct merchant m = { .name = "Shop", .webhook_secret = "",
	    .events = "", .timezone = "UTC" };
	struct args *args = NULL;
	char why[256], *key_file;
	int done = 0;
	void *in;

	tap_needs_db();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL)
		return 1;
	key_file = arena_printf(cx.arena, "%s.key", getenv("DAPIT_CONF"));
	if (!seal_create(key_file, why) ||
	    (cx.seal = seal_open(key_file, why)) == NULL)
		return 1;
	cx.db = db_new(cx.conf, cx.conf->db_name);
	cx_begin(&cx);
	must(migrate(&cx, migrations, &done), "the schema");
	must(merchant_add(&cx, &m), "a merchant");
	cx.merchant = m.id;
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct reply reply = { .body = { .arena = cx.arena } };
		char *key = arena_printf(cx.arena, "key %zu", i);

		left_before(i, key);
		must(args_read(&cx, "", JSON, rows[i].body,
		    strlen(rows[i].body), &args), "the request");
		must(action_check(&cx, rows[i].action, args, &in), "is good");
		runs = 0;
		is_int(idem_run(&cx, rows[i].action, args, in, key, &reply),
		    rows[i].e, "%s", rows[i].shows);
		is_int(runs, rows[i].runs, "%s: it ran so often",
		    rows[i].shows);
		fail_clear(&cx);
	}
	db_free(cx.db);
	return tap_done();
}
