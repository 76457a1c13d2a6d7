/*
 * decode_jpeg2000.c - make pixels of JPEG 2000 files.
 *
 * libvips' reader, which it marks as untrusted, writes beyond its buffer where a
 * file has a palette.
 */
#include "config.h"

#ifdef HAVE_DCMTK

#include <stdlib.h>

#include "image/decode_internal.h"
#include "scan/jpeg2000.h"

/* Samples from 0 to 2^precision - 1 as RGB; the largest of a colour. */
static unsigned
to_rgb(struct mc_image *image, const int32_t *v, const struct mc_jpeg2000 *h,
    int bits)
{
	size_t n = (size_t)h->width * (size_t)h->height, i;
	int top = (1 << h->precision) - 1, shift = 16 - h->precision, c, at;
	unsigned largest = 0, sample;

	for (i = 0; i < n; i++, v += h->channels) {
		for (c = 0; c < 3; c++) {
			at = h->channels < 3 ? 0 : c;
			sample = (unsigned)(v[at] < 0 ? 0 : v[at] > top ? top :
			    v[at]);
			if (h->precision <= 8) {
				image->rgb[3 * i + (size_t)c] = (unsigned char)
				    ((sample * 510 + (unsigned)top) /
				    (2 * (unsigned)top));
				continue;
			}
			sample <<= shift;
			if (sample > largest)
				largest = sample;
			image->rgb[3 * i + (size_t)c] = mc_level_of_wide(sample,
			    bits);
		}
	}
	return largest;
}

enum mc_status
mc_jp2_decode(struct mc_image *image, struct mc_image_facts *facts,
    const void *bytes, size_t n, int bits, const char *name,
    struct mc_err *err)
{
	struct mc_jpeg2000 h;
	int32_t *numbers = NULL;
	unsigned largest;
	int precision;
	enum mc_status status = mc_jpeg2000_header(&h, bytes, n, name, err);

	if (status == MC_OK && (h.is_signed || h.channels > 4 ||
	    h.precision > 16))
		status = mc_image_not_colours(name, err);
	if (status == MC_OK)
		status = mc_image_check_size(h.width, h.height, name, err);
	if (status == MC_OK)
		status = mc_jpeg2000_decode(&numbers, &precision, bytes, n,
		    (int)h.width, (int)h.height, h.channels, name, err);
	if (status == MC_OK)
		status = mc_image_alloc(image, h.width, h.height, name, err);
	if (status == MC_OK) {
		/* Fewer bits are what the file says that its samples have. */
		bits = h.precision == 16 ? bits : 16;
		largest = to_rgb(image, numbers, &h, bits);
		if (h.precision < 16)
			largest = 65535;
		if (h.precision > 8)
			status = mc_image_note_wide(facts, largest, bits, name,
			    err);
	}
	free(numbers);
	return status;
}

#endif
