/*
 * tap.h - the Test Anything Protocol for the unit tests in C.
 *
 * Each function prints one result line and, where it fails, what was wanted
 * and what was found.  TEST (condition) takes the condition's own text as name.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

#define TEST(condition) tap_ok((condition), "%s", #condition)

#if defined(__GNUC__)
#define TAP_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define TAP_PRINTF(f, a)
#endif

/* Each returns whether it passed. */
bool	tap_ok(bool passed, const char *fmt, ...) TAP_PRINTF(2, 3);
bool	tap_str(const char *found, const char *wanted, const char *fmt, ...)
	    TAP_PRINTF(3, 4);
bool	tap_int(long long found, long long wanted, const char *fmt, ...)
	    TAP_PRINTF(3, 4);
/* |found - wanted| <= tolerance * max(1, |wanted|). */
bool	tap_near(double found, double wanted, double tolerance,
	    const char *fmt, ...) TAP_PRINTF(4, 5);
/* A test that cannot run here; WHY says what is missing. */
void	tap_skip(const char *why);
/* Print the plan; the exit status of the test program. */
int	tap_done(void);

#endif
