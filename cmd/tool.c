/* tool.c - what every program does alike. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/out.h"
#include "tool.h"

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

static void
print_line(const char *fmt, va_list ap)
{
	end_progress_line();
	fprintf(stderr, "%s: ", program->name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/* Write TEXT to standard output and end the program. */
static _Noreturn void
answer(struct mc_buf *text)
{
	struct mc_out *out;
	struct mc_err err;
	enum mc_status status;

	status = mc_out_open(&out, NULL, &err);
	if (status == MC_OK) {
		fputs(text->data, mc_out_file(out));
		status = mc_out_commit(out, &err);
	}
	mc_buf_free(text);
	exit(tool_end(status, &err));
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
	return operands;
}

void
tool_usage(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, " (see %s --help)\n", program->name);
	exit(2);
}

void
tool_warn(const char *fmt, ...)
{
	va_list ap;

	if (common->quiet)
		return;
	va_start(ap, fmt);
	print_line(fmt, ap);
	va_end(ap);
}

void
tool_say(const char *fmt, ...)
{
	va_list ap;

	if (!common->verbose)
		return;
	va_start(ap, fmt);
	print_line(fmt, ap);
	va_end(ap);
}

void
tool_progress(const char *what, int64_t done, int64_t total)
{
	static struct timespec last;
	struct timespec now;
	double passed;

	if (common->quiet || (!common->progress && !isatty(STDERR_FILENO)))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	passed = (double)(now.tv_sec - last.tv_sec) +
	    1e-9 * (double)(now.tv_nsec - last.tv_nsec);
	if (passed < 0.1 && done != total)
		return;
	last = now;
	if (total > 0)
		fprintf(stderr, "\r%s %lld/%lld", what, (long long)done,
		    (long long)total);
	else
		fprintf(stderr, "\r%s %lld", what, (long long)done);
	line_open = true;
	if (done == total)
		end_progress_line();
	fflush(stderr);
}

int
tool_end(enum mc_status status, const struct mc_err *err)
{
	end_progress_line();
	if (status >= 0)
		return 0;
	fprintf(stderr, "%s: %s\n", program->name, err->text);
	return status == MC_EUSAGE ? 2 : 1;
}
