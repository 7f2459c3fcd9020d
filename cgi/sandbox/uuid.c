#include <string.h>

#include "base/str.h"
#include "io/seal.h"
#include "sandbox/uuid.h"

static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

char *
uuid_make(struct arena *a)
{
	unsigned char bytes[16];
	char *uuid = arena_copy(a, form, sizeof(form) - 1);
	const char *hex;

	seal_random(bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	hex = str_hex(a, bytes, sizeof(bytes));
	for (char *p = uuid; *p != '\0'; p++)
		if (*p == 'x')
			*p = *hex++;
	return uuid;
}

bool
uuid_check(const char *text)
{
	const char *f = form;

	for (; *f != '\0' && *text != '\0'; f++, text++)
		if (*f == '-' ? *text != '-' :
		    strchr("0123456789abcdefABCDEF", *text) == NULL)
			return false;
	return *f == '\0' && *text == '\0';
}
