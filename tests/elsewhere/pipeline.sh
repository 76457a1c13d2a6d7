#!/bin/sh
# pipeline.sh - the installed programs, from synthetic images and from DICOM to the
# tables, a sheet, maps and a report, in the present folder.  The networks have random
# weights and one epoch: this shows that everything runs, in a minute or two.
set -eux

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
mc-plot -q -o forest.pdf metrics.tsv
mc-montage -q --predictions resnet18.tsv -o sheet.png images.tar
mc-explain -q --model resnet18.tar -o maps.tar images.tar
mc-report -q --manifest manifest.tsv --metrics metrics.tsv --figure metrics.tsv \
    -o report.html resnet18.tar
mc-phantom -q --task chest --patients 3 --dicom -o scans
mc-index -q scans >scans.tsv
mc-pack -q -o scans.tar scans.tsv
mc-weights list | head -n 2
mc-slurm --version
