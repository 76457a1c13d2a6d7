"""multilabel_peer.py - multi-label training and prediction against PyTorch.

Each line of standard input is a question, in fields that end with TABs:

train NAME: trains the head of start.tar on features.tsv as the recipe NAME says, with
torch.nn.BCEWithLogitsLoss or torchvision's focal loss, and compares each row of
recipe.NAME.log, the head of recipe.NAME.tar, and recipe.NAME.tsv, mc-predict's table
of the test images.

wide TABLE: of a table with log odds, both probabilities are right.

tta PLAIN MIRRORED BOTH: the third table has the mean probabilities of the others.

bootstrap TABLE METRICS: METRICS has scikit-learn's AUROC of each finding.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys

import numpy as np
import torch
from scipy.special import expit
from sklearn import metrics
from torch.nn.functional import binary_cross_entropy_with_logits
from torchvision.ops import sigmoid_focal_loss

from peer import place, say, table, tensors

torch.set_num_threads(1)
FINDINGS = ["Bright", "Opacity", "Rare"]
SEED, EPOCHS, BATCH, RATE = 1, 6, 9, 0.05
NO, YES, UNCERTAIN = 0, 1, -1


def labels_of(text):
    """The states of the findings in a label."""
    words = text.split("|")
    assert set(w.rstrip("?") for w in words) <= set(FINDINGS + ["No Finding"]), text
    return [YES if f in words else UNCERTAIN if f + "?" in words else NO for f in FINDINGS]


def part(split, rows, uncertain):
    """Ids, features, labels, and which of these count."""
    some = sorted((r for r in rows if r["split"] == split), key=lambda r: r["id"].encode())
    dim = sum(1 for k in rows[0] if k[0] == "f" and k[1:].isdigit())
    y = torch.tensor([labels_of(r["label"]) for r in some])
    counts = torch.ones(y.shape) if uncertain != "ignore" else (y != UNCERTAIN).float()
    y = torch.where(y == UNCERTAIN, torch.tensor(int(uncertain == "one")), y).float()
    return [r["id"] for r in some], torch.tensor([[float(r[f"f{i}"]) for i in range(dim)] for r in some]), y, counts


def inverse(yes, no):
    return no / yes


def effective(beta):
    return lambda yes, no: (1 - beta ** no) / (1 - beta ** yes)


def from_file(yes, no):
    weight = {r["class"]: float(r["weight"]) for r in table("weights.tsv")}
    return np.array([weight[f] for f in FINDINGS])


RECIPES = {
    "plain": {},
    "inverse": {"weights": inverse},
    "effective:0.9": {"weights": effective(0.9)},
    "a file of weights": {"weights": from_file},
    "smoothing": {"smoothing": 0.2},
    "focal": {"focal": 2},
    "weights, focal, smoothing": {"weights": from_file, "smoothing": 0.2, "focal": 0.5},
    "zero": {"uncertain": "zero"},
    "one": {"uncertain": "one"},
    "accumulate": {"weights": inverse, "batch": 3 * BATCH},
}


def loss_of(recipe, weight):
    """The losses of each image and finding."""
    smoothing, gamma = recipe.get("smoothing", 0), recipe.get("focal", 0)

    def loss(x, y):
        soft = (1 - smoothing) * y + smoothing / 2
        if gamma == 0:
            return binary_cross_entropy_with_logits(x, soft, pos_weight=weight, reduction="none")
        if smoothing == 0:
            assert torch.all(weight == 1)
            return sigmoid_focal_loss(x, y, alpha=-1, gamma=gamma, reduction="none")
        # Each of yes and no with its share.
        one, zero = torch.ones_like(x), torch.zeros_like(x)
        return soft * weight * sigmoid_focal_loss(x, one, alpha=-1, gamma=gamma, reduction="none") + \
            (1 - soft) * sigmoid_focal_loss(x, zero, alpha=-1, gamma=gamma, reduction="none")
    return loss


def scores(x, y, counts):
    """The means over findings of scikit-learn's metrics."""
    values = []
    for f in range(len(FINDINGS)):
        some = counts[:, f] == 1
        truth, guess = y[some, f].numpy(), (x[some, f] > 0).float().numpy()
        values.append([metrics.accuracy_score(truth, guess), *metrics.precision_recall_fscore_support(
            truth, guess, average="weighted", zero_division=0)[:3],
            metrics.roc_auc_score(truth, x[some, f]) if 0 < truth.sum() < len(truth) else np.nan])
    return np.nanmean(np.array(values), axis=0)


def train(name):
    recipe = RECIPES[name]
    rows = table("features.tsv")
    ids, x, y, counts = part("train", rows, recipe.get("uncertain", "ignore"))
    _, x_val, y_val, counts_val = part("val", rows, recipe.get("uncertain", "ignore"))
    assert 0 < (counts == 0).sum() or "uncertain" in recipe
    head = torch.nn.Linear(x.shape[1], len(FINDINGS))
    head.load_state_dict({k[5:]: v for k, v in tensors("start.tar", "head.safetensors").items()})
    yes, no = ((y * counts).sum(0).numpy(), ((1 - y) * counts).sum(0).numpy())
    weight = torch.tensor(recipe["weights"](yes, no) if "weights" in recipe else np.ones(len(FINDINGS)),
                          dtype=torch.float32)
    loss = loss_of(recipe, weight)
    optimizer = torch.optim.SGD(head.parameters(), lr=RATE, momentum=0.9)
    batch, theirs = recipe.get("batch", BATCH), []
    for epoch in range(1, EPOCHS + 1):
        order = sorted(range(len(ids)), key=lambda i: place(SEED, epoch, ids[i]))
        total, before = 0, torch.zeros(y.shape)
        for at in range(0, len(order), batch):
            some = order[at:at + batch]
            optimizer.zero_grad()
            logits = head(x[some])
            value = (loss(logits, y[some]) * counts[some]).sum()
            (value / counts[some].sum().clamp(min=1)).backward()
            optimizer.step()
            total += value.item()
            before[some] = logits.detach()
        theirs.append(("train", total / counts.sum().item(), *scores(before, y, counts)))
        with torch.no_grad():
            logits = head(x_val)
        theirs.append(("val", ((loss(logits, y_val) * counts_val).sum() / counts_val.sum()).item(),
                       *scores(logits, y_val, counts_val)))
    ours = [(r["split"], *(float(r[k]) for k in ("loss", "accuracy", "precision", "recall", "f1")),
             r["auroc:macro"]) for r in table(f"recipe.{name}.log")]
    say(len(ours) == len(theirs) and all(a[0] == b[0] and abs(a[1] - b[1]) <= 1e-5 * abs(b[1])
                                         for a, b in zip(ours, theirs)),
        f"{name}: the losses of every epoch are PyTorch's", *zip(ours, theirs))
    say(len(ours) == len(theirs) and all(
        np.allclose(a[2:6], b[2:6], rtol=0, atol=1e-9) and
        (a[6] == "" if a[0] == "train" else abs(float(a[6]) - b[6]) < 1e-9) for a, b in zip(ours, theirs)),
        f"{name}: the metrics are the means of scikit-learn's", *zip(ours, theirs))
    found = {k[5:]: v for k, v in tensors(f"recipe.{name}.tar", "head.safetensors").items()}
    say(all((found[k] - v).abs().max() <= 1e-5 * v.abs().max() for k, v in head.state_dict().items()),
        f"{name}: the head is PyTorch's")
    compare_table(name, f"recipe.{name}.tsv", rows, found, recipe.get("uncertain", "ignore"))


def compare_table(name, predictions, rows, head, uncertain):
    """The table has a row per image and finding that counts, in order."""
    wanted = []
    for r in (r for r in rows if r["split"] == "test"):
        features = np.array([float(r[f"f{i}"]) for i in range(head["weight"].shape[1])])
        logits = head["weight"].double().numpy() @ features + head["bias"].double().numpy()
        for f, state, logit in zip(FINDINGS, labels_of(r["label"]), logits):
            if state == UNCERTAIN and uncertain != "ignore":
                state = YES if uncertain == "one" else NO
            if state != UNCERTAIN:
                wanted.append(("chest:" + f, r["id"], "no yes".split()[state],
                               "no yes".split()[int(logit > 0)], expit(-logit), expit(logit)))
    ours = [(r["task"], r["id"], r["label"], r["predicted"], float(r["p:no"]), float(r["p:yes"]))
            for r in table(predictions)]
    say(len(ours) == len(wanted) and all(a[:4] == b[:4] and np.allclose(a[4:], b[4:], rtol=1e-5, atol=0)
                                         for a, b in zip(ours, wanted)),
        f"{name}: the predictions are its sigmoids", *zip(ours, wanted))


def wide(predictions):
    rows = table(predictions)
    logits = np.array([float(r["o:yes"]) for r in rows])
    say(logits.min() < -40 and logits.max() > 40, "extreme logits", logits.min(), logits.max())
    say(np.allclose([float(r["p:yes"]) for r in rows], expit(logits), rtol=1e-12, atol=0) and
        np.allclose([float(r["p:no"]) for r in rows], expit(-logits), rtol=1e-12, atol=0) and
        all(float(r["o:no"]) == -float(r["o:yes"]) for r in rows),
        "extreme logits: both probabilities are right", *rows[:9])


def tta(plain, mirrored, both):
    one, other, mean = ({(r["task"], r["id"]): float(r["p:yes"]) for r in table(t)}
                        for t in (plain, mirrored, both))
    differ = max(abs(one[k] - other[k]) for k in one)
    # Logits of some hundreds: the rounding of a batch's size is seen in p.
    off = max(abs(mean[k] - (one[k] + other[k]) / 2) for k in one)
    say(differ > 0.05 and off < 1e-2, "--tta: the mean of the sigmoids of both views", differ, off)


def bootstrap(predictions, results):
    rows, found = table(predictions), {r["task"]: float(r["estimate"]) for r in table(results)}
    wanted = {}
    for task in sorted({r["task"] for r in rows}):
        some = [r for r in rows if r["task"] == task]
        wanted[task] = metrics.roc_auc_score([r["label"] == "yes" for r in some],
                                             [float(r["p:yes"]) for r in some])
    say(found.keys() >= wanted.keys() and all(abs(found[t] - wanted[t]) < 1e-9 for t in wanted),
        "mc-bootstrap: the AUROC of each finding", found, wanted)


if __name__ == "__main__":
    for line in sys.stdin:
        verb, *arguments = line.rstrip("\t\n").split("\t")
        {"train": train, "tta": tta, "wide": wide, "bootstrap": bootstrap}[verb](*arguments)
