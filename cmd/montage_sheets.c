/* montage_sheets.c - make sheets of images, with their texts and rows. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bidi.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "montage.h"

void
montage_sheet_clear(struct montage_sheet *s)
{
	mc_sheet_clear(&s->sheet);
	free(s->rows);
	memset(s, 0, sizeof(*s));
}

/* --- Parts and tiles ------------------------------------------------------ */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Make room for N tiles in at most PARTS parts. */
static void
make_room(struct montage_sheet *s, size_t n, size_t parts)
{
	s->sheet.tiles = mc_xcalloc(n, sizeof(*s->sheet.tiles));
	s->sheet.parts = mc_xcalloc(parts, sizeof(*s->sheet.parts));
	s->rows = mc_xcalloc(n, sizeof(*s->rows));
}

/* Begin a part; HEADING and DETAIL, which may be NULL, become the sheet's. */
static void
begin_part(struct montage_sheet *s, char *heading, char *detail)
{
	s->sheet.parts[s->sheet.n_parts++] = (struct mc_sheet_part){
	    heading, detail, s->sheet.n_tiles, 0 };
}

/* Add IMAGE to the last part, and its row. */
static struct mc_sheet_tile *
add_tile(struct montage_sheet *s, const struct montage_gallery *g,
    const struct montage_image *image, enum montage_show show,
    struct mc_montage_row **row)
{
	struct mc_sheet_tile *tile = &s->sheet.tiles[s->sheet.n_tiles];
	const struct mc_image *picture = &image->picture[g->size];

	*row = &s->rows[s->sheet.n_tiles];
	**row = (struct mc_montage_row){ .show = montage_shows[show],
	    .width = picture->width, .height = picture->height,
	    .images = -1, .id = image->id, .group = image->group,
	    .label = image->label, .p_label = NAN, .p_predicted = NAN,
	    .margin = NAN, .threshold = NAN, .distance = -1, .epoch = -1 };
	tile->picture = picture;
	s->sheet.parts[s->sheet.n_parts - 1].n++;
	s->sheet.n_tiles++;
	return tile;
}

/* Set line K of TILE; TEXT and NUMBER become the tile's. */
static struct mc_sheet_line *
set_line(struct mc_sheet_tile *tile, int k, char *text, char *number)
{
	tile->line[k] = (struct mc_sheet_line){ .text = text,
	    .number = number };
	return &tile->line[k];
}

/* Set line K to WHAT, such as "label", and its NAME, which becomes the tile's. */
static struct mc_sheet_line *
set_name(struct mc_sheet_tile *tile, int k, const char *what, char *name,
    char *number)
{
	struct mc_sheet_line *line = set_line(tile, k, mc_xasprintf("%s: %s",
	    what, name), number);

	line->brief = name;
	return line;
}

static struct mc_sheet_line *
set_label(struct mc_sheet_tile *tile, int k, const struct montage_style *style,
    const char *label)
{
	if (*label == '\0')
		return set_line(tile, k, mc_xstrdup("no label"), NULL);
	return set_name(tile, k, "label", montage_label(style, label), NULL);
}

/* Whether GROUP begins with UNIT, in any case of its ASCII letters: "patient006". */
static bool
says_unit(const char *group, const char *unit)
{
	return strncasecmp(group, unit, strlen(unit)) == 0;
}

/* Set the lines from K on that name the image of ROW: its id and its group, with
   the name of the UNIT unless the group says it. */
static void
name_tile(struct mc_sheet_tile *tile, int k, const struct mc_montage_row *row,
    const char *unit)
{
	struct mc_buf group = { 0 }, brief = { 0 };

	set_line(tile, k, mc_bidi_isolate(row->id), NULL);
	if (*row->group == '\0')
		return;
	if (!says_unit(row->group, unit)) {
		mc_bidi_put(&group, unit);
		mc_buf_puts(&group, " ");
	}
	mc_bidi_put(&group, row->group);
	mc_bidi_put(&brief, row->group);
	set_line(tile, k + 1, group.data, NULL)->brief = brief.data;
}

/* The lines of each tile: FEW, and one more if an image has a group. */
static int
count_lines(const struct montage_sheet *s, int few)
{
	size_t i;

	for (i = 0; i < s->sheet.n_tiles; i++) {
		if (*s->rows[i].group != '\0')
			return few + 1;
	}
	return few;
}

/* --- Cases ---------------------------------------------------------------- */

/* The label of image I of X, and its class where a threshold has made two of more. */
static char *
name_label(const struct montage_style *style, const struct mc_run_sample *x,
    size_t i)
{
	const char *own = x->run->classes[x->run->rows[i].label];
	size_t label = (size_t)x->s.label[i];
	char *name = montage_class(style, x, label);
	struct mc_buf text = { 0 };

	if (strcmp(x->s.classes[label], own) == 0)
		return name;
	mc_buf_printf(&text, "%s (", name);
	montage_put_name(style, "label", own, &text);
	mc_buf_puts(&text, ")");
	free(name);
	return text.data;
}

static void
add_case(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, const struct mc_run_sample *x,
    const struct mc_case *c, struct mc_montage_row **result)
{
	size_t i = c->image, label = (size_t)x->s.label[i];
	size_t predicted = (size_t)x->s.predicted[i];
	const double *p = x->s.p == NULL ? NULL : x->s.p +
	    i * x->s.n_classes;
	const char *id = mc_run_id(x->run, i);
	struct mc_montage_row *row;
	struct mc_sheet_tile *tile = add_tile(s, g,
	    &g->image[mc_names_find(g->ids, id)], style->show, &row);
	bool wrong = label != predicted;

	memcpy(row->key, x->run->key, sizeof(row->key));
	row->id = id;
	row->group = mc_run_group(x->run, i);
	row->label = x->s.classes[label];
	row->predicted = x->s.classes[predicted];
	row->margin = c->margin;
	if (p != NULL) {
		row->p_label = p[label];
		row->p_predicted = p[predicted];
	}
	if (x->s.threshold != NULL) {
		row->threshold = x->s.threshold->at;
		row->class_name = x->s.classes[x->s.threshold->of];
	}
	tile->verdict = wrong ? MC_VERDICT_WRONG : MC_VERDICT_RIGHT;
	set_name(tile, 0, "label", name_label(style, x, i), p == NULL ? NULL :
	    montage_probability(p[label]));
	set_name(tile, 1, "predicted", montage_class(style, x, predicted),
	    p == NULL ? NULL : montage_probability(p[predicted]));
	tile->line[1].marked = true;
	tile->line[1].bold = wrong;
	name_tile(tile, 2, row, style->unit);
	*result = row;
}

/* Write V, an end of a map's scale, to TEXT with three digits: "0.160", "250", "0". */
static void
put_end(double v, char text[MC_NUM_SIZE])
{
	size_t n;

	snprintf(text, MC_NUM_SIZE, v == 0 ? "%.0f" : "%#.3g", v);
	n = strlen(text);
	if (text[n - 1] == '.')
		text[n - 1] = '\0';
}

/* Add the map beside IMAGE, which add_case has added. */
static void
add_map(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, const struct montage_image *image)
{
	const struct montage_map *map = &image->map;
	char lo[MC_NUM_SIZE], hi[MC_NUM_SIZE];
	struct mc_montage_row *row;
	struct mc_sheet_tile *tile = add_tile(s, g, image, style->show, &row);
	char *method = mc_xstrdup(mc_printed_method(map->method));
	struct mc_buf class = { 0 };

	row->show = NULL;
	row->group = "";
	tile->picture = &map->picture[g->size];
	method[0] = (char)toupper((unsigned char)method[0]);
	set_line(tile, 0, method, NULL);
	if (*map->class_name != '\0') {
		montage_put_name(style, "label", map->class_name, &class);
		set_line(tile, 1, mc_xasprintf("of %s", class.data),
		    isnan(map->p) ? NULL : montage_probability(map->p))->brief =
		    class.data;
	}
	put_end(map->min, lo);
	put_end(map->max, hi);
	set_line(tile, 2, mc_xasprintf("%s to %s", lo, hi), NULL);
}

static char *
class_heading(const struct montage_style *style, const struct mc_run_sample *x,
    size_t k)
{
	char *name = montage_class(style, x, k);
	char *heading = mc_xasprintf("Label %s", name);

	free(name);
	return heading;
}

void
montage_of_cases(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, const struct mc_run_sample *x,
    const struct mc_cases *cases, size_t most)
{
	size_t shown = 0, n, k, i;

	make_room(s, cases->n * (style->maps ? 2 : 1), cases->n_groups);
	for (k = 0; k < cases->n_groups; k++)
		shown += least(cases->groups[k].n, most);
	s->sheet.title = montage_title(style->show, shown, cases->of,
	    cases->images);
	s->sheet.about = montage_about(style, x);
	for (k = 0; k < cases->n_groups; k++) {
		const struct mc_case_group *group = &cases->groups[k];

		n = least(group->n, most);
		if (n == 0)
			continue;
		if (group->label < 0)
			begin_part(s, NULL, NULL);
		else
			begin_part(s, class_heading(style, x,
			    (size_t)group->label), montage_counts(style->show,
			    n, group->of, group->images));
		for (i = 0; i < n; i++) {
			struct mc_montage_row *row;

			add_case(s, style, g, x,
			    &cases->cases[group->first + i], &row);
			row->place = (int64_t)i + 1;
			row->of = (int64_t)group->of;
			row->images = (int64_t)group->images;
			if (style->maps)
				add_map(s, style, g, &g->image[mc_names_find(
				    g->ids, row->id)]);
		}
	}
	s->sheet.lines = count_lines(s, 3);
}

/* --- Images without predictions ------------------------------------------- */

void
montage_of_random(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, size_t most)
{
	size_t labels = mc_names_count(g->labels), i, all = 0, place = 0;
	struct mc_montage_row *row;
	struct mc_sheet_tile *tile;

	make_room(s, g->n, labels);
	for (i = 0; i < labels; i++)
		all += g->counts[i];
	s->sheet.about = montage_about(style, NULL);
	for (i = 0; i < g->n; i++) {
		const struct montage_image *image = &g->image[i];
		size_t part = image->part, n = i;

		while (n < g->n && g->image[n].part == part)
			n++;
		if (i == 0 || g->image[i - 1].part != part) {
			if (labels == 1 && *mc_names_at(g->labels, 0) == '\0')
				begin_part(s, NULL, NULL);
			else
				begin_part(s, montage_heading(style,
				    mc_names_at(g->labels, part)),
				    montage_counts(style->show, least(n - i, most),
				    g->counts[part], g->counts[part]));
			place = 0;
		}
		if (place == most)
			continue;
		tile = add_tile(s, g, image, style->show, &row);
		row->key[MC_KEY_SPLIT] = image->split;
		row->key[MC_KEY_FOLD] = image->fold;
		row->place = (int64_t)++place;
		row->of = row->images = (int64_t)g->counts[part];
		set_label(tile, 0, style, image->label);
		name_tile(tile, 1, row, style->unit);
	}
	s->sheet.title = montage_title(style->show, s->sheet.n_tiles, all, all);
	s->sheet.lines = count_lines(s, 2);
}

void
montage_of_versions(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, size_t most)
{
	size_t images = 0, i, place = 0;
	struct mc_montage_row *row;
	struct mc_sheet_tile *tile;
	struct mc_err err;

	make_room(s, g->n, g->n);
	for (i = 0; i < g->n; i++) {
		const struct montage_image *image = &g->image[i];
		bool as_is = strcmp(image->epoch, "0") == 0;

		if (i == 0 || g->image[i - 1].part != image->part) {
			if (images == most)
				break;
			begin_part(s, mc_bidi_isolate(image->image),
			    *image->label == '\0' ? NULL :
			    montage_heading(style, image->label));
			images++;
			place = 0;
		}
		tile = add_tile(s, g, image, style->show, &row);
		row->image = image->image;
		if (mc_parse_i64(image->epoch, 0, INT64_MAX, &row->epoch,
		    &err) != MC_OK)
			row->epoch = -1;
		row->place = (int64_t)++place;
		set_line(tile, 0, as_is ? mc_xstrdup("unchanged") :
		    mc_xasprintf("epoch %s", image->epoch), NULL);
	}
	s->sheet.title = montage_title(style->show, images,
	    mc_names_count(g->labels), images);
	s->sheet.about = montage_about(style, NULL);
	s->sheet.lines = 1;
}

/* --- Pairs ---------------------------------------------------------------- */

/* Append where an image is: "train", "fold 2", "train, fold 2" or "". */
static void
put_where(const char *split, const char *fold, struct mc_buf *text)
{
	mc_bidi_put(text, split);
	if (*fold == '\0')
		return;
	mc_buf_printf(text, "%sfold ", *split != '\0' ? ", " : "");
	mc_bidi_put(text, fold);
}

/* Add one of the two images of PAIR, which is number PLACE. */
static void
add_half(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, const struct mc_pairs_row *pair,
    bool second, size_t place, size_t of)
{
	const char *id = second ? pair->id_b : pair->id_a;
	struct mc_montage_row *row;
	struct mc_sheet_tile *tile = add_tile(s, g,
	    &g->image[mc_names_find(g->ids, id)], style->show, &row);
	struct mc_buf text = { 0 };

	row->id = id;
	row->key[MC_KEY_SPLIT] = second ? pair->split_b : pair->split_a;
	row->key[MC_KEY_FOLD] = second ? pair->fold_b : pair->fold_a;
	row->label = second ? pair->label_b : pair->label_a;
	row->group = second ? pair->group_b : pair->group_a;
	row->distance = pair->distance;
	row->place = (int64_t)place;
	row->of = (int64_t)of;
	if (strcmp(pair->label_a, pair->label_b) != 0)
		tile->verdict = MC_VERDICT_WRONG;
	mc_buf_printf(&text, "pair %zu: ", place);
	put_where(row->key[MC_KEY_SPLIT], row->key[MC_KEY_FOLD], &text);
	set_line(tile, 0, text.data, NULL)->bold = true;
	set_label(tile, 1, style, row->label)->marked = true;
	name_tile(tile, 2, row, style->unit);
}

void
montage_of_pairs(struct montage_sheet *s, const struct montage_style *style,
    const struct montage_gallery *g, const struct mc_rows *pairs, size_t most)
{
	const struct mc_pairs_row *all = mc_rows_get(pairs, 0);
	size_t count = mc_rows_count(pairs), n = least(count, most), i, k, of;

	make_room(s, 2 * n, n);
	s->sheet.title = montage_title(style->show, n, count, count);
	s->sheet.about = montage_about(style, NULL);
	for (i = 0; i < n; i++) {
		const struct mc_pairs_row *pair = &all[i];

		if (i == 0 || pair->distance != all[i - 1].distance) {
			for (of = k = 0; k < count; k++)
				of += all[k].distance == pair->distance;
			begin_part(s, mc_xasprintf("Distance %lld",
			    (long long)pair->distance), mc_xasprintf(
			    "%zu pair%s", of, MC_PLURAL(of)));
		}
		add_half(s, style, g, pair, false, i + 1, count);
		add_half(s, style, g, pair, true, i + 1, count);
	}
	s->sheet.lines = count_lines(s, 3);
}
