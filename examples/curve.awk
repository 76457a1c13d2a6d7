# curve.awk - add to metrics what their arms were trained on.
#
# awk -f curve.awk METRICS MODEL...: write the rows of METRICS with two more
# columns, train_images and train_units: how many images and units (patients) the
# arm was trained on.  They are the means over the models, trained with mc-train
# --share, of the same task, arm and share, whose seeds have the same images, and
# whose folds almost as many; empty if there is no such model.  The task of a
# finding, TASK:FINDING, has the models of TASK.
# Fields are separated by TABs.

# Add the numbers that the model in FILE records.
function add(file,    command, line, field, key, arm) {
	command = "tar -xOf '" file "' __model__"
	while ((command | getline line) > 0) {
		split(line, field, "\t")
		key[field[1]] = field[2]
	}
	if (close(command) != 0 || !("units_train" in key)) {
		print "curve.awk: " file ": not a model of mc-train --share" \
		    >"/dev/stderr"
		exit 1
	}
	arm = key["task"] "\t" key["arm"] "\t" key["share"]
	models[arm]++
	images[arm] += key["images_train"]
	units[arm] += key["units_train"]
}
function mean(sum, n) {
	return n > 0 ? sprintf("%.6g", sum / n) : ""
}
BEGIN {
	FS = "\t"
	for (i = 2; i < ARGC; i++) {
		add(ARGV[i])
		ARGV[i] = ""
	}
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		c[$i] = i
	print $0 "\ttrain_images\ttrain_units"
	next
}
{
	task = $c["task"]
	rest = "\t" $c["arm"] "\t" $c["train_share"]
	if (!(task rest in models))
		sub(/:[^:]*$/, "", task)
	arm = task rest
	print $0 "\t" mean(images[arm], models[arm]) "\t" mean(units[arm], models[arm])
}
