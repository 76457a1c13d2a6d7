/*
 * families.h - configure the families of networks.
 *
 * Each family is one source file, which reads its configuration and nothing
 * else of the registry's row: no family looks at a network's name.  A macro
 * gives a row the family and a configuration of its type, so that another
 * family's does not compile.
 */
#ifndef MC_FAMILIES_H
#define MC_FAMILIES_H

#include "backbone/info.h"

#define NET_STAGES 4

/*
 * ResNet (He et al. 2016), ResNeXt (Xie et al. 2017) and Wide ResNet
 * (Zagoruyko & Komodakis 2016): resnet.c.
 */
struct resnet_config {
	int blocks[NET_STAGES];
	bool bottleneck;	/* three convolutions per block, not two */
	int groups;		/* of the bottleneck's 3 x 3 convolution, */
	int width;		/* and its channels per group in the first stage */
};

/* DenseNet (Huang et al. 2017): densenet.c. */
struct densenet_config {
	int layers[NET_STAGES];
	int stem;		/* channels of the first convolution */
	int growth;		/* channels that a layer adds */
};

/* VGG (Simonyan & Zisserman 2015): vgg.c. */
struct vgg_config {
	int convs[5];		/* before each pooling */
	bool batch_norm;
};

/* ConvNeXt (Liu et al. 2022): convnext.c. */
enum convnext_names {
	CONVNEXT_TORCHVISION,
	CONVNEXT_META		/* of facebookresearch's state dicts */
};

struct convnext_config {
	enum convnext_names names;
	int blocks[NET_STAGES], channels[NET_STAGES];
	double drop;		/* stochastic depth of the last block */
};

/* Vision transformers (Dosovitskiy et al. 2021): vit.c. */
enum vit_names {
	VIT_DINOV2, VIT_DINOV3,	/* of facebookresearch's state dicts, */
	VIT_TIMM		/* and of timm's */
};

enum vit_position {
	/* Learned for a grid, and resized to another: */
	VIT_GRID,		/* with antialiasing */
	VIT_GRID_OFFSET,	/* as DINOv2 was trained without registers */
	/* Attention turns queries and keys (Su et al. 2024), as in DINOv3. */
	VIT_ROPE
};

/* What is between the layers of an MLP. */
enum vit_mlp {
	VIT_GELU,		/* exact, */
	VIT_GELU_QUICK,		/* x sigmoid(1.702 x), */
	VIT_GELU_TANH,		/* approximated by tanh */
	VIT_SWIGLU,		/* silu(x) y (Shazeer 2020), of two layers, */
	VIT_SWIGLU_FUSED	/* and of two halves of one */
};

struct vit_config {
	enum vit_names names;	/* VIT_DINOV3: keys have no bias */
	int patch, dim, depth, heads;
	enum vit_mlp mlp;
	int hidden;		/* width of the MLP behind its activation */
	enum vit_position position;
	int grid;		/* of the position embedding, per side */
	bool class_token;
	int registers;		/* register tokens (Darcet et al. 2024) */
	double scale;		/* where LayerScale starts; 0: there is none */
	double epsilon;		/* of all norms */
	/* A norm before the blocks, and no bias in the patch embedding. */
	bool norm_before;
	bool attention_pool;	/* features "pooled" */
};

/* Swin transformers (Liu et al. 2021): swin.c. */
struct swin_config {
	int blocks[NET_STAGES], heads[NET_STAGES];
	int dim;		/* of the first stage; each has twice the last */
	int window;		/* tokens per side */
	double drop;		/* stochastic depth of the last block */
};

/*
 * EfficientNet (Tan & Le 2019, 2021) and MobileNetV3 (Howard et al. 2019):
 * mbconv.c.
 */
enum mbconv_activation { MBCONV_SILU, MBCONV_RELU, MBCONV_HARDSWISH };

/* Blocks of which the first has the stride and changes the channels. */
struct mbconv_stage {
	int layers;
	double ratio;		/* of the channels inside to those taken */
	int kernel, stride, out;
	bool squeeze;		/* squeeze and excitation */
	/* One convolution for the two of which the second is by channel. */
	bool fused;
	enum mbconv_activation activation;
};

struct mbconv_config {
	const struct mbconv_stage *stages;
	int n_stages;
	int stem;		/* channels */
	int last;		/* of the last convolution; 0: 4 times its input */
	double width, depth;	/* what channels and layers are multiplied by */
	double epsilon, momentum;	/* of the batch norms */
	double drop;		/* stochastic depth behind the last block */
	double dropout;		/* before the logits */
	/*
	 * As MobileNetV3: hard forms of the activations, a last convolution of
	 * 6 times its input, and a layer of `hidden` before the logits.
	 */
	bool mobile;
	int hidden;
};

extern const struct mc_family net_resnet, net_vgg, net_densenet, net_vit,
    net_efficientnet, net_mobilenet;
extern const struct mc_family net_swin;
extern const struct mc_family net_convnext;

#define NET_RESNET(...) \
	&net_resnet, &(const struct resnet_config){ __VA_ARGS__ }
#define NET_DENSENET(...) \
	&net_densenet, &(const struct densenet_config){ __VA_ARGS__ }
#define NET_VGG(...) &net_vgg, &(const struct vgg_config){ __VA_ARGS__ }
#define NET_CONVNEXT(...) \
	&net_convnext, &(const struct convnext_config){ __VA_ARGS__ }
#define NET_EFFICIENTNET(...) \
	&net_efficientnet, &(const struct mbconv_config){ __VA_ARGS__ }
#define NET_MOBILENET(...) \
	&net_mobilenet, &(const struct mbconv_config){ __VA_ARGS__ }
#define NET_SWIN(...) &net_swin, &(const struct swin_config){ __VA_ARGS__ }
#define NET_VIT(...) &net_vit, &(const struct vit_config){ __VA_ARGS__ }

#endif
