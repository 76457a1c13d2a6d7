#!/bin/sh
# The tables of mctools(5), and the "Columns written" of the programs' pages, are
# the schemas of lib/table: the same names in the same order.
. "$abs_srcdir/tests/tap.sh"

man=$abs_srcdir/man
"$abs_builddir/tests/lib/schemas" >schemas

# The columns of the schema TABLE, one per line.
columns_of() {
	sed -n "s/^$1: //p" schemas | tr ' ' '\n'
}

# A section of a page that begins with .Ss TITLE.
section() {
	awk -v title="$2" '/^\.S[sh] / { on = $0 == ".Ss " title; next } on' \
	    "$1"
}

# The columns that a section names: in its list or, where it has none, in the
# sentence behind its first colon.
columns_named() {
	if grep -q '^\.It ' "$1"; then
		sed -n 's/^\.It //p' "$1" | sed 's/^Sy //; s/^Li //' |
		    tr ',' '\n'
	else
		sed 's/^\.Xr .* :$/:/; /^\.[A-Z]/d' "$1" | tr '\n' ' ' |
		    sed 's/([^)]*)//g; s/^[^:]*://; s/\..*//; s/$/,/' |
		    tr ',' '\n'
	fi | sed 's/ //g; /^$/d'
}

compare() {	# page, section, table
	section "$man/$1" "$2" >section
	columns_named section >named
	columns_of "$3" >written
	ok "$1: the columns of $2 are those of the schema" \
	    diff -u written named
	ok "$1: $2 has columns" test -s named
}

n=$(grep -c '^extern const struct mc_schema' "$abs_srcdir/lib/table/schemas.h")
ok 'every schema is compared' test "$(grep -c . schemas)" = "$n"

for table in $(sed 's/:.*//' schemas); do
	compare mctools.5 "$table" "$table"
done

compare mc-bootstrap.1 'Columns written' Metrics
compare mc-confusion.1 'Columns written' Confusion
compare mc-curve.1 'Columns written' Curves
compare mc-describe.1 'Columns written' Population
compare mc-explain.1 'Columns written' Maps
compare mc-explain.1 'Columns of the sanity check' Sanity
compare mc-montage.1 'The list' Montage
compare mc-power.1 'Columns written' Power
compare mc-threshold.1 'Columns written' Thresholds
columns_of Audit | tr '\n' ' ' | sed 's/ $/ ;/; s/ / , /g; s/ , ;/ ;/' >audit
ok 'mc-split(1) names the columns of the audit' \
    grep -q "^\.Li $(cat audit)" "$man/mc-split.1"

# The keys of __model__ in mctools(5) are those that the sources write.
lib=$abs_srcdir/lib
(cd "$lib/learn" && cat recipe.c save.c multilabel.c experiment.c pretrained.c \
    ../stream/model.c) | tr '\n\t' '  ' | sed 's/  */ /g' | tr ';' '\n' |
    sed -n 's/.*mc_keyvalue_add[a-z_]*([^,]*, "\([A-Za-z_0-9]*\)".*/\1/p
	s/.*record_file([^,]*, "\([a-z_]*\)".*/\1 \1_sha256/p' >written
awk '/^mc_recipe_parameter/ { on = 1 } /^}/ { on = 0 } on' "$lib/learn/recipe.c" |
    tr -c 'A-Za-z"' '\n' | sed -n 's/^"\(.*\)"$/\1 \1_tried/p' >>written
sed -n '/^static const char \*const how_keys/s/.*{ \(.*\) };/\1/p' \
    "$lib/learn/embedding.c" | tr -d '",' |
    sed 's/\([a-z][a-z]*\)/features_\1/g' >>written
tr ' ' '\n' <written | sed '/^$/d' | sort -u >keys
awk '/^\.Ss / { on = $0 == ".Ss Model tar" }
	on && /^\.It Li / { gsub(" ,", ""); for (i = 3; i <= NF; i++) print $i }' \
    "$man/mctools.5" | sort >named
ok 'mctools(5) names the keys of __model__' diff -u keys named

# What a page quotes as a note is a note that some program writes.
sed -n '/note says$/ { n; s/^\.Dq \(.*[a-z]\)[ .]*$/\1/p; }' "$man"/*.1 >notes
ok 'a page quotes a note' test -s notes
while read -r note; do
	ok "a program writes the note: $note" \
	    grep -rqF "$note" "$abs_srcdir/tests/golden"
done <notes

done_testing
