/* file_names.c - name files by the end of their paths that tells them apart. */
#include "config.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "report/file_names.h"

struct file {
	char *task;		/* "": none */
	char *path;
	char **parts;		/* of PATH, the file's own name last */
	size_t n_parts;
	size_t used;		/* the last parts that are in the name */
	char *name;		/* NULL: not known yet */
};

struct mc_file_names {
	struct file *file;
	size_t n, cap;
	bool named;
};

struct mc_file_names *
mc_file_names_alloc(void)
{
	return mc_xcalloc(1, sizeof(struct mc_file_names));
}

void
mc_file_names_free(struct mc_file_names *f)
{
	size_t i, k;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++) {
		for (k = 0; k < f->file[i].n_parts; k++)
			free(f->file[i].parts[k]);
		free(f->file[i].parts);
		free(f->file[i].task);
		free(f->file[i].path);
		free(f->file[i].name);
	}
	free(f->file);
	free(f);
}

/* Find TASK, which may be NULL, and PATH; f->n: they were not added. */
static size_t
find(const struct mc_file_names *f, const char *task, const char *path)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (strcmp(f->file[i].task, task != NULL ? task : "") == 0 &&
		    strcmp(f->file[i].path, path) == 0)
			break;
	}
	return i;
}

/* Take the path of FILE apart; "." and ".." tell no reader anything. */
static void
divide(struct file *file)
{
	const char *s = file->path;
	size_t cap = 0, n;

	for (; *s != '\0'; s += n) {
		s += strspn(s, "/");
		n = strcspn(s, "/");
		if (n == 0 || (n == 1 && *s == '.') ||
		    (n == 2 && strncmp(s, "..", 2) == 0))
			continue;
		file->parts = mc_xgrow(file->parts, file->n_parts, &cap,
		    sizeof(*file->parts));
		file->parts[file->n_parts++] = mc_xstrndup(s, n);
	}
	file->used = file->n_parts > 0;
}

void
mc_file_names_add(struct mc_file_names *f, const char *task, const char *path)
{
	struct file *file;

	assert(!f->named);
	if (find(f, task, path) < f->n)
		return;
	f->file = mc_xgrow(f->file, f->n, &f->cap, sizeof(*f->file));
	file = &f->file[f->n++];
	memset(file, 0, sizeof(*file));
	file->task = mc_xstrdup(task != NULL ? task : "");
	file->path = mc_xstrdup(path);
	divide(file);
}

/* Make the name of FILE from its task and the parts that are used. */
static void
make_name(struct file *file)
{
	struct mc_buf name = { 0 };
	size_t i;

	mc_buf_puts(&name, file->task);
	for (i = file->n_parts - file->used; i < file->n_parts; i++)
		mc_buf_printf(&name, "%s%s", name.len > 0 ? "-" : "",
		    file->parts[i]);
	for (i = 0; i < name.len; i++) {
		if (name.data[i] == '/')
			name.data[i] = '-';
	}
	free(file->name);
	file->name = name.data;
}

/* Whether another of the first N files has the name of I. */
static bool
is_shared(const struct mc_file_names *f, size_t n, size_t i)
{
	size_t k;

	for (k = 0; k < n; k++) {
		if (k != i && strcasecmp(f->file[i].name, f->file[k].name) == 0)
			return true;
	}
	return false;
}

/* Use one folder more of each file that shares its name; whether there was one. */
static bool
add_folders(struct mc_file_names *f)
{
	bool *shared = mc_xcalloc(f->n, sizeof(*shared)), added = false;
	size_t i;

	for (i = 0; i < f->n; i++)
		shared[i] = is_shared(f, f->n, i) &&
		    f->file[i].used < f->file[i].n_parts;
	for (i = 0; i < f->n; i++) {
		if (!shared[i])
			continue;
		f->file[i].used++;
		make_name(&f->file[i]);
		added = true;
	}
	free(shared);
	return added;
}

/* Put a number before the ending of each name that a file before it has. */
static void
number(struct mc_file_names *f)
{
	const char *dot;
	size_t i, n;
	char *name;

	for (i = 1; i < f->n; i++) {
		struct file *file = &f->file[i];
		char *first = mc_xstrdup(file->name);

		dot = strrchr(first, '.');
		for (n = 2; is_shared(f, i, i); n++) {
			name = mc_xasprintf("%.*s-%zu%s", (int)(dot != NULL ?
			    (size_t)(dot - first) : strlen(first)), first, n,
			    dot != NULL ? dot : "");
			free(file->name);
			file->name = name;
		}
		free(first);
	}
}

const char *
mc_file_names_get(struct mc_file_names *f, const char *task, const char *path)
{
	size_t i;

	if (!f->named) {
		for (i = 0; i < f->n; i++)
			make_name(&f->file[i]);
		while (add_folders(f))
			;
		number(f);
		f->named = true;
	}
	i = find(f, task, path);
	assert(i < f->n);
	return f->file[i].name;
}
