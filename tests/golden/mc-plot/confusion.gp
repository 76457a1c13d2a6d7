set terminal svg size 244,216 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 216.
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
set label 1 'm0' at 36.00,8.00 left font 'Helvetica:Bold,8'
set object 1 rectangle from 36.00,16.00 to 74.00,43.36 fc rgb '#4D9CC9' fs solid border lc rgb '#808080' lw 0.5
set label 2 '28' at 55.00,24.68 center tc rgb '#000000'
set label 3 '70.0' at 55.00,34.68 center font 'Helvetica,7' tc rgb '#000000'
set object 2 rectangle from 74.00,16.00 to 111.99,43.36 fc rgb '#B3D5E8' fs solid border lc rgb '#808080' lw 0.5
set label 4 '12' at 93.00,24.68 center tc rgb '#000000'
set label 5 '30.0' at 93.00,34.68 center font 'Helvetica,7' tc rgb '#000000'
set object 3 rectangle from 36.00,43.36 to 74.00,70.71 fc rgb '#A3CCE3' fs solid border lc rgb '#808080' lw 0.5
set label 6 '29' at 55.00,52.03 center tc rgb '#000000'
set label 7 '36.2' at 55.00,62.03 center font 'Helvetica,7' tc rgb '#000000'
set object 4 rectangle from 74.00,43.36 to 111.99,70.71 fc rgb '#5CA5CE' fs solid border lc rgb '#808080' lw 0.5
set label 8 '51' at 93.00,52.03 center tc rgb '#000000'
set label 9 '63.7' at 93.00,62.03 center font 'Helvetica,7' tc rgb '#000000'
set label 10 'sick' at 32.00,29.68 right
set label 11 'sick' at 55.00,77.71 center
set label 12 'well' at 32.00,57.03 right
set label 13 'well' at 93.00,77.71 center
set label 14 'Predicted' at 74.00,88.71 center
set label 15 'Label' at 9.50,43.36 center rotate by 90
set label 16 'm1' at 158.00,8.00 left font 'Helvetica:Bold,8'
set object 5 rectangle from 158.00,16.00 to 196.00,43.36 fc rgb '#59A3CD' fs solid border lc rgb '#808080' lw 0.5
set label 17 '26' at 177.00,24.68 center tc rgb '#000000'
set label 18 '65.0' at 177.00,34.68 center font 'Helvetica,7' tc rgb '#000000'
set object 6 rectangle from 196.00,16.00 to 233.99,43.36 fc rgb '#A6CEE4' fs solid border lc rgb '#808080' lw 0.5
set label 19 '14' at 215.00,24.68 center tc rgb '#000000'
set label 20 '35.0' at 215.00,34.68 center font 'Helvetica,7' tc rgb '#000000'
set object 7 rectangle from 158.00,43.36 to 196.00,70.71 fc rgb '#9FCAE2' fs solid border lc rgb '#808080' lw 0.5
set label 21 '30' at 177.00,52.03 center tc rgb '#000000'
set label 22 '37.5' at 177.00,62.03 center font 'Helvetica,7' tc rgb '#000000'
set object 8 rectangle from 196.00,43.36 to 233.99,70.71 fc rgb '#60A7CF' fs solid border lc rgb '#808080' lw 0.5
set label 23 '50' at 215.00,52.03 center tc rgb '#000000'
set label 24 '62.5' at 215.00,62.03 center font 'Helvetica,7' tc rgb '#000000'
set label 25 'sick' at 154.00,29.68 right
set label 26 'sick' at 177.00,77.71 center
set label 27 'well' at 154.00,57.03 right
set label 28 'well' at 215.00,77.71 center
set label 29 'Predicted' at 196.00,88.71 center
set label 30 'Label' at 131.50,43.36 center rotate by 90
set label 31 'm2' at 36.00,103.71 left font 'Helvetica:Bold,8'
set object 9 rectangle from 36.00,111.71 to 74.00,139.07 fc rgb '#53A0CB' fs solid border lc rgb '#808080' lw 0.5
set label 32 '27' at 55.00,120.39 center tc rgb '#000000'
set label 33 '67.5' at 55.00,130.39 center font 'Helvetica,7' tc rgb '#000000'
set object 10 rectangle from 74.00,111.71 to 111.99,139.07 fc rgb '#ACD1E6' fs solid border lc rgb '#808080' lw 0.5
set label 34 '13' at 93.00,120.39 center tc rgb '#000000'
set label 35 '32.5' at 93.00,130.39 center font 'Helvetica,7' tc rgb '#000000'
set object 11 rectangle from 36.00,139.07 to 74.00,166.42 fc rgb '#9FCAE2' fs solid border lc rgb '#808080' lw 0.5
set label 36 '30' at 55.00,147.74 center tc rgb '#000000'
set label 37 '37.5' at 55.00,157.74 center font 'Helvetica,7' tc rgb '#000000'
set object 12 rectangle from 74.00,139.07 to 111.99,166.42 fc rgb '#60A7CF' fs solid border lc rgb '#808080' lw 0.5
set label 38 '50' at 93.00,147.74 center tc rgb '#000000'
set label 39 '62.5' at 93.00,157.74 center font 'Helvetica,7' tc rgb '#000000'
set label 40 'sick' at 32.00,125.39 right
set label 41 'sick' at 55.00,173.42 center
set label 42 'well' at 32.00,152.74 right
set label 43 'well' at 93.00,173.42 center
set label 44 'Predicted' at 74.00,184.42 center
set label 45 'Label' at 9.50,139.07 center rotate by 90
set label 46 'Number of images, and its share (%) of the images of the label.' at 2.50,200.42 left font 'Helvetica,7'
set label 47 'Size: t1 (test) 120 images.' at 2.50,209.17 left font 'Helvetica,7'
plot NaN
unset multiplot
