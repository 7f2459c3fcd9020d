#include <string.h>

#include "base/health.h"

static const char *const words[HEALTH__MAX] = {
	[HEALTH_OK]	 = "ok",
	[HEALTH_WARNING] = "warning",
	[HEALTH_BROKEN]	 = "broken",
};

const char *
health_word(int64_t h)
{
	return words[h >= 0 && h < HEALTH__MAX ? h : HEALTH_BROKEN];
}

enum health
health_of(const char *word)
{
	for (int h = 0; h < HEALTH__MAX; h++)
		if (strcmp(word, words[h]) == 0)
			return (enum health)h;
	return HEALTH_BROKEN;
}
