/* tap.c - the Test Anything Protocol for the unit tests in C. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

static int count, failures;

static bool
result(bool passed, const char *fmt, va_list ap)
{
	printf("%s %d - ", passed ? "ok" : "not ok", ++count);
	vprintf(fmt, ap);
	putchar('\n');
	failures += !passed;
	fflush(stdout);
	return passed;
}

bool
tap_ok(bool passed, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(passed, fmt, ap);
	va_end(ap);
	return passed;
}

bool
tap_str(const char *found, const char *wanted, const char *fmt, ...)
{
	bool passed = found != NULL && strcmp(found, wanted) == 0;
	va_list ap;

	va_start(ap, fmt);
	result(passed, fmt, ap);
	va_end(ap);
	if (!passed)
		printf("# wanted: %s\n# found:  %s\n", wanted,
		    found != NULL ? found : "(null)");
	return passed;
}

bool
tap_int(long long found, long long wanted, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(found == wanted, fmt, ap);
	va_end(ap);
	if (found != wanted)
		printf("# wanted: %lld\n# found:  %lld\n", wanted, found);
	return found == wanted;
}

bool
tap_near(double found, double wanted, double tolerance, const char *fmt, ...)
{
	bool passed = fabs(found - wanted) <=
	    tolerance * fmax(1, fabs(wanted));
	va_list ap;

	va_start(ap, fmt);
	result(passed, fmt, ap);
	va_end(ap);
	if (!passed)
		printf("# wanted: %.17g\n# found:  %.17g\n", wanted, found);
	return passed;
}

void
tap_skip(const char *why)
{
	printf("ok %d # SKIP %s\n", ++count, why);
}

int
tap_done(void)
{
	printf("1..%d\n", count);
	return failures > 0;
}
