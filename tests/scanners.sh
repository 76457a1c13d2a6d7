#!/bin/sh
# From the files of scanners to a table: the transcripts of mctools(7), and the
# examples whose data sets cannot be published, on images that stand in for them.
. "$abs_srcdir/tests/tap.sh"

for have in DCMTK NIFTI; do
	grep -q "^#define HAVE_$have" "$abs_builddir/config.h" && continue
	skip 'from scanner files to a table' "built without $have"
	done_testing
	exit
done

# --- The transcripts -----------------------------------------------------------------
# N.command and N.output of each command in the section; what the page folds is put
# together.
mkdir page
awk '/^\.Ss / { on = $0 == ".Ss Scanner files" }
	!on { next }
	/^\.Bd / { literal = 1; next }
	/^\.Ed/ { literal = 0 }
	!literal { next }
	{ sub(/\\e$/, "\\") }
	/^\$ / { command = 1; at = sprintf("page/%02d", ++n)
		printf "" >(at ".output"); sub(/^\$ /, "") }
	command { print >(at ".command"); command = /(\\|\|)$/; next }
	/^    / { sub(/^ +/, " "); text = text $0; next }
	{ if (text != "") print text >(file); text = $0; file = at ".output" }
	END { if (text != "") print text >(file) }' "$abs_srcdir/man/mctools.7"
ok 'the page has five commands of each kind, and some around them' \
    test "$(ls page/*.command | wc -l)" -ge 14
# Numbers of networks differ between machines.
masked() { sed '/^mc-train:/s/[0-9][0-9.]*/N/g; /^|/s/[0-9][0-9.]*/N/g' "$1"; }
ln -s "$abs_srcdir/examples" examples
for f in page/*.command; do
	sh -eu "$f" >out 2>&1
	rc=$?
	masked out >got
	masked "${f%.command}.output" >wanted
	is_file got "$(sed 1q "$f")" <wanted
	ok 'without an error' test $rc -eq 0
done

# --- patients.awk: the mean of each patient's images ------------------------------------
awk -f examples/patients.awk predictions.tsv >patients.tsv
ok 'patients have the mean of their images' "$PYTHON3" - <<'END'
import csv
def read(path):
    return list(csv.DictReader(open(path), delimiter="\t"))
images, patients = read("predictions.tsv"), read("patients.tsv")
groups = {row["group"] for row in images}
assert len(patients) == len(groups) > 5
for row in patients:
    own = [i for i in images if i["group"] == row["id"]]
    mean = {}
    for name in ("p:HGG", "p:LGG"):
        mean[name] = sum(float(i[name]) for i in own) / len(own)
        assert abs(mean[name] - float(row[name])) < 1e-8
    assert "p:" + row["predicted"] == max(mean, key=mean.get)
    assert {i["label"] for i in own} == {row["label"]}
    assert int(row["images"]) == len(own)
    assert row["arm"] == own[0]["arm"] and row["split"] == "test"
END
head -n 2 predictions.tsv | awk -F'\t' -v OFS='\t' '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { $c["group"] = "" } { print }' >none.tsv
run awk -f examples/patients.awk none.tsv
is_rc 1 'an image without a group is an error'
is_err 'that says where' <<'END'
patients.awk: none.tsv:2: no group: whose image is this?
END
head -n 3 predictions.tsv | awk -F'\t' -v OFS='\t' '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR == 3 { $c["label"] = "XGG" } { print }' >two.tsv
run awk -f examples/patients.awk two.tsv
is_rc 1 'and so are two labels of a patient'
ok 'which are named' grep -q '^patients.awk: two.tsv:3: patient[0-9]* has the labels .GG and XGG$' err
sed 's/p:/q:/g' two.tsv >q.tsv
run awk -f examples/patients.awk q.tsv
is_err 'and a table without probabilities' <<'END'
patients.awk: q.tsv:1: no column group, label or p:CLASS
END
run awk -f examples/patients.awk predictions.tsv q.tsv
is_err 'and two headers' <<'END'
patients.awk: q.tsv:1: another header than the first file's
END

# --- The studies ---------------------------------------------------------------------
if ! command -v pdflatex >/dev/null; then
	skip 'the studies' 'no pdflatex'
	done_testing
	exit
fi
# study FOLDER NAME ARGUMENT...: run the example NAME in FOLDER.
study() {
	mkdir -p "$1"
	folder=$1 example=$2
	shift 2
	run env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" -C "$folder" \
	    -f "$abs_srcdir/examples/$example/Makefile" "MC=$abs_builddir/cmd/" \
	    TRY=yes 'MODELS=resnet18 dinov2_vits14' REGIMES=frozen \
	    'TRAIN=--head logistic --resize 48 --crop 42' "$@"
}
arms() { cut -f 2 "$1" | sed 1d | sort -u | tr '\n' ' '; }
three='dinov2_vits14/frozen largest class resnet18/frozen '

mc-phantom -q --task fundus --patients 40 --images-per-patient 1 --size 64 \
    -o fundus
mkdir -p Training400/AMD Training400/Non-AMD
n=0
for f in fundus/*/*.png; do
	n=$((n + 1))
	case $f in
	*/DRUSEN/*) cp "$f" "Training400/AMD/A$(printf %04d $n).png" ;;
	*) cp "$f" "Training400/Non-AMD/N$(printf %04d $n).png" ;;
	esac
done
study amd amd "DATA=$PWD/Training400"
is_rc 0 'the example of iChallenge-AMD runs'
ok 'with a line for each model and the baseline' test "$(arms amd/metrics.tsv)" = "$three"
ok 'it says that patients are not known' grep -q \
    '^mc-index: ichallenge-amd: the data set names neither patients nor eyes' err
ok 'and that each image counts as one' grep -q \
    '^mc-split: .*: every image is treated as independent' err
ok 'as the table does' grep -q 'No group: images treated as independent' \
    amd/.study.tex/table.tex
ok 'the PDF is there' test -s amd/table.pdf

mc-phantom -q --task glioma --patients 16 --size 32 -o mr
study brats glioma "DATA=$PWD/mr"
is_rc 0 'the example of BraTS runs'
ok 'with a line for each model and the baseline' test "$(arms brats/metrics.tsv)" = "$three"
ok 'it says what is not known of a new patient' grep -q \
    '^mc-index: brats: nearly every centre of BraTS has patients of one grade' err
ok 'no patient is in two splits' mc-split -q --check brats/glioma/manifest.tsv
ok 'and each has several slices' test \
    "$(sed 1d brats/glioma/manifest.tsv | cut -f 4 | uniq -c | awk '$1 < 4' | wc -l)" -eq 0
patients=$(awk -F'\t' '$5 == "test" { print $4 }' brats/glioma/manifest.tsv | sort -u | wc -l)
ok 'its tables are of patients, also for the baseline' test "$(awk -F'\t' '
	FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ print $c["n_images"], $c["n_units"] }' brats/metrics.tsv \
    brats/differences.tsv | sort -u)" = "$patients $patients"
ok 'whose ids are the groups' test "$(awk -F'\t' '
	FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	$c["id"] != $c["group"]' brats/glioma/patients.predictions.tsv \
    brats/glioma/baseline.predictions.tsv | wc -l)" -eq 0
ok 'the PDF is there' test -s brats/table.pdf
ok 'the models know the manifest of the packed slices' grep -q \
    '2 of 2 models were trained with one of these manifests' brats/report.html
ok 'the flow has the volumes that are no slices' grep -q \
    '>mc-index: NIfTI, not in --channels<' brats/report.html
study brats glioma "DATA=$PWD/mr"
ok 'and nothing is done twice' grep -q 'Nothing to be done' out

done_testing
