#!/bin/sh
# A study of 1000 runs on a Slurm cluster of this machine: four nodes, of which one
# fails in the middle of the work, after which the controller starts again.  All
# models, predictions and tables are those of one machine, byte for byte.
#
# Prints how many jobs and steps there were, what they cost and how busy the
# controller was.  SEEDS (default: 100) times ten arms are the runs; with fewer than 20
# they may all have ended before Slurm sees that the node has failed.
. "$abs_srcdir/tests/tap.sh"

seeds=${SEEDS:-100}
nodes=4 at_once=8
for program in slurmctld munged; do
	command -v $program >/dev/null || PATH=$PATH:/usr/sbin
done
here=$PWD
cluster() {
	word=$1
	shift
	sh "$abs_srcdir/tests/cluster/cluster.sh" "$word" "$here/slurm" "$@"
}
now() { date +%s.%N; }
say() { echo "# $*"; }
# per TOTAL COUNT: one of COUNT, in seconds.
per() { awk -v s="$1" -v n="$2" 'BEGIN { printf "%.2f", s / n }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }
# CPU seconds of the controller.
busy() {
	awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' \
	    "/proc/$(cat slurm/slurmctld.pid)/stat"
}
# What the controller says of itself, since it started.
load() {
	say "controller, $1: $(busy) CPU seconds in $(less "$(now)" "$started") s"
	sdiag >sdiag
	awk '/^Main schedule/ { on = 1 }
		on && /(Last|Max|Mean) cycle:/ { print "#   main schedule,", $0 }
		/^Backfilling/ { on = 0 }
		/^Remote Procedure Call statistics by message/ { rpc = 1; next }
		/^Remote Procedure Call statistics by user/ { rpc = 0 }
		rpc && /count:/ { split($0, f, /count:|ave_time:|total_time:/)
			n += f[2]; t += f[4]
			if (f[2] >= 20) print "#   " $1, f[2] + 0, \
			    "mean", f[3] / 1000 " ms" }
		END { print "#   all requests", n, "in", t / 1e6, "s" }' sdiag |
	    tr -s '\t' ' '
}
study() {
	env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" MC="$abs_builddir/cmd/" "$@"
}
count() { ls "$1/chest" | grep -c '^m[0-9].*\.predictions\.tsv$'; }
# reached FOLDER COUNT: wait until that many tables are there or make has ended.
reached() {
	until [ "$(count "$1")" -ge "$2" ]; do
		kill -0 "$3" 2>/dev/null || return 1
		sleep 1
	done
}
# on_each_node: steps run on all nodes, within a minute; one that lasts a second is
# not seen each time.
on_each_node() {
	: >seen
	for i in $(seq 60); do
		squeue -h --steps -o %N >>seen
		[ "$(sort -u seen | wc -l)" -lt $nodes ] || return 0
		sleep 1
	done
	sort seen | uniq -c
	return 1
}
sums() {
	(cd "$1" && find . -name .study.made -prune -o -type f \
	    ! -name '.study*' ! -name '*.timing.tsv' ! -name '*.log' -print |
	    sort | xargs sha256sum)
}

mc-phantom -q --task chest --patients 16 -o images
arms=$(seq -f m%g 9)
mkdir one many
{
	cat <<-END
	TASKS   = chest
	MODELS  = $(echo $arms)
	REGIMES = frozen finetune
	MODELS.finetune = m1
	SEEDS   = $(seq -s ' ' "$seeds")
	INDEX   = --group 'patient[0-9]+' ../images
	SPLIT   = --ratio train=0.6,val=0.2,test=0.2
	THREADS = 1
	TRAIN   = --epochs 2 --resize 64 --crop 64
	TRAIN.finetune = --epochs 1 --warmup 0
	BOOTSTRAP = --replicates 399
	COMPARE = --replicates 399
	RESOURCES = --memory 900M --time 30
	END
	for arm in $arms; do
		echo "BACKBONE.$arm = mobilenet_v3_large"
		echo "WEIGHTS.$arm = random"
		echo "TRAIN.$arm = --init-seed ${arm#m}"
	done
	echo "include $abs_srcdir/examples/study.mk"
} | tee one/Makefile >many/Makefile
runs=$((seeds * 10))

# --- One machine --------------------------------------------------------------------

began=$(now)
(cd one && study -k -j $at_once table.tex) >one.log 2>&1
one=$(less "$(now)" "$began")
ok 'a study on one machine' test -s one/table.tex
ok "it has $runs runs" test "$(count one)" -eq $runs
say "one machine, make -j $at_once: $one s, $(per "$one" $runs) s per run"

# --- A few as jobs ------------------------------------------------------------------

trap 'cluster end' EXIT
began=$(now)
ok "a cluster of $nodes nodes starts" cluster start $nodes 2
export SLURM_CONF="$here/slurm/slurm.conf" XDG_CACHE_HOME="$here/cache"
started=$(now)
began=$started
(cd many && study -j 40 LAUNCH=slurm \
    $(for arm in $arms; do echo chest/$arm-frozen-1.predictions.tsv; done) \
    chest/m1-finetune-1.predictions.tsv) >jobs.log 2>&1
ok 'ten runs as jobs' test "$(count many)" -eq 10
took=$(less "$(now)" "$began")
jobs=$(sdiag | sed -n 's/^Jobs submitted: *//p')
say "ten runs as jobs: $jobs submissions, $took s; the slowest chain has five, and" \
    'sbatch sees the end of each up to 32 s late'

# --- All others as steps ------------------------------------------------------------

# A job which Slurm queues again when a node fails, on what nodes there are: all, once
# the jobs above have left them.
while [ -n "$(squeue -h)" ]; do sleep 1; done
began=$(now)
(cd many && MAKEFLAGS= MAKELEVEL= MC="$abs_builddir/cmd/" sbatch --quiet --wait \
    --nodes=3-$nodes --exclusive --mem=0 --requeue --output=../many.log \
    --open-mode=append --wrap "${MAKE:-make} -k -j $at_once LAUNCH=slurm table.tex") &
waits=$!
ok 'half of the runs are done' reached many $((runs / 2)) $waits
ok 'steps run on each node' on_each_node
load 'until a node fails'
ok 'a node fails' cluster fail n3
ok 'the controller starts again' cluster controller
started=$(now)
wait $waits
while [ -n "$(squeue -h)" ]; do sleep 1; done
many=$(less "$(now)" "$began")
ok 'the job was queued again' test \
    "$(grep -c ' JOB .* DUE TO NODE FAILURE' many.log)" -eq 1
[ -s many/table.tex ] || fail 'the study comes to its end' many.log
load 'since it started again'
made=$(ls many/.study.made/chest/*.log | wc -l)
say "$made files made by steps of one job, a node failing: $many s," \
    "$(per "$many" $runs) s per run"

for file in metrics.tsv differences.tsv table.tex; do
	ok "the $file of one machine" cmp one/$file many/$file
done
sums one >one.sums
sums many >many.sums
say "$(wc -l <one.sums) files compared"
ok 'and all models and predictions' cmp one.sums many.sums

# --- The price of a step ------------------------------------------------------------

for at_once in 1 6; do
	n=$((at_once * 20))
	began=$(now)
	salloc --quiet --nodes=3 --exclusive --mem=0 sh -c "seq $n |
	    xargs -P $at_once -I{} mc-slurm --memory 100M --name n{} /bin/true"
	say "$n steps of /bin/true, $at_once at once:" \
	    "$(per "$(less "$(now)" "$began")" $n) s each"
done
done_testing
