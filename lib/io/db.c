#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>

#include "base/fault.h"
#include "io/db.h"
#include "io/dbconn.h"

#define COLS_MAX	48
#define VALS_MAX	48
#define CACHE_SIZE	512		/* a power of two, above all statements */
#define SHORT_TEXT	256		/* longer texts cost a second fetch */
#define TRIES		5

struct cached {
	const struct stmt	*key;
	MYSQL_STMT		*ready;
};

struct db {
	const struct conf	*conf;
	const char		*name;
	MYSQL			*conn;		/* NULL: not connected */
	bool			 lost;		/* to be closed */
	bool			 unsure;	/* a COMMIT was not answered */
	bool			 patient;	/* no limits of time */
	unsigned		 at;		/* which of the hosts */
	int			 depth;		/* of db_tx */
	int64_t			 trips, id, opened;
	struct cached		 cache[CACHE_SIZE];
};

struct db *
db_new(const struct conf *conf, const char *name)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		abort();
	db->conf = conf;
	db->name = name;
	return db;
}

static void
disconnect(struct db *db)
{
	for (size_t i = 0; i < CACHE_SIZE; i++)
		if (db->cache[i].key != NULL)
			mysql_stmt_close(db->cache[i].ready);
	memset(db->cache, 0, sizeof(db->cache));
	if (db->conn != NULL)
		mysql_close(db->conn);
	db->at += db->lost;		/* on to the next */
	db->conn = NULL;
	db->lost = false;
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	free(db);
}

int64_t
db_opened(const struct cx *cx)
{
	return cx->db->opened;
}

/* An idle connection on which something can be read has been closed. */
void
db_begin(struct cx *cx)
{
	struct db *db = cx->db;
	struct pollfd p = { .events = POLLIN };

	if (db->conn != NULL && !db->lost) {
		p.fd = mysql_get_socket(db->conn);
		db->lost = poll(&p, 1, 0) != 0;
	}
	if (db->lost)
		disconnect(db);
	db->depth = 0;
}

static enum err
db_fail(struct cx *cx, unsigned code, const char *text, const char *sql)
{
	bool behind = code == ER_BAD_FIELD_ERROR || code == ER_NO_SUCH_TABLE;
	enum err e = dbconn_error(code);

	if (e == ERR_AWAY && !behind)
		cx->db->lost = true;
	return fail(cx, e, "database %u: %s%s: %.80s", code, text, behind ?
	    ": run dapit migrate" : "", sql);
}

/* What breaks off between two rows is told by the connection alone. */
static enum err
stmt_fail(struct cx *cx, MYSQL_STMT *st, const struct stmt *stmt)
{
	if (mysql_stmt_errno(st) == 0)
		return db_fail(cx, mysql_errno(cx->db->conn),
		    mysql_error(cx->db->conn), stmt->sql);
	return db_fail(cx, mysql_stmt_errno(st), mysql_stmt_error(st),
	    stmt->sql);
}

void
db_patient(struct cx *cx)
{
	cx->db->patient = true;
	disconnect(cx->db);
}

static enum err
connect_db(struct cx *cx)
{
	struct db *db = cx->db;
	char why[256] = "a fault on purpose";

	if (!fault())
		db->conn = dbconn_open(db->conf, db->name, db->patient,
		    &db->at, why);
	db->opened += db->conn != NULL;
	return db->conn != NULL ? 0 :
	    fail(cx, ERR_AWAY, "database: connect: %s", why);
}

static struct cached *
cache_slot(struct db *db, const struct stmt *stmt)
{
	size_t i = ((uintptr_t)stmt >> 4) & (CACHE_SIZE - 1);

	while (db->cache[i].key != NULL && db->cache[i].key != stmt)
		i = (i + 1) & (CACHE_SIZE - 1);
	return &db->cache[i];
}

static enum err
prepare(struct cx *cx, const struct stmt *stmt, MYSQL_STMT **out)
{
	struct db *db = cx->db;
	struct cached *c;
	enum err e;

	if (db->lost)
		return fail(cx, ERR_AWAY, "database: connection lost");
	if (db->conn == NULL && (e = connect_db(cx)) != 0)
		return e;
	c = cache_slot(db, stmt);
	if (c->key == NULL) {
		MYSQL_STMT *st = mysql_stmt_init(db->conn);

		if (st == NULL)
			abort();
		if (mysql_stmt_prepare(st, stmt->sql, strlen(stmt->sql)) != 0) {
			e = stmt_fail(cx, st, stmt);
			mysql_stmt_close(st);
			return e;
		}
		*c = (struct cached){ stmt, st };
	}
	*out = c->ready;
	return 0;
}

/* MYSQL_BIND has one pointer for both directions; values are only read. */
static void *
unconst(const void *p)
{
	return (void *)(uintptr_t)p;
}

static void
bind_val(MYSQL_BIND *b, const struct val *v)
{
	if (v->type == DB_INT) {
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = unconst(&v->n);
	} else if (v->text == NULL) {
		b->buffer_type = MYSQL_TYPE_NULL;
	} else {
		b->buffer_type = v->type == DB_TEXT ? MYSQL_TYPE_STRING :
		    MYSQL_TYPE_BLOB;
		b->buffer = unconst(v->text);
		b->buffer_length = v->type == DB_TEXT ? strlen(v->text) :
		    (size_t)v->n;
	}
}

/* A statement on its own is a transaction: repeated after a deadlock. */
static bool
run(const struct db *db, MYSQL_STMT *st)
{
	for (int i = 1; mysql_stmt_execute(st) != 0; i++)
		if (db->depth > 0 || i == TRIES ||
		    mysql_stmt_errno(st) != ER_LOCK_DEADLOCK)
			return false;
	return true;
}

static enum err
execute_once(struct cx *cx, const struct stmt *stmt, const struct val *vals,
    size_t n, MYSQL_STMT **out)
{
	MYSQL_BIND bind[VALS_MAX] = { 0 };
	MYSQL_STMT *st = NULL;
	enum err e;

	if ((e = prepare(cx, stmt, &st)) != 0)
		return e;
	if (n > VALS_MAX || mysql_stmt_param_count(st) != n)
		return fail(cx, ERR_INTERNAL, "wrong number of values: %.80s",
		    stmt->sql);
	for (size_t i = 0; i < n; i++)
		bind_val(&bind[i], &vals[i]);
	cx->db->trips++;
	if (fault())
		return db_fail(cx, CR_SERVER_LOST, "a fault on purpose",
		    stmt->sql);
	if (mysql_stmt_bind_param(st, bind) != 0 || !run(cx->db, st))
		return stmt_fail(cx, st, stmt);
	*out = st;
	return 0;
}

/* After a loss: on to the next host, if others are listed. */
static bool
go_on(struct cx *cx)
{
	struct db *db = cx->db;

	if (!db->lost || db->patient || dbconn_hosts(db->conf) < 2)
		return false;
	disconnect(db);
	fail_clear(cx);
	return true;
}

/* What only reads may be asked of another host. */
static enum err
execute(struct cx *cx, const struct stmt *stmt, const struct val *vals,
    size_t n, MYSQL_STMT **out)
{
	struct db *db = cx->db;
	enum err e;

	for (int i = 1;; i++) {
		bool began = db->conn != NULL && !db->lost;

		e = execute_once(cx, stmt, vals, n, out);
		if (e != ERR_AWAY || db->depth > 0 || i == TRIES || !began ||
		    stmt->cols == NULL || !go_on(cx))
			return e;
	}
}

/* What a row is fetched into; left as it is until it is bound. */
struct fetch {
	MYSQL_STMT	*st;
	char		*row;		/* the struct */
	MYSQL_BIND	bind[COLS_MAX];
	unsigned long	len[COLS_MAX];
	my_bool		null[COLS_MAX];
	char		text[COLS_MAX][SHORT_TEXT];
};

static void
bind_cols(struct fetch *f, const struct col *cols)
{
	for (unsigned i = 0; i < COLS_MAX && cols[i].name != NULL; i++) {
		MYSQL_BIND *b = &f->bind[i];

		memset(b, 0, sizeof(*b));
		b->length = &f->len[i];
		b->is_null = &f->null[i];
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = f->text[i];
		b->buffer_length = SHORT_TEXT;
		if (cols[i].type == DB_INT) {
			b->buffer_type = MYSQL_TYPE_LONGLONG;
			b->buffer = f->row + cols[i].at;
		} else if (cols[i].type == DB_BYTES) {
			b->buffer_type = MYSQL_TYPE_BLOB;
			b->buffer = f->row + cols[i].at;
			b->buffer_length = cols[i].size;
		}
	}
}

/* A text longer than SHORT_TEXT is fetched again, into the arena. */
static bool
take_text(struct cx *cx, MYSQL_STMT *st, const struct fetch *f, unsigned i,
    const char **field)
{
	MYSQL_BIND whole = { .buffer_type = MYSQL_TYPE_STRING };

	*field = NULL;
	if (f->null[i])
		return true;
	if (f->len[i] <= SHORT_TEXT) {
		*field = arena_copy(cx->arena, f->text[i], f->len[i]);
		return true;
	}
	whole.buffer_length = f->len[i];
	whole.buffer = arena_alloc(cx->arena, f->len[i] + 1);
	*field = whole.buffer;
	return mysql_stmt_fetch_column(st, &whole, i, 0) == 0;
}

/* Runs stmt and binds its columns to row. */
static enum err
start_rows(struct cx *cx, const struct stmt *stmt, const struct val *vals,
    size_t n, struct fetch *f)
{
	enum err e;

	if ((e = execute(cx, stmt, vals, n, &f->st)) != 0)
		return e;
	bind_cols(f, stmt->cols);
	return mysql_stmt_bind_result(f->st, f->bind) == 0 ? 0 :
	    stmt_fail(cx, f->st, stmt);
}

/* Fetches the next row; *more says whether there was one. */
static enum err
next_row(struct cx *cx, const struct stmt *stmt, struct fetch *f, bool *more)
{
	const struct col *c = stmt->cols;
	int rc = mysql_stmt_fetch(f->st);

	*more = rc == 0 || rc == MYSQL_DATA_TRUNCATED;
	if (rc == MYSQL_NO_DATA)
		return 0;
	if (!*more)
		return stmt_fail(cx, f->st, stmt);
	for (unsigned i = 0; c[i].name != NULL; i++)
		if (c[i].type == DB_TEXT) {
			if (!take_text(cx, f->st, f, i,
			    (const char **)(void *)(f->row + c[i].at)))
				return stmt_fail(cx, f->st, stmt);
		} else if (f->null[i] && c[i].type == DB_INT)
			*(int64_t *)(void *)(f->row + c[i].at) = 0;
	return 0;
}

enum err
db_one_(struct cx *cx, const struct stmt *stmt, void *row,
    const struct val *vals, size_t n)
{
	struct fetch f;
	bool more = false;
	enum err e;

	f.row = row;
	if ((e = start_rows(cx, stmt, vals, n, &f)) != 0)
		return e;
	/* all of it: an abort may be told behind the last row */
	e = mysql_stmt_store_result(f.st) == 0 ?
	    next_row(cx, stmt, &f, &more) : stmt_fail(cx, f.st, stmt);
	mysql_stmt_free_result(f.st);
	if (e == 0 && !more)
		e = fail(cx, ERR_NOT_FOUND, "no row: %.80s", stmt->sql);
	return e;
}

enum err
db_many_(struct cx *cx, const struct stmt *stmt, struct rows *rows,
    const struct val *vals, size_t n)
{
	struct out all = { .arena = cx->arena };
	struct fetch f;
	bool more = true;
	enum err e;

	rows->n = 0;
	f.row = arena_alloc(cx->arena, rows->size);
	if ((e = start_rows(cx, stmt, vals, n, &f)) != 0)
		return e;
	while (e == 0 && more) {
		e = next_row(cx, stmt, &f, &more);
		if (e == 0 && more) {
			out_bytes(&all, f.row, rows->size);
			rows->n++;
		}
	}
	mysql_stmt_free_result(f.st);
	rows->row = all.text;
	return e;
}

enum err
db_run_(struct cx *cx, const struct stmt *stmt, int64_t *changed,
    const struct val *vals, size_t n)
{
	MYSQL_STMT *st = NULL;
	enum err e;

	if ((e = execute(cx, stmt, vals, n, &st)) != 0)
		return e;
	*changed = (int64_t)mysql_stmt_affected_rows(st);
	cx->db->id = (int64_t)mysql_stmt_insert_id(st);
	return 0;
}

int64_t db_id(struct cx *cx) { return cx->db->id; }
int64_t db_trips(struct cx *cx) { return cx->db->trips; }

enum err
db_script(struct cx *cx, const char *sql)
{
	struct db *db = cx->db;
	enum err e;

	if (db->lost)
		return fail(cx, ERR_AWAY, "database: connection lost");
	if (db->conn == NULL && (e = connect_db(cx)) != 0)
		return e;
	db->trips++;
	if (fault())
		return db_fail(cx, CR_SERVER_LOST, "a fault on purpose", sql);
	if (mysql_query(db->conn, sql) != 0)
		return db_fail(cx, mysql_errno(db->conn),
		    mysql_error(db->conn), sql);
	return 0;
}

static enum err
tx_once(struct cx *cx, enum err (*body)(struct cx *, void *), void *arg)
{
	struct db *db = cx->db;
	const struct dbconn_frame *f = dbconn_frame(db->conf);
	enum err e;

	db->unsure = false;
	if ((e = db_script(cx, f->begin)) == 0) {
		db->depth = 1;
		e = body(cx, arg);
		db->depth = 0;
	}
	if (e == 0) {
		e = db_script(cx, f->commit);
		db->unsure = e == ERR_AWAY;
	}
	if (e != 0 && db->conn != NULL && !db->lost &&
	    mysql_query(db->conn, f->rollback) != 0)
		db->lost = true;
	return e;
}

enum err
db_tx(struct cx *cx, enum err (*body)(struct cx *, void *), void *arg)
{
	enum err e;

	if (cx->db->depth > 0)
		return body(cx, arg);
	for (int i = 1;; i++) {
		e = tx_once(cx, body, arg);
		if (i == TRIES || (e != ERR_BUSY &&
		    (e != ERR_AWAY || cx->db->unsure || !go_on(cx))))
			return e;
		fail_clear(cx);
	}
}

enum err
db_check(struct cx *cx, const struct stmt *stmt)
{
	MYSQL_RES *meta;
	MYSQL_FIELD *f;
	MYSQL_STMT *st = NULL;
	enum err e;

	if ((e = prepare(cx, stmt, &st)) != 0)
		return e;
	meta = mysql_stmt_result_metadata(st);
	if ((meta == NULL) != (stmt->cols == NULL))
		e = fail(cx, ERR_INTERNAL, "rows, or not: %.80s", stmt->sql);
	for (size_t i = 0; meta != NULL && e == 0; i++) {
		f = mysql_fetch_field(meta);
		if (f == NULL && stmt->cols[i].name == NULL)
			break;
		if (f == NULL || stmt->cols[i].name == NULL ||
		    strcmp(f->name, stmt->cols[i].name) != 0)
			e = fail(cx, ERR_INTERNAL, "columns differ: %.80s",
			    stmt->sql);
	}
	mysql_free_result(meta);
	return e;
}
