#include <openssl/hmac.h>
#include <string.h>

#include "io/sha1.h"

bool
sha1_sign(const char *key, const char *text, size_t len,
    unsigned char out[static SHA1_BYTES])
{
	unsigned n = 0;

	return HMAC(EVP_sha1(), key, (int)strlen(key),
	    (const unsigned char *)text, len, out, &n) != NULL &&
	    n == SHA1_BYTES;
}
