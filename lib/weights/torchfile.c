/*
 * torchfile.c - torch.save files, zip and legacy.
 *
 * zip: a pickle NAME/data.pkl, and each storage as NAME/data/KEY, in the byte
 * order that NAME/byteorder says (absent: little).  legacy: five pickles (a
 * magic number, the protocol, the system, the object, the list of storage
 * keys), then for each key its number of elements (8 bytes) and the elements.
 *
 * A TorchScript archive is a zip file with constants.pkl and code: data.pkl has
 * its module, an object of a class of __torch__ whose state is a dictionary of
 * its parameters, buffers and submodules.  Their names are the state dict's.
 * After torch/serialization.py, versions 0.3 to 2.x.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "weights/dict_internal.h"
#include "weights/pickle.h"
#include "weights/torchfile.h"
#include "weights/zip.h"

#define DEPTH_MOST 16
#define LEGACY_PROTOCOL 1001
static const char legacy_magic[] = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/* A legacy file's storage, in the order of the file or of the keys. */
struct block {
	const struct mc_pickle_value *key;
	const unsigned char *data;
	size_t n;			/* bytes */
};

/* One file being read. */
struct torchfile {
	struct mc_statedict *sd;
	const char *name;
	struct mc_err *err;
	const char *from;		/* the entry to read, or NULL */
	bool archive;			/* TorchScript's */
	struct mc_pickle pickle;
	/* Where the storages lie: either of the two. */
	struct mc_zip *zip;
	const char *folder;		/* in the zip, with its slash */
	struct block *blocks;		/* sorted by key */
	size_t nblocks;
	/* Of the dictionary being walked. */
	struct mc_buf path;
	int depth;
	size_t visited;
	size_t copied;			/* bytes made contiguous */
};

static enum mc_status
fail(const struct torchfile *t, const char *what)
{
	return mc_err_at(t->err, MC_EDATA, t->name, 0, "%s", what);
}

static enum mc_status
fail_array(const struct torchfile *t, const char *what)
{
	return mc_err_at(t->err, MC_EDATA, t->name, 0, "array \"%s\": %s",
	    t->path.data, what);
}

static enum mc_status
fail_type(const struct torchfile *t, const struct mc_pickle_value *storage)
{
	const struct mc_pickle_value *key = storage->u.storage.key;
	char type[256];

	mc_pickle_maker(storage->u.storage.type, type, sizeof(type));
	return mc_err_at(t->err, MC_EDATA, t->name, 0, "storage \"%.*s\": "
	    "elements of type %s are not supported",
	    (int)(key->u.text.n < 80 ? key->u.text.n : 80), key->u.text.s,
	    type);
}

/* --- the bytes of a storage ---------------------------------------------- */

static int
compare_texts(const struct mc_pickle_value *a, const struct mc_pickle_value *b)
{
	size_t n = a->u.text.n < b->u.text.n ? a->u.text.n : b->u.text.n;
	int order = memcmp(a->u.text.s, b->u.text.s, n);

	if (order != 0)
		return order;
	return (a->u.text.n > n) - (b->u.text.n > n);
}

static int
compare_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	return compare_texts(x->key, y->key);
}

static enum mc_status
find_in_zip(struct torchfile *t, const struct mc_pickle_value *key,
    const unsigned char **data, size_t *n)
{
	struct mc_buf member = { 0 };
	enum mc_status status;

	mc_buf_printf(&member, "%sdata/", t->folder);
	mc_buf_add(&member, key->u.text.s, key->u.text.n);
	status = mc_zip_member(t->zip, member.data, data, n, t->err);
	mc_buf_free(&member);
	return status;
}

/* The data of STORAGE, of the part that it is. */
static enum mc_status
find_storage(struct torchfile *t, const struct mc_pickle_value *storage,
    const unsigned char **data)
{
	size_t size = mc_dtype_size(storage->u.storage.dtype), n = 0;
	struct block key = { .key = storage->u.storage.key }, *found;
	enum mc_status status = MC_END;

	if (t->zip != NULL) {
		status = find_in_zip(t, key.key, data, &n);
	} else if (t->nblocks > 0) {
		found = bsearch(&key, t->blocks, t->nblocks, sizeof(key),
		    compare_blocks);
		if (found != NULL) {
			*data = found->data;
			n = found->n;
			status = MC_OK;
		}
	}
	if (status < 0)
		return status;
	if (status == MC_END)
		return fail_array(t, "its storage is not in the file");
	if (n % size != 0 || n / size != (uint64_t)storage->u.storage.whole)
		return fail_array(t, "its storage has another length than its "
		    "pickle says: damaged");
	*data += (size_t)storage->u.storage.offset * size;
	return MC_OK;
}

/* --- a tensor to an array ------------------------------------------------- */

/* Whether the elements from OFFSET in these strides lie in N elements. */
static bool
strides_fit(const struct mc_array *a, const int64_t *stride, int64_t offset,
    int64_t n)
{
	int64_t last = offset;
	int i;

	if (a->n == 0)
		return true;
	if (offset >= n)
		return false;
	for (i = 0; i < a->ndim; i++) {
		if (a->shape[i] > 1 &&
		    stride[i] > (n - 1 - last) / (a->shape[i] - 1))
			return false;
		last += (a->shape[i] - 1) * stride[i];
	}
	return true;
}

static bool
contiguous(const struct mc_array *a, const int64_t *stride)
{
	int64_t next = 1;
	int i;

	for (i = a->ndim - 1; i >= 0; i--) {
		if (a->shape[i] != 1 && stride[i] != next)
			return false;
		next *= a->shape[i];
	}
	return true;
}

/* Copy the strided elements at FROM, in row-major order, to TO. */
static void
gather(const struct mc_array *a, const int64_t *stride,
    const unsigned char *from, unsigned char *to)
{
	size_t size = mc_dtype_size(a->dtype), i;
	int64_t index[MC_MAX_DIMS] = { 0 }, at = 0;
	int d;

	for (i = 0; i < a->n; i++) {
		memcpy(to + i * size, from + (size_t)at * size, size);
		for (d = a->ndim - 1; d >= 0; d--) {
			at += stride[d];
			if (++index[d] < a->shape[d])
				break;
			at -= index[d] * stride[d];
			index[d] = 0;
		}
	}
}

/* Set A's data; those of a view that is not contiguous are copied. */
static enum mc_status
place(struct torchfile *t, struct mc_array *a, const int64_t *stride,
    const unsigned char *from)
{
	size_t bytes = a->n * mc_dtype_size(a->dtype);
	unsigned char *to;

	a->data = from;
	if (a->n == 0 || contiguous(a, stride))
		return MC_OK;
	/* A stride of 0 makes any number of elements out of one. */
	if (bytes > 16 * t->sd->size - t->copied)
		return fail_array(t, "its view repeats elements to more than "
		    "16 times the file");
	t->copied += bytes;
	to = mc_statedict_room(t->sd, bytes);
	gather(a, stride, from, to);
	a->data = to;
	return MC_OK;
}

static enum mc_status
add_tensor(struct torchfile *t, const struct mc_pickle_value *tensor)
{
	const struct mc_pickle_value *storage = tensor->u.tensor.storage;
	const struct mc_pickle_value *size = tensor->u.tensor.size;
	struct mc_array a = { .dtype = storage->u.storage.dtype };
	int64_t offset = tensor->u.tensor.offset, stride[MC_MAX_DIMS];
	const unsigned char *data;
	enum mc_status status;
	int i;

	if (!mc_pickle_readable(storage))
		return fail_type(t, storage);
	if (size->u.seq.n > MC_MAX_DIMS)
		return fail_array(t, "more than 8 dimensions");
	a.name = t->path.data;
	a.ndim = (int)size->u.seq.n;
	for (i = 0; i < a.ndim; i++) {
		a.shape[i] = size->u.seq.v[i]->u.i;
		/* The stride of a single row is never taken. */
		stride[i] = a.shape[i] == 1 ? 0 :
		    tensor->u.tensor.stride->u.seq.v[i]->u.i;
	}
	if (!mc_shape_count(a.shape, a.ndim, mc_dtype_size(a.dtype), &a.n))
		return fail_array(t, "an impossible shape");
	if (!strides_fit(&a, stride, offset, storage->u.storage.n))
		return fail_array(t, "goes beyond its storage: damaged");
	status = find_storage(t, storage, &data);
	if (status != MC_OK)
		return status;
	if (a.n > 0)
		data += (size_t)offset * mc_dtype_size(a.dtype);
	status = place(t, &a, stride, data);
	if (status == MC_OK)
		mc_statedict_add(t->sd, &a);
	return status;
}

/* --- the object ----------------------------------------------------------- */

static enum mc_status walk(struct torchfile *t,
    struct mc_pickle_value *value);

/* Walk VALUE under the name KEY, a text or a number, or INDEX if it is NULL. */
static enum mc_status
walk_item(struct torchfile *t, const struct mc_pickle_value *key, size_t index,
    struct mc_pickle_value *value)
{
	size_t before = t->path.len;
	enum mc_status status;

	if (key != NULL && key->kind != MC_PICKLE_TEXT &&
	    key->kind != MC_PICKLE_INT)
		return !mc_pickle_storage_in(value) ? MC_OK : fail(t, "a "
		    "dictionary with tensors has a key that is neither a text "
		    "nor a number: not a state dict");

	if (before > 0)
		mc_buf_puts(&t->path, ".");
	if (key == NULL)
		mc_buf_printf(&t->path, "%zu", index);
	else if (key->kind == MC_PICKLE_TEXT)
		mc_buf_add(&t->path, key->u.text.s, key->u.text.n);
	else
		mc_buf_printf(&t->path, "%lld", (long long)key->u.i);
	if (strlen(t->path.data) != t->path.len)
		return fail(t, "a NUL in a dictionary's key: damaged");
	status = walk(t, value);
	t->path.len = before;
	t->path.data[before] = '\0';
	return status;
}

/*
 * A value of an unknown class is of no use here, unless it holds a tensor,
 * which would then be lost.
 */
static enum mc_status
check_opaque(const struct torchfile *t, struct mc_pickle_value *value)
{
	char maker[256];

	if (!mc_pickle_storage_in(value))
		return MC_OK;
	mc_pickle_maker(value, maker, sizeof(maker));
	return mc_err_at(t->err, MC_EDATA, t->name, 0, "\"%s\": an object made "
	    "by `%s' holds tensors, and is not read: save a plain "
	    "model.state_dict()", t->path.data, maker);
}

/* The dictionary of what VALUE, a module of an archive, holds; else VALUE. */
static struct mc_pickle_value *
attributes(const struct torchfile *t, struct mc_pickle_value *value)
{
	static const char package[] = "__torch__";
	const struct mc_pickle_value *maker;
	struct mc_pickle_value *last;
	size_t n = sizeof(package) - 1;

	if (!t->archive || value->kind != MC_PICKLE_OPAQUE ||
	    value->u.seq.n == 0)
		return value;
	maker = value->u.seq.maker;
	last = value->u.seq.v[value->u.seq.n - 1];
	return last->kind == MC_PICKLE_DICT && maker->u.global.nmodule >= n &&
	    memcmp(maker->u.global.module, package, n) == 0 ? last : value;
}

/* Add every tensor in VALUE.  Other leaves are of no use here. */
static enum mc_status
walk(struct torchfile *t, struct mc_pickle_value *value)
{
	enum mc_status status = MC_OK;
	size_t i, step;
	bool dict;

	value = attributes(t, value);
	dict = value->kind == MC_PICKLE_DICT;
	step = dict ? 2 : 1;
	if (value->kind == MC_PICKLE_TENSOR)
		return add_tensor(t, value);
	if (value->kind == MC_PICKLE_OPAQUE)
		return check_opaque(t, value);
	if (!dict && value->kind != MC_PICKLE_LIST &&
	    value->kind != MC_PICKLE_TUPLE)
		return MC_OK;
	/* Dictionaries can hold themselves, and one another many times. */
	if (t->depth == DEPTH_MOST ||
	    (t->visited += value->u.seq.n) > 1 << 20) {
		if (!mc_pickle_storage_in(value))
			return MC_OK;
		return fail(t, "its dictionaries are nested too deeply: not a "
		    "state dict");
	}
	t->depth++;
	for (i = 0; status == MC_OK && i < value->u.seq.n; i += step)
		status = walk_item(t, dict ? value->u.seq.v[i] : NULL, i,
		    value->u.seq.v[i + step - 1]);
	t->depth--;
	return status;
}

/* Dictionaries that wrap the one that is meant: see statedict.h. */
static const char *const wrappers[] = {
	"state_dict", "model_state_dict", "model", "teacher", "module", "net",
	"ema", "model_ema", "state_dict_ema"
};

/* The tensors in VALUE; BUDGET bounds the search. */
static size_t
count_tensors(const struct mc_pickle_value *value, int depth, size_t *budget)
{
	size_t i, n = 0;

	if (value->kind == MC_PICKLE_TENSOR)
		return 1;
	if (depth == DEPTH_MOST || (value->kind != MC_PICKLE_DICT &&
	    value->kind != MC_PICKLE_LIST && value->kind != MC_PICKLE_TUPLE &&
	    value->kind != MC_PICKLE_OPAQUE))
		return 0;
	for (i = 0; i < value->u.seq.n && *budget > 0; i++) {
		--*budget;
		n += count_tensors(value->u.seq.v[i], depth + 1, budget);
	}
	return n;
}

/* Count the tensors of ROOT's entries but CHOSEN: they are left out. */
static void
leave_others(const struct torchfile *t, const struct mc_pickle_value *root,
    const struct mc_pickle_value *chosen)
{
	size_t budget = 1 << 20, i, n;

	for (i = 0; i + 1 < root->u.seq.n; i += 2) {
		const struct mc_pickle_value *key = root->u.seq.v[i];

		if (root->u.seq.v[i + 1] == chosen ||
		    key->kind != MC_PICKLE_TEXT)
			continue;
		n = count_tensors(root->u.seq.v[i + 1], 0, &budget);
		if (n == 0)
			continue;
		mc_buf_printf(&t->sd->entries, "%s%zu in \"",
		    t->sd->left_entries > 0 ? ", " : "", n);
		mc_buf_add(&t->sd->entries, key->u.text.s, key->u.text.n);
		mc_buf_puts(&t->sd->entries, "\"");
		t->sd->left_entries += n;
	}
}

/* Add the names of the dictionaries in ROOT to TEXT. */
static void
list_entries(const struct mc_pickle_value *root, struct mc_buf *text)
{
	size_t i;

	for (i = 0; i + 1 < root->u.seq.n; i += 2) {
		const struct mc_pickle_value *key = root->u.seq.v[i];

		if (root->u.seq.v[i + 1]->kind != MC_PICKLE_DICT ||
		    key->kind != MC_PICKLE_TEXT)
			continue;
		mc_buf_puts(text, text->len > 0 ? ", " : "");
		mc_buf_add(text, key->u.text.s, key->u.text.n);
	}
}

/* The dictionary of ROOT that the user chose. */
static enum mc_status
choose(const struct torchfile *t, struct mc_pickle_value **root)
{
	struct mc_pickle_value *inner = mc_pickle_get(*root, t->from);
	struct mc_buf text = { 0 };

	if (inner != NULL && inner->kind == MC_PICKLE_DICT) {
		leave_others(t, *root, inner);
		*root = inner;
		return MC_OK;
	}
	list_entries(*root, &text);
	mc_err_at(t->err, MC_EDATA, t->name, 0, "--from %s: there is no "
	    "dictionary of that name; there are: %s", t->from,
	    text.len > 0 ? text.data : "none");
	mc_buf_free(&text);
	return MC_EDATA;
}

/* Whether VALUE is a dictionary with a tensor in it. */
static bool
has_tensors(const struct mc_pickle_value *value)
{
	size_t budget = 1 << 20;

	return value->kind == MC_PICKLE_DICT &&
	    count_tensors(value, 0, &budget) > 0;
}

/* The dictionary that ROOT wraps, or ROOT itself: see statedict.h. */
static enum mc_status
unwrap(const struct torchfile *t, struct mc_pickle_value **root)
{
	struct mc_pickle_value *inner, *found = NULL;
	const char *name = NULL;
	size_t i;

	for (i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
		inner = mc_pickle_get(*root, wrappers[i]);
		if (inner == NULL || !has_tensors(inner))
			continue;
		if (found != NULL)
			return mc_err_at(t->err, MC_EDATA, t->name, 0,
			    "holds both \"%s\" and \"%s\": choose one of them "
			    "with --from", name, wrappers[i]);
		found = inner;
		name = wrappers[i];
	}
	if (found != NULL) {
		leave_others(t, *root, found);
		*root = found;
	}
	return MC_OK;
}

static enum mc_status
read_object(struct torchfile *t, struct mc_pickle_value *root)
{
	enum mc_status status;
	char maker[256];

	root = attributes(t, root);
	if (root->kind == MC_PICKLE_TENSOR)
		return fail(t, "holds one tensor without a name: not a state "
		    "dict");
	if (root->kind == MC_PICKLE_OPAQUE) {
		mc_pickle_maker(root, maker, sizeof(maker));
		return mc_err_at(t->err, MC_EDATA, t->name, 0, "holds an object "
		    "made by `%s', not a state dict: save model.state_dict()",
		    maker);
	}
	if (root->kind != MC_PICKLE_DICT)
		return fail(t, "holds no dictionary: not a state dict");
	status = t->from != NULL ? choose(t, &root) : unwrap(t, &root);
	if (status == MC_OK)
		status = walk(t, root);
	return status;
}

/* --- the zip format ------------------------------------------------------ */

/* The member LEAF of the folder, as mc_zip_member. */
static enum mc_status
member(struct torchfile *t, const char *leaf, const unsigned char **data,
    size_t *n)
{
	char *path = mc_xasprintf("%s%s", t->folder, leaf);
	enum mc_status status = mc_zip_member(t->zip, path, data, n, t->err);

	free(path);
	return status;
}

static enum mc_status
read_zip_members(struct torchfile *t)
{
	struct mc_pickle_value *root;
	const unsigned char *data;
	enum mc_status status;
	size_t n, used;

	status = member(t, "constants.pkl", &data, &n);
	t->archive = status == MC_OK;
	if (t->archive)
		t->sd->format = "TorchScript";
	if (status >= 0)
		status = member(t, "byteorder", &data, &n);
	if (status == MC_OK && (n != 6 || memcmp(data, "little", 6) != 0))
		return fail(t, "its byte order is not little-endian: load it "
		    "with PyTorch and save it as safetensors");
	if (status >= 0)
		status = member(t, "data.pkl", &data, &n);
	if (status == MC_OK)
		status = mc_pickle_read(&t->pickle, data, n, t->name, &root,
		    &used, t->err);
	if (status == MC_OK)
		status = read_object(t, root);
	return status;
}

enum mc_status
mc_torch_zip_read(struct mc_statedict *sd, const char *from,
    struct mc_err *err)
{
	struct torchfile t = { .sd = sd, .name = sd->name, .from = from,
	    .err = err };
	enum mc_status status;
	char *folder = NULL;
	void *inflated;

	sd->format = "torch.save zip";
	status = mc_zip_open(&t.zip, sd->file, sd->size, sd->name, err);
	if (status == MC_OK) {
		t.folder = folder = mc_zip_folder(t.zip, "data.pkl");
		status = folder == NULL ? fail(&t, "a zip archive without "
		    "data.pkl: not from torch.save") : read_zip_members(&t);
	}
	mc_buf_free(&t.path);
	mc_pickle_free(&t.pickle);
	while ((inflated = mc_zip_take(t.zip)) != NULL)
		mc_statedict_keep(sd, inflated);
	mc_zip_free(t.zip);
	free(folder);
	return status;
}

/* --- the legacy format --------------------------------------------------- */

/* The next pickle at *AT, which moves past it. */
static enum mc_status
next_pickle(struct torchfile *t, size_t *at,
    struct mc_pickle_value **value)
{
	enum mc_status status;
	size_t used;

	status = mc_pickle_read(&t->pickle, t->sd->file + *at,
	    t->sd->size - *at, t->name, value, &used, t->err);
	if (status == MC_OK)
		*at += used;
	return status;
}

/* The first three pickles: magic number, protocol, system. */
static enum mc_status
check_preamble(struct torchfile *t, size_t *at)
{
	struct mc_pickle_value *magic, *protocol, *system, *little;

	if (next_pickle(t, at, &magic) != MC_OK)
		return MC_EDATA;
	if (magic->kind != MC_PICKLE_LONG || magic->u.text.n != 10 ||
	    memcmp(magic->u.text.s, legacy_magic, 10) != 0)
		return fail(t, "a pickle, but not from torch.save");
	if (next_pickle(t, at, &protocol) != MC_OK)
		return MC_EDATA;
	if (protocol->kind != MC_PICKLE_INT ||
	    protocol->u.i != LEGACY_PROTOCOL)
		return fail(t, "torch.save's protocol is not 1001");
	if (next_pickle(t, at, &system) != MC_OK)
		return MC_EDATA;
	little = system->kind != MC_PICKLE_DICT ? NULL :
	    mc_pickle_get(system, "little_endian");
	if (little == NULL || little->kind != MC_PICKLE_BOOL)
		return fail(t, "no byte order: damaged");
	if (little->u.i == 0)
		return fail(t, "its byte order is not little-endian: load it "
		    "with PyTorch and save it as safetensors");
	return MC_OK;
}

static int
compare_storages(const void *a, const void *b)
{
	const struct mc_pickle_value *const *x = a, *const *y = b;

	return compare_texts((*x)->u.storage.key, (*y)->u.storage.key);
}

/* All storages that the pickles name, sorted by key, to be freed. */
static const struct mc_pickle_value **
list_storages(const struct mc_pickle *pickle, size_t *n)
{
	const struct mc_pickle_value **list = NULL, *v;
	size_t cap = 0;

	*n = 0;
	for (v = pickle->last; v != NULL; v = v->next) {
		if (v->kind != MC_PICKLE_STORAGE)
			continue;
		list = mc_xgrow(list, *n, &cap, sizeof(*list));
		list[(*n)++] = v;
	}
	if (*n > 0)
		qsort(list, *n, sizeof(*list), compare_storages);
	return list;
}

/* Find the block of KEY at *AT; only its storages tell the element size. */
static enum mc_status
read_block(struct torchfile *t, const struct mc_pickle_value *key, size_t *at,
    const struct mc_pickle_value **storages, size_t nstorages)
{
	const struct mc_pickle_value wanted = { .u.storage.key = key };
	const struct mc_pickle_value *p = &wanted, **found = NULL;
	struct block *block = &t->blocks[t->nblocks];
	size_t left = t->sd->size - *at, size;
	uint64_t n;

	if (key->kind == MC_PICKLE_TEXT && nstorages > 0)
		found = bsearch(&p, storages, nstorages, sizeof(p),
		    compare_storages);
	if (found == NULL)
		return fail(t, "a storage that no tensor names: damaged");
	if (left < 8)
		return fail(t, "cut in its storages");
	if (!mc_pickle_readable(*found))
		return fail_type(t, *found);
	size = mc_dtype_size((*found)->u.storage.dtype);
	n = mc_le(t->sd->file + *at, 8);
	if (n > (left - 8) / size)
		return fail(t, "cut in its storages");
	block->key = key;
	block->data = t->sd->file + *at + 8;
	block->n = (size_t)n * size;
	t->nblocks++;
	*at += 8 + block->n;
	return MC_OK;
}

/* The blocks of KEYS, which begin at AT and end the file. */
static enum mc_status
read_blocks(struct torchfile *t, const struct mc_pickle_value *keys, size_t at)
{
	const struct mc_pickle_value **storages;
	enum mc_status status = MC_OK;
	size_t i, n;

	if (keys->kind != MC_PICKLE_LIST)
		return fail(t, "no list of storages: damaged");
	storages = list_storages(&t->pickle, &n);
	t->blocks = mc_xreallocarray(NULL, keys->u.seq.n, sizeof(*t->blocks));
	for (i = 0; status == MC_OK && i < keys->u.seq.n; i++)
		status = read_block(t, keys->u.seq.v[i], &at, storages, n);
	free(storages);
	if (status == MC_OK && at != t->sd->size)
		return fail(t, "bytes after its last storage: damaged");
	if (t->nblocks > 0)
		qsort(t->blocks, t->nblocks, sizeof(*t->blocks),
		    compare_blocks);
	return status;
}

enum mc_status
mc_torch_legacy_read(struct mc_statedict *sd, const char *from,
    struct mc_err *err)
{
	struct torchfile t = { .sd = sd, .name = sd->name, .from = from,
	    .err = err };
	struct mc_pickle_value *root, *keys;
	enum mc_status status;
	size_t at = 0;

	sd->format = "torch.save legacy";
	status = check_preamble(&t, &at);
	if (status == MC_OK)
		status = next_pickle(&t, &at, &root);
	if (status == MC_OK)
		status = next_pickle(&t, &at, &keys);
	if (status == MC_OK)
		status = read_blocks(&t, keys, at);
	if (status == MC_OK)
		status = read_object(&t, root);
	mc_buf_free(&t.path);
	mc_pickle_free(&t.pickle);
	free(t.blocks);
	return status;
}
