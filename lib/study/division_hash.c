/* division_hash.c - divide a manifest row by row, by a hash of each group. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "study/division.h"
#include "table/tsv.h"

/* A manifest on its way, and what has been counted. */
struct stream {
	const struct mc_division_options *o;
	struct mc_tsv *in;
	int id, unit, group;		/* columns; -1: there is none */
	size_t columns, width;		/* read, and written */
	size_t split, fold;		/* where they are written */
	double *end;			/* of each split: the sum of the shares
					   up to it, of 1 */
	size_t *images;			/* of each split, then of each fold */
	size_t rows, alone;		/* alone: without a group */
};

/* --- The columns ---------------------------------------------------------- */

static enum mc_status
find_columns(struct stream *s, struct mc_err *err)
{
	const char *name = s->o->group != NULL ? s->o->group : "group";
	int split = mc_tsv_find(s->in, "split");
	int fold = mc_tsv_find(s->in, "fold");

	s->id = mc_tsv_find(s->in, "id");
	s->group = mc_tsv_find(s->in, name);
	s->unit = s->o->group == NULL ? mc_tsv_find(s->in, "unit") : -1;
	if (s->id < 0 || (s->group < 0 && s->o->group != NULL))
		return mc_err_at(err, MC_EDATA, mc_tsv_name(s->in), 1,
		    "no column \"%s\"", s->id < 0 ? "id" : name);
	s->columns = s->width = mc_tsv_columns(s->in);
	s->split = s->o->parts == 0 || split >= 0 ? (size_t)split : s->width++;
	s->fold = s->o->folds == 0 || fold >= 0 ? (size_t)fold : s->width++;
	return MC_OK;
}

static void
write_header(const struct stream *s, const char **text, FILE *f)
{
	size_t c;

	for (c = 0; c < s->columns; c++)
		text[c] = mc_tsv_column(s->in, c);
	if (s->o->parts > 0)
		text[s->split] = "split";
	if (s->o->folds > 0)
		text[s->fold] = "fold";
	mc_tsv_write(f, text, s->width);
}

/* --- The rows ------------------------------------------------------------- */

/* What is not torn apart: the unit of the row, its group, or its id. */
static const char *
unit_of_row(struct stream *s)
{
	const char *text = s->unit < 0 ? "" :
	    mc_tsv_get(s->in, (size_t)s->unit);

	if (*text == '\0' && s->group >= 0)
		text = mc_tsv_get(s->in, (size_t)s->group);
	if (*text != '\0')
		return text;
	s->alone++;
	return mc_tsv_get(s->in, (size_t)s->id);
}

/* A number in 0 <= x < 1 for a unit, independent of the others'. */
static double
draw(const struct stream *s, const char *unit, const char *purpose)
{
	uint64_t key = mc_fnv1a64(unit, strlen(unit));

	return (double)(mc_stream_hash((uint64_t)s->o->seed, purpose, 0, key) >>
	    11) * 0x1p-53;
}

/* Write the present row; TEXT has an element per column. */
static enum mc_status
write_row(struct stream *s, const char **text, FILE *f, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	char number[MC_NUM_SIZE];
	const char *unit;
	size_t c, p;

	for (c = 0; c < s->columns; c++)
		text[c] = mc_tsv_get(s->in, c);
	if (*text[s->id] == '\0')
		return mc_err_at(err, MC_EDATA, mc_tsv_name(s->in),
		    mc_tsv_line(s->in), "column \"id\": empty");
	unit = unit_of_row(s);
	if (o->parts > 0) {
		double x = draw(s, unit, "split hash");

		for (p = 0; p + 1 < o->parts && x >= s->end[p]; p++)
			;
		s->images[p]++;
		text[s->split] = o->name[p];
	}
	if (o->folds > 0) {
		p = (size_t)(draw(s, unit, "fold hash") * (double)o->folds);
		s->images[o->parts + p]++;
		snprintf(number, sizeof(number), "%zu", p + 1);
		text[s->fold] = number;
	}
	mc_tsv_write(f, text, s->width);
	s->rows++;
	return MC_OK;
}

/* --- The end -------------------------------------------------------------- */

/* Say how many images each part has; none may be empty. */
static enum mc_status
say_parts(const struct stream *s, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	const char *name = mc_tsv_name(s->in);
	size_t p, n = o->parts + (size_t)o->folds;
	char part[MC_NUM_SIZE];

	for (p = 0; p < n; p++) {
		const char *text = p < o->parts ? o->name[p] : part;
		const char *kind = p < o->parts ? "split" : "fold";

		snprintf(part, sizeof(part), "%zu", p + 1 - o->parts);
		if (s->images[p] == 0)
			return mc_err_set(err, MC_EDATA, "%s: --hash: no image "
			    "is in %s %s: there are too few groups; divide "
			    "without --hash", name, kind, text);
		mc_say(o->detail, "%s %s: %zu image%s (%.2f %%)", kind, text,
		    s->images[p], MC_PLURAL(s->images[p]),
		    100 * (double)s->images[p] / (double)s->rows);
	}
	if (s->alone > 0)
		mc_say(o->warn, "%s: %zu of %zu images have no group: each is "
		    "treated as a group of its own", name, s->alone, s->rows);
	return MC_OK;
}

static void
sum_shares(struct stream *s)
{
	const struct mc_division_options *o = s->o;
	double sum = 0, all = 0;
	size_t p;

	s->end = mc_xcalloc(o->parts + 1, sizeof(*s->end));
	for (p = 0; p < o->parts; p++)
		all += o->share[p];
	for (p = 0; p < o->parts; p++) {
		sum += o->share[p];
		s->end[p] = sum / all;
	}
}

enum mc_status
mc_division_hash(const char *path, const struct mc_division_options *o,
    FILE *f, struct mc_err *err)
{
	struct stream s = { .o = o };
	const char **text = NULL;
	enum mc_status status;

	status = mc_tsv_open(&s.in, path, err);
	if (status == MC_OK)
		status = find_columns(&s, err);
	if (status != MC_OK)
		goto out;
	text = mc_xcalloc(s.width, sizeof(*text));
	s.images = mc_xcalloc(o->parts + (size_t)o->folds, sizeof(*s.images));
	sum_shares(&s);
	write_header(&s, text, f);
	while ((status = mc_tsv_next(s.in, err)) == MC_OK) {
		status = write_row(&s, text, f, err);
		if (status != MC_OK)
			goto out;
	}
	if (status == MC_END)
		status = s.rows > 0 ? say_parts(&s, err) : mc_err_set(err,
		    MC_EDATA, "%s: a header, but no rows", mc_tsv_name(s.in));
out:
	mc_tsv_close(s.in);
	free(text);
	free(s.images);
	free(s.end);
	return status;
}
