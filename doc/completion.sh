# Completion of mctools' options and of their words, for bash and zsh:
#
#	. doc/completion.sh
#
# Once installed with bash-completion, bash finds it by itself.  zsh needs
# `autoload -U bashcompinit compinit; compinit; bashcompinit` before it.
#
# What a program offers is what its --help says, asked once in a shell.

typeset -A _mctools_help

# Print the lines of --help of PROGRAM that describe options.
_mctools_options() {
	[ -n "${_mctools_help[$1]-}" ] || _mctools_help[$1]=$("$1" --help 2>/dev/null |
	    sed -n 's/^  \(-., \|    \)\(--[A-Za-z]\)/\2/p')
	printf '%s\n' "${_mctools_help[$1]}"
}

# Print the names of backbones.
_mctools_backbones() {
	[ -n "${_mctools_help[backbones]-}" ] ||
		_mctools_help[backbones]=$(mc-weights list 2>/dev/null |
		    sed 1d | cut -f 2 | sort -u)
	printf '%s\n' "${_mctools_help[backbones]}"
}

_mctools() {
	local program=$1 word=$2 previous=$3 value words
	COMPREPLY=()
	# bash parts --option=value at the =.
	if [ "$word" = = ]; then
		word=
	elif [ "$previous" = = ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $previous in
	--*) value=$(_mctools_options "$program" |
	    sed -n "s/^$previous \([^ ]*\)\( .*\)*\$/\1/p") ;;
	-o) value=FILE ;;
	esac
	case $value in
	*'|'*) words=$(printf '%s' "$value" | tr '|' ' ') ;;
	NAME) [ "$previous" != --backbone ] || words=$(_mctools_backbones) ;;
	[A-Z]*)	;;
	*)
		case $word in
		-*) words=$(_mctools_options "$program" |
		    sed 's/^\(--[A-Za-z0-9-]*\).*/\1/') ;;
		*)
			[ "$program" != mc-weights ] || [ "$COMP_CWORD" -ne 1 ] ||
				words='list fetch path show verify convert' ;;
		esac ;;
	esac
	if [ -n "$words" ]; then
		COMPREPLY=($(compgen -W "$words" -- "$word"))
	else
		COMPREPLY=($(compgen -f -- "$word"))
	fi
}

complete -o filenames -F _mctools mc-bootstrap mc-compare mc-confusion mc-curve \
    mc-describe mc-embed mc-explain mc-gpu mc-import mc-index mc-montage mc-pack \
    mc-phantom mc-phash mc-plot mc-power mc-predict mc-report mc-slurm mc-split mc-tex \
    mc-threshold mc-train mc-weights
