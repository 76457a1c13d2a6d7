/*
 * The way from images to batches: workers, the order of an epoch, the feed.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/workers.h"
#include "image/decode.h"
#include "image/encode.h"
#include "learn/feed.h"
#include "learn/order.h"
#include "learn/tta.h"
#include "table/tsv.h"
#include "tap.h"

#define IMAGES 11
#define CROP 8

static struct mc_torch *t;
static struct mc_err err;
static struct mc_preprocess pre;
static char bad_ids[256];

/* --- Workers ----------------------------------------------------------------- */

struct pieces {
	atomic_int times[1000];
	atomic_size_t done;
};

static void
count_piece(void *pieces, size_t number)
{
	struct pieces *p = pieces;

	atomic_fetch_add(&p->times[number], 1);
	atomic_fetch_add(&p->done, 1);
}

static void
test_workers(int background)
{
	struct pieces p = { .done = 0 };
	struct mc_workers *w = mc_workers_alloc(background, count_piece, &p);
	size_t i, early;
	int wrong = 0;

	mc_workers_add(w, 300);
	mc_workers_wait(w, 100);
	early = atomic_load(&p.done);
	mc_workers_add(w, 700);
	mc_workers_wait(w, 1000);
	for (i = 0; i < 1000; i++)
		wrong += atomic_load(&p.times[i]) != 1;
	tap_ok(early >= 100, "%d workers: those waited for are done",
	    background);
	tap_int(wrong, 0, "%d workers: each piece is done once", background);
	/* Added, and not waited for: done or dropped, but not touched later. */
	mc_workers_free(w);
	w = mc_workers_alloc(background, count_piece, &p);
	mc_workers_add(w, 1000);
	mc_workers_free(w);
	mc_workers_free(NULL);
}

/* --- The order of an epoch ----------------------------------------------------- */

static void
test_order(void)
{
	enum { N = 101 };
	size_t index[N], all[N], part[N], other[N], k, n, i, found = 0;
	uint64_t key[2 * N];
	int wrong = 0, seen[2 * N] = { 0 }, moved = 0;

	for (i = 0; i < 2 * N; i++)
		key[i] = 7919 * i;
	for (i = 0; i < N; i++)
		index[i] = 2 * i;
	TEST(mc_epoch_order(index, N, key, 5, 1, 0, 1, all) == N);
	for (i = 0; i < N; i++) {
		seen[all[i]]++;
		wrong += i > 0 &&
		    mc_stream_hash(5, "shuffle", 1, key[all[i - 1]]) >
		    mc_stream_hash(5, "shuffle", 1, key[all[i]]);
	}
	for (i = 0; i < N; i++)
		wrong += seen[index[i]] != 1;
	tap_int(wrong, 0, "an order has each index once, by its hash");
	for (k = 0; k < 3; k++) {
		n = mc_epoch_order(index, N, key, 5, 1, k, 3, part);
		tap_int((long long)n, k < 2 ? 34 : 33, "process %zu of 3", k);
		for (i = 0; i < n; i++)
			found += part[i] == all[3 * i + k];
	}
	tap_int((long long)found, N, "three processes share the order");
	mc_epoch_order(index, N, key, 5, 2, 0, 1, other);
	for (i = 0; i < N; i++)
		moved += all[i] != other[i];
	tap_ok(moved > N / 2, "another epoch has another order");
	mc_epoch_order(index, N, key, 6, 1, 0, 1, other);
	for (moved = 0, i = 0; i < N; i++)
		moved += all[i] != other[i];
	tap_ok(moved > N / 2, "another seed has another order");
	/* Equal keys: in the order of the index. */
	memset(key, 0, sizeof(key));
	mc_epoch_order(index, N, key, 5, 1, 0, 1, other);
	TEST(memcmp(other, index, sizeof(index)) == 0);
}

static void
test_copies(void)
{
	static const size_t order[] = { 2, 0, 2, 2, 1, 0 };
	static const uint64_t key[] = { 10, 20, 30 };
	static const uint64_t wanted[] = { 30, 10, 31, 32, 20, 11 };
	uint64_t out[6];

	mc_copy_keys(order, 6, key, 3, out);
	tap_ok(memcmp(out, wanted, sizeof(out)) == 0, "copies of an image are "
	    "augmented by keys of their own");
}

/* --- The feed -------------------------------------------------------------------- */

/* Image I of the tar: 10 x 9 pixels; one of them is no image at all. */
static struct mc_image
make_image(int i)
{
	struct mc_image image = { 10, 9, mc_xcalloc(270, 1) };
	int k;

	for (k = 0; k < 270; k++)
		image.rgb[k] = (unsigned char)(k * 7 + i * 31);
	return image;
}

/* IMAGE as a TIFF, whose samples of 16 bits hold 12; its size. */
static size_t
encode_tiff(const struct mc_image *image, unsigned char **bytes)
{
	const uint16_t width = (uint16_t)image->width;
	const uint16_t height = (uint16_t)image->height;
	const uint16_t n = (uint16_t)(3 * width * height);
	/* Tag, type (3: short), count twice, value twice; 122 is behind. */
	const uint16_t head[] = { 0x4949, 42, 8, 0, 9,
	    256, 3, 1, 0, width, 0, 257, 3, 1, 0, height, 0,
	    258, 3, 3, 0, 122, 0, 259, 3, 1, 0, 1, 0, 262, 3, 1, 0, 2, 0,
	    273, 3, 1, 0, 128, 0, 277, 3, 1, 0, 3, 0,
	    278, 3, 1, 0, height, 0, 279, 3, 1, 0, (uint16_t)(2 * n), 0,
	    0, 0, 16, 16, 16 };
	struct mc_buf out = { 0 };
	size_t i;

	for (i = 0; i < sizeof(head) / sizeof(*head); i++)
		mc_buf_add(&out, (unsigned char[]){ head[i] & 255,
		    head[i] >> 8 }, 2);
	for (i = 0; i < n; i++)
		mc_buf_add(&out, (unsigned char[]){
		    (unsigned char)(image->rgb[i] << 4),
		    image->rgb[i] >> 4 }, 2);
	*bytes = (unsigned char *)out.data;
	return out.len;
}

/* Each odd image is a TIFF of 12 bits. */
static void
make_tar(const char *path, int broken)
{
	struct mc_images_writer *w;
	struct mc_table *manifest;
	FILE *f = fopen("m.tsv", "w");
	int i;

	fprintf(f, "id\tbits\n");
	for (i = 0; i < IMAGES; i++)
		fprintf(f, "i%02d\t%s\n", i, i % 2 ? "12" : "");
	fclose(f);
	f = fopen(path, "wb");
	if (mc_table_read(&manifest, "m.tsv", &err) != MC_OK ||
	    mc_images_create(&w, f, path, manifest, &err) != MC_OK)
		abort();
	for (i = 0; i < IMAGES; i++) {
		struct mc_image image = make_image(i);
		unsigned char *bytes;
		size_t n;

		if (i % 2)
			n = encode_tiff(&image, &bytes);
		else if (mc_image_encode_png(&image, &bytes, &n, &err) != MC_OK)
			abort();
		if (mc_images_add(w, i % 2 ? "tif" : "png", bytes,
		    i == broken ? n / 2 : n, &err) != MC_OK)
			abort();
		free(bytes);
		mc_image_free(&image);
	}
	if (mc_images_finish(w, &err) != MC_OK || fclose(f) != 0)
		abort();
	mc_table_free(manifest);
}

/* What image I becomes, by the functions that the feed stands on. */
static float *
expected(int i)
{
	struct mc_image image = make_image(i);
	float *x = mc_xreallocarray(NULL, mc_preprocess_size(&pre),
	    sizeof(*x));

	mc_preprocess_image(&pre, &image, x);
	mc_image_free(&image);
	return x;
}

static int
number_of(const struct mc_feed *f, size_t i)
{
	return atoi(mc_feed_get(f, i, 0) + 1);
}

/* Whether the pixels of item I, which is image NUMBER, are another one's. */
static bool
wrong_pixels(const struct mc_feed *f, size_t i, int number)
{
	size_t size = mc_preprocess_size(&pre);
	float *x = mc_xcalloc(size, sizeof(*x)), *want = expected(number);
	bool wrong;

	mc_preprocess_normalize(&pre, mc_feed_pixels(f, i), x);
	wrong = memcmp(want, x, size * sizeof(*x)) != 0;
	free(want);
	free(x);
	return wrong;
}

/* How many images of the present batch are not as they should be. */
static int
check_batch(const struct mc_feed *f, const int *number)
{
	size_t n = mc_feed_count(f), size = mc_preprocess_size(&pre), i;
	float *x = mc_xcalloc(n * size, sizeof(*x)), *want;
	int wrong = 0;

	mc_scope_open(t);
	mc_to_f32(t, mc_feed_tensor(f, t), x, n * size);
	mc_scope_close(t, NULL);
	if (mc_torch_check(t, &err) != MC_OK)
		tap_ok(false, "%s", err.text);
	for (i = 0; i < n; i++) {
		want = expected(number[i]);
		wrong += memcmp(want, x + i * size, size * sizeof(*x)) != 0;
		free(want);
	}
	free(x);
	return wrong;
}

static enum mc_status
want_few(const struct mc_images *images, bool *wanted, void *arg,
    struct mc_err *e)
{
	const char *not_wanted = arg;

	(void)e;
	*wanted = strcmp(mc_images_get(images, 0), not_wanted) != 0;
	return MC_OK;
}

static void
note_bad(const char *id, const char *why, void *arg)
{
	(void)why;
	(void)arg;
	strcat(bad_ids, id);
}

/* Each pass gives the images in the order of the rows, whatever the threads. */
static void
test_images(int threads, size_t ahead, size_t batch)
{
	const struct mc_feed_options o = { .preprocess = &pre, .batch = batch,
	    .threads = threads, .ahead = ahead, .digests = true,
	    .want = want_few, .bad = note_bad,
	    .arg = (void *)(intptr_t)"i03" };
	struct mc_images *images;
	struct mc_feed *f;
	enum mc_status status;
	int number[IMAGES], wrong = 0, next = 0;
	char hex[MC_SHA256_HEX];
	const void *bytes;
	size_t size, i;

	bad_ids[0] = '\0';
	make_tar("i.tar", 6);
	if (mc_images_open(&images, "i.tar", &err) != MC_OK)
		abort();
	f = mc_feed_images(images, &o);
	while ((status = mc_feed_next(f, &err)) == MC_OK) {
		for (i = 0; i < mc_feed_count(f); i++) {
			next += next == 3 || next == 6;
			number[i] = number_of(f, i);
			wrong += number[i] != next++;
			bytes = mc_feed_bytes(f, i, &size);
			mc_sha256_bytes(bytes, size, hex);
			wrong += strcmp(hex, mc_feed_sha256(f, i)) != 0;
			wrong += wrong_pixels(f, i, number[i]);
		}
		wrong += check_batch(f, number);
	}
	TEST(status == MC_END && mc_feed_next(f, &err) == MC_END);
	tap_int(wrong, 0, "a tar, %d threads, %zu ahead, batches of %zu",
	    threads, ahead, batch);
	tap_int(next, IMAGES, "all images come");
	tap_str(bad_ids, "i06", "the bad image is reported once");
	TEST(mc_feed_taken(f) == IMAGES && mc_feed_unwanted(f) == 1 &&
	    mc_feed_bad(f) == 1);
	mc_feed_free(f);
	mc_images_close(images);
}

/* Of each image also its mirror image; the last batch is smaller. */
static void
test_views(int threads, size_t ahead)
{
	struct mc_tta tta;
	const struct mc_feed_options o = { .preprocess = &pre, .batch = 4,
	    .threads = threads, .ahead = ahead, .tta = &tta, .bad = note_bad };
	size_t size = mc_preprocess_size(&pre), n, i;
	float x[4 * 3 * CROP * CROP], y[4 * 3 * CROP * CROP];
	struct mc_images *images;
	struct mc_feed *f;
	int number[4], wrong = 0, batches = 0;

	make_tar("v.tar", 6);
	if (mc_tta_parse(&tta, "flip", 0, 1, &err) != MC_OK ||
	    mc_images_open(&images, "v.tar", &err) != MC_OK)
		abort();
	f = mc_feed_images(images, &o);
	for (; mc_feed_next(f, &err) == MC_OK; batches++) {
		n = mc_feed_count(f);
		for (i = 0; i < n; i++)
			number[i] = number_of(f, i);
		wrong += check_batch(f, number);
		mc_scope_open(t);
		mc_to_f32(t, mc_feed_view(f, t, 0), x, n * size);
		mc_to_f32(t, mc_feed_view(f, t, 1), y, n * size);
		mc_scope_close(t, NULL);
		for (i = 0; i < n * size; i++)
			wrong += y[i] != x[i / CROP * CROP + CROP - 1 -
			    i % CROP];
	}
	tap_int(batches, 3, "two views of three batches");
	tap_int(wrong, 0, "the second is mirrored: %d threads, %zu ahead",
	    threads, ahead);
	mc_feed_free(f);
	mc_images_close(images);
}

/* The image is named whose values, two each, are not finite. */
static void
test_not_finite(void)
{
	const struct mc_feed_options o = { .preprocess = &pre, .batch = 4,
	    .threads = 1 };
	float values[] = { 0, 0, 0, 0, 0, 0, 0, 0 };
	struct mc_images *images;
	struct mc_feed *f;

	make_tar("n.tar", -1);
	if (mc_images_open(&images, "n.tar", &err) != MC_OK)
		abort();
	f = mc_feed_images(images, &o);
	if (mc_feed_next(f, &err) != MC_OK)
		abort();
	TEST(mc_feed_check_finite(f, values, 2, &err) == MC_OK);
	values[5] = INFINITY;
	TEST(mc_feed_check_finite(f, values, 2, &err) == MC_EDATA);
	tap_ok(strstr(err.text, "n.tar: id \"i02\": ") == err.text, "%s",
	    err.text);
	mc_feed_free(f);
	mc_images_close(images);
}

/* The batches before what is wrong come first, however far ahead it is seen. */
static void
test_errors(size_t ahead)
{
	const struct mc_feed_options o = { .preprocess = &pre, .batch = 2,
	    .threads = 2, .ahead = ahead };
	struct mc_images *images;
	struct mc_feed *f;
	int n = 0;

	make_tar("b.tar", 4);
	if (mc_images_open(&images, "b.tar", &err) != MC_OK)
		abort();
	f = mc_feed_images(images, &o);
	while (mc_feed_next(f, &err) == MC_OK)
		n++;
	tap_int(n, 2, "an image that cannot be decoded, %zu ahead", ahead);
	tap_ok(strstr(err.text, "i04") != NULL, "%s", err.text);
	mc_feed_free(f);
	mc_images_close(images);

	make_tar("c.tar", -1);
	if (truncate("c.tar", 512 * 14) != 0 ||
	    mc_images_open(&images, "c.tar", &err) != MC_OK)
		abort();
	f = mc_feed_images(images, &o);
	for (n = 0; mc_feed_next(f, &err) == MC_OK;)
		n++;
	tap_ok(n > 0 && n < 5, "a tar that is cut, %zu ahead: %d batches, "
	    "then: %s", ahead, n, err.text);
	mc_feed_free(f);
	mc_images_close(images);
}

/* The images of a whole tar, kept as FORM. */
static void
keep_all(struct mc_kept *kept, enum mc_keep form)
{
	const struct mc_feed_options o = { .preprocess = &pre, .batch = 4,
	    .threads = 1, .resized = form == MC_KEEP_RESIZED };
	size_t size = form == MC_KEEP_PIXELS ? mc_preprocess_size(&pre) : 0, i;
	struct mc_images *images;
	struct mc_feed *f;

	make_tar("k.tar", -1);
	if (mc_images_open(&images, "k.tar", &err) != MC_OK)
		abort();
	*kept = (struct mc_kept){ form, 0, mc_records_alloc(size, &err),
	    mc_xcalloc(IMAGES, 1), mc_xcalloc(IMAGES, sizeof(int)) };
	f = mc_feed_images(images, &o);
	while (mc_feed_next(f, &err) == MC_OK) {
		for (i = 0; i < mc_feed_count(f); i++) {
			size_t n = 1;
			const void *p = form == MC_KEEP_PIXELS ?
			    mc_feed_pixels(f, i) : mc_feed_bytes(f, i, &n);

			if (form == MC_KEEP_RESIZED) {
				kept->width[number_of(f, i)] =
				    mc_feed_resized(f, i)->width;
				p = mc_feed_resized(f, i)->rgb;
				n = 3 * 10 * 9;
			}
			kept->bits[number_of(f, i)] =
			    (signed char)mc_feed_bits(f, i);
			if (mc_records_add(kept->records, p, n, &err) != MC_OK)
				abort();
		}
	}
	mc_feed_free(f);
	mc_images_close(images);
	if (mc_records_map(kept->records, &err) != MC_OK)
		abort();
}

static void
test_kept(enum mc_keep form, int threads, size_t ahead)
{
	static const size_t order[] = { 10, 2, 2, 7, 0, 5, 9 };
	const struct mc_feed_options o = { .preprocess = &pre, .batch = 3,
	    .threads = threads, .ahead = ahead };
	int number[3], wrong = 0, pass;
	struct mc_kept kept;
	struct mc_feed *f;
	size_t done, i;

	keep_all(&kept, form);
	f = mc_feed_kept(&kept, &o);
	TEST(mc_feed_next(f, &err) == MC_END);
	for (pass = 0; pass < 3; pass++) {
		mc_feed_start(f, order + pass, 7 - (size_t)pass, NULL);
		for (done = 0; mc_feed_next(f, &err) == MC_OK;) {
			for (i = 0; i < mc_feed_count(f); i++) {
				number[i] = (int)mc_feed_index(f, i);
				wrong += number[i] !=
				    (int)order[done++ + (size_t)pass];
			}
			wrong += check_batch(f, number);
			/* The second pass ends after its first batch. */
			if (pass == 1)
				break;
		}
		wrong += done != (size_t[]){ 7, 3, 5 }[pass];
	}
	tap_int(wrong, 0, "kept in form %d, %d threads, %zu ahead", (int)form,
	    threads, ahead);
	mc_feed_free(f);
	mc_records_free(kept.records);
	free(kept.bits);
	free(kept.width);
}

/* What image I becomes in the first epoch of seed 3, by hand. */
static void
augment_by_hand(const struct mc_augment *words, int i, uint64_t key,
    unsigned char *rgb)
{
	struct mc_image image = make_image(i), resized;
	struct mc_augment_draw draw;

	if (mc_resize(&resized, &image, pre.resize, pre.filter, "x", &err) !=
	    MC_OK)
		abort();
	mc_augment_draw(words, resized.width, resized.height, pre.crop,
	    mc_stream_hash(3, "augment", 1, key), &draw);
	mc_augment_apply(&draw, &pre, &resized, rgb);
	mc_image_free(&image);
	mc_image_free(&resized);
}

/* Augmented by LIST, each form gives the same pixels; the next pass is plain. */
static void
test_augmented(enum mc_keep form, const char *list, int threads, size_t ahead)
{
	static const size_t order[] = { 10, 2, 7, 0, 5, 9 };
	static const uint64_t key[] = { 5, 6, 7, 8, 9, 1 };
	const struct mc_feed_options o = { .preprocess = &pre, .batch = 4,
	    .threads = threads, .ahead = ahead };
	size_t size = mc_preprocess_size(&pre), place = 0, i;
	unsigned char *rgb = mc_xmalloc(size);
	int number[4], wrong = 0, changed = 0;
	struct mc_augment words;
	const struct mc_augmentation how = { &words, 3, 1, key };
	struct mc_kept kept;
	struct mc_feed *f;

	if (mc_augment_parse(&words, list, &err) != MC_OK)
		abort();
	keep_all(&kept, form);
	f = mc_feed_kept(&kept, &o);
	mc_feed_start(f, order, 6, &how);
	while (mc_feed_next(f, &err) == MC_OK) {
		for (i = 0; i < mc_feed_count(f); i++) {
			size_t k = mc_feed_index(f, i);

			augment_by_hand(&words, (int)k, key[place++],
			    rgb);
			wrong += memcmp(mc_feed_pixels(f, i), rgb, size) != 0;
			changed += wrong_pixels(f, i, (int)k);
		}
	}
	tap_ok(changed > 2, "%s changes %d images of 6", list, changed);
	mc_feed_start(f, order, 4, NULL);
	if (mc_feed_next(f, &err) != MC_OK)
		abort();
	for (i = 0; i < mc_feed_count(f); i++)
		number[i] = (int)mc_feed_index(f, i);
	wrong += check_batch(f, number);
	tap_int(wrong, 0, "%s, form %d, %d threads, %zu ahead", list,
	    (int)form, threads, ahead);
	mc_feed_free(f);
	mc_records_free(kept.records);
	free(kept.bits);
	free(kept.width);
	free(rgb);
}

static void
test_features(void)
{
	const struct mc_feed_options o = { .batch = 2, .threads = 2,
	    .ahead = 1 };
	static const float values[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static const size_t order[] = { 2, 0, 1 };
	struct mc_kept kept = { MC_KEEP_FEATURES, 3,
	    mc_records_alloc(3 * sizeof(float), &err), NULL, NULL };
	float x[6] = { 0 };
	struct mc_feed *f;

	if (mc_records_add(kept.records, values, 3, &err) != MC_OK ||
	    mc_records_map(kept.records, &err) != MC_OK)
		abort();
	f = mc_feed_kept(&kept, &o);
	mc_feed_start(f, order, 3, NULL);
	TEST(mc_feed_next(f, &err) == MC_OK && mc_feed_count(f) == 2);
	mc_scope_open(t);
	mc_to_f32(t, mc_feed_tensor(f, t), x, 6);
	mc_scope_close(t, NULL);
	TEST(x[0] == 7 && x[2] == 9 && x[3] == 1 && x[5] == 3);
	TEST(mc_feed_next(f, &err) == MC_OK && mc_feed_count(f) == 1 &&
	    mc_feed_index(f, 0) == 1);
	TEST(mc_feed_next(f, &err) == MC_END);
	mc_feed_free(f);
	mc_records_free(kept.records);
}

int
main(void)
{
	int threads;
	size_t ahead;

	if (mc_image_init(&err) != MC_OK ||
	    mc_torch_alloc(&t, "cpu", 1, 1, &err) != MC_OK)
		abort();
	pre = mc_preprocess_imagenet;
	pre.resize = CROP + 1;
	pre.crop = CROP;
	test_workers(0);
	test_workers(1);
	test_workers(5);
	test_order();
	test_copies();
	for (threads = 1; threads <= 4; threads += 3) {
		for (ahead = 0; ahead <= 2; ahead++) {
			test_images(threads, ahead, 1);
			test_images(threads, ahead, 4);
			test_images(threads, ahead, 64);
			test_views(threads, ahead);
			test_kept(MC_KEEP_PIXELS, threads, ahead);
			test_kept(MC_KEEP_ENCODED, threads, ahead);
			test_kept(MC_KEEP_RESIZED, threads, ahead);
			test_augmented(MC_KEEP_PIXELS, "flip,rotate:20",
			    threads, ahead);
			test_augmented(MC_KEEP_RESIZED, "crop:0.3-0.9,flip",
			    threads, ahead);
			test_augmented(MC_KEEP_ENCODED, "crop:0.3-0.9,flip",
			    threads, ahead);
			test_augmented(MC_KEEP_ENCODED, "vflip,jitter:0.5",
			    threads, ahead);
		}
	}
	test_not_finite();
	test_errors(0);
	test_errors(2);
	test_features();
	mc_torch_free(t);
	mc_image_shutdown();
	return tap_done();
}
