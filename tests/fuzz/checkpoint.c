/*
 * checkpoint.c - fuzz lib/learn/checkpoint.c and identity.c: the members of a
 * checkpoint (fuzz.h).  The table of parameters and the walk are stood in for, since
 * theirs need libtorch.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "learn/checkpoint.h"

#define IMAGES 3

/* --- In the place of params.c and walk.c --------------------------------------- */

const char *
mc_params_column(const struct mc_params *p, size_t k)
{
	(void)p;
	return k == 0 ? "values" : NULL;
}

enum mc_status
mc_params_read(struct mc_params *p, const char *column,
    const struct mc_statedict *sd, struct mc_err *err)
{
	(void)p;
	(void)column;
	(void)sd;
	(void)err;
	return MC_OK;
}

enum mc_status
mc_params_write(const struct mc_params *p, const char *column, FILE *f,
    struct mc_err *err)
{
	(void)p;
	(void)column;
	(void)f;
	(void)err;
	return MC_OK;
}

void
mc_walk_start(struct mc_walk *w)
{
	w->n = 0;
	w->loss = w->divisor = 0;
}

/* --- The target ------------------------------------------------------------------ */

static void
restore(struct mc_checkpoint *c, const struct mc_loss *by)
{
	int predicted[IMAGES * 2];
	struct mc_state s = { .train = { .by = by, .predicted = predicted } };
	struct mc_buf log = { 0 };
	struct mc_err err;
	size_t i;

	if (mc_checkpoint_restore(c, &s, IMAGES, &log, &err) == MC_OK) {
		FUZZ_MUST(s.epoch >= 1 && s.step >= 0 &&
		    s.best.epoch < s.epoch && s.train.n <= IMAGES);
		for (i = 0; i < s.train.n * by->labels; i++)
			FUZZ_MUST(predicted[i] >= 0 && predicted[i] <
			    (by->multilabel ? 2 : (int)by->classes));
		fuzz_read(log.data, log.len);
	}
	if (s.best_values != NULL)
		fclose(s.best_values);
	mc_buf_free(&log);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct mc_loss kinds[] = { { 2, false, 1, NULL, 0, 0 },
	    { 2, true, 2, NULL, 0, 0 } };
	struct mc_buf tar = { 0 }, training = { 0 };
	struct mc_checkpoint *c;
	struct mc_err err;
	const char *path;
	size_t i;

	fuzz_make_tar(&tar, bytes, n);
	path = fuzz_file(tar.data, tar.len);
	mc_buf_puts(&training, "seed\t1\nmodel\tresnet18\n");
	for (i = 0; i < 2; i++) {
		if (mc_checkpoint_open(&c, path, &err) != MC_OK)
			break;
		FUZZ_MUST(c != NULL);
		(void)!mc_checkpoint_check(c, &training, &err);
		restore(c, &kinds[i]);
		mc_checkpoint_close(c);
	}
	mc_buf_free(&training);
	mc_buf_free(&tar);
	return 0;
}
