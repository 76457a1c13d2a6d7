/* dict.c - hold arrays by name. */
#include "config.h"

#include <sys/mman.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "weights/dict_internal.h"

/* Elements that are converted before their memory is given back. */
#define PIECE ((size_t)1 << 20)

static const struct {
	const char *name;
	size_t size;
} dtypes[] = {
	[MC_F64] = { "F64", 8 }, [MC_F32] = { "F32", 4 },
	[MC_F16] = { "F16", 2 }, [MC_BF16] = { "BF16", 2 },
	[MC_I64] = { "I64", 8 }, [MC_I32] = { "I32", 4 },
	[MC_I16] = { "I16", 2 }, [MC_I8] = { "I8", 1 },
	[MC_U8] = { "U8", 1 }, [MC_BOOL] = { "BOOL", 1 },
};

size_t
mc_dtype_size(enum mc_dtype dtype)
{
	return dtypes[dtype].size;
}

const char *
mc_dtype_name(enum mc_dtype dtype)
{
	return dtypes[dtype].name;
}

uint64_t
mc_le(const unsigned char *p, int n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

bool
mc_shape_count(const int64_t *shape, int ndim, size_t size, size_t *n)
{
	size_t most = SIZE_MAX / 2 / size;
	bool empty = false;
	int i;

	*n = 1;
	for (i = 0; i < ndim; i++) {
		if (shape[i] < 0)
			return false;
		if (shape[i] == 0)
			empty = true;
		else if (!empty && (uint64_t)shape[i] > most / *n)
			*n = most + 1;		/* unless a zero follows */
		else
			*n *= (size_t)shape[i];
	}
	if (empty)
		*n = 0;
	return *n <= most;
}

/* The float32 of the bits of a bfloat16, which are its upper half. */
static float
bf16_value(uint16_t bits)
{
	uint32_t wide = (uint32_t)bits << 16;
	float v;

	memcpy(&v, &wide, sizeof(v));
	return v;
}

/* IEEE 754 binary16; subnormals are normal in float32. */
static float
f16_value(uint16_t bits)
{
	uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
	uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023, wide;
	float v;

	if (exponent == 0) {
		v = (float)fraction * 0x1p-24f;
		return sign ? -v : v;
	}
	exponent = exponent == 31 ? 255 : exponent + 127 - 15;
	wide = sign | exponent << 23 | fraction << 13;
	memcpy(&v, &wide, sizeof(v));
	return v;
}

/* Element I into V, of the same type, where the dtype is DTYPE. */
#define LOAD(v) memcpy(&(v), (const char *)a->data + i * sizeof(v), sizeof(v))

double
mc_array_get(const struct mc_array *a, size_t i)
{
	union {
		double f64; float f32; uint16_t u16;
		int64_t i64; int32_t i32; int16_t i16; int8_t i8; uint8_t u8;
	} v;

	switch (a->dtype) {
	case MC_F64: LOAD(v.f64); return v.f64;
	case MC_F32: LOAD(v.f32); return v.f32;
	case MC_F16: LOAD(v.u16); return f16_value(v.u16);
	case MC_BF16: LOAD(v.u16); return bf16_value(v.u16);
	case MC_I64: LOAD(v.i64); return (double)v.i64;
	case MC_I32: LOAD(v.i32); return v.i32;
	case MC_I16: LOAD(v.i16); return v.i16;
	case MC_I8: LOAD(v.i8); return v.i8;
	case MC_U8: LOAD(v.u8); return v.u8;
	case MC_BOOL: LOAD(v.u8); return v.u8 != 0;
	}
	return 0;
}

void
mc_array_to_f32(const struct mc_array *a, float *out)
{
	int64_t whole;
	size_t i;

	if (a->dtype == MC_F32) {
		if (a->n > 0)
			memcpy(out, a->data, a->n * sizeof(*out));
		return;
	}
	for (i = 0; i < a->n; i++) {
		if (a->dtype == MC_I64) {
			/* Not through a double: that would round twice. */
			LOAD(whole);
			out[i] = (float)whole;
		} else {
			out[i] = (float)mc_array_get(a, i);
		}
	}
}

void
mc_statedict_keep(struct mc_statedict *sd, void *room)
{
	sd->rooms = mc_xgrow(sd->rooms, sd->nrooms, &sd->rooms_cap,
	    sizeof(*sd->rooms));
	sd->rooms[sd->nrooms++] = room;
}

void *
mc_statedict_room(struct mc_statedict *sd, size_t n)
{
	void *room = mc_xmalloc(n);

	mc_statedict_keep(sd, room);
	return room;
}

void
mc_statedict_add(struct mc_statedict *sd, const struct mc_array *a)
{
	size_t length = strlen(a->name) + 1;
	struct mc_array *to;

	sd->arrays = mc_xgrow(sd->arrays, sd->n, &sd->cap,
	    sizeof(*sd->arrays));
	to = &sd->arrays[sd->n++];
	*to = *a;
	to->name = memcpy(mc_statedict_room(sd, length), a->name, length);
	to->source = a->source != NULL ? a->source : to->name;
}

struct mc_statedict *
mc_statedict_alias(const struct mc_statedict *sd)
{
	struct mc_statedict *same = mc_xcalloc(1, sizeof(*same));
	size_t i;

	same->name = sd->name;
	for (i = 0; i < sd->n; i++)
		mc_statedict_add(same, &sd->arrays[i]);
	return same;
}

static int
compare_names(const void *a, const void *b)
{
	const struct mc_array *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static bool
printable(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	}
	return true;
}

/* Refuse A and B, which have the same name. */
static enum mc_status
refuse_twice(const struct mc_statedict *sd, const struct mc_array *a,
    const struct mc_array *b, struct mc_err *err)
{
	if (strcmp(a->source, b->source) == 0)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "two arrays are named \"%s\"", a->name);
	return mc_err_at(err, MC_EDATA, sd->name, 0, "\"%s\" and \"%s\" would "
	    "both be \"%s\": choose one network with --prefix",
	    strcmp(a->source, b->source) < 0 ? a->source : b->source,
	    strcmp(a->source, b->source) < 0 ? b->source : a->source, a->name);
}

enum mc_status
mc_statedict_index(struct mc_statedict *sd, struct mc_err *err)
{
	size_t i;

	if (sd->n == 0)
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "holds no array: not a state dict");
	sd->by_name = mc_xreallocarray(sd->by_name, sd->n,
	    sizeof(*sd->by_name));
	for (i = 0; i < sd->n; i++)
		sd->by_name[i] = &sd->arrays[i];
	qsort(sd->by_name, sd->n, sizeof(*sd->by_name), compare_names);
	for (i = 0; i < sd->n; i++) {
		if (!printable(sd->by_name[i]->name))
			return mc_err_at(err, MC_EDATA, sd->name, 0,
			    "array \"%s\": a control byte in the name",
			    sd->by_name[i]->name);
		if (i > 0 && compare_names(&sd->by_name[i - 1],
		    &sd->by_name[i]) == 0)
			return refuse_twice(sd, sd->by_name[i - 1],
			    sd->by_name[i], err);
	}
	return MC_OK;
}

void
mc_statedict_free(struct mc_statedict *sd)
{
	size_t i;

	if (sd == NULL)
		return;
	for (i = 0; i < sd->nrooms; i++)
		free(sd->rooms[i]);
	for (i = 0; i < sd->n_shards; i++)
		mc_statedict_free(sd->shards[i]);
	free(sd->shards);
	if (sd->mapped)
		munmap(sd->file, sd->size);
	else
		free(sd->file);
	mc_buf_free(&sd->entries);
	mc_facts_clear(&sd->facts);
	free(sd->rooms);
	free(sd->by_name);
	free(sd->arrays);
	free(sd);
}

size_t
mc_statedict_count(const struct mc_statedict *sd)
{
	return sd->n;
}

const struct mc_array *
mc_statedict_at(const struct mc_statedict *sd, size_t i)
{
	return i < sd->n ? &sd->arrays[i] : NULL;
}

const struct mc_array *
mc_statedict_find(const struct mc_statedict *sd, const char *name)
{
	const struct mc_array key = { .name = name }, *wanted = &key;
	struct mc_array **found = bsearch(&wanted, sd->by_name, sd->n,
	    sizeof(*sd->by_name), compare_names);

	return found == NULL ? NULL : *found;
}

void
mc_statedict_unload(const struct mc_statedict *sd, const void *p, size_t n)
{
#ifdef MADV_DONTNEED
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = ((uintptr_t)p + page - 1) / page * page;
	uintptr_t end = ((uintptr_t)p + n) / page * page;

	if (sd->mapped && begin < end)
		madvise((void *)begin, end - begin, MADV_DONTNEED);
#else
	(void)sd;
	(void)p;
	(void)n;
#endif
}

void
mc_statedict_release(const struct mc_statedict *sd, const struct mc_array *a)
{
	const unsigned char *data = a->data;
	size_t i;

	for (i = 0; i < sd->n_shards; i++)
		mc_statedict_release(sd->shards[i], a);
	if (data >= sd->file && data < sd->file + sd->size)
		mc_statedict_unload(sd, data, a->n * mc_dtype_size(a->dtype));
}

void
mc_statedict_to_f32(const struct mc_statedict *sd, const struct mc_array *a,
    float *out)
{
	size_t size = mc_dtype_size(a->dtype), done;
	struct mc_array piece = *a;

	for (done = 0; done < a->n; done += piece.n) {
		piece.data = (const char *)a->data + done * size;
		piece.n = a->n - done < PIECE ? a->n - done : PIECE;
		mc_array_to_f32(&piece, out + done);
		mc_statedict_release(sd, &piece);
	}
}

const char *
mc_statedict_format(const struct mc_statedict *sd)
{
	return sd->format;
}

const struct mc_facts *
mc_statedict_facts(const struct mc_statedict *sd)
{
	return &sd->facts;
}

const char *
mc_statedict_name(const struct mc_statedict *sd)
{
	return sd->name;
}

const char *
mc_statedict_sha256(const struct mc_statedict *sd)
{
	return sd->sha256;
}
