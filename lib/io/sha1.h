/*
 * sha1.h - HMAC-SHA1 (RFC 2104), which Twilio signs with and libsodium leaves
 * out.  The only file that knows OpenSSL.
 */
#ifndef SHA1_H
#define SHA1_H

#include "base/base.h"

#define SHA1_BYTES	20

MUST_USE bool sha1_sign(const char *key, const char *text, size_t len,
    unsigned char out[static SHA1_BYTES]);

#endif
