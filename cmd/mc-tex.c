/* mc-tex - the table of results of a paper, in LaTeX. */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "report/results.h"
#include "tool.h"

struct options {
	struct mc_common common;
	struct mc_table_style style;
	bool standalone;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "caption", 0, "TEXT", "the table's caption (default: none)",
	    MC_STRING, AT(style.caption), 0, 0, NULL },
	{ "label", 0, "NAME", "the table's label, for \\ref (default: none)",
	    MC_STRING, AT(style.label), 0, 0, NULL },
	{ "metrics", 0, "LIST",
	    "which metrics (default: all but those of a single class)",
	    MC_STRING, AT(style.metrics), 0, 0, NULL },
	{ "standalone", 0, NULL,
	    "a whole document for pdflatex (default: for \\input)",
	    MC_FLAG, AT(standalone), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-tex",
	"[OPTION]... [METRICS]...",
	"Print metrics as a table in LaTeX.",
	option_table, true
};

/* A label goes into LaTeX as it is, so it may hold nothing that acts there. */
static void
check_args(const struct options *opts)
{
	const char *label = opts->style.label;

	if (label != NULL && (*label == '\0' || label[strspn(label,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789:.-")] != '\0'))
		tool_usage("--label: \"%s\": only letters, digits, and : . -",
		    label);
}

static enum mc_status
run(const struct options *opts, char *const *paths, size_t n,
    struct mc_err *err)
{
	static char standard_input[] = "-";
	char *const standard_paths[] = { standard_input };
	struct mc_metrics *m = NULL;
	struct mc_buf text = { 0 };
	struct mc_out *out = NULL;
	enum mc_status status;

	status = mc_metrics_read(&m, n > 0 ? paths : standard_paths,
	    n > 0 ? n : 1, err);
	mc_page_begin(opts->standalone, &text);
	if (status == MC_OK)
		status = mc_results_latex(m, &opts->style, &text, err);
	mc_page_end(opts->standalone, &text);
	if (status == MC_OK)
		status = mc_out_open(&out, opts->common.output, err);
	if (status == MC_OK) {
		fwrite(text.data, 1, text.len, mc_out_file(out));
		status = mc_out_commit(out, err);
	}
	mc_buf_free(&text);
	mc_metrics_free(m);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts = { .common = { 0 } };
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	check_args(&opts);
	return tool_end(run(&opts, argv + operands, (size_t)(argc - operands),
	    &err), &err);
}
