/* index_groups.c - find the group of each image by an expression. */
#include "config.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/index_internal.h"

/* A group of fewer images is normal. */
#define LARGE 20

/* The first image of a group, and offsets in its path. */
struct first_match {
	size_t image;
	size_t word, start;	/* of the letters and digits before the match, and
				   of the match */
};

/* An expression that is matched with all images, and what came of it. */
struct search {
	regex_t re;
	size_t part;		/* the parenthesis that is the group */
	regmatch_t *match;	/* part + 1 of them */
	size_t missed, first_missed;	/* images without a match */
	size_t folders, first_folder;	/* in the name of a folder */
	struct first_match last;	/* of the image that was matched last */
	size_t end;			/* of its group */
	struct mc_names *groups;
	struct first_match *first;	/* of each group */
	size_t cap;
	bool *joined;			/* likewise: see check_word */
	size_t joined_cap, n_joined;
	size_t one, other;		/* the first two images of such a group */
};

static enum mc_status
compile(struct search *s, const struct mc_index_options *o, struct mc_err *err)
{
	char why[256];
	int failed = regcomp(&s->re, o->group, REG_EXTENDED);

	if (failed != 0) {
		regerror(failed, &s->re, why, sizeof(why));
		return mc_err_set(err, MC_EUSAGE, "--group: \"%s\" is not a "
		    "POSIX extended regular expression: %s", o->group, why);
	}
	s->part = (size_t)o->group_part;
	if (s->part > s->re.re_nsub) {
		mc_err_set(err, MC_EUSAGE, "--group-part %zu: \"%s\" has %zu "
		    "parenthes%s", s->part, o->group, s->re.re_nsub,
		    s->re.re_nsub == 1 ? "is" : "es");
		regfree(&s->re);
		return MC_EUSAGE;
	}
	s->match = mc_xcalloc(s->part + 1, sizeof(*s->match));
	return MC_OK;
}

/* Set the group of IMAGE; false: there is none, as an empty match is none. */
static bool
match(struct index_image *image, int group_from, struct search *s)
{
	const struct mc_image_file *f = image->file;
	size_t start = group_from == MC_GROUP_NAME ? f->base : f->relative;
	const char *text = f->path + start;
	const regmatch_t *m = &s->match[s->part];

	if (regexec(&s->re, text, s->part + 1, s->match, 0) != 0 ||
	    m->rm_so == m->rm_eo)
		return false;
	image->text[GROUP] = mc_xstrndup(text + m->rm_so,
	    (size_t)(m->rm_eo - m->rm_so));
	s->end = start + (size_t)m->rm_eo;
	s->last.word = s->last.start = start + (size_t)s->match[0].rm_so;
	while (s->last.word > start &&
	    isalnum((unsigned char)f->path[s->last.word - 1]))
		s->last.word--;
	return true;
}

/* Whether A and B are in one folder. */
static bool
one_folder(const struct mc_image_file *a, const struct mc_image_file *b)
{
	return a->base == b->base && strncmp(a->path, b->path, a->base) == 0;
}

/*
 * Note whether image I and the first one of its group lie in two folders and have
 * different letters and digits just before the match, as a1 and b1 have.
 */
static void
check_word(const struct mc_index *x, size_t i, struct search *s)
{
	size_t n = mc_names_count(s->groups), k, length;
	const struct mc_image_file *file = x->image[i].file, *first;

	s->last.image = i;
	k = mc_names_add(s->groups, x->image[i].text[GROUP]);
	if (k == n) {
		s->first = mc_xgrow(s->first, n, &s->cap, sizeof(*s->first));
		s->joined = mc_xgrow(s->joined, n, &s->joined_cap,
		    sizeof(*s->joined));
		s->first[n] = s->last;
		s->joined[n] = false;
		return;
	}
	first = x->image[s->first[k].image].file;
	length = s->last.start - s->last.word;
	if (s->joined[k] || one_folder(first, file) ||
	    (length == s->first[k].start - s->first[k].word &&
	    strncmp(first->path + s->first[k].word, file->path + s->last.word,
	    length) == 0))
		return;
	s->joined[k] = true;
	if (s->n_joined++ == 0) {
		s->one = s->first[k].image;
		s->other = i;
	}
}

static void
warn_joined(const struct mc_index *x, const struct search *s)
{
	const struct index_image *one = &x->image[s->one];

	if (s->n_joined > 0)
		mc_say(x->o->warn, "group \"%s\" has files of several folders "
		    "whose names differ just before the match: %s and %s (%zu "
		    "such group%s): if these are two patients, let --group "
		    "match more of the path", one->text[GROUP],
		    one->file->path, x->image[s->other].file->path,
		    s->n_joined, MC_PLURAL(s->n_joined));
}

static void
match_image(struct mc_index *x, size_t i, struct search *s)
{
	struct index_image *image = &x->image[i];

	if (!match(image, x->o->group_from, s)) {
		if (s->missed++ == 0)
			s->first_missed = i;
		return;
	}
	if (s->end < image->file->base && s->folders++ == 0)
		s->first_folder = i;
	check_word(x, i, s);
}

static enum mc_status
check_missed(const struct mc_index *x, const struct search *s,
    struct mc_err *err)
{
	const char *path, *where = x->o->group_from == MC_GROUP_NAME ?
	    "file's name" : "path";

	if (s->missed == 0)
		return MC_OK;
	path = x->image[s->first_missed].file->path;
	if (s->missed == x->n)
		return mc_err_set(err, MC_EDATA, "%s: --group matches nothing "
		    "in the %s, nor in that of any other image: it is a POSIX "
		    "extended regular expression, in which a digit is [0-9] "
		    "and not \\d", path, where);
	return mc_err_set(err, MC_EDATA, "%s: --group matches nothing in the "
	    "%s (%zu such image%s): give it an alternative for such names%s",
	    path, where, s->missed, MC_PLURAL(s->missed), s->part == 0 ?
	    "" : ", which has the parenthesis of --group-part also");
}

/* Warn where the groups are the names of folders and nobody asked for that. */
static void
warn_folders(const struct mc_index *x, const struct search *s)
{
	const struct index_image *image = &x->image[s->first_folder];

	if (s->folders == 0 || x->o->group_from != MC_GROUP_EITHER)
		return;
	mc_say(x->o->warn, "the group of %zu of %zu images is part of a "
	    "folder's name, such as \"%s\" in %s: give --group-from name if "
	    "the file's name says who the patient is, or --group-from path if "
	    "the folder does", s->folders, x->n, image->text[GROUP],
	    image->file->path);
}

enum mc_status
mc_index_find_groups(struct mc_index *x, struct mc_err *err)
{
	struct search s = { .part = 0 };
	enum mc_status status;
	size_t i;

	if (x->o->group == NULL) {
		for (i = 0; i < x->n; i++)
			x->image[i].text[GROUP] = mc_xstrdup("");
		return MC_OK;
	}
	status = compile(&s, x->o, err);
	if (status != MC_OK)
		return status;
	s.groups = mc_names_alloc();
	for (i = 0; i < x->n; i++)
		match_image(x, i, &s);
	for (i = 0; i < x->n_left; i++) {
		if (x->left[i]->meant)
			match(&x->left[i]->image, x->o->group_from, &s);
	}
	status = check_missed(x, &s, err);
	if (status == MC_OK) {
		warn_folders(x, &s);
		warn_joined(x, &s);
	}
	mc_names_free(s.groups);
	free(s.first);
	free(s.joined);
	regfree(&s.re);
	free(s.match);
	return status;
}

enum mc_status
mc_index_check_names(const struct mc_index *x, struct mc_err *err)
{
	const struct mc_image_file *first = NULL, *f;
	size_t i, n = 0, files = 0;
	regex_t re;

	if (regcomp(&re, x->o->pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return mc_err_set(err, MC_EUSAGE, "--preset %s: \"%s\" is not "
		    "a POSIX extended regular expression", x->o->preset,
		    x->o->pattern);
	for (i = x->folder.n; i-- > 0;) {
		f = &x->folder.image[i];
		if (mc_index_scan_lost(&x->scan[i]) != NULL)
			continue;
		files++;
		if (regexec(&re, f->path + f->base, 0, NULL, 0) == 0)
			continue;
		first = f;
		n++;
	}
	regfree(&re);
	if (n == 0)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: not called as the images of "
	    "--preset %s are, such as %s (%zu of %zu file%s): %s", first->path,
	    x->o->preset, x->o->called, n, files, MC_PLURAL(files),
	    n == files ? "is it another data set? Then give its options "
	    "instead of --preset" : "leave out such files (--exclude)");
}

/*
 * Warn of a group of more than LARGE images that holds more than half of all,
 * or a twentieth of all and twenty times as many as the others do on average:
 * an expression that matches less than the patient's name makes such groups.
 */
void
mc_index_warn_groups(const struct mc_index *x)
{
	struct mc_names *names = mc_names_alloc();
	size_t *count = mc_xcalloc(x->n, sizeof(*count));
	size_t i, k, others, total = 0, most = 0;

	for (i = 0; i < x->n; i++) {
		if (x->image[i].text[GROUP][0] == '\0')
			continue;
		k = mc_names_add(names, x->image[i].text[GROUP]);
		if (++count[k] > count[most])
			most = k;
		total++;
	}
	others = total > 0 ? mc_names_count(names) - 1 : 0;
	if (count[most] > LARGE && (count[most] * 2 > total ||
	    (count[most] * 20 >= total &&
	    count[most] * others >= 20 * (total - count[most]))))
		mc_say(x->o->warn, "group \"%s\" holds %zu of the %zu images "
		    "(%zu group%s in all): if it is more than one patient, %s",
		    mc_names_at(names, most), count[most], total, others + 1,
		    others == 0 ? "" : "s", x->o->group_column == NULL ?
		    "let --group match more of the path" :
		    "choose another column for --group-column");
	free(count);
	mc_names_free(names);
}
