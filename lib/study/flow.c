/* flow.c - count what a study left out, step by step. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/picture.h"
#include "study/flow.h"
#include "table/schema.h"
#include "table/schemas.h"

/* A program and a reason, of images or of other files. */
struct cause {
	const struct mc_exclusion_row *first;
	size_t rows, groups, files;
};

struct flow {
	const struct mc_population *p;
	struct mc_rows *rows;
	size_t n;			/* rows */
	struct mc_names *out;		/* the images left out, by id or path */
	struct mc_names *names;		/* program, TAB, reason, TAB, images */
	struct cause *cause;		/* of each name */
	size_t *cause_of;		/* of each row */
	const char **group_of;		/* of each row: the group of its image */
	const char **path_of;		/* of each row: the path of its image */
	int path;			/* the column of P; -1: none */
	struct mc_names *groups, *files;	/* that remain, and are left out
					   later */
	size_t images_left;
	size_t others;			/* rows of other files */
};

static const struct mc_exclusion_row *
row_at(const struct flow *x, size_t i)
{
	return mc_rows_get(x->rows, i);
}

static bool
is_other(const struct cause *c)
{
	return c->first->images == 0;
}

/* Note what row I leaves out, and why. */
static enum mc_status
add_row(struct flow *x, size_t i, struct mc_err *err)
{
	const struct mc_exclusion_row *r = row_at(x, i);
	const char *image = *r->id != '\0' ? r->id : r->path;
	char *name;

	if (*r->reason == '\0' || *image == '\0')
		return mc_err_set(err, MC_EDATA, "%s: no %s",
		    mc_rows_place(x->rows, i), *r->reason == '\0' ? "reason" :
		    "id and no path");
	if (mc_names_add(x->out, image) != i)
		return mc_err_set(err, MC_EDATA, "%s: \"%s\" is left out twice",
		    mc_rows_place(x->rows, i), image);
	name = mc_xasprintf("%s\t%s\t%d", r->program, r->reason,
	    r->images != 0);
	x->cause_of[i] = mc_names_copy(x->names, name);
	x->group_of[i] = r->group;
	x->path_of[i] = r->path;
	free(name);
	if (x->cause[x->cause_of[i]].rows++ == 0)
		x->cause[x->cause_of[i]].first = r;
	x->others += r->images == 0;
	return MC_OK;
}

/* The path of IMAGE of the population, which has such a column. */
static const char *
path_of(const struct flow *x, size_t image)
{
	return mc_table_get(x->p->table, x->p->row[image], (size_t)x->path);
}

/* Find the row that leaves out IMAGE of the population, by its id or its path;
   MC_NO_NAME: it remains. */
static size_t
find_row(const struct flow *x, size_t image)
{
	const struct mc_population *p = x->p;
	size_t row = mc_names_find(x->out, mc_population_id(p, image));

	return row != MC_NO_NAME || x->path < 0 ? row :
	    mc_names_find(x->out, path_of(x, image));
}

/* Add the files of PATH, an address or "", to x->files; returns how many are new. */
static size_t
add_files(struct flow *x, const char *path)
{
	size_t n = mc_picture_files(path), before = mc_names_count(x->files);
	const char *end = path + n;
	char *name;

	while (path < end) {
		n = mc_picture_first(path);
		name = mc_xstrndup(path, n);
		mc_names_copy(x->files, name);
		free(name);
		path += n + (path + n < end);
	}
	return mc_names_count(x->files) - before;
}

/* Count the images and groups that remain in the end.  Of images that the
   population has, it knows the groups better than the tables. */
static void
count_rest(struct flow *x)
{
	const struct mc_population *p = x->p;
	size_t i;

	for (i = 0; i < p->n; i++) {
		size_t row = find_row(x, i);
		const char *group = p->group.names == NULL ? "" :
		    mc_names_at(p->group.names, p->group.of[i]);

		if (row != MC_NO_NAME) {
			x->group_of[row] = group;
			if (x->path >= 0)
				x->path_of[row] = path_of(x, i);
			continue;
		}
		x->images_left++;
		if (x->path >= 0)
			add_files(x, path_of(x, i));
		if (p->group.names != NULL)
			mc_names_add(x->groups, group);
	}
}

/* The rows in the order of their causes; to be freed. */
static size_t *
order_rows(const struct flow *x)
{
	size_t causes = mc_names_count(x->names), at = 0, i;
	size_t *order = mc_xcalloc(x->n, sizeof(*order));
	size_t *next = mc_xcalloc(causes, sizeof(*next));

	for (i = 0; i < causes; i++) {
		next[i] = at;
		at += x->cause[i].rows;
	}
	for (i = 0; i < x->n; i++)
		order[next[x->cause_of[i]]++] = i;
	free(next);
	return order;
}

/* From the last cause to the first: one loses the groups and files that are new
   then. */
static void
count_lost(struct flow *x)
{
	size_t *order = order_rows(x), i, known;

	for (i = x->n; i-- > 0;) {
		const char *group = x->group_of[order[i]];
		struct cause *cause = &x->cause[x->cause_of[order[i]]];

		known = mc_names_count(x->groups);
		if (*group != '\0' && !is_other(cause) &&
		    mc_names_add(x->groups, group) == known)
			cause->groups++;
		cause->files += add_files(x, x->path_of[order[i]]);
	}
	free(order);
}

static void
write_rows(const struct flow *x, FILE *f)
{
	bool grouped = x->p->group.names != NULL;
	struct mc_flow_row row = { .reason = "found" };
	size_t causes = mc_names_count(x->names), i;

	row.images = row.images_left = (int64_t)(x->images_left + x->n -
	    x->others);
	row.groups = row.groups_left = grouped ?
	    (int64_t)mc_names_count(x->groups) : -1;
	row.files = row.files_left = x->path >= 0 ?
	    (int64_t)mc_names_count(x->files) : -1;
	mc_rows_write_header(f, &mc_flow_schema);
	mc_rows_write(f, &mc_flow_schema, &row);
	for (i = 0; i < causes; i++) {
		const struct cause *c = &x->cause[i];

		row.program = c->first->program;
		row.reason = c->first->reason;
		row.images = is_other(c) ? 0 : (int64_t)c->rows;
		row.images_left -= row.images;
		if (grouped) {
			row.groups = (int64_t)c->groups;
			row.groups_left -= row.groups;
		}
		if (x->path >= 0) {
			row.files = (int64_t)c->files;
			row.files_left -= row.files;
		} else
			row.files = is_other(c) ? (int64_t)c->rows : -1;
		mc_rows_write(f, &mc_flow_schema, &row);
	}
}

enum mc_status
mc_flow_write(FILE *f, const struct mc_population *p, char *const *paths,
    size_t n, struct mc_err *err)
{
	struct flow x = { .p = p, .out = mc_names_alloc(),
	    .names = mc_names_alloc(), .groups = mc_names_alloc(),
	    .files = mc_names_alloc(),
	    .path = mc_table_find(p->table, "path") };
	enum mc_status status;
	size_t i;

	status = mc_rows_read(&x.rows, &mc_exclusions_schema, paths, n, err);
	if (status == MC_OK) {
		x.n = mc_rows_count(x.rows);
		x.cause = mc_xcalloc(x.n, sizeof(*x.cause));
		x.cause_of = mc_xcalloc(x.n, sizeof(*x.cause_of));
		x.group_of = mc_xcalloc(x.n, sizeof(*x.group_of));
		x.path_of = mc_xcalloc(x.n, sizeof(*x.path_of));
	}
	for (i = 0; i < x.n && status == MC_OK; i++)
		status = add_row(&x, i, err);
	if (status == MC_OK) {
		count_rest(&x);
		count_lost(&x);
		write_rows(&x, f);
	}
	mc_names_free(x.out);
	mc_names_free(x.names);
	mc_names_free(x.groups);
	mc_names_free(x.files);
	free(x.cause);
	free(x.cause_of);
	free(x.group_of);
	free(x.path_of);
	mc_rows_free(x.rows);
	return status;
}
