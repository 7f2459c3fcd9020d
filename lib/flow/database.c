#include <string.h>

#include "base/arena.h"
#include "flow/database.h"

#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#define ROWS "SELECT, INSERT, UPDATE, DELETE"
#define TABLES ", CREATE, ALTER, DROP, INDEX, REFERENCES"

/* The same as db.c understands it: through the socket. */
static bool
near(const struct conf *cf)
{
	return cf->db_host[0] == '\0' || (cf->db_tls_ca[0] == '\0' &&
	    strcmp(cf->db_host, "localhost") == 0);
}

bool
database_ours(const struct conf *cf)
{
	return near(cf) && cf->db_password[0] == '\0';
}

/* In a GRANT the underscore of a database's name means any letter. */
static const char *
escape(struct arena *a, const char *name)
{
	char *out = arena_alloc(a, 2 * strlen(name) + 1), *p = out;

	for (; *name != '\0'; name++) {
		if (*name == '_')
			*p++ = '\\';
		*p++ = *name;
	}
	return out;
}

const char *
database_sql(struct arena *a, const struct conf *cf, int i)
{
	bool ours = database_ours(cf);
	const char *at = near(cf) ? "localhost" : "%";

	if (i == 0)
		return arena_printf(a, "CREATE DATABASE IF NOT EXISTS `%s`"
		    " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", cf->db_name);
	if (i == 1)
		return arena_printf(a, "CREATE USER IF NOT EXISTS `%s`@`%s`"
		    " IDENTIFIED %s", cf->db_user, at, ours ?
		    "VIA unix_socket" : "BY 'THE-PASSWORD'");
	if (i == 2)
		return arena_printf(a, "GRANT %s ON `%s`.* TO `%s`@`%s`",
		    ours ? ROWS : ROWS TABLES, escape(a, cf->db_name),
		    cf->db_user, at);
	return NULL;
}

enum err
database_admin(const struct cx *cx, struct cx *admin)
{
	struct conf *cf = arena_alloc(cx->arena, sizeof(*cf));

	*cf = *cx->conf;
	cf->db_user = "root";
	cf->db_password = "";
	*admin = *cx;
	admin->conf = cf;
	admin->db = db_new(cf, NULL);
	admin->why[0] = '\0';
	if (!near(cf))
		return fail(admin, ERR_AWAY, "the database is on %s",
		    cf->db_host);
	db_patient(admin);
	return db_script(admin, "DO 1");
}

enum err
database_use(struct cx *admin, const struct conf *cf)
{
	return db_script(admin, arena_printf(admin->arena, "USE `%s`",
	    cf->db_name));
}

enum err
database_make(struct cx *admin, const struct conf *cf)
{
	const char *sql;
	enum err e;

	if (cf->db_name[strspn(cf->db_name, NAME)] != '\0' ||
	    cf->db_user[strspn(cf->db_user, NAME)] != '\0')
		return fail(admin, ERR_PARAM, "[database] name and user are"
		    " letters, digits and underscores");
	for (int i = 0; (sql = database_sql(admin->arena, cf, i)) != NULL; i++)
		if ((e = db_script(admin, sql)) != 0)
			return e;
	return database_use(admin, cf);
}

enum err
database_enter(struct cx *cx)
{
	return db_script(cx, "DO 1");
}
