/*
 * test_nesting.c - lib/scan/dicom_nesting.c: how deep sequences lie in each other, in
 * each way in which DICOM may be written (PS3.5, 7.1 and 7.5).
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/mem.h"
#include "scan/dicom_nesting.h"
#include "tap.h"

/* How elements are written. */
struct form {
	bool big, explicit, defined;	/* defined: lengths, no end tags */
};

static void
put(struct mc_buf *to, const struct form *f, uint32_t x, int n)
{
	int i;

	for (i = 0; i < n; i++)
		mc_buf_add(to, &(char){ (char)(x >> 8 *
		    (f->big ? n - 1 - i : i)) }, 1);
}

static void
put_tag(struct mc_buf *to, const struct form *f, uint32_t tag)
{
	put(to, f, tag >> 16, 2);
	put(to, f, tag & 0xFFFF, 2);
}

/* The header of an element whose VR has lengths of 4 bytes. */
static void
put_long(struct mc_buf *to, const struct form *f, uint32_t tag, const char *vr,
    uint32_t length)
{
	put_tag(to, f, tag);
	if (f->explicit) {
		mc_buf_add(to, vr, 2);
		put(to, f, 0, 2);
	}
	put(to, f, length, 4);
}

/* Modality, by which is guessed how a file is written. */
static void
put_modality(struct mc_buf *to, const struct form *f)
{
	put_tag(to, f, 0x00080060);
	if (f->explicit)
		mc_buf_add(to, "CS", 2);
	put(to, f, 2, f->explicit ? 2 : 4);
	mc_buf_add(to, "MR", 2);
}

/* LEVELS sequences of one item, each in the one before, behind what is in TO. */
static void
put_sequences(struct mc_buf *to, const struct form *f, int levels)
{
	struct mc_buf in = { 0 }, out;
	uint32_t length;

	for (; levels > 0; levels--) {
		out = (struct mc_buf){ 0 };
		length = (uint32_t)in.len;
		put_long(&out, f, 0x00081140, "SQ", f->defined ? length + 8 :
		    UINT32_MAX);
		put_tag(&out, f, 0xFFFEE000);
		put(&out, f, f->defined ? length : UINT32_MAX, 4);
		mc_buf_add(&out, in.data, in.len);
		if (!f->defined) {
			put_tag(&out, f, 0xFFFEE00D);
			put(&out, f, 0, 4);
			put_tag(&out, f, 0xFFFEE0DD);
			put(&out, f, 0, 4);
		}
		mc_buf_free(&in);
		in = out;
	}
	mc_buf_add(to, in.data, in.len);
	mc_buf_free(&in);
}

/* Whether BYTES, which are freed, may be read. */
static bool
passes(struct mc_buf *bytes)
{
	struct mc_err err;
	enum mc_status status = mc_dicom_check_nesting(bytes->data,
	    bytes->len, "x", &err);

	mc_buf_free(bytes);
	return status == MC_OK;
}

static bool
passes_levels(const struct form *f, int levels)
{
	struct mc_buf bytes = { 0 };

	put_modality(&bytes, f);
	put_sequences(&bytes, f, levels);
	return passes(&bytes);
}

static void
test_forms(void)
{
	static const struct form forms[] = { { false, true, false },
	    { false, true, true }, { false, false, false },
	    { false, false, true }, { true, true, false },
	    { true, true, true } };
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct form *f = &forms[i];
		const char *name = f->defined ? "defined lengths" : "end tags";

		tap_ok(passes_levels(f, MC_DICOM_LEVELS), "%s, %s, %s: as many "
		    "levels as are allowed", f->big ? "big-endian" :
		    "little-endian", f->explicit ? "explicit" : "implicit",
		    name);
		tap_ok(!passes_levels(f, MC_DICOM_LEVELS + 1), "one more");
	}
}

/* Sequences beside each other are no levels. */
static void
test_beside(void)
{
	static const struct form forms[] = { { false, true, false },
	    { false, true, true } };
	struct mc_buf bytes = { 0 };
	size_t i;
	int n;

	for (i = 0; i < 2; i++) {
		put_modality(&bytes, &forms[i]);
		for (n = 0; n < 3 * MC_DICOM_LEVELS; n++)
			put_sequences(&bytes, &forms[i], 1);
		tap_ok(passes(&bytes), "many sequences beside each other");
	}
}

/* What VR UN holds is implicit and little-endian, whatever is around it. */
static void
test_unknown(void)
{
	static const struct form inner = { false, false, true };
	static const struct form forms[] = { { false, true, true },
	    { true, true, true } };
	struct mc_buf bytes = { 0 }, in = { 0 };
	size_t i;

	for (i = 0; i < 2; i++) {
		put_modality(&bytes, &forms[i]);
		in.len = 0;
		put_tag(&in, &inner, 0xFFFEE000);
		put(&in, &inner, UINT32_MAX, 4);
		put_sequences(&in, &inner, MC_DICOM_LEVELS);
		put_long(&bytes, &forms[i], 0x00091010, "UN",
		    (uint32_t)in.len);
		mc_buf_add(&bytes, in.data, in.len);
		tap_ok(!passes(&bytes), "sequences in UN, %s-endian",
		    forms[i].big ? "big" : "little");
	}
	mc_buf_free(&in);
}

/* Elements before a sequence, whose headers are of another length. */
static void
test_headers(void)
{
	static const char *const kinds[] = { "OB", "OD", "OF", "OL", "OV",
	    "OW", "SV", "UC", "UN", "UR", "UT", "UV" };
	static const struct form f = { false, true, true };
	struct mc_buf bytes = { 0 };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		put_modality(&bytes, &f);
		put_long(&bytes, &f, 0x00091010, kinds[i], 8);
		mc_buf_add(&bytes, "AB\0\0\0\0\0\0", 8);
		put_sequences(&bytes, &f, MC_DICOM_LEVELS + 1);
		tap_ok(!passes(&bytes), "behind %s", kinds[i]);
	}
}

/* A file of the deflated syntax, which has a meta header. */
static void
test_deflated(void)
{
	static const struct form f = { false, true, false };
	static const char uid[] = "1.2.840.10008.1.2.1.99";
	struct mc_buf inner = { 0 }, bytes = { 0 };
	unsigned char packed[65536];
	z_stream z = { 0 };

	put_modality(&inner, &f);
	put_sequences(&inner, &f, MC_DICOM_LEVELS + 1);
	if (deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = (unsigned char *)inner.data;
	z.avail_in = (uInt)inner.len;
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	memset(mc_buf_room(&bytes, 128), 0, 128);
	bytes.len = 128;
	mc_buf_add(&bytes, "DICM", 4);
	put_tag(&bytes, &f, 0x00020010);
	mc_buf_add(&bytes, "UI", 2);
	put(&bytes, &f, sizeof(uid) - 1, 2);
	mc_buf_add(&bytes, uid, sizeof(uid) - 1);
	mc_buf_add(&bytes, (char *)packed, z.total_out);
	deflateEnd(&z);
	tap_ok(!passes(&bytes), "in what is deflated");
	mc_buf_free(&inner);
}

int
main(void)
{
	test_forms();
	test_beside();
	test_unknown();
	test_headers();
	test_deflated();
	return tap_done();
}
