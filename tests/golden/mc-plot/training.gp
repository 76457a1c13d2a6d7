set terminal svg size 244,123 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 123.
set style line 1 lc rgb '#0072B2' lw 1.1 dt solid pt 7 ps 0.5
set style line 2 lc rgb '#D55E00' lw 1.1 dt (9,4) pt 5 ps 0.5
set style line 101 lc rgb '#707070' lw 0.75 dt (8,6)
set style line 102 lc rgb '#D8D8D8' lw 0.5 dt solid
set style line 103 lc rgb '#000000' lw 0.75 dt solid
set style line 104 lc rgb '#000000' lw 2.5 dt solid
set key off
set tics in
$d1 << EOD
# 'train'
EOD
$d2 << EOD
# 'val'
EOD
$d3 << EOD
# 'train'
EOD
$d4 << EOD
# 'val'
EOD
set multiplot

set lmargin at screen 32.64/W
set rmargin at screen 117.00/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-66.73/H
set border 3 ls 103
set xrange [0:10]
unset logscale x
set xtics 0,2,10.000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [0:1.5]
unset logscale y
set ytics 0,0.5,1.5000005 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d1 using 1:($2*1) with lines ls 1, \
     $d2 using 1:($2*1) with lines ls 2

set lmargin at screen 154.64/W
set rmargin at screen 239.00/W
set tmargin at screen 1-6.00/H
set bmargin at screen 1-66.73/H
set border 3 ls 103
set xrange [0:10]
unset logscale x
set xtics 0,2,10.000002 format '%g' nomirror scale 0.5 font ',7' offset 0,0.3
set yrange [40:100]
unset logscale y
set ytics 40,20,100.00002 format '%g' nomirror scale 0.5 font ',7' offset 0.4,0
unset grid
plot $d3 using 1:($2*100) with lines ls 1, \
     $d4 using 1:($2*100) with lines ls 2

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
set label 1 'Epoch' at 74.82,84.73 center
set label 2 'Loss' at 9.69,36.37 center rotate by 90
set label 3 'Epoch' at 196.82,84.73 center
set label 4 'F1 (%)' at 129.50,36.37 center rotate by 90
set arrow 1 from 32.64,101.73 to 52.66,101.73 nohead ls 1
set label 5 'train' at 57.66,101.73 left
set arrow 2 from 85.18,101.73 to 105.19,101.73 nohead ls 2
set label 6 'val' at 110.20,101.73 left
set label 7 'F1: mean over classes, weighted by class frequency.' at 2.50,115.73 left font 'Helvetica,7'
plot NaN
unset multiplot
