set terminal svg size 244,244 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
set minussign
W = 244.
H = 244.
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
set multiplot

set lmargin at screen 35.18/W
set rmargin at screen 236.49/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-156.99/H
set border 3 ls 103
set xrange [0:1]
unset logscale x
set xtics 0,0.2,1.0000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [-0.1:0.4]
unset logscale y
set ytics -0.1,0.1,0.4000001 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:3:4 with filledcurves fc rgb '#0072B2' fs transparent solid 0.18 noborder, \
     $d2 using 1:3:4 with filledcurves fc rgb '#D55E00' fs transparent solid 0.18 noborder, \
     $d3 using 1:3:4 with filledcurves fc rgb '#009E73' fs transparent solid 0.18 noborder, \
     0 with lines ls 101, \
     $d4 using 1:2 with lines ls 103, \
     $d1 using 1:2 with lines ls 1, \
     $d2 using 1:2 with lines ls 2, \
     $d3 using 1:2 with lines ls 3

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
set label 1 'Threshold probability' at 135.84,174.99 center
set label 2 'Net benefit' at 7.50,81.49 center rotate by 90
set arrow 1 from 162.95,13.50 to 182.96,13.50 nohead ls 1
set label 3 'm0' at 187.97,13.50 left
set arrow 2 from 162.95,23.50 to 182.96,23.50 nohead ls 2
set label 4 'm1' at 187.97,23.50 left
set arrow 3 from 162.95,33.50 to 182.96,33.50 nohead ls 3
set label 5 'm2' at 187.97,33.50 left
set arrow 4 from 162.95,43.50 to 182.96,43.50 nohead ls 103
set label 6 'Treat all' at 187.97,43.50 left
set arrow 5 from 162.95,53.50 to 182.96,53.50 nohead ls 101
set label 7 'Treat none' at 187.97,53.50 left
set label 8 'Bands: interval at each point. Confidence level: 95 %. Interval' at 2.50,192.99 left font 'Helvetica,7'
set label 9 'method: percentile. Replicates: 399. Resampling seed: 1.' at 2.50,201.74 left font 'Helvetica,7'
set label 10 'Resampling unit: group. Size: t1 (test) 120 images of 30 groups.' at 2.50,210.49 left font 'Helvetica,7'
set label 11 'The band is pointwise: it holds at each x, not for the whole curve.' at 2.50,219.24 left font 'Helvetica,7'
set label 12 'Few units: interval may be too narrow (590 of 594 points). No' at 2.50,227.99 left font 'Helvetica,7'
set label 13 'interval: (nearly) all replicates are equal (4 of 594 points).' at 2.50,236.74 left font 'Helvetica,7'
plot NaN
unset multiplot
