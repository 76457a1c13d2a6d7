/*
 * import.h - import predictions made elsewhere as a predictions table.
 *
 * The input is CSV or TSV with one row per image, as timm, pandas, numpy and
 * MedMNIST write it; the output is the table of predictions.h.
 *
 * Which class a column or a value means is never guessed.  Where every name is
 * one of the classes, they mean those.  Where classes were declared and every
 * one is a whole number from 0 to K - 1 (1 or 1.0), they mean the classes in
 * the order declared.  Anything else is an error.
 */
#ifndef MC_IMPORT_H
#define MC_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "table/findings.h"
#include "table/predictions.h"
#include "table/tsv.h"

/*
 * What to read, and how.  A name is that of a column, NULL where there is none.
 *
 * A list of columns is a pattern with one *, which stands for one character or
 * more, and then the columns come in the file's order, but not those that
 * another member names; or names separated by commas, in that order.  The
 * columns of a pattern are called by what * stands for.
 */
struct mc_import {
	const char *key;	/* the image's id; needed */
	const char *label;	/* in the predictions or in JOIN; needed unless
				   multilabel */
	const char *group;	/* likewise */
	char *const *columns;	/* likewise: further ones, NULL-terminated, or
				   NULL */
	const char *predicted;	/* the class said; this, scores or both */
	const char *scores;	/* the list of probabilities or logits */
	bool logits;		/* scores are logits: softmax makes p: of them,
				   and the logistic function of a single one or
				   of a finding's */
	const char *positive;	/* the class whose score a single column is;
				   needs two classes */
	const char *ranked;	/* a list of the classes, one for each of scores
				   and in the same order, which then differs
				   from row to row; needs classes */
	char *const *classes;	/* declared, NULL-terminated; or NULL, and then
				   the names of scores are the classes */
	const char *join;	/* a file of metadata */
	const char *join_key;	/* its column that holds the id */
	bool strip;		/* ids without folder and extension */
	bool headless;		/* the predictions have no header */
	bool multilabel;	/* each of scores is of a finding, named as a
				   class is, and the label names the findings
				   of the image (findings.h) or is NULL */
	enum mc_uncertain uncertain;	/* ignored: has no row */
	const char *no_finding;	/* NULL: MC_NO_FINDING */
	const char *constant[MC_KEYS];	/* the key columns, the same in every
				   row; NULL: absent */
	void (*warn)(const char *line);	/* what must be known of the files */
};

/*
 * Read the N files at PATHS ("-": standard input) as HOW says, into a table
 * with the columns of constant, id, group, label, predicted, p:CLASS for each
 * class, and the further ones; rows in the order of the files.  It is the
 * caller's, and NULL on error.
 *
 * Probabilities are written as they are read.  predicted is the first of the
 * most probable classes where HOW names no column for it.
 *
 * Of multi-label data the table has a row for each image and finding, in the
 * order of scores or classes: the task is TASK:FINDING, or FINDING where
 * constant has no task, and the classes are no and yes.  The label is empty
 * where HOW has none.
 *
 * Refused, each with its place: a column that is in neither table or in both;
 * an id that is empty, that is given twice (with the same key columns among
 * the further ones), or that has no row in the metadata; a key of the metadata
 * that is empty or is given twice; an empty label; an empty group where
 * others are not; a label or prediction that is not one of the classes, or a
 * prediction that is not a most probable one; a score that is not a number; a
 * probability below 0 or above 1, or a row of them that does not sum to 1
 * within 1e-3; more or fewer scores than classes, as in the list of the k best
 * that was cut.  Unless RANKED is given, so is a column of scores beside one
 * called index_ or label_ and the same, since timm writes those in order of
 * probability.  Of multi-label data, so is a label that names a finding without
 * scores, and a name that no label can hold.
 */
enum mc_status	 mc_import_read(struct mc_table **t, char *const *paths,
		    size_t n, const struct mc_import *how, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
