#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "tap.h"

#define FOLDER	"/tmp/dapit-conf-XXXXXX"

/* In the file; "@" is the folder it is in. */
static const struct {
	const char	*line, *name, *want, *shows;
} lines[] = {
	{ "[secrets]\nkey_file = master.key", "secrets.key_file", "@/master.key", "a file is where the settings are" },
	{ "[secrets]\nkey_file = ../a/b.key", "secrets.key_file", "@/../a/b.key", "a path from there" },
	{ "[secrets]\nkey_file = /a/b.key", "secrets.key_file", "/a/b.key", "a whole path is left alone" },
	{ "[bank.staging]\ntls_ca = ca.pem", "bank.staging.tls_ca", "@/ca.pem", "a certificate is a file" },
	{ "[bank.staging]\ntls_ca =", "bank.staging.tls_ca", "", "no file stays none" },
	{ "[clock]\nfile = clock", "clock.file", "@/clock", "the clock is a file" },
	{ "[database]\nsocket = db.sock", "database.socket", "db.sock", "a socket is not meant" },
	{ "[database]\nuser = a/b", "database.user", "a/b", "nor is what is no file" },
};

/* The text, with each "@" as the folder. */
static const char *
placed(const char *text, const char *folder)
{
	static char out[512];

	snprintf(out, sizeof(out), "%s%s", text[0] == '@' ? folder : "",
	    text + (text[0] == '@'));
	return out;
}

/* What the file says under a name. */
static const char *
said(const char *path, const char *line, const char *name)
{
	static char out[512];
	char why[256];
	const struct conf *cf;
	FILE *f = fopen(path, "w");

	out[0] = '\0';
	if (f == NULL)
		return "no file";
	fprintf(f, "%s\n", line);
	fclose(f);
	if ((cf = conf_read(path, why)) == NULL)
		return "not read";
	f = fmemopen(out, sizeof(out), "w");
	if (f != NULL) {
		conf_print_one(f, cf, name);
		fclose(f);
	}
	conf_free(cf);
	out[strcspn(out, "\n")] = '\0';
	return out;
}

int
main(void)
{
	char folder[] = FOLDER, path[64];

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/dapit.conf", folder);
	for (size_t i = 0; i < NELEM(lines); i++)
		is_str(said(path, lines[i].line, lines[i].name),
		    placed(lines[i].want, folder), "%s", lines[i].shows);
	setenv("DAPIT_SECRETS_KEY_FILE", "here.key", 1);
	is_str(said(path, lines[0].line, "secrets.key_file"), "here.key",
	    "the environment says a path as it is");
	if (chdir(folder) != 0)
		return 1;
	unsetenv("DAPIT_SECRETS_KEY_FILE");
	is_str(said("dapit.conf", lines[0].line, "secrets.key_file"),
	    "master.key", "settings in the current folder");
	unlink("dapit.conf");
	rmdir(folder);
	return tap_done();
}
