"""pytorch.py - the peer of predict.sh and train.sh: PyTorch as users write it.

usage: pytorch.py predict BACKBONE THREADS BATCH FILE...
       pytorch.py train BACKBONE THREADS BATCH FILE...

predict: Pillow and torchvision's transforms, the network in eval mode without
gradients, batches of BATCH images.  Prints one line per variant of PyTorch,
"eager", "channels-last" and "jit" (traced, frozen and optimised for inference):
images per second of the whole loop, decoding included, loading Python and the
network excluded, as in the peer's.  A line "limit" follows: the images per
second of the network at the speed of this machine's matrix product alone.

train: one epoch with Adam on all parameters, on images that are decoded already;
images per second of "eager" and "channels-last" after an epoch to warm up.
"""
import copy
import math
import sys
import time
import warnings

import torch
import torch.nn as nn
import torchvision
from PIL import Image
from torchvision import transforms

warnings.filterwarnings("ignore")


class Block(nn.Module):
    """A block of a vision transformer, as its authors write it for PyTorch 1."""

    def __init__(self, dim, heads, scaled, gelu):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, dim)
        self.gelu = gelu
        self.scaled = scaled
        if scaled:
            self.gamma1 = nn.Parameter(torch.ones(dim))
            self.gamma2 = nn.Parameter(torch.ones(dim))

    def forward(self, x, angles):
        n, length, dim = x.shape
        y = self.qkv(self.norm1(x)).reshape(n, length, 3, self.heads, dim // self.heads)
        q, k, v = y.permute(2, 0, 3, 1, 4)
        if angles is not None:
            q, k = turn(q, *angles), turn(k, *angles)
        a = (q * (dim // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(dim=-1)
        y = self.proj((a @ v).transpose(1, 2).reshape(n, length, dim))
        x = x + (self.gamma1 * y if self.scaled else y)
        y = self.fc2(self.gelu(self.fc1(self.norm2(x))))
        return x + (self.gamma2 * y if self.scaled else y)


def turn(x, sin, cos):
    """The rotary embedding of DINOv3, of the tokens that are patches."""
    others = x.shape[-2] - sin.shape[0]
    first, x = x[..., :others, :], x[..., others:, :]
    a, b = x.chunk(2, dim=-1)
    return torch.cat((first, x * cos + torch.cat((-b, a), dim=-1) * sin), dim=-2)


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


class Transformer(nn.Module):
    def __init__(self, dim, depth, heads, patch=16, registers=0, scaled=False,
                 rotary=False, before=False, gelu=nn.functional.gelu):
        super().__init__()
        side = 224 // patch
        self.patch = nn.Conv2d(3, dim, patch, patch)
        self.cls = nn.Parameter(torch.zeros(1, 1 + registers, dim))
        self.pos = None if rotary else nn.Parameter(torch.zeros(1, side * side + 1, dim))
        self.before = nn.LayerNorm(dim) if before else nn.Identity()
        self.blocks = nn.ModuleList(Block(dim, heads, scaled, gelu) for _ in range(depth))
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.heads, self.side = heads, side

    def angles(self, dim):
        periods = 100 ** (4 * torch.arange(dim // 4) / dim)
        middles = (torch.arange(self.side) + 0.5) / self.side * 2 - 1
        grid = torch.stack(torch.meshgrid(middles, middles, indexing="ij"), dim=-1)
        angles = 2 * math.pi * grid.reshape(-1, 2, 1) / periods
        angles = angles.flatten(1).tile(2)
        return angles.sin(), angles.cos()

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(len(x), -1, -1), x), 1)
        angles = None
        if self.pos is None:
            angles = self.angles(x.shape[-1] // self.heads)
        else:
            x = x + self.pos
        x = self.before(x)
        for block in self.blocks:
            x = block(x, angles)
        return self.norm(x)[:, 0]


SMALL, MIDDLE, LARGE = (384, 12, 6), (768, 12, 12), (1024, 24, 16)
DINOV2 = dict(patch=14, scaled=True)
DINOV3 = dict(registers=4, scaled=True, rotary=True)
TRANSFORMERS = {
    "dinov2_vits14": (SMALL, DINOV2), "dinov2_vitb14": (MIDDLE, DINOV2),
    "dinov2_vitl14": (LARGE, DINOV2), "dinov3_vits16": (SMALL, DINOV3),
    "dinov3_vitb16": (MIDDLE, DINOV3), "vit_small_patch16_224": (SMALL, {}),
    "vit_base_patch16_224": (MIDDLE, {}),
    "vit_base_patch16_clip_quickgelu_224": (
        MIDDLE, dict(before=True, gelu=quick_gelu))}

prepare = transforms.Compose([
    transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])


def make(name):
    torch.manual_seed(0)
    if name in TRANSFORMERS:
        size, options = TRANSFORMERS[name]
        return Transformer(*size, **options)
    return getattr(torchvision.models, name)(weights=None)


def variants(net, x):
    """(name, network, memory format), the network in eval mode."""
    last = torch.channels_last
    traced = torch.jit.trace(net, x)
    return [("eager", net, torch.contiguous_format),
            ("channels-last", copy.deepcopy(net).to(memory_format=last), last),
            ("jit", torch.jit.optimize_for_inference(torch.jit.freeze(traced)),
             torch.contiguous_format)]


def load(files):
    return torch.stack([prepare(Image.open(f).convert("RGB")) for f in files])


def gflop(net):
    """1e9 operations on an image in convolutions, linear layers, attention."""
    counts = []

    def count(module, _, out):
        counts.append(2e-9 * out.numel() * module.weight[0].numel())

    def count_attention(_, x, out):
        counts.append(4e-9 * out.numel() * out.shape[1])

    hooks = [m.register_forward_hook(count) for m in net.modules()
             if isinstance(m, (nn.Conv2d, nn.Linear))]
    hooks += [m.register_forward_hook(count_attention)
              for m in net.modules() if isinstance(m, Block)]
    net(torch.zeros(1, 3, 224, 224))
    for hook in hooks:
        hook.remove()
    return sum(counts)


def predict(name, batch, files):
    net = make(name).eval()
    batches = [files[i:i + batch] for i in range(0, len(files), batch)]
    with torch.no_grad():
        for variant, f, order in variants(net, load(batches[0])):
            for some in batches[:1] * 2:
                f(load(some).contiguous(memory_format=order))
            start = time.perf_counter()
            for some in batches:
                x = load(some).contiguous(memory_format=order)
                f(x).softmax(dim=1).numpy()
            print(variant, len(files) / (time.perf_counter() - start))
        print("limit", matrix_product() / gflop(net))


def matrix_product():
    """1e9 floating-point operations per second of a large product."""
    a, b = torch.randn(2048, 1024), torch.randn(1024, 2048)
    best = 0
    for _ in range(8):
        start = time.perf_counter()
        torch.mm(a, b)
        best = max(best, 2 * 2048 * 2048 * 1024e-9 /
                   (time.perf_counter() - start))
    return best


def train(name, batch, files):
    x = load(files)
    y = torch.arange(len(files)) % 2
    for variant, order in (("eager", torch.contiguous_format),
                           ("channels-last", torch.channels_last)):
        net = make(name).to(memory_format=order).train()
        optimiser = torch.optim.Adam(net.parameters(), lr=1e-4)
        for epoch in range(2):
            start = time.perf_counter()
            for i in range(0, len(files), batch):
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(
                    net(x[i:i + batch].contiguous(memory_format=order)),
                    y[i:i + batch])
                loss.backward()
                optimiser.step()
                loss.item()
            seconds = time.perf_counter() - start
        print(variant, len(files) / seconds)


job, name, threads, batch = (sys.argv[1], sys.argv[2], int(sys.argv[3]),
                             int(sys.argv[4]))
torch.set_num_threads(threads)
{"predict": predict, "train": train}[job](name, batch, sys.argv[5:])
