#!/bin/sh
# examples/study.mk: a study runs to its PDF, nothing is done twice, and a cell
# is trained again only for a cause.
. "$abs_srcdir/tests/tap.sh"

cat >Makefile <<'EOF'
TASKS   = chest
MODELS  = resnet18 dinov2_vits14
REGIMES = frozen finetune
SEEDS   = 1
MODELS.finetune = resnet18
WEIGHTS.resnet18 = random
WEIGHTS.dinov2_vits14 = random
TRAIN   = --resize 48 --crop 42 --epochs 1
include $(abs_srcdir)/examples/study.mk
chest/manifest.tsv:
	mkdir -p chest
	$(MC)mc-phantom --task chest --patients 24 --size 48 -o chest/images
	$(MC)mc-index --group 'patient[0-9]+' chest/images | \
	    $(MC)mc-split --ratio train=50,val=25,test=25 -o $@
EOF
study() {
	# The programs are those of the build; make's own variables are not ours.
	MAKEFLAGS='' MAKELEVEL='' "${MAKE:-make}" MC="$abs_builddir/cmd/" "$@"
}

run study -n
is_rc 0 'make -n'
ok 'shows each training' test "$(grep -c 'mc-train ' out)" -eq 3
ok 'and makes nothing' test "$(ls)" = "$(printf '%s\n' Makefile err out tap.log)"
run study -j 2
is_rc 0 'a study runs'
ok 'to its PDF' test -s table.pdf
ok 'with a line for each cell and the baseline' \
    test "$(cut -f 2 metrics.tsv | sed 1d | sort -u | wc -l)" -eq 4
ok 'and the differences of all pairs of cells' \
    test "$(sed 1d differences.tsv | wc -l)" -eq 3
run study
ok 'nothing is done twice' grep -q 'Nothing to be done' out
run study -n TRAIN.dinov2_vits14='--lr 0.01'
ok 'another option of one model trains that one again' \
    test "$(grep -c 'mc-train ' out)" -eq 1
ok 'and it alone' grep -q 'mc-train --task chest --backbone dinov2_vits14' out
rm chest/resnet18-finetune-1.model.tar
run study -n
ok 'what was lost is made again' test "$(grep -c 'mc-train ' out)" -eq 1
run study
cp table.pdf first.pdf
touch chest/images.tar
run study -n
ok 'newer images train all again' test "$(grep -c 'mc-train ' out)" -eq 3
run study
ok 'to the same bytes' cmp first.pdf table.pdf
: >chest/manifest.tsv
run study
ok 'a manifest that is no manifest ends it' test "$rc" -ne 0
ok 'with nothing half-written' test -z "$(find . -name '.*.??????' -o -name '*.part')"

done_testing
