/* report_files.c - the files that mc-report is given. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/file.h"
#include "report.h"

#define MOST ((size_t)64 << 20)		/* bytes of a file in the page */

struct report_file
report_file(const char *given)
{
	const char *equals = strchr(given, '=');
	struct report_file f = { NULL, given };

	if (equals != NULL) {
		f.task = mc_xstrndup(given, (size_t)(equals - given));
		f.path = equals + 1;
	}
	return f;
}

struct report_picture
report_picture(const char *given)
{
	const char *equals = strchr(given, '=');
	struct report_picture p = { NULL, NULL };

	p.path = mc_xstrndup(given, strcspn(given, "="));
	if (equals != NULL)
		p.table = equals + 1;
	return p;
}

char *
report_next_id(struct report *r)
{
	return mc_xasprintf("table-%zu", ++r->number);
}

const char *
report_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

enum mc_status
report_read(struct mc_buf *bytes, const char *path, struct mc_err *err)
{
	return mc_file_read(bytes, path, MOST, err);
}

bool
report_is_text(const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		size_t length = mc_printable(s);

		if (length == 0 && (*s == '\0' || (unsigned char)*s >= 0x80))
			return false;
		s += length > 0 ? length : 1;
	}
	return true;
}

enum mc_status
report_read_text(struct mc_buf *text, const char *path, struct mc_err *err)
{
	enum mc_status status = report_read(text, path, err);

	if (status != MC_OK)
		return status;
	mc_buf_puts(text, "");
	if (text->data[strspn(text->data, " \t\r\n")] == '\0')
		return mc_err_at(err, MC_EDATA, path, 0, "empty: leave the "
		    "option out");
	if (!report_is_text(text->data, text->len))
		return mc_err_at(err, MC_EDATA, path, 0, "bytes that are not "
		    "UTF-8: convert the text, as with iconv -f latin1 -t utf8");
	return MC_OK;
}

/* --- Names ------------------------------------------------------------------- */

char *
report_audit_path(const struct report_file *f)
{
	const char *base = report_base(f->path), *dot = strrchr(base, '.');
	size_t folder = (size_t)(base - f->path);
	size_t stem = dot != NULL ? (size_t)(dot - base) : strlen(base);

	/* The name of a task says more than that of its manifest. */
	if (f->task != NULL)
		return mc_xasprintf("%.*saudit.tsv", (int)folder, f->path);
	return mc_xasprintf("%.*s-audit.tsv", (int)(folder + stem), f->path);
}

static void
add_files(struct report *r, const char *const *given, bool audits)
{
	for (; given != NULL && *given != NULL; given++) {
		struct report_file f = report_file(*given);
		char *path = audits ? report_audit_path(&f) :
		    mc_xstrdup(f.path);

		mc_file_names_add(r->files, f.task, path);
		free(path);
		free(f.task);
	}
}

static void
add_pictures(struct report *r, const char *const *given)
{
	for (; given != NULL && *given != NULL; given++) {
		struct report_picture p = report_picture(*given);

		mc_file_names_add(r->files, NULL, p.path);
		if (p.table != NULL)
			mc_file_names_add(r->files, NULL, p.table);
		free(p.path);
	}
}

void
report_name_files(struct report *r)
{
	const struct report_options *o = r->opts;
	const char *const *given, *path;

	add_files(r, o->manifests, true);
	add_files(r, o->flows, false);
	add_files(r, o->populations, false);
	for (given = o->metrics; given != NULL && *given != NULL; given++)
		mc_file_names_add(r->files, NULL, *given);
	if (o->differences != NULL)
		mc_file_names_add(r->files, NULL, o->differences);
	for (given = o->figures; given != NULL && *given != NULL; given++) {
		report_figure(*given, &path);
		mc_file_names_add(r->files, NULL, path);
	}
	add_pictures(r, o->mistakes);
	add_pictures(r, o->explanations);
}

const char *
report_name(struct report *r, const char *task, const char *path)
{
	return mc_file_names_get(r->files, task, path);
}

enum mc_status
report_put_name(struct report *r, const char *path, const char *column,
    const char *name, struct mc_buf *text, struct mc_err *err)
{
	const char *printed;
	struct mc_err why;

	if (mc_printed_text(r->printed, column, name, &printed, &why) != MC_OK)
		return mc_err_at(err, MC_EDATA, path, 0, "%s", why.text);
	mc_bidi_put(text, printed);
	return MC_OK;
}

enum mc_status
report_once(struct mc_names *seen, const char *sha256, const char *path,
    struct mc_err *err)
{
	size_t known = mc_names_count(seen);

	if (mc_names_copy(seen, sha256) == known)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, path, 0, "a copy of a file given "
	    "before it: give each file once");
}

enum mc_status
report_take(struct report *r, const char *task, const char *path,
    const char *what, size_t *file, struct mc_err *err)
{
	struct mc_buf bytes = { 0 };
	enum mc_status status = report_read(&bytes, path, err);

	if (status == MC_OK)
		*file = mc_page_file(r->page, report_name(r, task, path), what,
		    bytes.data, bytes.len);
	mc_buf_free(&bytes);
	return status;
}
