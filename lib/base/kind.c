/* kind.c - recognise files by their first bytes and names. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/kind.h"

#define TO_PNG "convert it to PNG (ImageMagick: mogrify -format png)"

/* OpenJPEG comes with what DICOM needs. */
#ifdef HAVE_DCMTK
#define JP2 "jp2"
#else
#define JP2 NULL
#endif

enum kind {
	DICOM, NIFTI, JPEG, PNG, TIFF, WEBP, GIF, BMP, JPEG2000, PNM, HEIF,
	METAIMAGE, NRRD, LFS, APPLE, GZIP, ZIP, PDF, HTML, XML, KINDS
};

static const struct mc_kind kinds[KINDS] = {
	[DICOM] = { "DICOM", NULL, true,
	    "mc-index, mc-pack and mc-phash read it if mctools is built with "
	    "DCMTK", true, false },
	[NIFTI] = { "NIfTI", NULL, true, "name one of its slices "
	    "(PATH#slice=axial:77), or index them (mc-index --slices)", false,
	    true },
	[JPEG] = { "JPEG", "jpg", true, NULL, false, false },
	[PNG] = { "PNG", "png", true, NULL, false, false },
	[TIFF] = { "TIFF", "tif", true, NULL, false, false },
	[WEBP] = { "WebP", "webp", true, NULL, false, false },
	[GIF] = { "GIF", "gif", true, NULL, false, false },
	[BMP] = { "BMP", "bmp", true, NULL, false, false },
	[JPEG2000] = { "JPEG 2000", JP2, true, TO_PNG, false, false },
	[PNM] = { "PNM", "pnm", true, NULL, false, false },
	[HEIF] = { "HEIF or AVIF", NULL, true, TO_PNG, false, false },
	[METAIMAGE] = { "MetaImage", NULL, true,
	    "write its slices as PNG files", false, false },
	[NRRD] = { "NRRD", NULL, true, "write its slices as PNG files", false, false },
	[LFS] = { "a Git LFS pointer", NULL, false,
	    "fetch the file (git lfs pull)", false, false },
	[APPLE] = { "a Mac's AppleDouble file", NULL, false, "delete it", false, false },
	[GZIP] = { "gzip", NULL, false, "unpack it", false, false },
	[ZIP] = { "a ZIP archive", NULL, false, "unpack it", false, false },
	[PDF] = { "PDF", NULL, false, "export its images", false, false },
	[HTML] = { "an HTML page", NULL, false,
	    "download the file again, logged in where that is needed", false, false },
	[XML] = { "XML", NULL, false,
	    "download the file again, logged in where that is needed", false, false },
};

/* The bytes that a kind has at one or two offsets; the first match counts. */
static const struct {
	enum kind kind;
	const char *bytes;
	size_t n, offset;
	const char *more;	/* NULL: no more */
	size_t more_n, more_offset;
} magics[] = {
	{ DICOM, "DICM", 4, 128, NULL, 0, 0 },
	{ NIFTI, "n+1\0", 4, 344, NULL, 0, 0 },
	{ NIFTI, "ni1\0", 4, 344, NULL, 0, 0 },
	{ NIFTI, "n+2\0", 4, 4, NULL, 0, 0 },
	{ NIFTI, "ni2\0", 4, 4, NULL, 0, 0 },
	{ JPEG, "\xFF\xD8\xFF", 3, 0, NULL, 0, 0 },
	{ PNG, "\x89PNG\r\n\x1A\n", 8, 0, NULL, 0, 0 },
	{ TIFF, "II*\0", 4, 0, NULL, 0, 0 },
	{ TIFF, "MM\0*", 4, 0, NULL, 0, 0 },
	{ TIFF, "II+\0", 4, 0, NULL, 0, 0 },	/* BigTIFF */
	{ TIFF, "MM\0+", 4, 0, NULL, 0, 0 },
	{ WEBP, "RIFF", 4, 0, "WEBP", 4, 8 },
	{ GIF, "GIF87a", 6, 0, NULL, 0, 0 },
	{ GIF, "GIF89a", 6, 0, NULL, 0, 0 },
	{ BMP, "BM", 2, 0, "\0\0\0\0", 4, 6 },
	{ JPEG2000, "\0\0\0\x0CjP  ", 8, 0, NULL, 0, 0 },
	{ JPEG2000, "\xFF\x4F\xFF\x51", 4, 0, NULL, 0, 0 },
	{ HEIF, "ftyphei", 7, 4, NULL, 0, 0 },
	{ HEIF, "ftypmif1", 8, 4, NULL, 0, 0 },
	{ HEIF, "ftypavif", 8, 4, NULL, 0, 0 },
	{ METAIMAGE, "ObjectType = Image", 18, 0, NULL, 0, 0 },
	{ NRRD, "NRRD000", 7, 0, NULL, 0, 0 },
	{ LFS, "version https://git-lfs", 23, 0, NULL, 0, 0 },
	{ APPLE, "\0\5\x16\7", 4, 0, NULL, 0, 0 },
	{ GZIP, "\x1F\x8B", 2, 0, NULL, 0, 0 },
	{ ZIP, "PK\3\4", 4, 0, NULL, 0, 0 },
	{ PDF, "%PDF-", 5, 0, NULL, 0, 0 },
};

static bool
has(const char *head, size_t n, const char *bytes, size_t m, size_t offset)
{
	return n >= offset + m && memcmp(head + offset, bytes, m) == 0;
}

/* Netpbm's: P and a digit, white space, then a number or a comment. */
static bool
is_pnm(const char *head, size_t n)
{
	if (n >= 4 && memcmp(head, "P7\n", 3) == 0)	/* PAM: words */
		return head[3] == '#' || (head[3] >= 'A' && head[3] <= 'Z');
	return n >= 4 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' &&
	    memchr(" \t\r\n", head[2], 4) != NULL &&
	    (head[3] == '#' || (head[3] >= '0' && head[3] <= '9'));
}

/* Markup, in any case, behind a byte order mark and white space. */
static const struct mc_kind *
markup(const char *head, size_t n)
{
	size_t i = has(head, n, "\xEF\xBB\xBF", 3, 0) ? 3 : 0;

	while (i < n && memchr(" \t\r\n", head[i], 4) != NULL)
		i++;
	if (n - i >= 14 && strncasecmp(head + i, "<!doctype html", 14) == 0)
		return &kinds[HTML];
	if (n - i >= 5 && strncasecmp(head + i, "<html", 5) == 0)
		return &kinds[HTML];
	if (n - i >= 5 && strncasecmp(head + i, "<?xml", 5) == 0)
		return &kinds[XML];
	return NULL;
}

static const struct mc_kind *
by_bytes(const char *head, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (has(head, n, magics[i].bytes, magics[i].n,
		    magics[i].offset) && (magics[i].more == NULL ||
		    has(head, n, magics[i].more, magics[i].more_n,
		    magics[i].more_offset)))
			return &kinds[magics[i].kind];
	}
	return is_pnm(head, n) ? &kinds[PNM] : markup(head, n);
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcasecmp(name + n - m, end) == 0;
}

const struct mc_kind *
mc_kind_of(const void *bytes, size_t n, const char *name)
{
	const struct mc_kind *kind = by_bytes(bytes, n);

	if (name == NULL || n == 0)
		return kind;
	if (kind == &kinds[GZIP] && ends_in(name, ".nii.gz"))
		return &kinds[NIFTI];
	if (kind == NULL && (ends_in(name, ".dcm") || ends_in(name, ".dicom")))
		return &kinds[DICOM];
	return kind;
}

const char *
mc_kind_extension(const char *name)
{
	static const char *const extensions[] = {
		".nii.gz", ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif",
		".tiff", ".webp", ".dcm", ".dicom", ".nii", ".bmp", ".gif",
		".jp2", ".j2k", ".ppm", ".pgm", ".pbm", ".pnm", ".pam", ".heic",
		".heif", ".avif", ".mha", ".nrrd"
	};
	size_t i;

	for (i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		if (ends_in(name, extensions[i]))
			return name + strlen(name) - strlen(extensions[i]);
	}
	return NULL;
}
