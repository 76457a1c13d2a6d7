"""kill.py - a study that is killed again and again ends as one that was not.

    kill.py STUDY_MK SECONDS

Makes a small study once.  Then, for SECONDS, makes it in an empty folder, kills
make, one program or all of them at a chance moment with a chance signal, up to
three times, and lets make finish: every table, model and log must have the bytes
of the first, and nothing may be left beside them.  Programs are those of PATH.
Prints the Test Anything Protocol.
"""
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time

MAKEFILE = """TASKS = chest
MODELS = resnet18
REGIMES = frozen finetune
SEEDS = 1
WEIGHTS.resnet18 = random
TRAIN = --resize 48 --crop 42 --epochs 1 --threads 1
BOOTSTRAP = --replicates 399
COMPARE = --replicates 399
include %s
"""
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
           signal.SIGSEGV]


def start(folder):
    env = {k: v for k, v in os.environ.items()
           if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    with open(os.path.join(folder, "..", "log"), "ab") as log:
        return subprocess.Popen(["make", "table.tex"], cwd=folder, env=env,
                                stdin=subprocess.DEVNULL, stdout=log,
                                stderr=log, start_new_session=True)


def digests(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            # What study.mk notes for itself may name files in another order.
            if name.endswith("timing.tsv") or name == "Makefile" or \
                    ".study" in path or name.startswith(".study"):
                continue
            full = os.path.join(path, name)
            with open(full, "rb") as f:
                found[os.path.relpath(full, folder)] = \
                    hashlib.sha256(f.read()).hexdigest()
    return found


def in_session(session):
    """The processes of a session, the eldest first."""
    found = []
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/stat" % name) as f:
                words = f.read().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(words[3]) == session and words[0] != "Z":
            found.append(int(name))
    return sorted(found)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def kill_once(make, length, chance):
    """Kill something of MAKE in the time that it takes; say what."""
    try:
        make.wait(chance.random() * length)
        return "nothing"
    except subprocess.TimeoutExpired:
        pass
    number = chance.choice(SIGNALS)
    all_of_it = in_session(make.pid)
    who = chance.choice(["make", "a program", "all"])
    victims = all_of_it if who == "all" else \
        [make.pid] if who == "make" else [all_of_it[-1]]
    for pid in victims:
        send(pid, number)
    try:
        make.wait(60)
    except subprocess.TimeoutExpired:
        who += ", which did not end,"
    # An orphan that runs on is study.mk's matter: half of them may.
    if chance.random() < 0.5:
        for pid in in_session(make.pid):
            send(pid, signal.SIGKILL)
    make.wait()
    return "%s by %s" % (who, signal.Signals(number).name)


def main():
    study_mk, seconds = os.path.abspath(sys.argv[1]), float(sys.argv[2])
    chance = random.Random(1)
    os.makedirs("start/chest")
    with open("start/Makefile", "w") as f:
        f.write(MAKEFILE % study_mk)
    subprocess.run("""mc-phantom --task chest --patients 24 --size 48 -o images
        mc-index --group 'patient[0-9]+' "$PWD/images" |
        mc-split --ratio train=50,val=25,test=25 -o start/chest/manifest.tsv
        """, shell=True, check=True, stderr=subprocess.DEVNULL)
    shutil.copytree("start", "want")
    begin = time.monotonic()
    if start("want").wait() != 0:
        print("1..1\nnot ok 1 - the study is made")
        with open("log") as f:
            print("# " + f.read().replace("\n", "\n# "))
        return 1
    length = time.monotonic() - begin
    want = digests("want")
    print("ok 1 - the study is made, %d files" % len(want))
    end = time.monotonic() + seconds
    count, failed, kills = 1, 0, 0
    while time.monotonic() < end:
        folder = "study%d" % count
        shutil.copytree("start", folder)
        done = []
        for _ in range(chance.randint(1, 3)):
            done.append(kill_once(start(folder), length, chance))
        kills += sum(d != "nothing" for d in done)
        rc = start(folder).wait()
        found = digests(folder)
        wrong = sorted(f for f in want.keys() | found.keys()
                       if want.get(f) != found.get(f))
        count += 1
        bad = rc != 0 or wrong
        failed += bool(bad)
        print("%s %d - killed: %s" % ("not ok" if bad else "ok", count,
                                      "; ".join(done)))
        if bad:
            print("# make ends with %d; differ: %s" % (rc, " ".join(wrong)))
        sys.stdout.flush()
        shutil.rmtree(folder)
    print("# %d kills" % kills)
    print("1..%d" % count)
    return 1 if failed else 0


sys.exit(main())
