#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/calendar.h"
#include "base/unmatched.h"
#include "flow/bank.h"
#include "flow/doctor.h"
#include "flow/forget.h"
#include "flow/jump.h"
#include "flow/migrate.h"
#include "flow/pulse.h"
#include "flow/rotate.h"
#include "flow/settings.h"
#include "io/pem.h"
#include "io/web.h"
#include "model/login.h"

#define SKEW		2		/* seconds that clocks may differ */
#define SILENCE		90		/* of a worker; cron starts one a minute */
#define LATE		300		/* an overdue delivery */
#define CERT_LEFT	(30 * DAY_SECONDS)	/* of a certificate */

struct server {
	int64_t		 clock, flush, sync, log;
	const char	*version;
};

struct sum {
	int64_t		 n, amount, oldest;
};

enum { SERVER, DONE, SEEN, OVERDUE, GIVEN_UP, OFF, UNMATCHED, PARKED,
	ASIDE, Q__MAX };

static const struct col sum_row[] = {
	COL_INT(sum, n), COL_INT(sum, amount), COL_INT(sum, oldest), { 0 }
};

const struct stmt doctor_stmts[] = {
	[SERVER] = {
		"SELECT UNIX_TIMESTAMP() AS clock, VERSION() AS version,"
		"	@@innodb_flush_log_at_trx_commit AS flush,"
		"	@@sync_binlog AS sync, @@log_bin AS log",
		(const struct col[]){
			COL_INT(server, clock), COL_TEXT(server, version),
			COL_INT(server, flush), COL_INT(server, sync),
			COL_INT(server, log), { 0 }
		}
	},
	[DONE] = {
		"SELECT COUNT(*) AS n, 0 AS amount, 0 AS oldest"
		"  FROM schema_migrations WHERE name = ?",
		sum_row
	},
	[SEEN] = {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MAX(seen_at), 0) AS oldest"
		"  FROM gateway_workers WHERE seen_at BETWEEN ? AND ?",
		sum_row
	},
	[OVERDUE] = {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(d.due_at), 0) AS oldest"
		"  FROM gateway_deliveries d"
		"  LEFT JOIN gateway_endpoints p ON p.id = d.endpoint_id"
		" WHERE d.status = 0 AND d.due_at < ?"
		"   AND COALESCE(p.failures, 0) = 0",
		sum_row
	},
	[GIVEN_UP] = {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(e.created_at), 0) AS oldest"
		"  FROM gateway_deliveries d"
		"  JOIN gateway_events e ON e.id = d.event_id"
		" WHERE d.status = 2 AND d.event_id > ?",
		sum_row
	},
	[OFF] = {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(off_at), 0) AS oldest"
		"  FROM gateway_endpoints WHERE off_at > ?",
		sum_row
	},
	[PARKED] = {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(refilled_at), 0) AS oldest"
		"  FROM recurring_senders WHERE parked_until > ?",
		sum_row
	},
	[ASIDE] = {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(first_seen_at), 0) AS oldest"
		"  FROM gateway_asides WHERE status = 0 AND id > ?",
		sum_row
	},
	[UNMATCHED] = {
		"SELECT COUNT(*) AS n, COALESCE(SUM(t.amount), 0) AS amount,"
		"	COALESCE(MIN(u.created_at), 0) AS oldest"
		"  FROM gateway_unmatched u"
		"  JOIN gateway_transfers t ON t.id = u.transfer_id"
		" WHERE u.created_at > ? AND " UNMATCHED_IS,
		sum_row
	},
};
const size_t doctor_nstmts = NELEM(doctor_stmts);
_Static_assert(NELEM(doctor_stmts) == Q__MAX, "a statement has no text");

#define q doctor_stmts

/* What is being written. */
struct chart {
	struct cx	*cx;
	struct out	 found;		/* of struct finding */
	size_t		 n;
	bool		 local;		/* they are of this machine */
};

static void note(struct chart *, enum health, const char *what,
    const char *todo, const char *fmt, ...) PRINTF(5, 6);

static void
add(struct chart *c, const struct finding *f)
{
	out_bytes(&c->found, f, sizeof(*f));
	c->n++;
}

static void
note(struct chart *c, enum health h, const char *what, const char *todo,
    const char *fmt, ...)
{
	struct finding f = { .health = health_word(h), .what = what,
	    .todo = h == HEALTH_OK ? NULL : todo, .local = c->local };
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f.state = arena_copy(c->cx->arena, text, strlen(text));
	add(c, &f);
}

/* The question failed: that is the finding. */
static bool
asked(struct chart *c, enum err e, const char *what)
{
	if (e != 0)
		note(c, HEALTH_BROKEN, what, "see the database's log and"
		    " [database] in the settings", "%s", c->cx->why);
	fail_clear(c->cx);
	return e == 0;
}

static void
look_database(struct chart *c)
{
	struct server s = { 0 };
	bool durable;
	int64_t skew;

	if (!asked(c, db_one_(c->cx, &q[SERVER], &s, NULL, 0), "database"))
		return;
	note(c, HEALTH_OK, "database", NULL, "%s", s.version);
	durable = s.flush == 1 && (s.log == 0 || s.sync == 1);
	note(c, durable ? HEALTH_OK : HEALTH_BROKEN, "durability",
	    "set innodb_flush_log_at_trx_commit=1 and sync_binlog=1: a crash"
	    " may lose payments", "innodb_flush_log_at_trx_commit=%" PRId64
	    ", %s", s.flush, s.log == 0 ? "no binary log" : s.sync == 1 ?
	    "sync_binlog=1" : "the binary log is not synced");
	c->local = true;
	skew = s.clock - (int64_t)time(NULL);
	note(c, skew > SKEW || skew < -SKEW ? HEALTH_BROKEN : HEALTH_OK,
	    "clock", "run an NTP client on both machines",
	    "the database's differs by %" PRId64 " s%s", skew,
	    cx_moved(c->cx->conf) != 0 ? "; moved by dapit clock" : "");
	c->local = false;
}

static void
look_schema(struct chart *c)
{
	struct sum s = { 0 };
	const struct migration *m = migrations;
	enum err e = 0;

	for (; e == 0 && m->name != NULL; m++) {
		e = db_one(c->cx, &q[DONE], &s, db_text(m->name));
		if (e == 0 && s.n == 0)
			break;
	}
	fail_clear(c->cx);
	note(c, e == 0 && m->name == NULL ? HEALTH_OK : HEALTH_BROKEN,
	    "schema", "run dapit migrate", "%s", e != 0 ? "not there" :
	    m->name == NULL ? "up to date" : m->name);
}

static void
look_login(struct chart *c, int64_t env)
{
	struct login l = { 0 };
	enum err e = login_find(c->cx, env, &l);
	const char *what = env == PRODUCTION ? "bank login, production" :
	    "bank login, staging";
	char t[TIME_TEXT];

	fail_clear(c->cx);
	if (e != 0 || l.refresh_until <= c->cx->now)
		note(c, HEALTH_BROKEN, what, "make a code in Online Banking"
		    " and run dapit bank login", "not logged in: %s",
		    e != 0 || l.last_error == NULL ? "" : l.last_error);
	else
		note(c, l.refresh_until - c->cx->now < DAY_SECONDS ?
		    HEALTH_WARNING : HEALTH_OK, what, "the refresh token ends"
		    " soon: see that the worker runs, or log in anew",
		    "valid until %s", time_print(l.refresh_until, t));
}

static void
look_certificate(struct chart *c, const char *path)
{
	char t[TIME_TEXT];
	int64_t until = 0, left;

	if (path[0] == '\0')
		return;
	if (!pem_until(c->cx->arena, path, &until)) {
		note(c, HEALTH_BROKEN, "certificate", "give a PEM file that"
		    " can be read", "%s cannot be read", path);
		return;
	}
	left = until - (int64_t)time(NULL);
	note(c, left < 0 ? HEALTH_BROKEN : left < CERT_LEFT ? HEALTH_WARNING :
	    HEALTH_OK, "certificate", "ask the bank for a new one",
	    "%s ends %s", path, time_print(until, t));
}

static void
look_settings(struct chart *c)
{
	struct finding f;

	for (int64_t env = 0; env < ENVIRONMENT__MAX; env++)
		if (settings_account(c->cx, env, &f))
			add(c, &f);
	if (settings_read(c->cx, &f))
		add(c, &f);
	if (settings_alerts(c->cx, &f))
		add(c, &f);
}

static void
look_bank(struct chart *c)
{
	const struct account *a;
	const char *said;
	struct rows rows;
	bool good;

	for (int64_t env = 0; env < ENVIRONMENT__MAX; env++)
		if (bank_used(c->cx->conf, env)) {
			look_login(c, env);
			c->local = true;
			look_certificate(c, c->cx->conf->bank[env].tls_cert);
			c->local = false;
		}
	if (!asked(c, account_each(c->cx, &rows), "accounts"))
		return;
	a = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		if (!a[i].current)
			continue;
		good = pulse_account(c->cx, &a[i], &said);
		note(c, good ? HEALTH_OK : HEALTH_BROKEN, a[i].environment ==
		    PRODUCTION ? "bank statement, production" :
		    "bank statement, staging", "see dapit bank status, that a"
		    " worker runs, and the clocks", "%s", said);
	}
}

/* Times that no clock can have written that is right. */
static void
look_times(struct chart *c)
{
	const struct jump *j;
	char t[TIME_TEXT];
	struct rows rows;

	if (!asked(c, jump_each(c->cx, &rows), "stored times"))
		return;
	j = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		note(c, HEALTH_WARNING, "stored times", "a clock jumped: see"
		    " that all are right now; these times count as not set",
		    "%s: %" PRId64 " in the future, the latest %s", j[i].what,
		    j[i].n, time_print(j[i].latest, t));
	if (rows.n == 0)
		note(c, HEALTH_OK, "stored times", NULL, "none in the future");
}

/* A count of what should be nothing. */
static void
look_count(struct chart *c, int which, int64_t value, const char *what,
    enum health bad, const char *todo)
{
	char t[TIME_TEXT], amount[CENTS_TEXT];
	struct sum s = { 0 };

	if (!asked(c, db_one(c->cx, &q[which], &s, db_int(value)), what))
		return;
	if (s.n == 0)
		note(c, HEALTH_OK, what, NULL, "none");
	else
		note(c, bad, what, todo, "%" PRId64 "%s%s, the oldest since"
		    " %s", s.n, s.amount != 0 ? ", together " : "",
		    s.amount != 0 ? cents_print(s.amount, amount) : "",
		    time_print(s.oldest, t));
}

static void
look_worker(struct chart *c)
{
	struct sum s = { 0 };

	if (asked(c, db_one(c->cx, &q[SEEN], &s,
	    DB_SINCE(WAIT_SEEN, c->cx->now, SILENCE)), "worker"))
		note(c, s.n > 0 ? HEALTH_OK : HEALTH_WARNING, "worker",
		    "start worker, or worker --once from cron: without it"
		    " webhooks wait", "%" PRId64 " alive", s.n);
}

static void
look_web(struct chart *c)
{
	struct cx *cx = c->cx;
	struct web_call call = {
		.arena = cx->arena, .method = "GET", .timeout = 5000,
		.answer_max = 4096, .cut = true,
		.url = arena_printf(cx->arena, "%s/api/gateway/gateway.php",
		    cx->conf->url),
	};
	bool good;

	web_run(cx->web, &call);
	good = call.status == 400 && call.answer.text != NULL &&
	    strstr(call.answer.text, "unknown_action") != NULL;
	note(c, good ? HEALTH_OK : HEALTH_BROKEN, "web server",
	    "see that nginx and gateway.fcgi run and that [gateway] url is"
	    " right", "%s: %s", call.url, call.status == 0 ? call.error :
	    arena_printf(cx->arena, "%s, %d", good ? "reached" :
	    "another answer", call.status));
}

/* What is kept for a reason, in words. */
static const char *
kept_text(struct chart *c)
{
	struct out o = { .arena = c->cx->arena };
	const struct kept_sum *s;
	struct rows rows;

	out_text(&o, "");
	if (erasure_sums(c->cx, &rows) != 0)
		rows.n = 0;
	fail_clear(c->cx);
	s = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		out_printf(&o, "; kept: %" PRId64 " that %s", s[i].n,
		    kept_word((enum kept)s[i].why));
	return o.text;
}

static void
look_privacy(struct chart *c)
{
	int64_t days = c->cx->conf->erase_after_days, lag = 0;

	if (days <= 0) {
		note(c, HEALTH_OK, "personal data", NULL, "kept for ever:"
		    " [privacy] erase_after_days is 0");
		return;
	}
	if (!asked(c, forget_lag(c->cx, &lag), "personal data"))
		return;
	note(c, lag > DAY_SECONDS ? HEALTH_WARNING : HEALTH_OK,
	    "personal data", "see that a worker runs, and its log", "erased"
	    " after %" PRId64 " days, %" PRId64 " days behind%s", days,
	    lag / DAY_SECONDS, kept_text(c));
}

static void
look_secrets(struct chart *c)
{
	struct sealed_count sum = { 0 }, n;
	bool old = seal_has(c->cx, SEAL_OLD);

	for (int p = 0; p < SEALED__MAX; p++) {
		if (!asked(c, rotate_count(c->cx, (enum sealed_place)p, &n),
		    "sealed values"))
			return;
		for (int k = 0; k <= SEAL_KEYS; k++)
			sum.n[k] += n.n[k];
	}
	note(c, old ? HEALTH_WARNING : HEALTH_OK, "master key",
	    "run dapit secrets rotate; with several machines, when all have"
	    " the new key file", "%s%s%s", seal_mark(c->cx, SEAL_CURRENT),
	    old ? ", its rotation is not finished" : "",
	    seal_has(c->cx, SEAL_NEXT) ? ", the next one is there" : "");
	note(c, sum.n[SEAL_KEYS] > 0 ? HEALTH_BROKEN : HEALTH_OK,
	    "sealed values", "is it another machine's key file, or an old one?"
	    " Else make them anew: dapit bank login, merchant rotate-secret,"
	    " config set", "%" PRId64 " of them open with no key",
	    sum.n[SEAL_KEYS]);
}

static void
look_file(struct chart *c, const char *path, unsigned others)
{
	struct stat st;
	bool there = path != NULL && path[0] != '\0';

	if (!there)
		return;
	if (stat(path, &st) != 0)
		note(c, HEALTH_BROKEN, "file", "see the settings",
		    "%s is not there", path);
	else
		note(c, (st.st_mode & others) == 0 ? HEALTH_OK : HEALTH_BROKEN,
		    "file", "chmod 600: it holds secrets", "%s has mode %03o",
		    path, (unsigned)st.st_mode & 0777);
}

void
doctor(struct cx *cx, struct rows *rows)
{
	struct chart c = { .cx = cx, .found = { .arena = cx->arena } };

	look_database(&c);
	look_schema(&c);
	cx_tick(cx);		/* what is written meanwhile is not ahead */
	look_worker(&c);
	look_settings(&c);
	look_bank(&c);
	look_times(&c);
	look_count(&c, OVERDUE, cx->now - LATE, "overdue webhooks",
	    HEALTH_BROKEN, "see that a worker runs");
	look_count(&c, GIVEN_UP, 0, "undelivered webhooks", HEALTH_WARNING,
	    "see dapit events MERCHANT --undelivered, then dapit events"
	    " redeliver");
	look_count(&c, OFF, 0, "endpoints switched off", HEALTH_WARNING,
	    "tell the merchant; dapit endpoints enable");
	look_count(&c, PARKED, cx->now, "senders of messages that wait",
	    HEALTH_WARNING, "a mail server or Twilio refuses a login, or has"
	    " enough: see dapit schedules messages, dapit config set");
	look_count(&c, UNMATCHED, 0, "unmatched money", HEALTH_WARNING,
	    "see dapit transfers --unmatched, then transfers assign");
	look_count(&c, ASIDE, 0, "entries kept aside", HEALTH_WARNING,
	    "see dapit transfers --aside, then transfers book or dismiss");
	look_privacy(&c);
	c.local = true;
	look_web(&c);
	look_secrets(&c);
	look_file(&c, cx->conf->path, 037);	/* group dapit reads it */
	look_file(&c, cx->conf->key_file, 077);
	for (int64_t env = 0; env < ENVIRONMENT__MAX; env++)
		look_file(&c, cx->conf->bank[env].tls_key, 077);
	*rows = (struct rows){ c.found.text, c.n, sizeof(struct finding) };
}
