#!/bin/sh
# mc-gpu: never two commands on one GPU at once, whoever ends how; and GPUS of a
# study.  A stand-in for a program tells CUDA_VISIBLE_DEVICES, so no GPU is needed.
. "$abs_srcdir/tests/tap.sh"

if ! command -v flock >/dev/null; then
	skip 'mc-gpu' 'no flock'
	done_testing
	exit
fi
here=$PWD
# Names of GPUs that no other test locks.
a=a$$ b=b$$
trap 'rm -f /tmp/mctools-gpu-[ab]$$.[12]' EXIT
unset CUDA_VISIBLE_DEVICES

# --- The command line -------------------------------------------------------------

run mc-gpu --version
echo "mc-gpu (mctools) $(mc-split --version | sed 's/.* //')" | cmp -s - out &&
    pass 'its version' || fail 'its version' out
run mc-gpu
fails 2 'mc-gpu: no command' 'no command'
run mc-gpu --of
fails 2 'mc-gpu: --of: no value' 'no value'
run mc-gpu --no-such true
fails 2 'mc-gpu: no option --no-such' 'no such option'
run mc-gpu true
fails 2 'mc-gpu: no GPU is named: give --of 0,1' 'no GPU'
for list in ,0 0, 0,,1 '0 1' ../x -1 0,-1; do
	run mc-gpu --of "$list" true
	fails 2 "mc-gpu: --of: \"$list\" is no list of GPUs, such as 0,1" \
	    "no list: $list"
done
mkfifo "/tmp/mctools-gpu-${a}f.1"
run timeout 20 mc-gpu --of "${a}f" true
fails 1 "mc-gpu: cannot lock /tmp/mctools-gpu-${a}f.1" 'a FIFO of the name of a lock'
rm "/tmp/mctools-gpu-${a}f.1"
run mc-gpu --of $a no-such-program
fails 1 'mc-gpu: no-such-program: not found' 'no such program'
mkdir path
for program in sh sed awk tr printf; do ln -s "$(command -v $program)" path; done
run env PATH="$here/path" "$abs_builddir/cmd/mc-gpu" --of $a sh
fails 1 'mc-gpu: flock: not found: it is in util-linux' 'no flock'
rm -f /tmp/mctools-gpu-$a.1
ln -s "$here/nowhere" /tmp/mctools-gpu-$a.1
run mc-gpu --of $a true
fails 1 "mc-gpu: cannot lock /tmp/mctools-gpu-$a.1" 'a lock that leads nowhere'
ok 'nothing is made there' test ! -e nowhere
rm /tmp/mctools-gpu-$a.1

# --- A command ----------------------------------------------------------------------

cat >tell <<'EOT'
#!/bin/sh
echo "$CUDA_VISIBLE_DEVICES"
printf '<%s>' "$@"
exit 5
EOT
chmod +x tell
(umask 077; mc-gpu --of=$a ./tell "it's" '' --of x >out 2>err)
rc=$?
is_rc 5 'its exit status'
printf "$a\n<it's><><--of><x>" | cmp -s - out && pass 'its GPU and arguments' ||
    fail 'its GPU and arguments' out
ok 'other users may lock it' test "$(stat -c %a /tmp/mctools-gpu-$a.1)" = 644
CUDA_VISIBLE_DEVICES=$b,$a run mc-gpu -- ./tell
ok 'of CUDA_VISIBLE_DEVICES the first' grep -q -x $b out

# Six commands at once on three places: two of one GPU, one of the other.
cat >uses <<'EOT'
#!/bin/sh
# uses FOLDER N: say when a GPU is in use by more than it has places.
echo "$CUDA_VISIBLE_DEVICES" >>"$1/all"
echo "+1 $CUDA_VISIBLE_DEVICES" >>"$1/events"
sleep 0.3
echo "-1 $CUDA_VISIBLE_DEVICES" >>"$1/events"
EOT
chmod +x uses
mkdir at
seq 9 | xargs -P 9 -I N mc-gpu --of $a,$b,$a ./uses at N
awk '{ n[$2] += $1; if (n[$2] > most[$2]) most[$2] = n[$2] }
	END { for (g in most) print g, most[g] }' at/events | sort >most
is_file most 'never more at once than a GPU has places, and so many' <<EOT
$a 2
$b 1
EOT
ok 'all have run' test "$(wc -l <at/all)" -eq 9

# --- Who holds a GPU and is ended -----------------------------------------------------

# holds: whether some command has the only place of GPU $a.
holds() { ! flock -n "/tmp/mctools-gpu-$a.1" true; }
free() { ! holds; }
for signal in TERM KILL INT; do
	env --default-signal=INT mc-gpu --of $a sleep 60 &
	first=$!
	await holds
	mc-gpu --of $a ./tell >next &
	next=$!
	sleep 0.5
	ok "the next one waits" test ! -s next
	kill -$signal $first
	wait $next
	ok "SIG$signal to a command frees its GPU" grep -q -x $a next
done
mc-gpu --of $a sh -c 'sleep 3 & exec sleep 60' &
first=$!
await holds
kill -KILL $first
wait $first
ok 'a GPU is in use as long as what its command has started' holds
ok 'and no longer' await free
mc-gpu --of $a sleep 5 &
first=$!
await holds
mc-gpu --of $a ./tell >next &
next=$!
sleep 0.5
kill $next
wait $next
rc=$?
is_rc 143 'a signal ends one that waits'
ok 'before the first has ended' kill $first
ok 'and its command has not run' test ! -s next

# --- A study --------------------------------------------------------------------------

mkdir one
cat >one/Makefile <<EOT
TASKS   = chest
MODELS  = resnet18 resnet34 resnet50
REGIMES = frozen finetune
MODELS.finetune = resnet18
SEEDS   = 1
INDEX   = ../images
SPLIT   = --ratio train=0.6,val=0.2,test=0.2
TRAIN.resnet18 = --device cuda
TRAIN.resnet34 = --device cuda --device cpu
include $abs_srcdir/examples/study.mk
EOT
study() {
	env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" MC="$abs_builddir/cmd/" "$@"
}
(cd one && study -n GPUS="0 1" table.tex) >planned 2>&1
sed -n 's,^exec [^ ]*/cmd/mc-gpu --of 0\,1 [^ ]*/cmd/\(mc-[a-z]*\) .* -o \([^ ]*\) .*,\1 \2,p' \
    planned | sort >gpus
is_file gpus 'GPUS: which programs of a study take one' <<'EOT'
mc-embed chest/resnet18.features.tar
mc-train chest/resnet18-finetune-1.model.tar
mc-train chest/resnet18-frozen-1.model.tar
EOT
(cd one && GPUS=0,1 study -n table.tex) >planned 2>&1
ok 'GPUS of the environment is not the study'\''s' sh -c '! grep mc-gpu planned'
(cd one && study GPUS=0 LAUNCH=slurm table.tex) >err 2>&1
ok 'GPUS beside LAUNCH' grep -q \
    'GPUS are those of this machine: with LAUNCH, set RESOURCES = --gpus 1' err
(cd one && study GPUS=0 TRAIN='--device cuda:1' table.tex) >err 2>&1
ok 'GPUS beside the number of a GPU' grep -q \
    'GPUS: write --device cuda, without a number' err

# --- The examples of the page ---------------------------------------------------------

awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Sh SEE/ { on = 0 }
	on && /^\$ / { n++; print substr($0, 3) >"example." n }' \
    "$abs_srcdir/man/mc-gpu.1"
sh -eu ./example.1 >out
ok 'example 1 of the page runs' test "$(grep -c '^[1-4] on [01]$' out)" -eq 4
(cd one && MAKEFLAGS=n MAKELEVEL= MC="$abs_builddir/cmd/" sh -eu ../example.2) >out
ok 'example 2 of the page: its GPUs' test "$(grep -c 'mc-gpu --of 0,1' out)" -eq 5

done_testing
