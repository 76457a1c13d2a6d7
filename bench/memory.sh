#!/bin/sh
# memory.sh - the peak memory of the tensor programs as a multiple of the
# backbone's parameters.
#
# usage: memory.sh [BATCH [PX [BACKBONE...]]]
#
# The images are phantoms of PX x PX pixels after cropping (default: 32, a
# multiple of 14 for dinov2), in batches of BATCH (default: 1), so that the
# parameters take most of the memory and not what is computed from images.  The
# weights that mc-embed reads are in a file; mc-predict reads a fine-tuned model.
# The peak of --version is what the libraries take.
set -eu

batch=${1:-1} px=${2:-32}
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- vgg16
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:$here/../cmd
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

mc-phantom -q --task chest --patients 20 -o images
mc-index --group 'patient[0-9]+' images |
    mc-split -q --ratio train=60,val=10,test=30 | mc-pack -q -o images.tar

# peak PROGRAM OPTION...: a row of the table
peak() {
	python3 -c '
import os, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
size = os.path.getsize("backbone.safetensors")
print(os.environ["backbone"], os.environ["what"], size, peak,
      "%.2f" % (peak / size), sep="\t")' "$@" >>table
}

printf 'backbone\twhat\tparameter_bytes\tpeak_bytes\tratio\n' >table
for backbone in "$@"; do
	export backbone
	common="--batch $batch --threads 1"
	network="--backbone $backbone --crop $px --resize $((px + 4))"
	train="mc-train -q --regime finetune $network --weights random $common --epochs 1"
	$train -o model.tar images.tar
	tar -xf model.tar backbone.safetensors
	what=libraries peak mc-train --version
	what=mc-embed peak mc-embed -q $network --weights backbone.safetensors $common images.tar
	what=mc-predict peak mc-predict -q --model model.tar $common images.tar
	what=mc-train peak $train -o model.tar images.tar
done
cat table
