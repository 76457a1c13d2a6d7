#!/bin/sh
# mc-embed and mc-predict --shard I/N: parts of a set of tars, which together are
# what one run gives; features in several tars; and what is refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 24 || { echo 'Bail out! no images'; exit 99; }
see() { echo "(see $1 --help)"; }
# Five shards of eight images, so that batches of four are those of one run; with
# both classes in each.
{ sed 1q manifest.tsv
    for label in NORMAL OPACITY; do
	grep "	$label	" manifest.tsv | head -n 20 | nl -w 3
    done | sort -n -s -k 1,1 | cut -f 2-; } >mixed.tsv
mc-pack -q --shards 8 -o 'set-%02d.tar' mixed.tsv
ok 'there are five shards' test "$(ls set-*.tar | wc -l)" -eq 5
net='--backbone resnet18 --weights random --resize 36 --crop 32 --batch 4 --threads 1'
train='mc-train -q --regime frozen --lr 0.01 --epochs 3 --threads 1 --task t'
# One at a time: the wanted images of a batch depend on the tars.
predict='mc-predict --batch 1 --threads 1'
# joined FILE...: tables as one, with the header of the first.
joined() {
	sed 1q "$1"
	for f; do sed 1d "$f"; done
}

# --- Which tars ----------------------------------------------------------------
mc-embed $net --format tsv -o one.tsv 'set-{00..04}.tar'
ids() { cut -f 1 "$1" | sed 1d; }
for i in 1 2 3; do
	run mc-embed $net --shard $i/3 --format tsv -o part-$i.tsv 'set-{00..04}.tar'
	is_rc 0 "part $i of 3"
	ok "part $i: not a word of the other shards" test ! -s err
done
joined part-1.tsv part-2.tsv part-3.tsv >parts.tsv
ok 'the features of the parts are those of one run, byte for byte' cmp one.tsv parts.tsv
ok 'parts are of equal size, but for one tar' test "$(for i in 1 2 3; do
	ids part-$i.tsv | wc -l; done | xargs)" = '8 16 16'
mc-embed $net --shard 1/1 --format tsv -o all.tsv set-*.tar
ok 'one part is all of them' cmp one.tsv all.tsv

# --- Features in several tars -----------------------------------------------------
mc-embed $net -o one.tar set-*.tar
for i in 1 2 3; do
	mc-embed $net --shard $i/3 -o features-$i.tar set-*.tar
done
ok 'a part says which one it is' test "$(tar -xOf features-2.tar __features__ |
    sed -n 's/^shard	//p')" = 2/3
run $train -o one.model.tar one.tar
is_rc 0 'a model of one features tar'
run $train -o parts.model.tar 'features-{1..3}.tar'
is_rc 0 'and of several'
ok 'without a word' test ! -s err
for m in one parts; do
	tar -xOf $m.model.tar __model__ | grep -v '^manifest_sha256' >$m.about
	tar -xf $m.model.tar head.safetensors && mv head.safetensors $m.head
done
ok 'are the same, byte for byte' cmp one.head parts.head
ok 'and say the same' cmp one.about parts.about
$predict -q --model one.model.tar -o one.p.tsv one.tar
$predict -q --model one.model.tar -o parts.p.tsv features-1.tar features-2.tar features-3.tar
ok 'so are predictions' cmp one.p.tsv parts.p.tsv
missing='mc-train: the set of features-1.tar has further parts, which were not read:'
run mc-train ${train#mc-train -q} -o x.tar features-1.tar features-3.tar
ok 'a part that is missing is said' grep -qx "$missing 2" err
run mc-train ${train#mc-train -q} --select last -o x.tar features-1.tar
ok 'also where none comes behind' grep -qx "$missing 2, 3" err
rm -f x.tar
mc-embed ${net%--batch*} --filter bicubic --threads 1 -o other.tar --shard 2/3 set-*.tar
run $train -o x.tar features-1.tar other.tar
fails 1 'mc-train: other.tar: its features were not computed as those of features-1.tar: preprocess is resize=36 crop=32 filter=bicubic mean=0.485,0.456,0.406 std=0.229,0.224,0.225, not resize=36 crop=32 filter=bilinear mean=0.485,0.456,0.406 std=0.229,0.224,0.225: run mc-embed with the same options' \
    'features of another preprocessing'
mc-embed --weights random --init-seed 2 --backbone resnet18 --resize 36 --crop 32 --threads 1 -o other.tar --shard 2/3 set-*.tar
run $train -o x.tar features-1.tar other.tar
fails 1 'mc-train: other.tar: its features were not computed as those of features-1.tar: init_seed is 2, not 1: run mc-embed with the same options' \
    'of other weights'
cp features-1.tar copy.tar
run $train -o x.tar features-1.tar copy.tar
fails 1 "mc-train: copy.tar: the id \"$(ids part-1.tsv | sed 1q)\" was read before: each image needs an id of its own" \
    'a part that is given twice'
ok 'no model is left' test ! -e x.tar

# --- Predictions ------------------------------------------------------------------
$predict -q --model one.model.tar -o one.p.tsv set-*.tar
for i in 1 2 3; do
	run $predict -q --model one.model.tar --shard $i/3 -o p-$i.tsv 'set-{00..04}.tar'
	is_rc 0 "predictions of part $i of 3"
done
ok 'their headers are the same' test "$(sed -s 1q p-1.tsv p-2.tsv p-3.tsv | sort -u | wc -l)" -eq 1
joined p-1.tsv p-2.tsv p-3.tsv >parts.p.tsv
columns=$(sed 1q one.p.tsv | awk -F '\t' '{ print NF }')
cut -f "1-$columns" parts.p.tsv >short.tsv
ok 'predictions of the parts are those of one run' cmp one.p.tsv short.tsv
bootstrap='mc-bootstrap -q --replicates 399 --metrics accuracy,auroc,log_loss'
$bootstrap one.p.tsv >want
$bootstrap parts.p.tsv >got
ok 'so are the metrics, of the joined table' cmp want got
$bootstrap p-1.tsv p-2.tsv p-3.tsv >got
ok 'and of the parts' cmp want got
$bootstrap p-3.tsv p-1.tsv p-2.tsv >got
ok 'in whatever order' cmp want got
for i in 1 2 3; do
	$predict -q --model one.model.tar --shard $i/3 -o f-$i.tsv 'features-{1..3}.tar'
done
joined f-1.tsv f-2.tsv f-3.tsv | cut -f "1-$columns" >short.tsv
$predict -q --model one.model.tar -o f.tsv one.tar
ok 'parts of features also' cmp f.tsv short.tsv

# Log odds: in each part, or in none.
mc-train -q --regime frozen --head knn --k 3 --threads 1 --task t -o knn.tar one.tar
$predict -q --model knn.tar -o one.p.tsv one.tar
for i in 1 2 3; do
	$predict -q --model knn.tar --shard $i/3 -o k-$i.tsv features-1.tar features-2.tar features-3.tar
done
joined k-1.tsv k-2.tsv k-3.tsv >parts.p.tsv
ok 'votes of neighbours: the tables joined are that of one run' cmp one.p.tsv parts.p.tsv

# Shards without a wanted row.
{ sed 1q manifest.tsv; grep '	train	' manifest.tsv | head -n 8
    grep '	val	' manifest.tsv | head -n 4
    grep '	test	' manifest.tsv | head -n 4; } >sorted.tsv
mc-pack -q --shards 4 -o 'sorted-%d.tar' sorted.tsv
$predict -q --model one.model.tar -o one.p.tsv sorted-0.tar sorted-1.tar sorted-2.tar sorted-3.tar
for i in 1 2 3 4; do
	run $predict --model one.model.tar --shard $i/4 -o s-$i.tsv 'sorted-{0..3}.tar'
	is_rc 0 "part $i of 4, the last of which has the test split"
done
run $predict --model one.model.tar --shard 2/4 -o s-2.tsv 'sorted-{0..3}.tar'
is_err 'a part without an image to predict' <<'EOF2'
mc-predict: --shard 2/4: no image to predict: this part has a header, and no row
EOF2
ok 'has the header of the others' test "$(sed 1q s-4.tsv)" = "$(cat s-2.tsv)"
joined s-1.tsv s-2.tsv s-3.tsv s-4.tsv | cut -f "1-$columns" >short.tsv
ok 'joined, they are what one run gives' cmp one.p.tsv short.tsv
$bootstrap --metrics accuracy one.p.tsv >want
run mc-bootstrap --replicates 399 --metrics accuracy s-1.tsv s-2.tsv s-3.tsv s-4.tsv
is_rc 0 'mc-bootstrap reads all of them'
ok 'to the same metrics' cmp want out
ok 'and says which have no rows' grep -qx \
    'mc-bootstrap: s-1.tsv: a header, but no rows (3 of 4 files)' err
run mc-bootstrap s-1.tsv s-2.tsv
fails 1 'mc-bootstrap: s-1.tsv: a header, but no rows' 'not where no table has a row'
for i in 1 2 3 4; do
	mc-embed -q $net --batch 1 --split test --shard $i/4 -o t-$i.tar 'sorted-{0..3}.tar'
done
run mc-embed $net --split test --shard 1/4 -o t-1.tar 'sorted-{0..3}.tar'
is_err 'features of no image' <<'EOF2'
mc-embed: --shard 1/4: no image: this part has no row
EOF2
run $predict --model one.model.tar -o t.tsv 't-{1..4}.tar'
is_rc 0 'are read among others'
ok 'to the same predictions' cmp t.tsv one.p.tsv
run $predict --model one.model.tar -o none.tsv t-1.tar t-2.tar
is_rc 1 'not alone'
ok 'and nothing is written' test ! -e none.tsv

# The first tar of all decides whether there are splits.
{ sed 1q manifest.tsv; grep '	test	' manifest.tsv | head -n 2; } >a.tsv
{ sed 1q manifest.tsv; grep '	test	' manifest.tsv | sed -n '3,4s/	test	/		/p'; } >b.tsv
for t in a b; do mc-pack -q -o $t.tar $t.tsv; done
$predict -q --model one.model.tar -o one.p.tsv a.tar b.tar
$predict -q --model one.model.tar --shard 1/2 -o 1.tsv a.tar b.tar
$predict -q --model one.model.tar --shard 2/2 -o 2.tsv a.tar b.tar
joined 1.tsv 2.tsv | cut -f "1-$columns" >short.tsv
ok 'rows without a split are left by each part, as by one run' cmp one.p.tsv short.tsv
sed '1s/label/Label/' b.tsv | mc-pack -q -o c.tar
run $predict --model one.model.tar --shard 2/2 -o none.tsv a.tar c.tar
fails 1 'mc-predict: c.tar: its columns are not those of a.tar' \
    'the columns of each part are those of the first tar'

# A manifest in the place of the tars' own.
sed '1!s/	test	/	other	/' manifest.tsv >given.tsv
for i in 1 2; do
	run $predict --model one.model.tar --split other --manifest given.tsv --shard $i/2 \
	    -o g-$i.tsv set-*.tar
	ok "--manifest: ids of other parts are not missed in part $i" test ! -s err
done
$predict -q --model one.model.tar --split other --manifest given.tsv -o one.p.tsv set-*.tar
joined g-1.tsv g-2.tsv | cut -f "1-$columns" >short.tsv
ok 'and the parts are one run' cmp one.p.tsv short.tsv

# --- What is refused --------------------------------------------------------------
for program in "mc-embed $net -o x.tsv" "mc-predict --model one.model.tar -o x.tsv"; do
	name=${program%% *}
	refused() { # refused MESSAGE NAME TARS...
		message=$1 what=$2
		shift 2
		run $program "$@"
		fails 2 "$name: --shard$message $(see $name)" "$name: $what"
	}
	for bad in 3 1/2/3; do
		refused ": \"$bad\" is not a part and the number of parts, such as 3/64" \
		    "\"$bad\"" --shard "$bad" set-*.tar
	done
	refused ': "0/3": parts are numbered from 1 to 3' 'part 0' --shard 0/3 set-*.tar
	refused ': "4/3": parts are numbered from 1 to 3' 'part 4 of 3' --shard 4/3 set-*.tar
	refused ' 1/6: 5 tars cannot be divided into 6 parts; mc-pack --shards writes several' \
	    'more parts than tars' --shard 1/6 'set-{00..04}.tar'
	refused ' 1/2: 1 tar cannot be divided into 2 parts; mc-pack --shards writes several' \
	    'one tar' --shard 1/2 set-00.tar
	refused ' divides the tars that are named: standard input cannot be one' \
	    'standard input' --shard 1/2
	refused ' divides the tars that are named: standard input cannot be one' \
	    'nor among others' --shard 1/2 set-00.tar -
	run $program --shard 1/6 'set-{00..05}.tar'
	fails 1 "$name: set-05.tar: No such file or directory" "$name: a tar of another part must be there too"
done
ok 'and no output is left' test ! -e x.tsv
done_testing
