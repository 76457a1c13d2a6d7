set terminal svg size 244,108 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 108.
set style line 101 lc rgb '#707070' lw 0.75 dt (8,6)
set style line 102 lc rgb '#D8D8D8' lw 0.5 dt solid
set style line 103 lc rgb '#000000' lw 0.75 dt solid
set style line 104 lc rgb '#000000' lw 2.5 dt solid
set key off
set tics in
set multiplot

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
set label 1 'Critical difference 1.25' at 45.03,6.00 left font 'Helvetica,7'
set arrow 1 from 45.03,14.00 to 141.46,14.00 nohead ls 103
set arrow 2 from 45.03,11.00 to 45.03,17.00 nohead ls 103
set arrow 3 from 141.46,11.00 to 141.46,17.00 nohead ls 103
set label 2 '1' at 45.03,24.00 center font 'Helvetica,7'
set label 3 '2' at 122.00,24.00 center font 'Helvetica,7'
set label 4 '3' at 198.97,24.00 center font 'Helvetica,7'
set arrow 4 from 45.03,33.50 to 198.97,33.50 nohead ls 103
set arrow 5 from 45.03,30.50 to 45.03,33.50 nohead ls 103
set arrow 6 from 122.00,30.50 to 122.00,33.50 nohead ls 103
set arrow 7 from 198.97,30.50 to 198.97,33.50 nohead ls 103
set arrow 8 from 43.03,39.00 to 124.00,39.00 nohead ls 104
set arrow 9 from 120.00,44.50 to 200.97,44.50 nohead ls 104
set arrow 10 from 45.03,33.50 to 45.03,54.50 nohead ls 103
set arrow 11 from 45.03,54.50 to 42.52,54.50 nohead ls 103
set label 5 'm0  1.00' at 40.02,54.50 right
set arrow 12 from 122.00,33.50 to 122.00,64.50 nohead ls 103
set arrow 13 from 122.00,64.50 to 201.48,64.50 nohead ls 103
set label 6 'm2  2.00' at 203.98,64.50 left
set arrow 14 from 198.97,33.50 to 198.97,54.50 nohead ls 103
set arrow 15 from 198.97,54.50 to 201.48,54.50 nohead ls 103
set label 7 'm1  3.00' at 203.98,54.50 left
set label 8 'Bars join arms whose ranks differ by less than the critical' at 2.50,83.50 left font 'Helvetica,7'
set label 9 'difference (Nemenyi, 95 %). Accuracy: Friedman''s test, p < 0.001.' at 2.50,92.25 left font 'Helvetica,7'
set label 10 'Average ranks over 7 tasks, 1 the best.' at 2.50,101.00 left font 'Helvetica,7'
plot NaN
unset multiplot
