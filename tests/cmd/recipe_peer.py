"""recipe_peer.py - recipes of mc-train against PyTorch.

Standard input has a NAME per line.  Trains the head of start.tar on features.tsv as
the recipe NAME says, in the order that train.h says, with PyTorch's own optimisers,
schedules and losses, and compares each row of NAME.log and the head of NAME.tar.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.optim import lr_scheduler
from torch.optim.swa_utils import AveragedModel

from peer import MASK, fnv1a64, place, say, stream_hash, table, tensors

torch.set_num_threads(1)


def head_of(path):
    """The head's tensors, under the names that torch.nn.Linear has for them."""
    return {k[5:]: v for k, v in tensors(path, "head.safetensors").items()}


rows = table("features.tsv")
classes = sorted({r["label"] for r in rows})
dim = sum(1 for k in rows[0] if k[0] == "f" and k[1:].isdigit())


def part(split):
    some = sorted((r for r in rows if r["split"] == split), key=lambda r: r["id"].encode())
    return ([r["id"] for r in some],
            torch.tensor([[float(r[f"f{i}"]) for i in range(dim)] for r in some]),
            torch.tensor([classes.index(r["label"]) for r in some]))


ids, x, y = part("train")
_, x_val, y_val = part("val")
SEED, EPOCHS, BATCH, RATE = 1, 7, 9, 0.05
PER_EPOCH = -(-len(ids) // BATCH)
assert len(ids) % BATCH != 0


def shuffled(epoch):
    return sorted(range(len(ids)), key=lambda i: place(SEED, epoch, ids[i]))


def constant(optimizer):
    return lr_scheduler.ConstantLR(optimizer, 1)


def warm(steps, then):
    """A warm-up of so many steps before another schedule."""
    def make(optimizer):
        return lr_scheduler.SequentialLR(optimizer, [
            lr_scheduler.LinearLR(optimizer, 1 / steps, total_iters=steps - 1), then(optimizer)], [steps])
    return make


def cosine(steps):
    return lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, steps)


def inverse(count):
    return compute_class_weight("balanced", classes=np.arange(len(classes)), y=y.numpy())


def effective(beta):
    def weights(count):
        w = (1 - beta) / (1 - np.power(beta, count))
        return w / w.sum() * len(count)
    return weights


def from_file(count):
    weight = {r["class"]: float(r["weight"]) for r in table("weights.tsv")}
    return np.array([weight[c] for c in classes])


class Focal(torch.nn.Module):
    """Lin and others, 2017, with the mean of CrossEntropyLoss."""

    def __init__(self, weight, gamma):
        super().__init__()
        self.weight, self.gamma = weight, gamma

    def forward(self, logits, y):
        p = logits.softmax(1).gather(1, y[:, None])[:, 0]
        w = self.weight[y]
        return (w * (1 - p) ** self.gamma * -p.log()).sum() / w.sum()


def balanced(epoch):
    """Each class has as many places; its images take turns."""
    drawn = []
    for c in range(len(classes)):
        own = sorted((i for i in range(len(ids)) if y[i] == c),
                     key=lambda i: stream_hash(SEED, "sample", epoch, fnv1a64(ids[i])))
        places = len(ids) // len(classes) + (c < len(ids) % len(classes))
        drawn += [(i, k) for k in range(-(-places // len(own))) for i in own][:places]
    return [i for i, k in sorted(drawn, key=lambda d: stream_hash(
        SEED, "shuffle", epoch, fnv1a64(ids[d[0]]) + d[1] & MASK))]


STEPS = EPOCHS * PER_EPOCH
WARMUP = round(1.5 * PER_EPOCH)
recipes = {
    "constant": {},
    "cosine": {"schedule": cosine(STEPS)},
    "warmup": {"schedule": warm(WARMUP, constant)},
    "cosine, warmup": {"schedule": warm(WARMUP, cosine(STEPS - WARMUP))},
    "step": {"schedule": lambda o: lr_scheduler.StepLR(o, 2 * PER_EPOCH, 0.3)},
    "step, warmup": {"schedule": warm(WARMUP, lambda o: lr_scheduler.StepLR(o, 2 * PER_EPOCH, 0.3))},
    "one-cycle": {"schedule": lambda o: lr_scheduler.OneCycleLR(o, RATE, STEPS, cycle_momentum=False)},
    "accumulate": {"schedule": cosine(EPOCHS * -(-len(ids) // (3 * BATCH))), "batch": 3 * BATCH},
    "clip": {"clip": 1.5},
    "ema": {"ema": 0.9},
    "ema, cosine, accumulate": {"ema": 0.7, "schedule": cosine(EPOCHS * -(-len(ids) // (3 * BATCH))),
                                "batch": 3 * BATCH},
    "inverse": {"weights": inverse},
    "effective": {"weights": effective(0.9999)},
    "effective:0.9": {"weights": effective(0.9)},
    "a file of weights": {"weights": from_file},
    "smoothing": {"smoothing": 0.2},
    "weights, smoothing, accumulate": {"weights": from_file, "smoothing": 0.2, "batch": 3 * BATCH},
    "focal": {"focal": 2},
    "weights, focal:0.5": {"weights": from_file, "focal": 0.5},
    "balanced": {"balanced": True},
}


def train(recipe):
    head = torch.nn.Linear(dim, len(classes))
    head.load_state_dict(head_of("start.tar"))
    optimizer = torch.optim.SGD(head.parameters(), lr=RATE, momentum=0.9)
    schedule = recipe.get("schedule", constant)(optimizer)
    count = np.bincount(y)
    assert max(count) > 2 * min(count), count
    weight = torch.tensor(recipe["weights"](count) if "weights" in recipe else np.ones(len(classes)),
                          dtype=torch.float32)
    loss = Focal(weight, recipe["focal"]) if "focal" in recipe else torch.nn.CrossEntropyLoss(
        weight, label_smoothing=recipe.get("smoothing", 0))
    decay = recipe.get("ema", 0)
    average = AveragedModel(head, avg_fn=lambda a, p, n: decay * a + (1 - decay) * p)
    log, clipped = [], [0, 0]
    for epoch in range(1, EPOCHS + 1):
        order = balanced(epoch) if "balanced" in recipe else shuffled(epoch)
        total, divisor = 0, 0
        batch = recipe.get("batch", BATCH)
        for at in range(0, len(order), batch):
            some = order[at:at + batch]
            optimizer.zero_grad()
            value = loss(head(x[some]), y[some])
            value.backward()
            if "clip" in recipe:
                norm = torch.nn.utils.clip_grad_norm_(head.parameters(), recipe["clip"])
                clipped[bool(norm > recipe["clip"])] += 1
            rate = optimizer.param_groups[0]["lr"]
            optimizer.step()
            schedule.step()
            average.update_parameters(head)
            total += value.item() * weight[y[some]].sum().item()
            divisor += weight[y[some]].sum().item()
        log.append(("train", total / divisor, rate))
        with torch.no_grad():
            log.append(("val", loss(average(x_val), y_val).item(), rate))
    assert "clip" not in recipe or min(clipped) > 0, clipped
    return log, average.module


def compare(name):
    theirs, head = train(recipes[name])
    ours = [(r["split"], float(r["loss"]), float(r["learning_rate"])) for r in table(name + ".log")]
    say(len(ours) == len(theirs) and all(a[0] == b[0] and abs(a[2] - b[2]) <= 1e-9 * RATE
                                         for a, b in zip(ours, theirs)),
        f"{name}: the learning rates are PyTorch's", *zip(ours, theirs))
    say(len(ours) == len(theirs) and all(abs(a[1] - b[1]) <= 1e-5 * abs(b[1]) for a, b in zip(ours, theirs)),
        f"{name}: the losses of every epoch are PyTorch's", *zip(ours, theirs))
    found = head_of(name + ".tar")
    say(all((found[k] - v).abs().max() <= 1e-5 * v.abs().max() for k, v in head.state_dict().items()),
        f"{name}: the head is PyTorch's")


for line in sys.stdin:
    compare(line.rstrip("\n"))
