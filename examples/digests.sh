# digests.sh - print FILE=SHA-256 of each FILE, for study.mk.
#
#	sh digests.sh [-n] FILE...
#
# .study.digests has the earlier digests.  A digest is computed again if the
# inode, the size or a time of its file has changed.  -n does not write
# .study.digests.
cache=.study.digests
[ "$1" != -n ] || { cache=/dev/null; shift; }
for file; do
	# GNU's stat, or BSD's
	stat=$(stat -L -c %i:%s:%.9Y:%.9Z "$file" 2>/dev/null ||
	    stat -L -f %i:%z:%Fm:%Fc "$file")
	known=$(sed -n "s/^$stat //p" .study.digests 2>/dev/null | tail -n 1)
	if [ -z "$known" ]; then
		known=$(sha256sum <"$file" 2>/dev/null ||
		    shasum -a 256 <"$file")
		known=${known%% *}
		echo "$stat $known" >>$cache
	fi
	echo "$file=$known"
done
