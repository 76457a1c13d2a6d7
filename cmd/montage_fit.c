/* montage_fit.c - make the sheets of mc-montage, of what a page has room for. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/names.h"
#include "montage.h"

/* Make sheet S of M, of MOST images of each label. */
static void
make_sheet(const struct montage *m, size_t s, size_t most)
{
	struct montage_sheet *sheet = &m->out.sheets[s];

	if (m->n_runs > 0)
		montage_of_cases(sheet, &m->style, &m->gallery,
		    &m->samples[s], &m->cases[s], most);
	else if (m->style.show == MONTAGE_NEAR)
		montage_of_pairs(sheet, &m->style, &m->gallery, m->pairs,
		    most);
	else if (m->style.show == MONTAGE_AUGMENTED)
		montage_of_versions(sheet, &m->style, &m->gallery, most);
	else
		montage_of_random(sheet, &m->style, &m->gallery, most);
}

/* Make the sheets, in place of those that were made, of SIZE and MOST images of each
   label; returns the height of the highest. */
static double
make_all(struct montage *m, int size, size_t most)
{
	size_t s;

	for (s = 0; s < m->out.n_sheets; s++)
		montage_sheet_clear(&m->out.sheets[s]);
	m->out.n_sheets = m->n_runs > 0 ? m->n_runs : 1;
	m->out.sheets = mc_xreallocarray(m->out.sheets, m->out.n_sheets,
	    sizeof(*m->out.sheets));
	m->gallery.size = size;
	m->out.columns = m->columns[size];
	m->out.tile = m->gallery.tile[size];
	for (s = 0; s < m->out.n_sheets; s++) {
		m->out.sheets[s] = (struct montage_sheet){ { 0 }, NULL };
		make_sheet(m, s, most);
	}
	return montage_height(&m->out);
}

/* The images of all sheets. */
static size_t
count_shown(const struct montage *m)
{
	size_t n = 0, s;

	for (s = 0; s < m->out.n_sheets; s++)
		n += m->out.sheets[s].sheet.n_tiles;
	return n;
}

/* Make the sheets of as many images of each label as one page has room for, MOST at
   most, and return how many; 0: it has not even room for one. */
static size_t
find_most(struct montage *m, int size, size_t most)
{
	size_t fits = 0, high = most, n;

	if (make_all(m, size, most) <= MONTAGE_PAGE)
		return most;
	while (high - fits > 1) {
		n = fits + (high - fits) / 2;
		if (make_all(m, size, n) <= MONTAGE_PAGE)
			fits = n;
		else
			high = n;
	}
	make_all(m, size, fits);
	return fits;
}

/* Make the sheets in that size which shows most images; the lowest, where none fits
   a page. */
static void
make_fitting(struct montage *m, size_t most)
{
	size_t best_shown = 0, best_most = 1, n;
	int best = 0, size;
	double lowest = 0, height;

	for (size = 0; size < m->gallery.n_sizes; size++) {
		n = find_most(m, size, most);
		if (n > 0 && count_shown(m) > best_shown) {
			best_shown = count_shown(m);
			best_most = n;
			best = size;
		}
	}
	for (size = 0; size < m->gallery.n_sizes && best_shown == 0; size++) {
		height = make_all(m, size, 1);
		if (size == 0 || height < lowest) {
			lowest = height;
			best = size;
		}
	}
	make_all(m, best, best_most);
}

/* Mark the images that the sheets show. */
static void
mark_shown(struct montage *m)
{
	size_t s, i;

	for (s = 0; s < m->out.n_sheets && m->gallery.ids != NULL; s++) {
		for (i = 0; i < m->out.sheets[s].sheet.n_tiles; i++)
			m->gallery.image[mc_names_find(m->gallery.ids,
			    m->out.sheets[s].rows[i].id)].shown = true;
	}
}

void
montage_make(struct montage *m, size_t most)
{
	size_t n;

	if (m->fits) {
		make_fitting(m, most);
		if (!m->out.paged && montage_height(&m->out) > MONTAGE_PAGE)
			m->out.remedy = mc_xstrdup("show fewer images "
			    "(--count) or smaller ones (more --columns)");
	} else if (make_all(m, 0, most) > MONTAGE_PAGE && !m->out.paged) {
		n = find_most(m, 0, most);
		if (n > 0)
			m->out.remedy = mc_xasprintf("--%s %zu fits",
			    m->number.per_class ? "per-class" : "count", n);
		make_all(m, 0, most);
	}
	mark_shown(m);
}
