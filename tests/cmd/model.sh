# model.sh - what the tests of mc-train ask of a model, and of what is refused.
#
# A test sources it after tap.sh.

# key TAR NAME: the values of a key of a model, one per line.
key() {
	tar -xOf "$1" __model__ | awk -F'\t' -v key="$2" '$1 == key { print $2 }'
}

# records KEY VALUE: model.tar, which was written last, has it; several values are
# joined by commas, and '' means none.
records() {
	ok "the model records $1 ${2:-not}" test "$(key model.tar "$1" | paste -s -d,)" = "$2"
}

# refused MESSAGE OPTION...: a usage error of $train on $input.
refused() {
	message=$1
	shift
	run $train "$@" -o model.tar $input
	fails 2 "mc-train: $message" "refused: $*"
}
