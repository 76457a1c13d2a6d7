/* draws.c - the options of resampling. */
#include "config.h"

#include "draws.h"
#include "stats/interval.h"

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
