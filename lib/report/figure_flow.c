/* figure_flow.c - draw the flow of a study: what was found and left out. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/figure.h"

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	struct mc_plot *p;
	size_t n;
	double left, middle, right;	/* the main boxes, and those beside */
	double before;			/* where the box above ends; 0: none */
};

static const struct mc_flow_row *
row_at(const struct figure *f, size_t i)
{
	return mc_rows_get(f->rows, i);
}

static bool
is_counted(const void *row)
{
	return ((const struct mc_flow_row *)row)->images_left >= 0;
}

/* What N groups are called. */
static const char *
word_for(const struct figure *f, int64_t n)
{
	const struct mc_table_style *style = &f->d->style->table;

	if (n == 1)
		return style->unit != NULL ? style->unit : "group";
	return style->units != NULL ? style->units : "groups";
}

/* Append "12 images of 5 patients". */
static void
put_counts(const struct figure *f, int64_t images, int64_t groups,
    struct mc_buf *text)
{
	mc_buf_printf(text, "%lld image%s", (long long)images,
	    MC_PLURAL(images));
	if (groups < 0)
		return;
	mc_buf_printf(text, " of %lld %s", (long long)groups,
	    word_for(f, groups));
}

/* How high a box is that holds TEXT, whose paragraphs end in newlines. */
static size_t
count_lines(const struct figure *f, double width, const char *text)
{
	char **parts;
	size_t n = mc_split_at(text, '\n', &parts), lines = 0, i;

	for (i = 0; i < n; i++)
		lines += mc_plot_lines_needed(f->p, width, MC_PLAIN, parts[i]);
	free(parts);
	return lines;
}

/* Draw a box from X0 to X1 with its top at Y around TEXT; returns its end. */
static double
draw_box(struct figure *f, double x0, double x1, double y, const char *text)
{
	double inside = f->p->is_text ? 1 : 0.5 * f->p->line;
	double width = x1 - x0 - 2 * f->p->em;
	double height = (double)count_lines(f, width, text) * f->p->line +
	    2 * inside - (f->p->is_text ? 0 : 0.15 * f->p->line);
	double at = y + inside + (f->p->is_text ? 0 : 0.45 * f->p->line);
	char **parts;
	size_t n = mc_split_at(text, '\n', &parts), i;

	/* The border of a terminal takes its last row. */
	mc_plot_box(f->p, x0, y, x1 - x0, height - (f->p->is_text ? 1 : 0),
	    NULL, true);
	for (i = 0; i < n; i++)
		at = mc_plot_lines(f->p, x0 + f->p->em, at, width, MC_PLAIN,
		    parts[i]);
	free(parts);
	return y + height;
}

/* Draw a main box, of what was found or remains, below the one above it. */
static void
draw_main(struct figure *f, const char *what, int64_t images, int64_t groups)
{
	double gap = f->p->is_text ? 2 : 1.4 * f->p->line;
	struct mc_buf text = { 0 };

	mc_buf_printf(&text, "%s: ", what);
	put_counts(f, images, groups, &text);
	if (f->before > 0) {
		mc_plot_line(f->p, f->middle, f->before, f->middle, f->d->y +
		    gap, MC_RULE_BLACK, true);
		f->d->y += gap;
	}
	f->before = f->d->y = draw_box(f, f->left, f->right - 4 * f->p->em,
	    f->d->y, text.data);
	mc_buf_free(&text);
}

/* The end of the rows from FIRST on that one program left out. */
static size_t
end_of_step(const struct figure *f, size_t first)
{
	size_t end = first + 1;

	while (end < f->n && strcmp(row_at(f, end)->program,
	    row_at(f, first)->program) == 0)
		end++;
	return end;
}

/* The files of row I, if they are no images; otherwise 0. */
static int64_t
other_files(const struct figure *f, size_t i)
{
	const struct mc_flow_row *r = row_at(f, i);

	return r->images == 0 && r->files > 0 ? r->files : 0;
}

/* Append what the rows from FIRST up to END left out: "1 image and 2 files". */
static void
put_left_out(const struct figure *f, size_t first, size_t end,
    struct mc_buf *text)
{
	int64_t images = 0, groups = 0, files = 0;
	size_t i;

	for (i = first; i < end; i++) {
		images += row_at(f, i)->images;
		files += other_files(f, i);
		groups = groups < 0 || row_at(f, i)->groups < 0 ? -1 :
		    groups + row_at(f, i)->groups;
	}
	if (images > 0 || files == 0)
		put_counts(f, images, -1, text);
	if (files > 0)
		mc_buf_printf(text, "%s%lld other file%s", images > 0 ?
		    " and " : "", (long long)files, MC_PLURAL(files));
	if (groups > 0)
		mc_buf_printf(text, "; %lld %s %s no image left",
		    (long long)groups, word_for(f, groups), groups == 1 ?
		    "has" : "have");
}

/* Append a line: "12  damaged", or "1 file  not an image". */
static void
put_reason(const struct figure *f, size_t i, struct mc_buf *text)
{
	int64_t files = other_files(f, i);

	if (files > 0)
		mc_buf_printf(text, "\n%lld file%s", (long long)files,
		    MC_PLURAL(files));
	else
		mc_buf_printf(text, "\n%lld", (long long)row_at(f, i)->images);
	mc_buf_printf(text, "  %s", row_at(f, i)->reason);
}

/* Draw beside the line what the rows from FIRST up to END left out. */
static void
draw_step(struct figure *f, size_t first, size_t end)
{
	double gap = f->p->is_text ? 1 : 0.9 * f->p->line, y;
	struct mc_buf text = { 0 };
	size_t i;

	mc_buf_puts(&text, "Left out");
	if (*row_at(f, first)->program != '\0')
		mc_buf_printf(&text, " by %s", row_at(f, first)->program);
	mc_buf_puts(&text, ": ");
	put_left_out(f, first, end, &text);
	for (i = first; i < end; i++)
		put_reason(f, i, &text);
	y = f->d->y + gap;
	f->d->y = draw_box(f, f->right, f->p->width - f->p->em, y, text.data);
	/* The arrow leaves the line to the box in the middle of its height. */
	mc_plot_line(f->p, f->middle, (y + f->d->y) / 2, f->right -
	    (f->p->is_text ? 1 : 0), (y + f->d->y) / 2, MC_RULE_BLACK, true);
	mc_buf_free(&text);
}

static enum mc_status
check(struct figure *f, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct mc_flow_row *r = row_at(f, i);

		if (r->images < 0 || r->images_left < 0)
			return mc_err_set(err, MC_EDATA, "%s: column \"%s\": "
			    "empty: a flow needs both counts of images",
			    mc_rows_place(f->rows, i), r->images < 0 ?
			    "images" : "images_left");
		/* A table of the user's own has no program. */
		if (i > 0 && *r->program == '\0' && r->images +
		    r->images_left != row_at(f, i - 1)->images_left)
			return mc_err_set(err, MC_EDATA, "%s: column "
			    "\"program\": empty, and the counts do not go on "
			    "from the row before: give one flow",
			    mc_rows_place(f->rows, i));
	}
	return MC_OK;
}

static enum mc_status
draw_flow(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .p = d->plot,
	    .n = mc_rows_count(r) };
	const struct mc_flow_row *r0;
	enum mc_status status;
	size_t i, end;

	if ((status = check(&f, err)) != MC_OK)
		return status;
	f.left = f.p->em;
	f.right = 0.47 * f.p->width;
	f.middle = floor(0.2 * f.p->width);
	d->y = f.p->is_text ? 0 : 0.5 * f.p->line;
	r0 = row_at(&f, 0);
	/* A flow whose first row was taken away begins with a step. */
	i = *r0->program == '\0';
	draw_main(&f, "Found", r0->images_left + (i == 0 ? r0->images : 0),
	    r0->groups_left < 0 || r0->groups < 0 ? -1 : r0->groups_left +
	    (i == 0 ? r0->groups : 0));
	for (; i < f.n; i = end) {
		end = end_of_step(&f, i);
		draw_step(&f, i, end);
		draw_main(&f, end == f.n ? "Analysed" : "Remaining",
		    row_at(&f, end - 1)->images_left,
		    row_at(&f, end - 1)->groups_left);
	}
	return MC_OK;
}

const struct mc_figure mc_figure_flow = { "flow", &mc_flow_schema,
    "reason,images,images_left", is_counted, draw_flow };
