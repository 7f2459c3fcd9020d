/*
 * Lists and things on standard output, for people or as JSON.
 */
#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#include "dapit/dapit.h"

/* Only people need the names of columns. */
static void
head(const struct field *f)
{
	for (const char *tab = ""; f->name != NULL; f++, tab = "\t") {
		printf("%s", tab);
		for (const char *p = f->name; *p != '\0'; p++)
			putchar(toupper((unsigned char)*p));
	}
	printf("\n");
}

void
list_print(struct cx *cx, const struct words *w, const struct field *f,
    const struct rows *rows)
{
	const char *row = rows->row;
	struct out o = { .arena = cx->arena };

	if (w->json)
		out_text(&o, "[");
	else if (isatty(STDOUT_FILENO) && rows->n > 0)
		head(f);
	for (size_t i = 0; i < rows->n; i++, row += rows->size) {
		if (!w->json) {
			field_line(&o, f, row);
			continue;
		}
		out_text(&o, i > 0 ? ",\n" : "\n");
		field_object(&o, f, row);
	}
	if (w->json)
		out_text(&o, "\n]\n");
	printf("%s", o.text == NULL ? "" : o.text);
}

void
thing_print(struct cx *cx, const struct words *w, const struct field *f,
    const void *row)
{
	struct out o = { .arena = cx->arena };

	if (w->json) {
		field_object(&o, f, row);
		out_text(&o, "\n");
	}
	for (; !w->json && f->name != NULL; f++) {
		const struct field one[] = { *f, { 0 } };

		out_printf(&o, "%s ", f->name);
		field_line(&o, one, row);
	}
	printf("%s", o.text);
}
