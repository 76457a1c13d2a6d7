# tables.awk - put the tables made of coverage.tsv into doc/coverage.md.
#
#	awk -f tables.awk coverage.tsv doc/coverage.md
#
# A table stands between the lines <!-- COLUMN: STUDY --> and <!-- end -->,
# where COLUMN is what its cells show, in per cent.  Behind it in brackets: how
# many of the simulations had no interval, or no test; or, of plain_covered, how
# many had one without the note.

BEGIN {
	FS = "\t"
}

FNR == 1 {
	file++
}

file == 1 && FNR == 1 {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}

# Remember a cell, and in which order its row's names came.
file == 1 {
	at = $column["patients"] SUBSEP $column["images"]
	row = $column["metric"] SUBSEP $column["method"] SUBSEP \
	    $column["seeds"]
	study = $column["study"]
	metrics[study] = add(metrics[study], $column["metric"])
	methods[study] = add(methods[study], $column["method"])
	places[study] = add(places[study], at)
	if ($column["seeds"] > 1)
		seeded[study] = 1
	for (name in column)
		cell[study, row, at, name] = $column[name]
	has[study, row] = 1
	next
}

/^<!-- [a-z_]+: .* -->$/ {
	print
	what = substr($0, 6, index($0, ":") - 6)
	study = substr($0, index($0, ":") + 2)
	table(substr(study, 1, length(study) - 4), what)
	inside = 1
	next
}

/^<!-- end -->$/ {
	inside = 0
}

!inside

# LIST, items between tabs, with ITEM in it.
function add(list, item) {
	if (list == "")
		return item
	return index("\t" list "\t", "\t" item "\t") ? list : list "\t" item
}

function table(study, what,    m, t, p, n, i, j, s, part, head, rule) {
	if (!(study in metrics)) {
		print "tables.awk: no study \"" study "\"" > "/dev/stderr"
		exit 1
	}
	head = "| metric | method |"
	rule = "|---|---|"
	if (study in seeded) {
		head = head " seeds |"
		rule = rule "---|"
	}
	n = split(places[study], p, "\t")
	for (i = 1; i <= n; i++) {
		split(p[i], part, SUBSEP)
		head = head " " part[1] " x " \
		    (part[2] > 1 ? "1-" part[2] : 1) " |"
		rule = rule "---|"
	}
	print head
	print rule
	split(metrics[study], m, "\t")
	split(methods[study], t, "\t")
	for (i = 1; i in m; i++)
		for (j = 1; j in t; j++)
			for (s = 1; s <= 9; s++)
				if ((study, m[i] SUBSEP t[j] SUBSEP s) in has)
					line(study, m[i], t[j], s, what, p, n)
}

function line(study, metric, method, seeds, what, p, n,    i, row, text) {
	row = metric SUBSEP method SUBSEP seeds
	text = "| " metric " | " method " |"
	if (study in seeded)
		text = text " " seeds " |"
	for (i = 1; i <= n; i++)
		text = text " " show(study SUBSEP row SUBSEP p[i], what) " |"
	print text
}

function show(at, what,    value, rest) {
	if (!((at, what) in cell) || cell[at, what] == "")
		return ""
	value = cell[at, what]
	rest = cell[at, what == "plain_covered" ? "plain" : "none"]
	return rest >= 0.5 ? value " (" sprintf("%.0f", rest) ")" : value
}
