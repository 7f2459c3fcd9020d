/*
 * fuzz_file.c - files that others write: settings and certificates.  Settings
 * that were read are printed and read as the same.
 */
#include <unistd.h>

#include "base/conf.h"
#include "fuzz.h"
#include "io/pem.h"

/* A file without a name, by the path of its descriptor. */
static const char *
write_file(const void *bytes, size_t n)
{
	static char path[64];
	static int fd = -1;
	char name[] = "/tmp/fuzz-file-XXXXXX";

	if (fd < 0) {
		fd = mkstemp(name);
		must(fd >= 0 && unlink(name) == 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	must(ftruncate(fd, 0) == 0);
	must(pwrite(fd, bytes, n, 0) == (ssize_t)n);
	return path;
}

static char *
printed(struct arena *a, const struct conf *cf)
{
	char *text = NULL, *copy;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	must(f != NULL);
	conf_print(f, cf);
	must(fclose(f) == 0);
	copy = arena_copy(a, text, n);
	free(text);
	return copy;
}

static void
settings(struct arena *a, const char *path)
{
	const struct conf *cf;
	char why[256] = "";
	char *once;

	if ((cf = conf_read(path, why)) == NULL) {
		must(why[0] != '\0');
		return;
	}
	once = printed(a, cf);
	conf_free(cf);
	cf = conf_read(write_file(once, strlen(once)), why);
	must(cf != NULL && strcmp(printed(a, cf), once) == 0);
	conf_free(cf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_cx()->arena;
	const char *path = write_file(p, n);
	int64_t until;

	if (pem_until(a, path, &until))
		must(until > -(INT64_C(1) << 40) && until < INT64_C(1) << 40);
	settings(a, path);
	return 0;
}
