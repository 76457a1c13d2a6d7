"""explain_peer.py - the maps of mc-explain, computed anew with PyTorch.

explain_peer.py <asked

Each line, whose fields TABs separate, asks for one comparison:

maps MODEL MAPS NAME        each map of the tar MAPS of the model tar MODEL: Grad-CAM by
                            hooks on torchvision's networks or on a vision transformer of
                            torch.nn, attention and rollout by its softmax, occlusion by
                            its probabilities; the table's numbers; the overlays
colours MODEL MAPS          the colours of the overlays: those that are published, and
                            their lightness
sanity MODEL MAPS SANITY    the row of SANITY for a random head, drawn anew, with scipy's
                            correlation with MAPS

The images are those of manifest.tsv, read with Pillow.  Prints "ok" or "not ok", a TAB,
and what was compared.
"""
import csv
import io
import math
import os
import sys
import tarfile

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from PIL import Image
from scipy.stats import spearmanr
from torch import nn
from torchvision import transforms

sys.path.append(os.path.dirname(__file__))
from peer import block, say, stream_hash, table, tensors  # noqa: E402

torch.set_num_threads(1)

# --- Networks ----------------------------------------------------------------------


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

    def forward(self, x):
        n, length, dim = x.shape
        q, k, v = self.qkv(x).reshape(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        self.weights = F.softmax(q @ k.transpose(2, 3) / math.sqrt(dim / self.heads), -1)
        return self.proj((self.weights @ v).transpose(1, 2).reshape(n, length, dim))


class Scale(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class Block(nn.Module):
    def __init__(self, dim, heads, scaled):
        super().__init__()
        self.norm1, self.norm2 = (nn.LayerNorm(dim, eps=1e-6) for _ in range(2))
        self.attn = Attention(dim, heads)
        self.ls1, self.ls2 = (Scale(dim) if scaled else nn.Identity() for _ in range(2))
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(dim, 4 * dim), "fc2": nn.Linear(4 * dim, dim)})

    def forward(self, x):
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x)))))


class Vit(nn.Module):
    """A vision transformer as DINOv2 and timm have it; its sizes are those of STATE."""

    def __init__(self, state, features):
        super().__init__()
        dim, _, self.patch, _ = state["patch_embed.proj.weight"].shape
        self.features, self.heads = features, dim // 64
        self.dinov2 = "blocks.0.ls1.gamma" in state
        n = 1 + max(int(k.split(".")[1]) for k in state if k.startswith("blocks."))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, dim, self.patch, self.patch)})
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(state["pos_embed"].shape))
        self.registers = state.get("register_tokens", torch.zeros(1, 0, dim)).shape[1]
        if self.registers:
            self.register_tokens = nn.Parameter(torch.zeros(1, self.registers, dim))
        self.blocks = nn.ModuleList(Block(dim, self.heads, self.dinov2) for _ in range(n))
        setattr(self, "fc_norm" if features == "fc_norm" else "norm", nn.LayerNorm(dim, eps=1e-6))
        self.load_state_dict(state)

    def positions(self, side):
        first, grid = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        old = math.isqrt(grid.shape[1])
        grid = grid.reshape(1, old, old, -1).permute(0, 3, 1, 2)
        if self.dinov2 and not self.registers:
            grid = F.interpolate(grid, mode="bicubic", scale_factor=((side + 0.1) / old,) * 2)
        else:
            grid = F.interpolate(grid, mode="bicubic", size=(side, side), antialias=True)
        return torch.cat([first, grid.flatten(2).transpose(1, 2)], 1)

    def forward(self, x):
        n, side = len(x), x.shape[2] // self.patch
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(n, -1, -1), x], 1) + self.positions(side)
        if self.registers:
            x = torch.cat([x[:, :1], self.register_tokens.expand(n, -1, -1), x[:, 1:]], 1)
        for block in self.blocks:
            x = block(x)
        if self.features == "fc_norm":
            return self.fc_norm(x[:, 1:].mean(1))
        x = self.norm(x)
        mean = x[:, 1 + self.registers:].mean(1)
        return {"cls": x[:, 0], "mean": mean, "cls+mean": torch.cat([x[:, 0], mean], 1)}[self.features]


def torchvision_network(name, state):
    net = getattr(torchvision.models, name)(weights=None)
    head = "fc" if hasattr(net, "fc") else "head" if hasattr(net, "head") else "classifier"
    if head == "classifier" and name.startswith("convnext"):
        net.classifier[2] = nn.Identity()
    elif head == "classifier" and name.startswith("vgg"):
        net.classifier = nn.Sequential(nn.Unflatten(1, (512, 49)), nn.AdaptiveAvgPool1d(1), nn.Flatten())
    else:
        setattr(net, head, nn.Identity())
    missing, extra = net.load_state_dict(state, strict=False)
    assert not extra and all(k.endswith(("num_batches_tracked", "relative_position_index"))
                             for k in missing), (missing, extra)
    if name.startswith("densenet"):     # whose forward has a relu that is no module
        return nn.Sequential(net.features, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return net


class Model(nn.Module):
    """A network and its head."""

    def __init__(self, path):
        super().__init__()
        lines = tarfile.open(path).extractfile("__model__").read().decode().splitlines()
        about = [line.split("\t") for line in lines[1:]]
        self.name = dict(about)["backbone"]
        self.findings = [v for k, v in about if k == "finding"]
        self.classes = self.findings or [v for k, v in about if k == "class"]
        self.how = dict(word.split("=") for word in dict(about)["preprocess"].split())
        self.side = int(self.how["crop"])
        state, features = tensors(path, "backbone.safetensors"), dict(about)["features"]
        self.is_vit = "cls_token" in state
        self.net = Vit(state, features) if self.is_vit else torchvision_network(self.name, state)
        head = {k[5:]: v for k, v in tensors(path, "head.safetensors").items()}
        self.layers = [nn.Linear(*head[p + "weight"].shape[::-1]) for p in
                       (["0.", "2."] if "0.weight" in head else [""])]
        for layer, p in zip(self.layers, ["0.", "2."] if len(self.layers) > 1 else [""]):
            layer.load_state_dict({k: head[p + k] for k in ("weight", "bias")})
        self.eval().double()
        for layer in self.layers:
            layer.double()

    def forward(self, x):
        x = self.layers[0](self.net(x))
        return self.layers[1](F.relu(x)) if len(self.layers) > 1 else x

    def probabilities(self, logits):
        return torch.sigmoid(logits) if self.findings else F.softmax(logits, 1)

    def layer(self):
        """The module whose output is the last map."""
        if self.is_vit:
            return self.net.blocks[-1].norm1
        if self.name.startswith("resnet"):
            return self.net.layer4
        if self.name.startswith("vgg"):
            return self.net.features[-2]
        return self.net[1] if self.name.startswith("densenet") else self.net.features


def uniform(seed, name, n):
    """The first n numbers of the stream of a tensor: 53 bits from two words."""
    words = [w for i in range(-(-n // 2)) for w in block(seed, name, 0, i)]
    return np.array([((high >> 5) * 2 ** 26 + (low >> 6)) / 2 ** 53
                     for high, low in zip(words[::2], words[1::2])][:n])


# --- Methods -------------------------------------------------------------------------


def gradcam(model, x, k):
    """Selvaraju et al. 2017, by a forward hook that keeps the map and its gradient."""
    kept = []

    def keep(_, __, out):
        out.retain_grad()
        kept.append(out)
        return out.clone()      # which what is behind it may change in place

    hook = model.layer().register_forward_hook(keep)
    model(x)[0, k].backward()
    hook.remove()
    a, g = kept[0].detach(), kept[0].grad
    if a.ndim == 3:                     # tokens
        a, g = (t[:, 1 + model.net.registers:] for t in (a, g))
        side = math.isqrt(a.shape[1])
        a, g = (t.reshape(1, side, side, -1) for t in (a, g))
    if model.is_vit or model.name.startswith("swin"):
        a, g = (t.permute(0, 3, 1, 2) for t in (a, g))
    return F.relu((g.mean((2, 3), keepdim=True) * a).sum(1))[0]


def attention(model, x, rollout):
    """The last block's; or Abnar & Zuidema 2020."""
    with torch.no_grad():
        model(x)
    ahead = 1 + model.net.registers
    every = [b.attn.weights[0].mean(0) for b in model.net.blocks]
    result = every[-1]
    if rollout:
        eye = torch.eye(len(result), dtype=result.dtype)
        result = eye
        for a in every:
            mixed = a + eye
            result = mixed / mixed.sum(1, keepdim=True) @ result
    row = result[ahead:].mean(0) if model.net.features in ("mean", "fc_norm") else result[0]
    side = math.isqrt(len(row) - ahead)
    return row[ahead:].reshape(side, side)


def occlusion(model, x, k, patch, stride):
    side = x.shape[2]
    starts = list(range(0, max(side - patch, 0) + stride, stride))
    while len(starts) > 1 and starts[-2] + patch >= side:
        starts.pop()
    with torch.no_grad():
        whole = model.probabilities(model(x))[0, k]
        out = torch.zeros(len(starts), len(starts), dtype=x.dtype)
        for i, top in enumerate(starts):
            y = x.repeat(len(starts), 1, 1, 1)
            for j, left in enumerate(starts):
                y[j, :, top:top + patch, left:left + patch] = 0
            out[i] = whole - model.probabilities(model(y))[:, k]
    return out


def spread(row, value, side):
    """VALUE at each pixel."""
    if row["method"] != "occlusion":
        return F.interpolate(value[None, None], size=(side, side), mode="bilinear",
                             align_corners=False)[0, 0]
    patch, stride = int(row["patch"]), int(row["stride"])
    total, count = torch.zeros(side, side, dtype=value.dtype), torch.zeros(side, side)
    for i in range(len(value)):
        for j in range(len(value)):
            at = slice(i * stride, i * stride + patch), slice(j * stride, j * stride + patch)
            total[at] += value[i, j]
            count[at] += 1
    return total / count


# --- Colours -------------------------------------------------------------------------

# Of the 256 of viridis: 0, 51, 102, 153, 204 and 255, as R's viridisLite and matplotlib
# print them.
PUBLISHED = ["440154", "414487", "2a788e", "22a884", "7ad151", "fde725"]


def lightness(rgb):
    """CIELAB's L* of sRGB."""
    c = np.asarray(rgb) / 255
    c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    y = c @ [0.2126, 0.7152, 0.0722]
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)


def viridis(colours):
    """COLOURS: 256 x 3, NaN where none was found, as at the end, which no mean reaches."""
    said = np.array([[int(h[i:i + 2], 16) for i in (0, 2, 4)] for h in PUBLISHED])
    off = np.abs(colours[::51] - said).max(1)
    off = off[np.isfinite(off)]
    say(len(off) >= 4 and off.max() <= 2, "viridis: published colours to 2 of 255", off)
    steps = np.diff(lightness(back(colours))[:250:10])
    say(steps.min() > 0 and steps.std() < 0.15 * steps.mean(), "viridis: lightness grows evenly", steps)


def colours_of(values, overlays, images):
    """The colours, 256 x 3, by which OVERLAYS differ from IMAGES; NaN where none has been."""
    total, count = np.zeros((256, 3)), np.zeros((256, 1))
    for v, over, image in zip(values, overlays, images):
        at = np.rint(v * 255).astype(int).ravel()
        np.add.at(total, at, 2.0 * over.reshape(-1, 3) - image.reshape(-1, 3) - 0.5)
        np.add.at(count, at, 1)
    with np.errstate(invalid="ignore"):
        return total / count


# --- Comparing -----------------------------------------------------------------------


def read(path):
    with tarfile.open(path) as tar:
        files = {m.name: tar.extractfile(m).read() for m in tar}
    rows = list(csv.DictReader(io.StringIO(files["maps.tsv"].decode()), delimiter="\t"))
    return rows, files


def prepare(path, how):
    steps = transforms.Compose([
        transforms.Resize(int(how["resize"]), transforms.InterpolationMode(how["filter"])),
        transforms.CenterCrop(int(how["crop"]))])
    image = steps(Image.open(path).convert("RGB"))
    normal = transforms.Compose([transforms.ToTensor(), transforms.Normalize(
        *([float(v) for v in how[key].split(",")] for key in ("mean", "std")))])
    return np.asarray(image), normal(image)[None].double()


def reference(model, row, x):
    k = model.classes.index(row["class"]) if row["class"] else None
    if row["method"] == "gradcam":
        return gradcam(model, x, k)
    if row["method"] == "occlusion":
        return occlusion(model, x, k, int(row["patch"]), int(row["stride"]))
    return attention(model, x, row["method"] == "rollout")


def scaled(row, files, side):
    """The values of the overlay of ROW from 0, the first colour, to 1, the last."""
    ours = np.load(io.BytesIO(files[row["map"]]))
    value = spread(row, torch.from_numpy(ours).double(), side).numpy()
    low, high = float(row["min"]), float(row["max"])
    return (value - low) / (high - low) if high > low else value * 0


def compare(model, row, files, x):
    """What is wrong with a row, and how far its map is off."""
    wrong = []
    ours, wanted = np.load(io.BytesIO(files[row["map"]])), reference(model, row, x)
    if ours.dtype != np.float32 or ours.shape != tuple(wanted.shape) \
            or ours.shape != (int(row["rows"]), int(row["columns"])):
        return ["shape %s, wanted %s" % (ours.shape, tuple(wanted.shape))], 0
    off = np.abs(ours - wanted.numpy()).max() / max(1e-30, np.abs(wanted.numpy()).max())
    if off > 1e-4:
        wrong.append("map off by %g" % off)
    if abs(float(row["min"]) - ours.min()) > 0 or abs(float(row["max"]) - ours.max()) > 0:
        wrong.append("range")
    p = model.probabilities(model(x).detach())[0]
    if row["predicted"] != model.classes[int(p.argmax())]:
        wrong.append("predicted")
    if row["class"] and abs(float(row["p"]) - p[model.classes.index(row["class"])]) > 1e-5:
        wrong.append("p")
    return wrong, off


def back(colours):
    """COLOURS with those between for what is NaN."""
    index = np.arange(256)
    there = np.isfinite(colours[:, 0])
    return np.stack([np.interp(index, index[there], c[there]) for c in colours.T], 1)


def walk(model, maps_path):
    """Each row, its image and the network's input; the tar's files."""
    paths = {r["id"]: r["path"] for r in table("manifest.tsv")}
    rows, files = read(maps_path)
    return [(row, *prepare(paths[row["id"]], model.how)) for row in rows], files


def overlay_of(row, files):
    return np.asarray(Image.open(io.BytesIO(files[row["overlay"]])), float)


def maps(model_path, maps_path, name):
    model = Model(model_path)
    walked, files = walk(model, maps_path)
    wrong, worst, varied = [], 0, 0
    for row, _, x in walked:
        found, off = compare(model, row, files, x)
        wrong += ["%s: %s" % (row["id"], w) for w in found]
        worst, varied = max(worst, off), varied + (float(row["max"]) > float(row["min"]))
    print("# %s: worst %.1e of the largest value" % (name, worst), file=sys.stderr)
    say(not wrong and varied > 0, "%s: %d maps to 1e-4" % (name, len(walked)), *wrong)
    if wrong:
        return
    values = [scaled(row, files, model.side) for row, _, _ in walked]
    images = [image.astype(float) for _, image, _ in walked]
    overlays = [overlay_of(row, files) for row, _, _ in walked]
    scale = back(colours_of(values, overlays, images))
    off = max(np.abs((i + scale[np.rint(v * 255).astype(int)]) / 2 - o).max()
              for v, i, o in zip(values, images, overlays))
    say(off < 3, "%s: the overlays are the image and one scale of colours" % name, off)


def colours(model_path, maps_path):
    model = Model(model_path)
    walked, files = walk(model, maps_path)
    values = [scaled(row, files, model.side) for row, _, _ in walked]
    viridis(colours_of(values, [overlay_of(row, files) for row, _, _ in walked],
                       [image.astype(float) for _, image, _ in walked]))


def sanity(model_path, maps_path, sanity_path):
    model, seed = Model(model_path), stream_hash(1, "sanity", 0, 0)
    walked, files = walk(model, maps_path)
    bound = 1 / math.sqrt(model.layers[0].in_features)
    for name, p in (("head.weight", model.layers[0].weight), ("head.bias", model.layers[0].bias)):
        drawn = torch.tensor((2 * uniform(seed, name, p.numel()) - 1) * bound, dtype=torch.float32)
        p.data.copy_(drawn.reshape(p.shape))
    found = []
    for row, _, x in walked:
        random = reference(model, row, x).numpy().astype(np.float32).ravel()
        ours = np.load(io.BytesIO(files[row["map"]])).ravel()
        if random.min() < random.max() and ours.min() < ours.max():
            found.append(spearmanr(random, ours)[0])
    row = table(sanity_path)[0]
    say(len(found) > 0 and int(row["maps"]) == len(found) and
        int(row["undefined"]) == len(walked) - len(found) and
        abs(float(row["spearman"]) - np.mean(found)) < 1e-9 and
        (len(found) < 2 or abs(float(row["sd"]) - np.std(found, ddof=1)) < 1e-9),
        "sanity: a random head, as scipy correlates", found, row)


if __name__ == "__main__":
    for line in sys.stdin:
        what, *rest = line.rstrip("\n").split("\t")
        {"maps": maps, "colours": colours, "sanity": sanity}[what](*rest)
    say(True, "all is compared")
