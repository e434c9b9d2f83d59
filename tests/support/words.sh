# shellcheck shell=bash
# Words of all tests of the real thing. Whoever sources this removes $work at its end, if has_passed says so.
# BIN is the build folder whose programs are tested.
set -euo pipefail

SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BIN=${BIN:-$SOURCE/build/dev}
# shellcheck disable=SC2034 # for the test that sources this
golden=$SOURCE/tests/data/golden
export PATH=$BIN/producers:$BIN/consumers:$BIN/admin:$BIN/reports:$BIN/tests:$PATH
export COOP_SCHEMAS=$SOURCE/schemas COOP_SQL=$SOURCE/sql
# Leaks are the unit tests' matter; librdkafka's threads make LeakSanitizer slow at every exit.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
work=$(mktemp -d "${TMPDIR:-/tmp}/coop-test.XXXXXX")
has_passed=''

# Of a test that has failed the files stay.
remove_work() {
    if [[ -n $has_passed ]]; then
        rm -rf "$work"
    else
        echo "FAILED; its files are in $work" >&2
        return 1
    fi
}

done_ok() {
    has_passed=yes
    echo "ok: $*"
}

fail() {
    echo "not ok: $*" >&2
    exit 1
}

# expect WHAT GOT WANTED
expect() {
    [[ $2 == "$3" ]] || fail "$1: got \"$2\", wanted \"$3\""
}

query() {
    psql -X -q -At -v ON_ERROR_STOP=1 -d "${as:-$COOP_DATABASE}" -c "$1"
}

caught_up() {
    coop-admin status > "$work/status" 2>&1
}

# wait_until SECONDS COMMAND...
wait_until() {
    local tries=$(($1 * 4))
    shift
    for ((; tries > 0; tries--)); do
        "$@" && return 0
        sleep 0.25
    done
    fail "waited in vain: $*"
}

# For a profile that was published more than once: only what counts messages may differ.
reports_but_counts_are_golden() {
    "$golden/compare.sh" "$golden/$1" "$COOP_DATABASE" > "$work/compare" || true
    expect 'reports that differ' "$(grep -E '^(differs|failed)' "$work/compare" | grep -vE ' (duplicate_counts|reject|reject_summary)$' || true)" ''
    grep -q '^equal' "$work/compare" || fail "no report of $1 was compared"
}
