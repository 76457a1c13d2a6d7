"""eager.py - the peer of bench/predict.sh: eager PyTorch as users write it.

usage: eager.py BACKBONE THREADS BATCH FILE...

Pillow and torchvision's transforms, the network in eval mode without
gradients, batches of BATCH images; prints images per second of the whole loop,
decoding included, loading Python and the network excluded, like the peer's.
"""
import sys
import time

import torch
import torch.nn as nn
import torchvision
from PIL import Image
from torchvision import transforms


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

name, threads, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
files = sys.argv[4:]
torch.set_num_threads(threads)
torch.manual_seed(0)
if name in SIZES:
    net = DinoV2(*SIZES[name])
else:
    net = getattr(torchvision.models, name)(weights=None)
net.eval()
prepare = transforms.Compose([
    transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])


def run(some):
    with torch.no_grad():
        for i in range(0, len(some), batch):
            x = torch.stack([prepare(Image.open(f).convert("RGB"))
                             for f in some[i:i + batch]])
            net(x).softmax(dim=1).numpy()


run(files[:batch])
start = time.perf_counter()
run(files)
print(len(files) / (time.perf_counter() - start))
