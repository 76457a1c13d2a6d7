#!/bin/sh
# mc-train --checkpoint: a training that is killed and started again ends in the
# same bytes; what is not its own checkpoint is refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 14 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
small='mc-train -q --backbone resnet18 --weights random --threads 1 --resize 36 --crop 32'

# cut_short SIGNAL MILLISECONDS COMMAND...: run COMMAND; once it has written
# c.tar anew and so many milliseconds have passed, send it the signal.  USR1 is
# followed by KILL.  INT is not ignored, even in the background.  Prints how the
# command ended.  (A command that is faster than the signal is done.)
cut_short() {
	perl -e '
		use POSIX ":sys_wait_h";
		sub mark { join " ", (stat "c.tar")[1, 7, 9] }
		my ($signal, $delay, @command) = @ARGV;
		my $before = mark();
		my $pid = fork // die;
		$SIG{INT} = "DEFAULT" if !$pid;
		if (!$pid) { exec @command or POSIX::_exit(97) }
		while (mark() eq $before && waitpid($pid, WNOHANG) == 0) {
			select undef, undef, undef, 0.002;
		}
		select undef, undef, undef, $delay / 1000;
		kill $signal, $pid;
		if ($signal eq "USR1") {
			select undef, undef, undef, 0.1;
			kill "KILL", $pid;
		}
		waitpid $pid, 0;
		printf "%s\n", $? & 127 ? "killed " . ($? & 127) : "done " . ($? >> 8)
	' "$@"
}

# interrupted_training NAME KILLS COMMAND...: on the images or features $data.
# The first delays are the shortest, so that a fast machine is interrupted too.
data=images.tar
interrupted_training() {
	name=$1 kills=$2
	shift 2
	rm -rf c.tar plain.tar plain.tsv model.tar log.tsv ended
	"$@" --log plain.tsv -o plain.tar $data || fail "$name: a plain run"
	i=0
	while [ $i -lt "$kills" ]; do
		case $((i % 4)) in
		0) signal=TERM ;;
		1) signal=KILL ;;
		2) signal=INT ;;
		3) signal=USR1 ;;
		esac
		echo "$signal $(cut_short $signal $((1 + i * 11)) "$@" $save --log log.tsv \
		    -o model.tar $data)" >>ended
		[ ! -e model.tar ] || break
		[ ! -e keep ] || [ ! -e c.tar ] || cp c.tar "$(cat keep)"
		i=$((i + 1))
	done
	sed 's/^/# /' ended
	ok "$name: it was killed again and again" test "$(grep -c killed ended)" -ge 3
	ok "$name: SIGTERM ends it by the signal" \
	    sh -c '! grep TERM ended | grep -v "killed 15\|done 0"'
	ok "$name: and so does SIGINT" \
	    sh -c '! grep INT ended | grep -v "killed 2\|done 0"'
	[ -e model.tar ] || "$@" $save --log log.tsv -o model.tar $data
	ok "$name: the same model" cmp plain.tar model.tar
	ok "$name: the same log" cmp plain.tsv log.tsv
	ok "$name: then the checkpoint is gone" test ! -e c.tar
	ok "$name: nothing else is left" test -z "$(ls -A | grep '\.mc-')"
}

# --- Killed and started again ---------------------------------------------------

save='--checkpoint c.tar'
frozen="$small --regime frozen --batch 8"
interrupted_training 'mlp, Adam' 8 $frozen --head mlp:5 --lr 0.01 --epochs 300
interrupted_training 'linear, SGD with momentum' 6 $frozen --optimizer sgd \
    --lr 0.01 --epochs 300 --select loss
mc-embed -q --backbone resnet18 --weights random --threads 1 --resize 36 --crop 32 -o features.tar images.tar
data=features.tar
interrupted_training 'on a features tar' 6 mc-train -q --threads 1 --regime frozen --batch 8 --epochs 300
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { $c["label"] = (NR % 3 ? "A" : "A?") (NR % 2 ? "|B" : ""); if (NR % 5 == 0) $c["label"] = "No Finding"
      print }' manifest.tsv >findings.tsv
mc-pack -q -o findings.tar findings.tsv
mc-embed -q --backbone resnet18 --weights random --threads 1 --resize 36 --crop 32 -o multilabel.tar findings.tar
data=multilabel.tar
save='--checkpoint c.tar --checkpoint-every 0.00001'
interrupted_training 'several findings' 6 mc-train -q --threads 1 --regime frozen --batch 5 --epochs 150 \
    --multilabel --class-weights inverse --select auroc
data=findings.tar
interrupted_training 'several findings, mixed' 5 $small --regime finetune --batch 5 --lr 0.001 \
    --epochs 3 --multilabel --uncertain ignore --mixup 0.4 --cutmix 1 --select auroc
data=images.tar
echo kept.tar >keep
interrupted_training 'fine-tuned, AdamW' 8 $small --regime finetune --batch 5 \
    --optimizer adamw --lr 0.001 --epochs 5
rm keep
interrupted_training 'augmented, mixed, averaged' 6 $small --regime finetune --batch 5 \
    --lr 0.001 --epochs 5 --ema 0.9 --mixup 0.4 --cutmix 1 --sample balanced \
    --augment crop:0.3-1,flip,rotate:15,jitter:0.2,erase:0.3
interrupted_training 'LoRA, drop path' 6 mc-train -q --backbone dinov2_vits14 --weights random \
    --threads 1 --resize 28 --crop 28 --regime finetune --batch 3 --lr 0.001 --epochs 2 \
    --select last --lora 4 --lora-apart --drop-path 0.5

rm -f c.tar
cut_short INT 0 sh -c 'exec "$@" 2>err' sh mc-train --backbone resnet18 --weights random \
    --threads 1 --resize 36 --crop 32 --regime frozen --epochs 1000000 \
    --checkpoint c.tar -o model.tar images.tar >ended
is_file ended 'SIGINT ends a training' <<'END'
killed 2
END
tail -n 1 err >said
is_file said 'which says that its state is kept' <<'END'
mc-train: stopped: c.tar has the state: the same command goes on from it
END

# --- Before the first step -----------------------------------------------------

# Half of the images, SIGTERM once libtorch has been started, the other half.
rm -f c.tar model.tar
half=$(($(wc -c <images.tar) / 2))
{
	head -c $half images.tar
	i=0
	until grep -q '^mc-train: seed 1' err || [ $((i += 1)) -gt 600 ]; do
		sleep 0.1
	done
	kill -TERM "$(cat pid)"
	tail -c +$((half + 1)) images.tar
} | sh -c 'echo $$ >pid; exec "$@"' sh mc-train -v --backbone resnet18 --weights random \
    --threads 1 --resize 36 --crop 32 --regime frozen --checkpoint c.tar -o model.tar 2>err >out
echo $? >rc
ok 'SIGTERM before the first step ends it by the signal' test "$(cat rc)" -eq 143
ok 'and it says that nothing was written' \
    grep -qx 'mc-train: stopped before the first step: c.tar is not written' err
ok 'nothing is' test ! -e c.tar -a ! -e model.tar -a -z "$(ls -A | grep '\.mc-')"

# --- Two trainings with one checkpoint --------------------------------------------

# The second one has written c.tar while the first one still reads its images.
rm -f c.tar model.tar
{
	head -c $half images.tar
	until [ -s c.tar ]; do sleep 0.1; done
	tail -c +$((half + 1)) images.tar
} | $frozen --seed 2 --epochs 2 --checkpoint c.tar -o model.tar 2>err &
first=$!
until ls -A | grep -q '^[.]model[.]tar[.]mc-'; do sleep 0.1; done
cut_short KILL 0 $frozen --epochs 1000000 --checkpoint c.tar -o other.model.tar images.tar >ended
cp c.tar kept.c.tar
rm -f .other.model.tar.mc-*
wait $first
rc=$?
fails 1 'mc-train: c.tar: another program has written it during this training: give each training a --checkpoint of its own' \
    'two trainings with one checkpoint'
ok 'the checkpoint of the other one stays' cmp c.tar kept.c.tar
ok 'and no model is written' test ! -e model.tar

# --- What the checkpoint holds ---------------------------------------------------

ok 'a checkpoint was kept' test -s kept.tar
tar -tf kept.tar | LC_ALL=C sort | grep -v best | xargs >members
is_file members 'its members' <<'END'
__checkpoint__ __end__ exp_avg.safetensors exp_avg_sq.safetensors log.tsv step.safetensors training.tsv values.safetensors walk.tsv
END

# --- What is refused -------------------------------------------------------------

tune="$small --regime finetune --batch 5 --optimizer adamw --epochs 5"
go_on() { # go_on COMMAND...: with a copy of the checkpoint
	cp kept.tar c.tar
	rm -f model.tar
	run "$@" --checkpoint c.tar -o model.tar
}
go_on $tune --lr 0.002 images.tar
fails 1 'mc-train: c.tar: the checkpoint of another training, whose lr is 0.001, not 0.002: give the same options and images as before, or delete it' \
    'another option'
ok 'and no model is written' test ! -e model.tar
ok 'and the checkpoint stays' cmp kept.tar c.tar
go_on $tune --lr 0.001 --seed 2 images.tar
ok 'another seed' grep -q 'whose seed is 1, not 2:' err
go_on $tune --lr 0.001 --head mlp:3 images.tar
ok 'another head' grep -q 'whose head is linear, not mlp:3:' err
go_on $tune --lr 0.001 --augment flip images.tar
ok 'another augmentation' grep -q 'whose augment is none, not flip:' err
go_on $tune --lr 0.001 --precision bf16 images.tar
ok 'another precision' grep -q 'whose precision is float32, not bf16:' err
while read -r option value key; do
	go_on $tune --lr 0.001 $option $value images.tar </dev/null
	ok "another $key" grep -q "whose $key is [a-zA-Z0-9.]*, not ${value%%,*}:" err
done <<'END'
--batch 6 batch
--classes OPACITY,NORMAL class
--optimizer adam optimizer
--select loss select
--threads 2 threads
--weight-decay 0.5 weight_decay
END
go_on $tune --lr 0.001 --optimizer sgd images.tar
ok 'an option that only the new training has' grep -q 'whose momentum is none, not 0.9:' err
go_on $tune --lr 0.001 --task chest images.tar
ok 'an empty value is quoted' grep -q 'whose task is "", not chest:' err
mkdir other && (cd other && make_images 15 && mc-pack -q -o ../other.tar manifest.tsv)
go_on $tune --lr 0.001 other.tar
ok 'other images' grep -q '^mc-train: c.tar: the checkpoint of another training, whose images_[a-z_]* is ' err
is_rc 1 'are an error'
head -c 5000 kept.tar >cut.tar
mv kept.tar whole.tar
cp cut.tar kept.tar
go_on $tune --lr 0.001 images.tar
ok 'a checkpoint that was cut' grep -q '^mc-train: c.tar: .*: delete it to begin anew$' err
is_rc 1 'is an error'
ok 'in one line' test "$(wc -l <err)" -eq 1
perl -e 'undef $/; $_ = <STDIN>; substr($_, length($_) / 2, 1) ^= "\1"; print' <whole.tar >kept.tar
go_on $tune --lr 0.001 images.tar
fails 1 'mc-train: c.tar: damaged: its content does not match the digest at its end: delete it to begin anew' \
    'a checkpoint with one bit changed'
mv plain.tar kept.tar
go_on $tune --lr 0.001 images.tar
fails 1 'mc-train: c.tar: not a checkpoint: its first member is not __checkpoint__: delete it, or give --checkpoint another file' \
    'a model is no checkpoint'
run $tune --checkpoint-every 5 images.tar
fails 2 'mc-train: --checkpoint-every needs --checkpoint' 'an interval without a file'
run $tune --checkpoint /dev/null -o model.tar images.tar
fails 2 'mc-train: --checkpoint /dev/null: not a regular file' 'a device'
mkfifo fifo
run $tune --checkpoint fifo -o model.tar images.tar
fails 2 'mc-train: --checkpoint fifo: not a regular file' 'a FIFO, which is not opened'
run $tune --checkpoint model.tar -o model.tar images.tar
is_rc 2 'the model and its checkpoint are two files'
run $tune --checkpoint no/such/c.tar -o model.tar images.tar
fails 1 'mc-train: no/such/c.tar: No such file or directory' \
    'a checkpoint that cannot be written is no surprise after an epoch'

# --- Signals before the first step ---------------------------------------------

mkfifo images.fifo
$small --regime frozen --epochs 1 --checkpoint early.tar -o early.model.tar images.fifo 2>err &
pid=$!
exec 3>images.fifo		# mc-train has opened the other end
kill -USR1 $pid
cat images.tar >&3
exec 3>&-
wait $pid
ok 'SIGUSR1 while the images are read does not end it' test $? -eq 0
ok 'and there is the model' test -s early.model.tar

done_testing
