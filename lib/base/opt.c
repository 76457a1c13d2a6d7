/* opt.c - parse options by a table. */
#include "config.h"

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#ifdef HAVE_SCHED_GETAFFINITY
#include <sched.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/opt.h"
#include "base/spelling.h"

#define AT(member) offsetof(struct mc_common, member)

/* The entries of struct mc_common. */
static const struct mc_opt common_options[] = {
	{ "help", 'h', NULL, "print this text and exit",
	    MC_FLAG, AT(help), 0, 0, NULL },
	{ "output", 'o', "FILE",
	    "write to FILE, whole or not at all (default: standard output)",
	    MC_OUTPUT, AT(output), 0, 0, NULL },
	{ "progress", 0, NULL,
	    "show progress even if standard error is not a terminal",
	    MC_FLAG, AT(progress), 0, 0, NULL },
	{ "quiet", 'q', NULL, "print no progress and no warnings",
	    MC_FLAG, AT(quiet), 0, 0, NULL },
	{ "verbose", 'v', NULL, "print more about what is done",
	    MC_FLAG, AT(verbose), 0, 0, NULL },
	{ "version", 0, NULL, "print the version and exit",
	    MC_FLAG, AT(version), 0, 0, NULL },
	{ 0 }
};

#define N_COMMON (sizeof(common_options) / sizeof(*common_options) - 1)

static size_t
count_options(const struct mc_prog *prog)
{
	size_t n = 0;

	while (prog->options[n].name != NULL)
		n++;
	return n;
}

/* Entry I of the program's own options followed by the common ones. */
static const struct mc_opt *
option_at(const struct mc_prog *prog, size_t n_own, size_t i)
{
	return i < n_own ? &prog->options[i] : &common_options[i - n_own];
}

const struct mc_opt *
mc_opt_at(const struct mc_prog *prog, size_t i)
{
	size_t n_own = count_options(prog);

	return i < n_own + N_COMMON ? option_at(prog, n_own, i) : NULL;
}

bool
mc_opt_given(const struct mc_common *common, size_t i)
{
	return i < 64 * MC_OPT_WORDS &&
	    (common->given[i / 64] >> (i % 64) & 1) != 0;
}

bool
mc_opt_repeated(const struct mc_common *common, size_t i)
{
	return i < 64 * MC_OPT_WORDS &&
	    (common->repeated[i / 64] >> (i % 64) & 1) != 0;
}

/* Note that option I, which is OPT, was given. */
static void
note_given(struct mc_common *common, const struct mc_opt *opt, size_t i)
{
	uint64_t bit = UINT64_C(1) << (i % 64);

	assert(i < 64 * MC_OPT_WORDS);
	if (opt->kind != MC_FLAG && opt->kind != MC_STRINGS &&
	    opt->kind != MC_INPUTS)
		common->repeated[i / 64] |= common->given[i / 64] & bit;
	common->given[i / 64] |= bit;
}

bool
mc_opt_reads_stdin(const struct mc_prog *prog)
{
	const char *s = prog->usage;

	for (; (s = strchr(s, '[')) != NULL; s++) {
		if (s[1] >= 'A' && s[1] <= 'Z' &&
		    strncmp(s, "[OPTION]", 8) != 0)
			return true;
	}
	return false;
}

int
mc_opt_choice(const char *const *choices, const char *word)
{
	int i;

	for (i = 0; choices != NULL && choices[i] != NULL; i++) {
		if (strcmp(choices[i], word) == 0)
			return i;
	}
	return MC_NOT_GIVEN;
}

/* Add the choices of OPT to TEXT: "a|b|c". */
static void
list_choices(const struct mc_opt *opt, struct mc_buf *text)
{
	const char *const *c;

	for (c = opt->choices; *c != NULL; c++)
		mc_buf_printf(text, "%s%s", c > opt->choices ? "|" : "", *c);
}

/* Store the index of ARG among the choices of OPT. */
static enum mc_status
store_choice(const struct mc_opt *opt, const char *arg, int *at,
    struct mc_err *err)
{
	int choice = mc_opt_choice(opt->choices, arg);
	struct mc_buf list = { 0 };

	if (choice != MC_NOT_GIVEN) {
		*at = choice;
		return MC_OK;
	}
	list_choices(opt, &list);
	mc_err_set(err, MC_EUSAGE, "\"%s\" is not one of %s", arg, list.data);
	mc_buf_free(&list);
	return MC_EUSAGE;
}

/* Append ARG to the NULL-terminated array at AT. */
static void
append(const char ***at, const char *arg)
{
	size_t n = 0;

	while (*at != NULL && (*at)[n] != NULL)
		n++;
	*at = mc_xreallocarray(*at, n + 2, sizeof(**at));
	(*at)[n] = arg;
	(*at)[n + 1] = NULL;
}

/* Check ARG, the name of a file. */
static enum mc_status
check_file(const char *arg, struct mc_err *err)
{
	return *arg != '\0' ? MC_OK : mc_err_set(err, MC_EUSAGE,
	    "the name of a file cannot be empty");
}

/* Store ARG, the argument of OPT, in the struct of options. */
static enum mc_status
store(const struct mc_opt *opt, const char *arg, void *opts, struct mc_err *err)
{
	char *at = (char *)opts + opt->offset;
	enum mc_status status = MC_OK;
	struct mc_err why;
	double x;

	switch (opt->kind) {
	case MC_FLAG:
		*(bool *)at = true;
		break;
	case MC_STRING:
		*(const char **)at = arg;
		break;
	case MC_INPUT:
	case MC_OUTPUT:
		*(const char **)at = arg;
		status = check_file(arg, &why);
		break;
	case MC_STRINGS:
		append((const char ***)(void *)at, arg);
		break;
	case MC_INPUTS:
		append((const char ***)(void *)at, arg);
		status = check_file(arg, &why);
		break;
	case MC_INTEGER:
		status = mc_parse_i64(arg, (int64_t)opt->min,
		    opt->max >= 9223372036854775807.0 ? INT64_MAX :
		    (int64_t)opt->max, (int64_t *)at, &why);
		break;
	case MC_REAL:
		status = mc_parse_f64(arg, opt->min, opt->max, &x, &why);
		if (status == MC_OK)
			*(double *)at = x == 0 ? 0 : x;	/* -0 is 0 */
		break;
	case MC_CHOICE:
		status = store_choice(opt, arg, (int *)at, &why);
		break;
	}
	if (status != MC_OK)
		return mc_err_set(err, MC_EUSAGE, "--%s: %s", opt->name,
		    why.text);
	return MC_OK;
}

/* How unlike option NAME is WORD: 0 where WORD abbreviates it; SIZE_MAX: wholly. */
static size_t
unlike(const char *name, const char *word)
{
	size_t n = strlen(word), distance = mc_spelling_distance(name, word);

	if (n > 0 && strncmp(name, word, n) == 0)
		return 0;
	if (distance < n && distance <= 1 + n / 4)
		return distance;
	/* Further away than any misspelling: --batch-size is not --batch. */
	if ((strlen(name) > 3 && strstr(word, name) != NULL) ||
	    (n > 3 && strstr(name, word) != NULL))
		return n + 2;
	return SIZE_MAX;
}

/* Append the options of PROG that are at most DISTANCE unlike WORD. */
static void
list_like(const struct mc_prog *prog, const char *word, size_t distance,
    struct mc_buf *text)
{
	size_t n_own = count_options(prog), n = 0, total = 0, i;

	for (i = 0; i < n_own + N_COMMON; i++)
		total += unlike(option_at(prog, n_own, i)->name, word) <=
		    distance;
	for (i = 0; i < n_own + N_COMMON; i++) {
		const char *name = option_at(prog, n_own, i)->name;

		if (unlike(name, word) > distance)
			continue;
		n++;
		mc_buf_printf(text, "%s--%s", n == 1 ? "" : n == total ?
		    " or " : ", ", name);
	}
}

/* Say that ARG, "--word" or "--word=...", is no option, and what is like it. */
static enum mc_status
unknown(const struct mc_prog *prog, const char *arg, struct mc_err *err)
{
	char *word = mc_xstrndup(arg + 2, strcspn(arg + 2, "="));
	size_t n_own = count_options(prog), least = SIZE_MAX, d, i;
	struct mc_buf like = { 0 };

	for (i = 0; i < n_own + N_COMMON; i++) {
		d = unlike(option_at(prog, n_own, i)->name, word);
		least = d < least ? d : least;
	}
	if (least < SIZE_MAX)
		list_like(prog, word, least, &like);
	mc_err_set(err, MC_EUSAGE, "--%s: %s option%s%s%s", word,
	    least == 0 ? "ambiguous" : "unknown", least == 0 ? ": " :
	    like.len > 0 ? ": did you mean " : "", like.len > 0 ? like.data :
	    "", least > 0 && like.len > 0 ? "?" : "");
	mc_buf_free(&like);
	free(word);
	return MC_EUSAGE;
}

/* Say what getopt_long, silent itself, found wrong with the last word. */
static enum mc_status
complain(const struct mc_prog *prog, int c, char **argv, struct mc_err *err)
{
	const char *word = argv[optind - 1];

	if (c == ':' && strncmp(word, "--", 2) == 0)
		return mc_err_set(err, MC_EUSAGE, "%s: needs an argument",
		    word);
	if (c == ':')
		return mc_err_set(err, MC_EUSAGE, "-%c: needs an argument",
		    optopt);
	if (optopt > 0 && optopt <= CHAR_MAX)
		return mc_err_set(err, MC_EUSAGE, "-%c: unknown option",
		    optopt);
	if (optopt > CHAR_MAX)
		return mc_err_set(err, MC_EUSAGE, "%s: takes no argument",
		    word);
	return unknown(prog, word, err);
}

enum mc_status
mc_opt_parse(const struct mc_prog *prog, int argc, char **argv, void *opts,
    int *operands, struct mc_err *err)
{
	size_t n_own = count_options(prog), n = n_own + N_COMMON, i;
	struct option *longs = mc_xcalloc(n + 1, sizeof(*longs));
	struct mc_buf shorts = { 0 };
	enum mc_status status = MC_OK;
	int c;

	mc_buf_puts(&shorts, ":");
	for (i = 0; i < n; i++) {
		const struct mc_opt *opt = option_at(prog, n_own, i);

		longs[i].name = opt->name;
		longs[i].has_arg = opt->kind != MC_FLAG;
		longs[i].val = CHAR_MAX + 1 + (int)i;
		if (opt->letter != 0)
			mc_buf_printf(&shorts, "%c%s", opt->letter,
			    opt->kind != MC_FLAG ? ":" : "");
	}
	opterr = 0;
	optind = 0;
	while (status == MC_OK && (c = getopt_long(argc, argv, shorts.data,
	    longs, NULL)) != -1) {
		if (c == ':' || c == '?') {
			status = complain(prog, c, argv, err);
			break;
		}
		for (i = 0; i < n; i++) {
			const struct mc_opt *opt = option_at(prog, n_own, i);

			if (c == CHAR_MAX + 1 + (int)i ||
			    (opt->letter != 0 && c == opt->letter)) {
				status = store(opt, optarg, opts, err);
				note_given(opts, opt, i);
				break;
			}
		}
	}
	*operands = optind;
	mc_buf_free(&shorts);
	free(longs);
	return status;
}

static void
help_line(const struct mc_opt *opt, struct mc_buf *text)
{
	size_t start = text->len;
	const int column = 26;
	int used;

	if (opt->letter != 0)
		mc_buf_printf(text, "  -%c, --%s", opt->letter, opt->name);
	else
		mc_buf_printf(text, "      --%s", opt->name);
	if (opt->kind == MC_CHOICE) {
		mc_buf_puts(text, " ");
		list_choices(opt, text);
	} else if (opt->arg != NULL) {
		mc_buf_printf(text, " %s", opt->arg);
	}
	used = (int)(text->len - start);
	if (used > column - 2)
		mc_buf_printf(text, "\n%*s%s\n", column, "", opt->help);
	else
		mc_buf_printf(text, "%*s%s\n", column - used, "", opt->help);
}

void
mc_opt_help(const struct mc_prog *prog, struct mc_buf *text)
{
	size_t n_own = count_options(prog), i;
	const char *line = prog->usage, *end;
	const char *word = "Usage:";

	for (; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		end = line + strcspn(line, "\n");
		mc_buf_printf(text, "%s %s %.*s\n", word, prog->name,
		    (int)(end - line), line);
		word = "      ";
	}
	mc_buf_printf(text, "%s\n\n", prog->purpose);
	for (i = 0; i < n_own + N_COMMON; i++)
		help_line(option_at(prog, n_own, i), text);
	mc_buf_puts(text, "\n");
	if (mc_opt_reads_stdin(prog))
		mc_buf_puts(text, "A missing file name, or -, is standard "
		    "input.  ");
	mc_buf_printf(text, "See %s(1).\n", prog->name);
	if (prog->results)
		mc_buf_puts(text, "For research use only.\n");
}

int
mc_cpus(void)
{
	long online;
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t set;

	/* Fails on machines with more CPUs than the set has room for. */
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return CPU_COUNT(&set);
#endif
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (int)online : 1;
}
