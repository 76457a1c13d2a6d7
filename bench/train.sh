#!/bin/sh
# train.sh - an epoch of fine-tuning by mc-train against PyTorch: the same image
# files, threads and batch, turn by turn in one run.
#
# usage: train.sh [FOLDER [IMAGES [BACKBONE...]]]
#
# FOLDER as in predict.sh.  The second of two epochs is timed on both sides, of
# images that are decoded already.
set -eu

folder=${1:-} images=${2:-64}
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- resnet18 resnet50 dinov2_vits14
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:$here/../cmd
threads=$(nproc) batch=16 rounds=3
blas=/usr/lib/$(gcc -print-multiarch)/openblas-openmp
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if [ -z "$folder" ]; then
	folder=$tmp/phantom
	mc-phantom -q --task chest --patients 64 -o "$folder"
fi
find "$folder" -name '*.jp*g' -o -name '*.png' | LC_ALL=C sort | head -n "$images" >"$tmp/files"
awk 'BEGIN { print "id\tpath\tlabel\tsplit" } { printf "%d\t%s\t%d\ttrain\n", NR, $0, NR % 2 }' \
    "$tmp/files" | mc-pack -q -o "$tmp/train.tar"
images=$(wc -l <"$tmp/files")

printf 'backbone\timages\tthreads\tbatch\tmctools images/s\teager\tchannels-last\tratio to the best (median of %d)\n' $rounds
for backbone; do
	round=0
	while [ $round -lt $rounds ]; do
		mc-train -q --backbone "$backbone" --weights random --regime finetune --select last --epochs 2 \
		    --batch $batch --threads "$threads" --timing "$tmp/timing" -o "$tmp/model.tar" "$tmp/train.tar"
		own=$(awk -F'\t' '$1 == "epoch 2" { print $2 }' "$tmp/timing")
		peer=$(tr '\n' '\0' <"$tmp/files" | LD_LIBRARY_PATH=$blas OMP_WAIT_POLICY=passive \
		    xargs -0 "${PYTHON3:-/usr/bin/python3}" "$here/pytorch.py" train "$backbone" "$threads" $batch |
		    awk '{ print $2 }' | tr '\n' ' ')
		echo "$own $peer" | awk -v n="$images" '{ o = n / $1; b = $2 > $3 ? $2 : $3; print o, $2, $3, o / b }'
		round=$((round + 1))
	done | sort -k4,4g | awk -v m=$(((rounds + 1) / 2)) -v b="$backbone" -v i="$images" -v t="$threads" -v a=$batch \
	    'NR == m { printf "%s\t%d\t%d\t%d\t%.2f\t%.2f\t%.2f\t%.2f\n", b, i, t, a, $1, $2, $3, $4 }'
done
