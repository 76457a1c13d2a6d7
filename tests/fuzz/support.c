/* support.c - what the fuzz targets share. */
#include "config.h"

#include <sys/mman.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/hash.h"
#include "fuzz.h"
#include "stream/tar.h"

static volatile unsigned char sink;

/* --- What was tried ---------------------------------------------------------- */

static struct {
	unsigned long inputs, crc;
} tried;

static void
say_tried(void)
{
	fprintf(stderr, "tried: %lu inputs, CRC %08lx\n", tried.inputs,
	    tried.crc);
}

int	__real_LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int	__wrap_LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The linker gives libFuzzer this function in the place of the target's. */
int
__wrap_LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (tried.inputs++ == 0)
		atexit(say_tried);
	tried.crc = crc32(tried.crc, (const void *)&n, sizeof(n));
	tried.crc = crc32(tried.crc, bytes, (unsigned)n);
	return __real_LLVMFuzzerTestOneInput(bytes, n);
}

/* --- Inputs ------------------------------------------------------------------- */

struct file {
	char path[64];
	int fd;			/* -1: not yet open */
};

static const char *
fill(struct file *file, const void *bytes, size_t n)
{
	if (file->fd < 0)
		file->fd = memfd_create("input", 0);
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
	FUZZ_MUST(file->fd >= 0 && ftruncate(file->fd, 0) == 0 &&
	    pwrite(file->fd, bytes, n, 0) == (ssize_t)n);
	return file->path;
}

const char *
fuzz_file(const void *bytes, size_t n)
{
	static struct file file = { "", -1 };

	return fill(&file, bytes, n);
}

const char *
fuzz_other_file(const void *bytes, size_t n)
{
	static struct file file = { "", -1 };

	return fill(&file, bytes, n);
}

/* Truncating a file first would make ext4 write it to the disk. */
void
fuzz_write(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	FUZZ_MUST(fd >= 0 && pwrite(fd, bytes, n, 0) == (ssize_t)n &&
	    ftruncate(fd, (off_t)n) == 0 && close(fd) == 0);
}

char *
fuzz_text(const void *bytes, size_t n)
{
	return mc_xstrndup(n > 0 ? bytes : "", n);
}

void
fuzz_two_texts(const void *bytes, size_t n, char **a, char **b)
{
	static const char line[] = "\n--\n";
	const char *cut = memmem(bytes, n, line, sizeof(line) - 1);
	size_t before = cut != NULL ? (size_t)(cut - (const char *)bytes) + 1 :
	    n;

	*a = fuzz_text(bytes, before);
	*b = cut == NULL ? mc_xstrdup("") : fuzz_text(cut + sizeof(line) - 1,
	    n - before - sizeof(line) + 2);
}

void
fuzz_read(const void *p, size_t n)
{
	const unsigned char *bytes = p;
	size_t i;

	for (i = 0; i < n; i++)
		sink ^= bytes[i];
}

/* Add MEMBER, the last one, whose content is the N BYTES. */
static enum mc_status
add_last(struct mc_tar_writer *w, const char *member, const char *bytes,
    size_t n, struct mc_sha256 *digest, struct mc_err *err)
{
	static const char mark[] = "SHA256";
	const char *at = memmem(bytes, n, mark, sizeof(mark) - 1);
	char hex[MC_SHA256_HEX];
	struct mc_buf text = { 0 };
	enum mc_status status;

	mc_sha256_hex(digest, hex);
	if (at != NULL) {
		mc_buf_add(&text, bytes, (size_t)(at - bytes));
		mc_buf_puts(&text, hex);
		at += sizeof(mark) - 1;
		n -= (size_t)(at - bytes);
		bytes = at;
	}
	mc_buf_add(&text, bytes, n);
	status = mc_tar_add(w, member, text.data, text.len, NULL, err);
	mc_buf_free(&text);
	return status;
}

void
fuzz_make_tar(struct mc_buf *tar, const uint8_t *bytes, size_t n)
{
	const char *p = (const char *)bytes, *end = p + n, *eol, *next;
	struct mc_sha256 *digest = mc_sha256_alloc();
	enum mc_status status = MC_OK;
	struct mc_tar_writer *w;
	struct mc_err err;
	char *text, *member;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	FUZZ_MUST(f != NULL && mc_tar_create(&w, f, "made", &err) == MC_OK);
	for (; p < end && *p == '@' && status == MC_OK &&
	    (eol = memchr(p, '\n', (size_t)(end - p))) != NULL; p = next) {
		member = fuzz_text(p + 1, (size_t)(eol - p - 1));
		next = memmem(eol, (size_t)(end - eol), "\n@", 2);
		next = next != NULL ? next + 1 : end;
		if (next < end) {
			status = mc_tar_add(w, member, eol + 1,
			    (size_t)(next - eol - 1), digest, &err);
		} else {
			status = add_last(w, member, eol + 1,
			    (size_t)(next - eol - 1), digest, &err);
			digest = NULL;
		}
		free(member);
	}
	mc_sha256_free(digest);
	if (status != MC_OK)
		mc_tar_abandon(w);
	else if (mc_tar_finish(w, &err) != MC_OK)
		status = MC_EDATA;
	fclose(f);
	mc_buf_add(tar, text, size);
	free(text);
}
