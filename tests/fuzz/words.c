/*
 * words.c - fuzz the grammars of small texts, which options and the fields of a
 * manifest hold: numbers, sizes of shards, windows, addresses of frames.
 */
#include "config.h"

#include <float.h>
#include <stdlib.h>

#include "base/num.h"
#include "fuzz.h"
#include "scan/address.h"
#include "scan/levels.h"
#include "stream/image_set.h"

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
