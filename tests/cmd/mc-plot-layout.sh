#!/bin/sh
# mc-plot: every figure with long names, many arms, one arm, one class and missing
# intervals: its texts stay on the page and apart, at the width of a column and of
# a page.
. "$abs_srcdir/tests/tap.sh"

# Six tasks, twelve arms, seven classes, whose names have no blanks or many.
awk 'BEGIN {
	OFS = "\t"
	n = split("melanocytic_naevus,basal_cell_carcinoma,actinic keratosis / " \
	    "Bowen,benign keratosis-like lesion,dermatofibroma,vascular," \
	    "squamous cell carcinoma in situ", class, ",")
	split("dermoscopy_of_the_archive chest_radiographs_pneumonia fundus " \
	    "colon_histology_2016 bones_of_hands skin", task, " ")
	printf "task\tarm\tsplit\tid\tgroup\tlabel\tpredicted"
	for (c = 1; c <= n; c++)
		printf "\tp:%s", class[c]
	printf "\tsex\n"
	for (t = 1; t <= 6; t++)
		for (a = 1; a <= 12; a++)
			for (i = 0; i < 42; i++) {
				label = i % n + 1
				sum = best = 0
				for (c = 1; c <= n; c++) {
					p[c] = (i * 37 + c * 11 + a * 53 + t * 7) % 101 + 1
					p[c] += c == label ? 8 * a : 0
					sum += p[c]
					if (best == 0 || p[c] > p[best])
						best = c
				}
				printf "%s\tlong_model_names_v2_of_arm_%d/finetune" \
				    "\ttest\ti%d\tp%d\t%s\t%s", task[t], a, i,
				    int(i / 2), class[label], class[best]
				for (c = 1; c <= n; c++)
					printf "\t%.6f", p[c] / sum
				printf "\t%s\n", int(i / 4) % 2 ? "F" : "M"
			}
}' >six.tsv
awk -F'\t' 'NR == 1 || $1 != "skin" && $1 != "bones_of_hands"' six.tsv >four.tsv
awk -F'\t' 'NR == 1 || $1 == "fundus" && $2 ~ /arm_(1|2|12)\//' six.tsv >three.tsv
awk -F'\t' 'NR == 1 || $1 == "fundus" && $2 ~ /arm_12\//' six.tsv >one.tsv
few='--replicates 399 -q'

# laid_out NAME TABLE [OPTION...]: the scripts NAME.column.gp and NAME.page.gp.
laid_out() {
	name=$1
	shift
	for width in column page; do
		mc-plot -q --script --width $width -o $name.$width.gp "$@"
	done
}
for curve in roc pr calibration decision distribution; do
	points=
	case $curve in roc | pr) points="--points --grid 20" ;; esac
	# shellcheck disable=SC2086
	mc-curve $few --curve $curve $points --positive vascular \
	    -o $curve.tsv four.tsv
	laid_out $curve $curve.tsv
	# shellcheck disable=SC2086
	mc-curve $few --curve $curve $points -o $curve.one.tsv one.tsv
	laid_out $curve-one $curve.one.tsv
	awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
		NR > 1 { $c["lo"] = $c["hi"] = "" } 1' $curve.one.tsv >bare.tsv
	laid_out $curve-bare bare.tsv
done
mc-confusion -q -o confusion.tsv three.tsv
laid_out confusion confusion.tsv
mc-confusion -q -o confusion.one.tsv one.tsv
laid_out confusion-one confusion.one.tsv
# shellcheck disable=SC2086
{
	mc-bootstrap $few --metrics accuracy,f1,auroc,brier -o metrics.tsv four.tsv
	mc-bootstrap $few --metrics accuracy,f1 --by sex -o by.tsv three.tsv
	mc-compare $few --metrics accuracy,f1 --margin 0.05 -o margin.tsv three.tsv
	mc-compare $few --metrics accuracy --friedman -o ranks.tsv six.tsv
	mc-power $few --metrics accuracy -o power.tsv three.tsv
}
laid_out forest metrics.tsv --metrics accuracy,brier
laid_out subgroups by.tsv --figure subgroups
laid_out differences margin.tsv
laid_out ranks ranks.tsv --figure ranks
laid_out power power.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
	{ for (s = 1; s <= 100; s *= 3) { $c["train_share"] = s; print } }' \
    metrics.tsv >shares.tsv
laid_out shares shares.tsv --figure shares --metrics accuracy,f1
for arm in 1 12; do
	awk 'BEGIN { OFS = "\t"
		print "epoch", "split", "loss", "f1", "learning_rate"
		for (e = 1; e <= 120; e++) {
			print e, "train", 123 / e, 1 - 0.5 / e, 0.1
			print e, "val", 150 / e, 0.9 - 0.5 / e, 0.1
		} }' >"long_model_names_v2_of_arm_$arm-finetune-1.log.tsv"
done
laid_out training long_model_names_v2_of_arm_*.log.tsv
laid_out training-one long_model_names_v2_of_arm_1-finetune-1.log.tsv
{
	printf 'program\treason\timages\tgroups\timages_left\tgroups_left\n'
	printf '\tfound\t18000\t4012\t18000\t4012\n'
	printf 'mc-index\tno_row_in_the_table_of_the_second_reading_of_2019.csv\t2\t1\t17998\t4011\n'
	printf 'mc-pack\tdamaged: the file ends too early\t1\t1\t17997\t4010\n'
} >flow.tsv
laid_out flow flow.tsv
figures=$(mc-plot --help | sed -n 's/^ *--figure \([a-z|]*\).*/\1/p' | tr '|' ' ')
ok 'there are 14 figures' test "$(echo "$figures" | wc -w)" -eq 14
for figure in $figures; do
	ok "$figure is among them" test -s "$figure.column.gp"
done
compared 'texts are on the page and apart' "$PYTHON3" \
    "$abs_srcdir/tests/cmd/plot_layout.py" ./*.gp
# Names are broken behind one of their signs, and not within v2.
compared 'long names are broken between their parts' "$PYTHON3" \
    "$abs_srcdir/tests/cmd/plot_layout.py" v2_of_arm_ ./differences.column.gp

done_testing
