/*
 * zone.h - the clocks of time zones, by the system's tz database.
 *
 * A zone is named as there: Europe/Vilnius, UTC.  The C library keeps one
 * zone at a time, for the whole process: these functions set it, and no
 * other code may rely on it.
 */
#ifndef ZONE_H
#define ZONE_H

#include "base/base.h"

/* Is there such a zone? */
bool	zone_known(const char *zone);

/* When the clocks of the zone show that hour of that day; where they skip
 * it, an hour later. */
int64_t	zone_at(const char *zone, int64_t day, int hour);

/* The day that it is there. */
int64_t	zone_day(const char *zone, int64_t t);

#endif
