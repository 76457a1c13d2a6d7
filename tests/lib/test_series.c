/*
 * test_series.c - lib/stream/tar_series.c, image_tar.c, own_tar.c and
 * given_manifest.c: several tars as one, and a manifest in the place of a tar's own.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "stream/features.h"
#include "stream/images.h"
#include "tap.h"

/* sha256sum of "abc" (FIPS 180-2, B.1), in both cases of letters */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_LARGE \
	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void
write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		abort();
}

/*
 * Write the image tar PATH of MANIFEST, whose rows each have the image "abc"; those
 * of which ROWS, a letter per row, has "-" have none.
 */
static void
write_tar(const char *path, const char *manifest, const char *rows)
{
	struct mc_images_writer *w;
	struct mc_table *t;
	struct mc_err err;
	FILE *f = fopen(path, "wb");

	write_text("written.tsv", manifest);
	if (f == NULL || mc_table_read(&t, "written.tsv", &err) != MC_OK ||
	    mc_images_create(&w, f, path, t, &err) != MC_OK)
		abort();
	for (; *rows != '\0'; rows++) {
		if (*rows == '-')
			mc_images_skip(w);
		else if (mc_images_add(w, "png", "abc", 3, &err) != MC_OK)
			abort();
	}
	if (mc_images_finish(w, &err) != MC_OK || fclose(f) != 0)
		abort();
	mc_table_free(t);
}

/*
 * Read the N tars PATHS, with the manifest GIVEN unless NULL, into TEXT: each row as
 * its fields with "|" behind each, then ";"; the message of an error instead.
 */
static void
read_tars(struct mc_buf *text, const char *const *paths, size_t n,
    const char *given)
{
	struct mc_images *im = NULL;
	struct mc_err err;
	enum mc_status status = mc_images_open_all(&im, paths, n, &err);
	size_t c;

	text->len = 0;
	mc_buf_puts(text, "");
	if (status == MC_OK && given != NULL)
		status = mc_images_give(im, given, &err);
	while (status == MC_OK && (status = mc_images_next(im, &err)) ==
	    MC_OK) {
		for (c = 0; c < mc_images_columns(im); c++)
			mc_buf_printf(text, "%s|", mc_images_get(im, c));
		mc_buf_puts(text, ";");
	}
	if (status == MC_END && n > 1)
		status = mc_images_next(im, &err);	/* once more */
	if (status != MC_END) {
		text->len = 0;
		mc_buf_puts(text, err.text);
	}
	mc_images_close(im);
}

static void
is_read(const char *const *paths, size_t n, const char *given,
    const char *wanted, const char *name)
{
	struct mc_buf text = { 0 };

	read_tars(&text, paths, n, given);
	tap_str(text.data, wanted, "%s", name);
	mc_buf_free(&text);
}

/* --- Several tars ------------------------------------------------------------ */

static void
test_rows(void)
{
	static const char *const two[] = { "a.tar", "b.tar" };
	static const char *const twice[] = { "a.tar", "a.tar" };
	static const char *const missing[] = { "a.tar", "none.tar" };
	static const char *const other[] = { "a.tar", "c.tar" };
	static const char *const wider[] = { "a.tar", "d.tar" };
	static const char *const one[] = { "a.tar" };

	write_tar("a.tar", "id\tx\n1\tp\n2\tq\n", "**");
	write_tar("b.tar", "id\tx\n3\tr\n", "*");
	write_tar("c.tar", "id\ty\n3\tr\n", "*");
	write_tar("d.tar", "id\tx\ty\n3\tr\ts\n", "*");
	is_read(one, 1, NULL, "1|p|;2|q|;", "one tar");
	is_read(two, 2, NULL, "1|p|;2|q|;3|r|;", "two tars");
	is_read(twice, 2, NULL, "a.tar: the id \"1\" was read before: each "
	    "image needs an id of its own", "an id that comes again");
	is_read(missing, 2, NULL, "none.tar: No such file or directory",
	    "a tar that is not there is said before the first is read");
	is_read(other, 2, NULL, "c.tar: its columns are not those of a.tar",
	    "a column with another name");
	is_read(wider, 2, NULL, "d.tar: its columns are not those of a.tar",
	    "a column more");
}

/* What is counted and named when all are read. */
static void
test_end(void)
{
	static const char *const paths[] = { "a.tar", "b.tar", "e.tar" };
	char a[MC_SHA256_HEX], b[MC_SHA256_HEX], both[MC_SHA256_HEX], *lines;
	struct mc_images *im;
	struct mc_err err;

	write_tar("e.tar", "id\tx\n4\t\n5\t\n6\t\n", "-*-");
	TEST(mc_images_open_all(&im, paths, 3, &err) == MC_OK);
	TEST(mc_images_rows(im) == -1);
	while (mc_images_next(im, &err) == MC_OK)
		;
	tap_int(mc_images_skipped(im), 2,
	    "rows without image, also behind the last image");
	tap_str(mc_images_name(im), "a.tar and 2 more", "the name of all");
	mc_images_close(im);
	TEST(mc_images_open_all(&im, paths, 2, &err) == MC_OK);
	while (mc_images_next(im, &err) == MC_OK)
		;
	mc_sha256_bytes("id\tx\n1\tp\n2\tq\n", 13, a);
	mc_sha256_bytes("id\tx\n3\tr\n", 9, b);
	lines = mc_xasprintf("%s\n%s\n", a, b);
	mc_sha256_bytes(lines, strlen(lines), both);
	tap_str(mc_images_manifest_sha256(im), both,
	    "the digest of the digests, one per line");
	free(lines);
	mc_images_close(im);
	TEST(mc_images_open_all(&im, paths, 1, &err) == MC_OK);
	TEST(!mc_images_empty(im, 1));
	while (mc_images_next(im, &err) == MC_OK)
		;
	tap_str(mc_images_manifest_sha256(im), a, "the digest of one");
	mc_images_close(im);
	TEST(mc_images_open(&im, "e.tar", &err) == MC_OK);
	TEST(mc_images_empty(im, 1) && !mc_images_empty(im, 0));
	mc_images_close(im);
}

/* A tar without an image is an error only where nothing says that it has none. */
static void
test_none(void)
{
	static const char *const none[] = { "none.tar" };
	static const char *const left[] = { "left.tar" };
	static const char *const shards[] = { "s1.tar", "a.tar" };
	static const char *const same[] = { "s1.tar", "s2.tar" };

	write_tar("left.tar", "id\n1\n", "-");
	is_read(left, 1, NULL, "", "all images were left out");
	write_tar("none.tar", "id\n", "");
	is_read(none, 1, NULL, "none.tar: contains no image", "no row");
	if (system("mkdir f && printf img >f/1.png && echo no >f/1.cls && "
	    "tar -cf s1.tar -C f --sort=name . && mv f/1.cls f/2.cls && "
	    "mv f/1.png f/2.png && tar -cf s2.tar -C f --sort=name .") != 0)
		abort();
	is_read(shards, 2, NULL, "a.tar: its columns are not those of s1.tar",
	    "a shard of another program before an image tar");
	is_read(same, 2, NULL, "./1|no|;./2|no|;", "two such shards");
}

/* Members __*__ of other programs are passed over, and are in no digest. */
static void
test_special(void)
{
	static const char *const paths[] = { "a.tar" };

	if (system("mkdir s && tar -xf a.tar -C s && echo x >s/__note__ && "
	    "tar -cf a.tar -C s __manifest__ __note__ 1.png 2.png "
	    "__end__") != 0)
		abort();
	is_read(paths, 1, NULL, "1|p|;2|q|;", "members of other programs");
	write_tar("a.tar", "id\tx\n1\tp\n2\tq\n", "**");
}

/* Of shards of others there is no manifest, and so no digest. */
static void
test_foreign_digest(void)
{
	static const char *const paths[] = { "s1.tar", "own.tar" };
	static const char *const keys[] = { "s1.tar", "s1.tar" };
	struct mc_images *im;
	struct mc_err err;

	write_tar("own.tar", "id\tlabel\n1\tno\n", "*");
	TEST(mc_images_open_all(&im, paths, 2, &err) == MC_OK);
	while (mc_images_next(im, &err) == MC_OK)
		;
	tap_str(mc_images_manifest_sha256(im), "", "a shard before a tar");
	mc_images_close(im);
	is_read(keys, 2, NULL, "s1.tar: the id \"./1\" was read before: each "
	    "image needs an id of its own", "a key of two shards");
}

/* "-" is standard input, in a list as alone. */
static void
test_standard_input(void)
{
	static const char *const paths[] = { "a.tar", "-" };

	if (freopen("b.tar", "rb", stdin) == NULL)
		abort();
	is_read(paths, 2, NULL, "1|p|;2|q|;3|r|;", "a tar and standard input");
	if (freopen("/dev/null", "rb", stdin) == NULL)
		abort();
}

/* --- Features ---------------------------------------------------------------- */

/*
 * Write the features tar PATH of the one column id and of N rows, 1 or 0, beside
 * BAD images that could not be read.
 */
static void
write_features(const char *path, size_t n, const char *bad)
{
	static const char *const column[] = { "id" }, *const row[] = { "1" };
	struct mc_keyvalue *about = mc_keyvalue_alloc();
	struct mc_features_writer *w;
	struct mc_err err;
	FILE *f = fopen(path, "wb");

	mc_keyvalue_add(about, "images_bad", "%s", bad);
	if (f == NULL || mc_features_create(&w, column, 1, 2, &err) != MC_OK ||
	    (n > 0 && mc_features_add(w, row, ABC, (float[2]){ 1, 2 }, &err) !=
	    MC_OK) || mc_features_finish(w, f, path, about, &err) != MC_OK ||
	    fclose(f) != 0)
		abort();
	mc_keyvalue_free(about);
}

/* Images and features are not read together, whichever comes first. */
static void
test_features(void)
{
	static const char *const first[] = { "f.tar", "i.tar" };
	static const char *const second[] = { "i.tar", "f.tar" };
	static const char *const bad[] = { "bad.tar" };
	static const char *const none[] = { "nothing.tar" };
	write_features("f.tar", 1, "0");
	write_tar("i.tar", "id\n2\n", "*");
	is_read(first, 1, NULL, "1|;", "features");
	is_read(first, 2, NULL, "i.tar: holds images, and f.tar features: give "
	    "tars of one kind", "an image tar behind features");
	is_read(second, 2, NULL, "f.tar: holds features, and i.tar images: "
	    "give tars of one kind", "features behind an image tar");
	write_features("bad.tar", 0, "1");
	is_read(bad, 1, NULL, "", "no image could be read, as it says");
	write_features("nothing.tar", 0, "0");
	is_read(none, 1, NULL, "nothing.tar: contains no image",
	    "features of no image");
}

/* --- Grey levels --------------------------------------------------------------- */

static void
test_grey(void)
{
	static const char *const paths[] = { "g1.tar", "g2.tar", "g3.tar" };
	static const char *const mixed[] = { "g4.tar" };
	struct mc_images *im;
	struct mc_err err;
	int n = 0;

	write_tar("g1.tar", "id\tgrey_levels\n1\twindow:40,400\n", "*");
	write_tar("g2.tar", "id\tgrey_levels\n2\twindow:40,400\n3\t\n", "**");
	write_tar("g3.tar", "id\tgrey_levels\n4\twindow:50,350\n", "*");
	write_tar("g4.tar", "id\tgrey_levels\n1\twindow:40,400\n"
	    "2\twindow:50,350\n", "**");
	is_read(paths, 2, NULL, "1|window:40,400|;2|window:40,400|;3||;",
	    "grey levels that were made in one way");
	is_read(paths, 3, NULL, "g3.tar: id \"4\": its grey levels are made by "
	    "window:50,350, those of a tar before it by window:40,400: pack "
	    "this tar with mc-pack --window=40,400, or give "
	    "--allow-other-levels", "and in another way in the third tar");
	is_read(mixed, 1, NULL, "1|window:40,400|;2|window:50,350|;",
	    "one tar may have several");
	TEST(mc_images_open_all(&im, paths, 3, &err) == MC_OK);
	mc_images_mix(im);
	while (mc_images_next(im, &err) == MC_OK)
		n++;
	tap_int(n, 4, "all are read where that is asked for");
	mc_images_close(im);
}

/* --- Digests -------------------------------------------------------------------- */

static void
test_digests(void)
{
	static const char *const paths[] = { "h.tar" };
	struct mc_images *im;
	char hex[MC_SHA256_HEX];
	struct mc_err err;

	write_tar("h.tar", "id\tsha256\tsource_sha256\n1\t" ABC_LARGE "\t\n2\t"
	    "\t" ABC_LARGE "\n3\t\t\n", "***");
	TEST(mc_images_open(&im, "h.tar", &err) == MC_OK);
	TEST(mc_images_next(im, &err) == MC_OK);
	mc_images_sha256(im, hex);
	tap_str(hex, ABC, "a digest in capitals");
	TEST(mc_images_next(im, &err) == MC_OK);
	mc_images_sha256(im, hex);
	tap_str(hex, ABC, "that of the file it was made of, likewise");
	TEST(mc_images_next(im, &err) == MC_OK);
	mc_images_sha256(im, hex);
	tap_str(hex, ABC, "without either that of its own bytes");
	mc_images_close(im);
	write_tar("h.tar", "id\tsha256\tsource_sha256\n1\t\t" ABC "\n2\t\t"
	    "xyz\n", "**");
	is_read(paths, 1, NULL, "h.tar: the image of \"2\": source_sha256: "
	    "\"xyz\" is not a SHA-256", "another one is refused");
}

/* --- A manifest in the place of the tar's own ------------------------------------- */

static void
test_given(void)
{
	static const char *const paths[] = { "p.tar" };

	write_tar("p.tar", "id\tlabel\tbits\tvalue_slope\tvalue_intercept\t"
	    "grey_levels\tsha256\tsource_sha256\n"
	    "1\tno\t12\t2\t3\twindow:40,400\t" ABC "\t" ABC "\n"
	    "2\tno\t12\t2\t3\twindow:40,400\t\t\n", "**");
	write_text("g.tsv", "id\tfold\tlabel\tbits\n2\t0\tyes\t8\n3\t1\tno\t8\n"
	    "1\t1\tyes\t8\n");
	is_read(paths, 1, "g.tsv", "1|1|yes|12|2|3|window:40,400|" ABC "|" ABC
	    "|;2|0|yes|12|2|3|window:40,400|||;",
	    "its columns, and the tar's that say how it was packed");
	write_text("g.tsv", "id\tsha256\n1\t" ABC_LARGE "\n");
	is_read(paths, 1, "g.tsv", "1|" ABC "|12|2|3|window:40,400|" ABC "|;",
	    "a digest in capitals is the same");
	write_text("g.tsv", "id\tsha256\n1\t" ABC "\n2\tabc\n");
	is_read(paths, 1, "g.tsv", "p.tar: the image of \"2\" has another "
	    "sha256 in g.tsv: they are not of the same images",
	    "another digest");
	write_text("g.tsv", "id\tsha256\n3\t\n4\t\n");
	is_read(paths, 1, "g.tsv", "g.tsv: none of its ids is in p.tar, such "
	    "as \"3\"", "none of its ids");
}

/* What is left out, and what is not there. */
static void
test_left(void)
{
	static const char *const paths[] = { "q.tar" };
	struct mc_images *im;
	struct mc_err err;
	char *line;

	write_tar("q.tar", "id\tx\n1\t\n2\t\n3\t\n4\t\n5\t\n", "*-*-*");
	write_text("g.tsv", "id\tempty\tfull\n9\t\tv\n8\t\tv\n1\t\t\n2\t\tv\n");
	TEST(mc_images_open_all(&im, paths, 1, &err) == MC_OK);
	TEST(mc_images_give(im, "g.tsv", &err) == MC_OK);
	tap_str(mc_images_manifest_name(im), "g.tsv", "its name");
	TEST(mc_images_empty(im, 1) && !mc_images_empty(im, 2));
	while (mc_images_next(im, &err) == MC_OK)
		;
	tap_int(mc_images_left(im), 2, "images that it does not have");
	tap_int(mc_images_skipped(im), 1, "one that is not packed");
	line = mc_images_not_there(im);
	tap_str(line, "g.tsv: 2 of 4 ids are not in q.tar, such as \"9\"",
	    "ids that are not there");
	free(line);
	tap_ok(mc_images_unlabelled(im) == NULL, "labels are the manifest's");
	mc_images_close(im);
}

int
main(void)
{
	test_rows();
	test_end();
	test_none();
	test_special();
	test_foreign_digest();
	test_standard_input();
	test_features();
	test_grey();
	test_digests();
	test_given();
	test_left();
	return tap_done();
}
