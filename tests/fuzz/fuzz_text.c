/*
 * fuzz_text.c - hostile text as it leaves us: in JSON, CSV, forms, SMS, QR
 * codes, on a terminal, cut.  What can be read back is the same.
 */
#include "api/action.h"
#include "base/epc.h"
#include "base/field.h"
#include "base/gsm.h"
#include "fuzz.h"
#include "io/js.h"
#include "io/seal.h"
#include "rfc8259.h"

struct row {
	const char	*text;
};

static const struct field fields[] = {
	F_TEXT(row, text, ""),
	{ 0 }
};

static void
as_json(struct arena *a, const struct row *row)
{
	struct out o = { .arena = a };
	const char *why = NULL;
	const struct js *v;

	field_object(&o, fields, row);
	must(rfc8259(o.text) && strpbrk(o.text, "<\n") == NULL);
	v = js_parse(a, o.text, o.len, &why);
	must(v != NULL && strcmp(js_member(v, "text"), row->text) == 0);
}

/* One record of one field, which no spreadsheet takes for a formula. */
static void
as_csv(struct arena *a, const struct row *row)
{
	struct out o = { .arena = a }, back = { .arena = a };
	bool quoted;
	const char *p;

	field_csv(&o, fields, row);
	out_bytes(&back, "", 0);
	p = o.text;
	quoted = *p == '"';
	for (p += quoted; *p != '\0'; p++) {
		if (quoted && *p == '"' && *++p != '"')
			break;
		if (!quoted && strchr("\r\n,\"", *p) != NULL)
			break;
		out_bytes(&back, p, 1);
	}
	must(strcmp(p, "\r\n") == 0 || strcmp(p, "\n") == 0);
	p = back.text + (*back.text == '\'' && *row->text != '\'');
	must(strcmp(p, row->text) == 0);
	must(*back.text == '\0' || strchr("=+-@\t\r", *back.text) == NULL);
}

static void
as_form(struct cx *cx, const struct row *row)
{
	struct out o = { .arena = cx->arena };
	struct args *args = NULL;

	out_text(&o, "a=1&text=");
	out_form(&o, row->text);
	must(args_read(cx, o.text, "", "", 0, &args) == 0);
	must(strcmp(args_text(args, "text"), row->text) == 0);
}

static void
as_line(struct arena *a, const struct row *row)
{
	struct out o = { .arena = a };

	field_line(&o, fields, row);
	must(strchr(o.text, '\n') == o.text + o.len - 1);
	for (const char *p = o.text; p[1] != '\0'; p++)
		must((unsigned char)*p >= ' ' && *p != 0x7f &&
		    (*p != '\xc2' || (p[1] & 0xe0) != 0x80));
}

static void
as_sms(struct arena *a, const char *text)
{
	const char *fold = gsm_fold(a, text);
	bool unicode;

	must(gsm_segments(fold, &unicode) >= 1 && !unicode);
	must(strcmp(gsm_fold(a, fold), fold) == 0);
	must(gsm_segments(text, &unicode) <= (int64_t)strlen(text) / 67 + 2 ||
	    !unicode);
}

static void
as_qr(struct arena *a, const char *text)
{
	const struct epc e = { text, "LT897044060007975654", 100, text };
	const char *code = epc_print(a, &e);
	size_t lines = 1;

	must(strlen(code) <= EPC_BYTES);
	for (const char *p = code; *p != '\0'; p++)
		lines += *p == '\n';
	must(lines == 11);
	must(!fuzz_utf8(text) || fuzz_utf8(code));
}

static void
cut(struct arena *a, const char *text, size_t max)
{
	const char *part = str_cut(a, text, max);

	must(strlen(part) <= max && str_starts(text, part));
	must(!fuzz_utf8(text) || (fuzz_utf8(part) && strlen(part) + 4 >
	    (max < strlen(text) ? max : strlen(text))));
}

static void
as_bytes(struct arena *a, const char *bytes, size_t n)
{
	unsigned char *back = arena_alloc(a, n + 1);
	size_t len = 0;

	must(str_unhex(str_hex(a, (const unsigned char *)bytes, n), back, n));
	must(memcmp(back, bytes, n) == 0);
	back = seal_unbase64(a, seal_base64(a, bytes, n), &len);
	must(back != NULL && len == n && memcmp(back, bytes, n) == 0);
	(void)seal_unbase64(a, arena_copy(a, bytes, n), &len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct cx *cx = fuzz_cx();
	const char *all = fuzz_rest(cx->arena, &in);
	struct row row;

	as_bytes(cx->arena, all, n);
	row.text = fuzz_text(cx->arena, &in);
	cut(cx->arena, row.text, n == 0 ? 0 : p[n - 1]);
	as_sms(cx->arena, row.text);
	as_qr(cx->arena, row.text);
	as_line(cx->arena, &row);
	as_csv(cx->arena, &row);
	(void)fail(cx, ERR_PARAM, "%s", row.text);
	must(fuzz_utf8(cx->why));
	if (!fuzz_utf8(row.text))
		return 0;
	as_json(cx->arena, &row);
	as_form(cx, &row);
	return 0;
}
