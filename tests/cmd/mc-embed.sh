#!/bin/sh
# mc-embed: the features tar, against NumPy and the TSV.  The features themselves
# are compared in tests/cmd/mc-train.sh, training on them in features.sh.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 12 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
embed='mc-embed --backbone resnet18 --weights random --resize 36 --crop 32 --threads 1'
member() { # member TAR NAME: its content
	tar -xOf "$1" "$2"
}
key() { # key TAR NAME
	member "$1" __features__ | awk -F'\t' -v key="$2" '$1 == key { print $2 }'
}

# --- The start ----------------------------------------------------------------

# libgomp says what it has read from the environment.
waits() { # waits ARGUMENT...: how threads wait under env ARGUMENT...
	OMP_DISPLAY_ENV=true env "$@" mc-embed --version 2>&1 |
	    sed -n "s/.*OMP_WAIT_POLICY = '\(.*\)'/\1/p" | sort -u
}
ok 'threads wait without spinning, started by a shell' \
    test "$(waits -u OMP_WAIT_POLICY _=x)" = PASSIVE
ok 'started with a bare environment' \
    test "$(waits -u OMP_WAIT_POLICY -u _)" = PASSIVE
ok 'OMP_WAIT_POLICY of the user is obeyed' \
    test "$(waits OMP_WAIT_POLICY=active)" = ACTIVE
core() { # core ARGUMENT...: what OpenBLAS computes as under env ARGUMENT...
	env "$@" $embed -v -o core.tsv images.tar 2>&1 |
	    sed -n 's/.*DYNAMIC_ARCH.* \([^ ]*\) MAX_THREADS.*/\1/p'
}
chosen=$(core -u OPENBLAS_CORETYPE)
case $(uname -m)$chosen in
x86_64?*)
	ok 'OPENBLAS_CORETYPE of the user is obeyed' \
	    test "$(core OPENBLAS_CORETYPE=Nehalem)" = Nehalem
	ok 'and names the core that is chosen without it' \
	    test "$(core OPENBLAS_CORETYPE="$chosen")" = "$chosen" ;;
esac

# --- The list -----------------------------------------------------------------

run mc-embed --list
is_rc 0 '--list'
ok 'names each backbone once' test -z "$(cut -f 1 out | sort | uniq -d)"
ok 'with as many lengths as features' \
    awk -F'\t' '{ if (gsub(",", "", $3) != gsub(",", "", $4)) exit 1 }' out
# list COLUMN: that of $backbone
list() {
	awk -F'\t' -v name="$1" -v row="$backbone" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	    $1 == row { print $c[name] }' out
}
# list_row BACKBONE >row
list_row() {
	backbone=$1
	echo "$(list family) $(list features) $(list dims) $(list reference)"
	echo "resize=$(list resize) crop=$(list crop) filter=$(list filter) mean=$(list mean) std=$(list std)"
	echo "$(list multiple) $(list smallest) $(list weights) $(list licence) $(list access) $(list domain)" | sed 's/ *$//'
}
list_row medsiglip-448 >row
is_file row 'the row of medsiglip-448' <<'EOT'
ViT pooled,mean 1152,1152 Google-Health/medsiglip
resize=448 crop=448 filter=bicubic mean=0.5,0.5,0.5 std=0.5,0.5,0.5
14 14 medsiglip-448.safetensors LicenseRef-HAI-DEF request several modalities
EOT
list_row vit_large_patch14_clip_224 >row
is_file row 'the row of a network whose weights are not known' <<'EOT'
ViT cls,cls+mean,mean 1024,2048,1024 huggingface/pytorch-image-models
resize=224 crop=224 filter=bicubic mean=0.48145467,0.4578275,0.40821072 std=0.26862955,0.2613026,0.2757771
14 14
EOT
list_row resnet50 >row
is_file row 'the row of resnet50' <<'EOT'
ResNet pooled,logits 2048,1000 torchvision.models.resnet50
resize=256 crop=224 filter=bilinear mean=0.485,0.456,0.406 std=0.229,0.224,0.225
1 32 resnet50-0676ba61.pth BSD-3-Clause open natural images
EOT
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["weights"] != "" { print $c["domain"] }' out | sort -u >domains
is_file domains 'medical backbones say what they were trained on' <<'EOT'
CT, MRI, ultrasound
OCT
biomedical figures
blood cells
chest X-ray
fundus
histology
natural images
several modalities
EOT
mv out list
mc-embed -o list.tsv --list
ok 'to a file' cmp list list.tsv
run mc-embed --list images.tar
fails 2 'mc-embed: --list takes no images (see mc-embed --help)' '--list with images'

# --- The tar ------------------------------------------------------------------

run $embed -o features.tar images.tar
is_rc 0 'a name that ends in .tar makes a features tar'
ok 'without a word' test ! -s err
tar -tf features.tar >members
is_file members 'its members' <<'EOT'
__features__
__manifest__
features.npy
__end__
EOT
run $embed -o features.tsv images.tar
is_rc 0 'another name a TSV'
cat >numpy_features.py <<'EOT'
"""numpy_features.py TAR TSV: features.npy is what NumPy writes, and the TSV's."""
import io
import sys
import tarfile

import numpy

member = tarfile.open(sys.argv[1]).extractfile("features.npy").read()
x = numpy.load(io.BytesIO(member))
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[2], encoding="utf-8")]
first = rows[0].index("f0")
y = numpy.array([row[first:] for row in rows[1:]], dtype=numpy.float32)
assert x.dtype == numpy.dtype("<f4") and x.flags.c_contiguous
assert x.shape == y.shape and x.shape[1] == 512
assert (x == y).all()
assert member.index(b"\n") % 64 == 63
again = io.BytesIO()
numpy.save(again, x)
assert again.getvalue() == member
EOT
if have_python 'NumPy reads features.npy'; then
	ok 'NumPy reads features.npy, which has the values of the TSV' \
	    "$PYTHON3" numpy_features.py features.tar features.tsv
fi
member features.tar __manifest__ >rows
ok 'the manifest is that of the images, and image_sha256' \
    sh -c 'sed "s/	[^	]*$//" rows | cmp - manifest.tsv'
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ print $c["image_sha256"] "  " $c["path"] }' rows >sums
ok 'image_sha256 is the digest of the bytes' sha256sum --quiet -c sums
ok 'all are there' test "$(wc -l <sums)" -eq $(($(wc -l <manifest.tsv) - 1))
member features.tar __end__ >end
is_file end '__end__ has the number of images and the digest' <<EOT
key	value
format	1
images	$(wc -l <sums)
sha256	$(tar -xOf features.tar --exclude=__end__ | sha256sum | cut -c 1-64)
EOT
member features.tar __features__ | sed 's/^\(libraries	libtorch\).*/\1/' >about
is_file about '__features__' <<EOT
key	value
backbone	resnet18
batch	16
device	cpu
dim	512
features	pooled
format	1
images_bad	0
init_seed	1
libraries	libtorch
manifest_sha256	$(sha256sum <manifest.tsv | cut -c 1-64)
precision	float32
preprocess	resize=36 crop=32 filter=bilinear mean=0.485,0.456,0.406 std=0.229,0.224,0.225
threads	1
version	$(mc-embed --version | awk '{ print $NF }')
weights	random
EOT

# --- Mean and deviation -------------------------------------------------------------

for list in 0.5 0.5,0.5 0.5,0.5,0.5,0.5 ''; do
	run $embed --mean "$list" images.tar
	fails 2 "mc-embed: --mean: \"$list\" is not three numbers A,B,C" "--mean '$list'"
done
run $embed --mean 0.5,x,0.5 images.tar
fails 2 'mc-embed: --mean: "x" is not a number' '--mean that is not a number'
run $embed --std 0.5,0,0.5 images.tar
fails 2 'mc-embed: --std: 0 is not between 1.17549e-38 and 1e+06' '--std 0'
run $embed --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375 -o bytes.tar images.tar
is_err 'statistics of bytes are warned of' <<'EOT'
mc-embed: --mean, --std: a value is above 1, but channels are 0 to 1 here: divide what is for 0 to 255 by 255
EOT
above='mc-embed: --mean, --std: a value is above 1, but channels are 0 to 1 here: divide what is for 0 to 255 by 255'
run $embed --mean 0.5,0.5,0.5 --std 1,1,1 -o mean.tsv images.tar
is_err 'a deviation of 1 is in order' </dev/null
for list in 1.01,1,1 1,1.01,1 1,1,1.01; do
	run $embed --mean 0.5,0.5,0.5 --std $list -o above.tsv images.tar
	ok "--std $list is warned of" test "$(cat err)" = "$above"
done
run $embed --mean 0.5,1.5,0.5 --std 1,1,1 -o above.tsv images.tar
ok 'a mean above 1 too' test "$(cat err)" = "$above"
run $embed --mean 0.485,0.456,0.406 -o one.tsv images.tar
is_err '--mean alone is warned of' <<'EOT'
mc-embed: --mean without --std: the channels are divided by the standard deviations of the backbone
EOT
ok 'and means that' cmp one.tsv features.tsv
run $embed --std 0.229,0.224,0.225 -o one.tsv images.tar
is_err '--std alone is warned of' <<'EOT'
mc-embed: --std without --mean: the means of the backbone are subtracted
EOT
ok 'and means that' cmp one.tsv features.tsv

# --- In bf16 ----------------------------------------------------------------------

run $embed --precision bf16 -o bf16.tar images.tar
if grep -q avx512_bf16 /proc/cpuinfo; then
	ok '--precision bf16 is quiet' test ! -s err
else
	is_err '--precision bf16 warns where it gains nothing' <<'EOT'
mc-embed: this processor has no AVX512-BF16, so bf16 is slower than float32
EOT
fi
ok 'is recorded' test "$(key bf16.tar precision)" = bf16
for threads in 2 3; do
	run $embed -q --precision bf16 --threads $threads -o $threads.tar images.tar
	ok "$threads threads give the same bits" test "$(member $threads.tar features.npy | sha256sum)" = \
	    "$(member bf16.tar features.npy | sha256sum)"
done
run $embed -q --precision bf16 -o bf16.tsv images.tar
# Half a unit in the last of 8 bits, 63 times (tests/lib/backbone.py).
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^f[0-9]+$/) c[i] = 1; next }
	FNR == NR { for (i in c) x[FNR, i] = $i; next }
	FNR > 1 { for (i in c) { sum += ($i - x[FNR, i]) ^ 2; all += $i ^ 2 } }
	END { print sqrt(sum / all) }' bf16.tsv features.tsv >distance
ok "within 0.015 of float32's features, but not the same: $(cat distance)" \
    awk '!($1 > 0.0001 && $1 < 0.015) { exit 1 }' distance

# --- The same from elsewhere, and other options ---------------------------------

run $embed --format tar - <images.tar
ok 'from a pipe to a pipe' cmp out features.tar
run $embed --format tsv -o named.tar images.tar
ok '--format tsv, whatever the name' cmp named.tar features.tsv
run $embed -q --format tar --split test --batch 3 -o test.tar images.tar
$embed --split test --batch 3 -o test.tsv images.tar
ok '--split is recorded' test "$(key test.tar split) $(key test.tar batch)" = 'test 3'
ok 'the manifest has the rows of that split' test \
    "$(member test.tar __manifest__ | sed 's/	[^	]*$//' | sha256sum)" = \
    "$(grep -e '^id	' -e '	test	' manifest.tsv | sha256sum)"
ok 'and it names that of all' \
    test "$(key test.tar manifest_sha256)" = "$(key features.tar manifest_sha256)"
if have_python 'and NumPy their features'; then
	ok 'and NumPy their features' "$PYTHON3" numpy_features.py test.tar test.tsv
fi
cut -f 1-4 manifest.tsv | mc-pack -q -o nodigest.tar
$embed -o nodigest.features.tar nodigest.tar
ok 'without a column sha256 the digests are computed' test \
    "$(member nodigest.features.tar __manifest__ | awk '{ print $NF }')" = \
    "$(awk -F'\t' '{ print $NF }' rows)"
ok 'and the features are the same' test \
    "$(member nodigest.features.tar features.npy | sha256sum)" = \
    "$(member features.tar features.npy | sha256sum)"

# --- What is left out, what is refused ------------------------------------------

mkdir shard
i=0
awk -F'\t' 'NR > 1 && n++ < 5 { print $2 }' manifest.tsv | while read -r path; do
	i=$((i + 1))
	cp "$path" shard/$i.png
done
head -c 100 shard/2.png >bad && mv bad shard/2.png
(cd shard && tar -cf ../bad.tar --sort=name [1-5].png)
run $embed -o none.tar bad.tar
is_rc 1 'an image that cannot be decoded is an error'
ok 'and nothing is written' test ! -e none.tar
run $embed --skip-bad -o skipped.tar bad.tar
is_rc 0 '--skip-bad leaves it out'
ok 'with a word' grep -q '^mc-embed: left out: 2: ' err
ok 'and in the end how many' grep -qx \
    'mc-embed: 1 image left out that could not be read or decoded' err
ok 'it is counted' test "$(key skipped.tar images_bad)" = 1
member skipped.tar __manifest__ | cut -f 1 | xargs >ids
is_file ids 'and is not in the manifest' <<'EOT'
id 1 3 4 5
EOT
$embed --skip-bad -q -o skipped.tsv bad.tar
if have_python 'behind a bad image each row has its own features'; then
	ok 'behind a bad image each row has its own features' \
	    "$PYTHON3" numpy_features.py skipped.tar skipped.tsv
fi
sed 's/^id	\(.*\)	sha256$/id	\1	image_sha256/' manifest.tsv | mc-pack -q -o taken.tar
run $embed -o none.tar taken.tar
fails 1 'mc-embed: taken.tar: the manifest has a column "image_sha256" already: rename it' \
    'a column of that name'
run $embed -o none.tar features.tar
fails 1 'mc-embed: features.tar: has 512 features per image, and no images: give the image tar' \
    'features of features'
run $embed --split dev -o none.tar images.tar
fails 1 'mc-embed: images.tar: no image with split "dev"' 'a split without rows'
ok 'nothing is written' test ! -e none.tar
run $embed --format tar -o /dev/full images.tar
fails 1 'mc-embed: /dev/full: cannot write: No space left on device' 'a full disk'
interrupted $embed --batch 1 -o outdir/x.tar images.tar

# --- The page -------------------------------------------------------------------

# The keys in mctools(5): all that were seen here, and those of weights in files.
awk '/^\.Ss / { on = $0 == ".Ss Features tar" }
	on && /^\.It Li / { gsub(",", ""); for (i = 3; i <= NF; i++) print $i }' \
    "$abs_srcdir/man/mctools.5" | sort >named
{ member features.tar __features__ | sed 1d | cut -f 1
  printf '%s\n' family lc_weights lc_weights_sha256 shard split weights_sha256
  printf 'weights_%s\n' allow_extra from prefix; } | sort >seen
ok 'mctools(5) names the keys' diff seen named

# --- Several tars -------------------------------------------------------------

sed -n '1,6p' manifest.tsv >first.tsv
sed -n '1p;7,$p' manifest.tsv >second.tsv
mc-pack -q -o first.tar first.tsv
mc-pack -q -o second.tar second.tsv
run $embed -o both.tsv first.tar second.tar
is_rc 0 'two tars'
ok 'are read as one' cmp both.tsv features.tsv
$embed -o both.tsv first.tar - <second.tar
ok 'also if one is standard input' cmp both.tsv features.tsv
train="mc-train -q --backbone resnet18 --weights random --resize 36 --crop 32 --threads 1
    --regime frozen --epochs 2 --select last"
$train -o one.tar images.tar
$train -o two.tar first.tar second.tar
tar -xOf one.tar __model__ | grep -v '^manifest_sha256' >one.txt
tar -xOf two.tar __model__ | grep -v '^manifest_sha256' >two.txt
ok 'a model of two tars is that of one' cmp one.txt two.txt
for t in first second; do
	tar -xOf $t.tar __manifest__ | sha256sum | cut -c1-64
done | sha256sum | cut -c1-64 >want
tar -xOf two.tar __model__ | sed -n 's/^manifest_sha256	//p' >got
ok 'and records the digest of both digests' cmp want got
mc-predict -q --model one.tar --split all --skip-seen -o one.tsv images.tar
mc-predict -q --model two.tar --split all --skip-seen -o two.tsv first.tar second.tar
ok 'so are its predictions' cmp one.tsv two.tsv

sed '1s/label/Label/' second.tsv >other.tsv
mc-pack -q -o other.tar other.tsv
run $embed -o x.tsv first.tar other.tar
fails 1 'mc-embed: other.tar: its columns are not those of first.tar' \
    'other columns'
run $embed -o x.tsv first.tar features.tar
fails 1 'mc-embed: features.tar: holds features, and first.tar images: give tars of one kind' \
    'features among images'
run $embed -o x.tsv first.tar nosuch.tar
fails 1 'mc-embed: nosuch.tar: No such file or directory' 'no second tar'
cp first.tar copy.tar
id=$(sed -n 2p first.tsv | cut -f 1)
for program in "$embed -o x.tsv" "$train -o x.tar" \
    'mc-predict -q --model one.tar --split all --skip-seen -o x.tsv'; do
	run $program first.tar second.tar copy.tar
	fails 1 "${program%% *}: copy.tar: the id \"$id\" was read before: each image needs an id of its own" \
	    "${program%% *}: an id in two tars"
done
mkdir shard && cp "$(cut -f 2 manifest.tsv | sed -n 2p)" shard/1.png
cp shard/1.png shard/2.png
(cd shard && tar -cf ../shard1.tar 1.png && tar -cf ../shard2.tar 2.png)
$embed --format tar -o shards.f.tar shard1.tar shard2.tar
ok 'shards have no digest of a manifest' test "$(member shards.f.tar __features__ |
    grep -c '^manifest_sha256	$')" = 1

# A split is needed in no tar or in the first.
for t in first second; do
	awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
	    { $c["id"] = "new" $c["id"]; $c["split"] = "" } 1' $t.tsv |
	    mc-pack -q -o $t.new.tar
done
run mc-predict --model one.tar --skip-seen -o new.tsv first.new.tar second.new.tar
ok 'no image of two tars has a split: all are predicted' cmp err - <<EOT
mc-predict: first.new.tar: no image has a split: predicting them all
mc-predict: $(awk -F'\t' '$5 == "train" || $5 == "val"' manifest.tsv | wc -l) images left out that the model has seen
EOT
run mc-predict -q --model one.tar --skip-seen -o x.tsv first.new.tar second.tar
fails 1 "mc-predict: second.tar: id \"$(sed -n 7p manifest.tsv | cut -f 1)\" has a split, but no image of the first tar has: give --split all, or predict these tars apart" \
    'images with a split after images without'
head -c 20000 second.tar >cut.tar
run $embed -o x.tsv first.tar cut.tar
is_rc 1 'a second tar that is cut'
ok 'is named' grep -q '^mc-embed: cut.tar: ' err

# Names of networks as people write them.
unknown() { # unknown NAME REST
	run mc-embed --backbone "$1" images.tar
	fails 2 "mc-embed: unknown backbone \"$1\": mc-embed --list prints the names; $2 (see mc-embed --help)" "the backbone $1"
}
unknown RAD-DINO 'did you mean rad-dino?'
unknown microsoft/rad-dino 'did you mean rad-dino?'
unknown MahmoodLab/UNI2-h 'did you mean uni2-h?'
unknown UNI 'did you mean uni?'
unknown retfound 'did you mean retfound_mae_naturecfp, retfound_mae_natureoct?'
unknown resnet50.a1_in1k 'did you mean resnet50?'
unknown vit 'the name of a TorchScript module ends in .pt'
unknown net.pth 'the name of a TorchScript module ends in .pt'
done_testing
