#!/bin/sh
# relocatable.sh - run what `make relocatable` made in a Debian that has none of its
# libraries, as a user who is not root, in a folder with a blank in its name: from
# images and from DICOM to the tables, a sheet, maps and a report.
#
# usage: relocatable.sh TAR [RELEASE]		Debian 12 unless another is named
set -eu

tar=$1 release=${2:-bookworm}
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || :; rm -rf "$root"' EXIT
debootstrap --variant=minbase "$release" "$root" >/dev/null
chmod 755 "$root"
mount -t proc proc "$root/proc"
mkdir -p "$root/home/a user"
tar -xJf "$tar" -C "$root/home/a user" --no-same-owner
cat >"$root/home/a user/try" <<'END'
set -eux
cd "/home/a user"
eval "$(./mctools-*/bin/mctools-env)"
mc-phantom -q --task chest --patients 20 -o images
mc-index -q --group 'patient[0-9]+' images |
    mc-split -q --ratio train=60,val=20,test=20 -o manifest.tsv
mc-pack -q -o images.tar manifest.tsv
for model in resnet18 dinov2_vits14; do
	mc-train -q --backbone $model --weights random --regime finetune \
	    --resize 70 --crop 70 --epochs 1 --threads 1 -o $model.tar images.tar
	mc-predict -q --model $model.tar -o $model.tsv images.tar
done
mc-bootstrap -q -o metrics.tsv resnet18.tsv dinov2_vits14.tsv
mc-compare -q -o differences.tsv resnet18.tsv dinov2_vits14.tsv
mc-tex --differences differences.tsv --format markdown metrics.tsv
mc-montage -q --predictions resnet18.tsv -o sheet.png images.tar
mc-explain -q --model resnet18.tar -o maps.tar images.tar
mc-report -q --manifest manifest.tsv --metrics metrics.tsv -o report.html resnet18.tar
mc-phantom -q --task chest --patients 3 --dicom -o scans
mc-index -q scans >scans.tsv
mc-pack -q -o scans.tar scans.tsv
mc-weights list | head -n 2
mc-slurm --version
set +x
echo "relocatable: all of it ran"
END
chown -R 1000:1000 "$root/home/a user"
chroot --userspec=1000:1000 "$root" env HOME="/home/a user" sh "/home/a user/try"
