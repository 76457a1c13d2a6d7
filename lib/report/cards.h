/*
 * cards.h - describe the models of a study: a model card per arm.
 *
 * A card follows M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019,
 * as far as model tars and metrics go: what the model is, how and on what it was
 * trained, how well it did, and what it is not for.  Models of one task and arm
 * share a card, one row per training seed and fold.
 */
#ifndef MC_CARDS_H
#define MC_CARDS_H

#include <stddef.h>

#include "report/facts.h"
#include "report/page.h"
#include "report/printed.h"
#include "table/keyvalue.h"
#include "table/schemas.h"

struct mc_cards;

/* NAMES are those of print, and must outlive the cards. */
struct mc_cards	*mc_cards_alloc(struct mc_printed *names);
void		 mc_cards_free(struct mc_cards *c);

/*
 * Add the model in the file NAME (without folders) with the digest SHA256.  ABOUT is
 * its __model__ and becomes C's, on error also.  MC_EDATA: two tasks or two arms
 * would be printed alike.
 */
enum mc_status	 mc_cards_add(struct mc_cards *c, const char *name,
		    const char *sha256, struct mc_keyvalue *about,
		    struct mc_err *err) MC_MUST_CHECK;

/* The number of models; and of those with KEY, and VALUE unless it is NULL. */
size_t		 mc_cards_models(const struct mc_cards *c);
size_t		 mc_cards_with(const struct mc_cards *c, const char *key,
		    const char *value);

/* The distinct values of KEY in the order of the models, joined by "; ", which the
   caller frees; "" where no model has it. */
char		*mc_cards_values(const struct mc_cards *c, const char *key);

/* The number of models whose KEY_A is A and whose KEY_B is B. */
size_t		 mc_cards_with_both(const struct mc_cards *c, const char *key_a,
		    const char *a, const char *key_b, const char *b);

/* The number of arms, in *ARMS, and of those trained with one seed only. */
size_t		 mc_cards_one_seed(const struct mc_cards *c, size_t *arms);

/*
 * Append to P a table of the arms, a line each: what tells them apart, and on how
 * many images they were trained.
 */
void		 mc_cards_overview(const struct mc_cards *c, struct mc_page *p);

/*
 * Append a card per arm to P, sorted by task and arm in print.  METRICS is the metrics table
 * as it was read, NULL for none, and PRINTED the same rows with the names of print.
 */
void		 mc_cards_print(const struct mc_cards *c,
		    const struct mc_rows *metrics,
		    const struct mc_rows *printed,
		    const struct mc_table_style *style, struct mc_page *p);

#endif
