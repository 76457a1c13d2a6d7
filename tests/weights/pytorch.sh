#!/bin/sh
# lib/weights reads what PyTorch writes, element for element, and executes
# nothing.
. "$abs_srcdir/tests/tap.sh"

# same NAME CHECK [FOLDER]
same() {
	name=$1
	shift
	"$PYTHON3" "$abs_srcdir/tests/weights/compare.py" "$@" >log 2>&1
	rc=$?
	case $rc in
	0) pass "$name ($(tail -n 1 log))" ;;
	77) skip "$name" "$(tail -n 1 log)" ;;
	*) fail "$name" log ;;
	esac
}

same "torch.save files of every kind" saved
same "programs in a pickle are refused, not executed" hostile
same "files that are no state dict are refused" refused
same "names of other conventions come to the reference's" names
same "rows of torchvision's networks and files" registry
have_real checkpoints "real checkpoints" &&
    same "real checkpoints" folder "$real/checkpoints"
done_testing
