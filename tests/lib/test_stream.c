/* test_stream.c - lib/stream, and lib/table/keyvalue. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/out.h"
#include "stream/features.h"
#include "stream/images.h"
#include "stream/own_tar.h"
#include "stream/model.h"
#include "tap.h"

static void
write_bytes(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		abort();
}

static struct mc_buf
read_bytes(const char *path)
{
	struct mc_buf buf = { 0 };
	FILE *f = fopen(path, "rb");
	int c;

	if (f == NULL)
		abort();
	while ((c = getc(f)) != EOF)
		mc_buf_add(&buf, &(char){ (char)c }, 1);
	fclose(f);
	return buf;
}

/* Three rows; the second has no image. */
static void
write_images(const char *path)
{
	static const char text[] = "id\tlabel\ta\xC3\xA9.b\tx\n";
	static const char manifest[] = "id\tlabel\n"
	    "a b/\xC3\xA9.1\tcat\nskip/me\tdog\n../up\tcat\n";
	struct mc_images_writer *w;
	struct mc_table *t;
	struct mc_err err;
	FILE *f;

	write_bytes("m.tsv", manifest, sizeof(manifest) - 1);
	f = fopen(path, "wb");
	if (f == NULL || mc_table_read(&t, "m.tsv", &err) != MC_OK ||
	    mc_images_create(&w, f, path, t, &err) != MC_OK ||
	    mc_images_add(w, "jpg", text, 4, &err) != MC_OK)
		abort();
	mc_images_skip(w);
	if (mc_images_add(w, "png", text, sizeof(text), &err) != MC_OK ||
	    mc_images_finish(w, &err) != MC_OK || fclose(f) != 0)
		abort();
	mc_table_free(t);
}

/* Read PATH to its end; the number of images, or the error's status. */
static int
walk(const char *path, struct mc_err *err)
{
	enum mc_status status;
	struct mc_images *im;
	int n = 0;

	status = mc_images_open(&im, path, err);
	if (status != MC_OK)
		return status;
	while ((status = mc_images_next(im, err)) == MC_OK)
		n++;
	mc_images_close(im);
	return status == MC_END ? n : (int)status;
}

static void
test_images(void)
{
	struct mc_images *im;
	struct mc_err err;
	char *name;
	size_t n;

	name = mc_member_name("a b/\xC3\xA9.1", "jpg");
	tap_str(name, "a%20b/%C3%A9%2E1.jpg", "a member's name is plain");
	free(name);
	name = mc_member_name("/a//b/", "jpg");
	tap_str(name, "%2Fa/%2Fb%2F.jpg", "and never absolute");
	free(name);
	name = mc_member_name("__a__/__b__/1", "jpg");
	tap_str(name, "%5F_a__/__b__/1.jpg",
	    "and in no folder that WebDataset passes over");
	free(name);
	name = mc_member_name("__a__", "jpg");
	tap_str(name, "__a__.jpg", "a name with an extension is no such folder");
	free(name);
	TEST(mc_tar_is_special("__a__") && mc_tar_is_special("__a__/1.jpg") &&
	    mc_tar_is_special("____/1") && !mc_tar_is_special("___/1") &&
	    !mc_tar_is_special("__a/b__") && !mc_tar_is_special("b/__a__/1"));

	write_images("x.tar");
	TEST(mc_images_open(&im, "x.tar", &err) == MC_OK);
	TEST(mc_images_rows(im) == 3 && mc_images_find(im, "label") == 1);
	TEST(mc_images_next(im, &err) == MC_OK);
	tap_str(mc_images_get(im, 0), "a b/\xC3\xA9.1", "the first row");
	TEST(memcmp(mc_images_bytes(im, &n), "id\tl", 4) == 0 && n == 4);
	TEST(mc_images_next(im, &err) == MC_OK);
	tap_str(mc_images_get(im, 0), "../up", "the row without image is left");
	TEST(mc_images_skipped(im) == 1);
	TEST(mc_images_next(im, &err) == MC_END);
	mc_images_close(im);
	tap_int(system("test \"$(tar -xOf x.tar --exclude=__end__ | sha256sum "
	    "| cut -d' ' -f1)\" = \"$(tar -xOf x.tar __end__ | "
	    "awk '$1 == \"sha256\" {print $2}')\""), 0,
	    "tar and sha256sum find the digest of __end__");
}

/*
 * Write an image tar of one MEMBER as any program could: its end holds the
 * lines SAID and the right digest.
 */
static void
write_by_hand(const char *manifest, const char *member, const char *bytes,
    const char *said)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	struct mc_buf end = { 0 };
	struct mc_tar_writer *w;
	char hex[MC_SHA256_HEX];
	struct mc_err err;
	FILE *f = fopen("hand.tar", "wb");

	if (f == NULL || mc_tar_create(&w, f, "hand.tar", &err) != MC_OK ||
	    mc_tar_add(w, "__manifest__", manifest, strlen(manifest), digest,
	    &err) != MC_OK ||
	    mc_tar_add(w, member, bytes, strlen(bytes), digest, &err) != MC_OK)
		abort();
	mc_sha256_hex(digest, hex);
	mc_buf_printf(&end, "key\tvalue\n%ssha256\t%s\n", said, hex);
	if (mc_tar_add(w, "__end__", end.data, end.len, NULL, &err) != MC_OK ||
	    mc_tar_finish(w, &err) != MC_OK || fclose(f) != 0)
		abort();
	mc_buf_free(&end);
}

/* What the digest over all does not cover. */
static void
test_agreement(void)
{
	/* sha256sum of "abc" (FIPS 180-2, B.1) */
	static const char row[] = "id\tsha256\na\tba7816bf8f01cfea414140de5d"
	    "ae2223b00361a396177a9cb410ff61f20015ad\n";
	static const char one[] = "format\t1\nimages\t1\n";
	static const struct {
		const char *manifest, *member, *said, *text;
	} cases[] = {
		{ "id\na\n", "a.png", "format\t1\nimages\t2\n",
		    "holds 1 image, but its end says otherwise" },
		{ "id\na\n", "a.png", "format\t2\nimages\t1\n", "its format is "
		    "not 1, which this version reads: pack it again" },
		{ "id\na\nb\n", "a.png", one, "no image for the id \"b\"" },
		{ "id\na\nb\n", "a.png",
		    "skipped\tc\nformat\t1\nimages\t1\n",
		    "no image for the id \"b\"" },
		{ "id\na\n", "a.png", "skipped\ta\nformat\t1\nimages\t1\n",
		    "the skipped id \"a\" is not in the manifest, or has an "
		    "image" },
		{ "id\na\n", "a.", one, "member \"a.\" is not in the manifest, "
		    "or not in its order" },
		{ "id\na\n", "a.png/b", one, "member \"a.png/b\" is not in the "
		    "manifest, or not in its order" },
		{ "id\na\n", "b/..", one, "member \"b/..\": an absolute name "
		    "or one with \"..\" is refused" },
	};
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_by_hand(cases[i].manifest, cases[i].member, "abc",
		    cases[i].said);
		TEST(walk("hand.tar", &err) == MC_EDATA);
		tap_str(strncmp(err.text, "hand.tar: ", 10) == 0 ?
		    err.text + 10 : err.text, cases[i].text, "case %zu", i);
	}
	write_by_hand(row, "a.png", "abc", one);
	tap_int(walk("hand.tar", &err), 1, "an image that fits its row");
	write_by_hand(row, "a.png", "abd", one);
	TEST(walk("hand.tar", &err) == MC_EDATA);
	tap_str(err.text, "hand.tar: the image of \"a\" does not match the "
	    "manifest's sha256: pack it again", "one that does not");
	write_by_hand("id\tsha256\na\t\n", "a.png", "abd", one);
	tap_int(walk("hand.tar", &err), 1, "a row that does not say");
}

/*
 * Every prefix of a stream is refused, and so is every stream with one byte
 * of content changed; none crashes.
 */
static void
test_damage(void)
{
	struct mc_buf whole = read_bytes("x.tar");
	struct mc_err err;
	size_t n, accepted = 0, step = 37;

	for (n = 0; n < whole.len; n += n < 700 ? 1 : step) {
		write_bytes("cut.tar", whole.data, n);
		accepted += walk("cut.tar", &err) >= 0;
	}
	tap_int((long long)accepted, 0, "no prefix of a stream is accepted");
	write_bytes("cut.tar", whole.data, whole.len - 1024);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_ok(strstr(err.text, "two zero blocks") != NULL,
	    "a cut behind the last member is said: %s", err.text);
	write_bytes("cut.tar", whole.data, 0);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_str(err.text, "cut.tar: empty: not a tar archive", "empty is said");
	whole.data[512] ^= 1;
	write_bytes("cut.tar", whole.data, whole.len);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	whole.data[512] ^= 1;
	/* The first image's first byte: manifest 1024, its header 512. */
	whole.data[1536] ^= 1;
	write_bytes("cut.tar", whole.data, whole.len);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_str(err.text, "cut.tar: damaged: its content does not match the "
	    "digest at its end", "a changed byte is said");
	TEST(walk(".", &err) == MC_EDATA);
	tap_str(err.text, ".: a folder: mc-index and mc-pack make an image tar "
	    "of it", "a folder is said");
	write_bytes("cut.tar", "hello", 5);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_str(err.text, "cut.tar: not a tar archive: mc-pack writes image "
	    "tars, mc-train model tars", "a text is said");
	write_bytes("cut.tar", "\037\213\010 and more", 12);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_str(err.text, "cut.tar: compressed: decompress it with zcat",
	    "gzip is said");
	write_bytes("cut.tar", "BZh91AY&SY", 10);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_ok(strstr(err.text, " bzcat") != NULL, "bzip2: %s", err.text);
	write_bytes("cut.tar", "\3757zXZ\0", 7);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_ok(strstr(err.text, " xzcat") != NULL, "xz: %s", err.text);
	write_bytes("cut.tar", "\050\265\057\375\044", 5);
	TEST(walk("cut.tar", &err) == MC_EDATA);
	tap_ok(strstr(err.text, " zstdcat") != NULL, "zstd: %s", err.text);
	mc_buf_free(&whole);
}

/* What tar makes of FILES, a shell command's tail, walked. */
static int
walk_made(const char *make, struct mc_err *err)
{
	if (system(make) != 0)
		abort();
	return walk("made.tar", err);
}

/* What is said of the tar that the shell command MAKE makes. */
static void
is_unlabelled(const char *make, const char *wanted)
{
	struct mc_err err;
	struct mc_images *im;
	char *said;

	if (system(make) != 0 ||
	    mc_images_open(&im, "made.tar", &err) != MC_OK)
		abort();
	while (mc_images_next(im, &err) == MC_OK)
		;
	/* Again behind the end: nothing is counted twice. */
	TEST(mc_images_next(im, &err) == MC_END);
	said = mc_images_unlabelled(im);
	tap_str(said != NULL ? said : "", wanted, "%s", make);
	free(said);
	mc_images_close(im);
}

static void
test_unlabelled(void)
{
	static const char said[] = "made.tar: no label was found for 2 images, "
	    "such as that of member \"l/1.%s\": write labels to KEY.cls, or as "
	    "\"label\" to KEY.json";
	char wanted[200];

	(void)snprintf(wanted, sizeof(wanted), said, "cls.gz");
	is_unlabelled("mkdir -p l; printf img >l/1.jpg; printf img >l/2.jpg; "
	    "echo 1 | gzip >l/1.cls.gz; cp l/1.cls.gz l/2.cls.gz; printf img "
	    ">l/3.jpg; tar --sort=name -cf made.tar l", wanted);
	(void)snprintf(wanted, sizeof(wanted), said, "json");
	is_unlabelled("rm l/*.gz; echo '{\"class\": 1}' >l/1.json; echo 1 "
	    ">l/2.pyd; tar --sort=name -cf made.tar l", wanted);
	is_unlabelled("rm l/2.pyd; echo '{\"label\": null}' >l/1.json; tar "
	    "--sort=name -cf made.tar l", "");
	is_unlabelled("echo 0 >l/1.cls; tar --sort=name -cf made.tar l", "");
}

static void
test_foreign(void)
{
	struct mc_images *im;
	struct mc_err err;

	tap_int(walk_made("mkdir -p d; printf img >d/1.jpg; printf '3\n' "
	    ">d/1.cls; printf img >d/2.jpg; printf x >d/2.txt; tar -cf "
	    "made.tar d/1.jpg d/1.cls d/2.jpg d/2.txt", &err), 2,
	    "a WebDataset shard is read");
	TEST(mc_images_open(&im, "made.tar", &err) == MC_OK);
	TEST(mc_images_rows(im) == -1);
	TEST(mc_images_next(im, &err) == MC_OK);
	tap_str(mc_images_get(im, 0), "d/1", "its key is the id");
	tap_str(mc_images_get(im, 1), "3", "its cls the label");
	TEST(mc_images_next(im, &err) == MC_OK);
	tap_str(mc_images_get(im, 1), "x", "without cls, its txt");
	TEST(mc_images_next(im, &err) == MC_END);
	mc_images_close(im);
	test_unlabelled();
	tap_int(walk_made("n=$(printf 'd/%0120d\\303\\251.jpg' 1); cp d/1.jpg "
	    "$n; tar -H pax -cf made.tar $n", &err), 1,
	    "a long name of other than ASCII, in the C locale");
	TEST(walk_made("head -c 2560 made.tar >cut; mv cut made.tar", &err) ==
	    MC_EDATA);
	TEST(walk_made("tar -cPf made.tar \"$PWD/d/1.jpg\"", &err) == MC_EDATA);
	tap_ok(strstr(err.text, "absolute name") != NULL, "%s", err.text);
	TEST(walk_made("mkdir -p d/e; (cd d/e; tar -cPf ../../made.tar "
	    "../1.jpg)", &err) == MC_EDATA);
	TEST(walk_made("ln -sf 1.jpg d/l.jpg; tar -cf made.tar d/l.jpg",
	    &err) == MC_EDATA);
	tap_ok(strstr(err.text, "links and devices are refused") != NULL,
	    "%s", err.text);
	TEST(walk_made("tar -cf made.tar d/2.txt", &err) == MC_EDATA);
	tap_str(err.text, "made.tar: member \"d/2.txt\": no image has the key "
	    "\"d/2\": leave it out", "a sample without image is an error");
	TEST(walk_made("echo >d/README; tar -cf made.tar d/README", &err) ==
	    MC_EDATA);
	tap_str(err.text, "made.tar: contains no image", "no image");
	TEST(walk_made("truncate -s 1M d/1.jpg; tar -S -H gnu -cf made.tar "
	    "d/1.jpg; printf img >d/1.jpg", &err) == MC_EDATA);
	tap_ok(strstr(err.text, "a sparse file") != NULL, "%s", err.text);
	TEST(walk_made("truncate -s 1M d/1.jpg; tar -S -H pax -cf made.tar "
	    "d/1.jpg; printf img >d/1.jpg", &err) == MC_EDATA);
	tap_ok(strstr(err.text, "a sparse file") != NULL, "%s", err.text);
	TEST(walk_made("truncate -s 1073741825 d/1.jpg; tar -cf - d/1.jpg | "
	    "head -c 10240 >made.tar; printf img >d/1.jpg", &err) == MC_EDATA);
	tap_str(err.text, "made.tar: member \"d/1.jpg\": 1073741825 bytes, "
	    "more than the limit of 1073741824",
	    "more than 1 GiB is refused before it is read");
	TEST(walk_made("tar -H v7 -cf v7.tar d/2.jpg; cat x.tar v7.tar "
	    ">made.tar", &err) == MC_EDATA);
	tap_str(err.text, "made.tar: another archive after the end of the "
	    "first: give one at a time", "so is one in the format of 1979");
	TEST(walk_made("cat x.tar x.tar >made.tar", &err) == MC_EDATA);
	tap_str(err.text, "made.tar: another archive after the end of the "
	    "first: give one at a time", "archives put together are said");
	TEST(walk_made("tar -b 200 -cf made.tar d/1.jpg; cat x.tar >>made.tar",
	    &err) == MC_EDATA);
	TEST(walk_made("(cat x.tar; head -c 100000 /dev/urandom) >made.tar",
	    &err) == 2);
	TEST(walk_made("gzip -c <x.tar >made.tar", &err) == MC_EDATA);
	tap_ok(strstr(err.text, "zcat") != NULL, "%s", err.text);
}

static void
test_model(void)
{
	struct mc_keyvalue *about = mc_keyvalue_alloc();
	struct mc_model m = { .about = about };
	struct mc_buf whole;
	struct mc_err err;
	size_t n, accepted = 0;
	char bytes[8];
	FILE *f;

	for (n = 0; n < 3; n++)
		mc_keyvalue_add(about, "class", "%zu", n);
	tap_str(mc_keyvalue_get(about, "class", 2), "2", "a repeated key");
	TEST(mc_keyvalue_get(about, "class", 3) == NULL);
	TEST(mc_keyvalue_get(about, "clas", 0) == NULL);
	TEST(mc_keyvalue_get(about, "d", 0) == NULL);
	mc_keyvalue_add(about, "seed", "%d", 7);
	TEST(mc_keyvalue_get(about, "class", 3) == NULL);
	mc_keyvalue_add(about, "backbone", "resnet%d", 18);
	mc_buf_puts(&m.images, "sha256\trole\n");
	mc_buf_puts(&m.log, "epoch\tloss\n");
	m.head = mc_spool_open(&err);
	fputs("12345", m.head);
	f = fopen("m.tar", "wb");
	TEST(mc_model_write(f, "m.tar", &m, &err) == MC_OK);
	fclose(f);
	mc_model_clear(&m);
	TEST(mc_model_read(&m, "m.tar", &err) == MC_OK);
	tap_str(mc_keyvalue_get(m.about, "backbone", 0), "resnet18", "a key");
	TEST(fread(bytes, 1, sizeof(bytes), m.head) == 5 &&
	    memcmp(bytes, "12345", 5) == 0);
	TEST(m.images.len == 12 && m.log.len == 11);
	TEST(m.backbone == NULL);
	mc_model_clear(&m);
	whole = read_bytes("m.tar");
	for (n = 0; n < whole.len; n += 61) {
		write_bytes("cut.tar", whole.data, n);
		if (mc_model_read(&m, "cut.tar", &err) == MC_OK) {
			accepted++;
			mc_model_clear(&m);
		}
	}
	tap_int((long long)accepted, 0, "no prefix of a model is accepted");
	for (n = 0; memcmp(whole.data + n, "12345", 5) != 0; n++)
		;
	whole.data[n] ^= 1;
	write_bytes("flipped.tar", whole.data, whole.len);
	TEST(mc_model_read(&m, "flipped.tar", &err) == MC_EDATA);
	tap_str(err.text, "flipped.tar: damaged: its content does not match "
	    "the digest at its end", "one bit of the head flipped");
	TEST(system("for f in __model__ backbone.safetensors; do "
	    "tar -xOf m.tar __model__ >$f; done; tar --hard-dereference -cf twice.tar "
	    "__model__ backbone.safetensors backbone.safetensors") == 0);
	TEST(mc_model_read(&m, "twice.tar", &err) == MC_EDATA);
	tap_str(err.text, "twice.tar: two members are named "
	    "\"backbone.safetensors\"", "two backbones");
	TEST(mc_model_read(&m, "x.tar", &err) == MC_EDATA);
	tap_str(err.text, "x.tar: not a model tar: its first member is not "
	    "__model__", "an image tar is no model");
	mc_buf_free(&whole);
}

/* sha256sum of "abc" and of "" */
static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410"
    "ff61f20015ad";
static const char nothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
    "a495991b7852b855";

/* Two images of three features. */
static void
write_features(const char *path)
{
	static const char *const columns[] = { "id", "label" };
	static const char *const rows[][2] = { { "a", "cat" }, { "b", "" } };
	static const float values[][3] = { { 1, -2, 0.5F }, { 3, 4, 1e-30F } };
	struct mc_keyvalue *about = mc_keyvalue_alloc();
	struct mc_features_writer *w;
	struct mc_err err;
	FILE *f = fopen(path, "wb");

	mc_keyvalue_add(about, "backbone", "resnet18");
	mc_keyvalue_add(about, "images_bad", "7");
	mc_keyvalue_add(about, "manifest_sha256", "%s", nothing);
	if (f == NULL ||
	    mc_features_create(&w, columns, 2, 3, &err) != MC_OK ||
	    mc_features_add(w, rows[0], abc, values[0], &err) != MC_OK ||
	    mc_features_add(w, rows[1], nothing, values[1], &err) != MC_OK ||
	    mc_features_finish(w, f, path, about, &err) != MC_OK ||
	    fclose(f) != 0)
		abort();
	mc_keyvalue_free(about);
}

static void
test_features(void)
{
	static const char *const taken[] = { "id", "image_sha256" };
	struct mc_features_writer *w;
	char hex[MC_SHA256_HEX];
	struct mc_images *im;
	const float *values;
	struct mc_err err;
	size_t n;

	write_features("f.tar");
	TEST(mc_images_open(&im, "f.tar", &err) == MC_OK);
	TEST(mc_images_dim(im) == 3 && mc_images_rows(im) == 2);
	tap_str(mc_keyvalue_get(mc_images_about(im), "backbone", 0), "resnet18",
	    "a key, before the first row");
	TEST(mc_images_columns(im) == 2 && mc_images_find(im, "label") == 1);
	TEST(mc_images_find(im, "image_sha256") == -1);
	TEST(!mc_images_empty(im, 1));
	TEST(mc_images_skipped(im) == 7);
	tap_str(mc_images_manifest_sha256(im), nothing, "the manifest's digest "
	    "is the image tar's");
	TEST(mc_images_next(im, &err) == MC_OK);
	tap_str(mc_images_get(im, 1), "cat", "a field");
	mc_images_sha256(im, hex);
	tap_str(hex, abc, "the digest is that of the image");
	values = mc_images_bytes(im, &n);
	TEST(n == 12 && values[0] == 1 && values[1] == -2 && values[2] == 0.5F);
	TEST(mc_images_next(im, &err) == MC_OK);
	values = mc_images_bytes(im, &n);
	TEST(n == 12 && values[0] == 3 && values[1] == 4 && values[2] == 1e-30F);
	TEST(mc_images_next(im, &err) == MC_END);
	mc_images_close(im);

	TEST(mc_images_open(&im, "x.tar", &err) == MC_OK);
	TEST(mc_images_dim(im) == 0 && mc_images_about(im) == NULL);
	TEST(mc_images_next(im, &err) == MC_OK);
	mc_images_sha256(im, hex);
	mc_images_close(im);
	/* printf 'id\tl' | sha256sum */
	tap_str(hex, "aa216e97cc777f09a6bdbe508cce2d720877bd1f"
	    "4e41a534bbaf73f39173d140", "an image's digest");
	TEST(mc_features_create(&w, taken, 2, 3, &err) == MC_EDATA);
	tap_str(err.text, "the manifest has a column \"image_sha256\" already: "
	    "rename it", "a column of that name");
}

/* The digest of all that PATH gives to a reader; "": it is refused. */
static void
digest_features(const char *path, char hex[MC_SHA256_HEX])
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	enum mc_status status;
	struct mc_images *im;
	struct mc_buf about = { 0 };
	char image[MC_SHA256_HEX];
	struct mc_err err;
	size_t n, c;

	status = mc_images_open(&im, path, &err);
	if (status == MC_OK) {
		mc_keyvalue_print(mc_images_about(im), &about);
		mc_sha256_add(digest, about.data, about.len);
	}
	while (status == MC_OK &&
	    (status = mc_images_next(im, &err)) == MC_OK) {
		for (c = 0; c < mc_images_columns(im); c++) {
			const char *field = mc_images_get(im, c);

			mc_sha256_add(digest, field, strlen(field) + 1);
		}
		mc_images_sha256(im, image);
		mc_sha256_add(digest, image, sizeof(image));
		mc_sha256_add(digest, mc_images_bytes(im, &n), 12);
	}
	mc_images_close(im);
	mc_buf_free(&about);
	mc_sha256_hex(digest, hex);
	if (status != MC_END)
		hex[0] = '\0';
}

static void
test_damaged_features(void)
{
	struct mc_buf whole = read_bytes("f.tar");
	size_t n, accepted = 0, changed = 0, refused = 0;
	char first[MC_SHA256_HEX], hex[MC_SHA256_HEX];
	struct mc_err err;

	for (n = 0; n < whole.len; n += n % 512 < 30 ? 1 : 37) {
		write_bytes("cut.tar", whole.data, n);
		accepted += walk("cut.tar", &err) >= 0;
	}
	tap_int((long long)accepted, 0, "no prefix of features is accepted");
	/* The members begin at 0, 1024, 2048 and 3072. */
	for (n = 1024; n < whole.len - 1024; n += 1024) {
		write_bytes("cut.tar", whole.data, n);
		TEST(walk("cut.tar", &err) == MC_EDATA);
		tap_ok(strstr(err.text, "two zero blocks") != NULL, "cut behind "
		    "a member: %s", err.text);
		write_bytes("ended.tar", whole.data, n);
		TEST(system("head -c 1024 /dev/zero >>ended.tar") == 0);
		TEST(walk("ended.tar", &err) == MC_EDATA);
		tap_str(err.text, "ended.tar: ends without its __end__ member: "
		    "was it cut?", "and made a tar");
	}
	digest_features("f.tar", first);
	TEST(first[0] != '\0');
	for (n = 0; n < whole.len; n++) {
		whole.data[n] ^= 4;
		write_bytes("bit.tar", whole.data, whole.len);
		whole.data[n] ^= 4;
		digest_features("bit.tar", hex);
		refused += hex[0] == '\0';
		changed += hex[0] != '\0' && strcmp(hex, first) != 0;
	}
	tap_int((long long)changed, 0, "a flipped bit changes nothing that is "
	    "accepted");
	tap_ok(refused > 1000, "a flipped bit is refused %zu times", refused);
	whole.data[2048 + 512 + 128] ^= 1;
	write_bytes("bit.tar", whole.data, whole.len);
	TEST(walk("bit.tar", &err) == MC_EDATA);
	tap_str(err.text, "bit.tar: damaged: its content does not match the "
	    "digest at its end", "a feature");
	mc_buf_free(&whole);
}

/*
 * Write a features tar of the two rows "a" and "b" as any program could: with
 * the keys ABOUT and a features.npy whose header says what DICT says, followed
 * by the N values.
 */
static void
write_features_by_hand(const char *about, const char *manifest,
    const char *dict, const float *values, size_t n, const char *said)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	struct mc_buf npy = { 0 }, end = { 0 }, keys = { 0 };
	struct mc_tar_writer *w;
	char hex[MC_SHA256_HEX];
	struct mc_err err;
	FILE *f = fopen("hand.tar", "wb");

	mc_buf_printf(&keys, "key\tvalue\n%s", about);
	mc_buf_add(&npy, "\x93NUMPY\1\0", 8);
	mc_buf_add(&npy, (unsigned char[]){ (unsigned char)strlen(dict), 0 }, 2);
	mc_buf_puts(&npy, dict);
	mc_buf_add(&npy, values, n * sizeof(*values));
	if (f == NULL || mc_tar_create(&w, f, "hand.tar", &err) != MC_OK ||
	    mc_tar_add(w, "__features__", keys.data, keys.len, digest, &err) !=
	    MC_OK || mc_tar_add(w, "__manifest__", manifest, strlen(manifest),
	    digest, &err) != MC_OK || mc_tar_add(w, "features.npy", npy.data,
	    npy.len, digest, &err) != MC_OK)
		abort();
	mc_sha256_hex(digest, hex);
	mc_buf_printf(&end, "key\tvalue\n%ssha256\t%s\n", said, hex);
	if (mc_tar_add(w, "__end__", end.data, end.len, NULL, &err) != MC_OK ||
	    mc_tar_finish(w, &err) != MC_OK || fclose(f) != 0)
		abort();
	mc_buf_free(&npy);
	mc_buf_free(&end);
	mc_buf_free(&keys);
}

#define DICT(descr, order, shape) \
	"{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"

static void
test_features_by_hand(void)
{
#define GOOD	DICT("'<f4'", "False", "(2, 2)")
#define KEYS	"dim\t2\nformat\t1\n"
#define WRONG	": not float32 in C order with one row per image: " \
	"numpy.ascontiguousarray(x, \"<f4\")"
	static const struct {
		const char *about, *dict;
		float last;
		const char *said, *text;
	} cases[] = {
		{ KEYS, GOOD, 4, "images\t2\n", NULL },
		{ KEYS, "{'shape': (2,2),'descr':'<f4' ,'fortran_order':False}",
		    4, "images\t2\n", NULL },
		{ KEYS, GOOD, 4, "images\t3\n",
		    "has features of 2 images, but its end says otherwise" },
		{ KEYS, GOOD, INFINITY, "images\t2\n",
		    "id \"b\": feature 1 is not finite" },
		{ KEYS, GOOD, NAN, "images\t2\n",
		    "id \"b\": feature 1 is not finite" },
		{ "dim\t2\nformat\t2\n", GOOD, 4, "", "features of format 2; "
		    "this version of mctools reads format 1: run mc-embed "
		    "again" },
		{ "format\t1\n", GOOD, 4, "", "features.npy has 2 columns, and "
		    "__features__ says dim nowhere" },
		{ "dim\t3\nformat\t1\n", GOOD, 4, "", "features.npy has 2 "
		    "columns, and __features__ says dim 3" },
		{ KEYS "images_bad\tx\n", GOOD, 4, "", "__features__: "
		    "images_bad: \"x\" is not a whole number" },
		{ KEYS "images_bad\t-1\n", GOOD, 4, "", "__features__: "
		    "images_bad: -1 is less than 0 or too large" },
		{ KEYS, DICT("'<f4'", "False", "(1, 2)"), 4, "",
		    "features.npy has 1 row, the manifest 2" },
		{ "dim\t3\nformat\t1\n", DICT("'<f4'", "False", "(2, 3)"), 4,
		    "", "features.npy: 16 bytes of values are not 2 x 3 in "
		    "float32" },
		{ "dim\t1\nformat\t1\n", DICT("'<f4'", "False", "(2, 1)"), 4,
		    "", "features.npy: 16 bytes of values are not 2 x 1 in "
		    "float32" },
		{ KEYS, DICT("'<f8'", "False", "(2, 2)"), 4, "", "features.npy: "
		    DICT("'<f8'", "False", "(2, 2)") WRONG },
		{ KEYS, DICT("'>f4'", "False", "(2, 2)"), 4, "", "features.npy: "
		    DICT("'>f4'", "False", "(2, 2)") WRONG },
		{ KEYS, DICT("'<f4'", "True", "(2, 2)"), 4, "", "features.npy: "
		    DICT("'<f4'", "True", "(2, 2)") WRONG },
		{ KEYS, DICT("'<f4'", "False", "(4,)"), 4, "", "features.npy: "
		    DICT("'<f4'", "False", "(4,)") WRONG },
		{ KEYS, DICT("'<f4'", "False", "(2, 2, 1)"), 4, "",
		    "features.npy: " DICT("'<f4'", "False", "(2, 2, 1)") WRONG },
		{ KEYS, DICT("'<f4'", "False", "(2, 0)"), 4, "", "features.npy: "
		    DICT("'<f4'", "False", "(2, 0)") WRONG },
		{ KEYS, DICT("'<f4'", "False", "(2, 99999999)"), 4, "",
		    "99999999 features per image, more than the limit of "
		    "16777216" },
		{ KEYS, DICT("'<f4'", "False", "(2, 99999999999999999999)"), 4,
		    "", "features.npy: " DICT("'<f4'", "False",
		    "(2, 99999999999999999999)") WRONG },
		{ KEYS, "", 4, "", "features.npy: " WRONG },
	};
	char manifest[512];
	struct mc_err err;
	size_t i;

	snprintf(manifest, sizeof(manifest), "id\timage_sha256\na\t%s\nb\t%s\n",
	    abc, abc);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const float values[] = { 1, 2, 3, cases[i].last };
		int n;

		write_features_by_hand(cases[i].about, manifest, cases[i].dict,
		    values, 4, cases[i].said);
		n = walk("hand.tar", &err);
		TEST(n == (cases[i].text == NULL ? 2 : MC_EDATA));
		if (cases[i].text != NULL)
			tap_str(err.text + 10, cases[i].text,
			    "features, case %zu", i);
	}
	snprintf(manifest, sizeof(manifest), "id\tsha256\na\t%s\nb\t%s\n",
	    abc, abc);
	write_features_by_hand(KEYS, manifest, GOOD, (float[4]){ 0 }, 4, "");
	TEST(walk("hand.tar", &err) == MC_EDATA);
	tap_str(err.text, "hand.tar: __manifest__: the last column is not "
	    "\"image_sha256\"", "a manifest without the digests");
	write_features_by_hand(KEYS, "id\timage_sha256\na\t12\nb\t13\n", GOOD,
	    (float[4]){ 0 }, 4, "");
	TEST(walk("hand.tar", &err) == MC_EDATA);
	tap_str(err.text, "hand.tar: id \"a\": image_sha256 \"12\" is not a "
	    "SHA-256", "a digest that is none");
	TEST(walk_made("rm -rf u && mkdir u && tar -xf f.tar -C u && tar -C u "
	    "-cf made.tar __features__ features.npy __manifest__ __end__",
	    &err) == MC_EDATA);
	tap_str(err.text, "made.tar: member \"features.npy\" where "
	    "\"__manifest__\" belongs", "another order");
	TEST(walk_made("printf x >u/more; tar -C u -cf made.tar __features__ "
	    "__manifest__ features.npy more __end__", &err) == MC_EDATA);
	tap_str(err.text, "made.tar: member \"more\" where \"__end__\" "
	    "belongs", "a member that does not belong there");
	TEST(walk_made("printf '\\4' | dd of=u/features.npy bs=1 seek=6 "
	    "conv=notrunc status=none; tar -C u -cf made.tar __features__ "
	    "__manifest__ features.npy __end__", &err) == MC_EDATA);
	tap_str(err.text, "made.tar: features.npy: NumPy format 4.0, not 1.0, "
	    "2.0 or 3.0: numpy.lib.format.write_array(f, x, (1, 0))",
	    "another format of NumPy's");
	TEST(walk_made("printf 'hello, world' >u/features.npy; tar -C u -cf "
	    "made.tar __features__ __manifest__ features.npy __end__",
	    &err) == MC_EDATA);
	tap_str(err.text, "made.tar: features.npy: not a NumPy file",
	    "another kind of file");
}

int
main(void)
{
	test_images();
	test_agreement();
	test_damage();
	test_foreign();
	test_model();
	test_features();
	test_damaged_features();
	test_features_by_hand();
	return tap_done();
}
