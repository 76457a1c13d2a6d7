#!/bin/sh
# The EXAMPLES of every manual page run, block by block, as they stand there, in
# a folder that holds what they name.  A leading "$ " is a prompt.  Those of a
# page that the program's own test names are run there, on tables of its own.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

{
	mkdir fixture && cd fixture &&
	make_images 36 &&
	mc-pack -q -o images.tar manifest.tsv &&
	mc-train -q --backbone resnet18 --weights random --regime finetune \
	    --resize 36 --crop 32 --epochs 1 -o model.tar images.tar &&
	mc-predict -q --model model.tar images.tar |
	    sed 's,OPACITY\([^/]\|$\),sick\1,g' >predictions.tsv &&
	mc-bootstrap -q -o metrics.tsv predictions.tsv &&
	tar -xOf model.tar backbone.safetensors >checkpoint.pth &&
	cp checkpoint.pth model.safetensors &&
	mkdir -p cache/hub/checkpoints &&
	cp checkpoint.pth cache/hub/checkpoints/resnet18-f37072fd.pth &&
	mkdir -p chest_xray/train/NORMAL chest_xray/train/PNEUMONIA \
	    HAM10000_images_part_1 HAM10000_images_part_2 &&
	echo lesion_id,image_id,dx,dx_type,age,sex,localization \
	    >HAM10000_metadata.csv &&
	n=0 &&
	for f in images/*/*.png; do
		n=$((n + 1))
		case $f in
		*/NORMAL/*) to=chest_xray/train/NORMAL/IM-$n-0001.jpeg ;;
		*) to=chest_xray/train/PNEUMONIA/person${n}_virus_$n.jpeg ;;
		esac
		cp "$f" "$to" &&
		cp "$f" HAM10000_images_part_$((1 + n % 2))/ISIC_$n.jpg &&
		echo HAM_$((n / 2)),ISIC_$n,nv,histo,50.0,male,back \
		    >>HAM10000_metadata.csv
	done &&
	mkdir -p CheXpert-v1.0-small/train bin &&
	five='Atelectasis,Cardiomegaly,Consolidation,Edema,Pleural Effusion' &&
	echo "Path,Sex,$five" >train.csv &&
	echo 'Image Index,Finding Labels,Patient ID' >Data_Entry_2017.csv &&
	n=0 &&
	for f in images/*/*.png; do
		n=$((n + 1)) p=$((n / 2)) &&
		set -- $((n % 2)) $((n % 3 - 1)) $((n / 2 % 2)) $((n / 3 % 2)) &&
		mkdir -p CheXpert-v1.0-small/train/patient$p/study$n &&
		to=CheXpert-v1.0-small/train/patient$p/study$n/view1.jpg &&
		cp "$f" $to && echo "$to,Male,$1,$2,$3,$4,$((n / 5 % 2))" >>train.csv &&
		case $1$3 in
		00) label='No Finding' ;;
		01) label=Mass ;;
		10) label=Effusion ;;
		11) label='Effusion|Mass' ;;
		esac &&
		echo "${f##*/},$label,$p" >>Data_Entry_2017.csv
	done &&
	mc-index -q --join Data_Entry_2017.csv --key 'Image Index' --multilabel \
	    --label 'Finding Labels' --group-column 'Patient ID' images |
	    mc-split -q --multilabel --ratio train=60,val=20,test=20 |
	    mc-pack -o nih.tar &&
	mc-train -q --multilabel --backbone resnet18 --weights random \
	    --regime finetune --resize 36 --crop 32 --epochs 1 --task chest \
	    -o findings.tar nih.tar &&
	cat >bin/mc-train <<-END &&
		#!/bin/sh
		# The examples with findings take hours as they are.
		case " \$* " in
		*" --multilabel "*)
			set -- "\$@" --weights random --resize 36 --crop 32 --epochs 1 ;;
		esac
		exec '$(command -v mc-train)' "\$@"
	END
	chmod +x bin/mc-train &&
	cd ..
} >fixture.log 2>&1 || { cat fixture.log; echo 'Bail out! no fixture'; exit 99; }

for page in "$abs_srcdir"/man/*.1; do
	name=$(basename "$page" .1)
	! grep -qs "man/$name\.1" "$abs_srcdir/tests/cmd/$name.sh" || continue
	rm -rf run block.*
	cp -r fixture run
	awk '
	/^\.Sh/ { on = /^\.Sh EXAMPLES/; next }
	on && /^\.Bd/ { block = sprintf("block.%d", ++n); printf "" >block; next }
	on && /^\.Ed/ { close(block); block = ""; next }
	on && block != "" {
		sub(/^\$ /, "")
		gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\e/, "\\")
		print >block
	}' "$page"
	n=0
	while n=$((n + 1)) && [ -e block.$n ]; do
		(cd run && PATH=$PWD/bin:$PATH &&
		    TORCH_HOME=$PWD/cache sh -eu ../block.$n) >log 2>&1
		rc=$?
		cat block.$n >>log
		if [ $rc -eq 0 ] && ! grep -q "^$name: .*\(No such file\|no column\)" log
		then pass "$name: example $n runs"
		else fail "$name: example $n runs" log; fi
	done
	ok "$name has examples" test -e block.1
done

done_testing
