/*
 * keyfile.h - the file of the master key, and of those around it while it is
 * replaced (io/seal.h).
 */
#ifndef KEYFILE_H
#define KEYFILE_H

#include <sys/stat.h>

#include "io/seal.h"

#define KEY_BYTES	32

struct keyfile {
	unsigned char	master[SEAL_KEYS][KEY_BYTES];
	unsigned char	lookup[KEY_BYTES];
	bool		has[SEAL_KEYS], has_lookup;
};

/* Reads it, and what file it was; false, and why.  The reader wipes f. */
MUST_USE bool keyfile_read(const char *path, struct keyfile *f,
    struct stat *, char why[static 256]);

/* Makes it, on disk and of mode 0600; false, and errno, if there is one. */
MUST_USE bool keyfile_add(const char *path, const struct keyfile *f);

/* Puts another in its place, of the owner and mode that st says, on disk and
 * in one step; false, and errno. */
MUST_USE bool keyfile_replace(const char *path, const struct keyfile *f,
    const struct stat *st);

/* From now on nobody else changes it, as long as this process lives; false,
 * and why. */
MUST_USE bool keyfile_hold(const char *path, char why[static 256]);

const char *keyfile_word(enum seal_key);

#endif
