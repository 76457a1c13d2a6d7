# The backbones against torchvision and an independent DINOv2, live.
. "$abs_srcdir/tests/tap.sh"

run_it=$abs_builddir/tests/lib/backbone_run

# same features|train|bfloat16 NAME FEATURES IMAGES SIDE
same() {
	name="$*: as the reference"
	run "$run_it" "$@"
	is_rc 0 "$*"
	"$PYTHON3" "$abs_srcdir/tests/lib/backbone.py" "$@" <out >log 2>&1
	case $? in
	0) pass "$name ($(cat log))" ;;
	77) skip "$name" "$(cat log)" ;;
	*) fail "$name" log ;;
	esac
}

# Two images, so that one cannot leak into the other.
same features vgg16 pooled 2 224
same features resnet18 logits 2 224
same features resnet50 logits 2 224
same features densenet121 logits 2 224
same features dinov2_vits14 lc 2 224
same features dinov2_vits14_reg lc 2 196

same train resnet50 logits 4 224
same train densenet121 logits 4 224
same train resnet18 pooled 4 64
same train vgg16 pooled 2 64
same train dinov2_vits14 lc 2 56
same train dinov2_vits14_reg lc 2 56

same bfloat16 resnet18 logits 4 64
same bfloat16 dinov2_vits14 lc 2 56

# Any number of threads gives the same bits: features, and parameters after three steps.
any_threads() { # any_threads [-bfloat16] NAME FEATURES IMAGES SIDE
	name="$*: 1, 2 and 3 threads give the same bits"
	what=threads
	[ "$1" != -bfloat16 ] || { what=bfloat16-threads; shift; }
	run "$run_it" $what "$@"
	if [ "$rc" -eq 77 ]; then
		skip "$name" "threads here change the order of sums"
	else
		is_rc 0 "$name"
	fi
}
any_threads -bfloat16 resnet18 logits 4 64
any_threads -bfloat16 dinov2_vits14 lc 2 56
any_threads vgg16 penultimate 2 64
any_threads resnet18 logits 4 224
# The last maps have one pixel.
any_threads resnet18 logits 3 32
any_threads resnet50 logits 3 128
any_threads densenet121 logits 3 128
any_threads dinov2_vits14 lc 4 112
any_threads dinov2_vits14_reg lc 4 112

run "$run_it" features vgg17 logits 1 224
ok "an unknown backbone is refused, and where the names stand is said" \
    grep -q '^backbone_run: unknown backbone "vgg17": mc-embed --list ' err
run "$run_it" features vgg16 cls 1 224
ok "unknown features are refused with the names there are" \
    grep -q 'vgg16 has no features "cls"; its features are: penultimate, ' err
run "$run_it" features dinov2_vits14 cls 1 225
ok "a side that is no multiple of 14 is refused" \
    grep -q 'dinov2_vits14 cannot take images of 225 x 225' err

done_testing
