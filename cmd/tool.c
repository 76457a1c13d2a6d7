/* tool.c - start, warn, show progress and end a program. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/out.h"
#include "base/place.h"
#include "base/temporary.h"
#include "base/usage.h"
#include "tool.h"

#define OUTPUTS 8		/* more than any program has */

static const struct mc_prog *program;
static const struct mc_common *common;
static bool line_open;		/* a progress line waits for its end */

static void
end_progress_line(void)
{
	if (line_open)
		fputc('\n', stderr);
	line_open = false;
}

/* Print TEXT as one line: what could move a terminal is escaped. */
static void
print_line(const char *text, const char *behind)
{
	struct mc_buf line = { 0 };
	const char *s = text;
	size_t n;

	end_progress_line();
	mc_buf_printf(&line, "%s: ", program->name);
	while (*s != '\0') {
		n = mc_printable(s);
		if (n > 0)
			mc_buf_add(&line, s, n);
		else
			mc_buf_printf(&line, "\\x%02X", (unsigned char)*s);
		s += n > 0 ? n : 1;
	}
	mc_buf_puts(&line, behind);
	fwrite(line.data, 1, line.len, stderr);
	mc_buf_free(&line);
}

static void
print_format(const char *fmt, va_list ap)
{
	char *text = mc_xvasprintf(fmt, ap);

	print_line(text, "\n");
	free(text);
}

/* --- Who reads and writes what --------------------------------------------- */

/* A file that the command line names, and in which role. */
struct role {
	const char *option;	/* NULL: an operand */
	const char *path;
	struct mc_place place;
};

static struct role outputs[OUTPUTS];
static size_t n_outputs;

static void
find_role(struct role *role, const char *option, const char *path, int standard)
{
	role->option = option;
	role->path = path;
	if (path == NULL || strcmp(path, "-") == 0) {
		role->path = NULL;
		mc_place_of_descriptor(&role->place, standard);
	} else {
		mc_place_find(&role->place, path);
	}
}

static void
name_role(struct mc_buf *text, const struct role *role, const char *standard)
{
	if (role->path == NULL)
		mc_buf_puts(text, standard);
	else if (role->option == NULL)
		mc_buf_puts(text, role->path);
	else
		mc_buf_printf(text, "--%s %s", role->option, role->path);
}

/* A usage error where INPUT is the file of an output. */
static void
check_input(const struct role *input)
{
	struct mc_buf a = { 0 }, b = { 0 };
	size_t i;

	for (i = 0; i < n_outputs; i++) {
		if (!mc_place_same(&input->place, &outputs[i].place))
			continue;
		name_role(&a, &outputs[i], "standard output");
		name_role(&b, input, "standard input");
		tool_usage("%s and %s are the same file: the output would "
		    "overwrite the input", a.data, b.data);
	}
}

/* A usage error where OUTPUT is the file of another; else remember it. */
static void
check_output(const struct role *output)
{
	struct mc_buf a = { 0 }, b = { 0 };
	size_t i;

	for (i = 0; i < n_outputs; i++) {
		if (!mc_place_same(&output->place, &outputs[i].place) &&
		    (output->path != NULL || outputs[i].path != NULL))
			continue;
		name_role(&a, &outputs[i], "standard output");
		name_role(&b, output, "standard output");
		if (output->path == NULL && outputs[i].path == NULL)
			tool_usage("--%s and --%s cannot both go to standard "
			    "output", outputs[i].option, output->option);
		tool_usage("%s and %s are the same file: each output needs its "
		    "own",
		    a.data, b.data);
	}
	outputs[n_outputs++] = *output;
}

void
tool_reads(const char *path)
{
	struct role input;

	find_role(&input, NULL, path, STDIN_FILENO);
	check_input(&input);
	mc_place_clear(&input.place);
}

/* The argument of OPT as it has been stored in OPTS. */
static const char *
argument(const struct mc_opt *opt, const void *opts)
{
	const char *path;

	memcpy(&path, (const char *)opts + opt->offset, sizeof(path));
	return path;
}

/* A usage error where two of the N INPUTS of one option, or operands, are one file. */
static void
check_once(const struct role *inputs, size_t n)
{
	size_t i, k;

	for (i = 1; i < n; i++) {
		for (k = 0; k < i; k++) {
			const struct role *a = &inputs[k], *b = &inputs[i];

			if (!mc_place_same(&a->place, &b->place) &&
			    (a->path != NULL || b->path != NULL))
				continue;
			tool_usage("%s%s%s%s is given twice: give each input "
			    "once", b->option != NULL ? "--" : "",
			    b->option != NULL ? b->option : "",
			    b->option != NULL ? ": " : "",
			    b->path != NULL ? b->path : "standard input");
		}
	}
}

void
tool_reads_once(const char *option, const char *const *paths, size_t n)
{
	struct role *inputs = mc_xcalloc(n + 1, sizeof(*inputs));
	size_t i;

	for (i = 0; i < n; i++) {
		if (*paths[i] == '\0')
			tool_usage("--%s: the name of a file cannot be empty",
			    option);
		find_role(&inputs[i], option, paths[i], STDIN_FILENO);
		check_input(&inputs[i]);
	}
	check_once(inputs, n);
	while (n > 0)
		mc_place_clear(&inputs[--n].place);
	free(inputs);
}

/* Check the files that OPT, a kind of input, names; it may have words also. */
static void
check_option(const struct mc_opt *opt, const void *opts)
{
	const char *one[] = { NULL, NULL };
	const char *const *path = one;
	const char **files = NULL;
	size_t n = 0, cap = 0;

	if (opt->kind == MC_INPUTS)
		memcpy(&path, (const char *)opts + opt->offset, sizeof(path));
	else
		one[0] = argument(opt, opts);
	for (; path != NULL && *path != NULL; path++) {
		if (mc_opt_choice(opt->choices, *path) != MC_NOT_GIVEN)
			continue;
		files = mc_xgrow(files, n, &cap, sizeof(*files));
		files[n++] = *path;
	}
	tool_reads_once(opt->name, files, n);
	free(files);
}

/* Refuse an operand that is empty, an output, or given twice. */
static void
check_inputs(char **operands)
{
	struct role *inputs = NULL;
	size_t n = 0, cap = 0;

	for (; *operands != NULL; operands++) {
		if (**operands == '\0')
			tool_usage("the name of a file cannot be empty");
		inputs = mc_xgrow(inputs, n, &cap, sizeof(*inputs));
		find_role(&inputs[n], NULL, *operands, STDIN_FILENO);
		check_input(&inputs[n++]);
	}
	check_once(inputs, n);
	while (n > 0)
		mc_place_clear(&inputs[--n].place);
	free(inputs);
}

/*
 * Refuse an output that is an input or another output, and an input that is given
 * twice.
 */
static void
check_roles(const struct mc_prog *prog, char **operands, const void *opts)
{
	const struct mc_opt *opt;
	struct role role;
	size_t i;

	for (i = 0; (opt = mc_opt_at(prog, i)) != NULL; i++) {
		const char *path = opt->kind == MC_OUTPUT ?
		    argument(opt, opts) : NULL;

		if (path == NULL && (opt->kind != MC_OUTPUT ||
		    opt->offset != offsetof(struct mc_common, output)))
			continue;
		find_role(&role, opt->name, path, STDOUT_FILENO);
		check_output(&role);
	}
	for (i = 0; (opt = mc_opt_at(prog, i)) != NULL; i++) {
		if (opt->kind == MC_INPUT || opt->kind == MC_INPUTS)
			check_option(opt, opts);
	}
	if (*operands == NULL && mc_opt_reads_stdin(prog))
		tool_reads("-");
	check_inputs(operands);
}

/*
 * A file must not be opened as descriptor 0, 1 or 2, or what is meant for
 * standard error would go into it.
 */
static void
open_standard_descriptors(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* Reading the one and writing the others still fails. */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
		    O_RDONLY) != fd)
			_exit(1);
	}
}

/* --- Output ---------------------------------------------------------------- */

/* Write what SPOOL holds to OUT. */
static enum mc_status
release(FILE *spool, struct mc_out *out, struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(spool, err);
	char bytes[65536];
	size_t n;

	while (status == MC_OK &&
	    (n = fread(bytes, 1, sizeof(bytes), spool)) > 0) {
		if (fwrite(bytes, 1, n, mc_out_file(out)) < n)
			status = mc_err_errno(err, "%s: cannot write",
			    mc_out_name(out));
	}
	return status == MC_OK && ferror(spool) ?
	    mc_err_errno(err, "temporary file") : status;
}

enum mc_status
tool_write(const char *output, enum mc_status (*write)(FILE *, void *,
    struct mc_err *), void *arg, struct mc_err *err)
{
	return tool_write_beside(NULL, output, write, arg, err);
}

enum mc_status
tool_write_beside(struct mc_out *side, const char *output,
    enum mc_status (*write)(FILE *, void *, struct mc_err *), void *arg,
    struct mc_err *err)
{
	struct mc_out *out[] = { side, NULL };
	FILE *spool = NULL;
	enum mc_status status;

	status = mc_out_open(&out[1], output, err);
	if (status == MC_OK && mc_out_is_direct(out[1]) &&
	    (spool = mc_spool_open(err)) == NULL)
		status = MC_EIO;
	if (status == MC_OK)
		status = write(spool != NULL ? spool : mc_out_file(out[1]),
		    arg, err);
	if (status == MC_OK && side != NULL)
		status = mc_out_settle(side, err);
	if (status == MC_OK && spool != NULL)
		status = release(spool, out[1], err);
	if (spool != NULL)
		fclose(spool);
	if (status == MC_OK)
		return mc_out_commit_all(out, 2, err);
	mc_out_abandon(side);
	mc_out_abandon(out[1]);
	return status;
}

static enum mc_status
write_text(FILE *f, void *arg, struct mc_err *err)
{
	const struct mc_buf *text = arg;

	(void)err;
	fwrite(text->data, 1, text->len, f);
	return MC_OK;
}

enum mc_status
tool_write_text(const char *output, const struct mc_buf *text,
    struct mc_err *err)
{
	return tool_write(output, write_text, (void *)text, err);
}

/* Write TEXT to standard output and end the program. */
static _Noreturn void
answer(struct mc_buf *text)
{
	struct mc_err err;
	enum mc_status status = tool_write_text(NULL, text, &err);

	mc_buf_free(text);
	exit(tool_end(status, &err));
}

/* --- Starting and ending --------------------------------------------------- */

/*
 * Say which options are given again.  Makefiles append options to override others
 * (study.mk), so this is no error; a file that is not read is worth a warning.
 */
static void
say_repeated(const struct mc_prog *prog)
{
	const struct mc_opt *opt;
	size_t i;

	for (i = 0; (opt = mc_opt_at(prog, i)) != NULL; i++) {
		if (mc_opt_repeated(common, i))
			(opt->kind == MC_INPUT || opt->kind == MC_OUTPUT ?
			    tool_warn : tool_say)("--%s is given again: the "
			    "last one counts", opt->name);
	}
}

int
tool_start(const struct mc_prog *prog, int argc, char **argv, void *opts)
{
	struct mc_buf text = { 0 };
	enum mc_status status;
	struct mc_err err;
	int operands;

	program = prog;
	common = opts;
	open_standard_descriptors();
	mc_temporary_guard();
	gsl_set_error_handler_off();
	status = mc_opt_parse(prog, argc, argv, opts, &operands, &err);
	if (status == MC_OK && common->help) {
		mc_opt_help(prog, &text);
		answer(&text);
	}
	if (status == MC_OK && common->version) {
		mc_buf_printf(&text, "%s (mctools) %s\n", prog->name,
		    PACKAGE_VERSION);
		answer(&text);
	}
	if (status != MC_OK)
		tool_usage("%s", err.text);
	check_roles(prog, argv + operands, opts);
	say_repeated(prog);
	return operands;
}

/* Print the text of a usage error, and where to look. */
static void
print_usage(const char *text)
{
	struct mc_buf see = { 0 };

	mc_buf_printf(&see, " (see %s --help)\n", program->name);
	print_line(text, see.data);
	mc_buf_free(&see);
}

void
tool_usage(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mc_xvasprintf(fmt, ap);
	va_end(ap);
	print_usage(text);
	exit(2);
}

void
tool_warn(const char *fmt, ...)
{
	va_list ap;

	if (common->quiet)
		return;
	va_start(ap, fmt);
	print_format(fmt, ap);
	va_end(ap);
}

void
tool_say(const char *fmt, ...)
{
	va_list ap;

	if (!common->verbose)
		return;
	va_start(ap, fmt);
	print_format(fmt, ap);
	va_end(ap);
}

void
tool_writes_archive(const char *output)
{
	if ((output == NULL || strcmp(output, "-") == 0) &&
	    isatty(STDOUT_FILENO))
		tool_usage("standard output is a terminal, and the output an "
		    "archive: give --output FILE");
}

bool
tool_draws(void)
{
	return !common->quiet && (common->progress || isatty(STDERR_FILENO));
}

void
tool_line(const char *text, bool last)
{
	static double drawn;
	static size_t width;
	double now = mc_seconds();
	size_t n = strlen(text);

	if (!tool_draws() || (now - drawn < 0.1 && !last))
		return;
	drawn = now;
	/* Blanks over what the line before was longer. */
	fprintf(stderr, "\r%s%*s", text,
	    line_open && width > n ? (int)(width - n) : 0, "");
	width = n;
	line_open = true;
	if (last)
		end_progress_line();
	fflush(stderr);
}

void
tool_progress(const char *what, int64_t done, int64_t total)
{
	char text[128];

	if (total > 0)
		snprintf(text, sizeof(text), "%s %lld/%lld", what,
		    (long long)done, (long long)total);
	else
		snprintf(text, sizeof(text), "%s %lld", what, (long long)done);
	tool_line(text, done == total);
}

int
tool_end(enum mc_status status, const struct mc_err *err)
{
	end_progress_line();
	if (status >= 0)
		return 0;
	if (status == MC_EUSAGE) {
		print_usage(err->text);
		return 2;
	}
	print_line(err->text, "\n");
	return 1;
}
