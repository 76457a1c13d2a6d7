/* checkpoint.c - keep an unfinished training in a file. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/out.h"
#include "learn/checkpoint.h"
#include "learn/identity.h"
#include "stream/end_member.h"
#include "stream/tar.h"
#include "table/keyvalue.h"
#include "table/tsv.h"

#define FORMAT "2"
#define FIRST "__checkpoint__"
#define BEST "best"
#define SUFFIX ".safetensors"
#define MAX_TEXT ((size_t)1 << 30)
#define MAX_SPOOLS 8
#define NAME_SIZE 64

/* A member that holds tensors. */
struct spool {
	char name[NAME_SIZE];
	FILE *file;
};

struct mc_checkpoint {
	char *path;
	char stamp[MC_STAMP_SIZE];	/* before it was read */
	struct mc_keyvalue *about;	/* __checkpoint__ */
	struct mc_buf training, log, walk;
	struct spool spool[MAX_SPOOLS];
	size_t n_spools;
};

/* --- Writing --------------------------------------------------------------- */

/* A checkpoint that is being written. */
struct writing {
	struct mc_tar_writer *tar;
	struct mc_sha256 *digest;
	struct mc_err *err;
};

static enum mc_status
add_text(struct writing *w, const char *member, const struct mc_buf *text)
{
	return mc_tar_add(w->tar, member, text->data, text->len, w->digest,
	    w->err);
}

/* Add the findings WAY, for which every image is predicted ANSWER. */
static void
add_one_way(struct mc_keyvalue *kv, const char *answer,
    const struct mc_one_way *way)
{
	char *n = mc_xasprintf("best_%s_count", answer);
	char *first = mc_xasprintf("best_%s_first", answer);

	mc_keyvalue_add_integer(kv, n, (int64_t)way->n);
	mc_keyvalue_add_integer(kv, first, way->first);
	free(first);
	free(n);
}

static enum mc_status
add_about(struct writing *w, const struct mc_state *s)
{
	struct mc_keyvalue *kv = mc_keyvalue_alloc();
	struct mc_buf text = { 0 };
	enum mc_status status;

	mc_keyvalue_add(kv, "format", FORMAT);
	mc_keyvalue_add_integer(kv, "epoch", s->epoch);
	mc_keyvalue_add_integer(kv, "step", s->step);
	mc_keyvalue_add_real(kv, "loss", s->train.loss);
	mc_keyvalue_add_real(kv, "loss_divisor", s->train.divisor);
	mc_keyvalue_add_integer(kv, "best_epoch", s->best.epoch);
	mc_keyvalue_add_real(kv, "best_accuracy", s->best.accuracy);
	mc_keyvalue_add_real(kv, "best_loss", s->best.loss);
	if (!isnan(s->best.value))
		mc_keyvalue_add_real(kv, "best_value", s->best.value);
	mc_keyvalue_add(kv, "best_only_class", "%d", s->best.only_class);
	if (s->train.by->multilabel) {
		add_one_way(kv, "no", &s->best.no);
		add_one_way(kv, "yes", &s->best.yes);
	}
	mc_keyvalue_print(kv, &text);
	status = add_text(w, FIRST, &text);
	mc_buf_free(&text);
	mc_keyvalue_free(kv);
	return status;
}

static enum mc_status
add_walk(struct writing *w, const struct mc_walk *walk)
{
	struct mc_buf text = { 0 };
	enum mc_status status;
	size_t i;

	mc_buf_puts(&text, "predicted\n");
	for (i = 0; i < walk->n * walk->by->labels; i++)
		mc_buf_printf(&text, "%d\n", walk->predicted[i]);
	status = add_text(w, "walk.tsv", &text);
	mc_buf_free(&text);
	return status;
}

/* Add what SPOOL holds as NAME.safetensors. */
static enum mc_status
add_spool(struct writing *w, const char *name, FILE *spool)
{
	char member[NAME_SIZE];

	snprintf(member, sizeof(member), "%s" SUFFIX, name);
	return mc_tar_add_spool(w->tar, member, spool, w->digest, w->err);
}

static enum mc_status
add_column(struct writing *w, const struct mc_params *p, const char *column)
{
	FILE *spool = mc_spool_open(w->err);
	enum mc_status status;

	if (spool == NULL)
		return w->err->status;
	status = mc_params_write(p, column, spool, w->err);
	if (status == MC_OK)
		status = add_spool(w, column, spool);
	fclose(spool);
	return status;
}

static enum mc_status
add_state(struct writing *w, const struct mc_state *s)
{
	enum mc_status status = MC_OK;
	const char *column;
	size_t k;

	for (k = 0; status == MC_OK &&
	    (column = mc_params_column(s->params, k)) != NULL; k++)
		status = add_column(w, s->params, column);
	if (status == MC_OK && s->best_values != NULL)
		status = add_spool(w, BEST, s->best_values);
	return status;
}

static enum mc_status
add_end(struct writing *w)
{
	struct mc_keyvalue *end = mc_keyvalue_alloc();
	enum mc_status status = mc_end_write(w->tar, end, FORMAT, w->digest,
	    w->err);

	mc_keyvalue_free(end);
	w->digest = NULL;
	return status;
}

enum mc_status
mc_checkpoint_write(const char *path, const struct mc_state *s,
    const struct mc_buf *training, const struct mc_buf *log,
    struct mc_err *err)
{
	struct writing w = { .digest = mc_sha256_alloc(), .err = err };
	struct mc_out *out = NULL;
	enum mc_status status = mc_out_open(&out, path, err);

	if (status == MC_OK)
		status = mc_tar_create(&w.tar, mc_out_file(out), path, err);
	if (status == MC_OK)
		status = add_about(&w, s);
	if (status == MC_OK)
		status = add_text(&w, "training.tsv", training);
	if (status == MC_OK)
		status = add_text(&w, "log.tsv", log);
	if (status == MC_OK)
		status = add_walk(&w, &s->train);
	if (status == MC_OK)
		status = add_state(&w, s);
	if (status == MC_OK)
		status = add_end(&w);
	if (status == MC_OK) {
		status = mc_tar_finish(w.tar, err);
		w.tar = NULL;
	}
	mc_tar_abandon(w.tar);
	mc_sha256_free(w.digest);
	if (status == MC_OK)
		return mc_out_commit(out, err);
	mc_out_abandon(out);
	return status;
}

/* --- Reading --------------------------------------------------------------- */

/* The member MEMBER of R, tensors, into a spool of C. */
static enum mc_status
take_spool(struct mc_checkpoint *c, struct mc_tar_reader *r,
    const char *member, size_t len, struct mc_sha256 *digest,
    struct mc_err *err)
{
	struct spool *s = &c->spool[c->n_spools];

	if (c->n_spools == MAX_SPOOLS || len >= sizeof(s->name))
		return mc_err_set(err, MC_EDATA,
		    "%s: member \"%s\" of no known checkpoint", c->path,
		    member);
	s->file = mc_spool_open(err);
	if (s->file == NULL)
		return err->status;
	memcpy(s->name, member, len);
	s->name[len] = '\0';
	c->n_spools++;
	return mc_tar_read_spool(r, s->file, digest, err);
}

/* Take the present MEMBER of R, the first being __checkpoint__, into C. */
static enum mc_status
take(struct mc_checkpoint *c, struct mc_tar_reader *r, const char *member,
    struct mc_sha256 *digest, struct mc_err *err)
{
	size_t len = strlen(member), tail = sizeof(SUFFIX) - 1;
	struct mc_buf other = { 0 }, *to = &other;
	enum mc_status status;

	if (len > tail && strcmp(member + len - tail, SUFFIX) == 0)
		return take_spool(c, r, member, len - tail, digest, err);
	if (strcmp(member, "training.tsv") == 0)
		to = &c->training;
	else if (strcmp(member, "log.tsv") == 0)
		to = &c->log;
	else if (strcmp(member, "walk.tsv") == 0)
		to = &c->walk;
	status = mc_tar_read(r, MAX_TEXT, to, err);
	if (status == MC_OK)
		mc_sha256_add(digest, to->data, to->len);
	if (status == MC_OK && c->about == NULL)
		status = mc_keyvalue_read(&c->about, other.data, other.len,
		    mc_tar_name(r), FIRST, NULL, err);
	mc_buf_free(&other);
	return status;
}

/* The first member must be __checkpoint__, of the format that we read. */
static enum mc_status
check_format(const struct mc_checkpoint *c, struct mc_err *err)
{
	const char *format;

	if (c->about == NULL)
		return mc_err_set(err, MC_EDATA, "%s: not a checkpoint: its "
		    "first member is not " FIRST, c->path);
	format = mc_keyvalue_get(c->about, "format", 0);
	if (format == NULL || strcmp(format, FORMAT) != 0)
		return mc_err_set(err, MC_EDATA, "%s: of format %s; this "
		    "version of mctools reads format " FORMAT, c->path,
		    format != NULL ? format : "unknown");
	return MC_OK;
}

static enum mc_status
read_members(struct mc_checkpoint *c, struct mc_tar_reader *r,
    struct mc_err *err)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	struct mc_keyvalue *end = NULL;
	enum mc_status status;
	const char *member;

	while ((status = mc_tar_next(r, &member, err)) == MC_OK) {
		if (c->about == NULL && strcmp(member, FIRST) != 0)
			status = check_format(c, err);
		else if (strcmp(member, MC_END_MEMBER) == 0)
			break;
		else
			status = take(c, r, member, digest, err);
		if (status == MC_OK)
			status = check_format(c, err);
		if (status != MC_OK)
			break;
	}
	if (status == MC_END)
		status = mc_end_missing(r, err);
	else if (status == MC_OK)
		status = mc_end_read(r, &end, err);
	if (status == MC_OK) {
		status = mc_end_check(r, end, digest, err);
		digest = NULL;
	}
	mc_sha256_free(digest);
	mc_keyvalue_free(end);
	return status;
}

void
mc_checkpoint_stamp(const char *path, char stamp[MC_STAMP_SIZE])
{
	struct stat st;

	stamp[0] = '\0';
	/* Whole seconds: some file systems forget the rest. */
	if (stat(path, &st) == 0)
		snprintf(stamp, MC_STAMP_SIZE, "%llu %lld %lld",
		    (unsigned long long)st.st_ino, (long long)st.st_size,
		    (long long)st.st_mtime);
}

const char *
mc_checkpoint_stamped(const struct mc_checkpoint *c)
{
	return c != NULL ? c->stamp : "";
}

enum mc_status
mc_checkpoint_open(struct mc_checkpoint **result, const char *path,
    struct mc_err *err)
{
	struct mc_tar_reader *r = NULL;
	struct mc_checkpoint *c;
	enum mc_status status;
	struct mc_err why;

	*result = NULL;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return MC_OK;
	c = mc_xcalloc(1, sizeof(*c));
	c->path = mc_xstrdup(path);
	mc_checkpoint_stamp(path, c->stamp);
	status = mc_tar_open(&r, path, &why);
	if (status == MC_OK)
		status = read_members(c, r, &why);
	mc_tar_close(r);
	if (status == MC_EDATA)
		mc_err_set(err, MC_EDATA, "%s: %s", why.text,
		    c->about != NULL ? "delete it to begin anew" :
		    "delete it, or give --checkpoint another file");
	else if (status != MC_OK)
		*err = why;
	if (status == MC_OK)
		*result = c;
	else
		mc_checkpoint_close(c);
	return status;
}

void
mc_checkpoint_close(struct mc_checkpoint *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n_spools; i++) {
		if (c->spool[i].file != NULL)
			fclose(c->spool[i].file);
	}
	mc_keyvalue_free(c->about);
	mc_buf_free(&c->training);
	mc_buf_free(&c->log);
	mc_buf_free(&c->walk);
	free(c->path);
	free(c);
}

enum mc_status
mc_checkpoint_check(const struct mc_checkpoint *c,
    const struct mc_buf *training, struct mc_err *err)
{
	return mc_identity_check(training, &c->training, c->path, err);
}

/* --- Going on -------------------------------------------------------------- */

static enum mc_status
damaged(const struct mc_checkpoint *c, const char *what, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: its %s is not one that mc-train "
	    "writes: delete it to begin anew", c->path, what);
}

static enum mc_status
get_number(const struct mc_checkpoint *c, const char *key, int64_t min,
    int64_t max, int64_t *number, struct mc_err *err)
{
	const char *value = mc_keyvalue_get(c->about, key, 0);

	if (value == NULL ||
	    mc_parse_i64(value, min, max, number, NULL) != MC_OK)
		return damaged(c, key, err);
	return MC_OK;
}

static enum mc_status
get_real(const struct mc_checkpoint *c, const char *key, double *x,
    struct mc_err *err)
{
	const char *value = mc_keyvalue_get(c->about, key, 0);

	if (value == NULL ||
	    mc_parse_f64(value, -1e308, 1e308, x, NULL) != MC_OK)
		return damaged(c, key, err);
	return MC_OK;
}

/* What add_one_way has added. */
static enum mc_status
get_one_way(const struct mc_checkpoint *c, const char *answer,
    size_t findings, struct mc_one_way *way, struct mc_err *err)
{
	char *key = mc_xasprintf("best_%s_count", answer);
	int64_t n = 0, first = 0;
	enum mc_status status = get_number(c, key, 0, (int64_t)findings, &n,
	    err);

	free(key);
	key = mc_xasprintf("best_%s_first", answer);
	if (status == MC_OK)
		status = get_number(c, key, 0, UINT32_MAX, &first, err);
	free(key);
	*way = (struct mc_one_way){ (size_t)n, (uint32_t)first };
	return status;
}

static enum mc_status
restore_about(const struct mc_checkpoint *c, struct mc_state *s,
    struct mc_err *err)
{
	int64_t only = -1;
	enum mc_status status = get_number(c, "epoch", 1, INT32_MAX,
	    &s->epoch, err);

	if (status == MC_OK)
		status = get_number(c, "step", 0, INT32_MAX, &s->step, err);
	if (status == MC_OK)
		status = get_real(c, "loss", &s->train.loss, err);
	if (status == MC_OK)
		status = get_real(c, "loss_divisor", &s->train.divisor, err);
	if (status == MC_OK)
		status = get_number(c, "best_epoch", 0, s->epoch - 1,
		    &s->best.epoch, err);
	if (status == MC_OK)
		status = get_real(c, "best_accuracy", &s->best.accuracy, err);
	if (status == MC_OK)
		status = get_real(c, "best_loss", &s->best.loss, err);
	s->best.value = NAN;
	if (status == MC_OK &&
	    mc_keyvalue_get(c->about, "best_value", 0) != NULL)
		status = get_real(c, "best_value", &s->best.value, err);
	if (status == MC_OK)
		status = get_number(c, "best_only_class", -1,
		    (int64_t)s->train.by->classes - 1, &only, err);
	s->best.only_class = (int)only;
	if (status == MC_OK && s->train.by->multilabel)
		status = get_one_way(c, "no", s->train.by->labels,
		    &s->best.no, err);
	if (status == MC_OK && s->train.by->multilabel)
		status = get_one_way(c, "yes", s->train.by->labels,
		    &s->best.yes, err);
	return status;
}

/* The predictions of the present epoch, of at most N images. */
static enum mc_status
restore_walk(const struct mc_checkpoint *c, struct mc_walk *walk, size_t n,
    struct mc_err *err)
{
	FILE *f = fmemopen(c->walk.data, c->walk.len, "rb");
	struct mc_tsv *t = NULL;
	enum mc_status status = f == NULL ? damaged(c, "walk.tsv", err) :
	    mc_tsv_from_stream(&t, f, "walk.tsv", err);
	size_t labels = walk->by->labels, read = 0;
	int64_t largest = walk->by->multilabel ? MC_YES :
	    (int64_t)walk->by->classes - 1, predicted;

	while (status == MC_OK && (status = mc_tsv_next(t, err)) == MC_OK) {
		if (read == n * labels || mc_parse_i64(mc_tsv_get(t, 0), 0,
		    largest, &predicted, NULL) != MC_OK)
			status = damaged(c, "walk.tsv", err);
		else
			walk->predicted[read++] = (int)predicted;
	}
	mc_tsv_close(t);
	if (f != NULL)
		fclose(f);
	walk->n = read / labels;
	if (status == MC_END && read % labels != 0)
		return damaged(c, "walk.tsv", err);
	return status == MC_END ? MC_OK : status;
}

static struct spool *
find_spool(struct mc_checkpoint *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_spools; i++) {
		if (strcmp(c->spool[i].name, name) == 0)
			return &c->spool[i];
	}
	return NULL;
}

static enum mc_status
restore_column(struct mc_checkpoint *c, struct mc_params *p,
    const char *column, struct mc_err *err)
{
	struct spool *s = find_spool(c, column);
	struct mc_statedict *sd = NULL;
	enum mc_status status = s == NULL ? damaged(c, column, err) :
	    mc_statedict_from_spool(&sd, s->file, c->path, err);

	if (status != MC_OK)
		return status;
	status = mc_params_read(p, column, sd, err);
	mc_statedict_free(sd);
	fclose(s->file);
	s->file = NULL;
	return status;
}

enum mc_status
mc_checkpoint_restore(struct mc_checkpoint *c, struct mc_state *s, size_t n,
    struct mc_buf *log, struct mc_err *err)
{
	struct spool *best = find_spool(c, BEST);
	enum mc_status status;
	const char *column;
	size_t k;

	mc_walk_start(&s->train);
	status = restore_walk(c, &s->train, n, err);
	if (status == MC_OK)
		status = restore_about(c, s, err);
	for (k = 0; status == MC_OK &&
	    (column = mc_params_column(s->params, k)) != NULL; k++)
		status = restore_column(c, s->params, column, err);
	if (best != NULL) {
		if (s->best_values != NULL)
			fclose(s->best_values);
		s->best_values = best->file;
		best->file = NULL;
	}
	mc_buf_add(log, c->log.data, c->log.len);
	return status;
}
