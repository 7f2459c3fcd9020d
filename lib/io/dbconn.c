#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <errmsg.h>
#include <mysqld_error.h>

#include "base/str.h"
#include "io/dbconn.h"

#define HOSTS_MAX	8
#define CONNECT_SECONDS	2
#define ANSWER_SECONDS	7

static const struct {
	unsigned	code;
	enum err	e;
} codes[] = {
	{ ER_DUP_ENTRY,		     ERR_DUPLICATE },
	{ ER_LOCK_DEADLOCK,	     ERR_BUSY },
	{ ER_LOCK_WAIT_TIMEOUT,	     ERR_BUSY },
	{ ER_SP_DOES_NOT_EXIST,	     ERR_BUSY },	/* the savepoint of db_tx */
	{ 1020,			     ERR_BUSY },	/* row changed since read */
	{ 1969,			     ERR_BUSY },	/* max_statement_time */
	{ ER_BAD_FIELD_ERROR,	     ERR_AWAY },	/* the schema is older */
	{ ER_NO_SUCH_TABLE,	     ERR_AWAY },
	{ ER_CON_COUNT_ERROR,	     ERR_AWAY },
	{ ER_SERVER_SHUTDOWN,	     ERR_AWAY },
	{ 1047,			     ERR_AWAY },	/* no cluster around it */
	{ 1180,			     ERR_AWAY },	/* cut off in COMMIT */
	{ 1290,			     ERR_AWAY },	/* for reading only */
	{ 1927,			     ERR_AWAY },	/* connection was killed */
	{ CR_SERVER_GONE_ERROR,	     ERR_AWAY },
	{ CR_SERVER_LOST,	     ERR_AWAY },
	{ CR_CONNECTION_ERROR,	     ERR_AWAY },
	{ CR_CONN_HOST_ERROR,	     ERR_AWAY },
	{ CR_UNKNOWN_HOST,	     ERR_AWAY },
	{ 2012,			     ERR_AWAY },	/* handshake cut off */
};

enum err
dbconn_error(unsigned code)
{
	for (size_t i = 0; i < NELEM(codes); i++)
		if (codes[i].code == code)
			return codes[i].e;
	return ERR_INTERNAL;
}

struct host {
	char		name[256];	/* "": the socket */
	int64_t		port;
};

static const char *or_null(const char *t) { return *t == '\0' ? NULL : t; }

/* One of "db1, db2:3307, [::1]:3306". */
static void
read_host(const char *text, size_t n, int64_t port, struct host *h)
{
	bool bracket = text[0] == '[';
	char *end;

	snprintf(h->name, sizeof(h->name), "%.*s", (int)n - bracket,
	    text + bracket);
	h->port = port;
	end = bracket ? strchr(h->name, ']') : strchr(h->name, ':');
	if (end == NULL || (!bracket && strchr(end + 1, ':') != NULL))
		return;			/* a name, or a bare IPv6 address */
	*end++ = '\0';
	if (bracket && *end == ':')
		end++;
	if (*end != '\0' && !str_int(end, &h->port))
		h->port = 0;		/* nobody is there: it is said so */
}

static unsigned
list_hosts(const struct conf *cf, struct host list[HOSTS_MAX])
{
	static const char blank[] = ", \t";
	const char *p = cf->db_host + strspn(cf->db_host, blank);
	unsigned n = 0;

	list[0] = (struct host){ .port = cf->db_port };
	for (; *p != '\0' && n < HOSTS_MAX; p += strspn(p, blank)) {
		read_host(p, strcspn(p, blank), cf->db_port, &list[n++]);
		p += strcspn(p, blank);
	}
	return n == 0 ? 1 : n;
}

/* With an authority named nothing but TLS with a certificate of its will do. */
static void
set_tls(MYSQL *conn, const struct conf *cf)
{
	my_bool on = 1;

	mysql_options(conn, MYSQL_OPT_SSL_ENFORCE, &on);
	mysql_options(conn, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
	mysql_ssl_set(conn, or_null(cf->db_tls_key), or_null(cf->db_tls_cert),
	    cf->db_tls_ca, NULL, NULL);
}

/* A node that was cut off from its cluster refuses every statement, so it is
 * passed by.  A server without Galera is always ready. */
static bool
ready(MYSQL *conn)
{
	static const char ask[] = "SELECT @@wsrep_on AND VARIABLE_VALUE <> 'ON'"
	    "  FROM information_schema.GLOBAL_STATUS"
	    " WHERE VARIABLE_NAME = 'WSREP_READY'";
	MYSQL_RES *res;
	MYSQL_ROW row;
	bool good;

	if (mysql_query(conn, ask) != 0 ||
	    (res = mysql_store_result(conn)) == NULL)
		return false;
	row = mysql_fetch_row(res);
	good = row == NULL || strcmp(row[0], "0") == 0;
	mysql_free_result(res);
	return good && mysql_query(conn, "SET wsrep_sync_wait = 1") == 0;
}

static bool
set_up(MYSQL *conn, bool patient)
{
	static const char *const setup[] = {
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
		"SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,"
		"ERROR_FOR_DIVISION_BY_ZERO', innodb_lock_wait_timeout = 3,"
		" max_statement_time = 5, time_zone = '+00:00'",
		"SET max_statement_time = 0",
	};
	size_t n = NELEM(setup) - (patient ? 0 : 1);

	for (size_t i = 0; i < n; i++)
		if (mysql_query(conn, setup[i]) != 0)
			return false;
	return true;
}

/* A host that is gone without a word, with its network, is given up after
 * three seconds, however long a statement may take; also by a connection that
 * nobody uses, so that the next request does not wait for it. */
static void
watch_peer(int fd)
{
	static const struct {
		int	level, name, value;
	} set[] = {
		{ SOL_SOCKET,  SO_KEEPALIVE,	 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE,	 1 },
		{ IPPROTO_TCP, TCP_KEEPINTVL,	 1 },
		{ IPPROTO_TCP, TCP_KEEPCNT,	 3 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, 3000 },
	};

	for (size_t i = 0; i < NELEM(set); i++)
		(void)setsockopt(fd, set[i].level, set[i].name, &set[i].value,
		    sizeof(set[i].value));
}

static bool
connect_to(MYSQL *conn, const struct conf *cf, const char *name,
    const struct host *h, bool patient)
{
	unsigned seconds = CONNECT_SECONDS, wait = patient ? 0 :
	    ANSWER_SECONDS, tcp = MYSQL_PROTOCOL_TCP;
	bool tls = cf->db_tls_ca[0] != '\0' && h->name[0] != '\0';
	bool local = h->name[0] == '\0' ||
	    (!tls && strcmp(h->name, "localhost") == 0);

	mysql_options(conn, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
	mysql_options(conn, MYSQL_OPT_READ_TIMEOUT, &wait);
	mysql_options(conn, MYSQL_OPT_WRITE_TIMEOUT, &wait);
	mysql_options(conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (!local)
		mysql_options(conn, MYSQL_OPT_PROTOCOL, &tcp);
	if (tls)
		set_tls(conn, cf);
	if (mysql_real_connect(conn, or_null(h->name), cf->db_user,
	    or_null(cf->db_password), name, (unsigned)h->port,
	    local ? cf->db_socket : NULL, CLIENT_FOUND_ROWS) == NULL)
		return false;
	if (!local)
		watch_peer((int)mysql_get_socket(conn));
	return true;
}

unsigned
dbconn_hosts(const struct conf *cf)
{
	struct host list[HOSTS_MAX];

	return list_hosts(cf, list);
}

MYSQL *
dbconn_open(const struct conf *cf, const char *name, bool patient,
    unsigned *at, char why[static 256])
{
	struct host list[HOSTS_MAX];
	unsigned n = list_hosts(cf, list);
	const struct host *h;
	MYSQL *conn;

	for (unsigned i = 0; i < n; i++, ++*at) {
		h = &list[*at % n];
		if ((conn = mysql_init(NULL)) == NULL)
			abort();
		if (connect_to(conn, cf, name, h, patient) &&
		    (n == 1 || ready(conn)) && set_up(conn, patient))
			return conn;
		snprintf(why, 256, "%.64s: %.180s", h->name[0] == '\0' ?
		    "socket" : h->name, *mysql_error(conn) != '\0' ?
		    mysql_error(conn) : "this node of the cluster is not"
		    " ready");
		mysql_close(conn);
	}
	return NULL;
}

const struct dbconn_frame *
dbconn_frame(const struct conf *cf)
{
	static const struct dbconn_frame alone = {
		"START TRANSACTION", "COMMIT", "ROLLBACK"
	}, among = {
		"BEGIN NOT ATOMIC SET autocommit = 0; START TRANSACTION;"
		" SAVEPOINT whole; END",
		"BEGIN NOT ATOMIC RELEASE SAVEPOINT whole; COMMIT;"
		" SET autocommit = 1; END",
		"BEGIN NOT ATOMIC ROLLBACK; SET autocommit = 1; END"
	};

	return dbconn_hosts(cf) > 1 ? &among : &alone;
}
