/*
 * loop SOCKET ACTION CONNECTIONS SECONDS FIRST - the statements that an action
 * sends, prepared once, in bare libmariadb loops without HTTP or JSON: one
 * process a connection.  Prints rounds per second, all processes together.
 *
 * The texts of the statements are the gateway's own, found by a piece of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <mysql.h>

#include "io/seal.h"
#include "model/key.h"
#include "model/session.h"
#include "model/transaction.h"

#define VALS	24
#define COLS	48
#define STEPS	4

/* One statement of an action: its text, and what fills its question marks:
 * a letter each.  t token_id, c token_check, k key hash, n now, 0 zero,
 * 1 one, i the session's id, r a new reference, v a new invoice number,
 * w a new key, m a large number, l 50, z NULL, p polling. */
struct step {
	const struct stmt	*stmts;
	const size_t		*n;
	const char		*piece, *vals;
};

#define STEP(noun, piece, vals) { noun##_stmts, &noun##_nstmts, piece, vals }

static const struct {
	const char	*action;
	struct step	 step[STEPS];
} actions[] = {
	{ "get_session", {
		STEP(session, "s.items, s.return_url", "t") } },
	{ "check_payment", {
		STEP(session, "AS leased,", "t"),
		STEP(session, "SET poll_count = poll_count + 1", "nip") } },
	{ "create_session", {
		STEP(key, "WHERE k.key_hash", "k"),
		STEP(session, "INSERT INTO gateway_sessions", "100TClnnzzzzzz") } },
	{ "create_invoice", {
		STEP(session, "s.account_id IS NULL", "t"),
		STEP(session, "reference_key = ?, invoice_number", "11rwvni0") } },
	{ "list_transactions", {
		STEP(key, "WHERE k.key_hash", "k"),
		STEP(transaction, "SELECT counted_until", "1"),
		STEP(transaction, "SELECT COUNT(*) AS total FROM gateway_sessions WHERE merchant_id = ? AND invoiced_at BETWEEN ? AND ?", "1Nm"),
		STEP(transaction, "WHERE merchant_id = ? AND invoiced_at BETWEEN ? AND ? AND (invoiced_at < ? OR id < ?) ORDER", "10mmml0") } },
};

static const char *
text_of(const struct step *s)
{
	for (size_t i = 0; i < *s->n; i++)
		if (strstr(s->stmts[i].sql, s->piece) != NULL)
			return s->stmts[i].sql;
	fprintf(stderr, "loop: no statement has: %s\n", s->piece);
	exit(1);
}

struct vals {
	int64_t		now, id, num[VALS];
	unsigned char	token[16], fresh[16], hash[32];
	char		reference[24], invoice[24];
};

static void
fill(MYSQL_BIND *b, struct vals *v, char kind, int i)
{
	b->buffer_type = MYSQL_TYPE_LONGLONG;
	b->buffer = &v->num[i];
	v->num[i] = kind == 'n' ? v->now : kind == 'N' ? v->now - 5 :
	    kind == 'i' ? v->id : kind == 'm' ? INT64_MAX : kind == 'l' ? 50 :
	    kind == 'p' ? STATUS_POLLING : kind == '1';
	if (kind == 't' || kind == 'c' || kind == 'T' || kind == 'C') {
		b->buffer_type = MYSQL_TYPE_BLOB;
		b->buffer = kind == 'T' || kind == 'C' ? v->fresh : v->token;
		b->buffer_length = 16;
	} else if (kind == 'k') {
		b->buffer_type = MYSQL_TYPE_BLOB;
		b->buffer = v->hash;
		b->buffer_length = 32;
	} else if (kind == 'r' || kind == 'w' || kind == 'v') {
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = kind == 'v' ? v->invoice : v->reference;
		b->buffer_length = strlen(b->buffer);
	} else if (kind == 'z')
		b->buffer_type = MYSQL_TYPE_NULL;
}

static void
die(const char *what)
{
	fprintf(stderr, "loop: %s\n", what);
	exit(1);
}

static void
run(MYSQL_STMT *st, const char *kinds, struct vals *v)
{
	static char text[COLS][256];
	MYSQL_BIND in[VALS] = { 0 }, out[COLS] = { 0 };
	unsigned cols = mysql_stmt_field_count(st);

	for (int i = 0; kinds[i] != '\0'; i++)
		fill(&in[i], v, kinds[i], i);
	if (mysql_stmt_bind_param(st, in) != 0 || mysql_stmt_execute(st) != 0)
		die(mysql_stmt_error(st));
	if (cols == 0)
		return;
	for (unsigned i = 0; i < cols; i++) {
		out[i].buffer_type = MYSQL_TYPE_STRING;
		out[i].buffer = text[i];
		out[i].buffer_length = sizeof(text[i]);
	}
	mysql_stmt_bind_result(st, out);
	while (mysql_stmt_fetch(st) == 0)
		;
	mysql_stmt_free_result(st);
}

static void
next(struct vals *v)
{
	v->id += 3;
	for (int i = 0; i < 8; i++)
		v->token[15 - i] = (unsigned char)(v->id >> (8 * i));
	seal_random(v->fresh, sizeof(v->fresh));
	snprintf(v->reference, sizeof(v->reference), "L%d-%ld", (int)getpid(),
	    (long)v->id);
	snprintf(v->invoice, sizeof(v->invoice), "V%d-%ld", (int)getpid(),
	    (long)v->id);
}

static long
child(const char *socket, const struct step *steps, int seconds, long first)
{
	MYSQL *db = mysql_init(NULL);
	MYSQL_STMT *st[STEPS] = { 0 };
	struct vals v = { .id = first, .now = time(NULL) };
	struct timespec t, end;
	long rounds = 0;

	if (mysql_real_connect(db, NULL, "root", NULL, "dapit", 0, socket,
	    CLIENT_FOUND_ROWS) == NULL)
		die(mysql_error(db));
	for (int i = 0; i < STEPS && steps[i].stmts != NULL; i++) {
		const char *sql = text_of(&steps[i]);

		st[i] = mysql_stmt_init(db);
		if (mysql_stmt_prepare(st[i], sql, strlen(sql)) != 0)
			die(mysql_stmt_error(st[i]));
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	do {
		next(&v);
		for (int i = 0; i < STEPS && st[i] != NULL; i++)
			run(st[i], steps[i].vals, &v);
		rounds++;
		clock_gettime(CLOCK_MONOTONIC, &t);
	} while (t.tv_sec < end.tv_sec ||
	    (t.tv_sec == end.tv_sec && t.tv_nsec < end.tv_nsec));
	return rounds;
}

int
main(int argc, char **argv)
{
	const struct step *steps = NULL;
	long total = 0, n;
	int fd[2], seconds, connections;

	if (argc != 6 || pipe(fd) != 0)
		return 2;
	for (size_t i = 0; i < NELEM(actions); i++)
		if (strcmp(actions[i].action, argv[2]) == 0)
			steps = actions[i].step;
	if (steps == NULL)
		return 2;
	connections = (int)strtol(argv[3], NULL, 10);
	seconds = (int)strtol(argv[4], NULL, 10);
	for (int i = 0; i < connections; i++)
		if (fork() == 0) {
			n = child(argv[1], steps, seconds,
			    strtol(argv[5], NULL, 10) + i * 6000L);
			return write(fd[1], &n, sizeof(n)) != sizeof(n);
		}
	for (int i = 0; i < connections; i++)
		if (read(fd[0], &n, sizeof(n)) == sizeof(n))
			total += n;
	while (wait(NULL) > 0)
		;
	printf("%ld\n", total / seconds);
	return 0;
}
