#!/usr/bin/env bash
# pgTAP on a throw-away PostgreSQL: rights, rules, positions, comments, promised columns.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
database_up

query 'create schema if not exists tap; create extension pgtap schema tap' ||
    { echo 'pgTAP is not installed for this PostgreSQL'; has_passed=yes; exit 77; }
for file in "$SOURCE"/tests/sql/*.sql; do
    psql -X -q -At -v ON_ERROR_STOP=1 -v data="$SOURCE/tests/sql" -d "$COOP_DATABASE" -f "$file" > "$work/tap" 2> "$work/err" ||
        fail "$(basename "$file"): $(cat "$work/err")"
    ! grep -E '^(not ok|# Looks like)' -A 4 "$work/tap" || fail "$(basename "$file")"
    grep -qE '^1\.\.[1-9]' "$work/tap" || fail "$(basename "$file") ran no test"
    echo "$(basename "$file"): $(grep -c '^ok' "$work/tap") ok"
done
done_ok 'pgTAP'
