#include <string.h>

#include "base/gsm.h"
#include "base/out.h"
#include "base/str.h"

/* Both tables as texts: a character is in one if strstr finds it. */
static const char basic[] = "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char extension[] = "\f^{}\\[~]|€";

/* Each character of the first text becomes the second. */
static const struct {
	const char	*from, *to;
} folds[] = {
	/* Latin letters of Europe */
	{ "ÀÁÂÃĀĂĄǍȀ", "A" },	{ "áâãāăąǎª", "a" },	{ "Ḃ", "B" },	{ "ḃ", "b" },
	{ "ĆĈĊČ", "C" },	{ "ćĉċčç", "c" },	{ "ĎĐÐḊ", "D" },	{ "ďđðḋ", "d" },
	{ "ÈÊËĒĔĖĘĚẼ", "E" },	{ "êëēĕėęěẽ", "e" },	{ "Ḟ", "F" },	{ "ḟ", "f" },
	{ "ĜĞĠĢǤǦ", "G" },	{ "ĝğġģǥǧ", "g" },	{ "ĤĦ", "H" },	{ "ĥħ", "h" },
	{ "ÌÍÎÏĨĪĬĮİ", "I" },	{ "íîïĩīĭįı", "i" },	{ "Ĵ", "J" },	{ "ĵ", "j" },
	{ "ĶǨ", "K" },		{ "ķĸǩ", "k" },		{ "ĹĻĽĿŁ", "L" },	{ "ĺļľŀł", "l" },
	{ "Ṁ", "M" },		{ "ṁ", "m" },		{ "ŃŅŇŊ", "N" },	{ "ńņňŉŋ", "n" },
	{ "ÒÓÔÕŌŎȪȬȮȰ", "O" },	{ "óôõōŏȫȭȯȱº", "o" },	{ "Ṗ", "P" },	{ "ṗ", "p" },
	{ "ŔŖŘ", "R" },		{ "ŕŗř", "r" },		{ "ŚŜŞŠȘṠ", "S" },	{ "śŝşšșſṡ", "s" },
	{ "ŢŤŦȚṪ", "T" },	{ "ţťŧțṫ", "t" },	{ "ÙÚÛŨŪŬŮŲ", "U" },	{ "úûũūŭůų", "u" },
	{ "ŴẀẂẄ", "W" },	{ "ŵẁẃẅ", "w" },	{ "ÝŶŸỲȲ", "Y" },	{ "ýÿŷỳȳ", "y" },
	{ "ŹŻŽ", "Z" },		{ "źżž", "z" },		{ "Þ", "TH" },	{ "þ", "th" },
	{ "Œ", "OE" },		{ "œ", "oe" },		{ "Ĳ", "IJ" },	{ "ĳ", "ij" },
	{ "Ǽ", "Æ" },		{ "ǽ", "æ" },		{ "Ǿ", "Ø" },	{ "ǿ", "ø" },
	{ "Ő", "Ö" },		{ "ő", "ö" },		{ "Ű", "Ü" },	{ "ű", "ü" },
	{ "ẞ", "SS" },
	/* Greek */
	{ "ΑΆαά", "A" },	{ "Ββ", "B" },		{ "γ", "Γ" },	{ "δ", "Δ" },
	{ "ΕΈεέ", "E" },	{ "Ζζ", "Z" },		{ "ΗΉηή", "H" },	{ "θ", "Θ" },
	{ "ΙΊΪιίϊΐ", "I" },	{ "Κκ", "K" },		{ "λ", "Λ" },	{ "Μμµ", "M" },
	{ "Νν", "N" },		{ "ξ", "Ξ" },		{ "ΟΌοό", "O" },	{ "π", "Π" },
	{ "Ρρ", "P" },		{ "σς", "Σ" },		{ "Ττ", "T" },	{ "ΥΎΫυύϋΰ", "Y" },
	{ "φ", "Φ" },		{ "Χχ", "X" },		{ "ψ", "Ψ" },	{ "Ώωώ", "Ω" },
	{ "·", "." },		{ "΄", "'" },
	/* Cyrillic: Bulgarian and Ukrainian, in one way that both can read */
	{ "А", "A" },	{ "а", "a" },	{ "Б", "B" },	{ "б", "b" },	{ "В", "V" },	{ "в", "v" },
	{ "ГҐ", "G" },	{ "гґ", "g" },	{ "Д", "D" },	{ "д", "d" },	{ "ЕЁЭ", "E" },	{ "еёэ", "e" },
	{ "Є", "Ye" },	{ "є", "ye" },	{ "Ж", "Zh" },	{ "ж", "zh" },	{ "З", "Z" },	{ "з", "z" },
	{ "ИІЍ", "I" },	{ "иіѝ", "i" },	{ "Ї", "Yi" },	{ "ї", "yi" },	{ "Й", "Y" },	{ "й", "y" },
	{ "К", "K" },	{ "к", "k" },	{ "Л", "L" },	{ "л", "l" },	{ "М", "M" },	{ "м", "m" },
	{ "Н", "N" },	{ "н", "n" },	{ "О", "O" },	{ "о", "o" },	{ "П", "P" },	{ "п", "p" },
	{ "Р", "R" },	{ "р", "r" },	{ "С", "S" },	{ "с", "s" },	{ "Т", "T" },	{ "т", "t" },
	{ "У", "U" },	{ "у", "u" },	{ "Ф", "F" },	{ "ф", "f" },	{ "Х", "H" },	{ "х", "h" },
	{ "Ц", "Ts" },	{ "ц", "ts" },	{ "Ч", "Ch" },	{ "ч", "ch" },	{ "Ш", "Sh" },	{ "ш", "sh" },
	{ "Щ", "Sht" },	{ "щ", "sht" },	{ "Ъ", "A" },	{ "ъ", "a" },	{ "Ы", "Y" },	{ "ы", "y" },
	{ "Ю", "Yu" },	{ "ю", "yu" },	{ "Я", "Ya" },	{ "я", "ya" },	{ "Ьь", "" },	{ "№", "No" },
	/* signs */
	{ "‘’‚‛‹›ʼ′`´", "'" },	{ "“”„‟«»″", "\"" },	{ "‐‑‒–—―−", "-" },	{ "…", "..." },
	{ "\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " " },	{ "•", "*" },	{ "×", "x" },
	{ "÷", "/" },		{ "¢", "c" },		{ "©", "(c)" },	{ "®", "(R)" },	{ "™", "TM" },
	{ "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f", "" },
};

/* A character of a text, as a text of its own. */
struct glyph {
	size_t	n;		/* its bytes in the text */
	bool	good;		/* is it UTF-8? */
	char	text[5];
};

static struct glyph
glyph_at(const char *p)
{
	struct glyph g = { .n = 1 };

	for (size_t n = 1; n <= 4 && !g.good; n++) {
		g.good = str_utf8(p, n);
		g.n = g.good ? n : 1;
	}
	memcpy(g.text, p, g.n);
	return g;
}

static bool
in(const char *alphabet, const struct glyph *g)
{
	return g->good && strstr(alphabet, g->text) != NULL;
}

/* Septets of a character; 0 if GSM-7 does not have it. */
static int64_t
septets(const struct glyph *g)
{
	return in(basic, g) ? 1 : in(extension, g) ? 2 : 0;
}

static bool
needs_unicode(const char *text)
{
	struct glyph g;

	for (; *text != '\0'; text += g.n) {
		g = glyph_at(text);
		if (septets(&g) == 0)
			return true;
	}
	return false;
}

/* Segments of room units each, none of which cuts a character. */
static int64_t
fill(const char *text, bool unicode, int64_t room)
{
	int64_t segments = 1, used = 0, cost;
	struct glyph g;

	for (; *text != '\0'; text += g.n, used += cost) {
		g = glyph_at(text);
		cost = unicode ? 1 + (g.n == 4) : septets(&g);
		if (used + cost > room) {
			segments++;
			used = 0;
		}
	}
	return segments;
}

int64_t
gsm_segments(const char *text, bool *unicode)
{
	bool wide = needs_unicode(text);

	if (unicode != NULL)
		*unicode = wide;
	if (fill(text, wide, wide ? 70 : 160) == 1)
		return 1;
	return fill(text, wide, wide ? 67 : 153);
}

static const char *
near(const struct glyph *g)
{
	const unsigned char *p = (const unsigned char *)g->text;

	if (septets(g) > 0)
		return g->text;
	if (g->n == 2 && (p[0] == 0xcc || (p[0] == 0xcd && p[1] < 0xb0)))
		return "";		/* a combining mark, U+0300 to U+036F */
	for (size_t i = 0; i < NELEM(folds); i++)
		if (in(folds[i].from, g))
			return folds[i].to;
	return "?";
}

char *
gsm_fold(struct arena *a, const char *text)
{
	struct out o = { .arena = a };
	struct glyph g;

	out_text(&o, "");
	for (; *text != '\0'; text += g.n) {
		g = glyph_at(text);
		out_text(&o, near(&g));
	}
	return o.text;
}
