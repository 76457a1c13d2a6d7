set terminal svg size 505,311 noenhanced font 'Latin Modern Roman,8' background '#FFFFFF' butt
set encoding utf8
W = 505.
H = 311.
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
# 'm0'
EOD
$d5 << EOD
# 'm1'
EOD
$d6 << EOD
# 'm2'
EOD
set multiplot

set lmargin at screen 30.45/W
set rmargin at screen 251.74/W
set tmargin at screen 1-15.00/H
set bmargin at screen 1-236.29/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:1]
unset logscale y
set ytics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:3:4 with filledcurves fc rgb '#0072B2' fs transparent solid 0.18 noborder, \
     $d2 using 1:3:4 with filledcurves fc rgb '#D55E00' fs transparent solid 0.18 noborder, \
     $d3 using 1:3:4 with filledcurves fc rgb '#009E73' fs transparent solid 0.18 noborder, \
     x with lines ls 101, \
     $d1 using 1:2 with lines ls 1, \
     $d2 using 1:2 with lines ls 2, \
     $d3 using 1:2 with lines ls 3

set lmargin at screen 276.20/W
set rmargin at screen 497.49/W
set tmargin at screen 1-15.00/H
set bmargin at screen 1-236.29/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:1]
unset logscale y
set ytics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d4 using 1:3:4 with filledcurves fc rgb '#0072B2' fs transparent solid 0.18 noborder, \
     $d5 using 1:3:4 with filledcurves fc rgb '#D55E00' fs transparent solid 0.18 noborder, \
     $d6 using 1:3:4 with filledcurves fc rgb '#009E73' fs transparent solid 0.18 noborder, \
     x with lines ls 101, \
     $d4 using 1:2 with lines ls 1, \
     $d5 using 1:2 with lines ls 2, \
     $d6 using 1:2 with lines ls 3

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
set label 1 '1 – specificity' at 141.10,254.29 center
set label 2 'Sensitivity' at 7.50,125.65 center rotate by 90
set label 3 't1' at 30.45,7.50 left font 'Latin Modern Roman:Bold,8'
set label 4 '1 – specificity' at 386.85,254.29 center
set label 5 't2' at 276.20,7.50 left font 'Latin Modern Roman:Bold,8'
set arrow 1 from 30.45,272.29 to 50.47,272.29 nohead ls 1
set label 6 'm0' at 55.47,272.29 left
set arrow 2 from 96.50,272.29 to 116.51,272.29 nohead ls 2
set label 7 'm1' at 121.52,272.29 left
set arrow 3 from 162.54,272.29 to 182.55,272.29 nohead ls 3
set label 8 'm2' at 187.56,272.29 left
set arrow 4 from 228.58,272.29 to 248.60,272.29 nohead ls 101
set label 9 'Chance' at 253.60,272.29 left
set label 10 'Bands: interval at each point. Confidence level: 95 %. Interval method: percentile. Replicates: 399. Resampling seed: 1. Resampling unit:' at 2.50,286.29 left font 'Latin Modern Roman,7'
set label 11 'group. Size: t1 (test) 120 images of 30 groups, t2 (test) 120 images of 30 groups. The band is pointwise: it holds at each x, not for the whole' at 2.50,295.04 left font 'Latin Modern Roman,7'
set label 12 'curve. Few units: interval may be too narrow (48 of 66 points). No interval: (nearly) all replicates are equal (18 of 66 points).' at 2.50,303.79 left font 'Latin Modern Roman,7'
plot NaN
unset multiplot
