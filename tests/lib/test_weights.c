/*
 * test_weights.c - state dicts from whole, damaged and hostile files.
 *
 * tests/cmd/mc-weights.sh compares what is read with PyTorch; here the files
 * are made by hand, byte by byte, so that they can be wrong in one place.
 */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/hash.h"
#include "base/out.h"
#include "weights/names.h"
#include "weights/registry.h"
#include "weights/safetensors.h"
#include "weights/statedict.h"

#include "tap.h"

#define NAME "w"

static struct mc_err err;
static const struct mc_excerpt every;

/* --- making files --------------------------------------------------------- */

static void
add_le(struct mc_buf *b, uint64_t v, int n)
{
	for (; n > 0; n--, v >>= 8)
		mc_buf_add(b, &(char){ (char)(v & 255) }, 1);
}

/* A safetensors file of HEADER and NDATA bytes 0, 1, 2, ... */
static struct mc_buf
safetensors(const char *header, size_t ndata)
{
	struct mc_buf b = { 0 };
	size_t i;

	add_le(&b, strlen(header), 8);
	mc_buf_puts(&b, header);
	for (i = 0; i < ndata; i++)
		add_le(&b, i, 1);
	return b;
}

/* Pickle opcodes, as pickletools names them. */
static void
op_text(struct mc_buf *b, const char *s)
{
	mc_buf_puts(b, "X");
	add_le(b, strlen(s), 4);
	mc_buf_puts(b, s);
}

static void
op_int(struct mc_buf *b, uint32_t v)
{
	mc_buf_puts(b, "J");
	add_le(b, v, 4);
}

static void
op_proto(struct mc_buf *b)
{
	mc_buf_add(b, "\x80\x02", 2);
}

/* A call of _rebuild_tensor_v2; the shape is rows by 2, or 1 by 1. */
struct tensor {
	const char *storage;	/* the class */
	uint32_t whole, offset, rows, stride0, stride1;
	bool single;		/* 1 by 1 */
	uint32_t view;		/* of 3 elements from here on; 0: none */
};

static const struct tensor plain = { "FloatStorage", 6, 0, 3, 2, 1, false, 0 };

static void
op_tensor(struct mc_buf *b, const struct tensor *t)
{
	mc_buf_puts(b, "ctorch._utils\n_rebuild_tensor_v2\n((");
	op_text(b, "storage");
	mc_buf_printf(b, "ctorch\n%s\n", t->storage);
	op_text(b, "0");
	op_text(b, "cpu");
	op_int(b, t->whole);
	if (t->view > 0) {
		mc_buf_puts(b, "(U\1v");
		op_int(b, t->view);
		op_int(b, 3);
		mc_buf_puts(b, "t");
	}
	mc_buf_puts(b, "tQ");
	op_int(b, t->offset);
	mc_buf_puts(b, "(");
	op_int(b, t->rows);
	op_int(b, t->single ? 1 : 2);
	mc_buf_puts(b, "t(");
	op_int(b, t->stride0);
	op_int(b, t->stride1);
	mc_buf_puts(b, "t\x89" "ccollections\nOrderedDict\n)RtR");
}

static void
add_magic(struct mc_buf *b)
{
	op_proto(b);
	mc_buf_add(b, "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13);
	op_proto(b);
	op_int(b, 1001);
	mc_buf_puts(b, ".");
	op_proto(b);
	mc_buf_puts(b, "}(");
	op_text(b, "little_endian");
	mc_buf_puts(b, "\x88u.");
}

/* A legacy file whose object is the pickle OBJECT and whose storage "0" has
 * the floats 0, 1, 2, 3, 4, 5. */
static struct mc_buf
legacy(const struct mc_buf *object)
{
	struct mc_buf b = { 0 };
	int i;

	add_magic(&b);
	op_proto(&b);
	mc_buf_add(&b, object->data, object->len);
	mc_buf_puts(&b, ".");
	op_proto(&b);
	mc_buf_puts(&b, "](");
	op_text(&b, "0");
	mc_buf_puts(&b, "e.");
	add_le(&b, 6, 8);
	for (i = 0; i < 6; i++)
		mc_buf_add(&b, &(float){ (float)i }, 4);
	return b;
}

/* A legacy file with {"a": T}. */
static struct mc_buf
legacy_tensor(const struct tensor *t)
{
	struct mc_buf object = { 0 }, b;

	mc_buf_puts(&object, "}(");
	op_text(&object, "a");
	op_tensor(&object, t);
	mc_buf_puts(&object, "u");
	b = legacy(&object);
	mc_buf_free(&object);
	return b;
}

/* One stored member of a zip; CRC 0 is "not computed". */
static void
zip_member(struct mc_buf *zip, struct mc_buf *directory, const char *path,
    const void *data, size_t n, uint32_t crc)
{
	size_t offset = zip->len;
	struct mc_buf common = { 0 };

	add_le(&common, 20, 2);
	add_le(&common, 0, 8);		/* flags, method, time, date */
	add_le(&common, crc, 4);
	add_le(&common, n, 4);
	add_le(&common, n, 4);
	add_le(&common, strlen(path), 2);
	mc_buf_puts(zip, "PK\3\4");
	mc_buf_add(zip, common.data, common.len);
	add_le(zip, 6, 2);
	mc_buf_puts(zip, path);
	/* With such a field torch.save aligns the data. */
	mc_buf_add(zip, "FB\2\0ZZ", 6);
	mc_buf_add(zip, data, n);
	mc_buf_puts(directory, "PK\1\2");
	add_le(directory, 20, 2);
	mc_buf_add(directory, common.data, common.len);
	add_le(directory, 0, 12);
	add_le(directory, offset, 4);
	mc_buf_puts(directory, path);
	mc_buf_free(&common);
}

static void
zip_end(struct mc_buf *zip, struct mc_buf *directory, int members)
{
	size_t offset = zip->len;

	mc_buf_add(zip, directory->data, directory->len);
	mc_buf_puts(zip, "PK\5\6");
	add_le(zip, 0, 4);
	add_le(zip, (uint64_t)members, 2);
	add_le(zip, (uint64_t)members, 2);
	add_le(zip, directory->len, 4);
	add_le(zip, offset, 4);
	add_le(zip, 0, 2);
	mc_buf_free(directory);
}

/* A zip file with {"a": 3 by 2 floats 0..5}, and one more member. */
static struct mc_buf
zip_file(const char *member, const char *text, uint32_t crc)
{
	static const float values[6] = { 0, 1, 2, 3, 4, 5 };
	struct mc_buf pickle = { 0 }, zip = { 0 }, directory = { 0 };

	op_proto(&pickle);
	mc_buf_puts(&pickle, "}(");
	op_text(&pickle, "a");
	op_tensor(&pickle, &plain);
	mc_buf_puts(&pickle, "u.");
	zip_member(&zip, &directory, "x/data.pkl", pickle.data, pickle.len, 0);
	zip_member(&zip, &directory, "x/data/0", values, sizeof(values), crc);
	zip_member(&zip, &directory, member, text, strlen(text), 0);
	zip_end(&zip, &directory, 3);
	mc_buf_free(&pickle);
	return zip;
}

/* --- looking at them ------------------------------------------------------ */

/* FILE must be refused with "w: WANTED".  Frees FILE. */
static void
refuses(struct mc_buf file, const char *wanted, const char *what)
{
	struct mc_statedict *sd;
	char *line = mc_xasprintf(NAME ": %s", wanted);
	enum mc_status status;

	status = mc_statedict_from_bytes(&sd, file.data, file.len, NAME, &err);
	tap_int(status, MC_EDATA, "%s: refused", what);
	tap_str(status == MC_OK ? "" : err.text, line, "%s: the reason", what);
	mc_statedict_free(sd);
	free(line);
	mc_buf_free(&file);
}

static void
put(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		tap_ok(false, "cannot write %s", path);
}

static struct mc_statedict *
reads(struct mc_buf file, const char *what)
{
	struct mc_statedict *sd;
	enum mc_status status;

	status = mc_statedict_from_bytes(&sd, file.data, file.len, NAME, &err);
	tap_ok(status == MC_OK, "%s: read: %s", what,
	    status == MC_OK ? "" : err.text);
	mc_buf_free(&file);
	return sd;
}

/* Touch every byte, so that the sanitizers see where it lies. */
static double
sum(const struct mc_statedict *sd)
{
	double s = 0;
	size_t i, j;

	for (i = 0; i < mc_statedict_count(sd); i++) {
		const struct mc_array *a = mc_statedict_at(sd, i);

		for (j = 0; j < a->n; j++)
			s += mc_array_get(a, j);
	}
	return s;
}

/* All prefixes of FILE are refused; with any byte changed nothing crashes. */
static void
damage(struct mc_buf file, const char *what)
{
	struct mc_statedict *sd;
	size_t n, taken = 0;
	uint64_t random = 1;
	int i;

	for (n = 0; n < file.len; n++) {
		if (mc_statedict_from_bytes(&sd, file.data, n, NAME, &err) ==
		    MC_OK)
			taken++;
		mc_statedict_free(sd);
	}
	tap_int((long long)taken, 0, "%s: every cut is refused", what);
	taken = 0;
	for (i = 0; i < 20000; i++) {
		char *at, old;

		random = random * 6364136223846793005U + 1442695040888963407U;
		at = &file.data[(random >> 33) % file.len];
		old = *at;
		*at = (char)(random >> 25);
		if (mc_statedict_from_bytes(&sd, file.data, file.len, NAME,
		    &err) == MC_OK && isfinite(sum(sd)))
			taken++;
		mc_statedict_free(sd);
		*at = old;
	}
	/* Bytes of the data or of a name: as good a file as the first. */
	tap_ok(taken > 0 && taken < 20000, "%s: changed bytes do not crash",
	    what);
	mc_buf_free(&file);
}

/* --- safetensors ---------------------------------------------------------- */

#define ENTRY(dtype, shape, offsets) "{\"dtype\":\"" dtype "\",\"shape\":[" \
    shape "],\"data_offsets\":[" offsets "]}"

static void
test_safetensors(void)
{
	struct mc_statedict *sd;

	sd = reads(safetensors("{\"__metadata__\":{\"format\":\"pt\"},"
	    "\"b\":" ENTRY("I16", "2", "4,8") ",\"a\":" ENTRY("U8", "2,2",
	    "0,4") ",\"e\":" ENTRY("F32", "0,3", "4,4") "}  ", 8),
	    "safetensors");
	tap_int((long long)mc_statedict_count(sd), 3, "three arrays");
	tap_str(mc_statedict_at(sd, 0)->name, "b", "in the header's order");
	tap_str(mc_statedict_format(sd), "safetensors", "the format");
	TEST(mc_statedict_find(sd, "none") == NULL);
	TEST(mc_statedict_at(sd, 3) == NULL);
	TEST(mc_array_get(mc_statedict_find(sd, "a"), 3) == 3);
	TEST(mc_array_get(mc_statedict_find(sd, "b"), 1) == 0x0706);
	TEST(mc_statedict_find(sd, "e")->n == 0);
	mc_statedict_free(sd);
}

static void
test_safetensors_refusals(void)
{
	static const struct {
		const char *header;
		size_t ndata;
		const char *reason;
	} cases[] = {
	{ "{}", 0, "holds no array: not a state dict" },
	{ "{\"a\":" ENTRY("F32", "1", "0,4") ",\"a\":" ENTRY("F32", "1",
	    "4,8") "}", 8,
	    "the header is not JSON: byte 57: duplicate object key near "
	    "'\"a\"'" },
	{ "{\"a\":" ENTRY("F8_E5M2", "4", "0,4") "}", 4,
	    "array \"a\": elements of type F8_E5M2 are not supported" },
	{ "{\"a\":" ENTRY("F32", "2", "0,4") "}", 4,
	    "array \"a\": 4 bytes, but its shape needs 8" },
	{ "{\"a\":" ENTRY("F32", "1", "0,4") "}", 3,
	    "array \"a\": bytes 0 to 4, but the file has 3 bytes of data: it "
	    "is cut or damaged" },
	{ "{\"a\":" ENTRY("F32", "1", "0,4") "}", 5,
	    "1 bytes after the last array" },
	{ "{\"a\":" ENTRY("U8", "2", "0,2") ",\"b\":" ENTRY("U8", "2", "1,3")
	    "}", 3, "array \"b\": an overlap before its data" },
	{ "{\"a\":" ENTRY("U8", "2", "0,2") ",\"b\":" ENTRY("U8", "1", "3,4")
	    "}", 4, "array \"b\": a gap before its data" },
	{ "{\"a\":" ENTRY("U8", "-1", "0,1") "}", 1,
	    "array \"a\": an impossible shape" },
	{ "{\"a\":" ENTRY("U8", "4294967296,4294967296", "0,0") "}", 0,
	    "array \"a\": an impossible shape" },
	{ "{\"a\":" ENTRY("U8", "1,1,1,1,1,1,1,1,1", "0,1") "}", 1,
	    "array \"a\": 9 dimensions; at most 8 are supported" },
	{ "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1,
	    "array \"a\": no data_offsets" },
	{ "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1,
	    "array \"a\": no shape" },
	{ "{\"a\":3}", 0, "array \"a\": no dtype" },
	{ "{\"__metadata__\":{\"a\":3}}", 0,
	    "__metadata__: \"a\" is not a string" },
	{ "{\"a\\u0009b\":" ENTRY("U8", "1", "0,1") "}", 1,
	    "array \"a\\x09b\": a control byte in the name" },
	};
	struct mc_buf b;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuses(safetensors(cases[i].header, cases[i].ndata),
		    cases[i].reason, cases[i].header);
	b = safetensors("{\"a\"", 1);
	b.data[1] = 1;
	refuses(b, "cut: a header of 260 bytes in a file of 13",
	    "a header beyond the end");
	b = safetensors("{}", 0);
	memset(b.data, 0xff, 4);
	refuses(b, "a header of 4294967295 bytes; at most 100000000 are "
	    "supported",
	    "an endless header");
}

/* What is written is read, and stands aligned in the file. */
static void
test_safetensors_write(void)
{
	static const uint8_t u[3] = { 1, 2, 3 };
	static const double d[1] = { 0.5 };
	static const char *const metadata[] = { "format", "pt", NULL };
	struct mc_array arrays[] = {
		{ .name = "\"quoted\"", .dtype = MC_U8, .ndim = 1,
		    .shape = { 3 }, .data = u, .n = 3 },
		{ .name = "d", .dtype = MC_F64, .data = d, .n = 1 },
	};
	struct mc_buf bytes = { 0 };
	struct mc_statedict *sd;
	FILE *f = mc_spool_open(&err);

	TEST(mc_safetensors_write(f, arrays, 2, metadata, &err) == MC_OK);
	rewind(f);
	bytes.len = fread(mc_buf_room(&bytes, 4096), 1, 4096, f);
	fclose(f);
	tap_int((long long)bytes.len % 8, 3, "the data begin aligned");
	sd = reads(bytes, "what was written");
	tap_str(mc_statedict_at(sd, 0)->name, "\"quoted\"", "the order stays");
	TEST(mc_array_get(mc_statedict_find(sd, "d"), 0) == 0.5);
	TEST(mc_statedict_find(sd, "d")->ndim == 0);
	mc_statedict_free(sd);
	f = mc_spool_open(&err);
	arrays[1].name = arrays[0].name;
	TEST(mc_safetensors_write(f, arrays, 2, NULL, &err) == MC_EDATA);
	tap_str(err.text, "array \"\"quoted\"\": the name is used twice",
	    "a name twice");
	arrays[1].name = "\xff";
	TEST(mc_safetensors_write(f, arrays, 2, NULL, &err) == MC_EDATA);
	tap_str(err.text, "array \"\\xFF\": the name is not UTF-8",
	    "a name that is not UTF-8");
	fclose(f);
}

/* --- torch.save ----------------------------------------------------------- */

static void
test_legacy(void)
{
	static const struct tensor turned = { "FloatStorage", 6, 1, 2, 1, 2, false, 0 };
	static const struct tensor row = { "FloatStorage", 6, 1, 1, 0x7fffffff,
	    3, false, 0 };
	static const double wanted[] = { 1, 3, 2, 4 };
	struct mc_statedict *sd;
	const struct mc_array *a;
	float f[4];
	int i;

	sd = reads(legacy_tensor(&plain), "legacy");
	tap_str(mc_statedict_format(sd), "torch.save legacy", "the format");
	a = mc_statedict_find(sd, "a");
	TEST(a->ndim == 2 && a->shape[0] == 3 && a->shape[1] == 2);
	TEST(mc_array_get(a, 5) == 5);
	mc_statedict_free(sd);
	sd = reads(legacy_tensor(&turned), "strides and an offset");
	mc_array_to_f32(mc_statedict_at(sd, 0), f);
	for (i = 0; i < 4; i++)
		tap_near(f[i], wanted[i], 0, "element %d of the view", i);
	mc_statedict_free(sd);
	sd = reads(legacy_tensor(&row), "one row, whose stride is not taken");
	TEST(sum(sd) == 1 + 4);
	mc_statedict_free(sd);
}

static void
test_tensor_refusals(void)
{
	static const struct {
		struct tensor t;
		const char *reason;
	} cases[] = {
	{ { "FloatStorage", 6, 0, 4, 2, 1, false, 0 },
	    "array \"a\": goes beyond its storage: damaged" },
	{ { "FloatStorage", 6, 1, 3, 2, 1, false, 0 },
	    "array \"a\": goes beyond its storage: damaged" },
	{ { "FloatStorage", 6, 6, 1, 1, 0, false, 0 },
	    "array \"a\": goes beyond its storage: damaged" },
	{ { "FloatStorage", 6, 6, 1, 1, 1, true, 0 },
	    "array \"a\": goes beyond its storage: damaged" },
	{ { "FloatStorage", 6, 0, 2, 0x7fffffff, 1, false, 0 },
	    "array \"a\": goes beyond its storage: damaged" },
	{ { "FloatStorage", 7, 0, 3, 2, 1, false, 0 },
	    "array \"a\": its storage has another length than its pickle "
	    "says: damaged" },
	{ { "FloatStorage", 6, 0, 0x10000000, 0, 0, false, 0 },
	    "array \"a\": its view repeats elements to more than 16 times the "
	    "file" },
	{ { "DoubleStorage", 6, 0, 3, 2, 1, false, 0 }, "cut in its storages" },
	{ { "HalfStorage", 6, 0, 3, 2, 1, false, 0 },
	    "bytes after its last storage: damaged" },
	{ { "QInt8Storage", 6, 0, 3, 2, 1, false, 0 }, "storage \"0\": elements "
	    "of type torch.QInt8Storage are not supported" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuses(legacy_tensor(&cases[i].t), cases[i].reason,
		    cases[i].reason);
}

/* A file whose object is the pickle OPCODES. */
static struct mc_buf
legacy_object(const char *opcodes)
{
	struct mc_buf object = { 0 }, b;

	mc_buf_puts(&object, opcodes);
	b = legacy(&object);
	mc_buf_free(&object);
	return b;
}

static void
test_pickle_refusals(void)
{
	static const struct {
		const char *opcodes, *reason;
	} cases[] = {
	{ "cos\nsystem\nK\1R", "byte 15 of its pickle: opcode 0x52 on the wrong "
	    "values: damaged, or not a state dict" },
	{ "1", "byte 2 of its pickle: opcode 0x31 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "ctorch\nFloatStorage\n)R", "byte 23 of its pickle: opcode 0x52 on "
	    "the wrong values: damaged, or not a state dict" },
	{ "K\1)R", "byte 5 of its pickle: opcode 0x52 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "h\7", "byte 2 of its pickle: memo slot 7 is empty: damaged" },
	{ "K\1r\xff\xff\xff\xff", "byte 4 of its pickle: memo slot 4294967295: "
	    "more than a state dict needs" },
	{ "0", "byte 2 of its pickle: opcode 0x30 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "(0", "byte 3 of its pickle: opcode 0x30 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "t", "byte 2 of its pickle: opcode 0x74 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "}K\1s", "byte 5 of its pickle: opcode 0x73 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "}(K\1u", "byte 6 of its pickle: opcode 0x75 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "K\1}b", "byte 5 of its pickle: opcode 0x62 on the wrong values: "
	    "damaged, or not a state dict" },
	{ "\x82\1", "byte 2 of its pickle: opcode 0x82 has no place in a state "
	    "dict" },
	{ "\x80\1}", "byte 2 of its pickle: pickle protocol 1 is not read" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuses(legacy_object(cases[i].opcodes), cases[i].reason,
		    cases[i].reason);
}

/* Memo 1 becomes a list of lists of ..., each with the one before 16 times. */
static void
multiply_lists(struct mc_buf *object)
{
	int i;

	for (i = 0; i < 14; i++)
		mc_buf_puts(object, "0](h\1h\1h\1h\1h\1h\1h\1h\1"
		    "h\1h\1h\1h\1h\1h\1h\1h\1eq\1");
}

/* Objects that are no state dict, though each pickle is well formed. */
static void
test_object_refusals(void)
{
	struct mc_buf object = { 0 };

	mc_buf_puts(&object, "}(");
	op_text(&object, "model");
	mc_buf_puts(&object, "}(");
	op_text(&object, "a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "u");
	op_text(&object, "state_dict");
	mc_buf_puts(&object, "}(");
	op_text(&object, "a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "uu");
	refuses(legacy(&object), "holds both \"state_dict\" and \"model\": "
	    "choose one of them with --from", "two state dicts");
	object.len = 0;
	mc_buf_puts(&object, "}(");
	op_text(&object, "a");
	op_tensor(&object, &plain);
	op_text(&object, "a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "u");
	refuses(legacy(&object), "two arrays are named \"a\"", "a name twice");
	object.len = 0;
	op_tensor(&object, &plain);
	refuses(legacy(&object), "holds one tensor without a name: not a state "
	    "dict", "a tensor alone");
	object.len -= 2;		/* its "tR" */
	mc_buf_puts(&object, "}U\3neg\x88stR");
	refuses(legacy(&object), "byte 156 of its pickle: a tensor with "
	    "metadata is not read", "a negative view");
	/* d = {}; d["a"] = tensor; d["x"] = d */
	object.len = 0;
	mc_buf_puts(&object, "}q\1U\1a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "sU\1xh\1s");
	refuses(legacy(&object), "its dictionaries are nested too deeply: not "
	    "a state dict", "a dictionary in itself");
	/* Each list holds the one before sixteen times. */
	object.len = 0;
	mc_buf_puts(&object, "](");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "eq\1");
	multiply_lists(&object);
	mc_buf_puts(&object, "0}U\1xh\1s");
	refuses(legacy(&object), "its dictionaries are nested too deeply: not "
	    "a state dict", "lists that multiply");
	mc_buf_free(&object);
}

/* A view that repeats elements is bounded, and many of them also. */
static void
test_repeated(void)
{
	static const struct tensor wide = { "FloatStorage", 6, 0, 200, 0, 0,
	    false, 0 };
	struct mc_buf object = { 0 };
	struct mc_statedict *sd;
	int i;

	mc_buf_puts(&object, "}(");
	op_text(&object, "0");
	op_tensor(&object, &wide);
	mc_buf_puts(&object, "u");
	sd = reads(legacy(&object), "a view that repeats elements");
	tap_int((long long)mc_statedict_find(sd, "0")->n, 400, "is copied");
	mc_statedict_free(sd);
	object.len = 0;
	mc_buf_puts(&object, "](");
	for (i = 0; i < 40; i++)
		op_tensor(&object, &(struct tensor){ "FloatStorage", 6, 0,
		    4000, 0, 0, false, 0 });
	mc_buf_puts(&object, "eq\1" "0}U\1xh\1s");
	refuses(legacy(&object), "array \"x.2\": its view repeats elements to "
	    "more than 16 times the file", "views that repeat elements");
	mc_buf_free(&object);
}

/* A key that is a number, and views of a storage. */
static void
test_keys(void)
{
	struct mc_buf object = { 0 };
	struct mc_statedict *sd;

	mc_buf_puts(&object, "}(\x8a\2\1\x80");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "u");
	sd = reads(legacy(&object), "a negative number as key");
	TEST(mc_statedict_find(sd, "-32767") != NULL);
	mc_statedict_free(sd);
	mc_buf_free(&object);
	sd = reads(legacy_tensor(&(struct tensor){ "FloatStorage", 6, 0, 1, 2,
	    1, false, 3 }), "a view of a storage");
	TEST(sum(sd) == 3 + 4);
	mc_statedict_free(sd);
	refuses(legacy_tensor(&(struct tensor){ "FloatStorage", 6, 0, 1, 2, 1,
	    false, 4 }), "byte 112 of its pickle: opcode 0x51 on the wrong "
	    "values: damaged, or not a state dict", "a view beyond the end");
}

/* {"epoch": 3, WRAPPER: {"a": a tensor}, "optimizer": {"b": it, "c": ...}} */
static struct mc_buf
checkpoint(const char *wrapper)
{
	struct mc_buf object = { 0 }, b;

	mc_buf_puts(&object, "}(U\5epochK\3");
	op_text(&object, wrapper);
	mc_buf_puts(&object, "}U\1a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "sU\11optimizer}(U\1b");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "U\1cca\nState\n(");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "t\x81uu");
	b = legacy(&object);
	mc_buf_free(&object);
	return b;
}

/* What was left out of SD. */
static void
is_left(const struct mc_statedict *sd, const char *wanted, const char *what)
{
	struct mc_buf text = { 0 };

	mc_statedict_left(sd, &text);
	tap_str(text.len > 0 ? text.data : "", wanted, "%s: what is left out",
	    what);
	mc_buf_free(&text);
}

static void
test_wrappers(void)
{
	static const char *const wrappers[] = {
		"state_dict", "model_state_dict", "model", "teacher",
		"module", "net", "ema", "model_ema", "state_dict_ema"
	};
	struct mc_statedict *sd;
	struct mc_buf object = { 0 };
	size_t i;

	for (i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
		sd = reads(checkpoint(wrappers[i]), wrappers[i]);
		TEST(mc_statedict_count(sd) == 1);
		TEST(mc_statedict_find(sd, "a") != NULL);
		is_left(sd, "2 arrays: 2 in \"optimizer\"", wrappers[i]);
		mc_statedict_free(sd);
	}
	/* Counting lists that multiply comes to an end. */
	mc_buf_puts(&object, "](");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "eq\1");
	multiply_lists(&object);
	mc_buf_puts(&object, "0}(U\1xh\1U\5model}U\1a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "su");
	sd = reads(legacy(&object), "lists that multiply, left out");
	TEST(mc_statedict_count(sd) == 1);
	mc_statedict_free(sd);
	mc_buf_free(&object);
}

/*
 * Values of unknown classes, which nothing is made of: in a dictionary with the
 * array "a", OPCODES between them, the array is read and nothing else.
 */
static void
test_inert(void)
{
	static const char *const values[] = {
		"cargparse\nNamespace\n)\x81}U\2lrG\0\0\0\0\0\0\0\0sb",
		"cos\nsystem\n(U\4true" "tR",	/* not called */
		"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\2f8"
		    "K\3K\1tR(K\3U\1<NNNtbC\1xtR",
		"ctorch\nfloat32\n",
		"ccollections\ndefaultdict\n(c__builtin__\nlist\ntRU\1kK\1s",
		"\x8f(K\1K\2\x90",			/* {1, 2} */
		"(K\1\x91",				/* frozenset((1,)) */
		"ca\nDict\n)RU\1kK\1sK\1a",		/* of dict and list */
		"cpathlib\nPosixPath\n(U\1atR",
		"ca\nB\n)}\x92",
		"(K\1K\2" "1N",
		"}((K\1tK\2u",			/* {(1,): 2} */
		/* Nested deeper than a state dict. */
		"(((((((((((((((((((((((ttttttttttttttttttttttt",
	};
	struct mc_buf object = { 0 };
	struct mc_statedict *sd;
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		object.len = 0;
		mc_buf_puts(&object, "}(");
		op_text(&object, "x");
		if (i == 0)	/* with its NULs */
			mc_buf_add(&object, values[0], 38);
		else
			mc_buf_puts(&object, values[i]);
		op_text(&object, "a");
		op_tensor(&object, &plain);
		mc_buf_puts(&object, "u");
		sd = reads(legacy(&object), "a value of no use");
		tap_int((long long)mc_statedict_count(sd), 1,
		    "one array beside value %zu", i);
		TEST(sum(sd) == 15);
		mc_statedict_free(sd);
	}
	/* Lists that multiply, and a list that holds itself, without tensors. */
	object.len = 0;
	mc_buf_puts(&object, "]q\1h\1a");
	multiply_lists(&object);
	mc_buf_puts(&object, "0}(U\1xh\1U\1a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "u");
	sd = reads(legacy(&object), "lists that multiply, of no use");
	TEST(sum(sd) == 15);
	mc_statedict_free(sd);
	mc_buf_free(&object);
}

/* A tensor in an object that is not understood must not be lost in silence. */
static void
test_needed(void)
{
	static const char *const objects[][3] = {
		/* before the tensor, behind it, the reason */
		{ "}U\1xca\nModule\n(", "t\x81s", "\"x\": an object made by "
		    "`a.Module' holds tensors, and is not read: save a plain "
		    "model.state_dict()" },
		{ "}U\1xca\nModule\n)R}U\1w", "sbs", "\"x\": an object made by "
		    "`a.Module' holds tensors, and is not read: save a plain "
		    "model.state_dict()" },
		{ "}U\1xca\nB\n)R(ca\nC\n(](", "etRes", "\"x\": an object made "
		    "by `a.B' holds tensors, and is not read: save a plain "
		    "model.state_dict()" },
		{ "}((K\1t", "u", "a dictionary with tensors has a key that is "
		    "neither a text nor a number: not a state dict" },
		{ "ca\nNet\n(", "t\x81", "holds an object made by `a.Net', not "
		    "a state dict: save model.state_dict()" },
		/* These hold none; the tensor is dropped from the stack. */
		{ "", "0cos\nsystem\n(U\4true" "tR", "holds an object made by "
		    "`os.system', not a state dict: save model.state_dict()" },
		{ "", "0U\2osU\6system\x93(U\4true" "t\x81", "holds an object "
		    "made by `os.system', not a state dict: save "
		    "model.state_dict()" },
		{ "", "0cfunctools\npartial\n)R)R", "holds an object made by "
		    "`functools.partial', not a state dict: save "
		    "model.state_dict()" },
		{ "", "0c__torch__\nM\n)R", "holds an object made by "
		    "`__torch__.M', not a state dict: save "
		    "model.state_dict()" },
		{ "", "0cos\nsystem\n", "holds no dictionary: not a state "
		    "dict" },
	};
	struct mc_buf object = { 0 };
	size_t i;

	for (i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		object.len = 0;
		mc_buf_puts(&object, objects[i][0]);
		op_tensor(&object, &plain);
		mc_buf_puts(&object, objects[i][1]);
		refuses(legacy(&object), objects[i][2], objects[i][2]);
	}
	mc_buf_free(&object);
}

/* OrderedDict([[key, value]]) is how Python 2 wrote it; BUILD is _metadata. */
static void
test_python2(void)
{
	struct mc_buf object = { 0 };
	struct mc_statedict *sd;

	mc_buf_puts(&object, "ccollections\nOrderedDict\n(](](U\1a");
	op_tensor(&object, &plain);
	mc_buf_puts(&object, "eetR}U\11_metadata}sb");
	sd = reads(legacy(&object), "Python 2's OrderedDict");
	TEST(mc_statedict_find(sd, "a") != NULL);
	mc_statedict_free(sd);
	mc_buf_free(&object);
}

/* The first entry of the zip's directory. */
static char *
first_entry(const struct mc_buf *zip)
{
	return memmem(zip->data, zip->len, "PK\1\2", 4);
}

#define UNREADABLE "encrypted, or compressed by something other than " \
	"deflate: unpack it and zip it with -0"

static void
test_zip(void)
{
	/* zlib.crc32(struct.pack("<6f", 0, 1, 2, 3, 4, 5)) */
	const uint32_t crc = 0x91e79017;
	struct mc_statedict *sd;
	struct mc_buf b;

	sd = reads(zip_file("x/byteorder", "little", crc), "zip");
	tap_str(mc_statedict_format(sd), "torch.save zip", "the format");
	TEST(mc_array_get(mc_statedict_find(sd, "a"), 5) == 5);
	mc_statedict_free(sd);
	sd = reads(zip_file("x/version", "3", 0), "zip without a checksum");
	mc_statedict_free(sd);
	refuses(zip_file("x/byteorder", "little", crc ^ 1),
	    "x/data/0: the zip archive is cut or damaged", "a wrong CRC-32");
	refuses(zip_file("x/byteorder", "big", crc), "its byte order is not "
	    "little-endian: load it with PyTorch and save it as safetensors",
	    "big-endian");
	sd = reads(zip_file("x/constants.pkl", "", crc), "TorchScript");
	tap_str(mc_statedict_format(sd), "TorchScript", "its format");
	mc_statedict_free(sd);
	refuses(zip_file("x/data/0", "", crc),
	    "two members are named \"x/data/0\"", "a member twice");
	b = zip_file("x/version", "3", crc);
	*first_entry(&b) = 'Q';
	refuses(b, "an entry of the directory: the zip archive is cut or "
	    "damaged", "a damaged directory");
	b = zip_file("x/version", "3", crc);
	first_entry(&b)[10] = 8;
	refuses(b, "x/data.pkl: the zip archive is cut or damaged",
	    "a member that does not inflate");
	b = zip_file("x/version", "3", crc);
	first_entry(&b)[10] = 12;
	refuses(b, "x/data.pkl: " UNREADABLE, "another compression");
	b = zip_file("x/version", "3", crc);
	first_entry(&b)[8] = 1;
	refuses(b, "x/data.pkl: " UNREADABLE, "an encrypted member");
	b = zip_file("x/version", "3", crc);
	first_entry(&b)[8] = 1;
	first_entry(&b)[10] = 8;
	refuses(b, "x/data.pkl: " UNREADABLE, "one that is both");
	b = zip_file("x/version", "3", crc);
	b.data[b.len - 2] = 23;
	mc_buf_puts(&b, "PK\5\6 is not the end yet");
	mc_statedict_free(reads(b, "a comment that looks like the end"));
}

/* Change the N bytes at P to V. */
static void
set_le(char *p, uint64_t v, int n)
{
	for (; n > 0; n--, v >>= 8)
		*p++ = (char)(v & 255);
}

/*
 * The 64-bit fields of a file beyond 4 GiB, whose entries are few: the offset
 * of the directory, and that of its first member behind another extra field.
 */
static void
test_zip64(void)
{
	struct mc_buf plain_zip = zip_file("x/version", "3", 0), b = { 0 };
	size_t at = (size_t)(first_entry(&plain_zip) - plain_zip.data), end;
	size_t behind = at + 46 + strlen("x/data.pkl");
	char *entry;

	/* The first entry with its extra fields, then the other entries. */
	mc_buf_add(&b, plain_zip.data, behind);
	entry = b.data + at;
	set_le(entry + 30, 5 + 12, 2);
	set_le(entry + 42, 0xffffffff, 4);
	mc_buf_add(&b, "UT\1\0x" "\1\0\10\0", 9);
	add_le(&b, 0, 8);
	end = plain_zip.len - 22;
	mc_buf_add(&b, plain_zip.data + behind, end - behind);
	end = b.len;
	mc_buf_puts(&b, "PK\6\6");
	add_le(&b, 44, 8);
	add_le(&b, 0, 12);
	add_le(&b, 3, 8);
	add_le(&b, 3, 8);
	add_le(&b, end - at, 8);
	add_le(&b, at, 8);
	mc_buf_puts(&b, "PK\6\7");
	add_le(&b, 0, 4);
	add_le(&b, end, 8);
	add_le(&b, 1, 4);
	mc_buf_add(&b, plain_zip.data + plain_zip.len - 22, 22);
	set_le(b.data + b.len - 6, 0xffffffff, 4);
	mc_statedict_free(reads(b, "offsets beyond 32 bits"));
	mc_buf_free(&plain_zip);
}

static void
test_strangers(void)
{
	static const struct {
		const char *bytes, *reason;
	} cases[] = {
	{ "", "the file is empty" },
	{ "abc", "neither safetensors nor torch.save, or cut near its "
	    "beginning" },
	{ "<!DOCTYPE html>", "a web page, not weights: download it again" },
	{ "version https://git-lfs.github.com/spec/v1", "a Git LFS pointer, "
	    "not the weights themselves: run git lfs pull" },
	{ "\x80\2K\1.", "a pickle, but not from torch.save" },
	{ "\x80\5K\1.", "a pickle, but not from torch.save" },
	{ "\x80\2cos\nsystem\n.", "a pickle, but not from torch.save" },
	};
	struct mc_buf b;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		b = (struct mc_buf){ 0 };
		mc_buf_puts(&b, cases[i].bytes);
		refuses(b, cases[i].reason, cases[i].reason);
	}
	b = (struct mc_buf){ 0 };
	memset(mc_buf_room(&b, 512), 'x', 512);
	b.len = 512;
	memcpy(b.data + 257, "ustar", 5);
	refuses(b, "a tar archive: torch.save's oldest format is not read; "
	    "load it with PyTorch and save it again", "the oldest format");
}

/* --- numbers, and files that are no memory ------------------------------ */

static void
test_numbers(void)
{
	/* 1, -2, the smallest subnormal, infinity, -0; IEEE 754-2008, 3.6. */
	static const uint16_t half[] = { 0x3c00, 0xc000, 1, 0x7c00, 0x8000 };
	static const uint16_t brain[] = { 0x3f80, 0xc000, 1 };
	/*
	 * Halfway between two float32s but for its last bit.  volatile, so that
	 * the machine rounds it below and not the compiler: valgrind's rounds
	 * twice.
	 */
	static volatile const int64_t whole[] = { (INT64_C(1) << 62) +
	    (INT64_C(1) << 38) + 1 };
	struct mc_array a = { .dtype = MC_F16, .data = half, .n = 5 };
	float f[5];

	mc_array_to_f32(&a, f);
	TEST(f[0] == 1 && f[1] == -2 && f[2] == 0x1p-24f && isinf(f[3]));
	TEST(f[4] == 0 && signbit(f[4]));
	a = (struct mc_array){ .dtype = MC_BF16, .data = brain, .n = 3 };
	mc_array_to_f32(&a, f);
	TEST(f[0] == 1 && f[1] == -2 && f[2] == 0x1p-133f);
	a = (struct mc_array){ .dtype = MC_I64, .n = 1,
	    .data = (const void *)(uintptr_t)whole };
	mc_array_to_f32(&a, f);
	TEST(f[0] == (float)whole[0]);
}

/* Read BYTES from standard input. */
static enum mc_status
open_piped(struct mc_statedict **sd, const void *bytes, size_t n)
{
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], bytes, n) < 0)
		tap_ok(false, "no pipe");
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	return mc_statedict_open(sd, "-", &every, &err);
}

static void
test_open(void)
{
	struct mc_buf b = legacy_tensor(&plain);
	struct mc_statedict *sd;
	char hex[MC_SHA256_HEX];
	static const char index[] = "{\"weight_map\":{\"a\":\"file\"}}";

	put("file", b.data, b.len);
	mc_sha256_bytes(b.data, b.len, hex);
	TEST(mc_statedict_open(&sd, "file", &every, &err) == MC_OK);
	TEST(sum(sd) == 15);
	tap_str(mc_statedict_sha256(sd), hex, "the digest of a file");
	mc_statedict_free(sd);
	TEST(mc_statedict_open(&sd, "none", &every, &err) == MC_EIO);
	tap_str(err.text, "none: No such file or directory", "no file");
	TEST(mc_statedict_open(&sd, ".", &every, &err) == MC_EIO);
	tap_str(err.text, ".: a folder without model.safetensors, "
	    "pytorch_model.bin or another name that Hugging Face's "
	    "repositories have for weights: give the file", "a folder");
	TEST(open_piped(&sd, b.data, b.len) == MC_OK);
	TEST(sum(sd) == 15);
	mc_statedict_free(sd);
	/* Nothing lies beside it. */
	TEST(open_piped(&sd, index, sizeof(index) - 1) == MC_EDATA);
	mc_statedict_free(sd);
	mc_buf_free(&b);
}

/* An entry of a checkpoint, and what is no entry. */
static void
test_from(void)
{
	static const struct {
		const char *file, *from, *prefix, *why;
	} cases[] = {
	{ "file", "epoch", NULL, "file: --from epoch: there is no dictionary "
	    "of that name; there are: swa, optimizer" },
	{ "plain", "swa", NULL, "plain: --from swa: there is no dictionary of "
	    "that name; there are: none" },
	{ "one.safetensors", "swa", NULL, "one.safetensors: --from swa: a "
	    "safetensors file has no entries: choose arrays with --prefix" },
	{ "an.index.json", "swa", NULL, "an.index.json: --from swa: a "
	    "safetensors file has no entries: choose arrays with --prefix" },
	{ "one.safetensors", NULL, "none", "one.safetensors: no array is below --prefix none: "
	    "mc-weights show prints the names" },
	};
	const struct mc_excerpt chosen = { .from = "swa" };
	struct mc_buf b = checkpoint("swa"), tensor = legacy_tensor(&plain);
	struct mc_buf one = safetensors("{\"a\":" ENTRY("U8", "1", "0,1") "}",
	    1);
	struct mc_statedict *sd;
	size_t i;

	put("file", b.data, b.len);
	put("plain", tensor.data, tensor.len);
	put("one.safetensors", one.data, one.len);
	put("an.index.json", "{\"weight_map\":{}}", 17);
	TEST(mc_statedict_open(&sd, "file", &chosen, &err) == MC_OK);
	TEST(mc_statedict_count(sd) == 1 && mc_statedict_find(sd, "a") != NULL);
	is_left(sd, "2 arrays: 2 in \"optimizer\"", "--from");
	mc_statedict_free(sd);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct mc_excerpt excerpt = { .from = cases[i].from,
		    .prefix = cases[i].prefix };

		TEST(mc_statedict_open(&sd, cases[i].file, &excerpt, &err) ==
		    MC_EDATA);
		TEST(sd == NULL);
		tap_str(err.text, cases[i].why, "%s", cases[i].why);
	}
	mc_buf_free(&b);
	mc_buf_free(&tensor);
	mc_buf_free(&one);
}

/* --- the registry, and names that are refused --------------------------- */

static void
test_registry(void)
{
	char *path;

	TEST(mc_weights_named("dir/vgg16-397923af.pth") != NULL);
	TEST(mc_weights_named("vgg16.pth") == NULL);
	TEST(mc_weights_verify("d/resnet18-f37072fd.pth", "f37072fd00", &err)
	    == MC_OK);
	TEST(mc_weights_verify("dinov2_vits14_linear4_head.pth", "00", &err)
	    == MC_END);
	TEST(mc_weights_verify("own.pth", "00", &err) == MC_END);
	TEST(mc_weights_verify("dinov2_vits14_pretrain.pth", "b938bf1b", &err)
	    == MC_EDATA);
	setenv("TORCH_HOME", "t", 1);
	setenv("XDG_CACHE_HOME", "x", 1);
	TEST(mc_weights_locate("resnet50", &path, &err) == MC_EIO);
	tap_str(err.text, "the weights resnet50-0676ba61.pth are missing: "
	    "run mc-weights fetch resnet50, or give --weights FILE, or "
	    "--weights random", "weights that are not in the cache");
	TEST(mc_weights_verify("resnet50-11ad3fa6.pth", "00", &err) ==
	    MC_EDATA);
	tap_str(err.text, "resnet50-11ad3fa6.pth: not the published file: its "
	    "SHA-256 is 00, not 11ad3fa6...: remove it and run mc-weights "
	    "fetch resnet50-11ad3fa6.pth", "not the default file");
	path = mc_weights_place(mc_weights_named("vgg16-397923af.pth"));
	tap_str(path, "t/hub/checkpoints/vgg16-397923af.pth", "the place");
	free(path);
	setenv("TORCH_HOME", "", 1);
	path = mc_weights_place(mc_weights_named("vgg16-397923af.pth"));
	tap_str(path, "x/torch/hub/checkpoints/vgg16-397923af.pth",
	    "where a variable is empty");
	free(path);
	setenv("TORCH_HOME", "t", 1);
	TEST(mc_weights_locate("resnet99", &path, &err) == MC_EUSAGE);
	TEST(mc_weights_locate_head("resnet50", &path, &err) == MC_EUSAGE);
	tap_str(err.text, "no published ImageNet head of resnet50 is known: "
	    "give --weights FILE, or --weights random", "no head");
	if (system("mkdir -p x/torch/hub/checkpoints && "
	    ": >x/torch/hub/checkpoints/dinov2_vits14_linear4_head.pth") != 0)
		tap_ok(false, "no folder");
	TEST(mc_weights_locate_head("dinov2_vits14", &path, &err) == MC_OK);
	tap_str(path, "x/torch/hub/checkpoints/dinov2_vits14_linear4_head.pth",
	    "the second place");
	free(path);
}

static void
test_rename(void)
{
	struct mc_statedict *sd;

	sd = reads(safetensors("{\"module.conv1.weight\":" ENTRY("U8", "2",
	    "0,2") ",\"fc.bias\":" ENTRY("U8", "1", "2,3") "}", 3), "names");
	TEST(mc_statedict_rename(sd, "resnet18", &err) == MC_OK);
	TEST(mc_statedict_find(sd, "conv1.weight") != NULL);
	TEST(mc_statedict_find(sd, "fc.bias") != NULL);
	TEST(mc_statedict_find(sd, "module.conv1.weight") == NULL);
	mc_statedict_free(sd);
	sd = reads(safetensors("{\"blocks.0.attn.q.bias\":" ENTRY("U8", "1",
	    "0,1") ",\"blocks.0.attn.k.bias\":" ENTRY("I8", "1", "1,2")
	    ",\"blocks.0.attn.v.bias\":" ENTRY("U8", "1", "2,3") "}", 3),
	    "a key of another type");
	TEST(mc_statedict_rename(sd, "vit_base_patch16_224", &err) == MC_EDATA);
	mc_statedict_free(sd);
	sd = reads(safetensors("{\"dino_head.mlp\":" ENTRY("U8", "2", "0,2")
	    "}", 2), "a head of training alone");
	TEST(mc_statedict_rename(sd, "dinov2_vits14", &err) == MC_EDATA);
	tap_str(err.text, "w: nothing remains: left out 1 array: 1 of a head: "
	    "choose with --from or --prefix", "nothing is left");
	mc_statedict_free(sd);
}

/* Five arrays, of which a backbone wants "a". */
static struct mc_statedict *
parts(void)
{
	return reads(safetensors("{\"x.a\":" ENTRY("U8", "1", "0,1")
	    ",\"x.fc.w\":" ENTRY("U8", "1", "1,2") ",\"x.queue\":"
	    ENTRY("U8", "1", "2,3") ",\"x.odd.w\":" ENTRY("U8", "1", "3,4")
	    ",\"y.a\":" ENTRY("U8", "1", "4,5") "}", 5), "parts");
}

static bool
wants(const char *name, const void *arg)
{
	return strcmp(name, arg) == 0;
}

static void
test_parts(void)
{
	struct mc_statedict *sd = parts();
	struct mc_buf text = { 0 };

	TEST(!mc_statedict_left(sd, &text) && text.len == 0);
	TEST(mc_statedict_below(sd, "x.", &err) == MC_OK);
	TEST(mc_statedict_leave_out(sd, wants, "a", NULL, &err) == MC_OK);
	TEST(mc_statedict_count(sd) == 2);
	TEST(mc_statedict_find(sd, "a") != NULL);
	TEST(mc_statedict_find(sd, "odd.w") != NULL);
	TEST(mc_statedict_leave_out(sd, wants, "a", "o*.w", &err) == MC_OK);
	TEST(mc_statedict_count(sd) == 1);
	TEST(mc_statedict_left(sd, &text));
	tap_str(text.data, "4 arrays: 1 of a head, 1 of a queue, 1 allowed by "
	    "--allow-extra, 1 outside of --prefix", "what is left out");
	mc_buf_free(&text);
	mc_statedict_free(sd);
	sd = parts();
	TEST(mc_statedict_leave_out(sd, wants, "x.fc.w", NULL, &err) == MC_OK);
	TEST(mc_statedict_count(sd) == 5);
	TEST(mc_statedict_below(sd, "x", &err) == MC_OK);
	TEST(mc_statedict_leave_out(sd, wants, "fc.w", NULL, &err) == MC_OK);
	TEST(mc_statedict_find(sd, "fc.w") != NULL);
	TEST(mc_statedict_find(sd, "queue") == NULL);
	mc_statedict_free(sd);
	sd = parts();
	TEST(mc_statedict_below(sd, "x", &err) == MC_OK);
	TEST(mc_statedict_leave_out(sd, NULL, NULL, "o*", &err) == MC_OK);
	TEST(mc_statedict_count(sd) == 3);
	TEST(mc_statedict_find(sd, "queue") != NULL);
	TEST(mc_statedict_below(sd, "f", &err) == MC_EDATA);
	tap_str(err.text, "w: no array is below --prefix f: mc-weights show "
	    "prints the names", "no such prefix");
	mc_statedict_free(sd);
}

#define INDEX "{\"metadata\":{\"total_size\":3},\"weight_map\":{"

static void
index_fails(const char *map, const char *message)
{
	struct mc_buf b = { 0 };
	struct mc_statedict *sd;

	mc_buf_printf(&b, "%s%s}}", INDEX, map);
	put("shards/model.safetensors.index.json", b.data, b.len);
	mc_buf_free(&b);
	TEST(mc_statedict_open(&sd, "shards", &every, &err) != MC_OK);
	TEST(sd == NULL);
	tap_str(err.text, message, "shards: %s", message);
}

static void
test_shards(void)
{
	static const char good[] = INDEX "\"b\":\"2.safetensors\","
	    "\"a\":\"1.safetensors\"}}";
	struct mc_buf one = safetensors("{\"a\":" ENTRY("U8", "2", "0,2") ","
	    "\"b\":" ENTRY("U8", "1", "2,3") "}", 3);
	struct mc_buf two = safetensors("{\"b\":" ENTRY("U8", "2", "0,2") "}",
	    2), text = { 0 };
	char hex[3][MC_SHA256_HEX];
	struct mc_statedict *sd;

	if (system("mkdir -p shards") != 0)
		tap_ok(false, "no folder");
	put("shards/1.safetensors", one.data, one.len);
	put("shards/2.safetensors", two.data, two.len);
	put("shards/model.safetensors.index.json", good, sizeof(good) - 1);
	TEST(mc_statedict_open(&sd, "shards", &every, &err) == MC_OK);
	TEST(mc_statedict_count(sd) == 2);
	TEST(mc_statedict_find(sd, "a")->n == 2);
	/* Not the one of the other shard, which the index does not name. */
	TEST(mc_statedict_find(sd, "b")->n == 2);
	tap_str(mc_statedict_format(sd), "safetensors in shards", "the format");
	mc_sha256_bytes(good, sizeof(good) - 1, hex[0]);
	mc_sha256_bytes(two.data, two.len, hex[1]);
	mc_sha256_bytes(one.data, one.len, hex[2]);
	mc_buf_printf(&text, "%s  model.safetensors.index.json\n%s  "
	    "2.safetensors\n%s  1.safetensors\n", hex[0], hex[1], hex[2]);
	mc_sha256_bytes(text.data, text.len, hex[0]);
	tap_str(mc_statedict_sha256(sd), hex[0], "the digest of shards");
	TEST(mc_weights_sha256("shards", hex[1], &err) == MC_OK);
	tap_str(hex[1], hex[0], "and of the folder");
	TEST(mc_weights_sha256("shards/model.safetensors.index.json", hex[1],
	    &err) == MC_OK);
	tap_str(hex[1], hex[0], "and of the index");
	TEST(mc_weights_sha256("shards/1.safetensors", hex[1], &err) == MC_OK);
	tap_str(hex[1], hex[2], "and of a file");
	mc_statedict_free(sd);
	mc_buf_free(&text);
	mc_buf_free(&one);
	mc_buf_free(&two);

	index_fails("\"a\":\"3.safetensors\"",
	    "shards/model.safetensors.index.json: a shard that it names: "
	    "shards/3.safetensors: No such file or directory");
	index_fails("\"c\":\"1.safetensors\"",
	    "shards/model.safetensors.index.json: array \"c\": not in "
	    "shards/1.safetensors");
	index_fails("\"a\":\"../file\"", "shards/model.safetensors.index."
	    "json: array \"a\": no name of a file");
	index_fails("\"a\":\"1.safetensors\",\"a\":\"2.safetensors\"",
	    "shards/model.safetensors.index.json: not an index of shards: "
	    "byte 66: duplicate object key near '\"a\"'");
	index_fails("\"a\":3", "shards/model.safetensors.index.json: array "
	    "\"a\": no name of a file");
	index_fails("\"a\":\"model.safetensors.index.json\"",
	    "shards/model.safetensors.index.json: a shard that it names: "
	    "shards/model.safetensors.index.json: neither safetensors nor "
	    "torch.save, or cut near its beginning");
	put("shards/model.safetensors.index.json", "{}", 2);
	TEST(mc_statedict_open(&sd, "shards", &every, &err) == MC_EDATA);
	tap_str(err.text, "shards/model.safetensors.index.json: JSON without a "
	    "weight_map: not an index of shards", "no weight_map");
}

static void
test_hub(void)
{
	static const char *const names[] = {
		"hf:../m", "hf:a/b/c", "hf:", "hf:a/", "hf:/m", "hf:a b"
	};
	struct mc_buf b = safetensors("{\"a\":" ENTRY("U8", "2", "0,2") "}", 2);
	char hex[2][MC_SHA256_HEX];
	struct mc_statedict *sd;
	size_t i;

	setenv("HF_HOME", "hf", 1);
	unsetenv("HF_HUB_CACHE");
	unsetenv("HUGGINGFACE_HUB_CACHE");
	TEST(mc_statedict_open(&sd, "hf:o/m", &every, &err) == MC_EIO);
	TEST(sd == NULL);
	tap_str(err.text, "hf:o/m is not in Hugging Face's cache: "
	    "hf/hub/models--o--m/refs/main: No such file or directory: "
	    "download it first, or give the folder of one of its snapshots",
	    "no model");
	if (system("mkdir -p hf/hub/models--o--m/refs "
	    "hf/hub/models--o--m/snapshots/12ab && "
	    "printf 12ab >hf/hub/models--o--m/refs/main") != 0)
		tap_ok(false, "no cache");
	TEST(mc_statedict_open(&sd, "hf:o/m", &every, &err) == MC_EIO);
	tap_str(err.text, "hf/hub/models--o--m/snapshots/12ab: a folder "
	    "without model.safetensors, pytorch_model.bin or another name "
	    "that Hugging Face's repositories have for weights: give the "
	    "file", "no file");
	put("hf/hub/models--o--m/snapshots/12ab/model.safetensors", b.data,
	    b.len);
	TEST(mc_statedict_open(&sd, "hf:o/m", &every, &err) == MC_OK);
	tap_str(mc_statedict_name(sd), "hf/hub/models--o--m/snapshots/12ab/"
	    "model.safetensors", "the file of a model");
	mc_statedict_free(sd);
	put("hf/hub/models--o--m/snapshots/12ab/pytorch_model.bin", "no", 2);
	put("hf/hub/models--o--m/refs/main", "12ab\n", 5);
	TEST(mc_statedict_open(&sd, "hf:o/m", &every, &err) == MC_OK);
	mc_statedict_free(sd);
	mc_sha256_bytes(b.data, b.len, hex[0]);
	TEST(mc_weights_sha256("hf:o/m", hex[1], &err) == MC_OK);
	tap_str(hex[1], hex[0], "the digest of a model");
	put("hf/hub/models--o--m/refs/main", "", 0);
	TEST(mc_statedict_open(&sd, "hf:o/m", &every, &err) == MC_EDATA);
	put("hf/hub/models--o--m/refs/main", "main", 4);
	TEST(mc_statedict_open(&sd, "hf:o/m", &every, &err) == MC_EDATA);
	tap_str(err.text, "hf:o/m is not in Hugging Face's cache: "
	    "hf/hub/models--o--m/refs/main: holds no commit: download it first, "
	    "or give the folder of one of its snapshots",
	    "no commit");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		TEST(mc_statedict_open(&sd, names[i], &every, &err) ==
		    MC_EUSAGE);
		tap_ok(strstr(err.text, ": a model of Hugging Face is named "
		    "hf:ORGANISATION/NAME") != NULL, "%s: no name", names[i]);
	}
	mc_buf_free(&b);
}

/* The variables that say where the cache is; the first one counts. */
static void
test_hub_cache(void)
{
	static const struct {
		const char *variable, *folder;
	} places[] = {
		{ "HOME", "d/.cache/huggingface/hub" },
		{ "XDG_CACHE_HOME", "d/huggingface/hub" },
		{ "HF_HOME", "d/hub" },
		{ "HUGGINGFACE_HUB_CACHE", "d" }, { "HF_HUB_CACHE", "e" },
	};
	const size_t n = sizeof(places) / sizeof(places[0]);
	struct mc_statedict *sd;
	char *wanted;
	size_t i;

	for (i = 0; i < n; i++)
		setenv(places[i].variable, "", 1);
	TEST(mc_statedict_open(&sd, "hf:m", &every, &err) == MC_EUSAGE);
	tap_str(err.text, "hf:m: neither HF_HOME nor HOME is set", "no cache");
	for (i = 0; i < n; i++) {
		setenv(places[i].variable, i < n - 1 ? "d" : "e", 1);
		wanted = mc_xasprintf("hf:m is not in Hugging Face's cache: "
		    "%s/models--m/refs/main: No such file or directory: "
		    "download it first, or give the folder of one of its "
		    "snapshots", places[i].folder);
		TEST(mc_statedict_open(&sd, "hf:m", &every, &err) == MC_EIO);
		tap_str(err.text, wanted, "$%s", places[i].variable);
		free(wanted);
	}
}

/* More than one piece of a mapped file, and what follows is still there. */
static void
test_pieces(void)
{
	size_t n = ((size_t)5 << 19) + 3, i, wrong = 0;
	double *x = mc_xcalloc(n, sizeof(*x));
	float *f = mc_xcalloc(n, sizeof(*f));
	const struct mc_array arrays[] = {
		{ .name = "a", .dtype = MC_F64, .ndim = 1,
		    .shape = { (int64_t)n }, .data = x, .n = n },
		{ .name = "b", .dtype = MC_F64, .ndim = 1, .shape = { 1 },
		    .data = x + n - 1, .n = 1 }
	};
	FILE *spool = mc_spool_open(&err);
	struct mc_statedict *sd = NULL;

	for (i = 0; i < n; i++)
		x[i] = (double)i;
	TEST(mc_safetensors_write(spool, arrays, 2, NULL, &err) == MC_OK &&
	    mc_statedict_from_spool(&sd, spool, "spool", &err) == MC_OK);
	fclose(spool);
	mc_statedict_to_f32(sd, mc_statedict_find(sd, "a"), f);
	for (i = 0; i < n; i++)
		wrong += f[i] != (float)i;
	tap_int((long long)wrong, 0, "all elements are converted");
	mc_statedict_to_f32(sd, mc_statedict_find(sd, "b"), f);
	tap_near(f[0], (double)(n - 1), 0, "and those of the next array");
	mc_statedict_free(sd);
	free(x);
	free(f);
}

int
main(void)
{
	static const struct tensor turned = { "FloatStorage", 6, 0, 3, 1, 3, false, 0 };

	test_safetensors();
	test_safetensors_refusals();
	test_safetensors_write();
	test_legacy();
	test_tensor_refusals();
	test_pickle_refusals();
	test_object_refusals();
	test_inert();
	test_repeated();
	test_keys();
	test_wrappers();
	test_from();
	test_needed();
	test_python2();
	test_zip();
	test_zip64();
	test_strangers();
	test_numbers();
	test_open();
	test_pieces();
	test_registry();
	test_rename();
	test_parts();
	test_shards();
	test_hub();
	test_hub_cache();
	damage(safetensors("{\"b\":" ENTRY("F32", "2", "0,8") ",\"a\":"
	    ENTRY("BF16", "", "8,10") "}", 10), "safetensors");
	damage(legacy_tensor(&turned), "legacy");
	damage(zip_file("x/byteorder", "little", 0x91e79017), "zip");
	return tap_done();
}
