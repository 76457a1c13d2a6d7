/*
 * safetensors.c - the format of huggingface/safetensors.
 *
 *	8 bytes		length N of the header, little-endian
 *	N bytes		JSON: {"name": {"dtype", "shape", "data_offsets"}, ...}
 *	the rest	data; offsets count from here
 *
 * The checks are those of the reference implementation: a header of at most
 * 100 MB, and arrays that fill the data without a hole or an overlap.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "weights/dict_internal.h"
#include "weights/safetensors.h"

#define HEADER_MOST 100000000
#define METADATA "__metadata__"

/* One file being read. */
struct reader {
	struct mc_statedict *sd;
	const char *name;
	const unsigned char *data;
	size_t size;		/* of the data */
	struct mc_err *err;
};

static bool
parse_dtype(const char *s, enum mc_dtype *dtype)
{
	int i;

	for (i = MC_F64; i <= MC_BOOL; i++) {
		if (strcmp(s, mc_dtype_name((enum mc_dtype)i)) == 0) {
			*dtype = (enum mc_dtype)i;
			return true;
		}
	}
	return false;
}

static enum mc_status
parse_shape(const struct reader *r, struct mc_array *a, const json_t *shape)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(shape))
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": no shape", a->name);
	if (json_array_size(shape) > MC_MAX_DIMS)
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": %zu dimensions; at most %d are supported",
		    a->name, json_array_size(shape), MC_MAX_DIMS);
	json_array_foreach(shape, i, item) {
		a->shape[i] = json_is_integer(item) ?
		    json_integer_value(item) : -1;
	}
	a->ndim = (int)i;
	if (!mc_shape_count(a->shape, a->ndim, mc_dtype_size(a->dtype), &a->n))
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": an impossible shape", a->name);
	return MC_OK;
}

static enum mc_status
parse_offsets(const struct reader *r, struct mc_array *a, const json_t *pair)
{
	const json_t *first = json_array_get(pair, 0);
	const json_t *last = json_array_get(pair, 1);
	int64_t begin, end;

	if (json_array_size(pair) != 2 || !json_is_integer(first) ||
	    !json_is_integer(last))
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": no data_offsets", a->name);
	begin = json_integer_value(first);
	end = json_integer_value(last);
	if (begin < 0 || end < begin || (uint64_t)end > r->size)
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": bytes %lld to %lld, but the file has %zu "
		    "bytes of data: it is cut or damaged", a->name,
		    (long long)begin, (long long)end, r->size);
	if ((uint64_t)(end - begin) != a->n * mc_dtype_size(a->dtype))
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": %lld bytes, but its shape needs %zu",
		    a->name, (long long)(end - begin),
		    a->n * mc_dtype_size(a->dtype));
	a->data = r->data + begin;
	return MC_OK;
}

static enum mc_status
parse_array(const struct reader *r, const char *name, const json_t *entry)
{
	const char *dtype = json_string_value(json_object_get(entry, "dtype"));
	struct mc_array a = { .name = name };
	enum mc_status status;

	if (dtype == NULL)
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": no dtype", name);
	if (!parse_dtype(dtype, &a.dtype))
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": elements of type %s are not supported", name,
		    dtype);
	status = parse_shape(r, &a, json_object_get(entry, "shape"));
	if (status == MC_OK)
		status = parse_offsets(r, &a,
		    json_object_get(entry, "data_offsets"));
	if (status == MC_OK)
		mc_statedict_add(r->sd, &a);
	return status;
}

static enum mc_status
check_metadata(const struct reader *r, json_t *metadata)
{
	const char *key;
	json_t *value;

	if (!json_is_object(metadata))
		return mc_err_at(r->err, MC_EDATA, r->name, 0,
		    METADATA " is not an object");
	json_object_foreach(metadata, key, value) {
		if (!json_is_string(value))
			return mc_err_at(r->err, MC_EDATA, r->name, 0,
			    METADATA ": \"%s\" is not a string", key);
	}
	return MC_OK;
}

static int
compare_data(const void *a, const void *b)
{
	const struct mc_array *const *x = a, *const *y = b;
	uintptr_t p = (uintptr_t)(*x)->data, q = (uintptr_t)(*y)->data;

	if (p != q)
		return p < q ? -1 : 1;
	/* An empty array stands before the one that begins where it does. */
	return ((*x)->n > 0) - ((*y)->n > 0);
}

/* The arrays must fill the data: no gap, no overlap, nothing after. */
static enum mc_status
check_cover(const struct reader *r)
{
	const struct mc_statedict *sd = r->sd;
	const struct mc_array **order;
	const unsigned char *next = r->data, *end = r->data + r->size;
	enum mc_status status = MC_OK;
	size_t i;

	order = mc_xreallocarray(NULL, sd->n, sizeof(*order));
	for (i = 0; i < sd->n; i++)
		order[i] = &sd->arrays[i];
	qsort(order, sd->n, sizeof(*order), compare_data);
	for (i = 0; i < sd->n && order[i]->data == next; i++)
		next += order[i]->n * mc_dtype_size(order[i]->dtype);
	if (i < sd->n)
		status = mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "array \"%s\": %s before its data", order[i]->name,
		    (const unsigned char *)order[i]->data < next ?
		    "an overlap" : "a gap");
	else if (next != end)
		status = mc_err_at(r->err, MC_EDATA, r->name, 0,
		    "%zu bytes after the last array", (size_t)(end - next));
	free(order);
	return status;
}

enum mc_status
mc_safetensors_read(struct mc_statedict *sd, struct mc_err *err)
{
	struct reader r = { .sd = sd, .name = sd->name, .err = err };
	uint64_t length = mc_le(sd->file, 8);
	enum mc_status status = MC_OK;
	json_t *header, *entry;
	json_error_t fault;
	const char *key;

	json_set_alloc_funcs(mc_xmalloc, free);
	sd->format = "safetensors";
	if (length > HEADER_MOST)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "a header of %llu bytes; at most %d are supported",
		    (unsigned long long)length, HEADER_MOST);
	if (length > sd->size - 8)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "cut: a header of %llu bytes in a file of %zu",
		    (unsigned long long)length, sd->size);
	r.data = sd->file + 8 + length;
	r.size = sd->size - 8 - length;
	header = json_loadb((const char *)sd->file + 8, length,
	    JSON_REJECT_DUPLICATES, &fault);
	if (header == NULL)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "the header is not JSON: byte %d: %s", fault.position,
		    fault.text);
	json_object_foreach(header, key, entry) {
		if (strcmp(key, METADATA) == 0)
			status = check_metadata(&r, entry);
		else
			status = parse_array(&r, key, entry);
		if (status != MC_OK)
			break;
	}
	json_decref(header);
	return status == MC_OK ? check_cover(&r) : status;
}

/* The header's entry for A, whose data begin at OFFSET. */
static json_t *
array_entry(const struct mc_array *a, size_t offset)
{
	json_t *shape = json_array();
	int i;

	for (i = 0; i < a->ndim; i++)
		json_array_append_new(shape, json_integer(a->shape[i]));
	return json_pack("{s:s, s:o, s:[I,I]}",
	    "dtype", mc_dtype_name(a->dtype), "shape", shape, "data_offsets",
	    (json_int_t)offset,
	    (json_int_t)(offset + a->n * mc_dtype_size(a->dtype)));
}

static enum mc_status
add_metadata(json_t *header, const char *const *metadata, struct mc_err *err)
{
	json_t *object = json_object();

	for (; metadata[0] != NULL; metadata += 2) {
		if (json_object_set_new(object, metadata[0],
		    json_string(metadata[1])) != 0) {
			json_decref(object);
			return mc_err_set(err, MC_EDATA,
			    "metadata \"%s\": not UTF-8", metadata[0]);
		}
	}
	json_object_set_new(header, METADATA, object);
	return MC_OK;
}

/* The bytes of the arrays whose elements are larger than SIZE. */
static size_t
bytes_before(const struct mc_array *arrays, size_t n, size_t size)
{
	size_t i, total = 0;

	for (i = 0; i < n; i++) {
		if (mc_dtype_size(arrays[i].dtype) > size)
			total += arrays[i].n * mc_dtype_size(arrays[i].dtype);
	}
	return total;
}

static enum mc_status
add_arrays(json_t *header, const struct mc_array *arrays, size_t n,
    struct mc_err *err)
{
	size_t next[9] = { 0 };		/* offset by element size */
	size_t i, size;

	for (size = 1; size <= 8; size *= 2)
		next[size] = bytes_before(arrays, n, size);
	for (i = 0; i < n; i++) {
		const char *name = arrays[i].name;

		size = mc_dtype_size(arrays[i].dtype);
		if (json_object_get(header, name) != NULL ||
		    strcmp(name, METADATA) == 0)
			return mc_err_set(err, MC_EDATA,
			    "array \"%s\": the name is used twice", name);
		if (json_object_set_new(header, name,
		    array_entry(&arrays[i], next[size])) != 0)
			return mc_err_set(err, MC_EDATA,
			    "array \"%s\": the name is not UTF-8", name);
		next[size] += arrays[i].n * size;
	}
	return MC_OK;
}

/* The length, the header and its padding. */
static void
write_header(FILE *f, const json_t *header)
{
	char *text = json_dumps(header, JSON_COMPACT);
	size_t length = strlen(text), padded = (length + 7) / 8 * 8;
	int i;

	for (i = 0; i < 8; i++)
		putc((int)((uint64_t)padded >> 8 * i & 255), f);
	fprintf(f, "%s%*s", text, (int)(padded - length), "");
	free(text);
}

/* Everything in front of the data. */
static enum mc_status
start_file(FILE *f, const struct mc_array *arrays, size_t n,
    const char *const *metadata, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	json_t *header;

	/* Then jansson's results are NULL for what is no UTF-8 alone. */
	json_set_alloc_funcs(mc_xmalloc, free);
	header = json_object();
	if (metadata != NULL)
		status = add_metadata(header, metadata, err);
	if (status == MC_OK)
		status = add_arrays(header, arrays, n, err);
	if (status == MC_OK)
		write_header(f, header);
	json_decref(header);
	return status;
}

static void
write_data(FILE *f, const struct mc_array *arrays, size_t n,
    const void *(*fetch)(size_t, void *), void *arg)
{
	size_t i, size;

	for (size = 8; size > 0; size /= 2) {
		for (i = 0; i < n; i++) {
			const struct mc_array *a = &arrays[i];

			if (mc_dtype_size(a->dtype) == size && a->n > 0)
				fwrite(a->data != NULL ? a->data :
				    fetch(i, arg), size, a->n, f);
		}
	}
}

enum mc_status
mc_safetensors_write(FILE *f, const struct mc_array *arrays, size_t n,
    const char *const *metadata, struct mc_err *err)
{
	enum mc_status status = start_file(f, arrays, n, metadata, err);

	if (status == MC_OK)
		write_data(f, arrays, n, NULL, NULL);
	return status;
}

enum mc_status
mc_safetensors_stream(FILE *f, const struct mc_array *arrays, size_t n,
    const void *(*fetch)(size_t, void *), void *arg, struct mc_err *err)
{
	enum mc_status status = start_file(f, arrays, n, NULL, err);

	if (status == MC_OK)
		write_data(f, arrays, n, fetch, arg);
	return status;
}
