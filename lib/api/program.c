#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/brake.h"
#include "api/meter.h"
#include "api/pool.h"
#include "api/program.h"
#include "io/db.h"
#include "io/fcgi.h"
#include "io/seal.h"
#include "io/web.h"

static int
trouble(const struct program *p, const char *why)
{
	fprintf(stderr, "%s: %s\n", p->name, why);
	return 0;
}

int
program_options(struct program *p, int argc, char **argv)
{
	int c;

	p->fd = -1;
	while ((c = getopt(argc, argv, "+c:s:")) != -1) {
		if (c == '?')
			return 0;
		*(c == 'c' ? &p->conf_path : &p->listen) = optarg;
	}
	return optind;
}

bool
program_settings(struct program *p)
{
	char why[256];

	p->conf = conf_read(p->conf_path, why);
	return p->conf != NULL || trouble(p, why) == 1;
}

int
program_start(struct program *p, int argc, char **argv)
{
	int used;

	/* a CGI host makes words of a query (RFC 3875, 4.4): not ours */
	if (getenv("GATEWAY_INTERFACE") != NULL)
		argc = 1;
	used = program_options(p, argc, argv);
	if (used == 0 || !program_settings(p))
		return 0;
	if (p->listen != NULL && strcmp(p->listen, "-") == 0)
		p->fd = STDIN_FILENO;	/* systemd's: it outlives us */
	else if (p->listen != NULL && (p->fd = fcgi_listen(p->listen)) < 0)
		return trouble(p, strerror(errno));
	return used;
}

bool
program_open(struct program *p, struct cx *cx)
{
	char why[256];

	*cx = (struct cx){ .arena = arena_new(), .conf = p->conf };
	if ((cx->seal = seal_open(p->conf->key_file, why)) == NULL)
		return trouble(p, why) == 1;
	cx->db = db_new(p->conf, p->db_name == NULL ? p->conf->db_name :
	    p->db_name);
	cx->web = web_new();
	cx->brake = p->brake;
	cx->meter = p->meter;
	cx_begin(cx);
	return true;
}

void
program_close(struct cx *cx)
{
	db_free(cx->db);
	web_free(cx->web);
	seal_close(cx->seal);
	arena_free(cx->arena);
}

static int
serve(void *arg)
{
	struct program *p = arg;
	struct cx cx;

	if (!program_open(p, &cx))
		return 1;
	fcgi_open(p->fd);
	p->work(&cx);
	program_close(&cx);
	return 0;
}

int
program_serve(struct program *p)
{
	const struct job jobs[] = {
		{ p->name, p->processes != 0 ? p->processes :
		    p->conf->processes, serve },
		{ 0 }
	};

	int rc;

	if (p->fd < 0) {
		signal(SIGPIPE, SIG_IGN);
		rc = serve(p);
	} else {
		p->brake = brake_new();
		p->meter = meter_new();
		rc = pool_run(jobs, p);
	}
	conf_free(p->conf);
	return rc;
}
