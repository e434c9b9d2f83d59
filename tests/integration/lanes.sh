#!/usr/bin/env bash
# However many lanes write, and however many consumers share the partitions, the reports are the same.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish small

for lanes in 1 2 4 8; do
    # The same topic into a fresh database: every message is read again from its beginning.
    query "create database lanes_$lanes" > /dev/null
    COOP_DATABASE="$COOP_DATABASE dbname=lanes_$lanes"
    consumer="$COOP_DATABASE user=coop_consumer"
    coop-admin migrate > /dev/null 2>&1
    coop-admin reference "$SOURCE/sql/reference" > /dev/null
    coop-consumer --until-end --lanes "$lanes" --group "lanes-$lanes" --database "$consumer" --schemas "$(all_schemas)" \
        --batch-rows 50 2> "$work/consumer.err" || fail "$lanes lanes: $(tail -n 1 "$work/consumer.err")"
    reports_are_golden small
    everything_accounted_for 881
done
done_ok 'the same reports with 1, 2, 4 and 8 lanes'
