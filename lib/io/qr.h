/*
 * qr.h - a text as a QR code (ISO/IEC 18004), byte mode, error correction M.
 * The only file that knows libqrencode and libpng.
 *
 * The picture is black on white in light and dark pages alike: many scanners
 * refuse anything else.  Around it is the quiet zone of four modules.
 */
#ifndef QR_H
#define QR_H

#include "base/cx.h"
#include "base/out.h"

/* An SVG of one module per unit. */
MUST_USE enum err qr_svg(struct cx *, const char *text, struct out *);

/* A PNG of eight pixels per module. */
MUST_USE enum err qr_png(struct cx *, const char *text, struct out *);

#endif
