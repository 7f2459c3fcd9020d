#include "base/calendar.h"
#include "base/field.h"

static const char *
text_at(const void *p)
{
	return *(const char *const *)p;
}

/* Nothing there: a NULL text, a zero number, false. */
static bool
lacks(const struct field *f, const void *p)
{
	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_RAW:
		return text_at(p) == NULL;
	case FIELD_BOOL:
		return !*(const bool *)p;
	case FIELD_ROWS:
		return ((const struct rows *)p)->n == 0;
	default:
		return *(const int64_t *)p == 0;
	}
}

static void
put_rows(struct out *o, const struct field *of, const struct rows *rows)
{
	const char *row = rows->row;

	out_text(o, "[");
	for (size_t i = 0; i < rows->n; i++, row += rows->size) {
		if (i > 0)
			out_text(o, ",");
		field_object(o, of, row);
	}
	out_text(o, "]");
}

static void
put_value(struct out *o, const struct field *f, const void *p)
{
	char buf[CENTS_TEXT > TIME_TEXT ? CENTS_TEXT : TIME_TEXT];

	switch (f->kind) {
	case FIELD_TEXT:
		out_json(o, text_at(p));
		break;
	case FIELD_INT:
		out_int(o, *(const int64_t *)p);
		break;
	case FIELD_CENTS:
		out_text(o, cents_print(*(const cents *)p, buf));
		break;
	case FIELD_PERCENT:
		out_text(o, cents_print_short(*(const int64_t *)p, buf));
		break;
	case FIELD_TIME:
		out_json(o, *(const int64_t *)p == 0 ? NULL :
		    time_print(*(const int64_t *)p, buf));
		break;
	case FIELD_BOOL:
		out_text(o, *(const bool *)p ? "true" : "false");
		break;
	case FIELD_RAW:
		out_text(o, text_at(p) == NULL ? "null" : text_at(p));
		break;
	case FIELD_ROWS:
		put_rows(o, f->of, p);
		break;
	}
}

void
field_json(struct out *o, const struct field *f, const void *row)
{
	const char *comma = "\"";

	for (; f->name != NULL; f++) {
		const void *p = (const char *)row + f->at;

		if (f->may_lack && lacks(f, p))
			continue;
		out_text(o, comma);
		out_text(o, f->name);
		out_text(o, "\":");
		put_value(o, f, p);
		comma = ",\"";
	}
}

void
field_object(struct out *o, const struct field *f, const void *row)
{
	out_text(o, "{");
	field_json(o, f, row);
	out_text(o, "}");
}

void
field_csv_head(struct out *o, const struct field *f)
{
	/* a spreadsheet takes it for Latin-1 without */
	out_text(o, "\xef\xbb\xbf");
	for (const char *comma = ""; f->name != NULL; f++, comma = ",")
		out_printf(o, "%s%s", comma, f->name);
	out_text(o, "\r\n");
}

void
field_csv(struct out *o, const struct field *f, const void *row)
{
	char buf[TIME_TEXT];

	for (const char *comma = ""; f->name != NULL; f++, comma = ",") {
		const void *p = (const char *)row + f->at;

		out_text(o, comma);
		if (f->kind == FIELD_TIME && !lacks(f, p))
			out_text(o, time_print(*(const int64_t *)p, buf));
		else if (f->kind == FIELD_TEXT && !lacks(f, p))
			out_csv(o, text_at(p));
		else if (f->kind == FIELD_INT || f->kind == FIELD_CENTS ||
		    f->kind == FIELD_PERCENT || f->kind == FIELD_BOOL)
			put_value(o, f, p);
	}
	out_text(o, "\r\n");
}

/* The bytes of a character that a terminal would obey: C0, DEL and C1. */
static size_t
control(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;

	if (*p < ' ' || *p == 0x7f)
		return 1;
	return p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0 ? 2 : 0;
}

static void
put_plain(struct out *o, const char *text)
{
	for (size_t n; *text != '\0'; text += n == 0 ? 1 : n) {
		n = control(text);
		out_bytes(o, n > 0 ? " " : text, 1);
	}
}

void
field_line(struct out *o, const struct field *f, const void *row)
{
	char buf[TIME_TEXT];

	for (const char *tab = ""; f->name != NULL; f++, tab = "\t") {
		const void *p = (const char *)row + f->at;

		out_text(o, tab);
		if (lacks(f, p) && f->kind != FIELD_INT &&
		    f->kind != FIELD_CENTS && f->kind != FIELD_PERCENT &&
		    f->kind != FIELD_BOOL)
			out_text(o, "-");
		else if (f->kind == FIELD_TIME)
			out_text(o, time_print(*(const int64_t *)p, buf));
		else if (f->kind == FIELD_TEXT || f->kind == FIELD_RAW)
			put_plain(o, text_at(p));
		else
			put_value(o, f, p);
	}
	out_text(o, "\n");
}
