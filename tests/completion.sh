#!/bin/sh
# doc/completion.sh: what bash and zsh offer.
. "$abs_srcdir/tests/tap.sh"

mkdir empty
touch empty/table.tsv empty/table.tex
cat >offer <<'EOF'
# offer COMMAND [WORD]...: print what is offered for the last word.
offer() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_mctools "$1" "${@: -1}" "${@: -2:1}"
	echo $(printf '%s\n' "${COMPREPLY[@]}" | sort)
}
. "$abs_srcdir/doc/completion.sh"
cd empty
EOF
export abs_srcdir

while IFS='|' read -r name wanted words; do
	# shellcheck disable=SC2086
	eval "set -- $words"
	bash -c '. ./offer; offer "$@"' sh "$@" >out 2>&1
	echo "$wanted" >wanted
	ok "bash: $name" diff wanted out
done <<'EOF'
options|--backbone --batch|mc-train --ba
the words of an option|finetune frozen|mc-train --regime ''
some of them|finetune|mc-train --regime fi
the words behind =|finetune|mc-train --regime = fi
a file|table.tex table.tsv|mc-tex -o ta
an operand|table.tex table.tsv|mc-tex --order given ta
a file for any other value|table.tex table.tsv|mc-split --keep ''
backbones|dinov2_vits14 dinov2_vits14_reg|mc-embed --backbone dinov2_vits
commands|convert|mc-weights c
options of a script|--requeue|mc-slurm --r
EOF
for program in $MC_PROGRAMS $MC_SCRIPTS; do
	ok "bash: ${program#cmd/} has completion" \
	    bash -c '. ./offer; complete -p "$1"' sh "${program#cmd/}"
done
if command -v zsh >/dev/null; then
	cat >in_zsh <<-'EOF'
	autoload -U compinit bashcompinit
	compinit -u -d dump
	bashcompinit
	emulate sh -o kshglob
	. ./offer
	offer mc-train --regime ''
	EOF
	zsh -f in_zsh >out 2>&1
	echo 'finetune frozen' >wanted
	ok 'zsh: the words of an option' diff wanted out
else
	skip 'zsh: the words of an option' 'no zsh'
fi
done_testing
