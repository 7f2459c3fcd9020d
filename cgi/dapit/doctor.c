/*
 * Is this installation well?
 */
#include <stdio.h>
#include <string.h>

#include "dapit/dapit.h"
#include "flow/doctor.h"

static const struct field finding_fields[] = {
	F_TEXT(finding, health, "ok, warning or broken."),
	F_TEXT(finding, what, "That was looked at."),
	F_TEXT(finding, state, "How it is."),
	F_TEXT(finding, todo, "What to do."),
	{ 0 }
};

enum err
cmd_doctor(struct cx *cx, struct words *w)
{
	const struct finding *f;
	struct rows rows;
	int64_t broken = 0;

	doctor(cx, &rows);
	f = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		broken += strcmp(f[i].health, "broken") == 0;
		if (!w->json)
			printf("%-8s %s: %s\n%s%s%s", f[i].health, f[i].what,
			    f[i].state, f[i].todo == NULL ? "" : "         > ",
			    f[i].todo == NULL ? "" : f[i].todo,
			    f[i].todo == NULL ? "" : "\n");
	}
	if (w->json)
		list_print(cx, w, finding_fields, &rows);
	return broken == 0 ? 0 : fail(cx, ERR_INTERNAL, "%" PRId64
	    " broken", broken);
}
