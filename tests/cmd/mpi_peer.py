"""mpi_peer.py - trainings by several processes against one, and against PyTorch.

mpi_peer.py same A B: compares the models A.tar and B.tar, their logs A.log and
B.log, and the predictions A.tsv and B.tsv, number by number, to 1e-6.
mpi_peer.py step NAME: one step of SGD on 52 images in batches of 13, from net.pth
and the head of start.tar, against NAME.tar.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys

import numpy as np
import torch
import torchvision

from finetune_peer import load
from peer import place, say, table, tensors


def worst(pairs):
    """The largest difference, of numbers above 1 as a share of them."""
    return max(((a - b).abs() / b.abs().clamp(min=1)).max().item() for a, b in pairs)


def numbers(path, columns):
    return torch.tensor([[float(r[c]) for c in columns] for r in table(path)], dtype=torch.float64)


def same():
    a, b = sys.argv[2:4]
    for member in ("backbone.safetensors", "head.safetensors"):
        x, y = (tensors(f"{name}.tar", member) for name in (a, b))
        assert list(x) == list(y)
        apart = worst([(x[k].double(), y[k].double()) for k in x])
        say(apart <= 1e-6, f"{member} of {a} is that of {b} to 1e-6", apart)
    columns = [c for c in table(f"{a}.tsv")[0] if c.startswith("p:")]
    assert len(columns) == 2
    apart = worst([(numbers(f"{a}.tsv", columns), numbers(f"{b}.tsv", columns))])
    say(apart <= 1e-6, f"the probabilities of {a} are those of {b} to 1e-6", apart)
    apart = worst([(numbers(f"{a}.log", ["loss"]), numbers(f"{b}.log", ["loss"]))])
    say(apart <= 1e-6, f"and so are the losses of each epoch", apart)


def step():
    seed, batch = 1, 13
    net = torchvision.models.resnet18(weights=None)
    net.load_state_dict(torch.load("net.pth"))
    net.fc = torch.nn.Linear(512, 2)
    net.fc.load_state_dict({k[5:]: v for k, v in tensors("start.tar", "head.safetensors").items()})
    first = {k: v.clone() for k, v in net.state_dict().items()}
    ids, x, y = load("manifest.tsv", "train", 64)
    assert len(ids) == 4 * batch
    order = sorted(range(len(ids)), key=lambda i: place(seed, 1, ids[i]))
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)
    net.train()
    for at in range(0, len(ids), batch):
        some = order[at:at + batch]
        (torch.nn.functional.cross_entropy(net(x[some]), y[some], reduction="sum") / len(ids)).backward()
    optimizer.step()
    wanted = net.state_dict()
    found = tensors(f"{sys.argv[2]}.tar", "backbone.safetensors")
    found.update({k.replace("head.", "fc."): v
                  for k, v in tensors(f"{sys.argv[2]}.tar", "head.safetensors").items()})
    running = [k for k in first if "running_" in k]
    learned = [k for k in first if "running_" not in k and not k.endswith("num_batches_tracked")]
    apart = max(((found[k] - wanted[k]).abs().max() / wanted[k].abs().max()).item() for k in running)
    say(apart < 1e-5, "the running statistics are PyTorch's after four batches", apart)
    moved = torch.cat([(wanted[k] - first[k]).flatten() for k in learned]).norm().item()
    apart = torch.cat([(found[k] - wanted[k]).flatten() for k in learned]).norm().item()
    say(len(learned) == 62 and apart < 1e-2 * moved, "and the step is PyTorch's", apart, moved)


if __name__ == "__main__":
    torch.set_num_threads(1)
    np.seterr(all="raise")
    {"same": same, "step": step}[sys.argv[1]]()
