#!/bin/sh
# mc-gpu - run a command on a GPU of this machine that no other mc-gpu uses.
set -u

version=@VERSION@
gpus=${CUDA_VISIBLE_DEVICES:-}

help() {
	cat <<'END'
Usage: mc-gpu [OPTION]... [--] COMMAND [ARGUMENT]...
Run a command on a GPU of this machine that no other mc-gpu uses.

      --of LIST           GPUs to choose from, separated by commas (default: CUDA_VISIBLE_DEVICES)
  -h, --help              print this text and exit
      --version           print the version and exit

See mc-gpu(1).
END
}

wrong() {
	echo "mc-gpu: $* (see mc-gpu --help)" >&2
	exit 2
}

fail() {
	echo "mc-gpu: $*" >&2
	exit 1
}

# Lock a place that is free, on the descriptor 9, which the command keeps: so the
# place is free again when the command and what it has started have ended, however
# they end.  Any user of the machine may lock the files, which all can read.
take() {
	for place in $places; do
		file=/tmp/mctools-gpu-$place
		[ -e "$file" ] || (umask 022; set -C; : >"$file") 2>/dev/null
		[ -f "$file" ] && [ -r "$file" ] || fail "cannot lock $file"
		exec 9<"$file"
		! flock -n 9 || return 0
		exec 9<&-
	done
	return 1
}

while [ $# -gt 0 ]; do
	case $1 in
	--of=*) gpus=${1#*=} ;;
	--of)
		[ $# -gt 1 ] || wrong "$1: no value"
		gpus=$2
		shift
		;;
	-h | --help) help; exit 0 ;;
	--version) echo "mc-gpu (mctools) $version"; exit 0 ;;
	--) shift; break ;;
	-*) wrong "no option $1" ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || wrong 'no command'
case ,$gpus, in
,,) wrong 'no GPU is named: give --of 0,1' ;;
*,,* | *,-* | *[!A-Za-z0-9,-]*) wrong "--of: \"$gpus\" is no list of GPUs, such as 0,1" ;;
esac
command -v -- "$1" >/dev/null || fail "$1: not found"
command -v flock >/dev/null || fail 'flock: not found: it is in util-linux'

# A GPU that is named twice has two places.
places=$(printf '%s\n' "$gpus" | tr , '\n' | awk '{ print $0 "." ++n[$0] }')
until take; do
	sleep 0.2
done
export CUDA_VISIBLE_DEVICES="${place%.*}"
exec "$@"
