"""mixing_peer.py RATE MIXUP CUTMIX SMOOTHING [WEIGHTS] - mixed batches of mc-train
against PyTorch.

Trains net.pth as mc-train does, in the order that train.h says, on batches that
are mixed as mixing.h says, with PyTorch's CrossEntropyLoss of shares of classes,
and compares every row of log.tsv.  "draws" compares the shares with SciPy's beta
distribution.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys

import numpy as np
import torch
import torchvision
from scipy import stats
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from finetune_peer import load
from peer import block, place, say, stream_hash, table, tensors

SEED, EPOCHS, BATCH, SIDE = 1, 2, 17, 64


class Stream:
    """The numbers of GSL's generator, 53 bits each."""

    def __init__(self, seed, purpose):
        self.words = (w for k in range(1 << 30) for w in block(seed, purpose, 0, k))

    def uniform(self):
        high, low = next(self.words) >> 5, next(self.words) >> 6
        return (high * 67108864 + low) / 9007199254740992

    def beta(self, a):
        """Joehnk's algorithm, which GSL uses up to 1."""
        while True:
            u, v = (self.uniform() ** (1 / a) for _ in range(2))
            if 0 < u + v <= 1:
                return u / (u + v)


def draw(epoch, batch, mixup, cutmix):
    """The share, and the box of cutmix: left, top, right, bottom."""
    stream = Stream(stream_hash(SEED, "mix", epoch, batch), "mix")
    cut = mixup == 0 or (cutmix > 0 and stream.uniform() < 0.5)
    share = stream.beta(cutmix if cut else mixup)
    if not cut:
        return share, None
    # torchvision.transforms.v2.CutMix.make_params
    r_x, r_y = int(stream.uniform() * SIDE), int(stream.uniform() * SIDE)
    r = 0.5 * np.sqrt(1 - share)
    r_w_half, r_h_half = int(r * SIDE), int(r * SIDE)
    x1, y1 = max(r_x - r_w_half, 0), max(r_y - r_h_half, 0)
    x2, y2 = min(r_x + r_w_half, SIDE), min(r_y + r_h_half, SIDE)
    return float(1.0 - (x2 - x1) * (y2 - y1) / (SIDE * SIDE)), (x1, y1, x2, y2)


def mix(x, target, share, box):
    """torchvision.transforms.v2.MixUp and CutMix."""
    target = target.roll(1, 0).mul(1 - share).add(target.mul(share))
    if box is None:
        return x.roll(1, 0).mul(1 - share).add(x.mul(share)), target
    x1, y1, x2, y2 = box
    output = x.clone()
    output[..., y1:y2, x1:x2] = x.roll(1, 0)[..., y1:y2, x1:x2]
    return output, target


def row(loss, logits, y):
    guess = logits.argmax(1).numpy()
    return [loss, accuracy_score(y, guess), *precision_recall_fscore_support(
        y, guess, average="weighted", labels=[0, 1], zero_division=0)[:3]]


def train(rate, mixup, cutmix, smoothing, weights):
    net = torchvision.models.resnet18(weights=None)
    net.load_state_dict(torch.load("net.pth"))
    net.fc = torch.nn.Linear(512, 2)
    net.fc.load_state_dict({k[5:]: v for k, v in tensors("start.tar", "head.safetensors").items()})
    ids, x, y = load("manifest.tsv", "train", SIDE)
    _, x_val, y_val = load("manifest.tsv", "val", SIDE)
    loss = torch.nn.CrossEntropyLoss(torch.tensor(weights), label_smoothing=smoothing)
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
    log, kinds = [], set()
    for epoch in range(1, EPOCHS + 1):
        order = sorted(range(len(ids)), key=lambda i: place(SEED, epoch, ids[i]))
        net.train()
        total, logits, larger = 0, [], []
        for number, at in enumerate(range(0, len(order), BATCH), 1):
            some = order[at:at + BATCH]
            share, box = draw(epoch, number, mixup, cutmix)
            kinds.add((box is None, share < 0.5))
            images, target = mix(x[some], torch.nn.functional.one_hot(y[some], 2).float(), share, box)
            optimizer.zero_grad()
            logits.append(net(images))
            value = loss(logits[-1], target)
            value.backward()
            optimizer.step()
            total += value.item() * len(some)
            larger.append(y[some] if share >= 0.5 else y[some].roll(1, 0))
        log.append(row(total / len(ids), torch.cat(logits).detach(), torch.cat(larger)))
        net.eval()
        with torch.no_grad():
            logits = net(x_val)
            log.append(row(loss(logits, y_val).item(), logits, y_val))
    return log, kinds


def draws():
    for a in 0.2, 0.4, 1.0:
        some = [draw(1, batch, a, 0)[0] for batch in range(1, 3001)]
        p = stats.kstest(some, stats.beta(a, a).cdf).pvalue
        say(p > 0.01, f"the shares of mixup {a} are beta-distributed (Kolmogorov-Smirnov p {p:.2f})")
    cut = [draw(1, batch, 0.4, 1.0)[1] is not None for batch in range(1, 3001)]
    say(stats.binomtest(sum(cut), 3000).pvalue > 0.01, f"half of the batches take cutmix: {sum(cut)} of 3000")


if sys.argv[1] == "draws":
    draws()
else:
    rate, mixup, cutmix, smoothing = (float(a) for a in sys.argv[1:5])
    weights = [float(w) for w in sys.argv[5].split(",")] if len(sys.argv) > 5 else [1.0, 1.0]
    theirs, kinds = train(rate, mixup, cutmix, smoothing, weights)
    ours = [[float(r[k]) for k in ("loss", "accuracy", "precision", "recall", "f1")] for r in table("log.tsv")]
    say(len(ours) == len(theirs) and all(
        abs(a[0] - b[0]) <= 3e-4 * abs(b[0]) and np.allclose(a[1:], b[1:], rtol=0, atol=1e-12)
        for a, b in zip(ours, theirs)), "every row of the log is PyTorch's", *zip(ours, theirs))
    say({k[0] for k in kinds} == {b for b, a in ((True, mixup), (False, cutmix)) if a > 0} and
        {k[1] for k in kinds} == {True, False},
        "of batches mixed as asked for, with more and with less of their own", kinds)
