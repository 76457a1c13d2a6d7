/* hash.c - SHA-256 through nettle, and FNV-1a. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"

struct mc_sha256 {
	struct sha256_ctx ctx;
};

struct mc_sha256 *
mc_sha256_alloc(void)
{
	struct mc_sha256 *h = mc_xmalloc(sizeof(*h));

	sha256_init(&h->ctx);
	return h;
}

struct mc_sha256 *
mc_sha256_copy(const struct mc_sha256 *h)
{
	struct mc_sha256 *copy = mc_xmalloc(sizeof(*copy));

	*copy = *h;
	return copy;
}

void
mc_sha256_add(struct mc_sha256 *h, const void *bytes, size_t n)
{
	sha256_update(&h->ctx, n, bytes);
}

void
mc_sha256_hex(struct mc_sha256 *h, char hex[MC_SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_SIZE];
	size_t i;

	sha256_digest(&h->ctx, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[2 * i] = '\0';
	mc_sha256_free(h);
}

void
mc_sha256_free(struct mc_sha256 *h)
{
	free(h);
}

void
mc_sha256_bytes(const void *bytes, size_t n, char hex[MC_SHA256_HEX])
{
	struct mc_sha256 *h = mc_sha256_alloc();

	mc_sha256_add(h, bytes, n);
	mc_sha256_hex(h, hex);
}

enum mc_status
mc_sha256_file(const char *path, char hex[MC_SHA256_HEX], struct mc_err *err)
{
	struct mc_sha256 *h;
	enum mc_status status = MC_OK;
	char chunk[65536];
	size_t n;
	FILE *f = mc_file_open(path, err);

	if (f == NULL)
		return err->status;
	h = mc_sha256_alloc();
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mc_sha256_add(h, chunk, n);
	if (ferror(f)) {
		status = mc_err_errno(err, "%s", path);
		mc_sha256_free(h);
	} else {
		mc_sha256_hex(h, hex);
	}
	fclose(f);
	return status;
}

uint64_t
mc_fnv1a64(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t h = 0xCBF29CE484222325;

	while (n-- > 0)
		h = (h ^ *p++) * 0x100000001B3;
	return h;
}

void
mc_hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
    char hex[MC_SHA256_HEX])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx ctx;
	size_t i;

	hmac_sha256_set_key(&ctx, key_n, key);
	hmac_sha256_update(&ctx, n, bytes);
	hmac_sha256_digest(&ctx, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}
