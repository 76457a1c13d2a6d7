set terminal svg size 244,204 noenhanced font 'Helvetica,8' background '#FFFFFF' butt
set encoding utf8
W = 244.
H = 204.
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
set label 1 'm0' at 33.50,8.00 left font 'Helvetica:Bold,8'
set object 1 rectangle from 33.50,16.00 to 70.25,42.45 fc rgb '#4D9CC9' fs solid border lc rgb '#808080' lw 0.5
set label 2 '28' at 51.87,24.23 center tc rgb '#000000'
set label 3 '70.0' at 51.87,34.23 center font 'Helvetica,7' tc rgb '#000000'
set object 2 rectangle from 70.25,16.00 to 106.99,42.45 fc rgb '#B3D5E8' fs solid border lc rgb '#808080' lw 0.5
set label 4 '12' at 88.62,24.23 center tc rgb '#000000'
set label 5 '30.0' at 88.62,34.23 center font 'Helvetica,7' tc rgb '#000000'
set object 3 rectangle from 33.50,42.45 to 70.25,68.91 fc rgb '#A3CCE3' fs solid border lc rgb '#808080' lw 0.5
set label 6 '29' at 51.87,50.68 center tc rgb '#000000'
set label 7 '36.2' at 51.87,60.68 center font 'Helvetica,7' tc rgb '#000000'
set object 4 rectangle from 70.25,42.45 to 106.99,68.91 fc rgb '#5CA5CE' fs solid border lc rgb '#808080' lw 0.5
set label 8 '51' at 88.62,50.68 center tc rgb '#000000'
set label 9 '63.7' at 88.62,60.68 center font 'Helvetica,7' tc rgb '#000000'
set label 10 'sick' at 29.50,29.23 right
set label 11 'sick' at 51.87,75.91 center
set label 12 'well' at 29.50,55.68 right
set label 13 'well' at 88.62,75.91 center
set label 14 'Predicted' at 70.25,86.91 center
set label 15 'Label' at 7.00,42.45 center rotate by 90
set label 16 'm1' at 155.50,8.00 left font 'Helvetica:Bold,8'
set object 5 rectangle from 155.50,16.00 to 192.25,42.45 fc rgb '#59A3CD' fs solid border lc rgb '#808080' lw 0.5
set label 17 '26' at 173.87,24.23 center tc rgb '#000000'
set label 18 '65.0' at 173.87,34.23 center font 'Helvetica,7' tc rgb '#000000'
set object 6 rectangle from 192.25,16.00 to 228.99,42.45 fc rgb '#A6CEE4' fs solid border lc rgb '#808080' lw 0.5
set label 19 '14' at 210.62,24.23 center tc rgb '#000000'
set label 20 '35.0' at 210.62,34.23 center font 'Helvetica,7' tc rgb '#000000'
set object 7 rectangle from 155.50,42.45 to 192.25,68.91 fc rgb '#9FCAE2' fs solid border lc rgb '#808080' lw 0.5
set label 21 '30' at 173.87,50.68 center tc rgb '#000000'
set label 22 '37.5' at 173.87,60.68 center font 'Helvetica,7' tc rgb '#000000'
set object 8 rectangle from 192.25,42.45 to 228.99,68.91 fc rgb '#60A7CF' fs solid border lc rgb '#808080' lw 0.5
set label 23 '50' at 210.62,50.68 center tc rgb '#000000'
set label 24 '62.5' at 210.62,60.68 center font 'Helvetica,7' tc rgb '#000000'
set label 25 'sick' at 151.50,29.23 right
set label 26 'sick' at 173.87,75.91 center
set label 27 'well' at 151.50,55.68 right
set label 28 'well' at 210.62,75.91 center
set label 29 'Predicted' at 192.25,86.91 center
set label 30 'Label' at 129.00,42.45 center rotate by 90
set label 31 'm2' at 33.50,101.91 left font 'Helvetica:Bold,8'
set object 9 rectangle from 33.50,109.91 to 70.25,136.36 fc rgb '#53A0CB' fs solid border lc rgb '#808080' lw 0.5
set label 32 '27' at 51.87,118.14 center tc rgb '#000000'
set label 33 '67.5' at 51.87,128.14 center font 'Helvetica,7' tc rgb '#000000'
set object 10 rectangle from 70.25,109.91 to 106.99,136.36 fc rgb '#ACD1E6' fs solid border lc rgb '#808080' lw 0.5
set label 34 '13' at 88.62,118.14 center tc rgb '#000000'
set label 35 '32.5' at 88.62,128.14 center font 'Helvetica,7' tc rgb '#000000'
set object 11 rectangle from 33.50,136.36 to 70.25,162.82 fc rgb '#9FCAE2' fs solid border lc rgb '#808080' lw 0.5
set label 36 '30' at 51.87,144.59 center tc rgb '#000000'
set label 37 '37.5' at 51.87,154.59 center font 'Helvetica,7' tc rgb '#000000'
set object 12 rectangle from 70.25,136.36 to 106.99,162.82 fc rgb '#60A7CF' fs solid border lc rgb '#808080' lw 0.5
set label 38 '50' at 88.62,144.59 center tc rgb '#000000'
set label 39 '62.5' at 88.62,154.59 center font 'Helvetica,7' tc rgb '#000000'
set label 40 'sick' at 29.50,123.14 right
set label 41 'sick' at 51.87,169.82 center
set label 42 'well' at 29.50,149.59 right
set label 43 'well' at 88.62,169.82 center
set label 44 'Predicted' at 70.25,180.82 center
set label 45 'Label' at 7.00,136.36 center rotate by 90
set label 46 'Number of images, and its share (%) of the images of the label.' at 2.50,196.82 left font 'Helvetica,7'
plot NaN
unset multiplot
