# shellcheck shell=bash disable=SC2154
# Random histories in databases of their own, compared with the plain definition of the reports.
# shellcheck source=stack.sh
source "$(dirname "${BASH_SOURCE[0]}")/stack.sh"
servers_up postgres

# histories_up DATABASE: prepared, with the plain definition beside the project's.
histories_up() {
    local name="$COOP_DATABASE dbname=$1"
    query "create database $1"
    coop-admin migrate --database "$name" > /dev/null 2>&1
    coop-admin reference --database "$name" "$SOURCE/sql/reference" > /dev/null
    {
        echo 'create schema slow; create schema slow_state;'
        sed -E 's/\bstate\./slow_state./g; s/\breporting\./slow./g' "$SOURCE/tests/data/slow_reports.sql"
    } | psql -X -q -v ON_ERROR_STOP=1 -d "$name" > /dev/null 2>&1 || fail 'the plain definition does not load'
}

# compare_histories DATABASE FIRST COUNT [TOGETHER]: a line for each report or table of the state that differs. TOGETHER (10)
# histories lie side by side, and are folded one after the other: the comparison costs more than they do.
compare_histories() {
    local seed together=${4:-10}
    {
        cat "$SOURCE/tests/data/compare_reports.sql"
        for ((seed = $2; seed < $2 + $3; seed += together)); do
            echo 'call pg_temp.forget();'
            python3 "$SOURCE/tests/support/make_history.py" "$seed" 100 "$together"
            echo "select 'from $seed on', * from pg_temp.differing_reports() union all select 'from $seed on', * from pg_temp.differing_state();"
        done
    } | psql -X -q -At -v ON_ERROR_STOP=1 -d "$COOP_DATABASE dbname=$1" 2> "$work/$1.err" ||
        echo "failed: $(grep -m 1 ERROR "$work/$1.err")"
}
