/*
 * action.h - what a client may ask, declared once.
 *
 * A row says an action's name, who may ask, which methods, its parameters
 * with their bounds, and the function that runs it.  The same row validates
 * the request, fills a typed struct for the function and is the reference.
 * A parameter, its field in the struct and its column have one name.
 */
#ifndef ACTION_H
#define ACTION_H

#include "api/reply.h"
#include "base/cx.h"
#include "io/js.h"

enum kind {
	KIND_TEXT,		/* const char *; min and max are bytes */
	KIND_INT,		/* int64_t; 60.0 is 60 */
	KIND_LIMIT,		/* the same; above its max it is the max */
	KIND_BOOL,		/* int64_t 0 or 1; true, false, 1, 0 */
	KIND_WORD,		/* int64_t: 1 and up, its place in a list */
	KIND_LANGUAGE,		/* const char *; one that we speak */
	KIND_CENTS,		/* cents, on the wire euros: 49.99 */
	KIND_URL,		/* const char *; http(s), no credentials */
	KIND_CURRENCY,		/* const char *; only EUR */
	KIND_LIST,		/* const char *; a list of objects, as JSON */
	KIND_DAY,		/* int64_t; YYYY-MM-DD as days since 1970 */
	KIND_PERCENT,		/* int64_t; hundredths, on the wire 7.5 */
	KIND_DAYS,		/* const char *; numbers of days, as "3,7" */
	KIND_PAIRS,		/* const char *const *; all of a form's body */
	KIND__MAX
};

struct param {
	const char	*name;		/* NULL ends a list */
	enum kind	 kind;
	bool		 required;
	int64_t		 min, max;
	size_t		 at;		/* offset of the field in the input */
	const char	*doc;
	const char	*const *words;	/* of KIND_WORD; NULL ends them */
};

/* One line of a parameter list.  The field's type is checked here. */
#define TEXT(in, f, need, min, max, doc) \
	PARAM_(in, f, const char *, KIND_TEXT, need, min, max, doc)
#define INT(in, f, need, min, max, doc) \
	PARAM_(in, f, int64_t, KIND_INT, need, min, max, doc)
#define LIMIT(in, f, max, doc) \
	PARAM_(in, f, int64_t, KIND_LIMIT, OPTIONAL, 1, max, doc)
#define BOOL(in, f, doc) \
	PARAM_(in, f, int64_t, KIND_BOOL, OPTIONAL, 0, 1, doc)
#define WORD(in, f, need, words, doc) \
	{ #f, KIND_WORD, need, 0, 0, \
	  _Generic(((struct in *)0)->f, int64_t: offsetof(struct in, f)), \
	  doc, words }
#define LANGUAGE(in, f, doc) \
	PARAM_(in, f, const char *, KIND_LANGUAGE, OPTIONAL, 0, 0, doc)
#define CENTS(in, f, need, min, max, doc) \
	PARAM_(in, f, cents, KIND_CENTS, need, min, max, doc)
#define URL(in, f, need, max, doc) \
	PARAM_(in, f, const char *, KIND_URL, need, 0, max, doc)
#define CURRENCY(in, f, doc) \
	PARAM_(in, f, const char *, KIND_CURRENCY, OPTIONAL, 3, 3, doc)
#define LIST(in, f, need, max, doc) \
	PARAM_(in, f, const char *, KIND_LIST, need, 0, max, doc)
#define DAY(in, f, need, doc) \
	PARAM_(in, f, int64_t, KIND_DAY, need, 0, 0, doc)
#define PERCENT(in, f, doc) \
	PARAM_(in, f, int64_t, KIND_PERCENT, OPTIONAL, 0, 9999, doc)
#define DAYS(in, f, max, doc) \
	PARAM_(in, f, const char *, KIND_DAYS, OPTIONAL, 1, max, doc)
#define PAIRS(in, f, doc) \
	PARAM_(in, f, const char *const *, KIND_PAIRS, OPTIONAL, 0, 0, doc)
#define PARAM_(in, f, type, kind, need, min, max, doc) \
	{ #f, kind, need, min, max, \
	  _Generic(((struct in *)0)->f, type: offsetof(struct in, f)), doc, \
	  NULL }
#define REQUIRED	true
#define OPTIONAL	false

enum who {
	ANYONE,			/* has the session's token; any origin */
	MERCHANT,		/* has a merchant's key; no cross-origin */
	BANK,			/* the bank, Twilio: the handler asks who */
};

enum method {
	READ,			/* GET or POST */
	WRITE,			/* POST only; all of it is one transaction */
	EFFECT,			/* POST only; it also acts outside of us */
};

/*
 * One way in which an action answers: by which field tables, one behind the
 * other, or as bytes of another type.
 */
struct answer {
	const char		*name;		/* NULL ends a list */
	const char		*type;		/* NULL: JSON */
	const struct field	*parts[2];
};

struct action {
	const char		*name;		/* NULL ends a table */
	enum who		 who;
	enum method		 method;
	const struct param	*params;
	size_t			 in_size;	/* of the struct run() reads */
	enum err		(*run)(struct cx *, const void *in,
				    struct reply *);
	const struct answer	*answers;
	const char		*doc;
};

/* The values of a request, from its query and its body. */
struct args;

/* Reads query and body; the body wins over the query. */
MUST_USE enum err args_read(struct cx *, const char *query, const char *type,
    const char *body, size_t len, struct args **out);

/* One scalar as text; NULL if it is not there. */
const char *args_text(const struct args *, const char *name);

/* Is it in both the query and the body, with different values? */
bool	args_clash(const struct args *, const char *name);

/* The action as asked: the query's, else the body's. */
const char *args_action(const struct args *);

const struct action *action_find(const struct action *, const char *name);

/*
 * Checks a request's values against a row; *in is the struct that run()
 * reads.  What is optional and empty counts as not sent, but for a text that
 * may have 0 bytes.  A form's pairs are name, value, name ... NULL, by name.
 */
MUST_USE enum err action_check(struct cx *, const struct action *,
    const struct args *, void **in);

/* The values as checked, for telling a repeated request from another one.  With
 * their lengths no value can pass for the next one; releases before had none.
 */
char	*action_canon(struct cx *, const struct action *, const struct args *,
    bool lengths);

#endif
