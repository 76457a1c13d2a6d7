# baseline.awk - predict, for every test image, the largest training class.
# The manifest is read twice; -v task=NAME; fields are separated by TABs.
FNR == 1 {
	for (i = 1; i <= NF; i++)
		c[$i] = i
	if (NR == 1)
		print "task", "arm", "model", "regime", "split", "id", "group", "label", "predicted"
	next
}
NR == FNR {
	if ($c["split"] == "train" && ++n[$c["label"]] > most) {
		most = n[$c["label"]]
		largest = $c["label"]
	}
	next
}
$c["split"] == "test" {
	print task, "largest class", "largest class", "", "test", $c["id"], $c["group"], $c["label"], largest
}
