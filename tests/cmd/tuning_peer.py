"""tuning_peer.py - what of a network mc-train changes, and how fast, against PyTorch.

tuning_peer.py weights: writes NETWORK.pth to start from for each network.
tuning_peer.py compare: reads a NETWORK, a TAB and a NAME from each line, trains the
NETWORK, with the head of NETWORK.start.tar, as the recipe NAME says, in the order that
train.h says, and compares the losses in log.tsv and the tensors of model.tar.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import os
import sys

import torch
import torch.nn.functional as F
import torchvision
from PIL import Image
from torchvision import transforms

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "lib"))
from backbone import Dinov2  # noqa: E402
from peer import block, place, say, table, tensors  # noqa: E402

torch.set_num_threads(1)
SEED, EPOCHS = 1, 2
SIZE = {"resnet18": 64, "dinov2_vits14": 28, "convnext_tiny": 32}
# After more steps a random resnet18 in float32 and one in float64 part, in PyTorch also.
BATCH = {"resnet18": 64, "dinov2_vits14": 5, "convnext_tiny": 5}
RATE = {"resnet18": 2e-4, "dinov2_vits14": 0.02, "convnext_tiny": 0.02}
TOLERANCE = {"resnet18": 0.05, "dinov2_vits14": 0.01, "convnext_tiny": 0.01}


def load(split, size, dtype):
    prepare = transforms.Compose([
        transforms.Resize(size), transforms.CenterCrop(size), transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])
    rows = sorted((r for r in table("manifest.tsv") if r["split"] == split), key=lambda r: r["id"].encode())
    classes = sorted({r["label"] for r in table("manifest.tsv")})
    return ([r["id"] for r in rows],
            torch.stack([prepare(Image.open(r["path"]).convert("RGB")) for r in rows]).to(dtype),
            torch.tensor([classes.index(r["label"]) for r in rows]))


def uniform(seed, name, n):
    """The first n numbers of the stream of a tensor: 53 bits from two words."""
    words = [w for i in range(-(-n // 2)) for w in block(seed, name, 0, i)]
    return torch.tensor([((high >> 5) * 2 ** 26 + (low >> 6)) / 2 ** 53
                         for high, low in zip(words[::2], words[1::2])][:n], dtype=torch.float64)


class Dropping:
    """What leaves out residual branches."""

    drop_path = 0

    def branch(self, block, y):
        """timm's drop_path, with the masks that train.h says."""
        p = torch.linspace(0, self.drop_path, self.blocks, dtype=torch.float64)[block].item()
        if p == 0 or not self.training or block < self.frozen:
            return y
        mask = torch.empty([len(y)] + [1] * (y.ndim - 1)).bernoulli_(1 - p, generator=self.masks)
        self.dropped[bool(mask.min() == 0)] += 1
        return y * mask.double() / (1 - p)


class Resnet:
    """resnet18: blocks are the residual blocks."""

    dim, blocks = 512, 8

    def __init__(self):
        self.net = torchvision.models.resnet18(weights=None)
        self.net.load_state_dict(torch.load("resnet18.pth"))
        self.net.fc = torch.nn.Identity()
        self.net.double()
        self.parameters = dict(self.net.named_parameters())

    def state(self):
        return {k: v for k, v in self.net.state_dict().items() if not k.endswith("num_batches_tracked")}

    def block(self, name):
        layer = name.split(".")
        return 2 * int(layer[0][5:]) - 1 + int(layer[1]) if name.startswith("layer") else 0

    def train(self, on):
        self.net.train(on)
        for name, m in self.net.named_modules():
            if isinstance(m, torch.nn.BatchNorm2d) and self.block(name) <= self.frozen:
                m.eval()

    def __call__(self, x):
        return self.net(x)


class Vit(Dropping, Dinov2):
    """dinov2_vits14: blocks are the transformer blocks."""

    blocks = 12
    lora = ()

    def adapt(self, rank, alpha):
        """Freeze all, and add peft's A and B to attention, A as mc-train draws it."""
        scale, base = alpha / rank, dict(self.parameters)
        self.lora = {}
        for v in base.values():
            v.requires_grad_(False)
        for k, v in base.items():
            if k.endswith(("attn.qkv.weight", "attn.proj.weight")):
                a, b = k.replace(".weight", ".lora_A.weight"), k.replace(".weight", ".lora_B.weight")
                bound = 1 / v.shape[1] ** 0.5
                base_a = (2 * uniform(SEED, a, rank * v.shape[1]) - 1) * bound
                self.lora[k] = (scale, torch.zeros(v.shape[0], rank, dtype=v.dtype, requires_grad=True),
                                base_a.float().double().reshape(rank, -1).requires_grad_())

    def p(self, name, *shape):
        value = super().p(name, *shape)
        if name in self.lora:
            scale, b, a = self.lora[name]
            return value + scale * (b @ a)
        return value

    def __init__(self):
        super().__init__("dinov2_vits14", "cls", torch.float64)
        self.parameters = {k: v.double().requires_grad_()
                           for k, v in torch.load("dinov2_vits14.pth").items()}

    def state(self):
        return {k: self.p(k) for k in self.parameters}

    def block(self, name):
        return 13 if name.startswith("norm") else int(name.split(".")[1]) + 1 if "blocks" in name else 0

    def train(self, on):
        self.training = on


class Convnext(Dropping):
    """convnext_tiny: the downsampling belongs to the block behind it."""

    dim, blocks = 768, 18

    def __init__(self):
        self.net = torchvision.models.convnext_tiny(weights=None)
        self.net.load_state_dict(torch.load("convnext_tiny.pth"))
        self.net.classifier[2] = torch.nn.Identity()
        self.net.double()
        self.parameters = dict(self.net.named_parameters())
        paths = [m for m in self.net.modules() if isinstance(m, torchvision.ops.StochasticDepth)]
        for i, m in enumerate(paths):
            m.forward = lambda y, i=i: self.branch(i, y)

    def state(self):
        return self.net.state_dict()

    @staticmethod
    def block(name):
        part = name.split(".")
        if part[0] == "classifier":
            return 19
        stage, layer = divmod(int(part[1]), 2)
        before = sum((3, 3, 9, 3)[:stage])
        return before + 1 + (int(part[2]) if layer else 0) if stage or layer else 0

    def train(self, on):
        self.training = on

    def __call__(self, x):
        return self.net(x)


NETWORKS = {"resnet18": Resnet, "dinov2_vits14": Vit, "convnext_tiny": Convnext}


def weights():
    torch.manual_seed(0)
    torch.save(torchvision.models.resnet18(weights=None).state_dict(), "resnet18.pth")
    vit = Dinov2("dinov2_vits14", "cls", torch.float32)
    vit.train(True)
    torch.save({k: v.detach() for k, v in vit.state().items()}, "dinov2_vits14.pth")
    convnext = torchvision.models.convnext_tiny(weights=None).state_dict()
    for k, v in convnext.items():
        if k.endswith("layer_scale"):       # at first so small that branches do nothing
            v.fill_(0.5)
    torch.save(convnext, "convnext_tiny.pth")


def is_weight(name, p):
    """As timm's param_groups_weight_decay has it, and its no_weight_decay."""
    return p.ndim > 1 and name not in ("cls_token", "pos_embed", "register_tokens")


def sgd(network, parameters, decay=lambda k, p: 0, scale=lambda k: 1):
    return torch.optim.SGD([{"params": [p], "weight_decay": decay(k, p), "lr": RATE[network] * scale(k)}
                            for k, p in parameters.items()], lr=0, momentum=0.9)


def adamw(network, parameters, decay=lambda k, p: 0.5, scale=lambda k: 1):
    return torch.optim.AdamW([{"params": [p], "weight_decay": decay(k, p), "lr": 2e-4 * scale(k)}
                              for k, p in parameters.items()])


def layer_decay(name, x=0.9, layers=13):
    """MAE's util/lr_decay.py for 12 blocks: X^(layers - layer)."""
    if name in ("cls_token", "pos_embed") or name.startswith("patch_embed"):
        return x ** layers
    return x ** (layers - int(name.split(".")[1]) - 1) if name.startswith("blocks") else 1


def convnext_layer_decay(name):
    return 1 if name.startswith("head") else 0.9 ** (19 - Convnext.block(name))


RECIPES = {
    "torchvision's drop path": {"drop path": 0.1},
    "layer decay, unfreeze 14, drop path": {
        "optimizer": lambda n, p: sgd(n, p, scale=convnext_layer_decay), "unfreeze": 14, "drop path": 0.5},
    "decay of weights, sgd": {"optimizer": lambda n, p: sgd(n, p, lambda k, p: 10 * is_weight(k, p))},
    "decay of weights, adamw": {"optimizer": lambda n, p: adamw(n, p, lambda k, p: 0.5 * is_weight(k, p))},
    "layer decay, adamw": {"optimizer": lambda n, p: adamw(n, p, scale=layer_decay)},
    "unfreeze 2": {"unfreeze": 2},
    "layer decay, unfreeze 12": {"optimizer": lambda n, p: sgd(n, p, scale=layer_decay), "unfreeze": 12},
    "drop path": {"drop path": 0.5},
    "drop path, unfreeze 4": {"drop path": 0.5, "unfreeze": 4},
    "lora": {"lora": (4, 4), "optimizer": lambda n, p: sgd(n, p, scale=lambda k: 10)},
    "lora, adamw, drop path": {"lora": (4, 16), "optimizer": lambda n, p: adamw(n, p, scale=lambda k: 10),
                               "drop path": 0.5},
    "lora, ema": {"lora": (4, 4), "optimizer": lambda n, p: sgd(n, p, scale=lambda k: 10), "ema": 0.7},
    "layer decay, cosine": {"optimizer": lambda n, p: sgd(n, p, scale=layer_decay), "schedule": True},
}


def swap(trained, average):
    """Give what is trained the values of its average, and the average those."""
    for k in average:
        trained[k].data, average[k] = average[k], trained[k].data


def train(network, net, head, recipe):
    """The log and what was trained: the names."""
    size, batch = SIZE[network], BATCH[network]
    ids, x, y = load("train", size, torch.float64)
    _, x_val, y_val = load("val", size, torch.float64)
    net.drop_path, net.dropped = recipe.get("drop path", 0), [0, 0]
    # Of all blocks, the first that are frozen; the stem is 0.
    net.frozen = net.blocks - recipe["unfreeze"] if "unfreeze" in recipe else -1
    for k, v in net.parameters.items():
        v.requires_grad_(net.block(k) > net.frozen)
    if "lora" in recipe:
        net.adapt(*recipe["lora"])
        net.parameters.update({k + which: v for k, pair in net.lora.items()
                               for which, v in zip(("B", "A"), pair[1:])})
    trained = {**{k: v for k, v in net.parameters.items() if v.requires_grad},
               **{"head." + k: v for k, v in head.named_parameters()}}
    optimizer = recipe.get("optimizer", sgd)(network, trained)
    steps = EPOCHS * -(-len(ids) // batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    log, average = [], {}
    for epoch in range(1, EPOCHS + 1):
        order = sorted(range(len(ids)), key=lambda i: place(SEED, epoch, ids[i]))
        swap(trained, average)
        net.train(True)
        total = 0
        for step, at in enumerate(range(0, len(order), batch), 1):
            net.masks = torch.Generator().manual_seed(block(SEED, "dropout", epoch, step)[0])
            some = order[at:at + batch]
            optimizer.zero_grad()
            loss = F.cross_entropy(head(net(x[some])), y[some])
            loss.backward()
            optimizer.step()
            if "schedule" in recipe:
                schedule.step()
            if "ema" in recipe:
                average = {k: v.detach().lerp(average.get(k, v.detach()), recipe["ema"]) for k, v in trained.items()}
            total += loss.item() * len(some)
        log.append(total / len(order))
        swap(trained, average)
        net.train(False)
        with torch.no_grad():
            log.append(F.cross_entropy(head(net(x_val)), y_val).item())
    assert "drop path" not in recipe or min(net.dropped) > 0, net.dropped
    return log, set(trained)


def without_keys(name, x):
    """The bias of keys has no gradient: a softmax does not see it."""
    if not name.endswith("attn.qkv.bias"):
        return x
    d = x.shape[0] // 3
    return torch.cat([x[:d], x[2 * d:]])


def compare(network, name):
    recipe = RECIPES[name]
    net = NETWORKS[network]()
    head = torch.nn.Linear(net.dim, 2).double()
    head.load_state_dict({k[5:]: v for k, v in tensors(network + ".start.tar", "head.safetensors").items()})
    first = {k: v.detach().clone() for k, v in net.state().items()}
    first.update({"head." + k: v.clone() for k, v in head.state_dict().items()})
    theirs, trained = train(network, net, head, recipe)
    ours = [float(r["loss"]) for r in table("log.tsv")]
    say(len(ours) == len(theirs) and all(abs(a - b) <= 3e-4 * abs(b) for a, b in zip(ours, theirs)),
        f"{network}, {name}: the losses are PyTorch's", *zip(ours, theirs))
    last = {**net.state(), **{"head." + k: v for k, v in head.state_dict().items()}}
    found = {**tensors("model.tar", "backbone.safetensors"), **tensors("model.tar", "head.safetensors")}
    same = {k for k in first if torch.equal(found[k].double(), first[k].float().double())}
    stays = {k for k in first if torch.equal(last[k].detach(), first[k])}
    say(set(found) == set(first) and same == stays and trained.isdisjoint(same),
        f"{network}, {name}: what changes is what PyTorch changes", *sorted(same ^ stays))
    apart = {}
    for k in set(first) - stays:
        a, b, c = (without_keys(k, t[k].detach().double()) for t in (found, last, first))
        apart[k] = ((a - b).norm() / (b - c).norm()).item()
    say(max(apart.values()) < TOLERANCE[network], f"{network}, {name}: each tensor has gone where PyTorch's has",
        *sorted(apart.items(), key=lambda kv: -kv[1])[:5])


if sys.argv[1] == "weights":
    weights()
else:
    for line in sys.stdin:
        compare(*line.rstrip("\n").split("\t"))
