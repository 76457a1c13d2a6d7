/* index_skipped.c - say which files in folders are skipped, and why. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/place.h"
#include "table/index_internal.h"

/* Files that were skipped for one reason and are of one kind. */
struct heap {
	const struct mc_skipped_file *first;
	size_t n;
};

void
mc_index_explain_skipped(const struct mc_skipped_file *s, struct mc_buf *text)
{
	static const char *const why[] = {
		[MC_SKIP_HIDDEN] = "hidden or a system's",
		[MC_SKIP_EXCLUDED] = "not wanted (--include, --exclude)",
		[MC_SKIP_MASK] = "a mask (--mask)",
		[MC_SKIP_COPY] = "in a second copy of its folder",
		[MC_SKIP_UNREADABLE] = ", which mctools does not read",
		[MC_SKIP_FALSE_IMAGE] = "called an image, but ",
		[MC_SKIP_LOOP] = "a link to a folder that contains it",
		[MC_SKIP_SPECIAL] = "a pipe, a socket or a device",
		[MC_SKIP_TABLE] = "a table of --join",
		[MC_SKIP_VOXELS] = "the voxels of a .hdr file",
		[MC_SKIP_OTHER] = "no image"
	};
	const char *kind = s->kind != NULL ? s->kind->name :
	    "empty or of no known kind";

	text->len = 0;
	if (s->why == MC_SKIP_UNREADABLE && s->kind->volume) {
		mc_buf_printf(text, "%s: choose slices with --slices, such as "
		    "--slices axial:middle:3", kind);
		return;
	}
	mc_buf_printf(text, "%s%s%s", s->why == MC_SKIP_UNREADABLE ? kind : "",
	    why[s->why], s->why == MC_SKIP_FALSE_IMAGE ? kind : "");
	if ((s->why == MC_SKIP_UNREADABLE || s->why == MC_SKIP_FALSE_IMAGE) &&
	    s->kind != NULL)
		mc_buf_printf(text, ": %s", s->kind->advice);
}

const char *
mc_index_skipped_kind(const struct mc_skipped_file *s)
{
	static const char *const name[] = {
		[MC_SKIP_HIDDEN] = "hidden",
		[MC_SKIP_EXCLUDED] = "not wanted",
		[MC_SKIP_MASK] = "masks",
		[MC_SKIP_COPY] = "in a second copy",
		[MC_SKIP_FALSE_IMAGE] = "no image in spite of the name",
		[MC_SKIP_LOOP] = "links in a circle",
		[MC_SKIP_SPECIAL] = "pipes and devices",
		[MC_SKIP_TABLE] = "tables of --join",
		[MC_SKIP_VOXELS] = "voxels of .hdr files",
		[MC_SKIP_OTHER] = "other files"
	};

	return s->why == MC_SKIP_UNREADABLE ? s->kind->name : name[s->why];
}

/* The heaps of what was skipped into *HEAPS, to be freed; returns how many. */
static size_t
sort_skipped(const struct mc_folder *f, struct heap **heaps)
{
	size_t n = 0, cap = 0, i, k;

	*heaps = NULL;
	for (i = 0; i < f->n_skipped; i++) {
		const struct mc_skipped_file *s = &f->skipped[i];

		for (k = 0; k < n && ((*heaps)[k].first->why != s->why ||
		    (*heaps)[k].first->kind != s->kind); k++)
			;
		if (k == n) {
			*heaps = mc_xgrow(*heaps, n++, &cap, sizeof(**heaps));
			(*heaps)[k] = (struct heap){ s, 0 };
		}
		(*heaps)[k].n++;
	}
	return n;
}

/* A line for each heap, but one with -v for each file that is not a copy. */
static void
warn_skipped(const struct mc_index *x)
{
	const struct mc_folder *f = &x->folder;
	struct mc_buf text = { 0 };
	struct heap *heaps;
	size_t n = sort_skipped(f, &heaps), i;

	for (i = 0; i < n; i++) {
		const struct mc_skipped_file *s = heaps[i].first;

		mc_index_explain_skipped(s, &text);
		if (s->why == MC_SKIP_COPY)
			mc_say(x->o->warn, "%zu file%s skipped: this folder is "
			    "a second copy of the one that contains it: %s",
			    heaps[i].n, MC_PLURAL(heaps[i].n), f->copy);
		else if (s->why != MC_SKIP_OTHER && s->why !=
		    MC_SKIP_TABLE && s->why != MC_SKIP_VOXELS && s->why !=
		    MC_SKIP_EXCLUDED && s->why != MC_SKIP_MASK)
			mc_say(x->o->warn, "%zu file%s skipped: %s: %s%s",
			    heaps[i].n, MC_PLURAL(heaps[i].n), text.data,
			    s->path, heaps[i].n == 1 ? "" : " and others");
	}
	for (i = 0; i < f->n_skipped; i++) {
		mc_index_explain_skipped(&f->skipped[i], &text);
		if (f->skipped[i].why != MC_SKIP_COPY)
			mc_say(x->o->detail, "skipped: %s: %s",
			    f->skipped[i].path, text.data);
	}
	free(heaps);
	mc_buf_free(&text);
}

/* Find the tables of --join among what was skipped. */
static void
find_tables(struct mc_index *x)
{
	const char *const *join = x->o->join;
	struct mc_place table, file;
	size_t i;

	for (; join != NULL && *join != NULL; join++) {
		mc_place_find(&table, *join);
		for (i = 0; i < x->folder.n_skipped; i++) {
			struct mc_skipped_file *s = &x->folder.skipped[i];

			if (s->why != MC_SKIP_OTHER)
				continue;
			mc_place_find(&file, s->path);
			if (mc_place_same(&table, &file))
				s->why = MC_SKIP_TABLE;
			mc_place_clear(&file);
		}
		mc_place_clear(&table);
	}
}

/* PATH without ENDING or that and .gz, to be freed; NULL: it has neither. */
static char *
stem(const char *path, const char *ending)
{
	size_t n = strlen(path), m = strlen(ending);

	if (n > 3 && strcmp(path + n - 3, ".gz") == 0)
		n -= 3;
	return n > m && memcmp(path + n - m, ending, m) == 0 ?
	    mc_xstrndup(path, n - m) : NULL;
}

/* Add the name of the pair whose header is at PATH, if it is one's, to NAMES. */
static void
add_header(struct mc_names *names, const char *path)
{
	char *name = stem(path, ".hdr");

	if (name != NULL)
		mc_names_copy(names, name);
	free(name);
}

/* Find the voxels of pairs of .hdr and .img among what was skipped. */
static void
find_voxels(struct mc_index *x)
{
	struct mc_names *headers = mc_names_alloc();
	struct mc_folder *f = &x->folder;
	size_t i;
	char *name;

	for (i = 0; i < f->n; i++) {
		if (f->image[i].volume)
			add_header(headers, f->image[i].path);
	}
	for (i = 0; i < f->n_skipped; i++) {
		if (f->skipped[i].kind != NULL && f->skipped[i].kind->volume)
			add_header(headers, f->skipped[i].path);
	}
	for (i = 0; i < f->n_skipped; i++) {
		name = f->skipped[i].why == MC_SKIP_OTHER ?
		    stem(f->skipped[i].path, ".img") : NULL;
		if (name != NULL && mc_names_find(headers, name) !=
		    MC_NO_NAME)
			f->skipped[i].why = MC_SKIP_VOXELS;
		free(name);
	}
	mc_names_free(headers);
}

void
mc_index_tell_skipped(struct mc_index *x)
{
	find_tables(x);
	find_voxels(x);
	warn_skipped(x);
}
