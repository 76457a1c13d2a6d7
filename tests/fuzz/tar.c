/*
 * tar.c - fuzz lib/stream/tar.c, over libarchive.  Headers get right check sums
 * after each change, as nothing would be read of them otherwise.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stream/tar.h"

#define BLOCK 512
#define SUM 148			/* where a header has its check sum */

size_t	LLVMFuzzerMutate(uint8_t *bytes, size_t n, size_t max);
size_t	LLVMFuzzerCustomMutator(uint8_t *bytes, size_t n, size_t max,
	    unsigned seed);

size_t
LLVMFuzzerCustomMutator(uint8_t *bytes, size_t n, size_t max, unsigned seed)
{
	unsigned sum;
	size_t at, i;

	(void)seed;
	n = LLVMFuzzerMutate(bytes, n, max);
	for (at = 0; at + BLOCK <= n; at += BLOCK) {
		if (memcmp(bytes + at + 257, "ustar", 5) != 0)
			continue;
		memset(bytes + at + SUM, ' ', 8);
		for (sum = 0, i = 0; i < BLOCK; i++)
			sum += bytes[at + i];
		snprintf((char *)bytes + at + SUM, 8, "%06o", sum);
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_tar_reader *r;
	struct mc_buf content = { 0 };
	const char *member;
	struct mc_err err;

	if (mc_tar_open(&r, fuzz_file(bytes, n), &err) != MC_OK)
		return 0;
	while (mc_tar_next(r, &member, &err) == MC_OK) {
		FUZZ_MUST(member[0] != '/' && strncmp(member, "../", 3) != 0 &&
		    strstr(member, "/../") == NULL);
		if (mc_tar_read(r, 1 << 20, &content, &err) != MC_OK)
			break;
		fuzz_read(content.data, content.len);
	}
	mc_buf_free(&content);
	mc_tar_close(r);
	return 0;
}
