"""train_peer.py - the results of mc-train.sh against PyTorch and torchvision.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import csv
import io
import subprocess
import sys
import tarfile

import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms

from peer import say, table, tensors

torch.set_num_threads(2)


def close(a, b, tolerance):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a.shape == b.shape and np.abs(a - b).max() <= tolerance * np.abs(b).max()


manifest = {r["id"]: r for r in table(sys.argv[1])}

# mc-embed: from the file to the features, with weights that torch.save wrote.
torch.manual_seed(0)
net = torchvision.models.resnet18(weights=None)
for m in net.modules():
    if isinstance(m, torch.nn.BatchNorm2d):
        m.running_mean.uniform_(-0.1, 0.1)
        m.running_var.uniform_(0.5, 1.5)
torch.save(net.state_dict(), "net.pth")
torch.save(net.state_dict(), "legacy.pth", _use_new_zipfile_serialization=False)
net.fc = torch.nn.Identity()
net.eval()
prepare = transforms.Compose([
    transforms.Resize(36), transforms.CenterCrop(32), transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])
outputs = []
for f in ("net.pth", "legacy.pth"):
    outputs.append(subprocess.run(
        ["mc-embed", "-q", "--backbone", "resnet18", "--weights", f, "--resize", "36",
         "--crop", "32", "images.tar"], check=True, capture_output=True, text=True).stdout)
say(outputs[0] == outputs[1], "zip and legacy torch.save files give the same features")
rows = list(csv.DictReader(io.StringIO(outputs[0]), delimiter="\t"))
ours = np.array([[float(r[f"f{i}"]) for i in range(512)] for r in rows])
with torch.no_grad():
    theirs = net(torch.stack([prepare(Image.open(r["path"]).convert("RGB")) for r in rows])).numpy()
say([r["id"] for r in rows] == list(manifest), "mc-embed keeps the rows in order")
say(close(ours, theirs, 1e-5), "mc-embed agrees with torchvision, from file to feature")

# mc-train --regime frozen: the same steps on the same features.
rows = table("features.tsv")
classes = sorted({r["label"] for r in rows})
dim = sum(1 for k in rows[0] if k[0] == "f" and k[1:].isdigit())


def part(split):
    some = [r for r in rows if r["split"] == split]
    return (torch.tensor([[float(r[f"f{i}"]) for i in range(dim)] for r in some]),
            torch.tensor([classes.index(r["label"]) for r in some]), some)


x, y, _ = part("train")


def head(kind, params):
    if kind == "linear":
        h = torch.nn.Linear(dim, len(classes))
        h.load_state_dict({k[5:]: v for k, v in params.items()})
    else:
        h = torch.nn.Sequential(torch.nn.Linear(dim, 8), torch.nn.ReLU(),
                                torch.nn.Linear(8, len(classes)))
        h.load_state_dict({k[5:]: v for k, v in params.items()})
    return h


def train(h, optimizer):
    for _ in range(5):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(h(x), y)
        loss.backward()
        optimizer.step()
    return h


start = tensors("start.tar", "head.safetensors")
bound = dim ** -0.5
w = start["head.weight"].numpy()
say(np.abs(w).max() <= bound and np.abs(w).max() > 0.99 * bound and abs(w.mean()) < 0.1 * bound,
    "the head starts as torch.nn.Linear does")
optimizers = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.01)}
for name, make in optimizers.items():
    h = head("linear", start)
    train(h, make(h.parameters()))
    found = tensors(f"{name}.tar", "head.safetensors")
    say(all(close(found["head." + k], v.detach(), 1e-4) for k, v in h.named_parameters()),
        f"five steps of {name} agree with PyTorch")
h = head("mlp", tensors("mlp0.tar", "head.safetensors"))
train(h, torch.optim.Adam(h.parameters(), lr=0.01))
found = tensors("mlp.tar", "head.safetensors")
say(all(close(found["head." + k], v.detach(), 1e-4) for k, v in h.named_parameters()),
    "and so does the mlp head")

# mc-predict: softmax of the head on the features.
for name, kind in (("frozen", "linear"), ("mlp", "mlp")):
    x, y, some = part("test")
    h = head(kind, tensors(f"{name}.tar", "head.safetensors"))
    p = h(x).softmax(dim=1).detach().numpy()
    predictions = table(f"{name}.tsv")
    say([r["id"] for r in predictions] == [r["id"] for r in some], f"{name}: the test rows in order")
    ours = np.array([[float(r["p:" + c]) for c in classes] for r in predictions])
    say(close(ours, p, 1e-4), f"{name}: probabilities agree with PyTorch")
    say([r["predicted"] for r in predictions] == [classes[i] for i in ours.argmax(1)],
        f"{name}: predicted is the largest")

# The log: loss and metrics of the epoch that was kept, recomputed.
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
about = dict(l.rstrip("\n").split("\t") for l in
             io.TextIOWrapper(tarfile.open("frozen.tar").extractfile("__model__")))
x, y, some = part("val")
h = head("linear", tensors("frozen.tar", "head.safetensors"))
log = [r for r in table("log.tsv") if r["epoch"] == about["epoch"] and r["split"] == "val"][0]
logits = h(x).detach()
say(close([float(log["loss"])], [torch.nn.functional.cross_entropy(logits, y).item()], 1e-4),
    "the log's loss is that of the model kept")
guess = logits.argmax(1).numpy()
pr = precision_recall_fscore_support(y, guess, average="weighted", labels=[0, 1], zero_division=0)
say(close([float(log[k]) for k in ("accuracy", "precision", "recall", "f1")],
          [accuracy_score(y, guess), *pr[:3]], 1e-12), "the log's metrics are scikit-learn's")
best = max((r for r in table("log.tsv") if r["split"] == "val"),
           key=lambda r: (float(r["accuracy"]), -float(r["loss"])))
say(best["epoch"] == about["epoch"], "the epoch with the best validation accuracy is kept")

# mc-train --regime finetune: the stored backbone is torchvision's resnet18.
net = torchvision.models.resnet18(weights=None)
net.fc = torch.nn.Identity()
missing, unexpected = net.load_state_dict(tensors("tuned.tar", "backbone.safetensors"), strict=False)
say(not unexpected and all(k.endswith("num_batches_tracked") for k in missing),
    "a fine-tuned backbone loads into torchvision's")
net.eval()
some = [r for r in manifest.values() if r["split"] == "test"]
with torch.no_grad():
    z = net(torch.stack([prepare(Image.open(r["path"]).convert("RGB")) for r in some]))
    p = head("linear", tensors("tuned.tar", "head.safetensors"))(z).softmax(dim=1).numpy()
ours = np.array([[float(r["p:" + c]) for c in classes] for r in table("tuned.tsv")])
say(close(ours, p, 1e-4), "and predicts there what mc-predict does")
