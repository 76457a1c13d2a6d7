set terminal svg size 244,154 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 154.
set style line 1 lc rgb '#0072B2' lw 1.1 dt solid pt 7 ps 0.5
set style line 2 lc rgb '#D55E00' lw 1.1 dt (9,4) pt 5 ps 0.5
set style line 3 lc rgb '#009E73' lw 1.1 dt (2,3) pt 9 ps 0.5
set style line 4 lc rgb '#000000' lw 1.1 dt (9,3,2,3) pt 13 ps 0.5
set style line 5 lc rgb '#CC79A7' lw 1.1 dt (16,4) pt 11 ps 0.5
set style line 6 lc rgb '#E69F00' lw 1.1 dt (9,3,2,3,2,3) pt 6 ps 0.5
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
# 'm0 − m1'
EOD
$d5 << EOD
# 'm0 − m2'
EOD
$d6 << EOD
# 'm1 − m2'
EOD
set multiplot

set lmargin at screen 28.26/W
set rmargin at screen 117.00/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-69.89/H
set border 3 ls 103
set xrange [44.35359275:1127.304394]
set logscale x
set xtics ('50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000) format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:15]
unset logscale y
set ytics 0,5,15.000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:($2*100) with linespoints ls 1, \
     $d2 using 1:($2*100) with linespoints ls 2, \
     $d3 using 1:($2*100) with linespoints ls 3

set lmargin at screen 150.26/W
set rmargin at screen 239.00/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-69.89/H
set border 3 ls 103
set xrange [44.35359275:1127.304394]
set logscale x
set xtics ('50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000) format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:80]
unset logscale y
set ytics 0,20,80.00002 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot 80 with lines ls 101, \
     $d4 using 1:($2*100) with linespoints ls 4, \
     $d5 using 1:($2*100) with linespoints ls 5, \
     $d6 using 1:($2*100) with linespoints ls 6

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
set label 1 'Number of patients' at 72.63,87.89 center
set label 2 'Interval width (%)' at 7.50,37.94 center rotate by 90
set label 3 'Number of patients' at 194.63,87.89 center
set label 4 'Power (%)' at 129.50,37.94 center rotate by 90
set arrow 1 from 28.26,104.89 to 48.28,104.89 nohead ls 1
set label 5 '' at 38.27,104.89 point ls 1
set label 6 'm0' at 53.28,104.89 left
set arrow 2 from 28.26,114.89 to 48.28,114.89 nohead ls 2
set label 7 '' at 38.27,114.89 point ls 2
set label 8 'm1' at 53.28,114.89 left
set arrow 3 from 98.70,104.89 to 118.71,104.89 nohead ls 3
set label 9 '' at 108.71,104.89 point ls 3
set label 10 'm2' at 123.72,104.89 left
set arrow 4 from 98.70,114.89 to 118.71,114.89 nohead ls 4
set label 11 '' at 108.71,114.89 point ls 4
set label 12 'm0 − m1' at 123.72,114.89 left
set arrow 5 from 169.13,104.89 to 189.15,104.89 nohead ls 5
set label 13 '' at 179.14,104.89 point ls 5
set label 14 'm0 − m2' at 194.15,104.89 left
set arrow 6 from 169.13,114.89 to 189.15,114.89 nohead ls 6
set label 15 '' at 179.14,114.89 point ls 6
set label 16 'm1 − m2' at 194.15,114.89 left
set label 17 'Widths of percentages are in percentage points. Dashed: the' at 2.50,128.89 left font 'Helvetica,7'
set label 18 'required power. Confidence level: 95 %. Replicates: 399.' at 2.50,137.64 left font 'Helvetica,7'
set label 19 'Resampling seed: 1. Resampling unit: group.' at 2.50,146.39 left font 'Helvetica,7'
plot NaN
unset multiplot
