/*
 * err.h - report errors as one line of text and a status.
 *
 * Every function that can fail for a reason outside the program returns an
 * enum mc_status and, when that is negative, has filled the struct mc_err that
 * its caller owns with one line of text: the place first, then what is wrong,
 * then what to do.  A function that returns a pointer fills it too before it
 * returns NULL; its caller returns err->status, not a status of its own.
 * The library never prints and never exits, with two
 * exceptions: when memory runs out (mem.h) and when a mapped input becomes
 * shorter (temporary.h) the program ends.
 */
#ifndef MC_ERR_H
#define MC_ERR_H

#include <stddef.h>
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

/* The end of a regular noun after the number N in a message. */
#define MC_PLURAL(n)	((n) == 1 ? "" : "s")

enum mc_status {
	MC_OK = 0,
	MC_END = 1,		/* no more input; not an error */
	MC_EDATA = -1,		/* the input's content is at fault */
	MC_EIO = -2,		/* a file cannot be read or written */
	MC_EUSAGE = -3,		/* what was asked for cannot be done so */
	MC_EMACHINE = -4	/* the machine failed or ran short (memory,
				   descriptors, disk): no fault of the input,
				   so no input may be left out for it */
};

struct mc_err {
	enum mc_status status;
	char text[1024];	/* one line, no line feed, no control byte */
};

/*
 * The length of the character that S begins with where a terminal may be shown
 * it: a character of UTF-8 that is not a control character.  Else 0, for a byte
 * that is to be written as \xNN.
 */
size_t		mc_printable(const char *s);

/*
 * Record an error.  Bytes of the formatted text that are not mc_printable are
 * stored as \xNN, so that a message stays one line, and does nothing to a
 * terminal, whatever a file name holds.  ERR may be NULL.
 * Returns STATUS, so that a caller can write `return mc_err_set(...)`.
 */
enum mc_status	mc_err_set(struct mc_err *err, enum mc_status status,
		    const char *fmt, ...) MC_PRINTF(3, 4);

/* The same with "FILE: ", or "FILE:LINE: " where LINE > 0, in front. */
enum mc_status	mc_err_at(struct mc_err *err, enum mc_status status,
		    const char *file, int64_t line, const char *fmt, ...)
		    MC_PRINTF(5, 6);

/*
 * The same with ": " and the text of errno at the end.  The status is MC_EIO where
 * errno tells of one file (it is missing, or may not be read), else MC_EMACHINE.
 */
enum mc_status	mc_err_errno(struct mc_err *err, const char *fmt, ...)
		    MC_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif

#endif
