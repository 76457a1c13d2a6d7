/*
 * content_range.h - read what a server says which bytes of a file it sends.
 */
#ifndef MC_CONTENT_RANGE_H
#define MC_CONTENT_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Read S, the value of Content-Range, "bytes FIRST-LAST/TOTAL" (RFC 9110, 14.4),
 * into *FIRST and *TOTAL, which is 0 where it is "*".  False where S is something
 * else or NULL, where LAST is before FIRST, or TOTAL not beyond LAST; both are
 * then untouched.
 */
bool	mc_content_range_parse(const char *s, int64_t *first, int64_t *total);

#endif
