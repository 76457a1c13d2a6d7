/* montage_show.c - choose the images of mc-montage, and make its sheets. */
#include "config.h"

#include <sys/stat.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "montage.h"
#include "tool.h"

/* --- Runs ----------------------------------------------------------------- */

/* Whether RUN is as --only says. */
static bool
is_chosen(const struct montage *m, const struct mc_run *run)
{
	bool chosen = true;
	size_t i;

	for (i = 0; i < m->style.n_only; i++)
		chosen &= only_is(&m->style.only[i], run->key[
		    mc_key_find(m->style.only[i].column)]);
	return chosen;
}

/* Check that there is one run, unless each can have a sheet of its own. */
static enum mc_status
check_single(const struct montage *m, struct mc_err *err)
{
	struct mc_buf keys = { 0 };
	size_t k, i;
	bool differs;

	if (m->out.paged || m->n_runs == 1)
		return MC_OK;
	for (k = 0; k < MC_KEYS; k++) {
		for (differs = false, i = 1; i < m->n_runs; i++)
			differs |= strcmp(m->samples[0].run->key[k],
			    m->samples[i].run->key[k]) != 0;
		if (differs)
			mc_buf_printf(&keys, "%s%s", keys.len > 0 ? ", " : "",
			    mc_key_names[k]);
	}
	mc_err_set(err, MC_EUSAGE, "the predictions have %zu runs, which "
	    "differ in %s: choose one with --only %.*s=VALUE, or give -o a name "
	    "with %%d, such as sheet-%%d.png, for a sheet of each", m->n_runs,
	    keys.data, (int)strcspn(keys.data, ","), keys.data);
	mc_buf_free(&keys);
	return MC_EUSAGE;
}

/* The error that no run is as --only says. */
static enum mc_status
no_run(const struct montage *m, struct mc_err *err)
{
	struct mc_buf files = { 0 };
	size_t i;

	for (i = 0; m->predictions[i] != NULL; i++)
		mc_buf_printf(&files, "%s%s", i > 0 ? ", " : "",
		    m->predictions[i]);
	only_none(m->style.only, m->style.n_only, files.data, "run",
	    err);
	mc_buf_free(&files);
	return err->status;
}

/* Make samples of the runs that are chosen, and choose their cases. */
static enum mc_status
choose_cases(struct montage *m, const struct mc_runs *runs, struct mc_err *err)
{
	size_t n = mc_runs_count(runs), i;
	enum mc_status status = MC_OK;

	m->samples = mc_xcalloc(n, sizeof(*m->samples));
	m->cases = mc_xcalloc(n, sizeof(*m->cases));
	for (i = 0; i < n && status == MC_OK; i++) {
		if (!is_chosen(m, mc_runs_at(runs, i)))
			continue;
		status = mc_run_sample_make(runs, i, &m->samples[
		    m->n_runs], err);
		if (status == MC_OK)
			status = mc_cases_choose(&m->cases[m->n_runs],
			    &m->samples[m->n_runs],
			    (enum mc_case_kind)m->style.show, m->number,
			    m->style.seed, err);
		m->n_runs++;
	}
	if (status == MC_OK && m->n_runs == 0)
		status = no_run(m, err);
	return status == MC_OK ? check_single(m, err) : status;
}

/* Want the images of all runs, with their labels if these are the tar's. */
static void
want_cases(struct montage *m)
{
	size_t r, i;

	for (r = 0; r < m->n_runs; r++) {
		const struct mc_run *run = m->samples[r].run;

		for (i = 0; i < m->cases[r].n; i++) {
			size_t image = m->cases[r].cases[i].image;

			montage_want(&m->gallery, mc_run_id(run, image),
			    mc_run_is_finding(run) ? NULL :
			    run->classes[run->rows[image].label]);
		}
	}
}

/* Want the digests of the predictions; a pipe cannot be read again. */
static enum mc_status
want_digests(struct montage *m, struct mc_err *err)
{
	const char *const *path = m->predictions;
	enum mc_status status = MC_OK;
	struct stat st;

	for (; *path != NULL && status == MC_OK; path++) {
		if (stat(*path, &st) == 0 && S_ISREG(st.st_mode))
			status = montage_want_digests(&m->gallery, *path, err);
	}
	return status;
}

/* Say that a sheet has no images, since the model makes no mistake. */
static void
warn_of_none(const struct mc_run *run)
{
	tool_warn("arm \"%s\", train_seed \"%s\", fold \"%s\", split \"%s\": no "
	    "prediction is wrong, so the sheet has no images",
	    run->key[MC_KEY_ARM], run->key[MC_KEY_TRAIN_SEED],
	    run->key[MC_KEY_FOLD], run->key[MC_KEY_SPLIT]);
}

/* Warn of images that are not, or not called, what the table says. */
static void
warn_of_others(const struct montage *m, const struct mc_images *im)
{
	const char *name = mc_images_manifest_name(im);
	size_t relabelled = 0, changed = 0, i;
	const char *example[2] = { NULL, NULL };

	for (i = m->gallery.n; i-- > 0; ) {
		const struct montage_image *image = &m->gallery.image[i];

		if (image->shown && image->changed) {
			changed++;
			example[0] = image->id;
		}
		if (image->shown && image->relabelled) {
			relabelled++;
			example[1] = image->id;
		}
	}
	if (changed > 0)
		tool_warn("%s: %zu of the images shown have another sha256 "
		    "than in %s, such as \"%s\": are they the images that "
		    "were predicted?", name, changed, m->table, example[0]);
	if (relabelled > 0)
		tool_warn("%s: %zu of the images shown have another label than "
		    "in %s, such as \"%s\"", name, relabelled, m->table,
		    example[1]);
}

/* How far the probability of a map may be from that of the predictions: computing in
   another precision changes it by less. */
#define SAME_P	0.01

/* The number of the class of X that MAP explains; n_classes: none is called so. */
static size_t
class_of_map(const struct mc_run_sample *x, const struct montage_map *map)
{
	const char *colon = strchr(x->run->key[MC_KEY_TASK], ':');
	const char *name = mc_run_is_finding(x->run) && colon != NULL &&
	    strcmp(colon + 1, map->class_name) == 0 ? "yes" : map->class_name;
	size_t k = 0;

	while (k < x->s.n_classes && strcmp(x->s.classes[k], name) != 0)
		k++;
	return k;
}

/* Whether MAP is of another probability than that of image I in X. */
static bool
is_of_another(const struct mc_run_sample *x, size_t i,
    const struct montage_map *map)
{
	size_t k = class_of_map(x, map);

	return x->s.p != NULL && !isnan(map->p) && k < x->s.n_classes &&
	    fabs(x->s.p[i * x->s.n_classes + k] - map->p) > SAME_P;
}

/* Warn of maps that seem to be of another model than the predictions. */
static void
warn_of_maps(const struct montage *m)
{
	size_t n = 0, r, i;
	const char *example = NULL;

	for (r = 0; r < m->n_runs && m->maps != NULL; r++) {
		const struct mc_run_sample *x = &m->samples[r];

		for (i = 0; i < m->cases[r].n; i++) {
			size_t image = m->cases[r].cases[i].image;
			const char *id = mc_run_id(x->run, image);
			const struct montage_image *shown = &m->gallery.image[
			    mc_names_find(m->gallery.ids, id)];

			if (shown->shown && is_of_another(x, image,
			    &shown->map) && n++ == 0)
				example = id;
		}
	}
	if (n > 0)
		tool_warn("--maps: the probability of %zu of the maps is not that "
		    "in %s, such as of \"%s\": are they maps of the model that "
		    "predicted?", n, m->table, example);
}

/* Whether one of the first MOST images of each label lacks its map. */
static bool
lacks_map(const struct montage *m, size_t most)
{
	size_t r, k, i;

	for (r = 0; r < m->n_runs; r++) {
		for (k = 0; k < m->cases[r].n_groups; k++) {
			const struct mc_case_group *g = &m->cases[r].groups[k];

			for (i = 0; i < g->n && i < most; i++) {
				size_t image = m->cases[r].cases[g->first +
				    i].image;

				if (m->gallery.image[mc_names_find(
				    m->gallery.ids, mc_run_id(m->samples[r].run,
				    image))].map.method == NULL)
					return true;
			}
		}
	}
	return false;
}

/* Lower *MOST to the images that have maps, where it is a limit. */
static enum mc_status
limit_to_maps(const struct montage *m, size_t *most, struct mc_err *err)
{
	const struct montage_gallery *g = &m->gallery;
	size_t missing = 0, first = 0, i;

	while (m->fits && *most > 1 && lacks_map(m, *most))
		--*most;
	if (!lacks_map(m, *most))
		return MC_OK;
	for (i = g->n; i-- > 0; ) {
		if (g->image[i].map.method == NULL) {
			missing++;
			first = i;
		}
	}
	return mc_err_set(err, MC_EDATA, "%s: --maps: lacks a map of %zu of the "
	    "%zu images to be shown, such as \"%s\": make maps of them with "
	    "mc-explain --list", m->maps[0], missing, g->n, g->image[first].id);
}

static enum mc_status
show_cases(struct montage *m, struct mc_images *im, const struct mc_runs *runs,
    struct mc_err *err)
{
	enum mc_status status = choose_cases(m, runs, err);
	size_t most = m->number.n, r;

	if (status == MC_OK) {
		want_cases(m);
		status = want_digests(m, err);
	}
	if (status == MC_OK)
		status = montage_read_wanted(&m->gallery, im, m->table, err);
	if (status == MC_OK && m->maps != NULL)
		status = montage_read_maps(&m->gallery, m->maps, err);
	if (status == MC_OK && m->maps != NULL)
		status = limit_to_maps(m, &most, err);
	if (status == MC_OK)
		status = montage_check_names(m, err);
	if (status != MC_OK)
		return status;
	montage_make(m, most);
	warn_of_others(m, im);
	warn_of_maps(m);
	for (r = 0; r < m->n_runs; r++) {
		if (m->cases[r].n == 0)
			warn_of_none(m->samples[r].run);
	}
	return MC_OK;
}

/* --- Other images --------------------------------------------------------- */

/* Want one of two images, whose LABEL may be "". */
static void
want_half(struct montage *m, const char *id, const char *label)
{
	montage_want(&m->gallery, id, *label != '\0' ? label : NULL);
}

static enum mc_status
show_pairs(struct montage *m, struct mc_images *im, const struct mc_rows *pairs,
    struct mc_err *err)
{
	const struct mc_pairs_row *row = mc_rows_get(pairs, 0);
	size_t n = mc_rows_count(pairs), i;
	enum mc_status status;

	if (n == 0)
		return mc_err_set(err, MC_EDATA, "%s: has no pairs, so there "
		    "is nothing to show", m->table);
	if (n > m->number.n)
		n = m->number.n;
	for (i = 0; i < n; i++) {
		want_half(m, row[i].id_a, row[i].label_a);
		want_half(m, row[i].id_b, row[i].label_b);
	}
	status = montage_read_wanted(&m->gallery, im, m->table, err);
	if (status == MC_OK)
		status = montage_check_names(m, err);
	if (status == MC_OK) {
		montage_make(m, n);
		warn_of_others(m, im);
	}
	return status;
}

/* Make the sheets that are not of predictions. */
static enum mc_status
show_rows(struct montage *m, struct mc_images *im, const struct mc_rows *pairs,
    struct mc_err *err)
{
	enum mc_status status;

	m->pairs = pairs;
	if (m->style.show == MONTAGE_NEAR)
		return show_pairs(m, im, pairs, err);
	if (m->style.show == MONTAGE_AUGMENTED)
		status = montage_read_versions(&m->gallery, im, m->style.only,
		    m->style.n_only, m->number.n, err);
	else
		status = montage_read_random(&m->gallery, im, m->style.only,
		    m->style.n_only, m->number, m->style.seed, err);
	if (status == MC_OK)
		status = montage_check_names(m, err);
	if (status == MC_OK)
		montage_make(m, m->number.n);
	return status;
}

enum mc_status
montage_show(struct montage *m, struct mc_images *im,
    const struct mc_runs *runs, const struct mc_rows *pairs,
    struct mc_err *err)
{
	return runs != NULL ? show_cases(m, im, runs, err) :
	    show_rows(m, im, pairs, err);
}

void
montage_clear(struct montage *m)
{
	size_t i;

	montage_output_clear(&m->out);
	for (i = 0; i < m->n_runs; i++) {
		mc_cases_clear(&m->cases[i]);
		mc_run_sample_clear(&m->samples[i]);
	}
	free(m->cases);
	free(m->samples);
	only_free(m->style.only, m->style.n_only);
	montage_gallery_clear(&m->gallery);
}
