/*
 * net.h - declare the parameters and layers that the families of networks
 * share.
 *
 * A family declares its layers once, in the order of the reference's state
 * dict, and applies them in forward.  Where gradients are recorded or batch
 * statistics are used, a layer computes with the parameters themselves.  Else
 * it computes with `ready` forms made from them before the first image: a
 * convolution with the batch norm behind it folded in, and so on.
 *
 * In bfloat16, as in torch.autocast, the operands of convolutions and matrix
 * products are cast to it, which gradients follow, and their results are of it.
 * Layer norms, the last means and all parameters are in float32; a batch norm
 * takes and gives bfloat16 and computes in float32.
 */
#ifndef MC_NET_H
#define MC_NET_H

#include "backbone/info.h"
#include "base/err.h"

enum net_init { NET_CONSTANT, NET_NORMAL, NET_TRUNCATED, NET_UNIFORM };

/* How random weights start: the constant, deviation, or largest value. */
struct net_dist {
	enum net_init kind;
	double value;
};

struct net_param {
	struct mc_param p;
	char *name;
	struct net_dist dist;
	bool operand;	/* of a convolution or a matrix product */
	bool kernels;	/* of a convolution, which has the ready form */
	bool attention;	/* a weight that mc_backbone_lora adapts */
	/*
	 * A position embedding, 1 x (AHEAD + S S) x D, whose S is that of the
	 * file from which it is loaded.
	 */
	bool grid;
	int64_t ahead;
	struct mc_tensor *ready;
	/* The factors of what is added to it, times the scale; or NULL. */
	struct net_param *lora_a, *lora_b;
	double lora_scale;
};

struct net_linear {
	struct net_param *weight, *bias;	/* bias: or NULL */
};

/* A layer norm. */
struct net_norm {
	double epsilon;
	struct net_param *weight, *bias;
};

struct net_batch_norm {
	/* What is added to the variance; how far the statistics move. */
	double epsilon;
	struct net_param *weight, *bias, *mean, *var;
};

struct net_conv {
	int in, out, size, stride, padding, groups;
	struct net_param *weight, *bias;	/* bias: or NULL */
	struct net_batch_norm *norm;		/* behind it, or NULL */
	struct mc_tensor *w, *b;		/* ready */
};

struct mc_backbone {
	struct mc_torch *t;
	const struct mc_backbone_info *info;
	const struct mc_features *features;
	enum mc_elem elem;	/* of convolutions and matrix products */
	enum mc_elem wide;	/* of all else */
	unsigned mode;				/* of enum mc_mode */
	/* Of the last block; build sets what is the network's own. */
	double drop_path;
	int frozen;		/* what is of a smaller depth: mode 0 */
	bool ready, sealed;
	struct mc_watch *watch;	/* watch.h; or NULL */
	int depth;		/* of what is being declared; see net_block */
	int blocks;
	struct net_param **params;
	size_t n_params, cap_params;
	struct net_conv **convs;		/* all, to make ready */
	size_t n_convs, cap_convs;
	struct mc_tensor ***cached;		/* see net_cached */
	size_t n_cached, cap_cached;
	/* While set, what is declared is not needed for these features. */
	bool spare;
	char **spares;				/* their names */
	size_t n_spares, cap_spares;
	void *model;				/* the family's layers */
	/* Frees what model holds before it is freed; or NULL. */
	void (*clear)(void *model);
};

/* Whether B was made for the features NAME. */
bool	 net_wants(const struct mc_backbone *b, const char *name);

/*
 * Set the parameters of B from the FIRST on to the values that VALUES, given
 * FROM, writes to its last argument.  A value that is not finite, or a variance
 * below 0, is an error with the parameter's name; those before it have been set
 * by then.
 */
enum mc_status net_fill(struct mc_backbone *b, size_t first,
	    void (*values)(const struct net_param *, const void *, float *),
	    const void *from, struct mc_err *err) MC_MUST_CHECK;

/*
 * Make the tensors, zeros, of the parameters of B from the FIRST on that have
 * none.
 */
enum mc_status net_allocate(struct mc_backbone *b, size_t first,
	    struct mc_err *err) MC_MUST_CHECK;

/* Make the tensor of P anew, zeros, of as many ROWS. */
void	 net_resize(struct mc_backbone *b, struct net_param *p, int64_t rows);

/* Draw these from their distributions: see mc_backbone_init. */
enum mc_status net_draw(struct mc_backbone *b, size_t first, uint64_t seed,
	    struct mc_err *err) MC_MUST_CHECK;

/* Free *OLD, and set it to ANEW. */
void	 net_replace(struct mc_tensor **old, struct mc_tensor *anew);

void	 net_param_free(struct net_param *p);

/* --- Declaring; NAME is the layer's prefix in the state dict -------------- */

/* What is declared from here on lies one block further from the input. */
void	 net_block(struct mc_backbone *b);
/* The same, but it belongs to no block: no block is declared after it. */
void	 net_behind(struct mc_backbone *b);

/* A parameter of its own; the name is made as by printf. */
struct net_param *net_param(struct mc_backbone *b, struct net_dist dist,
	    int ndim, const int64_t *shape, const char *fmt, ...)
	    MC_PRINTF(5, 6);

/* Without a bias where BIAS is NULL. */
void	 net_linear(struct mc_backbone *b, struct net_linear *l,
	    const char *name, int in, int out, struct net_dist weight,
	    const struct net_dist *bias);
/*
 * With weights normal of the deviation 0.02, and a bias of 0.  torchvision and
 * timm cut this distribution at +-2, a hundred deviations, which cuts nothing.
 */
void	 net_linear_normal(struct mc_backbone *b, struct net_linear *l,
	    const char *name, int in, int out);
/* Declare NAME, which the reference's state dict has and nothing here uses. */
void	 net_unused(struct mc_backbone *b, const char *name);
void	 net_norm(struct mc_backbone *b, struct net_norm *n, const char *name,
	    int dim, double epsilon);
/*
 * BEFORE: the convolution whose result N alone takes, or NULL.  Epsilon and
 * momentum are PyTorch's, 1e-5 and 0.1; a family may change them.
 */
void	 net_batch_norm(struct mc_backbone *b, struct net_batch_norm *n,
	    const char *name, int channels, struct net_conv *before);
/* Set the momentum of N. */
void	 net_momentum(struct net_batch_norm *n, double momentum);
/* Of what C says of its shape; without a bias where BIAS is NULL. */
void	 net_conv(struct mc_backbone *b, struct net_conv *c, const char *name,
	    struct net_dist weight, const struct net_dist *bias);

/*
 * At SLOT forward may keep what it makes from the parameters: it becomes NULL
 * when they may change.
 */
void	 net_cached(struct mc_backbone *b, struct mc_tensor **slot);

/* Normal, of the deviation sqrt(2 / fan) (He et al. 2015). */
struct net_dist net_kaiming(double fan);
/* torch.nn's default for a layer of FAN inputs: uniform in +-1/sqrt(FAN). */
struct net_dist net_default(double fan);
struct net_dist net_normal(double deviation);
/* Normal, drawn again beyond two deviations. */
struct net_dist net_truncated(double deviation);
struct net_dist net_constant(double value);

/* --- Applying ------------------------------------------------------------- */

/* B's present mode where P is applied: 0 if it is frozen. */
unsigned net_mode(const struct mc_backbone *b, const struct net_param *p);

/* Whether B, in its present mode, computes with the ready forms. */
bool	 net_is_ready(const struct mc_backbone *b);

/* P's tensor, or its sum with the product of its adapter, a temporary. */
struct mc_tensor *net_adapted(const struct mc_backbone *b,
	    const struct net_param *p);

/* The tensor to compute with; a temporary where it is cast or adapted. */
struct mc_tensor *net_value(const struct mc_backbone *b,
	    const struct net_param *p);

/* X in the type of layer norms and features. */
struct mc_tensor *net_wide(const struct mc_backbone *b, struct mc_tensor *x);

struct mc_tensor *net_apply_linear(struct mc_backbone *b,
	    const struct net_linear *l, struct mc_tensor *x);
struct mc_tensor *net_apply_norm(struct mc_backbone *b,
	    const struct net_norm *n, struct mc_tensor *x);

/* relu(norm(x)) */
struct mc_tensor *net_norm_relu(struct mc_backbone *b,
	    const struct net_batch_norm *n, struct mc_tensor *x);

/* norm(conv(x)), relu(norm(conv(x))), relu(norm(conv(x)) + y) */
struct mc_tensor *net_apply_conv(struct mc_backbone *b,
	    const struct net_conv *c, struct mc_tensor *x);
struct mc_tensor *net_conv_relu(struct mc_backbone *b,
	    const struct net_conv *c, struct mc_tensor *x);
struct mc_tensor *net_conv_add_relu(struct mc_backbone *b,
	    const struct net_conv *c, struct mc_tensor *x,
	    struct mc_tensor *y);

#endif
