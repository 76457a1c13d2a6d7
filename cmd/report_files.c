/* report_files.c - the files that mc-report is given. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

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

enum mc_status
report_take(struct report *r, const char *task, const char *path,
    const char *what, size_t *file, struct mc_err *err)
{
	char *name = mc_xasprintf("%s%s%s", task != NULL ? task : "",
	    task != NULL ? "-" : "", report_base(path));
	struct mc_buf bytes = { 0 };
	enum mc_status status = report_read(&bytes, path, err);

	if (status == MC_OK)
		*file = mc_page_file(r->page, name, what, bytes.data,
		    bytes.len);
	mc_buf_free(&bytes);
	free(name);
	return status;
}
