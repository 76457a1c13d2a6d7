"""finetune_peer.py - fine-tuning by mc-train against PyTorch's own.

finetune_peer.py weights: writes net.pth, a resnet18 for both to start from.
finetune_peer.py trajectory RATE DECAY: trains it as mc-train does, in the order
that train.h says, validates by a moving average of DECAY (0: by the weights
themselves), and compares every row of the log and the weights kept.  The rate
is small: at a usual one float32 and float64 part after an epoch, in PyTorch
too, and nothing could be told from rounding.
finetune_peer.py dropout: the losses of a vgg16 that does not move, under the
masks that train.h says.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys
import tarfile

import numpy as np
import torch
import torchvision
from PIL import Image
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from torch.optim.swa_utils import AveragedModel
from torchvision import transforms

from peer import block, place, say, table, tensors

torch.set_num_threads(1)


def load(manifest, split, size):
    prepare = transforms.Compose([
        transforms.Resize(size), transforms.CenterCrop(size), transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])
    rows = sorted((r for r in table(manifest) if r["split"] == split), key=lambda r: r["id"].encode())
    classes = sorted({r["label"] for r in table(manifest)})
    return ([r["id"] for r in rows],
            torch.stack([prepare(Image.open(r["path"]).convert("RGB")) for r in rows]),
            torch.tensor([classes.index(r["label"]) for r in rows]))


def log_row(logits, y):
    guess = logits.argmax(1).numpy()
    scores = precision_recall_fscore_support(y, guess, average="weighted", labels=[0, 1],
                                             zero_division=0)[:3]
    return [torch.nn.functional.cross_entropy(logits, y).item(), accuracy_score(y, guess), *scores]


def compare_logs(ours, theirs, name):
    """The losses to float32's rounding, the counts exactly."""
    found = [[float(r[k]) for k in ("loss", "accuracy", "precision", "recall", "f1")] for r in ours]
    good = len(found) == len(theirs) and all(
        abs(a[0] - b[0]) <= 3e-4 * abs(b[0]) and np.allclose(a[1:], b[1:], rtol=0, atol=1e-12)
        for a, b in zip(found, theirs))
    say(good, name, "ours", *found, "PyTorch", *theirs)


def weights():
    torch.manual_seed(0)
    torch.save(torchvision.models.resnet18(weights=None).state_dict(), "net.pth")


def trajectory():
    seed, epochs, batch = 1, 3, 17
    net = torchvision.models.resnet18(weights=None)
    net.load_state_dict(torch.load("net.pth"))
    start = tensors("start.tar", "head.safetensors")
    net.fc = torch.nn.Linear(512, 2)
    net.fc.load_state_dict({k[5:]: v for k, v in start.items()})
    first = {k: v.clone() for k, v in net.state_dict().items()}
    ids, x, y = load("manifest.tsv", "train", 64)
    _, x_val, y_val = load("manifest.tsv", "val", 64)
    assert len(ids) == 52
    optimizer = torch.optim.SGD(net.parameters(), lr=float(sys.argv[2]), momentum=0.9)
    decay = float(sys.argv[3])
    average = AveragedModel(net, avg_fn=lambda a, p, n: decay * a + (1 - decay) * p if
                            p.is_floating_point() else p, use_buffers=True)
    log, best, orders = [], None, []
    for epoch in range(1, epochs + 1):
        order = sorted(range(len(ids)), key=lambda i: place(seed, epoch, ids[i]))
        orders.append(order)
        net.train()
        seen = []
        for at in range(0, len(order), batch):
            some = order[at:at + batch]
            optimizer.zero_grad()
            logits = net(x[some])
            torch.nn.functional.cross_entropy(logits, y[some]).backward()
            optimizer.step()
            average.update_parameters(net)
            seen.append(logits.detach())
        log.append(log_row(torch.cat(seen), y[order]))
        average.eval()
        with torch.no_grad():
            log.append(log_row(average(x_val), y_val))
        key = (log[-1][1], -log[-1][0])
        if best is None or key > best[0]:
            best = (key, epoch, {k: v.clone() for k, v in average.module.state_dict().items()})
    assert orders[0] != orders[1] != orders[2]
    compare_logs(table("log.tsv"), log, "every row of the log is PyTorch's")
    about = dict(l.decode().rstrip("\n").split("\t")
                 for l in tarfile.open("tuned.tar").extractfile("__model__"))
    say(int(about["epoch"]) == best[1] != epochs, "the best epoch is kept, which is not the last",
        about["epoch"], best[1], *log)
    found = tensors("tuned.tar", "backbone.safetensors")
    found.update({k.replace("head.", "fc."): v
                  for k, v in tensors("tuned.tar", "head.safetensors").items()})
    running = [k for k in first if "running_" in k]
    learned = [k for k in first if "running_" not in k and not k.endswith("num_batches_tracked")]
    worst = {k: ((found[k] - best[2][k]).abs().max() / best[2][k].abs().max()).item() for k in running}
    say(max(worst.values()) < 1e-3, "its running statistics are PyTorch's",
        *sorted(worst.items(), key=lambda kv: -kv[1])[:5])
    moved = torch.cat([(best[2][k] - first[k]).flatten() for k in learned])
    apart = torch.cat([(found[k] - best[2][k]).flatten() for k in learned])
    say(len(learned) == 62 and moved.norm() > 0 and apart.norm() < 0.1 * moved.norm(),
        "and its weights have gone where PyTorch's have", apart.norm(), moved.norm())


def dropout():
    """A rate of 0: only the masks differ between epochs."""
    seed = 1
    net = torchvision.models.vgg16(weights=None)
    net.classifier = net.classifier[:6]
    net.load_state_dict(tensors("vgg.tar", "backbone.safetensors"))
    start = tensors("vgg.tar", "head.safetensors")
    ids, x, y = load("few.tsv", "train", 32)
    log = []
    with torch.no_grad():
        for epoch in (1, 2):
            order = sorted(range(len(ids)), key=lambda i: place(seed, epoch, ids[i]))
            logits = []
            for step, at in enumerate(range(0, len(order), 4), 1):
                generator = torch.Generator().manual_seed(block(seed, "dropout", epoch, step)[0])
                z = net.avgpool(net.features(x[order[at:at + 4]])).flatten(1)
                for layer in net.classifier:
                    if isinstance(layer, torch.nn.Dropout):
                        z = z * torch.empty_like(z).bernoulli_(0.5, generator=generator).div_(0.5)
                    else:
                        z = layer(z)
                logits.append(z @ start["head.weight"].T + start["head.bias"])
            log.append(log_row(torch.cat(logits), y[order]))
    compare_logs(table("vgg.log"), log, "dropout's masks are those of each step")
    say(abs(log[0][0] - log[1][0]) > 1e-4 * log[0][0], "which differ", *log)


if __name__ == "__main__":
    {"weights": weights, "trajectory": trajectory, "dropout": dropout}[sys.argv[1]]()
