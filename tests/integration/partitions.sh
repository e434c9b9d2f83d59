#!/usr/bin/env bash
# However many partitions the keys fall to, and so in whatever order events of different keys come: the same reports.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
servers_up
consumer="$COOP_DATABASE user=coop_consumer"
for partitions in 1 13; do
    query 'drop schema if exists event, state, reporting, reference, ingest cascade' 2> /dev/null
    for topic in coop.outreach.v1 coop.agreement.v1 coop.training.v1; do
        delete_topic "$COOP_BROKERS" "$topic" 2> /dev/null || true
    done
    is_made() {
        coop-admin topics --partitions "$partitions" > "$work/topics" 2> /dev/null &&
            [[ $(grep -c ", $partitions partitions\|: made, $partitions" "$work/topics") -eq 3 ]]
    }
    wait_until 30 is_made
    coop-admin migrate > /dev/null 2>&1
    coop-admin reference "$SOURCE/sql/reference" > /dev/null
    publish small
    consume_to_end
    reports_are_golden small
    coop-admin rebuild > /dev/null
    reports_are_golden small
done
done_ok 'one partition, thirteen partitions, the same reports'
