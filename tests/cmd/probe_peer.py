"""probe_peer.py - probes on frozen features against scikit-learn.

probe_peer.py make            writes features.tar, wide.tar, wider.tar, ties.tar,
                              same.tar, nearly.tar
probe_peer.py logistic FIT    fits with FIT (tests/stats/logistic), and compares;
                              then logistic.tar, log.tsv and predictions.tsv
probe_peer.py knn             compares knn.tar, log.tsv and predictions.tsv, then
                              sharp.tsv: --k 5 --temperature 0.005
probe_peer.py ties            compares tied.tsv: --k 3 on ties.tar

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import csv
import hashlib
import io
import struct
import subprocess
import sys
import tarfile

import numpy as np

CLASSES = ["a", "b", "c"]


def say(good, name):
    print("ok" if good else "not ok", name, sep="\t", flush=True)


def draw(n, dim, classes, seed):
    """Labels and float32 features; one is constant, two are the same."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, dim)) * np.linspace(3, 0.3, dim) + rng.normal(size=dim)
    x[:, 1] = 5
    x[:, 3] = x[:, 2]
    y = (x @ rng.normal(size=(dim, classes)) * 0.3 + rng.gumbel(size=(n, classes)) * 2).argmax(1)
    y[:classes] = range(classes)
    return y.astype(np.int32), x.astype(np.float32)


def write_tar(path, y, x, split):
    """A features tar of a network that mctools does not have."""
    rows = ["id\tlabel\tsplit\timage_sha256"] + [
        f"{i}\t{CLASSES[y[i]]}\t{split[i]}\t{hashlib.sha256(str(i).encode()).hexdigest()}"
        for i in range(len(y))]
    keys = {"format": 1, "dim": x.shape[1], "backbone": "elsewhere", "features": "last",
            "weights": "net.bin", "weights_sha256": "0" * 64, "preprocess":
            "resize=32 filter=bicubic crop=32 mean=0.5,0.5,0.5 std=0.5,0.5,0.5"}
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {x.shape}, }}\n"
    members = {"__features__": "key\tvalue\n" + "".join(f"{k}\t{v}\n" for k, v in keys.items()),
               "__manifest__": "\n".join(rows) + "\n",
               "features.npy": b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode()
               + x.tobytes()}
    members = {k: v.encode() if isinstance(v, str) else v for k, v in members.items()}
    digest = hashlib.sha256(b"".join(members.values())).hexdigest()
    members["__end__"] = f"key\tvalue\nformat\t1\nimages\t{len(y)}\nsha256\t{digest}\n".encode()
    with tarfile.open(path, "w") as out:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))


def data():
    y, x = draw(260, 12, 3, 1)
    return y, x, np.array(["train"] * 160 + ["val"] * 50 + ["test"] * 50)


def make():
    y, x, split = data()
    write_tar("features.tar", y, x, split)
    order = np.random.default_rng(2).permutation(len(y))
    write_tar("noval.tar", y, x, np.where(split == "val", "test", split))
    same = 3 + 1e-6 * np.random.default_rng(5).normal(size=x.shape)
    write_tar("same.tar", y, same.astype(np.float32), split)
    same[np.flatnonzero(split == "train")[-1], -1] += 0.01
    write_tar("nearly.tar", y, same.astype(np.float32), split)
    wide = draw(60, 100, 3, 3)
    write_tar("wide.tar", *wide, np.array(["train"] * 40 + ["val"] * 20))
    # Large enough for a BLAS to use several threads.
    write_tar("wider.tar", *draw(120, 400, 3, 4), np.array(["train"] * 110 + ["val"] * 10))
    write_tar("ties.tar", *tied(), np.array(["train"] * 20 + ["test"] * 20))
    # The same rows in another order: ids and digests stay with their rows.
    source = tarfile.open("features.tar")
    whole = {m.name: source.extractfile(m).read() for m in source}
    lines = whole["__manifest__"].decode().splitlines()
    start = len(whole["features.npy"]) - x.nbytes
    whole["__manifest__"] = ("\n".join([lines[0]] + [lines[1 + i] for i in order]) + "\n").encode()
    whole["features.npy"] = whole["features.npy"][:start] + x[order].tobytes()
    del whole["__end__"]
    digest = hashlib.sha256(b"".join(whole.values())).hexdigest()
    whole["__end__"] = f"key\tvalue\nformat\t1\nimages\t{len(y)}\nsha256\t{digest}\n".encode()
    with tarfile.open("shuffled.tar", "w") as out:
        for name, content in whole.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))


# One by one: NumPy has a power of its own, which may differ in the last bit.
GRID = np.array([10.0 ** (-6 + i / 4) for i in range(45)])


def sklearn_fit(x, y, c):
    from sklearn.linear_model import LogisticRegression
    # Twenty steps reach the optimum; rounding keeps the gradient above the tolerance.
    return LogisticRegression(C=c, solver="newton-cg", tol=1e-10, max_iter=100).fit(
        x.astype(float), y)


def compare_fits(fit, n, dim, classes, seed, grid):
    y, x = draw(n, dim, classes, seed)
    outputs = [subprocess.run(
        [fit, str(n), str(dim), str(classes), threads] + [repr(float(c)) for c in grid],
        input=y.tobytes() + x.tobytes(), stdout=subprocess.PIPE, check=True).stdout
        for threads in "13"]
    what = f"{n} images, {dim} features, {classes} classes"
    say(outputs[0] == outputs[1], f"{what}: three threads give the bytes of one")
    results = np.frombuffer(outputs[0]).reshape(len(grid), -1)
    say(results[:, -1].all(), f"{what}: each fit converges")
    worst = 0
    for c, r in zip(grid, results):
        w, b = r[:-1 - classes].reshape(classes, dim), r[-1 - classes:-1]
        z = x.astype(float) @ w.T + b
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        worst = max(worst, abs(p - sklearn_fit(x, y, c).predict_proba(x.astype(float))).max())
    say(worst < 1e-6, f"{what}: probabilities are scikit-learn's to 1e-6 ({worst:.0e})")


def table(path):
    return list(csv.DictReader(open(path), delimiter="\t"))


def logistic(fit):
    from sklearn.metrics import accuracy_score, log_loss
    compare_fits(fit, 160, 12, 3, 1, GRID)
    compare_fits(fit, 200, 10, 2, 2, GRID[::4])
    compare_fits(fit, 40, 100, 4, 3, GRID[::8])
    y, x, split = data()
    log = table("log.tsv")
    models = [sklearn_fit(x[split == "train"], y[split == "train"], c) for c in GRID]
    say([float(r["C"]) for r in log if r["split"] == "val"] == list(GRID),
        "the log has DINOv2's 45 values of C")
    for name in ("train", "val"):
        xs, ys = x[split == name].astype(float), y[split == name]
        rows = [r for r in log if r["split"] == name]
        loss = [log_loss(ys, m.predict_proba(xs), labels=[0, 1, 2]) for m in models]
        accuracy = [accuracy_score(ys, m.predict(xs)) for m in models]
        say(np.allclose([float(r["loss"]) for r in rows], loss, rtol=1e-6, atol=1e-6) and
            np.allclose([float(r["accuracy"]) for r in rows], accuracy, rtol=1e-12),
            f"its losses and accuracies of {name} are scikit-learn's")
        if name == "val":
            best = {"accuracy": max(range(45), key=lambda i: (accuracy[i], -loss[i])),
                    "loss": min(range(45), key=lambda i: loss[i])}
    say(best["accuracy"] != best["loss"], "accuracy and loss choose two values of C")
    for select, path in (("accuracy", "logistic.tar"), ("loss", "loss.tar")):
        about = dict(l.rstrip("\n").split("\t") for l in
                     io.TextIOWrapper(tarfile.open(path).extractfile("__model__")))
        say(float(about["C"]) == GRID[best[select]] and int(about["epoch"]) == best[select] + 1,
            f"--select {select}: the model has the C that scikit-learn's validation chooses")
    rows = table("predictions.tsv")
    ours = np.array([[float(r["p:" + c]) for c in CLASSES] for r in rows])
    theirs = models[best["accuracy"]].predict_proba(x[split == "test"].astype(float))
    say(abs(ours - theirs).max() < 1e-6, "mc-predict's probabilities are scikit-learn's to 1e-6")


def unit(x):
    x = x.astype(float)
    norm = np.sqrt((x * x).sum(1, keepdims=True))
    return x / np.where(norm == 0, 1, norm)


def by_id(indices):
    return np.array(sorted(indices, key=str))


def votes(queries, x, y, k, temperature, itself=False):
    """By hand: X are the training images in the order of their ids."""
    similarity = unit(queries) @ unit(x).T
    if itself:
        np.fill_diagonal(similarity, -np.inf)
    p = np.zeros((len(queries), 3))
    for row, s in zip(p, similarity):
        # Rounding aside, so that copies are equal.
        near = np.argsort(-s.round(12), kind="stable")[:k]
        for weight, label in zip(np.exp((s[near] - s[near[0]]) / temperature), y[near]):
            row[label] += weight
    return p / p.sum(1, keepdims=True)


def ours(path):
    return np.array([[float(r["p:" + c]) for c in CLASSES] for r in table(path)])


def knn():
    from sklearn.metrics import accuracy_score, log_loss
    from sklearn.neighbors import KNeighborsClassifier
    y, x, split = data()
    train = by_id(np.flatnonzero(split == "train"))
    tried = [10, 20, 100]
    models = {(k, t): KNeighborsClassifier(k, metric="cosine", algorithm="brute", weights=
                                           lambda d, t=t: np.exp(-d / t)).fit(
        x[train].astype(float), y[train]) for k, t in [(k, 0.07) for k in tried] + [(5, 0.005)]}
    log = table("log.tsv")
    say([int(r["k"]) for r in log if r["split"] == "val"] == tried,
        "the log has DINOv2's values of k, but 200, which is more than there are")
    for name in ("train", "val"):
        rows = [r for r in log if r["split"] == name]
        of = train if name == "train" else by_id(np.flatnonzero(split == name))
        p = [votes(x[of], x[train], y[train], k, 0.07, name == "train") for k in tried]
        loss = [log_loss(y[of], q, labels=[0, 1, 2]) for q in p]
        accuracy = [accuracy_score(y[of], q.argmax(1)) for q in p]
        say(np.allclose([float(r["loss"]) for r in rows], loss, rtol=1e-9) and
            np.allclose([float(r["accuracy"]) for r in rows], accuracy, rtol=1e-12),
            f"its losses and accuracies of {name} are those by hand and of scikit-learn")
        if name == "train":
            say((np.stack(p) == 0).any(), "some classes have no vote")
    best = max(range(3), key=lambda i: (accuracy[i], -loss[i]))
    about = dict(l.rstrip("\n").split("\t") for l in
                 io.TextIOWrapper(tarfile.open("knn.tar").extractfile("__model__")))
    say(int(about["k"]) == tried[best] and int(about["epoch"]) == best + 1,
        "the model has the k that validation chooses")
    test = np.flatnonzero(split == "test")
    for path, k, t in (("predictions.tsv", tried[best], 0.07), ("sharp.tsv", 5, 0.005)):
        p = models[k, t].predict_proba(x[test].astype(float))
        say(abs(ours(path) - p).max() < 1e-9,
            f"{path}: mc-predict's probabilities are scikit-learn's to 1e-9")
        say(((ours(path) == 0) == (p == 0)).all() and (k > 5 or (p == 0).any()),
            f"{path}: and 0 where those are")


def tied():
    """Of the training images nine are copies; an image to predict is all 0."""
    y, x = draw(40, 6, 3, 5)
    x[12:20], x[30] = x[4], 0
    return y, x


def ties():
    y, x = tied()
    train = by_id(range(20))
    p = votes(x[20:], x[train], y[train], 3, 0.07)
    copies = set(np.flatnonzero((x[:20] == x[4]).all(1)))
    cut = [len(copies & set(train[np.argsort(-s.round(12), kind="stable")[:3]])) for s in
           unit(x[20:]) @ unit(x[train]).T]
    say(3 in cut and len(copies) == 9, "of nine copies three vote")
    say(abs(ours("tied.tsv") - p).max() < 1e-9, "those with the first ids")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
