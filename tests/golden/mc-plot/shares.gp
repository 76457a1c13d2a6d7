set terminal svg size 244,179 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 179.
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

set lmargin at screen 28.26/W
set rmargin at screen 117.00/W
set tmargin at screen 1-15.00/H
set bmargin at screen 1-78.89/H
set border 3 ls 103
set xrange [22:103]
unset logscale x
set xtics ('25' 25, '50' 50, '75' 75, '100' 100) format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [50:75]
unset logscale y
set ytics 50,5,75.000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:(valid(3)?$2*100:NaN):($3*100):($4*100) with yerrorbars ls 1 dt solid lw 0.75 pt 0, \
     $d1 using 1:($2*100) with linespoints ls 1, \
     $d2 using 1:(valid(3)?$2*100:NaN):($3*100):($4*100) with yerrorbars ls 2 dt solid lw 0.75 pt 0, \
     $d2 using 1:($2*100) with linespoints ls 2, \
     $d3 using 1:(valid(3)?$2*100:NaN):($3*100):($4*100) with yerrorbars ls 3 dt solid lw 0.75 pt 0, \
     $d3 using 1:($2*100) with linespoints ls 3

set lmargin at screen 150.26/W
set rmargin at screen 239.00/W
set tmargin at screen 1-15.00/H
set bmargin at screen 1-78.89/H
set border 3 ls 103
set xrange [22:103]
unset logscale x
set xtics ('25' 25, '50' 50, '75' 75, '100' 100) format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [50:75]
unset logscale y
set ytics 50,5,75.000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d4 using 1:(valid(3)?$2*100:NaN):($3*100):($4*100) with yerrorbars ls 1 dt solid lw 0.75 pt 0, \
     $d4 using 1:($2*100) with linespoints ls 1, \
     $d5 using 1:(valid(3)?$2*100:NaN):($3*100):($4*100) with yerrorbars ls 2 dt solid lw 0.75 pt 0, \
     $d5 using 1:($2*100) with linespoints ls 2, \
     $d6 using 1:(valid(3)?$2*100:NaN):($3*100):($4*100) with yerrorbars ls 3 dt solid lw 0.75 pt 0, \
     $d6 using 1:($2*100) with linespoints ls 3

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
set label 1 'Training share (%)' at 72.63,96.89 center
set label 2 'Accuracy (%)' at 7.50,46.94 center rotate by 90
set label 3 't1' at 28.26,7.50 left font 'Helvetica:Bold,8'
set label 4 'Training share (%)' at 194.63,96.89 center
set label 5 'Accuracy (%)' at 129.50,46.94 center rotate by 90
set label 6 't2' at 150.26,7.50 left font 'Helvetica:Bold,8'
set arrow 1 from 28.26,113.89 to 48.28,113.89 nohead ls 1
set label 7 '' at 38.27,113.89 point ls 1
set label 8 'm0' at 53.28,113.89 left
set arrow 2 from 75.79,113.89 to 95.81,113.89 nohead ls 2
set label 9 '' at 85.80,113.89 point ls 2
set label 10 'm1' at 100.81,113.89 left
set arrow 3 from 123.32,113.89 to 143.34,113.89 nohead ls 3
set label 11 '' at 133.33,113.89 point ls 3
set label 12 'm2' at 148.34,113.89 left
set label 13 'Bars: interval of each point. Confidence level: 95 %. Interval' at 2.50,127.89 left font 'Helvetica,7'
set label 14 'method: percentile. Replicates: 399. Resampling seed: 1.' at 2.50,136.64 left font 'Helvetica,7'
set label 15 'Resampling unit: group. Training seeds per arm: 1. Size: t1 (test)' at 2.50,145.39 left font 'Helvetica,7'
set label 16 '120 images of 30 groups, t2 (test) 120 images of 30 groups. Not' at 2.50,154.14 left font 'Helvetica,7'
set label 17 'drawn: 96 numbers of other metrics. Few units: interval may be too' at 2.50,162.89 left font 'Helvetica,7'
set label 18 'narrow.' at 2.50,171.64 left font 'Helvetica,7'
plot NaN
unset multiplot
