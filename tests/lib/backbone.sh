# The backbones against torchvision and an independent DINOv2, live.
. "$abs_srcdir/tests/tap.sh"

run_it=$abs_builddir/tests/lib/backbone_run

# Two images, so that one cannot leak into the other.  All networks of the
# registry have the right parameters; one or two of each path through a family
# are computed.
cat >cases <<'EOT'
shapes
features vgg16 pooled 2 224
features vgg11_bn penultimate 2 64
features resnet18 logits 2 224
features resnet50 logits 2 224
features wide_resnet50_2 logits 2 64
features resnext50_32x4d logits 2 64
features densenet121 logits 2 224
features densenet161 logits 2 64
features efficientnet_b0 logits 2 64
features efficientnet_v2_s logits 2 64
features mobilenet_v3_large penultimate 2 64
features convnext_tiny logits 2 224
features convnext_base pooled 2 64
features swin_t logits 2 224
features swin_t pooled 2 96
features dinov2_vits14 lc 2 224
features dinov2_vits14_reg lc 2 196
features vgg11_bn penultimate 2 96x64
features resnet18 logits 2 64x96
features densenet121 logits 2 96x64
features efficientnet_b0 logits 2 64x96
features mobilenet_v3_large penultimate 2 64x96
features convnext_tiny logits 2 96x64
features swin_t logits 2 96x160
features small_swin pooled 2 64x96
features small_swin logits 2 36x40
features small_swin pooled 2 40x36
features small_swin pooled 2 12x32
features small_swin pooled 2 32x12
features dinov2_vits14 lc 2 42x70
features dinov2_vits14_reg cls 2 70x42
features small_uni2 cls+mean 3 20x8
features small_clip cls 3 8x20
dropped vgg16 logits 2 64
dropped efficientnet_b0 logits 8 64
dropped efficientnet_v2_s pooled 8 64
dropped mobilenet_v3_large logits 4 64
dropped swin_t logits 8 64
dropped swin_b pooled 4 64
dropped convnext_tiny logits 8 64
dropped convnext_base pooled 4 64
train resnet50 logits 4 224
train resnext50_32x4d pooled 4 64
train densenet121 logits 4 224
train resnet18 pooled 4 64
train vgg16 pooled 2 64
train vgg11_bn pooled 2 64
train efficientnet_b0 logits 4 64
train efficientnet_v2_s pooled 4 64
train mobilenet_v3_large logits 4 64
train small_convnext logits 4 64
train small_convnext pooled 4 32
train small_dinov3_convnext cls+mean 4 96
train small_dinov3_convnext mean 4 64
train dinov2_vits14 lc 2 56
train dinov2_vits14_reg lc 2 56
train small_swin logits 3 40
train small_swin pooled 3 24
train small_dinov2 last4 3 16
train small_dinov3 cls+mean 3 16
train small_vit fc_norm 3 16
train small_uni2 cls+mean 3 16
train small_clip cls 3 16
train small_dinov2 cls+mean 3 12x8
train small_dinov3 mean 3 16x8
train small_dinov2 cls+mean 3 8x20
train small_dinov3 mean 3 8x16
train small_vit fc_norm 3 8x20
train small_siglip mean 3 16x12
train small_swin pooled 2 20x32
train small_siglip pooled 3 16
train small_siglip mean 3 16
watched small_dinov2 last4 2 16
watched small_dinov2 cls+mean 2 8x20
watched small_dinov3 mean 2 16
watched small_vit fc_norm 2 16
watched small_vit cls 2 12x8
watched small_uni2 cls+mean 2 16
watched small_clip cls 2 8x20
watched small_siglip pooled 2 16
watched small_siglip mean 2 12x8
bfloat16 resnet18 logits 4 64
bfloat16 small_convnext logits 4 64
bfloat16 small_convnext pooled 4 64
bfloat16 vgg11_bn pooled 2 64
bfloat16 swin_t logits 2 64
bfloat16 dinov2_vits14 lc 2 56
EOT
"$PYTHON3" "$abs_srcdir/tests/lib/backbone.py" "$run_it" <cases >results 2>log
grep -q . results || fail 'the references' log
while IFS='	' read -r result case found; do
	case $result in
	ok) pass "$case: as the reference ($found)" ;;
	skip) skip "$case: as the reference" "$found" ;;
	*) echo "$found" | cat - log >why
	   fail "$case: as the reference" why ;;
	esac
done <results

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
any_threads -bfloat16 small_convnext logits 4 64
any_threads -bfloat16 swin_t logits 2 64
any_threads -bfloat16 dinov2_vits14 lc 2 56
any_threads vgg16 penultimate 2 64
any_threads resnet18 logits 4 224
# The last maps have one pixel.
any_threads resnet18 logits 3 32
any_threads resnet50 logits 3 128
any_threads resnext50_32x4d logits 3 64
any_threads densenet121 logits 3 128
any_threads efficientnet_b0 logits 4 64
any_threads mobilenet_v3_large logits 4 64
any_threads swin_t logits 3 96
any_threads convnext_tiny logits 3 96
any_threads small_convnext pooled 4 224
any_threads small_dinov3_convnext cls+mean 3 128
any_threads dinov2_vits14 lc 4 112
any_threads dinov2_vits14_reg lc 4 112
any_threads dinov3_vits16plus cls 4 112
any_threads small_siglip pooled 4 112

run "$run_it" features vgg17 logits 1 224
ok "an unknown backbone is refused, and where the names stand is said" \
    grep -q '^backbone_run: unknown backbone "vgg17": mc-embed --list ' err
run "$run_it" features vgg16 cls 1 224
ok "unknown features are refused with the names there are" \
    grep -q 'vgg16 has no features "cls"; its features are: penultimate, ' err
run "$run_it" features dinov2_vits14 cls 1 225
ok "a side that is no multiple of 14 is refused" \
    grep -q 'dinov2_vits14 cannot take images of 225 x 225' err
run "$run_it" features dinov2_vits14 cls 1 224x225
ok "and a width alone" \
    grep -q 'dinov2_vits14 cannot take images of 225 x 224' err
run "$run_it" features dinov2_vits14 cls 1 225x224
ok "and a height alone" \
    grep -q 'dinov2_vits14 cannot take images of 224 x 225' err

done_testing
