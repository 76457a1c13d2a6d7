#!/bin/sh
# The example launchers, with stand-ins for ssh and qsub that run the command here:
# what they ask for, what comes back, and that nothing goes on when they are ended.
. "$abs_srcdir/tests/tap.sh"

if ! command -v flock >/dev/null; then
	skip 'launchers' 'no flock'
	done_testing
	exit
fi
here=$PWD
export PATH="$here/bin:$abs_srcdir/examples/launchers:$PATH" HOME="$here/home"
export MC_HOSTS='one two one'
mkdir bin home "a 'b'"
cat >bin/ssh <<'EOT'
#!/bin/sh
# A login shell elsewhere, in another folder.
echo "$1" >>"$HOME/asked"
cd / && exec sh -c "$2"
EOT
cat >bin/qsub <<'EOT'
#!/bin/sh
# It says the number of the job at once, and ends with the job's exit status.
echo "$*" >>"$HOME/asked"
echo 42.server
output=
while [ $# -gt 0 ]; do
	[ "$1" != -o ] || output=$2
	shift
done
exec 3<&0
sh <&3 >"$output" 2>&1 &
echo $! >"$HOME/job"
wait $!
EOT
cat >bin/qdel <<'EOT'
#!/bin/sh
[ "$1" = 42.server ] && kill "$(cat "$HOME/job")"
EOT
cat >bin/tell <<'EOT'
#!/bin/sh
printf '<%s>\n' "$@"
pwd
cat
exit 5
EOT
cat >bin/slow <<'EOT'
#!/bin/sh
echo $$ >pid
exec sleep 60
EOT
chmod +x bin/*

lines='two
lines'
for launcher in mc-ssh mc-pbs mc-sge; do
	rm -f home/asked pid
	cd "a 'b'"
	run $launcher --name chest/resnet18.model.tar --log kept --cpus 2 --memory 900M \
	    --time 30 --requeue --gpus 1 tell "it's" 'a "b" $c' "$lines" ''
	is_rc 5 "$launcher: the exit status"
	cat >wanted <<-EOT
	<it's>
	<a "b" \$c>
	<two
	lines>
	<>
	$PWD
	EOT
	ok "$launcher: arguments and folder" diff -u wanted err
	ok "$launcher: --log" cmp kept err
	run $launcher --log kept true
	is_rc 0 "$launcher: with --log alone"
	run $launcher --log "$here/away" sh -c 'echo said'
	is_rc 0 "$launcher: a log in another folder"
	ok "$launcher: has what the command says" grep -qx said "$here/away"
	run $launcher true
	ok "$launcher: without it" grep -q 'log: is set by --log FILE' err
	cd "$here"
	cp home/asked asked.$launcher
	$launcher --log log slow 2>/dev/null &
	await test -s pid
	kill $!
	wait $!
	rc=$?
	is_rc 143 "$launcher: SIGTERM"
	ok "$launcher: its command is ended" await eval '! kill -0 "$(cat pid)"'
	ok "$launcher: and nothing else is left" test -z "$(ls log.* 2>/dev/null)"
done
is_file asked.mc-ssh 'ssh: hosts' <<'EOT'
one
one
one
EOT
sed 's,-o .*/kept,-o FOLDER/kept,; q' asked.mc-pbs >first
is_file first 'PBS: what it asks for' <<'EOT'
-W block=true -N jresnet18.model -j oe -o FOLDER/kept -l select=1:ncpus=2:mem=900MB:ngpus=1 -l walltime=0:30:00
EOT
sed 's,-o .*/kept,-o FOLDER/kept,; q' asked.mc-sge >first
is_file first 'Grid Engine: what it asks for' <<'EOT'
-sync y -terse -N jresnet18.model.tar -j y -o FOLDER/kept -S /bin/sh -pe smp 2 -l mem_free=900M -l h_rt=0:30:00 -l gpu=1
EOT
for launcher in mc-pbs mc-sge; do
	run $launcher --time 1-00:00:00 tell
	is_rc 2 "$launcher: a time that it does not know"
done

# ssh: no more at once than a host has places.
cat >bin/uses <<'EOT'
#!/bin/sh
echo +1 >>events
sleep 0.5
echo -1 >>events
EOT
chmod +x bin/uses
seq 5 | xargs -P 5 -I N mc-ssh --log log.N uses
ok 'ssh: three places, three at once' test \
    "$(awk '{ n += $1; if (n > most) most = n } END { print most }' events)" -eq 3
done_testing
