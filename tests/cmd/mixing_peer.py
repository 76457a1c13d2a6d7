"""mixing_peer.py OPTION... - mixed batches of mc-train against PyTorch.

Trains net.pth as mc-train does, in the order that train.h says, on batches that
are mixed as mixing.h says, and compares every row of log.tsv.  The loss is
PyTorch's CrossEntropyLoss of shares of classes, or its BCEWithLogitsLoss of shares
of findings.  With --focal it is written out, as neither they nor torchvision's
sigmoid_focal_loss have one of the shares.  "--draws" compares the shares with
SciPy's beta distribution.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import argparse

import numpy as np
import torch
import torchvision
from scipy import stats
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from torch.nn.functional import logsigmoid, one_hot

from finetune_peer import load
from multilabel_peer import FINDINGS, UNCERTAIN, labels_of, scores
from peer import block, place, say, stream_hash, table, tensors

SEED, EPOCHS, SIDE = 1, 2, 64


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


class Classes:
    """One class per image: a target is the shares of the classes."""
    columns = 2

    def __init__(self, a, y, _):
        self.weight = torch.tensor(a.weights)
        self.smoothing, self.focal = a.smoothing, a.focal

    def targets(self, y):
        return one_hot(y, 2).float(), torch.ones(len(y))

    def losses(self, x, soft, counts):
        if self.focal == 0:
            return torch.nn.functional.cross_entropy(
                x, soft, self.weight, label_smoothing=self.smoothing, reduction="none")
        minus_log = -x.log_softmax(1)
        soft = self.weight * (soft * (1 - self.smoothing) + self.smoothing / 2)
        return (soft * (1 - (-minus_log).exp()) ** self.focal * minus_log).sum(1)

    def whole(self, x, y):
        """Of images that are not mixed: the loss is divided by the weights."""
        return (self.losses(x, *self.targets(y)).sum() / self.weight[y].sum()).item()

    def scores(self, x, y, counts):
        guess = x.argmax(1).numpy()
        return [accuracy_score(y, guess), *precision_recall_fscore_support(
            y, guess, average="weighted", labels=[0, 1], zero_division=0)[:3]]


class Findings:
    """Several findings per image: a target is the share of yes of each."""
    columns = len(FINDINGS)

    def __init__(self, a, *_):
        self.weight = torch.tensor(a.weights)
        self.smoothing, self.focal = a.smoothing, a.focal

    def targets(self, y):
        return (y == 1).float(), (y != UNCERTAIN).float()

    def losses(self, x, soft, counts):
        soft = soft * (1 - self.smoothing) + self.smoothing / 2
        if self.focal == 0:
            loss = torch.nn.BCEWithLogitsLoss(pos_weight=self.weight, reduction="none")
            return loss(x, soft) * counts
        yes, no = x.sigmoid(), (-x).sigmoid()
        return counts * (-soft * self.weight * no ** self.focal * logsigmoid(x) -
                         (1 - soft) * yes ** self.focal * logsigmoid(-x))

    def whole(self, x, y):
        target, counts = self.targets(y)
        return (self.losses(x, target, counts).sum() / counts.sum()).item()

    def scores(self, x, y, counts):
        return list(scores(x, (y == 1).float(), counts)[:4])


def findings_of(split):
    rows = sorted((r for r in table("manifest.tsv") if r["split"] == split), key=lambda r: r["id"].encode())
    return torch.tensor([labels_of(r["label"]) for r in rows])


def train(a):
    ids, x, y = load("manifest.tsv", "train", SIDE)
    _, x_val, y_val = load("manifest.tsv", "val", SIDE)
    if a.findings:
        y, y_val = findings_of("train"), findings_of("val")
        assert (y == UNCERTAIN).any() and (y_val == UNCERTAIN).any()
    of = (Findings if a.findings else Classes)(a, y, y_val)
    net = torchvision.models.resnet18(weights=None)
    net.load_state_dict(torch.load("net.pth"))
    net.fc = torch.nn.Linear(512, of.columns)
    net.fc.load_state_dict({k[5:]: v for k, v in tensors(a.start, "head.safetensors").items()})
    optimizer = torch.optim.SGD(net.parameters(), lr=a.rate, momentum=0.9)
    log, kinds = [], set()
    for epoch in range(1, EPOCHS + 1):
        order = sorted(range(len(ids)), key=lambda i: place(SEED, epoch, ids[i]))
        batches = []
        for number, at in enumerate(range(0, len(order), a.batch), 1):
            some = order[at:at + a.batch]
            share, box = draw(epoch, number, a.mixup, a.cutmix)
            kinds.add((box is None, share < 0.5))
            target, counts = of.targets(y[some])
            images, target = mix(x[some], target, share, box)
            # What one of the two images ignores is ignored.
            batches.append((images, target, counts * counts.roll(1, 0),
                            y[some] if share >= 0.5 else y[some].roll(1, 0)))
        net.train()
        total, logits = 0, []
        for first in range(0, len(batches), a.accumulate):
            step = batches[first:first + a.accumulate]
            optimizer.zero_grad()
            for images, target, counts, _ in step:
                logits.append(net(images))
                value = of.losses(logits[-1], target, counts).sum()
                (value / sum(b[2].sum() for b in step)).backward()
                total += value.item()
            optimizer.step()
        _, _, counts, larger = (torch.cat(parts) for parts in zip(*batches))
        log.append([total / counts.sum().item(), *of.scores(torch.cat(logits).detach(), larger, counts)])
        net.eval()
        with torch.no_grad():
            logits = net(x_val)
            log.append([of.whole(logits, y_val), *of.scores(logits, y_val, of.targets(y_val)[1])])
    return log, kinds


def draws():
    for a in 0.2, 0.4, 1.0:
        some = [draw(1, batch, a, 0)[0] for batch in range(1, 3001)]
        p = stats.kstest(some, stats.beta(a, a).cdf).pvalue
        say(p > 0.01, f"the shares of mixup {a} are beta-distributed (Kolmogorov-Smirnov p {p:.2f})")
    cut = [draw(1, batch, 0.4, 1.0)[1] is not None for batch in range(1, 3001)]
    say(stats.binomtest(sum(cut), 3000).pvalue > 0.01, f"half of the batches take cutmix: {sum(cut)} of 3000")


def numbers(text):
    return [float(x) for x in text.split(",")]


options = argparse.ArgumentParser()
options.add_argument("--draws", action="store_true")
options.add_argument("--findings", action="store_true")
options.add_argument("--start", default="start.tar")
options.add_argument("--weights", type=numbers)
for name in "rate", "mixup", "cutmix", "smoothing", "focal":
    options.add_argument("--" + name, type=float, default=0)
options.add_argument("--batch", type=int, default=17)
options.add_argument("--accumulate", type=int, default=1)
a = options.parse_args()
if a.draws:
    draws()
else:
    a.weights = a.weights or [1.0] * (len(FINDINGS) if a.findings else 2)
    theirs, kinds = train(a)
    ours = [[float(r[k]) for k in ("loss", "accuracy", "precision", "recall", "f1")] for r in table("log.tsv")]
    say(len(ours) == len(theirs) and all(
        abs(a[0] - b[0]) <= 3e-4 * abs(b[0]) and np.allclose(a[1:], b[1:], rtol=0, atol=1e-12)
        for a, b in zip(ours, theirs)), "every row of the log is PyTorch's", *zip(ours, theirs))
    say({k[0] for k in kinds} == {b for b, x in ((True, a.mixup), (False, a.cutmix)) if x > 0} and
        {k[1] for k in kinds} == {True, False},
        "of batches mixed as asked for, with more and with less of their own", kinds)
