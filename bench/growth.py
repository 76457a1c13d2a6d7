"""How mc-bootstrap's time and memory grow with rows and with arms.

usage: growth.py [MC-BOOTSTRAP [ROWS]]

Tables of two classes, with p: columns and three images a patient, are written
to $TMPDIR by awk; ROWS is the largest (default 10000000: 700 MB of text).
Beside each stands what it costs `wc -l` to walk through the same file, and
what the rows would cost as text.  Ratios count; absolute figures belong to the
machine.
"""
import os
import subprocess
import sys
import tempfile
import time

AWK = """BEGIN {
	srand(1); OFS = "\\t"
	print "task", "arm", "id", "group", "label", "p:a", "p:b"
	for (arm = 0; arm < arms; arm++)
		for (i = 0; i < rows; i++) {
			p = int(rand() * 10000) / 10000
			print "t", "m" arm, "i" i, "g" int(i / 3),
			    (i % 5 < 2 ? "a" : "b"), p, 1 - p
		}
}"""
JOBS = (
    ("accuracy and f1", ["--metrics", "accuracy,f1:macro"]),
    ("auroc", ["--metrics", "auroc", "--positive", "b", "--replicates",
               "399"]),
)


def run(command):
    """Seconds, and MiB at the peak."""
    code = ("import resource, subprocess, sys\n"
            "subprocess.run(sys.argv[1:], check=True,"
            " stdout=subprocess.DEVNULL)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    start = time.perf_counter()
    out = subprocess.run([sys.executable, "-c", code, *command], check=True,
                         stdout=subprocess.PIPE, universal_newlines=True)
    return time.perf_counter() - start, int(out.stdout) / 1024


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "mc-bootstrap"
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 10000000
    sizes = [(1, n) for n in (most // 1000, most // 100, most // 10, most)]
    sizes += [(arms, most // 1000) for arms in (10, 100, 1000)]
    print("arms\trows an arm\tMiB of text\tjob\ts\tMiB\tbytes a row\t"
          "wc -l, s")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "predictions.tsv")
        for arms, rows in sizes:
            with open(path, "w") as f:
                subprocess.run(["awk", "-v", "arms=%d" % arms, "-v",
                                "rows=%d" % rows, AWK], check=True, stdout=f)
            text = os.path.getsize(path) / 2 ** 20
            walk, _ = run(["wc", "-l", path])
            for name, options in JOBS:
                seconds, peak = run([program, *options, path])
                print("%d\t%d\t%.0f\t%s\t%.2f\t%.0f\t%.0f\t%.2f" %
                      (arms, rows, text, name, seconds, peak,
                       peak * 2 ** 20 / arms / rows, walk), flush=True)


main()
