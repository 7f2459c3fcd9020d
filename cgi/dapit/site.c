/*
 * dapit setup: what the machine around the gateway needs: a certificate, the
 * site of the web server, running services.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/out.h"
#include "dapit/first.h"

#define TEMPLATE_NAME	"pay.example.com"	/* nginx/dapit.conf.in's */
#define CN_MAX		64

extern char **environ;

int
first_run(struct first *f, const char *const argv[], const char **said)
{
	struct out o = { .arena = f->arena };
	posix_spawn_file_actions_t files;
	char buf[4096];
	int ends[2], rc, status = 127 << 8;
	ssize_t n;
	pid_t pid;

	out_text(&o, "");
	if (pipe(ends) != 0)
		return 127;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, ends[1], 1);
	posix_spawn_file_actions_adddup2(&files, ends[1], 2);
	posix_spawn_file_actions_addclose(&files, ends[0]);
	posix_spawn_file_actions_addclose(&files, ends[1]);
	rc = posix_spawnp(&pid, argv[0], &files, NULL,
	    (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	close(ends[1]);
	while (rc == 0 && (n = read(ends[0], buf, sizeof(buf))) > 0)
		out_bytes(&o, buf, (size_t)n);
	close(ends[0]);
	if (rc == 0 && waitpid(pid, &status, 0) != pid)
		status = 127 << 8;
	if (rc != 0)
		out_printf(&o, "%s: %s", argv[0], strerror(rc));
	while (o.len > 0 && o.text[o.len - 1] == '\n')
		o.text[--o.len] = '\0';
	*said = o.text;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool
first_write(const char *path, const char *text, unsigned mode)
{
	size_t n = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, text, n) == (ssize_t)n &&
	    fchmod(fd, mode) == 0 && fsync(fd) == 0;
	close(fd);
	return good;
}

/* The web server does not start without one. */
bool
first_certificate(struct first *f)
{
	const char *tls = arena_printf(f->arena, "%s/tls", f->etc);
	const char *cert = arena_printf(f->arena, "%s/fullchain.pem", tls);
	const char *key = arena_printf(f->arena, "%s/privkey.pem", tls);
	const char *const argv[] = { "openssl", "req", "-x509", "-nodes",
	    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
	    "-days", "3650", "-keyout", key, "-out", cert, "-subj",
	    arena_printf(f->arena, "/CN=%s", strlen(f->host) <= CN_MAX ?
	    f->host : SYSTEM_USER), "-addext",
	    arena_printf(f->arena, "subjectAltName=DNS:%s", f->host), NULL };
	const char *said;

	if (access(cert, F_OK) == 0 && access(key, F_OK) == 0) {
		first_say("there", "certificate", "%s", cert);
		return true;
	}
	if (access(cert, F_OK) == 0 || access(key, F_OK) == 0) {
		first_say("todo", "certificate", "%s and %s must both be"
		    " there, or neither", cert, key);
		return true;
	}
	(void)mkdir(tls, 0700);
	if (first_run(f, argv, &said) != 0 || chmod(key, 0600) != 0) {
		first_say("todo", "certificate", "%s", said);
		first_todo("put one into %s, with its key in %s", cert, key);
		return true;
	}
	f->untrusted = true;
	first_say("made", "certificate", "%s, for %s, signed by itself", cert,
	    f->host);
	return true;
}

/* The site that was installed beside this program, for our host. */
static const char *
fill_site(struct first *f)
{
	char exe[512] = "", line[512], *at;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct out o = { .arena = f->arena };
	FILE *in;

	if (n < 0 || (at = strstr(exe, "/bin/")) == NULL)
		return NULL;
	*at = '\0';
	in = fopen(arena_printf(f->arena, "%s/share/dapit/nginx/dapit.conf",
	    exe), "re");
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		at = strstr(line, TEMPLATE_NAME);
		if (at == NULL)
			out_text(&o, line);
		else
			out_printf(&o, "%.*s%s%s", (int)(at - line), line,
			    f->host, at + sizeof(TEMPLATE_NAME) - 1);
	}
	if (in != NULL)
		fclose(in);
	return o.text;
}

/* Is the name another site's already, by nginx's whole configuration? */
static bool
taken(struct first *f, const char *all)
{
	size_t n = strlen(f->host);

	for (const char *p = strstr(all, "server_name "); p != NULL;
	    p = strstr(p + 1, "server_name ")) {
		const char *end = p + strcspn(p, ";{}");

		for (const char *h = strstr(p, f->host); h != NULL && h < end;
		    h = strstr(h + 1, f->host))
			if (strchr(" \t\n", h[-1]) != NULL &&
			    strchr(" \t\n;", h[n]) != NULL)
				return true;
	}
	return false;
}

/* Links the site, if nginx then takes its configuration. */
static bool
link_site(struct first *f, const char *site, const char *at)
{
	static const char *const whole[] = { "nginx", "-T", NULL };
	static const char *const test[] = { "nginx", "-t", "-q", NULL };
	const char *said;

	if (first_run(f, whole, &said) == 0 && taken(f, said)) {
		first_say("todo", "web site", "nginx has a site %s already",
		    f->host);
		first_todo("take that away and run dapit setup again, or use"
		    " what is in %s", site);
		return false;
	}
	if (symlink(site, at) != 0)
		said = strerror(errno);
	else if (first_run(f, test, &said) == 0)
		return true;
	else
		(void)unlink(at);
	first_say("todo", "web site", "nginx does not take it: %s", said);
	first_todo("link %s to %s yourself", at, site);
	return false;
}

static void
reload(struct first *f, const char *at)
{
	static const char *const argv[] = { "systemctl",
	    "reload-or-restart", "nginx", NULL };
	const char *said;

	first_say("made", "web site", "%s", at);
	if (!f->systemd)
		first_todo("no systemd here: start nginx, or nginx -s reload");
	else if (first_run(f, argv, &said) != 0)
		first_todo("nginx does not start: %s", said);
}

bool
first_site(struct first *f)
{
	static const char *const places[] = { "/etc/nginx/sites-enabled",
	    "/etc/nginx/conf.d" };
	const char *site = arena_printf(f->arena, "%s/nginx.conf", f->etc);
	const char *at = NULL, *text;

	for (size_t i = NELEM(places); i-- > 0;)
		if (access(places[i], F_OK) == 0)
			at = arena_printf(f->arena, "%s/dapit.conf", places[i]);
	if (f->host[strspn(f->host, "abcdefghijklmnopqrstuvwxyz0123456789.-")]
	    != '\0' || (text = fill_site(f)) == NULL) {
		first_say("todo", "web site", "no site can be made for %s",
		    f->url);
		first_todo("see [gateway] url in %s", f->path);
		return true;
	}
	if (access(site, F_OK) != 0 && !first_write(site, text, 0644)) {
		first_say("todo", "web site", "%s: %s", site, strerror(errno));
		return true;
	}
	if (at == NULL) {
		first_say("todo", "web site", "nginx is not here");
		first_todo("apt install nginx, and run dapit setup again; or"
		    " include %s in what serves", site);
	} else if (access(at, F_OK) == 0)
		first_say("there", "web site", "%s", at);
	else if (link_site(f, site, at))
		reload(f, at);
	return true;
}

bool
first_services(struct first *f)
{
	static const char *const argv[] = { "systemctl", "enable", "--now",
	    "--quiet", "dapit-gateway.socket", "dapit-recurring.socket",
	    "dapit-worker.service", NULL };
	/* Programs of before, which an upgrade left, until the schema was
	 * that of the new ones. */
	static const char *const anew[] = { "systemctl", "try-restart",
	    "dapit-gateway.service", "dapit-recurring.service",
	    "dapit-worker.service", NULL };
	const char *said;

	if (!f->systemd) {
		first_say("todo", "services", "no systemd here");
		first_todo("start, as %s: gateway.fcgi and recurring.fcgi -s"
		    " SOCKET, worker", SYSTEM_USER);
	} else if (first_run(f, argv, &said) != 0 ||
	    (f->migrated && first_run(f, anew, &said) != 0)) {
		first_say("todo", "services", "%s", said);
		first_todo("see systemctl status 'dapit-*'");
	} else
		first_say("made", "services", "dapit-gateway, dapit-recurring,"
		    " dapit-worker run, and start with the machine");
	return true;
}
