/* test_findings.c - the labels of multi-label data. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "table/findings.h"
#include "table/labels.h"
#include "tap.h"

/* The findings of N labels; the error is in ERR where NULL is returned. */
static struct mc_findings *
read_labels(const char *no_finding, const char *const *label, size_t n,
    struct mc_err *err)
{
	struct mc_findings *f = mc_findings_alloc(no_finding);
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++)
		status = mc_findings_add(f, label[i], "m.tsv", (int64_t)i + 2,
		    err);
	if (status == MC_OK)
		status = mc_findings_end(f, "m.tsv", err);
	if (status == MC_OK)
		return f;
	mc_findings_free(f);
	return NULL;
}

static void
test_reading(void)
{
	static const char *const label[] = { "Mass|Effusion?", "No Finding",
	    "", "Effusion", "No Finding|Support Devices|Mass?" };
	struct mc_err err;
	struct mc_findings *f = read_labels(NULL, label, 5, &err);
	const struct mc_finding *list;
	size_t n;

	if (!tap_ok(f != NULL, "labels are read"))
		return;
	tap_int((long long)mc_findings_count(f), 3, "three findings");
	tap_str(mc_findings_name(f, 0), "Effusion", "in byte order");
	tap_str(mc_findings_name(f, 2), "Support Devices", "with blanks");
	TEST(mc_findings_labelled(f, 1) && !mc_findings_labelled(f, 2));
	TEST(mc_findings_state(f, 0, 0) == MC_FINDING_UNCERTAIN);
	TEST(mc_findings_state(f, 0, 1) == MC_FINDING_YES);
	TEST(mc_findings_state(f, 1, 1) == MC_FINDING_NO);
	TEST(mc_findings_state(f, 4, 2) == MC_FINDING_YES);
	list = mc_findings_of(f, 0, &n);
	TEST(n == 2 && list[0].number == 1 && list[1].number == 0 &&
	    list[1].state == MC_FINDING_UNCERTAIN);
	mc_findings_of(f, 1, &n);
	TEST(n == 0);
	mc_findings_free(f);
}

static void
test_another_word(void)
{
	static const char *const label[] = { "No finding", "Mass" };
	struct mc_err err;
	struct mc_findings *f = read_labels("No finding", label, 2, &err);

	TEST(f != NULL && mc_findings_count(f) == 1);
	mc_findings_free(f);
}

static void
test_refusals(void)
{
	static const struct {
		const char *label, *message;
	} bad[] = {
		{ "A||B", "m.tsv:2: label \"A||B\": a finding has no name" },
		{ "A|", "m.tsv:2: label \"A|\": a finding has no name" },
		{ "|", "m.tsv:2: label \"|\": a finding has no name" },
		{ "A|B|A", "m.tsv:2: label \"A|B|A\": \"A\" is given twice" },
		{ "A?|A", "m.tsv:2: label \"A?|A\": \"A\" is given twice" },
		{ "A??", "m.tsv:2: label \"A??\": the name of a finding ends "
		    "in \"?\"" },
		{ "?", "m.tsv:2: label \"?\": the name of a finding ends in "
		    "\"?\"" },
		{ "A | B", "m.tsv:2: label \"A | B\": a blank beside \"|\", "
		    "or at an end" },
		{ " A", "m.tsv:2: label \" A\": a blank beside \"|\", or at "
		    "an end" },
		{ "x:A", "m.tsv:2: label \"x:A\": the name of a finding holds "
		    "\":\"" },
		{ "No Finding?", "m.tsv:2: label \"No Finding?\": the word "
		    "for no finding cannot be uncertain" },
		{ "A|a", "m.tsv: \"A\" and \"a\" are two spellings of one "
		    "finding: write one of them" },
		{ "No finding", "m.tsv: the label \"No finding\" is another "
		    "spelling of \"No Finding\": give --no-finding \"No "
		    "finding\" if it means that there is no finding" },
	};
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.text[0] = '\0';
		TEST(read_labels(NULL, &bad[i].label, 1, &err) == NULL);
		tap_str(err.text, bad[i].message, "%s", bad[i].label);
	}
}

static void
test_declared(void)
{
	static const char *const name[] = { "Mass", "Effusion" };
	static const char *const bad[] = { "Mass", "Mass" };
	static const char *const none[] = { "No Finding" };
	struct mc_findings *f = mc_findings_alloc(NULL);
	struct mc_err err;

	TEST(mc_findings_declare(f, name, 2, "declare it", &err) == MC_OK);
	TEST(mc_findings_add(f, "Effusion", "m.tsv", 2, &err) == MC_OK);
	TEST(mc_findings_add(f, "Nodule", "m.tsv", 3, &err) == MC_EDATA);
	tap_str(err.text, "m.tsv:3: label \"Nodule\": \"Nodule\" is not one "
	    "of the findings: Mass, Effusion: take it out of the label, or "
	    "declare it", "what is not declared is refused");
	TEST(mc_findings_end(f, "m.tsv", &err) == MC_OK);
	tap_str(mc_findings_name(f, 0), "Mass", "declared findings keep their "
	    "order");
	TEST(mc_findings_state(f, 0, 1) == MC_FINDING_YES);
	mc_findings_free(f);
	f = mc_findings_alloc(NULL);
	TEST(mc_findings_declare(f, bad, 2, NULL, &err) == MC_EUSAGE);
	tap_str(err.text, "finding \"Mass\" is given twice", "twice");
	mc_findings_free(f);
	f = mc_findings_alloc(NULL);
	TEST(mc_findings_declare(f, none, 1, NULL, &err) == MC_EUSAGE);
	tap_str(err.text, "finding \"No Finding\": this word means that there "
	    "is no finding", "the word for none");
	mc_findings_free(f);
}

static void
test_none(void)
{
	static const char *const good[] = { "normal", "No Finding", "A?b",
	    "\303\251" }, *const bad[] = { "", "A|B", "none?", "?", "a\tb",
	    "\303" };
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		tap_ok(mc_findings_check_none(good[i], &err) == MC_OK,
		    "\"%s\" can mean that there is no finding", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		tap_ok(mc_findings_check_none(bad[i], &err) == MC_EUSAGE,
		    "word %zu cannot", i);
}

static void
test_manifest(void)
{
	struct mc_findings *f;
	struct mc_manifest m;
	struct mc_err err;
	FILE *out = fopen("m.tsv", "w");

	if (out == NULL || fputs("id\tlabel\na\tMass\nb\tMass?\n", out) < 0 ||
	    fclose(out) != 0)
		abort();
	TEST(mc_manifest_read(&m, "m.tsv", MC_NEED_LABEL, &err) == MC_OK);
	TEST(mc_findings_read(&f, &m, m.label, NULL, &err) == MC_OK);
	mc_findings_free(f);
	mc_manifest_clear(&m);
}

/* --- Labels by which images are counted ----------------------------------- */

/* The numbers of each image of L as a text. */
static void
are_numbers(const struct mc_labels *l, const char *wanted, const char *what)
{
	struct mc_buf text = { 0 };
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		for (k = l->first[i]; k < l->first[i + 1]; k++)
			mc_buf_printf(&text, "%u ", l->of[k]);
		mc_buf_puts(&text, "| ");
	}
	tap_str(text.data, wanted, "%s", what);
	mc_buf_free(&text);
}

static void
test_labels_of_findings(void)
{
	static const char *const label[] = { "Mass|Effusion?", "No Finding",
	    "", "Effusion", "No Finding|Support Devices|Mass?" };
	static const char *const name[] = { "", "Effusion", "Effusion?",
	    "Mass", "Mass?", "No Finding", "Support Devices" };
	struct mc_err err;
	struct mc_findings *f = read_labels(NULL, label, 5, &err);
	struct mc_labels l;
	size_t i;

	if (!tap_ok(f != NULL, "labels are read"))
		return;
	mc_labels_of_findings(&l, f, 5);
	tap_int((long long)mc_names_count(l.names), 7, "seven names");
	for (i = 0; i < 7 && i < mc_names_count(l.names); i++)
		tap_str(mc_names_at(l.names, i), name[i], "name %zu", i);
	are_numbers(&l, "2 3 | 5 | 0 | 1 | 4 6 | ", "those of each image");
	mc_labels_clear(&l);
	mc_findings_free(f);
}

static void
test_labels_of_texts(void)
{
	static const char *const text[] = { "b", "1.0", "", "1", "a|b" };
	struct mc_labels l;
	const char *example;

	mc_labels_of_texts(&l, text, 5);
	are_numbers(&l, "3 | 1 | 0 | 1 | 2 | ", "numbers count by value");
	mc_labels_clear(&l);
	TEST(mc_labels_joined(text, 5, &example) == 1);
	tap_str(example, "a|b", "the label that holds several");
}

/* 1 and 12 are not 112. */
static void
test_sets(void)
{
	size_t first[] = { 0, 2, 3, 5 };
	uint32_t of[] = { 1, 12, 112, 1, 12 };
	const struct mc_labels l = { NULL, 3, first, of };
	uint32_t *set = mc_labels_sets(&l);

	tap_ok(set[0] == set[2] && set[0] != set[1],
	    "equal sets have equal numbers, others do not");
	free(set);
}

int
main(void)
{
	test_reading();
	test_another_word();
	test_refusals();
	test_declared();
	test_none();
	test_manifest();
	test_labels_of_findings();
	test_labels_of_texts();
	test_sets();
	return tap_done();
}
