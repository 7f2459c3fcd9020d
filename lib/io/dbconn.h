/*
 * dbconn.h - a connection to one of the hosts that [database] lists.  Part
 * of db.c; nothing else includes it.
 *
 * Hosts are tried from the *at-th on, each once, and *at says which one it
 * is now.  When several are listed they are a Galera cluster: a node that is
 * not ready is passed by, and reads wait for what other nodes committed
 * (wsrep_sync_wait), so that it does not matter which one is asked.
 */
#ifndef DBCONN_H
#define DBCONN_H

#include <mysql.h>

#include "base/conf.h"
#include "base/err.h"

/* NULL, and why, when no host takes us.  A patient one has no limits of
 * time. */
MYSQL	*dbconn_open(const struct conf *, const char *name, bool patient,
	    unsigned *at, char why[static 256]);

/* The server's error in our words. */
enum err dbconn_error(unsigned code);

/* How many are listed; 1 when none is: the socket. */
unsigned dbconn_hosts(const struct conf *);

/*
 * What a transaction begins and ends with.  On a cluster the commit of another
 * node may abort a transaction of ours, and the server does not tell it by an
 * error each time: it forgets it, and what follows would be committed
 * statement by statement.  So nothing commits by itself meanwhile, and a
 * savepoint shows that it is the same transaction yet.
 */
struct dbconn_frame {
	const char	*begin, *commit, *rollback;
};

const struct dbconn_frame *dbconn_frame(const struct conf *);

#endif
