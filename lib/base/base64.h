/*
 * base64.h - encode bytes in base64 (RFC 4648), for data: URIs.
 */
#ifndef MC_BASE64_H
#define MC_BASE64_H

#include <stddef.h>

#include "base/mem.h"

/* Append N BYTES to TEXT in base64, padded, on one line. */
void	mc_base64(const void *bytes, size_t n, struct mc_buf *text);

#endif
