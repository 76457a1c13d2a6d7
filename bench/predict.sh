#!/bin/sh
# predict.sh - mc-predict against PyTorch: the same image files, threads and
# batch, turn by turn in one run.
#
# usage: predict.sh [FOLDER [IMAGES [BACKBONE...]]]
#
# FOLDER holds JPEG or PNG images, at any depth; without it, or where it is
# empty, phantom images are made.  mc-predict is timed as a whole process
# and again on one batch; the difference is divided by the images between, so
# that loading counts on neither side.  The peer is the fastest of three variants
# of PyTorch (pytorch.py), on the OpenMP build of OpenBLAS where that is
# installed, which is the best that PyTorch can have here.  The last column is
# the share of what the machine's matrix product allows.
set -eu

folder=${1:-} images=${2:-48}
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- vgg16 resnet50 densenet121 dinov2_vits14 dinov2_vitb14 dinov2_vitl14
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
find "$folder" -name '*.jp*g' -o -name '*.png' | LC_ALL=C sort | awk -v n="$images" '
	{ f[NR] = $0 } END { for (i = 0; i < n; i++) print f[int(i * NR / n) + 1] }' >"$tmp/files"
# Two training images of two classes, then those to predict.
manifest() {
	printf 'id\tpath\tlabel\tsplit\n'
	for i in 1 2 3 4; do
		printf 't%d\t%s\t%d\ttrain\n' $i "$(sed -n ${i}p "$tmp/files")" $((i % 2))
	done
	head -n "$1" "$tmp/files" | awk -v OFS='\t' '{ print NR, $0, "", "test" }'
}
manifest "$images" | mc-pack -o "$tmp/many.tar"
manifest $batch | mc-pack -o "$tmp/few.tar"

seconds() {
	start=$(date +%s.%N)
	"$@" >"$tmp/out"
	date +%s.%N | awk -v s="$start" '{ print $1 - s }'
}

printf 'backbone\timages\tthreads\tbatch\tmctools images/s\teager\tchannels-last\tjit\tratio to eager\tratio to the best (medians of %d)\tshare of the limit\n' $rounds
for backbone; do
	mc-train -q --backbone "$backbone" --weights random --regime frozen \
	    --resize 256 --crop 224 --filter bilinear --select last --epochs 1 -o "$tmp/model.tar" "$tmp/few.tar"
	round=0
	while [ $round -lt $rounds ]; do
		few=$(seconds mc-predict --model "$tmp/model.tar" --threads "$threads" --batch $batch --skip-seen "$tmp/few.tar")
		many=$(seconds mc-predict --model "$tmp/model.tar" --threads "$threads" --batch $batch --skip-seen "$tmp/many.tar")
		peer=$(tr '\n' '\0' <"$tmp/files" | LD_LIBRARY_PATH=$blas OMP_WAIT_POLICY=passive \
		    xargs -0 "${PYTHON3:-/usr/bin/python3}" "$here/pytorch.py" predict "$backbone" "$threads" $batch |
		    awk '{ print $2 }' | tr '\n' ' ')
		echo "$few $many $peer" | awk -v n=$((images - batch)) '{
			o = n / ($2 - $1); best = $3
			for (i = 4; i <= 5; i++) if ($i > best) best = $i
			print o, $3, $4, $5, o / $3, o / best, o / $6 }'
		round=$((round + 1))
	done | sort -k6,6g | awk -v m=$(((rounds + 1) / 2)) -v b="$backbone" -v i="$images" -v t="$threads" -v a=$batch \
	    'NR == m { printf "%s\t%d\t%d\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\n", b, i, t, a, $1, $2, $3, $4, $5, $6, $7 }'
done
