/*
 * test_time_db.c - no stored time is trusted further ahead than it can be:
 * a row for each of base/wait.h.
 */
#include "flow/audit.h"
#include "flow/collect.h"
#include "flow/jump.h"
#include "flow/migrate.h"
#include "flow/pulse.h"
#include "flow/replay.h"
#include "model/endpoint.h"
#include "model/erasure.h"
#include "model/event.h"
#include "model/idempotency.h"
#include "model/key.h"
#include "model/login.h"
#include "model/message.h"
#include "model/payout.h"
#include "model/refund.h"
#include "model/sender.h"
#include "model/alert.h"
#include "model/session.h"
#include "model/transaction.h"
#include "tap.h"

static struct cx cx;

/* Everything that has such a time, once. */
static const char *const things[] = {
	"INSERT INTO gateway_merchants (id, name, webhook_secret, created_at) VALUES (1, 'Shop', '', 0)",
	"INSERT INTO bank_accounts (id, environment, iban, current, created_at) VALUES (1, 0, 'LT913740020058585210', 1, 0)",
	"INSERT INTO bank_logins (environment, code_hash, access_token, refresh_token, access_until, refresh_until) VALUES (0, '', '', '', 0, 0)",
	"INSERT INTO gateway_sessions (id, merchant_id, environment, status, token_id, token_check, amount, created_at, expires_at, invoiced_at)"
	    " VALUES (1, 1, 0, 2, '', '', 500, 0, 0, 1000)",
	"INSERT INTO gateway_refunds (id, session_id, merchant_id, reference_number, amount, processing_fee, status, created_at) VALUES (1, 1, 1, 'R0000001', 500, 100, 1, 0)",
	"INSERT INTO gateway_refunds (id, session_id, merchant_id, reference_number, amount, processing_fee, automatic, created_at) VALUES (2, 1, 1, 'R0000002', 500, 100, 1, 0)",
	"INSERT INTO gateway_payouts (id, refund_id, send, creditor_iban, creditor_name, amount, created_at) VALUES (1, 1, 1, '', '', 400, 0)",
	"INSERT INTO gateway_events (id, event_id, merchant_id, session_id, type, body, created_at) VALUES (1, 'evt_1', 1, 1, 'test', '{}', 0)",
	"INSERT INTO gateway_endpoints (id, merchant_id, origin, created_at) VALUES (1, 1, 'http://127.0.0.1:9', 0)",
	"INSERT INTO gateway_deliveries (event_id, session_id, merchant_id, endpoint_id, url, due_at) VALUES (1, 1, 1, 1, '', 0)",
	"INSERT INTO recurring_messages (cycle_id, reminder, channel, schedule_id, sender_id, recipient, status, due_at, created_at)"
	    " VALUES (1, 0, 0, 1, 1, '', 0, 0, 0), (1, 1, 0, 1, 1, '', 1, 0, 0)",
	"INSERT INTO recurring_senders (merchant_id, channel, tokens, refilled_at) VALUES (1, 0, 0, 0)",
	"INSERT INTO gateway_idempotency (merchant_id, environment, action, idempotency_key, request_hash, reply, created_at)"
	    " VALUES (1, 0, 'send_refund', 'k', REPEAT('\\0', 32), '', 0)",
	"INSERT INTO gateway_totals (merchant_id, counted_until, n) VALUES (1, 0, 1000)",
	"INSERT INTO gateway_keys (id, merchant_id, key_hash, name, hint, created_at) VALUES (1, 1, '', '', '', 0)",
	"INSERT INTO gateway_workers (host, seen_at) VALUES ('here', 0)",
	"INSERT INTO gateway_alerts (host, what, health) VALUES ('', '', 0), ('', 'clock', 2)",
	"INSERT INTO gateway_erasures_due (owner, id, why, due_at) VALUES (0, 1, 1, 0)",
};

/* What the questions below change beside the times. */
static const char *const repairs[] = {
	"UPDATE gateway_endpoints SET failures = 0, off_at = 0",
	"UPDATE gateway_totals SET n = 1000",
};

static const struct place_of {
	const char	*table, *column, *where, *what;
} places[WAIT__MAX] = {
#define W(name, seconds, table, column, where, what) \
	[WAIT_##name] = { table, column, where, what },
	WAITS(W)
#undef W
};

static void
must(enum err e, const char *what)
{
	if (e == 0)
		return;
	printf("Bail out! %s: %s\n", what, cx.why);
	exit(1);
}

/* The places that look at the latest rows have only one. */
static void
set(enum wait w, int64_t at)
{
	const struct place_of *p = &places[w];
	bool sub = strstr(p->where, "SELECT") != NULL;

	must(db_script(&cx, arena_printf(cx.arena, "UPDATE %s SET %s = %"
	    PRId64 " WHERE %s", p->table, p->column, at, sub ? "id > 0" :
	    p->where)), p->what);
}

struct number {
	int64_t n;
};

#define W(name, seconds, table, column, where, what) \
	[WAIT_##name] = { "SELECT MAX(" column ") AS n FROM " table \
		" WHERE " where " AND ? = 0", \
		(const struct col[]){ COL_INT(number, n), { 0 } } },
static const struct stmt gets[WAIT__MAX] = { WAITS(W) };
#undef W

static int64_t
get(enum wait w)
{
	struct number a = { 0 };

	must(db_one(&cx, &gets[w], &a, db_int(0)), places[w].what);
	return a.n;
}

static struct account
account(void)
{
	struct account a = { 0 };

	must(account_find(&cx, 1, &a), "the account");
	return a;
}

/* Is it due?  One question for each time, by what uses it. */
static bool
ask_lease(void)
{
	struct account a = account();
	bool held = collect_held(&cx, a.next_read_at, a.checked_at, a.leased);
	enum err e = account_lease(&cx, &a);

	fail_clear(&cx);
	return !held && e == 0;
}

static bool
ask_wanted(void)
{
	struct account a;

	set(WAIT_CHECKED, cx.now);
	a = account();
	return !collect_due(&cx, &a);
}

static bool
ask_checked(void)
{
	struct account a = account();
	const char *said;

	return collect_due(&cx, &a) && !pulse_account(&cx, &a, &said) &&
	    strstr(said, "in the future: the clock jumped") != NULL;
}

static bool
ask_window(void)
{
	return wait_done(WAIT_WINDOW, account().window_at, cx.now) == 0;
}

static bool
ask_deep(void)
{
	return wait_done(WAIT_DEEP, account().deep_at, cx.now) == 0;
}

static bool
ask_deepest(void)
{
	return wait_done(WAIT_DEEPEST, account().deepest_at, cx.now) == 0;
}

static bool
ask_login(void)
{
	struct login l = { 0 };
	enum err e;

	must(login_find(&cx, 0, &l), "the login");
	e = login_lease(&cx, &l);
	fail_clear(&cx);
	return e == 0;
}

static bool
ask_access(void)
{
	struct login l = { 0 };

	must(login_find(&cx, 0, &l), "the login");
	return !wait_holds(WAIT_ACCESS, l.access_until, cx.now);
}

static bool
ask_refund(void)
{
	struct rows rows;
	enum err e;

	must(refund_due(&cx, &rows), "refunds");
	e = refund_claim(&cx, 1, cx.now + 60);
	fail_clear(&cx);
	return rows.n == 1 && e == 0;
}

/* It waits anew, its whole time: so that it can still be stopped. */
static bool
ask_giveback(void)
{
	struct rows rows;

	must(refund_auto_anew(&cx, cx.now + 900), "those too far ahead");
	must(refund_auto_due(&cx, &rows), "refunds that go by themselves");
	return rows.n == 0 && get(WAIT_GIVEBACK) == cx.now + 900;
}

static bool
ask_order(void)
{
	struct payout p = { 0 };

	must(payout_find(&cx, 1, &p), "the order");
	return wait_done(WAIT_ORDER, p.initiated_at, cx.now) == 0;
}

static bool
ask_delivery(void)
{
	struct rows places_due, claimed;

	must(event_due(&cx, &places_due), "endpoints");
	must(event_claim(&cx, 1, 9, 30, &claimed), "webhooks");
	return places_due.n == 1 && claimed.n == 1;
}

static bool
ask_pause(void)
{
	struct rows rows;

	must(event_due(&cx, &rows), "endpoints");
	return rows.n == 1;
}

static struct endpoint
fail_there(void)
{
	struct endpoint p = { 0 };

	must(endpoint_bad(&cx, 1, "", 0, 72 * 3600), "it fails");
	must(endpoint_find(&cx, "http://127.0.0.1:9/hook", &p), "endpoint");
	return p;
}

static bool ask_failed(void) { return fail_there().failures == 1; }

static bool
ask_failing(void)
{
	return fail_there().failing_since == cx.now;
}

static bool
ask_off(void)
{
	const struct place *p;
	struct rows rows;

	must(event_due(&cx, &rows), "endpoints");
	p = rows.row;
	return rows.n == 1 && p->off_at == 0;
}

static bool
ask_message(void)
{
	struct rows rows;

	must(message_senders(&cx, CHANNEL_EMAIL, &rows), "senders");
	return rows.n == 1;
}

static bool
ask_sending(void)
{
	struct rows rows;

	must(message_lost(&cx, CHANNEL_EMAIL, &rows), "claims");
	return rows.n == 1;
}

static bool
ask_parked(void)
{
	struct rows rows;

	must(sender_parked(&cx, 1, &rows), "parked ones");
	return rows.n == 0 && ask_message();
}

static bool
ask_refilled(void)
{
	int64_t got;

	must(sender_take(&cx, 1, 0, 400, 0, &got), "a sender");
	return get(WAIT_REFILLED) == cx.now;
}

static bool
ask_key(void)
{
	const struct idempotency i = { .action = "send_refund",
	    .idempotency_key = "k" };
	int64_t n;

	must(idempotency_take(&cx, &i, 120, &n), "a claim");
	return n == 1;
}

static bool
ask_polled(void)
{
	struct rows rows;

	must(session_due(&cx, STATUS_POLLING, 900, &rows), "sessions");
	return rows.n == 1;
}

static bool
ask_counted(void)
{
	const struct choice all = { .until = INT64_MAX };
	int64_t total;

	must(transaction_count(&cx, &all, &total), "a count");
	return total == 1 && get(WAIT_COUNTED) <= cx.now;
}

static bool
ask_used(void)
{
	struct key k = { 0 };

	must(key_get(&cx, 1, &k), "the key");
	must(key_used(&cx, &k), "its use");
	return get(WAIT_USED) == cx.now;
}

static bool
ask_seen(void)
{
	struct pulse h;

	must(pulse_read(&cx, &h), "the pulse");
	return h.worker_seen_at == 0 && h.trouble != NULL;
}

static bool
ask_told(void)
{
	const struct event_choice all = { .type = "", .limit = 9 };
	struct rows rows;
	int64_t last;

	must(replay_list(&cx, &all, &rows, &last), "events");
	return rows.n == 1;
}

static bool
ask_erasure(void)
{
	struct rows rows;

	must(erasure_due(&cx, 9, &rows), "what is kept");
	return rows.n == 1;
}

static bool
ask_audited(void)
{
	int64_t n;

	must(audit_turn(&cx, &n), "a look at the books");
	return n == 1;
}

static bool
ask_looked(void)
{
	bool ours;

	must(alert_look(&cx, "", 50, &ours), "a look");
	return ours;
}

static bool
ask_alert(void)
{
	const bool ways[WAY__MAX] = { true };
	struct rows rows;

	must(alert_due(&cx, ways, &rows), "alerts");
	return rows.n == 1;
}

static const struct {
	enum wait	 w;
	bool		(*due)(void);
} questions[] = {
	{ WAIT_READ, ask_lease },	{ WAIT_LEASE, ask_lease },
	{ WAIT_WANTED, ask_wanted },	{ WAIT_CHECKED, ask_checked },
	{ WAIT_WINDOW, ask_window },	{ WAIT_DEEP, ask_deep },
	{ WAIT_DEEPEST, ask_deepest },
	{ WAIT_LOGIN, ask_login },	{ WAIT_ACCESS, ask_access },
	{ WAIT_REFUND, ask_refund },	{ WAIT_ORDER, ask_order },
	{ WAIT_GIVEBACK, ask_giveback },
	{ WAIT_DELIVERY, ask_delivery }, { WAIT_PAUSE, ask_pause },
	{ WAIT_FAILED, ask_failed },	{ WAIT_FAILING, ask_failing },
	{ WAIT_OFF, ask_off },		{ WAIT_MESSAGE, ask_message },
	{ WAIT_SENDING, ask_sending },	{ WAIT_PARKED, ask_parked },
	{ WAIT_REFILLED, ask_refilled }, { WAIT_KEY, ask_key },
	{ WAIT_POLLED, ask_polled },	{ WAIT_COUNTED, ask_counted },
	{ WAIT_USED, ask_used },	{ WAIT_SEEN, ask_seen },
	{ WAIT_TOLD, ask_told },	{ WAIT_ERASURE, ask_erasure },
	{ WAIT_AUDITED, ask_audited },
	{ WAIT_LOOKED, ask_looked },	{ WAIT_ALERT, ask_alert },
};
_Static_assert(NELEM(questions) == WAIT__MAX, "a stored time has no test");

/* Does dapit doctor name it? */
static bool
named(enum wait w)
{
	const struct jump *j;
	struct rows rows;

	must(jump_each(&cx, &rows), "the times");
	j = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		if (strcmp(j[i].what, places[w].what) == 0)
			return true;
	return false;
}

static void
begin(void)
{
	cx_begin(&cx);
	cx.merchant = 1;
	for (int w = 0; w < WAIT__MAX; w++)
		set((enum wait)w, 0);
	for (size_t i = 0; i < NELEM(repairs); i++)
		must(db_script(&cx, repairs[i]), "repairs");
}

static const struct {
	int64_t		 more;		/* seconds than is lawful */
	bool		 due;
	const char	*shows;
} times[] = {
	{ 0,		  false, "as far ahead as it can be: it counts" },
	{ 60,		  true,	 "a minute more: it does not" },
	{ 70 * 86400,	  true,	 "nor 70 days" },
	{ INT64_C(1) << 40, true, "nor an age" },
};

/* A clock that is ahead forgets no answer that may be asked for again. */
static void
test_answers(void)
{
	static const struct {
		int64_t		 age, moved, n;	/* n: dropped */
		const char	*shows;
	} answers[] = {
		{ 3600,	     0,		 0, "an answer of an hour ago stays" },
		{ 3600,	     70 * 86400, 0, "also when our clock is ahead" },
		{ 80 * 3600, 0,		 1, "after three days it goes" },
	};
	int64_t n;

	for (size_t i = 0; i < NELEM(answers); i++) {
		begin();
		set(WAIT_KEY, cx.now);	/* the other one is young */
		must(db_script(&cx, arena_printf(cx.arena, "REPLACE INTO"
		    " gateway_idempotency VALUES (1, 0, 'a', 'old',"
		    " REPEAT('\\0', 32), '{}', %" PRId64 ")", cx.now -
		    answers[i].age)), "an answer");
		cx.now += answers[i].moved;
		must(idempotency_drop(&cx, &n), "it is swept");
		is_int(n, answers[i].n, "%s", answers[i].shows);
	}
}

/* A clock that was two minutes ahead noted a read and the next one. */
static void
test_short_jump(void)
{
	begin();
	set(WAIT_READ, cx.now + 123);
	set(WAIT_CHECKED, cx.now + 120);
	is_true(ask_lease(), "a short jump: the next read does not wait");
	begin();
	set(WAIT_READ, cx.now + 123);
	set(WAIT_CHECKED, cx.now - 1);
	is_true(!ask_lease(), "but one that the bank asked to put off does");
}

int
main(void)
{
	char why[256];
	int done = 0;

	tap_needs_db();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL)
		return 1;
	cx.db = db_new(cx.conf, cx.conf->db_name);
	must(migrate(&cx, migrations, &done), "the schema");
	for (size_t i = 0; i < NELEM(things); i++)
		must(db_script(&cx, things[i]), "things");
	for (size_t i = 0; i < NELEM(questions); i++)
		for (size_t j = 0; j < NELEM(times); j++) {
			enum wait w = questions[i].w;

			begin();
			set(w, cx.now + wait_longest(w) + times[j].more);
			is_true(named(w) == times[j].due, "%s.%s, %s: named",
			    places[w].table, places[w].column, times[j].shows);
			is_true(questions[i].due() == times[j].due,
			    "%s.%s, %s", places[w].table, places[w].column,
			    times[j].shows);
		}
	test_answers();
	test_short_jump();
	db_free(cx.db);
	conf_free(cx.conf);
	return tap_done();
}
