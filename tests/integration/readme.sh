#!/usr/bin/env bash
# The commands of README.md do what it says.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish seed
consume_to_end

# The demo has tests of its own: here its psql is ours, and its first line is done already.
psql_as_analyst() {
    PGOPTIONS='-c coop.report_date=2022-06-30' psql -X -d "$analyst" "$@"
}
export -f psql_as_analyst
export analyst
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$SOURCE/README.md" |
    grep -vE '^\./(demo|check) +#' | sed 's#\./demo --psql#psql_as_analyst#' > "$work/commands"
[[ $(wc -l < "$work/commands") -gt 12 ]] || fail 'README.md has lost its commands'
ln -s "$SOURCE/sql" "$work/sql"
export COOP_DATABASE
(cd "$work" && bash -euo pipefail "$work/commands") > "$work/out" 2> "$work/err" || fail "$(tail -n 3 "$work/err")"
for words in 'published=1 acknowledged=1' '"event_id"' agreement_pipeline CMP-STZA-FORUM-2022 NEGOTIATING '0 files applied' 'stored=19 '; do
    expect_says "$words"
done
done_ok 'the commands of README.md'
