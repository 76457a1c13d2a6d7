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
#include "base/temporary.h"
#include "base/usage.h"
#include "roles.h"
#include "tool.h"

static const struct mc_prog *program;
static const struct mc_common *common;
static bool line_open;		/* a progress line waits for its end */
static bool mute;		/* nothing is printed */

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

	if (mute)
		return;
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

/* --- Files ------------------------------------------------------------------- */

/* End with a usage error where STATUS is one. */
static void
require(enum mc_status status, const struct mc_err *err)
{
	if (status != MC_OK)
		tool_usage("%s", err->text);
}

void
tool_reads(const char *path)
{
	struct mc_err err;

	require(roles_read(path, &err), &err);
}

void
tool_reads_once(const char *option, const char *const *paths, size_t n)
{
	struct mc_err err;

	require(roles_read_once(option, paths, n, &err), &err);
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
	require(roles_check(prog, argv + operands, opts, &err), &err);
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

void
tool_mute(void)
{
	mute = true;
}

bool
tool_draws(void)
{
	return !mute && !common->quiet && (common->progress ||
	    isatty(STDERR_FILENO));
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
