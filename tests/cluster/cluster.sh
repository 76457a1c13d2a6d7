#!/bin/sh
# A Slurm cluster of this machine alone, for tests.
#
# usage: cluster.sh start|controller|fail|end FOLDER [NODES CPUS]
#
#	start		munged, slurmctld and a slurmd for each of NODES nodes n1, n2 ...
#			of CPUS CPUs and 8 GB each; what they keep is in FOLDER, and
#			SLURM_CONF=FOLDER/slurm.conf leads the commands of Slurm to
#			them.  It returns when all nodes have run a command.
#	controller	end slurmctld and start it again
#	fail		end the daemon of the node NODES and what it runs; a step is at
#			work there
#	end		end all
set -e

dir=$2
export SLURM_CONF="$dir/slurm.conf"

# await COMMAND...: until it succeeds, for half a minute at most.
await() {
	n=0
	until "$@" 2>/dev/null; do
		n=$((n + 1))
		[ $n -lt 300 ] || { echo "cluster: no success of: $*" >&2; return 1; }
		sleep 0.1
	done
}

idle() {
	[ "$(sinfo -h -N -o %t | grep -c -x idle)" = "$nodes" ]
}

# ends FILE.pid: end that daemon.
ends() {
	[ -f "$1" ] || return 0
	pid=$(cat "$1")
	kill "$pid" 2>/dev/null || return 0
	await eval "! kill -0 $pid"
}

# Ports that nothing listens on: the first and as many as there are daemons.
free_ports() {
	used=$(awk 'NR > 1 && $4 == "0A" { sub(".*:", "", $2); print $2 }' \
	    /proc/net/tcp /proc/net/tcp6)
	first=$((20000 + $$ % 20000))
	while :; do
		for i in $(seq 0 "$nodes"); do
			! echo "$used" |
			    grep -q -i -x "$(printf %04X $((first + i)))" || break
			[ "$i" -lt "$nodes" ] || return 0
		done
		first=$((first + nodes + 1))
	done
}

# of_node NODE PROCESS: whether the process is the node's.  Another cluster may have
# a node of that name.
of_node() {
	[ "$(tr '\0' '\n' <"$2/environ" | grep -c -x -e "SLURMD_NODENAME=$1" \
	    -e "SLURM_CONF=$SLURM_CONF")" = 2 ]
} 2>/dev/null

# Stop a process of a step on the node, which will not be at its end when the node
# fails.
stops() {
	for process in /proc/[0-9]*; do
		of_node "$1" "$process" && kill -STOP "${process#/proc/}" || continue
		sleep 0.1
		if grep -q '^State:[[:space:]]*T' "$process/status"; then return; fi
	done
	return 1
}

configure() {
	user=$(id -un)
	free_ports
	cat <<-END
	ClusterName=test
	SlurmctldHost=$(hostname)(127.0.0.1)
	SlurmctldPort=$first
	SlurmUser=$user
	SlurmdUser=$user
	AuthType=auth/munge
	AuthInfo=socket=$dir/munge.socket
	StateSaveLocation=$dir/state
	SlurmctldPidFile=$dir/slurmctld.pid
	SlurmctldLogFile=$dir/slurmctld.log
	SlurmdPidFile=$dir/%n.pid
	SlurmdLogFile=$dir/%n.log
	SlurmdSpoolDir=$dir/%n.spool
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_Core_Memory
	SwitchType=switch/none
	MpiDefault=none
	SlurmdParameters=config_overrides
	ReturnToService=2
	JobRequeue=0
	KillWait=5
	SlurmdTimeout=20
	SchedulerParameters=sched_interval=1
	END
	for i in $(seq "$nodes"); do
		echo "NodeName=n$i NodeHostname=$(hostname) NodeAddr=127.0.0.1" \
		    "Port=$((first + i)) CPUs=$cpus RealMemory=8000"
	done
	echo "PartitionName=all Nodes=n[1-$nodes] Default=YES State=UP"
}

case $1 in
start)
	nodes=$3 cpus=$4
	mkdir -p "$dir/state"
	head -c 128 /dev/urandom >"$dir/munge.key"
	chmod 600 "$dir/munge.key"
	munged --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" \
	    --pid-file="$dir/munged.pid" --log-file="$dir/munged.log" \
	    --seed-file="$dir/munge.seed" 2>"$dir/munged.warnings"
	configure >"$SLURM_CONF"
	slurmctld -c
	for i in $(seq "$nodes"); do
		mkdir -p "$dir/n$i.spool"
		slurmd -N "n$i"
	done
	await idle
	if ! timeout 60 srun --quiet --nodes="$nodes" true; then
		tail -n 3 "$dir"/n*.log >&2
		exit 1
	fi
	;;
controller)
	ends "$dir/slurmctld.pid"
	slurmctld
	await scontrol ping
	;;
fail)
	await stops "$3"
	# As where the power goes: its daemon, those of its steps, and what they run.
	kill -9 "$(cat "$dir/$3.pid")"
	for process in /proc/[0-9]*; do
		if of_node "$3" "$process" ||
		    ls -l "$process/fd" 2>/dev/null | grep -q -F "$dir/$3.spool/"
		then
			kill -9 "${process#/proc/}" 2>/dev/null || :
		fi
	done
	;;
end)
	scancel --quiet --user="$(id -un)" || :
	for daemon in "$dir"/n*.pid "$dir"/slurmctld.pid "$dir"/munged.pid; do
		ends "$daemon"
	done
	;;
esac
