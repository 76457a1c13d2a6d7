#!/bin/sh
# mc-train --launch mpi: several processes train what one trains; whatever
# happens to one of them, all end, and one line says why.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

mpirun=$(command -v mpirun) && [ -e "$abs_builddir/lib/mctools/mc-mpi.so" ] || {
	run mc-train --regime finetune --backbone resnet18 --threads 1 --launch mpi -o x.tar none.tar
	[ -e "$abs_builddir/lib/mctools/mc-mpi.so" ] ||
	    ok 'without MPI, --launch mpi says what to install' grep -q 'mc-mpi.so: no such module' err
	skip 'several processes' 'no mpirun, or built without MPI'
	done_testing
}
make_images 40 || { echo 'Bail out! no images'; exit 99; }
peer="$PYTHON3 $abs_srcdir/tests/cmd/mpi_peer.py"
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
root=
[ "$(id -u)" -ne 0 ] || root=--allow-run-as-root

# ranks N COMMAND...: as run does, of N processes; what mpirun itself says of a
# process that failed goes to ./said.
ranks() {
	tap_n=$1
	shift
	run timeout 300 "$mpirun" $root -q -n "$tap_n" "$@"
	grep -v '^mc-train: ' err >said
	grep '^mc-train: ' err >lines
	mv lines err
}
# on_rank_1 'WORDS': rank 1 gets these words in place of the word HERE.
cat >on_rank_1 <<'END'
words=$1
shift
for word; do
	shift
	[ "$word" = HERE ] || { set -- "$@" "$word"; continue; }
	[ "$OMPI_COMM_WORLD_RANK" -ne 1 ] || set -- "$@" $words
done
exec "$@"
END
split() { # split TRAIN VAL: that many rows, from the top, the rest test
	awk -F'\t' -v OFS='\t' -v train="$1" -v val="$2" '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { $c["split"] = NR < train + 2 ? "train" : NR < train + val + 2 ? "val" : "test" } 1'
}
(head -n 1 manifest.tsv; sed 1d manifest.tsv | LC_ALL=C sort -t"$(printf '\t')" -k6,6) >mixed.tsv
split 52 20 <mixed.tsv >manifest.tsv
mc-pack -q -o images.tar manifest.tsv
split 23 9 <mixed.tsv | mc-pack -q -o few.tar
ok 'there are images' test -s images.tar -a -s few.tar

# --- The same as one process -----------------------------------------------------

# train NAME N WORDS...: NAME.tar, NAME.log and NAME.tsv, by N processes.
train() {
	name=$1 n=$2
	shift 2
	if [ "$n" -eq 1 ]; then run "$@" --log "$name.log" -o "$name.tar" few.tar
	else ranks "$n" "$@" --launch mpi --log "$name.log" -o "$name.tar" few.tar; fi
	is_rc 0 "$name"
	ok "$name: without a word" test ! -s err
}
# predict NAME...: NAME.tsv
predict() {
	for name; do mc-predict -q --threads 1 --model "$name.tar" -o "$name.tsv" few.tar; done
}
# members NAME: of NAME.tar into NAME.d, without the number of processes
members() {
	rm -rf "$1.d" && mkdir "$1.d" && tar -xf "$1.tar" -C "$1.d" &&
	grep -v '^ranks' "$1.d/__model__" >"$1.d/about" && rm "$1.d/__model__" "$1.d/__end__"
}

# 23 images in batches of 3: steps of 4 batches, the last of 2 images.
resnet='mc-train -q --backbone resnet18 --weights random --threads 1 --resize 64 --crop 64
    --regime finetune --batch 3 --accumulate 4 --epochs 2'
sgd='--optimizer sgd --lr 0.0001'
vit='mc-train -q --backbone dinov2_vits14 --weights random --threads 1 --resize 28 --crop 28
    --regime finetune --batch 3 --accumulate 4 --epochs 1'
train cnn1 1 $resnet $sgd
train cnn2 2 $resnet $sgd
train cnn2again 2 $resnet $sgd
train cnn4 4 $resnet $sgd
predict cnn1 cnn2 cnn4
compared '2 processes of a CNN are compared' $peer same cnn2 cnn1
compared '4 processes of a CNN are compared' $peer same cnn4 cnn1
ok 'the same number of processes gives the same bytes' cmp cnn2.tar cnn2again.tar
ok 'the model records their number' sh -c 'tar -xOf cnn4.tar __model__ | grep -qx "ranks	4"'

# Without running statistics nothing depends on the number of processes.
mix='--drop-path 0.3 --augment flip,rotate:15,erase:0.3 --mixup 0.4 --cutmix 1'
train vit1 1 $vit --optimizer adamw --lr 0.001 --ema 0.9 --clip 1 $mix
train vit2 2 $vit --optimizer adamw --lr 0.001 --ema 0.9 --clip 1 $mix
train vit4 4 $vit --optimizer adamw --lr 0.001 --ema 0.9 --clip 1 $mix
for n in 1 2 4; do members vit$n; done
for n in 2 4; do
	ok "a ViT, augmented, mixed, averaged, clipped, by $n: the same bytes" diff -r vit1.d vit$n.d
done
train part1 1 $resnet $sgd --unfreeze 2 --sample balanced --class-weights inverse
train part2 2 $resnet $sgd --unfreeze 2 --sample balanced --class-weights inverse
predict part1 part2
compared '2 processes of the last blocks are compared' $peer same part2 part1

$PYTHON3 "$abs_srcdir/tests/cmd/finetune_peer.py" weights
torch='mc-train -q --backbone resnet18 --weights net.pth --threads 1 --resize 64 --crop 64 --epochs 1'
$torch --regime frozen --lr 0 --select last -o start.tar images.tar
for n in 2 4; do
	ranks $n $torch --regime finetune --select last --optimizer sgd --lr 0.001 --batch 13 \
	    --accumulate 4 --launch mpi -o torch$n.tar images.tar
	is_rc 0 "$n processes take one step of 52 images"
	compared "PyTorch has compared $n processes" $peer step torch$n
done

# --- Checkpoints -------------------------------------------------------------------

# interrupted SIGNAL WHO: 2 processes, of which WHO (mpirun, 0 or 1) gets SIGNAL when
# c.tar is there.
interrupted() {
	rm -f cut.tar pid.*
	timeout 300 "$mpirun" $root -q -n 2 sh -c 'echo $$ >pid.$OMPI_COMM_WORLD_RANK; exec "$@"' sh \
	    mc-train ${resnet#mc-train -q} $sgd --epochs 6 --launch mpi --checkpoint c.tar \
	    --checkpoint-every 0.00001 -o cut.tar few.tar >out 2>err &
	tap_pid=$!
	await test -s c.tar
	kill -"$1" "$(cat pid.$2)"
	wait $tap_pid
	rc=$?
	grep '^mc-train: stopped' err >lines
	ok "SIG$1 to rank $2 ends all" test $rc -ne 0 -a ! -e cut.tar
}
rm -f c.tar
train long2 2 $resnet $sgd --epochs 6
interrupted KILL 1
mv c.tar kept.tar
interrupted TERM 1
is_file lines 'SIGTERM to one process is a word of all' <<'END'
mc-train: stopped: c.tar has the state: the same command goes on from it
END
ranks 4 $resnet $sgd --epochs 6 --launch mpi --checkpoint c.tar -o cut.tar few.tar
fails 1 'mc-train: c.tar: the checkpoint of another training, whose ranks is 2, not 4: give the same options and images as before, or delete it' \
    'another number of processes is another training'
ranks 2 $resnet $sgd --epochs 6 --launch mpi --checkpoint c.tar --log cut.log -o cut.tar few.tar
is_rc 0 'the same command goes on'
ok 'to the same model' cmp cut.tar long2.tar
ok 'and the same log' cmp cut.log long2.log
ok 'then the checkpoint is gone' test ! -e c.tar
ranks 2 sh on_rank_1 '--checkpoint kept.tar' $resnet $sgd --epochs 6 --launch mpi \
    --checkpoint other.tar HERE -o cut.tar few.tar
fails 1 'mc-train: rank 1: kept.tar: not what rank 0 goes on from: put it where every rank reads the same file' \
    'a checkpoint that one process alone has'

# --- What goes wrong -----------------------------------------------------------------

tune="$resnet --launch mpi -o bad.tar"
# refused STATUS MESSAGE NAME: likewise, and no output is there.
refused() {
	fails "$@"
	ok "$3: no output" test ! -e bad.tar -a -z "$(ls -A | grep '\.mc-')"
}
head -c 30000 few.tar >cut.tar
ranks 2 $tune cut.tar
is_rc 1 'a tar that is cut short'
ok 'one line says so' test "$(wc -l <err)" -eq 1
ranks 2 sh on_rank_1 none.tar $tune HERE few.tar
refused 1 'mc-train: rank 1: none.tar: No such file or directory' 'a file that one process lacks'
ranks 2 sh on_rank_1 '--seed 2' $tune HERE few.tar
refused 1 'mc-train: rank 1: this is another training than that of rank 0, whose seed is 1, not 2: give all ranks the same options, images and kind of machine' \
    'another seed'
ranks 2 sh on_rank_1 '--lr -1' $tune HERE few.tar
ok 'a usage error of one process ends all' test $rc -ne 0 -a ! -e bad.tar
ranks 2 sh on_rank_1 '--warmup 99' $tune HERE few.tar
refused 2 'mc-train: rank 1: it ends before the training: run the command there without --launch to see why' \
    'options that do not go together, in one process'
ranks 2 $tune --warmup 99 few.tar
refused 2 'mc-train: --warmup 99: must be less than --epochs 2' 'in all of them'
ranks 2 $resnet --launch mpi -o /dev/full few.tar
refused 1 'mc-train: /dev/full: cannot write: No space left on device' 'a full disk'
ranks 5 $tune few.tar
refused 2 'mc-train: --accumulate 4: 5 processes share the batches of a step: give --accumulate 5 or a multiple of it, and a smaller --batch' \
    'fewer batches in a step than processes'
run $tune few.tar --regime frozen
fails 2 "mc-train: --launch is for --regime finetune: a frozen backbone's features are computed once" 'frozen'
run mc-train -q --backbone resnet18 --weights random --regime finetune --launch mpi -o x.tar few.tar
fails 2 'mc-train: --launch mpi needs --threads, the number of threads of each process' 'no --threads'
run mc-train -q --backbone resnet18 --weights random --regime finetune --launch mpi --threads 1 few.tar
fails 2 'mc-train: --launch mpi needs --output FILE: what mpirun passes on is not for archives' 'no --output'
run $tune --device cuda few.tar
fails 2 'mc-train: --launch mpi is for the CPU: leave --device out' 'a GPU'
run $tune
fails 2 'mc-train: --launch mpi: every process reads the images: give them as files, not on standard input' \
    'standard input'
done_testing
