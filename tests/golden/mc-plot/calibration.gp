set terminal svg size 244,358 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 358.
set style line 1 lc rgb '#0072B2' lw 1.1 dt solid pt 7 ps 0.5
set style line 2 lc rgb '#D55E00' lw 1.1 dt (9,4) pt 5 ps 0.5
set style line 3 lc rgb '#009E73' lw 1.1 dt (2,3) pt 9 ps 0.5
set style line 101 lc rgb '#707070' lw 0.75 dt (8,6)
set style line 102 lc rgb '#D8D8D8' lw 0.5 dt solid
set style line 103 lc rgb '#000000' lw 0.75 dt solid
set style line 104 lc rgb '#000000' lw 2.5 dt solid
set key off
set tics in
$d1 << EOD
# 'm0'
EOD
$d2 << EOD
# 'm1'
EOD
$d3 << EOD
# 'm2'
EOD
$d4 << EOD
# 'images by bin'
EOD
$d5 << EOD
# 'images by bin'
EOD
$d6 << EOD
# 'images by bin'
EOD
set multiplot

set lmargin at screen 30.45/W
set rmargin at screen 236.49/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-212.04/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:1]
unset logscale y
set ytics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:(valid(3)?$2:NaN):3:4 with yerrorbars ls 1 dt solid lw 0.75, \
     $d2 using 1:(valid(3)?$2:NaN):3:4 with yerrorbars ls 2 dt solid lw 0.75, \
     $d3 using 1:(valid(3)?$2:NaN):3:4 with yerrorbars ls 3 dt solid lw 0.75, \
     x with lines ls 101, \
     $d1 using 1:2 with lines ls 1, \
     $d1 using 1:2 every 1::0 with points ls 1, \
     $d2 using 1:2 with lines ls 2, \
     $d2 using 1:2 every 1::0 with points ls 2, \
     $d3 using 1:2 with lines ls 3, \
     $d3 using 1:2 every 1::0 with points ls 3

set lmargin at screen 30.45/W
set rmargin at screen 236.49/W
set tmargin at screen 1-221.04/H
set bmargin at screen 1-262.04/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:20]
unset logscale y
set ytics 0,10,20.00001 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d4 using 1:2 with steps ls 1, \
     $d5 using 1:2 with steps ls 2, \
     $d6 using 1:2 with steps ls 3

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
set label 1 'Observed proportion' at 7.50,109.02 center rotate by 90
set label 2 'Mean predicted probability' at 133.47,280.04 center
set label 3 'Images' at 9.69,241.54 center rotate by 90
set arrow 1 from 34.57,13.50 to 54.59,13.50 nohead ls 1
set label 4 '' at 44.58,13.50 point ls 1
set label 5 'm0' at 59.59,13.50 left
set arrow 2 from 34.57,23.50 to 54.59,23.50 nohead ls 2
set label 6 '' at 44.58,23.50 point ls 2
set label 7 'm1' at 59.59,23.50 left
set arrow 3 from 34.57,33.50 to 54.59,33.50 nohead ls 3
set label 8 '' at 44.58,33.50 point ls 3
set label 9 'm2' at 59.59,33.50 left
set arrow 4 from 34.57,43.50 to 54.59,43.50 nohead ls 101
set label 10 'Perfect calibration' at 59.59,43.50 left
set label 11 'Bars: interval of each bin. Confidence level: 95 %. Interval method:' at 2.50,298.04 left font 'Helvetica,7'
set label 12 'Clopper-Pearson, percentile. Replicates: 399. Resampling seed: 1.' at 2.50,306.79 left font 'Helvetica,7'
set label 13 'Resampling unit: group. Size: t1 (test) 120 images of 30 groups.' at 2.50,315.54 left font 'Helvetica,7'
set label 14 '(Nearly) all replicates are equal: Clopper-Pearson on 6 to 8 units (7' at 2.50,324.29 left font 'Helvetica,7'
set label 15 'of 45 points). Undefined in 1 to 16 of 399 replicates (14 of 45' at 2.50,333.04 left font 'Helvetica,7'
set label 16 'points). No interval: too few replicates remain (14 of 45 points).' at 2.50,341.79 left font 'Helvetica,7'
set label 17 'Few units: interval may be too narrow (24 of 45 points).' at 2.50,350.54 left font 'Helvetica,7'
plot NaN
unset multiplot
