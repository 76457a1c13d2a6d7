/* test_base.c - lib/base. */
#include "config.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bidi.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/parallel.h"
#include "base/philox.h"
#include "base/records.h"
#include "base/store.h"
#include "base/rng.h"
#include "base/spelling.h"
#include "tap.h"

/* Names in sentences: what an isolate is, by Unicode Standard Annex 9. */
static void
test_bidi(void)
{
	static const char *const names[][2] = {
		{ "NORMAL", "NORMAL" }, { "", "" },
		{ "\xd7\x90", "\xe2\x81\xa8\xd7\x90\xe2\x81\xa9" },
		/* Arabic among Latin; digits; Adlam, beyond the first plane. */
		{ "CT \xd8\xb3 3", "\xe2\x81\xa8" "CT \xd8\xb3 3"
		    "\xe2\x81\xa9" },
		{ "\xd9\xa3", "\xe2\x81\xa8\xd9\xa3\xe2\x81\xa9" },
		{ "\xf0\x9e\xa4\x80", "\xe2\x81\xa8\xf0\x9e\xa4\x80"
		    "\xe2\x81\xa9" },
		/* From left to right. */
		{ "caf\xc3\xa9 \xe4\xb8\xad", "caf\xc3\xa9 \xe4\xb8\xad" },
		/* An override, the end of an isolate, ends of lines. */
		{ "a\xe2\x80\xae" "b", "a b" },
		{ "\xd7\x90\xe2\x81\xa9\xe2\x81\xa6",
		    "\xe2\x81\xa8\xd7\x90  \xe2\x81\xa9" },
		{ "\xe2\x80\xa8\xc2\x85", "  " },
		/* Their neighbours, and a character that is cut off. */
		{ "\xe2\x80\xaf\xe2\x80\xa7\xe2\x81\xa5\xe2\x81\xaa",
		    "\xe2\x80\xaf\xe2\x80\xa7\xe2\x81\xa5\xe2\x81\xaa" },
		{ "\xc2\x84\xe2\x80", "\xc2\x84\xe2\x80" },
	};
	size_t i;
	char *text;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		text = mc_bidi_isolate(names[i][0]);
		tap_str(text, names[i][1], "name %zu, isolated", i);
		free(text);
	}
	text = mc_bidi_isolate_file("\xd7\x90.t\xe2\x81\xa9sv");
	tap_str(text, "\xe2\x81\xa6\xd7\x90.t sv\xe2\x81\xa9",
	    "a file is read from the left");
	free(text);
	text = mc_bidi_isolate_file("a.tsv");
	tap_str(text, "a.tsv", "most files are isolated by nothing");
	free(text);
	text = mc_bidi_plain("\xd7\x90\xe2\x80\xad");
	tap_str(text, "\xd7\x90 ", "without controls, not isolated");
	free(text);
}

static void
test_spelling(void)
{
	static const char *const plain[][2] = {
		{ "55.0", "55" }, { "55.", "55" }, { "+55", "55" },
		{ "0.50", "0.5" }, { "-0.0", "0" }, { "100", "100" },
		{ "-7.25", "-7.25" }, { "007", "007" }, { "1e3", "1e3" },
		{ "1.0.0", "1.0.0" }, { "5.0 mm", "5.0 mm" }, { "", "" },
		{ ".", "." }, { "+", "+" }, { "-", "-" }, { ".0", ".0" },
		{ "12345678901234567890.0", "12345678901234567890" },
		{ "1.00000000000000000000000000000000000",
		    "1.00000000000000000000000000000000000" },
	};
	static const char *const number[][2] = {
		{ "01", "1" }, { " 1", "1" }, { "1 ", "1" }, { "01.0", "1" },
		{ "000", "0" }, { "-02", "-2" }, { "-00", "0" },
		{ "00.50", "0.5" }, { "10", "10" }, { "", "" }, { " ", " " },
		{ "a", "a" }, { "01a", "01a" }, { "0x1", "0x1" },
		{ "1 2", "1 2" }, { "1e3", "1e3" },
	};
	static const char *const key[][2] = {
		{ " Melanoma ", "melanoma" }, { "1.0", "1" }, { "True", "1" },
		{ "FALSE", "0" }, { "-0", "0" }, { "1e0", "1" }, { "", "" },
		{ "12345678901234567", "12345678901234567" },
	};
	static const char *const names[] = { "a", "b", "B ", "A" };
	char buf[MC_NUM_SIZE];
	size_t a, b, i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		tap_str(mc_plain_number(plain[i][0], buf), plain[i][1],
		    "\"%s\" without what does not count", plain[i][0]);
	for (i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		tap_str(mc_key_number(number[i][0], buf), number[i][1],
		    "\"%s\" as a fold", number[i][0]);
	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		char *found = mc_spelling_key(key[i][0]);

		tap_str(found, key[i][1], "\"%s\" among classes", key[i][0]);
		free(found);
	}
	tap_ok(mc_two_spellings(names, 4, &a, &b) && a == 1 && b == 2,
	    "the first two spellings of one class");
	tap_ok(!mc_two_spellings(names, 2, &a, &b), "two classes");
	tap_int((int64_t)mc_spelling_distance("", "ab"), 2, "two put in");
	tap_int((int64_t)mc_spelling_distance("kitten", "sitting"), 3,
	    "two changed, one put in");
	tap_int((int64_t)mc_spelling_distance("epochs", "epcohs"), 1,
	    "two exchanged");
	tap_int((int64_t)mc_spelling_distance("ca", "abc"), 3,
	    "none is changed twice");
}

static void
test_err(void)
{
	struct mc_err err;
	char lengthy[5000];

	tap_int(mc_err_at(&err, MC_EDATA, "a\nb.tsv", 17, "\"%s\"", "x\ty"),
	    MC_EDATA, "mc_err_at returns the status");
	tap_str(err.text, "a\\x0Ab.tsv:17: \"x\\x09y\"",
	    "an error is one line whatever it quotes");
	memset(lengthy, 'x', sizeof(lengthy) - 1);
	lengthy[sizeof(lengthy) - 1] = '\0';
	mc_err_set(&err, MC_EIO, "%s", lengthy);
	TEST(strlen(err.text) == sizeof(err.text) - 1);
	TEST(strcmp(err.text + strlen(err.text) - 4, "x...") == 0);
	/* Once "behind the dots" was behind the struct. */
	mc_err_at(&err, MC_EIO, lengthy, 17, "more");
	TEST(strcmp(err.text + sizeof(err.text) - 5, "x...") == 0);
	errno = ENOENT;
	mc_err_errno(&err, "%.*s", (int)sizeof(err.text) - 5, lengthy);
	TEST(strcmp(err.text + sizeof(err.text) - 6, "x:...") == 0);
	TEST(mc_err_set(NULL, MC_EIO, "nobody listens") == MC_EIO);
}

static char said[5000];

static void
hear(const char *line)
{
	snprintf(said, sizeof(said), "%s", line);
}

static void
test_say(void)
{
	mc_say(hear, "%s: %zu of %d", "a.tsv", (size_t)3, 4);
	tap_str(said, "a.tsv: 3 of 4", "a line goes to whoever listens");
	mc_say(hear, "%2000s|", "x");
	TEST(strlen(said) == 2001 && said[2000] == '|');
}

/* The known answers that Random123 publishes for philox4x32, 10 rounds. */
static void
test_philox(void)
{
	static const struct {
		uint32_t counter[4], key[2], out[4];
	} known[] = {
		{ { 0, 0, 0, 0 }, { 0, 0 },
		    { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
		{ { ~0u, ~0u, ~0u, ~0u }, { ~0u, ~0u },
		    { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
		{ { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
		    { 0xa4093822, 0x299f31d0 },
		    { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
	};
	uint32_t out[4];
	gsl_rng *a, *b;
	double sum = 0;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		mc_philox(known[i].counter, known[i].key, out);
		tap_ok(memcmp(out, known[i].out, sizeof(out)) == 0,
		    "philox known answer %zu", i);
	}
	a = mc_stream_alloc(7, "test", 3);
	b = mc_stream_alloc(7, "test", 4);
	TEST(gsl_rng_get(a) != gsl_rng_get(b));
	mc_stream_set(b, 7, "test", 3);
	gsl_rng_get(b);
	for (i = 0; i < 1000; i++) {
		if (gsl_rng_get(a) != gsl_rng_get(b))
			break;
	}
	tap_int((long long)i, 1000, "a stream is a function of its name");
	mc_stream_set(b, 7, "other", 3);
	mc_stream_set(a, 7, "test", 3);
	TEST(gsl_rng_get(a) != gsl_rng_get(b));
	for (i = 0; i < 100000; i++)
		sum += gsl_rng_uniform(a);
	/* The standard error of this mean is 0.0009. */
	tap_ok(fabs(sum / 100000 - 0.5) < 0.004, "uniform has mean 1/2");
	gsl_rng_free(a);
	gsl_rng_free(b);
}

/* Blocks side by side are those of one counter after another. */
static void
test_philox_blocks(void)
{
	static const uint64_t index = 0x123456789abcdef0;
	static const uint32_t key[2] = { 0xa4093822, 0x299f31d0 };
	uint32_t out[4 * MC_PHILOX_BLOCKS], one[4], counter[4];
	uint64_t first, b;
	size_t wrong = 0, i;
	gsl_rng *rng = mc_stream_alloc(7, "test", index);
	uint64_t seed = 7 ^ mc_fnv1a64("test", 4);
	const uint32_t words[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };

	for (first = 0xfffffff0; first < 0x100000010; first++) {
		mc_philox_blocks(first, index, key, out);
		for (b = 0; b < MC_PHILOX_BLOCKS; b++) {
			counter[0] = (uint32_t)(first + b);
			counter[1] = (uint32_t)((first + b) >> 32);
			counter[2] = (uint32_t)index;
			counter[3] = (uint32_t)(index >> 32);
			mc_philox(counter, key, one);
			wrong += memcmp(one, out + 4 * b, sizeof(one)) != 0;
		}
	}
	tap_int((long long)wrong, 0, "blocks side by side");
	counter[1] = 0;
	for (i = wrong = 0; i < 300; i++) {
		counter[0] = (uint32_t)(i / 4);
		mc_philox(counter, words, one);
		wrong += gsl_rng_get(rng) != one[i % 4];
	}
	tap_int((long long)wrong, 0, "a stream is the blocks 0, 1, 2, ...");
	gsl_rng_free(rng);
}

/* All widths of mc_stream_tally: every draw counted, every number alike. */
static void
test_tally(uint32_t n)
{
	gsl_rng *rng = mc_stream_alloc(5, "test", n);
	uint32_t *times = mc_xcalloc(n, sizeof(*times));
	const double draws = 100.0 * n;
	double total = 0, chi2 = 0;
	uint32_t i;

	mc_stream_tally(rng, n, (size_t)draws, times);
	for (i = 0; i < n; i++) {
		total += times[i];
		chi2 += (times[i] - 100.0) * (times[i] - 100.0) / 100;
	}
	tap_near(total, draws, 0, "a tally of %u: every draw", n);
	/* Chi squared of n - 1: five standard deviations. */
	tap_ok(fabs(chi2 - (n - 1)) <= 5 * sqrt(2.0 * n),
	    "a tally of %u: uniform (chi squared %g)", n, chi2);
	free(times);
	gsl_rng_free(rng);
}

static void
test_hash(void)
{
	char hex[MC_SHA256_HEX];

	struct mc_sha256 *h = mc_sha256_alloc();

	mc_sha256_add(h, "ab", 2);
	mc_sha256_hex(mc_sha256_copy(h), hex);
	tap_str(hex, "fb8e20fc2e4c3f248c60c39bd652f3c1"
	    "347298bb977b8b4d5903b85055620603", "a digest on the way");
	mc_sha256_free(h);
	mc_sha256_bytes("abc", 3, hex);
	tap_str(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad", "SHA-256 of FIPS 180-2");
	/* From the FNV reference's test vectors. */
	TEST(mc_fnv1a64("foobar", 6) == 0x85944171f73967e8);
}

/* Every form of number that is read at once must be strtod's to the bit. */
static void
test_short_numbers(void)
{
	static const char *const edges[] = { "9007199254740992",
	    "9007199254740993", "9007199254740992e22", "1e22", "1e23", "1e-22",
	    "1e-23", "123456789012345678", "1234567890123456789",
	    "0.000000000000000001", "0.0000000000000000001", "-0", "-0.0",
	    "1.", ".5", "-.5e+3", "1E2", "0e99", "00000000000000000000001",
	    "0.1000000000000000055511151231257827" };
	gsl_rng *rng = mc_stream_alloc(1, "numbers", 0);
	long long wrong = 0;
	char text[64];
	size_t i;

	for (i = 0; i < 300000; i++) {
		uint64_t whole = (uint64_t)gsl_rng_get(rng) << 32 |
		    gsl_rng_get(rng);
		int e = (int)(gsl_rng_get(rng) % 61) - 30;
		double v = 0, wanted;

		if (i < sizeof(edges) / sizeof(edges[0]))
			snprintf(text, sizeof(text), "%s", edges[i]);
		else if (i % 3 == 0)
			snprintf(text, sizeof(text), "%.*g", (int)(i % 17) + 1,
			    gsl_rng_uniform(rng));
		else
			snprintf(text, sizeof(text), "%s%llu.%llue%d",
			    i % 2 > 0 ? "-" : "", (unsigned long long)
			    (whole >> gsl_rng_get(rng) % 64),
			    (unsigned long long)(i % 1000), e);
		wanted = strtod(text, NULL);
		if (mc_parse_f64(text, -1e308, 1e308, &v, NULL) != MC_OK ||
		    memcmp(&v, &wanted, sizeof(v)) != 0) {
			wrong++;
			printf("# %s: %.17g, not %.17g\n", text, v, wanted);
		}
	}
	tap_int(wrong, 0, "a number is strtod's to the bit");
	gsl_rng_free(rng);
}

static void
test_num(void)
{
	static const double reals[] = { 0.1, 1.0 / 3, 1e-300, -2.5, 1e22,
	    0.30000000000000004 };
	static const char *const bad[] = { "", "x", "1x", " 1", "nan", "inf",
	    "0x10", "1e999", "1,5", "--1", ".", "-", "1e", "1e+", "e5",
	    "1.2.3", "1e5e5", "+-1", "1-", ".e1" };
	char buf[MC_NUM_SIZE], **items;
	struct mc_err err;
	double v = 0;
	int64_t i = 0;
	size_t k;

	for (k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		tap_ok(mc_parse_f64(bad[k], -1e308, 1e308, &v, &err) ==
		    MC_EDATA, "\"%s\" is not a real number", bad[k]);
		tap_ok(mc_parse_i64(bad[k], -9, 9, &i, &err) == MC_EDATA,
		    "\"%s\" is not a whole number", bad[k]);
	}
	TEST(mc_parse_i64("10", -9, 9, &i, &err) == MC_EDATA);
	tap_str(err.text, "10 is not between -9 and 9", "the range is said");
	TEST(mc_parse_i64("-9", -9, 9, &i, &err) == MC_OK && i == -9);
	TEST(mc_parse_f64("1e-3", 0, 1, &v, &err) == MC_OK && v == 1e-3);
	for (k = 0; k < sizeof(reals) / sizeof(reals[0]); k++)
		tap_ok(strtod(mc_format_f64(buf, reals[k]), NULL) == reals[k],
		    "%s reads back", buf);
	tap_str(mc_format_f64(buf, 0.1), "0.1", "the shortest text");
	tap_str(mc_format_f32(buf, 0.1f), "0.1", "the shortest float text");
	tap_int((long long)mc_split_commas("a,,b", &items), 3, "three items");
	TEST(strcmp(items[0], "a") == 0 && strcmp(items[1], "") == 0 &&
	    strcmp(items[2], "b") == 0 && items[3] == NULL);
	free(items);
}

static bool
same_file(const char *path, const char *wanted)
{
	char text[100] = "";
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return false;
	if (fread(text, 1, sizeof(text) - 1, f) == 0)
		text[0] = '\0';
	fclose(f);
	return strcmp(text, wanted) == 0;
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* The number of files in this folder whose names begin with a point. */
static int
leftovers(void)
{
	return system("ls -A | grep -q '^[.]'") == 0;
}

static void
test_out(void)
{
	struct mc_out *out;
	struct mc_err err;
	struct stat st;

	write_file("target", "old");
	chmod("target", 0640);
	if (symlink("target", "link") != 0 || symlink("fresh", "dangling") != 0)
		abort();
	TEST(mc_out_open(&out, "link", &err) == MC_OK);
	fputs("new", mc_out_file(out));
	TEST(same_file("target", "old"));
	TEST(mc_out_commit(out, &err) == MC_OK);
	TEST(same_file("target", "new"));
	TEST(lstat("link", &st) == 0 && S_ISLNK(st.st_mode));
	TEST(stat("target", &st) == 0 && (st.st_mode & 07777) == 0640);
	TEST(mc_out_open(&out, "dangling", &err) == MC_OK);
	fputs("x", mc_out_file(out));
	TEST(mc_out_commit(out, &err) == MC_OK && same_file("fresh", "x"));
	TEST(mc_out_open(&out, "target", &err) == MC_OK);
	fputs("lost", mc_out_file(out));
	mc_out_abandon(out);
	TEST(same_file("target", "new"));
	TEST(mc_out_open(&out, "/dev/full", &err) == MC_OK);
	fputs("x", mc_out_file(out));
	TEST(mc_out_commit(out, &err) == MC_EMACHINE);
	tap_str(err.text, "/dev/full: cannot write: No space left on device",
	    "a full disk is said");
	TEST(stat("/dev/full", &st) == 0 && S_ISCHR(st.st_mode));
	TEST(mc_out_open(&out, "no/such", &err) == MC_EIO && out == NULL);
	TEST(mc_out_open(&out, "./", &err) == MC_EIO);
	tap_int(leftovers(), 0, "no temporary is left");
}

/* A program that SIG ends leaves no temporary. */
static void
test_signal(int sig)
{
	const struct rlimit no_core = { 0, 0 };
	struct mc_out *out;
	struct mc_err err;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		if (mc_out_open(&out, "target", &err) == MC_OK)
			raise(sig);
		_exit(0);
	}
	TEST(pid > 0 && waitpid(pid, &status, 0) == pid);
	tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == sig,
	    "signal %d ends the program", sig);
	tap_int(leftovers(), 0, "and leaves no temporary");
}

static void
test_names(void)
{
	struct mc_names *names = mc_names_alloc();
	size_t *order;
	static char text[2000][8];
	size_t i, wrong = 0;

	for (i = 0; i < 2000; i++) {
		snprintf(text[i], sizeof(text[i]), "%zu", i * 7 % 1000);
		wrong += mc_names_add(names, text[i]) != i % 1000;
	}
	tap_int((long long)wrong, 0, "equal texts have equal numbers");
	TEST(mc_names_count(names) == 1000);
	TEST(strcmp(mc_names_at(names, 1), "7") == 0);
	TEST(mc_names_find(names, "999") != MC_NO_NAME);
	TEST(mc_names_find(names, "1000") == MC_NO_NAME);
	for (wrong = 0, i = 0; i < 2000; i++)
		wrong += mc_names_copy(names, text[i]) != i % 1000;
	tap_int((long long)wrong, 0, "a known text is not copied");
	order = mc_names_sorted(names);
	for (wrong = 0, i = 1; i < 1000; i++)
		wrong += strcmp(mc_names_at(names, order[i - 1]),
		    mc_names_at(names, order[i])) >= 0;
	tap_int((long long)wrong, 0, "sorted in byte order");
	free(order);
	mc_names_free(names);
}

/* Copies of texts, some longer than a block, numbered anew in byte order. */
static void
test_names_copied(void)
{
	struct mc_names *names = mc_names_alloc();
	static char text[100001];
	uint32_t *number;
	size_t i, wrong = 0;

	memset(text, 'x', 100000);
	TEST(mc_names_copy(names, text) == 0);
	for (i = 1; i < 20000; i++) {
		snprintf(text, sizeof(text), "%zu", i * 7 % 20000);
		wrong += mc_names_copy(names, text) != i;
	}
	text[0] = '\0';
	wrong += mc_names_copy(names, text) != 20000;
	tap_int((long long)wrong, 0, "copied texts are numbered as they come");
	number = mc_names_renumber(names);
	TEST(number[20000] == 0 && number[0] == 20000);
	TEST(strlen(mc_names_at(names, 20000)) == 100000);
	for (i = 1; i < 20000; i++) {
		snprintf(text, sizeof(text), "%zu", i * 7 % 20000);
		wrong += strcmp(mc_names_at(names, number[i]), text) != 0 ||
		    mc_names_find(names, text) != number[i];
	}
	for (i = 1; i <= 20000; i++)
		wrong += strcmp(mc_names_at(names, i - 1),
		    mc_names_at(names, i)) >= 0;
	tap_int((long long)wrong, 0, "renumbered in byte order, and found");
	free(number);
	TEST(mc_names_copy(names, "new") == 20001);
	mc_names_free(names);
}

/* A spool for which there is no room says so when it is to be read. */
static void
test_spool(void)
{
	struct rlimit old, small;
	char text[20000] = "x";
	struct mc_err err;
	FILE *spool = mc_spool_open(&err);

	fwrite(text, 1, sizeof(text), spool);
	TEST(mc_spool_rewind(spool, &err) == MC_OK);
	TEST(fread(text, 1, sizeof(text), spool) == sizeof(text) &&
	    text[0] == 'x');
	fclose(spool);
	spool = mc_spool_open(&err);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 10000;
	setrlimit(RLIMIT_FSIZE, &small);
	fwrite(text, 1, sizeof(text), spool);
	/* The error of before counts, even when there is room again. */
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	TEST(mc_spool_rewind(spool, &err) == MC_EMACHINE);
	tap_ok(strncmp(err.text, "temporary file (set TMPDIR to where there "
	    "is room): ", 52) == 0, "%s", err.text);
	fclose(spool);
}

static void
square(void *arg, size_t i)
{
	((size_t *)arg)[i] += i * i;
}

static void
test_parallel(void)
{
	size_t result[1000] = { 0 }, i, wrong = 0;

	mc_parallel(1000, 7, square, result);
	mc_parallel(0, 3, square, NULL);
	for (i = 0; i < 1000; i++)
		wrong += result[i] != i * i;
	tap_int((long long)wrong, 0, "each index is worked on once");
}

/* Items of all sizes, which outgrow a chunk, with and without a temporary file. */
static void
check_store(const char *folder, const char *name)
{
	static char bytes[1 << 20];
	enum { ITEMS = 400 };
	uint64_t place[ITEMS];
	struct mc_store *s = mc_store_alloc();
	size_t i, n, wrong = 0;

	setenv("TMPDIR", folder, 1);
	for (i = 0; i < ITEMS; i++) {
		n = 1 + i * 7919 % sizeof(bytes);
		memset(bytes, (int)(i % 251), n);
		place[i] = mc_store_add(s, bytes, n);
	}
	for (i = 0; i < ITEMS; i++) {
		char *at = mc_store_at(s, place[i]);

		n = 1 + i * 7919 % sizeof(bytes);
		memset(bytes, (int)(i % 251), n);
		wrong += memcmp(at, bytes, n) != 0 || (uintptr_t)at % 4 != 0;
		at[0] = at[n - 1] = 'x';
	}
	for (i = 0; i < ITEMS; i++) {
		n = 1 + i * 7919 % sizeof(bytes);
		wrong += ((char *)mc_store_at(s, place[i]))[n - 1] != 'x';
	}
	tap_ok(wrong == 0, "%s", name);
	mc_store_free(s);
	unsetenv("TMPDIR");
}

/* An item larger than a chunk, between small ones. */
static void
test_store(void)
{
	size_t size = (size_t)70 << 20;
	struct mc_store *s = mc_store_alloc();
	char *large = mc_xcalloc(size, 1);
	uint64_t a, b, c;

	large[size - 1] = 'z';
	a = mc_store_add(s, "a", 2);
	b = mc_store_add(s, large, size);
	c = mc_store_add(s, "c", 2);
	tap_ok(strcmp(mc_store_at(s, a), "a") == 0 &&
	    memcmp(mc_store_at(s, b), large, size) == 0 &&
	    strcmp(mc_store_at(s, c), "c") == 0, "an item of 70 MiB");
	mc_store_free(s);
	free(large);
	check_store("/tmp", "200 MiB of items, which go to a file");
	check_store("/nowhere", "200 MiB where no file can be made");
}

static void
test_records(void)
{
	struct mc_records *r;
	struct mc_err err;
	int i, pair[2], wrong = 0;

	r = mc_records_alloc(sizeof(pair), &err);
	for (i = 0; i < 5000; i++) {
		pair[0] = i;
		pair[1] = -i;
		wrong += mc_records_add(r, pair, 1, &err) != MC_OK;
	}
	TEST(mc_records_map(r, &err) == MC_OK && mc_records_count(r) == 5000);
	for (i = 0; i < 5000; i++) {
		const int *at = mc_records_at(r, (size_t)i);

		wrong += at[0] != i || at[1] != -i;
	}
	tap_int(wrong, 0, "records come back");
	mc_records_free(r);
	r = mc_records_alloc(4, &err);
	TEST(mc_records_map(r, &err) == MC_OK && mc_records_count(r) == 0);
	mc_records_free(r);
	setenv("TMPDIR", "/no/such", 1);
	TEST(mc_records_alloc(4, &err) == NULL);
	tap_str(err.text, "/no/such: no temporary file: No such file or "
	    "directory", "a bad TMPDIR is said");
	unsetenv("TMPDIR");
}

struct opts {
	struct mc_common common;
	bool flag;
	const char *word;
	int kind;
	int64_t n;
	double x;
};

static const struct mc_opt table[] = {
	{ "flag", 'f', NULL, "a flag", MC_FLAG,
	    offsetof(struct opts, flag), 0, 0, NULL },
	{ "kind", 0, NULL, "a choice", MC_CHOICE,
	    offsetof(struct opts, kind), 0, 0,
	    MC_WORDS("one", "two", "three") },
	{ "n", 'n', "N", "a number", MC_INTEGER,
	    offsetof(struct opts, n), 1, 10, NULL },
	{ "word", 0, "TEXT", "a text", MC_STRING,
	    offsetof(struct opts, word), 0, 0, NULL },
	{ "x", 0, "X", "a real", MC_REAL,
	    offsetof(struct opts, x), 0, 1, NULL },
	{ 0 }
};
static const struct mc_prog prog =
    { "prog", "[OPTION]... [FILE]", "Test.", table, false };

static enum mc_status
parse(struct opts *o, struct mc_err *err, int *first, int argc, ...)
{
	char *argv[10] = { (char *)"prog" };
	va_list ap;
	int i;

	memset(o, 0, sizeof(*o));
	va_start(ap, argc);
	for (i = 1; i <= argc; i++)
		argv[i] = va_arg(ap, char *);
	va_end(ap);
	return mc_opt_parse(&prog, argc + 1, argv, o, first, err);
}

static void
test_opt(void)
{
	struct mc_err err;
	struct opts o;
	int first;

	TEST(parse(&o, &err, &first, 6, "file", "-f", "--n=3", "--kind", "two",
	    "-v") == MC_OK);
	TEST(o.flag && o.n == 3 && o.kind == 1 && first == 6 &&
	    o.common.verbose && !o.common.quiet);
	TEST(mc_opt_given(&o.common, 2) && !mc_opt_repeated(&o.common, 2));
	TEST(parse(&o, &err, &first, 5, "-f", "--n=3", "-n", "4", "-f") ==
	    MC_OK);
	TEST(o.n == 4 && mc_opt_repeated(&o.common, 2) &&
	    !mc_opt_repeated(&o.common, 0));
	TEST(parse(&o, &err, &first, 2, "--kind", "on") == MC_EUSAGE);
	tap_str(err.text, "--kind: \"on\" is not one of one|two|three",
	    "a prefix of a choice is no choice");
	TEST(parse(&o, &err, &first, 1, "--n=11") == MC_EUSAGE);
	tap_str(err.text, "--n: 11 is not between 1 and 10", "the range");
	TEST(parse(&o, &err, &first, 1, "--word") == MC_EUSAGE);
	tap_str(err.text, "--word: needs an argument", "no argument");
	TEST(parse(&o, &err, &first, 1, "--flag=1") == MC_EUSAGE);
	tap_str(err.text, "--flag=1: takes no argument", "too much");
	TEST(parse(&o, &err, &first, 1, "-z") == MC_EUSAGE);
	tap_str(err.text, "-z: unknown option", "an unknown letter");
}

/* A long option that is none, and what is said of it. */
static void
test_unknown_option(void)
{
	static const char *const cases[][2] = {
		{ "--ver", "--ver: ambiguous option: --verbose or --version" },
		{ "--ver=1", "--ver: ambiguous option: --verbose or "
		    "--version" },
		{ "--flga", "--flga: unknown option: did you mean --flag?" },
		{ "--flag2", "--flag2: unknown option: did you mean --flag?" },
		{ "--worb=a", "--worb: unknown option: did you mean --word?" },
		{ "--kind-of-flag", "--kind-of-flag: unknown option: did you "
		    "mean --flag or --kind?" },
		{ "--gress", "--gress: unknown option: did you mean "
		    "--progress?" },
		{ "--y", "--y: unknown option" },
		{ "--=1", "--: unknown option" },
		{ "--epochs", "--epochs: unknown option" },
		{ "--kid", "--kid: unknown option: did you mean --kind?" },
		{ "--porgerss", "--porgerss: unknown option: did you mean "
		    "--progress?" },
		{ "--anb", "--anb: unknown option" },
		{ "--ess", "--ess: unknown option" },
	};
	struct mc_err err;
	struct opts o;
	size_t i;
	int first;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		TEST(parse(&o, &err, &first, 1, cases[i][0]) == MC_EUSAGE);
		tap_str(err.text, cases[i][1], "%s", cases[i][0]);
	}
}

/* Of options that are alike in several ways, those that are most alike. */
static void
test_most_alike(void)
{
	static const char *const cases[][2] = {
		{ "--bat", "--bat: ambiguous option: --batch or --batch-size" },
		{ "--batch-sixe", "--batch-sixe: unknown option: did you mean "
		    "--batch-size?" },
		{ "--batchsixe", "--batchsixe: unknown option: did you mean "
		    "--batch-size?" },
		{ "--batch-rows", "--batch-rows: unknown option: did you mean "
		    "--batch?" },
	};
	static const struct mc_opt options[] = {
		{ "batch", 0, NULL, "", MC_FLAG, offsetof(struct opts, flag),
		    0, 0, NULL },
		{ "batch-size", 0, NULL, "", MC_FLAG,
		    offsetof(struct opts, flag), 0, 0, NULL },
		{ "cat", 0, NULL, "", MC_FLAG, offsetof(struct opts, flag), 0,
		    0, NULL },
		{ 0 }
	};
	static const struct mc_prog like =
	    { "prog", "[OPTION]...", "Test.", options, false };
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *argv[] = { (char *)"prog", (char *)(uintptr_t)
		    cases[i][0], NULL };
		struct opts o = { 0 };
		int first;

		TEST(mc_opt_parse(&like, 2, argv, &o, &first, &err) ==
		    MC_EUSAGE);
		tap_str(err.text, cases[i][1], "%s", cases[i][0]);
	}
}

/* Whose usage says that an operand can be left out. */
static void
test_reads_stdin(void)
{
	static const struct {
		const char *usage;
		bool reads;
	} cases[] = {
		{ "[OPTION]... [FILE]...", true },
		{ "[OPTION]...\n[OPTION]... [A|B]", true },
		{ "[OPTION]... DIR...", false },
		{ "[--keep LIST] [OPTION]... -o DIR", false },
		{ "[OPTION]... list\n[OPTION]... show FILE", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mc_prog p = prog;

		p.usage = cases[i].usage;
		tap_ok(mc_opt_reads_stdin(&p) == cases[i].reads, "%s",
		    cases[i].usage);
	}
}

/* The choices are told, and a long entry has its text in the next line. */
static void
test_help(void)
{
	struct mc_buf text = { 0 };

	mc_opt_help(&prog, &text);
	TEST(strncmp(text.data, "Usage: prog [OPTION]... [FILE]\nTest.\n\n",
	    strlen("Usage: prog [OPTION]... [FILE]\nTest.\n\n")) == 0);
	TEST(strstr(text.data, "\n  -f, --flag              a flag\n"
	    "      --kind one|two|three\n                          a choice\n"
	    "  -n, --n N               a number\n") != NULL);
	TEST(strstr(text.data, "See prog(1).\n") != NULL);
	mc_buf_free(&text);
}

/* --- Limits ----------------------------------------------------------------- */

static void
test_limits(void)
{
	tap_int(mc_max_pixels(), MC_PIXELS_DEFAULT, "the limit of pixels");
	tap_int(mc_max_voxels(), MC_VOXELS_DEFAULT, "the limit of voxels");
	tap_int((long long)mc_max_image_bytes(), 1LL << 30, "bytes: 1 GiB");
	mc_max_pixels_set(1);
	tap_int(mc_max_pixels(), 1, "one pixel");
	tap_int(mc_max_voxels(), MC_VOXELS_DEFAULT, "and voxels as before");
	tap_int((long long)mc_max_image_bytes(), 1LL << 30, "1 GiB for it");
	mc_max_voxels_set(1);
	tap_int(mc_max_voxels(), 1, "one voxel");
	tap_int(mc_max_pixels(), 1, "and pixels as before");
	mc_max_pixels_set(MC_PIXELS_TOP);
	mc_max_voxels_set(MC_VOXELS_TOP);
	tap_int((long long)mc_max_image_bytes(), 6LL * MC_PIXELS_TOP,
	    "6 bytes for each of the most pixels");
	tap_int(mc_max_voxels(), 1LL << 36, "the most voxels");
	mc_max_pixels_set(0);
	mc_max_voxels_set(0);
	tap_int(mc_max_pixels(), MC_PIXELS_DEFAULT, "0: the default");
	tap_int(mc_max_voxels(), MC_VOXELS_DEFAULT, "of voxels too");
}

int
main(void)
{
	test_err();
	test_say();
	test_bidi();
	test_spelling();
	test_philox();
	test_philox_blocks();
	test_tally(1);
	test_tally(7);
	test_tally(64);
	test_tally(256);
	test_tally(624);
	test_tally(0x8000);
	test_tally(0x8001);
	test_tally(100000);
	test_hash();
	test_num();
	test_short_numbers();
	test_out();
	test_signal(SIGTERM);
	test_signal(SIGXFSZ);
	test_names();
	test_names_copied();
	test_parallel();
	test_spool();
	test_records();
	test_store();
	test_opt();
	test_unknown_option();
	test_most_alike();
	test_reads_stdin();
	test_help();
	test_limits();
	return tap_done();
}
