/*
 * hash.h - compute digests: SHA-256 for records, FNV-1a for keys.
 */
#ifndef MC_HASH_H
#define MC_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MC_SHA256_HEX 65	/* 64 hexadecimal digits and the NUL */

/* A running SHA-256.  alloc, add any number of times, then hex, which frees. */
struct mc_sha256;
struct mc_sha256 *mc_sha256_alloc(void);
void		mc_sha256_add(struct mc_sha256 *h, const void *bytes, size_t n);
void		mc_sha256_hex(struct mc_sha256 *h, char hex[MC_SHA256_HEX]);
/* Another that stands where H does, to ask for a digest on the way. */
struct mc_sha256 *mc_sha256_copy(const struct mc_sha256 *h);
/* Free without asking for the digest; H may be NULL. */
void		mc_sha256_free(struct mc_sha256 *h);

/* The digest of N bytes, and of a whole file. */
void		mc_sha256_bytes(const void *bytes, size_t n,
		    char hex[MC_SHA256_HEX]);
enum mc_status	mc_sha256_file(const char *path, char hex[MC_SHA256_HEX],
		    struct mc_err *err) MC_MUST_CHECK;

/* HMAC-SHA-256 (RFC 2104) of N bytes under the KEY of KEY_N bytes. */
void		mc_hmac_sha256(const void *key, size_t key_n, const void *bytes,
		    size_t n, char hex[MC_SHA256_HEX]);

/* FNV-1a, 64 bits. */
uint64_t	mc_fnv1a64(const void *bytes, size_t n);

#endif
