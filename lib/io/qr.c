#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <qrencode.h>

#include "io/qr.h"

#define QUIET	4			/* modules of white around it */
#define SCALE	8			/* pixels of a module */

static enum err
encode(struct cx *cx, const char *text, QRcode **code)
{
	*code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	return *code != NULL ? 0 : fail(cx, ERR_INTERNAL, "qr: %zu bytes: %s",
	    strlen(text), strerror(errno));
}

static bool
dark(const QRcode *code, int x, int y)
{
	return (code->data[y * code->width + x] & 1) != 0;
}

/* The dark modules of a row, run after run. */
static void
svg_row(struct out *o, const QRcode *code, int y)
{
	for (int x = 0, n; x < code->width; x += n + 1) {
		for (n = 0; x + n < code->width && dark(code, x + n, y); n++)
			;
		if (n > 0)
			out_printf(o, "M%d %dh%dv1h-%dz", x + QUIET,
			    y + QUIET, n, n);
	}
}

enum err
qr_svg(struct cx *cx, const char *text, struct out *o)
{
	QRcode *code = NULL;
	enum err e = encode(cx, text, &code);
	int side;

	if (e != 0)
		return e;
	side = code->width + 2 * QUIET;
	out_printf(o, "<svg xmlns=\"http://www.w3.org/2000/svg\""
	    " viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
	    " shape-rendering=\"crispEdges\">"
	    "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
	    side, side, side * SCALE, side * SCALE, side, side);
	for (int y = 0; y < code->width; y++)
		svg_row(o, code, y);
	out_text(o, "\"/></svg>\n");
	QRcode_free(code);
	return 0;
}

/* One byte a pixel, white but for the dark modules. */
static unsigned char *
paint(struct cx *cx, const QRcode *code, size_t side)
{
	unsigned char *pixels = arena_alloc(cx->arena, side * side);

	memset(pixels, 0xff, side * side);
	for (size_t y = 0; y < side; y++)
		for (size_t x = 0; x < side; x++) {
			int mx = (int)(x / SCALE) - QUIET;
			int my = (int)(y / SCALE) - QUIET;

			if (mx >= 0 && my >= 0 && mx < code->width &&
			    my < code->width && dark(code, mx, my))
				pixels[y * side + x] = 0;
		}
	return pixels;
}

enum err
qr_png(struct cx *cx, const char *text, struct out *o)
{
	png_image image = { .version = PNG_IMAGE_VERSION,
	    .format = PNG_FORMAT_GRAY };
	unsigned char *pixels, *png;
	QRcode *code = NULL;
	enum err e = encode(cx, text, &code);
	png_alloc_size_t size;

	if (e != 0)
		return e;
	image.width = (png_uint_32)(code->width + 2 * QUIET) * SCALE;
	image.height = image.width;
	pixels = paint(cx, code, image.width);
	QRcode_free(code);
	size = PNG_IMAGE_PNG_SIZE_MAX(image);
	png = arena_alloc(cx->arena, size);
	if (!png_image_write_to_memory(&image, png, &size, 0, pixels, 0, NULL))
		return fail(cx, ERR_INTERNAL, "qr: %s", image.message);
	out_bytes(o, png, size);
	return 0;
}
