# bash completion of the programs of Cooptrack: what they take is what they print with --help.

_cooptrack_words() {
    "$@" --help 2> /dev/null | sed -nE "$words_of"
}

_cooptrack() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local program=("${COMP_WORDS[0]}") words_of choices
    COMPREPLY=()
    if [[ ${program[0]##*/} == coop-admin ]]; then
        if [[ $COMP_CWORD -eq 1 ]]; then
            words_of='s/^  ([a-z]+) +.*/\1/p'
            mapfile -t COMPREPLY < <(compgen -W "$(_cooptrack_words "${program[@]}") --help --version" -- "$current")
            return
        fi
        program+=("${COMP_WORDS[1]}")
    fi
    # The words that an option takes stand after its explanation: ": stop, skip [stop]".
    if [[ $before == --* ]]; then
        words_of="s/^ .*$before [A-Z]+ .*: ([a-z]+(, [a-z]+)+)( \[.*)?\$/\1/p"
        choices=$(_cooptrack_words "${program[@]}")
        if [[ -n $choices ]]; then
            mapfile -t COMPREPLY < <(compgen -W "${choices//,/}" -- "$current")
            return
        fi
    fi
    if [[ $current == -* ]]; then
        words_of='s/^ .*(--[a-z-]+).*/\1/p'
        mapfile -t COMPREPLY < <(compgen -W "$(_cooptrack_words "${program[@]}" | sort -u)" -- "$current")
    fi
}

complete -o default -F _cooptrack coop-outreach coop-agreement coop-training coop-consumer coop-report coop-admin
