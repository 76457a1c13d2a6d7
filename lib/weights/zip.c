/* zip.c - the central directory; PKWARE's APPNOTE.TXT, section 4.3. */
#include "config.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/mem.h"
#include "weights/dict_internal.h"
#include "weights/zip.h"

/* The fixed parts of the records, and the first four bytes of each. */
enum {
	LOCAL = 30, CENTRAL = 46, END = 22, END64 = 56, LOCATOR64 = 20,
	COMMENT_MOST = 65535
};
#define LOCAL_SIGNATURE		0x04034b50
#define CENTRAL_SIGNATURE	0x02014b50
#define END_SIGNATURE		0x06054b50
#define END64_SIGNATURE		0x06064b50
#define LOCATOR64_SIGNATURE	0x07064b50
#define WIDE			0xffffffff	/* the value is in zip64's */

struct member {
	char *path;
	int flags, method;
	uint32_t crc;
	uint64_t packed, size, header;	/* header: offset of the local one */
	bool checked;
	unsigned char *inflated;	/* its bytes, once asked for; or NULL */
};

struct mc_zip {
	const unsigned char *file;
	size_t n;
	const char *name;
	struct member *members;		/* sorted by path */
	size_t nmembers, cap;
	uint64_t inflated;		/* bytes in memory */
};

static enum mc_status
damaged(const struct mc_zip *zip, const char *what, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, zip->name, 0,
	    "%s: the zip archive is cut or damaged", what);
}

/* The record of LENGTH bytes with SIGNATURE at OFFSET, or NULL. */
static const unsigned char *
record(const struct mc_zip *zip, uint64_t offset, size_t length,
    uint32_t signature)
{
	const unsigned char *p;

	if (offset > zip->n || length > zip->n - offset)
		return NULL;
	p = zip->file + offset;
	return mc_le(p, 4) == signature ? p : NULL;
}

/*
 * Find the directory: its offset, and the number of its entries.  The record
 * that says it ends the file, but for a comment.
 */
static enum mc_status
find_directory(const struct mc_zip *zip, uint64_t *offset, uint64_t *entries,
    struct mc_err *err)
{
	const unsigned char *end = NULL, *p;
	size_t back;

	for (back = END; back <= zip->n && back <= END + COMMENT_MOST;
	    back++) {
		end = record(zip, zip->n - back, END, END_SIGNATURE);
		if (end != NULL && mc_le(end + 20, 2) == back - END)
			break;
		end = NULL;
	}
	if (end == NULL)
		return damaged(zip, "no directory at the end", err);
	*entries = mc_le(end + 10, 2);
	*offset = mc_le(end + 16, 4);
	if (*entries != 0xffff && *offset != WIDE)
		return MC_OK;
	back += LOCATOR64;
	p = back > zip->n ? NULL :
	    record(zip, zip->n - back, LOCATOR64, LOCATOR64_SIGNATURE);
	if (p != NULL)
		p = record(zip, mc_le(p + 8, 8), END64, END64_SIGNATURE);
	if (p == NULL)
		return damaged(zip, "no zip64 directory", err);
	*entries = mc_le(p + 32, 8);
	*offset = mc_le(p + 48, 8);
	return MC_OK;
}

/* Values that did not fit into 32 bits, from the N bytes of extra fields. */
static bool
widen(struct member *m, const unsigned char *extra, size_t n)
{
	uint64_t *wide[] = { &m->size, &m->packed, &m->header };
	size_t i, length;

	while (n >= 4) {
		length = mc_le(extra + 2, 2);
		if (length > n - 4)
			return false;
		if (mc_le(extra, 2) == 1)
			break;
		extra += 4 + length;
		n -= 4 + length;
	}
	length = n >= 4 ? mc_le(extra + 2, 2) : 0;
	extra += 4;
	for (i = 0; i < 3; i++) {
		if (*wide[i] != WIDE)
			continue;
		if (length < 8)
			return false;
		*wide[i] = mc_le(extra, 8);
		extra += 8;
		length -= 8;
	}
	return true;
}

/* One entry of the directory at *OFFSET, which moves past it. */
static enum mc_status
read_entry(struct mc_zip *zip, uint64_t *offset, struct mc_err *err)
{
	const unsigned char *p = record(zip, *offset, CENTRAL,
	    CENTRAL_SIGNATURE);
	struct member m = { 0 };
	size_t path, extra, length;

	if (p == NULL)
		return damaged(zip, "an entry of the directory", err);
	path = mc_le(p + 28, 2);
	extra = mc_le(p + 30, 2);
	length = CENTRAL + path + extra + mc_le(p + 32, 2);
	m.flags = (int)mc_le(p + 8, 2);
	m.method = (int)mc_le(p + 10, 2);
	m.crc = (uint32_t)mc_le(p + 16, 4);
	m.packed = mc_le(p + 20, 4);
	m.size = mc_le(p + 24, 4);
	m.header = mc_le(p + 42, 4);
	if (length > zip->n - *offset || !widen(&m, p + CENTRAL + path, extra))
		return damaged(zip, "an entry of the directory", err);
	m.path = mc_xstrndup((const char *)p + CENTRAL, path);
	zip->members = mc_xgrow(zip->members, zip->nmembers, &zip->cap,
	    sizeof(*zip->members));
	zip->members[zip->nmembers++] = m;
	*offset += length;
	return MC_OK;
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static enum mc_status
read_directory(struct mc_zip *zip, struct mc_err *err)
{
	uint64_t offset = 0, entries = 0, i;
	enum mc_status status;

	status = find_directory(zip, &offset, &entries, err);
	for (i = 0; status == MC_OK && i < entries; i++)
		status = read_entry(zip, &offset, err);
	if (status != MC_OK || zip->nmembers == 0)
		return status;
	qsort(zip->members, zip->nmembers, sizeof(*zip->members),
	    compare_members);
	for (i = 1; i < zip->nmembers; i++) {
		if (compare_members(&zip->members[i - 1],
		    &zip->members[i]) == 0)
			return mc_err_at(err, MC_EDATA, zip->name, 0,
			    "two members are named \"%s\"",
			    zip->members[i].path);
	}
	return MC_OK;
}

enum mc_status
mc_zip_open(struct mc_zip **result, const unsigned char *file, size_t n,
    const char *name, struct mc_err *err)
{
	struct mc_zip *zip = mc_xcalloc(1, sizeof(*zip));
	enum mc_status status;

	*result = NULL;
	zip->file = file;
	zip->n = n;
	zip->name = name;
	status = read_directory(zip, err);
	if (status != MC_OK) {
		mc_zip_free(zip);
		return status;
	}
	*result = zip;
	return MC_OK;
}

void
mc_zip_free(struct mc_zip *zip)
{
	size_t i;

	if (zip == NULL)
		return;
	for (i = 0; i < zip->nmembers; i++) {
		free(zip->members[i].path);
		free(zip->members[i].inflated);
	}
	free(zip->members);
	free(zip);
}

char *
mc_zip_folder(const struct mc_zip *zip, const char *leaf)
{
	const char *path, *slash;
	size_t i;

	for (i = 0; i < zip->nmembers; i++) {
		path = zip->members[i].path;
		slash = strchr(path, '/');
		if (strcmp(slash == NULL ? path : slash + 1, leaf) == 0)
			return mc_xstrndup(path, strlen(path) - strlen(leaf));
	}
	return NULL;
}

/* CRC-32 of N bytes; zlib's counts are 32 bits wide. */
static uint32_t
crc_of(const unsigned char *p, size_t n)
{
	uLong crc = crc32(0, NULL, 0);
	uInt part;

	for (; n > 0; p += part, n -= part) {
		part = n > 1 << 30 ? 1 << 30 : (uInt)n;
		crc = crc32(crc, p, part);
	}
	return (uint32_t)crc;
}

/* The bytes of M as they are stored; NULL: the archive is damaged there. */
static const unsigned char *
stored(const struct mc_zip *zip, const struct member *m)
{
	const unsigned char *p = record(zip, m->header, LOCAL,
	    LOCAL_SIGNATURE);
	uint64_t begin;

	if (p == NULL)
		return NULL;
	begin = m->header + LOCAL + mc_le(p + 26, 2) + mc_le(p + 28, 2);
	return begin > zip->n || m->packed > zip->n - begin ? NULL :
	    zip->file + begin;
}

/*
 * Whether M, of which the bytes are at P, inflates to what its CRC-32 is of: to
 * TO, m->size bytes, or, where that is NULL, nowhere.
 */
static bool
inflates(const struct member *m, const unsigned char *p, unsigned char *to)
{
	unsigned char part[1 << 14], *out;
	uLong crc = crc32(0, NULL, 0);
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p,
	    .avail_in = (uInt)m->packed };
	int rc = inflateInit2(&z, -MAX_WBITS);
	uint64_t left;
	uInt room;

	while (rc == Z_OK && z.total_out <= m->size) {
		left = m->size - z.total_out;
		out = to != NULL && left > 0 ? to + z.total_out : part;
		room = out == part ? sizeof(part) : left > 1 << 30 ? 1 << 30 :
		    (uInt)left;
		z.next_out = out;
		z.avail_out = room;
		rc = inflate(&z, Z_NO_FLUSH);
		crc = crc32(crc, out, room - z.avail_out);
	}
	inflateEnd(&z);
	return rc == Z_STREAM_END && z.total_out == m->size && crc == m->crc;
}

static bool
is_deflated(const struct member *m)
{
	return m->method == Z_DEFLATED && (m->flags & 1) == 0 &&
	    m->packed <= UINT_MAX;
}

/* The bytes of M, which is deflated, into memory of ZIP. */
static enum mc_status
inflate_member(struct mc_zip *zip, struct member *m, struct mc_err *err)
{
	const unsigned char *p = stored(zip, m);
	uint64_t most = 16 * (uint64_t)zip->n;

	if (most < MC_ZIP_INFLATED)
		most = MC_ZIP_INFLATED;
	if (m->size > most - zip->inflated)
		return mc_err_at(err, MC_EDATA, zip->name, 0, "%s: unpacked, "
		    "the archive has more than 64 MiB and than 16 times its "
		    "size: unpack it and zip it with -0", m->path);
	m->inflated = mc_xmalloc((size_t)m->size + 1);
	if (p == NULL || !inflates(m, p, m->inflated)) {
		free(m->inflated);
		m->inflated = NULL;
		return damaged(zip, m->path, err);
	}
	zip->inflated += m->size;
	return MC_OK;
}

/* The bytes of M, which is neither compressed nor encrypted, at *DATA. */
static enum mc_status
find_member(const struct mc_zip *zip, struct member *m,
    const unsigned char **data, struct mc_err *err)
{
	if (m->method != 0 || (m->flags & 1) != 0 || m->packed != m->size)
		return mc_err_at(err, MC_EDATA, zip->name, 0, "%s: encrypted, "
		    "or compressed by something other than deflate: unpack it "
		    "and zip it with -0", m->path);
	*data = stored(zip, m);
	if (*data == NULL)
		return damaged(zip, m->path, err);
	/* PyTorch can be told to leave the sum out; it then writes 0. */
	if (!m->checked && m->crc != 0 &&
	    crc_of(*data, (size_t)m->size) != m->crc)
		return damaged(zip, m->path, err);
	m->checked = true;
	return MC_OK;
}

enum mc_status
mc_zip_member(struct mc_zip *zip, const char *path, const unsigned char **data,
    size_t *n, struct mc_err *err)
{
	const struct member key = { .path = (char *)(uintptr_t)path };
	struct member *m = zip->nmembers == 0 ? NULL : bsearch(&key,
	    zip->members, zip->nmembers, sizeof(key), compare_members);

	enum mc_status status = MC_OK;

	if (m == NULL)
		return MC_END;
	*n = (size_t)m->size;
	if (!is_deflated(m))
		return find_member(zip, m, data, err);
	if (m->inflated == NULL)
		status = inflate_member(zip, m, err);
	*data = m->inflated;
	return status;
}

void *
mc_zip_take(struct mc_zip *zip)
{
	void *inflated = NULL;
	size_t i;

	for (i = 0; zip != NULL && i < zip->nmembers && inflated == NULL; i++) {
		inflated = zip->members[i].inflated;
		zip->members[i].inflated = NULL;
	}
	return inflated;
}

enum mc_status
mc_zip_check(struct mc_zip *zip, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	const unsigned char *p;
	size_t i;

	for (i = 0; i < zip->nmembers && status == MC_OK; i++) {
		struct member *m = &zip->members[i];

		if (!is_deflated(m)) {
			status = find_member(zip, m, &p, err);
			continue;
		}
		p = stored(zip, m);
		if (p == NULL || !inflates(m, p, NULL))
			status = damaged(zip, m->path, err);
	}
	return status;
}
