#!/bin/sh
# What output.sh tests, for the programs that read images: an image is never an
# output; descriptors 0 to 2 that are closed harm nothing; several outputs are
# all there or none.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

echo precious >keep
run mc-train --log new -o ./new keep
fails 2 'mc-train: --log new and --output ./new are the same file: each output needs its own (see mc-train --help)' \
    'two outputs that are not there yet'

make_images 6 2>/dev/null
image=$(find images -name '*.png' | sort | head -n 1)
cp "$image" kept.png
run mc-pack -o "$image" manifest.tsv
fails 2 "mc-pack: --output $image and $image are the same file: the output would overwrite the input (see mc-pack --help)" \
    'an image that the manifest names is an input'
ok 'it is as it was' cmp "$image" kept.png

combinations='0|1|2|0 1|0 2|1 2|0 1 2'
printf 'no image' >bad.png
{ cat manifest.tsv; awk -F '\t' -v OFS='\t' 'NR == 2 {
	$1 = "bad"; $2 = "bad.png"; print }' manifest.tsv; } |
    cut -f 1-5 >some.tsv
mc-pack --skip-bad -o want.tar some.tsv 2>/dev/null
IFS='|'
train="mc-train|--backbone|resnet18|--weights|random|--regime|frozen|--resize|48|--crop|42|--epochs|1|--threads|1"
$train --log want-log -o want.model want.tar 2>/dev/null
for c in $combinations; do
	with "$c" mc-pack --skip-bad -o got some.tsv >out 2>err
	ok "mc-pack without descriptors $c: the same bytes" cmp want.tar got
done
for c in 2 '0 1 2'; do
	with "$c" $train --log log -o got want.tar >out 2>err
	ok "mc-train without descriptors $c: the same model" cmp want.model got
	ok 'and log' cmp want-log log
done
with '0 1' $train <want.tar 2>err
rc=$?
is_rc 1 'mc-train with nothing to read from, nor to write to, fails'
unset IFS

# --- Several outputs ------------------------------------------------------------
echo old >old.model
echo old >old.log
ln -s /dev/full timing
run mc-train --backbone resnet18 --weights random --regime frozen --resize 48 \
    --crop 42 --epochs 1 --threads 1 --log old.log --timing timing \
    -o old.model want.tar
ok 'a log that cannot be written is an error' test "$rc" -eq 1
tail -n 1 err >last
is_file last 'and said' <<'END'
mc-train: timing: cannot write: No space left on device
END
ok 'and leaves the old model' test "$(cat old.model)" = old
ok 'and the old log' test "$(cat old.log)" = old

ok 'nothing is left' test -z "$(find . -name '.*.mc-*')"
done_testing
