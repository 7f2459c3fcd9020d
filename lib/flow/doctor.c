#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/calendar.h"
#include "flow/audit.h"
#include "flow/bank.h"
#include "flow/count.h"
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
#define OFF_SECONDS	(3 * DAY_SECONDS)	/* of a balance */
#define CERT_LEFT	(30 * DAY_SECONDS)	/* of a certificate */

struct server {
	int64_t		 clock, flush, sync, log;
	const char	*version;
};

struct sum {
	int64_t		 n, latest;
};

enum { SERVER, DONE, SEEN, Q__MAX };

static const struct col sum_row[] = {
	COL_INT(sum, n), COL_INT(sum, latest), { 0 }
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
		"SELECT COUNT(*) AS n, 0 AS latest"
		"  FROM schema_migrations WHERE name = ?",
		sum_row
	},
	[SEEN] = {
		"SELECT COUNT(*) AS n, COALESCE(MAX(seen_at), 0) AS latest"
		"  FROM gateway_workers WHERE seen_at BETWEEN ? AND ?",
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

/* What is booked on a coming day may be in the balance already, and what is
 * kept aside is: only what stays off is broken. */
static void
look_balance(struct chart *c)
{
	char off[CENTS_TEXT], balance[CENTS_TEXT], t[TIME_TEXT];
	const struct stated *s;
	struct rows rows;
	int64_t since;

	if (!asked(c, account_stated(c->cx, &rows), "bank balance"))
		return;
	s = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		since = s[i].balance_off_since;
		note(c, s[i].off == 0 ? HEALTH_OK : since + OFF_SECONDS >
		    c->cx->now ? HEALTH_WARNING : HEALTH_BROKEN,
		    "bank balance", "see dapit transfers --aside; else"
		    " something is on the bank's statement and not in the"
		    " books, or the other way round", "%s: the bank states"
		    " %s%s", s[i].iban, cents_print(s[i].balance, balance),
		    s[i].off == 0 ? ", as the books" : arena_printf(
		    c->cx->arena, ", the books differ by %s since %s",
		    cents_print(s[i].off, off), time_print(since, t)));
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

static void
look_counts(struct chart *c)
{
	char t[TIME_TEXT], amount[CENTS_TEXT];

	for (const struct count *k = counts; k->what != NULL; k++) {
		struct counted n = { 0 };

		if (!asked(c, count(c->cx, k, &n), k->what))
			continue;
		if (n.n == 0)
			note(c, HEALTH_OK, k->what, NULL, "none");
		else
			note(c, k->bad, k->what, k->todo, "%" PRId64 "%s%s,"
			    " the oldest since %s", n.n, n.amount != 0 ?
			    ", together " : "", n.amount != 0 ?
			    cents_print(n.amount, amount) : "",
			    time_print(n.oldest, t));
	}
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
look_books(struct chart *c)
{
	struct audited a = { 0 };
	const char *said;
	bool late;

	if (!asked(c, audit_last(c->cx, &a), "books"))
		return;
	late = audit_late(c->cx, &a, &said);
	note(c, a.flaw != NULL ? HEALTH_BROKEN : late ? HEALTH_WARNING :
	    HEALTH_OK, "books", a.flaw != NULL ? "run dapit audit: it names"
	    " all that is off, and clears this when nothing is" : "see that a"
	    " worker runs, and its log", "%s", said);
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
	look_balance(&c);
	look_times(&c);
	look_counts(&c);
	look_books(&c);
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
