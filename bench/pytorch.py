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
    """A DINOv2 block, as facebookresearch/dinov2 computes it without xFormers."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        self.gamma1 = nn.Parameter(torch.ones(dim))
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, dim)
        self.gamma2 = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        n, length, dim = x.shape
        y = self.qkv(self.norm1(x)).reshape(n, length, 3, self.heads, dim // self.heads)
        q, k, v = y.permute(2, 0, 3, 1, 4)
        a = (q * (dim // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(dim=-1)
        y = (a @ v).transpose(1, 2).reshape(n, length, dim)
        x = x + self.gamma1 * self.proj(y)
        y = self.fc2(nn.functional.gelu(self.fc1(self.norm2(x))))
        return x + self.gamma2 * y


class DinoV2(nn.Module):
    def __init__(self, dim, depth, heads):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, 14, 14)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, 257, dim))
        self.blocks = nn.Sequential(*[Block(dim, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(len(x), -1, -1), x), 1) + self.pos
        return self.norm(self.blocks(x))[:, 0]


SIZES = {"dinov2_vits14": (384, 12, 6), "dinov2_vitb14": (768, 12, 12),
         "dinov2_vitl14": (1024, 24, 16)}
# 2 x multiply-adds of one image of 224 x 224, in 1e9, those of attention also.
GFLOP = {"dinov2_vits14": 12, "dinov2_vitb14": 47, "dinov2_vitl14": 165}

prepare = transforms.Compose([
    transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])


def make(name):
    torch.manual_seed(0)
    if name in SIZES:
        return DinoV2(*SIZES[name])
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


def gflop(name, net):
    """Counted in convolutions and linear layers, if it is not known."""
    counts = []

    def count(module, _, out):
        counts.append(2e-9 * out.numel() * module.weight[0].numel())

    hooks = [m.register_forward_hook(count) for m in net.modules()
             if isinstance(m, (nn.Conv2d, nn.Linear))]
    net(torch.zeros(1, 3, 224, 224))
    for hook in hooks:
        hook.remove()
    return GFLOP.get(name, sum(counts))


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
        print("limit", matrix_product() / gflop(name, net))


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
