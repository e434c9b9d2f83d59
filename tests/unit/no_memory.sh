#!/usr/bin/env bash
# Without memory a producer ends with one line and exit 70; no line of its input is called bad.
set -euo pipefail
BIN=${BIN:?the build folder}
schemas=$(cd "$(dirname "$0")/../../schemas" && pwd)
program=$BIN/producers/coop-outreach
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
export ASAN_OPTIONS=detect_leaks=0
has_sanitizer=false
if grep -q __asan_init "$program"; then
    has_sanitizer=true
fi

# take LIMIT FILE: checks the file's lines with so little memory, and sets code. The sanitizer's
# allocator refuses what is larger than LIMIT MiB; without it LIMIT KiB are all there is.
take() {
    local options=$ASAN_OPTIONS
    code=0
    (
        if $has_sanitizer; then
            options+=:allocator_may_return_null=1:max_allocation_size_mb=$1
        else
            ulimit -v "$1"
        fi
        ASAN_OPTIONS=$options exec "$program" --schemas "$schemas" --dry-run "$2"
    ) > "$work/out" 2> "$work/err" || code=$?
}

not_ok() {
    echo "not ok: $*"
    sed 's/^/  /' "$work/err"
    failures=$((failures + 1))
}

# One line of ours, beside the sanitizer's warnings.
check_exhausted() {
    [[ $code -eq 70 ]] || not_ok "$1: exit $code, wanted 70"
    grep -qE '^[^ ]+Z (cooptrack|coop-outreach) error: out of memory$' "$work/err" || not_ok "$1: no line that says so"
    [[ $(grep -cvE '^(==|    #|$)' "$work/err") -eq 1 ]] || not_ok "$1: more than one line"
}

# A line that is taken; and one that is not, for which jansson needs a table of 4 MiB.
"$program" --schemas "$schemas" --template > "$work/small"
{
    printf '{"occurred_at": "2022-06-20", "parties": [0'
    printf ',0%.0s' {1..400000}
    printf ']}\n'
} > "$work/long"

if $has_sanitizer; then
    take 1 "$work/small"
    check_exhausted 'a schema'
    take 3 "$work/small"
    [[ $code -eq 0 ]] || not_ok "a small line: exit $code"
    take 3 "$work/long"
    check_exhausted 'a long line'
else
    # Every limit from where the system can start the program (else 127) to where it can do its work.
    exhausted=0
    limit=4000
    for case in small:0 long:65; do
        while [[ $limit -lt 1000000 ]]; do
            limit=$((limit + 128))
            take "$limit" "$work/${case%:*}"
            [[ $code -ne "${case#*:}" ]] || break
            [[ $code -eq 127 ]] && continue
            check_exhausted "the ${case%:*} line with $limit KiB"
            exhausted=$((exhausted + 1))
        done
    done
    [[ $exhausted -gt 50 ]] || not_ok "only $exhausted runs were without memory"
fi
take 1000000 "$work/long"
[[ $code -eq 65 ]] || not_ok "a long line, and memory enough: exit $code, wanted 65"
[[ $(grep -c "^$work/long:1: " "$work/err") -eq 1 ]] || not_ok 'a long line, and memory enough: not told once'

[[ $failures -eq 0 ]] && echo 'ok: no_memory'
