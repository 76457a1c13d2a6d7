/*
 * torchfile.c - fuzz lib/weights/torchfile.c: the input is the data.pkl of a
 * file of torch.save, whose check sums are made right and whose other member is
 * the storage "0" of 64 bytes.
 */
#include "config.h"

#include <string.h>

#include <zlib.h>

#include "fuzz.h"
#include "weights/statedict.h"

struct member {
	const char *name;
	const void *bytes;
	size_t n;
	size_t at;		/* in the archive */
};

static void
add_number(struct mc_buf *zip, uint64_t value, int bytes)
{
	char byte;

	for (; bytes > 0; bytes--, value >>= 8) {
		byte = (char)(value & 0xff);
		mc_buf_add(zip, &byte, 1);
	}
}

/* What a local header and an entry of the directory have in common. */
static void
add_facts(struct mc_buf *zip, const struct member *m)
{
	add_number(zip, 10, 2);		/* version needed */
	add_number(zip, 0, 2);		/* flags */
	add_number(zip, 0, 2);		/* stored */
	add_number(zip, 0, 4);		/* time */
	add_number(zip, crc32(0, m->bytes, (uInt)m->n), 4);
	add_number(zip, m->n, 4);
	add_number(zip, m->n, 4);
	add_number(zip, strlen(m->name), 2);
	add_number(zip, 0, 2);		/* extra */
}

static void
make_zip(struct mc_buf *zip, struct member *m, size_t n)
{
	size_t i, directory;

	for (i = 0; i < n; i++) {
		m[i].at = zip->len;
		mc_buf_puts(zip, "PK\3\4");
		add_facts(zip, &m[i]);
		mc_buf_puts(zip, m[i].name);
		mc_buf_add(zip, m[i].bytes, m[i].n);
	}
	directory = zip->len;
	for (i = 0; i < n; i++) {
		mc_buf_puts(zip, "PK\1\2");
		add_number(zip, 10, 2);	/* made by */
		add_facts(zip, &m[i]);
		add_number(zip, 0, 10);	/* comment, disk, attributes */
		add_number(zip, m[i].at, 4);
		mc_buf_puts(zip, m[i].name);
	}
	i = zip->len - directory;
	mc_buf_puts(zip, "PK\5\6");
	add_number(zip, 0, 4);
	add_number(zip, n, 2);
	add_number(zip, n, 2);
	add_number(zip, i, 4);
	add_number(zip, directory, 4);
	add_number(zip, 0, 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char storage[64] = "weights";
	struct member members[] = {
		{ "archive/data.pkl", bytes, n, 0 },
		{ "archive/data/0", storage, sizeof(storage), 0 },
		{ "archive/version", "3\n", 2, 0 },
	};
	struct mc_buf zip = { 0 };
	struct mc_statedict *sd;
	struct mc_err err;
	size_t i;

	make_zip(&zip, members, 3);
	if (mc_statedict_from_bytes(&sd, zip.data, zip.len, "input", &err) ==
	    MC_OK) {
		for (i = 0; i < mc_statedict_count(sd); i++) {
			const struct mc_array *a = mc_statedict_at(sd, i);

			fuzz_read(a->data, a->n * mc_dtype_size(a->dtype));
		}
		mc_statedict_free(sd);
	}
	mc_buf_free(&zip);
	return 0;
}
