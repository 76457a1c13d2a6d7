/*
 * opt.h - parse a program's options, and print --help, from one table.
 *
 * From the table come the parser, its checks and --help; the tests compare it
 * with the manual page.  Values go straight into the program's own struct of
 * options, at the offset that the entry names.
 */
#ifndef MC_OPT_H
#define MC_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum mc_opt_kind {
	MC_FLAG,		/* bool: true where given */
	MC_STRING,		/* const char *, into argv */
	MC_INPUT,		/* the same: a file that is read */
	MC_OUTPUT,		/* the same: a file that is written */
	MC_INTEGER,		/* int64_t in [min, max] */
	MC_REAL,		/* double in [min, max] */
	MC_CHOICE,		/* int: the index of one of choices */
	MC_STRINGS,		/* const char **, NULL-terminated: the argument
				   of each time that it is given; the caller
				   frees the array; NULL: not given */
	MC_INPUTS		/* the same: files that are read */
};

#define MC_OPT_WORDS	2	/* so a program has up to 128 options */

/* Set an MC_CHOICE to this in the defaults to see whether it was given. */
#define MC_NOT_GIVEN	(-1)

/* The choices of an entry of a table at file scope: MC_WORDS("a", "b"). */
#define MC_WORDS(...)	(const char *const[]){ __VA_ARGS__, NULL }

struct mc_opt {
	const char *name;	/* long name, without the dashes */
	int letter;		/* short name, or 0 */
	const char *arg;	/* the argument's name in --help; NULL for flags,
				   and for choices, which are listed */
	const char *help;	/* one line; the default is said here */
	enum mc_opt_kind kind;
	size_t offset;		/* of the member in the struct of options */
	double min, max;	/* MC_INTEGER, MC_REAL */
	const char *const *choices;	/* MC_CHOICE, ends in NULL; MC_INPUT:
					   words that are not files */
};

/* What every program takes; the first member of its struct of options. */
struct mc_common {
	bool help, version, quiet, verbose, progress;
	const char *output;	/* -o FILE, or NULL: standard output */
	/* Bit I % 64 of word I / 64: mc_opt_at(prog, I) was given, and it has one
	   value and was given again. */
	uint64_t given[MC_OPT_WORDS], repeated[MC_OPT_WORDS];
};

struct mc_prog {
	const char *name;
	const char *usage;	/* operands and options, one form a line */
	const char *purpose;	/* one sentence */
	const struct mc_opt *options;	/* sorted by name; ends in { 0 } */
	bool results;		/* shows results: "for research use only" */
};

/*
 * Parse ARGV as GNU getopt_long does (operands may stand among options, "--"
 * ends them).  Of an option that has one value and is given again the last value
 * counts.  OPTS is the program's struct and holds the defaults.  The
 * operands are moved to the end of ARGV and *OPERANDS is the index of the
 * first.  Returns MC_OK or MC_EUSAGE.
 */
enum mc_status	mc_opt_parse(const struct mc_prog *prog, int argc, char **argv,
		    void *opts, int *operands, struct mc_err *err)
		    MC_MUST_CHECK;

/* Whether option I of PROG, below 64 MC_OPT_WORDS, was given. */
bool		mc_opt_given(const struct mc_common *common, size_t i);

/* Whether it was given again, and is not a flag or a list. */
bool		mc_opt_repeated(const struct mc_common *common, size_t i);

/* Option I of PROG, its own first, then the common ones; NULL after them. */
const struct mc_opt *mc_opt_at(const struct mc_prog *prog, size_t i);

/*
 * Whether PROG reads standard input where no operand is given: its usage has one
 * that can be left out, such as [MANIFEST].
 */
bool		mc_opt_reads_stdin(const struct mc_prog *prog);

/* The index of WORD in CHOICES, which may be NULL; MC_NOT_GIVEN: not there. */
int		mc_opt_choice(const char *const *choices, const char *word);

/* The text of --help. */
void		mc_opt_help(const struct mc_prog *prog, struct mc_buf *text);

/* The CPUs that this process may use: the default of --threads. */
int		mc_cpus(void);

#endif
