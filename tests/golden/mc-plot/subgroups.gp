set terminal svg size 244,405 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 405.
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
set multiplot

set lmargin at screen 78.04/W
set rmargin at screen 167.06/W
set tmargin at screen 1-4.00/H
set bmargin at screen 1-148.00/H
set border 1 ls 103
set xrange [20:100]
unset logscale x
set xtics 20,20,100.00002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [12:0]
unset logscale y
unset ytics
set grid xtics back ls 102
plot $d1 using (valid(2)?$1*100:NaN):4:($2*100):($3*100) with xerrorbars ls 1 pt 0, \
     $d1 using ($1*100):4 with points ls 1

set lmargin at screen 78.04/W
set rmargin at screen 167.06/W
set tmargin at screen 1-181.00/H
set bmargin at screen 1-325.00/H
set border 1 ls 103
set xrange [20:100]
unset logscale x
set xtics 20,20,100.00002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [12:0]
unset logscale y
unset ytics
set grid xtics back ls 102
plot $d2 using (valid(2)?$1*100:NaN):4:($2*100):($3*100) with xerrorbars ls 1 pt 0, \
     $d2 using ($1*100):4 with points ls 1

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
set label 1 'm0' at 2.50,10.00 left font 'Helvetica:Bold,8'
set label 2 'all (n = 120)' at 7.51,22.00 left
set label 3 'sex=F (n = 56)' at 7.51,34.00 left
set label 4 'sex=M (n = 64)' at 7.51,46.00 left
set label 5 'm1' at 2.50,58.00 left font 'Helvetica:Bold,8'
set label 6 'all (n = 120)' at 7.51,70.00 left
set label 7 'sex=F (n = 56)' at 7.51,82.00 left
set label 8 'sex=M (n = 64)' at 7.51,94.00 left
set label 9 'm2' at 2.50,106.00 left font 'Helvetica:Bold,8'
set label 10 'all (n = 120)' at 7.51,118.00 left
set label 11 'sex=F (n = 56)' at 7.51,130.00 left
set label 12 'sex=M (n = 64)' at 7.51,142.00 left
set label 13 'Accuracy (%)' at 122.55,166.00 center
set label 14 '65.8 [57.5, 75.0]' at 231.49,22.00 right font 'Helvetica,7'
set label 15 '69.6 [57.5, 82.7]' at 231.49,34.00 right font 'Helvetica,7'
set label 16 '62.5 [50.0, 76.4]' at 231.49,46.00 right font 'Helvetica,7'
set label 17 '63.3 [53.3, 72.5]' at 231.49,70.00 right font 'Helvetica,7'
set label 18 '67.9 [58.3, 78.3]' at 231.49,82.00 right font 'Helvetica,7'
set label 19 '59.4 [44.6, 75.0]' at 231.49,94.00 right font 'Helvetica,7'
set label 20 '64.2 [55.0, 74.2]' at 231.49,118.00 right font 'Helvetica,7'
set label 21 '87.5 [80.8, 94.1]' at 231.49,130.00 right font 'Helvetica,7'
set label 22 '43.8 [37.5, 50.0]' at 231.49,142.00 right font 'Helvetica,7'
set label 23 'm0' at 2.50,187.00 left font 'Helvetica:Bold,8'
set label 24 'all (n = 120)' at 7.51,199.00 left
set label 25 'sex=F (n = 56)' at 7.51,211.00 left
set label 26 'sex=M (n = 64)' at 7.51,223.00 left
set label 27 'm1' at 2.50,235.00 left font 'Helvetica:Bold,8'
set label 28 'all (n = 120)' at 7.51,247.00 left
set label 29 'sex=F (n = 56)' at 7.51,259.00 left
set label 30 'sex=M (n = 64)' at 7.51,271.00 left
set label 31 'm2' at 2.50,283.00 left font 'Helvetica:Bold,8'
set label 32 'all (n = 120)' at 7.51,295.00 left
set label 33 'sex=F (n = 56)' at 7.51,307.00 left
set label 34 'sex=M (n = 64)' at 7.51,319.00 left
set label 35 'AUROC (sick), %' at 122.55,343.00 center
set label 36 '77.5 [67.4, 88.0]' at 231.49,199.00 right font 'Helvetica,7'
set label 37 '80.4 [62.4, 93.2]' at 231.49,211.00 right font 'Helvetica,7'
set label 38 '74.1 [56.2, 88.6]' at 231.49,223.00 right font 'Helvetica,7'
set label 39 '74.7 [63.2, 84.0]' at 231.49,247.00 right font 'Helvetica,7'
set label 40 '79.0 [63.7, 90.6]' at 231.49,259.00 right font 'Helvetica,7'
set label 41 '70.8 [52.9, 85.6]' at 231.49,271.00 right font 'Helvetica,7'
set label 42 '74.4 [61.9, 84.3]' at 231.49,295.00 right font 'Helvetica,7'
set label 43 '95.0 [87.8, 99.3]' at 231.49,307.00 right font 'Helvetica,7'
set label 44 '42.0 [31.8, 51.5]' at 231.49,319.00 right font 'Helvetica,7'
set label 45 'Confidence level: 95 %. Interval method: percentile. Replicates:' at 2.50,363.00 left font 'Helvetica,7'
set label 46 '399. Resampling seed: 1. Resampling unit: group. Training seeds' at 2.50,371.75 left font 'Helvetica,7'
set label 47 'per arm: 1. Size: t1 (test) 120 images of 30 groups, t1 (test, sex=F)' at 2.50,380.50 left font 'Helvetica,7'
set label 48 '56 images of 14 groups, t1 (test, sex=M) 64 images of 16 groups.' at 2.50,389.25 left font 'Helvetica,7'
set label 49 'Few units: interval may be too narrow.' at 2.50,398.00 left font 'Helvetica,7'
plot NaN
unset multiplot
