"""sweep.py - every program while system calls and allocations fail.

    sweep.py INJECT NOMEM [--long] [PROGRAM|PROGRAM:VARIANT...]

Runs each program of $MC_PROGRAMS on small data, once as it is and then again and again while
one call fails, is cut short, or finds no memory (inject.c, nomem.c).  Whatever
happens, of these one holds: status 0 and the bytes of the undisturbed run; or
another status, the old output as it was (or none, if there was none), and one
line on standard error.  Nothing is left behind, nothing hangs, no signal ends
a program; but where an allocation fails a library may abort, or crash in the
same call, one that draws text also later.  Prints the Test Anything Protocol;
--long sweeps wider, for minutes.
"""
import errno
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

DATA = os.path.join(os.getcwd(), "data")
NET = "--backbone resnet18 --weights random --resize 48 --crop 42 --threads 1"
TRAIN = NET + " --quiet --lr 0.001 --epochs 1 --task chest"
FINDINGS = ("--quiet --threads 1 --regime frozen --epochs 1 --multilabel "
            "--no-finding NORMAL")
CACHED = "hub/checkpoints/dinov2_vits14_linear4_head.pth"
OLD = b"OLD CONTENT\n"

# "@" is the output, "@.log" a further one; PROGRAM or PROGRAM:variant.  fetch also
# writes into the cache.
COMMANDS = {
    "mc-index": "--group patient[0-9]+ -o @ DATA/images",
    "mc-split": "--ratio train=60,val=20,test=20 -o @ DATA/index.tsv",
    "mc-split:stdout": "--ratio train=60,val=20,test=20 DATA/index.tsv",
    "mc-index:slices": "--slices axial:middle:2 --include *_t1.nii.gz -o @ "
                       "DATA/volumes",
    "mc-pack": "--threads 1 -o @ DATA/manifest.tsv",
    "mc-pack:left": "--threads 1 --skip-bad --left-out @.log -o @ DATA/bad.tsv",
    "mc-pack:percentiles": "--threads 1 --percentiles 5,95 -o @ "
                           "DATA/slices.tsv",
    "mc-montage": "--tile 64 --dpi 72 --count 4 --list @.log -o @ "
                  "DATA/images.tar",
    "mc-phash": "--threads 1 -o @ DATA/manifest.tsv",
    "mc-import": "--task chest --arm a --key filename --label label "
                 "--prob p_* --group patient -o @ DATA/scores.csv",
    "mc-bootstrap": "--replicates 399 --metrics accuracy,auroc --threads 1 "
                    "-o @ DATA/predictions.tsv",
    "mc-compare": "--replicates 399 --metrics accuracy --threads 1 -o @ "
                  "DATA/predictions.tsv DATA/predictions2.tsv",
    "mc-confusion": "-o @ DATA/predictions.tsv",
    "mc-curve": "--positive yes -o @ DATA/predictions.tsv",
    "mc-threshold": "--criterion youden --positive yes -o @ DATA/predictions.tsv",
    "mc-describe": "-o @ DATA/manifest.tsv",
    "mc-describe:flow": "--left-out DATA/left.tsv -o @ DATA/manifest.tsv",
    "mc-index:left": "--group patient[0-9]+ --exclude *1.png --left-out @.log "
                     "-o @ DATA/images",
    "mc-split:outer": "--folds 2 --outer 1 -o @ DATA/folds.tsv",
    "mc-split:against": "--check --against DATA/index.tsv -o @ "
                        "DATA/other.tsv",
    "mc-tex:population": "--population DATA/population.tsv -o @",
    "mc-plot": "--script -o @ DATA/metrics.tsv",
    "mc-power": "--assume accuracy=0.8 --patients 50 --replicates 399 "
                "--threads 1 -o @",
    "mc-report": "--metrics DATA/metrics.tsv --manifest DATA/manifest.tsv -o @",
    "mc-tex": "-o @ DATA/metrics.tsv",
    "mc-weights": "convert -o @ DATA/head.safetensors",
    "mc-weights:show": "show -o @ DATA/head.safetensors",
    "mc-weights:fetch": "--allow-unverified --from DATA/head.safetensors "
                        "-o @ fetch dinov2_vits14_linear4_head.pth",
    "mc-embed": NET + " -o @ DATA/images.tar",
    "mc-embed:tar": NET + " --format tar -o @ DATA/images.tar",
    "mc-explain": "--threads 1 --model DATA/model.tar -o @ DATA/images.tar",
    "mc-explain:sanity": "--threads 1 --sanity-check --model DATA/model.tar "
                         "-o @ DATA/images.tar",
    "mc-predict": "--threads 1 --model DATA/model.tar -o @ DATA/images.tar",
    "mc-predict:features": "--threads 1 --model DATA/model.tar -o @ "
                           "DATA/features.tar",
    "mc-predict:tta": "--threads 1 --tta flip --model DATA/model.tar -o @ "
                      "DATA/images.tar",
    "mc-predict:multilabel": "--threads 1 --model DATA/findings.tar -o @ "
                             "DATA/features.tar",
    "mc-train": TRAIN + " --regime frozen --log @.log -o @ DATA/images.tar",
    "mc-train:features": "--quiet --threads 1 --regime frozen --epochs 1 "
                         "--log @.log -o @ DATA/features.tar",
    "mc-train:knn": "--quiet --threads 1 --regime frozen --head knn --k 1,3 "
                    "--log @.log -o @ DATA/features.tar",
    "mc-train:multilabel": FINDINGS + " --log @.log -o @ DATA/features.tar",
    "mc-train:finetune": TRAIN + " --regime finetune --log @.log -o @ "
                         "DATA/images.tar",
}
# Those that were built: libvips and libtorch may be absent.
PROGRAMS = [os.path.basename(p) for p in os.environ["MC_PROGRAMS"].split()]
# Where they find no memory, the libraries that draw text crash after the call, or
# take another font.
TEXT = ("mc-montage",)
# These read NIfTI, which a build may lack.
NIFTI = ("mc-index:slices", "mc-pack:percentiles")
SLOW = ("mc-embed", "mc-explain", "mc-predict", "mc-train")
# With --long alone.
LONG = ("mc-train:finetune", "mc-train:multilabel", "mc-predict:multilabel",
        "mc-predict:tta", "mc-explain:sanity")

READ, WRITE = "read,pread64,readv", "write,pwrite64,writev"
HALF, ONE = -1, -2
# (what, calls, fault, from the Nth on).  The first are the short sweep.
FAULTS = [
    ("reading fails", READ, errno.EIO, 0),
    ("writing fails", WRITE, errno.ENOSPC, 1),
    ("opening fails", "openat,open", errno.EMFILE, 0),
    ("fsync, close or rename fails", "fsync,close,rename", errno.EIO, 0),
    ("looking up fails", "newfstatat,stat,access,getdents64,readlink",
     errno.EIO, 0),
    ("half is written", WRITE, HALF, 0),
    ("half is read", READ, HALF, 1),
]
QUICK_FAULTS = FAULTS[:2] + FAULTS[3:4]
LONG_FAULTS = FAULTS + [
    ("writing fails once", WRITE, errno.EIO, 0),
    ("a byte at a time is written", WRITE, ONE, 1),
    ("a byte is read", READ, ONE, 0),
    ("reading is interrupted", READ, errno.EINTR, 0),
    ("closing fails", "close", errno.EINTR, 0),
    ("fsync fails", "fsync", errno.ENOSPC, 0),
    ("no mapping", "mmap", errno.ENOMEM, 0),
    ("seeking fails", "lseek", errno.ESPIPE, 0),
    ("modes and locks fail", "fchmod,flock,fcntl", errno.EPERM, 0),
]


def shell(command):
    subprocess.run(command, shell=True, check=True, stdin=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_images():
    if "mc-phantom" in PROGRAMS:
        shell("mc-phantom --task chest --patients 8 --size 64 -o images")
        return
    for i in range(16):     # the first bytes of a PNG, for mc-index
        name = "images/%s/patient%d_%d.png" % (
            ("NORMAL", "OPACITY")[i // 2 % 2], i // 2 + 1, i % 2 + 1)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as f:
            f.write(b"\x89PNG\r\n\x1a\n%d" % i)


def make_weights():
    """A safetensors file of two arrays."""
    header = json.dumps({
        "weight": {"dtype": "F32", "shape": [2, 512],
                   "data_offsets": [0, 4096]},
        "bias": {"dtype": "F32", "shape": [2], "data_offsets": [4096, 4104]},
    }).encode()
    with open("head.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header)
        f.write(struct.pack("<1026f", *(i / 64 for i in range(1026))))


def make_volumes():
    """Make volumes and a manifest of slices; without niftilib forget NIFTI."""
    try:
        shell("mc-phantom --task glioma --patients 2 --size 16 -o volumes")
        shell("mc-index --slices axial:middle:2 --include '*_t1.nii.gz' "
              "%s/volumes >slices.tsv" % DATA)
    except subprocess.CalledProcessError:
        for name in NIFTI:
            del COMMANDS[name]


def make_data():
    os.makedirs(DATA)
    os.chdir(DATA)
    make_images()
    shell("mc-index --group 'patient[0-9]+' %s/images >index.tsv" % DATA)
    shell("mc-split --ratio train=50,val=25,test=25 -o manifest.tsv index.tsv")
    if "mc-pack" in PROGRAMS:
        shell("mc-pack -o images.tar manifest.tsv")
        shell("printf 'no image' >bad.png; { cat manifest.tsv; printf "
              "'bad\\t%s/bad.png\\tNORMAL\\tg\\ttrain\\t\\n'; } >bad.tsv" % DATA)
    if "mc-train" in PROGRAMS:
        shell("mc-train %s --regime frozen -o model.tar images.tar" % TRAIN)
        shell("mc-embed %s -o features.tar images.tar" % NET)
        shell("mc-train %s -o findings.tar features.tar" % FINDINGS)
    make_volumes()
    make_weights()
    with open("predictions.tsv", "w") as f, open("scores.csv", "w") as g:
        f.write("task\tarm\tsplit\tid\tgroup\tlabel\tpredicted\tp:no\tp:yes\n")
        g.write("filename,patient,label,p_no,p_yes\n")
        for i in range(40):
            p = (i * 37 % 97 + 1) / 100
            f.write("t\ta\tval\ti%d\tg%d\t%s\t%s\t%.2f\t%.2f\n" % (
                i, i // 2, "yes" if i % 3 else "no",
                "yes" if p > 0.5 else "no", 1 - p, p))
            g.write("i%d,g%d,%s,%.2f,%.2f\n" % (
                i, i // 2, "yes" if i % 3 else "no", 1 - p, p))
    shell("sed 's/\\ta\\t/\\tb\\t/' predictions.tsv >predictions2.tsv")
    shell("mc-bootstrap --replicates 399 predictions.tsv >metrics.tsv")
    shell("mc-describe manifest.tsv >population.tsv")
    shell("mc-split --folds 4 index.tsv >folds.tsv")
    shell("printf 'id\\tlabel\\na\\tb\\n' >other.tsv")
    shell("printf 'id\\treason\\nnone\\tblurred\\n' >left.tsv")
    os.chdir("..")


class Run:
    """One run of a program in a folder of its own, and how it ended."""

    def __init__(self, name, number, tool=(), env=None, old=None):
        self.dir = os.path.join(os.getcwd(), "run%d" % number)
        self.text = name.split(":")[0] in TEXT
        out = os.path.join(self.dir, "out")
        os.makedirs(out)
        os.makedirs(os.path.join(self.dir, "tmp"))
        self.output = os.path.join(out, "x")
        files = [self.output, self.output + ".log"]
        words = COMMANDS[name].replace("DATA", DATA).split()
        argv = [shutil.which(name.split(":")[0])] + [
            w.replace("@", self.output) if w[0] == "@" else w for w in words]
        self.standard = "@" not in words
        self.log = "@.log" in words
        if old is not None:
            for f in files[:1 + self.log]:
                with open(f, "wb") as file:
                    file.write(old)
        cache = os.path.join(self.dir, "cache")
        env = dict(os.environ, TMPDIR=os.path.join(self.dir, "tmp"),
                   TORCH_HOME=cache,
                   OMP_NUM_THREADS="1", OMP_WAIT_POLICY="passive",
                   ASAN_OPTIONS="detect_leaks=0", **(env or {}))
        report = os.path.join(self.dir, "report")
        if tool:
            argv = list(tool) + [report] + argv
        env["NOMEM_REPORT"] = report
        try:
            p = subprocess.run(argv, stdin=subprocess.DEVNULL, env=env,
                               capture_output=True, timeout=120)
            self.rc, self.err, self.out = p.returncode, p.stderr, p.stdout
        except subprocess.TimeoutExpired as e:
            self.rc, self.err, self.out = "hangs", e.stderr or b"", b""
        self.found = [self.out if self.standard else self.read(files[0])]
        if self.log:
            self.found.append(self.read(files[1]))
        # A table may say where something is.
        self.found = [f and f.replace(self.dir.encode(), b"DIR")
                      for f in self.found]
        self.cached = self.read(os.path.join(cache, CACHED))
        self.left = [f for f in os.listdir(out) if f[0] == "."] + \
            os.listdir(os.path.join(self.dir, "tmp"))
        words = (self.read(report) or b"").split()
        self.in_library = words == [b"library"]
        self.counts = [] if self.in_library else [int(n) for n in words]
        shutil.rmtree(self.dir)

    @staticmethod
    def read(path):
        try:
            with open(path, "rb") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def faults(self, want, old, calls):
        """What is wrong with this run, where WANT is the undisturbed one."""
        bad = []
        memory = not calls
        if memory and (self.rc == -signal.SIGABRT or self.in_library or
                       self.text and self.rc == -signal.SIGSEGV or
                       b"Out of memory" in self.err):
            if not self.standard and any(f != old for f in self.found):
                bad.append("ends so: %s, but the output is replaced" %
                           self.rc)
        elif self.rc == "hangs" or self.rc < 0 or self.rc > 2:
            bad.append("ends so: %s" % self.rc)
        elif self.rc == 0:
            if (self.found != want.found or self.cached != want.cached) and \
                    not (memory and self.text):
                bad.append("status 0, but other bytes")
        else:
            # Of two renames the second may be the one that fails.
            kept = self.found[:1] if "rename" in calls else self.found
            if not self.standard and any(f != old for f in kept):
                bad.append("status %d, but the output is replaced" % self.rc)
            known = want.err.split(b"\n")
            lines = [x for x in self.err.split(b"\n") if x not in known]
            if len(lines) != 1:
                bad.append("%d lines" % len(lines))
            elif not lines[0].startswith((b"mc-", b"mctools: ")):
                bad.append("a line of somebody else")
            elif b"(null)" in lines[0]:
                bad.append("a message without its text")
        if self.cached not in (None, want.cached):
            bad.append("the cache has a file that is not whole")
        if self.left:
            bad.append("leaves " + " ".join(self.left))
        return bad


def choose(n, most):
    """At most MOST of the numbers 1 to N: the ends and what lies between."""
    if n <= most or most == 1:
        return list(range(1, min(n, most) + 1))
    return sorted({1 + i * (n - 1) // (most - 1) for i in range(most)})


class Sweep:
    def __init__(self, inject, nomem, wide):
        self.inject, self.nomem, self.wide = inject, nomem, wide
        self.count = self.failed = self.runs = self.started = 0
        self.pool = ThreadPoolExecutor(2)

    def run(self, name, **how):
        self.started += 1
        return Run(name, self.started, **how)

    def tap(self, wrong, text):
        self.count += 1
        self.failed += bool(wrong)
        print("%s %d - %s" % ("not ok" if wrong else "ok", self.count, text))
        for w in wrong[:20]:
            print("# " + w)
        sys.stdout.flush()

    def tool(self, calls, n, fault, hold):
        return (self.inject, os.getcwd(), calls, str(n), str(fault), str(hold))

    def try_all(self, name, what, want, cases, calls):
        """CASES: (N, how to run it)."""
        def one(case):
            n, how = case
            old = OLD if n % 2 else None
            got = self.run(name, old=old, **how)
            return ["the %d%s: %s | %s" % (
                n, {1: "st", 2: "nd", 3: "rd"}.get(n, "th"), b,
                got.err[-300:].decode("utf-8", "replace").strip())
                for b in got.faults(want, old, calls)]
        wrong = [w for ws in self.pool.map(one, cases) for w in ws]
        self.runs += len(cases)
        self.tap(wrong, "%s: %s, %d times" % (name, what, len(cases)))

    def most(self, name):
        slow = name.split(":")[0] in SLOW
        return (12 if slow else 40) if self.wide else (2 if slow else 4)

    def faults(self, name):
        if self.wide:
            return LONG_FAULTS
        return QUICK_FAULTS if name.split(":")[0] in SLOW else FAULTS

    def calls(self, name, want):
        faults = self.faults(name)
        counts = list(self.pool.map(lambda f: self.run(
            name, tool=self.tool(f[1], 0, f[2], f[3])), faults))
        for (what, calls, fault, hold), counted in zip(faults, counts):
            if not counted.counts or counted.rc != 0:
                self.tap(["status %s: %s" % (counted.rc, counted.err)],
                         "%s: counting" % name)
                continue
            most = 1 if fault == ONE and hold else self.most(name)
            self.try_all(name, what, want, [
                (n, {"tool": self.tool(calls, n, fault, hold)})
                for n in choose(counted.counts[0], most)], calls)

    def memory(self, name, want):
        env = {"LD_PRELOAD": self.nomem}
        counted = self.run(name, env=env)
        most = self.most(name) * (8 if self.wide else 4)
        if name.split(":")[0] in SLOW:
            most //= 4
        n = counted.counts[0]
        last = range(max(1, n - 2), n + 1)      # the output may be in place
        self.try_all(name, "no memory", want, [
            (n, {"env": dict(env, NOMEM_AT=str(n))})
            for n in sorted({*choose(n, most), *last})], "")

    def program(self, name, memory):
        want = self.run(name)
        if want.rc != 0:
            self.tap([want.err.decode()], "%s: undisturbed" % name)
            return
        slow = name.split(":")[0] in SLOW
        if not slow and want.found != self.run(name).found:
            self.tap(["other bytes"], "%s: again" % name)
            return
        self.calls(name, want)
        if memory:
            self.memory(name, want)


def main():
    argv = [a for a in sys.argv[1:] if a != "--long"]
    inject, nomem, names = argv[0], argv[1], argv[2:]
    wide = "--long" in sys.argv
    probe = subprocess.run([inject, "/", "openat", "0", "5", "0", "probe",
                            "/bin/true"], stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        print("1..0 # SKIP system calls cannot be traced here (ptrace)")
        return 0
    make_data()
    built = subprocess.run(["ldd", shutil.which("mc-split")],
                           capture_output=True, text=True).stdout
    sweep = Sweep(inject, nomem, wide)
    for name in COMMANDS:
        if name not in names:
            if name.split(":")[0] not in (names or PROGRAMS):
                continue
            if name in LONG and not wide:
                continue
        sweep.program(name, "libasan" not in built)
    print("# %d runs" % sweep.runs)
    print("1..%d" % sweep.count)
    return 1 if sweep.failed else 0


sys.exit(main())
