/*
 * schemas.h - define the tables of mctools(5): one schema and struct per table.
 *
 * A member whose meaning is not said here means what the page says of its
 * column.  Rows that are read have no NULL text; a missing one is "".  A
 * missing number is NAN or -1.
 */
#ifndef MC_SCHEMAS_H
#define MC_SCHEMAS_H

#include <stdint.h>

#include "table/keys.h"
#include "table/schema.h"

/*
 * The predictions table: one image and arm per row.  The manifest's other
 * columns come after p:CLASS; predictions.h reads it.
 */
struct mc_predictions_row {
	const char *key[MC_KEYS];
	const char *id, *group, *label, *predicted;
	int64_t train_images;
};
extern const struct mc_schema mc_predictions_schema;

/* The metrics table: one estimate per row. */
struct mc_metrics_row {
	const char *key[MC_KEYS];
	const char *subgroup;
	const char *metric;
	const char *average;	/* weighted, macro, ... or "" */
	const char *class_name;	/* "" where the metric is not of one class */
	double estimate;	/* NAN: undefined, and note says why */
	double lo, hi;		/* NAN: no interval, and note says why */
	double level;
	const char *method;	/* of the interval; "none" where there is none */
	const char *unit;	/* group or image */
	int64_t replicates;
	int64_t resample_seed;
	const char *threshold;
	int64_t n_images, n_units;
	int64_t seeds;		/* training seeds that estimate is the mean of */
	double seed_sd;		/* its standard deviation over them */
	const char *note;	/* remarks, joined by "; " */
};
extern const struct mc_schema mc_metrics_schema;

/*
 * The differences table: two arms compared, one difference per row.
 *
 * Two kinds of rows compare no two arms.  A gap between subgroups of one arm
 * has "sex=F - sex=M" as its subgroup and no arm_b.  A test of all arms at
 * once, as Friedman's, has neither arm and its statistic as difference.
 */
struct mc_differences_row {
	const char *task, *split;
	const char *subgroup;
	const char *metric;
	const char *average;	/* weighted, macro, ... or "" */
	const char *class_name;	/* "" where the metric is not of one class */
	const char *arm_a, *arm_b;
	double difference;	/* arm_a minus arm_b; NAN: undefined, and note
				   says why */
	double lo, hi;		/* NAN: no interval, and note says so */
	double level;
	const char *method;	/* of the interval; "none" if there is none */
	const char *test;	/* of p: bootstrap, permutation, ... */
	double p;		/* in [0, 1] */
	double p_adjusted;	/* for the n_tests of the family, in [0, 1] */
	const char *adjustment;	/* holm, bh, max-t or none */
	int64_t n_tests;
	double margin;		/* of non-inferiority or equivalence, on the
				   scale of the difference */
	const char *unit;	/* group or image */
	int64_t replicates;
	int64_t resample_seed;
	int64_t n_images, n_units;
	int64_t seeds;		/* training seeds of each arm, the fewer */
	double seed_sd_a, seed_sd_b;	/* standard deviation over them */
	const char *note;	/* remarks, joined by "; " */
};
extern const struct mc_schema mc_differences_schema;

/*
 * The thresholds table: one operating point per row.  A file is refused if a
 * split is empty or "test", since a threshold chosen on test rows makes the
 * test's results too good; if a class is empty; and if a threshold is below 0
 * or above the next number after 1, or missing except in a replicate.
 */
struct mc_thresholds_row {
	const char *key[MC_KEYS];	/* the split is that of the rows on
					   which it was chosen */
	const char *class_name;
	double threshold;	/* an image is predicted as the class at or
				   above it; NAN: a replicate in which none
				   could be chosen */
	const char *criterion;
	double sensitivity, specificity;	/* there, on those same rows */
	const char *unit;	/* group or image */
	int64_t n_images, n_units;
	int64_t replicate;	/* 0, as -1: of all rows; else of a bootstrap
				   replicate of them */
	const char *note;	/* remarks, joined by "; " */
};
extern const struct mc_schema mc_thresholds_schema;

/* The curves table: one point per row. */
struct mc_curves_row {
	const char *key[MC_KEYS];
	const char *subgroup;
	const char *class_name, *curve;
	double x, y, lo, hi;	/* NAN: undefined, and note says why */
	double threshold;
	int64_t n;		/* images at or above it, or in the bin */
	double level;
	const char *method;
	const char *unit;
	int64_t replicates, resample_seed;
	int64_t n_images, n_units;
	const char *note;
};
extern const struct mc_schema mc_curves_schema;

/* The confusion table: one pair of label and prediction per row. */
struct mc_confusion_row {
	const char *key[MC_KEYS];
	const char *subgroup;
	const char *label, *predicted;
	int64_t images, units;
	const char *unit;
	double share;		/* of the label's images; NAN: it has none */
};
extern const struct mc_schema mc_confusion_schema;

/* The power table: one arm or difference in a study of one size per row. */
struct mc_power_row {
	const char *task, *fold, *split;
	const char *metric, *average, *class_name;
	const char *arm_a, *arm_b;	/* arm_b "": the row is of one arm */
	const char *goal;
	int64_t n_units;
	double n_images;		/* expected */
	double estimate, se, lo, hi, width, level;
	double detectable, at_power, power;
	const char *unit;
	int64_t replicates, resample_seed;
	const char *note;
};
extern const struct mc_schema mc_power_schema;

/* The maps table: one map of mc-explain per row. */
struct mc_maps_row {
	const char *id, *label;
	const char *method;
	const char *class_name;	/* "" where the method has none */
	double p;		/* of the class; NAN: there is none */
	const char *predicted;
	int64_t rows, columns;
	double min, max;
	int64_t patch, stride;	/* -1: the method has none */
	const char *map, *overlay;	/* members of the tar */
};
extern const struct mc_schema mc_maps_schema;

/* The sanity table: one part of a model made random per row. */
struct mc_sanity_row {
	const char *method;
	const char *random;	/* head, blocks or all */
	int64_t blocks, of;	/* random blocks; all blocks */
	int64_t maps, undefined;
	double spearman, sd;	/* mean and deviation; NAN: of too few maps */
	int64_t seed;
};
extern const struct mc_schema mc_sanity_schema;

/* The training log: one epoch and split per row. */
struct mc_log_row {
	int64_t epoch;
	const char *split;
	double loss, accuracy, precision, recall, f1;
	double learning_rate;
};
extern const struct mc_schema mc_log_schema;

/* The population table: one count, value or variable of a part per row. */
struct mc_population_row {
	const char *split, *label;
	const char *column, *value;
	const char *unit;
	int64_t n, missing;
	double share, median, q1, q3, mean, sd;
	double smd;		/* the standardized difference */
};
extern const struct mc_schema mc_population_schema;

/*
 * What a program left out: one file or image per row.
 */
struct mc_exclusion_row {
	const char *program;	/* "mc-index" */
	const char *id;		/* of the image; "": it got none */
	const char *path, *label, *group;
	const char *reason;	/* the same words for the same cause, so that
				   they can be counted */
	int64_t images;		/* 0: a file that is no image of the study;
				   otherwise 1, which missing (-1) also is */
};
extern const struct mc_schema mc_exclusions_schema;

/* The flow of a study: what one cause left out, and what remained. */
struct mc_flow_row {
	const char *program, *reason;
	int64_t images, groups;
	int64_t images_left, groups_left;
	int64_t files, files_left;
};
extern const struct mc_schema mc_flow_schema;

/* The audit of a split: one class in one split and fold per row. */
struct mc_audit_row {
	const char *split, *fold;
	const char *label;
	int64_t images, groups;
	double class_share, deviation;
};
extern const struct mc_schema mc_audit_schema;

/* The pairs table: two images in two splits or folds that look alike per row. */
struct mc_pairs_row {
	int64_t distance;
	const char *id_a, *id_b;
	const char *split_a, *split_b, *fold_a, *fold_b;
	const char *label_a, *label_b, *group_a, *group_b;
};
extern const struct mc_schema mc_pairs_schema;

/* The montage table: one image on a sheet per row. */
struct mc_montage_row {
	const char *key[MC_KEYS];
	const char *show;
	int64_t sheet, row, column;	/* from 1 */
	int64_t x, y, width, height;
	int64_t place, of, images;
	const char *id, *group, *label, *predicted;
	double p_label, p_predicted, margin;
	double threshold;
	const char *class_name;		/* of the threshold */
	int64_t distance;
	const char *image;
	int64_t epoch;
};
extern const struct mc_schema mc_montage_schema;

/* The backbones table: one network of the registry per row. */
struct mc_backbones_row {
	const char *backbone, *family;
	const char *features, *dims;	/* joined by commas, the default first */
	int64_t resize, crop;
	const char *filter;
	const char *mean, *std;		/* of R, G, B, joined by commas */
	int64_t multiple, smallest;
	const char *weights, *licence, *access;	/* "": no published file */
	const char *domain;	/* "" the same */
	const char *reference;
};
extern const struct mc_schema mc_backbones_schema;

#endif
