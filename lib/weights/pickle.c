/*
 * pickle.c - the pickle machine without its power.
 *
 * The opcodes are those of Python's Lib/pickletools.py, protocols 2 to 5, that
 * pickle writes for torch.save.  Texts stay in the pickle, and what is made and
 * what is put into a sequence is counted together, so the limits below bound
 * memory.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "weights/dict_internal.h"
#include "weights/pickle.h"

/*
 * A state dict has some twenty values for each array, and the largest network
 * here has 600 arrays.
 */
#define VALUES_MOST	(1 << 21)
#define STACK_MOST	(1 << 20)

enum call {
	NOTHING,		/* a class that is only named: a storage's */
	ORDERED_DICT, DEFAULT_DICT, SIZE, PARAMETER, TENSOR_V1, TENSOR_V2
};

struct mc_pickle_known {
	const char *module, *name;
	enum call call;
	enum mc_dtype dtype;	/* of a storage */
};

static const struct mc_pickle_known globals[] = {
	{ "collections", "OrderedDict", ORDERED_DICT, 0 },
	{ "collections", "defaultdict", DEFAULT_DICT, 0 },
	{ "torch", "Size", SIZE, 0 },
	{ "torch._utils", "_rebuild_parameter", PARAMETER, 0 },
	{ "torch._utils", "_rebuild_parameter_with_state", PARAMETER, 0 },
	{ "torch._utils", "_rebuild_tensor", TENSOR_V1, 0 },
	{ "torch._utils", "_rebuild_tensor_v2", TENSOR_V2, 0 },
	{ "torch", "DoubleStorage", NOTHING, MC_F64 },
	{ "torch", "FloatStorage", NOTHING, MC_F32 },
	{ "torch", "HalfStorage", NOTHING, MC_F16 },
	{ "torch", "BFloat16Storage", NOTHING, MC_BF16 },
	{ "torch", "LongStorage", NOTHING, MC_I64 },
	{ "torch", "IntStorage", NOTHING, MC_I32 },
	{ "torch", "ShortStorage", NOTHING, MC_I16 },
	{ "torch", "CharStorage", NOTHING, MC_I8 },
	{ "torch", "ByteStorage", NOTHING, MC_U8 },
	{ "torch", "BoolStorage", NOTHING, MC_BOOL },
};

struct machine {
	struct mc_pickle *pickle;
	const unsigned char *begin, *p, *end;
	const unsigned char *op;	/* the opcode at work */
	struct mc_pickle_value **stack, **memo;
	size_t n, cap, nmemo;		/* nmemo: slots, some of them NULL */
	size_t *marks, nmarks, marks_cap;
	size_t memoized;		/* the slot that MEMOIZE fills next */
	bool stopped;
	const char *name;
	struct mc_err *err;
};

/* The argument of an opcode: a number, or bytes. */
struct operand {
	uint64_t i;
	const char *s;
	size_t n;
};

static enum mc_status fail(const struct machine *m, const char *fmt, ...)
    MC_PRINTF(2, 3);

static enum mc_status
fail(const struct machine *m, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return mc_err_at(m->err, MC_EDATA, m->name, 0,
	    "byte %zu of its pickle: %s", (size_t)(m->op - m->begin), text);
}

static enum mc_status
malformed(const struct machine *m)
{
	return fail(m, "opcode 0x%02x on the wrong values: damaged, or not a "
	    "state dict", *m->op);
}

/* --- the stack and the values ------------------------------------------- */

/* A new value on the stack.  The caller has checked the limits. */
static struct mc_pickle_value *
push_new(struct machine *m, enum mc_pickle_kind kind)
{
	struct mc_pickle_value *v = mc_xcalloc(1, sizeof(*v));

	v->kind = kind;
	v->next = m->pickle->last;
	m->pickle->last = v;
	m->pickle->n++;
	m->stack = mc_xgrow(m->stack, m->n, &m->cap, sizeof(*m->stack));
	return m->stack[m->n++] = v;
}

/* Values above the last mark, which an opcode without mark may not go below. */
static size_t
above(const struct machine *m)
{
	return m->n - (m->nmarks > 0 ? m->marks[m->nmarks - 1] : 0);
}

/* The value K places below the top; NULL where a mark is nearer. */
static struct mc_pickle_value *
peek(const struct machine *m, size_t k, enum mc_pickle_kind kind)
{
	struct mc_pickle_value *v;

	if (k >= above(m))
		return NULL;
	v = m->stack[m->n - 1 - k];
	return v->kind == kind ? v : NULL;
}

static void
append(struct mc_pickle_value *seq, struct mc_pickle_value *item)
{
	seq->u.seq.v = mc_xgrow(seq->u.seq.v, seq->u.seq.n, &seq->u.seq.cap,
	    sizeof(*seq->u.seq.v));
	seq->u.seq.v[seq->u.seq.n++] = item;
}

/* Put the top N values, in their order, behind those of SEQ. */
static void
move_top(struct machine *m, struct mc_pickle_value *seq, size_t n)
{
	size_t i;

	for (i = m->n - n; i < m->n; i++)
		append(seq, m->stack[i]);
	m->n -= n;
	m->pickle->n += n;
}

/* Whether VALUE is the text S. */
static bool
is_text(const struct mc_pickle_value *value, const char *s)
{
	return value->kind == MC_PICKLE_TEXT &&
	    value->u.text.n == strlen(s) &&
	    memcmp(value->u.text.s, s, value->u.text.n) == 0;
}

struct mc_pickle_value *
mc_pickle_get(const struct mc_pickle_value *dict, const char *key)
{
	size_t i;

	for (i = 0; i + 1 < dict->u.seq.n; i += 2) {
		if (is_text(dict->u.seq.v[i], key))
			return dict->u.seq.v[i + 1];
	}
	return NULL;
}

/* --- opcodes that make plain values ------------------------------------- */

static enum mc_status
op_nothing(struct machine *m, const struct operand *arg)
{
	(void)m;
	(void)arg;
	return MC_OK;
}

static enum mc_status
op_proto(struct machine *m, const struct operand *arg)
{
	if (arg->i < 2 || arg->i > 5)
		return fail(m, "pickle protocol %d is not read", (int)arg->i);
	return MC_OK;
}

static enum mc_status
op_atom(struct machine *m, const struct operand *arg)
{
	(void)arg;
	push_new(m, MC_PICKLE_ATOM);
	return MC_OK;
}

static enum mc_status
op_bool(struct machine *m, const struct operand *arg)
{
	(void)arg;
	push_new(m, MC_PICKLE_BOOL)->u.i = *m->op == 0x88;
	return MC_OK;
}

static enum mc_status
op_unsigned(struct machine *m, const struct operand *arg)
{
	push_new(m, MC_PICKLE_INT)->u.i = (int64_t)arg->i;
	return MC_OK;
}

/* BININT is signed, 32 bits wide. */
static enum mc_status
op_signed(struct machine *m, const struct operand *arg)
{
	int64_t i = (int64_t)arg->i;

	push_new(m, MC_PICKLE_INT)->u.i =
	    i >= INT64_C(0x80000000) ? i - INT64_C(0x100000000) : i;
	return MC_OK;
}

/* Two's complement of any length; the sign is in the last byte. */
static enum mc_status
op_long(struct machine *m, const struct operand *arg)
{
	const unsigned char *p = (const unsigned char *)arg->s;
	struct mc_pickle_value *v = push_new(m, arg->n <= 8 ?
	    MC_PICKLE_INT : MC_PICKLE_LONG);
	uint64_t u;

	if (arg->n > 8) {
		v->u.text.s = arg->s;
		v->u.text.n = arg->n;
		return MC_OK;
	}
	u = mc_le(p, (int)arg->n);
	if (arg->n > 0 && arg->n < 8 && (p[arg->n - 1] & 0x80) != 0)
		u |= UINT64_MAX << 8 * arg->n;
	memcpy(&v->u.i, &u, sizeof(u));
	return MC_OK;
}

static enum mc_status
op_text(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *v = push_new(m, MC_PICKLE_TEXT);

	v->u.text.s = arg->s;
	v->u.text.n = arg->n;
	return MC_OK;
}

static enum mc_status
op_empty(struct machine *m, const struct operand *arg)
{
	(void)arg;
	push_new(m, *m->op == '}' ? MC_PICKLE_DICT :
	    *m->op == ')' ? MC_PICKLE_TUPLE : MC_PICKLE_LIST);
	return MC_OK;
}

/* --- opcodes that move values ------------------------------------------- */

static enum mc_status
op_mark(struct machine *m, const struct operand *arg)
{
	(void)arg;
	m->marks = mc_xgrow(m->marks, m->nmarks, &m->marks_cap,
	    sizeof(*m->marks));
	m->marks[m->nmarks++] = m->n;
	return MC_OK;
}

/* Take the last mark away; *N values stood above it. */
static bool
unmark(struct machine *m, size_t *n)
{
	if (m->nmarks == 0)
		return false;
	*n = above(m);
	m->nmarks--;
	return true;
}

static enum mc_status
op_pop(struct machine *m, const struct operand *arg)
{
	(void)arg;
	if (above(m) == 0)
		return malformed(m);
	m->n--;
	return MC_OK;
}

static enum mc_status
op_pop_mark(struct machine *m, const struct operand *arg)
{
	size_t n;

	(void)arg;
	if (!unmark(m, &n))
		return malformed(m);
	m->n -= n;
	return MC_OK;
}

static enum mc_status
op_stop(struct machine *m, const struct operand *arg)
{
	(void)arg;
	if (m->n != 1 || m->nmarks != 0)
		return malformed(m);
	m->stopped = true;
	return MC_OK;
}

/* Slots are numbered in the order of their making, or nearly so. */
static enum mc_status
op_put(struct machine *m, const struct operand *arg)
{
	size_t slot = *m->op == 0x94 ? m->memoized : arg->i;

	if (above(m) == 0)
		return malformed(m);
	if (slot >= STACK_MOST)
		return fail(m, "memo slot %zu: more than a state dict needs",
		    slot);
	if (slot >= m->nmemo) {
		size_t n = 2 * slot + 64;

		m->memo = mc_xreallocarray(m->memo, n, sizeof(*m->memo));
		memset(m->memo + m->nmemo, 0,
		    (n - m->nmemo) * sizeof(*m->memo));
		m->nmemo = n;
	}
	m->memo[slot] = m->stack[m->n - 1];
	m->memoized++;
	return MC_OK;
}

static enum mc_status
op_get(struct machine *m, const struct operand *arg)
{
	if (arg->i >= m->nmemo || m->memo[arg->i] == NULL)
		return fail(m, "memo slot %llu is empty: damaged",
		    (unsigned long long)arg->i);
	m->stack = mc_xgrow(m->stack, m->n, &m->cap, sizeof(*m->stack));
	m->stack[m->n++] = m->memo[arg->i];
	return MC_OK;
}

/* --- opcodes that build tuples, lists and dictionaries ------------------- */

/* TUPLE, TUPLE1, TUPLE2, TUPLE3, FROZENSET */
static enum mc_status
op_tuple(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *tuple;
	size_t n = (size_t)(*m->op - 0x84);	/* TUPLE1 is 0x85 */

	(void)arg;
	if (*m->op == 't' || *m->op == 0x91 ? !unmark(m, &n) : above(m) < n)
		return malformed(m);
	tuple = push_new(m, MC_PICKLE_TUPLE);
	m->n--;
	move_top(m, tuple, n);
	m->stack[m->n++] = tuple;
	return MC_OK;
}

/* APPEND, APPENDS, ADDITEMS, SETITEM, SETITEMS */
static enum mc_status
op_fill(struct machine *m, const struct operand *arg)
{
	bool dict = *m->op == 's' || *m->op == 'u';
	size_t n = dict ? 2 : 1;
	struct mc_pickle_value *to;

	(void)arg;
	if (*m->op != 'a' && *m->op != 's' && !unmark(m, &n))
		return malformed(m);
	to = peek(m, n, dict ? MC_PICKLE_DICT : MC_PICKLE_LIST);
	if (to == NULL)
		to = peek(m, n, MC_PICKLE_OPAQUE);
	if (to == NULL || (dict && n % 2 != 0))
		return malformed(m);
	move_top(m, to, n);
	return MC_OK;
}

/*
 * BUILD sets attributes.  torch.save gives an OrderedDict its _metadata in this
 * way, the versions of the modules, which no array depends on.
 */
static enum mc_status
op_build(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *opaque = peek(m, 1, MC_PICKLE_OPAQUE);

	(void)arg;
	if (opaque != NULL)
		move_top(m, opaque, 1);
	else if (peek(m, 1, MC_PICKLE_DICT) != NULL)
		m->n--;
	else
		return malformed(m);
	return MC_OK;
}

/* --- opcodes that would call --------------------------------------------- */

static bool
equals(const char *s, size_t n, const char *wanted)
{
	return n == strlen(wanted) && memcmp(s, wanted, n) == 0;
}

static enum mc_status
push_global(struct machine *m, const char *module, size_t nmodule,
    const char *name, size_t nname)
{
	struct mc_pickle_value *global = push_new(m, MC_PICKLE_GLOBAL);
	size_t i;

	global->u.global.module = module;
	global->u.global.nmodule = nmodule;
	global->u.global.name = name;
	global->u.global.nname = nname;
	for (i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
		if (equals(module, nmodule, globals[i].module) &&
		    equals(name, nname, globals[i].name))
			global->u.global.known = &globals[i];
	}
	return MC_OK;
}

/* GLOBAL's argument is two lines: module and name. */
static enum mc_status
op_global(struct machine *m, const struct operand *arg)
{
	const char *s = (const char *)m->p;
	size_t left = (size_t)(m->end - m->p);
	const char *first = memchr(s, '\n', left), *second = NULL;

	(void)arg;
	if (first != NULL)
		second = memchr(first + 1, '\n',
		    left - (size_t)(first + 1 - s));
	if (second == NULL)
		return fail(m, "cut");
	m->p = (const unsigned char *)second + 1;
	return push_global(m, s, (size_t)(first - s), first + 1,
	    (size_t)(second - first - 1));
}

static enum mc_status
op_stack_global(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *module = peek(m, 1, MC_PICKLE_TEXT);
	struct mc_pickle_value *name = peek(m, 0, MC_PICKLE_TEXT);

	(void)arg;
	if (module == NULL || name == NULL)
		return malformed(m);
	m->n -= 2;
	return push_global(m, module->u.text.s, module->u.text.n,
	    name->u.text.s, name->u.text.n);
}

static bool
is_count(const struct mc_pickle_value *v)
{
	return v->kind == MC_PICKLE_INT && v->u.i >= 0;
}

static bool
are_counts(const struct mc_pickle_value *tuple)
{
	size_t i;

	if (tuple->kind != MC_PICKLE_TUPLE)
		return false;
	for (i = 0; i < tuple->u.seq.n; i++) {
		if (!is_count(tuple->u.seq.v[i]))
			return false;
	}
	return true;
}

/*
 * A view (key, offset, n) of a storage's elements, which files from before
 * PyTorch 0.4 may have in place of None.
 */
static bool
set_view(struct mc_pickle_value *storage, const struct mc_pickle_value *view)
{
	struct mc_pickle_value *const *v = view->u.seq.v;

	if (view->kind == MC_PICKLE_ATOM)
		return true;
	if (view->kind != MC_PICKLE_TUPLE || view->u.seq.n != 3 ||
	    !is_count(v[1]) || !is_count(v[2]))
		return false;
	storage->u.storage.offset = v[1]->u.i;
	storage->u.storage.n = v[2]->u.i;
	return v[1]->u.i <= storage->u.storage.whole &&
	    v[2]->u.i <= storage->u.storage.whole - v[1]->u.i;
}

/*
 * Put an opaque value, which MAKER makes of the top N values, in their place.
 * MAKER is a GLOBAL, or an OPAQUE value that is called in its turn.
 */
static enum mc_status
replace_top(struct machine *m, size_t n, const struct mc_pickle_value *maker)
{
	struct mc_pickle_value *opaque = push_new(m, MC_PICKLE_OPAQUE);

	m->n--;
	opaque->u.seq.maker = maker->kind == MC_PICKLE_OPAQUE ?
	    maker->u.seq.maker : maker;
	move_top(m, opaque, n);
	m->stack[m->n++] = opaque;
	return MC_OK;
}

/*
 * ("storage", type, key, location, elements[, view]) names a storage, and
 * ("module", class, file, source), in files of old, a class with its source.
 */
static enum mc_status
op_persistent(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *id = peek(m, 0, MC_PICKLE_TUPLE), *storage;
	const struct mc_pickle_known *known;
	struct mc_pickle_value *const *v;

	(void)arg;
	if (id == NULL || id->u.seq.n < 2 ||
	    id->u.seq.v[1]->kind != MC_PICKLE_GLOBAL)
		return malformed(m);
	v = id->u.seq.v;
	known = v[1]->u.global.known;
	if (is_text(v[0], "module"))
		return replace_top(m, 1, v[1]);
	if (!is_text(v[0], "storage") ||
	    (id->u.seq.n != 5 && id->u.seq.n != 6) ||
	    (known != NULL && known->call != NOTHING) ||
	    v[2]->kind != MC_PICKLE_TEXT || !is_count(v[4]))
		return malformed(m);
	m->n--;
	storage = push_new(m, MC_PICKLE_STORAGE);
	storage->u.storage.type = v[1];
	if (known != NULL)
		storage->u.storage.dtype = known->dtype;
	storage->u.storage.key = v[2];
	storage->u.storage.whole = storage->u.storage.n = v[4]->u.i;
	if (id->u.seq.n == 6 && !set_view(storage, v[5]))
		return malformed(m);
	return MC_OK;
}

/*
 * ARGS are storage, offset, size, stride[, requires_grad, backward_hooks
 * [, metadata]]; the metadata say that signs are to be flipped, or the like.
 */
static enum mc_status
call_tensor(struct machine *m, const struct mc_pickle_value *args)
{
	struct mc_pickle_value *const *v = args->u.seq.v, *tensor;
	size_t n = args->u.seq.n;

	if (n < 4 || n > 7 || v[0]->kind != MC_PICKLE_STORAGE ||
	    !is_count(v[1]) || !are_counts(v[2]) || !are_counts(v[3]) ||
	    v[2]->u.seq.n != v[3]->u.seq.n)
		return malformed(m);
	if (n == 7 && v[6]->kind != MC_PICKLE_ATOM &&
	    (v[6]->kind != MC_PICKLE_DICT || v[6]->u.seq.n > 0))
		return fail(m, "a tensor with metadata is not read");
	tensor = push_new(m, MC_PICKLE_TENSOR);
	tensor->u.tensor.storage = v[0];
	tensor->u.tensor.offset = v[1]->u.i;
	tensor->u.tensor.size = v[2];
	tensor->u.tensor.stride = v[3];
	return MC_OK;
}

/* OrderedDict() or, as Python 2 writes it, OrderedDict([[key, value], ...]). */
static enum mc_status
call_ordered_dict(struct machine *m, const struct mc_pickle_value *args)
{
	struct mc_pickle_value *dict = push_new(m, MC_PICKLE_DICT);
	const struct mc_pickle_value *list, *pair;
	size_t i;

	if (args->u.seq.n == 0)
		return MC_OK;
	list = args->u.seq.v[0];
	if (args->u.seq.n != 1 || list->kind != MC_PICKLE_LIST)
		return malformed(m);
	m->pickle->n += list->u.seq.n;
	for (i = 0; i < list->u.seq.n; i++) {
		pair = list->u.seq.v[i];
		if ((pair->kind != MC_PICKLE_LIST &&
		    pair->kind != MC_PICKLE_TUPLE) || pair->u.seq.n != 2)
			return malformed(m);
		append(dict, pair->u.seq.v[0]);
		append(dict, pair->u.seq.v[1]);
	}
	return MC_OK;
}

/* The one argument that stands for the result: of Size, and of Parameter. */
static enum mc_status
call_identity(struct machine *m, const struct mc_pickle_value *args,
    enum mc_pickle_kind kind)
{
	if (args->u.seq.n < 1 || args->u.seq.v[0]->kind != kind)
		return malformed(m);
	m->stack[m->n++] = args->u.seq.v[0];
	return MC_OK;
}

/* REDUCE, and NEWOBJ, which stands for cls.__new__(cls, *args) */
static enum mc_status
op_reduce(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *what = peek(m, 1, MC_PICKLE_GLOBAL);
	struct mc_pickle_value *args = peek(m, 0, MC_PICKLE_TUPLE);

	(void)arg;
	if (what == NULL)
		what = peek(m, 1, MC_PICKLE_OPAQUE);
	if (what == NULL || args == NULL)
		return malformed(m);
	if (what->kind == MC_PICKLE_OPAQUE || what->u.global.known == NULL)
		return replace_top(m, 2, what);
	m->n -= 2;
	switch (what->u.global.known->call) {
	case ORDERED_DICT:
		return call_ordered_dict(m, args);
	case DEFAULT_DICT:
		push_new(m, MC_PICKLE_DICT);
		return MC_OK;
	case SIZE:
		return call_identity(m, args, MC_PICKLE_TUPLE);
	case PARAMETER:
		return call_identity(m, args, MC_PICKLE_TENSOR);
	case TENSOR_V1:
	case TENSOR_V2:
		return call_tensor(m, args);
	case NOTHING:
		break;
	}
	return malformed(m);
}

/* NEWOBJ_EX: class, arguments, a dictionary of named ones */
static enum mc_status
op_new_object(struct machine *m, const struct operand *arg)
{
	struct mc_pickle_value *what = peek(m, 2, MC_PICKLE_GLOBAL);

	(void)arg;
	return what == NULL ? malformed(m) : replace_top(m, 3, what);
}

/* --- questions to the values ---------------------------------------------- */

/* Put the parts of VALUE that have not been searched onto the list. */
static struct mc_pickle_value **
list_parts(struct mc_pickle_value *value, struct mc_pickle_value **left,
    size_t *n, size_t *cap)
{
	size_t i;

	if (value->kind != MC_PICKLE_TUPLE && value->kind != MC_PICKLE_LIST &&
	    value->kind != MC_PICKLE_DICT && value->kind != MC_PICKLE_OPAQUE)
		return left;
	for (i = 0; i < value->u.seq.n; i++) {
		if (value->u.seq.v[i]->searched)
			continue;
		value->u.seq.v[i]->searched = true;
		left = mc_xgrow(left, *n, cap, sizeof(*left));
		left[(*n)++] = value->u.seq.v[i];
	}
	return left;
}

bool
mc_pickle_storage_in(struct mc_pickle_value *value)
{
	struct mc_pickle_value **left = NULL;
	size_t n = 0, cap = 0;
	bool found = false;

	if (value->searched)
		return false;
	value->searched = true;
	while (!found && value != NULL) {
		found = value->kind == MC_PICKLE_STORAGE ||
		    value->kind == MC_PICKLE_TENSOR;
		left = list_parts(value, left, &n, &cap);
		value = n > 0 ? left[--n] : NULL;
	}
	free(left);
	return found;
}

void
mc_pickle_maker(const struct mc_pickle_value *value, char *text, size_t size)
{
	const struct mc_pickle_value *g = value->kind == MC_PICKLE_OPAQUE ?
	    value->u.seq.maker : value;
	size_t module = g->u.global.nmodule, name = g->u.global.nname;

	snprintf(text, size, "%.*s.%.*s", (int)(module < 80 ? module : 80),
	    g->u.global.module, (int)(name < 80 ? name : 80),
	    g->u.global.name);
}

bool
mc_pickle_readable(const struct mc_pickle_value *storage)
{
	return storage->u.storage.type->u.global.known != NULL;
}

/* --- the machine --------------------------------------------------------- */

/*
 * SIZE bytes follow the opcode: a number, or, where COUNTED, the number of the
 * bytes that follow it.
 */
static const struct op {
	enum mc_status (*run)(struct machine *, const struct operand *);
	int size;
	bool counted;
} ops[256] = {
	[0x80] = { op_proto, 1, false },	/* PROTO */
	[0x95] = { op_nothing, 8, false },	/* FRAME */
	['.'] = { op_stop, 0, false },
	['('] = { op_mark, 0, false },
	['0'] = { op_pop, 0, false },
	['1'] = { op_pop_mark, 0, false },
	['q'] = { op_put, 1, false },		/* BINPUT */
	['r'] = { op_put, 4, false },		/* LONG_BINPUT */
	[0x94] = { op_put, 0, false },		/* MEMOIZE */
	['h'] = { op_get, 1, false },		/* BINGET */
	['j'] = { op_get, 4, false },		/* LONG_BINGET */
	['N'] = { op_atom, 0, false },		/* NONE */
	['G'] = { op_atom, 8, false },		/* BINFLOAT */
	['B'] = { op_atom, 4, true },		/* BINBYTES */
	['C'] = { op_atom, 1, true },		/* SHORT_BINBYTES */
	[0x8e] = { op_atom, 8, true },		/* BINBYTES8 */
	[0x96] = { op_atom, 8, true },		/* BYTEARRAY8 */
	[0x88] = { op_bool, 0, false },		/* NEWTRUE */
	[0x89] = { op_bool, 0, false },		/* NEWFALSE */
	['K'] = { op_unsigned, 1, false },	/* BININT1 */
	['M'] = { op_unsigned, 2, false },	/* BININT2 */
	['J'] = { op_signed, 4, false },	/* BININT */
	[0x8a] = { op_long, 1, true },		/* LONG1 */
	[0x8b] = { op_long, 4, true },		/* LONG4 */
	['U'] = { op_text, 1, true },		/* SHORT_BINSTRING */
	['T'] = { op_text, 4, true },		/* BINSTRING */
	['X'] = { op_text, 4, true },		/* BINUNICODE */
	[0x8c] = { op_text, 1, true },		/* SHORT_BINUNICODE */
	[0x8d] = { op_text, 8, true },		/* BINUNICODE8 */
	['}'] = { op_empty, 0, false },
	[']'] = { op_empty, 0, false },
	[')'] = { op_empty, 0, false },
	[0x8f] = { op_empty, 0, false },	/* EMPTY_SET */
	[0x91] = { op_tuple, 0, false },	/* FROZENSET */
	['t'] = { op_tuple, 0, false },
	[0x85] = { op_tuple, 0, false },	/* TUPLE1, 2, 3 */
	[0x86] = { op_tuple, 0, false },
	[0x87] = { op_tuple, 0, false },
	['a'] = { op_fill, 0, false },		/* APPEND */
	['e'] = { op_fill, 0, false },		/* APPENDS */
	[0x90] = { op_fill, 0, false },		/* ADDITEMS */
	['s'] = { op_fill, 0, false },		/* SETITEM */
	['u'] = { op_fill, 0, false },		/* SETITEMS */
	['c'] = { op_global, 0, false },
	[0x93] = { op_stack_global, 0, false },
	['R'] = { op_reduce, 0, false },
	[0x81] = { op_reduce, 0, false },	/* NEWOBJ */
	[0x92] = { op_new_object, 0, false },	/* NEWOBJ_EX */
	['b'] = { op_build, 0, false },
	['Q'] = { op_persistent, 0, false },	/* BINPERSID */
};

static enum mc_status
step(struct machine *m)
{
	struct operand arg = { 0 };
	const struct op *op;
	size_t left;

	m->op = m->p;
	if (m->p == m->end)
		return fail(m, "cut");
	op = &ops[*m->p++];
	left = (size_t)(m->end - m->p);
	if (op->run == NULL)
		return fail(m, "opcode 0x%02x has no place in a state dict",
		    *m->op);
	if (m->pickle->n >= VALUES_MOST || m->n >= STACK_MOST ||
	    m->nmarks >= STACK_MOST)
		return fail(m, "more values than a state dict has");
	if (left < (size_t)op->size)
		return fail(m, "cut");
	arg.i = mc_le(m->p, op->size);
	m->p += op->size;
	left -= (size_t)op->size;
	if (op->counted) {
		if (arg.i > left)
			return fail(m, "cut");
		arg.s = (const char *)m->p;
		arg.n = (size_t)arg.i;
		m->p += arg.n;
	}
	return op->run(m, &arg);
}

enum mc_status
mc_pickle_read(struct mc_pickle *pickle, const unsigned char *bytes, size_t n,
    const char *name, struct mc_pickle_value **value, size_t *used,
    struct mc_err *err)
{
	struct machine m = {
		.pickle = pickle, .begin = bytes, .p = bytes, .end = bytes + n,
		.name = name, .err = err
	};
	enum mc_status status = MC_OK;

	while (status == MC_OK && !m.stopped)
		status = step(&m);
	if (status == MC_OK) {
		*value = m.stack[0];
		*used = (size_t)(m.p - bytes);
	}
	free(m.stack);
	free(m.memo);
	free(m.marks);
	return status;
}

void
mc_pickle_free(struct mc_pickle *pickle)
{
	struct mc_pickle_value *v, *next;

	for (v = pickle->last; v != NULL; v = next) {
		next = v->next;
		if (v->kind == MC_PICKLE_TUPLE || v->kind == MC_PICKLE_LIST ||
		    v->kind == MC_PICKLE_DICT || v->kind == MC_PICKLE_OPAQUE)
			free(v->u.seq.v);
		free(v);
	}
	pickle->last = NULL;
	pickle->n = 0;
}
