/* options.c - read the options that several programs share. */
#include "config.h"

#include <string.h>

#include "options.h"
#include "stats/interval.h"
#include "stats/metric_list.h"

static void
say_read(const struct mc_runs *runs)
{
	size_t n = 0, i;

	for (i = 0; i < mc_runs_count(runs); i++)
		n += mc_runs_at(runs, i)->n;
	tool_say("predictions: %zu, runs: %zu", n, mc_runs_count(runs));
}

enum mc_status
runs_read(struct mc_runs **runs, const struct mc_runs_options *opts,
    char *const *paths, size_t n, struct mc_err *err)
{
	enum mc_status status = mc_runs_read(runs, opts, paths, n, err);
	const char *remark;
	size_t i;

	if (status == MC_OK)
		say_read(*runs);
	for (i = 0; status == MC_OK &&
	    (remark = mc_runs_remark(*runs, i)) != NULL; i++)
		tool_warn("%s", remark);
	return status;
}

enum mc_status
metrics_parse(const char *given, const char *usual, bool has_positive,
    struct mc_metric_spec **specs, size_t *n, struct mc_err *err)
{
	enum mc_status status = mc_metric_specs_parse(given != NULL ? given :
	    usual, has_positive, specs, n, err);
	struct mc_buf names = { 0 };
	const char *first = status == MC_OK && given != NULL && has_positive ?
	    mc_metric_specs_weighted(*specs, *n, &names) : NULL;

	if (first != NULL)
		tool_warn("weighted means over the classes: %s: for the "
		    "positive class alone, give %s:positive%s", names.data,
		    first, strcmp(first, names.data) != 0 ? " and so on" : "");
	mc_buf_free(&names);
	return status;
}

enum mc_status
draws_check(const struct draws_opts *opts, struct mc_resampling *how,
    struct mc_err *err)
{
	int64_t needed = mc_replicates_needed(opts->level);

	if (opts->replicates < needed)
		return mc_err_set(err, MC_EUSAGE, "--replicates: %lld are too "
		    "few for level %g: give %lld or more",
		    (long long)opts->replicates, opts->level,
		    (long long)needed);
	*how = (struct mc_resampling){ .replicates = opts->replicates,
	    .seed = (uint64_t)opts->seed, .threads = opts->threads > 0 ?
	    (int)opts->threads : mc_cpus() };
	tool_say("%lld replicates, seed %lld", (long long)opts->replicates,
	    (long long)opts->seed);
	return MC_OK;
}

enum mc_status
choice_renamed(const char *name, int given, const char *former,
    int former_given, const char *const *words, int *choice,
    struct mc_err *err)
{
	*choice = given != MC_NOT_GIVEN ? given : 0;
	if (former_given == MC_NOT_GIVEN)
		return MC_OK;
	if (given != MC_NOT_GIVEN)
		return mc_err_set(err, MC_EUSAGE, "--%s is the former name of "
		    "--%s: give --%s alone", former, name, name);
	tool_warn("--%s is the former name of --%s and will be removed in "
	    "version 1.0: give --%s %s", former, name, name,
	    words[former_given]);
	*choice = former_given;
	return MC_OK;
}
