"""torchscript_peer.py - TorchScript modules for mc-train, and PyTorch beside it.

torchscript_peer.py modules: writes modules, and files that are none.
torchscript_peer.py pixels: pixels.tsv, what a module sees, against torchvision.
torchscript_peer.py features: traced.tsv and built.tsv, features of one network.
torchscript_peer.py steps: trains small.pt as mc-train has and compares small.tar.
torchscript_peer.py spoil FROM TO PART: a byte in the member PART of FROM is another.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import pickle
import sys
import warnings
import zipfile

import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms

from peer import block, place, say, table, tensors

torch.set_num_threads(1)
MEAN, STD = (0.5, 0.4, 0.3), (0.25, 0.5, 1)


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.norm = torch.nn.BatchNorm2d(8)
        self.drop = torch.nn.Dropout(0.3)
        self.fc = torch.nn.Linear(8, 6)

    def forward(self, x):
        return self.fc(self.drop(self.norm(self.conv(x)).relu().mean([2, 3])))


class Pixels(torch.nn.Module):
    def forward(self, x):
        return x.view(x.size(0), -1)


class Pair(torch.nn.Module):
    def forward(self, x):
        return x.mean([2, 3]), 1


class Maps(torch.nn.Module):
    def forward(self, x):
        return x


class Numbers(torch.nn.Module):
    def forward(self, x):
        return x.mean([2, 3]).argsort(1)


class OneRow(torch.nn.Module):
    def forward(self, x):
        return x.reshape(1, -1)


class Large(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3 * 64 * 64, 2)

    def forward(self, x):
        return self.fc(x.flatten(1))


class Nan(torch.nn.Module):
    def forward(self, x):
        return x.mean([2, 3]).log()


class Tied(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(3, 3)
        self.b = torch.nn.Linear(3, 3)
        self.b.weight = self.a.weight

    def forward(self, x):
        return self.b(self.a(x.mean([2, 3])))


class Pooled(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 4)

    def features(self, x):
        return self.fc(x.mean([2, 3]))


class NoGradient(Pooled):
    def forward(self, x):
        with torch.no_grad():
            return self.features(x)


class Chance(Pooled):
    def forward(self, x):
        return self.features(x) + torch.rand(4)


class Centred(Pooled):
    def forward(self, x):
        y = self.features(x)
        return y - y.mean(0)


class Two(Pooled):
    def forward(self, x, y):
        return self.features(x + y)


class Prints(Pooled):
    def forward(self, x, more: bool = False):
        print("printed")
        return self.features(x)


class Warns(Pooled):
    def forward(self, x):
        warnings.warn("beware")
        return self.features(x)


class Raises(Pooled):
    def forward(self, x):
        if x.size(0) > 0:
            raise ValueError("it returns nothing")
        return self.features(x)


class Changes(Pooled):
    def forward(self, x):
        y = self.features(x)
        return torch.cat([y, y], 1) if bool((x.mean() > 0.2)) else y


class Doubles(Pooled):
    def forward(self, x):
        return self.features(x.double())


class Slight(Pooled):
    def forward(self, x):
        return self.features(x) * (1 + 0.01 * torch.rand(4))


class Alone(Pooled):
    def forward(self, x):
        y = self.features(x)
        return y if x.size(0) > 1 else torch.cat([y, y], 1)


class Five(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv3d(1, 2, 3)

    def forward(self, x):
        return self.conv(x.unsqueeze(1)).mean([2, 3, 4])


class Nothing(Pooled):
    def forward(self, x):
        return self.features(x)[:, :0]


class Wide(Pooled):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Parameter(torch.empty(0))
        self.b = torch.nn.Parameter(torch.empty(0))

    def forward(self, x):
        return self.features(x).double()


class Ends(torch.nn.Module):
    """As Small, whose features it has in float64."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x).double()


def modules():
    torch.manual_seed(0)
    net = torchvision.models.resnet18(weights=None)
    torch.save(net.state_dict(), "net.pth")
    net.fc = torch.nn.Identity()
    traced = torch.jit.trace(net.eval(), torch.zeros(1, 3, 32, 32))
    traced.save("resnet18.pt")
    small = Small()
    torch.jit.script(small).save("small.pt")
    torch.jit.script(Ends(small)).save("ends.pt")
    torch.jit.script(small.to(memory_format=torch.channels_last)).save("last.pt")
    torch.jit.script(Small().half()).save("half.pt")
    torch.jit.trace(net.train(), torch.randn(2, 3, 32, 32), check_trace=False).save("training.pt")
    for kind in (Pixels, Pair, Maps, Numbers, OneRow, Large, Nan, Tied, NoGradient, Chance, Centred, Two, Prints,
                 Warns, Raises, Changes, Doubles, Slight, Alone, Five, Nothing, Wide):
        torch.jit.script(kind()).save(kind.__name__.lower() + ".pt")
    torch.jit.freeze(torch.jit.script(Small().eval())).save("frozen.pt")
    dynamic = torch.ao.quantization.quantize_dynamic(Small().eval(), {torch.nn.Linear})
    torch.jit.script(dynamic).save("quantised.pt")
    torch.jit.freeze(torch.jit.script(dynamic)).save("frozen-quantised.pt")
    with zipfile.ZipFile("quantised.pt") as old, zipfile.ZipFile("unknown.pt", "w") as new:
        for name in old.namelist():  # as of a later PyTorch
            new.writestr(name, old.read(name).replace(b"quantized.linear_dynamic", b"quantized.linear_later"))
    torch.save(Small().state_dict(), "weights.pt")
    torch.save({"model": Small().state_dict()}, "old-weights.pt", _use_new_zipfile_serialization=False)
    torch.save(Small(), "pickled.pt")
    torch.save(Small(), "old-pickled.pt", _use_new_zipfile_serialization=False)
    with zipfile.ZipFile("export.pt", "w") as z:  # as PyTorch 2.6 has it
        z.writestr("serialized_exported_program.json", "{}")
        z.writestr("version", "7.1")
    with zipfile.ZipFile("later-export.pt", "w") as z:  # as later ones have it
        z.writestr("later-export/models/model.json", "{}")
    with open("pickle.pt", "wb") as f:
        pickle.dump([1], f, protocol=5)
    with zipfile.ZipFile("zip.pt", "w") as z:
        z.writestr("a", "b")


def spoil(source, target, part):
    data = bytearray(open(source, "rb").read())
    with zipfile.ZipFile(source) as z:
        info = next(i for i in z.infolist() if i.filename.endswith(part))
    at = info.header_offset
    at += 30 + int.from_bytes(data[at + 26:at + 28], "little") + int.from_bytes(data[at + 28:at + 30], "little")
    data[at + info.compress_size // 2] ^= 1
    open(target, "wb").write(data)


def prepare(size, crop, mode):
    return transforms.Compose([
        transforms.Resize(size, interpolation=mode), transforms.CenterCrop(crop), transforms.ToTensor(),
        transforms.Normalize(MEAN, STD)])


def row(r):
    return np.array([float(r[f"f{i}"]) for i in range(sum(k[0] == "f" and k[1:].isdigit() for k in r))])


def pixels():
    rows = table("pixels.tsv")
    view = prepare(40, 32, transforms.InterpolationMode.BICUBIC)
    same = [np.array_equal(row(r).astype(np.float32), view(Image.open(r["path"]).convert("RGB")).flatten().numpy())
            for r in rows]
    say(len(rows) > 10 and all(same), "a module sees torchvision's tensors, bit for bit", same)


def features():
    traced, built = ([row(r) for r in table(f"{name}.tsv")] for name in ("traced", "built"))
    off = np.abs(np.array(traced) - built).max() / np.abs(built).max()
    say(len(built) > 10 and off < 1e-5, "a traced resnet18 has the features of ours", off)


def steps():
    """What a module drops is drawn by a seed that the generator of each step gives."""
    epochs, batch, rate = 3, 7, 0.05
    net = torch.jit.load("small.pt")
    view = prepare(36, 32, transforms.InterpolationMode.BILINEAR)
    rows = sorted((r for r in table("manifest.tsv") if r["split"] == "train"), key=lambda r: r["id"].encode())
    classes = sorted({r["label"] for r in table("manifest.tsv")})
    x = torch.stack([view(Image.open(r["path"]).convert("RGB")) for r in rows])
    y = torch.tensor([classes.index(r["label"]) for r in rows])
    head = torch.nn.Linear(6, len(classes))
    head.load_state_dict({k[5:]: v for k, v in tensors("start.tar", "head.safetensors").items()})
    optimizer = torch.optim.SGD([*net.parameters(), *head.parameters()], lr=rate, momentum=0.9)
    net.train()
    losses = []
    for epoch in range(1, epochs + 1):
        order = sorted(range(len(rows)), key=lambda i: place(1, epoch, rows[i]["id"]))
        total = 0
        for step, at in enumerate(range(0, len(order), batch), 1):
            some = order[at:at + batch]
            seed = block(1, "dropout", epoch, step)[0]
            torch.manual_seed(int.from_bytes(np.random.RandomState(seed).bytes(4), "little"))
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(head(net(x[some])), y[some])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(some)
        losses.append(total / len(rows))
    log = [float(r["loss"]) for r in table("small.log") if r["split"] == "train"]
    say(np.allclose(log, losses, rtol=1e-5, atol=0), "each loss is PyTorch's", log, losses)
    found = tensors("small.tar", "backbone.safetensors")
    wanted = {k: v for k, v in net.state_dict().items() if v.is_floating_point()}
    off = {k: (found[k] - v).abs().max().item() for k, v in wanted.items()}
    say(found.keys() == wanted.keys() and max(off.values()) < 1e-5, "each parameter and statistic is PyTorch's", off)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
