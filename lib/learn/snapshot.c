/* snapshot.c - set the values of all parameters aside, and put them back. */
#include "config.h"

#include "base/out.h"
#include "learn/snapshot.h"

enum mc_status
mc_snapshot_take(FILE **spool, const struct mc_params *p, struct mc_err *err)
{
	FILE *fresh = mc_spool_open(err);
	enum mc_status status = fresh == NULL ? err->status :
	    mc_params_write(p, MC_VALUES, fresh, err);

	if (status == MC_OK)
		status = mc_spool_rewind(fresh, err);
	if (*spool != NULL)
		fclose(*spool);
	*spool = fresh;
	return status;
}

enum mc_status
mc_snapshot_restore(FILE **spool, struct mc_params *p, struct mc_err *err)
{
	struct mc_statedict *sd;
	enum mc_status status = mc_statedict_from_spool(&sd, *spool,
	    "the best epoch", err);

	if (status != MC_OK)
		return status;
	status = mc_params_read(p, MC_VALUES, sd, err);
	mc_statedict_free(sd);
	fclose(*spool);
	*spool = NULL;
	return status;
}
