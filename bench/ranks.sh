#!/bin/sh
# ranks.sh - an epoch of fine-tuning by two processes of one thread each (mc-train
# --launch mpi) against one process of two threads and one of one thread, turn by
# turn in one run on this machine.
#
# usage: ranks.sh [IMAGES [BACKBONE...]]
#
# The second of two epochs is timed, of images that are decoded already.
set -eu

images=${1:-64}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- resnet18 dinov2_vits14
here=$(cd "$(dirname "$0")" && pwd)
PATH=$here/../cmd:$PATH
batch=8 accumulate=2 rounds=3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export OMPI_MCA_hwloc_base_binding_policy=none
root=
[ "$(id -u)" -ne 0 ] || root=--allow-run-as-root

mc-phantom -q --task chest --patients "$images" -o "$tmp/phantom"
find "$tmp/phantom" -name '*.png' | LC_ALL=C sort | head -n "$images" |
    awk 'BEGIN { print "id\tpath\tlabel\tsplit" } { printf "%d\t%s\t%d\ttrain\n", NR, $0, NR % 2 }' |
    mc-pack -q -o "$tmp/train.tar"

# seconds WORDS...: those of the second epoch, trained by the command WORDS.
seconds() {
	"$@" -q --backbone "$backbone" --weights random --regime finetune --select last --epochs 2 \
	    --batch $batch --accumulate $accumulate --timing "$tmp/timing" -o "$tmp/model.tar" "$tmp/train.tar"
	awk -F'\t' '$1 == "epoch 2" { print $2 }' "$tmp/timing"
}

printf 'backbone\timages\tbatch of a step\t1 process, 1 thread, images/s\t1 process, 2 threads\t2 processes, 1 thread each\tratio to 2 threads (median of %d)\n' $rounds
for backbone; do
	round=0
	while [ $round -lt $rounds ]; do
		one=$(seconds mc-train --threads 1)
		two=$(seconds mc-train --threads 2)
		ranks=$(seconds mpirun $root -q -n 2 mc-train --launch mpi --threads 1)
		echo "$one $two $ranks" | awk -v n="$images" '{ print n / $1, n / $2, n / $3, $2 / $3 }'
		round=$((round + 1))
	done | sort -k4,4g | awk -v m=$(((rounds + 1) / 2)) -v b="$backbone" -v i="$images" -v a=$((batch * accumulate)) \
	    'NR == m { printf "%s\t%d\t%d\t%.2f\t%.2f\t%.2f\t%.2f\n", b, i, a, $1, $2, $3, $4 }'
done
