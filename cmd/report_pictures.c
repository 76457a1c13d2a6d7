/* report_pictures.c - the pictures of mc-report: mistakes and explanations. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "report.h"
#include "table/tsv.h"

#define PROLOGUE ((size_t)65536)	/* bytes of an SVG before its element */

/* Whether BYTES begin with BEGIN. */
static bool
begins(const struct mc_buf *bytes, const char *begin)
{
	return bytes->len > strlen(begin) &&
	    memcmp(bytes->data, begin, strlen(begin)) == 0;
}

/* Whether WORD is among the first N BYTES. */
static bool
has_word(const struct mc_buf *bytes, size_t n, const char *word)
{
	size_t length = strlen(word), i;

	for (i = 0; i + length <= bytes->len && i < n; i++) {
		if (memcmp(bytes->data + i, word, length) == 0)
			return true;
	}
	return false;
}

/* The kind of the picture in BYTES, read from PATH. */
static enum mc_status
picture_kind(const struct mc_buf *bytes, const char *path,
    enum mc_page_image *kind, struct mc_err *err)
{
	size_t mark = begins(bytes, "\xef\xbb\xbf") ? 3 : 0;

	if (begins(bytes, "\x89PNG\r\n\x1a\n")) {
		*kind = MC_PAGE_PNG;
		return has_word(bytes, bytes->len, "IEND") ? MC_OK :
		    mc_err_at(err, MC_EDATA, path, 0, "a PNG that is cut off: "
		    "make the picture again");
	}
	if (begins(bytes, "\xff\xd8\xff")) {
		*kind = MC_PAGE_JPEG;
		return MC_OK;
	}
	while (mark < bytes->len && isspace((unsigned char)bytes->data[mark]))
		mark++;
	*kind = MC_PAGE_SVG;
	if (mark < bytes->len && bytes->data[mark] == '<' &&
	    has_word(bytes, PROLOGUE, "<svg"))
		return MC_OK;
	return mc_err_at(err, MC_EDATA, path, 0, "neither PNG, JPEG nor SVG: "
	    "convert the picture");
}

/* --- The tables of pictures -------------------------------------------------- */

/* The list of a sheet of mc-montage, or the table of the maps of mc-explain. */
static bool
is_of_pictures(const struct mc_table *t)
{
	return (mc_table_find(t, "sheet") >= 0 &&
	    mc_table_find(t, "show") >= 0) ||
	    (mc_table_find(t, "map") >= 0 && mc_table_find(t, "overlay") >= 0);
}

/* Check that T, read from PATH, is of pictures, and of MISTAKES alone. */
static enum mc_status
check_pictures(const struct mc_table *t, const char *path, bool mistakes,
    struct mc_err *err)
{
	int c = mc_table_find(t, "show");
	size_t i;

	if (!is_of_pictures(t))
		return mc_err_at(err, MC_EDATA, path, 1, "not a list of "
		    "pictures: give the --list of mc-montage, or maps.tsv of "
		    "mc-explain");
	if (mistakes && c < 0)
		return mc_err_at(err, MC_EDATA, path, 1, "a table of maps, "
		    "which are not of mistakes alone: give the --list of "
		    "mc-montage, or give the picture to --explanations");
	for (i = 0; mistakes && i < mc_table_rows(t); i++) {
		if (strcmp(mc_table_get(t, i, (size_t)c), "mistakes") != 0)
			return mc_err_at(err, MC_EDATA, path,
			    mc_table_line(t, i), "column \"show\": \"%s\": "
			    "not a mistake: give the list of a sheet of "
			    "mc-montage --show mistakes",
			    mc_table_get(t, i, (size_t)c));
	}
	return MC_OK;
}

/* The one value of column C of T; NULL: it has none, or several. */
static const char *
only_value(const struct mc_table *t, int c)
{
	size_t i;

	if (c < 0 || mc_table_rows(t) == 0)
		return NULL;
	for (i = 1; i < mc_table_rows(t); i++) {
		if (strcmp(mc_table_get(t, i, (size_t)c),
		    mc_table_get(t, 0, (size_t)c)) != 0)
			return NULL;
	}
	return mc_table_get(t, 0, (size_t)c);
}

/* Whether each map of T is of the class that its image was predicted as. */
static bool
is_of_predicted(const struct mc_table *t)
{
	int class = mc_table_find(t, "class");
	int predicted = mc_table_find(t, "predicted");
	size_t i;

	for (i = 0; i < mc_table_rows(t) && class >= 0 && predicted >= 0; i++) {
		if (strcmp(mc_table_get(t, i, (size_t)class),
		    mc_table_get(t, i, (size_t)predicted)) != 0)
			return false;
	}
	return class >= 0 && predicted >= 0;
}

/* Append by which method, of which class and in which colours the maps of T are,
   read from PATH. */
static enum mc_status
put_maps(struct report *r, const struct mc_table *t, const char *path,
    struct mc_buf *text, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	const char *method = only_value(t, mc_table_find(t, "method"));
	const char *class = only_value(t, mc_table_find(t, "class"));

	if (method != NULL)
		mc_buf_printf(text, "; by %s", mc_printed_method(method));
	if (mc_table_rows(t) == 0)
		return MC_OK;
	if (class != NULL && *class == '\0') {
		mc_buf_puts(text, ", which are the same for every class");
	} else if (is_of_predicted(t)) {
		mc_buf_puts(text, ", each for the predicted class");
	} else if (class != NULL) {
		mc_buf_puts(text, ", for class ");
		status = report_put_name(r, path, "class", class, text, err);
	} else {
		mc_buf_puts(text, ", for the class named beside each");
	}
	mc_buf_puts(text, ", in colours from dark blue (the smallest value of the "
	    "map) to yellow (its largest)");
	return status;
}

/* Append what the list T of a sheet was chosen for; mistakes need no word. */
static void
put_show(const struct mc_table *t, struct mc_buf *text)
{
	const char *show = only_value(t, mc_table_find(t, "show"));

	if (show == NULL || strcmp(show, "mistakes") == 0)
		return;
	if (strcmp(show, "borderline") == 0)
		mc_buf_puts(text, "; predictions nearest to the decision");
	else if (strcmp(show, "random") == 0)
		mc_buf_puts(text, "; chosen at random");
	else
		mc_buf_printf(text, "; %s", show);
}

/* Append what the table at PATH says of the picture that it is of. */
static enum mc_status
describe_list(struct report *r, const char *path, bool mistakes,
    struct mc_buf *words, struct mc_err *err)
{
	struct mc_table *t = NULL;
	enum mc_status status = mc_table_read(&t, path, err);
	bool maps;

	if (status == MC_OK)
		status = check_pictures(t, path, mistakes, err);
	maps = status == MC_OK && mc_table_find(t, "map") >= 0;
	if (status == MC_OK)
		status = report_describe(r, t, path, maps ? "map" : "image",
		    words, err);
	if (status == MC_OK)
		put_show(t, words);
	if (status == MC_OK && maps)
		status = put_maps(r, t, path, words, err);
	mc_table_free(t);
	return status;
}

/* Take the table of what the picture at PATH shows into the page. */
static enum mc_status
take_list(struct report *r, const struct report_picture *p, bool mistakes,
    size_t *file, struct mc_err *err)
{
	char *name = mc_bidi_isolate_file(report_name(r, NULL, p->path));
	char *what = mc_xasprintf("%s in %s (%s)", mistakes ?
	    "images predicted wrongly" : "explained images", name, mistakes ?
	    "mc-montage --list" : "mc-explain, or mc-montage --list");
	enum mc_status status = report_take(r, NULL, p->table, what, file, err);

	free(name);
	free(what);
	return status;
}

/* Append the picture P, whose table is described in WORDS; NULL: it has none. */
static void
add_picture(struct report *r, const struct report_picture *p, const char *id,
    const char *heading, const char *words, enum mc_page_image kind,
    const struct mc_buf *bytes)
{
	struct mc_buf caption = { 0 }, alt = { 0 };

	mc_buf_printf(&caption, "%s, ", heading);
	mc_bidi_put_file(&caption, report_name(r, NULL, p->path));
	mc_buf_printf(&caption, "%s%s.", words != NULL ? ": " : "",
	    words != NULL ? words : "");
	mc_buf_printf(&alt, "Sheet of images. %s", caption.data);
	mc_page_picture(r->page, id, kind, bytes->data, bytes->len, alt.data,
	    caption.data, "");
	mc_buf_free(&caption);
	mc_buf_free(&alt);
}

/* The picture that GIVEN names, FILE or FILE=TABLE, of MISTAKES or explanations. */
static enum mc_status
put_picture(struct report *r, const char *given, bool mistakes,
    const char *id, struct mc_err *err)
{
	struct report_picture p = report_picture(given);
	enum mc_page_image kind = MC_PAGE_PNG;
	struct mc_buf bytes = { 0 }, words = { 0 };
	enum mc_status status;
	size_t file = 0;

	status = report_read(&bytes, p.path, err);
	if (status == MC_OK)
		status = picture_kind(&bytes, p.path, &kind, err);
	if (status == MC_OK && p.table != NULL)
		status = describe_list(r, p.table, mistakes, &words, err);
	if (status == MC_OK && p.table != NULL)
		status = take_list(r, &p, mistakes, &file, err);
	if (status == MC_OK)
		add_picture(r, &p, id, mistakes ? "Mistakes" : "Explanations",
		    words.data, kind, &bytes);
	if (status == MC_OK && p.table != NULL)
		mc_page_download(r->page, file);
	mc_buf_free(&bytes);
	mc_buf_free(&words);
	free(p.path);
	return status;
}

static enum mc_status
put_pictures(struct report *r, const char *const *given, const char *section,
    const char *heading, bool mistakes, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t n = 0;
	char *id;

	if (given == NULL)
		return MC_OK;
	mc_page_section(r->page, section, heading);
	if (!mistakes)
		mc_page_say(r->page, "An explanation shows what a model computes: it "
		    "neither proves a reason nor localises a disease.  Each map "
		    "has a scale of its own, so a map of nearly equal values looks "
		    "as varied as any other; the tables have the ends of the "
		    "scales.");
	for (; *given != NULL && status == MC_OK; given++) {
		id = mc_xasprintf("%s-%zu", section, ++n);
		status = put_picture(r, *given, mistakes, id, err);
		free(id);
	}
	return status;
}

enum mc_status
report_pictures(struct report *r, struct mc_err *err)
{
	enum mc_status status;

	status = put_pictures(r, r->opts->mistakes, "mistakes",
	    "Images predicted wrongly", true, err);
	if (status == MC_OK)
		status = put_pictures(r, r->opts->explanations,
		    "explanations", "Explanations of predictions", false,
		    err);
	if (r->opts->mistakes != NULL)
		r->shown |= MC_SHOWS_MISTAKES;
	if (r->opts->explanations != NULL)
		r->shown |= MC_SHOWS_EXPLANATIONS;
	return status;
}
