"""import_peer.py - what mc-import makes of files as others write them.

Each file is written here by the calls of pandas and numpy with which its
project writes it; the probabilities that mc-import gives are compared with
scipy's, and the metrics of mc-bootstrap on them with scikit-learn's.  Prints
"ok" or "not ok", a TAB, and what was compared.
"""
import csv
import io
import subprocess
import warnings

import numpy as np
import pandas as pd
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score

warnings.simplefilter("ignore")
N = 60
CLASSES = np.array(["mel", "nv", "bkl", "df"])
NAMES = ",".join(CLASSES)


def run(*command, stdin=None):
    text = subprocess.run(command, input=stdin, check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return text, list(csv.DictReader(io.StringIO(text), delimiter="\t",
                                     quoting=csv.QUOTE_NONE))


def metrics(text, positive):
    wanted = ["accuracy", "auroc:macro"]
    options = []
    if positive is not None:
        wanted[1], options = "auroc:positive", ["--positive", positive]
    rows = run("mc-bootstrap", "--replicates", "399", *options, "--metrics",
               ",".join(wanted), stdin=text)[1]
    return [float(row["estimate"]) for row in rows]


def compare(name, y, p, arguments, classes=CLASSES, tolerance=0.0,
            positive=None):
    """Whether mc-import ARGUMENTS gives labels Y and probabilities P."""
    text, rows = run("mc-import", *arguments)
    found = np.array([[float(row["p:" + c]) for c in classes]
                      for row in rows])
    good = found.shape == p.shape and \
        np.abs(found - p).max() <= tolerance and \
        [row["label"] for row in rows] == list(y) and \
        [row["predicted"] for row in rows] == list(classes[p.argmax(1)])
    if positive is None:
        auroc = np.mean([roc_auc_score(y == c, p[:, k] / p.sum(1))
                         for k, c in enumerate(classes)])
    else:
        auroc = roc_auc_score(y == positive,
                              p[:, list(classes).index(positive)])
    accuracy = accuracy_score(y, classes[p.argmax(1)])
    difference = np.abs(np.subtract(metrics(text, positive),
                                    [accuracy, auroc])).max()
    print("ok" if good and difference < 1e-12 else "not ok",
          "%s: probabilities, accuracy %.3f, AUROC %.3f" %
          (name, accuracy, auroc), sep="\t", flush=True)


def timm(path, files, outputs, name, k):
    """inference.py --topk k --results-separate-col --include-index."""
    columns = {"filename": files}
    if k > 0:
        order = np.argsort(-outputs, axis=1, kind="stable")[:, :k]
        outputs = np.take_along_axis(outputs, order, 1)
        for i in range(k):
            columns["index_%d" % i] = order[:, i]
        for i in range(k):
            columns["label_%d" % i] = CLASSES[order[:, i]]
    for i in range(outputs.shape[1]):
        columns["%s_%d" % (name, i)] = outputs[:, i]
    pd.DataFrame(columns).to_csv(path, index=False)


def float32(p):
    """What a double reads where a float32 was written."""
    return np.array([[float(str(v)) for v in row]
                     for row in p.astype(np.float32)])


def test_timm(y, logits):
    files = ["img_%d.jpg" % i for i in range(N)]
    shuffled = np.random.default_rng(5).permutation(N)
    pd.DataFrame({"image_id": ["img_%d" % i for i in shuffled],
                  "dx": y[shuffled]}).to_csv("meta.csv", index=False)
    common = ["--strip", "--key", "filename=image_id", "--label", "dx",
              "--join", "meta.csv", "--classes", NAMES]
    p = softmax(logits, axis=1).astype(np.float32)
    timm("topk0.csv", files, p, "prob", 0)
    compare("timm, --topk 0", y, float32(p),
            common + ["--prob", "prob_*", "topk0.csv"])
    timm("logit.csv", files, logits.astype(np.float32), "logit", 0)
    compare("timm, --output-type logit", y, softmax(float32(logits), axis=1),
            common + ["--logit", "logit_*", "logit.csv"], tolerance=1e-15)
    timm("topk4.csv", files, p, "prob", 4)
    for ranked in "index_*", "label_*":
        compare("timm, --topk of all classes, --ranked " + ranked, y,
                float32(p), common + ["--ranked", ranked, "--prob", "prob_*",
                                      "topk4.csv"])


def test_sklearn(y, x):
    model = LogisticRegression(max_iter=1000).fit(x, y)
    p, classes = model.predict_proba(x), model.classes_
    names = ",".join(classes)
    pd.DataFrame(p, columns=classes).assign(y=y).to_csv("pandas.csv")
    compare("pandas, with its index", y, p,
            ["--key", "unnamed1", "--label", "y", "--prob", "*",
             "pandas.csv"], classes)
    pd.DataFrame(p).assign(y=y).to_csv("numbers.csv", sep=";")
    compare("pandas, classes by number", y, p,
            ["--key", "unnamed1", "--label", "y", "--prob", "*",
             "--classes", names, "numbers.csv"], classes)
    np.savetxt("proba.txt", p)
    np.savetxt("y.txt", np.searchsorted(classes, y))
    text = subprocess.run("paste -d ' ' y.txt proba.txt | nl -w 1 -s ' ' |"
                          "tr ' ' ,", shell=True, check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    open("savetxt.csv", "w").write(text)
    compare("numpy.savetxt", y, p,
            ["--no-header", "--key", "1", "--label", "2", "--prob", "3,4,5,6",
             "--classes", names, "savetxt.csv"], classes)


def test_medmnist(y, logits):
    p = softmax(logits, axis=1)
    number = np.array([list(CLASSES).index(c) for c in y]).reshape(-1, 1)
    pd.DataFrame(p).to_csv("evaluator.csv", header=None)
    pd.DataFrame(number, columns=["y"]).to_csv("labels.csv")
    compare("MedMNIST's Evaluator", y, p,
            ["--no-header", "--key", "1=unnamed1", "--join", "labels.csv",
             "--label", "y", "--prob", "2,3,4,5", "--classes", NAMES,
             "evaluator.csv"])
    rows = [{"id": i, "true_0": number[i, 0],
             **{"score_%d" % k: p[i, k] for k in range(4)}} for i in range(N)]
    pd.DataFrame(rows).to_csv("results.csv", index=False,
                              encoding="utf_8_sig")
    compare("MedMNIST's save_results", y, p,
            ["--key", "id", "--label", "true_0", "--prob", "score_*",
             "--classes", NAMES, "results.csv"])


def test_binary(y, x):
    classes = np.array(["well", "ill"])
    y = classes[(y == "mel").astype(int)]
    model = LogisticRegression().fit(x, y == "ill")
    p = model.predict_proba(x)[:, 1]
    score = model.decision_function(x)
    pd.DataFrame({"id": range(N), "y": y, "prob": p,
                  "score": score}).to_csv("binary.csv", index=False)
    common = ["--key", "id", "--label", "y", "--positive", "ill", "--classes",
              "well,ill", "binary.csv"]
    compare("one probability", y, np.column_stack([1 - p, p]),
            common + ["--prob", "prob"], classes, positive="ill")
    compare("one logit", y, np.column_stack([expit(-score), expit(score)]),
            common + ["--logit", "score"], classes, 1e-15, "ill")


FINDINGS = ["Effusion", "Mass", "Nodule"]


def compare_findings(name, y, p, state, arguments, tolerance):
    """Whether mc-import gives Y and P, without what STATE says is uncertain;
    and the AUROC of each finding and their mean."""
    text, rows = run("mc-import", "--multilabel", "--task", "chest", "--key",
                     "image", "--label", "labels", "--group", "patient",
                     *arguments)
    kept = [(i, k) for i in range(N) for k in range(len(FINDINGS))
            if state[i, k] != 2 or "--uncertain" in arguments]
    good = [(row["id"], row["task"], row["label"], row["predicted"])
            for row in rows] == \
        [("%d.png" % i, "chest:" + FINDINGS[k], "yes" if y[i, k] else "no",
          "yes" if p[i, k] > 0.5 else "no") for i, k in kept]
    for row, at in zip(rows, kept):
        good = good and abs(float(row["p:yes"]) - p[at]) <= tolerance and \
            abs(float(row["p:no"]) - (1 - p[at])) <= max(tolerance, 1e-16)
    each = [roc_auc_score(*np.transpose([(y[i, k], p[i, k]) for i, k in kept
                                         if k == finding]))
            for finding in range(len(FINDINGS))]
    rows = run("mc-bootstrap", "--replicates", "399", "--positive", "yes",
               "--metrics", "auroc", "--mean-over-findings", stdin=text)[1]
    found = [float(row["estimate"]) for row in rows]
    good = good and [row["task"] for row in rows] == \
        ["chest:" + f for f in FINDINGS] + ["chest"] and \
        np.abs(np.subtract(found, each + [np.mean(each)])).max() < 1e-12
    print("ok" if good else "not ok", "%s: rows, mean AUROC %.3f" %
          (name, np.mean(each)), sep="\t", flush=True)


def test_findings():
    rng = np.random.default_rng(7)
    state = rng.choice(3, (N, len(FINDINGS)), p=[0.6, 0.3, 0.1])
    logits = rng.normal(0, 2, state.shape) + (state == 1)
    labels = ["|".join(f + "?" * (s == 2) for f, s in zip(FINDINGS, row)
                       if s > 0) or "No Finding" for row in state]
    frame = pd.DataFrame({"image": ["%d.png" % i for i in range(N)],
                          "patient": np.arange(N) // 2, "labels": labels})
    for kind, scores in ("p", expit(logits)), ("logit", logits):
        for k, f in enumerate(FINDINGS):
            frame["%s_%s" % (kind, f)] = scores[:, k]
    frame.to_csv("findings.csv", index=False)
    compare_findings("probabilities of findings", state == 1, expit(logits),
                     state, ["--prob", "p_*", "findings.csv"], 0)
    compare_findings("logits of findings, uncertain ones as yes", state > 0,
                     expit(logits), state, ["--logit", "logit_*",
                     "--uncertain", "one", "findings.csv"], 1e-15)


def main():
    rng = np.random.default_rng(20261124)
    number = rng.integers(0, 4, N)
    logits = rng.normal(0, 2, (N, 4))
    logits[range(N), number] += 1
    x = rng.normal(0, 1, (N, 3)) + np.column_stack([number, number % 2,
                                                    number == 0])
    y = CLASSES[number]
    test_timm(y, logits)
    test_sklearn(y, x)
    test_medmnist(y, logits)
    test_binary(y, x)
    test_findings()


main()
