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

/* NULL, and why, when no host takes us.  A patient one has no limits of
 * time. */
MYSQL	*dbconn_open(const struct conf *, const char *name, bool patient,
	    unsigned *at, char why[static 256]);

#endif
