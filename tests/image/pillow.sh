#!/bin/sh
# lib/image decodes, resizes and normalises exactly as Pillow and torchvision.
. "$abs_srcdir/tests/tap.sh"

# same NAME CHECK [FOLDER STEP]
same() {
	name=$1
	shift
	"$PYTHON3" "$abs_srcdir/tests/image/compare.py" \
	    "$abs_builddir/tests/image/pixels" "$@" >log 2>&1
	rc=$?
	case $rc in
	0) pass "$name ($(tail -n 1 log))" ;;
	77) skip "$name" "$(tail -n 1 log)" ;;
	*) fail "$name" log ;;
	esac
}

same "files of every kind give Pillow's pixels" kinds
same "BMP, PNM and GIF of every kind give Pillow's pixels" raw
same "damaged files are refused or decoded, never worse" damage
same "16-bit samples of fewer bits are scaled as asked" bits
same "WebDataset shards are read by WebDataset's rules" shards
same "Resize and CenterCrop give torchvision's bytes" crop
same "augmented images have torchvision's bytes" augment
same "TrivialAugment has torchvision's operations, byte for byte" trivial
same "what is drawn has torchvision's distributions" draws
same "ToTensor and Normalize give torchvision's bits" float
have_real torture "the torture files give Pillow's pixels" &&
    same "the torture files give Pillow's pixels" folder "$real/torture" 1
have_real chest_xray "real chest X-rays" &&
    same "real chest X-rays" folder "$real/chest_xray" 20
have_real ham10000 "real dermoscopy" &&
    same "real dermoscopy" folder "$real/ham10000/images" 20
done_testing
