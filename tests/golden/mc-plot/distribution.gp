set terminal svg size 244,254 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 254.
set style line 1 lc rgb '#0072B2' lw 1.1 dt solid pt 7 ps 0.5
set style line 2 lc rgb '#D55E00' lw 1.1 dt (9,4) pt 5 ps 0.5
set style line 101 lc rgb '#707070' lw 0.75 dt (8,6)
set style line 102 lc rgb '#D8D8D8' lw 0.5 dt solid
set style line 103 lc rgb '#000000' lw 0.75 dt solid
set style line 104 lc rgb '#000000' lw 2.5 dt solid
set key off
set tics in
$d1 << EOD
# 'sick (n = 40)'
EOD
$d2 << EOD
# 'Other labels (n = 80)'
EOD
$d3 << EOD
# 'sick (n = 40)'
EOD
$d4 << EOD
# 'Other labels (n = 80)'
EOD
$d5 << EOD
# 'sick (n = 40)'
EOD
$d6 << EOD
# 'Other labels (n = 80)'
EOD
set multiplot

set lmargin at screen 44.83/W
set rmargin at screen 126.25/W
set tmargin at screen 1-15.00/H
set bmargin at screen 1-65.48/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:0.2]
unset logscale y
set ytics 0,0.05,0.20000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:2 with fillsteps fc rgb '#0072B2' fs transparent solid 0.18 noborder, \
     $d2 using 1:2 with fillsteps fc rgb '#D55E00' fs transparent solid 0.18 noborder, \
     $d1 using 1:2 with steps ls 1, \
     $d2 using 1:2 with steps ls 2

set lmargin at screen 155.08/W
set rmargin at screen 236.49/W
set tmargin at screen 1-15.00/H
set bmargin at screen 1-65.48/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:0.2]
unset logscale y
set ytics 0,0.05,0.20000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d3 using 1:2 with fillsteps fc rgb '#0072B2' fs transparent solid 0.18 noborder, \
     $d4 using 1:2 with fillsteps fc rgb '#D55E00' fs transparent solid 0.18 noborder, \
     $d3 using 1:2 with steps ls 1, \
     $d4 using 1:2 with steps ls 2

set lmargin at screen 44.83/W
set rmargin at screen 126.25/W
set tmargin at screen 1-117.48/H
set bmargin at screen 1-167.95/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:0.2]
unset logscale y
set ytics 0,0.05,0.20000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d5 using 1:2 with fillsteps fc rgb '#0072B2' fs transparent solid 0.18 noborder, \
     $d6 using 1:2 with fillsteps fc rgb '#D55E00' fs transparent solid 0.18 noborder, \
     $d5 using 1:2 with steps ls 1, \
     $d6 using 1:2 with steps ls 2

# What is on the page beside the panels.
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 1
set bmargin at screen 0
unset border
unset tics
unset grid
unset logscale
set xrange [0:W]
set yrange [H:0]
set label 1 'Share of' at 7.50,40.24 center rotate by 90
set label 2 'images' at 17.50,40.24 center rotate by 90
set label 3 'm0' at 44.83,7.50 left font 'Helvetica:Bold,8'
set label 4 'Predicted probability of' at 193.88,83.48 center
set label 5 'sick' at 193.88,93.48 center
set label 6 'm1' at 155.08,7.50 left font 'Helvetica:Bold,8'
set label 7 'Predicted probability of' at 85.54,185.95 center
set label 8 'sick' at 85.54,195.95 center
set label 9 'Share of' at 7.50,142.71 center rotate by 90
set label 10 'images' at 17.50,142.71 center rotate by 90
set label 11 'm2' at 44.83,109.98 left font 'Helvetica:Bold,8'
set arrow 1 from 44.83,213.95 to 64.85,213.95 nohead ls 1
set label 12 'sick (n = 40)' at 69.85,213.95 left
set arrow 2 from 44.83,223.95 to 64.85,223.95 nohead ls 2
set label 13 'Other labels (n = 80)' at 69.85,223.95 left
set label 14 'Share of the images of a label in each bin of probability. Size: t1' at 2.50,237.95 left font 'Helvetica,7'
set label 15 '(test) 120 images of 30 groups.' at 2.50,246.70 left font 'Helvetica,7'
plot NaN
unset multiplot
