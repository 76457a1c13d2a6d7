/*
 * labels.h - number the labels by which images are counted: the class of each
 * image, or each of its findings.
 */
#ifndef MC_LABELS_H
#define MC_LABELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "table/findings.h"

/* The labels of N images; end them with mc_labels_clear, which takes { 0 }. */
struct mc_labels {
	struct mc_names *names;	/* in byte order */
	size_t n;
	size_t *first;		/* n + 1: those of image i are of[first[i]] */
	uint32_t *of;		/* to of[first[i + 1]], ascending */
};

/*
 * Number the N texts, one per image, the empty one included.  Numbers are
 * compared by value: 1.0 is 1.
 */
void	mc_labels_of_texts(struct mc_labels *l, const char *const *text,
	    size_t n);

/*
 * Number the texts of several COLUMNS, which are called NAME: TEXT[c] has N texts.
 * An image has a label per column, "site=A", and one for all, "label=x, site=A".
 */
void	mc_labels_of_columns(struct mc_labels *l, const char **const *text,
	    const char *const *name, size_t columns, size_t n);

/*
 * Number the findings of the N images of F.  An image is counted under each of
 * its findings, with "?" behind one that is uncertain; under the word for none,
 * if it has a label that names no finding; or under the empty text, if it has
 * no label.
 */
void	mc_labels_of_findings(struct mc_labels *l, const struct mc_findings *f,
	    size_t n);

void	mc_labels_clear(struct mc_labels *l);

/*
 * Number the images by the set of their labels: equal numbers, equal sets.  The
 * caller frees the result, of one element per image.
 */
uint32_t *mc_labels_sets(const struct mc_labels *l);

/*
 * Find texts that hold "|", as labels with several findings do: how many
 * distinct ones there are among the N, and the first of them in *EXAMPLE.
 */
size_t	mc_labels_joined(const char *const *text, size_t n,
	    const char **example);

#endif
