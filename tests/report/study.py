"""Make the files of a small study in the present folder: two tasks, two arms, two
seeds; manifests, predictions and model tars, of numbers that a formula gives.

    study.py [right]

With "right", one task whose names are written from right to left, or hold
characters that turn text.
"""
import hashlib
import io
import os
import sys
import tarfile

CLASSES = {"chest": ["NORMAL", "OPACITY"], "skin": ["a<b", 'n "v" &', "x=y"]}
RIGHT = {"\u05d7\u05d6\u05d4 3": ["\u0633\u0644\u064a\u0645", "b\u202ea",
                              "\u05d0\u05d1\u2069 7"]}
if sys.argv[1:] == ["right"]:
    CLASSES = RIGHT
ARMS = {"resnet18/frozen": ("resnet18", "frozen", "pooled"),
        "dinov2_vits14/finetune": ("dinov2_vits14", "finetune", "cls")}


def noise(*what):
    """A number in [0, 1) that WHAT decides."""
    digest = hashlib.sha256(repr(what).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def tsv(path, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        for row in rows:
            f.write("\t".join(map(str, row)) + "\n")


def images(task):
    """(id, group, label, split, age) of each image."""
    classes = CLASSES[task]
    for i in range(90):
        group = i // 2
        label = classes[group % len(classes)]
        split = ("train", "train", "test", "val", "test")[group % 5]
        age = 40 + int(40 * noise(task, group, "age"))
        yield f"i{i:03}", f"p{group:02}", label, split, age


def manifest(task):
    rows = [["id", "path", "label", "group", "split", "sha256", "age"]]
    for name, group, label, split, age in images(task):
        digest = hashlib.sha256(f"{task}{name}".encode()).hexdigest()
        rows.append([name, f"{task}/{name}.png", label, group, split, digest,
                     age])
    tsv(f"{task}/manifest.tsv", rows)


def predictions(task, arm, seed):
    classes = CLASSES[task]
    model, regime, features = ARMS[arm]
    rows = [["task", "arm", "model", "regime", "features", "train_seed",
             "fold", "split", "id", "group", "label", "predicted"] +
            ["p:" + c for c in classes] + ["weights"]]
    skill = 0.8 if regime == "frozen" else 1.4
    for name, group, label, split, _ in images(task):
        if split != "test":
            continue
        odds = [noise(task, arm, seed, name, c) + skill * (c == label) *
                noise(task, arm, group) for c in classes]
        p = [round(x / sum(odds), 6) for x in odds]
        p[-1] = round(1 - sum(p[:-1]), 6)
        rows.append([task, arm, model, regime, features, seed, "", split, name,
                     group, label, classes[p.index(max(p))]] + p + ["random"])
    tsv(f"{task}/{arm.replace('/', '-')}-{seed}.predictions.tsv", rows)


def model(task, arm, seed):
    network, regime, features = ARMS[arm]
    with open(f"{task}/manifest.tsv", "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    about = [("arm", arm), ("backbone", network), ("batch", 16)]
    about += [("class", c) for c in CLASSES[task]]
    about += [("deterministic", "no"), ("device", "cpu"), ("epoch", 2 + seed), ("epochs", 8),
              ("features", features), ("format", 2), ("head", "linear"),
              ("images_train", 36), ("images_val", 18), ("init_seed", 1),
              ("libraries", "libtorch 1.13.0"), ("lr", 0.001),
              ("manifest_sha256", digest), ("optimizer", "adam"),
              ("regime", regime), ("seed", seed), ("task", task),
              ("version", "0.1.0"), ("weights", "random")]
    members = {"__model__": "key\tvalue\n" + "".join(
        f"{k}\t{v}\n" for k, v in about),
        "images.tsv": "sha256\trole\n", "log.tsv": "epoch\tsplit\tloss\n",
        "head.safetensors": "8 bytes.", "backbone.safetensors": "b" * 3000000}
    if regime == "frozen":
        del members["backbone.safetensors"]
    whole = hashlib.sha256("".join(members.values()).encode()).hexdigest()
    members["__end__"] = f"key\tvalue\nformat\t2\nsha256\t{whole}\n"
    path = f"{task}/{arm.replace('/', '-')}-{seed}.model.tar"
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, text in members.items():
            entry = tarfile.TarInfo(name)
            content = text.encode()
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


for t in CLASSES:
    os.makedirs(t, exist_ok=True)
    manifest(t)
    for a in ARMS:
        for s in 1, 2:
            predictions(t, a, s)
            model(t, a, s)
