/*
 * err.h - how the library says that something went wrong.
 *
 * Every function that can fail for a reason outside the program returns an
 * enum mc_status and, when that is negative, has filled the struct mc_err that
 * its caller owns with one line of text: the place first, then what is wrong,
 * then what to do.  The library never prints and never exits, with one
 * exception: when memory runs out the program ends (see mem.h).
 */
#ifndef MC_ERR_H
#define MC_ERR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MC_PRINTF(f, a)	__attribute__((format(printf, f, a)))
#define MC_MUST_CHECK	__attribute__((warn_unused_result))
#else
#define MC_PRINTF(f, a)
#define MC_MUST_CHECK
#endif

enum mc_status {
	MC_OK = 0,
	MC_END = 1,		/* no more input; not an error */
	MC_EDATA = -1,		/* the input's content is at fault */
	MC_EIO = -2,		/* reading, writing or the environment failed */
	MC_EUSAGE = -3		/* what was asked for cannot be done so */
};

struct mc_err {
	enum mc_status status;
	char text[1024];	/* one line, no line feed, no control byte */
};

/*
 * Record an error.  Control bytes of the formatted text are stored as \xNN, so
 * that a message stays one line whatever a file name holds.  ERR may be NULL.
 * Returns STATUS, so that a caller can write `return mc_err_set(...)`.
 */
enum mc_status	mc_err_set(struct mc_err *err, enum mc_status status,
		    const char *fmt, ...) MC_PRINTF(3, 4);

/* The same with "FILE: ", or "FILE:LINE: " where LINE > 0, in front. */
enum mc_status	mc_err_at(struct mc_err *err, enum mc_status status,
		    const char *file, int64_t line, const char *fmt, ...)
		    MC_PRINTF(5, 6);

/* The same with ": " and the text of errno behind; the status is MC_EIO. */
enum mc_status	mc_err_errno(struct mc_err *err, const char *fmt, ...)
		    MC_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif

#endif
