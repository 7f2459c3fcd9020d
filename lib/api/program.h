/*
 * program.h - what every program does before its work.
 *
 * A program reads its options, its settings and its key, and gets a cx.  What
 * is missing is said in one line on standard error.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "base/conf.h"
#include "base/cx.h"

struct program {
	const char		*name;
	const char		*conf_path;	/* -c; may be NULL */
	const char		*listen;	/* -s: a path, HOST:PORT, or -:
						   standard input listens */
	const struct conf	*conf;
	const char		*db_name;	/* NULL: as settings say */
	int64_t			 processes;	/* 0: as settings say */
	struct brake		*brake;		/* made by program_serve() */
	struct meter		*meter;		/* too */
	int			 fd;		/* of -s; -1: fd 0, or CGI */
	void			(*work)(struct cx *);
};

/* Reads "-c FILE" and "-s SOCKET"; the number of arguments used, or 0 when
 * it has said what is wrong. */
int	program_options(struct program *, int argc, char **argv);

/* Reads the settings; false when it has said what is wrong. */
MUST_USE bool program_settings(struct program *);

/* Options, settings, and the socket of -s; as program_options(). */
int	program_start(struct program *, int argc, char **argv);

/* Opens the key and makes handles for database and web; process-long. */
MUST_USE bool program_open(struct program *, struct cx *);
void	program_close(struct cx *);

/* Runs work(cx): in a pool on the socket of -s, else in this process. */
int	program_serve(struct program *);

#endif
