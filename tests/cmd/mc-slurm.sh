#!/bin/sh
# mc-slurm on a cluster of this machine alone, and a study on it: jobs and steps,
# a node that fails, a controller that starts again, a make that is interrupted.
# The tables are those of one machine, byte for byte.
. "$abs_srcdir/tests/tap.sh"

for program in slurmctld slurmd munged sbatch; do
	command -v $program >/dev/null || PATH=$PATH:/usr/sbin
	if ! command -v $program >/dev/null; then
		skip 'mc-slurm' "no $program"
		done_testing
		exit
	fi
done
cluster() {
	word=$1
	shift
	sh "$abs_srcdir/tests/cluster/cluster.sh" "$word" "$here/slurm" "$@"
}
here=$PWD
# study [ARGUMENT...]: make, whose own variables are not ours.
study() {
	env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" MC="$abs_builddir/cmd/" "$@"
}
# The jobs that wait or run: not those that are about to end, and not the one that
# waits for its time limit.
queued() {
	squeue -h -t PENDING,RUNNING,SUSPENDED -o '%i %j' |
	    sed -n '/ sleep$/!s/ .*//p'
}
no_jobs() { [ -z "$(queued)" ]; }

trap 'cluster end' EXIT
# A command that never ends must not hold up all tests.
trap 'echo "Bail out! not at its end after 20 minutes"; exit 1' TERM
(n=0
while kill -0 $$; do
	[ $n -lt 600 ] || { kill $$; exit; }
	n=$((n + 1))
	sleep 2
done) </dev/null >/dev/null 2>&1 &
ok 'a cluster starts' cluster start 2 4
export SLURM_CONF="$here/slurm/slurm.conf"
# A lock of its own, so that no other test waits, and a folder to look into.
export XDG_CACHE_HOME="$here/cache" TMPDIR="$here/tmp"
mkdir tmp
# Its end is awaited below.
mkdir limits
(cd limits && exec mc-slurm --time 1 /bin/sleep 300) 2>limit &
limit=$!

# --- The command line -------------------------------------------------------------

run mc-slurm --version
echo "mc-slurm (mctools) $(mc-split --version | sed 's/.* //')" | cmp -s - out &&
    pass 'its version' || fail 'its version' out
run mc-slurm
fails 2 'mc-slurm: no command (see mc-slurm --help)' 'no command'
run mc-slurm --cpus 0 true
fails 2 'mc-slurm: --cpus: 0 is less than 1 (see mc-slurm --help)' 'no CPU'
run mc-slurm --gpus many true
fails 2 'mc-slurm: --gpus: "many" is no whole number (see mc-slurm --help)' \
    'a number that is none'
run mc-slurm --time
fails 2 'mc-slurm: --time: no value (see mc-slurm --help)' 'no value'
run mc-slurm --no-such true
fails 2 'mc-slurm: no option --no-such (see mc-slurm --help)' 'no such option'
run mc-slurm --requeue=yes true
fails 2 'mc-slurm: no option --requeue=yes (see mc-slurm --help)' \
    'a value for an option that has none'
run mc-slurm export
fails 1 'mc-slurm: export is a word of the shell: give a program' 'no program'
run mc-slurm no-such-program
fails 1 'mc-slurm: no-such-program: not found' 'no such program'
for file in ./word ./odd; do
	: >word; mkdir -p odd
	run mc-slurm $file
	fails 1 "mc-slurm: $file is not a program that can be run" "no program: $file"
done
run mc-slurm --log no/where /bin/true
fails 1 'mc-slurm: cannot write no/where' 'no such folder'
run env -u HOME -u XDG_CACHE_HOME mc-slurm /bin/true
fails 1 'mc-slurm: HOME is not set: mc-slurm locks a file there' 'no HOME'
run env XDG_CACHE_HOME="$here/word" mc-slurm /bin/true
fails 1 "mc-slurm: cannot write $here/word/mctools/slurm.lock" 'no lock'
sh -c "(trap '' XFSZ; ulimit -f 0; exec mc-slurm /bin/true) 2>&1; echo \$?" |
    sed 's/ [^ ]*\/tmp\..*/ FILE/' >full
is_file full 'a disk that is full' <<'EOT'
mc-slurm: cannot write FILE
1
EOT
for words in '--memory 100G' '--memory many' '--time soon'; do
	run mc-slurm $words /bin/true
	is_rc 1 "sbatch refuses $words"
	ok 'and says why' grep -q '^sbatch: error: ' err
done

# What sbatch and srun are asked.
mkdir asks
for program in sbatch srun; do
	printf '#!/bin/sh\nfor a; do echo "$a"; done >>asked\nexit 1\n' >asks/$program
	chmod +x asks/$program
done
run env PATH="$here/asks:$PATH" mc-slurm --requeue --gpus 2 --time 30 --memory 5M \
    --cpus 3 --name n --log asked.log /bin/true
is_rc 1 'a job that is refused'
run env PATH="$here/asks:$PATH" SLURM_JOB_ID=1 mc-slurm --requeue --cpus 3 /bin/true
is_rc 1 'a step that is refused'
run env PATH="$here/asks:$PATH" SLURM_JOB_ID=1 mc-slurm --job /bin/true
is_rc 1 'a job within an allocation'
sed "s,$here/tmp/.*,JOB,; s,$here,HERE,; s/mc-slurm\.[A-Za-z0-9]*/mc-slurm.LOG/" asked |
    sed '/^for variable/,/^sh$/d' >some
is_file some 'what Slurm is asked' <<'EOT'
--nodes=1
--ntasks=1
--cpus-per-task=3
--mem=5M
--job-name=n
--export=NIL
--time=30
--gres=gpu:2
--wait
--parsable
--open-mode=append
--requeue
--signal=B:USR1@120
--output=HERE/asked.log
JOB
--nodes=1
--ntasks=1
--cpus-per-task=3
--mem=4G
--job-name=true
--export=NIL
--quiet
--exact
--input=none
/bin/sh
-c
/bin/true
--nodes=1
--ntasks=1
--cpus-per-task=1
--mem=4G
--job-name=true
--export=NIL
--wait
--parsable
--open-mode=append
--output=HERE/.mc-slurm.LOG
JOB
EOT

# --- A job ------------------------------------------------------------------------

cat >tell <<'EOF'
#!/bin/sh
printf '<%s>\n' "$@"
echo "$MC_WORD $SLURM_CPUS_PER_TASK $SLURM_JOB_NAME ${SECRET-none}"
pwd
exit 5
EOF
chmod +x tell
# wanted NAME CPUS
wanted() {
	cat <<EOT
<it's>
<a "b" \$c>
<two
lines>
<>
some words $2 $1 none
$here
EOT
}
lines='two
lines'
export MC_WORD='some words' SECRET=word
run mc-slurm --cpus 2 --name=a/name ./tell "it's" 'a "b" $c' "$lines" ''
is_rc 5 'a job: its exit status'
wanted a/name 2 >wanted
ok 'its arguments, environment and folder' diff -u wanted err
run mc-slurm --log kept%x -- ./tell "it's" 'a "b" $c' "$lines" ''
ok '--log keeps what is also printed' cmp kept%x err
# Odd names, and newlines at the end of what is passed on.
odd="$here/a%j\\b 'ü'"
mkdir "$odd"
cd "$odd"
MC_WORD="$lines

" SECRET='a
MC_NOT_SET=1' run mc-slurm --log=l%x --name "it's" ../tell "$lines
"
cd "$here"
cat >wanted <<EOT
<two
lines
>
two
lines

 1 it's none
$odd
EOT
ok 'a folder of odd letters' diff -u wanted "$odd/l%x"
ok 'and what it prints' diff -u wanted "$odd/err"
is_rc 5 'and its exit status'
mc-slurm --cpus 999 /bin/true 2>err &
ok 'a job that asks for too much: a line says so' await \
    grep -q ', true: Slurm may never start it (PartitionConfig): give less' err
kill $!
wait $!
ok 'without --log nothing is left' test -z "$(ls -A | grep mc-slurm)"

run salloc --quiet --nodes=1 --ntasks=4 --mem=2G mc-slurm --memory 500M --cpus 2 \
    ./tell "it's" 'a "b" $c' "$lines" ''
is_rc 5 'a step: its exit status'
grep -v '^srun: ' err >step
wanted tell 2 >wanted
ok 'its arguments, environment and folder' diff -u wanted step

run salloc --quiet --nodes=1 --ntasks=2 --mem=1G sh -c \
    'mc-slurm --memory 1G /bin/true && mc-slurm --memory 1025M /bin/true'
grep -v '^srun: ' err >line; mv line err
fails 1 'mc-slurm: --memory 1025M: a node of the allocation has 1024M: give less here, or more there' \
    'a step that needs more memory than there is'
run salloc --quiet --nodes=1 --ntasks=2 --mem-per-cpu=500M sh -c \
    'mc-slurm --memory 1000M /bin/true && mc-slurm --memory 1G /bin/true'
grep -v '^srun: ' err >line; mv line err
fails 1 'mc-slurm: --memory 1G: a node of the allocation has 1000M: give less here, or more there' \
    'and by CPU'

ok 'a node is drained' scontrol update nodename=n1,n2 state=drain reason=test
cp tell changed
mc-slurm ./changed a 2>changed.err &
changed=$!
ok 'a job waits' await eval '[ -n "$(queued)" ]'
echo '#' >>changed
mc-slurm --name cancelled /bin/true 2>line &
cancelled=$!
ok 'another one too' await eval 'squeue -h -o %j | grep -q -x cancelled'
scancel --name cancelled
wait $cancelled
rc=$?
: >out
sed 's/job [0-9]*/job N/' line >err
fails 1 'mc-slurm: job N, cancelled: it was cancelled' 'a job cancelled before its start'
scontrol update nodename=n1,n2 state=resume
wait $changed
rc=$?
: >out
is_rc 1 'a program that is another one on the node is not run'
sed "s/ on [^ ]* is/ on NODE is/; s/ on [^ ]*\$/ on HOST/" changed.err >line
is_file line 'and the line says so' <<EOT
mc-slurm: $here/changed on NODE is not the file that it is on HOST
EOT

began=$(date +%s)
for i in 1 2 3 4; do PATH="$here/asks:$PATH" mc-slurm /bin/true; done
ok 'four submissions take three seconds' test $(($(date +%s) - began)) -ge 3
killed='it was killed by SIGKILL, as happens where memory runs out: give more by --memory'
run mc-slurm /bin/sh -c 'kill -9 $$'
sed 's/job [0-9]*/job N/' err >line && mv line err
fails 137 "mc-slurm: job N, sh: $killed" 'a job that is killed'
run mc-slurm --requeue /bin/sh -c 'kill -11 $$'
is_rc 139 'a job whose command has crashed'
run salloc --quiet --ntasks=1 --mem=1G mc-slurm --memory 500M /bin/sh -c 'kill -9 $$'
is_rc 137 'a step that is killed'
ok 'and the line' grep -q -x "mc-slurm: step sh: $killed" err

# --- Signals ----------------------------------------------------------------------

cat >slow <<'EOF'
#!/bin/sh
# The first time, wait for SIGTERM.
trap 'echo ended; exit 143' TERM
echo "start ${SLURM_RESTART_COUNT:-0}"
[ -z "${SLURM_RESTART_COUNT:-}" ] || exit 7
touch waits
while :; do sleep 0.1; done
EOF
chmod +x slow
for signal in 'HUP 129' 'INT 130' 'TERM 143'; do
	rm -f waits
	env --default-signal=HUP,INT mc-slurm --requeue ./slow 2>err &
	await test -e waits
	kill -"${signal% *}" $!
	wait $!
	rc=$?
	is_rc "${signal#* }" "SIG${signal% *} ends mc-slurm"
	ok 'and the command by SIGTERM' grep -q -x ended err
	ok 'and cancels its job' await no_jobs
done
for signal in 'HUP 129' 'INT 130' 'TERM 143'; do
	rm -f waits
	run salloc --quiet --ntasks=1 --mem=1G sh -c "
		env --default-signal=HUP,INT mc-slurm --memory 500M ./slow &
		until test -e waits; do sleep 0.1; done
		kill -${signal% *} \$!
		wait \$!"
	is_rc "${signal#* }" "SIG${signal% *} ends mc-slurm within an allocation"
	ok 'and the command by SIGTERM' grep -q -x ended err
done
cat >deaf <<'EOF'
#!/bin/sh
trap : TERM
touch waits
while :; do sleep 0.1; done
EOF
chmod +x deaf
rm -f waits
run timeout 30 salloc --quiet --ntasks=1 --mem=1G sh -c "
	mc-slurm --memory 500M ./deaf &
	until test -e waits; do sleep 0.1; done
	kill \$!; sleep 1; kill \$!
	wait \$!"
is_rc 143 'a second signal ends a command that goes on'
flock --no-fork cache/mctools/slurm.lock sleep 120 &
holds=$!
mc-slurm /bin/true &
waits=$!
sleep 1
kill $waits
wait $waits
rc=$?
is_rc 143 'a signal before the submission'
ok 'ends mc-slurm at once' kill $holds
cat >obeys <<'EOF'
#!/bin/sh
trap 'exit 0' TERM
touch waits
while :; do sleep 0.1; done
EOF
chmod +x obeys
rm -f waits
mc-slurm --requeue ./obeys 2>err &
await test -e waits
scancel --batch --signal=USR1 --name obeys
wait $!
rc=$?
is_rc 0 '--requeue: a command that ends with status 0 is not run again'
ok 'no file is left' test -z "$(ls -A | grep mc-slurm)"
rm -f waits
mc-slurm ./slow 2>err &
await test -e waits
id=$(queued)
scancel "$id"
wait $!
ok 'a job that somebody cancels: why it failed' grep -q -x \
    "mc-slurm: job $id, slow: it was cancelled" err

# What Slurm sends before the time limit; it starts the job again after two
# minutes, for which the test does not wait.
rm -f waits
mc-slurm --requeue ./slow 2>err &
await test -e waits
id=$(queued)
scancel --batch --signal=USR1 "$id"
ok '--requeue: the job is queued again' await eval \
    "squeue -h -t PENDING -o %i | grep -q -x $id"
# Its first run must have ended.
sleep 2
await scontrol update jobid="$id" starttime=now
wait $!
rc=$?
is_rc 7 'and ends as it does the second time'
grep -v -x -e '.*slurmstepd.*' -e Terminated err >twice
is_file twice 'what it printed both times' <<'EOT'
start 0
ended
start 1
EOT

wait $limit
rc=$?
sed 's/job [0-9]*/job N/' limit >line
ok 'a job at its time limit: why it failed' grep -q -x \
    'mc-slurm: job N, sleep: the time limit was reached: give more by --time' line
is_rc 1 'and its exit status'
ok 'nothing is left in TMPDIR' test -z "$(ls -A tmp)"

# --- A study on one machine ---------------------------------------------------------

mc-phantom -q --task chest --patients 16 -o images
cat >Makefile <<EOF
TASKS   = chest
MODELS  = resnet18 mobilenet_v3_large
REGIMES = frozen finetune
MODELS.finetune = resnet18
SEEDS   = 1
INDEX   = ../images
SPLIT   = --ratio train=0.6,val=0.2,test=0.2
WEIGHTS.resnet18 = random
WEIGHTS.mobilenet_v3_large = random
THREADS = 1
TRAIN   = --epochs 2 --resize 64 --crop 64
TRAIN.finetune = --epochs 8
BOOTSTRAP = --replicates 399
COMPARE = --replicates 399
RESOURCES = --memory 900M
include $abs_srcdir/examples/study.mk
EOF
for folder in one jobs steps; do
	mkdir $folder
	cp Makefile $folder
done
(cd one && study -j 2 table.tex) >one.log 2>&1
ok 'a study on one machine' test -s one/table.tex

# --- The examples of the page -------------------------------------------------------

awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Sh SEE/ { on = 0 }
	on && /^\$ / { n++; print substr($0, 3) >"example." n }' \
    "$abs_srcdir/man/mc-slurm.1"
cp one/metrics.tsv one/kept
cp one/chest/resnet18-finetune-1.predictions.tsv one/predictions.tsv
for n in 1 2 3; do
	ok "example $n of the page runs" sh -euc "cd one
		export MAKEFLAGS= MAKELEVEL= MC='$abs_builddir/cmd/' SBATCH_WAIT=1
		. ../example.$n"
done
mv one/kept one/metrics.tsv

# --- The study on the cluster -------------------------------------------------------

# A few jobs, and a make that is interrupted.
(cd jobs && exec env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" MC="$abs_builddir/cmd/" \
    -j 8 LAUNCH=slurm chest/resnet18-finetune-1.model.tar) >jobs.log 2>&1 &
await test -e jobs/chest/resnet18-finetune-1.checkpoint
kill -TERM $!
wait $!
ok 'a make that is interrupted cancels its jobs' await no_jobs
ok 'the state of the fine-tuning is there' \
    test -e jobs/chest/resnet18-finetune-1.checkpoint
(cd jobs && study -j 8 LAUNCH=slurm chest/resnet18-finetune-1.predictions.tsv) \
    >>jobs.log 2>&1
for file in model.tar log.tsv predictions.tsv; do
	ok "make goes on: the $file of one machine" \
	    cmp one/chest/resnet18-finetune-1.$file \
	    jobs/chest/resnet18-finetune-1.$file
done

# One allocation.  Its node n2 fails while it is at work, and the controller starts
# again.
allocated() {
	env MAKEFLAGS= MAKELEVEL= salloc --quiet "$@" "${MAKE:-make}" \
	    MC="$abs_builddir/cmd/" -k -j 8 LAUNCH=slurm table.tex
}
(cd steps && allocated --nodes=2 --ntasks=8 --mem=7G) >steps.log 2>&1 &
ok 'steps run on both nodes' await eval \
    '[ -n "$(squeue -h --steps --nodelist=n2)" ]'
ok 'a node fails' cluster fail n2
ok 'the controller starts again' cluster controller
wait $!
ok 'what ran there has failed' grep -q '^make.*Error' steps.log
(cd steps && allocated --nodes=1 --ntasks=4 --mem=7G) >>steps.log 2>&1
for file in metrics.tsv differences.tsv table.tex; do
	ok "make goes on with the other node: the $file of one machine" \
	    cmp one/$file steps/$file
done
(cd steps && study table.tex) >again 2>&1
ok 'nothing is made again without the cluster' grep -q 'up to date' again

# --- Another launcher ---------------------------------------------------------------

mkdir bin
cat >bin/mc-standin <<EOF
#!/bin/sh
echo "\$*" | sed 's, [^ ]*/cmd/mc-, mc-,' >>"$here/launched"
while [ "\$1" != "\${1#-}" ]; do
	[ "\$1" = --requeue ] || shift
	shift
done
exec "\$@"
EOF
chmod +x bin/mc-standin
(cd one && rm -r table.tex chest/*.tar &&
    PATH=$here/bin:$PATH study LAUNCH=standin RESOURCES.resnet18-finetune='--gpus 2' \
    RESOURCES.mc-pack='--cpus 7' table.tex) >standin.log 2>&1
ok 'another launcher: the same table' cmp one/table.tex steps/table.tex
sed -n 's/mc-\(pack\|train\) .*/mc-\1/p' launched |
    grep -e images.tar -e resnet18-finetune-1 >some
is_file some 'and its options' <<'EOF'
--name chest/images.tar --log .study.made/chest/images.tar.log --cpus 1 --memory 8G --time 4:00:00 --memory 900M --cpus 7 mc-pack
--name chest/resnet18-finetune-1.model.tar --log .study.made/chest/resnet18-finetune-1.model.tar.log --cpus 1 --memory 8G --time 24:00:00 --requeue --memory 900M --gpus 2 mc-train
EOF
ln -s "$abs_builddir/cmd" 'a folder'
(cd one && PATH=$here/bin:$PATH study -n MC="'$here/a folder/'" LAUNCH=slurm \
    TRAIN='--device  cuda:0' table.tex) >planned 2>&1
for file in resnet18.features.tar resnet18-finetune-1.model.tar; do
	ok "--device cuda: a GPU for $file" grep -q \
	    "exec '$here/a folder/mc-slurm' --name chest/$file .* --gpus 1 " planned
done
ok 'and for no other file' test "$(grep -c -- '--gpus 1' planned)" -eq 5
# Memory by the networks' own sizes.
mc-embed --list >networks
(cd one && rm -f chest/*.features.tar &&
    study -n LAUNCH=slurm REGIMES=frozen RESOURCES= \
    MODELS="$(awk 'NR > 1 { printf "%s ", $1 }' ../networks)" table.tex) |
    sed -n 's,.*--name chest/\(.*\).features.tar .* --memory \([0-9]*G\) .*,\1 \2,p' |
    sort >memory
awk -F'\t' 'NR > 1 { dims = $4 + 0
	large = ($2 == "ViT" && dims >= 1024 || $2 == "ConvNeXt" && dims >= 1536)
	print $1, ($2 == "ViT" && dims >= 1280 ? "64G" : large ? "24G" : "8G") }' \
    networks | sort >wanted
ok 'memory for each network' diff -u wanted memory
ok 'of all sizes' test "$(sed 's/.* //' memory | sort | uniq | wc -l)" -eq 3
(cd one && study LAUNCH=nowhere table.tex) >err 2>&1
ok 'a launcher that is none' grep -q \
    'LAUNCH = nowhere: no program mc-nowhere in PATH' err

done_testing
