/* report_check.c - what mc-report refuses before it reads anything. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"

/* A usage error where TEXT, the argument of OPTION, cannot be printed. */
static void
check_text(const char *option, const char *text)
{
	if (text == NULL)
		return;
	if (!report_is_text(text, strlen(text)))
		tool_usage("--%s: bytes that are not UTF-8: convert the text, "
		    "as with iconv -f latin1 -t utf8", option);
	if (text[strspn(text, " \t\n")] == '\0')
		tool_usage("--%s: empty: leave the option out", option);
}

/* A file is read for what it says, and again for its bytes. */
static void
check_stdin(const char *what, const char *path)
{
	if (path != NULL && strcmp(path, "-") == 0)
		tool_usage("%s%s: standard input cannot be read twice: give a "
		    "file", *what == 'M' ? "" : "--", what);
}

static size_t
count(const char *const *given)
{
	size_t n = 0;

	while (given != NULL && given[n] != NULL)
		n++;
	return n;
}

/* The files in GIVEN, each TASK=FILE or FILE, and each once. */
static void
check_files(const char *option, const char *const *given)
{
	size_t n = count(given), i;
	const char **paths = mc_xcalloc(n + 1, sizeof(*paths));

	for (i = 0; i < n; i++) {
		struct report_file f = report_file(given[i]);

		if (*f.path == '\0' || (f.task != NULL && *f.task == '\0'))
			tool_usage("--%s: \"%s\": give FILE or TASK=FILE",
			    option, given[i]);
		check_text(option, f.task);
		check_stdin(option, f.path);
		paths[i] = f.path;
		free(f.task);
	}
	tool_reads_once(option, paths, n);
	free(paths);
}

/*
 * The pictures in GIVEN, each FILE or FILE=TABLE.  A table may list the images of
 * several pictures, which are each given once.
 */
static void
check_pictures(const char *option, const char *const *given)
{
	size_t n = count(given), i;
	char **paths = mc_xcalloc(n + 1, sizeof(*paths));

	for (i = 0; i < n; i++) {
		struct report_picture p = report_picture(given[i]);

		if (*p.path == '\0' || (p.table != NULL && *p.table == '\0'))
			tool_usage("--%s: \"%s\": give FILE or FILE=TABLE",
			    option, given[i]);
		check_stdin(option, p.path);
		check_stdin(option, p.table);
		if (p.table != NULL)
			tool_reads(p.table);
		paths[i] = p.path;
	}
	tool_reads_once(option, (const char *const *)paths, n);
	for (i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
}

/*
 * The tables of --figure, each TABLE or FIGURE=TABLE: a table may be drawn as
 * several figures, but as each of them once.
 */
static void
check_figures(const char *const *given)
{
	size_t n = count(given), alike, i, k;
	const char **paths = mc_xcalloc(n + 1, sizeof(*paths)), *path;

	for (i = 0; i < n; i++) {
		const struct mc_figure *figure = report_figure(given[i], &path);

		if (*path == '\0')
			tool_usage("--figure: \"%s\": give TABLE or "
			    "FIGURE=TABLE", given[i]);
		check_stdin("figure", path);
		alike = 0;
		for (k = 0; k <= i; k++) {
			if (report_figure(given[k], &path) == figure)
				paths[alike++] = path;
		}
		tool_reads_once("figure", paths, alike);
	}
	free(paths);
}

/* Options that are for others. */
static void
check_pairs(const struct report_options *o)
{
	bool results = o->metrics != NULL || o->differences != NULL ||
	    o->figures != NULL;

	if (o->decimals >= 0 && !results)
		tool_usage("--decimals is for --metrics, --differences and "
		    "--figure, none of which is given");
	if (o->alpha >= 0 && (o->metrics == NULL || o->differences == NULL))
		tool_usage("--alpha marks --metrics by --differences, which are "
		    "not both given");
	if (o->unit_name != NULL && !results && o->manifests == NULL &&
	    o->flows == NULL && o->populations == NULL)
		tool_usage("--unit-name is for tables that count groups, none "
		    "of which is given");
	if (o->medians != NULL && o->populations == NULL)
		tool_usage("--medians is for --population, which is not given");
	if ((o->multilabel || o->no_finding != NULL) && o->manifests == NULL)
		tool_usage("--multilabel and --no-finding are for --manifest, "
		    "which is not given");
	if (o->no_finding != NULL && !o->multilabel)
		tool_usage("--no-finding is for --multilabel, which is not "
		    "given");
}

void
report_check(const struct report_options *o, char *const *models, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		check_stdin("MODEL", models[i]);
	for (i = 0; i < count(o->metrics); i++)
		check_stdin("metrics", o->metrics[i]);
	check_stdin("differences", o->differences);
	check_stdin("question", o->question);
	check_stdin("commands", o->commands);
	check_stdin("names", o->names);
	check_text("title", o->title);
	check_text("date", o->date);
	check_text("unit-name", o->unit_name);
	check_files("flow", o->flows);
	check_files("manifest", o->manifests);
	check_files("population", o->populations);
	check_pictures("explanations", o->explanations);
	check_pictures("mistakes", o->mistakes);
	check_figures(o->figures);
	if (n == 0 && o->commands == NULL && o->differences == NULL &&
	    o->explanations == NULL && o->figures == NULL && o->flows == NULL &&
	    o->manifests == NULL && o->metrics == NULL && o->mistakes == NULL &&
	    o->populations == NULL && o->question == NULL)
		tool_usage("nothing to report: give models, --metrics, or "
		    "other files");
	check_pairs(o);
}
