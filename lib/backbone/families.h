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

/* DINOv2 (Oquab et al. 2024): dinov2.c. */
struct dinov2_config {
	int dim, depth, heads;
	int registers;		/* register tokens (Darcet et al. 2024) */
};

extern const struct mc_family net_resnet, net_vgg, net_densenet, net_dinov2;

#define NET_RESNET(...) \
	&net_resnet, &(const struct resnet_config){ __VA_ARGS__ }
#define NET_DENSENET(...) \
	&net_densenet, &(const struct densenet_config){ __VA_ARGS__ }
#define NET_VGG(...) &net_vgg, &(const struct vgg_config){ __VA_ARGS__ }
#define NET_DINOV2(...) \
	&net_dinov2, &(const struct dinov2_config){ __VA_ARGS__ }

#endif
