#include <string.h>

#include "base/sepatext.h"
#include "tap.h"

/* Names and texts as people and shops write them; what a bank is sent. */
static const struct { const char *text, *want, *shows; } rows[] = {
	{ "John Smith", "John Smith", "plain" },
	{ "O'Brien-Smith, (Jr.) +1 / a: b?", "O'Brien-Smith, (Jr.) +1 / a: b?",
	  "all that is allowed" },
	{ "Łukasz Żółć", "Lukasz Zolc", "Polish" },
	{ "Müller & Söhne GmbH", "Muller + Sohne GmbH", "German" },
	{ "Weiß", "Weis", "the EPC's sharp s" },
	{ "Jānis Bērziņš", "Janis Berzins", "Latvian" },
	{ "Aimée Œuvré", "Aimee Oeuvre", "French" },
	{ "Æsir Þór Ðóra Ørsted Åse", "Aesir Thor Dora Orsted Ase", "Nordic" },
	{ "ŞIĞI İstanbul ğüşiöç", "SIGI Istanbul gusioc", "Turkish" },
	{ "Țepeș Ștefan", "Tepes Stefan", "Romanian, with commas below" },
	{ "Nguyễn Văn Đức", "Nguyen Van Duc", "Vietnamese" },
	{ "Ελένη Παπαδοπούλου", "Eleni Papadopoyloy", "Greek" },
	{ "ΨΥΧΗ Θεός", "PSYCHI Theos", "Greek, in capitals and not" },
	{ "Юлия Щерева", "Yuliya Shtereva", "Bulgarian" },
	{ "ЮРИЙ", "YURIY", "Cyrillic capitals" },
	{ "Zoe\xcc\x88", "Zoe", "a mark of its own" },
	{ "Anna \xf0\x9f\x98\x80 Smith", "Anna . Smith", "an emoji" },
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 x", ". x",
	  "a family of emoji is one" },
	{ "王小明", ".", "Chinese" },
	{ "Ｆｕｌｌ　１２", "Full 12", "full-width" },
	{ "“Quoted” – dash… €5", "'Quoted' - dash... EUR5", "typography" },
	{ "a\tb\nc\\d<e>[f]{g}", "a b c/d(e)(f)(g)", "ASCII that is not" },
	{ "x_y@z#1", "x.y.z.1", "what has no meaning there" },
	{ "  outer\xc2\xa0inner  ", "outer inner", "blanks" },
	{ "bad\xff\xfe" "end", "bad.end", "bytes that are no UTF-8" },
	{ "", "", "nothing" },
};

/* A name of which no letter would be left stays as it is. */
static const struct { const char *name, *want; } names[] = {
	{ "Юлия", "Yuliya" }, { "7", "7" }, { "王小明", "王小明" },
	{ "王 Wang", ". Wang" }, { "שרה כהן", "שרה כהן" },
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" }, { "", "" },
};

int
main(void)
{
	struct arena *a = arena_new();
	char text[5] = { 0 };

	for (size_t i = 0; i < NELEM(rows); i++) {
		is_str(sepatext(a, rows[i].text), rows[i].want, "%s",
		    rows[i].shows);
		is_str(sepatext(a, rows[i].want), rows[i].want,
		    "%s: again the same", rows[i].shows);
	}
	for (size_t i = 0; i < NELEM(names); i++)
		is_str(sepatext_name(a, names[i].name), names[i].want,
		    "the name \"%s\"", names[i].name);
	/* every character of the first planes comes out in the set */
	for (unsigned c = 0x80; c < 0x30000; c++) {
		const char *out;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		text[0] = (char)(c < 0x800 ? 0xc0 | c >> 6 : c < 0x10000 ?
		    0xe0 | c >> 12 : 0xf0 | c >> 18);
		text[1] = (char)(0x80 | (c < 0x800 ? c : c < 0x10000 ?
		    c >> 6 : c >> 12) % 64);
		text[2] = (char)(c < 0x800 ? 0 : 0x80 | (c < 0x10000 ? c :
		    c >> 6) % 64);
		text[3] = (char)(c < 0x10000 ? 0 : 0x80 | c % 64);
		out = sepatext(a, text);
		if (out[strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
		    "QRSTUVWXYZ0123456789/-?:().,'+ ")] != '\0' ||
		    strlen(out) > 5) {
			is_str(out, "", "U+%04X", c);
			break;
		}
		if (c % 4096 == 0)
			arena_reset(a);
	}
	is_true(true, "no character leaves the set");
	arena_free(a);
	return tap_done();
}
