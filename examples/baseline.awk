# baseline.awk - predict the largest training class for each test image.
#
# The first file is the manifest of the training images, the second that of the
# test images; they may be the same file.  Further files are predictions: an image
# that is in none of them, since it could not be read, is left out.  -v task=NAME
# sets the task.  -v rows=
# selects the rows that are predicted: test (the split), all, or folds (each
# fold gets the largest class of the other folds).  With -v by=group each group
# counts once and has one row, whose id is the group.  Among classes of equal size
# the first in byte order is taken.  The manifest's columns pass through.
# Fields are separated by TABs.

# Return the largest class of the training images outside this fold.
function largest(fold,    l, size, most, best) {
	for (l in images) {
		size = images[l] - (fold == "" ? 0 : in_fold[l, fold])
		if (size > most || size == most && size > 0 && l < best) {
			most = size
			best = l
		}
	}
	return best
}
FNR == 1 {
	split("", c)
	for (i = 1; i <= NF; i++)
		c[$i] = i
	files++
	if (files != 2)
		next
	n_passed = 0
	for (i = 1; i <= NF; i++)
		if ($i !~ /^(task|arm|model|regime|features|train_seed|fold|predicted)$|^p:/)
			passed[++n_passed] = i
	printf "task\tarm\tmodel\tregime\tfold\tpredicted"
	for (i = 1; i <= n_passed; i++)
		printf "\t%s", $passed[i]
	printf "\n"
	next
}
files > 2 {
	predicted[$c["id"]]
	next
}
by != "" && seen[files, $c[by]]++ {
	next
}
by != "" && "id" in c {
	$c["id"] = $c[by]
}
{
	# An absent column is an empty one.
	in_split = "split" in c ? $c["split"] : ""
	own_fold = "fold" in c ? $c["fold"] : ""
	fold = rows == "folds" ? own_fold : ""
	label = $c["label"]
}
files == 1 {
	if (rows == "folds" ? fold != "" && in_split != "test" : in_split == "train") {
		images[label]++
		in_fold[label, fold]++
	}
	next
}
rows == "all" || (rows == "folds" ? fold != "" && in_split != "test" : in_split == "test") {
	row = task "\tlargest class\tlargest class\t\t" own_fold "\t" largest(fold)
	for (i = 1; i <= n_passed; i++)
		row = row "\t" $passed[i]
	id[++n_rows] = $c["id"]
	line[n_rows] = row
}
END {
	for (i = 1; i <= n_rows; i++)
		if (files == 2 || id[i] in predicted)
			print line[i]
}
