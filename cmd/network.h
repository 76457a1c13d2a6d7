/*
 * network.h - start libtorch and a backbone from the options that several
 * programs share.
 */
#ifndef MC_NETWORK_H
#define MC_NETWORK_H

#include "image/preprocess.h"
#include "learn/feed.h"
#include "learn/pretrained.h"
#include "excerpt.h"
#include "stream/images.h"
#include "tool.h"
#include "torch/shim.h"

/* What was not given is NULL, 0 or below. */
struct network_opts {
	struct mc_pretrained from;
	int filter;		/* enum mc_filter */
	int precision;		/* enum mc_elem; mc_precision_names */
	int64_t resize, crop;
	const char *mean, *std;
};

#define NETWORK_DEFAULTS { .from = { .init_seed = -1, \
	.precision = MC_FLOAT32 }, .filter = MC_NOT_GIVEN, \
	.precision = MC_NOT_GIVEN }

/* Entries of an option table for the member NET of the struct O. */
#define NETWORK_BACKBONE(o, net) \
	{ "backbone", 0, "NAME", \
	    "backbone, such as resnet50, or FILE.pt, a TorchScript module; " \
	    "mc-embed --list prints all names", \
	    MC_STRING, offsetof(o, net.from.backbone), 0, 0, NULL }
#define NETWORK_CROP(o, net) \
	{ "crop", 0, "PX", "crop the centre to PX x PX pixels (default: the " \
	    "backbone's)", \
	    MC_INTEGER, offsetof(o, net.crop), 1, MC_RESIZE_MAX, NULL }
#define NETWORK_FEATURES(o, net) \
	{ "features", 0, "NAME", \
	    "features, such as cls+mean (default: the first that mc-embed " \
	    "--list prints)", MC_STRING, \
	    offsetof(o, net.from.features), 0, 0, NULL }
#define NETWORK_FILTER(o, net) \
	{ "filter", 0, NULL, "resizing filter (default: the backbone's)", \
	    MC_CHOICE, offsetof(o, net.filter), 0, 0, mc_filter_names }
#define NETWORK_INIT_SEED(o, net) \
	{ "init-seed", 0, "N", "seed of random weights (default: 1)", \
	    MC_INTEGER, offsetof(o, net.from.init_seed), 0, 9e15, NULL }
#define NETWORK_MEAN(o, net) \
	{ "mean", 0, "R,G,B", "subtract these from the channels, which are 0 " \
	    "to 1 (default: the backbone's)", MC_STRING, \
	    offsetof(o, net.mean), 0, 0, NULL }
#define NETWORK_PRECISION(o, net) \
	{ "precision", 0, NULL, "compute convolutions and matrix products in " \
	    "this type (default: float32)", MC_CHOICE, \
	    offsetof(o, net.precision), 0, 0, mc_precision_names }
#define NETWORK_RESIZE(o, net) \
	{ "resize", 0, "PX", "resize the shorter side to PX (default: the backbone's)", \
	    MC_INTEGER, offsetof(o, net.resize), 1, MC_RESIZE_MAX, NULL }
#define NETWORK_STD(o, net) \
	{ "std", 0, "R,G,B", "then divide the channels by these (default: the " \
	    "backbone's)", MC_STRING, offsetof(o, net.std), 0, 0, NULL }
#define NETWORK_WEIGHTS(o, net) \
	{ "weights", 0, "FILE", "pretrained weights, or random (default: " \
	    "the published file in PyTorch's cache)", MC_INPUT, \
	    offsetof(o, net.from.weights), 0, 0, MC_WORDS("random") }

/* The member DEVICE of the struct O; its default is the CPU, also for NULL. */
#define NETWORK_DEVICE(o, device) \
	{ "device", 0, "NAME", "compute on cpu, cuda, cuda:N, or auto: a GPU " \
	    "if there is one (default: cpu)", MC_STRING, offsetof(o, device), \
	    0, 0, NULL }

/*
 * Check the options together, set those that were not given (the preprocessing
 * is the backbone's) and make *PRE of them; what cannot be ends the program as a
 * usage error.
 */
void	network_check(struct network_opts *o, struct mc_preprocess *pre);

/*
 * Check the options given in O against what made the features of IMAGES, whose
 * preprocessing is PRE; or --weights alone, which is WEIGHTS or NULL.
 * MC_EUSAGE: one differs; the line has both values.
 */
enum mc_status	network_agrees(const struct network_opts *o,
		    const struct mc_images *images,
		    const struct mc_preprocess *pre, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	network_weights_agree(const char *weights,
		    const struct mc_images *images, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The known weights in PyTorch's cache, and the files of WEIGHTS unless it is
 * NULL or "random", may be read: tool_reads.
 */
void	network_reads_weights(const char *weights);

/*
 * Start libtorch on DEVICE (mc_torch_alloc; NULL: the CPU); warns where it runs
 * on a slow BLAS, says what it is.
 */
enum mc_status	network_start(struct mc_torch **t, const char *device,
		    int64_t threads, uint64_t seed, struct mc_err *err)
		    MC_MUST_CHECK;

/* Say in which precision T computes; warn where that gains no speed. */
void	network_say_precision(const struct mc_torch *t,
	    enum mc_elem precision);

/* For mc_feed_options.ahead: batches to decode while T computes. */
size_t	network_ahead(const struct mc_torch *t);

/* For mc_feed_options.bad: warn that ID is left out. */
void	network_bad_image(const char *id, const char *why, void *arg);

/*
 * Warn in one line of BAD images that could not be read or decoded, and of SEEN
 * that the model has seen, if there are any.
 */
void	network_warn_left_out(int64_t bad, int64_t seen);

/* Whether S, a name, can stand in a table and on a terminal. */
bool	network_is_name(const char *s);

#endif
