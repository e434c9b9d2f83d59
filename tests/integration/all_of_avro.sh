#!/usr/bin/env bash
# Every Avro type goes into its column or is refused by name: tests/data/avro_cases/README.md. All cases in
# one run of the consumer, their messages encoded by others, their rows as psql prints them.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# The system's own interpreter: that is the one whose packages apt installs.
/usr/bin/python3 "$SOURCE/tests/support/avro_cases.py" "$SOURCE/tests/data/avro_cases" "$work" "$BIN/tests/avro_c" ||
    fail 'other implementations of Avro disagree with the case files, or with each other'
stack_up

psql -X -q -v ON_ERROR_STOP=1 -d "$COOP_DATABASE" << END
create schema avro_cases;
\i $work/tables.sql
create view avro_cases.reject as
    select s.topic, r.kafka_offset, r.reason || coalesce(' ' || substring(r.detail from '(?:field|column) "[^"]*"'), '')
    from ingest.reject as r join ingest.stream as s using (stream_id);
grant usage on schema avro_cases to coop_consumer;
grant select, insert on all tables in schema avro_cases to coop_consumer;
END
mapfile -t topics < "$work/topics"
coop-admin topics --partitions 1 "${topics[@]}" > /dev/null
publish_raw "$COOP_BROKERS" "$work/messages.tsv"
routes=()
for topic in "${topics[@]}"; do routes+=(--route "$topic=avro_cases.$topic"); done
coop-consumer --until-end --database "$consumer" --group cases --schemas "$work/schemas" "${routes[@]}" 2> "$work/err" ||
    fail "coop-consumer: $(tail -n 3 "$work/err")"

# agree WHAT WORDS: what psql says is what the case files say.
agree() {
    PGTZ=UTC psql -X -q -At -P null=NULL -v ON_ERROR_STOP=1 -d "$COOP_DATABASE" -f "$work/$1.sql" -o "$work/$1.got"
    diff "$work/$1.expected" "$work/$1.got" || fail "$2 (< wanted, > got)"
}
agree schemas 'rows name other schemas, or other fingerprints, than their messages were written with'
agree rows 'rows are not as the case files say'

# What cannot go into its table is refused before anything is read, with a line that names it.
while IFS=$'\t' read -r name words; do
    expect_exit 78 coop-consumer --until-end --database "$COOP_DATABASE" --group "$name" \
        --schemas "$work/refused/$name" --route "$name=avro_cases.$name"
    expect_says "$words"
done < "$work/refused.tsv"
done_ok "$(wc -l < "$work/topics") tables, $(wc -l < "$work/messages.tsv") messages, $(wc -l < "$work/refused.tsv") refusals at the start"
