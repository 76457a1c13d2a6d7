set terminal svg size 244,299 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 299.
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
set rmargin at screen 236.49/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-212.04/H
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
set label 1 '1 – specificity' at 133.47,230.04 center
set label 2 'Sensitivity' at 7.50,109.02 center rotate by 90
set arrow 1 from 131.45,170.42 to 151.46,170.42 nohead ls 1
set label 3 'm0, AUROC 0.775' at 156.47,170.42 left
set arrow 2 from 131.45,180.42 to 151.46,180.42 nohead ls 2
set label 4 'm1, AUROC 0.747' at 156.47,180.42 left
set arrow 3 from 131.45,190.42 to 151.46,190.42 nohead ls 3
set label 5 'm2, AUROC 0.744' at 156.47,190.42 left
set arrow 4 from 131.45,200.42 to 151.46,200.42 nohead ls 101
set label 6 'Chance' at 156.47,200.42 left
set label 7 'Bands: interval at each point. Confidence level: 95 %. Interval' at 2.50,248.04 left font 'Helvetica,7'
set label 8 'method: percentile. Replicates: 399. Resampling seed: 1.' at 2.50,256.79 left font 'Helvetica,7'
set label 9 'Resampling unit: group. Size: t1 (test) 120 images of 30 groups.' at 2.50,265.54 left font 'Helvetica,7'
set label 10 'The band is pointwise: it holds at each x, not for the whole curve.' at 2.50,274.29 left font 'Helvetica,7'
set label 11 'Few units: interval may be too narrow (219 of 303 points). No' at 2.50,283.04 left font 'Helvetica,7'
set label 12 'interval: (nearly) all replicates are equal (84 of 303 points).' at 2.50,291.79 left font 'Helvetica,7'
plot NaN
unset multiplot
