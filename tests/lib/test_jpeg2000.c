/* test_jpeg2000.c - JPEG 2000 files of kinds that Pillow cannot write. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <openjpeg.h>

#include "base/mem.h"
#include "image/decode.h"
#include "scan/jpeg2000.h"
#include "tap.h"

#define W 5
#define H 3

/* What a file is made of; the samples are those of sample_at. */
struct made {
	int channels, precision;
	bool is_signed;
	OPJ_COLOR_SPACE space;
	unsigned step;		/* of the last component: 2 is subsampled */
	unsigned last;		/* its precision; 0: that of the others */
};

static int
sample_at(const struct made *m, int i, int c)
{
	int top = (1 << m->precision) - 1;

	return i == 0 ? top : i == 1 ? 0 : (i * 40503 + c * 977) & top;
}

/* OpenJPEG's stream into a buffer. */
static OPJ_SIZE_T
write_some(void *bytes, OPJ_SIZE_T n, void *arg)
{
	struct mc_buf *to = arg;

	mc_buf_add(to, bytes, n);
	return n;
}

static void
encode(struct mc_buf *to, const struct made *m, OPJ_CODEC_FORMAT format)
{
	opj_image_cmptparm_t part[5] = { { 0 } };
	opj_cparameters_t how;
	opj_codec_t *codec = opj_create_compress(format);
	opj_stream_t *stream = opj_stream_default_create(OPJ_FALSE);
	opj_image_t *image;
	int c, i;

	for (c = 0; c < m->channels; c++) {
		part[c].dx = part[c].dy = c == m->channels - 1 ? m->step : 1;
		part[c].w = (W + part[c].dx - 1) / part[c].dx;
		part[c].h = (H + part[c].dy - 1) / part[c].dy;
		part[c].prec = c == m->channels - 1 && m->last != 0 ? m->last :
		    (OPJ_UINT32)m->precision;
		part[c].sgnd = m->is_signed;
	}
	image = opj_image_create((OPJ_UINT32)m->channels, part, m->space);
	image->x1 = W;
	image->y1 = H;
	for (c = 0; c < m->channels; c++) {
		for (i = 0; i < (int)(part[c].w * part[c].h); i++)
			image->comps[c].data[i] = (sample_at(m, i, c) &
			    ((1 << part[c].prec) - 1)) -
			    (m->is_signed ? 1 << (m->precision - 1) : 0);
	}
	opj_set_default_encoder_parameters(&how);
	how.tcp_numlayers = 1;
	how.cp_disto_alloc = 1;
	how.numresolution = 1;
	opj_stream_set_user_data(stream, to, NULL);
	opj_stream_set_write_function(stream, write_some);
	/* A JP2's writer goes back to its boxes; only bare streams are made. */
	TEST(opj_setup_encoder(codec, &how, image) &&
	    opj_start_compress(codec, image, stream) &&
	    opj_encode(codec, stream) && opj_end_compress(codec, stream));
	opj_stream_destroy(stream);
	opj_destroy_codec(codec);
	opj_image_destroy(image);
}

static void
add_number(struct mc_buf *to, uint32_t v, int size)
{
	unsigned char c;

	while (size-- > 0) {
		c = (unsigned char)(v >> (8 * size));
		mc_buf_add(to, &c, 1);
	}
}

/* A box of N bytes begins. */
static void
add_box(struct mc_buf *to, const char *type, size_t n)
{
	add_number(to, (uint32_t)(8 + n), 4);
	mc_buf_add(to, type, 4);
}

/* A JP2 around a CODESTREAM; MORE are boxes of its header behind the colours. */
static void
wrap(struct mc_buf *to, const struct made *m, const struct mc_buf *codestream,
    uint32_t space, const struct mc_buf *more)
{
	to->len = 0;
	add_box(to, "jP  ", 4);
	mc_buf_add(to, "\r\n\x87\n", 4);
	add_box(to, "ftyp", 12);
	mc_buf_add(to, "jp2 \0\0\0\0jp2 ", 12);
	add_box(to, "jp2h", 22 + 15 + more->len);
	add_box(to, "ihdr", 14);
	add_number(to, H, 4);
	add_number(to, W, 4);
	add_number(to, (uint32_t)m->channels, 2);
	add_number(to, (uint32_t)m->precision - 1, 1);
	mc_buf_add(to, "\7\0\0", 3);
	add_box(to, "colr", 7);
	mc_buf_add(to, "\1\0\0", 3);
	add_number(to, space, 4);
	mc_buf_add(to, more->data, more->len);
	add_box(to, "jp2c", codestream->len);
	mc_buf_add(to, codestream->data, codestream->len);
}

/* What the file of *M is to be decoded to. */
static unsigned char
wanted(const struct made *m, int i, int c)
{
	int top = (1 << m->precision) - 1;
	int v = sample_at(m, i, m->channels < 3 ? 0 : c);

	if (m->precision > 8)
		return (unsigned char)(v >> (m->precision - 8));
	return (unsigned char)((2 * v * 255 + top) / (2 * top));
}

static void
is_decoded(const struct mc_buf *file, const struct made *m, const char *what)
{
	struct mc_image image;
	struct mc_err err = { MC_OK, "" };
	int i, c, wrong = 0;

	tap_int(mc_image_decode(&image, file->data, file->len, "x", &err),
	    MC_OK, "%s: %d bits: %s", what, m->precision, err.text);
	tap_ok(image.width == W && image.height == H, "its size");
	for (i = 0; i < W * H && image.rgb != NULL; i++) {
		for (c = 0; c < 3; c++)
			wrong += image.rgb[3 * i + c] != wanted(m, i, c);
	}
	tap_int(wrong, 0, "its pixels");
	mc_image_free(&image);
}

static void
is_refused(const struct mc_buf *file, const char *text, const char *what)
{
	struct mc_image image;
	struct mc_err err = { MC_OK, "" };

	tap_int(mc_image_decode(&image, file->data, file->len, "x", &err),
	    MC_EDATA, "%s: refused", what);
	tap_str(err.text, text, "its message");
	TEST(image.rgb == NULL);
}

#define NOT_COLOURS "x: its samples are not 8 or 16 bits of grey, RGB or " \
	"CMYK; convert it"

static void
test_samples(void)
{
	struct mc_buf file = { 0 }, jp2 = { 0 }, none = { 0 };
	struct made m = { .step = 1 };

	for (m.channels = 1; m.channels <= 4; m.channels++) {
		for (m.precision = 1; m.precision <= 16; m.precision++) {
			file.len = 0;
			encode(&file, &m, OPJ_CODEC_J2K);
			is_decoded(&file, &m, "a codestream");
			wrap(&jp2, &m, &file, m.channels < 3 ? 17 : 16, &none);
			is_decoded(&jp2, &m, "a JP2");
		}
	}
	m = (struct made){ .channels = 5, .precision = 8, .step = 1 };
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	is_refused(&file, NOT_COLOURS, "five components");
	m = (struct made){ 3, 8, true, OPJ_CLRSPC_SRGB, 1, 0 };
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	is_refused(&file, NOT_COLOURS, "signed samples");
	m = (struct made){ 3, 8, false, OPJ_CLRSPC_SRGB, 2, 0 };
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	is_refused(&file, "x: its JPEG 2000 is not of 5 x 3 pixels and 3 "
	    "samples each", "a subsampled component");
	m = (struct made){ 3, 8, false, OPJ_CLRSPC_SRGB, 1, 4 };
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	is_refused(&file, "x: its JPEG 2000 is not of 5 x 3 pixels and 3 "
	    "samples each", "a component of 4 bits beside two of 8");
	m = (struct made){ 1, 17, false, OPJ_CLRSPC_GRAY, 1, 0 };
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	is_refused(&file, NOT_COLOURS, "17 bits");
	mc_buf_free(&file);
	mc_buf_free(&jp2);
}

/* Colours that are no RGB; a palette, with which libvips' reader goes astray. */
static void
test_colours(void)
{
	struct made m = { .channels = 3, .precision = 8, .step = 1 };
	/* The numbers of colour spaces in ISO 15444-2, table M.25. */
	static const uint32_t space[3] = { 18, 24, 12 };
	static const char *const name[3] = { "YCC", "e-sYCC", "CMYK" };
	struct mc_buf file = { 0 }, jp2 = { 0 }, more = { 0 };
	uint32_t i;

	encode(&file, &m, OPJ_CODEC_J2K);
	for (i = 0; i < 3; i++) {
		wrap(&jp2, &m, &file, space[i], &more);
		is_refused(&jp2, "x: JPEG 2000 of colours that are neither "
		    "grey nor RGB: convert it to PNG", name[i]);
	}

	m.channels = 1;
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	add_box(&more, "pclr", 6 + 3 * 256);
	add_number(&more, 256, 2);
	mc_buf_add(&more, "\3\7\7\7", 4);
	for (i = 0; i < 3 * 256; i++)
		add_number(&more, i * 7, 1);
	add_box(&more, "cmap", 12);
	mc_buf_add(&more, "\0\0\1\0\0\0\1\1\0\0\1\2", 12);
	wrap(&jp2, &m, &file, 16, &more);
	is_refused(&jp2, "x: JPEG 2000 with a palette, or damaged: convert it "
	    "to PNG", "a palette");
	mc_buf_free(&file);
	mc_buf_free(&jp2);
	mc_buf_free(&more);
}

/* How many bits are used is the user's word where 16 are there, else the file's. */
static void
test_bits(void)
{
	struct made m = { .channels = 1, .precision = 16, .step = 1 };
	struct mc_image_facts facts;
	struct mc_buf file = { 0 };
	struct mc_image image;
	struct mc_err err;

	encode(&file, &m, OPJ_CODEC_J2K);
	TEST(mc_image_decode_bits(&image, &facts, file.data, file.len, 12, "x",
	    &err) == MC_EDATA);
	tap_str(err.text, "x: a sample of 65535 does not fit the 12 bits that "
	    "the images are said to hold", "bits of 16-bit samples");
	m.precision = 12;
	file.len = 0;
	encode(&file, &m, OPJ_CODEC_J2K);
	TEST(mc_image_decode_bits(&image, &facts, file.data, file.len, 10, "x",
	    &err) == MC_OK);
	TEST(facts.wide && facts.used == 16 && facts.pages == 1);
	TEST(image.rgb[0] == 255 && image.rgb[3] == 0);
	mc_image_free(&image);
	mc_buf_free(&file);
}

static void
test_damage(void)
{
	struct made m = { .channels = 3, .precision = 8, .step = 1 };
	struct mc_buf file = { 0 };
	struct mc_image image;
	struct mc_err err;
	size_t n, read = 0;
	char *part;

	encode(&file, &m, OPJ_CODEC_J2K);
	for (n = 0; n + 2 < file.len; n++) {	/* up to the end's marker */
		part = mc_xmalloc(n);
		memcpy(part, file.data, n);
		read += mc_image_decode(&image, part, n, "x", &err) == MC_OK;
		mc_image_free(&image);
		free(part);
	}
	tap_int((long long)read, 0, "cut files are refused");
	memcpy(file.data + 8, "\0\1\0\0\0\1\0\0", 8);	/* 65536 x 65536 */
	TEST(mc_image_decode(&image, file.data, file.len, "x", &err) ==
	    MC_EDATA);
	mc_buf_free(&file);
}

int
main(void)
{
	struct mc_err err;

	if (mc_image_init(&err) != MC_OK)
		return 1;
	test_samples();
	test_colours();
	test_bits();
	test_damage();
	mc_image_shutdown();
	return tap_done();
}
