/* index_near.c - find the keys of tables that are nearly those of images. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/spelling.h"
#include "table/index_internal.h"

char *
mc_index_bare_key(const char *text)
{
	const char *base, *extension;

	while (strncmp(text, "./", 2) == 0)
		text += 2;
	base = strrchr(text, '/');
	extension = mc_kind_extension(base != NULL ? base + 1 : text);
	return mc_xstrndup(text, extension != NULL ?
	    (size_t)(extension - text) : strlen(text));
}

bool
mc_index_say_spelling(const struct mc_names *keys, const char *group,
    struct mc_buf *text)
{
	const char *like = mc_spelling_like(keys, group);

	if (like != NULL)
		mc_buf_printf(text, ": \"%s\" and \"%s\" are two spellings: "
		    "write one of them in the table", like, group);
	return like != NULL;
}

/* What NAME, a path, would be without folders, extension, case and blanks. */
static char *
name_key(const char *name)
{
	const char *slash = strpbrk(name, "/\\");
	char *key, *bare;

	for (; slash != NULL; slash = strpbrk(name, "/\\"))
		name = slash + 1;
	key = mc_spelling_key(name);
	bare = mc_index_bare_key(key);
	free(key);
	return bare;
}

bool
mc_index_say_name(const struct mc_names *keys, struct index_image *const *owner,
    const struct mc_image_file *f, struct mc_buf *text)
{
	char *wanted = name_key(f->path + f->base), *key;
	size_t n = mc_names_count(keys), i;
	bool found = false;

	for (i = 0; i < n && !found; i++) {
		key = name_key(mc_names_at(keys, i));
		found = owner[i] == NULL && strcmp(key, wanted) == 0;
		free(key);
		if (found)
			mc_buf_printf(text, ": \"%s\" may be its key: write "
			    "\"%s\" there", mc_names_at(keys, i),
			    f->path + f->relative);
	}
	free(wanted);
	return found;
}

/* The texts that keys are compared by: groups have no folders and extensions. */
static char *
loose_key(const char *text, bool by_group)
{
	return by_group ? mc_spelling_key(text) : name_key(text);
}

/* Put the loose keys of KEYS into LOOSE, and the number of each into *NUMBER. */
static void
loosen(const struct mc_names *keys, struct index_image *const *owner,
    bool by_group, struct mc_names *loose, size_t **number)
{
	size_t n = mc_names_count(keys), i, k, known;
	char *key;

	*number = mc_xcalloc(n, sizeof(**number));
	for (i = 0; i < n; i++) {
		if (!by_group && owner[i] != NULL)
			continue;	/* a row has one image */
		key = loose_key(mc_names_at(keys, i), by_group);
		known = mc_names_count(loose);
		k = mc_names_copy(loose, key);
		if (k == known)
			(*number)[k] = i;
		free(key);
	}
}

void
mc_index_say_near(const struct mc_index *x, const struct mc_names *keys,
    struct index_image *const *owner, bool by_group, struct mc_buf *text)
{
	struct mc_names *loose = mc_names_alloc();
	size_t *number, n = 0, i, k, first = 0;
	const char *name, *shown = NULL;
	char *key;

	loosen(keys, owner, by_group, loose, &number);
	for (i = 0; i < x->n; i++) {
		const struct mc_image_file *f = x->image[i].file;

		if (!x->image[i].left_out)
			continue;
		name = by_group ? mc_index_group_key(x, &x->image[i]) :
		    f->path + f->relative;
		key = loose_key(name, by_group);
		k = mc_names_find(loose, key);
		free(key);
		if (k == MC_NO_NAME || *name == '\0')
			continue;
		if (n++ == 0) {
			shown = name;
			first = number[k];
		}
	}
	if (n > 0)
		mc_buf_printf(text, "; %zu of them may have a row under "
		    "another spelling: \"%s\" may be the key of \"%s\": write "
		    "the latter there", n, mc_names_at(keys, first), shown);
	mc_names_free(loose);
	free(number);
}
