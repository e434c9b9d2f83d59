# shellcheck shell=bash disable=SC2154
# For tests of bad surroundings; sourced after stack.sh. The promise is the same everywhere: one line of ours on
# standard error says what is wrong, and the exit code is that of the contract.

# one_line NAME WORDS...: NAME.err has one line beside summaries and the events of a program's life, with these words.
one_line() {
    local name=$1 line word
    shift
    line=$(grep -vE '^published=| (info|debug): ' "$name.err" || true)
    [[ -n $line && $(wc -l <<< "$line") -eq 1 ]] || fail "$(cat "$name.what"): wanted one line, got: ${line:-none}"
    for word in "$@"; do
        grep -qiE -- "$word" <<< "$line" || fail "$(cat "$name.what"): wanted \"$word\", got: $line"
    done
}

# fails EXIT WORDS COMMAND...: WORDS are extended regular expressions, parted by " & ".
fails() {
    begin_failing "$@"
    all_have_failed
}

# begin_failing EXIT WORDS COMMAND...: the same, beside others; all_have_failed waits for them and looks.
cases=0
begin_failing() {
    local name=$work/case.$((++cases))
    printf '%s\n' "$1" > "$name.wanted"
    printf '%s\n' "$2" > "$name.words"
    shift 2
    printf '%s\n' "$*" > "$name.what"
    {
        local code=0
        timeout 100 "$@" > "$name.out" 2> "$name.err" < "${input:-/dev/null}" || code=$?
        echo "$code" > "$name.code"
    } &
    begun+=($!)
}

begun=()
all_have_failed() {
    local name wanted_words code
    wait "${begun[@]}"
    begun=()
    for name in "$work"/case.*.what; do
        name=${name%.what}
        code=$(cat "$name.code")
        [[ $code -eq $(cat "$name.wanted") ]] ||
            fail "$(cat "$name.what"): exit $code, wanted $(cat "$name.wanted"): $(tail -n 3 "$name.err")"
        mapfile -t wanted_words < <(sed 's/ & /\n/g' "$name.words")
        one_line "$name" "${wanted_words[@]}"
        # No test has another password.
        ! grep -q hush "$name.err" "$name.out" || fail "$(cat "$name.what"): tells the password: $(grep -h hush "$name".*)"
        [[ -z ${SHOW-} ]] || grep -vE '^published=| (info|debug): ' "$name.err" >&2
        rm -f "$name".*
    done
}

# As whoever may read what all may read; root may read what nobody else may.
# shellcheck disable=SC2034 # for the test that sources this
as_nobody=()
# shellcheck disable=SC2034
[[ $EUID -ne 0 ]] || as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# strange_server KIND: starts one and sets strange_port; the clean-up ends it with the other jobs.
strange_server() {
    # shellcheck disable=SC2034 # for the test that sources this
    local file=$work/port.$1
    python3 "$SOURCE/tests/support/strange_server.py" "$1" > "$file" 2> /dev/null &
    wait_until 10 test -s "$file"
    # shellcheck disable=SC2034 # for the test that sources this
    strange_port=$(cat "$file")
}
