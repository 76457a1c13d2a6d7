#!/bin/sh
# mc-weights: the registry, its cache, and files that are right or wrong.
# mc-weights-python.sh compares what is read with PyTorch.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-weights

# A safetensors file of one array: two float32 values, 1 and -2.
header='{"module.a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}'
safetensors() {
	printf '\077\000\000\000\000\000\000\000%s' "$header"
	printf '\000\000\200\077\000\000\000\300'
}
safetensors >one.safetensors

# --- usage
run mc-weights
fails 2 'mc-weights: no command given (see mc-weights --help)' 'no command'
run mc-weights get
fails 2 'mc-weights: get: unknown command: give list, fetch, path, show, verify or convert (see mc-weights --help)' \
    'an unknown command'
run mc-weights show
fails 2 'mc-weights: show: no file given (see mc-weights --help)' 'no file'
run mc-weights show a b
fails 2 'mc-weights: show: one file at a time (see mc-weights --help)' \
    'two files'
run mc-weights list a
fails 2 'mc-weights: list: takes no file (see mc-weights --help)' \
    'a file too many'
run mc-weights --backbone vgg16 list
fails 2 'mc-weights: list: takes no --backbone (see mc-weights --help)' \
    'an option out of place'
run mc-weights --backbone vgg17 show one.safetensors
fails 2 'mc-weights: --backbone: "vgg17" is unknown: mc-embed --list prints the names (see mc-weights --help)' \
    'an unknown backbone'

# --- list
mkdir -p home/.cache/torch/hub/checkpoints torch/hub/checkpoints
unset TORCH_HOME XDG_CACHE_HOME
HOME=$PWD/home
export HOME
: >home/.cache/torch/hub/checkpoints/vgg16-397923af.pth
: >torch/hub/checkpoints/resnet18-f37072fd.pth
cached() {
	awk -F '\t' 'NR > 1 && $8 == "yes" { print $1 }' out
}
run mc-weights list
is_rc 0 'list succeeds'
cached >names
is_file names 'the cache in the home folder is searched' <<'EOF'
vgg16-397923af.pth
EOF
export TORCH_HOME="$PWD/torch"
run mc-weights list
cached >names
is_file names '$TORCH_HOME is searched too' <<'EOF'
vgg16-397923af.pth
resnet18-f37072fd.pth
EOF
XDG_CACHE_HOME=$PWD/none mc-weights list >out
cached >names
is_file names '$XDG_CACHE_HOME replaces ~/.cache' <<'EOF'
resnet18-f37072fd.pth
EOF
awk -F '\t' '$8 == "yes" { print $11, $12 }
    $1 == "resnet34-b627a593.pth" { print $11, $12 }' out |
    sed "s,$PWD/,," >places
is_file places 'list says where a file is or belongs, and whether it is the published one' <<'EOF'
torch/hub/checkpoints/resnet18-f37072fd.pth no
torch/hub/checkpoints/resnet34-b627a593.pth 
EOF
cut -f 6 out | sed 1d | grep -vE '^([0-9a-f]{8}|[0-9a-f]{64}|)$' >odd
ok 'digests have 8 or 64 digits, or none' test ! -s odd
cut -f 9 out | sed 1d | grep -v '^https://[^ ]*/[^ ]*$' >odd
awk -F '\t' 'NR > 1 && $10 == "open" && $9 !~ /\.(pth|bin|safetensors)$/' out \
    >>odd
ok 'URLs are whole' test ! -s odd
cut -f 10,13 out | sort -u >words
is_file words 'access and layout have few words' <<'EOF'
access	layout
by hand	unverified
open	tested
open	unverified
request	tested
request	unverified
EOF
awk -F '\t' 'NR > 1 && $15 != "known" { print $2, $15 }' out >words
is_file words 'list says which preprocessing is not verified' <<'EOF'
rad-dino unverified
phikon-v2 unverified
virchow2 unverified
plip unverified
biomedclip unverified
medsiglip-448 unverified
EOF
cut -f 1 out | sort | uniq -d >odd
ok 'no two files have one name' test ! -s odd

awk -F '\t' '$1 ~ /^(resnet18-|rad-dino|uni.bin|dinov3_vits16_)/ { print $14 }' \
    out >commands
is_file commands 'list says how to fetch a file' <<'EOF'
mc-weights fetch resnet18
mc-weights --from FILE fetch dinov3_vits16
mc-weights --allow-unverified fetch rad-dino
mc-weights --allow-unverified --from FILE fetch uni
EOF

# --- show
run mc-weights show one.safetensors
is_out 'show summarises each array' <<EOF
name	dtype	shape	n	mean	min	max	nonfinite	sha256
module.a	F32	[2,1]	2	-0.5	-2	1	0	$(printf '\000\000\200\077\000\000\000\300' | sha256sum | cut -c 1-64)
EOF
mc-weights show - <one.safetensors >piped
ok 'standard input is read' cmp out piped
mc-weights --backbone resnet18 show one.safetensors | sed 1d | cut -f 1 >names
is_file names '--backbone gives the names of the reference' <<'EOF'
a
EOF
run mc-weights -v show one.safetensors
is_err 'with -v the file is described' <<EOF
mc-weights: one.safetensors: safetensors, 1 array, SHA-256 $(sha256sum <one.safetensors | cut -c 1-64)
mc-weights: one.safetensors: fills no backbone of mc-embed --list
EOF
run mc-weights show none.pth
fails 1 'mc-weights: none.pth: No such file or directory' 'no such file'
head -c 75 one.safetensors >cut.safetensors
run mc-weights show cut.safetensors
fails 1 'mc-weights: cut.safetensors: array "module.a": bytes 0 to 8, but the file has 4 bytes of data: it is cut or damaged' \
    'a cut file'
printf '\200\002cos\nsystem\nU\016touch executedq\001\205R.' >evil.pth
run mc-weights show evil.pth
fails 1 'mc-weights: evil.pth: a pickle, but not from torch.save' \
    'a program is refused'
ok 'and not executed' test ! -e executed

# --- path
mkdir -p cache/hub/checkpoints
cp one.safetensors cache/hub/checkpoints/resnet18-f37072fd.pth
TORCH_HOME=cache run mc-weights path resnet18
is_out 'the file of a backbone' <<EOF
cache/hub/checkpoints/resnet18-f37072fd.pth
EOF
TORCH_HOME=cache run mc-weights path resnet18-f37072fd.pth
is_out 'and a file by its name' <<EOF
cache/hub/checkpoints/resnet18-f37072fd.pth
EOF
TORCH_HOME=cache run mc-weights path resnet50
fails 1 "mc-weights: $(mc-weights list | awk -F'\t' '$2 == "resnet50" { print $1; exit }') is not in PyTorch's cache: run mc-weights fetch resnet50" \
    'one that was not fetched'
TORCH_HOME=cache run mc-weights path rad-dino
ok 'one to be asked for is fetched by its own command' grep -q 'run mc-weights.* fetch rad-dino' err
run mc-weights path nosuch
fails 2 'mc-weights: path: no published file of "nosuch" is known: mc-weights list prints those that are (see mc-weights --help)' \
    'a name that is not known'
run mc-weights path
fails 2 'mc-weights: path: no name given (see mc-weights --help)' 'no name'
run mc-weights path a b
fails 2 'mc-weights: path: one name at a time (see mc-weights --help)' 'two names'
rm -r cache

# --- verify
cp one.safetensors resnet18-f37072fd.pth
digest=$(sha256sum <one.safetensors | cut -c 1-64)
run mc-weights verify resnet18-f37072fd.pth
fails 1 "mc-weights: resnet18-f37072fd.pth: not the published file: its SHA-256 is $digest, not f37072fd...: remove it and run mc-weights fetch resnet18" \
    'a file that is another one'
run mc-weights -v show resnet18-f37072fd.pth
is_rc 0 'show reads it all the same'
is_err 'but says with -v that it is another one' <<EOF
mc-weights: resnet18-f37072fd.pth: safetensors, 1 array, SHA-256 $digest
mc-weights: resnet18-f37072fd.pth: not the published file: its SHA-256 is $digest, not f37072fd...: remove it and run mc-weights fetch resnet18
mc-weights: resnet18-f37072fd.pth: fills no backbone of mc-embed --list
EOF
run mc-weights verify one.safetensors
fails 1 'mc-weights: one.safetensors: no published file has this name: see mc-weights list' \
    'a name that is not known'
cp one.safetensors dinov2_vits14_linear4_head.pth
run mc-weights verify dinov2_vits14_linear4_head.pth
fails 1 "mc-weights: dinov2_vits14_linear4_head.pth: its SHA-256 is $digest, but that of the published file is not known" \
    'a digest that is not known'
run mc-weights verify one.safetensors resnet18-f37072fd.pth
is_rc 1 'two bad files'
is_err 'verify names every bad file' <<EOF
mc-weights: one.safetensors: no published file has this name: see mc-weights list
mc-weights: resnet18-f37072fd.pth: not the published file: its SHA-256 is $digest, not f37072fd...: remove it and run mc-weights fetch resnet18
EOF
run mc-weights -o rows.tsv verify resnet18-f37072fd.pth
ok 'a failed run leaves no output' test ! -e rows.tsv

# --- convert
run mc-weights -o two.safetensors convert one.safetensors
is_rc 0 'convert succeeds'
mc-weights show one.safetensors >1
mc-weights show two.safetensors >2
ok 'convert keeps every array' cmp 1 2
on_terminal mc-weights convert one.safetensors
mc-weights convert one.safetensors >3
ok 'equal files give equal bytes' cmp two.safetensors 3
mc-weights convert one.safetensors >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-weights: standard output: cannot write: No space left on device' \
    'a full disk is an error'

done_testing
