set terminal svg size 505,163 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 505.
H = 163.
set style line 1 lc rgb '#0072B2' lw 1.1 dt solid pt 7 ps 0.5
set style line 101 lc rgb '#707070' lw 0.75 dt (8,6)
set style line 102 lc rgb '#D8D8D8' lw 0.5 dt solid
set style line 103 lc rgb '#000000' lw 0.75 dt solid
set style line 104 lc rgb '#000000' lw 2.5 dt solid
set key off
set tics in
$d1 << EOD
# 'Accuracy (%)'
EOD
$d2 << EOD
# 'AUROC (sick), %'
EOD
$d3 << EOD
# 'Brier score (sick)'
EOD
set multiplot

set lmargin at screen 30.02/W
set rmargin at screen 114.74/W
set tmargin at screen 1-4.00/H
set bmargin at screen 1-100.00/H
set border 1 ls 103
set xrange [50:80]
unset logscale x
set xtics 50,10,80.00001 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [8:0]
unset logscale y
unset ytics
set grid xtics back ls 102
plot $d1 using (valid(2)?$1*100:NaN):4:($2*100):($3*100) with xerrorbars ls 1 pt 0, \
     $d1 using ($1*100):4 with points ls 1

set lmargin at screen 186.68/W
set rmargin at screen 271.40/W
set tmargin at screen 1-4.00/H
set bmargin at screen 1-100.00/H
set border 1 ls 103
set xrange [60:90]
unset logscale x
set xtics 60,10,90.00001 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [8:0]
unset logscale y
unset ytics
set grid xtics back ls 102
plot $d2 using (valid(2)?$1*100:NaN):4:($2*100):($3*100) with xerrorbars ls 1 pt 0, \
     $d2 using ($1*100):4 with points ls 1

set lmargin at screen 343.34/W
set rmargin at screen 428.06/W
set tmargin at screen 1-4.00/H
set bmargin at screen 1-100.00/H
set border 1 ls 103
set xrange [0.15:0.25]
unset logscale x
set xtics 0.15,0.05,0.25000005 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [8:0]
unset logscale y
unset ytics
set grid xtics back ls 102
plot $d3 using (valid(2)?$1*1:NaN):4:($2*1):($3*1) with xerrorbars ls 1 pt 0, \
     $d3 using ($1*1):4 with points ls 1

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
set label 2 'm0' at 7.51,22.00 left
set label 3 'm1' at 7.51,34.00 left
set label 4 'm2' at 7.51,46.00 left
set label 5 't2' at 2.50,58.00 left font 'Helvetica:Bold,8'
set label 6 'm0' at 7.51,70.00 left
set label 7 'm1' at 7.51,82.00 left
set label 8 'm2' at 7.51,94.00 left
set label 9 'Accuracy (%)' at 72.38,118.00 center
set label 10 '65.8 [57.5, 75.0]' at 179.17,22.00 right font 'Helvetica,7'
set label 11 '63.3 [53.3, 72.5]' at 179.17,34.00 right font 'Helvetica,7'
set label 12 '64.2 [55.0, 74.2]' at 179.17,46.00 right font 'Helvetica,7'
set label 13 '63.3 [53.3, 72.5]' at 179.17,70.00 right font 'Helvetica,7'
set label 14 '64.2 [55.0, 74.2]' at 179.17,82.00 right font 'Helvetica,7'
set label 15 '64.2 [55.8, 72.5]' at 179.17,94.00 right font 'Helvetica,7'
set label 16 'AUROC (sick), %' at 229.04,118.00 center
set label 17 '77.5 [67.4, 88.0]' at 335.83,22.00 right font 'Helvetica,7'
set label 18 '74.7 [63.2, 84.0]' at 335.83,34.00 right font 'Helvetica,7'
set label 19 '74.4 [61.9, 84.3]' at 335.83,46.00 right font 'Helvetica,7'
set label 20 '74.7 [63.2, 84.0]' at 335.83,70.00 right font 'Helvetica,7'
set label 21 '74.4 [61.9, 84.3]' at 335.83,82.00 right font 'Helvetica,7'
set label 22 '76.1 [64.9, 85.1]' at 335.83,94.00 right font 'Helvetica,7'
set label 23 'Brier score (sick)' at 385.70,118.00 center
set label 24 '0.19 [0.15, 0.23]' at 492.49,22.00 right font 'Helvetica,7'
set label 25 '0.21 [0.17, 0.24]' at 492.49,34.00 right font 'Helvetica,7'
set label 26 '0.21 [0.17, 0.24]' at 492.49,46.00 right font 'Helvetica,7'
set label 27 '0.21 [0.17, 0.24]' at 492.49,70.00 right font 'Helvetica,7'
set label 28 '0.21 [0.17, 0.24]' at 492.49,82.00 right font 'Helvetica,7'
set label 29 '0.20 [0.17, 0.23]' at 492.49,94.00 right font 'Helvetica,7'
set label 30 'Confidence level: 95 %. Interval method: percentile. Replicates: 399. Resampling seed: 1. Resampling unit: group. Training seeds per arm:' at 2.50,138.00 left font 'Helvetica,7'
set label 31 '1. Size: t1 (test) 120 images of 30 groups, t2 (test) 120 images of 30 groups. Lower is better: Brier score (sick). Not drawn: 12 numbers of' at 2.50,146.75 left font 'Helvetica,7'
set label 32 'other metrics. Few units: interval may be too narrow.' at 2.50,155.50 left font 'Helvetica,7'
plot NaN
unset multiplot
