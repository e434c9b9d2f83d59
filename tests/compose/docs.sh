#!/usr/bin/env bash
# The commands of docs/compose.md do what the page says.
# shellcheck source=support.sh
source "$(dirname "$0")/support.sh" || exit 70
needs apache/kafka:4.3.1 postgres:18 prom/prometheus:v3.5.3
prepare
rm -r "$work/deploy/secrets" # the page makes them
awk '$0 == "```sh" { on = 1; next } /^```/ { on = 0 } on' "$SOURCE/docs/compose.md" > "$work/commands"
(($(wc -l < "$work/commands") > 15)) || fail 'docs/compose.md has lost its commands'
cd "$work"
unset COOP_BROKERS COOP_DATABASE
{ echo "trap 'echo \"failed: \$BASH_COMMAND\" >&2' ERR"; cat "$work/commands"; } > "$work/script"
PGPORT=$POSTGRES_PORT timeout 600 bash -Eeuo pipefail "$work/script" > "$work/out" 2> "$work/err" < /dev/null ||
    fail "docs/compose.md: $(grep -E '^failed|error|Error' "$work/err" | tail -n 5)"

# says WORDS
says() {
    grep -qF -- "$1" "$work/out" || fail "docs/compose.md: its commands do not say \"$1\""
}
says 'CMP-STZA-FORUM-2022 | Invited'
says '0 warn, 0 fail'
says 'stored=18 duplicates=0 rejects_open=0 unfolded=0'
says '(healthy)'
says 'CMP-STZA-FORUM-2022 | INVITED'
grep -q 'published=0\|checked' "$work/out" "$work/err" || fail 'the line was not checked'
[[ -s $work/coop.dump ]] || fail 'there is no dump'
find_logins
expect 'events after down and up' "$(query 'select count(*) from state.event')" 18
done_ok 'the commands of docs/compose.md'
