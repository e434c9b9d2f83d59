#!/usr/bin/env bash
# A topic that was deleted and made anew is another one: its partitions stand still, and say so.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish seed
consume_to_end
before=$(query 'select count(*) from event.training')

remake() {
    delete_topic "$COOP_BROKERS" coop.training.v1
    sleep 1
    coop-admin topics > /dev/null
}

# Shorter than it was: the position lies behind its end.
remake
expect_exit 78 coop-consumer --until-end --database "$consumer"
expect_says 'the log ends before it'

# As long as it was, or longer: the record before the position is not the one that was stored.
coop-training "$golden/seed/training.jsonl" "$golden/seed/training.jsonl" 2> /dev/null
expect_exit 78 coop-consumer --until-end --database "$consumer"
expect_says 'the record before it is not the one that was stored'
expect 'events after the topic was made anew' "$(query 'select count(*) from event.training')" "$before"

# The other topics go on.
coop-outreach --allow-unnamed "$golden/unnamed/../small/outreach.jsonl" 2> /dev/null
expect_exit 78 coop-consumer --until-end --database "$consumer"
(($(query 'select count(*) from event.outreach') > 700)) || fail 'the other topics stand still, too'
done_ok 'a topic made anew is noticed'
