/*
 * conventions.h - how others name the arrays of a network, as tables.
 *
 * In a pattern # stands for a number and @, at the end, for the rest of the
 * name; $1, $2, ... give them back, $+1 the number that follows, $*1 twice the
 * number, and $*+1 the number that follows that.  Rules are tried in order and
 * again on their result, so that a prefix goes first and the name behind it
 * next.
 */
#ifndef MC_CONVENTIONS_H
#define MC_CONVENTIONS_H

/* One for each bit of mc_statedict's conventions. */
#define MC_MAX_CONVENTIONS 64

struct mc_name_rule {
	const char *from;	/* NULL: the end of a table */
	const char *to;		/* NULL: left out (parts.c) */
};

struct mc_convention {
	const char *name;	/* NULL: the end of the table */
	const char *backbones;	/* what their names begin with */
	const struct mc_name_rule *rules;
};

extern const struct mc_convention mc_conventions[];

/* The network by whose rules BACKBONE goes: BACKBONE, if it is no other's. */
const char *mc_conventions_network(const char *backbone);

#endif
