/* test_page.c - texts, names and files on the page of a report. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/file_names.h"
#include "report/markup.h"
#include "report/page.h"
#include "tap.h"

#define HEBREW "\xd7\x90\xd7\x91"
#define FSI "\xe2\x81\xa8"
#define LRI "\xe2\x81\xa6"
#define RLI "\xe2\x81\xa7"
#define PDI "\xe2\x81\xa9"

static void
test_markup(void)
{
	static const char *const cases[][3] = {
		{ "a<b> & \"c\"", "a&lt;b&gt; &amp; &quot;c&quot;",
		    "what HTML reads as its own" },
		{ "a\tb\x7f" "c\x01", "a b c ", "control characters" },
		{ "to " FSI HEBREW PDI ", 12", "to <bdi>" HEBREW
		    "</bdi>, 12", "an isolate" },
		{ FSI "a" PDI FSI "<" PDI, "<bdi>a</bdi><bdi>&lt;</bdi>",
		    "two of them" },
		{ LRI HEBREW ".tsv" PDI FSI HEBREW PDI, "<bdi dir=\"ltr\">"
		    HEBREW ".tsv</bdi><bdi>" HEBREW "</bdi>", "a file" },
		{ FSI "a", FSI "a", "one that does not end" },
		{ "a" PDI, "a" PDI, "an end alone" },
		{ FSI "a" FSI "b" PDI PDI, FSI "a<bdi>b</bdi>" PDI,
		    "one in another: elements end in their order" },
		{ FSI "a" LRI "b" PDI PDI, FSI "a<bdi dir=\"ltr\">b</bdi>" PDI,
		    "a file in another" },
		{ "", "", "nothing" },
	};
	struct mc_buf text = { 0 };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mc_buf_puts(&text, "");
		mc_markup_text(cases[i][0], &text);
		tap_str(text.data, cases[i][1], "markup: %s", cases[i][2]);
		mc_buf_free(&text);
	}
	mc_markup_value(FSI "a\"" PDI, &text);
	tap_str(text.data, FSI "a&quot;" PDI, "a value has no elements");
	mc_buf_free(&text);
	mc_markup_marks("a,b", " ", &text);
	tap_str(text.data, "<sup>a,b</sup> ", "letters of notes");
	mc_markup_marks(NULL, " ", &text);
	tap_str(text.data, "<sup>a,b</sup> ", "or none");
	mc_buf_free(&text);
}

/* Check that the N files, each a task or NULL and a path, get the NAMES. */
static void
is_named(const char *const (*files)[2], size_t n, const char *const *names,
    const char *what)
{
	struct mc_file_names *f = mc_file_names_alloc();
	size_t i;

	for (i = 0; i < n; i++)
		mc_file_names_add(f, files[i][0], files[i][1]);
	for (i = 0; i < n; i++)
		tap_str(mc_file_names_get(f, files[i][0], files[i][1]),
		    names[i], "%s: %s", what, files[i][1]);
	mc_file_names_free(f);
}

#define NAMED(files, names, what) \
	is_named(files, sizeof(files) / sizeof(files[0]), names, what)

static void
test_file_names(void)
{
	static const char *const apart[][2] = {
		{ NULL, "/x/a/m.tsv" }, { NULL, "b/d.tsv" }, { NULL, "m" },
	}, *const apart_names[] = { "m.tsv", "d.tsv", "m" };
	static const char *const folders[][2] = {
		{ NULL, "x/a/m.tsv" }, { NULL, "y/a/m.tsv" },
		{ NULL, "./b//m.tsv" }, { NULL, "../m.tsv" },
	}, *const folders_names[] = { "x-a-m.tsv", "y-a-m.tsv", "b-m.tsv",
	    "m.tsv" };
	static const char *const cases[][2] = {
		{ NULL, "a/m.tsv" }, { NULL, "b/M.TSV" },
	}, *const cases_names[] = { "a-m.tsv", "b-M.TSV" };
	static const char *const numbered[][2] = {
		{ NULL, "m.tsv" }, { NULL, "./m.tsv" }, { NULL, "../m.tsv" },
		{ NULL, "m-2.tsv" }, { NULL, "m.tsv" }, { NULL, "x" },
		{ NULL, "./x" },
	}, *const numbered_names[] = { "m.tsv", "m-2.tsv", "m-3.tsv",
	    "m-2-2.tsv", "m.tsv", "x", "x-2" };
	static const char *const tasks[][2] = {
		{ "chest", "m.tsv" }, { "skin/arm", "m.tsv" },
		{ "chest", "a/m.tsv" }, { NULL, "m.tsv" },
		{ NULL, "c/chest-m.tsv" },
	}, *const tasks_names[] = { "chest-m.tsv", "skin-arm-m.tsv",
	    "chest-a-m.tsv", "m.tsv", "c-chest-m.tsv" };

	NAMED(apart, apart_names, "apart already");
	NAMED(folders, folders_names, "by folders");
	NAMED(cases, cases_names, "in case only");
	NAMED(numbered, numbered_names, "numbered");
	NAMED(tasks, tasks_names, "of tasks");
}

/* The text between BEGIN and END on the page P, to be freed; "": there is none. */
static char *
between(struct mc_page *p, const char *begin, const char *end)
{
	const char *from = strstr(mc_page_body(p)->data, begin), *to;

	if (from == NULL || (to = strstr(from, end)) == NULL)
		return mc_xstrdup("");
	from += strlen(begin);
	return mc_xstrndup(from, (size_t)(to - from));
}

static void
test_texts(void)
{
	struct mc_page *p = mc_page_alloc("T");
	char *text;

	mc_page_text(p, "\n \none\ntwo\n\t\n\nthree");
	tap_str(mc_page_body(p)->data, "<p>one two</p>\n<p>three</p>\n",
	    "paragraphs");
	mc_page_code(p, "all:\n\tmc-index\r\n\n  \"x\" <y>\xe2\x80\xae\n");
	text = between(p, "<pre><code>", "</code></pre>");
	tap_str(text, "all:\n\tmc-index\n\n  &quot;x&quot; &lt;y&gt;"
	    " \n", "commands as they stand");
	free(text);
	mc_page_fold_begin(p, "a < b");
	mc_page_text(p, "one");
	mc_page_fold_end(p);
	text = between(p, "<details>\n", "</details>\n");
	tap_str(text, "<summary>a &lt; b</summary>\n<p>one</p>\n",
	    "what is folded");
	free(text);
	mc_page_free(p);
}

static void
test_grid(void)
{
	struct mc_grid *g = mc_grid_alloc("C<", NULL);
	struct mc_page *p = mc_page_alloc("T");
	struct mc_grid_cell *cell;
	char *text;
	size_t i;

	mc_grid_add_column(g, "Key", false);
	mc_grid_add_column(g, "One", true);
	mc_grid_add_column(g, "Two", true);
	for (i = 0; i < 3; i++) {
		cell = mc_grid_add_line(g, i == 2 ? MC_RULE : MC_NO_RULE);
		cell[0].text = mc_xasprintf("k%zu", i);
		cell[1].text = mc_xstrdup("1");
		cell[1].bold = i == 1;
		cell[2].text = mc_xstrdup("2");
		mc_grid_note(g, i, 1, "all of one");
		mc_grid_note(g, i, 2, i == 0 ? "a number" : "");
	}
	mc_grid_finish(g);
	mc_page_grid(p, g, "g");
	text = between(p, "<tbody>\n", "</tbody>");
	tap_str(text, "<tr>\n<th scope=\"row\">k0</th>\n"
	    "<td class=\"num\">1</td>\n"
	    "<td class=\"num\">2<sup>b</sup></td>\n</tr>\n"
	    "<tr>\n<th scope=\"row\">k1</th>\n"
	    "<td class=\"num\"><b>1</b></td>\n"
	    "<td class=\"num\">2</td>\n</tr>\n"
	    "<tr class=\"rule\">\n<th scope=\"row\">k2</th>\n"
	    "<td class=\"num\">1</td>\n"
	    "<td class=\"num\">2</td>\n</tr>\n", "lines of a table");
	free(text);
	tap_ok(strstr(mc_page_body(p)->data, ">One<sup>a</sup></th>") != NULL,
	    "a note on a column is at its heading");
	text = between(p, "<div class=\"notes\">\n", "\n</div>");
	tap_str(text, "<p><sup>a</sup> All of one.</p>\n"
	    "<p><sup>b</sup> A number.</p>", "and below");
	free(text);
	mc_grid_free(g);
	mc_page_free(p);
}

static void
test_files(void)
{
	struct mc_page *p = mc_page_alloc("T");
	size_t first = mc_page_file(p, "m.tsv", "metrics", "a", 1);

	tap_int((int64_t)mc_page_file(p, "m.tsv", "figure", "a", 1),
	    (int64_t)first, "the same name and bytes are one file");
	tap_int((int64_t)mc_page_file(p, "m.tsv", "metrics", "a", 1),
	    (int64_t)first, "however often");
	tap_ok(mc_page_file(p, "m.tsv", "metrics", "b", 1) != first,
	    "other bytes are another");
	tap_ok(mc_page_file(p, "n.tsv", "metrics", "a", 1) != first,
	    "and so is another name");
	mc_page_files(p);
	tap_ok(strstr(mc_page_body(p)->data, "<td>metrics; figure</td>") !=
	    NULL, "a file is said to be all that it is, once");
	mc_page_free(p);
}

int
main(void)
{
	test_grid();
	test_files();
	test_markup();
	test_file_names();
	test_texts();
	return tap_done();
}
