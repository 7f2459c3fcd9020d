/*
 * test_session_db.c - a session's row: found only by its whole token, moved
 * only along its edges, credited to the cent.  Beside a private MariaDB.
 */
#include "base/str.h"
#include "flow/migrate.h"
#include "model/session.h"
#include "tap.h"

#define NOW	INT64_C(1774911912)

static struct cx cx;

static void
begin(int64_t now)
{
	cx_begin(&cx);
	db_begin(&cx);
	cx.now = now;
	cx.merchant = 1;
}

static void
test_schema(void)
{
	int done = 0;

	begin(NOW);
	is_int(migrate(&cx, migrations, &done), 0, "migrated: %s", cx.why);
	is_true(done > 0, "%d migrations", done);
	is_int(migrate(&cx, migrations, &done), 0, "again");
	is_int(done, 0, "a second time does nothing");
	for (size_t i = 0; i < session_nstmts; i++)
		is_int(db_check(&cx, &session_stmts[i]), 0,
		    "statement %zu fits its struct: %s", i, cx.why);
	is_int(db_script(&cx, "INSERT INTO gateway_merchants"
	    " (name, webhook_secret, created_at) VALUES ('Shop', '', 0)"), 0,
	    "a merchant");
	is_int(db_script(&cx, "INSERT INTO bank_accounts (environment, iban,"
	    " beneficiary_name, created_at)"
	    " VALUES (0, 'LT913740020058585210', 'Longemalle Trustees OU', 0)"),
	    0, "an account");
}

/* A session of 5.00 that expires in an hour, with its invoice; its token. */
static char *
fresh(char mark)
{
	struct session s = {
		.merchant_id = 1, .amount = 500, .created_at = NOW,
		.expires_at = NOW + 3600, .customer_name = "Jonas Žemaitis",
	};
	char key[] = "DP260330AAAAA?";

	begin(NOW);
	memset(s.token_id, mark, TOKEN_HALF);
	memset(s.token_check, mark + 1, TOKEN_HALF);
	is_int(session_add(&cx, &s), 0, "a session %c: %s", mark, cx.why);
	key[13] = mark;
	s.account_id = 1;
	s.reference_number = arena_printf(cx.arena, "DP-260330-AAAAA%c", mark);
	s.invoice_number = arena_printf(cx.arena, "INV-260330-0000%c", mark);
	is_int(session_invoice(&cx, &s, key), 0, "its invoice");
	is_int(session_invoice(&cx, &s, key), ERR_CONFLICT, "only once");
	return session_token(cx.arena, &s);
}

static void
test_tokens(void)
{
	struct session s = { 0 };
	char *token = fresh('A');
	char *wrong = arena_copy(cx.arena, token, strlen(token));

	is_int(session_find(&cx, token, &s), 0, "found by its token");
	is_str(s.customer_name, "Jonas Žemaitis", "as it was stored");
	is_str(s.iban, "LT913740020058585210", "with the account to pay to");
	is_str(s.merchant_name, "Shop", "and the merchant's name");
	wrong[63] = wrong[63] == '0' ? '1' : '0';
	is_int(session_find(&cx, wrong, &s), ERR_NOT_FOUND,
	    "not by a token whose second half differs");
	is_int(session_find(&cx, "abc", &s), ERR_NOT_FOUND, "not by half a one");
	is_int(session_find_key(&cx, "DP260330AAAAAA", &s), 0, "by its key");
}

static const struct {
	char		 mark;
	int64_t		 at;		/* seconds after it was made */
	cents		 money[3];	/* ended by 0 */
	const char	*status;
	bool		 late;
	const char	*shows;
} credits[] = {
	{ 'B', 10,   { 500 },		"confirmed", false, "to the cent" },
	{ 'C', 10,   { 200 },		"partial",   false, "a part" },
	{ 'D', 10,   { 200, 300 },	"confirmed", false, "two parts" },
	{ 'E', 10,   { 800 },		"overpaid",  false, "too much" },
	{ 'F', 10,   { 500, 1 },	"overpaid",  false, "more after the whole" },
	{ 'G', 3600, { 500 },		"confirmed", true,  "the moment it expired" },
	{ 'H', 9999, { 200 },		"partial",   true,  "a part, late" },
};

static void
test_credits(void)
{
	for (size_t i = 0; i < NELEM(credits); i++) {
		struct session s = { 0 };
		cents sum = 0;

		(void)fresh(credits[i].mark);
		is_int(session_find_key(&cx, arena_printf(cx.arena,
		    "DP260330AAAAA%c", credits[i].mark), &s), 0, "found");
		cx.now = NOW + credits[i].at;
		for (size_t j = 0; j < 3 && credits[i].money[j] != 0; j++) {
			is_int(session_lock(&cx, s.id, &s), 0, "locked");
			is_int(session_credit(&cx, &s, credits[i].money[j]), 0,
			    "credited: %s", cx.why);
			sum += credits[i].money[j];
		}
		is_int(session_lock(&cx, s.id, &s), 0, "read again");
		is_str(status_word((enum status)s.status), credits[i].status,
		    "%s", credits[i].shows);
		is_int(s.total_paid, sum, "%s: the sum", credits[i].shows);
		is_int(s.late, credits[i].late, "%s: late?", credits[i].shows);
	}
}

static void
test_moves(void)
{
	struct session s = { 0 }, old;
	char *token = fresh('J');

	is_int(session_find(&cx, token, &s), 0, "found");
	old = s;
	is_int(session_move(&cx, &s, EVENT_GIVE_UP), ERR_STATE,
	    "an invoice does not give up");
	is_int(session_move(&cx, &s, EVENT_POLL), 0, "it polls");
	is_int(session_poll(&cx, s.id), 0, "and counts");
	is_int(session_move(&cx, &old, EVENT_EXPIRE), ERR_CONFLICT,
	    "who read it before that is refused");
	is_int(session_find(&cx, token, &s), 0, "read again");
	is_int(s.poll_count, 1, "one poll");
	is_int(session_status(s.status, s.expires_at, NOW + 9999),
	    STATUS_POLLING, "a polling session ends by its polls");
	is_int(session_status(STATUS_INVOICED, NOW, NOW), STATUS_EXPIRED,
	    "an invoice expires at its moment");
	is_int(session_status(STATUS_PARTIAL, NOW, NOW), STATUS_PARTIAL,
	    "money does not expire");
}

int
main(void)
{
	char why[256];

	tap_needs_db();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL) {
		printf("not ok - settings: %s\n", why);
		return 1;
	}
	cx.db = db_new(cx.conf, cx.conf->db_name);
	test_schema();
	test_tokens();
	test_credits();
	test_moves();
	db_free(cx.db);
	conf_free(cx.conf);
	arena_free(cx.arena);
	return tap_done();
}
