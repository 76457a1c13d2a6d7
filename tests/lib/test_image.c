/* test_image.c - lib/image: what it refuses, and its edges. */
#include "config.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

#include "base/kind.h"
#include "base/mem.h"
#include "image/augment.h"
#include "image/container.h"
#include "image/decode.h"
#include "image/encode.h"
#include "image/preprocess.h"
#include "image/resize.h"
#include "tap.h"

/* Pixels that differ from their neighbours; free with mc_image_free. */
static struct mc_image
pattern(int width, int height)
{
	struct mc_image image = { width, height, NULL };
	size_t n = (size_t)width * (size_t)height * 3, i;

	image.rgb = mc_xmalloc(n);
	for (i = 0; i < n; i++)
		image.rgb[i] = (unsigned char)(i * 2654435761u >> 7);
	return image;
}

/* The signatures are those of each format's specification. */
static void
test_kind(void)
{
	static const struct {
		const char *bytes, *name, *kind, *extension;
	} cases[] = {
		{ "\xff\xd8\xff\xe0........", NULL, "JPEG", "jpg" },
		{ "\x89PNG\r\n\x1a\n....", NULL, "PNG", "png" },
		{ "II*\0........", NULL, "TIFF", "tif" },
		{ "MM\0*........", NULL, "TIFF", "tif" },
		{ "II+\0........", NULL, "TIFF", "tif" },
		{ "MM\0+........", NULL, "TIFF", "tif" },
		{ "RIFF....WEBP", NULL, "WebP", "webp" },
		{ "RIFF....WAVE", "x.webp", "none", "none" },
		{ "GIF89a......", NULL, "GIF", "gif" },
		{ "BM....\0\0\0\0..", NULL, "BMP", "bmp" },
		{ "BMI of 30...", NULL, "none", "none" },
		{ "P5\n12 7\n255\n", NULL, "PNM", "pnm" },
		{ "P7\nWIDTH 3\nH", NULL, "PNM", "pnm" },
		{ "P7 332\n#XVVE", NULL, "none", "none" },
		{ "....ftypheic", NULL, "HEIF or AVIF", "none" },
		{ "P5 is a page", NULL, "none", "none" },
#ifdef HAVE_DCMTK
		{ "\0\0\0\x0cjP  \r\n\x87\n", NULL, "JPEG 2000", "jp2" },
#else
		{ "\0\0\0\x0cjP  \r\n\x87\n", NULL, "JPEG 2000", "none" },
#endif
		{ "....n+2\0....", NULL, "NIfTI", "none" },
		{ "\x1f\x8b..........", "x.NII.gz", "NIfTI", "none" },
		{ "\x1f\x8b..........", "x.gz", "gzip", "none" },
		{ "\x08\0\x05\0........", "old.dcm", "DICOM", "none" },
		{ "\x08\0\x05\0........", NULL, "none", "none" },
		{ " \n<!DOCTYPE HTML>", "x.dcm", "an HTML page", "none" },
		{ "version https://git-lfs.github.com", "x.png",
		    "a Git LFS pointer", "none" },
	};
	const struct mc_kind *kind;
	char dicom[132] = "II*";
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = strlen(cases[i].bytes);
		kind = mc_kind_of(cases[i].bytes, n < 12 ? 12 : n,
		    cases[i].name);
		tap_str(kind != NULL ? kind->name : "none", cases[i].kind,
		    "the kind of case %zu", i);
		tap_str(kind != NULL && kind->extension != NULL ?
		    kind->extension : "none", cases[i].extension,
		    "its extension");
		tap_ok(kind == NULL || kind->extension != NULL ||
		    kind->advice != NULL, "and what to do about it");
	}
	TEST(mc_kind_of("", 0, "x.dcm") == NULL);
	TEST(mc_kind_of("\xff\xd8", 2, NULL) == NULL);
	TEST(mc_kind_of("RIFF....WEB", 11, NULL) == NULL);
	memcpy(dicom + 128, "DICM", 4);
	tap_str(mc_kind_of(dicom, 132, NULL)->name, "DICOM",
	    "DICOM that begins as a TIFF");
	tap_str(mc_kind_of(dicom, 131, NULL)->name, "TIFF", "one byte less");
	TEST(strcmp(mc_kind_extension("a.b.NII.GZ"), ".NII.GZ") == 0);
	TEST(strcmp(mc_kind_extension("a.JPEG"), ".JPEG") == 0);
	TEST(mc_kind_extension(".jpg") == NULL);
	TEST(mc_kind_extension("1.2.840") == NULL);
}

/*
 * Whether BYTES are refused with exactly TEXT, and the image left empty.  Where
 * TEXT ends in a space, libvips' own words follow, which differ by version.
 */
static void
refused(const void *bytes, size_t n, const char *text, const char *what)
{
	struct mc_image image = { 1, 1, NULL };
	struct mc_err err = { MC_OK, "" };
	char *copy = mc_xmalloc(n);	/* so that reading beyond it shows */
	enum mc_status status;

	memcpy(copy, bytes, n);
	status = mc_image_decode(&image, copy, n, "x", &err);
	tap_int(status, MC_EDATA, "%s: refused", what);
	if (*text != '\0' && text[strlen(text) - 1] == ' ')
		err.text[strnlen(err.text, strlen(text))] = '\0';
	tap_str(err.text, text, "%s: message", what);
	tap_ok(image.rgb == NULL && image.width == 0 && image.height == 0,
	    "%s: no pixels", what);
	free(copy);
	mc_image_free(&image);
}

/* A chunk of a PNG, with its check sum. */
static void
add_chunk(struct mc_buf *png, const char *type, const char *data, size_t n)
{
	unsigned char number[4];
	uint32_t crc = 0xffffffff;
	size_t i;
	int bit;

	for (i = 0; i < 4; i++)
		number[i] = (unsigned char)(n >> (24 - 8 * i));
	mc_buf_add(png, number, 4);
	mc_buf_add(png, type, 4);
	mc_buf_add(png, data, n);
	for (i = png->len - n - 4; i < png->len; i++) {
		crc ^= (unsigned char)png->data[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
	}
	for (i = 0; i < 4; i++)
		number[i] = (unsigned char)(~crc >> (24 - 8 * i));
	mc_buf_add(png, number, 4);
}

/* 13377 x 13377 pixels are within the limit: what is wrong is their absence. */
static void
not_for_size(const char *bytes, size_t n)
{
	struct mc_image image;
	struct mc_err err;

	TEST(mc_image_decode(&image, bytes, n, "x", &err) == MC_EDATA);
	tap_ok(strstr(err.text, "pixels") == NULL, "within the limit: %s",
	    err.text);
}

/*
 * Of each chunk that is critical the check sum counts, whatever libpng makes of
 * it; of others it does not.
 */
static void
test_check_sums(void)
{
	static const struct {
		const char *type;
		bool critical;
	} cases[] = {
		{ "IHDR", true }, { "tEXt", false }, { "IDAT", true },
		{ "IEND", true }
	};
	struct mc_image image;
	struct mc_buf png = { 0 };
	struct mc_err err;
	enum mc_status status;
	size_t i, at;

	mc_buf_add(&png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(&png, "IHDR", "\0\0\0\1\0\0\0\1\x8\0\0\0\0", 13);
	add_chunk(&png, "tEXt", "a\0b", 3);
	add_chunk(&png, "IDAT", "\x78\x9c\x63\x60\0\0\0\2\0\1", 10);
	add_chunk(&png, "IEND", "", 0);
	TEST(mc_image_decode(&image, png.data, png.len, "x", &err) == MC_OK);
	mc_image_free(&image);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		at = 8;
		while (memcmp(png.data + at + 4, cases[i].type, 4) != 0)
			at += 12 + (unsigned char)png.data[at + 3];
		at += 11 + (unsigned char)png.data[at + 3];
		png.data[at] ^= 1;
		status = mc_image_decode(&image, png.data, png.len, "x", &err);
		tap_int(status, cases[i].critical ? MC_EDATA : MC_OK,
		    "a wrong check sum of %s", cases[i].type);
		if (cases[i].critical)
			tap_str(err.text, "x: truncated or damaged PNG",
			    "is said");
		mc_image_free(&image);
		png.data[at] ^= 1;
	}
	mc_buf_free(&png);
}

static void
test_refusals(void)
{
	struct mc_buf png = { 0 };

	refused("", 0, "x: empty, not an image", "nothing");
	refused("hello", 5, "x: not an image of a known kind (JPEG, "
	    "PNG and others)", "text");
	refused("....ftypheic", 12, "x: HEIF or AVIF, which mctools does not "
	    "read: convert it to PNG (ImageMagick: mogrify -format png)",
	    "HEIF");
	refused("GIF89a......", 12, "x: truncated or damaged GIF",
	    "a GIF's magic");
	refused("\xff\xd8\xff", 3, "x: damaged or unusual JPEG, cannot be "
	    "decoded: ", "a JPEG's magic");
	refused("II*\0\xff\xff\xff\xff", 8, "x: truncated or damaged TIFF",
	    "a TIFF without directory");
	refused("RIFF\4\0\0\0WEBP", 12, "x: damaged or unusual WebP, cannot "
	    "be decoded: ", "a WebP's magic");

	/* 20000 x 20000 pixels of one bit, and nothing to fill them. */
	mc_buf_add(&png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(&png, "IHDR", "\0\0\x4e\x20\0\0\x4e\x20\1\0\0\0\0", 13);
	add_chunk(&png, "IDAT", "", 0);
	add_chunk(&png, "IEND", "", 0);
	refused(png.data, png.len, "x: 20000 x 20000 pixels, more than the "
	    "limit of 178956970: reduce it, or raise the limit (--max-pixels)", "a bomb");
	png.len = 0;
	mc_buf_add(&png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(&png, "IHDR", "\0\0\x34\x42\0\0\x34\x42\1\0\0\0\0", 13);
	add_chunk(&png, "IDAT", "", 0);
	add_chunk(&png, "IEND", "", 0);
	refused(png.data, png.len, "x: 13378 x 13378 pixels, more than the "
	    "limit of 178956970: reduce it, or raise the limit (--max-pixels)", "just too many pixels");
	png.len = 0;
	mc_buf_add(&png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(&png, "IHDR", "\0\0\x34\x41\0\0\x34\x41\1\0\0\0\0", 13);
	add_chunk(&png, "IDAT", "", 0);
	add_chunk(&png, "IEND", "", 0);
	not_for_size(png.data, png.len);
	mc_buf_free(&png);
}

#define PNM "x: damaged or unusual PNM, cannot be decoded: "
#define BMP "x: damaged or unusual BMP, cannot be decoded: "
#define BYTES(text) text, sizeof(text) - 1

/* What Pillow has no word for: facts, and what is refused. */
static void
test_pnm(void)
{
	static const char fewer[] = "P5 2 1 4095\n\xf\xff\1\0";
	static const char all[] = "P5 2 1 65535\n\xf\xff\1\0P5 1 1 255\n.";
	struct mc_image_facts facts;
	struct mc_image image;
	struct mc_err err;

	TEST(mc_image_decode_bits(&image, &facts, BYTES(fewer), 10, "x", &err)
	    == MC_OK);
	TEST(facts.wide && facts.used == 16 && facts.pages == 1);
	TEST(image.rgb[0] == 255 && image.rgb[3] == 16);
	mc_image_free(&image);
	TEST(mc_image_decode_bits(&image, &facts, BYTES(all), MC_BITS_AUTO,
	    "x", &err) == MC_OK);
	TEST(facts.wide && facts.used == 12 && facts.pages == 2);
	TEST(image.rgb[0] == 255 && image.rgb[3] == 16);
	mc_image_free(&image);
	TEST(mc_image_decode_bits(&image, &facts, BYTES(all), 11, "x", &err) ==
	    MC_EDATA);
	refused(BYTES("P2 1 1 7\n8\n"), PNM "it ends too early, or a sample "
	    "is not a number up to maxval", "a sample above maxval");
	refused(BYTES("P1 2 1\n2 1"), PNM "it ends too early, or a sample is "
	    "not a number up to maxval", "a bit of 2");
	refused(BYTES("P5 2 1 255\n."), PNM "it ends too early", "cut");
	refused(BYTES("P4 9 1\n."), PNM "it ends too early", "cut bits");
	refused(BYTES("P5 1 1 255.."), PNM "its header is not one of grey or "
	    "RGB pixels", "no white space behind maxval");
	refused(BYTES("P5 1 1 65536\n.."), PNM "its header is not one of grey "
	    "or RGB pixels", "a large maxval");
	refused(BYTES("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\n"
	    "TUPLTYPE CMYK\nENDHDR\n...."), PNM "its header is not one of "
	    "grey or RGB pixels", "CMYK");
}

/* A BMP of 1 x 1 pixels with a header of 40 bytes, of 80 bytes in all. */
static size_t
make_bmp(char bmp[80], int bits, int compression)
{
	memset(bmp, 0, 80);
	memcpy(bmp, "BM", 2);
	bmp[14] = 40;
	bmp[18] = bmp[22] = bmp[26] = 1;
	bmp[28] = (char)bits;
	bmp[30] = (char)compression;
	return 80;
}

static void
test_bmp(void)
{
	struct mc_image image;
	struct mc_err err;
	char bmp[80];
	size_t n = make_bmp(bmp, 32, 6);

	/* Four masks behind the header, and no offset: red is the lowest byte. */
	memcpy(bmp + 54, "\xff\0\0\0\0\xff\0\0\0\0\xff\0", 12);
	memcpy(bmp + 70, "\1\2\3", 3);
	TEST(mc_image_decode(&image, bmp, n, "x", &err) == MC_OK);
	TEST(memcmp(image.rgb, "\1\2\3", 3) == 0);
	mc_image_free(&image);

	/* A palette that is said to have more colours than bits can name. */
	n = make_bmp(bmp, 1, 0);
	bmp[46] = 3;
	memcpy(bmp + 54, "\1\2\3\0\4\5\6\0\x80", 9);
	TEST(mc_image_decode(&image, bmp, n, "x", &err) == MC_OK);
	TEST(memcmp(image.rgb, "\6\5\4", 3) == 0);
	mc_image_free(&image);

	n = make_bmp(bmp, 24, 0);
	refused(bmp, 56, BMP "it ends too early", "cut");
	refused(bmp, 54, BMP "it ends before its pixels", "no pixels");
	refused(bmp, 40, BMP "it ends within its header", "half a header");
	bmp[10] = 20;
	refused(bmp, n, BMP "its pixels begin within its header", "an offset");
	make_bmp(bmp, 2, 0);
	refused(bmp, n, BMP "its pixels have an unknown size", "2 bits");
	make_bmp(bmp, 24, 1);
	refused(bmp, n, BMP "its compression is not for such pixels", "RLE");
	make_bmp(bmp, 24, 4);
	refused(bmp, n, BMP "compressed in a way that is not read (JPEG, PNG, "
	    "Huffman): convert it to PNG", "a JPEG within");
	bmp[14] = 41;
	refused(bmp, n, BMP "its header has an unknown size", "41 bytes");
	make_bmp(bmp, 24, 0);
	bmp[18] = 0;
	refused(bmp, n, BMP "it has no pixels", "no width");
	refused(BYTES("GIF89a\1\0\1\0\0\0\0;"), "x: truncated or damaged "
	    "GIF", "a GIF without a frame");
}

/* A transparent colour that the palette, of two, does not have is black. */
static void
test_gif(void)
{
	static const char bytes[] = "GIF89a\4\0\4\0\x80\0\0" "abcdef"
	    "!\xf9\4\1\0\0\2\0" ",\1\0\2\0\1\0\1\0\0" "\2\1.\0;...";
	struct mc_gif gif;

	TEST(mc_gif_whole((const unsigned char *)bytes, sizeof(bytes) - 1,
	    &gif));
	TEST(gif.frames == 1 && gif.left == 1 && gif.top == 2 &&
	    gif.width == 1 && gif.height == 1);
	TEST(gif.transparent == 22 && memcmp(gif.fill, "\0\0\0", 3) == 0);
}

static void
test_png(void)
{
	struct mc_image image = pattern(9, 4), again;
	struct mc_err err = { MC_OK, "" };
	unsigned char *png, *other;
	size_t n, m, cut, missed = 0;
	char *part;

	TEST(mc_image_encode_png(&image, &png, &n, &err) == MC_OK);
	TEST(mc_image_encode_png(&image, &other, &m, &err) == MC_OK);
	TEST(n == m && memcmp(png, other, n) == 0);
	TEST(memcmp(png + 12, "IHDR", 4) == 0);
	TEST(memcmp(png + n - 8, "IEND", 4) == 0);
	TEST(mc_image_decode(&again, png, n, "x", &err) == MC_OK);
	TEST(again.width == 9 && again.height == 4);
	TEST(memcmp(again.rgb, image.rgb, 9 * 4 * 3) == 0);
	mc_image_free(&again);
	for (cut = 0; cut < n; cut++) {
		part = mc_xmalloc(cut);
		memcpy(part, png, cut);
		missed += mc_image_decode(&again, part, cut, "x", &err) !=
		    MC_EDATA;
		free(part);
	}
	tap_int((long long)missed, 0, "every truncation is refused");
	png[n - 14] ^= 1;	/* the check sum of IDAT */
	refused(png, n, "x: truncated or damaged PNG", "a bad check sum");
	mc_image_free(&image);
	free(png);
	free(other);
}

static bool
png_whole(const unsigned char *bytes, size_t n)
{
	struct mc_png png;

	return mc_png_whole(bytes, n, &png);
}

static bool
tiff_whole(const char *bytes, size_t n, int *orientation)
{
	return mc_tiff_whole((const unsigned char *)bytes, n, orientation);
}

static void
test_container(void)
{
	static const char endless[] = "\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT";
	static const char little[] = "II*\0\10\0\0\0\1\0"
	    "\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0";
	static const char big[] = "MM\0+\0\10\0\0\0\0\0\0\0\0\0\20"
	    "\0\0\0\0\0\0\0\1" "\1\x12\0\3\0\0\0\0\0\0\0\1\0\3\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0";
	static const char distant[] = "II*\0\10\0\0\0\1\0"
	    "\16\1\2\0\5\0\0\0\x20\0\0\0\0\0\0";
	int orientation;

	TEST(!png_whole((const unsigned char *)endless,
	    sizeof(endless) - 1));
	TEST(tiff_whole(little, sizeof(little), &orientation));
	tap_int(orientation, 6, "the orientation of a little-endian TIFF");
	TEST(!tiff_whole(little, sizeof(little) - 7, &orientation));
	TEST(tiff_whole(big, sizeof(big), &orientation));
	TEST(!tiff_whole(big, sizeof(big) - 1, &orientation));
	tap_int(orientation, 3, "the orientation of a big-endian BigTIFF");
	TEST(!tiff_whole(distant, sizeof(distant), &orientation));
	tap_int(orientation, 1, "the orientation of a TIFF without one");
}

/* What becomes of a small image, row by row, one number a pixel. */
static void
crop_is(int width, int height, int size, int crop, const char *wanted)
{
	struct mc_image image = pattern(width, height);
	unsigned char *rgb = mc_xcalloc((size_t)(crop * crop), 3);
	struct mc_buf found = { 0 };
	int x, y, i;

	/* Pixel (x, y) is of the colour 10 y + x + 1. */
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			memset(image.rgb + (y * width + x) * 3, 10 * y + x + 1,
			    3);
	mc_resize_crop(&image, size, crop, MC_BILINEAR, rgb);
	for (i = 0; i < crop * crop; i++)
		mc_buf_printf(&found, "%s%d", i > 0 ? " " : "", rgb[3 * i]);
	tap_str(found.data, wanted, "%d x %d, resized to %d, cropped to %d",
	    width, height, size, crop);
	mc_buf_free(&found);
	mc_image_free(&image);
	free(rgb);
}

/* What torchvision's CenterCrop gives; the image keeps its size. */
static void
test_crop(void)
{
	crop_is(2, 2, 2, 2, "1 2 11 12");
	crop_is(3, 2, 2, 2, "1 2 11 12");	/* 0.5 to 0 */
	crop_is(5, 2, 2, 2, "3 4 13 14");	/* 1.5 to 2 */
	crop_is(2, 5, 2, 2, "21 22 31 32");
	crop_is(3, 3, 3, 1, "12");
	crop_is(2, 2, 2, 3, "1 2 0 11 12 0 0 0 0");
	crop_is(1, 1, 1, 3, "0 0 0 0 1 0 0 0 0");
	crop_is(1, 1, 2, 2, "1 1 1 1");
	crop_is(4, 1, 1, 2, "2 3 0 0");
	/* (w, h) = (2, 2) to 1: the mean, 6.5, rounds up in each pass. */
	crop_is(2, 2, 1, 1, "7");
}

static void
test_extremes(void)
{
	static const int sides[][2] = {
		{ 1, 1 }, { 1, 5000 }, { 5000, 1 }, { 3, 2 }, { 700, 501 }
	};
	static const int sizes[] = { 1, 2, 224, 1000 };
	unsigned char *rgb = mc_xmalloc(300 * 300 * 3);
	struct mc_image image;
	size_t i, j, k, wrong = 0;

	for (i = 0; i < 5; i++) {
		image = pattern(sides[i][0], sides[i][1]);
		memset(image.rgb, 200,
		    (size_t)image.width * (size_t)image.height * 3);
		for (j = 0; j < 4; j++) {
			mc_resize_crop(&image, sizes[j], 300, MC_BILINEAR, rgb);
			mc_resize_crop(&image, sizes[j], 1, MC_BICUBIC, rgb);
			for (k = 0; k < 3; k++)
				wrong += rgb[k] != 200;
		}
		mc_image_free(&image);
	}
	tap_int((long long)wrong, 0, "one colour stays that colour");
	free(rgb);
}

static void
parse_fails(const char *text, const char *message)
{
	struct mc_preprocess pre = { 0 };
	struct mc_err err = { MC_OK, "" };
	char *wanted = mc_xasprintf("preprocessing \"%s\": %s", text, message);

	tap_int(mc_preprocess_parse(&pre, text, &err), MC_EDATA, "\"%s\"",
	    text);
	tap_str(err.text, wanted, "the message for \"%s\"", text);
	tap_int(pre.resize, 0, "\"%s\" changes nothing", text);
	free(wanted);
}

static void
test_preprocess_text(void)
{
	static const char imagenet[] = "resize=256 crop=224 filter=bilinear "
	    "mean=0.485,0.456,0.406 std=0.229,0.224,0.225";
	struct mc_preprocess pre = { 0 };
	struct mc_err err = { MC_OK, "" };
	struct mc_buf text = { 0 };

	mc_preprocess_format(&mc_preprocess_imagenet, &text);
	tap_str(text.data, imagenet, "the text of the default");
	TEST(mc_preprocess_parse(&pre, imagenet, &err) == MC_OK);
	TEST(memcmp(&pre, &mc_preprocess_imagenet, sizeof(pre)) == 0);
	TEST(mc_preprocess_parse(&pre, "std=1,1,2 mean=0,-1,0 crop=518 "
	    "filter=bicubic resize=520", &err) == MC_OK);
	TEST(pre.resize == 520 && pre.crop == 518);
	TEST(pre.filter == MC_BICUBIC && pre.mean[1] == -1 && pre.std[2] == 2);
	mc_buf_free(&text);

	parse_fails("", "\"\" is unexpected");
	parse_fails("resize=256", "no \"crop=\"");
	parse_fails("resize=0", "0 is not between 1 and 16384");
	parse_fails("crop=224 crop=224", "\"crop\" is unexpected");
	parse_fails("size=3", "\"size\" is unexpected");
	parse_fails("filter=lanczos",
	    "\"lanczos\" is neither bilinear nor bicubic");
	parse_fails("mean=1,2", "\"1,2\" is not three numbers A,B,C");
	parse_fails("mean=1,2,x", "\"x\" is not a number");
}

/* The extremes of ToTensor and Normalize, as PyTorch prints them. */
static void
test_preprocess_values(void)
{
	static const double wanted[2][3] = {
		{ -2.1179039478302, -2.0357141494751, -1.8044444322586 },
		{ 2.2489082813263, 2.4285714626312, 2.6400001049042 }
	};
	struct mc_preprocess pre = mc_preprocess_imagenet;
	struct mc_image image = pattern(2, 1);
	float out[3 * 2 * 2];
	int c;

	memcpy(image.rgb, "\0\0\0\377\377\377", 6);
	pre.resize = 1;
	pre.crop = 2;
	TEST(mc_preprocess_size(&pre) == 12);
	mc_preprocess_image(&pre, &image, out);
	for (c = 0; c < 3; c++) {
		tap_near(out[4 * c], wanted[0][c], 1e-12, "black, %d", c);
		tap_near(out[4 * c + 1], wanted[1][c], 1e-12, "white, %d", c);
	}
	mc_image_free(&image);
}

struct job {
	const unsigned char *png;
	size_t n;
	const struct mc_image *wanted;
	int wrong;
};

static void *
decode_often(void *arg)
{
	struct job *job = arg;
	struct mc_image image;
	struct mc_err err;
	int i;

	for (i = 0; i < 50; i++) {
		if (mc_image_decode(&image, job->png, job->n, "x",
		    &err) != MC_OK || memcmp(image.rgb, job->wanted->rgb,
		    (size_t)image.width * (size_t)image.height * 3) != 0)
			job->wrong++;
		mc_image_free(&image);
		if (mc_image_decode(&image, job->png, job->n / 2, "x",
		    &err) != MC_EDATA)
			job->wrong++;
	}
	return NULL;
}

static void
test_threads(void)
{
	struct mc_image image = pattern(120, 90);
	struct mc_err err = { MC_OK, "" };
	unsigned char *png;
	size_t n;
	struct job jobs[4];
	pthread_t threads[4];
	int i, wrong = 0;

	if (!TEST(mc_image_encode_png(&image, &png, &n, &err) == MC_OK))
		return;
	for (i = 0; i < 4; i++) {
		jobs[i] = (struct job){ png, n, &image, 0 };
		wrong += pthread_create(&threads[i], NULL, decode_often,
		    &jobs[i]) != 0;
	}
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		wrong += jobs[i].wrong;
	}
	tap_int(wrong, 0, "four threads decode what one encoded");
	free(png);
	mc_image_free(&image);
}

/* libvips itself must refuse its loaders of formats that nobody vouches for. */
static void
test_untrusted(void)
{
	static const char text[] = "1,2\n3,4\n";
	FILE *f = fopen("x.csv", "w");
	VipsImage *in;

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
	in = vips_image_new_from_file("x.csv", NULL);
	/* Since libvips 8.16 a blocked loader is as good as absent. */
	tap_ok(in == NULL && (strstr(vips_error_buffer(), "blocked") != NULL ||
	    strstr(vips_error_buffer(), "not a known file format") != NULL),
	    "untrusted loaders are blocked: %s", vips_error_buffer());
	vips_error_clear();
	VIPS_UNREF(in);
}

/* libvips' modules, such as ImageMagick's, take most of the time of a start. */
static void
test_no_modules(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char *line = NULL;
	size_t size = 0, modules = 0;

	if (f == NULL) {
		tap_skip("no /proc/self/maps");
		return;
	}
	while (getline(&line, &size, f) > 0)
		modules += strstr(line, "/vips-modules") != NULL;
	tap_int((long long)modules, 0, "no module of libvips is loaded");
	free(line);
	fclose(f);
}

/* --- Augmentation ------------------------------------------------------------ */

static void
list_is(const char *list, const char *wanted)
{
	struct mc_augment a;
	struct mc_buf text = { 0 };
	struct mc_err err = { MC_OK, "" };

	if (mc_augment_parse(&a, list, &err) == MC_OK)
		mc_augment_format(&a, &text);
	tap_str(text.len > 0 ? text.data : err.text, wanted, "augment %s",
	    list);
	mc_buf_free(&text);
}

static void
test_augment_lists(void)
{
	struct mc_augment a = { .rotate = 7 };
	struct mc_err err;

	list_is("flip", "flip");
	list_is("erase:0.10,jitter:2e-1,rotate:180,vflip,flip,crop:.8-1",
	    "crop:0.8-1,flip,vflip,rotate:180,jitter:0.2,erase:0.1");
	list_is("erase:1,trivial", "trivial,erase:1");
	list_is("crop:0.5-0.5", "crop:0.5-0.5");
	list_is("crop:1e-5-1", "crop:1e-05-1");
	list_is("crop:1e-05-1", "crop:1e-05-1");
	list_is("crop:1E-5-2e-1", "crop:1e-05-0.2");
	list_is("", "\"\" is not an augmentation: they are crop:A-B, flip, "
	    "vflip, rotate:X, trivial, jitter:X, "
	    "erase:P");
	list_is("flip,hflip", "\"hflip\" is not an augmentation: they are "
	    "crop:A-B, flip, vflip, rotate:X, trivial, jitter:X, "
	    "erase:P");
	list_is("flip,rotate:5,flip", "\"flip\" is given twice");
	list_is("rotate:5,rotate:5", "\"rotate\" is given twice");
	list_is("flip:0.5", "\"flip\" has no value: leave \":0.5\" out");
	list_is("rotate", "\"rotate\" has no value: give rotate:X");
	list_is("rotate:0", "rotate: the number must be above 0");
	list_is("rotate:181", "rotate: 181 is not between 0 and 180");
	list_is("jitter:x", "jitter: \"x\" is not a number");
	list_is("crop:0.8", "crop: \"0.8\" is not a range: give crop:A-B");
	list_is("crop:0.8-0.7", "crop: 0.8 is more than 0.7");
	list_is("crop:0-1", "crop: the number must be above 0");
	tap_ok(mc_augment_parse(&a, "flip,crop", &err) != MC_OK &&
	    a.rotate == 7 && !a.flip, "what cannot be read changes nothing");
}

/* The crop that A draws of an image of WIDTH x HEIGHT pixels for SEED. */
static struct mc_box
draw_crop(const struct mc_augment *a, int width, int height, uint64_t seed)
{
	struct mc_augment_draw draw;

	mc_augment_draw(a, width, height, 32, seed, &draw);
	return draw.crop;
}

/* What many draws have in common. */
static void
test_augment_draws(void)
{
	const struct mc_augment quarter = { .crop = { 0.25, 0.25 } };
	const struct mc_augment whole = { .crop = { 1, 1 } };
	const struct mc_augment others = { .flip = true, .vflip = true,
	    .jitter = 0.5, .erase = 1 };
	int flips[2][2] = { { 0 } }, orders[3][3] = { { 0 } };
	bool first = false, last = false, fits = true;
	struct mc_augment_draw draw;
	struct mc_box box;
	double area = 0;
	uint64_t seed;

	for (seed = 0; seed < 2000; seed++) {
		box = draw_crop(&quarter, 100, 100, seed);
		area += box.width * box.height / 2000.0;
		first |= box.top == 0;
		last |= box.top == 100 - box.height;
		mc_augment_draw(&others, 2, 2, 2, seed, &draw);
		fits &= draw.erase.width < 2 && draw.erase.height < 2;
		flips[draw.flip][draw.vflip]++;
		orders[draw.jitter[0]][draw.jitter[1]]++;
	}
	tap_ok(area > 2495 && area < 2505,
	    "the sides of a crop are rounded: the mean area is %g", area);
	tap_ok(first && last, "a crop reaches the first and the last row");
	tap_ok(fits, "what is erased is smaller than the crop");
	tap_ok(flips[0][0] > 400 && flips[0][1] > 400 && flips[1][0] > 400 &&
	    flips[1][1] > 400, "one flip does not depend on the other");
	tap_ok(orders[0][1] > 250 && orders[0][2] > 250 && orders[1][0] > 250 &&
	    orders[1][2] > 250 && orders[2][0] > 250 && orders[2][1] > 250,
	    "all orders of jitter are drawn equally often");
	box = draw_crop(&whole, 101, 302, 1);
	tap_ok(box.width == 101 && box.height == 135 && box.left == 0 &&
	    box.top == 83, "a tall image of which no crop fits: its middle");
	box = draw_crop(&whole, 302, 101, 1);
	tap_ok(box.width == 135 && box.height == 101 && box.left == 83 &&
	    box.top == 0, "and a wide one");
}

/* An image so narrow that it is too large once it is resized. */
static void
test_resize_limit(void)
{
	struct mc_image narrow = pattern(1, 5000), out;
	struct mc_err err;

	tap_ok(mc_resize(&out, &narrow, 200, MC_BILINEAR, "x.png", &err) ==
	    MC_EDATA, "a narrow image becomes too large");
	tap_str(err.text, "x.png: 1 x 5000 pixels would be 200 x 1000000 after "
	    "resizing, more than the limit of 178956970: cut it, or raise the limit (--max-pixels)",
	    "and the message says so");
	mc_image_free(&narrow);
}

int
main(void)
{
	struct mc_err err = { MC_OK, "" };

	if (!TEST(mc_image_init(&err) == MC_OK))
		return tap_done();
	test_kind();
	test_refusals();
	test_pnm();
	test_bmp();
	test_gif();
	test_check_sums();
	test_png();
	test_container();
	test_crop();
	test_extremes();
	test_preprocess_text();
	test_preprocess_values();
	test_augment_lists();
	test_augment_draws();
	test_resize_limit();
	test_threads();
	test_untrusted();
	test_no_modules();
	mc_image_shutdown();
	return tap_done();
}
