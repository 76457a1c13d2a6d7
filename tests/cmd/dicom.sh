#!/bin/sh
# DICOM: pixels against pydicom and GDCM, what a header gives a manifest, and files
# that are damaged or hostile.
. "$abs_srcdir/tests/tap.sh"

if grep -q '^with_dcmtk = no' "$abs_builddir/Makefile"; then
	skip 'all' 'built without DCMTK'
	done_testing
	exit
fi
if ! "$PYTHON3" -c 'import gdcm, numpy, PIL, pydicom' 2>/dev/null; then
	skip 'all' 'python3-pydicom or python3-gdcm is missing'
	done_testing
	exit
fi
peer=$abs_srcdir/tests/cmd/dicom_peer.py

# The manifest of FILES: their names are the ids.
list() {
	printf 'id\tpath\n'
	for f; do
		name=${f##*/}
		printf '%s\t%s\n' "${name%.dcm}" "$f"
	done
}

# What the peer says of FILES under WINDOW, but for those that are equal.
compare() {
	window=$1
	shift
	list "$@" >m.tsv
	mc-pack -q --skip-bad --window "$window" -o t.tar m.tsv 2>/dev/null
	"$PYTHON3" "$peer" "$window" t.tar "$@" 2>peer.err >said
	grep -c ^equal said >equal
	grep -v '^equal' said | sort
}

mkdir made
ok 'files are made' "$PYTHON3" "$abs_srcdir/tests/cmd/dicom_make.py" made
# What pydicom does not do is compared below.
ls made/*.dcm | grep -v 'partial\|odd\|enhanced\|shared\|indirect16' >whole
n=$(grep -c . whole)
for window in file auto bits 40,400; do
	# shellcheck disable=SC2046
	compare $window $(cat whole) >differ
	is_file differ "$window: pixels as pydicom's" </dev/null
	is_file equal "$window: all of them" <<-END
		$n
	END
done

# --- --depth 16 ---
list made/signed.dcm made/inverted.dcm made/slope.dcm made/rgb.dcm >m.tsv
run mc-pack --depth 16 -o t.tar m.tsv
is_rc 0 '--depth 16'
tar -xOf t.tar __manifest__ | cut -f 1,3-5 >columns
is_file columns 'the line from samples to values' <<'END'
id	bits	value_slope	value_intercept
signed	16	1	-32768
inverted	12	-1	4095
slope	12	-0.5	1027.25
rgb			
END
tar -xf t.tar
ok 'values come back' "$PYTHON3" - <<'END'
import numpy as np, pydicom
from PIL import Image
from pydicom.pixel_data_handlers.util import apply_modality_lut
for line in open("columns").read().splitlines()[1:4]:
    name, bits, slope, intercept = line.split("\t")
    d = pydicom.dcmread(f"made/{name}.dcm")
    png = np.asarray(Image.open(name + ".png")).astype(float)
    assert (png * float(slope) + float(intercept)
            == apply_modality_lut(d.pixel_array, d)).all(), name
END

# --- What pydicom does not do: functional groups, colours, offsets in bytes ---
for f in enhanced shared; do
	printf 'id\tpath\n'
	n=$(test $f = shared && echo 2 || echo 3)
	for i in $(seq $n); do
		printf '%s%s\tmade/%s.dcm#frame=%s\n' $f $i $f $i
	done
done | awk 'NR == 1 || $1 != "id"' >m.tsv
mkdir eight sixteen
run mc-pack -o t.tar m.tsv
is_rc 0 'frames of enhanced files'
tar -C eight -xf t.tar
run mc-pack --depth 16 -o t.tar m.tsv
is_rc 0 '... with --depth 16'
tar -C sixteen -xf t.tar
tar -xOf t.tar __manifest__ | cut -f 1,3-5 >columns
is_file columns 'each has its own line' <<'END'
id	bits	value_slope	value_intercept
enhanced1	12	1	-1024
enhanced2	12	2	-924
enhanced3	12	3	-824
shared1	12	2	-924
shared2	12	2	-924
END
ok 'each has its own window, and its values' "$PYTHON3" - <<'END'
import numpy as np, pydicom
from PIL import Image
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut
for row in open("columns").read().splitlines()[1:]:
    name, bits, slope, intercept = row.split("\t")
    d = pydicom.dcmread(f"made/{name[:-1]}.dcm")
    i = int(name[-1]) - 1
    group = d.PerFrameFunctionalGroupsSequence[i] if name[0] == "e" else \
        d.SharedFunctionalGroupsSequence[0]
    d.update(group.PixelValueTransformationSequence[0])
    d.update(group.FrameVOILUTSequence[0])
    values = apply_modality_lut(d.pixel_array[i], d)
    low, high = (x * d.RescaleSlope + d.RescaleIntercept for x in (0, 4095))
    x = (apply_voi_lut(values, d) - low) / (high - low)
    got = np.asarray(Image.open(f"eight/{name}.png"))
    assert (got == np.floor(np.clip(x, 0, 1) * 255 + .5)).all(), name
    assert 0 < got.mean() < 255, name
    got = np.asarray(Image.open(f"sixteen/{name}.png")).astype(float)
    assert (got * float(slope) + float(intercept) == values).all(), name
END
printf 'id\tpath\npartial\tmade/partial.dcm\nindirect\tmade/indirect16.dcm\n' >m.tsv
run mc-pack -o t.tar m.tsv
is_rc 0 'colours'
tar -xf t.tar
ok 'are those of the formulas of the standard' "$PYTHON3" - <<'END'
import numpy as np
from PIL import Image
ramp = np.arange(32 * 40).reshape(32, 40)
color = np.stack([ramp % 256, ramp // 5 % 256, 255 - ramp % 256], -1)
off = np.abs(np.asarray(Image.open("partial.png")).astype(int)
             - np.repeat(color[:, ::2], 2, 1))
assert off.max() <= 2, off.max()
line = lambda a, b, n: [round(a + (b - a) * i / n) for i in range(1, n + 1)]
lut = [0, 300, 65535] + line(65535, 7, 126)
lut += line(7, 7, 126) + [5]
want = np.floor(np.array(lut)[ramp % 200] / 65535 * 255 + .5)
got = np.asarray(Image.open("indirect.png").convert("RGB"))
assert (got == want[..., None]).all()
END
"$PYTHON3" - <<'END'
import pydicom
d = pydicom.dcmread("made/segments8.dcm")
whole = bytes(d.SegmentedRedPaletteColorLookupTableData)
for i, data in enumerate((whole[:20], b"\1\5\7" + whole, b"\3" + whole[1:],
                          whole[:13] + bytes([2, 3, 13, 0, 0, 0]),
                          whole[:13] + bytes([2, 255, 7, 0, 0, 0]))):
    d.SegmentedRedPaletteColorLookupTableData = data + b"\0" * (len(data) % 2)
    d.save_as(f"segments{i}.dcm")
END
for i in 0 1 2 3 4; do
	list segments$i.dcm >m.tsv
	run mc-pack -o t.tar m.tsv
	fails 1 "mc-pack: m.tsv:2: segments$i.dcm: its palette is missing or damaged (--skip-bad leaves such images out)" \
	    "segments that are damaged: $i"
done

# An indirect segment of two, the last of which is the only one.
"$PYTHON3" - <<'END'
import pydicom
d = pydicom.dcmread("made/segments8.dcm")
whole = bytes(d.SegmentedRedPaletteColorLookupTableData)
d.SegmentedRedPaletteColorLookupTableData = \
    whole[:13] + bytes([2, 2, 19, 0, 0, 0, 1, 65, 99])
d.save_as("beyond.dcm")
END
list beyond.dcm >m.tsv
run mc-pack -o t.tar m.tsv
fails 1 "mc-pack: m.tsv:2: beyond.dcm: its palette is missing or damaged (--skip-bad leaves such images out)" \
    'an indirect segment of more segments than follow'
list made/odd.dcm >m.tsv
run mc-pack -o t.tar m.tsv
fails 1 'mc-pack: m.tsv:2: made/odd.dcm: an odd number of columns, of which two share their colour (YCbCr 4:2:2) (--skip-bad leaves such images out)' \
    'pairs of pixels in an odd number of columns'
"$PYTHON3" - <<'END'
import pydicom
from pydicom.uid import ExplicitVRLittleEndian
d = pydicom.dcmread("made/padded.dcm")
d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
d.is_implicit_VR = False
for word, value in ("PixelPaddingValue", -500), ("PixelPaddingRangeLimit", -300):
    tag = pydicom.datadict.tag_for_keyword(word)
    d[tag] = pydicom.DataElement(tag, "US", value + 65536)
d.save_as("unsigned.dcm")
END
list made/padded.dcm unsigned.dcm >m.tsv
run mc-pack -o t.tar m.tsv
tar -xf t.tar
ok 'padding whose VR is US has the sign of the samples' cmp unsigned.png padded.png
list made/padded_lut.dcm >m.tsv
run mc-pack --depth 16 -o t.tar m.tsv
is_rc 0 'padding before a modality LUT with --depth 16'
tar -xf t.tar
ok '... is the lowest level, beside the levels of the LUT' "$PYTHON3" - <<'END'
import numpy as np, pydicom
from PIL import Image
from pydicom.pixel_data_handlers.util import apply_modality_lut
d = pydicom.dcmread("made/padded_lut.dcm")
p = d.pixel_array
want = np.where((p >= 300) & (p <= 600), 0, apply_modality_lut(p, d))
assert (np.asarray(Image.open("padded_lut.png")) == want).all()
END

# --- Frames ---
printf 'id\tpath\n1\tmade/frames.dcm#frame=1\n3\tmade/frames.dcm#frame=3\n' >m.tsv
run mc-pack -o t.tar m.tsv
is_rc 0 'frames by their addresses'
is_file err 'are no reason to warn' </dev/null
tar -xf t.tar
ok 'the third is not the first' "$PYTHON3" - <<'END'
import numpy as np
from PIL import Image
one, three = (np.asarray(Image.open(x + ".png")).astype(int) for x in "13")
assert one.max() > 200 and abs(one / 2 - three).max() <= 1
END
printf 'id\tpath\nx\tmade/frames.dcm#frame=4\n' >m.tsv
run mc-pack -o t.tar m.tsv
is_rc 1 'a frame that is not there'
is_file err 'is refused' <<'END'
mc-pack: m.tsv:2: made/frames.dcm#frame=4: no frame 4: it has 3 (--skip-bad leaves such images out)
END
printf 'id\tpath\nx\tmade/frames.dcm\n' >m.tsv
run mc-pack -o t.tar m.tsv
is_file err 'frames that are not used' <<'END'
mc-pack: 1 image has several pages or frames, of which the first is used: made/frames.dcm
END

# --- Damaged and hostile files: a line each, in bounded time and memory ---
mkdir bad
ok 'they are made' "$PYTHON3" - <<'END'
import struct
whole = open("made/plain.dcm", "rb").read()
open("bad/cut.dcm", "wb").write(whole[:-100])
open("bad/header.dcm", "wb").write(whole[:200])
rows = whole.index(b"\x28\x00\x10\x00US\x02\x00")
for name, value in ("none", 0), ("many", 65535):
    b = bytearray(whole)
    b[rows + 8:rows + 10] = struct.pack("<H", value)
    if value:
        b[rows + 18:rows + 20] = struct.pack("<H", value)
    open(f"bad/{name}.dcm", "wb").write(b)
b = bytearray(whole)
at = whole.rindex(b"\xe0\x7f\x10\x00")
b[at + 8:at + 12] = struct.pack("<I", 0xFFFFFFF0)
open("bad/length.dcm", "wb").write(b)
start = whole.index(b"\x08\x00\x16\x00")
deep = (b"\x08\x00\x40\x11SQ\0\0" + b"\xff" * 4 +
        b"\xfe\xff\x00\xe0" + b"\xff" * 4) * 100000
open("bad/deep.dcm", "wb").write(whole[:start] + deep + whole[start:])
implicit = open("made/implicit.dcm", "rb").read()
start = implicit.index(b"\x08\x00\x16\x00")
deep = (b"\x08\x00\x40\x11" + b"\xff" * 4 + b"\xfe\xff\x00\xe0" +
        b"\xff" * 4) * 100000
open("bad/deep_implicit.dcm", "wb").write(
    implicit[:start] + deep + implicit[start:])
# VR UN, whose value is little-endian also in a big-endian file.
big = open("made/big.dcm", "rb").read()
start = big.index(b"\x00\x08\x00\x16")
item = b"\xfe\xff\x00\xe0"
deep = item + struct.pack("<I", len(deep)) + deep
open("bad/deep_unknown.dcm", "wb").write(big[:start] + b"\x00\x08\x11\x40UN\0\0"
    + struct.pack(">I", len(deep)) + deep + big[start:])
END

# --- mc-index ---
mkdir tags
"$PYTHON3" - <<'END'
import pydicom
from pydicom.uid import JPEGLSLossless, JPEGLSNearLossless
def save(name, **values):
    d = pydicom.dcmread("made/plain.dcm")
    for word, value in values.items():
        setattr(d, word, value)
    d.save_as(f"tags/{name}.dcm")
save("weeks", PatientAge="999W")
save("days", PatientAge="995D")
for name, syntax in (("near", JPEGLSNearLossless), ("same", JPEGLSLossless)):
    d = pydicom.dcmread("made/plain.dcm")
    d.file_meta.TransferSyntaxUID = syntax
    d.PixelData = pydicom.encaps.encapsulate([b"\xff\xd8\xff\xd9"])
    d["PixelData"].is_undefined_length = True
    d.save_as(f"tags/{name}.dcm")
d = pydicom.dcmread("made/plain.dcm")
del d.SOPClassUID, d.PixelData, d.Rows, d.Columns
d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
d.save_as("tags/report.dcm")
END
run mc-index --keep-ids tags
cut -f 1,15,18 out >fields
is_file fields 'ages in Gregorian years, and JPEG-LS that has a loss' <<'END'
id	age	lossy
days	2.72	0
near		1
same		0
weeks	19.15	0
END
ok 'the class in the meta header' grep -q '^mc-index: 1 DICOM file skipped: a structured report, no image: tags/report.dcm$' err
mkdir -p ix/A ix/B
cp made/plain.dcm made/frames.dcm ix/A
cp made/rgb.dcm bad/header.dcm bad/deep.dcm ix/B
"$PYTHON3" - <<'END'
import pydicom
d = pydicom.dcmread("made/plain.dcm")
d.PatientID, d.PatientAge, d.PatientSex = "Zoe\u0301 %", "018M", "F"
d.SpecificCharacterSet = "ISO_IR 192"
d.StudyInstanceUID, d.SeriesInstanceUID = "1.2", "1.3"
d.Manufacturer, d.ManufacturerModelName = "ACME ", "One"
d.ImageLaterality, d.ViewPosition, d.Modality = "L", "MLO", "MG"
d.BurnedInAnnotation, d.LossyImageCompression = "YES", "01"
d.save_as("ix/B/full.dcm")
# GDCM writes the VR UN for what it has not parsed.
u = pydicom.dcmread("made/plain.dcm")
for word, text in (("SOPClassUID", "1.2.840.10008.5.1.4.1.1.2\0"),
        ("PatientID", "ID 8"), ("Modality", "CT"), ("PatientSex", "O "),
        ("Manufacturer", "Made by us")):
    tag = pydicom.datadict.tag_for_keyword(word)
    u[tag] = pydicom.DataElement(tag, "UN", text.encode())
u.save_as("ix/B/unknown.dcm")
u["SOPClassUID"].value = b"1.2.840.10008.5.1.4.1.1.481.2\0"
u.save_as("ix/B/unknown_dose.dcm")
del d.PixelData, d.Rows, d.Columns
d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = \
    "1.2.840.10008.5.1.4.1.1.88.11"
d.save_as("ix/B/report.dcm")
END
run mc-index --keep-ids --frames every:2 ix
is_rc 0 'mc-index'
cut -f 1-5,7- out >fields
is_file fields 'what the headers say' <<'END'
id	path	label	group	split	patient	study	series	laterality	view	modality	scanner	sex	age	frames	burned_in	lossy
A/frames/frame1	ix/A/frames.dcm#frame=1	A	ID 7		ID 7					OT				3	0	0
A/frames/frame3	ix/A/frames.dcm#frame=3	A	ID 7		ID 7					OT				3	0	0
A/plain	ix/A/plain.dcm	A	ID 7		ID 7					OT				1	0	0
B/full	ix/B/full.dcm	B	Zoe%CC%81 %25		Zoe%CC%81 %25	1.2	1.3	L	MLO	MG	ACME One	F	1.50	1	1	1
B/rgb	ix/B/rgb.dcm	B	ID 7		ID 7					OT				1	0	0
B/unknown	ix/B/unknown.dcm	B	ID 8		ID 8					CT	Made by us	O		1	0	0
END
awk '/^\.S[sh] / { on = $0 == ".Ss Columns of DICOM"; next }
	on && /^\.It / { gsub(",", ""); for (i = 2; i <= NF; i++) print $i }' \
    "$abs_srcdir/man/mctools.5" >named
head -n 1 fields | cut -f 6- | tr '\t' '\n' >written
ok 'mctools(5) describes the columns of DICOM' diff written named
grep 'DICOM files* skipped' err >skipped
is_file skipped 'what is left out' <<'END'
mc-index: 2 DICOM files skipped: ix/B/deep.dcm: damaged DICOM: more than 64 sequences in each other, or more than 1 GiB when inflated and others
mc-index: 1 DICOM file skipped: a structured report, no image: ix/B/report.dcm
mc-index: 1 DICOM file skipped: a dose (RT), no image: ix/B/unknown_dose.dcm
END
ok 'and counted' grep -q '; skipped 4: DICOM without an image 2, damaged DICOM 2$' err
run mc-index -q -v --keep-ids ix
sed -n 's/: damaged DICOM: .*/: damaged DICOM/; s/^mc-index: skipped/skipped/p' err >skipped
is_file skipped '-v lists every file' <<'END'
skipped: ix/B/deep.dcm: damaged DICOM
skipped: ix/B/header.dcm: damaged DICOM
skipped: ix/B/report.dcm: DICOM without an image: a structured report
skipped: ix/B/unknown_dose.dcm: DICOM without an image: a dose (RT)
END
printf '0123456789abcdef' >key
run mc-index -q --id-key key ix
ok 'patients are hashed as Python does' "$PYTHON3" - <<'END'
import csv, hmac
rows = list(csv.DictReader(open("out"), delimiter="\t"))
want = hmac.digest(b"0123456789abcdef", b"ID 7", "sha256").hex()[:32]
assert rows[0]["patient"] == rows[0]["group"] == want, (rows[0], want)
assert "ID 7" not in open("out").read()
END
printf 'PatientID,diagnosis\nID 7,sick\nID 8,well\n' >patients.csv
run mc-index --id-key key --exclude full.dcm --join patients.csv \
    --key group=PatientID --label diagnosis ix
is_rc 0 'a table of patients'
cut -f 1,3 out >fields
is_file fields 'is joined by the patient, also if that is hashed' <<'END'
id	label
A/frames	sick
A/plain	sick
B/rgb	sick
B/unknown	well
END
ok 'which the table does not disclose' sh -c '! grep "ID [78]" out'
ok 'as is said' grep -q '^mc-index: patients.csv: left out, since patients are hashed (see --keep-ids): PatientID$' err
ok 'and nothing stands in clear' sh -c '! grep "in clear" err'
# Zoe with an accent, in UTF-8 in the file and the table; M\374ller in Latin-1.
"$PYTHON3" - <<'END'
import pydicom
d = pydicom.dcmread("made/plain.dcm")
d.SpecificCharacterSet, d.PatientID = "ISO_IR 100", "M\u00fcller"
import os
os.makedirs("letters", exist_ok=True)
d.save_as("letters/latin.dcm")
open("letters.csv", "w", encoding="utf-8").write(
    "PatientID,diagnosis\nM\u00fcller,sick\nZoe\u0301 %,well\nID 7,none\n")
END
cp ix/B/full.dcm ix/A/plain.dcm letters
for keep in '--id-key key' --keep-ids; do
	# shellcheck disable=SC2086
	run mc-index -q $keep --join letters.csv --key group=PatientID \
	    --label diagnosis letters
	cut -f 1,3 out >fields
	is_file fields "a patient whose id is not ASCII has a row: $keep" <<'END'
id	label
full	well
latin	sick
plain	none
END
done
printf 'PatientID,diagnosis\nID 7,sick\n' >patients.csv
run mc-index -q --id-key key --exclude full.dcm --join patients.csv \
    --key group=PatientID --label diagnosis ix
is_rc 1 'a patient without a row'
ok 'is named as in the file' grep -q 'column "PatientID" has no group "ID 8"' err
mkdir -p dicom/a/b
cp made/plain.dcm dicom/a/b
printf 'PatientID,diagnosis\nID 7,sick\n' >diagnoses.csv
awk '/^\.Bd/ { on = 1; block = ""; next }
	/^\.Ed/ { on = 0; if (block ~ /--id-key/) print block }
	on { block = block $0 "\n" }' "$abs_srcdir/man/mc-index.1" |
    sed 's/\\e$/\\/' >example
ok 'mc-index(1) has an example' test -s example
run sh -eu example
is_rc 0 '... which runs'
cut -f 1,3 out >fields
is_file fields '... and gives the label of the patient' <<'END'
id	label
a/b/plain	sick
END
mkdir -p 'clear/ID 7'
cp made/plain.dcm 'clear/ID 7/a.dcm'
printf 'name,MRN,site,patient_no\na,ID 7,x,see ID 7\n' >join.csv
run mc-index --id-key key --group 'ID [0-9]+' --group-from path \
    --join join.csv --key name clear
grep 'in clear' err >said
is_file said 'ids in clear' <<'END'
mc-index: patient, study and series are hashed, but other columns have them in clear; columns of --join: --drop MRN,patient_no; group: leave out --group or --group-column, and it is the hashed patient; id and path: rename the folders or files
END
run mc-index --id-key key --drop MRN,patient_no --join join.csv --key name clear
grep 'in clear' err >said
is_file said 'the advice helps' <<'END'
mc-index: patient, study and series are hashed, but other columns have them in clear; id and path: rename the folders or files
END
mkdir renamed
cp 'clear/ID 7/a.dcm' renamed
run mc-index --id-key key renamed
ok 'in the end there is no warning' sh -c '! grep "in clear" err'
run mc-index ix
ok 'without a key there is a warning' grep -q 'hashed without a key' err
ok 'and one about frames' grep -q '1 DICOM file has several frames' err
printf short >key
run mc-index -q --id-key key ix
is_rc 1 'a short key'
run mc-index --frames some ix
is_rc 2 '--frames some'
printf 'name,sex\nframes,x\nplain,y\nrgb,z\nfull,w\nunknown,v\n' >join.csv
run mc-index -q --keep-ids --frames all --join join.csv --key name ix
is_rc 0 'a row of metadata serves all frames'
head -n 2 out | cut -f 14- >fields
is_file fields 'and its columns precede' <<'END'
age	frames	burned_in	lossy	name	sex
	3	0	0	frames	x
END
run mc-index -q --keep-ids --frames all ix
mc-pack -q -o t.tar out
tar -tf t.tar | sed -n 2,5p >members
is_file members 'mc-pack packs it' <<'END'
A/frames/frame1.png
A/frames/frame2.png
A/frames/frame3.png
A/plain.png
END

# --- The digest ---
sha=$(sha256sum <made/rgb.dcm | cut -d ' ' -f 1)
printf 'id\tpath\tsha256\nx\tmade/rgb.dcm\t%s\n' "$sha" >m.tsv
mc-pack -o t.tar m.tsv
tar -xOf t.tar __manifest__ | tail -n 1 >row
printf 'x\tmade/rgb.dcm\t\t%s\n' "$sha" >want
is_file row 'is that of the source' <want

# --- Refusals ---
for bad in '--window 40' '--window 40,0' '--depth 12' \
    '--depth 16 --window auto' '--depth 16 --resize 64'; do
	# shellcheck disable=SC2086
	run mc-pack $bad m.tsv
	is_rc 2 "$bad"
done

for f in bad/*.dcm; do
	list "$f" >m.tsv
	# shellcheck disable=SC3045
	(ulimit -v 4000000 && exec timeout 20 mc-pack --threads 1 -o t.tar m.tsv) >out 2>err
	rc=$?
	is_rc 1 "${f##*/} is refused"
	grep -c "^mc-pack: m.tsv:2: $f: " err >lines
	is_file lines 'in one line' <<-END
		1
	END
done
list bad/deep_implicit.dcm >m.tsv
run mc-pack -o t.tar m.tsv
is_file err 'nesting is named' <<'END'
mc-pack: m.tsv:2: bad/deep_implicit.dcm: damaged DICOM: more than 64 sequences in each other, or more than 1 GiB when inflated (--skip-bad leaves such images out)
END

# --- Real files ---
real=${MC_REAL:-$abs_srcdir/../shared/real}/dicom
if [ -d "$real" ]; then
	for window in file auto bits; do
		compare $window "$real"/*.dcm | grep -v '^both refuse' >differ
		# The first breaks off in its JPEG 2000 header, and GDCM gives what
		# it finds in memory; the second says that it has explicit
		# VRs and has none; pydicom takes bytes in words of a
		# big-endian file in the wrong order, and stumbles over a frame
		# count of "1A".
		is_file differ "$window: real files as pydicom's" <<'END'
0.7037 off by 158: SC_rgb_small_odd_big_endian
mc-pack alone refuses JPEG2000-embedded-sequence-delimiter
mc-pack alone refuses SC_rgb_jpeg
pydicom alone refuses badVR
END
		grep -c . said >all
		is_file all 'all of them' <<-END
			78
		END
	done
else
	skip 'real files' 'MC_REAL is missing'
fi
done_testing
