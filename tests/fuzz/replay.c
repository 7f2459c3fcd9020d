/*
 * replay.c - gives each file of a folder to a fuzzer, without libFuzzer.
 */
#include <dirent.h>
#include <limits.h>

#include "fuzz.h"

static void
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t n = 0, room = 0, got = 1;

	for (; f != NULL && got > 0; n += got) {
		bytes = n < room ? bytes : realloc(bytes, room += 4096);
		if (bytes == NULL)
			abort();
		got = fread(bytes + n, 1, room - n, f);
	}
	if (f == NULL || fclose(f) != 0 || (bytes = realloc(bytes,
	    n == 0 ? 1 : n)) == NULL)		/* no byte to spare */
		abort();
	LLVMFuzzerTestOneInput(bytes, n);
	free(bytes);
}

int
main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	char path[PATH_MAX];
	size_t n = 0;

	if (dir == NULL)
		return 2;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		replay(path);
		n++;
	}
	closedir(dir);
	printf("%zu\n", n);
	return n == 0;
}
