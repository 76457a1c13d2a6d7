/*
 * words.c - fuzz the grammars of small texts, which options and the fields of a
 * manifest hold: numbers, sizes of shards, windows, addresses of frames and slices,
 * how grey levels were made, and a glob with, behind a line feed, a path.
 */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/picture.h"
#include "fuzz.h"
#include "scan/address.h"
#include "scan/levels.h"
#include "scan/slices.h"
#include "stream/image_set.h"
#include "table/glob.h"
#include "table/grey_levels.h"

static void
read_numbers(const char *text)
{
	char shortest[MC_NUM_SIZE];
	struct mc_err err;
	double real, again;
	int64_t whole;

	if (mc_parse_i64(text, -1000, INT64_MAX, &whole, &err) == MC_OK)
		FUZZ_MUST(whole >= -1000);
	if (mc_parse_f64(text, -DBL_MAX, DBL_MAX, &real, &err) == MC_OK)
		FUZZ_MUST(mc_parse_f64(mc_format_f64(shortest, real), -DBL_MAX,
		    DBL_MAX, &again, &err) == MC_OK && again == real);
}

static void
read_address(const char *text)
{
	struct mc_address a;
	struct mc_err err;

	if (mc_address_parse(&a, text, &err) == MC_OK)
		FUZZ_MUST(a.frame >= 0);
	mc_address_clear(&a);
	FUZZ_MUST(mc_picture_files(text) <= strlen(text) &&
	    mc_picture_first(text) <= mc_picture_files(text));
}

/* What is printed is read again as the same. */
static void
read_slice(const char *text)
{
	struct mc_slice s, again;
	struct mc_err err;
	char *printed;

	if (mc_slice_parse(&s, NULL, text, &err) != MC_OK) {
		FUZZ_MUST(s.paths == 0);
		return;
	}
	FUZZ_MUST(mc_slice_is(text) && s.index >= 0 && s.volume >= 0);
	printed = mc_slice_print(&s);
	FUZZ_MUST(mc_slice_parse(&again, NULL, printed, &err) == MC_OK);
	FUZZ_MUST(again.paths == s.paths && again.axis == s.axis &&
	    again.index == s.index && again.volume == s.volume &&
	    strcmp(again.path[s.paths - 1], s.path[s.paths - 1]) == 0);
	free(printed);
	mc_slice_clear(&again);
	mc_slice_clear(&s);
}

static void
read_grey(const char *text)
{
	struct mc_grey g = { 0 };
	struct mc_buf printed = { 0 };

	mc_grey_add(&g, "window:40,400");
	mc_grey_add(&g, text);
	FUZZ_MUST(!mc_grey_is(text) || mc_grey_has(&g, text));
	(void)mc_grey_other(&g, text);
	mc_grey_print(&g, &printed);
	if (mc_grey_is(text))
		mc_grey_option(text, &printed);
	mc_buf_free(&printed);
	mc_grey_clear(&g);
}

/* A glob of users, who are not hostile: many stars would take fnmatch long. */
static void
match(const char *text)
{
	const char *end = strchr(text, '\n'), *name;
	char *glob, *star;

	if (end == NULL || end - text > 24 || strlen(end) > 64)
		return;
	glob = mc_xstrndup(text, (size_t)(end - text));
	(void)mc_glob_matches(glob, end + 1);
	name = strrchr(end + 1, '/');
	name = name != NULL ? name + 1 : end + 1;
	star = mc_glob_star(glob, name);
	FUZZ_MUST(strstr(name, star) != NULL);
	free(star);
	free(glob);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = fuzz_text(bytes, n), **items;
	struct mc_shard_limit limit;
	struct mc_window window;
	struct mc_err err;

	read_numbers(text);
	read_address(text);
	read_slice(text);
	read_grey(text);
	match(text);
	if (mc_shard_limit_parse(&limit, text, &err) == MC_OK)
		FUZZ_MUST(limit.images > 0 || limit.bytes > 0);
	if (mc_window_parse(&window, text, &err) == MC_OK &&
	    window.choice == MC_WINDOW_GIVEN)
		FUZZ_MUST(window.width >= 1);
	free(mc_shard_name(text, 12));
	FUZZ_MUST(mc_split_commas(text, &items) > 0);
	free(items);
	free(text);
	return 0;
}
