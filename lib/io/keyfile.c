#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/str.h"
#include "io/keyfile.h"

#define TEXT_MAX	1024		/* bytes of a key file */
#define PATH		4096
#define LOOKUP		"lookup"

static const char *const words[] = { "current", "next", "old", "nothing" };
_Static_assert(NELEM(words) == SEAL_KEYS + 1, "a key has no word");

const char *
keyfile_word(enum seal_key k)
{
	return words[k];
}

static bool
parse_line(const char *line, bool first, struct keyfile *f)
{
	if (first)
		return f->has[SEAL_CURRENT] = str_unhex(line,
		    f->master[SEAL_CURRENT], KEY_BYTES);
	if (str_starts(line, LOOKUP " "))
		return f->has_lookup = str_unhex(line + sizeof(LOOKUP),
		    f->lookup, KEY_BYTES);
	for (int i = SEAL_NEXT; i < SEAL_KEYS; i++)
		if (str_starts(line, words[i]) && line[strlen(words[i])] == ' ')
			return f->has[i] = str_unhex(line + strlen(words[i]) +
			    1, f->master[i], KEY_BYTES);
	return *line == '\0';
}

static bool
parse(char *text, struct keyfile *f)
{
	char *line = text, *next;

	for (; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != '\0')
			*next++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		if (!parse_line(line, line == text, f))
			return false;
	}
	return f->has[SEAL_CURRENT];
}

bool
keyfile_read(const char *path, struct keyfile *f, struct stat *st,
    char why[static 256])
{
	char text[TEXT_MAX + 1] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	bool good = false;

	*f = (struct keyfile){ 0 };
	if (fd < 0 || fstat(fd, st) != 0)
		snprintf(why, 256, "%s: %s", path, strerror(errno));
	else if ((st->st_mode & 077) != 0)
		snprintf(why, 256, "%s: others may read it; chmod 600", path);
	else if ((n = read(fd, text, TEXT_MAX)) <= 0 || n == TEXT_MAX ||
	    !parse(text, f))
		snprintf(why, 256, "%s: not 64 hex digits", path);
	else
		good = true;
	if (fd >= 0)
		close(fd);
	seal_wipe(text, sizeof(text));
	return good;
}

static size_t
print_line(char *to, const char *word, const unsigned char *key)
{
	size_t n = 0;

	if (*word != '\0')
		n = (size_t)snprintf(to, TEXT_MAX / 4, "%s ", word);
	for (int i = 0; i < KEY_BYTES; i++, n += 2)
		snprintf(to + n, 3, "%02x", key[i]);
	to[n++] = '\n';
	return n;
}

/* Four lines at most: they fit. */
static size_t
print(char text[static TEXT_MAX], const struct keyfile *f)
{
	size_t n = print_line(text, "", f->master[SEAL_CURRENT]);

	if (f->has_lookup)
		n += print_line(text + n, LOOKUP, f->lookup);
	for (int i = SEAL_NEXT; i < SEAL_KEYS; i++)
		if (f->has[i])
			n += print_line(text + n, words[i], f->master[i]);
	return n;
}

/* Makes the file; st says whose it becomes, NULL: its maker's. */
static bool
write_new(const char *path, const struct keyfile *f, const struct stat *st)
{
	char text[TEXT_MAX] = "";
	size_t n = print(text, f);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good;

	good = fd >= 0 && !fault() && (st == NULL ||
	    (fchown(fd, st->st_uid, st->st_gid) == 0 &&
	    fchmod(fd, st->st_mode & 0700) == 0)) && !fault() &&
	    write(fd, text, n) == (ssize_t)n && !fault() && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	seal_wipe(text, sizeof(text));
	return good;
}

bool
keyfile_add(const char *path, const struct keyfile *f)
{
	return write_new(path, f, NULL);
}

static int
open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH] = ".";

	if (slash != NULL)
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 :
		    (int)(slash - path), path);
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* What a killed one left of the new file goes first. */
bool
keyfile_replace(const char *path, const struct keyfile *f,
    const struct stat *st)
{
	char new[PATH];
	struct stat is;
	int folder;
	bool good;

	if (lstat(path, &is) != 0)
		return false;
	if (S_ISLNK(is.st_mode)) {
		errno = ELOOP;		/* the link would go, not the file */
		return false;
	}
	if ((folder = open_folder(path)) < 0)
		return false;
	snprintf(new, sizeof(new), "%s.new", path);
	(void)unlink(new);
	good = write_new(new, f, st) && !fault() && rename(new, path) == 0 &&
	    !fault() && fsync(folder) == 0 && !fault();
	close(folder);
	return good;
}

/* The lock is the folder's: the file itself is replaced. */
bool
keyfile_hold(const char *path, char why[static 256])
{
	int folder = open_folder(path);

	if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0)
		return true;
	snprintf(why, 256, "%s: %s", path, errno == EWOULDBLOCK ?
	    "its keys are being changed by another dapit" : strerror(errno));
	return false;
}
