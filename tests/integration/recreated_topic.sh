#!/usr/bin/env bash
# A topic that was deleted and made anew is another one: its partitions stand still, and say so, until the
# operator begins a new generation, which is stored beside the old one. Positions are shown and set.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish seed
consume_to_end
before=$(query 'select count(*) from event.training')

is_made() {
    [[ $(coop-admin topics coop.training.v1) == *made* ]]
}
remake() {
    delete_topic "$COOP_BROKERS" coop.training.v1
    wait_until 30 is_made
}
show() {
    coop-admin position show coop.training.v1 --json 2> /dev/null |
        python3 -c 'import json, sys; print(*["{generation}/{partition}:{position}:{log_start}-{log_end}".format(**p) for p in json.load(sys.stdin)])'
}

# Shorter than it was: the position lies behind its end.
remake
expect_exit 78 coop-consumer --until-end --database "$consumer"
expect_says 'the log ends before it'
expect_exit 69 coop-admin status
expect_says 'the position lies beyond the end of the log'

# As long as it was, or longer: the record before the position is not the one that was stored.
for _ in 1 2 3; do coop-training "$golden/seed/training.jsonl" 2> /dev/null; done
expect_exit 78 coop-consumer --until-end --database "$consumer"
expect_says 'the record before it is not the one that was stored'
expect 'events after the topic was made anew' "$(query 'select count(*) from event.training')" "$before"

# The other topics go on.
coop-outreach --allow-unnamed "$golden/small/outreach.jsonl" 2> /dev/null
expect_exit 78 coop-consumer --until-end --database "$consumer"
(($(query 'select count(*) from event.outreach') > 700)) || fail 'the other topics stand still, too'

# A position that would store something twice, one outside the log, words that are wrong.
partition=$(query "select kafka_partition from ingest.position where stream_id = 3 and next_offset > 0 order by 1 limit 1")
expect_exit 65 coop-admin position set coop.training.v1 "$partition" 0
expect_says 'are stored already and would be stored twice'
expect_exit 65 coop-admin position set coop.training.v1 "$partition" 1000
expect_says 'lies outside the log'
expect_exit 64 coop-admin position set coop.training.v1 "$partition" -- -1
expect_exit 64 coop-admin position set coop.training.v1
expect_exit 64 coop-admin position
expect_exit 66 coop-admin position show nothing.v1
expect_exit 66 coop-admin position new-generation nothing.v1 --force

# A consumer that runs notices the new generation by itself, and leaves the old one alone.
: > "$work/consumer.err"
start_consumer
stands_still() {
    grep -q 'coop.training.v1/.* stands still' "$work/consumer.err"
}
wait_until 60 stands_still
expect_exit 64 coop-admin position new-generation coop.training.v1
expect_says 'as if it were the same'
expect_exit 0 coop-admin position new-generation coop.training.v1 --force
expect_says 'generation 2 into event.training'
epochs=$(query 'select sum(epoch) from ingest.position where stream_id = 3')
wait_until 60 caught_up
# All that came is known from before: three times each, and the old rows have stayed.
expect 'events of the old generation' "$(query 'select count(*) from event.training where stream_id = 3')" "$before"
expect 'duplicates of the new one' "$(query "select count(*) from ingest.duplicate as d join ingest.stream as s using (stream_id) where s.topic = 'coop.training.v1' and s.generation = 2 and same_content")" $((3 * before))
coop-training --allow-unnamed "$golden/small/training.jsonl" 2> /dev/null
wait_until 60 caught_up
(($(query "select count(*) from event.training as e join ingest.stream as s using (stream_id) where s.generation = 2") > 40)) || fail 'nothing new was stored'
expect 'claims of the old generation' "$(query 'select sum(epoch) from ingest.position where stream_id = 3')" "$epochs"
expect_exit 1 psql -X -q -d "$consumer" -v ON_ERROR_STOP=1 -c "select ingest.claim(3::smallint, 0, 'somebody', 0)"
expect_says 'is over: its topic was made anew'

# A position is set while a consumer runs: only by force, and it goes on from there.
expect_exit 0 coop-admin position show
expect_says "$(hostname)/$pid"
read -r partition position <<< "$(query "select kafka_partition, next_offset from ingest.position as p join ingest.stream as s using (stream_id) where s.generation = 2 order by next_offset desc limit 1" | tr '|' ' ')"
expect_exit 64 coop-admin position set coop.training.v1 "$partition" "$position"
expect_says 'which is running'
stop_consumer "$pid"
coop-training --allow-unnamed "$golden/small/training.jsonl" 2> /dev/null
end=$(show | tr ' ' '\n' | sed -n "s|^2/$partition:.*-||p")
expect_exit 0 coop-admin position set coop.training.v1 "$partition" "$end"
expect_says 'passed over'
consume_to_end
expect 'stored of what was passed over' "$(query "select count(*) from ingest.duplicate as d join ingest.stream as s using (stream_id) where s.generation = 2 and kafka_partition = $partition and kafka_offset >= $position")" 0
# Nothing of it is stored, so the operator can go back.
expect_exit 0 coop-admin position set coop.training.v1 "$partition" "$position"
consume_to_end
expect 'taken in after all' "$(query "select count(*) from ingest.duplicate as d join ingest.stream as s using (stream_id) where s.generation = 2 and kafka_partition = $partition and kafka_offset >= $position")" $((end - position))

# Without Kafka, what the database knows.
expect_exit 0 coop-admin position show coop.training.v1 --brokers 127.0.0.1:1
expect_says 'log_start and log_end are not known'
done_ok 'a topic made anew is noticed, and read beside the old one'
