#!/bin/sh
# features.sh - a frozen study with its features computed once (mc-embed, then
# each seed on the features tar) against each run computing its own.
#
# usage: features.sh [SEEDS [PATIENTS [BACKBONE...]]]
#
# The weights are random and the images phantoms.  Both ways train and predict
# with every seed; whole processes are timed, backbone by backbone.
set -eu

seeds=${1:-5} patients=${2:-100}
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- vgg16 resnet50 densenet121 dinov2_vits14 dinov2_vitb14 dinov2_vitl14
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:$here/../cmd
threads=$(nproc)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

mc-phantom -q --task chest --patients "$patients" -o images
mc-index --group 'patient[0-9]+' images |
    mc-split -q --ratio train=60,val=10,test=30 | mc-pack -q -o images.tar
images=$(tar -tf images.tar | grep -c '\.')

run() { # run INPUT OPTION...: every seed, trained and predicted
	input=$1
	shift
	for seed in $(seq "$seeds"); do
		mc-train -q --regime frozen --threads "$threads" --seed "$seed" "$@" "$input" >model.tar
		mc-predict -q --threads "$threads" --model model.tar "$input" >/dev/null
	done
}
once() {
	mc-embed -q --threads "$threads" "$@" -o features.tar images.tar
	run features.tar
}
each() {
	run images.tar "$@"
}
seconds() {
	start=$(date +%s.%N)
	"$@"
	date +%s.%N | awk -v s="$start" '{ print $1 - s }'
}

printf 'backbone\timages\tseeds\tthreads\teach run s\tonce s\tratio\n'
for backbone; do
	network="--backbone $backbone --weights random"
	# shellcheck disable=SC2086
	echo "$backbone $(seconds each $network) $(seconds once $network)"
done | awk -v OFS='\t' -v i="$images" -v s="$seeds" -v t="$threads" '
	{ printf "%s\t%d\t%d\t%d\t%.1f\t%.1f\t%.2f\n", $1, i, s, t, $2, $3, $2 / $3
	  fflush(); a += $2; b += $3 }
	END { printf "all\t%d\t%d\t%d\t%.1f\t%.1f\t%.2f\n", i, s, t, a, b, a / b }'
