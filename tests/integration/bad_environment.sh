#!/usr/bin/env bash
# Odd PG* variables, locales and time zones change nothing: the same reports, to the letter, Chinese and Urdu included.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
publish small
COOP_SCHEMAS=$(all_schemas)

# Every column of what is stored, duplicates and rejects included, but for what each run numbers and dates anew.
facts() {
    query "select md5(string_agg(row, E'\\n' order by row collate \"C\")) from (
        select (to_jsonb(e) - '{ingested_at,schema_id}'::text[])::text as row from event.outreach as e
        union all select (to_jsonb(e) - '{ingested_at,schema_id}'::text[])::text from event.agreement as e
        union all select (to_jsonb(e) - '{ingested_at,schema_id}'::text[])::text from event.training as e
        union all select (to_jsonb(d) - '{seen_at}'::text[])::text from ingest.duplicate as d
        union all select (to_jsonb(r) - '{rejected_at,reject_id}'::text[])::text from ingest.reject as r) as f"
}
consume_to_end
reports_are_golden small
plain=$(facts)
expect 'Chinese and Urdu among them' \
    "$(query "select bool_or(t ~ '[一-鿿]') and bool_or(t ~ '[؀-ۿ]') from (select to_jsonb(e)::text from event.outreach as e) as f (t)")" t

# odd VARIABLE=VALUE...: everything from the beginning, with them set for our programs alone.
odd() {
    forget_events
    expect_exit 0 env "$@" coop-admin migrate
    expect_exit 0 env "$@" coop-admin reference "$SOURCE/sql/reference"
    expect_exit 0 env "$@" coop-consumer --until-end --database "$consumer"
    expect_exit 0 env "$@" coop-admin status
    expect "facts with $*" "$(facts)" "$plain"
}
odd PGCLIENTENCODING=LATIN1 LC_ALL=C TZ=Asia/Kathmandu \
    PGOPTIONS='-c search_path=nowhere -c datestyle=German -c intervalstyle=iso_8601 -c standard_conforming_strings=off'
odd PGCLIENTENCODING=SQL_ASCII LC_ALL=POSIX TZ=UTC-14 PGTZ=America/St_Johns PGDATESTYLE='German, DMY' \
    PGOPTIONS='-c bytea_output=escape -c extra_float_digits=-10 -c quote_all_identifiers=on -c statement_timeout=1 -c lock_timeout=1'
odd LC_ALL=xx_YY.nonsense LANG=ur_PK TZ=:nowhere \
    PGOPTIONS='-c default_transaction_isolation=serializable -c timezone=Asia/Karachi -c array_nulls=off -c transform_null_equals=on'

# The producers' bytes do not depend on them, either.
hash() {
    local partition
    for partition in 0 1 2 3 4 5; do
        kcat -C -q -e -b "$COOP_BROKERS" -t "$1" -p "$partition" -o beginning -f '%R%s'
    done | md5sum
}
coop-admin topics plain.v1 odd.v1 > /dev/null
coop-outreach --topic plain.v1 --allow-unnamed "$golden/small/outreach.jsonl" 2> /dev/null
LC_ALL=C TZ=Pacific/Apia PGCLIENTENCODING=LATIN1 coop-outreach --topic odd.v1 --allow-unnamed "$golden/small/outreach.jsonl" 2> /dev/null
expect 'the bytes of an odd locale' "$(hash odd.v1)" "$(hash plain.v1)"

# libpq's own words do not come between ours.
PGOPTIONS='-c client_min_messages=debug5' coop-admin status > /dev/null 2> "$work/err"
expect 'words of libpq' "$(cat "$work/err")" ''

# Read-only is meant: a standby, or a database that somebody has frozen. It is said, and nothing is forced.
export PGOPTIONS='-c default_transaction_read_only=on'
for verb in migrate "reference $SOURCE/sql/reference"; do
    read -ra words <<< "$verb"
    fails 69 'read-only transaction & turn default_transaction_read_only off' coop-admin "${words[@]}"
done
fails 69 'read-only transaction & connect to the primary' coop-consumer --until-end --database "$consumer" --schemas "$SOURCE/schemas" \
    --group other
expect_exit 0 coop-admin status
done_ok 'odd surroundings change nothing'
