/*
 * field.h - what an answer says, declared once.
 *
 * A table names the fields of an answer, where each stands in a struct, and
 * what it means.  The same table prints JSON, prints CSV, and is the
 * reference's description of the answer, so that no field can be sent that
 * is not documented.
 */
#ifndef FIELD_H
#define FIELD_H

#include "base/cents.h"
#include "base/out.h"

enum field_kind {
	FIELD_TEXT,		/* const char *; NULL is null */
	FIELD_INT,		/* int64_t */
	FIELD_CENTS,		/* cents, printed as 7.00 */
	FIELD_PERCENT,		/* int64_t, hundredths, printed as 7.5 or 7 */
	FIELD_TIME,		/* Unix seconds, printed in UTC; 0 is null */
	FIELD_BOOL,		/* bool */
	FIELD_RAW,		/* const char *, JSON already; NULL is null */
	FIELD_ROWS,		/* struct rows, each printed by .of */
};

/* An array of structs, and the size of one. */
struct rows {
	const void	*row;
	size_t		 n, size;
};

struct field {
	const char		*name;		/* NULL ends a list */
	enum field_kind		 kind;
	size_t			 at;		/* offset in the struct */
	bool			 may_lack;	/* left out when NULL or 0 */
	bool			 or_null;	/* null is one of its values */
	const struct field	*of;		/* of FIELD_ROWS */
	const char		*doc;
};

#define FIELD_(t, f, ctype, kind, lack, null, of, doc) \
	{ #f, kind, _Generic(((struct t *)0)->f, ctype: offsetof(struct t, f)), \
	  lack, null, of, doc }
#define F_TEXT(t, f, doc)	FIELD_(t, f, const char *, FIELD_TEXT, false, false, NULL, doc)
#define F_TEXT_OR_NULL(t, f, doc)	FIELD_(t, f, const char *, FIELD_TEXT, false, true, NULL, doc)
#define F_TEXT_IF(t, f, doc)	FIELD_(t, f, const char *, FIELD_TEXT, true, false, NULL, doc)
#define F_INT(t, f, doc)	FIELD_(t, f, int64_t, FIELD_INT, false, false, NULL, doc)
#define F_INT_IF(t, f, doc)	FIELD_(t, f, int64_t, FIELD_INT, true, false, NULL, doc)
#define F_CENTS(t, f, doc)	FIELD_(t, f, cents, FIELD_CENTS, false, false, NULL, doc)
#define F_CENTS_IF(t, f, doc)	FIELD_(t, f, cents, FIELD_CENTS, true, false, NULL, doc)
#define F_PERCENT(t, f, doc)	FIELD_(t, f, int64_t, FIELD_PERCENT, false, false, NULL, doc)
#define F_TIME(t, f, doc)	FIELD_(t, f, int64_t, FIELD_TIME, false, false, NULL, doc)
#define F_TIME_OR_NULL(t, f, doc)	FIELD_(t, f, int64_t, FIELD_TIME, false, true, NULL, doc)
#define F_TIME_IF(t, f, doc)	FIELD_(t, f, int64_t, FIELD_TIME, true, false, NULL, doc)
#define F_BOOL(t, f, doc)	FIELD_(t, f, bool, FIELD_BOOL, false, false, NULL, doc)
#define F_BOOL_IF(t, f, doc)	FIELD_(t, f, bool, FIELD_BOOL, true, false, NULL, doc)
#define F_RAW(t, f, doc)	FIELD_(t, f, const char *, FIELD_RAW, false, true, NULL, doc)
#define F_ROWS(t, f, of, doc)	FIELD_(t, f, struct rows, FIELD_ROWS, false, false, of, doc)

/* Prints "a":1,"b":2 - the inside of an object, without its braces. */
void	field_json(struct out *, const struct field *, const void *row);

/* Prints the object, braces included. */
void	field_object(struct out *, const struct field *, const void *row);

/* Prints the values for a terminal, with tabs between them and a newline
 * behind; what is not there is a dash, and no text breaks the line. */
void	field_line(struct out *, const struct field *, const void *row);

/* The line of names, behind a byte order mark; and a line of values. */
void	field_csv_head(struct out *, const struct field *);
void	field_csv(struct out *, const struct field *, const void *row);

#endif
