set terminal svg size 505,171 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
set minussign
W = 505.
H = 171.
set style line 1 lc rgb '#0072B2' lw 1.1 dt solid pt 7 ps 0.5
set style line 101 lc rgb '#707070' lw 0.75 dt (8,6)
set style line 102 lc rgb '#D8D8D8' lw 0.5 dt solid
set style line 103 lc rgb '#000000' lw 0.75 dt solid
set style line 104 lc rgb '#000000' lw 2.5 dt solid
set key off
set tics in
$d1 << EOD
# 'a line from above to below'
EOD
$d2 << EOD
# 'a line from above to below'
EOD
$d3 << EOD
# 'a line from above to below'
EOD
$d4 << EOD
# 'Difference in accuracy (percentage points)'
EOD
set multiplot

set lmargin at screen 52.92/W
set rmargin at screen 202.92/W
set tmargin at screen 1-4.00/H
set bmargin at screen 1-100.00/H
set border 1 ls 103
set xrange [-20:20]
unset logscale x
set xtics -20,10,20.00001 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [8:0]
unset logscale y
unset ytics
set grid xtics back ls 102
plot $d1 using 1:2 with lines ls 101, \
     $d2 using 1:2 with lines ls 101, \
     $d3 using 1:2 with lines ls 103, \
     $d4 using (valid(2)?$1*100:NaN):4:($2*100):($3*100) with xerrorbars ls 1 pt 0, \
     $d4 using ($1*100):4 with points ls 1

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
set label 1 't1' at 2.50,10.00 left font 'Helvetica:Bold,8'
set label 2 'm0 − m1' at 7.51,22.00 left
set label 3 'm0 − m2' at 7.51,34.00 left
set label 4 'm1 − m2' at 7.51,46.00 left
set label 5 't2' at 2.50,58.00 left font 'Helvetica:Bold,8'
set label 6 'm0 − m1' at 7.51,70.00 left
set label 7 'm0 − m2' at 7.51,82.00 left
set label 8 'm1 − m2' at 7.51,94.00 left
set label 9 'Difference in accuracy (percentage points)' at 127.92,118.00 center
set label 10 '2.5 [−8.3, 13.3]' at 272.42,22.00 right font 'Helvetica,7'
set label 11 'p = 1.00' at 282.43,22.00 left font 'Helvetica,7'
set label 12 '1.7 [−9.2, 13.3]' at 272.42,34.00 right font 'Helvetica,7'
set label 13 'p = 1.00' at 282.43,34.00 left font 'Helvetica,7'
set label 14 '−0.8 [−11.7, 11.7]' at 272.42,46.00 right font 'Helvetica,7'
set label 15 'p = 1.00' at 282.43,46.00 left font 'Helvetica,7'
set label 16 '−0.8 [−11.7, 11.7]' at 272.42,70.00 right font 'Helvetica,7'
set label 17 'p = 1.00' at 282.43,70.00 left font 'Helvetica,7'
set label 18 '−0.8 [−12.5, 10.8]' at 272.42,82.00 right font 'Helvetica,7'
set label 19 'p = 1.00' at 282.43,82.00 left font 'Helvetica,7'
set label 20 '0.0 [−11.7, 11.7]' at 272.42,94.00 right font 'Helvetica,7'
set label 21 'p = 1.00' at 282.43,94.00 left font 'Helvetica,7'
set label 22 'Dashed: the margin. Test: bootstrap. Adjustment of p: Holm. Confidence level: 95 %. Interval method: percentile. Replicates: 399.' at 2.50,138.00 left font 'Helvetica,7'
set label 23 'Resampling seed: 1. Resampling unit: group. Training seeds per arm: 1. Size: t1 (test) 120 images of 30 groups, t2 (test) 120 images of 30' at 2.50,146.75 left font 'Helvetica,7'
set label 24 'groups. One training seed: the result is about these trained models, not about how they were trained. Few units: interval may be too narrow,' at 2.50,155.50 left font 'Helvetica,7'
set label 25 'and p may be too small. The interval is not adjusted (6 of 18 rows). No p: too few units for a claim about the margin (12 of 18 rows).' at 2.50,164.25 left font 'Helvetica,7'
plot NaN
unset multiplot
