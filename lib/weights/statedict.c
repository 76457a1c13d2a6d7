/* statedict.c - open a file of weights with the reader that it needs. */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/out.h"
#include "weights/dict_internal.h"
#include "weights/hub.h"
#include "weights/safetensors.h"
#include "weights/shards.h"
#include "weights/statedict.h"
#include "weights/torchfile.h"

#define PART ((size_t)1 << 24)

/* What a file that is not weights begins with, and what to say of it. */
static const struct {
	size_t offset;
	const char *magic;
	const char *what;
} strangers[] = {
	{ 257, "ustar", "a tar archive: torch.save's oldest format is not "
	    "read; load it with PyTorch and save it again" },
	{ 0, "version https://git-lfs", "a Git LFS pointer, not the weights "
	    "themselves: run git lfs pull" },
	{ 0, "<!", "a web page, not weights: download it again" },
	{ 0, "<html", "a web page, not weights: download it again" },
	{ 0, "\x1f\x8b", "compressed by gzip: unpack it first" },
	{ 0, "\x89HDF", "an HDF5 file: convert it to safetensors first" },
	{ 0, "\x93NUMPY", "a NumPy array: save it as safetensors" },
};

static enum mc_status
read_stranger(const struct mc_statedict *sd, struct mc_err *err)
{
	size_t i, offset, n;

	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		offset = strangers[i].offset;
		n = strlen(strangers[i].magic);
		if (sd->size >= offset + n && memcmp(sd->file + offset,
		    strangers[i].magic, n) == 0)
			return mc_err_at(err, MC_EDATA, sd->name, 0, "%s",
			    strangers[i].what);
	}
	return mc_err_at(err, MC_EDATA, sd->name, 0, "neither safetensors nor "
	    "torch.save, or cut near its beginning");
}

/* The digest of the file, a part at a time so that memory stays small. */
static void
digest_file(struct mc_statedict *sd)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	size_t done, n;

	for (done = 0; done < sd->size; done += n) {
		n = sd->size - done < PART ? sd->size - done : PART;
		mc_sha256_add(digest, sd->file + done, n);
		mc_statedict_unload(sd, sd->file + done, n);
	}
	mc_sha256_hex(digest, sd->sha256);
}

/* Make the digest of SD, an index, one of the index and its shards. */
static void
digest_shards(struct mc_statedict *sd)
{
	struct mc_buf text = { 0 };
	const struct mc_statedict *of = sd;
	const char *slash;
	size_t i;

	for (i = 0; i <= sd->n_shards; i++) {
		slash = strrchr(of->name, '/');
		mc_buf_printf(&text, "%s  %s\n", of->sha256,
		    slash != NULL ? slash + 1 : of->name);
		of = i < sd->n_shards ? sd->shards[i] : NULL;
	}
	mc_sha256_bytes(text.data, text.len, sd->sha256);
	mc_buf_free(&text);
}

static enum mc_status open_shard(struct mc_statedict **sd, const char *path,
    struct mc_err *err);

static enum mc_status
no_entries(const struct mc_statedict *sd, const char *from, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, sd->name, 0, "--from %s: a safetensors "
	    "file has no entries: choose arrays with --prefix", from);
}

/*
 * Fill SD from its file, or the entry FROM of it; free it on error.  INDEX: the
 * file may name shards that lie beside it.
 */
static enum mc_status
read_file(struct mc_statedict **result, struct mc_statedict *sd,
    const char *name, const char *from, bool index, struct mc_err *err)
{
	const unsigned char *p = sd->file;
	size_t n = strlen(name) + 1;
	enum mc_status status;

	sd->name = memcpy(mc_statedict_room(sd, n), name, n);
	/*
	 * A safetensors file may begin with any byte; but no torch.save file
	 * has a '{' there.
	 */
	if (sd->size == 0)
		status = mc_err_at(err, MC_EDATA, sd->name, 0,
		    "the file is empty");
	else if (sd->size > 8 && p[8] == '{' && mc_le(p + 4, 4) == 0)
		status = from != NULL ? no_entries(sd, from, err) :
		    mc_safetensors_read(sd, err);
	else if (index && p[0] == '{')
		status = from != NULL ? no_entries(sd, from, err) :
		    mc_shards_read(sd, open_shard, err);
	else if (sd->size > 1 && p[0] == 0x80 && p[1] >= 2 && p[1] <= 5)
		status = mc_torch_legacy_read(sd, from, err);
	else if (sd->size > 3 && memcmp(p, "PK\3\4", 4) == 0)
		status = mc_torch_zip_read(sd, from, err);
	else
		status = read_stranger(sd, err);
	if (status == MC_OK)
		status = mc_statedict_index(sd, err);
	if (status != MC_OK) {
		mc_statedict_free(sd);
		return status;
	}
	digest_file(sd);
	if (sd->n_shards > 0)
		digest_shards(sd);
	*result = sd;
	return MC_OK;
}

/* A pipe cannot be mapped: all of FD into memory. */
static enum mc_status
slurp(struct mc_statedict *sd, int fd, const char *name, struct mc_err *err)
{
	struct mc_buf buf = { 0 };
	ssize_t n;

	while ((n = read(fd, mc_buf_room(&buf, 1 << 16), 1 << 16)) != 0) {
		if (n < 0 && errno != EINTR) {
			mc_err_errno(err, "%s", name);
			mc_buf_free(&buf);
			return err->status;
		}
		if (n > 0)
			buf.len += (size_t)n;
	}
	sd->file = (unsigned char *)buf.data;
	sd->size = buf.len;
	return MC_OK;
}

static enum mc_status
map(struct mc_statedict *sd, int fd, const char *name, struct mc_err *err)
{
	struct stat st;
	void *p;

	if (fstat(fd, &st) != 0)
		return mc_err_errno(err, "%s", name);
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return slurp(sd, fd, name, err);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return mc_err_errno(err, "%s", name);
	sd->file = p;
	sd->size = (size_t)st.st_size;
	sd->mapped = true;
	return MC_OK;
}

/* Read PATH, or the entry FROM of it; INDEX as in read_file. */
static enum mc_status
open_file(struct mc_statedict **result, const char *path, const char *from,
    bool index, struct mc_err *err)
{
	bool std = strcmp(path, "-") == 0;
	const char *name = std ? "standard input" : path;
	FILE *f = std ? stdin : mc_file_open(path, err);
	struct mc_statedict *sd;
	enum mc_status status;

	*result = NULL;
	if (f == NULL)
		return err->status;
	sd = mc_xcalloc(1, sizeof(*sd));
	status = map(sd, fileno(f), name, err);
	if (!std)
		fclose(f);
	if (status != MC_OK) {
		mc_statedict_free(sd);
		return status;
	}
	return read_file(result, sd, name, from, index && !std, err);
}

/* A shard is no index of further ones. */
static enum mc_status
open_shard(struct mc_statedict **result, const char *path, struct mc_err *err)
{
	return open_file(result, path, NULL, false, err);
}

/* Whether PATH is a folder. */
static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The FILE that PATH means: PATH, or the weights in a folder; to be freed. */
static enum mc_status
find_file(const char *path, char **file, struct mc_err *err)
{
	char *folder = NULL;
	enum mc_status status = MC_OK;

	*file = NULL;
	if (mc_hub_names(path))
		status = mc_hub_locate(path, &folder, err);
	else if (is_folder(path))
		folder = mc_xstrdup(path);
	else
		*file = mc_xstrdup(path);
	if (folder != NULL)
		status = mc_hub_weights(folder, file, err);
	free(folder);
	return status;
}

/* Read PATH, whatever names it, or the entry FROM of it. */
static enum mc_status
open_path(struct mc_statedict **result, const char *path, const char *from,
    struct mc_err *err)
{
	char *file;
	enum mc_status status = find_file(path, &file, err);

	*result = NULL;
	if (status == MC_OK)
		status = open_file(result, file, from, true, err);
	if (status == MC_OK)
		mc_facts_read(&(*result)->facts, file);
	free(file);
	return status;
}

/* Whether PATH has the name of an index of shards. */
static bool
is_index(const char *path)
{
	static const char ending[] = ".index.json";
	size_t n = strlen(path), end = sizeof(ending) - 1;

	return n > end && strcmp(path + n - end, ending) == 0;
}

void
mc_weights_files(const char *path, void (*visit)(const char *file))
{
	struct mc_err err;
	char *file;

	if (find_file(path, &file, &err) != MC_OK)
		return;
	visit(file);
	if (is_index(file))
		mc_shards_files(file, visit);
	free(file);
}

enum mc_status
mc_weights_sha256(const char *path, char sha256[MC_SHA256_HEX],
    struct mc_err *err)
{
	struct mc_statedict *sd;
	enum mc_status status;

	if (!mc_hub_names(path) && !is_folder(path) && !is_index(path))
		return mc_sha256_file(path, sha256, err);
	status = open_path(&sd, path, NULL, err);
	if (status == MC_OK)
		memcpy(sha256, sd->sha256, MC_SHA256_HEX);
	mc_statedict_free(sd);
	return status;
}

enum mc_status
mc_statedict_open(struct mc_statedict **result, const char *path,
    const struct mc_excerpt *excerpt, struct mc_err *err)
{
	enum mc_status status = open_path(result, path, excerpt->from, err);

	if (status == MC_OK && excerpt->prefix != NULL)
		status = mc_statedict_below(*result, excerpt->prefix, err);
	if (status != MC_OK) {
		mc_statedict_free(*result);
		*result = NULL;
	}
	return status;
}

enum mc_status
mc_statedict_from_spool(struct mc_statedict **result, FILE *spool,
    const char *name, struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(spool, err);
	struct mc_statedict *sd;

	*result = NULL;
	if (status != MC_OK)
		return status;
	sd = mc_xcalloc(1, sizeof(*sd));
	status = map(sd, fileno(spool), name, err);
	if (status != MC_OK) {
		mc_statedict_free(sd);
		return status;
	}
	return read_file(result, sd, name, NULL, false, err);
}

enum mc_status
mc_statedict_from_bytes(struct mc_statedict **result, const void *bytes,
    size_t n, const char *name, struct mc_err *err)
{
	struct mc_statedict *sd = mc_xcalloc(1, sizeof(*sd));

	*result = NULL;
	sd->file = mc_xmalloc(n);
	sd->size = n;
	if (n > 0)
		memcpy(sd->file, bytes, n);
	return read_file(result, sd, name, NULL, false, err);
}
