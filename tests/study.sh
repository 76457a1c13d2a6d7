#!/bin/sh
# examples/study.mk: what is made again when something changes, and nothing
# else; kills and two makes at once; folds, external test sets; a study of real
# programs, to its PDF.
. "$abs_srcdir/tests/tap.sh"

# study [ARGUMENT...]: make, whose own variables are not ours.  The programs are
# those of $programs.
study() {
	env MAKEFLAGS= MAKELEVEL= PATH="$path" "${MAKE:-make}" \
	    MC="$programs" "$@"
}

# --- The baseline --------------------------------------------------------------

# Whatever the order of awk's arrays, b is taken of b and c: neither the first that
# is read nor the smallest of all classes.
{ printf 'id\tpath\tlabel\tgroup\tsplit\n'
  i=0
  for label in c a b d e b c f; do
	i=$((i + 1))
	printf '%s\tx\t%s\tg%s\ttrain\n' $i $label $i
  done
  printf '9\tx\ta\tg9\ttest\n'
} >ties.tsv
awk -v task=t -f "$abs_srcdir/examples/baseline.awk" ties.tsv ties.tsv |
    cut -f 6 | sed 1d >tie
is_file tie 'of two largest classes the first in byte order is predicted' <<'EOT'
b
EOT
sed '/^9/s/.*/9	x	a	g9	test\n10	x	a	g10	test\n11	x	a	g10	test/' ties.tsv >more.tsv
printf 'task\tid\nt\t11\n' >first.tsv
printf 'id\tpredicted\n9\tb\n' >second.tsv
awk -v task=t -f "$abs_srcdir/examples/baseline.awk" more.tsv more.tsv first.tsv \
    second.tsv | cut -f 7 | sed 1d >kept
is_file kept 'an image that no arm predicts is left out' <<'EOT'
9
11
EOT

# --- What depends on what: programs that write their arguments ---------------

mkdir -p stub fake
cat >stub/program <<'EOF'
#!/bin/sh
# Write the command and its inputs to what -o names.  With --lr 0.5, wait for
# the file go.
case "$*" in
*'--lr 0.5'*)
	echo $$ >started
	until [ -e go ]; do sleep 0.05; done ;;
esac
text="$(basename "$0") $*"
while [ $# -gt 0 ]; do
	[ "$1" != -o ] || out=$2
	case $0$1 in *mc-montage--list) echo id >"$2" ;; esac
	last=$1
	shift
done
{ echo "$text"; [ ! -f "$last" ] || cat "$last"; } >"$out.stub$$" &&
    mv "$out.stub$$" "$out"
EOF
cat >stub/pdflatex <<'EOF'
#!/bin/sh
cp table.tex table.pdf
[ ! -e ../tex.fails ] || { printf 'x\n! Missing \\x.\nl.1 y\n' >table.log; exit 1; }
EOF
# The programs here write texts, images.tar also: a manifest is all of it.
cat >stub/tar <<EOF
#!/bin/sh
[ "\$1" != -xOf ] || exec cat "\$2"
exec $(command -v tar) "\$@"
EOF
chmod +x stub/program stub/pdflatex stub/tar
for p in index split pack embed train predict bootstrap compare describe montage explain \
    plot report tex; do
	ln -s program stub/mc-$p
done
ln -s program stub/gnuplot
programs=$PWD/stub/
path=$PWD/stub:$PATH

cd fake || exit 99
echo A >w.pth
echo A >sites.tsv
cat >Makefile <<'EOF'
TASKS   = a b
MODELS  = m n
REGIMES = frozen finetune
SEEDS   = 1
MODELS.finetune = m
WEIGHTS.n = w.pth
INDEX   = folder
SPLIT   = --ratio train=50
INDEX.a = --group 'p[0-9]+$$' more
INDEX.b = --group 'q[0-9]+'
BOOTSTRAP.b = --join=sites.tsv --by site
TABLE   = --caption 'it''s 95% of "all", (or) more'
include $(abs_srcdir)/examples/study.mk
EOF

# What `make ARGUMENT...` would make, without its blanks, but for the report and the
# archive, which are of all files.
would() {
	study -n all table.tex "$@" 2>err |
	    sed -n 's/.* mv .* \([^ ]*\)$/\1/p; s/.* -o \([^ ]*\).*/\1/p' |
	    grep -v -e '^\.' -e '/population\.tsv$' -e '/flow\.tsv$' \
	    -e '/images\.tsv$' -e '^commands\.txt$' \
	    -e '^report\.html$' -e '^SHA256SUMS$' -e '^study\.tar$' | sort -u
}
# remakes NAME FILES [ARGUMENT...]: make with ARGUMENT makes FILES, and no others.
remakes() {
	name=$1
	printf '%s\n' $2 | sed '/^$/d' | sort -u >wanted
	shift 2
	would "$@" >got
	if diff wanted got >tap.log; then pass "$name"
	else fail "$name" tap.log err; fi
}
cells() { for c; do echo "$c.model.tar $c.predictions.tsv"; done; }
predicted() { for c; do echo "$c.predictions.tsv"; done; }
tex="table.tex table.pdf"
metrics() {
	for t; do echo "$t/metrics.tsv"; done
	echo "metrics.tsv $tex figures/forest.pdf"
}
differences() {
	for t; do echo "$t/differences.tsv"; done
	echo "differences.tsv $tex figures/differences.pdf"
}
tables() {
	for t; do echo "$t/baseline.predictions.tsv"; done
	metrics "$@"
	differences "$@"
}
# The features of MODEL for each TASK: features MODEL TASK...
features() { m=$1; shift; for t; do echo "$t/$m.features.tar"; done; }
arms() { for t; do echo "$t/m-frozen-1 $t/n-frozen-1 $t/m-finetune-1"; done; }
from_features() { features m "$@"; features n "$@"; cells $(arms "$@"); tables "$@"; }
from_images() { for t; do echo "$t/images.tar"; done; from_features "$@"; }
from_manifest() {
	for t; do echo "$t/manifest.tsv"; done
	from_images "$@"
}
from_index() { for t; do echo "$t/index.tsv"; done; from_manifest "$@"; }

run study -n
ok '-n says nothing of what was made' sh -c '! grep -q "report.html is all" out'
ok '-n shows each training' test "$(grep -c 'mc-train ' out)" -eq 6
ok 'and makes nothing' test "$(ls -A)" = "$(printf '%s\n' Makefile err out sites.tsv \
    tap.log w.pth)"
run study -q
is_rc 1 '-q says that there is something to do'
ok 'and makes nothing' test "$(ls -A)" = "$(printf '%s\n' Makefile err out sites.tsv \
    tap.log w.pth)"
remakes 'all is to be made at first' "$(from_index a b)"
run study -j 2 all table.tex
is_rc 0 'all is made'
ok 'with the report and the archive' test -s report.html -a -s study.tar
tail -n 2 out >got
is_file got 'the last two lines say what there is' <<END
$PWD has table.pdf, figures, report.html, study.tar
report.html is all of it on one page, study.tar the archive to keep
END
remakes 'then nothing is' ''
run study all table.tex
ok 'nothing is done twice' grep -q 'Nothing to be done' out
ok 'and nothing is said to be made' sh -c '! grep -q "report.html is all" out'
run study -q all table.tex
is_rc 0 'and -q says so'
printf 'include Makefile\nagain:\n\t$(MAKE) -f nested.mk a/index.tsv\n' >nested.mk
run study -f nested.mk again
is_rc 0 'a make that this one runs is no second one'
printf 'include Makefile\nbad:\n\techo x >$@; false\n' >nested.mk
run study -f nested.mk bad
ok "what a rule of the Makefile's own has begun and not ended is removed" test ! -e bad
rm nested.mk
cp table.pdf first.pdf
cp -R ../stub ../moved
programs=$PWD/../moved/ remakes 'where the programs lie does not matter' ''

all_m="a/m-frozen-1 a/m-finetune-1 b/m-frozen-1 b/m-finetune-1"
remakes INDEX "$(from_index a b)" INDEX=other
remakes INDEX.task "$(from_index a)" INDEX.a=other
remakes SPLIT "$(from_manifest a b)" 'SPLIT=--ratio train=60'
remakes SPLIT.task "$(from_manifest b)" 'SPLIT.b=--seed 2'
remakes PACK "$(from_images a b)" PACK=--skip-bad
remakes PACK.task "$(from_images b)" PACK.b=--skip-bad
remakes TRAIN "$(cells $(arms a b); tables a b)" 'TRAIN=--lr 0.1'
remakes 'TRAIN, an option that mc-embed also has' "$(from_features a b)" \
    'TRAIN=--crop 42'
remakes 'an option of fine-tuning is none of its' \
    "$(cells a/m-finetune-1 b/m-finetune-1; tables a b)" 'TRAIN.finetune=--crop 42'
remakes EMBED "$(features m a b; features n a b
    cells a/m-frozen-1 a/n-frozen-1 b/m-frozen-1 b/n-frozen-1
    tables a b)" 'EMBED=--batch 64'
remakes EMBED.task "$(features m b; features n b
    cells b/m-frozen-1 b/n-frozen-1; tables b)" 'EMBED.b=--batch 64'
remakes TRAIN.regime "$(cells a/m-finetune-1 b/m-finetune-1; tables a b)" \
    'TRAIN.finetune=--lr 0.1'
remakes TRAIN.model "$(cells $all_m; tables a b)" 'TRAIN.m=--lr 0.1'
remakes TRAIN.task "$(cells $(arms a); tables a)" 'TRAIN.a=--lr 0.1'
remakes TRAIN.model-regime "$(cells a/m-frozen-1 b/m-frozen-1; tables a b)" \
    'TRAIN.m-frozen=--lr 0.1'
remakes WEIGHTS.model "$(features m a b; cells $all_m; tables a b)" WEIGHTS.m=random
remakes BACKBONE.model "$(features m a b; cells $all_m; tables a b)" BACKBONE.m=other
remakes THREADS "$(from_features a b)" THREADS=3
remakes PREDICT "$(predicted $(arms a b); tables a b)" 'PREDICT=--split val'
remakes PREDICT.task "$(predicted $(arms a); tables a)" 'PREDICT.a=--split val'
remakes BOOTSTRAP "$(metrics a b)" 'BOOTSTRAP=--unit image'
remakes BOOTSTRAP.task "$(metrics a)" 'BOOTSTRAP.a=--positive sick'
remakes COMPARE "$(differences a b)" 'COMPARE=--adjust none'
remakes COMPARE.task "$(differences b)" 'COMPARE.b=--positive sick'
remakes 'COMPARE with --friedman runs once for all tasks' \
    "$(differences)" 'COMPARE=--friedman'
remakes TABLE "$tex" "TABLE=--caption 'it''s 95% of \"all\", (or) less'"
remakes PLOT 'figures/forest.pdf figures/differences.pdf' 'PLOT=--font-size 9'
remakes PLOT.figure figures/forest.pdf 'PLOT.forest=--metrics accuracy'
remakes 'FIGURES, fewer' figures/forest.pdf FIGURES=forest \
    'PLOT=--font-size 9'
remakes 'FIGURES, none' '' FIGURES= 'PLOT=--font-size 9'
sheets() { for a; do echo "figures/montage/${a%-1}.jpg"; done; }
maps() { for a; do echo "$a.maps.tar figures/explain/${a%-1}.jpg figures/explain/${a%-1}.tsv"; done; }
remakes 'FIGURES, montage' "$(sheets $(arms a b))" FIGURES=montage
remakes 'FIGURES, explain' "$(sheets $(arms a b); maps $(arms a b))" FIGURES=explain
remakes 'MODELS, one removed' "$(tables a b)" MODELS=n
remakes 'MODELS, one added' \
    "$(features o a b; cells a/o-frozen-1 b/o-frozen-1; tables a b)" 'MODELS=m n o'
remakes 'MODELS and TASKS in another order' '' 'MODELS=n m' 'TASKS=b a'
remakes MODELS.regime \
    "$(cells a/n-finetune-1 b/n-finetune-1; tables a b)" MODELS.finetune=n
remakes 'REGIMES, one removed' "$(tables a b)" REGIMES=frozen
remakes 'SEEDS, one added' "$(cells $(arms a b | sed 's/1\( \|$\)/2\1/g')
    tables a b)" 'SEEDS=1 2'
remakes 'TASKS, one removed' "$(metrics; differences)" TASKS=a
remakes 'TASKS, one added' "$(from_index c
    metrics; differences)" 'TASKS=a b c' INDEX.c=x
fold1=$(arms a b | sed 's/1\( \|$\)/1-fold1\1/g')
fold2=$(arms a b | sed 's/1\( \|$\)/1-fold2\1/g')
remakes FOLDS "$(cells $fold1 $fold2; tables a b
    for t in a b; do
	echo $t/manifest.tsv $t/images.tar
	echo $t/m.features.tar $t/n.features.tar
    done)" FOLDS=2 SPLIT=
shares=$(for a in $(arms a b); do echo $a-share10 $a-share50; done)
remakes SHARES "$(cells $shares; tables a b
    for t in a b; do
	echo $t/manifest.tsv $t/images.tar
	echo $t/m.features.tar $t/n.features.tar $t/curve.tsv
    done; echo curve.tsv figures/shares.pdf)" 'SHARES=50 10'
remakes TEST.task "a/test.images.tar
    a/m.test.features.tar a/n.test.features.tar
    $(predicted $(arms a); tables a)" TEST.a=sites.tsv

touch w.pth sites.tsv
remakes 'a file of an option that was touched does not matter' ''
echo B >other
touch -d 2000-01-01 other
mv other w.pth
remakes 'weights replaced under their name, of the same size and older' \
    "$(features n a b; cells a/n-frozen-1 b/n-frozen-1; tables a b)"
echo A >w.pth
echo B >sites.tsv
remakes 'a table to be joined replaced' "$(metrics b)"
echo A >sites.tsv
touch a/images.tar
remakes 'newer images' "$(from_features a)"
run study -n
ok 'and the flow, which has what mc-pack left out' grep -q -e '-o a/flow.tsv' out
rm b/m-frozen-1.model.tar
remakes 'and a lost model' "$(from_features a; cells b/m-frozen-1; tables b)"
run study all table.tex
ok 'give the same table' cmp first.pdf table.pdf

# Really made, not only shown.
run study MODELS=n all table.tex
ok 'where something was made again, that is said' grep -q 'report.html is all' out
run study -s MODELS=m all
ok 'but not with -s' test ! -s out
run study MODELS=n all table.tex
ok 'without a model it is out of the table' \
    test "$(grep -c m-frozen a/metrics.tsv)" -eq 0
run study -q MODELS=n all table.tex
is_rc 0 'and that is all'
run study all table.tex
ok 'and back again' cmp first.pdf table.pdf

# Each file that an option names.
set --
for v in INDEX.a SPLIT.b PACK.a EMBED.b TRAIN.m WEIGHTS.n PREDICT.a BOOTSTRAP.b \
    COMPARE.a TABLE PLOT.forest MONTAGE.a EXPLAIN.a EXPLAIN.m DESCRIBE.a REPORT; do
	echo A >$v.file
	[ $v = WEIGHTS.n ] && set -- "$@" $v=$v.file ||
	    set -- "$@" "$v=--file $v.file"
done
run study "$@" FIGURES=explain all
run study "$@" FIGURES=explain -q all
is_rc 0 'a study with a file in each variable is whole'
for f in *.file; do
	echo B >$f
	run study "$@" FIGURES=explain -q all
	is_rc 1 "another file of ${f%.file} makes it again"
	echo A >$f
done
rm ./*.file
set --
run study all table.tex

: >tex.fails
rm table.pdf
run study table.pdf
is_rc 2 'a table that LaTeX refuses ends the study'
ok 'with what LaTeX says' grep -qxF '! Missing \x.' err
ok 'and no PDF' test ! -e table.pdf
rm tex.fails
run study table.pdf
ok 'and is made again' cmp first.pdf table.pdf

# study.mk in a folder above: it is not taken out of other paths.
mkdir -p ../above/study
cp "$abs_srcdir"/examples/study.mk "$abs_srcdir"/examples/*.awk \
    "$abs_srcdir"/examples/digests.sh ../above
sed 's,^include.*,include ../study.mk,; s,= folder,= ../folder,' Makefile \
    >../above/study/Makefile
cp w.pth sites.tsv ../above/study
cd ../above/study || exit 99
run study all table.tex
is_rc 0 'a study below the folder of study.mk'
ok 'has its commands' grep -q '^mc-index ../folder ' commands.txt
ok 'without the place of the helpers' grep -q '^awk .* -f baseline.awk a/m' commands.txt
remakes 'and sees another folder' "$(from_index a b)" INDEX=folder
cd ../../fake || exit 99

# --- The commands ------------------------------------------------------------

shows() {
	ok "$1" grep -q -e "$2" out
}
run study -n FOLDS=2
is_rc 2 'folds and shares exclude each other'
ok 'with one line' grep -q 'FOLDS: SPLIT and SPLIT.a must name no --ratio' err
run study -n FOLDS=2 SPLIT= 'SPLIT.b=--keep test' 'TRAIN.fold2=--val-fold 1'
shows 'folds are made' 'mc-split --folds 2 -o a/manifest.tsv a/index.tsv'
shows 'with options of the task' 'mc-split --folds 2 --keep test -o b/man'
shows 'options of one fold' \
    'mc-train .*--fold 2 .* --val-fold 1 .* -o a/m-frozen-1-fold2.model.tar'
shows 'trained' 'mc-train .*--fold 2 .* -o a/m-frozen-1-fold2.model.tar'
shows 'predicted' 'mc-predict --model a/m-frozen-1-fold2.model.tar --fold 2 '
shows 'pooled for the metrics' 'mc-bootstrap --folds pool .*-fold1.*-fold2'
shows 'and for the differences' 'mc-compare --folds pool .*-fold1.*-fold2'
run study -n FIGURES=montage FOLDS=2 SPLIT= 'SHARES=50 10' 'SEEDS=1 2' \
    'MONTAGE=--count 9'
shows 'the sheet of an arm is of the first seed, all folds and the last share' \
    'mc-montage --folds pool --predictions a/m-frozen-1-share50-fold1.predictions.tsv --predictions a/m-frozen-1-share50-fold2.predictions.tsv --count 9 --list figures/montage/a/m-frozen.tsv -o figures/montage/a/m-frozen.jpg a/images.tar'
shows 'the other figures are drawn as without it' 'mc-plot --figure shares'
shows 'the sheets of mistakes are in the report' \
    'mc-report .* --mistakes figures/montage/a/m-frozen.jpg=figures/montage/a/m-frozen.tsv'
run study -n FIGURES=montage MONTAGE.b='--show borderline'
ok 'and others are not' test "$(grep -c 'mc-report .* --mistakes' out)" -eq 0
run study -n FIGURES=explain FOLDS=2 SPLIT= 'SHARES=50 10' 'SEEDS=1 2' \
    'EXPLAIN=--batch 4' 'EXPLAIN.m=--method occlusion' 'PREDICT=--device cuda --skip-seen' MONTAGE=--dpi=99
shows 'the images of the sheet are explained by the model of their fold' \
    'mc-explain --model a/m-frozen-1-share50-fold2.model.tar --fold 2 --list figures/montage/a/m-frozen.tsv --threads 2 --device=cuda --batch 4 --method occlusion -o a/m-frozen-1-share50-fold2.maps.tar a/images.tar'
ok 'no other seed and share' test "$(grep -c 'mc-explain ' out)" -eq 12
shows 'the weights of a frozen backbone are read' \
    'mc-explain --model a/n-frozen-1-share50-fold1.model.tar --fold 1 .* --weights w.pth '
ok 'those of a fine-tuned one are in its model' test "$(grep -c 'mc-explain .*finetune.* --weights' out)" -eq 0
shows 'the maps of all folds are beside the images' \
    'mc-montage --folds pool --predictions a/m-frozen-1-share50-fold1.predictions.tsv --predictions a/m-frozen-1-share50-fold2.predictions.tsv --dpi=99 --maps a/m-frozen-1-share50-fold1.maps.tar --maps a/m-frozen-1-share50-fold2.maps.tar --list figures/explain/a/m-frozen.list.tsv -o figures/explain/a/m-frozen.jpg a/images.tar'
shows 'they are in the report' \
    'mc-report .* --explanations figures/explain/a/m-frozen.jpg=figures/explain/a/m-frozen.tsv'
ok 'the other figures are drawn as without them' test "$(grep -c 'mc-plot --figure' out)" -eq 3
run study -n FIGURES=explain WEIGHTS.n=random 'TRAIN.m-frozen=--head knn --k 3' \
    BACKBONE.n=dir/net.pt TEST.a=sites.tsv
shows 'nearest neighbours are explained by occlusion' \
    'mc-explain --model a/m-frozen-1.model.tar --list .* --method occlusion -o a/m-frozen-1.maps.tar a/test.images.tar'
shows 'and so is a TorchScript module' \
    'mc-explain --model a/n-frozen-1.model.tar --list .* --threads 2 --method occlusion -o a/n'
shows 'but not the others' \
    'mc-explain --model a/m-finetune-1.model.tar --list .* --threads 2 -o a/m-f'
ln -s program ../stub/mc-standin
run study -n FIGURES=explain LAUNCH=standin 'PREDICT=--device cuda:0' RESOURCES.mc-explain='--cpus 3'
shows 'maps are made where LAUNCH says' \
    'mc-standin.* --name a/m-frozen-1.maps.tar --log .study.made/a/m-frozen-1.maps.tar.log .* --gpus 1 .*--cpus 3 .*mc-explain --model a/m-frozen-1.model.tar'
# What a launcher is asked for each program: the file, the program, the options.
run study -n 'FIGURES=montage explain' LAUNCH=standin BACKBONE.n=vit_large_patch16_224 THREADS=3 \
    RESOURCES='--time 1' RESOURCES.mc-bootstrap='--cpus 8' RESOURCES.finetune='--gpus 2' \
    RESOURCES.m='--memory 3G' RESOURCES.b='--memory 4G' RESOURCES.m-finetune='--memory 5G' \
    TRAIN=--device=cpu TRAIN.frozen='--device cuda' PREDICT.b='--device cuda'
sed -n 's/.*mc-standin --name \([^ ]*\) --log \.study\.made\/\([^ ]*\)\.log \([-0-9A-Za-z: ]*\) [^ ]*\/mc-\([a-z]*\) .*/\1 \2 \4 \3/p' out |
    awk '{ name = $1; if ($2 != name) name = name " logged as " $2
	$1 = $2 = ""; sub(/^ +/, ""); print name, $0 }' |
    grep -E '^(b/|figures/.*/b/m-fi)' | LC_ALL=C sort >asked
is_file asked 'what a launcher is asked for' <<'EOF'
b/differences.tsv compare --cpus 3 --memory 8G --time 4:00:00 --time 1 --memory 4G
b/m-finetune-1.maps.tar explain --cpus 3 --memory 8G --time 4:00:00 --gpus 1 --time 1 --gpus 2 --memory 3G --memory 4G --memory 5G
b/m-finetune-1.model.tar train --cpus 3 --memory 8G --time 24:00:00 --requeue --time 1 --gpus 2 --memory 3G --memory 4G --memory 5G
b/m-finetune-1.predictions.tsv predict --cpus 3 --memory 8G --time 4:00:00 --gpus 1 --time 1 --gpus 2 --memory 3G --memory 4G --memory 5G
b/m-frozen-1.maps.tar explain --cpus 3 --memory 8G --time 4:00:00 --gpus 1 --time 1 --memory 3G --memory 4G
b/m-frozen-1.model.tar train --cpus 3 --memory 8G --time 4:00:00 --gpus 1 --time 1 --memory 3G --memory 4G
b/m-frozen-1.predictions.tsv predict --cpus 3 --memory 8G --time 4:00:00 --gpus 1 --time 1 --memory 3G --memory 4G
b/m.features.tar embed --cpus 3 --memory 8G --time 4:00:00 --gpus 1 --time 1 --memory 3G --memory 4G
b/metrics.tsv bootstrap --cpus 3 --memory 8G --time 4:00:00 --time 1 --cpus 8 --memory 4G
b/n-frozen-1.maps.tar explain --cpus 3 --memory 24G --time 4:00:00 --gpus 1 --time 1 --memory 4G
b/n-frozen-1.model.tar train --cpus 3 --memory 24G --time 4:00:00 --gpus 1 --time 1 --memory 4G
b/n-frozen-1.predictions.tsv predict --cpus 3 --memory 24G --time 4:00:00 --gpus 1 --time 1 --memory 4G
b/n.features.tar embed --cpus 3 --memory 24G --time 4:00:00 --gpus 1 --time 1 --memory 4G
figures/explain/b/m-finetune.jpg montage --cpus 3 --memory 8G --time 4:00:00 --time 1 --memory 4G
figures/montage/b/m-finetune.jpg montage --cpus 3 --memory 8G --time 4:00:00 --time 1 --memory 4G
EOF
rm ../stub/mc-standin
run study -n 'FIGURES=explain shares' 'SHARES=50 10'
ok 'of figures that are asked for there are no others' test "$(grep -c 'mc-plot --figure' out)" -eq 1
run study -n MODELS="$(seq -s ' ' 1 20)"
shows 'a forest of very many lines is one for each task' \
    'mc-plot --figure forest --width page -o figures/forest-b.pdf b/metrics.tsv'
shows 'and so are differences' \
    'mc-plot --figure differences --width page -o figures/differences-a.pdf a/differences.tsv'
shows 'also in the report' \
    'mc-report .* --figure forest=a/metrics.tsv *--figure forest=b/metrics.tsv *--figure differences=a/differences.tsv *--figure differences=b/differences.tsv '
mkdir -p .study.made/figures figures
for f in forest forest-a forest-b forest-old shares; do
	: >>figures/$f.pdf
	: >>.study.made/figures/$f.pdf
done
: >figures/forest-own.pdf
run study -n MODELS="$(seq -s ' ' 1 20)"
shows 'the forest of all tasks is removed, and that of a task that is gone' \
    'rm -f .*figures/forest.pdf figures/forest-old.pdf .*study.made/figures/forest.pdf .study.made/figures/forest-old.pdf'
ok 'and no other' sh -c '! grep -q "rm -f.*\(forest-own\|forest-a\|shares\)" out'
run study -n
shows 'those of tasks are removed, where there is one of all' \
    'rm -f figures/forest-a.pdf figures/forest-b.pdf figures/forest-old.pdf .study.made/'
rm figures/forest-*.pdf .study.made/figures/forest-*.pdf figures/shares.pdf .study.made/figures/shares.pdf
run study -n MODELS="$(seq -s ' ' 1 20)" COMPARE=--friedman
shows 'but not where they are compared over all tasks' \
    'mc-plot --figure differences --width page -o figures/differences.pdf differences.tsv'
run study -n MODELS="$(seq -s ' ' 1 60)" TASKS=a
shows 'nor of one task' 'mc-plot --figure forest --width page -o figures/forest.pdf metrics.tsv'
run study -n 'FIGURES=montage forest' 'SHARES=50 10'
ok 'but for those that are not asked for' \
    test "$(grep -c 'mc-plot --figure' out)" -eq 1
run study -n FIGURES=montage TEST.a=sites.tsv
shows 'or of the external test set' \
    'mc-montage .* -o figures/montage/a/m-frozen.jpg a/test.images.tar'
run study -n 'SHARES=100 5 20' 'TRAIN.share5=--epochs 9' FOLDS=2 SPLIT=
shows 'shares are made, in the order of their size' \
    'mc-split --folds 2 --shares 5,20,100 -o a/manifest.tsv a/index.tsv'
shows 'and trained, in each fold, with options of their own' \
    'mc-train .*--fold 2 --share 5 .* --epochs 9 --log .* -o a/m-frozen-1-share5-fold2.model.tar a/m.features.tar'
ok 'features are computed once for all shares' \
    test "$(grep -c 'mc-embed .* -o a/m.features.tar' out)" -eq 1
run study -n 'MODELS=m m.random' BACKBONE.m.random=m WEIGHTS.m.random=random \
    TEST.a=ext.tsv PACK.a=--skip-bad 'PACK.a.test=--base x' 'SEEDS=1 2' THREADS=7
is_rc 2 'a test manifest that is not there is an error'
ok 'which names it' grep -q '[*]* ext.tsv does not exist and no rule makes it[.]' err
cp sites.tsv ext.tsv
run study -n 'MODELS=m m.random' BACKBONE.m.random=m WEIGHTS.m.random=random \
    TEST.a=ext.tsv PACK.a=--skip-bad 'PACK.a.test=--base x' 'SEEDS=1 2' THREADS=7
shows 'a second kind of weights is an arm' \
    'mc-train .*--backbone m --arm m.random/frozen .* a/m.random.features.tar'
shows 'with features of its own' \
    'mc-embed --backbone m .*--weights random -o a/m.random.features.tar a/images.tar'
ok 'once for all seeds' test "$(grep -c 'mc-embed .* -o b/m.random' out)" -eq 1
shows 'an external test set is packed' \
    'mc-pack --skip-bad --base x -o a/test.images.tar ext.tsv'
shows 'and predicted whole' 'mc-predict .* --split all .* a/test.images.tar'
shows 'or its features' 'mc-predict .* --split all .* a/m.random.test.features.tar'
shows 'threads are those of the study (training)' 'mc-train .* --threads 7 '
shows 'threads are those of the study (features)' 'mc-embed .* --threads 7 '
shows 'threads are those of the study (prediction)' 'mc-predict .* --threads 7 '
shows 'seeds are means' 'mc-bootstrap --train-seeds mean '
run env THREADS=9 MAKEFLAGS= "${MAKE:-make}" MC="$programs" -n THREADS.x=1
ok 'and not those of the environment' test "$(grep -c 'threads 9' out)" -eq 0
run study -n 'TRAIN=--resize 48  --lr 1 --crop=42 --device  cuda --skip-bad' \
    'TRAIN.frozen=--features logits' 'TRAIN.m=--init-seed 5 --precision bf16 --batch 2' \
    'TRAIN.m-frozen=--filter bicubic --mean 0.5,0.5,0.5 --std=0.5,0.5,0.5' 'TRAIN.a=--resize 64' 'EMBED=--batch 9'
shows 'options that mc-embed also has are given to it' \
    'mc-embed --backbone m --threads 2 --resize=48 --crop=42 --device=cuda --skip-bad --features=logits --init-seed=5 --precision=bf16 --resize=64 --filter=bicubic --mean=0.5,0.5,0.5 --std=0.5,0.5,0.5 --batch 9 -o a/m.features.tar a/images.tar'
run study -n 'SEEDS=1 2' 'TRAIN=--lr 0.1'
ok 'the first run of each arm and task comes before the second of any' test \
    "$(sed -n 's/.*mc-train .* --seed \([12]\) .*/\1/p' out | uniq | tr '\n' ' ')" = '1 2 '
run study -n MODELS.finetune=n TRAIN=--skip-bad
shows 'weights are those of mc-train where the network is trained' \
    'mc-train .*--regime finetune .*--weights w.pth .* -o b/n-finetune-1.model.tar'
ok 'else those of mc-embed' test "$(grep -c 'mc-train .*frozen .*--weights' out)" -eq 0
run study -n 'TRAIN=--lr 1' 'TRAIN.frozen=--lr 2' 'TRAIN.m=--lr 3' 'TRAIN.a=--lr 4' \
    'TRAIN.m-frozen=--lr 5' 'TRAIN.share5=--lr 6' 'TRAIN.fold2=--lr 7' \
    SHARES=5 FOLDS=2 SPLIT=
shows 'of an option in several variables the last counts' \
    '--lr 1 --lr 2 --lr 3 --lr 4 --lr 5 --lr 6 --lr 7 --log a/m-frozen-1-share5-fold2.log'
run study -n TABLE=--standalone all table.tex
shows 'the table alone has the differences' \
    'mc-tex --differences differences.tsv --standalone -o table.tex metrics.tsv'
shows 'as its PDF' 'mc-tex --standalone --differences differences.tsv --standalone -o .study'
run study -n 'PLOT=--dpi 72' 'DESCRIBE.a=--columns age' 'REPORT=--title X'
shows 'figures are as wide as a page' \
    'mc-plot --figure forest --width page --dpi 72 -o figures/forest.pdf metrics.tsv'
shows 'the population of a task' 'mc-describe --columns age -o a/population.tsv a/images.tsv'
shows 'the report has the tables' \
    'mc-report .* --metrics metrics.tsv --differences differences.tsv .* --title X'
run study -pn
ok 'there are no rules but its own' sh -c '! grep RCS/ out'
run study -n INDEX.a=other
shows 'mc-index lists what it leaves out' \
    'mc-index .* --left-out a/index.left.tsv -o a/index.tsv'
shows 'of which the report has the flow' \
    'mc-describe --left-out a/index.left.tsv -o a/flow.tsv a/manifest.tsv'
shows 'of each task' 'mc-report .* --flow a=a/flow.tsv .* --flow b=b/flow.tsv'
run study -n PACK.a=--skip-bad 'PACK.b=--depth 16'
shows 'as does mc-pack, where it may' \
    'mc-pack --skip-bad --left-out a/images.left.tsv -o a/images.tar'
shows 'and only there' 'mc-pack --depth 16 -o b/images.tar'
shows 'and the archive has the lists' \
    'for f in report.html .* a/index.left.tsv a/images.left.tsv *b/index.left.tsv'
shows 'and the flow knows' 'mc-describe --left-out a/index.left.tsv --left-out a/images.left.tsv -o a/flow.tsv'
run study -n INDEX= INDEX.a= INDEX.b=
ok 'a manifest of another rule has no flow' sh -c '! grep "/flow[.]tsv\|index[.]left" out'
run study INDEX.a='--id-key sites.tsv --join more.tsv' commands.txt
run grep -e '--id-key' commands.txt
ok 'commands.txt has no digest of the secret key' sh -c '[ -s out ] && ! grep -q " sites.tsv=" out'
run grep -h -e '--id-key' .study.made/a/index.tsv
ok 'by which another key is noticed' grep -q " sites.tsv=[0-9a-f]*" out
run study all table.tex
run study -n COMPARE=--friedman
shows 'a test over all tasks sees all of them' \
    'mc-compare --friedman -o differences.tsv a/.* b/'
run study -n 'COMPARE=--family all'
shows 'as does a family of all tasks' \
    'mc-compare --family all -o differences.tsv a/.* b/'
# says TEXT NAME ARGUMENT...: make ends at once, with one line that holds TEXT.
says() {
	text=$1 name=$2
	shift 2
	run study -n "$@"
	if [ $rc -eq 2 ] && [ ! -s out ] && [ "$(grep -c . err)" -eq 1 ] &&
	    grep -qF -e "*** $text" err
	then pass "$name"
	else fail "$name" out err; fi
}
says 'FIGURES: no figure "table": figures are: forest, differences, shares, montage, explain' \
    'an unknown figure is an error, which names those that are' FIGURES=table
says 'FIGURES: no figure "shares": SHARES is not set' \
    'a figure of shares needs them' 'FIGURES=forest shares'
says 'FIGURES: no figure "differences": a single arm has no differences' \
    'a figure of differences needs two arms' FIGURES=differences \
    REGIMES=frozen MODELS=m
says 'EXPLAIN: --method gradcam is not possible for m-frozen, a TorchScript module or --head knn: without --method it is explained by occlusion' \
    'maps without a gradient are refused before anything is trained' \
    FIGURES=explain 'EXPLAIN=--method gradcam' 'TRAIN.m=--head knn --k 1'
says 'FIGURES: a has several findings (--multilabel), and a sheet shows one: set MONTAGE.a = --only task=a:FINDING' \
    'a sheet of several findings' FIGURES=montage TRAIN.a=--multilabel
says 'FIGURES: a has several findings (--multilabel), and the maps of a sheet are of one: set EXPLAIN.a = --class FINDING' \
    'maps of several findings' FIGURES=explain TRAIN.a=--multilabel 'MONTAGE.a=--only task=a:mass'
run study -n FIGURES=explain TRAIN.a=--multilabel 'MONTAGE.a=--only task=a:mass' 'EXPLAIN.a=--class mass'
shows 'one finding has a sheet' 'mc-montage .* --only task=a:mass --list figures/montage/a/'
shows 'and maps' 'mc-explain --model a/.* --class mass -o a/'
cat >mc-embed <<'EOF'
#!/bin/sh
printf 'backbone\tfamily\nm\tViT\nn\tResNet\n'
EOF
chmod +x mc-embed
says 'EXPLAIN: --method rollout is for vision transformers (ViT), and n is none: set EXPLAIN.MODEL of those that are' \
    'attention of another network likewise' FIGURES=explain 'EXPLAIN=--method=rollout' "MC=$PWD/"
run study -n FIGURES=explain EXPLAIN.m='--method rollout' "MC=$PWD/"
is_rc 0 'of a vision transformer it is possible'
rm mc-embed
for value in Yes no 'yes yes'; do
	says "PATIENTS = $value: write yes, or nothing" \
	    "PATIENTS=$value is refused" "PATIENTS=$value"
	says "PATIENTS.a = $value: write yes, or nothing" \
	    "PATIENTS.a=$value is refused" "PATIENTS.a=$value"
	says "TRY = $value: write yes, or nothing" "TRY=$value is refused" \
	    "TRY=$value"
done
run study -n PATIENTS=yes PATIENTS.b=
shows 'their baseline is of patients' \
    'awk .* -v task=a -v rows=test -v by=group -f .*/baseline.awk a/man.* a/patients.pred'
shows 'patients of one task' 'mc-bootstrap -o a/metrics.tsv a/patients.predictions'
ok 'and images of another' test "$(grep -c b/patients out)" -eq 0
run study -n TRY=yes
shows 'a trial has small images' 'mc-train .*--backbone m .*--resize 112 --crop 112'
shows 'and random weights' 'mc-embed --backbone n .*--weights random .*--resize=112'
shows 'and one epoch of fine-tuning' \
    'mc-train .*--regime finetune .*--crop 112 --epochs 1 --warmup 0 --log a/m-finetune-1'
ok 'of a frozen network all' sh -c '! grep "mc-train .*frozen .*--epochs" out'
run study -n TRY=
ok 'set to nothing it is none' test "$(grep -c 'resize.112' out)" -eq 0
cannot() {
	says "$1: \"$2\" contains \"$3\", which cannot be in the name of a target: use letters, digits and . _ -" \
	    "$1 with $3" "$1=x $(printf %s "$2" | sed 's/\$/$$/g')"
}
for c in : % = ';' '|' '&' '<' '(' ')' '*' '?' "'" '"' '`' '\' , '#' '$'; do
	cannot TASKS "b${c}c" "$c"
done
cannot MODELS a:b :
cannot MODELS.frozen a,b ,
cannot REGIMES 'frozen;' ';'
cannot SEEDS 1,2 ,
cannot SHARES '10%' %
cannot FOLDS '2;x' ';'
says 'REGIMES: no regime "lora": regimes are: frozen, finetune' \
    'an unknown regime is refused' 'REGIMES=frozen lora'
for value in 1 x '2 3' -2; do
	says "FOLDS = $value: write a number of folds, 2 or more" \
	    "FOLDS=$value is refused" FOLDS="$value" SPLIT=
done
says 'TEST.a: the name of a file cannot contain a blank' \
    'a blank in the name of a test manifest' 'TEST.a=my file.tsv'
for v in TASKS MODELS REGIMES SEEDS; do
	says "$v is not set" "$v must be set" $v= MODELS.finetune=
done
run study -n a/manifest.tsv SEEDS=
is_rc 0 'but not to make a manifest'
run study -n FIGURES='forest differences forest' 'TASKS=a b a' 'MODELS=m n m' \
    'MODELS.finetune=m m' 'REGIMES=frozen finetune frozen' 'SEEDS=1 1' all table.tex
ok 'what is given twice counts once, without a word' test ! -s err
remakes 'and changes nothing' '' FIGURES='forest differences forest' 'TASKS=a b a' \
    'MODELS=m n m' 'MODELS.finetune=m m' 'REGIMES=frozen finetune frozen' \
    'SEEDS=1 1'
run study -n REGIMES=frozen MODELS=m
shows 'a single arm has a forest' 'mc-plot --figure forest'
ok 'and no differences' sh -c '! grep -q "figure differences" out'
mkdir alone
sed '/^SPLIT/d' Makefile >alone/Makefile
cp w.pth sites.tsv alone
nothing='a/manifest.tsv does not exist and no rule makes it: set'
says "$nothing SPLIT.a, or write a rule that calls mc-split." \
    'nothing makes a manifest' --no-print-directory -C alone
says "$nothing SPLIT.a (to nothing, if it has no further options), or write a rule that calls mc-split --folds 5." \
    'nor folds' --no-print-directory -C alone FOLDS=5
says "$nothing SPLIT.a (to nothing, if it has no further options), or write a rule that calls mc-split --shares 5,50." \
    'nor shares' --no-print-directory -C alone 'SHARES=50 5'
says "$nothing INDEX.a and SPLIT.a, or write a rule that calls mc-split." \
    'nor an index' --no-print-directory -C alone INDEX= INDEX.a=
says 'a/index.tsv does not exist and no rule makes it: set INDEX.a, or write a rule for it.' \
    'nor the index of SPLIT' --no-print-directory -C alone INDEX= INDEX.a= SPLIT=
printf '%%/manifest.tsv: w.pth\n\techo made >$@\n' >>alone/Makefile
run study -n -C alone
is_rc 0 "a pattern of the Makefile's own makes it"
shows 'as it says' 'echo made >a/manifest.tsv'
rm -r alone
mkdir none
for p in sh flock sha256sum sort; do ln -s "$(command -v $p)" none/; done
run env MAKEFLAGS= MAKELEVEL= PATH="$PWD/none" \
    "$(command -v "${MAKE:-make}")" MC="$programs" -n figures
shows 'without gnuplot it says so' 'no figures: gnuplot is not installed'
run env MAKEFLAGS= MAKELEVEL= PATH="$PWD/none" \
    "$(command -v "${MAKE:-make}")" MC="$programs" -n report.html REPORT=--x
shows 'and has a report' 'mc-report .*--x'
ok 'without figures' test "$(grep -c -e ' --figure ' out)" -eq 0
run env MAKEFLAGS= MAKELEVEL= PATH="$PWD/none" \
    "$(command -v "${MAKE:-make}")" MC="$programs" -n -W metrics.tsv all
shows 'without pdflatex it says so' 'no table.pdf: pdflatex is not installed'
shows 'and makes the table' 'mc-tex.* -o table.tex metrics.tsv'
ok 'without its PDF' test "$(grep -c -w pdflatex out)" -eq 1
mv table.pdf kept.pdf
run env MAKEFLAGS= MAKELEVEL= PATH="$PWD/none" \
    "$(command -v "${MAKE:-make}")" MC="$programs" -n table.pdf
is_rc 2 'which cannot be made'
ok 'with one line' grep -q 'no table.pdf: pdflatex is not installed (texlive-latex-recommended): make table.tex' err
mv kept.pdf table.pdf
rm -r none
run study -n FOLDS=2 TEST.a=ext.tsv
is_rc 2 'folds and an external test set exclude each other'
run study -n COMPARE=--friedman 'COMPARE.a=--positive x'
is_rc 2 'and so do --friedman and options of one task'
run study -n 'COMPARE.a=--family all'
is_rc 2 'and --family as an option of one task'
rm ext.tsv

# --- A make that was killed --------------------------------------------------

# begin: a make with other options, whose first training waits.
begin() {
	rm -f started go
	env MAKEFLAGS= MAKELEVEL= PATH="$path" "${MAKE:-make}" MC="$programs" \
	    'TRAIN=--lr 0.5' a/m-frozen-1.predictions.tsv >log 2>&1 &
	make_pid=$!
	await test -s started
	train_pid=$(cat started)
}
model=a/m-frozen-1.model.tar
cp $model first.model
cp commands.txt first.commands
begin
run study
is_rc 2 'a second make stops'
ok 'at once, with one line' test "$(grep -c . err)" -eq 1
ok 'that says why' grep -q 'another make is at work in this folder' err
ok 'and does nothing' test ! -s out
kill -TERM $make_pid
wait $make_pid 2>/dev/null
ok 'TERM to make ends the training, too' await eval "! kill -0 $train_pid"
: >go
run study all table.tex
is_rc 0 'back to the old options'
ok 'the model is the old one' cmp first.model $model
ok 'and the table' cmp first.pdf table.pdf
mv .study.lock kept.lock
mkdir .study.lock
run study
is_rc 2 'a lock that cannot be written'
ok 'one line says so' grep -q -x '[^ ]*study.mk:[0-9]*: \*\*\* .study.lock in this folder cannot be written: its owner may give that right, or delete it.  Stop.' err
rmdir .study.lock
mv kept.lock .study.lock

begin
kill -KILL $make_pid
wait $make_pid 2>/dev/null
run study
is_rc 2 'what a killed make has left at work stops the next one'
ok 'with one line' test "$(grep -c . err)" -eq 1
ok 'that says why' grep -q 'programs of a make that was killed are still' err
: >go
await eval "! kill -0 $train_pid"
ok 'it has replaced the model' grep -q 'lr 0.5' $model
run study all table.tex
is_rc 0 'back to the old options'
ok 'the model is the old one again' cmp first.model $model
ok 'and the table' cmp first.pdf table.pdf
rm -f go
begin
kill -KILL $make_pid $train_pid
wait $make_pid 2>/dev/null
run study all table.tex
is_rc 0 'when all were killed'
ok 'the table is the old one' cmp first.pdf table.pdf
ok 'commands.txt has all commands, as if nothing had been interrupted' cmp \
    first.commands commands.txt
run study -q all table.tex
is_rc 0 'and complete'

# --- A folder with a blank in its name ---------------------------------------

cd ..
mkdir -p 'a blank'
cp -R "$abs_srcdir/examples" 'a blank/'
chmod -R u+w 'a blank'
cp -R stub 'a blank/cmd'
ln -s program 'a blank/cmd/mc-phantom'
cd 'a blank/examples/phantom' || exit 99
run env MAKEFLAGS= MAKELEVEL= MC= PATH="$path" "${MAKE:-make}" -n
run env -u MC MAKEFLAGS= MAKELEVEL= PATH="$path" "${MAKE:-make}"
is_rc 0 'the demo runs in a folder with a blank in its name'
ok 'to its PDF' test -s table.pdf
ok 'and its report' test -s report.html
run env -u MC MAKEFLAGS= MAKELEVEL= PATH="$path" "${MAKE:-make}" study.tar
is_rc 0 'and its archive'
run env -u MC MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" 'PHANTOM=--patients 9' -n
ok 'other patients make its task again' \
    test "$(grep -c 'mc-phantom .*--patients 9 ' out)" -eq 3
run env -u MC MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" clean
ok 'and is cleaned to nothing' test "$(ls -A)" = "$(printf '%s\n' Makefile err out tap.log)"
cd ../../.. || exit 99
# refused TEXT NAME ARGUMENT...: make ends at once and says TEXT.
refused() {
	text=$1 name=$2
	shift 2
	run env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" -n -f refused.mk "$@"
	if [ $rc -eq 2 ] && grep -q "study.mk:[0-9]*: \*\*\* $text" err
	then pass "$name"
	else fail "$name" err; fi
}
echo 'include a\ blank/examples/study.mk' >refused.mk
refused 'the name of the folder of study.mk contains a space' \
    'study.mk in such a folder cannot be included'
echo "include $abs_srcdir/examples/study.mk" >refused.mk
refused 'study.mk needs GNU make 4.2 or later, and this is 3.81' \
    'the make of macOS' MAKE_VERSION=3.81

# As on macOS, there is no flock(1).
mkdir few bare
for p in sh sed mkdir mv rm seq; do ln -s "$(command -v $p)" few/; done
printf 'include %s\n$(eval $(call rule,x,,echo x >$$@))\n' \
    "$abs_srcdir/examples/study.mk" >bare/Makefile
run env MAKEFLAGS= MAKELEVEL= PATH="$PWD/few" "$(command -v "${MAKE:-make}")" -C bare x
ok 'without flock(1) it works without the lock' test "$(ls -A bare)" = \
    "$(printf '%s\n' .study.made Makefile x)"

# --- The programs themselves -------------------------------------------------

programs=$abs_builddir/cmd/
path=$PATH
mkdir real && cd real || exit 99
cat >Makefile <<'EOF'
TASKS   = chest
MODELS  = resnet18 dinov2_vits14
REGIMES = frozen finetune
SEEDS   = 1
MODELS.finetune = resnet18
WEIGHTS.resnet18 = random
WEIGHTS.dinov2_vits14 = random
TRAIN   = --resize 48 --crop 42 --epochs 1
SPLITS  = --ratio train=50,val=25,test=25
TEST.other = other/external.tsv
TRAIN.other = --features pooled
BOOTSTRAP.other = --positive OPACITY --metrics accuracy,recall
FIGURES = explain
EXPLAIN.dinov2_vits14 = --method attention
MONTAGE = --columns 2 --dpi 100 --font-size 6
include $(abs_srcdir)/examples/study.mk
chest/manifest.tsv:
	mkdir -p chest
	$(MC)mc-phantom --task chest --patients 24 --size 48 -o chest/images
	$(MC)mc-index --group 'patient[0-9]+' chest/images | \
	    $(MC)mc-split $(SPLITS) -o $@
other/manifest.tsv: chest/manifest.tsv
	mkdir -p other
	cp chest/manifest.tsv other/manifest.tsv
other/external.tsv:
	mkdir -p other
	$(MC)mc-phantom --task chest --patients 10 --size 48 --seed 7 -o other/images
	$(MC)mc-index --group 'patient[0-9]+' -o $@ other/images
EOF
# column NAME: of metrics.tsv, what it holds.
column() {
	awk -F'\t' -v name="$1" 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next}
	    {print $c[name]}' metrics.tsv | sort -u | tr '\n' ' '
}

# explained ARM: the maps of ARM in chest are of the images beside them, and the
# probabilities those of its predictions, to within 0.00001.
explained() {
	awk -F'\t' 'FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; file++; next }
	    file == 1 { sheet[$c["id"]] = 1; n++; next }
	    file == 2 { seen += sheet[$c["id"]]; p[$c["id"]] = $c["p"]; class[$c["id"]] = $c["predicted"]; next }
	    $c["id"] in class { d = $c["p:" class[$c["id"]]] - p[$c["id"]]; same += d < 1e-5 && d > -1e-5 }
	    END { print (n > 0), (seen == n), (same == n) }' "figures/explain/chest/$1.list.tsv" \
	    "figures/explain/chest/$1.tsv" chest/$1-1*.predictions.tsv
}

run study -j 2
is_rc 0 'a study runs'
for arm in resnet18-frozen resnet18-finetune; do
	ok "$arm: the images of the sheet are explained, and no others" test "$(explained $arm)" = '1 1 1'
done
rows() { cat "$@" | grep -vc '^task\|^id'; }
ok 'of two columns, a page has room for fewer with maps, and the table is of these' test \
    "$(rows figures/explain/chest/*-frozen.tsv)" -lt "$(rows figures/montage/chest/*-frozen.tsv)"
ok 'but all have a map' test "$(rows figures/montage/chest/resnet18-frozen.tsv)" -eq \
    "$(tar -xOf chest/resnet18-frozen-1.maps.tar maps.tsv | sed 1d | wc -l)"
ok 'a vision transformer by another method' test \
    "$(cut -f 3 figures/explain/chest/dinov2_vits14-frozen.tsv | sed 1d | sort -u)" = attention
ok 'sheets are JPEG' sh -c 'for f in figures/*/chest/*.jpg; do
    [ "$(od -An -tx1 -N3 $f)" = " ff d8 ff" ] || exit; done'
ok 'with those of mistakes and of maps in the report' test \
    "$(grep -c '<figure id="mistakes-' report.html) $(grep -c '<figure id="explanations-' report.html)" = '3 3'
ok 'and what they are' grep -q '; by Grad-CAM, each for the predicted class, in colours from dark blue' report.html
ok 'to its PDF' test -s table.pdf
ok 'with figures' test -s figures/forest.pdf -a -s figures/differences.pdf
ok 'with a line for each cell and the baseline' test "$(column arm)" = \
    'dinov2_vits14/frozen largest class resnet18/finetune resnet18/frozen '
ok 'and the differences of all pairs of cells' \
    test "$(sed 1d differences.tsv | wc -l)" -eq 3
run study
ok 'nothing is done twice' grep -q 'Nothing to be done' out
cp table.pdf first.pdf
mc-bootstrap -q -o once.tsv chest/*.predictions.tsv
ok 'the table is that of mc-bootstrap' cmp once.tsv metrics.tsv

# The report, and the archive: of equal files equal bytes.
run study report.html study.tar 'DESCRIBE=--unit image' 'REPORT=--title Real'
is_rc 0 'the report and the archive are made'
ok 'a card per arm' test "$(grep -c '<article' report.html)" -eq 3
ok 'all models know their manifest' grep -q \
    '3 of 3 models were trained with one of these manifests' report.html
ok 'the command of each result' test \
    "$(sed -n 's/^# //p' commands.txt | sort -u | wc -l)" -eq \
    "$(find .study.made -type f ! -name '*.new' | grep -vc 'commands.txt\|report.html\|SHA256SUMS\|study.tar')"
ok 'SHA256SUMS are those of the files' sha256sum -c --quiet SHA256SUMS
ok 'of models also' grep -q 'chest/resnet18-frozen-1.model.tar' SHA256SUMS
tar -tf study.tar | sort >got
for f in Makefile SHA256SUMS chest/images.tsv chest/manifest.tsv commands.txt \
    chest/resnet18-frozen-1.log.tsv metrics.tsv report.html \
    $(cd "$abs_srcdir/examples" && ls ./*.awk ./*.sh ./*.mk | sed 's,^./,,'); do
	ok "the archive has $f" grep -qx "$f" got
done
ok 'and no model' sh -c '! grep "model.tar" got'
mkdir ../again
tar -xf study.tar -C ../again
ln -s "$PWD/chest/images" ../again/chest/images
run sh -c 'cd ../again && PATH=$1:$PATH sh -e commands.txt' sh "$programs"
is_rc 0 'commands.txt repeats the study from its archive'
ok 'with the same bytes' sh -c 'cd ../again && sha256sum -c --quiet SHA256SUMS'
cp study.tar first.tar
touch metrics.tsv chest/*.tsv
rm study.tar
run study -o metrics.tsv -o differences.tsv -o chest/manifest.tsv study.tar \
    'DESCRIBE=--unit image' 'REPORT=--title Real'
ok 'with the same bytes again' cmp study.tar first.tar
ok 'a report is made again after another option' sh -c \
    "$(printf '%s' 'env MAKEFLAGS= MAKELEVEL= ${MAKE:-make} -n report.html MC=') '$programs' 'DESCRIBE=--unit image' | grep -q mc-report"

# The training images are those of chest; all images of the external set are
# predicted, none of the others.
run study 'TASKS=chest other' MODELS=resnet18 REGIMES=frozen
is_rc 0 'a study with an external test set runs'
run study 'TASKS=chest other' MODELS=resnet18 REGIMES=frozen report.html
is_rc 0 'and has a report'
ok 'with the external manifest' grep -q 'Division of the images: other.test' \
    report.html
{ sed 1d other/external.tsv | wc -l
  awk -F'\t' '$5 == "test"' chest/manifest.tsv | wc -l
} | sort -u | tr '\n' ' ' >wanted
ok 'of it all images are in the table, of the other task the split test' \
    test "$(column n_images)" = "$(cat wanted)"
mc-bootstrap -q --positive OPACITY --metrics accuracy,recall -o once.tsv \
    other/resnet18-frozen-1.predictions.tsv other/baseline.predictions.tsv
sed 1d metrics.tsv | grep '^other' >joined
ok 'each task with its own options' test "$(sed 1d once.tsv)" = "$(cat joined)"
ok 'the largest class is that of the training images' test \
    "$(awk -F'\t' 'NR > 1 {print $6}' other/baseline.predictions.tsv | sort -u)" = \
    "$(awk -F'\t' '$5 == "train" {print $3}' chest/manifest.tsv | sort | uniq -c |
	sort -k 1nr,1 -k 2 | awk 'NR == 1 {print $2}')"

# Cross-validation: each image is predicted once, by the model that did not see
# its fold.
mkdir ../folds && cp Makefile ../folds && cd ../folds || exit 99
run study MODELS=resnet18 REGIMES=frozen FOLDS=2 'SPLITS=--folds 2'
is_rc 0 'a cross-validated study runs'
run study MODELS=resnet18 REGIMES=frozen FOLDS=2 'SPLITS=--folds 2' report.html
is_rc 0 'and has a report'
ok 'the maps of all folds are one table' test "$(explained resnet18-frozen)" = '1 1 1'
ok 'with the models of the folds in one card' grep -q 'Runs: 2 models' report.html
ok 'every image is in the table' test "$(column n_images)" = \
    "$(awk 'END {print NR - 1}' chest/manifest.tsv) "
for k in 1 2; do
	awk -F'\t' -v k=$k 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next}
	    $c["fold"] == k {print $c["id"]}' chest/manifest.tsv | sort >wanted
	cut -f 9 chest/resnet18-frozen-1-fold$k.predictions.tsv | sed 1d |
	    sort >got
	ok "fold $k is predicted by its model" cmp wanted got
	awk -F'\t' -v k=$k 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next}
	    $c["fold"] != k {n[$c["label"]]++}
	    END {print n["NORMAL"] < n["OPACITY"] ? "OPACITY" : "NORMAL"}' \
	    chest/manifest.tsv >wanted
	awk -F'\t' -v k=$k '$5 == k {print $6}' chest/baseline.predictions.tsv |
	    sort -u >got
	ok "and by the largest class of the others" cmp wanted got
done
ok 'the PDF is there' test -s table.pdf

# Learning curves: each share is an arm's line, with what it was trained on.
mkdir ../shares && cp Makefile ../shares && cd ../shares || exit 99
run study MODELS=resnet18 REGIMES=frozen 'SHARES=50 100' \
    'SPLITS=--ratio train=50,val=25,test=25 --shares 50,100' \
    'SEEDS=1 2' 'BOOTSTRAP=--metrics accuracy'
is_rc 0 'a study of shares runs'
run study MODELS=resnet18 REGIMES=frozen 'SHARES=50 100' \
    'SPLITS=--ratio train=50,val=25,test=25 --shares 50,100' \
    'SEEDS=1 2' 'BOOTSTRAP=--metrics accuracy' report.html
is_rc 0 'and has a report'
ok 'with a card per share' test "$(grep -c '<article' report.html)" -eq 2
ok 'with a line for each share and the baseline' test "$(column train_share)" = \
    ' 100 50 '
for share in 50 100; do
	awk -F'\t' -v share=$share 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next}
	    $c["split"] == "train" && $c["share"] <= share {n++; unit[$c["group"]]}
	    END {for (u in unit) units++; print share "\t" n "\t" units}' \
	    chest/manifest.tsv
done >wanted
printf '\t\t\n' >>wanted
awk -F'\t' 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next}
    {print $c["train_share"] "\t" $c["train_images"] "\t" $c["train_units"]}' \
    curve.tsv | sort >got
ok 'curve.tsv has the numbers of training images and patients' \
    sh -c 'sort wanted | cmp - got'
sed 's/	[^	]*	[^	]*$//' curve.tsv >got
ok 'beside the columns of metrics.tsv' cmp got metrics.tsv
ok 'the PDF is there' test -s table.pdf
run study MODELS=resnet18 REGIMES=frozen 'SHARES=50 100' \
    'SPLITS=--ratio train=50,val=25,test=25 --shares 50,100' \
    'SEEDS=1 2' 'BOOTSTRAP=--metrics accuracy'
ok 'and nothing is done twice' grep -q 'Nothing to be done' out
sed 's/^chest/chest:Effusion/' chest/metrics.tsv >findings.tsv
awk -f "$abs_srcdir/examples/curve.awk" findings.tsv chest/*.model.tar |
    sed 's/^chest:Effusion/chest/' >got
ok 'the task of a finding has the models of its task' cmp got chest/curve.tsv
rm chest/curve.tsv
cp chest/baseline.predictions.tsv chest/resnet18-frozen-1-share50.model.tar
run awk -f "$abs_srcdir/examples/curve.awk" chest/metrics.tsv \
    chest/resnet18-frozen-1-share50.model.tar
is_rc 1 'curve.awk refuses what is no model of a share'

# The example that compares a CNN, DINOv2, DINOv3 and a medical model, on images
# and a table like those of HAM10000, and with smaller networks.
mkdir -p ../pretraining/ham/images && cd ../pretraining || exit 99
mc-phantom -q --task dermoscopy --classes melanoma,nevus,vascular --patients 24 \
    --size 48 -o phantom
echo lesion_id,image_id,dx,dx_type,age,sex,localization \
    >ham/HAM10000_metadata.csv
for f in phantom/*/*.png; do
	id=$(basename "$f" .png) dx=$(basename "$(dirname "$f")")
	cp "$f" ham/images/"$dx-$id".png
	echo "$dx-${id%_*},$dx-$id,$dx,histo,50.0,male,back" \
	    >>ham/HAM10000_metadata.csv
done
run study -f "$abs_srcdir/examples/pretraining/Makefile" DATA=ham TRY=yes \
    'MODELS=resnet50 dinov2_vits14 dinov3_vits16 dinobloom-s'
is_rc 0 'the example of pretraining runs'
ok 'with a line for each model and the baseline' test "$(column arm)" = \
    'dinobloom-s/frozen dinov2_vits14/frozen dinov3_vits16/frozen largest class resnet50/frozen '
ok 'and a difference of each model from the CNN' \
    test "$(sed 1d differences.tsv | wc -l)" -eq 6
ok 'the PDF is there' test -s table.pdf

cd ../real || exit 99
: >chest/manifest.tsv
run study
ok 'a manifest that is no manifest ends it' test "$rc" -ne 0
ok 'with nothing half-written' test -z "$(find . -name '.*.mc-??????' -o -name '*.part')"
cd .. || exit 99

done_testing
