# patients.awk - predict patients: the mean of the probabilities of their images.
#
# Each file is a predictions table of one header, with the columns group, label and
# p:CLASS.  Each run (task, arm, ...) has one row per group, whose id is the group.
# The predicted class is the one with the largest mean, the first if several are
# equal.  An image without a group, or two labels of one group, is an error.

BEGIN {
	FS = OFS = "\t"
	n_keys = split("task arm model regime features train_seed fold split weights" \
	    " train_share", keys, " ")
}
function fail(what) {
	print "patients.awk: " FILENAME ":" FNR ": " what >"/dev/stderr"
	failed = 1
	exit 1
}
FNR == 1 {
	if (NR == 1) {
		header = $0
		for (i = 1; i <= NF; i++) {
			c[$i] = i
			if ($i ~ /^p:/)
				class[++n_classes] = $i
		}
	}
	if ($0 != header)
		fail("another header than the first file's")
	if (!("group" in c) || !("label" in c) || n_classes == 0)
		fail("no column group, label or p:CLASS")
	next
}
{
	key = ""
	for (i = 1; i <= n_keys; i++)
		key = key (keys[i] in c ? $c[keys[i]] : "") OFS
	group = $c["group"]
	if (group == "")
		fail("no group: whose image is this?")
	row = key group
	if (!(row in images)) {
		order[++n_rows] = row
		label[row] = $c["label"]
	}
	if (label[row] != $c["label"])
		fail(group " has the labels " label[row] " and " $c["label"])
	images[row]++
	for (i = 1; i <= n_classes; i++)
		sum[row, i] += $c[class[i]]
}
END {
	if (failed)
		exit 1
	for (i = 1; i <= n_keys; i++)
		printf "%s\t", keys[i]
	printf "id\tgroup\tlabel\tpredicted\timages"
	for (i = 1; i <= n_classes; i++)
		printf "\t%s", class[i]
	printf "\n"
	for (r = 1; r <= n_rows; r++) {
		row = order[r]
		group = row
		sub(/^.*\t/, "", group)
		best = 1
		for (i = 2; i <= n_classes; i++)
			if (sum[row, i] > sum[row, best])
				best = i
		printf "%s\t%s\t%s\t%s\t%d", row, group, label[row],
		    substr(class[best], 3), images[row]
		for (i = 1; i <= n_classes; i++)
			printf "\t%.9g", sum[row, i] / images[row]
		printf "\n"
	}
}
