/* tar.c - read and write tar archives through libarchive. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/out.h"
#include "stream/tar.h"

#define BLOCK 512
#define CHECK_SUM 148		/* where a header holds the sum of its bytes */
#define CHUNK 65536

struct mc_tar_writer {
	struct archive *archive;
	struct archive_entry *entry;
	FILE *file;		/* NULL: abandoned */
	int write_errno;	/* of the first write that failed, or 0 */
	char *name;
};

struct mc_tar_reader {
	struct archive *archive;
	struct archive_entry *entry;
	FILE *file;
	bool close_file;
	const char *unpack;	/* the program that decompresses it; or NULL */
	char *name;
	int64_t taken;		/* bytes that libarchive has taken so far */
	int read_errno;		/* of a read that failed, or 0 */
	const char *member;	/* the present one's name */
	size_t chunk_n;		/* the last of them, in chunk */
	char chunk[CHUNK];	/* at a multiple of CHUNK in the input */
};

/* --- Writing --------------------------------------------------------------- */

/*
 * libarchive frees its buffer only when it can close, so a failure is not told
 * to it, but kept for check_writer.
 */
static la_ssize_t
on_write(struct archive *a, void *writer, const void *bytes, size_t n)
{
	struct mc_tar_writer *w = writer;

	(void)a;
	errno = 0;
	if (w->file != NULL && w->write_errno == 0 &&
	    fwrite(bytes, 1, n, w->file) != n)
		w->write_errno = errno != 0 ? errno : EIO;
	return (la_ssize_t)n;
}

/* What libarchive says of its last failure in A. */
static const char *
why(struct archive *a)
{
	const char *text = archive_error_string(a);

	return text != NULL ? text : "unknown error of libarchive";
}

/* Whether all went well so far, where libarchive's last answer was RC. */
static enum mc_status
check_writer(struct mc_tar_writer *w, int rc, struct mc_err *err)
{
	if (w->write_errno != 0) {
		errno = w->write_errno;
		return mc_err_errno(err, "%s: cannot write", w->name);
	}
	if (rc != ARCHIVE_OK)
		return mc_err_set(err, MC_EIO, "%s: %s", w->name,
		    why(w->archive));
	return MC_OK;
}

enum mc_status
mc_tar_create(struct mc_tar_writer **result, FILE *f, const char *name,
    struct mc_err *err)
{
	struct mc_tar_writer *w = mc_xcalloc(1, sizeof(*w));
	struct archive *a = archive_write_new();

	*result = NULL;
	w->archive = a;
	w->entry = archive_entry_new();
	w->file = f;
	w->name = mc_xstrdup(name);
	if (a == NULL || w->entry == NULL ||
	    archive_write_set_format_pax_restricted(a) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK ||
	    archive_write_open(a, w, NULL, on_write, NULL) != ARCHIVE_OK) {
		mc_err_set(err, MC_EIO, "%s: libarchive cannot start", name);
		mc_tar_abandon(w);
		return MC_EIO;
	}
	*result = w;
	return MC_OK;
}

static enum mc_status
write_header(struct mc_tar_writer *w, const char *member, int64_t size,
    struct mc_err *err)
{
	struct archive_entry *e = archive_entry_clear(w->entry);

	archive_entry_set_pathname(e, member);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, size);
	archive_entry_set_mtime(e, 0, 0);
	return check_writer(w, archive_write_header(w->archive, e), err);
}

static enum mc_status
write_data(struct mc_tar_writer *w, const void *bytes, size_t n,
    struct mc_sha256 *digest, struct mc_err *err)
{
	bool whole = n == 0 ||
	    archive_write_data(w->archive, bytes, n) == (la_ssize_t)n;

	if (digest != NULL)
		mc_sha256_add(digest, bytes, n);
	return check_writer(w, whole ? ARCHIVE_OK : ARCHIVE_FATAL, err);
}

enum mc_status
mc_tar_add(struct mc_tar_writer *w, const char *member, const void *bytes,
    size_t n, struct mc_sha256 *digest, struct mc_err *err)
{
	enum mc_status status = write_header(w, member, (int64_t)n, err);

	return status != MC_OK ? status :
	    write_data(w, bytes, n, digest, err);
}

enum mc_status
mc_tar_add_spool(struct mc_tar_writer *w, const char *member, FILE *spool,
    struct mc_sha256 *digest, struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(spool, err);
	char chunk[CHUNK];
	struct stat st;
	size_t n;

	if (status == MC_OK && fstat(fileno(spool), &st) != 0)
		status = mc_err_errno(err, "temporary file");
	if (status == MC_OK)
		status = write_header(w, member, (int64_t)st.st_size, err);
	while (status == MC_OK &&
	    (n = fread(chunk, 1, sizeof(chunk), spool)) > 0)
		status = write_data(w, chunk, n, digest, err);
	if (status == MC_OK && ferror(spool))
		status = mc_err_errno(err, "temporary file");
	return status;
}

enum mc_status
mc_tar_finish(struct mc_tar_writer *w, struct mc_err *err)
{
	int rc = archive_write_close(w->archive);
	enum mc_status status = check_writer(w, rc, err);

	mc_tar_abandon(w);
	return status;
}

void
mc_tar_abandon(struct mc_tar_writer *w)
{
	if (w == NULL)
		return;
	w->file = NULL;
	archive_write_free(w->archive);
	archive_entry_free(w->entry);
	free(w->name);
	free(w);
}

/* --- Reading --------------------------------------------------------------- */

/* The program that decompresses what begins with these N BYTES, or NULL. */
static const char *
unpacker(const char *bytes, size_t n)
{
	static const struct {
		const char *magic, *program;
	} known[] = {
		{ "\037\213", "zcat" }, { "BZh", "bzcat" },
		{ "\3757zXZ", "xzcat" }, { "\050\265\057\375", "zstdcat" }
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t m = strlen(known[i].magic);

		if (n >= m && memcmp(bytes, known[i].magic, m) == 0)
			return known[i].program;
	}
	return NULL;
}

static la_ssize_t
on_read(struct archive *a, void *reader, const void **bytes)
{
	struct mc_tar_reader *r = reader;
	size_t n = fread(r->chunk, 1, sizeof(r->chunk), r->file);

	if (n == 0 && ferror(r->file)) {
		r->read_errno = errno;
		archive_set_error(a, errno, "cannot read");
		return -1;
	}
	if (r->taken == 0)
		r->unpack = unpacker(r->chunk, n);
	r->taken += (int64_t)n;
	r->chunk_n = n;
	*bytes = r->chunk;
	return (la_ssize_t)n;
}

/* The input is of no kind that libarchive knows. */
static enum mc_status
not_tar(const struct mc_tar_reader *r, struct mc_err *err)
{
	if (r->unpack != NULL)
		return mc_err_set(err, MC_EDATA,
		    "%s: compressed: decompress it with %s", r->name,
		    r->unpack);
	return mc_err_set(err, MC_EDATA, "%s: not a tar archive: mc-pack "
	    "writes image tars, mc-train model tars", r->name);
}

/* Why libarchive could not go on: the input failed, or is not a whole tar. */
static enum mc_status
damaged(struct mc_tar_reader *r, struct mc_err *err)
{
	if (r->read_errno == EISDIR)
		return mc_err_set(err, MC_EDATA, "%s: a folder: mc-index and "
		    "mc-pack make an image tar of it", r->name);
	if (r->read_errno != 0) {
		errno = r->read_errno;
		return mc_err_errno(err, "%s", r->name);
	}
	if (r->taken == 0)
		return mc_err_set(err, MC_EDATA, "%s: empty: not a tar archive",
		    r->name);
	if (archive_format(r->archive) == 0)
		return not_tar(r, err);
	return mc_err_set(err, MC_EDATA, "%s: damaged or cut off: %s",
	    r->name, why(r->archive));
}

enum mc_status
mc_tar_open(struct mc_tar_reader **result, const char *path,
    struct mc_err *err)
{
	struct mc_tar_reader *r = mc_xcalloc(1, sizeof(*r));
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	enum mc_status status = MC_OK;
	struct archive *a;

	*result = NULL;
	r->name = mc_xstrdup(is_stdin ? "standard input" : path);
	r->archive = a = archive_read_new();
	r->file = is_stdin ? stdin : fopen(path, "rb");
	r->close_file = !is_stdin;
	if (r->file == NULL)
		status = mc_err_errno(err, "%s", r->name);
	else if (a == NULL ||
	    archive_read_support_format_tar(a) != ARCHIVE_OK ||
	    archive_read_open(a, r, NULL, on_read, NULL) != ARCHIVE_OK)
		status = damaged(r, err);
	if (status != MC_OK)
		mc_tar_close(r);
	else
		*result = r;
	return status;
}

void
mc_tar_close(struct mc_tar_reader *r)
{
	if (r == NULL)
		return;
	archive_read_free(r->archive);
	if (r->close_file && r->file != NULL)
		fclose(r->file);
	free(r->name);
	free(r);
}

const char *
mc_tar_name(const struct mc_tar_reader *r)
{
	return r->name;
}

/*
 * Whether the BLOCK is a member's header, of whatever kind of tar: the sum of
 * its bytes, with blanks in the place of the sum itself, is the one it says.
 */
static bool
is_header(const unsigned char *block)
{
	unsigned long sum = 0, said = 0;
	size_t i;

	for (i = 0; i < BLOCK; i++)
		sum += i >= CHECK_SUM && i < CHECK_SUM + 8 ? ' ' : block[i];
	for (i = CHECK_SUM; i < CHECK_SUM + 8 && block[i] == ' '; i++)
		;
	for (; i < CHECK_SUM + 8 && block[i] >= '0' && block[i] <= '7'; i++)
		said = said * 8 + (unsigned long)(block[i] - '0');
	return sum == said;
}

/* Whether one of the blocks in the N BYTES is a member's header. */
static bool
holds_header(const char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i + BLOCK <= n; i += BLOCK) {
		if (is_header((const unsigned char *)bytes + i))
			return true;
	}
	return false;
}

/*
 * The archive has no further member: take what is left of the input, so that
 * whoever writes to our pipe is not killed, and see that the end was whole.
 * What stands behind an end is undefined, but an archive there was meant to be
 * read (cat a.tar b.tar).
 */
static enum mc_status
check_end(struct mc_tar_reader *r, struct mc_err *err)
{
	int64_t end = archive_read_header_position(r->archive);
	int64_t start = r->taken - (int64_t)r->chunk_n;
	size_t skip = end > start ? (size_t)(end - start) : 0, n;
	bool more = skip < r->chunk_n &&
	    holds_header(r->chunk + skip, r->chunk_n - skip);

	while ((n = fread(r->chunk, 1, sizeof(r->chunk), r->file)) > 0) {
		more = more || holds_header(r->chunk, n);
		r->taken += (int64_t)n;
	}
	if (ferror(r->file))
		return mc_err_errno(err, "%s", r->name);
	if (r->taken == 0)
		return mc_err_set(err, MC_EDATA, "%s: empty: not a tar archive",
		    r->name);
	if (r->taken < end + 2 * BLOCK)
		return mc_err_set(err, MC_EDATA, "%s: cut off after byte "
		    "%lld: the two zero blocks that end a tar are missing",
		    r->name, (long long)end);
	if (more)
		return mc_err_set(err, MC_EDATA, "%s: another archive after "
		    "the end of the first: give one at a time", r->name);
	return MC_END;
}

/* Whether NAME leads out of the folder that a tar would be unpacked in. */
static bool
leads_out(const char *name)
{
	const char *p = name;

	if (*name == '/' || *name == '\0')
		return true;
	while ((p = strstr(p, "..")) != NULL) {
		if ((p == name || p[-1] == '/') && (p[2] == '/' || p[2] == '\0'))
			return true;
		p += 2;
	}
	return false;
}

static enum mc_status
check_member(struct mc_tar_reader *r, const char *name, struct mc_err *err)
{
	const char *wrong = NULL;

	if (name == NULL)
		return mc_err_set(err, MC_EDATA,
		    "%s: a member without a name", r->name);
	if (archive_entry_hardlink(r->entry) != NULL ||
	    archive_entry_filetype(r->entry) != AE_IFREG)
		wrong = "no regular file: links and devices are refused";
	else if (archive_entry_sparse_count(r->entry) > 0)
		wrong = "a sparse file, which is refused";
	else if (leads_out(name))
		wrong = "an absolute name or one with \"..\" is refused";
	else if (!archive_entry_size_is_set(r->entry) ||
	    archive_entry_size(r->entry) < 0 ||
	    archive_entry_size(r->entry) > MC_TAR_MAX_MEMBER)
		wrong = "its size is absurd";
	if (wrong != NULL)
		return mc_err_set(err, MC_EDATA, "%s: member \"%s\": %s",
		    r->name, name, wrong);
	return MC_OK;
}

bool
mc_tar_is_special(const char *member)
{
	size_t n = strcspn(member, "/");

	return n >= 4 && strncmp(member, "__", 2) == 0 &&
	    strncmp(member + n - 2, "__", 2) == 0;
}

enum mc_status
mc_tar_next(struct mc_tar_reader *r, const char **member, struct mc_err *err)
{
	int rc;

	do {
		rc = archive_read_next_header(r->archive, &r->entry);
		if (rc == ARCHIVE_EOF)
			return check_end(r, err);
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return damaged(r, err);
	} while (archive_entry_filetype(r->entry) == AE_IFDIR);
	/* In the C locale a name from a pax header is there as UTF-8 only. */
	*member = archive_entry_pathname(r->entry);
	if (*member == NULL)
		*member = archive_entry_pathname_utf8(r->entry);
	r->member = *member;
	return check_member(r, *member, err);
}

int64_t
mc_tar_size(const struct mc_tar_reader *r)
{
	return archive_entry_size(r->entry);
}

enum mc_status
mc_tar_read_part(struct mc_tar_reader *r, void *bytes, size_t n,
    struct mc_err *err)
{
	char *p = bytes;
	la_ssize_t got = 1;

	while (n > 0 && got > 0) {
		got = archive_read_data(r->archive, p, n);
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
	if (n > 0 && got == 0)
		return mc_err_set(err, MC_EDATA, "%s: member \"%s\" is too "
		    "short", r->name, r->member);
	return n > 0 ? damaged(r, err) : MC_OK;
}

enum mc_status
mc_tar_read(struct mc_tar_reader *r, size_t max, struct mc_buf *bytes,
    struct mc_err *err)
{
	int64_t size = mc_tar_size(r);
	enum mc_status status = MC_OK;

	if (size > (int64_t)max)
		return mc_err_set(err, MC_EDATA, "%s: member \"%s\": %lld "
		    "bytes, more than the limit of %zu", r->name,
		    r->member, (long long)size, max);
	bytes->len = 0;
	/* The size is only claimed until the bytes have come: grow with them. */
	while (status == MC_OK && (int64_t)bytes->len < size) {
		size_t n = (size_t)size - bytes->len;

		if (n > 16 * CHUNK)
			n = 16 * CHUNK;
		status = mc_tar_read_part(r, mc_buf_room(bytes, n), n, err);
		bytes->len += n;
	}
	mc_buf_add(bytes, "", 0);
	return status;
}

enum mc_status
mc_tar_read_spool(struct mc_tar_reader *r, FILE *spool,
    struct mc_sha256 *digest, struct mc_err *err)
{
	int64_t left = archive_entry_size(r->entry);
	char chunk[CHUNK];
	la_ssize_t n;

	while ((n = archive_read_data(r->archive, chunk, sizeof(chunk))) > 0) {
		mc_sha256_add(digest, chunk, (size_t)n);
		fwrite(chunk, 1, (size_t)n, spool);
		left -= n;
	}
	return n < 0 || left != 0 ? damaged(r, err) :
	    mc_spool_rewind(spool, err);
}
