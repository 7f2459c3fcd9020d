#include <string.h>

#include "base/out.h"
#include "base/sepatext.h"
#include "base/str.h"

/* What stands for the code points from first on; "_" is a blank. */
static const struct {
	uint32_t	first;
	const char	*words;
} ranges[] = {
	{ 0x00A0, "_ . . GBP . . . . . . a" },
	{ 0x00B4,
	  "' . . . . . o . . . . . A A A A A A AE C E E E E I I I I "
	  "D N O O O O O . O U U U U Y TH s a a a a a a ae c e e e "
	  "e i i i i d n o o o o o . o u u u u y th y A a A a A a C "
	  "c C c C c C c D d D d E e E e E e E e E e G g G g G g G g "
	  "H h H h I i I i I i I i I i IJ ij J j K k k L l L l L l L "
	  "l L l N n N n N n 'n N n O o O o O o OE oe R r R r R r S "
	  "s S s S s S s T t T t T t U u U u U u U u U u U u W w Y y "
	  "Y Z z Z z Z z s" },
	{ 0x018F, "E" },
	{ 0x01CD, "A a I i O o U u U u U u U u U u" },
	{ 0x01E6, "G g K k O o O o . . j . . . G g" },
	{ 0x0200,
	  "A a A a E e E e I i I i O o O o R r R r U u U u S s T t . "
	  ". H h . . . . . . A a E e O o O o O o O o Y y" },
	{ 0x0259, "e" },
	{ 0x02B9, "' . . '" },
	{ 0x0386,
	  "A . E I I . O . Y O i A V G D E Z I TH I K L M N X O P R "
	  ". S T Y F CH PS O I Y a e i i y a v g d e z i th i k l m "
	  "n x o p r s s t y f ch ps o i y o y o" },
	{ 0x0400,
	  "E YO DJ GJ YE DZ I YI J LJ NJ C KJ I U DZ A B V G D E ZH "
	  "Z I Y K L M N O P R S T U F H TS CH SH SHT A Y Y E YU YA "
	  "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht "
	  "a y y e yu ya e yo dj gj ye dz i yi j lj nj c kj i u dz" },
	{ 0x0490, "G g" },
	{ 0x1E00,
	  "A a B b B b B b C c D d D d D d D d D d E e E e E e E e E "
	  "e F f G g H h H h H h H h H h I i I i K k K k K k L l L l "
	  "L l L l M m M m M m N n N n N n N n O o O o O o O o P p P "
	  "p R r R r R r R r S s S s S s S s S s T t T t T t T t U u "
	  "U u U u U u U u V v V v W w W w W w W w W w X x X x Y y Z "
	  "z Z z Z z h t w y . . . . SS . A a A a A a A a A a A a A "
	  "a A a A a A a A a A a E e E e E e E e E e E e E e E e I i "
	  "I i O o O o O o O o O o O o O o O o O o O o O o O o U u U "
	  "u U u U u U u U u U u Y y Y y Y y Y y" },
	{ 0x2009, "_" },
	{ 0x2010, "- - - - - -" },
	{ 0x2018, "' ' '" },
	{ 0x201C, "' ' '" },
	{ 0x2026, "..." },
	{ 0x202F, "_" },
	{ 0x2032, "'" },
	{ 0x20AC, "EUR" },
	{ 0x2116, "No" },
	{ 0x2212, "-" },
	{ 0x3000, "_" },
};

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ";

/* Of ASCII what is not plain, and what stands for it. */
static const char odd[] = "&;[]{}<>\"`|\\\t\n\r";
static const char even[] = "+,()()()''//   ";
_Static_assert(sizeof(odd) == sizeof(even), "one has no partner");

/* Marks above and below, joiners, directions: they say nothing alone. */
static bool
is_silent(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0xfe00 && c <= 0xfe0f) ||
	    c == 0xad || c == 0xfeff;
}

/* The nth word, and how long it is; NULL: there are fewer. */
static const char *
word(const char *words, uint32_t n, size_t *len)
{
	for (; n > 0 && words != NULL; n--)
		if ((words = strchr(words, ' ')) != NULL)
			words++;
	if (words != NULL)
		*len = strcspn(words, " ");
	return words;
}

static const char *
find(uint32_t c, size_t *len)
{
	const char *at;
	char *pair;

	if (c >= 0xff01 && c <= 0xff5e)		/* as wide as Chinese ones */
		c -= 0xff01 - '!';
	if (c < 0x80 && c != 0 && (at = strchr(plain, (int)c)) != NULL) {
		*len = 1;
		return at;
	}
	if (c < 0x80 && c != 0 && (pair = strchr(odd, (int)c)) != NULL) {
		*len = 1;
		return &even[pair - odd];
	}
	for (size_t i = NELEM(ranges); i > 0; i--)
		if (c >= ranges[i - 1].first)
			return word(ranges[i - 1].words,
			    c - ranges[i - 1].first, len);
	return NULL;
}

/* Is what comes next a small letter?  Then YU is Yu. */
static bool
small_next(const char *p, size_t left)
{
	uint32_t c = 0;
	size_t n = left == 0 ? 0 : str_character(p, left, &c), len;
	const char *at = n == 0 ? NULL : find(c, &len);

	return at != NULL && *at >= 'a' && *at <= 'z';
}

static void
put(struct out *o, const char *text, size_t n, bool lower)
{
	out_bytes(o, *text == '_' ? " " : text, 1);
	for (size_t i = 1; i < n; i++)
		out_bytes(o, lower && text[i] >= 'A' && text[i] <= 'Z' ?
		    &"abcdefghijklmnopqrstuvwxyz"[text[i] - 'A'] : &text[i], 1);
}

char *
sepatext(struct arena *a, const char *text)
{
	struct out o = { .arena = a };
	size_t left = strlen(text), n, len = 0;
	bool known, before = true;
	const char *at;
	uint32_t c;

	out_text(&o, "");
	for (text += strspn(text, " \t\r\n"), left = strlen(text); left > 0;
	    text += n, left -= n) {
		if ((n = str_character(text, left, &c)) == 0) {
			n = 1;
			c = 0;
		}
		if (is_silent(c))
			continue;
		at = find(c, &len);
		known = at != NULL && (*at != '.' || c == '.' || len > 1);
		if (known)
			put(&o, at, len, small_next(text + n, left - n));
		else if (before)	/* one for several */
			out_text(&o, ".");
		before = known;
	}
	while (o.len > 0 && o.text[o.len - 1] == ' ')
		o.text[--o.len] = '\0';
	return o.text;
}

const char *
sepatext_name(struct arena *a, const char *name)
{
	const char *text = sepatext(a, name);

	for (const char *p = text; *p != '\0'; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9'))
			return text;
	return name;
}
