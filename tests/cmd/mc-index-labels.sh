#!/bin/sh
# mc-index: which files are taken, and what becomes of their labels.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/indexed.sh"

# --- --include and --exclude ----------------------------------------------------
jpeg 'busi/benign/benign (1).png' 'busi/benign/benign (1)_mask.png' \
    'busi/benign/benign (1)_mask_1.png' 'busi/normal/normal (1).png' \
    'busi/normal/normal (1)_mask.png' busi/masks/deep/1.png
ln -s nowhere busi/normal/gone_mask.png
globs() { run mc-index --group . --group-from name "$@" busi; }
globs --exclude '*_mask*' --exclude masks
is_err "what is excluded is counted, broken links too" <<'EOF'
mc-index: 2 images; 2 classes: benign 1, normal 1; 2 groups of 1 image; skipped 5: not wanted 5
EOF
columns 1 "masks are left out" <<'EOF'
id
benign/benign (1)
normal/normal (1)
EOF
globs -v --exclude '*_mask*' --exclude masks/deep
ok "-v lists them, and a path names a folder" grep -q \
    '^mc-index: skipped: busi/masks/deep/1.png: not wanted (--include, --exclude)$' err
globs --include 'benign/*' --exclude '*_mask.*'
columns 1 "--include and --exclude together; * matches slashes" <<'EOF'
id
benign/benign (1)
benign/benign (1)_mask_1
EOF
globs --include '*[)].png' --include deep --exclude '*mask.png'
columns 1 "two --include" <<'EOF'
id
benign/benign (1)
masks/deep/1
normal/normal (1)
EOF
globs --exclude '*mask*' --exclude '*.gif'
warned "a glob that matches nothing" <<'EOF'
mc-index: --exclude "*.gif" matches no file
EOF
globs -q --include '*.gif'
fails 1 'mc-index: busi: contains no image: 7 files are not wanted (--include, --exclude)' \
    "nothing is left"
jpeg single/a.png
run mc-index -q --include '*.gif' single
fails 1 'mc-index: single: contains no image: 1 file is not wanted (--include, --exclude)' \
    "one file is not plural"
rm busi/normal/gone_mask.png
printf 'NRRD0004\n' >busi/masks/deep/1.png
globs -q
is_rc 1 "a class that cannot be read"
globs -q --exclude masks
is_rc 0 "unless it is excluded"

# --- labels ---------------------------------------------------------------------
for i in 0 1 2 3 4; do jpeg "dr/$i/a.jpg" "dr/$i/b.jpg"; done
jpeg dr/unknown/c.jpg
labels() { run mc-index --group . --group-from name "$@" dr; }
tally() {
	cut -f 3 out | sed 1d | sort | uniq -c |
	    sed 's/^ *//' | tr '\n' ';' >a
	printf '%s' "$1" | cmp -s - a || { cat a; return 1; }
}
labels --classes 1,0
warned "--classes: the others are left out and counted" <<'EOF'
mc-index: 7 of 11 images left out by --classes: "2" 2, "3" 2, "4" 2, "unknown" 1
EOF
ok "and those are kept" tally '2 0;2 1;'
labels --classes 0,5
fails 1 'mc-index: --classes: no image has the label "5"; labels are: "0" 2, "1" 2, "2" 2, "3" 2, "4" 2, "unknown" 1' \
    "a class that is not there"
printf 'label,name\n0,none\n1.0,mild\n2,moderate\n3,severe\n4,proliferative\n7,x\n' >names.csv
labels --rename names.csv
warned "--rename: what has no name, and what has no image" <<'EOF'
mc-index: names.csv:7: no image has the label "7"
mc-index: names.csv: no name for some labels, which stay: "unknown" 1
EOF
ok "1.0 is 1" tally '2 mild;2 moderate;2 none;2 proliferative;2 severe;1 unknown;'
labels -q --rename names.csv --merge sick=mild,moderate,severe,proliferative \
    --merge well=none --classes sick,well
ok "renamed, merged, chosen" tally '8 sick;2 well;'
printf 'label\tname\n0\twell\n1\tsick\n2\tsick\n3\tsick\n4\tsick\nunknown\tunknown\n' >two.tsv
labels --rename two.tsv
ok "one name for several labels" tally '8 sick;1 unknown;2 well;'
warned "without a warning" </dev/null
labels --merge rest=1,2,9
fails 1 'mc-index: --merge: no image has the label "9"; labels are: "0" 2, "1" 2, "2" 2, "3" 2, "4" 2, "unknown" 1' \
    "a label that is not there"
labels --merge a=1,2 --merge b=2,3
fails 2 "mc-index: --merge: \"2\" is given twice $see" "a label in two"
labels --merge 0=1,2
fails 2 "mc-index: --merge: 2 images have the label \"0\" already: give it another name, or list it also: 0=0,... $see" \
    "a name that is taken"
labels -q --merge 0=0,1 --merge rest=2,3,4,unknown
ok "unless it is listed" tally '4 0;7 rest;'
labels --merge rest
fails 2 "mc-index: --merge rest: give NEW=OLD,OLD, or NEW=* for all others $see" \
    "no list"
# counted: how many images have each label.
counted() { sed 1d out | cut -f 3 | sort | uniq -c | sed 's/^ *//' >a; is_file a "$1"; }
labels -q --merge 'rest=*' --merge 0=0,1
counted "--merge rest=*: all that no other list names, in any order" <<'EOF'
4 0
7 rest
EOF
labels -q --merge '0=*'
counted "a label that is one of all others" <<'EOF'
11 0
EOF
labels --merge 'rest=*' --merge 'others=*'
fails 2 "mc-index: --merge: rest=* and others=*: only one of them can be for all others $see" \
    "all others twice"
labels --merge 'rest=*' --merge a=0,1,2,3,4,unknown
fails 1 'mc-index: --merge rest=*: no other label is left' "no others"
labels --merge 'rest=*' --merge rest=0,9
fails 1 'mc-index: --merge: no image has the label "9"; labels are: "0" 2, "1" 2, "2" 2, "3" 2, "4" 2, "unknown" 1' \
    "a list is checked beside *"
labels --classes '!0,unknown,1.0'
warned "--classes !LIST: these are left out and counted" <<'EOF'
mc-index: 5 of 11 images left out by --classes: "0" 2, "1" 2, "unknown" 1
EOF
counted "and the others stay" <<'EOF'
2 2
2 3
2 4
EOF
labels --classes '!0,5'
fails 1 'mc-index: --classes: no image has the label "5"; labels are: "0" 2, "1" 2, "2" 2, "3" 2, "4" 2, "unknown" 1' \
    "a label that no image has"
labels --classes '!0,1,2,3,4,unknown'
fails 1 'mc-index: --classes !0,1,2,3,4,unknown: no image is left' "all but all"
printf 'label,name\n0,a\n0.0,b\n' >bad.csv
labels --rename bad.csv
fails 1 'mc-index: bad.csv:3: the label "0.0" is also in line 2' "a label twice"
printf 'label,name\n0,\n' >bad.csv
labels --rename bad.csv
fails 1 'mc-index: bad.csv:2: column "name" is empty: to leave images out, give --classes' \
    "an empty name"
printf 'label,name\nx,y\n' >bad.csv
labels -q --rename bad.csv
fails 1 'mc-index: bad.csv: column "label" has none of the labels: "0" 2, "1" 2, "2" 2, "3" 2, "4" 2, "unknown" 1' \
    "no label at all"
printf 'id,l\n0/a,x|y\n' >multi.csv
labels --join multi.csv --key id --label l --multilabel --classes x
fails 2 "mc-index: --rename, --merge and --classes are for images with one label $see" \
    "findings"

done_testing
