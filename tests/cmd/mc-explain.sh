#!/bin/sh
# mc-explain: maps against PyTorch's with hooks, the sanity check against scipy's
# correlation, and what is refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

common_behaviour mc-explain
make_images 9 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
test_images=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	$c["split"] == "test" { n++ } END { print n + 0 }' manifest.tsv)
: >asked	# of the peer, which is started once, at the end
tune() { # tune NETWORK FEATURES SIDE OPTION...: makes NETWORK.tar
	tuned=$1 features=$2 side=$3
	shift 3
	mc-train -q --backbone "$tuned" --features "$features" --weights random \
	    --resize "$side" --crop "$side" --threads 2 --regime finetune --epochs 1 \
	    --lr 0.001 --select last "$@" -o "$tuned.tar" images.tar
}
explain() { # explain NETWORK METHOD OPTION...: compares the maps
	network=$1 method=$2
	shift 2
	run mc-explain -q --model "$network.tar" --method "$method" "$@" -o "$network.$method.tar" images.tar
	is_rc 0 "$network, $method"
	printf 'maps\t%s\t%s\t%s\n' "$network.tar" "$network.$method.tar" "$network, $method" >>asked
}
refuses() { # refuses STATUS NAME MESSAGE ARGUMENT...: and no output is left
	status=$1 name=$2 message=$3
	shift 3
	echo old >kept.tar
	run mc-explain -q "$@" -o kept.tar images.tar
	fails "$status" "mc-explain: $message" "$name"
	ok "$name: the output stays as it was" test "$(cat kept.tar)" = old
}
members() { tar -tf "$1"; }

# --- Maps, as PyTorch makes them -----------------------------------------------

tune resnet18 pooled 96
explain resnet18 gradcam
explain resnet18 occlusion --patch 30 --stride 17 --class OPACITY --class NORMAL
tune densenet121 pooled 96
explain densenet121 gradcam --class NORMAL
tune swin_t pooled 64
explain swin_t gradcam
tune dinov2_vits14_reg cls+mean 42 --head mlp:8
for method in gradcam attention rollout; do explain dinov2_vits14_reg $method; done
tune vit_tiny_patch16_224 fc_norm 64
for method in gradcam attention rollout; do explain vit_tiny_patch16_224 $method; done
printf 'colours\tresnet18.tar\tresnet18.gradcam.tar\n' >>asked

# Findings: the probability of each is its own.
sed '1!{ s/	NORMAL	/	No Finding	/; s/	OPACITY	/	Mass|Nodule	/; }' manifest.tsv >findings.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR % 3 == 0 && $c["label"] != "No Finding" { $c["label"] = "Nodule" } { print }' findings.tsv >labels.tsv
mc-train -q --multilabel --manifest labels.tsv --backbone resnet18 --weights random --resize 96 --crop 96 \
    --threads 2 --regime finetune --epochs 1 --lr 0.001 --select last -o findings.tar images.tar
for method in gradcam occlusion; do
	patch=
	[ $method = gradcam ] || patch='--patch 40'
	explain findings $method $patch --class Nodule --class Mass
done
run mc-explain -q --model findings.tar --class Effusion images.tar
fails 2 "mc-explain: --class \"Effusion\": the model's findings are Mass, Nodule" 'a finding that the model does not have'

# --- The tar --------------------------------------------------------------------

ok 'a map and an overlay for each class, the table and the end' test \
    "$(members resnet18.occlusion.tar | wc -l)" -eq $((4 * test_images + 3))
ok 'of each of the classes given, in their order' test \
    "$(tar -xOf resnet18.occlusion.tar maps.tsv | tail -n +2 | cut -f 4 | paste -s -d ' ' - | sed 's/OPACITY NORMAL/x/g; s/ //g; s/^xx*$/all/')" = all
ok 'the table comes behind the maps' test "$(members resnet18.gradcam.tar | tail -n 2 | tr '\n' ' ')" = 'maps.tsv __end__ '
ok 'the digest is that of the content' test \
    "$(tar -xOf resnet18.gradcam.tar --exclude=__end__ | sha256sum | cut -c 1-64)" = \
    "$(tar -xOf resnet18.gradcam.tar __end__ | sed -n 's/^sha256	//p')"
tar -xOf resnet18.gradcam.tar maps.tsv >maps.tsv
cut -f 13 maps.tsv | tail -n +2 | sort >named
members resnet18.gradcam.tar | grep '\.npy$' | sort >there
ok 'the table names the maps' cmp named there
mc-predict -q --model resnet18.tar -o predictions.tsv images.tar
awk -F'\t' 'NR == FNR { if (FNR > 1) { p[$1] = $5; class[$1] = $4 } next }
	FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ d = p[$c["id"]] - $c["p:" class[$c["id"]]]; n += d < 1e-5 && d > -1e-5 &&
	    class[$c["id"]] == $c["predicted"] } END { print n + 0, FNR - 1 }' maps.tsv predictions.tsv >agree
ok 'classes and probabilities are those of mc-predict' test "$(cat agree)" = "$test_images $test_images"
tar -xOf vit_tiny_patch16_224.rollout.tar maps.tsv | cut -f 4,5,11,12 | tail -n +2 | sort -u >empty
ok 'attention has no class and no squares' test "$(tr -d '\t\n' <empty)" = ''

for model in resnet18.gradcam resnet18.occlusion vit_tiny_patch16_224.gradcam vit_tiny_patch16_224.rollout; do
	options=
	[ $model != resnet18.occlusion ] || options='--patch 30 --stride 17 --class OPACITY --class NORMAL'
	for threads in 1 2 3; do
		mc-explain -q --model "${model%.*}.tar" --method "${model#*.}" --threads $threads $options -o again.tar images.tar
		ok "$model, $threads threads: the same bytes" cmp "$model.tar" again.tar
	done
done
id=$(sed -n '2s/	.*//p' maps.tsv)
mc-explain -q --model resnet18.tar --id "$id" -o one.tar images.tar
ok '--id explains one image' test "$(members one.tar | wc -l)" -eq 5
train=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["split"] == "train" { print $c["id"]; exit }' manifest.tsv)
mc-explain -q --model resnet18.tar --id "$train" -o one.tar images.tar
ok 'also one that the model was trained on' test "$(members one.tar | wc -l)" -eq 5
mc-explain -q --model resnet18.tar --split val -o val.tar images.tar
ok '--split explains another split' sh -c '[ "$(tar -tf val.tar | wc -l)" -gt 2 ] && ! cmp -s val.tar resnet18.gradcam.tar'
run mc-explain -v --model resnet18.tar --method occlusion --id "$id" -o one.tar images.tar
ok 'the squares have a seventh of the side, and half of that between them' test \
    "$(tar -xOf one.tar maps.tsv | cut -f 7,8,11,12 | tail -n 1 | tr '\t' ' ')" = '13 13 13 7'
ok '-v says how often the network is applied' grep -q '^mc-explain: explained 1 image; the network was applied 170 times to each$' err
printf 'id\tlabel\tpath\na\tDRUSEN\t%s\n' "$(ls images/*/*.png | head -n 1)" | mc-pack -q -o other.tar
run mc-explain --model resnet18.tar --class NORMAL --split all -o maps.tar other.tar
is_err 'images of another task are explained, and said' <<'END'
mc-explain: other.tar: images explained whose label is not one of the model's classes: 1, first id "a"; is the model of another task?
END
printf 'id\tlabel\tpath\n%s\t\t%s\n%s\t\t%s\n' a.b/c "$(ls images/*/*.png | head -n 1)" 'x y' "$(ls images/*/*.png | head -n 1)" >odd.tsv
mc-pack -q -o odd.tar odd.tsv
run mc-explain --model resnet18.tar --class NORMAL -o maps.tar odd.tar
is_err 'images without a split are all explained' <<'END'
mc-explain: odd.tar: no image has a split: explaining them all
END
members maps.tar >listed
is_file listed 'ids are written as in an image tar' <<'END'
__maps__
a%2Eb/c.NORMAL.npy
a%2Eb/c.NORMAL.png
x%20y.NORMAL.npy
x%20y.NORMAL.png
maps.tsv
__end__
END

# --- A list of images, and a sheet of their maps --------------------------------

mc-montage -q --predictions predictions.tsv --show borderline --per-class 1 --list list.tsv -o kept.png images.tar
run mc-explain -q --model resnet18.tar --list list.tsv -o listed.tar images.tar
is_rc 0 'a list of images'
tar -xOf listed.tar maps.tsv | tail -n +2 | cut -f 1 | sort >got
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "id") c = i; next } { print $c }' list.tsv | sort >wanted
ok 'those are explained, and no others' cmp got wanted
ok 'which are some' test "$(grep -c . got)" -eq 2
printf 'id\n%s\n' "$train" >trained.tsv
mc-explain -q --model resnet18.tar --list trained.tsv -o one.tar images.tar
ok 'also those that the model was trained on' test "$(tar -xOf one.tar maps.tsv | tail -n +2 | cut -f 1)" = "$train"
printf 'name\nx\n' >bad.tsv
refuses 1 'a list without ids' 'bad.tsv:1: --list: has no column "id": give a table of images, such as the list of mc-montage' \
    --model resnet18.tar --list bad.tsv
printf 'id\tlabel\n\tx\n' >bad.tsv
refuses 1 'a list with an empty id' 'bad.tsv:2: --list: a row without an id' --model resnet18.tar --list bad.tsv
printf 'id\nnobody\n' >bad.tsv
refuses 1 'a list of other images' 'images.tar: bad.tsv: there is no image "nobody"' --model resnet18.tar --list bad.tsv
refuses 2 'a list and ids' '--list and --id both name images: give one' --model resnet18.tar --list list.tsv --id "$id"
refuses 2 'a list from standard input' '--list: give a file: standard input is for the model and the images' \
    --model resnet18.tar --list -
head -n 1 list.tsv >none.tsv
run mc-explain --model resnet18.tar --list none.tsv -o none.tar images.tar
is_err 'a list without images gives no maps' <<'END'
mc-explain: none.tsv: none of its images is to be explained: there are no maps
END
ok 'in a whole tar' test "$(members none.tar | tr '\n' ' ')" = '__maps__ maps.tsv __end__ '
run mc-explain -q --model resnet18.tar --list none.tsv --sanity-check images.tar
is_rc 1 'of which there are no correlations'

sheet='--show borderline --per-class 9 --predictions predictions.tsv --tile 96 --dpi 100 --font-size 6'
run mc-montage -q $sheet --columns 3 --maps resnet18.gradcam.tar --list list.tsv -o sheet.png images.tar
is_rc 0 'a sheet with maps'
ok 'has each image in the list, and no map' test "$(tail -n +2 list.tsv | cut -f 20 | sort | uniq -u | grep -c .)" -eq "$test_images"
run mc-montage $sheet --columns 3 --maps resnet18.gradcam.tar -o same.png images.tar
ok 'without a word on whose maps they are' sh -c '! grep -q "probability of" err'
awk -F '\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { $c["predicted"] = ""; a = $c["p:NORMAL"]; $c["p:NORMAL"] = $c["p:OPACITY"]; $c["p:OPACITY"] = a } 1' \
    predictions.tsv >other.tsv
run mc-montage ${sheet%predictions.tsv*}other.tsv ${sheet#*predictions.tsv} --columns 3 --maps resnet18.gradcam.tar -o same.png images.tar
ok 'maps of another model are warned of' grep -q \
    '^mc-montage: --maps: the probability of [0-9]* of the maps is not that in other.tsv, such as of ".*": are they maps of the model that predicted?$' err
rm same.png
mkdir unpacked
tar -xf resnet18.gradcam.tar -C unpacked
compared 'each map is compared with its overlay' "$PYTHON3" -c '
import csv
from PIL import Image
page = Image.open("sheet.png").convert("RGB")
maps = {r["id"]: r["overlay"] for r in csv.DictReader(open("unpacked/maps.tsv"), delimiter="\t")}
for r in csv.DictReader(open("list.tsv"), delimiter="\t"):
    x, y, row, column = (int(r[k]) for k in ("x", "y", "row", "column"))
    overlay = Image.open("unpacked/" + maps[r["id"]]).convert("RGB")
    places = [a for a in range(page.width - 95)
              if page.crop((a, y, a + 96, y + 96)).tobytes() == overlay.tobytes()]
    near = [a for a in places if x + 96 < a < x + 130]
    print("ok" if near else "not ok", r["id"] + " has its map at its right", sep="\t")
    print("ok" if column % 2 == 1 else "not ok", "and both are in one row", sep="\t")
'
run mc-montage -q $sheet --maps listed.tar -o kept.png images.tar
fails 1 "mc-montage: listed.tar: --maps: lacks a map of $((test_images - 2)) of the $test_images images to be shown, such as \"$(
    cut -f 20 list.tsv | grep -v -x -F -f wanted | sed -n 2p)\": make maps of them with mc-explain --list" \
    'images without a map'
# Without a number, as many of each label are shown as have maps, from the first on.
# places MOST...: the rows of a list up to these places of the first label, the second.
places() {
	awk -F '\t' -v first="$1" -v second="$2" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
		{ label = $c["label"]; if (n == 0) n = label
		if ($c["place"] <= (label == n ? first : second)) print }'
}
mc-predict -q --model resnet18.tar --split train -o train.tsv images.tar
fits='--show borderline --predictions train.tsv --font-size 6'
mc-montage -q $fits --list all.tsv -o all.png images.tar
ok 'more are shown where all have maps' test "$(grep -c . all.tsv)" -gt 6
places 3 2 <all.tsv >uneven.tsv
mc-explain -q --model resnet18.tar --list uneven.tsv -o uneven.tar images.tar
run mc-montage $fits --maps uneven.tar --list shown.tsv -o uneven.png images.tar
is_rc 0 'labels of which different numbers have maps'
places 2 2 <all.tsv | cut -f 20 >wanted.ids
ok 'there are five' test "$(wc -l <uneven.tsv)" -eq 6
ok 'are shown with as many of each' test "$(wc -l <wanted.ids) $(cut -f 20 shown.tsv)" = "5 $(cat wanted.ids)"
ok 'without a word on the image that is not shown' sh -c '! grep -q "such as" err'
places 3 0 <uneven.tsv >uneven.one.tsv
mc-explain -q --model resnet18.tar --list uneven.one.tsv -o one.tar images.tar
run mc-montage -q $fits --maps one.tar -o kept.png images.tar
is_rc 1 'a label without any map is refused'
ok 'since it lacks maps' grep -q '^mc-montage: one.tar: --maps: lacks a map of [0-9]* of the [0-9]* images to be shown' err
# Maps in several tars, as of several folds, are joined.
grep -v -x -F -f wanted <<END | sed '1s/.*/id/' >rest.tsv
$(cut -f 20 list.tsv)
END
mc-explain -q --model resnet18.tar --list rest.tsv -o rest.tar images.tar
run mc-montage -q $sheet --columns 3 --maps listed.tar --maps rest.tar -o again.png images.tar
ok 'two tars, the same sheet' cmp again.png sheet.png
run mc-montage -q $sheet --maps resnet18.gradcam.tar --maps listed.tar -o kept.png images.tar
is_rc 1 'two maps of one image are refused'
ok 'with the way out' grep -q '^mc-montage: listed.tar: --maps: ".*" has a second map: make one for each image (mc-explain with one --class, or none)$' err
run mc-montage -q $sheet --maps images.tar -o kept.png images.tar
fails 1 'mc-montage: images.tar: not a tar of mc-explain: its first member is not __maps__' 'another tar'
head -c 4096 resnet18.gradcam.tar >cut.tar
run mc-montage -q $sheet --maps cut.tar -o kept.png images.tar
is_rc 1 'a tar that is cut off is refused'
mkdir changed
tar -xf listed.tar -C changed
name=$(find changed -name '*.png' | head -n 1)
cp kept.png "$name"
(cd changed && tar -cf ../changed.tar __maps__ $(tar -tf ../listed.tar | grep -v __) __end__)
run mc-montage -q $sheet --maps changed.tar -o kept.png images.tar
is_rc 1 'a tar whose digest is another is refused'
run mc-montage -q --maps listed.tar -o kept.png images.tar
fails 2 'mc-montage: --maps needs --predictions' 'maps without predictions'
run mc-montage -q $sheet --maps - -o kept.png images.tar
fails 2 'mc-montage: --maps: give a file: standard input cannot be read twice' 'maps from standard input'

# --- The sanity check -------------------------------------------------------------

run mc-explain -q --model resnet18.tar --sanity-check -o sanity.tsv images.tar
is_rc 0 'the sanity check'
cut -f 1-4,9 sanity.tsv >listed
is_file listed 'has five rows' <<'END'
method	random	blocks	of	seed
gradcam	head	0	8	1
gradcam	blocks	2	8	1
gradcam	blocks	4	8	1
gradcam	blocks	6	8	1
gradcam	all	8	8	1
END
ok 'each map is counted' test "$(awk -F'\t' 'NR > 1 { print $5 + $6 }' sanity.tsv | sort -u)" = "$test_images"
printf 'sanity\tresnet18.tar\tresnet18.gradcam.tar\tsanity.tsv\n' >>asked
mc-explain -q --model resnet18.tar --sanity-check --threads 1 -o again.tsv images.tar
ok 'the same on one thread' cmp sanity.tsv again.tsv
mc-explain -q --model resnet18.tar --sanity-check --seed 2 -o again.tsv images.tar
ok 'another seed has other weights' test "$(cut -f 7 sanity.tsv)" != "$(cut -f 7 again.tsv)"
ok 'and is said' test "$(cut -f 9 again.tsv | sort -u | paste -s -d ' ' -)" = '2 seed'
run mc-explain -q --model dinov2_vits14_reg.tar --method rollout --sanity-check images.tar
is_rc 0 'of attention'
ok 'a random head changes nothing of it' test "$(awk -F'\t' '$2 == "head" { print ($7 > 1 - 1e-12), ($8 < 1e-12) }' out)" = '1 1'
ok 'random blocks do' test "$(awk -F'\t' '$2 == "all" { print ($7 < 0.9) }' out)" = 1
tune resnet34 pooled 32
refuses 2 'maps of one value' '--sanity-check: for images of 32 pixels the maps have a single value, so there are no ranks to correlate: use --method occlusion' \
    --model resnet34.tar --sanity-check
# Random weights of a frozen backbone are not drawn again as they were.
mc-train -q --backbone resnet18 --weights random --init-seed 1 --resize 96 --crop 96 --regime frozen --epochs 2 \
    --threads 2 -o frozen.tar images.tar
mc-explain -q --model frozen.tar --method occlusion --patch 32 --sanity-check -o frozen.tsv images.tar
ok 'weights that were random become others' test "$(awk -F'\t' '$2 == "all" { print ($7 < 0.999) }' frozen.tsv)" = 1

# --- What is refused ----------------------------------------------------------------

run mc-explain images.tar
fails 2 'mc-explain: --model is needed' 'no model'
refuses 2 'a class that the model does not have' "--class \"SICK\": the model's classes are NORMAL, OPACITY" \
    --model resnet18.tar --class SICK
refuses 2 'a class twice' '--class "NORMAL" is given twice' --model resnet18.tar --class NORMAL --class NORMAL
refuses 2 'a class of attention' '--class: the maps of rollout are the same for every class: give --method gradcam or occlusion' \
    --model resnet18.tar --method rollout --class NORMAL
refuses 2 'attention of a convolutional network' '--method attention: resnet18 (ResNet) is no vision transformer whose tokens all attend to each other: use gradcam or occlusion' \
    --model resnet18.tar --method attention
refuses 2 'attention of windows' '--method rollout: swin_t (Swin) is no vision transformer whose tokens all attend to each other: use gradcam or occlusion' \
    --model swin_t.tar --method rollout
refuses 2 'squares of another method' '--patch needs --method occlusion' --model resnet18.tar --patch 3
refuses 2 'steps of another method' '--stride needs --method occlusion' --model resnet18.tar --stride 3
refuses 2 'a square larger than the image' "--patch 97: larger than the network's images, of 96 pixels per side" \
    --model resnet18.tar --method occlusion --patch 97
refuses 2 'gaps' '--stride 9: squares of 8 pixels would leave gaps: give at most 8' --model resnet18.tar --method occlusion --patch 8 --stride 9
refuses 2 'a seed without weights' '--seed needs --sanity-check' --model resnet18.tar --seed 3
refuses 2 'a fold and a split' '--fold and --split choose different rows: give one' --model resnet18.tar --fold 1 --split val
refuses 2 'an id twice' "--id \"$id\" is given twice" --model resnet18.tar --id "$id" --id "$id"
refuses 1 'an id that is not there' 'images.tar: --id: there is no image "nobody"' --model resnet18.tar --id "$id" --id nobody
refuses 1 'a split that is not there' 'images.tar: no image to explain: none has split "later" (--split all explains every image)' \
    --model resnet18.tar --split later
run mc-explain --model - -
fails 2 'mc-explain: --model and the images cannot both be standard input' 'two inputs from one'
for tar in resnet18 resnet18.gradcam; do
	what='a tar of maps of mc-explain'
	[ $tar != resnet18 ] || what='a model tar of mc-train'
	for program in 'mc-explain --model resnet18.tar' 'mc-predict --model resnet18.tar' mc-montage \
	    'mc-embed --backbone resnet18 --weights random' \
	    'mc-train --backbone resnet18 --weights random --regime finetune'; do
		run $program -o x $tar.tar
		fails 1 "${program%% *}: $tar.tar: is $what: give the image tar" "${program%% *}: $what"
	done
done
mc-embed -q --backbone resnet18 --weights random --resize 96 --crop 96 -o features.tar images.tar
run mc-explain --model frozen.tar features.tar
fails 1 'mc-explain: features.tar: has 512 features per image, and no images: give the image tar' 'features'
mc-train -q --regime frozen --head knn --k 3 -o knn.tar features.tar
refuses 2 'a head without a gradient' '--method gradcam: the head knn has no gradient: use occlusion' --model knn.tar
refuses 2 'a head without weights' '--sanity-check: the head knn has no weights that could be random' \
    --model knn.tar --method occlusion --sanity-check
mc-train -q --regime frozen --head logistic --C 1 -o logistic.tar features.tar
run mc-explain -q --model logistic.tar -o logistic.maps.tar images.tar
is_rc 0 'Grad-CAM of a frozen backbone with logistic regression'
mc-predict -q --model logistic.tar -o logistic.tsv features.tar
tar -xOf logistic.maps.tar maps.tsv | awk -F'\t' 'NR == FNR { if (FNR > 1) { p[$1] = $5; class[$1] = $4 } next }
	FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ d = p[$c["id"]] - $c["p:" class[$c["id"]]]; n += d < 1e-5 && d > -1e-5 && $c["id"] in p }
	END { print n + 0, FNR - 1 }' - logistic.tsv >agree
ok 'with the probabilities of mc-predict' test "$(cat agree)" = "$test_images $test_images"
run mc-explain -q --model knn.tar --method occlusion --patch 48 -o knn.maps.tar images.tar
is_rc 0 'occlusion with nearest neighbours'
# Of two classes, the maps of one are those of the other with the other sign, and so
# correlate alike, whichever is explained and in whatever batches.
mc-predict -q --model logistic.tar --split train -o train.tsv features.tar
{ echo id; awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	n[$c["predicted"]]++ < 2 { print $c["id"] }' train.tsv; } >mixed.tsv
ok 'images of both predictions' test "$(sed 1d mixed.tsv | wc -l)" -eq 4
check='--model logistic.tar --list mixed.tsv --method occlusion --patch 48 --sanity-check'
mc-explain -q $check -o whole.tsv images.tar
mc-explain -q $check --batch 3 -o again.tsv images.tar
mc-explain -q $check --batch 3 --class OPACITY --class NORMAL -o both.tsv images.tar
awk -F'\t' 'FNR > 1 && FILENAME == "whole.tsv" { r[FNR] = $7; sd[FNR] = $8 }
	function near(a, b) { return a - b < 1e-6 && b - a < 1e-6 }
	FNR > 1 && $5 == (FILENAME == "both.tsv" ? 8 : 4) && near(r[FNR], $7) &&
	near(sd[FNR] * (FILENAME == "both.tsv" ? sqrt(6 / 7) : 1), $8) { n++ }
	END { print n + 0 }' whole.tsv again.tsv both.tsv >agree
ok 'the sanity check of several batches, and of two classes' test "$(cat agree)" -eq 15
cat >module.py <<'END'
import torch
net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 8, 8), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
torch.jit.trace(net.eval(), torch.zeros(1, 3, 32, 32)).save("module.pt")
END
if have_python 'a TorchScript module'; then
	"$PYTHON3" module.py
	mc-train -q --backbone module.pt --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5 --resize 32 --crop 32 --regime finetune \
	    --epochs 1 --select last -o module.tar images.tar
	refuses 2 'layers that are not known' \
	    "--method gradcam: the model's module.pt is a TorchScript module, whose layers are not known: use occlusion" \
	    --model module.tar
	refuses 2 'weights that are not known' '--sanity-check: the initial distribution of a TorchScript module'\''s weights is not known' \
	    --model module.tar --method occlusion --sanity-check
	run mc-explain -q --model module.tar --method occlusion -o module.maps.tar images.tar
	is_rc 0 'occlusion of a TorchScript module'
fi

if have_python 'maps'; then
	"$PYTHON3" "$abs_srcdir/tests/cmd/explain_peer.py" <asked >peer 2>peer.err
	verdicts peer
	ok 'the peer has come to its end' test "$(grep -c . peer)" -ge "$(grep -c . asked)" -a "$(tail -n 1 peer)" = 'ok	all is compared'
fi

done_testing
