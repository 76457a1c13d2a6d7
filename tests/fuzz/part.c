/*
 * part.c - fuzz lib/fetch/part.c and content_range.c.  The first line is what a
 * server's Content-Range says; the rest is the part of an earlier run and, behind a
 * line "--", what is added to it.  The file is in the present folder.
 */
#include "config.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "fetch/content_range.h"
#include "fetch/part.h"
#include "fuzz.h"

#define NAME "folder/file"
#define PART NAME ".part"

static bool
is_range(const char *text, int64_t is_first, int64_t is_total)
{
	int64_t first, total;

	return mc_content_range_parse(text, &first, &total) &&
	    first == is_first && total == is_total;
}

/* Examples, of RFC 9110 and against it. */
static void
check_ranges(void)
{
	static const char *const none[] = { "bytes */1234", "bytes 43-42/1234",
	    "bytes 42-1233/1233", "bytes -1-5/10", "bytes 1-5/", "bytes 1-5",
	    "bytes 1-5/10 ", "bytes 1-5/9223372036854775808", "items 1-5/10" };
	int64_t first = 1, total = 2;
	size_t i;

	FUZZ_MUST(is_range("bytes 42-1233/1234", 42, 1234));
	FUZZ_MUST(is_range("Bytes 42-1233/*", 42, 0));
	FUZZ_MUST(is_range("bytes 0-0/1", 0, 1));
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		FUZZ_MUST(!mc_content_range_parse(none[i], &first, &total) &&
		    first == 1 && total == 2);
}

static void
read_range(const char *text)
{
	int64_t first, total;
	char *printed;

	if (!mc_content_range_parse(text, &first, &total))
		return;
	FUZZ_MUST(first >= 0 && (total == 0 || total > first));
	printed = mc_xasprintf("bytes %lld-%lld/%lld", (long long)first,
	    (long long)first, (long long)total);
	FUZZ_MUST(total == 0 || is_range(printed, first, total));
	free(printed);
}

/* Check that PATH holds exactly the N BYTES. */
static void
check_file(const char *path, const void *bytes, size_t n)
{
	struct mc_buf is = { 0 };
	struct mc_err err;

	FUZZ_MUST(mc_file_read(&is, path, SIZE_MAX, &err) == MC_OK);
	FUZZ_MUST(is.len == n && (n == 0 || memcmp(is.data, bytes, n) == 0));
	mc_buf_free(&is);
}

/* Continue the part EARLIER with ADDED, in two pieces. */
static void
keep(const char *earlier, const char *added)
{
	struct mc_buf all = { 0 };
	size_t half = strlen(added) / 2;
	char is[MC_SHA256_HEX], must[MC_SHA256_HEX];
	struct mc_part *part, *second;
	struct mc_err err;

	mc_buf_puts(&all, earlier);
	(void)mkdir("folder", 0700);
	if (all.len > 0)
		fuzz_write(PART, all.data, all.len);
	FUZZ_MUST(mc_part_open(&part, NAME, &err) == MC_OK);
	FUZZ_MUST(mc_part_continued(part) == (all.len > 0));
	FUZZ_MUST(mc_part_open(&second, NAME, &err) == MC_EIO);
	/* What begins with "!" is another version of the file. */
	if (*added == '!') {
		FUZZ_MUST(mc_part_empty(part, &err) == MC_OK);
		all.len = 0;
	}
	FUZZ_MUST(mc_part_add(part, added, half, &err) == MC_OK);
	FUZZ_MUST(mc_part_add(part, added + half, strlen(added) - half,
	    &err) == MC_OK);
	mc_buf_puts(&all, added);
	FUZZ_MUST(mc_part_size(part) == (int64_t)all.len);
	mc_part_digest(part, is);
	mc_sha256_bytes(all.data, all.len, must);
	FUZZ_MUST(strcmp(is, must) == 0);
	/* What ends with "." is the whole file. */
	if (all.len > 0 && all.data[all.len - 1] == '.') {
		FUZZ_MUST(mc_part_finish(part, &err) == MC_OK);
		check_file(NAME, all.data, all.len);
		FUZZ_MUST(access(PART, F_OK) != 0);
	} else {
		mc_part_close(part, true);
		if (all.len > 0)
			check_file(PART, all.data, all.len);
		FUZZ_MUST((access(PART, F_OK) == 0) == (all.len > 0));
		(void)unlink(PART);
	}
	mc_buf_free(&all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *eol = memchr(bytes, '\n', n);
	size_t first = eol != NULL ? (size_t)(eol - bytes) : n;
	char *text = fuzz_text(bytes, first), *earlier, *added;
	static bool checked;

	if (!checked)
		check_ranges();
	checked = true;
	first += eol != NULL;
	read_range(text);
	fuzz_two_texts(bytes + first, n - first, &earlier, &added);
	keep(earlier, added);
	free(text);
	free(earlier);
	free(added);
	return 0;
}
