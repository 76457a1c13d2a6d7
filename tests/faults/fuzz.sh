#!/bin/sh
# fuzz.sh SECONDS - libFuzzer over each reader, from small real files.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

fuzz=$abs_builddir/tests/faults/fuzz
seconds=$1
mkdir tables weights images model pictures
make_images 4 2>/dev/null
mc-pack -o images/tar manifest.tsv
mc-train --backbone resnet18 --weights random --regime frozen --resize 48 \
    --crop 42 --epochs 1 -o model/tar --select last images/tar 2>/dev/null
mc-embed --backbone resnet18 --weights random --resize 48 --crop 42 \
    --format tar -o images/tar.features images/tar
tar -xOf model/tar head.safetensors >weights/safetensors
"$PYTHON3" - <<'END'
import torch
d = {"a": torch.ones(2, 3), "b.c": torch.arange(4), "h": torch.ones(2).half()}
torch.save(d, "weights/zip")
torch.save({"state_dict": d}, "weights/nested")
torch.save(d, "weights/legacy", _use_new_zipfile_serialization=False)
END
cp "$(find images -name '*.png' | head -n 1)" pictures/png
"$PYTHON3" - <<'END'
from PIL import Image
for mode in "L", "RGB":
    Image.new(mode, (8, 8)).save("pictures/%s.tif" % mode, "TIFF")
END
rm -rf images/NORMAL images/[!t]*
cat >predictions <<'END'
id	group	label	predicted	p:no	p:yes	arm	split
a	1	no	no	0.9	0.1	x	val
b	1	yes	no	0.6	0.4	x	val
c	2	yes	yes	0.2	0.8	x	val
END
printf 'id,label,p\n1,"a ""b""",0.5\n' >csv
mc-bootstrap --replicates 399 predictions >metrics
mc-threshold --criterion youden --positive yes predictions >thresholds
sed 's/	x	/	y	/' predictions >other
mc-compare --replicates 399 --metrics accuracy predictions other >differences
n=0
for table in csv manifest.tsv metrics thresholds differences predictions; do
	{ printf "\\00$n"; cat $table; } >tables/$table
	n=$((n + 1))
done
for reader in tables weights images model pictures; do
	FUZZ=$reader "$fuzz" -max_total_time="$seconds" -timeout=20 \
	    -rss_limit_mb=4096 -max_len=100000 -print_final_stats=1 \
	    -seed=1 $reader >log 2>&1
	rc=$?
	runs=$(awk '/number_of_executed_units/ { print $2 }' log)
	if [ $rc -eq 0 ]; then
		pass "$reader: $runs inputs in $seconds seconds"
	else
		tail -n 40 log >tail
		fail "$reader: an input ends the reader" tail
		mkdir -p "$abs_builddir/tests/faults/found"
		cp crash-* leak-* timeout-* oom-* \
		    "$abs_builddir/tests/faults/found" 2>/dev/null
	fi
done
done_testing
