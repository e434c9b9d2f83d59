#!/usr/bin/env bash
# Every program keeps the same contract on its command line.
set -euo pipefail
BIN=${BIN:?the build folder}
export ASAN_OPTIONS=detect_leaks=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# check WHAT WANTED-EXIT COMMAND...: and $work/out, $work/err for a closer look.
check() {
    local what=$1 wanted=$2 code=0
    shift 2
    "$@" > "$work/out" 2> "$work/err" < /dev/null || code=$?
    [[ $code -eq $wanted ]] || { echo "not ok: $what: exit $code, wanted $wanted: $(cat "$work/err")"; failures=$((failures + 1)); }
}

says() {
    grep -qF -- "$2" "$work/$1" || { echo "not ok: wanted \"$2\", got: $(head -n 3 "$work/$1")"; failures=$((failures + 1)); }
}

mapfile -t verbs < <("$BIN/admin/coop-admin" --help | sed -nE 's#^  ([a-z]+) +.*#admin/coop-admin \1#p')
[[ ${#verbs[@]} -gt 6 ]] || { echo 'not ok: coop-admin --help lists no verbs'; failures=1; }
programs=(producers/coop-outreach producers/coop-agreement producers/coop-training consumers/coop-consumer reports/coop-report "${verbs[@]}")
for program in "${programs[@]}"; do
    read -ra words <<< "$BIN/$program"
    check "$program --help" 0 "${words[@]}" --help
    says out 'Usage:'
    [[ ! -s $work/err ]] || { echo "not ok: $program --help writes to standard error"; failures=$((failures + 1)); }
    check "$program --version" 0 "${words[@]}" --version
    says out '(Cooptrack)'
    check "$program --nonsense" 64 "${words[@]}" --nonsense
    says err 'unknown option "--nonsense"; try --help'
    [[ $(wc -l < "$work/err") -eq 1 ]] || { echo "not ok: $program says more than one line"; failures=$((failures + 1)); }
    check "$program --log-level loud" 64 "${words[@]}" --log-level loud
    says err '"loud" is none of: error, warning, info, debug'
done
check 'coop-admin without a verb' 64 "$BIN/admin/coop-admin"
check 'coop-admin with a wrong one' 64 "$BIN/admin/coop-admin" mirgate
says err 'unknown verb "mirgate"; try --help'
check 'rejects without a word' 64 "$BIN/admin/coop-admin" rejects
says err 'list, show, replay or discard'
check 'rejects with a wrong word' 64 "$BIN/admin/coop-admin" rejects reply
check 'show without a reject' 64 "$BIN/admin/coop-admin" rejects show
check 'replay without a filter' 64 "$BIN/admin/coop-admin" rejects replay
says err 'give rejects, a filter such as --reason, or --all'
check 'rejects by name and by filter' 64 "$BIN/admin/coop-admin" rejects replay 5 --topic x
check 'a replay of what is settled' 64 "$BIN/admin/coop-admin" rejects replay --all --state replayed
check 'discard without a reason' 64 "$BIN/admin/coop-admin" rejects discard 5 --by ali
says err '--why TEXT'
check 'discard without a name' 64 "$BIN/admin/coop-admin" rejects discard 5 --why 'no use'
says err '--by NAME'
check 'coop-consumer with an operand' 64 "$BIN/consumers/coop-consumer" words
check 'coop-report with an operand' 64 "$BIN/reports/coop-report" words

export COOP_SCHEMAS=$work
check 'an empty schema folder' 78 "$BIN/consumers/coop-consumer" --database x
says err 'no *.avsc in the schema folder'
check 'a missing schema' 78 "$BIN/producers/coop-outreach" --dry-run
unset COOP_SCHEMAS
schemas=$(cd "$(dirname "$0")/../../schemas" && pwd)
check 'a missing file' 66 "$BIN/producers/coop-outreach" --schemas "$schemas" --dry-run "$work/none.jsonl"
check 'a directory for a file' 66 "$BIN/producers/coop-outreach" --schemas "$schemas" --dry-run "$work"
says err 'is a directory'
: > "$work/empty.jsonl"
check 'an empty file' 0 "$BIN/producers/coop-outreach" --schemas "$schemas" --dry-run "$work/empty.jsonl"
says err 'published=0 acknowledged=0 rejected=0 spooled=0 seconds='
check 'a source that is no text' 64 "$BIN/producers/coop-outreach" --schemas "$schemas" --dry-run --source $'\xff' "$work/empty.jsonl"
says err 'option "--source" is not UTF-8; try --help'
check 'a wrong route' 64 "$BIN/consumers/coop-consumer" --schemas "$schemas" --route nothing
check 'a fixed setting' 78 "$BIN/producers/coop-outreach" --schemas "$schemas" -X enable.idempotence=false "$work/empty.jsonl"
says err '"enable.idempotence" cannot be changed'
check 'an unknown setting' 78 "$BIN/producers/coop-outreach" --schemas "$schemas" -X no.such=1 "$work/empty.jsonl"
says err 'has no setting "no.such"'
check 'a full disk' 74 sh -c "\"\$0\" migrate --help > /dev/full" "$BIN/admin/coop-admin"

[[ $failures -eq 0 ]] && echo 'ok: the command line of every program'
