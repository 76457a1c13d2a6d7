"""Compare what backbone_run prints with the reference implementation.

backbone.py BACKBONE_RUN <cases

A case is a line "features|dropped|train|bfloat16|watched NAME FEATURES IMAGES SIDE" or
"shapes"; SIDE may be ROWSxCOLUMNS.  The result of each is a line: ok or fail, a
TAB, the case, a TAB, and what was found.

watched: to 1e-9 of the largest value of an entry.
shapes: torchvision's networks, all of the registry, have the same parameters and
buffers in the same order.  The others: torchvision's networks, and DINOv2's written anew below from its description,
with the formula's parameters and images; the largest difference of an entry,
over the entry's largest value, must be below 1e-5 (features, dropped; float32) or 1e-9
(train, float64).

bfloat16: the distance from the network in float64, |x - y| / |y| over all
features, and over all gradients, is compared with that of two networks in
bfloat16.  One rounds the operands and results of convolutions and products,
and the results of batch norms, and is else in float64; the other is that of
torch.autocast.  Ours must not be farther away than 1.25 times the first, which
differs from itself by a fifth when it computes in float32, since each rounding
may fall the other way; and not farther than 1.25 times the second.  (Without
AVX512-BF16, libtorch 1.13 adds up in bfloat16, and is far away.)  Some 63
independent roundings, each of at most 2^-9, add up to some 63^0.5 2^-9 = 0.015:
more is refused in features.
"""
import importlib
import io
import math
import re
import subprocess
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    import torchvision
except ImportError as e:
    print("skip", "all", e, sep="\t")
    sys.exit()



def unit(name, n):
    s = np.uint64(0xcbf29ce484222325)
    with np.errstate(over="ignore"):
        for byte in ("mctools:" + name).encode():
            s = (s ^ np.uint64(byte)) * np.uint64(0x100000001b3)
        z = s + np.arange(1, n + 1, dtype=np.uint64) \
            * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2 / 2**53 - 1


def formula(name, shape, dtype):
    n = math.prod(shape)
    u = unit(name, n)
    last = name.split(".")[-1]
    if last == "running_mean" or last == "bias":
        u = 0.1 * u
    elif last == "running_var":
        u = 1 + 0.5 * u
    elif last == "gamma":
        u = 0.2 + 0.1 * u
    elif last in ("cls_token", "pos_embed", "register_tokens",
                  "storage_tokens", "latent"):
        u = 0.5 * u
    elif name == "input":
        u = 2 * u
    elif len(shape) == 1:
        u = 1 + 0.1 * u
    else:
        u = u * math.sqrt(3 / math.prod(shape[1:]))
    return torch.from_numpy(u.astype(np.float32).reshape(shape)).to(dtype)


class Rounded:
    """What rounds to bfloat16, and gradients as they come back, or does not."""

    on = False

    def __call__(self, x):
        return x.bfloat16().to(x.dtype) if self.on else x


rounded = Rounded()


def forward_rounded(m):
    """The forward of the module M with results, and operands, rounded."""
    if isinstance(m, torch.nn.Conv2d):
        return lambda x: rounded(F.conv2d(
            rounded(x), rounded(m.weight),
            m.bias if m.bias is None else rounded(m.bias), m.stride,
            m.padding, 1, m.groups))
    if isinstance(m, torch.nn.Linear):
        return lambda x: rounded(F.linear(
            rounded(x), rounded(m.weight),
            m.bias if m.bias is None else rounded(m.bias)))
    if isinstance(m, (torch.nn.BatchNorm2d, torch.nn.ReLU, torch.nn.GELU)):
        return lambda x, f=m.forward: rounded(f(x))
    return m.forward


class Convnet:
    """One of torchvision's."""

    dropping = False        # dropout and stochastic depth, by torch's generator

    def __init__(self, name, features, dtype):
        self.features = features
        self.net = self.make(name)
        if isinstance(self.net, torchvision.models.VGG) \
                and features == "pooled":
            self.net.classifier = None
        for m in self.net.modules():
            if isinstance(m, (torch.nn.Dropout,
                              torchvision.ops.StochasticDepth)):
                if not self.dropping:
                    m.p = 0
        self.net.to(dtype)
        with torch.no_grad():
            for key, x in self.net.state_dict().items():
                if x.is_floating_point():
                    x.copy_(formula(self.key(key), x.shape, dtype))
        for m in self.net.modules() if rounded.on else ():
            m.forward = forward_rounded(m)

    def make(self, name):
        return getattr(torchvision.models, name)(weights=None)

    def train(self, on):
        self.net.train(on)
        for m in self.net.modules() if self.dropping else ():
            m.training = isinstance(m, (torch.nn.Dropout,
                                        torchvision.ops.StochasticDepth))
        return self.net.parameters()

    def key(self, name):
        """What the state dict compared calls the parameter NAME."""
        return name

    def state(self):
        return {self.key(name): x for name, x
                in self.net.state_dict(keep_vars=True).items()}

    def __call__(self, x):
        net = self.net
        if self.features == "logits":
            return net(x)
        if hasattr(net, "fc"):                  # ResNet
            net.fc = torch.nn.Identity()
            return net(x)
        if hasattr(net, "head"):                # Swin
            net.head = torch.nn.Identity()
            return net(x)
        x = net.features(x)
        if isinstance(net, torchvision.models.DenseNet):
            return F.relu(x).mean((2, 3))
        x = net.avgpool(x)
        if isinstance(net, torchvision.models.ConvNeXt):
            return net.classifier[:2](x)
        if self.features == "pooled":
            return x.mean((2, 3))
        last = 6 if isinstance(net, torchvision.models.VGG) else 2
        return net.classifier[:last](x.flatten(1))


def with_wide_norms(net):
    """torch.autocast of 1.13 gives layer norms bfloat16, which they refuse."""
    for m in net.modules():
        if isinstance(m, torch.nn.LayerNorm):
            m.forward = lambda x, m=m, f=m.forward: f(x.to(m.weight.dtype))
    return net


class Swin(Convnet):
    """The network of small.h as torchvision makes it, or torchvision's."""

    class Functional:
        """What torchvision's attention calls."""

        pad, dropout = staticmethod(F.pad), staticmethod(F.dropout)

        @staticmethod
        def linear(x, weight, bias):
            return rounded(F.linear(rounded(x), rounded(weight), rounded(bias)))

        @staticmethod
        def softmax(x, dim):
            return rounded(F.softmax(x, dim))

    def make(self, name):
        swin = torchvision.models.swin_transformer
        swin.F = self.Functional
        return with_wide_norms(
            swin.SwinTransformer([4, 4], 8, [2, 2, 3, 2], [1, 2, 4, 8], [3, 3])
            if name == "small_swin" else super().make(name))


class Convnext(Convnet):
    """torchvision's, small, and under the names and with the features of dinov3."""

    sizes = [(8, 16, 1), (16, 24, 2), (24, 32, 1), (32, None, 1)]

    def make(self, name):
        self.dinov3 = "dinov3" in name
        convnext = torchvision.models.convnext
        net = convnext.ConvNeXt(
            [convnext.CNBlockConfig(*size) for size in self.sizes])
        return with_wide_norms(net)

    def key(self, name):
        if not self.dinov3:
            return name
        for old, new in (
                ("classifier.0", "norm"), ("layer_scale", "gamma"),
                ("block.0", "dwconv"), ("block.2", "norm"),
                ("block.3", "pwconv1"), ("block.5", "pwconv2")):
            name = name.replace(old, new)
        return re.sub(r"features\.(\d)", lambda m: "%s.%d" % (
            ("downsample_layers", "stages")[int(m[1]) % 2], int(m[1]) // 2),
                      name)

    def __call__(self, x):
        if not self.dinov3:
            return super().__call__(x)
        x = self.net.features(x)
        norm = self.net.classifier[0]
        mean = norm(x).mean((2, 3))
        return mean if self.features == "mean" else torch.cat(
            [norm(x.mean((2, 3), keepdim=True)).flatten(1), mean], 1)


class Dinov2:
    """ViT-S/14, features "cls" or "lc"; parameters come into being when asked for."""

    dim, depth, heads, epsilon = 384, 12, 6, 1e-6

    def __init__(self, name, features, dtype):
        assert features in ("cls", "lc")
        self.features = features
        self.registers = 4 if name.endswith("_reg") else 0
        self.dtype, self.parameters = dtype, {}

    def p(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = formula(name, shape, self.dtype)
            self.parameters[name].requires_grad_(self.training)
        return self.parameters[name]

    def train(self, on):
        self.training = on
        if on:
            with torch.no_grad():
                self(torch.zeros(1, 3, 14, 14, dtype=self.dtype))
        return self.parameters.values()

    def state(self):
        return self.parameters

    def linear(self, name, x, out):
        weight = rounded(self.p(name + ".weight", out, x.shape[-1]))
        return rounded(rounded(x) @ weight.T
                       + rounded(self.p(name + ".bias", out)))

    def norm(self, name, x):
        x = x - x.mean(-1, keepdim=True)
        x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.epsilon)
        return x * self.p(name + ".weight", self.dim) \
            + self.p(name + ".bias", self.dim)

    def attention(self, name, x):
        n, length, d = x.shape
        q, k, v = self.linear(name + ".qkv", x, 3 * d).split(d, -1)
        out = []
        for h in range(self.heads):
            at = slice(64 * h, 64 * h + 64)
            weight = torch.einsum("nid,njd->nij", q[..., at], k[..., at]) / 8
            out.append(torch.exp(torch.log_softmax(weight, -1)) @ v[..., at])
        return self.linear(name + ".proj", rounded(torch.cat(out, -1)), d)

    def branch(self, block, y):
        """What is added of a residual branch."""
        return y

    def positions(self, rows, columns):
        p = self.p("pos_embed", 1, 1370, self.dim)
        grid = p[:, 1:].reshape(1, 37, 37, self.dim).permute(0, 3, 1, 2)
        if self.registers:
            how = {"size": (rows, columns), "antialias": True}
        else:
            how = {"scale_factor": ((rows + 0.1) / 37, (columns + 0.1) / 37)}
        grid = F.interpolate(grid, mode="bicubic", **how)
        return p[:, :1], grid.flatten(2).transpose(1, 2)

    def __call__(self, x):
        d = self.dim
        n, _, rows, columns = (*x.shape[:2], x.shape[2] // 14,
                               x.shape[3] // 14)
        patches = x.reshape(n, 3, rows, 14, columns, 14) \
            .permute(0, 2, 4, 1, 3, 5).reshape(n, rows * columns, 588)
        weight = self.p("patch_embed.proj.weight", d, 3, 14, 14)
        patches = rounded(
            rounded(patches) @ rounded(weight.reshape(d, 588)).T
            + rounded(self.p("patch_embed.proj.bias", d)))
        first, grid = self.positions(rows, columns)
        tokens = [(self.p("cls_token", 1, 1, d) + first).expand(n, 1, d),
                  patches + grid]
        if self.registers:
            tokens.insert(1, self.p("register_tokens", 1, 4, d)
                          .expand(n, 4, d))
        x = torch.cat(tokens, 1)
        out = []
        for i in range(self.depth):
            b = "blocks.%d." % i
            x = x + self.p(b + "ls1.gamma", d) * self.branch(i, self.attention(
                b + "attn", self.norm(b + "norm1", x)))
            y = self.linear(b + "mlp.fc1", self.norm(b + "norm2", x), 4 * d)
            y = rounded(y * (1 + torch.erf(y / math.sqrt(2))) / 2)
            x = x + self.p(b + "ls2.gamma", d) * self.branch(
                i, self.linear(b + "mlp.fc2", y, d))
            if i >= self.depth - 4:
                out.append(self.norm("norm", x)[:, 0])
        if self.features == "cls":
            return out[-1]
        patches = self.norm("norm", x)[:, 1 + self.registers:]
        return self.linear("linear_head",
                           torch.cat(out + [patches.mean(1)], -1), 1000)


class Small(Dinov2):
    """The networks of small.h."""

    dim, depth, heads, patch, grid, hidden = 32, 4, 2, 4, 3, 24

    def __init__(self, name, features, dtype):
        self.kind = name.split("_")[1]
        self.features = features
        self.epsilon = 1e-5 if self.kind in ("dinov3", "clip") else 1e-6
        self.dtype, self.parameters = dtype, {}
        self.watched, self.seen = False, []     # attention, head by head
        self.before = {"dinov3": 5, "uni2": 3, "siglip": 0}.get(self.kind, 1)

    def train(self, on):
        self.training = on
        if on:
            with torch.no_grad():
                self(torch.zeros(1, 3, 4, 4, dtype=self.dtype))
        return self.parameters.values()

    def mlp(self, name, x):
        if self.kind in ("dinov2", "uni2"):
            x, y = self.linear(name + ".w12", x, 48).chunk(2, -1)
            return self.linear(name + ".w3", x / (1 + torch.exp(-x)) * y, 32)
        if self.kind == "dinov3":
            y = self.linear(name + ".w1", x, 24)
            y = y / (1 + torch.exp(-y)) * self.linear(name + ".w2", x, 24)
            return self.linear(name + ".w3", y, 32)
        y = self.linear(name + ".fc1", x, 24)
        if self.kind == "clip":
            y = y / (1 + torch.exp(-1.702 * y))
        elif self.kind == "siglip":
            y = y / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi)
                                        * (y + 0.044715 * y ** 3)))
        else:
            y = y * (1 + torch.erf(y / math.sqrt(2))) / 2
        return self.linear(name + ".fc2", y, 32)

    def turned(self, x, rows, columns):
        """DINOv3's rotation of the patches of queries or keys, N x L x 16."""
        def middles(n):
            return (torch.arange(n, dtype=self.dtype) + 0.5) / n * 2 - 1

        periods = 100 ** (torch.arange(4, dtype=self.dtype) / 4)
        angles = 2 * math.pi * torch.cat([
            middles(rows).view(-1, 1, 1).expand(-1, columns, 4) / periods,
            middles(columns).view(1, -1, 1).expand(rows, -1, 4) / periods],
            -1).reshape(rows * columns, 8)
        z = torch.complex(x[:, 5:, :8], x[:, 5:, 8:])
        z = z * torch.polar(torch.ones_like(angles), angles)
        return torch.cat([x[:, :5], torch.cat([z.real, z.imag], -1)], 1)

    def weighted(self, q, k, v):
        """What the queries of one head find."""
        weights = torch.softmax(q @ k.transpose(1, 2) / 4, -1)
        self.seen.append(weights.detach())
        return weights @ v

    def norm(self, name, x):
        x = super().norm(name, x)
        if name == "blocks.3.norm1":
            self.map = x = x.detach().requires_grad_() if self.watched else x
        return x

    def attention(self, name, x, rows, columns):
        weight = self.p(name + ".qkv.weight", 96, 32)
        bias = self.p(name + ".qkv.bias", 96)
        if self.kind == "dinov3":
            bias = bias * (torch.arange(96) // 32 != 1)
        out = []
        for h in range(2):
            q, k, v = (
                (x @ weight.T + bias)[..., 32 * i + 16 * h:][..., :16]
                for i in range(3))
            if self.kind == "dinov3":
                q, k = (self.turned(y, rows, columns) for y in (q, k))
            out.append(self.weighted(q, k, v))
        return self.linear(name + ".proj", torch.cat(out, -1), 32)

    def attention_pool(self, x):
        q = self.linear("attn_pool.q", self.p("attn_pool.latent", 1, 1, 32),
                        32)
        k, v = self.linear("attn_pool.kv", x, 64).chunk(2, -1)
        x = torch.cat([self.weighted(*(y[..., i:i + 16] for y in (q, k, v)))
                       for i in (0, 16)], -1)
        x = self.linear("attn_pool.proj", x, 32)
        return (x + self.mlp("attn_pool.mlp",
                             self.norm("attn_pool.norm", x)))[:, 0]

    def scaled(self, name, y):
        return y if self.kind in ("vit", "clip", "siglip") \
            else self.p(name, 32) * y

    def positions(self, rows, columns):
        first = self.before != 0
        p = self.p("pos_embed", 1, first + 9, 32)
        grid = p[:, first:].reshape(1, 3, 3, 32).permute(0, 3, 1, 2)
        if self.kind == "dinov2":
            how = {"scale_factor": ((rows + 0.1) / 3, (columns + 0.1) / 3)}
        else:
            how = {"size": (rows, columns), "antialias": True}
        grid = F.interpolate(grid, mode="bicubic", **how)
        return torch.cat([p[:, :first], grid.flatten(2).transpose(1, 2)], 1)

    def __call__(self, x):
        rows, columns = x.shape[2] // 4, x.shape[3] // 4
        x = F.conv2d(x, self.p("patch_embed.proj.weight", 32, 3, 4, 4),
                     stride=4).flatten(2).transpose(1, 2)
        if self.kind != "clip":
            x = x + self.p("patch_embed.proj.bias", 32)
        tokens = [x]
        if self.kind == "dinov3":
            tokens.insert(0, self.p("storage_tokens", 1, 4, 32))
        if self.before:
            tokens.insert(0, self.p("cls_token", 1, 1, 32))
        x = torch.cat([y.expand(len(x), -1, -1) for y in tokens], 1)
        if self.kind != "dinov3":
            x = x + self.positions(rows, columns)
        if self.kind == "uni2":         # without a position, unlike the others
            registers = self.p("register_tokens", 1, 2, 32)
            x = torch.cat([x[:, :1], registers.expand(len(x), -1, -1),
                           x[:, 1:]], 1)
        if self.kind == "clip":
            x = self.norm("norm_pre", x)
        classes = []
        for i in range(self.depth):
            b = "blocks.%d." % i
            x = x + self.scaled(b + "ls1.gamma", self.attention(
                b + "attn", self.norm(b + "norm1", x), rows, columns))
            x = x + self.scaled(b + "ls2.gamma", self.mlp(
                b + "mlp", self.norm(b + "norm2", x)))
            classes.append(x[:, 0])
        if self.features == "fc_norm":
            return self.norm("fc_norm", x[:, self.before:].mean(1))
        if self.features == "last4":
            return torch.cat([self.norm("norm", y) for y in classes]
                             + [self.norm("norm", x)[:, 1:].mean(1)], -1)
        x = self.norm("norm", x)
        if self.features == "pooled":
            return self.attention_pool(x)
        return torch.cat({"cls": [x[:, 0]],
                          "mean": [x[:, self.before:].mean(1)],
                          "cls+mean": [x[:, 0], x[:, self.before:].mean(1)]}
                         [self.features], -1)


def read_entries(f):
    entries = {}
    while line := f.readline():
        name, n = line.split()
        entries[name.decode()] = np.frombuffer(f.read(8 * int(n)))
    return entries


def make(name, features, dtype):
    kind = Dinov2 if name.startswith("dinov2") else \
        Swin if "swin" in name else \
        Convnet if not name.startswith("small") else \
        Convnext if "convnext" in name else Small
    return kind(name, features, dtype)


def images_of(images, size, dtype):
    """The formula's images of SIZE: "64", or "64x32"."""
    rows, columns = (int(n) for n in (size + "x" + size).split("x")[:2])
    side = max(rows, columns)
    return formula("input", (images, 3, side, side),
                   dtype)[:, :, :rows, :columns]


def gradients(name, features, images, side, dtype, autocast=False):
    """The features, and the gradient of each parameter in training."""
    x = images_of(images, side, dtype)
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        net = make(name, features, dtype)
        net.train(False)
        with torch.no_grad():
            out = {"features": net(x)}
    net = make(name, features, dtype)
    net.train(True)
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        y = net(x)
    F.cross_entropy(y.to(dtype), torch.arange(images)).backward()
    out.update((key, p.grad) for key, p in net.state().items()
               if p.grad is not None)
    return {key: x.double().numpy().ravel() for key, x in out.items()}


def watched(found, name, features, images, side):
    """What watch.h shows of a network of small.h."""
    net = make(name, features, torch.float64)
    net.train(False)
    net.watched = True
    y = net(images_of(images, side, torch.float64))
    (y * (torch.arange(y.numel()).reshape(y.shape) % 7 - 3)).sum().backward()
    heads = [(a + b) / 2 for a, b in zip(net.seen[::2], net.seen[1::2])]
    wanted = dict(("attention.%d" % i, a) for i, a in enumerate(heads[:4]))
    wanted.update(("pool", a) for a in heads[4:])
    wanted.update(map=net.map.detach()[:, net.before:], gradient=net.map.grad[:, net.before:])
    if found.keys() != wanted.keys():
        return False, "entries: " + " ".join(found)
    worst = max(np.abs(found[key] - x.numpy().ravel()).max() / x.abs().max().item()
                for key, x in wanted.items())
    return worst < 1e-9, "%d entries, worst %.2g" % (len(found), worst)


def distances(found, exact):
    """Of the features, and of all gradients."""
    assert found.keys() == exact.keys(), set(found) ^ set(exact)
    keys = [key for key in exact if key != "features"]
    pairs = [(found["features"], exact["features"]),
             tuple(np.concatenate([x[key] for key in keys])
                   for x in (found, exact))]
    return [np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in pairs]


def bfloat16(found, *what):
    exact = gradients(*what, torch.float64)
    autocast = distances(gradients(*what, torch.float32, True), exact)
    rounded.on = True
    ideal = distances(gradients(*what, torch.float64), exact)
    rounded.on = False
    ours = distances(found, exact)
    features = torch.from_numpy(found["features"][found["features"] != 0])
    short = (features.bfloat16().double() == features).double().mean().item()
    return ours[0] <= 0.015 and all(
        o <= 1.25 * min(i, a) for o, i, a in zip(ours, ideal, autocast)) \
        and (short == 1 if what[1] in ("logits", "lc") else short < 0.5), \
        "features %.2g, gradients %.2g; rounded %.2g, %.2g; autocast %.2g, " \
        "%.2g; of 16 bits %.2g" % (*ours, *ideal, *autocast, short)


def compare(found, training, name, features, images, side):
    dtype = torch.float64 if training else torch.float32
    net = make(name, features, dtype)
    parameters = net.train(training)
    x = images_of(images, side, dtype)
    if training:
        sgd = torch.optim.SGD(parameters, lr=0.01, momentum=0.9)
        for _ in range(3):
            sgd.zero_grad()
            F.cross_entropy(net(x), torch.arange(images)).backward()
            sgd.step()
        wanted = dict(net.state())
    else:
        with torch.no_grad():
            wanted = {"features": net(x)}
    worst, where = 0, "none"
    left = {key for key, x in wanted.items()
            if x.is_floating_point()} - set(found)
    if left and (not training or features in ("logits", "lc")):
        return False, "not there: " + " ".join(left)
    for key, value in found.items():
        ref = wanted[key].detach().double().numpy().ravel()
        difference = np.abs(value - ref).max() / np.abs(ref).max()
        if not difference <= worst:
            worst, where = difference, key
    return found and worst <= (1e-9 if training else 1e-5), \
        "%d entries, worst %.2g in %s" % (len(found), worst, where)


def shapes(lines):
    """torchvision's networks among LINES, which backbone_run printed."""
    found, parameters = {}, []
    for line in lines:
        name, *rest = line.split()
        if len(rest) == 1 and not rest[0].isdigit():
            parameters = found[rest[0]] = []
        else:
            parameters.append((name, tuple(map(int, rest))))
    compared = 0
    for reference, parameters in found.items():
        if not reference.startswith("torchvision."):
            continue
        module, name = reference.rsplit(".", 1)
        net = getattr(importlib.import_module(module), name)(weights=None)
        wanted = [(key, tuple(x.shape)) for key, x in net.state_dict().items()
                  if x.is_floating_point()]
        if parameters != wanted:
            return False, "%s: %s" % (name, sorted(
                set(parameters) ^ set(wanted))[:6] or "another order")
        compared += 1
    return compared > 0, "%d networks" % compared


def main():
    for line in sys.stdin:
        what, *case = line.split()
        done = subprocess.run([sys.argv[1], what, *case],
                              stdout=subprocess.PIPE)
        if done.returncode != 0:
            good, text = False, "exit status %d" % done.returncode
        elif what == "shapes":
            good, text = shapes(done.stdout.decode().splitlines())
        else:
            found = read_entries(io.BytesIO(done.stdout))
            name, features, *size = case
            case = name, features, int(size[0]), size[1]
            Convnet.dropping = what == "dropped"
            torch.manual_seed(1)
            good, text = bfloat16(found, *case) if what == "bfloat16" \
                else watched(found, *case) if what == "watched" else compare(found, what == "train", *case)
        print("ok" if good else "fail", line.strip(), text, sep="\t",
              flush=True)


if __name__ == "__main__":
    # All parameters get values of the formula.
    for how in dir(torch.nn.init):
        if how.endswith("_"):
            setattr(torch.nn.init, how, lambda x, *args, **kwargs: x)
    main()
