/*
 * order.h - order the training images of an epoch.
 */
#ifndef MC_ORDER_H
#define MC_ORDER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Write those of the N indices INDEX that process RANK of RANKS trains on in
 * EPOCH to OUT, in their order, and return how many they are.  The order is
 * that of mc_stream_hash(SEED, "shuffle", EPOCH, KEY[index]), and, between
 * equal hashes, that of INDEX; a process takes every RANKS-th of it, from the
 * RANK-th on.  OUT has room for N.
 */
size_t	mc_epoch_order(const size_t *index, size_t n, const uint64_t *key,
	    uint64_t seed, int64_t epoch, size_t rank, size_t ranks,
	    size_t *out);

/*
 * Write N indices to OUT, among which each of the N_CLASSES classes has as many
 * places as any other (the first N % N_CLASSES classes one more), in their
 * order.  LABEL has the class of each index, and each class has an index.  The
 * images of a class take turns: each has as many places as any other of it, but
 * for one more of those that come first by mc_stream_hash(SEED, "sample", EPOCH,
 * key).  The order is that of mc_epoch_order, where the copies of an image,
 * counted from 0, have the keys key + copy.
 */
void	mc_balanced_order(const size_t *index, size_t n, const uint64_t *key,
	    const int *label, size_t n_classes, uint64_t seed, int64_t epoch,
	    size_t *out);

/*
 * Write the keys by which the N images of ORDER are augmented to OUT: those of
 * KEY, and where an image is repeated, key + copy, counted from 0, so that its
 * copies differ.  Indices are below N_IMAGES.
 */
void	mc_copy_keys(const size_t *order, size_t n, const uint64_t *key,
	    size_t n_images, uint64_t *out);

#endif
