/*
 * database.h - the database and its user, before there is anything in them.
 *
 * The programs' user reads and writes rows; tables are made and changed by
 * the database's root, whom its Unix socket lets in as the system's root.
 * Where the database is on another machine, an administrator runs what
 * database_sql() says, and the programs' user may change tables too.
 */
#ifndef DATABASE_H
#define DATABASE_H

#include "io/db.h"

/* Does the socket alone let the programs in, by the user they run as? */
bool	database_ours(const struct conf *);

/* The i-th statement that makes database, user and rights; NULL: no more. */
const char *database_sql(struct arena *, const struct conf *, int i);

/*
 * Connects as the database's root; *admin is cx but for that.  The caller is
 * the system's root meanwhile.  ERR_AWAY when it may not, and admin->why.
 */
MUST_USE enum err database_admin(const struct cx *, struct cx *admin);

/* Makes what there is not, and goes there. */
MUST_USE enum err database_make(struct cx *admin, const struct conf *);

/* Goes to the settings' database. */
MUST_USE enum err database_use(struct cx *admin, const struct conf *);

/* Is anybody let in, with the settings' user? */
MUST_USE enum err database_enter(struct cx *);

#endif
