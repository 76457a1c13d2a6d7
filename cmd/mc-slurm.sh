#!/bin/sh
# mc-slurm - run a command on a node of a Slurm cluster.
set -u

version=@VERSION@
cpus=1 gpus=0 memory=4G time= name= log= requeue= job=
stopped= waits_for= id= job_file= kept=

help() {
	cat <<'END'
Usage: mc-slurm [OPTION]... [--] COMMAND [ARGUMENT]...
Run a command on a node of a Slurm cluster and end with its exit status.

      --cpus N            number of CPUs (default: 1)
      --gpus N            number of GPUs (default: 0)
      --job               submit a job even within an allocation
      --log FILE          also keep what the command prints in FILE
      --memory SIZE       memory, such as 500M or 16G (default: 4G)
      --name NAME         name of the job or step (default: that of the command)
      --requeue           at the time limit, end the command by SIGTERM and queue it again
      --time LIMIT        time limit: minutes, H:MM:SS or D-HH:MM:SS (default: the cluster's)
  -h, --help              print this text and exit
      --version           print the version and exit

See mc-slurm(1).
END
}

wrong() {
	echo "mc-slurm: $* (see mc-slurm --help)" >&2
	exit 2
}

# At the end, however it comes.
clean() {
	[ -z "$job_file" ] || rm -f "$job_file" "$job_file.id"
	[ -n "$kept" ] || [ -z "$log" ] || rm -f "$log"
}

fail() {
	echo "mc-slurm: $*" >&2
	exit 1
}

# Print the arguments, quoted for a shell.
quoted() {
	for argument; do
		# The dot keeps the newlines at its end.
		argument=$(printf '%s\n' "$argument" | sed "s/'/'\\\\''/g"; echo .)
		printf "'%s' " "${argument%??}"
	done
}

# whole OPTION VALUE LEAST
whole() {
	case $2 in
	'' | *[!0-9]* | ???????*) wrong "$1: \"$2\" is no whole number" ;;
	esac
	[ "$2" -ge "$3" ] || wrong "$1: $2 is less than $3"
}

# --- Where a command runs -----------------------------------------------------

# The variables that a program of mctools may depend on, and those of the node
# itself.
ours='PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]*|TZ|LD_LIBRARY_PATH|MC_.*|TORCH_.*|ATEN_.*|DNNL_.*|ONEDNN_.*|HF_HOME|HF_HUB_CACHE|HUGGINGFACE_HUB_CACHE|XDG_CACHE_HOME|OMP_.*|GOMP_.*|KMP_.*|OPENBLAS_.*|MKL_.*|SOURCE_DATE_EPOCH'
of_node='SLURM.*|TMPDIR|PWD|CUDA_VISIBLE_DEVICES|HOSTNAME'

# Print the names of the variables of the environment, and what looks like one in
# a value of several lines.
variables() {
	env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'
}

# Print commands for the node's shell: have these variables and no others, and
# refuse another program.
prepare() {
	cat <<-END
	for variable in \$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | grep -E -v -x '$of_node|_'); do
		unset "\$variable"
	done
	END
	for variable in $(variables | grep -E -x "$ours"); do
		eval "[ -n \"\${$variable+set}\" ]" || continue
		eval "value=\$$variable"
		echo "export $variable=$(quoted "$value")"
	done
	cat <<-END
	program=$(quoted "$program")
	if [ "\$(sha256sum <"\$program")" != "$digest" ]; then
		echo "mc-slurm: \$program on \$(uname -n) is not the file that it is on $(uname -n)" >&2
		exit 1
	fi
	END
}

# Wait for the process PID, however often a signal interrupts: its exit status.
await() {
	while :; do
		wait "$1"
		status=$?
		kill -0 "$1" 2>/dev/null || return $status
	done
}

# Print what the command has printed.
show() {
	[ ! -s "$log" ] || cat "$log" >&2
}

# stop STATUS: at a signal, end the job, or what mc-slurm waits for, of which srun
# passes SIGUSR1 to the step and ends it at once at SIGTERM.
stop() {
	signal=USR1
	[ -z "$stopped" ] || signal=TERM
	stopped=$1
	[ -z "$waits_for" ] || kill -$signal "$waits_for" 2>/dev/null
	[ -z "$id" ] || scancel --quiet "$id"
}

# Commands for the node's shell: run the arguments, and end them by SIGTERM at
# SIGUSR1, which srun sends to them as well.  Slurm sends SIGTERM to both, and the
# command may have files to write.
supervise='
trap "" USR1
"$@" &
child=$! told=
trap : TERM
trap "told=yes; kill -TERM $child" USR1
while :; do
	wait $child
	status=$?
	kill -0 $child 2>/dev/null || break
done
'

# Refuse a step that needs more memory than a node of the allocation has, for which
# srun would wait without end.
fits() {
	room=$(printf '%s\n' "${SLURM_JOB_CPUS_PER_NODE:-1}" | tr , '\n' |
	    awk -v of_cpu="${SLURM_MEM_PER_CPU:-0}" -v of_node="${SLURM_MEM_PER_NODE:-0}" '
	    $1 + 0 > cpus { cpus = $1 + 0 }
	    END { print (of_cpu + 0 ? cpus * of_cpu : of_node + 0) }')
	need=$(printf '%s\n' "$memory" | awk '{ n = $1 + 0 }
	    /[kK]$/ { n /= 1024 } /[gG]$/ { n *= 1024 } /[tT]$/ { n *= 1048576 }
	    END { printf "%d", n }')
	[ "$room" -eq 0 ] || [ "$need" -le "$room" ] || fail "--memory $memory: a node of" \
	    "the allocation has ${room}M: give less here, or more there"
}

# A step of the allocation.  The arguments are the command.
run_step() {
	fits
	unset SLURM_MEM_PER_CPU SLURM_MEM_PER_NODE SLURM_MEM_PER_GPU
	eval "srun $resources --quiet --exact --input=none" \
	    '/bin/sh -c "$(prepare)$supervise exit \$status" sh "$@" >"$log" 2>&1 &'
	waits_for=$!
	[ -z "$stopped" ] || kill -TERM $waits_for
	await $waits_for
	status=$?
	[ -z "$stopped" ] || return $stopped
	explain '' $status "step $name"
	return $status
}

# The script of a job that runs the command that the arguments are.
script() {
	printf '#!/bin/sh\n%s\nset -- %s\n' "$(prepare)" "$(quoted "$@")"
	if [ -z "$requeue" ]; then
		echo 'exec "$@"'
		return
	fi
	echo "$supervise"
	cat <<-'END'
	if [ -n "$told" ] && [ $status -ne 0 ]; then
		trap - TERM
		scontrol requeue "$SLURM_JOB_ID"
		sleep 60
	fi
	exit $status
	END
}

# Wait until the last submission, of whichever mc-slurm of this user, is a second
# ago.
take_turn() {
	exec 9>>"$lock"
	flock 9 &
	waits_for=$!
	[ -z "$stopped" ] || kill $waits_for
	await $waits_for
	waits_for=
	sleep 1 &
	exec 9>&-
}

# Print FIELD of the job, as Slurm has it for some minutes after its end.
of_job() {
	scontrol show job --oneliner "$id" 2>/dev/null |
	    sed -n "s/.* $1=\([^ ]*\).*/\1/p"
}

# Wait until the job has ended, since sbatch may take one for ended that is just
# queued again: its exit status.  That of sbatch, STATUS, counts only where Slurm
# has forgotten the job: it is 0 for a job that was cancelled while it waited.
ended() {
	while :; do
		state=$(of_job JobState)
		case $state in
		PENDING | CONFIGURING | RUNNING | SUSPENDED | REQUEUE* | COMPLETING)
			[ -z "$stopped" ] || return 1
			sleep 10 &
			wait $!
			;;
		COMPLETED) return 0 ;;
		FAILED) break ;;
		'') return "$1" ;;
		*) return 1 ;;
		esac
	done
	code=$(of_job ExitCode)
	case $code in
	0:*) return $((128 + ${code#0:})) ;;
	*:*) return "${code%:*}" ;;
	*) return 1 ;;
	esac
}

# Why the job or step WHAT has failed, where its exit status does not say it.  The
# arguments are its state, its exit status and WHAT.
explain() {
	case $1,$2 in
	TIMEOUT,*) why='the time limit was reached: give more by --time' ;;
	OUT_OF_MEMORY,*) why='memory ran out: give more by --memory' ;;
	NODE_FAIL,*) why='its node failed: run it again' ;;
	PREEMPTED,*) why='it was preempted: run it again' ;;
	CANCELLED,*) why='it was cancelled' ;;
	*,137)
		why='it was killed by SIGKILL, as happens where memory runs out:'
		why="$why give more by --memory"
		;;
	*) return ;;
	esac
	echo "mc-slurm: $3: $why" >&2
}

# Say so where the job asks for more than it may have: Slurm lets it wait.
warn() {
	reason=$(of_job Reason)
	case $reason in
	Partition*Limit | PartitionConfig | BadConstraints | *PerJob* | *NotAllowed)
		echo "mc-slurm: job $id, $name: Slurm may never start it" \
		    "($reason): give less by --cpus, --gpus, --memory or --time" >&2
		;;
	esac
}

# A job of its own.  The arguments are the command.
run_job() {
	take_turn
	[ -z "$stopped" ] || return $stopped
	text=$(script "$@")
	# Its number is written over blanks, for which there is room.
	(printf '%s\n' "$text" >"$job_file" && printf '%80s\n' '' >"$job_file.id") \
	    2>/dev/null || fail "cannot write $job_file"
	# A signal for this process group must not end sbatch, which knows the job.
	(
		trap '' HUP INT TERM
		eval "exec sbatch $resources --wait --parsable --open-mode=append" \
		    "$([ -z "$requeue" ] || echo --requeue --signal=B:USR1@120)" \
		    '--output="$output" "$job_file"'
	) 1<>"$job_file.id" &
	sbatch=$!
	until read -r line <"$job_file.id" && [ -n "$line" ] ||
	    ! kill -0 $sbatch 2>/dev/null; do
		sleep 0.1
	done
	id=${line%%;*}
	if [ -z "$id" ]; then
		await $sbatch
		return 1
	fi
	[ -z "$stopped" ] || scancel --quiet "$id"
	warn
	await $sbatch
	ended $?
	result=$?
	[ -z "$stopped" ] || return $stopped
	explain "$state" $result "job $id, $name"
	return $result
}

# --- The command line -----------------------------------------------------------

while [ $# -gt 0 ]; do
	case $1 in
	--cpus=* | --gpus=* | --log=* | --memory=* | --name=* | --time=*)
		option=${1%%=*} value=${1#*=}
		shift
		set -- "$option" "$value" "$@"
		;;
	esac
	case $1 in
	--cpus | --gpus | --log | --memory | --name | --time)
		[ $# -gt 1 ] || wrong "$1: no value"
		;;
	esac
	case $1 in
	--cpus) whole "$1" "$2" 1; cpus=$2; shift ;;
	--gpus) whole "$1" "$2" 0; gpus=$2; shift ;;
	--log) log=$2 kept=$2; shift ;;
	--memory) memory=$2; shift ;;
	--name) name=$2; shift ;;
	--time) time=$2; shift ;;
	--job) job=yes ;;
	--requeue) requeue=yes ;;
	-h | --help) help; exit 0 ;;
	--version) echo "mc-slurm (mctools) $version"; exit 0 ;;
	--) shift; break ;;
	-*) wrong "no option $1" ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || wrong "no command"
command -v sbatch >/dev/null ||
	fail "sbatch: not found: run this where Slurm is installed"
program=$(command -v "$1") || fail "$1: not found"
case $program in
/*) ;;
*/*) program=$PWD/${program#./} ;;
*) fail "$1 is a word of the shell: give a program" ;;
esac
[ -f "$program" ] && [ -x "$program" ] || fail "$1 is not a program that can be run"
shift
set -- "$program" "$@"
digest=$(sha256sum <"$program") || exit 1
[ -n "$name" ] || name=${program##*/}
resources=$(quoted --nodes=1 --ntasks=1 --cpus-per-task="$cpus" \
    --mem="$memory" --job-name="$name" --export=NIL \
    ${time:+--time="$time"} $([ "$gpus" -eq 0 ] || echo "--gres=gpu:$gpus"))

trap clean EXIT
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM
if [ -n "${SLURM_JOB_ID:-}" ] && [ -z "$job" ]; then
	run=run_step
else
	run=run_job
	cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
	[ -n "$cache" ] || fail 'HOME is not set: mc-slurm locks a file there'
	lock=$cache/mctools/slurm.lock
	(mkdir -p "$cache/mctools" && : >>"$lock") 2>/dev/null ||
		fail "cannot write $lock"
	job_file=$(mktemp) || exit 1
fi
# Where the nodes can write too.
[ -n "$log" ] || log=$(mktemp "$PWD/.mc-slurm.XXXXXX") || exit 1
(: >"$log") 2>/dev/null || fail "cannot write $log"
# Slurm replaces %j and others in the name of a file, without a backslash.
case $log in
/*) output=$log ;;
*) output=$PWD/$log ;;
esac
output=$(printf '%s\n' "$output" | sed 's/[\\%]/\\&/g')
$run "$@"
status=$?
show
exit $status
