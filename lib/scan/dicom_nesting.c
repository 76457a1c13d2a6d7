/* dicom_nesting.c - refuse DICOM whose sequences lie too deep in each other. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "scan/dicom_nesting.h"

#define UNDEFINED UINT32_MAX
#define ITEM 0xFFFEE000u
#define ITEM_END 0xFFFEE00Du
#define SEQUENCE_END 0xFFFEE0DDu
#define PIXELS 0x7FE00000u
#define SYNTAX 0x00020010u
#define MOST_INFLATED ((size_t)1 << 30)

struct walk {
	FILE *f;
	bool big, explicit;
	/* Where the sequences and items around end; UNDEFINED: at a tag. */
	int64_t end[MC_DICOM_LEVELS * 2];
	/* How what is around them is written. */
	bool outer_big[MC_DICOM_LEVELS * 2], outer_explicit[MC_DICOM_LEVELS * 2];
	int n;
};

/* An element's header. */
struct element {
	uint32_t tag, length;
	char vr[3];		/* "": implicit, or an item's */
};

static uint32_t
number(const struct walk *w, const unsigned char *b, int n)
{
	uint32_t x = 0;
	int i;

	for (i = 0; i < n; i++)
		x |= (uint32_t)b[i] << 8 * (w->big ? n - 1 - i : i);
	return x;
}

static bool
read_bytes(struct walk *w, unsigned char *b, size_t n)
{
	return fread(b, 1, n, w->f) == n;
}

/* Whether an element of the kind VR has a length of 4 bytes, after 2 of 0. */
static bool
is_long(const char *vr)
{
	static const char kinds[] = "OB OD OF OL OV OW SQ SV UC UN UR UT UV ";
	const char *at = strstr(kinds, vr);

	return at != NULL && (at - kinds) % 3 == 0;
}

static bool
read_element(struct walk *w, struct element *e)
{
	unsigned char b[8];

	if (!read_bytes(w, b, 8))
		return false;
	e->tag = number(w, b, 2) << 16 | number(w, b + 2, 2);
	e->vr[0] = '\0';
	e->length = number(w, b + 4, 4);
	if (e->tag >> 16 == 0xFFFE || !w->explicit)
		return true;
	memcpy(e->vr, b + 4, 2);
	e->vr[2] = '\0';
	if (!is_long(e->vr)) {
		e->length = number(w, b + 6, 2);
		return true;
	}
	if (!read_bytes(w, b, 4))
		return false;
	e->length = number(w, b, 4);
	return true;
}

/* Whether the value that follows begins with an item; in UN it is little-endian. */
static bool
holds_item(struct walk *w, const struct element *e)
{
	static const unsigned char item[2][4] = {
		{ 0xFE, 0xFF, 0x00, 0xE0 }, { 0xFF, 0xFE, 0xE0, 0x00 }
	};
	unsigned char b[4];
	bool yes;

	if (e->length < 8 || !read_bytes(w, b, 4))
		return false;
	yes = memcmp(b, item[w->big && strcmp(e->vr, "UN") != 0], 4) == 0;
	return fseeko(w->f, -4, SEEK_CUR) == 0 && yes;
}

/* Leave the innermost sequence or item. */
static void
leave_one(struct walk *w)
{
	w->n--;
	w->big = w->outer_big[w->n];
	w->explicit = w->outer_explicit[w->n];
}

/* Leave the sequences and items that end here. */
static void
leave(struct walk *w)
{
	off_t at = ftello(w->f);

	while (w->n > 0 && w->end[w->n - 1] != UNDEFINED &&
	    at >= w->end[w->n - 1])
		leave_one(w);
}

/*
 * Enter E, an item or a sequence; false: too deep.  What VR UN holds is in implicit
 * VR, little-endian (DICOM PS3.5, 6.2.2).
 */
static bool
enter(struct walk *w, const struct element *e)
{
	if (w->n == MC_DICOM_LEVELS * 2)
		return false;
	w->end[w->n] = e->length == UNDEFINED ? (int64_t)UNDEFINED :
	    (int64_t)ftello(w->f) + e->length;
	w->outer_big[w->n] = w->big;
	w->outer_explicit[w->n++] = w->explicit;
	if (strcmp(e->vr, "UN") == 0)
		w->big = w->explicit = false;
	return true;
}

/* Walk from here to the pixels or the end; false: too deep. */
static bool
walk(struct walk *w)
{
	struct element e;

	for (leave(w); read_element(w, &e); leave(w)) {
		if (w->n == 0 && (e.tag & 0xFFFF0000u) == PIXELS)
			break;
		if (e.tag == ITEM_END || e.tag == SEQUENCE_END) {
			if (w->n > 0)
				leave_one(w);
		} else if (e.tag == ITEM || e.length == UNDEFINED ||
		    strcmp(e.vr, "SQ") == 0 || holds_item(w, &e)) {
			if (!enter(w, &e))
				return false;
		} else if (fseeko(w->f, (off_t)e.length, SEEK_CUR) != 0) {
			break;
		}
	}
	return true;
}

/* Read the meta header, if there is one; SYNTAX_NAME receives the syntax. */
static void
read_meta(struct walk *w, char *syntax, size_t size)
{
	unsigned char head[132];
	struct element e;
	off_t at;

	*syntax = '\0';
	if (!read_bytes(w, head, sizeof(head)) ||
	    memcmp(head + 128, "DICM", 4) != 0)
		rewind(w->f);
	w->explicit = true;
	for (at = ftello(w->f); read_element(w, &e) && e.tag >> 16 == 2 &&
	    e.length != UNDEFINED; at = ftello(w->f)) {
		if (e.tag == SYNTAX && e.length < size) {
			if (!read_bytes(w, (unsigned char *)syntax, e.length))
				break;
			syntax[e.length] = '\0';
		} else if (fseeko(w->f, (off_t)e.length, SEEK_CUR) != 0) {
			break;
		}
	}
	if (fseeko(w->f, at, SEEK_SET) != 0)
		rewind(w->f);
}

/* Guess how the data set that begins here is written. */
static void
guess(struct walk *w)
{
	unsigned char b[6];
	off_t at = ftello(w->f);

	if (read_bytes(w, b, 6)) {
		w->big = b[0] == 0 && b[1] != 0;
		w->explicit = b[4] >= 'A' && b[4] <= 'Z' && b[5] >= 'A' &&
		    b[5] <= 'Z';
	}
	if (fseeko(w->f, at, SEEK_SET) != 0)
		rewind(w->f);
}

/* What follows in F, inflated, into TO; false: more than is read. */
static bool
inflate_rest(FILE *f, struct mc_buf *to)
{
	unsigned char in[16384];
	z_stream z = { 0 };
	int more = Z_OK;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		mc_out_of_memory();
	while (more == Z_OK && to->len <= MOST_INFLATED) {
		if (z.avail_in == 0) {
			z.next_in = in;
			z.avail_in = (uInt)fread(in, 1, sizeof(in), f);
			if (z.avail_in == 0)
				break;
		}
		z.next_out = (unsigned char *)mc_buf_room(to, 65536);
		z.avail_out = 65536;
		more = inflate(&z, Z_NO_FLUSH);
		to->len += 65536 - z.avail_out;
	}
	inflateEnd(&z);
	return to->len <= MOST_INFLATED;
}

static enum mc_status
check(FILE *f, const char *name, struct mc_err *err)
{
	struct walk w = { .f = f };
	struct mc_buf inflated = { 0 };
	FILE *inner = NULL;
	char syntax[65];
	bool good = true;

	read_meta(&w, syntax, sizeof(syntax));
	if (strncmp(syntax, "1.2.840.10008.1.2.1.99", 22) == 0) {
		good = inflate_rest(f, &inflated);
		if (good && inflated.len > 0)
			w.f = inner = fmemopen(inflated.data, inflated.len,
			    "r");
	}
	if (w.f == NULL) {
		mc_buf_free(&inflated);
		return mc_err_errno(err, "%s", name);
	}
	if (good) {
		guess(&w);
		good = walk(&w);
	}
	if (inner != NULL)
		fclose(inner);
	mc_buf_free(&inflated);
	if (!good)
		return mc_err_set(err, MC_EDATA, "%s: damaged DICOM: more than "
		    "%d sequences in each other, or more than 1 GiB when "
		    "inflated", name, MC_DICOM_LEVELS);
	return MC_OK;
}

enum mc_status
mc_dicom_check_nesting_of(const char *path, struct mc_err *err)
{
	FILE *f = mc_file_open(path, err);
	enum mc_status status;

	if (f == NULL)
		return err->status;
	status = check(f, path, err);
	fclose(f);
	return status;
}

enum mc_status
mc_dicom_check_nesting(const void *bytes, size_t n, const char *name,
    struct mc_err *err)
{
	FILE *f = n == 0 ? NULL : fmemopen((void *)(uintptr_t)bytes, n, "r");
	enum mc_status status;

	if (n == 0)
		return mc_err_set(err, MC_EDATA, "%s: empty", name);
	if (f == NULL)
		return mc_err_errno(err, "%s", name);
	status = check(f, name, err);
	fclose(f);
	return status;
}
