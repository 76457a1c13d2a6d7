/* schemas.c - define the tables of mctools(5). */
#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "table/schemas.h"

/* Each section defines ROW, the struct that the schema's columns are of. */
#define COLUMN(name, kind, member) \
	{ name, MC_COLUMN_##kind, offsetof(struct ROW, member), false }
#define REQUIRED(name, kind, member) \
	{ name, MC_COLUMN_##kind, offsetof(struct ROW, member), true }
#define EACH(name)	{ name, MC_COLUMN_EACH, 0, false }
#define KEY_COLUMN(number, name, heading, entry, flags) \
	COLUMN(name, TEXT, key[MC_KEY_##number]),
#define SCHEMA(columns, fault) \
	{ columns, sizeof(columns) / sizeof(*columns), sizeof(struct ROW), \
	    fault }

/* --- Predictions ---------------------------------------------------------- */

#define ROW mc_predictions_row

static const struct mc_schema_column predictions[] = {
	MC_LEADING_KEY_COLUMNS(KEY_COLUMN)
	REQUIRED("id", TEXT, id),
	COLUMN("group", TEXT, group),
	REQUIRED("label", TEXT, label),
	COLUMN("predicted", TEXT, predicted),
	EACH("p:CLASS"),
	EACH("o:CLASS"),
	MC_ENDING_KEY_COLUMNS(KEY_COLUMN)
	COLUMN("train_images", COUNT, train_images),
};

const struct mc_schema mc_predictions_schema = SCHEMA(predictions, NULL);

/* --- Metrics -------------------------------------------------------------- */

#undef ROW
#define ROW mc_metrics_row

static const struct mc_schema_column metrics[] = {
	MC_LEADING_KEY_COLUMNS(KEY_COLUMN)
	COLUMN("subgroup", TEXT, subgroup),
	REQUIRED("metric", TEXT, metric),
	COLUMN("average", TEXT, average),
	COLUMN("class", TEXT, class_name),
	REQUIRED("estimate", REAL, estimate),
	COLUMN("lo", REAL, lo),
	COLUMN("hi", REAL, hi),
	COLUMN("level", REAL, level),
	COLUMN("method", TEXT, method),
	COLUMN("unit", TEXT, unit),
	COLUMN("replicates", COUNT, replicates),
	COLUMN("resample_seed", COUNT, resample_seed),
	COLUMN("threshold", TEXT, threshold),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("seeds", COUNT, seeds),
	COLUMN("seed_sd", REAL, seed_sd),
	COLUMN("note", TEXT, note),
	MC_ENDING_KEY_COLUMNS(KEY_COLUMN)
};

static const char *
metrics_fault(const void *row)
{
	const struct ROW *r = row;

	if (*r->metric == '\0')
		return "column \"metric\": empty";
	if (isnan(r->lo) != isnan(r->hi) || r->lo > r->hi)
		return "lo and hi are not an interval";
	return NULL;
}

const struct mc_schema mc_metrics_schema = SCHEMA(metrics, metrics_fault);

/* --- Differences ---------------------------------------------------------- */

#undef ROW
#define ROW mc_differences_row

static const struct mc_schema_column differences[] = {
	COLUMN("task", TEXT, task),
	COLUMN("split", TEXT, split),
	COLUMN("subgroup", TEXT, subgroup),
	REQUIRED("metric", TEXT, metric),
	COLUMN("average", TEXT, average),
	COLUMN("class", TEXT, class_name),
	REQUIRED("arm_a", TEXT, arm_a),
	REQUIRED("arm_b", TEXT, arm_b),
	REQUIRED("difference", REAL, difference),
	COLUMN("lo", REAL, lo),
	COLUMN("hi", REAL, hi),
	COLUMN("level", REAL, level),
	COLUMN("method", TEXT, method),
	COLUMN("test", TEXT, test),
	COLUMN("p", REAL, p),
	COLUMN("p_adjusted", REAL, p_adjusted),
	COLUMN("adjustment", TEXT, adjustment),
	COLUMN("n_tests", COUNT, n_tests),
	COLUMN("margin", REAL, margin),
	COLUMN("unit", TEXT, unit),
	COLUMN("replicates", COUNT, replicates),
	COLUMN("resample_seed", COUNT, resample_seed),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("seeds", COUNT, seeds),
	COLUMN("seed_sd_a", REAL, seed_sd_a),
	COLUMN("seed_sd_b", REAL, seed_sd_b),
	COLUMN("note", TEXT, note),
};

static const char *
differences_fault(const void *row)
{
	const struct ROW *r = row;

	if (*r->metric == '\0')
		return "column \"metric\": empty";
	if (*r->arm_a == '\0' && *r->arm_b != '\0')
		return "column \"arm_a\": empty, but arm_b is not";
	if (isnan(r->lo) != isnan(r->hi) || r->lo > r->hi)
		return "lo and hi are not an interval";
	if (r->p < 0 || r->p > 1)
		return "column \"p\": not in [0, 1]";
	if (r->p_adjusted < 0 || r->p_adjusted > 1)
		return "column \"p_adjusted\": not in [0, 1]";
	return NULL;
}

const struct mc_schema mc_differences_schema = SCHEMA(differences,
    differences_fault);

/* --- Thresholds ----------------------------------------------------------- */

#undef ROW
#define ROW mc_thresholds_row

/* The split is required: whether it may be used depends on it. */
#define THRESHOLD_KEY_COLUMN(number, name, heading, entry, flags) \
	{ name, MC_COLUMN_TEXT, offsetof(struct ROW, key[MC_KEY_##number]), \
	    MC_KEY_##number == MC_KEY_SPLIT },

static const struct mc_schema_column thresholds[] = {
	MC_LEADING_KEY_COLUMNS(THRESHOLD_KEY_COLUMN)
	REQUIRED("class", TEXT, class_name),
	REQUIRED("threshold", REAL, threshold),
	COLUMN("criterion", TEXT, criterion),
	COLUMN("sensitivity", REAL, sensitivity),
	COLUMN("specificity", REAL, specificity),
	COLUMN("unit", TEXT, unit),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("replicate", COUNT, replicate),
	COLUMN("note", TEXT, note),
	MC_ENDING_KEY_COLUMNS(KEY_COLUMN)
};

static const char *
thresholds_fault(const void *row)
{
	const struct ROW *r = row;

	if (*r->key[MC_KEY_SPLIT] == '\0')
		return "column \"split\": empty: say which rows the threshold "
		    "was chosen on";
	if (strcmp(r->key[MC_KEY_SPLIT], "test") == 0)
		return "column \"split\": \"test\": a threshold from test rows "
		    "makes the test's results too good: choose it on "
		    "validation rows";
	if (*r->class_name == '\0')
		return "column \"class\": empty";
	if (isnan(r->threshold) && r->replicate <= 0)
		return "column \"threshold\": empty";
	if (r->threshold < 0 || r->threshold > 1 + DBL_EPSILON)
		return "column \"threshold\": not between 0 and 1";
	return NULL;
}

const struct mc_schema mc_thresholds_schema = SCHEMA(thresholds,
    thresholds_fault);

/* --- Curves --------------------------------------------------------------- */

#undef ROW
#define ROW mc_curves_row

static const struct mc_schema_column curves[] = {
	MC_LEADING_KEY_COLUMNS(KEY_COLUMN)
	COLUMN("subgroup", TEXT, subgroup),
	COLUMN("class", TEXT, class_name),
	COLUMN("curve", TEXT, curve),
	COLUMN("x", REAL, x),
	COLUMN("y", REAL, y),
	COLUMN("lo", REAL, lo),
	COLUMN("hi", REAL, hi),
	COLUMN("threshold", REAL, threshold),
	COLUMN("n", COUNT, n),
	COLUMN("level", REAL, level),
	COLUMN("method", TEXT, method),
	COLUMN("unit", TEXT, unit),
	COLUMN("replicates", COUNT, replicates),
	COLUMN("resample_seed", COUNT, resample_seed),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("note", TEXT, note),
	MC_ENDING_KEY_COLUMNS(KEY_COLUMN)
};

/* Whether V is no proportion; a missing one is. */
static bool
is_beyond(double v)
{
	return v < 0 || v > 1 + DBL_EPSILON;
}

/* Curves of kinds that are not ours may have any axes. */
static const char *
curves_fault(const void *row)
{
	static const char *const shares[] = { "roc", "pr", "calibration",
	    "distribution" };
	const struct ROW *r = row;
	size_t length = strcspn(r->curve, ":"), i;
	bool decision = length == 8 && strncmp(r->curve, "decision", 8) == 0;
	bool share = false;

	for (i = 0; i < sizeof(shares) / sizeof(*shares); i++)
		share = share || (strlen(shares[i]) == length &&
		    strncmp(r->curve, shares[i], length) == 0);
	if ((share || decision) && is_beyond(r->x))
		return "column \"x\": not between 0 and 1";
	if (share && is_beyond(r->y))
		return "column \"y\": not between 0 and 1";
	if (share && (is_beyond(r->lo) || is_beyond(r->hi)))
		return "lo and hi are not between 0 and 1";
	if (decision && (r->y > 1 || r->hi > 1))
		return "column \"y\" or \"hi\": a net benefit above 1";
	if ((share || decision) && is_beyond(r->threshold))
		return "column \"threshold\": not between 0 and 1";
	if (isnan(r->lo) != isnan(r->hi) || r->lo > r->hi)
		return "lo and hi are not an interval";
	return NULL;
}

const struct mc_schema mc_curves_schema = SCHEMA(curves, curves_fault);

/* --- Confusion ------------------------------------------------------------ */

#undef ROW
#define ROW mc_confusion_row

static const struct mc_schema_column confusion[] = {
	MC_LEADING_KEY_COLUMNS(KEY_COLUMN)
	COLUMN("subgroup", TEXT, subgroup),
	COLUMN("label", TEXT, label),
	COLUMN("predicted", TEXT, predicted),
	COLUMN("images", COUNT, images),
	COLUMN("units", COUNT, units),
	COLUMN("unit", TEXT, unit),
	COLUMN("share", REAL, share),
	MC_ENDING_KEY_COLUMNS(KEY_COLUMN)
};

static const char *
confusion_fault(const void *row)
{
	return is_beyond(((const struct ROW *)row)->share) ?
	    "column \"share\": not between 0 and 1" : NULL;
}

const struct mc_schema mc_confusion_schema = SCHEMA(confusion,
    confusion_fault);

/* --- Maps and their sanity ------------------------------------------------- */

#undef ROW
#define ROW mc_maps_row

static const struct mc_schema_column maps[] = {
	COLUMN("id", TEXT, id),
	COLUMN("label", TEXT, label),
	COLUMN("method", TEXT, method),
	COLUMN("class", TEXT, class_name),
	COLUMN("p", REAL, p),
	COLUMN("predicted", TEXT, predicted),
	COLUMN("rows", COUNT, rows),
	COLUMN("columns", COUNT, columns),
	COLUMN("min", REAL, min),
	COLUMN("max", REAL, max),
	COLUMN("patch", COUNT, patch),
	COLUMN("stride", COUNT, stride),
	COLUMN("map", TEXT, map),
	COLUMN("overlay", TEXT, overlay)
};

const struct mc_schema mc_maps_schema = SCHEMA(maps, NULL);

#undef ROW
#define ROW mc_sanity_row

static const struct mc_schema_column sanity[] = {
	COLUMN("method", TEXT, method),
	COLUMN("random", TEXT, random),
	COLUMN("blocks", COUNT, blocks),
	COLUMN("of", COUNT, of),
	COLUMN("maps", COUNT, maps),
	COLUMN("undefined", COUNT, undefined),
	COLUMN("spearman", REAL, spearman),
	COLUMN("sd", REAL, sd),
	COLUMN("seed", COUNT, seed)
};

const struct mc_schema mc_sanity_schema = SCHEMA(sanity, NULL);

/* --- Power ---------------------------------------------------------------- */

#undef ROW
#define ROW mc_power_row

static const struct mc_schema_column power[] = {
	COLUMN("task", TEXT, task),
	COLUMN("fold", TEXT, fold),
	COLUMN("split", TEXT, split),
	COLUMN("metric", TEXT, metric),
	COLUMN("average", TEXT, average),
	COLUMN("class", TEXT, class_name),
	COLUMN("arm_a", TEXT, arm_a),
	COLUMN("arm_b", TEXT, arm_b),
	COLUMN("goal", TEXT, goal),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("n_images", REAL, n_images),
	COLUMN("estimate", REAL, estimate),
	COLUMN("se", REAL, se),
	COLUMN("lo", REAL, lo),
	COLUMN("hi", REAL, hi),
	COLUMN("width", REAL, width),
	COLUMN("level", REAL, level),
	COLUMN("detectable", REAL, detectable),
	COLUMN("at_power", REAL, at_power),
	COLUMN("power", REAL, power),
	COLUMN("unit", TEXT, unit),
	COLUMN("replicates", COUNT, replicates),
	COLUMN("resample_seed", COUNT, resample_seed),
	COLUMN("note", TEXT, note),
};

static const char *
power_fault(const void *row)
{
	const struct ROW *r = row;

	if (is_beyond(r->power))
		return "column \"power\": not between 0 and 1";
	if (is_beyond(r->at_power))
		return "column \"at_power\": not between 0 and 1";
	return r->width < 0 ? "column \"width\": below 0" : NULL;
}

const struct mc_schema mc_power_schema = SCHEMA(power, power_fault);

/* --- Training log --------------------------------------------------------- */

#undef ROW
#define ROW mc_log_row

static const struct mc_schema_column training_log[] = {
	REQUIRED("epoch", COUNT, epoch),
	COLUMN("split", TEXT, split),
	COLUMN("loss", REAL, loss),
	COLUMN("accuracy", REAL, accuracy),
	COLUMN("precision", REAL, precision),
	COLUMN("recall", REAL, recall),
	COLUMN("f1", REAL, f1),
	COLUMN("learning_rate", REAL, learning_rate),
};

static const char *
log_fault(const void *row)
{
	const struct ROW *r = row;

	if (r->epoch < 0)
		return "column \"epoch\": empty";
	return is_beyond(r->f1) ? "column \"f1\": not between 0 and 1" : NULL;
}

const struct mc_schema mc_log_schema = SCHEMA(training_log, log_fault);

/* --- Population ----------------------------------------------------------- */

#undef ROW
#define ROW mc_population_row

static const char *
population_fault(const void *row)
{
	return ((const struct ROW *)row)->n < 0 ? "column \"n\": empty" : NULL;
}

static const struct mc_schema_column population[] = {
	REQUIRED("split", TEXT, split),
	REQUIRED("label", TEXT, label),
	REQUIRED("column", TEXT, column),
	REQUIRED("value", TEXT, value),
	REQUIRED("unit", TEXT, unit),
	REQUIRED("n", COUNT, n),
	COLUMN("missing", COUNT, missing),
	COLUMN("share", REAL, share),
	COLUMN("median", REAL, median),
	COLUMN("q1", REAL, q1),
	COLUMN("q3", REAL, q3),
	COLUMN("mean", REAL, mean),
	COLUMN("sd", REAL, sd),
	COLUMN("smd", REAL, smd),
};

const struct mc_schema mc_population_schema = SCHEMA(population, population_fault);

/* --- Exclusions ------------------------------------------------------------- */

#undef ROW
#define ROW mc_exclusion_row

static const struct mc_schema_column exclusions[] = {
	COLUMN("program", TEXT, program),
	COLUMN("id", TEXT, id),
	COLUMN("path", TEXT, path),
	COLUMN("label", TEXT, label),
	COLUMN("group", TEXT, group),
	REQUIRED("reason", TEXT, reason),
	COLUMN("images", COUNT, images),
};

static const char *
exclusions_fault(const void *row)
{
	const struct ROW *r = row;

	return r->images > 1 ? "column \"images\": a row is one image (1), or "
	    "a file that is none (0)" : NULL;
}

const struct mc_schema mc_exclusions_schema = SCHEMA(exclusions,
    exclusions_fault);

/* --- Flow ------------------------------------------------------------------- */

#undef ROW
#define ROW mc_flow_row

static const struct mc_schema_column flow[] = {
	COLUMN("program", TEXT, program),
	COLUMN("reason", TEXT, reason),
	COLUMN("images", COUNT, images),
	COLUMN("groups", COUNT, groups),
	COLUMN("images_left", COUNT, images_left),
	COLUMN("groups_left", COUNT, groups_left),
	COLUMN("files", COUNT, files),
	COLUMN("files_left", COUNT, files_left),
};

const struct mc_schema mc_flow_schema = SCHEMA(flow, NULL);

/* --- Audit ---------------------------------------------------------------- */

#undef ROW
#define ROW mc_audit_row

static const struct mc_schema_column audit[] = {
	COLUMN("split", TEXT, split),
	COLUMN("fold", TEXT, fold),
	COLUMN("label", TEXT, label),
	COLUMN("images", COUNT, images),
	COLUMN("groups", COUNT, groups),
	COLUMN("class_share", REAL, class_share),
	COLUMN("deviation", REAL, deviation),
};

const struct mc_schema mc_audit_schema = SCHEMA(audit, NULL);

/* --- Pairs ---------------------------------------------------------------- */

#undef ROW
#define ROW mc_pairs_row

static const struct mc_schema_column pairs[] = {
	REQUIRED("distance", COUNT, distance),
	REQUIRED("id_a", TEXT, id_a),
	REQUIRED("id_b", TEXT, id_b),
	COLUMN("split_a", TEXT, split_a),
	COLUMN("split_b", TEXT, split_b),
	COLUMN("fold_a", TEXT, fold_a),
	COLUMN("fold_b", TEXT, fold_b),
	COLUMN("label_a", TEXT, label_a),
	COLUMN("label_b", TEXT, label_b),
	COLUMN("group_a", TEXT, group_a),
	COLUMN("group_b", TEXT, group_b),
};

const struct mc_schema mc_pairs_schema = SCHEMA(pairs, NULL);

/* --- Montage -------------------------------------------------------------- */

#undef ROW
#define ROW mc_montage_row

static const struct mc_schema_column montage[] = {
	MC_LEADING_KEY_COLUMNS(KEY_COLUMN)
	COLUMN("show", TEXT, show),
	COLUMN("sheet", COUNT, sheet),
	COLUMN("row", COUNT, row),
	COLUMN("column", COUNT, column),
	COLUMN("x", COUNT, x),
	COLUMN("y", COUNT, y),
	COLUMN("width", COUNT, width),
	COLUMN("height", COUNT, height),
	COLUMN("place", COUNT, place),
	COLUMN("of", COUNT, of),
	COLUMN("images", COUNT, images),
	COLUMN("id", TEXT, id),
	COLUMN("group", TEXT, group),
	COLUMN("label", TEXT, label),
	COLUMN("predicted", TEXT, predicted),
	COLUMN("p_label", REAL, p_label),
	COLUMN("p_predicted", REAL, p_predicted),
	COLUMN("margin", REAL, margin),
	COLUMN("threshold", REAL, threshold),
	COLUMN("class", TEXT, class_name),
	COLUMN("distance", COUNT, distance),
	COLUMN("image", TEXT, image),
	COLUMN("epoch", COUNT, epoch),
	MC_ENDING_KEY_COLUMNS(KEY_COLUMN)
};

const struct mc_schema mc_montage_schema = SCHEMA(montage, NULL);

/* --- Backbones ------------------------------------------------------------ */

#undef ROW
#define ROW mc_backbones_row

static const struct mc_schema_column backbones[] = {
	COLUMN("backbone", TEXT, backbone),
	COLUMN("family", TEXT, family),
	COLUMN("features", TEXT, features),
	COLUMN("dims", TEXT, dims),
	COLUMN("resize", COUNT, resize),
	COLUMN("crop", COUNT, crop),
	COLUMN("filter", TEXT, filter),
	COLUMN("mean", TEXT, mean),
	COLUMN("std", TEXT, std),
	COLUMN("multiple", COUNT, multiple),
	COLUMN("smallest", COUNT, smallest),
	COLUMN("weights", TEXT, weights),
	COLUMN("licence", TEXT, licence),
	COLUMN("access", TEXT, access),
	COLUMN("domain", TEXT, domain),
	COLUMN("reference", TEXT, reference),
};

const struct mc_schema mc_backbones_schema = SCHEMA(backbones, NULL);
