/* index_channels.c - join NIfTI volumes as the channels of pictures. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/glob.h"
#include "table/index_internal.h"

static const char unasked[] = "not in --channels";

/* --- Patterns ----------------------------------------------------------------- */

/* Whether GLOB matches the name of a volume. */
static bool
matches_one(const struct mc_index *x, const char *glob)
{
	size_t i;

	for (i = 0; i < x->folder.n; i++) {
		const struct mc_image_file *f = &x->folder.image[i];

		if (f->volume && mc_glob_matches(glob, f->path + f->base))
			return true;
	}
	return false;
}

/* A pattern that has TEXT as a word and matches a volume, to be freed; or NULL. */
static char *
advise(const struct mc_index *x, const char *text)
{
	static const char *const form[] = { "*_%s.*", "%s.*", "*%s.*", "*_%s*",
	    "*%s*" };
	size_t i;

	for (i = 0; i < sizeof(form) / sizeof(*form); i++) {
		const char *percent = strchr(form[i], '%');
		char *glob = mc_xasprintf("%.*s%s%s", (int)(percent - form[i]),
		    form[i], text, percent + 2);

		if (matches_one(x, glob))
			return glob;
		free(glob);
	}
	return NULL;
}

/* The N-th pattern matches no volume: say what would, or a name. */
static enum mc_status
no_match(const struct mc_index *x, int n, struct mc_err *err)
{
	const char *glob = x->choice.channel[n], *first = NULL;
	struct mc_buf text = { 0 };
	bool better = true;
	size_t i;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		char *other = NULL;

		if (!matches_one(x, x->choice.channel[c])) {
			other = advise(x, x->choice.channel[c]);
			better = better && other != NULL;
		}
		mc_buf_printf(&text, "%s%s", c > 0 ? "," : "", other != NULL ?
		    other : x->choice.channel[c]);
		free(other);
	}
	for (i = 0; i < x->folder.n && first == NULL; i++) {
		if (x->folder.image[i].volume)
			first = x->folder.image[i].path;
	}
	if (better)
		mc_err_set(err, MC_EDATA, "--channels: \"%s\" matches no NIfTI "
		    "file, since a pattern is compared with the whole name: try "
		    "'%s'", glob, text.data);
	else
		mc_err_set(err, MC_EDATA, "--channels: \"%s\" matches no NIfTI "
		    "file beside the masks; there is %s", glob, first);
	mc_buf_free(&text);
	return MC_EDATA;
}

static enum mc_status
check_patterns(const struct mc_index *x, struct mc_err *err)
{
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		if (!matches_one(x, x->choice.channel[c]))
			return no_match(x, c, err);
	}
	return MC_OK;
}

bool
mc_index_is_unasked(const struct index_scan *s)
{
	return s->lost == unasked;
}

/* --- Folders ------------------------------------------------------------------ */

/* Files that may become one picture: those of a folder, or of a folder and name. */
struct place {
	struct index_scan *channel[MC_CHANNELS];
	bool several;		/* two files are for one channel */
};

struct places {
	struct mc_index *x;
	struct mc_names *names;	/* the folders, or the folders and names */
	struct place *at;
	size_t cap;
};

/* The place KEY in P, until the next is found. */
static struct place *
find_place(struct places *p, const char *key)
{
	size_t known = mc_names_count(p->names), i;

	i = mc_names_copy(p->names, key);
	if (i == known) {
		p->at = mc_xgrow(p->at, i, &p->cap, sizeof(*p->at));
		memset(&p->at[i], 0, sizeof(p->at[i]));
	}
	return &p->at[i];
}

/* The place of S in P: its folder and, with GLOB, what * stands for in it. */
static struct place *
place_of(struct places *p, const struct index_scan *s, const char *glob)
{
	char *star = glob == NULL ? mc_xstrdup("") : mc_glob_star(glob,
	    s->file->path + s->file->base);
	char *key = mc_xasprintf("%.*s\t%s", (int)s->file->base,
	    s->file->path, star);
	struct place *place = find_place(p, key);

	free(star);
	free(key);
	return place;
}

/*
 * Put the volume S where --channels says: in its folder; in one that has several
 * files for a channel, with the files of its name, for which NAMED is.
 */
static enum mc_status
add_channel(struct places *folders, struct places *named,
    struct index_scan *s, struct mc_err *err)
{
	bool several = place_of(folders, s, NULL)->several, found = false;
	struct place *place;
	const char *glob;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		glob = folders->x->choice.channel[c];
		if (!mc_glob_matches(glob, s->file->path + s->file->base))
			continue;
		found = true;
		place = named == NULL || !several ?
		    place_of(folders, s, NULL) : place_of(named, s, glob);
		if (place->channel[c] != NULL && place->channel[c] != s) {
			place->several = true;
			if (named != NULL)
				return mc_err_set(err, MC_EDATA, "%s and %s "
				    "both match \"%s\" of --channels: make the "
				    "pattern more precise, or give each "
				    "patient a folder",
				    place->channel[c]->file->path,
				    s->file->path, glob);
		}
		place->channel[c] = s;
	}
	if (!found && s->lost == NULL)
		s->lost = unasked;
	return MC_OK;
}

/* --- Channels ----------------------------------------------------------------- */

void
mc_index_lose(struct index_scan *const *channel, int n, const char *why,
    const char *detail)
{
	int c;

	for (c = 0; c < n; c++) {
		if (channel[c] == NULL || channel[c]->lost != NULL)
			continue;
		channel[c]->lost = why;
		if (detail == NULL || channel[c]->detail == detail)
			continue;
		free(channel[c]->detail);
		channel[c]->detail = mc_xstrdup(detail);
	}
}

/* Make one picture of the channels of PLACE. */
static void
join_channels(struct mc_index *x, struct place *place)
{
	struct index_scan **channel = place->channel;
	const char *why = NULL;
	int c;

	for (c = 0; c < MC_CHANNELS; c++) {
		if (channel[c] == NULL || channel[c]->status != MC_OK)
			why = "another channel is missing or damaged";
	}
	for (c = 1; c < MC_CHANNELS && why == NULL; c++) {
		if (channel[c] != channel[0] && !mc_index_same_grid(x,
		    channel[c], &channel[0]->volume))
			why = "channels on different grids";
		else if (channel[c]->mask != channel[0]->mask)
			why = "channels with different masks";
	}
	if (why != NULL) {
		mc_index_lose(channel, MC_CHANNELS, why, c > 1 ?
		    channel[c - 1]->detail : NULL);
		return;
	}
	channel[0]->channels = MC_CHANNELS;
	memcpy(channel[0]->channel, channel, sizeof(place->channel));
}

enum mc_status
mc_index_join_channels(struct mc_index *x, struct mc_err *err)
{
	struct places folders = { .x = x, .names = mc_names_alloc() };
	struct places named = { .x = x, .names = mc_names_alloc() };
	enum mc_status status = check_patterns(x, err);
	size_t i, pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < x->folder.n && status == MC_OK; i++) {
			if (x->scan[i].file->volume)
				status = add_channel(&folders, pass == 0 ?
				    NULL : &named, &x->scan[i], err);
		}
	}
	for (i = 0; i < mc_names_count(folders.names); i++) {
		if (status == MC_OK && !folders.at[i].several)
			join_channels(x, &folders.at[i]);
	}
	for (i = 0; i < mc_names_count(named.names); i++) {
		if (status == MC_OK)
			join_channels(x, &named.at[i]);
	}
	mc_names_free(folders.names);
	mc_names_free(named.names);
	free(folders.at);
	free(named.at);
	return status;
}

/* --- Names -------------------------------------------------------------------- */

/* How many bytes, at most N, A and B share up to the end of a word in both. */
static size_t
common(const char *a, const char *b, size_t n)
{
	size_t i, end = 0;

	for (i = 0; i < n && a[i] == b[i]; i++) {
		if (mc_glob_is_word(a[i]) && (i + 1 == n ||
		    !mc_glob_is_word(a[i + 1])) && !mc_glob_is_word(b[i + 1]))
			end = i + 1;
	}
	return end;
}

size_t
mc_index_slice_name(const struct index_scan *s)
{
	const struct mc_image_file *f = s->file, *other;
	size_t whole = f->end - f->relative, n = whole;
	int c;

	for (c = 1; c < s->channels; c++) {
		other = s->channel[c]->file;
		n = common(f->path + f->relative, other->path +
		    other->relative, n);
	}
	return n > 0 ? n : whole;
}
