#!/bin/sh
# mc-weights fetch: from a server that does its work, well or badly.  Whatever
# it does, the cache has the right file or none.
. "$abs_srcdir/tests/tap.sh"

have_python 'mc-weights fetch' || done_testing
unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY \
    no_proxy NO_PROXY TORCH_HOME XDG_CACHE_HOME
TORCH_HOME=$PWD/torch
export TORCH_HOME
cache=$TORCH_HOME/hub/checkpoints
name=dinov2_vits14_linear4_head.pth	# a row without a digest
part=$cache/$name.part

# --- what is served: 20000 bytes of safetensors, and another version
safetensors() {
	header='{"a":{"dtype":"U8","shape":[19928],"data_offsets":[0,19928]}}   '
	printf '\100\000\000\000\000\000\000\000%s' "$header"
	head -c 19928 /dev/zero | tr '\000' "$1"
}
safetensors a >one
safetensors b >two
sha256=$(sha256sum one | cut -c 1-64)
sha256_two=$(sha256sum two | cut -c 1-64)
"$PYTHON3" "$abs_srcdir/tests/cmd/fetch_server.py" one two log port &
server=$!
trap 'kill $server 2>/dev/null' EXIT
n=0
while [ ! -e port ] && [ $n -lt 600 ]; do
	sleep 0.1
	n=$((n + 1))
done
url=http://127.0.0.1:$(cat port)

# get KIND [OPTION...]: fetch it into an empty cache.
get() {
	rm -rf "$TORCH_HOME"
	again "$@"
}
# again KIND [OPTION...]: the same without emptying the cache.
again() {
	kind=$1
	shift
	: >log
	run mc-weights --sha256 "$sha256" --from "$url/$kind/" "$@" fetch "$name"
	sed "s,$url,URL,g; s,$cache,CACHE,g" err >plain && mv plain err
}
# is_line FILE LINE NAME: LINE is all of FILE.
is_line() {
	echo "$2" >line
	is_file "$1" "$3" <line
}
# is_fetched NAME: the file is there, whole, and nothing else.
is_fetched() {
	is_rc 0 "$1"
	ok "$1: the file" cmp one "$cache/$name"
	ls -A "$cache" >names
	is_line names "$name" "$1: nothing else is in the cache"
}
# is_refused MESSAGE NAME: there is neither a file nor a part.
is_refused() {
	fails 1 "mc-weights: $1" "$2"
	ok "$2: nothing is in the cache" test -z "$(ls -A "$cache")"
}
# is_kept MESSAGE BYTES NAME: the part is there, but no file.
is_kept() {
	tail -n 1 err >last && mv last err
	fails 1 "mc-weights: $1; CACHE/$name.part keeps $2 bytes: run the same command again to continue" "$3"
	ok "$3: the part" test "$(wc -c <"$part")" -eq "$2"
	ok "$3: no file" test ! -e "$cache/$name"
}
said='trying again in 1 s (retry 1 of 4)'

# --- as it should be
get good
is_fetched 'a file'
ok 'a file: no word' test ! -s err
sed "s,$url,URL,g; s,$cache,CACHE,g" out >row
is_file row 'a file: its row' <<END
name	backbone	bytes	sha256	digits_compared	licence	access	from	to
$name	dinov2_vits14	20000	$sha256	64	Apache-2.0	open	URL/good/$name	CACHE/$name
END
again good
is_fetched 'a file that is there'
ok 'a file that is there: nothing is asked for' test ! -s log
cut -f 3,5,8 out | sed 1d >row
is_line row "$(printf '20000\t64\t')" 'a file that is there: its row'
get moved
is_fetched 'a redirect'
get chunks
is_fetched 'a size that is not told'
get good --progress
tr '\r' '\n' <err | tail -n 1 >row
is_line row "$name 0.0/0.0 MB" 'progress'
run mc-weights --sha256 "$sha256" --from "$url/good/x.pth" fetch "$name"
is_rc 0 'an address that names a file'
rm -rf "$TORCH_HOME"
run mc-weights --sha256 "$sha256" --from "HTTP${url#http}/good/x.pth" fetch "$name"
is_rc 0 'a protocol in capitals'
get good --sha256 "$(echo "$sha256" | tr a-f A-F)"
is_fetched 'a digest in capitals'
rm -rf "$TORCH_HOME"
http_proxy=$url mc-weights --sha256 "$sha256" --from http://weights.invalid/ \
    fetch "$name" >out 2>err
rc=$?
is_fetched 'a proxy'

# secret [OPTION...]: fetch from an address with a user and a password
secret() {
	rm -rf "$TORCH_HOME"
	run mc-weights --retries 1 -v --sha256 "$sha256" "$@" fetch "$name"
	cat out err >printed
	ok "a password is not printed: $*" test -z "$(grep heim printed)"
}
host=${url#http://}
secret --from "http://me:g%40heim@$host/private/"
is_fetched 'a user and a password'
cut -f 8 out | sed "1d; s,$url,URL," >row
is_line row "URL/private/$name" 'a user and a password: the row'
for kind in 401 500 other page; do
	secret --from "http://me:g%40heim@$host/$kind/"
	is_rc 1 "a user and a password: $kind"
done
secret --from "http://me:g%40heim@127.0.0.1:1/"
secret --from "ftp://me:g%40heim@127.0.0.1:1/"
is_rc 2 'a user and a password: another protocol'
secret --dry-run --from "http://me:g@heim@$host?q=a@b"
cut -f 8 out | sed "1d; s,$url,URL," >row
is_line row 'URL?q=a@b' 'an "@" that is no part of the host'

# --- files
run mc-weights --sha256 "$sha256" --from one fetch "$name"
rm -rf "$TORCH_HOME"
run mc-weights --sha256 "$sha256" --from one fetch "$name"
is_fetched 'a local file'
mkdir folder && cp one "folder/$name"
rm -rf "$TORCH_HOME"
run mc-weights --sha256 "$sha256" --from folder fetch "$name"
is_fetched 'a folder'
rm -rf "$TORCH_HOME"
run mc-weights --sha256 "$sha256" --from none fetch "$name"
is_refused 'none: No such file or directory' 'no such file'
run mc-weights --sha256 "$sha256" --from two fetch "$name"
is_refused "two: not the published file: its SHA-256 is $sha256_two, not $sha256: give --from another source" \
    'another file'
cp one "$part"
run mc-weights --sha256 "$sha256" --from "$part" fetch "$name"
fails 2 "mc-weights: $part: what is fetched is collected in this file: give --from another" \
    'the part itself'
ok 'the part itself stays' cmp one "$part"
run mc-weights --sha256 "$sha256" --from none fetch "$name"
ok 'a source that is missing leaves an old part' cmp one "$part"
run mc-weights --sha256 "$sha256" --from one fetch "$name"
is_fetched 'a local file replaces an old part'

# --- what may pass is tried again
get busy
is_err 'status 503, then the file' <<END
mc-weights: URL/busy/$name: the server answers with status 503: $said
END
is_fetched 'status 503, then the file'
get cut
is_err 'a broken connection' <<END
mc-weights: URL/cut/$name: the connection ended after 10000 of 20000 bytes: $said
END
is_fetched 'a broken connection'
is_file log 'the rest is asked for, of the same version' <<END
/cut/$name range= if-range=
/cut/$name range=bytes=10000- if-range="one"
END
get weak
is_fetched 'a weak ETag'
is_file log 'a weak ETag names no version' <<END
/weak/$name range= if-range=
/weak/$name range=bytes=10000- if-range=
END
get hurry
is_err 'status 429, then the file' <<END
mc-weights: URL/hurry/$name: the server answers with status 429: $said
END
is_fetched 'status 429, then the file'
get hang-up
is_fetched 'no reply, then the file'
get drip --retries 1
is_fetched 'a failure that brings bytes is no failure in a row'
get changed
is_fetched 'a file that changes between two requests'
get wrong-range
is_err 'a range that was not asked for' <<END
mc-weights: URL/wrong-range/$name: the connection ended after 10000 of 20000 bytes: $said
mc-weights: URL/wrong-range/$name: the server answers with another range than the one asked for: trying again in 2 s (retry 2 of 4)
END
is_fetched 'a range that was not asked for'
get starry
is_fetched 'a rest whose total is "*"'
is_file log 'a rest whose total is "*": it is used' <<END
/starry/$name range= if-range=
/starry/$name range=bytes=10000- if-range="one"
END
get no-range
is_fetched 'a server that has no such range'
get stall --timeout 1
sed 's/retry . of/retry N of/' err | sort -u >plain
is_file plain 'a stall' <<END
mc-weights: URL/stall/$name: nothing came for 1 s: trying again in 1 s (retry N of 4)
END
is_fetched 'a stall'

# --- what does not pass
get always-stall --timeout 3 --retries 0
is_kept "URL/always-stall/$name: nothing came for 3 s" 10000 'a lasting stall'
get always-cut --retries 1
is_kept "URL/always-cut/$name: the connection ended after 10000 of 20000 bytes" \
    10000 'a connection that always breaks'
wc -l <log | tr -d ' ' >count
is_line count 2 'a connection that always breaks: one retry'
get 500 --retries 1
sed -n '$p' err >last && mv last err
is_refused "URL/500/$name: the server answers with status 500" 'status 500'
get 404
is_refused "URL/404/$name: the server answers with status 404: give --from another address, or a file" \
    'status 404'
get 401
is_refused "URL/401/$name: the server answers with status 401: download the file with a browser, logged in where that is needed, and give --from FILE" \
    'status 401'
get 416
is_refused "URL/416/$name: the server answers with status 416: give --from another address, or a file" \
    'status 416 to what asks for all'
get 403
is_refused "URL/403/$name: the server answers with status 403: download the file with a browser, logged in where that is needed, and give --from FILE" \
    'status 403'
get loop
is_refused "URL/loop/$name: more than 10 redirects: give --from another address, or a file" \
    'redirects without end'
get no-http
is_refused "URL/no-http/$name: the server does not answer in HTTP: give --from another address, or a file" \
    'a server of another protocol'
get to-file
is_refused "URL/to-file/$name: redirects to what is not http or https: give --from another address, or a file" \
    'a redirect to a file'
get page
is_refused "URL/page/$name: the server sends a web page, not the file: open the address with a browser to see what it asks for, and give --from FILE" \
    'a web page'
page=$(printf '<!DOCTYPE html><title>Log in</title>' | sha256sum | cut -c 1-64)
get odd-page
is_refused "URL/odd-page/$name: not the published file, but an HTML page: its SHA-256 is $page, not $sha256: give --from another source" \
    'a web page that is not called one'
get other
is_refused "URL/other/$name: not the published file: its SHA-256 is $sha256_two, not $sha256: give --from another source" \
    'another file'
get too-long
is_refused "URL/too-long/$name: not the published file: its SHA-256 is $({ cat one; printf more; } | sha256sum | cut -c 1-64), not $sha256: give --from another source" \
    'more bytes'
get too-short
is_refused "URL/too-short/$name: not the published file: its SHA-256 is $(head -c 19999 one | sha256sum | cut -c 1-64), not $sha256: give --from another source" \
    'a size that is too small'
get empty
is_refused "URL/empty/$name: the file is empty: give --from another source" \
    'an empty file'
get unasked-range
is_refused "URL/unasked-range/$name: the server answers with another range than the one asked for" \
    'a part where the whole was asked for'
get mixed
tail -n 1 err >last && mv last err
ok 'a rest of another version is refused' grep -q 'not the published file' err
ok 'a rest of another version: nothing is in the cache' \
    test -z "$(ls -A "$cache")"
run mc-weights --from "$url/good/" fetch dinov2_vits14
sed -i "s,$url,URL," err
is_refused "URL/good/dinov2_vits14_pretrain.pth: the file there has 20000 bytes, but the published one 88283115: give --from another source" \
    'a size that is not the published one'
run mc-weights --from http://127.0.0.1:1/ fetch resnet18
sed -i 's/pth: .*: check/pth: WHY: check/' err
is_refused 'http://127.0.0.1:1/resnet18-f37072fd.pth: WHY: check the network and the proxy variables, or give --from FILE' \
    'no server'

# --- parts of earlier runs
half() {
	rm -rf "$TORCH_HOME"
	mkdir -p "$cache"
	head -c 10000 "$1" >"$part"
}
half one
again good
is_fetched 'a part is continued'
is_line log "/good/$name range=bytes=10000- if-range=" \
    'a part is continued: the rest is asked for'
half two
again good
is_fetched 'a part of another file'
is_err 'a part of another file' <<END
mc-weights: what an earlier run had left is of another file: fetching all of it again
END
half one
again other
is_rc 1 'a part, and a server with another file'
ok 'a part, and a server with another file: nothing is left of both' \
    test -z "$(ls -A "$cache")"
half one
again plain
is_fetched 'a part, and a server without ranges'
half one
cat one >"$part"
again good
is_fetched 'a whole part'
ok 'a whole part: nothing is asked for' test ! -s log
half one
cat one two >"$part"
again good
is_fetched 'a part that is too long'
half one
again 404
is_kept "URL/404/$name: the server answers with status 404: give --from another address, or a file" \
    10000 'a part, and a server that has lost the file'
half one
"$PYTHON3" -c 'import fcntl, os, sys, time
part = open(sys.argv[1])
fcntl.flock(part, fcntl.LOCK_SH)
open("locked", "w").close()
time.sleep(600)' "$part" &
holder=$!
while [ ! -e locked ] && kill -0 $holder; do sleep 0.1; done
again good
kill $holder
fails 1 "mc-weights: CACHE/$name.part: another process writes it: wait until it has ended" \
    'a part that another process writes'
rm "$part" && mkfifo "$part"
again good
fails 1 "mc-weights: CACHE/$name.part: not a regular file: remove it" \
    'a part that is a pipe'
rm "$part" && ln -s ../../../one "$part"
again good
is_rc 1 'a part that is a link is refused'
ok 'a part that is a link: what it names is as it was' \
    test "$(sha256sum <one | cut -c 1-64)" = "$sha256"

# --- interrupted, and a full disk
rm -rf "$TORCH_HOME"
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' mc-weights --sha256 "$sha256" \
    --from "$url/stall/2/" fetch "$name" >out 2>err &
pid=$!
n=0
while [ "$(cat "$part" 2>/dev/null | wc -c)" -lt 10000 ] && [ $n -lt 600 ]; do
	sleep 0.1
	n=$((n + 1))
done
kill -INT $pid
wait $pid
rc=$?
is_rc 130 'an interrupt ends it by the signal'
sed "s,$cache,CACHE,g" err >plain
is_file plain 'an interrupt keeps the part' <<END
mc-weights: interrupted; CACHE/$name.part keeps 10000 bytes: run the same command again to continue
END
again stall/2
is_fetched 'and the next run continues it'
is_line log "/stall/2/$name range=bytes=10000- if-range=" \
    'and the next run continues it: the rest is asked for'
rm -rf "$TORCH_HOME"
(ulimit -f 16; perl -e '$SIG{XFSZ} = "IGNORE"; exec @ARGV' mc-weights \
    --sha256 "$sha256" --from "$url/good/" fetch "$name") >out 2>err
rc=$?
ok 'a full disk: all that was written is kept' \
    grep -q " keeps $(($(wc -c <"$part"))) bytes" err
sed -i "s,$cache,CACHE,g; s,keeps [0-9]*,keeps N,; s,write: [^;]*,write: WHY," err
fails 1 "mc-weights: CACHE/$name.part: cannot write: WHY; CACHE/$name.part keeps N bytes: run the same command again to continue" \
    'a full disk'
ok 'a full disk: no file' test ! -e "$cache/$name"
again good
is_fetched 'when there is room again'

# --- without a digest
rm -rf "$TORCH_HOME"
run mc-weights --from "$url/good/" fetch "$name"
fails 2 "mc-weights: fetch: no SHA-256 of $name is known: give it as --sha256 HEX, or --allow-unverified" \
    'no digest'
run mc-weights --allow-unverified --from "$url/good/" fetch "$name"
is_fetched 'no digest, but --allow-unverified'
rm -rf "$TORCH_HOME"
run mc-weights --allow-unverified --retries 0 --from "$url/always-cut/" fetch "$name"
sed -i "s,$url,URL," err
is_refused "URL/always-cut/$name: the connection ended after 10000 of 20000 bytes" \
    'no digest: what could not be continued is not kept'
run mc-weights --allow-unverified --from "$url/odd-page/" fetch "$name"
sed -i "s,$url,URL," err
is_refused "URL/odd-page/$name: a web page, not weights: download it again" \
    'no digest: what is no file of weights is refused'
: >log
run mc-weights --allow-unverified --from "$url/untagged/" fetch "$name"
is_fetched 'no digest and no version'
is_file log 'no digest and no version: from the start' <<END
/untagged/$name range= if-range=
/untagged/$name range= if-range=
END
half two
: >log
run mc-weights --allow-unverified --from "$url/good/" fetch "$name"
is_fetched 'no digest: no part is continued'

# --- what is not there for everybody
run mc-weights --allow-unverified fetch uni
fails 2 'mc-weights: fetch: uni.bin must be asked for at https://huggingface.co/MahmoodLab/UNI: then run mc-weights --allow-unverified --from FILE fetch uni (see mc-weights --help)' \
    'what must be asked for is not fetched'
run mc-weights --dry-run fetch radimagenet-resnet50
fails 2 'mc-weights: fetch: radimagenet-resnet50.pt must be downloaded by hand at https://github.com/BMEII-AI/RadImageNet: then run mc-weights --allow-unverified --from FILE fetch radimagenet-resnet50 (see mc-weights --help)' \
    'nor what is on a page'
run mc-weights --allow-unverified --from one fetch uni
fails 1 'mc-weights: one: not the weights of uni: besides heads it has 1 array with 19928 elements, not 339 with 303147008; it fills no backbone of mc-embed --list' \
    'weights of another network'
ok 'weights of another network are not kept' test ! -e "$cache/uni.bin"
run mc-weights --sha256 "$sha256" --from "$url/good/$name" fetch uni
is_rc 0 'but it is from elsewhere'

# --- what is in the cache
run mc-weights list
awk -F '\t' -v n="$name" '$1 == n { print $8, $12 }' out >row
is_line row 'yes unknown' 'list: a digest that is not known'
run mc-weights --sha256 "$sha256_two" fetch "$name"
fails 1 "mc-weights: $cache/$name: not the published file: its SHA-256 is $sha256, not $sha256_two: remove it to fetch it again" \
    'another file in the cache'
ok 'another file in the cache stays' cmp one "$cache/$name"

rm -rf "$TORCH_HOME"
mkdir -p "$cache/resnet18-f37072fd.pth"
run mc-weights list
is_rc 0 'list: what cannot be read'
is_err 'list: what cannot be read' <<END
mc-weights: $cache/resnet18-f37072fd.pth: not a regular file: a folder
END
awk -F '\t' '$1 == "resnet18-f37072fd.pth" { print $8, $12 }' out >row
is_line row 'yes unreadable' 'list: what cannot be read: its row'
mc-weights -q list >quiet 2>err
ok 'list -q: no word' test ! -s err
ok 'list -q: the same table' cmp out quiet

# --- dry run, usage
rm -rf "$TORCH_HOME"
: >log
run mc-weights --dry-run fetch resnet50
sed "s,$cache,CACHE," out >row
is_file row 'a dry run' <<END
name	backbone	bytes	sha256	digits_compared	licence	access	from	to
resnet50-0676ba61.pth	resnet50	102530333	0676ba61	8	BSD-3-Clause	open	https://download.pytorch.org/models/resnet50-0676ba61.pth	CACHE/resnet50-0676ba61.pth
END
ok 'a dry run makes no folder' test ! -e "$TORCH_HOME"
run mc-weights --dry-run --from "$url/good/" fetch resnet50-11ad3fa6.pth
cut -f 8 out | sed "1d; s,$url,URL," >row
is_line row 'URL/good/resnet50-11ad3fa6.pth' 'a dry run with a mirror'
ok 'a dry run asks nobody' test ! -s log
run mc-weights fetch resnet99
fails 2 'mc-weights: fetch: no published file of "resnet99" is known: mc-weights list prints those that are; give another file to the programs with --weights' \
    'an unknown name'
run mc-weights fetch
fails 2 'mc-weights: fetch: no name given' 'no name'
run mc-weights fetch resnet18 resnet50
fails 2 'mc-weights: fetch: one name at a time' 'two names'
run mc-weights --sha256 12 fetch resnet18
fails 2 'mc-weights: --sha256: "12" is not 64 hexadecimal digits' 'no digest'
run mc-weights --sha256 "${sha256}no" fetch resnet18
fails 2 "mc-weights: --sha256: \"${sha256}no\" is not 64 hexadecimal digits" 'digits and more'
run mc-weights --dry-run --sha256 "F37072FD$(echo "$sha256" | cut -c 9-64)" fetch resnet18
is_rc 0 'the digits of the published one in capitals'
run mc-weights fetch folder/resnet18-f37072fd.pth
fails 2 'mc-weights: fetch: no published file of "folder/resnet18-f37072fd.pth" is known: mc-weights list prints those that are; give another file to the programs with --weights' \
    'a path is no name'
run mc-weights --sha256 "$sha256" fetch resnet18
fails 2 'mc-weights: --sha256: the digest of the published resnet18-f37072fd.pth begins with f37072fd' \
    'a digest that is not the published one'
run mc-weights --from ftp://host/ fetch resnet18
fails 2 'mc-weights: --from: "ftp://host/" is neither an address of http or https nor a file' \
    'another protocol'
run mc-weights --from one -o one fetch resnet18
fails 2 'mc-weights: --output one and one are the same file: the output would overwrite the input' \
    'an output that is the source'
run mc-weights --timeout 3 list
fails 2 'mc-weights: list: takes no --timeout' 'an option out of place'
unset TORCH_HOME
HOME=
export HOME
run mc-weights fetch resnet18
fails 1 "mc-weights: the place of PyTorch's cache is not known: set TORCH_HOME" \
    'no cache'
done_testing
