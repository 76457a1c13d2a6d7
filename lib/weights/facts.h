/*
 * facts.h - read what config.json says of the network whose weights it is with.
 *
 * Two networks of the same arrays can compute different numbers: with other
 * heads of attention, or another activation.  Repositories of Hugging Face, timm
 * and open_clip say which it is in a file beside the weights.
 */
#ifndef MC_FACTS_H
#define MC_FACTS_H

#include <stdbool.h>
#include <stdint.h>

struct mc_facts {
	int64_t heads;		/* of attention; 0: not said */
	char *activation;	/* "gelu", "quick_gelu", ...; NULL: not said */
	char *architecture;	/* timm's name; NULL: not said */
	int64_t height, width;	/* pixels it was trained on; 0: not said */
	char *fault;		/* why the file cannot be read; NULL: it can */
};

/*
 * Fill C, which is zero, from what lies beside the weights FILE if FILE has a
 * name that such repositories use (model.safetensors, pytorch_model.bin,
 * open_clip_*, their indices).  A file that is not there says nothing; fault tells
 * of one that is no regular file, no JSON, or larger than 16 MiB.  Free it with mc_facts_clear.
 */
void		 mc_facts_read(struct mc_facts *c, const char *file);

void		 mc_facts_clear(struct mc_facts *c);

#endif
