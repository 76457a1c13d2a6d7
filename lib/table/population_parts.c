/* population_parts.c - divide a population by split and label. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/population_parts.h"

#define MOST_PAIRS 1000000

/* Where the images of a label and a split, or of all labels, are counted. */
static size_t
pair_of(const struct mc_parts *parts, size_t split, size_t label)
{
	return split * (parts->labels + 1) + label;
}

/* Sort the images by their pairs of split and label, counting. */
static void
sort_images(struct mc_parts *parts)
{
	const struct mc_population *p = parts->p;
	const struct mc_labels *l = &p->label;
	size_t pairs = parts->splits * (parts->labels + 1), i, k, pair;
	size_t *next = parts->first + 1;

	for (i = 0; i < p->n; i++) {
		for (k = l->first[i]; k < l->first[i + 1]; k++)
			next[pair_of(parts, p->split.of[i], l->of[k]) + 1]++;
		next[pair_of(parts, p->split.of[i], parts->labels) + 1]++;
	}
	for (pair = 1; pair <= pairs; pair++)
		next[pair] += next[pair - 1];
	for (i = 0; i < p->n; i++) {	/* NEXT becomes where a pair ends */
		for (k = l->first[i]; k < l->first[i + 1]; k++)
			parts->order[next[pair_of(parts, p->split.of[i],
			    l->of[k])]++] = i;
		parts->order[next[pair_of(parts, p->split.of[i],
		    parts->labels)]++] = i;
	}
}

enum mc_status
mc_parts_make(struct mc_parts *parts, const struct mc_population *p,
    struct mc_err *err)
{
	memset(parts, 0, sizeof(*parts));
	parts->p = p;
	parts->splits = mc_names_count(p->split.names);
	parts->labels = mc_names_count(p->label.names);
	if (parts->splits > MOST_PAIRS / parts->labels)
		return mc_err_set(err, MC_EDATA, "%s: %zu splits of %zu "
		    "labels are too many: is one of these the wrong column?",
		    mc_table_name(p->table), parts->splits, parts->labels);
	parts->order = mc_xcalloc(p->label.first[p->n] + p->n,
	    sizeof(*parts->order));
	parts->first = mc_xcalloc(parts->splits * (parts->labels + 1) + 2,
	    sizeof(*parts->first));
	parts->images = mc_xcalloc(p->n, sizeof(*parts->images));
	parts->groups = mc_xcalloc(p->n, sizeof(*parts->groups));
	parts->seen = mc_xcalloc(p->n, sizeof(*parts->seen));
	sort_images(parts);
	mc_parts_go_to(parts, parts->splits, parts->labels);
	return MC_OK;
}

void
mc_parts_clear(struct mc_parts *parts)
{
	free(parts->order);
	free(parts->first);
	free(parts->images);
	free(parts->groups);
	free(parts->seen);
	memset(parts, 0, sizeof(*parts));
}

static void
gather_groups(struct mc_parts *parts)
{
	size_t i;

	parts->n_groups = 0;
	if (parts->p->group.names == NULL)
		return;
	for (i = 0; i < parts->n_images; i++) {
		size_t group = parts->p->group.of[parts->images[i]];

		if (!parts->seen[group])
			parts->groups[parts->n_groups++] = group;
		parts->seen[group] = true;
	}
	for (i = 0; i < parts->n_groups; i++)
		parts->seen[parts->groups[i]] = false;
}

void
mc_parts_go_to(struct mc_parts *parts, size_t split, size_t label)
{
	bool all_splits = split == parts->splits;
	size_t end = all_splits ? split : split + 1, s, i;

	parts->split = split;
	parts->label = label;
	parts->n_images = 0;
	for (s = all_splits ? 0 : split; s < end; s++) {
		const size_t *first = parts->first + pair_of(parts, s, label);

		for (i = first[0]; i < first[1]; i++)
			parts->images[parts->n_images++] = parts->order[i];
	}
	gather_groups(parts);
}
