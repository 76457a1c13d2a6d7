/* test_cases.c - lib/study/cases.h: margins, the choice and its order. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/cases.h"
#include "tap.h"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* Three classes; c and e are wrong, c by 0.4 and e by 0.1. */
static const char three[] = "id\tlabel\tpredicted\tp:x\tp:y\tp:z\n"
    "a\tx\tx\t0.9\t0.05\t0.05\n"
    "b\tx\tx\t0.4\t0.35\t0.25\n"
    "c\tx\ty\t0.2\t0.6\t0.2\n"
    "d\ty\ty\t0.25\t0.5\t0.25\n"
    "e\ty\tz\t0.2\t0.35\t0.45\n";

/* Two classes; n is at the threshold of 0.2, o halfway to 0, p three quarters
   to 1. */
static const char two[] = "id\tlabel\tpredicted\tp:no\tp:yes\tsplit\n"
    "n\tno\tno\t0.8\t0.2\ttest\n"
    "o\tyes\tno\t0.9\t0.1\ttest\n"
    "p\tyes\tyes\t0.2\t0.8\ttest\n";
static const char thresholds[] = "split\tclass\tthreshold\tcriterion\n"
    "val\tyes\t0.2\tgiven\n";

/* The log odds order what p does not: k before i, and j, whose o is l's. */
static const char odds[] = "id\tlabel\tpredicted\tp:no\tp:yes\to:no\to:yes\n"
    "i\tno\tyes\t0\t1\t-40\t40\n"
    "j\tno\tyes\t0\t1\t-39\t39\n"
    "k\tno\tyes\t0\t1\t-41\t41\n"
    "l\tno\tyes\t0\t1\t-39\t39\n";

struct fixture {
	struct mc_runs_options options;
	struct mc_runs *runs;
	struct mc_run_sample x;
};

static void
open_text(struct fixture *f, const char *text, char *threshold)
{
	static char path[] = "p.tsv";
	char *const paths[] = { path };
	struct mc_err err;

	memset(f, 0, sizeof(*f));
	f->options = (struct mc_runs_options)MC_RUNS_DEFAULTS;
	f->options.unit = MC_UNIT_IMAGE;
	f->options.threshold = threshold;
	write_file(path, text);
	if (mc_runs_read(&f->runs, &f->options, paths, 1, &err) != MC_OK ||
	    mc_run_sample_make(f->runs, 0, &f->x, &err) != MC_OK) {
		printf("# %s\n", err.text);
		abort();
	}
}

static void
close_text(struct fixture *f)
{
	mc_run_sample_clear(&f->x);
	mc_runs_free(f->runs);
}

/*
 * WANTED is what is chosen: "x 1/3: c 0.4; y 1/2: e 0.1" of the labels x and y ("*":
 * any), with how many were chosen from, the images, and the margins.
 */
static void
is_chosen(const struct fixture *f, enum mc_case_kind kind, size_t n,
    bool per_class, const char *wanted)
{
	struct mc_cases cases;
	struct mc_buf got = { 0 };
	struct mc_err err;
	size_t g, i;

	if (mc_cases_choose(&cases, &f->x, kind, (struct mc_case_number){ n,
	    per_class }, 1, &err) != MC_OK)
		abort();
	for (g = 0; g < cases.n_groups; g++) {
		const struct mc_case_group *group = &cases.groups[g];

		mc_buf_printf(&got, "%s%s %zu/%zu:", g > 0 ? "; " : "",
		    group->label < 0 ? "*" : f->x.s.classes[group->label],
		    group->of, group->images);
		for (i = group->first; i < group->first + group->n; i++)
			mc_buf_printf(&got, " %s %.3g", mc_run_id(f->x.run,
			    cases.cases[i].image), cases.cases[i].margin);
	}
	tap_str(got.data, wanted, "kind %d, %zu%s: %s", (int)kind, n,
	    per_class ? " of each label" : "", wanted);
	mc_buf_free(&got);
	mc_cases_clear(&cases);
}

static void
test_margins(void)
{
	struct fixture f;

	open_text(&f, three, NULL);
	is_chosen(&f, MC_CASES_MISTAKES, 9, true,
	    "x 1/3: c 0.4; y 1/2: e 0.1");
	is_chosen(&f, MC_CASES_MISTAKES, 1, false, "* 2/5: c 0.4");
	is_chosen(&f, MC_CASES_BORDERLINE, 3, false,
	    "* 5/5: b 0.05 e 0.1 d 0.25");
	is_chosen(&f, MC_CASES_BORDERLINE, 1, true,
	    "x 3/3: b 0.05; y 2/2: e 0.1");
	close_text(&f);
}

static void
test_thresholds(void)
{
	static char path[] = "t.tsv";
	struct fixture f;

	write_file(path, thresholds);
	open_text(&f, two, path);
	is_chosen(&f, MC_CASES_BORDERLINE, 9, false, "* 3/3: n 0 o 0.5 p 0.75");
	is_chosen(&f, MC_CASES_MISTAKES, 9, true,
	    "no 1/1: n 0; yes 1/2: o 0.5");
	close_text(&f);
}

static void
test_odds(void)
{
	struct fixture f;

	open_text(&f, odds, NULL);
	is_chosen(&f, MC_CASES_MISTAKES, 9, false, "* 4/4: k 1 i 1 j 1 l 1");
	is_chosen(&f, MC_CASES_BORDERLINE, 2, false, "* 4/4: j 1 l 1");
	close_text(&f);
}

/* Those drawn do not depend on the other images. */
static void
test_random(void)
{
	static const char hard[] = "id\tlabel\tpredicted\na\tx\tx\nb\tx\tx\n"
	    "c\ty\tx\n";
	struct mc_cases cases;
	struct fixture f;
	struct mc_err err;

	open_text(&f, hard, NULL);
	is_chosen(&f, MC_CASES_RANDOM, 9, true, mc_case_order(1, "a") <
	    mc_case_order(1, "b") ? "x 2/2: a nan b nan; y 1/1: c nan" :
	    "x 2/2: b nan a nan; y 1/1: c nan");
	tap_ok(mc_case_order(1, "a") != mc_case_order(2, "a"),
	    "the seed counts");
	tap_int(mc_cases_choose(&cases, &f.x, MC_CASES_MISTAKES,
	    (struct mc_case_number){ 1, true }, 1, &err), MC_EDATA,
	    "hard labels have no margin");
	tap_str(err.text, "p.tsv: has no p: columns, so no prediction is more "
	    "confident than another: only random images can be shown",
	    "which is said");
	mc_cases_clear(&cases);
	close_text(&f);
}

int
main(void)
{
	test_margins();
	test_thresholds();
	test_odds();
	test_random();
	return tap_done();
}
