/*
 * excerpt.h - declare the options that choose arrays of a file of weights.
 */
#ifndef MC_EXCERPT_H
#define MC_EXCERPT_H

#include "base/opt.h"
#include "weights/parts.h"

/* Entries of an option table for the struct mc_excerpt MEMBER of O. */
#define EXCERPT_ALLOW_EXTRA(o, member) \
	{ "allow-extra", 0, "GLOB", "leave out arrays of the weights whose " \
	    "names match GLOB", MC_STRING, \
	    offsetof(o, member.allow_extra), 0, 0, NULL }
#define EXCERPT_FROM(o, member) \
	{ "from", 0, "KEY", "read this entry of a torch.save file, such as " \
	    "model_ema", MC_STRING, offsetof(o, member.from), 0, 0, \
	    NULL }
#define EXCERPT_PREFIX(o, member) \
	{ "prefix", 0, "P", "read only the arrays of the weights whose names " \
	    "begin with P and a dot", MC_STRING, offsetof(o, member.prefix), 0, 0, NULL }

#endif
