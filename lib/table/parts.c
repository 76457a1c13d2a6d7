/* parts.c - divide a population by split and label. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/parts.h"

#define MOST_PAIRS 1000000

/* Sort the images by their pair of split and label, counting. */
static void
sort_images(struct mc_parts *parts)
{
	const struct mc_population *p = parts->p;
	size_t pairs = parts->splits * parts->labels, i, pair;
	size_t *next = parts->first + 1;

	for (i = 0; i < p->n; i++)
		next[p->split.of[i] * parts->labels + p->label.of[i] + 1]++;
	for (pair = 1; pair <= pairs; pair++)
		next[pair] += next[pair - 1];
	for (i = 0; i < p->n; i++)	/* NEXT becomes where a pair ends */
		parts->order[next[p->split.of[i] * parts->labels +
		    p->label.of[i]]++] = i;
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
	parts->order = mc_xcalloc(p->n, sizeof(*parts->order));
	parts->first = mc_xcalloc(parts->splits * parts->labels + 2,
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
	bool all_labels = label == parts->labels;
	size_t split_end = all_splits ? split : split + 1;
	size_t label_end = all_labels ? label : label + 1, s, l, i;

	parts->split = split;
	parts->label = label;
	parts->n_images = 0;
	for (s = all_splits ? 0 : split; s < split_end; s++) {
		for (l = all_labels ? 0 : label; l < label_end; l++) {
			const size_t *first = parts->first +
			    s * parts->labels + l;

			for (i = first[0]; i < first[1]; i++)
				parts->images[parts->n_images++] =
				    parts->order[i];
		}
	}
	gather_groups(parts);
}
