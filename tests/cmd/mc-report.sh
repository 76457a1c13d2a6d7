#!/bin/sh
# mc-report: a page of a small study, whose every number is compared with its
# table; what is refused; the page in a browser.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-report
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

peers=$abs_srcdir/tests/report
tasks='chest skin'
ok 'a small study' "$PYTHON3" "$peers/study.py"
for t in $tasks; do
	mc-bootstrap -q --train-seeds mean --replicates 399 \
	    --metrics accuracy,precision,recall,f1,auroc:macro \
	    $t/*.predictions.tsv >$t/metrics.tsv
	mc-compare -q --replicates 399 --metrics accuracy,f1 \
	    $t/*.predictions.tsv >$t/differences.tsv
	mc-describe -q --columns age -o $t/population.tsv $t/manifest.tsv
done
for table in metrics differences; do
	awk 'FNR > 1 || NR == 1' chest/$table.tsv skin/$table.tsv >$table.tsv
done
cat >question.txt <<'END_OF_TEXT'
Does fine-tuning do better than a linear head,
with "quotes", <brackets> & more?

A second paragraph.
END_OF_TEXT
printf 'model.tar: images.tar\n\tmc-train --task chest <images.tar & true\n' \
    >commands.txt

files=
for t in $tasks; do
	files="$files --manifest $t=$t/manifest.tsv"
	files="$files --population $t=$t/population.tsv"
done
files="$files --metrics metrics.tsv --differences differences.tsv"
files="$files --question question.txt --commands commands.txt"
# report [OPTION]...: the page of all of it.
report() {
	# shellcheck disable=SC2086
	run mc-report -q --title 'A <study> & "more"' $files "$@" \
	    */*.model.tar
}

# --- The page -------------------------------------------------------------------
if command -v gnuplot >/dev/null; then
	set -- --figure forest=metrics.tsv --figure differences.tsv
else
	skip 'figures' 'no gnuplot'
	set --
fi
report "$@" -o report.html
is_rc 0 'a report of all files'
ok 'without a word' test ! -s out -a ! -s err
cp report.html first.html
report "$@" -o report.html
ok 'the same files give the same bytes' cmp report.html first.html
if [ $# -gt 0 ]; then
	compared 'the page was read' "$PYTHON3" "$peers/page.py" report.html \
	    0.05 $tasks
	report "$@" --alpha 1 -o marked.html
	compared 'every number marked' "$PYTHON3" "$peers/page.py" \
	    marked.html 1 $tasks
	report "$@" --alpha 0
	ok 'or none' sh -c '! grep -q "Difference from" out'
fi
if command -v tidy >/dev/null; then
	ok 'HTML without a fault' sh -c '! tidy -q -e report.html 2>&1 | grep .'
else
	skip 'HTML without a fault' 'no tidy'
fi

# --- In a browser ---------------------------------------------------------------
if ! command -v chromium >/dev/null; then
	skip 'the page in a browser' 'no chromium'
elif [ $# -gt 0 ]; then
	# With fewer decimals the differences are in the order of their values.
	report "$@" --decimals 2 -o sorted.html
	compared 'the page was looked at' "$PYTHON3" "$peers/looked.py" \
	    sorted.html
fi
if command -v chromium >/dev/null; then
	awk -F '\t' -v OFS='\t' 'NR == 1 { print; next } $1 == "chest" {
		for (i = 1; i <= 60; i++) { $1 = "task " i; print } }' metrics.tsv >long.tsv
	mc-report -q --metrics long.tsv -o long.html
	"$PYTHON3" -c 'import sys; sys.path.append(sys.argv[1])
from browser import Browser
with Browser("long.html") as b: b.pdf("long.pdf")' "$peers"
	for page in 2 3; do
		pdftotext -layout -f $page -l $page long.pdf - >printed
		ok "page $page on paper has the head of its table" sh -c \
		    'grep -q "task [0-9]" printed && grep "^ *Task  *Model" printed | grep -q Accuracy'
	done
fi

# --- Parts ----------------------------------------------------------------------
run mc-report --question question.txt
is_rc 0 'a question alone is a report'
ok 'its checklist tells what to give' grep -q 'give --manifest' out
ok 'and has no results' sh -c '! grep -q "id=\"results\"" out'
ok 'and answers no item whole' grep -q 'files of the study answer 0 of' out
run mc-report --metrics metrics.tsv
is_rc 0 'metrics alone are a report'
run mc-report chest/resnet18-frozen-1.model.tar
is_rc 0 'a model alone is a report'
ok 'its card says that there are no metrics' grep -q \
    'No metrics of this arm were given' out
ok 'and that it was trained once' grep -q 'trained with one seed (1)' out
ok 'its seed is a fact' grep -q '<dt>Training seed</dt>' out
ok 'a single model has no table of runs' sh -c '! grep -q "card-1-runs" out'
run mc-report chest/resnet18-frozen-?.model.tar \
    chest/dinov2_vits14-finetune-1.model.tar
ok 'arms of one seed are counted among all' grep -q \
    '1 of 2 arms were trained with one seed' out
ok 'a card of two models has what they differ in' sh -c \
    'sed -n "/card-2-runs/,/<.table>/p" out | grep -q ">Training seed<"'
cp chest/resnet18-frozen-2.model.tar a.tar
cp chest/resnet18-frozen-1.model.tar b.tar
run mc-report a.tar b.tar
ok 'in the order of their seeds' test "$(sed -n '/card-1-runs/,/<.table>/p' out |
    sed -n 's/.*>\([ab]\.tar\)<.*/\1/p' | paste -s -d ' ' -)" = 'b.tar a.tar'
# variant EDIT FILE: FILE is resnet18-frozen-1 of chest with an edited __model__.
variant() {
	rm -rf variant && mkdir variant &&
	    tar -xf chest/resnet18-frozen-1.model.tar -C variant &&
	    sed "$1" variant/__model__ >variant/edited &&
	    mv variant/edited variant/__model__ &&
	    set -- "$2" __model__ images.tsv log.tsv head.safetensors &&
	    (file=$1 && shift && cd variant &&
	    printf 'key\tvalue\nformat\t2\nsha256\t%s\n' \
	        "$(cat "$@" | sha256sum | cut -c 1-64)" >__end__ &&
	    tar -cf ../"$file" --format=ustar "$@" __end__)
}
variant 's/^epochs	.*/epochs	9/' a.tar
run mc-report a.tar b.tar
is_rc 0 'two models of one arm and one seed'
ok 'are one arm that was trained with one seed' grep -q 'Each arm was trained with one seed (1):' out
ok 'what they differ in is no fact of their card' sh -c '! grep -q "<dt>Epochs</dt>" out'
sed -n '/card-1-runs/,/<.table>/p' out | sed -n 's/.*<t[hd][^>]*>\(.*\)<\/t[hd]>.*/\1/p' >cells
ok 'but a column of their table' test "$(sed -n '/^Epochs$/p; /^[89]$/p' cells | paste -s -d ' ' -)" = 'Epochs 9 8'
# The names of published weights and lists of augmentation are long.
variant 's/^arm	.*/arm	vit_small_patch16_224\/frozen/
    s/^weights	.*/weights	vit_small_patch16_224.augreg_in21k_ft_in1k.safetensors/' a.tar
variant 's/^epochs	.*/epochs	30\naugment	crop:0.5-1,flip,rotate:15,jitter:0.2/
    s/^lr	.*/lr	0.0003/; s/^optimizer	.*/optimizer	adamw/; s/^images_train	.*/images_train	12000/
    s/^weights	.*/weights	densenet121-a639ec97.pth/' c.tar
mc-report -o out a.tar c.tar
ok 'what all arms have in common is below their table' grep -q \
    '<p>The same for all arms. Head: linear. Validation images: 18.</p>' out
ok 'and is no column of it' sh -c '! sed -n "/id=.arms.>/,/<.table>/p" out | grep -q ">Head<"'
ok 'but what they differ in is' sh -c 'sed -n "/id=.arms.>/,/<.table>/p" out | grep -q ">Optimiser<"'
ok 'long names can be broken behind their marks, numbers not' grep -q \
    '>crop:0.5-1,<wbr>flip,<wbr>rotate:15,<wbr>jitter:0.2<' out
if command -v chromium >/dev/null; then
	cp out arms.html
	ok 'and no table is wider than a desk' "$PYTHON3" -c 'import sys; sys.path.append(sys.argv[1])
from browser import Browser
with Browser("arms.html") as b:
    b.size(1280, 900)
    sys.exit(b.evaluate("[...document.querySelectorAll(\".box\")].some(x => x.scrollWidth > x.clientWidth)"))' "$peers"
fi
run mc-report a.tar
ok 'a single arm has it all in its table' sh -c '! grep -q "The same for all" out &&
    sed -n "/id=.arms.>/,/<.table>/p" out | grep -q ">Head<"'
ok 'but for what its models do not have' sh -c '! sed -n "/id=.arms.>/,/<.table>/p" out |
    grep -q ">Augmentation<"'
variant 's/^arm	.*/arm	x1/' a.tar
variant 's/^arm	.*/arm	x2/; s/^epochs	.*/epochs	30/' c.tar
variant 's/^arm	.*/arm	x3/' d.tar
mc-report -o out a.tar c.tar d.tar
ok 'a column says what one of three arms has, the last like the first' sh -c '
    sed -n "/id=.arms.>/,/<.table>/p" out | grep -q ">Epochs<"'
run mc-report --manifest skin/manifest.tsv chest/resnet18-frozen-1.model.tar
ok 'a model of another manifest is told' grep -q \
    '1 of 1 models were trained with a manifest that is not among' out
cut -f 1-3,5- chest/manifest.tsv >nogroup.tsv
run mc-report --manifest nogroup.tsv
ok 'a manifest without groups is a limitation' grep -q \
    'A manifest has no groups' out
ok 'and does not answer CLAIM 20' sh -c \
    'grep -A 4 "id=\"claim-20\"" out | grep -q "For the author"'
run mc-report --manifest nogroup.tsv --manifest skin/manifest.tsv
ok 'nor do several, one of which has none' sh -c 'grep -q "A manifest has no groups" out &&
    grep -A 4 "id=\"claim-20\"" out | grep -q "For the author"'

sed '2,$s/\t\(train\|val\|test\)\t/\t\t/' chest/manifest.tsv >whole.tsv
run mc-report --manifest whole.tsv
is_rc 0 'a manifest that is not divided'
ok 'which the page says' grep -q 'The images are not divided' out
ok 'and not that no group is in two splits' sh -c \
    '! grep -q "in more than one split or fold\." out'
ok 'and does not answer CLAIM 19 and 20' sh -c \
    'test "$(grep -A 4 "id=\"claim-\(19\|20\)\"" out |
    grep -c "For the author")" -eq 2'

awk -F '\t' -v OFS='\t' '{ $5 = NR == 1 ? "fold" : substr($4, 2) % 3 + 1 } 1' \
    chest/manifest.tsv >folds.tsv
run mc-report --manifest folds.tsv
ok 'folds divide images' sh -c \
    'grep -A 3 "id=\"claim-19\"" out | grep -q "In this report"'
ok 'folds have a column' grep -q '>Fold</th>' out
ok 'and splits, of which there are none, have not' sh -c '! grep -q ">Split</th>" out'
ok 'groups have their own name' grep -q 'share a group with another fold' out
run mc-report --unit-name biopsy,biopsies --manifest folds.tsv
ok 'or that of --unit-name, also in what the audit says' sh -c \
    'grep -q "share a biopsy with another fold" out && ! grep -q "share a group" out'
awk -F '\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR == 2 { $c["group"] = "" } 1' chest/manifest.tsv >some.tsv
run mc-report --unit-name patient --manifest some.tsv
ok 'but for the names of columns' grep -q \
    'Column &quot;group&quot; is empty in 1 of 90 rows: each of these images is treated as a patient of its own' out
run mc-report --manifest chest/manifest.tsv
ok 'unless there are none' sh -c '! grep -q ">Fold</th>" out'
printf 'program\treason\timages\tgroups\timages_left\tgroups_left\n' >flat.tsv
printf '\tfound\t9\t\t9\t\nmc-index\tno label\t2\t\t7\t\n' >>flat.tsv
printf 'program\treason\timages\tgroups\timages_left\tgroups_left\tfiles\tfiles_left\n' >files.tsv
printf '\tfound\t55\t20\t55\t20\t58\t58\n' >>files.tsv
printf 'mc-index\tnot an image\t0\t0\t55\t20\t3\t55\n' >>files.tsv
run mc-report --flow files.tsv
sed -n '/>Flow of the images</,/<\/table>/p' out |
    sed -n 's/<t[hd][^>]*>\(.*\)<\/t[hd]>/\1/p' | paste -d '|' - - - - - - >got
is_file got 'files that are no images are counted' <<'END_OF_TABLE'
Found, or left out by|Files|Images|Groups|Images remaining|Groups remaining
found|58|55|20|55|20
mc-index: not an image|3|0|0|55|20
END_OF_TABLE
run mc-report --flow flat.tsv
ok 'a flow without groups has no column of them' sh -c \
    'grep -q ">Images remaining<" out && ! grep -q ">Groups" out'
run mc-report --metrics metrics.tsv
# changed COLUMN VALUE: metrics.tsv with VALUE in all rows of COLUMN.
changed() {
	awk -F '\t' -v OFS='\t' -v name="$1" -v value="$2" 'NR == 1 {
	    for (i = 1; i <= NF; i++) if ($i == name) c = i }
	    NR > 1 { $c = value } 1' metrics.tsv
}
# answers ITEM HOW: whether the page answers ITEM of CLAIM so.
answers() { grep -A 5 "id=\"claim-$1\"" out | grep -q "$2"; }
ok 'without subgroups CLAIM 30 is open' answers 30 'For the author'
ok 'intervals answer CLAIM 29' answers 29 'In this report'
changed subgroup sex=F >changed.tsv
run mc-report --metrics changed.tsv
ok 'subgroups answer it in part' answers 30 'In part'
changed unit image >changed.tsv
run mc-report --metrics changed.tsv
ok 'intervals of images are a limitation' grep -q \
    'Some intervals resample images, not patients' out
changed note 'one reason; a second one; p has none' >changed.tsv
run mc-report --metrics changed.tsv
ok 'each remark of a table is an item of a list' sh -c \
    'sed -n "/Remarks in the table of metrics:/,/<.ul>/p" out | tr -d "\n" |
    grep -q "metrics:</p><ul><li>One reason\.</li><li>A second one\.</li><li>p has none\.</li></ul>"'
seq 30 >lines.txt
run mc-report --question question.txt --commands lines.txt
ok 'thirty lines of commands are shown' sh -c '! grep -q "<details>" out && grep -q "^30$" out'
seq 31 >lines.txt
printf 'last' >>lines.txt
run mc-report --question question.txt --commands lines.txt
ok 'more are folded, and none is lost' sh -c 'sed -n "/<details>/,/<.details>/p" out |
    tr "\n" " " | grep -q "<summary>Show all 32 lines</summary> <pre><code>1 2 .* 31 last"'
changed unit image | awk 'NR == FNR { if (FNR < 3) print; next } FNR > 2' - metrics.tsv >some.tsv
run mc-report --metrics some.tsv
ok 'also those of one row' grep -q 'Some intervals resample images, not patients' out
changed lo '' >one.tsv
awk -F '\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "hi")
    c = i } NR > 1 { $c = "" } 1' one.tsv >changed.tsv
run mc-report --metrics changed.tsv
ok 'without intervals CLAIM 29 is open' answers 29 'For the author'
mc-describe -q -o counts.tsv chest/manifest.tsv
run mc-report --population counts.tsv
ok 'counts alone leave CLAIM 36 open' answers 36 'For the author'
run mc-report --population chest/population.tsv
ok 'an age does not' answers 36 'In this report'
run mc-report --question question.txt
ok 'all that is missing is named' answers 20 \
    'give --manifest, and --manifest with a column group'
run mc-report chest/resnet18-frozen-1.model.tar
ok 'sums without an order are a limitation' grep -q \
    '1 of 1 models were trained without a fixed order of summation' out
run mc-report --metrics metrics.tsv
ok 'CLAIM 28 is answered in part' sh -c \
    'grep -A 3 "id=\"claim-28\"" out | grep -q "In part"'

run mc-report --manifest chest=skin/manifest.tsv */*.model.tar
fails 1 'mc-report: skin/manifest.tsv: given as the manifest of task "chest", but the models trained with it are of another task: give each manifest with its own task' \
    'manifests in another order than their tasks'

# --- What cards say of metrics ---------------------------------------------------
# A model that predicts one class has precisions 0/0, and AUROC is undefined where
# a subgroup has one class.
for table in chest/resnet18-frozen-[12].predictions.tsv; do
	awk -F '\t' -v OFS='\t' 'NR > 1 { $12 = "NORMAL"; $13 = 0.9; $14 = 0.1 }
	    1' $table >one.${table#*/}
done
mc-bootstrap -q --replicates 399 --metrics precision:positive,f1:macro,auroc \
    --positive OPACITY one.*.predictions.tsv >one.tsv
ok 'metrics with remarks' sh -c 'grep -q "0/0" one.tsv'
run mc-report --metrics one.tsv chest/resnet18-frozen-1.model.tar
is_rc 0 'a card of metrics with remarks'
# below TABLE: what is said below it, without the letters of notes.
below() {
	sed -n "/<table id=\"$1\"/,/^<\/section/p" out |
	    sed -n '/<div class="notes">/,/<\/div>/p' | sed '/<\/div>/q' |
	    sed 's/<[^>]*>//g; s/^[a-z,]* //' | grep . | sort
}
below card-1-results >said
for words in 'Confidence level: 95 %.' 'Interval method: percentile.' \
    'Replicates: 399.' 'Resampling unit: group.' \
    'Weights: random, not pretrained.'; do
	ok "a card says: $words" grep -qx "$words" said
done
below table-1 >results
ok 'the table of results has notes' grep -q '0/0' results
grep -v '^Bold\|^Size\|^Values\|^Task\|^Model\|^Regime\|^Features\|^Split' \
    results >notes
while read -r line; do
	ok "a card says as the results do: $line" grep -qxF "$line" said
done <notes

awk -F '\t' -v OFS='\t' 'NR == 2 { $21 = "0.25" } 1' one.tsv >threshold.tsv
run mc-report --metrics threshold.tsv chest/resnet18-frozen-1.model.tar
below card-1-results >said
ok 'a card says that its weights were random' grep -q \
    'Limits: Training began from random weights' out
ok 'a card says at which threshold' grep -q 'At the threshold 0.25' said

run mc-report --metrics metrics.tsv chest/resnet18-frozen-?.model.tar
below card-1-results >said
ok 'a card says how far seeds differ' grep -q \
    'Standard deviation over training seeds: Accuracy [0-9.]*, ' said

# --- Words ----------------------------------------------------------------------
cat >left.tsv <<'END_OF_TABLE'
program	id	path	label	group	reason
mc-index		chest/x1.png			no image
mc-pack		chest/x2.png		p00	cannot be decoded
END_OF_TABLE
mc-describe -q --left-out left.tsv -o flow.tsv chest/manifest.tsv
printf 'key\tname\nchest\tChest <X-ray>\nresnet18\tR18\n' >names.tsv
run mc-report --flow chest=flow.tsv --population chest/population.tsv \
    --medians age --unit-name biopsy,biopsies --names names.tsv --decimals 0 \
    --metrics metrics.tsv --date 'On 1 May'
is_rc 0 'flow, medians, names, decimals and a date'
sed -n '/>Flow of the images: Chest &lt;X-ray&gt;</,/<\/table>/p' out |
    sed -n 's/<t[hd][^>]*>\(.*\)<\/t[hd]>/\1/p' | paste -d '|' - - - - - >flow
is_file flow 'the flow as a table' <<'END_OF_TABLE'
Found, or left out by|Images|Biopsies|Images remaining|Biopsies remaining
found|92|45|92|45
mc-index: no image|1|0|91|45
mc-pack: cannot be decoded|1|0|90|45
END_OF_TABLE
ok 'the unit as it is called' grep -q '>Biopsies</th>' out
ok 'a median' grep -q '>median \[Q1, Q3\]</th>' out
ok 'the names of print' grep -q '>Chest &lt;X-ray&gt;</th>' out
printf 'a\tArm\nOPACITY\tOpacity\nresnet18/frozen\tmine; and more\n' >>names.tsv
sed 's/\t[ab]\tmistakes/\tresnet18\/frozen\tmistakes/' <<'END_OF_TABLE' >sheet.tsv
task	arm	show	sheet	id
chest	a	mistakes	1	i1
chest	b	mistakes	1	i2
END_OF_TABLE
printf '\211PNG\r\n\032\nrest\0\0\0\0IEND' >sheet.png
printf 'id\tmap\toverlay\tmethod\tclass\tpredicted\ni\tm\to\tocclusion\tOPACITY\ta\n' >maps.tsv
mc-report --names names.tsv --mistakes sheet.png=sheet.tsv --explanations sheet.png=maps.tsv \
    chest/dinov2_vits14-finetune-1.model.tar chest/resnet18-frozen-1.model.tar >out 2>err
ok 'pictures, their alternative texts and models have the names of print' sh -c '
    grep -q "id=\"mistakes-1-caption\">.*; task Chest &lt;X-ray&gt;; arm mine; and more\.<" out &&
    grep -q "alt=\"Sheet.*; task Chest &lt;X-ray&gt;; arm mine; and more\.\"" out &&
    grep -q ">Explanations.* for class Opacity, in" out &&
    grep -q "id=\"card-1\">Chest &lt;X-ray&gt;: DINOv2 ViT-S/14, fine-tuned<" out'
ok 'also where there are no metrics, with what the model records beside them' sh -c '
    grep -q "<dd>mine; and more (resnet18/frozen)<" out && grep -q "<dd>R18 (resnet18)<" out &&
    grep -q "<dd>NORMAL, Opacity (OPACITY)<" out &&
    sed -n "/id=.arms.>/,/<.table>/p" out | grep -q ">Chest &lt;X-ray&gt;<"'
ok 'arms are in the order of these names' sh -c 'test "$(sed -n "s/.*id=.card-[12].>[^:]*: \([^<]*\)<.*/\1/p" out |
    paste -s -d "|" -)" = "DINOv2 ViT-S/14, fine-tuned|mine; and more"'
printf 'key\tname\nchest\tZ\nskin\tA\npooled\tmeans\nOPACITY\tOpacity\n' >order.tsv
variant 's/^epochs	.*/epochs	8\nfinding	OPACITY/' a.tar
cp chest/resnet18-frozen-1.model.tar b.tar
mc-report --names order.tsv a.tar b.tar skin/resnet18-frozen-1.model.tar >out 2>names.err
ok 'and tasks too' test "$(sed -n 's/.*id=.card-[12].>\([^:]*\):.*/\1/p' out | paste -s -d ' ' -)" = 'A Z'
ok 'findings and features have names of print, also in a table of runs' sh -c '
    grep -q "<dd>means (pooled)<" out &&
    sed -n "/card-2-runs/,/<.table>/p" out | grep -q ">Opacity (OPACITY)<"'
mc-report --names order.tsv a.tar >out
ok 'or as facts' sh -c 'grep -q "<dd>Opacity (OPACITY)<" out && grep -q "<dd>means (pooled)<" out'
ok 'a name of nothing that is reported is told' grep -qx \
    'mc-report: --names: "a" is in no table' err
printf 'key\tname\nresnet18/frozen\tone\ndinov2_vits14/finetune\tone\n' >alike.tsv
run mc-report --names alike.tsv chest/dinov2_vits14-finetune-1.model.tar chest/resnet18-frozen-1.model.tar
fails 1 'mc-report: chest/resnet18-frozen-1.model.tar: column "arm": "dinov2_vits14/finetune" and "resnet18/frozen" would both be printed as "one": --names can give one of them another name' \
    'two arms of one name'
printf 'task\tarm\tshow\tsheet\nchest\tresnet18/frozen\tmistakes\t1\nchest\tdinov2_vits14/finetune\tmistakes\t1\n' >both.tsv
run mc-report --names alike.tsv --mistakes sheet.png=both.tsv
fails 1 'mc-report: both.tsv: column "arm": "resnet18/frozen" and "dinov2_vits14/finetune" would both be printed as "one": --names can give one of them another name' \
    'also on a sheet'
run mc-report --flow chest=flow.tsv --population chest/population.tsv \
    --medians age --unit-name biopsy,biopsies --names names.tsv --decimals 0 \
    --metrics metrics.tsv --date 'On 1 May'
ok 'no decimals' sh -c \
    'sed -n "/Metrics of each arm/,/<.table>/p" out | grep -q ">[0-9]* <span>\[[0-9]*, [0-9]*\]"'
ok 'the date' grep -q '<p>On 1 May</p>' out
ok 'CLAIM 35 is answered' sh -c \
    'grep -A 3 "id=\"claim-35\"" out | grep -q "In this report"'
sed '2,$s/\tOPACITY\t/\tOPACITY|Mass\t/' chest/manifest.tsv >findings.tsv
run mc-report --multilabel --no-finding NORMAL --manifest findings.tsv
is_rc 0 'a manifest of findings'
ok 'counts each' grep -q '>Mass</th>' out
run mc-report --multilabel --no-finding nobody --manifest findings.tsv
ok 'a word for no finding that no label has' grep -qx \
    'mc-report: findings.tsv: --no-finding "nobody": no label has this word' err
run mc-report --manifest findings.tsv
is_rc 1 'which must be said'

# --- Names from right to left ----------------------------------------------------
mkdir right
(cd right && "$PYTHON3" "$peers/study.py" right && mv -- */* .)
(
	cd right || exit
	mc-bootstrap -q --train-seeds mean --replicates 399 \
	    --metrics accuracy,f1:class,auroc:macro ./*.predictions.tsv \
	    >metrics.tsv
	mc-compare -q --replicates 399 --metrics accuracy ./*.predictions.tsv \
	    >differences.tsv
	mc-describe -q --columns age -o population.tsv manifest.tsv
	"$PYTHON3" "$peers/right.py" flow >flow.tsv
)
task=$(printf '\327\227\327\226')
cp right/population.tsv "right/$task.tsv"
printf '\211PNG\r\n\032\nrest\0\0\0\0IEND' >"right/$task.png"
printf 'task\tarm\tshow\tsheet\tid\nx\ta\tmistakes\t1\ti1\n' >"right/$task-list.tsv"
for model in right/*.model.tar; do
	mv "$model" "right/$task-${model#right/}"
done
run mc-report -q --manifest "$task=right/manifest.tsv" \
    --population "$task=right/$task.tsv" --flow right/flow.tsv \
    --mistakes "right/$task.png=right/$task-list.tsv" \
    --metrics right/metrics.tsv --differences right/differences.tsv \
    -o right.html right/*.model.tar
is_rc 0 'a study with names from right to left'
compared 'names that turn text were looked at' "$PYTHON3" "$peers/right.py" \
    right.html

# --- Figures --------------------------------------------------------------------
mc-plot --help | sed -n 's/^ *--figure \([a-z|]*\).*/\1/p' | tr '|' '\n' |
    sort >names
sed -n 's/^	{ "\([a-z]*\)", "[A-Z].*/\1/p' \
    "$abs_srcdir/cmd/report_figures.c" | sort >kinds
ok 'every figure of mc-plot has a title and words' sh -c \
    'test -s names && diff names kinds'

# --- Remarks that have names in them -----------------------------------------------
awk 'BEGIN { OFS = "\t"; print "task", "arm", "model", "regime", "train_seed", "split", "id",
    "group", "label", "predicted", "p:3", "p:5", "p:interval", "p:say \"a; b\""
    for (a = 0; a < 2; a++) for (i = 0; i < 60; i++) { p = i % 3 == a ? 5 : 3
	print "t", a ? "vgg11/frozen" : "resnet18/frozen", a ? "vgg11" : "resnet18", "frozen", 1,
	    "test", "i" i, "g" i, 3, p, p == 3 ? 0.7 : 0.1, p == 5 ? 0.7 : 0.1, 0.1, 0.1 } }' >p.tsv
mc-bootstrap -q --replicates 399 --metrics f1:class,precision p.tsv >named.tsv
printf 'key\tname\nsay "a; b"\tsay "c; d"\n3\tGrade 3\n' >names.tsv
run mc-report --names names.tsv --metrics named.tsv
is_rc 0 'classes that are called like remarks and numbers'
sed -n '/Remarks in the table of metrics/,/<.ul>/s/<li>\(.*\)<.li>/\1/p' out >got
is_file got 'remarks are divided outside of names, which are those of print' <<'END_OF_LIST'
No images of class &quot;5&quot; (2 of 10 rows).
No interval: all replicates are equal (4 of 10 rows).
No images of class &quot;interval&quot; (2 of 10 rows).
0/0 treated as 0 for class &quot;interval&quot; (2 of 10 rows).
No interval: undefined in every replicate (4 of 10 rows).
No images of class &quot;say &quot;&quot;c; d&quot;&quot;&quot; (2 of 10 rows).
0/0 treated as 0 for class &quot;say &quot;&quot;c; d&quot;&quot;&quot; (2 of 10 rows).
END_OF_LIST
printf 'metric\testimate\tnote\nf1\t0.1\tno images of class "3"\nf1\t0.2\tno images of class "5"\n' >grades.tsv
awk -F '\t' -v OFS='\t' 'NR > 1 { $0 = "m" NR "\t" $0 } NR == 1 { $0 = "model\t" $0 } 1' grades.tsv >g.tsv
if command -v gnuplot >/dev/null; then
	run mc-report --figure forest=g.tsv
	ok 'classes called by numbers are no range' sh -c '
	    grep -q "No images of class &quot;3&quot; (1 of 2 numbers)\. No images of class &quot;5&quot;" out'
	# Each is 1, where the axis ends.
	printf 'model\tmetric\testimate\na\tprecision\t1\nb\tprecision\t1\n' >ones.tsv
	run mc-report --figure forest=ones.tsv
	is_rc 0 'a figure of perfect values'
fi

# --- Pictures -------------------------------------------------------------------
printf '\211PNG\r\n\032\nrest\0\0\0\0IEND' >sheet.png
printf 'task\tarm\tshow\tsheet\tid\nchest\ta\tmistakes\t1\ti1\nchest\tb\tmistakes\t1\ti2\n' >sheet.tsv
run mc-report --mistakes sheet.png=sheet.tsv --explanations sheet.png
is_rc 0 'pictures'
ok 'their table is told' grep -q \
    'Mistakes, sheet.png: 2 images (listed in sheet.tsv); task chest; 2 arms\.</p>' out
ok 'and that it is of the sheet' grep -q \
    '<td>images predicted wrongly in sheet.png (mc-montage --list)</td>' out
ok 'and is a file' grep -q 'download="sheet.tsv"' out
run mc-report --manifest chest/manifest.tsv --mistakes sheet.png=sheet.tsv
ok 'which may name patients' grep -q 'their lists, may name them' out
for begin in '\357\273\277' '<!-- drawn -->\n' '<!DOCTYPE svg>\n' '\n'; do
	printf "$begin"'<svg xmlns="http://www.w3.org/2000/svg"/>\n' >sheet.svg
	run mc-report --mistakes sheet.svg
	is_rc 0 "an SVG behind $begin"
done
printf '<?xml version="1.0"?>\n<html/>\n' >sheet.svg
run mc-report --mistakes sheet.svg
fails 1 'mc-report: sheet.svg: neither PNG, JPEG nor SVG: convert the picture' \
    'XML that is no SVG'
printf '\211PNG\r\n\032\nrest' >cut.png
run mc-report --mistakes cut.png
fails 1 'mc-report: cut.png: a PNG that is cut off: make the picture again' \
    'a PNG that was cut'
run mc-report --mistakes sheet.png=metrics.tsv
fails 1 'mc-report: metrics.tsv:1: not a list of pictures: give the --list of mc-montage, or maps.tsv of mc-explain' \
    'another table beside a picture'
sed '3s/mistakes/random/' sheet.tsv >random.tsv
run mc-report --mistakes sheet.png=random.tsv
fails 1 'mc-report: random.tsv:3: column "show": "random": not a mistake: give the list of a sheet of mc-montage --show mistakes' \
    'images at random are no mistakes'
run mc-report --explanations sheet.png=random.tsv
is_rc 0 'they may be explained'

sed '2,3s/mistakes/random/' sheet.tsv >random.tsv
run mc-report --explanations sheet.png=random.tsv
ok 'such as at random' grep -q '; 2 arms; chosen at random\.' out

printf '\377\330\377\340JPEG' >map.jpg
printf 'id\tmap\toverlay\tmethod\na\tm\to\tgradcam\n' >maps.tsv
run mc-report --mistakes map.jpg=maps.tsv
fails 1 'mc-report: maps.tsv:1: a table of maps, which are not of mistakes alone: give the --list of mc-montage, or give the picture to --explanations' \
    'a table of maps is no list of mistakes'
run mc-report --explanations map.jpg=maps.tsv
ok 'a JPEG, and the maps of mc-explain' grep -q \
    'src="data:image/jpeg;base64,/9j/' out
# maps METHOD CLASS PREDICTED [CLASS PREDICTED]: the words about such maps.
maps() {
	method=$1
	shift
	printf 'id\tmap\toverlay\tmethod\tclass\tpredicted\n' >maps.tsv
	[ $# -eq 0 ] || printf "i\tm\to\t$method\t%s\t%s\n" "$@" >>maps.tsv
	mc-report --explanations map.jpg=maps.tsv >out
	grep -q 'alt="Sheet of images. Explanations, map.jpg: ' out &&
	sed -n 's,^<p id="explanations-1-caption">Explanations\, map.jpg: \([^<]*\)<.*,\1,p' out
}
{ maps gradcam a a b b; maps occlusion a a a b; maps gradcam a b b a
  maps rollout '' a; maps gradcam; } >got
colours='in colours from dark blue (the smallest value of the map) to yellow (its largest)'
is_file got 'the method, the class and the colours of maps are told' <<END
2 maps (listed in maps.tsv); by Grad-CAM, each for the predicted class, $colours.
2 maps (listed in maps.tsv); by occlusion, for class a, $colours.
2 maps (listed in maps.tsv); by Grad-CAM, for the class named beside each, $colours.
1 map (listed in maps.tsv); by attention rollout, which are the same for every class, $colours.
0 maps (listed in maps.tsv).
END
ok 'and what a map does not show' grep -q 'neither proves a reason nor localises a disease' out
run mc-report --manifest "$(printf '\377')=chest/manifest.tsv"
is_rc 2 'a task that is not UTF-8'
run mc-report --names - --metrics metrics.tsv <names.tsv
fails 2 'mc-report: --names: standard input cannot be read twice: give a file' \
    'names from standard input'

# --- What is refused ------------------------------------------------------------
run mc-report
fails 2 'mc-report: nothing to report: give models, --metrics, or other files' \
    'nothing'
run mc-report --title ' ' --metrics metrics.tsv
fails 2 'mc-report: --title: empty: leave the option out' 'an empty title'
run mc-report --manifest =m.tsv
fails 2 'mc-report: --manifest: "=m.tsv": give FILE or TASK=FILE' \
    'a task without a name'
run mc-report --figure pie=metrics.tsv
fails 2 'mc-report: --figure: "pie" is no figure (see mc-plot --help); a table whose name contains = needs its figure in front' \
    'an unknown figure'
for empty in '' forest=; do
	run mc-report --figure "$empty"
	fails 2 "mc-report: --figure: \"$empty\": give TABLE or FIGURE=TABLE" \
	    'a figure of no table'
done
run mc-report --mistakes sheet.png= --metrics metrics.tsv
fails 2 'mc-report: --mistakes: "sheet.png=": give FILE or FILE=TABLE' \
    'a picture without its table'
run mc-report --medians age --metrics metrics.tsv
fails 2 'mc-report: --medians is for --population, which is not given' \
    'medians of nothing'
run mc-report --decimals 1 --question question.txt
fails 2 'mc-report: --decimals is for --metrics, --differences and --figure, none of which is given' \
    'decimals of nothing'
for table in metrics differences; do
	run mc-report --alpha 0.01 --$table $table.tsv
	fails 2 'mc-report: --alpha marks --metrics by --differences, which are not both given' \
	    "marks without both tables: $table"
done
run mc-report --unit-name patient --question question.txt
fails 2 'mc-report: --unit-name is for tables that count groups, none of which is given' \
    'the name of no unit'
run mc-report --multilabel --metrics metrics.tsv
fails 2 'mc-report: --multilabel and --no-finding are for --manifest, which is not given' \
    'findings of nothing'
run mc-report --metrics ''
fails 2 'mc-report: --metrics: the name of a file cannot be empty' \
    'metrics without a name'
for table in metrics differences; do
	head -n 1 $table.tsv >none.tsv
	maker=mc-bootstrap
	test $table = metrics || maker=mc-compare
	run mc-report --$table none.tsv -o kept.html
	fails 1 "mc-report: none.tsv: a header, but no rows: run $maker again" \
	    "$table without rows"
done
run mc-report --figure none.tsv
fails 1 'mc-report: none.tsv: a header, but no rows' 'nor for a figure'

# --- Files are given once ----------------------------------------------------------
ln -s metrics.tsv link.tsv
ln -s chest/manifest.tsv link.manifest.tsv
twice() {
	run mc-report --"$1" "$2" --"$1" "$3"
	fails 2 "mc-report: --$1: ${3#*=} is given twice: give each input once" \
	    "--$1 again as $3"
}
twice metrics metrics.tsv link.tsv
twice manifest chest/manifest.tsv chest/manifest.tsv
twice manifest chest/manifest.tsv skin=./chest/manifest.tsv
twice manifest chest=chest/manifest.tsv link.manifest.tsv
twice flow flow.tsv all=flow.tsv
twice population chest/population.tsv a=chest/../chest/population.tsv
twice figure metrics.tsv ./metrics.tsv
twice figure forest=metrics.tsv forest=link.tsv
twice mistakes sheet.png ./sheet.png
twice explanations sheet.png ./sheet.png
run mc-report chest/resnet18-frozen-1.model.tar ./chest/resnet18-frozen-1.model.tar
fails 2 'mc-report: ./chest/resnet18-frozen-1.model.tar is given twice: give each input once' \
    'a model again'
cp chest/manifest.tsv copied.tsv
run mc-report --manifest chest/manifest.tsv --manifest copied.tsv
fails 1 'mc-report: copied.tsv: a copy of a file given before it: give each file once' \
    'a copy of a manifest'
run mc-report --manifest chest=chest/manifest.tsv --manifest other=copied.tsv
ok 'but two tasks may have the same images' test $rc -eq 0
cp chest/resnet18-frozen-1.model.tar copied.tar
run mc-report chest/resnet18-frozen-1.model.tar copied.tar
fails 1 'mc-report: copied.tar: a copy of a file given before it: give each file once' \
    'a copy of a model'

# --- Files have their own names ----------------------------------------------------
mkdir -p a/chest
sed 's/^chest/other/' chest/metrics.tsv >a/metrics.tsv
sed 's/^chest/third/' chest/metrics.tsv >a/chest/metrics.tsv
cp sheet.png a/sheet.png
sed '2d' sheet.tsv >a/sheet.tsv
# named OPTION...: the names of the files on a page, its links, and their content.
named() {
	run mc-report "$@"
	sed -n 's/.*<a download="\([^"]*\)".*/\1/p' out >downloads
	sed -n 's/.*<a class="use".*">\([^<]*\)<.*/\1/p' out >links
}
named --metrics chest/metrics.tsv --metrics skin/metrics.tsv \
    --metrics a/metrics.tsv --metrics a/chest/metrics.tsv \
    --differences chest/differences.tsv
is_rc 0 'four tables of one name'
is_file downloads 'are told apart by their folders' <<'END_OF_LIST'
chest-metrics.tsv
skin-metrics.tsv
a-metrics.tsv
a-chest-metrics.tsv
differences.tsv
END_OF_LIST
ok 'in their links too' cmp downloads links
named --manifest chest/manifest.tsv --manifest skin/manifest.tsv \
    --flow flow.tsv --population chest/population.tsv \
    --population skin/population.tsv --mistakes sheet.png=sheet.tsv \
    --mistakes a/sheet.png=a/sheet.tsv
is_file downloads 'audits, populations, lists of sheets' <<'END_OF_LIST'
chest-manifest-audit.tsv
skin-manifest-audit.tsv
flow.tsv
chest-population.tsv
skin-population.tsv
sheet.tsv
a-sheet.tsv
END_OF_LIST
ok 'and pictures' grep -q 'Mistakes, a-sheet.png: 1 image (listed in a-sheet.tsv)' out
(
	cd a || exit
	named --metrics ../metrics.tsv --mistakes sheet.png=sheet.tsv \
	    --explanations ../sheet.png=../sheet.tsv
)
is_file a/downloads 'what no folder tells apart is numbered' <<'END_OF_LIST'
metrics.tsv
sheet.tsv
sheet-2.tsv
END_OF_LIST
if command -v gnuplot >/dev/null; then
	named --metrics chest/metrics.tsv --figure chest/metrics.tsv
	ok 'a table that is used twice is one file' grep -q \
	    '<td>metrics (mc-bootstrap); table of a figure (mc-plot)</td>' out
else
	skip 'a table that is used twice' 'no gnuplot'
fi

run mc-report --metrics -
fails 2 'mc-report: --metrics: standard input cannot be read twice: give a file' \
    'metrics from standard input'
run mc-report --population all=- <metrics.tsv
fails 2 'mc-report: --population: standard input cannot be read twice: give a file' \
    'a population from standard input'
run mc-report - <metrics.tsv
fails 2 'mc-report: MODEL: standard input cannot be read twice: give a file' \
    'a model from standard input'
run mc-report --manifest chest/manifest.tsv -o chest/manifest.tsv
is_rc 2 'a manifest is no output'
run mc-report --mistakes sheet.png=sheet.tsv -o sheet.tsv
is_rc 2 'nor is the table of a picture'
echo old >kept.html
run mc-report --mistakes sheet.tsv -o kept.html
fails 1 'mc-report: sheet.tsv: neither PNG, JPEG nor SVG: convert the picture' \
    'a picture that is none'
: >empty.txt
run mc-report --question empty.txt -o kept.html
fails 1 'mc-report: empty.txt: empty: leave the option out' 'an empty question'
printf 'caf\351\n' >latin.txt
run mc-report --question latin.txt -o kept.html
fails 1 'mc-report: latin.txt: bytes that are not UTF-8: convert the text, as with iconv -f latin1 -t utf8' \
    'a question in Latin-1'
head -c 5000 chest/resnet18-frozen-1.model.tar >cut.tar
run mc-report -o kept.html cut.tar
is_rc 1 'a model that was cut'
ok 'none of them has written' grep -qx old kept.html
sed 's/\(.*\)\tp00\ttrain/\1\tp02\ttrain/' chest/manifest.tsv >leak.tsv
run mc-report --manifest leak.tsv
is_rc 1 'a manifest with a group in two splits'
ok 'is told where' grep -q 'leak.tsv:.*p02' err

# --- The manual's examples -------------------------------------------------------
cp chest/manifest.tsv .
awk '/^\.Sh/ { on = /EXAMPLES/ } on && /^\.Bd/ { in_block = 1; next }
    /^\.Ed/ { in_block = 0 } in_block { sub(/\\e$/, "\\"); print }' \
    "$abs_srcdir/man/mc-report.1" >examples.sh
cp chest/*.model.tar .
if command -v gnuplot >/dev/null; then
	ok 'the examples of the page run' sh -eu examples.sh
else
	skip 'the examples of the page run' 'no gnuplot'
fi

done_testing
