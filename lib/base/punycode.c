#include <string.h>

#include "base/out.h"
#include "base/punycode.h"
#include "base/str.h"

/* RFC 3492, section 5. */
#define BASE		36
#define TMIN		1
#define TMAX		26
#define SKEW		38
#define DAMP		700
#define BIAS		72
#define FIRST		0x80

#define LABEL_MAX	63

struct label {
	uint32_t	point[LABEL_MAX];
	size_t		n;
};

static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	for (delta += delta / points; delta > (BASE - TMIN) * TMAX / 2;
	    k += BASE)
		delta /= BASE - TMIN;
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

/* A number in digits whose last one is known by its size. */
static void
put_number(struct out *o, uint32_t q, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint32_t t;

	for (uint32_t k = BASE;; k += BASE) {
		t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
		if (q < t)
			break;
		out_bytes(o, &digits[t + (q - t) % (BASE - t)], 1);
		q = (q - t) / (BASE - t);
	}
	out_bytes(o, &digits[q], 1);
}

static void
encode(struct out *o, const struct label *l)
{
	uint32_t n = FIRST, delta = 0, bias = BIAS, m, done = 0, basic;

	out_text(o, "xn--");
	for (size_t i = 0; i < l->n; i++)
		if (l->point[i] < FIRST) {
			out_bytes(o, &(char){ (char)l->point[i] }, 1);
			done++;
		}
	basic = done;
	if (basic > 0)
		out_text(o, "-");
	while (done < l->n) {
		m = UINT32_MAX;
		for (size_t i = 0; i < l->n; i++)
			if (l->point[i] >= n && l->point[i] < m)
				m = l->point[i];
		delta += (m - n) * (done + 1);
		n = m;
		for (size_t i = 0; i < l->n; i++) {
			delta += l->point[i] < n;
			if (l->point[i] != n)
				continue;
			put_number(o, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
}

/* The small letter of Latin-1, Greek and Cyrillic capitals, and of ASCII. */
static uint32_t
lower(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if (c >= 0x100 && c <= 0x137)
		return c | 1;
	return c;
}

/* Puts one label of n bytes; false: it cannot be. */
static bool
put_label(struct out *o, const char *p, size_t n)
{
	struct label l = { .n = 0 };
	size_t start = o->len, len;
	bool ascii = true;

	for (; n > 0; p += len, n -= len) {
		if (l.n == LABEL_MAX ||
		    (len = str_character(p, n, &l.point[l.n])) == 0)
			return false;
		ascii = ascii && l.point[l.n] < FIRST;
		l.point[l.n] = lower(l.point[l.n]);
		l.n++;
	}
	if (ascii)
		for (size_t i = 0; i < l.n; i++)
			out_bytes(o, &(char){ (char)l.point[i] }, 1);
	else
		encode(o, &l);
	return o->len - start <= LABEL_MAX;
}

char *
punycode_host(struct arena *a, const char *host)
{
	struct out o = { .arena = a };
	size_t n;

	out_text(&o, "");
	for (;; host += n + 1) {
		n = strcspn(host, ".");
		if (!put_label(&o, host, n))
			return NULL;
		if (host[n] == '\0')
			return o.text;
		out_text(&o, ".");
	}
}
