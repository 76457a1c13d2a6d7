/*
 * ranks_mpi.c - send bytes among ranks by MPI: the module mc-mpi.so, which
 * ranks.c loads.
 *
 * Errors of MPI end all ranks, and its library says why.
 */
#include "config.h"

#include <mpi.h>

#include "base/ranks.h"

/* The one symbol that ranks.c looks for. */
const struct mc_transport *mc_mpi_join(void);

static void
gather(void *arg, const void *mine, void *all, size_t n)
{
	(void)arg;
	MPI_Allgather(mine, (int)n, MPI_BYTE, all, (int)n, MPI_BYTE,
	    MPI_COMM_WORLD);
}

static void
exchange(void *arg, const void *parts, void *got, size_t n)
{
	(void)arg;
	MPI_Alltoall(parts, (int)n, MPI_BYTE, got, (int)n, MPI_BYTE,
	    MPI_COMM_WORLD);
}

static void
leave(void *arg)
{
	(void)arg;
	MPI_Finalize();
}

const struct mc_transport *
mc_mpi_join(void)
{
	static struct mc_transport by = { .gather = gather,
	    .exchange = exchange, .leave = leave };
	int provided;

	/* Only the thread that trains calls MPI. */
	MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
	MPI_Comm_rank(MPI_COMM_WORLD, &by.own);
	MPI_Comm_size(MPI_COMM_WORLD, &by.count);
	return &by;
}
