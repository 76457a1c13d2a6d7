"""How time and memory of the programs that read large tables grow with rows.

usage: scale.py [ROWS]...

Manifests of two classes and three images a patient, and the predictions of one
arm and of two for them, are written to $TMPDIR by awk; the default is 1000000
and 10000000 rows (50 MB a million).  "rows" are those of the table, whose 100 MB
a million of two arms have two rows an image.  The programs are found in $PATH.  "own" is the most memory that belonged to the
process alone (RssAnon in /proc, seen every 20 ms): the text of a table lies in a
temporary file, whose pages the system may drop, and which "peak" includes.
Beside each stands what it costs `wc -l` to walk through the same file.
"""
import os
import subprocess
import sys
import tempfile
import time

AWK = """BEGIN {
	srand(1); OFS = "\\t"
	print "id", "path", "label", "group"
	for (i = 0; i < rows; i++) {
		id = sprintf("p%08d/i%d", int(i / 3), i % 3)
		print id, "images/" id ".png", (rand() < .3 ? "yes" : "no"),
		    substr(id, 1, 9)
	}
}"""
PREDICTIONS = """BEGIN {
	srand(1); OFS = "\\t"
	print "arm", "id", "group", "label", "p:no", "p:yes"
	for (arm = 0; arm < arms; arm++)
		for (i = 0; i < rows; i++) {
			id = sprintf("p%08d/i%d", int(i / 3), i % 3)
			yes = i * 7919 % 10 < 3
			p = sprintf("%.4f", (yes + arm * .2 + 2 * rand()) / 3.2)
			print "m" arm, id, substr(id, 1, 9), (yes ? "yes" : "no"), 1 - p, p
		}
}"""
RESAMPLE = ["--replicates", "399"]
# The text, how many arms it has, and what reads it.
TABLES = (
    (AWK, 1, (
        ["mc-split", "-q", "--ratio", "train=70,val=10,test=20"],
        ["mc-split", "-q", "--folds", "5"],
        ["mc-split", "-q", "--hash", "--ratio", "train=70,val=10,test=20"],
        ["mc-describe", "-q"])),
    (PREDICTIONS, 1, (
        ["mc-bootstrap", "-q", "--metrics", "accuracy"] + RESAMPLE,
        ["mc-bootstrap", "-q", "--metrics", "auroc"] + RESAMPLE)),
    (PREDICTIONS, 2, (
        ["mc-compare", "-q", "--metrics", "accuracy"] + RESAMPLE,)),
)


def own(pid):
    """MiB that belong to the process alone; 0 where that is not known."""
    try:
        with open("/proc/%d/status" % pid) as f:
            for line in f:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


def run(command):
    """Seconds, MiB of its own at the most, and MiB at the peak."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    most = 0
    while True:
        most = max(most, own(child))
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid != 0:
            break
        time.sleep(0.02)
    if status != 0:
        sys.exit("%s: failed" % " ".join(command))
    return time.perf_counter() - start, most, usage.ru_maxrss / 1024


def main():
    sizes = [int(n) for n in sys.argv[1:]] or [1000000, 10000000]
    print("rows\tMiB of text\tjob\ts\town MiB\town bytes a row\tpeak MiB\t"
          "wc -l, s")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.tsv")
        for images in sizes:
            for awk, arms, jobs in TABLES:
                with open(path, "w") as f:
                    subprocess.run(["awk", "-v", "rows=%d" % images,
                                    "-v", "arms=%d" % arms, awk],
                                   check=True, stdout=f)
                text = os.path.getsize(path) / 2 ** 20
                walk, _, _ = run(["wc", "-l", path])
                for job in jobs:
                    seconds, most, peak = run(job + [path])
                    print("%d\t%.0f\t%s\t%.1f\t%.0f\t%.0f\t%.0f\t%.1f" %
                          (images * arms, text, " ".join(job[:1] + job[2:]),
                           seconds, most, most * 2 ** 20 / (images * arms),
                           peak, walk), flush=True)


main()
