/*
 * test_ranks.c - what several ranks compute together: threads stand for the
 * processes, and copy what they send.
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/ranks.h"
#include "tap.h"

#define MOST 5			/* ranks */

/* What is sent by each rank at present. */
static struct {
	pthread_barrier_t barrier;
	const char *from[MOST];
	int count, sent;	/* ranks, and how often they have sent */
} net;

struct rank {
	int own;
	struct mc_ranks *r;
	void (*work)(struct rank *rank);
	double *x;		/* sums */
	size_t n;
	enum mc_status status[4];
	struct mc_err err;
	int value;
	struct mc_buf text;
};

static void
gather(void *arg, const void *mine, void *all, size_t n)
{
	struct rank *rank = arg;
	int i;

	net.from[rank->own] = mine;
	if (pthread_barrier_wait(&net.barrier) != 0)
		net.sent++;
	for (i = 0; i < net.count; i++)
		memcpy((char *)all + (size_t)i * n, net.from[i], n);
	pthread_barrier_wait(&net.barrier);
}

static void
exchange(void *arg, const void *parts, void *got, size_t n)
{
	struct rank *rank = arg;
	int i;

	net.from[rank->own] = parts;
	pthread_barrier_wait(&net.barrier);
	for (i = 0; i < net.count; i++)
		memcpy((char *)got + (size_t)i * n, net.from[i] +
		    (size_t)rank->own * n, n);
	pthread_barrier_wait(&net.barrier);
}

static void
leave(void *arg)
{
	(void)arg;
}

static void *
start(void *arg)
{
	struct rank *rank = arg;
	const struct mc_transport by = { rank->own, net.count, gather,
	    exchange, leave, rank };

	rank->r = mc_ranks_alloc(&by);
	rank->work(rank);
	mc_ranks_leave(rank->r);
	return NULL;
}

/* Have COUNT ranks do WORK. */
static void
together(struct rank *ranks, int count, void (*work)(struct rank *))
{
	pthread_t thread[MOST];
	int i;

	net.count = count;
	net.sent = 0;
	pthread_barrier_init(&net.barrier, NULL, (unsigned)count);
	for (i = 0; i < count; i++) {
		ranks[i].own = i;
		ranks[i].work = work;
		pthread_create(&thread[i], NULL, start, &ranks[i]);
	}
	for (i = 0; i < count; i++)
		pthread_join(thread[i], NULL);
	pthread_barrier_destroy(&net.barrier);
}

/* --- Sums ------------------------------------------------------------------ */

/* Numbers whose sum depends on its order. */
static double
number(int rank, size_t i)
{
	return ((int)((i * 2654435761u >> 7) % 2001) - 1000) / (3.0 + rank) *
	    (i % 3 == 0 ? 1e4 : 1);
}

static void
add_up(struct rank *rank)
{
	size_t i;

	rank->x = mc_xcalloc(rank->n, sizeof(*rank->x));
	for (i = 0; i < rank->n; i++)
		rank->x[i] = number(rank->own, i);
	mc_ranks_sum(rank->r, rank->x, rank->n);
}

static void
test_sums(int count, size_t n)
{
	struct rank ranks[MOST] = { 0 };
	size_t i, bad = 0;
	int k;

	for (k = 0; k < count; k++)
		ranks[k].n = n;
	together(ranks, count, add_up);
	for (i = 0; i < n; i++) {
		double x = number(0, i);

		for (k = 1; k < count; k++)
			x += number(k, i);
		for (k = 0; k < count; k++)
			bad += ranks[k].x[i] != x;
	}
	tap_int((long long)bad, 0, "%d ranks: sums of %zu numbers, in order",
	    count, n);
	for (k = 0; k < count; k++)
		free(ranks[k].x);
}

/* --- Agreeing -------------------------------------------------------------- */

static void
all_is_well(struct rank *rank)
{
	rank->value = rank->own == 1 ? 7 : -rank->own;
	rank->status[0] = mc_ranks_agree(rank->r, MC_OK, &rank->value,
	    &rank->err);
	rank->status[1] = mc_ranks_agree(rank->r, rank->own == 2 ? MC_END :
	    MC_OK, NULL, &rank->err);
	rank->status[2] = mc_ranks_agree(rank->r, MC_OK, NULL, &rank->err);
}

/* Rank 0 goes on to another place than the others when two have failed. */
static void
two_fail(struct rank *rank)
{
	enum mc_status status = MC_OK;
	int first;

	if (rank->own == 3)
		status = mc_err_set(&rank->err, MC_EIO, "no disk");
	if (rank->own == 1)
		status = mc_err_set(&rank->err, MC_EDATA, "bad image");
	rank->status[0] = mc_ranks_agree(rank->r, status, NULL, &rank->err);
	first = net.sent;
	mc_err_set(&rank->err, MC_EUSAGE, "later");
	if (rank->own == 0)
		rank->status[1] = mc_ranks_agree(rank->r, MC_OK, &rank->value,
		    &rank->err);
	rank->status[2] = mc_ranks_agree(rank->r, MC_EUSAGE, NULL,
	    &rank->err);
	rank->value = net.sent - first;
}

static void
test_agree(void)
{
	struct rank well[MOST] = { 0 }, bad[MOST] = { 0 };
	int i;

	together(well, 3, all_is_well);
	for (i = 0; i < 3; i++) {
		tap_int(well[i].status[0], MC_OK, "rank %d: all go on", i);
		tap_int(well[i].value, 7, "the largest value");
		tap_int(well[i].status[1], MC_END, "one has come to the end");
		tap_int(well[i].status[2], MC_OK, "which does not stay");
	}
	together(bad, 4, two_fail);
	for (i = 0; i < 4; i++) {
		tap_int(bad[i].status[0], MC_EDATA, "rank %d: the first error", i);
		tap_int(bad[i].status[2], MC_EDATA, "it stays");
		tap_str(bad[i].err.text, "rank 1: bad image", "with its text");
		tap_int(bad[i].value, 0, "and nothing more is sent");
	}
	tap_int(bad[0].status[1], MC_EDATA, "nor waited for");
}

/* --- Texts ----------------------------------------------------------------- */

static void
tell(struct rank *rank)
{
	struct mc_buf ours = { 0 };

	mc_buf_printf(&ours, "rank %d\nseed %d\n", rank->own, 3 - rank->own);
	if (rank->own > 0)
		mc_buf_puts(&ours, "more than the first has\n");
	mc_ranks_first(rank->r, &ours, &rank->text);
	mc_buf_free(&ours);
}

static void
test_first(void)
{
	struct rank ranks[MOST] = { 0 };
	int i;

	together(ranks, 3, tell);
	for (i = 0; i < 3; i++) {
		tap_str(ranks[i].text.data, "rank 0\nseed 3\n",
		    "rank %d: the text of rank 0", i);
		mc_buf_free(&ranks[i].text);
	}
}

/* Without others nothing is sent, and all is as it was. */
static void
test_alone(void)
{
	struct mc_buf ours = { 0 }, first = { 0 };
	struct mc_err err;
	double x = 1.5;
	int value = 3;

	mc_ranks_sum(NULL, &x, 1);
	mc_buf_puts(&ours, "text");
	mc_ranks_first(NULL, &ours, &first);
	TEST(x == 1.5 && mc_ranks_own(NULL) == 0 && mc_ranks_count(NULL) == 1);
	TEST(mc_ranks_agree(NULL, MC_EIO, &value, &err) == MC_EIO && value == 3);
	tap_str(first.data, "text", "alone: our own text");
	mc_buf_free(&ours);
	mc_buf_free(&first);
	mc_ranks_leave(NULL);
}

int
main(void)
{
	static const size_t n[] = { 0, 1, 3, 4, 1000, 2500001 };
	size_t i;

	for (i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		test_sums(1, n[i]);
		test_sums(2, n[i]);
		test_sums(5, n[i]);
	}
	test_agree();
	test_first();
	test_alone();
	return tap_done();
}
