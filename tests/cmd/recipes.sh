#!/bin/sh
# The commands of mctools(7), Recipes, run; the README has some of them.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

# Each command on one line.
joined() {
	awk '{ more = sub(/ *\\e?$/, ""); sub(/^ +/, ""); printf "%s%s", $0, more ? " " : "\n" }'
}
awk '/^\.Ss / { on = $0 == ".Ss Recipes" } !on { next }
	/^\.Bd / { literal = 1; next } /^\.Ed/ { literal = 0 } literal' \
    "$abs_srcdir/man/mctools.7" | joined >page
ok 'the page has commands' test "$(grep -c mc-train page)" -ge 5
awk '/^## / { on = $0 == "## Recipes" } on && /^    / && !/^    #/' \
    "$abs_srcdir/README.md" | joined >readme
ok 'so has the README' test "$(grep -c mc-train readme)" -ge 4
sort page >sorted
sort readme | comm -13 sorted - >own
ok 'and they are those of the page' test ! -s own

make_images 30
mc-pack -q -o images.tar manifest.tsv
awk -F'\t' -v OFS='\t' '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { l = $c["label"] == "OPACITY" ? "Opacity" : ""
      if (NR % 3 == 0) l = l (l == "" ? "" : "|") (NR % 2 ? "Bright" : "Bright?")
      $c["label"] = l == "" ? "No Finding" : l; print }' manifest.tsv |
    mc-pack -q -o findings.tar
small='--weights random --resize 48 --crop 42'
while read -r command; do
	case $command in
	mc-embed*) short="$command $small -q" ;;
	*vitl14*'--regime finetune'*) short="$command --backbone dinov2_vits14 $small --epochs 2 --batch 8 -q" ;;
	*'--regime finetune'*) short="$command $small --epochs 6 --batch 8 -q" ;;
	*) short=$command ;;
	esac
	run sh -c "$short"
	if [ $rc -eq 0 ]; then pass "$command"; else fail "$command" err; fi
done <page

done_testing
