# indexed.sh - images for mc-index, and what is asked of its manifest and warnings.
#
# A test sources it after tap.sh.

# jpeg FILE...: files that begin like a JPEG and all differ.
jpeg() {
	for f; do
		mkdir -p "$(dirname "$f")"
		printf '\377\330\377\340%s' "$f" >"$f"
	done
}
# columns LIST NAME: these columns of the manifest are standard input.
columns() { cut -f "$1" out >a; is_file a "$2"; }
# warned NAME: standard error holds these lines and that of what was seen.
warned() {
	grep -v '^mc-index: [0-9]* images*; ' err >warnings
	is_file warnings "$1"
}
see='(see mc-index --help)'
