set terminal svg size 244,257 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 257.
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
set object 1 rectangle from 5.00,5.00 to 94.66,33.50 fs empty border lc rgb '#808080' lw 0.5
set label 1 'Found: 8 images of' at 10.01,14.50 left
set label 2 '4 patients' at 10.01,24.50 left
set object 2 rectangle from 114.68,42.50 to 239.00,101.00 fs empty border lc rgb '#808080' lw 0.5
set label 3 'Left out by mc-index: 3' at 119.68,52.00 left
set label 4 'images; 1 patient has no' at 119.68,62.00 left
set label 5 'image left' at 119.68,72.00 left
set label 6 '1  BMP' at 119.68,82.00 left
set label 7 '2  no row' at 119.68,92.00 left
set arrow 1 from 48.00,71.75 to 114.68,71.75 head filled size screen 4./W,20 ls 103
set arrow 2 from 48.00,33.50 to 48.00,115.00 head filled size screen 4./W,20 ls 103
set object 3 rectangle from 5.00,115.00 to 94.66,153.50 fs empty border lc rgb '#808080' lw 0.5
set label 8 'Remaining: 5' at 10.01,124.50 left
set label 9 'images of 3' at 10.01,134.50 left
set label 10 'patients' at 10.01,144.50 left
set object 4 rectangle from 114.68,162.50 to 239.00,211.00 fs empty border lc rgb '#808080' lw 0.5
set label 11 'Left out by mc-pack: 1' at 119.68,172.00 left
set label 12 'image; 1 patient has no' at 119.68,182.00 left
set label 13 'image left' at 119.68,192.00 left
set label 14 '1  damaged' at 119.68,202.00 left
set arrow 3 from 48.00,186.75 to 114.68,186.75 head filled size screen 4./W,20 ls 103
set arrow 4 from 48.00,153.50 to 48.00,225.00 head filled size screen 4./W,20 ls 103
set object 5 rectangle from 5.00,225.00 to 94.66,253.50 fs empty border lc rgb '#808080' lw 0.5
set label 15 'Analysed: 4 images' at 10.01,234.50 left
set label 16 'of 2 patients' at 10.01,244.50 left
plot NaN
unset multiplot
