/* figure_confusion.c - draw confusion matrices, with counts and shares. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/num.h"
#include "report/figure.h"
#include "report/series.h"

#define N_KEYS (MC_KEYS + 1)

/* The widest cell, in points, and how wide one is on a terminal. */
#define WIDEST		48.0
#define CELL_TEXT	13.0

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	struct mc_plot *p;
	size_t n;
	struct mc_series s;
	size_t n_classes, cap;
	const char **classes;
	/* The layout: of a cell, of the labels at the left and below. */
	double w, h, label, below, left;
	double turned;			/* how long the labels below are that
					   are turned; 0: they are not */
	double pitch, title_room, titles;	/* the height of the titles */
	double number;			/* how wide the numbers of the classes
					   are, which stand for the names below;
					   0: the names are there */
	size_t columns;
	bool title_left;		/* it begins above the labels */
	bool shares;			/* there is room for them */
};

static const struct mc_confusion_row *
row_at(const struct figure *f, size_t i)
{
	return mc_rows_get(f->rows, i);
}

static bool
has_count(const void *row)
{
	return ((const struct mc_confusion_row *)row)->images >= 0;
}

/* --- Panels and classes --------------------------------------------------- */

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct figure *f = arg;

	return key < MC_KEYS ? row_at(f, row)->key[key] :
	    row_at(f, row)->subgroup;
}

static void
make_series(struct figure *f)
{
	struct mc_series_key keys[N_KEYS] = { { NULL, false, false } };

	mc_series_keys(keys, NULL);
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

/* The index of the class NAME of PANEL, which is added if it is new. */
static size_t
class_of(struct figure *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n_classes; i++) {
		if (strcmp(f->classes[i], name) == 0)
			return i;
	}
	f->classes = mc_xgrow(f->classes, f->n_classes, &f->cap,
	    sizeof(*f->classes));
	f->classes[f->n_classes] = name;
	return f->n_classes++;
}

/* Find the classes of PANEL, in the order in which they are labels. */
static void
find_classes(struct figure *f, size_t panel)
{
	size_t i;

	f->n_classes = 0;
	for (i = 0; i < f->n; i++) {
		if (f->s.panel[i] == panel)
			class_of(f, row_at(f, i)->label);
	}
	for (i = 0; i < f->n; i++) {
		if (f->s.panel[i] == panel)
			class_of(f, row_at(f, i)->predicted);
	}
}

/* Check that each cell of a matrix is given once. */
static enum mc_status
check_cells(struct figure *f, struct mc_err *err)
{
	struct mc_names *cells = mc_names_alloc();
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < f->n && status == MC_OK; i++) {
		const struct mc_confusion_row *r = row_at(f, i);
		char *cell = mc_xasprintf("%zu\t%s\t%s", f->s.panel[i],
		    r->label, r->predicted);

		if (mc_names_copy(cells, cell) != i)
			status = mc_err_set(err, MC_EDATA, "%s: a second "
			    "number of images with the label \"%s\" that are "
			    "predicted as \"%s\": give each table once",
			    mc_rows_place(f->rows, i), r->label, r->predicted);
		free(cell);
	}
	mc_names_free(cells);
	return status;
}

/* --- The layout ----------------------------------------------------------- */

static double
widest_class(const struct figure *f)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->n_classes; i++)
		widest = fmax(widest, mc_plot_text_width(f->p, MC_PLAIN,
		    f->classes[i]));
	return widest;
}

/* Whether a class has a word that is wider than WIDTH. */
static bool
has_wide_word(const struct figure *f, double width)
{
	size_t i, n;

	for (i = 0; i < f->n_classes; i++) {
		const char *s = f->classes[i];

		for (; *s != '\0'; s += n) {
			char *word;
			bool wide;

			/* Where mc_text_break breaks a text. */
			n = strcspn(s, " _-/.,:;+=)");
			n += s[n] != '\0';
			word = mc_xstrndup(s, n - (s[n - 1] == ' '));
			wide = mc_plot_text_width(f->p, MC_PLAIN, word) >
			    width;
			free(word);
			if (wide)
				return true;
		}
	}
	return false;
}

/* How many lines the longest of N TEXTS takes. */
static double
most_lines(const struct figure *f, const char *const *texts, size_t n,
    double width, enum mc_plot_face face)
{
	size_t most = 0, i, lines;

	for (i = 0; i < n; i++) {
		lines = mc_plot_lines_needed(f->p, width, face, texts[i]);
		most = lines > most ? lines : most;
	}
	return (double)most;
}

/* Lay out the labels of the classes, of which WIDEST is the widest. */
static void
arrange_labels(struct figure *f, double widest)
{
	double lines = 1, below = 1, n;
	size_t panel;

	for (panel = 0; panel < f->s.n_panels; panel++) {
		find_classes(f, panel);
		n = most_lines(f, f->classes, f->n_classes, f->label, MC_PLAIN);
		lines = fmax(lines, n);
	}
	f->h = f->p->is_text ? lines : fmax(fmax(2.3, lines + 0.3) *
	    f->p->line, 0.72 * f->w);
	f->turned = 0;
	if (f->p->is_text) {
		for (panel = 0; panel < f->s.n_panels; panel++) {
			find_classes(f, panel);
			n = most_lines(f, f->classes, f->n_classes, f->w - 1,
			    MC_PLAIN);
			below = f->number > 0 ? 1 : fmax(below, n);
		}
		f->below = below;
		return;
	}
	/* Turned, they are folded where their lines have room. */
	if (widest > f->w - 0.5 * f->p->em)
		f->turned = lines * f->p->line <= f->w ? f->label : widest;
	f->below = f->turned > 0 ? f->turned + 0.6 * f->p->line :
	    1.2 * f->p->line;
}

/* Lay out the titles: above the matrix, or also above its labels. */
static void
arrange_titles(struct figure *f)
{
	const char *const *titles = (const char *const *)f->s.panels;
	double room = f->pitch - f->left - f->p->em;
	double lines = most_lines(f, titles, f->s.n_panels, room, MC_BOLD);

	f->title_left = lines > 1;
	f->title_room = f->title_left ? f->pitch - f->p->em : room;
	lines = most_lines(f, titles, f->s.n_panels, f->title_room, MC_BOLD);
	f->titles = f->s.n_panels == 1 ? 0 : lines * f->p->line;
}

/* Whether the names of some panel, on a terminal, would be broken within a word
   below the matrix. */
static bool
need_numbers(struct figure *f)
{
	size_t panel;

	for (panel = 0; panel < f->s.n_panels; panel++) {
		find_classes(f, panel);
		if (has_wide_word(f, f->w - 1))
			return true;
	}
	return false;
}

/* Choose the size of a cell, so that the panel with most classes fits. */
static void
arrange(struct figure *f)
{
	double narrowest = mc_plot_text_width(f->p, MC_SMALL, "100.0") +
	    f->p->em, gap = 2 * f->p->em, widest = 0, matrix;
	size_t most = 1, panel;

	for (panel = 0; panel < f->s.n_panels; panel++) {
		find_classes(f, panel);
		most = f->n_classes > most ? f->n_classes : most;
		widest = fmax(widest, widest_class(f));
	}
	f->label = fmin(widest, 0.28 * f->p->width);
	f->left = f->label + f->number + f->p->em + (f->p->is_text ? 0 : 1.3 *
	    f->p->line + 0.5 * f->p->em);
	matrix = (double)most * (f->p->is_text ? CELL_TEXT : narrowest);
	f->columns = (size_t)fmax(1, floor((f->p->width + gap) / (f->left +
	    matrix + gap)));
	f->columns = f->columns > f->s.n_panels ? f->s.n_panels : f->columns;
	f->pitch = f->p->width / (double)f->columns;
	f->w = f->pitch - f->left - gap;
	f->w = fmin(f->p->is_text ? CELL_TEXT : WIDEST, f->w / (double)most);
	if (f->p->is_text)
		f->w = fmax(floor(f->w), 5);
	f->shares = f->w >= (f->p->is_text ? CELL_TEXT : narrowest -
	    f->p->em);
	if (f->p->is_text && f->number <= 0 && need_numbers(f)) {
		f->number = most < 10 ? 2 : most < 100 ? 3 : 4;
		arrange(f);
		return;
	}
	arrange_labels(f, widest);
	arrange_titles(f);
}

/* --- A matrix ------------------------------------------------------------- */

/* White at 0, the darkest blue at 1, into COLOUR. */
static void
shade(double share, char colour[8])
{
	/* #0072B2 */
	int r = (int)lround(255 * (1 - share));
	int g = (int)lround(255 - (255 - 0x72) * share);
	int b = (int)lround(255 - (255 - 0xB2) * share);

	snprintf(colour, 8, "#%02X%02X%02X", (unsigned)r & 0xFF,
	    (unsigned)g & 0xFF, (unsigned)b & 0xFF);
}

/* The number of images, and their share of the label's, at X and Y. */
static void
draw_cell(struct figure *f, const struct mc_confusion_row *r, double x,
    double y)
{
	double share = isnan(r->share) ? 0 : fmin(1, fmax(0, r->share));
	const char *ink = share > 0.9 ? "#FFFFFF" : "#000000";
	bool has_share = f->shares && !isnan(r->share);
	char *count = mc_xasprintf("%lld", (long long)r->images);
	char *part = has_share ? mc_xasprintf("%.*f",
	    f->d->style->table.percent, 100 * r->share) : mc_xstrdup("");
	double middle = x + f->w / 2, apart = has_share ? 0.5 * f->p->line :
	    0;
	char colour[8];

	if (f->p->is_text) {
		char *both = has_share ? mc_xasprintf("%s (%s)", count, part) :
		    mc_xstrdup(count);

		mc_plot_text(f->p, x + f->w, y + 0.5 * (f->h - 1), MC_RIGHT,
		    MC_PLAIN, both);
		free(both);
	} else {
		shade(share, colour);
		mc_plot_box(f->p, x, y, f->w, f->h, colour, true);
		y += f->h / 2;
		mc_plot_text_in(f->p, middle, y - apart, MC_CENTRE, MC_PLAIN,
		    ink, count);
		if (has_share)
			mc_plot_text_in(f->p, middle, y + apart, MC_CENTRE,
			    MC_SMALL, ink, part);
	}
	free(count);
	free(part);
}

/* Name class I at both sides of the matrix at X and Y, HEIGHT high. */
static void
draw_class(struct figure *f, size_t i, double x, double y, double height)
{
	struct mc_plot *p = f->p;
	const char *name = f->classes[i];
	double at = x + ((double)i + 0.5) * f->w;
	double row = y + (p->is_text ? (double)i * f->h + 0.5 * (f->h - 1) :
	    ((double)i + 0.5) * f->h);

	mc_plot_text_around(p, x - 0.8 * p->em - f->number, row, f->label,
	    MC_RIGHT, MC_PLAIN, false, name);
	if (f->number > 0) {
		char number[MC_NUM_SIZE];

		snprintf(number, sizeof(number), "%zu", i + 1);
		mc_plot_text(p, x - 0.8 * p->em, row, MC_RIGHT, MC_PLAIN,
		    number);
		mc_plot_text(p, at + 0.5 * f->w, y + height, MC_RIGHT,
		    MC_PLAIN, number);
	} else if (p->is_text)
		mc_plot_text_around(p, at + 0.5 * f->w, y + height +
		    0.5 * (f->below - 1), f->w - 1, MC_RIGHT, MC_PLAIN, false,
		    name);
	else if (f->turned > 0)
		mc_plot_text_around(p, at, y + height + 0.4 * p->line,
		    f->turned, MC_RIGHT, MC_PLAIN, true, name);
	else
		mc_plot_text(p, at, y + height + 0.7 * p->line, MC_CENTRE,
		    MC_PLAIN, name);
}

/* The names of the classes, and what the sides are. */
static void
draw_sides(struct figure *f, double x, double y)
{
	double width = f->w * (double)f->n_classes;
	double height = f->h * (double)f->n_classes;
	struct mc_plot *p = f->p;
	size_t i;

	for (i = 0; i < f->n_classes; i++)
		draw_class(f, i, x, y, height);
	mc_plot_text(p, x + width / 2, y + height + f->below + (p->is_text ?
	    0 : 0.6 * p->line), MC_CENTRE, MC_PLAIN, "Predicted");
	mc_plot_text_up(p, x - f->label - 1.2 * p->em - 0.5 * p->line,
	    y + height / 2, MC_CENTRE, "Label");
}

/* Draw PANEL with its upper left corner at X and Y; returns its height. */
static double
draw_matrix(struct figure *f, size_t panel, double x, double y)
{
	double top = y + f->titles + (f->p->is_text ? 1 : 0.6 * f->p->line);
	size_t i;

	find_classes(f, panel);
	if (f->s.n_panels > 1)
		mc_plot_text_around(f->p, x + (f->title_left ? 0.5 *
		    f->p->em : f->left), top - (f->p->is_text ? 0.5 : 0.3 *
		    f->p->line) - 0.5 * f->titles - (f->p->is_text ? 0.5 : 0),
		    f->title_room, MC_LEFT, MC_BOLD, false,
		    f->s.panels[panel]);
	x += f->left;
	for (i = 0; i < f->n; i++) {
		const struct mc_confusion_row *r = row_at(f, i);

		if (f->s.panel[i] != panel || r->images < 0)
			continue;
		draw_cell(f, r, x + f->w * (double)class_of(f, r->predicted),
		    top + f->h * (double)class_of(f, r->label));
	}
	draw_sides(f, x, top);
	return top - y + f->h * (double)f->n_classes + f->below + (f->p->is_text
	    ? 1 : 1.3 * f->p->line);
}

/* --- The figure ----------------------------------------------------------- */

/* The images of PANEL. */
static int64_t
images_of(const struct figure *f, size_t panel)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->s.panel[i] == panel && row_at(f, i)->images > 0)
			n += row_at(f, i)->images;
	}
	return n;
}

static void
say_sizes(struct figure *f)
{
	struct mc_evidence *from = mc_xcalloc(f->n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct mc_confusion_row *r = row_at(f, i);

		from[i] = (struct mc_evidence){ NAN, "", -1, -1,
		    { r->key[MC_KEY_TASK], r->key[MC_KEY_SPLIT], r->subgroup },
		    "", images_of(f, f->s.panel[i]), -1, -1,
		    r->key[MC_KEY_WEIGHTS] };
	}
	mc_facts_add_sizes(facts, &f->d->style->table, from, f->n, "Seeds");
	mc_notes_facts(f->d->notes, facts);
	mc_facts_free(facts);
	free(from);
}

static void
say_how(struct figure *f)
{
	size_t i, missing = 0;

	for (i = 0; i < f->n; i++)
		missing += row_at(f, i)->images < 0;
	mc_notes_say(f->d->notes, "%s", f->shares ? "Number of images, and "
	    "its share (%) of the images of the label." : "Number of images.");
	if (!f->shares)
		mc_notes_advise(f->d->notes, "there is no room for the shares");
	if (missing > 0)
		mc_notes_say(f->d->notes, "Not drawn: %zu row%s without a "
		    "number of images.", missing, MC_PLURAL(missing));
	say_sizes(f);
}

static void
draw_matrices(struct figure *f)
{
	double highest = 0;
	size_t i;

	arrange(f);
	for (i = 0; i < f->s.n_panels; i++) {
		if (i > 0 && i % f->columns == 0) {
			f->d->y += highest;
			highest = 0;
		}
		highest = fmax(highest, draw_matrix(f, i, f->pitch *
		    (double)(i % f->columns), f->d->y));
	}
	f->d->y += highest;
}

static enum mc_status
draw_confusion(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .p = d->plot,
	    .n = mc_rows_count(r) };
	enum mc_status status;

	make_series(&f);
	if ((status = check_cells(&f, err)) == MC_OK) {
		draw_matrices(&f);
		say_how(&f);
	}
	free(f.classes);
	mc_series_clear(&f.s);
	return status;
}

const struct mc_figure mc_figure_confusion = { "confusion",
    &mc_confusion_schema, "label,predicted,images,share", has_count,
    draw_confusion };
