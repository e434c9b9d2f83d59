#!/usr/bin/env bash
# An audit of what the consumer wrote finds nothing, and each planted wrong by its name.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish small
consume_to_end

clean='records=881 stored=822 duplicates=43 rejects=16 expired=0 missing=0 extra=0 altered=0'
expect_exit 0 coop-admin audit
expect 'the audit of small' "$(cat "$work/out")" "$clean"

# planted SQL COUNTS WORDS: whatever SQL does to the tables, the audit counts and says, and no more.
planted() {
    query "begin; create table public.undo_o as table event.outreach; create table public.undo_a as table event.agreement;
        create table public.undo_t as table event.training; create table public.undo_d as table ingest.duplicate;
        create table public.undo_r as select * from ingest.reject; commit"
    query "$1"
    expect_exit 1 coop-admin audit
    expect "the counts after: $1" "$(sed 's/.* missing=/missing=/' "$work/out")" "$2"
    expect_says "$3"
    expect "lines after: $1" "$(wc -l < "$work/err")" "${4:-1}"
    query "begin; truncate event.outreach, event.agreement, event.training, ingest.duplicate, ingest.reject, ingest.replay;
        insert into event.outreach table public.undo_o; insert into event.agreement table public.undo_a;
        insert into event.training table public.undo_t; insert into ingest.duplicate table public.undo_d;
        insert into ingest.reject overriding system value table public.undo_r;
        drop table public.undo_o, public.undo_a, public.undo_t, public.undo_d, public.undo_r; commit"
}
one="event_id = (select event_id from event.outreach where event_id not in (select event_id from ingest.duplicate) order by event_id limit 1)"
body="(select avro from event.outreach order by event_id limit 1)"
same='(stream_id, kafka_partition, kafka_offset) = (select stream_id, kafka_partition, kafka_offset from ingest.duplicate where same_content order by 1, 2, 3 limit 1)'
other='(stream_id, kafka_partition, kafka_offset) = (select stream_id, kafka_partition, kafka_offset from ingest.duplicate where not same_content order by 1, 2, 3 limit 1)'
refused="reject_id = (select min(reject_id) from ingest.reject where value is not null)"

# Rows that are not there, and rows that should not be.
planted "delete from event.outreach where $one" \
    'missing=1 extra=0 altered=0' 'missing: coop.outreach.v1/'
planted "delete from ingest.duplicate where $other" 'missing=1 extra=0 altered=0' 'neither stored nor a duplicate nor a reject'
planted "delete from ingest.reject where $refused" 'missing=1 extra=0 altered=0' 'missing: coop.'
planted "insert into event.training select (jsonb_populate_record(t, jsonb_build_object('event_id', gen_random_uuid(), 'kafka_offset', 1000000))).* from event.training as t limit 1" \
    'missing=0 extra=1 altered=0' 'the database has an event, and the log has no such message'
planted "insert into event.training select (jsonb_populate_record(t, jsonb_build_object('event_id', gen_random_uuid(), 'kafka_partition', 77))).* from event.training as t limit 1" \
    'missing=0 extra=1 altered=0' 'event.training has 1 rows of partitions that were never claimed'
planted "insert into ingest.duplicate (stream_id, kafka_partition, kafka_offset, event_id, same_content, published_at) select stream_id, kafka_partition, kafka_offset, event_id, true, published_at from event.outreach where $one" \
    'missing=0 extra=1 altered=0' 'the database has this message twice'
planted "insert into ingest.reject (stream_id, kafka_partition, kafka_offset, reason, value_bytes) select stream_id, kafka_partition, 555555, 'REFUSED', 0 from event.outreach where $one" \
    'missing=0 extra=1 altered=0' 'the database has a reject, and the log has no such message'

# Bytes and columns. The event that duplicates repeat has its body compared there, too.
quiet="event_id = (select event_id from event.agreement where event_id not in (select event_id from ingest.duplicate) and value_amount is not null and cardinality(topics) > 0 and parties <> '[]' order by event_id limit 1)"
planted "update event.agreement set avro = set_byte(avro, length(avro) / 2, get_byte(avro, length(avro) / 2) # 1) where $quiet" \
    'missing=0 extra=0 altered=1' 'column "avro" is not the body of the message'
for column in \
    "title = 'another'" "title = null" "value_amount = value_amount + 0.001" "occurred_at = occurred_at + interval '1 microsecond'" \
    "topics = topics || '{more}'" "topics = '{}'" "parties = jsonb_set(parties, '{0,role}', '\"OTHER\"')" "extensions = '{\"a\": \"b\"}'" \
    "published_at = published_at + interval '1 millisecond'" "schema_id = (select min(schema_id) from ingest.schema where full_name like '%Training%')"; do
    planted "update event.agreement set $column where $quiet" \
        'missing=0 extra=0 altered=1' "column \"${column%% =*}\""
done
planted "update event.outreach set org_count = org_count + 1 where $one" \
    'missing=0 extra=0 altered=1' 'column "org_count" is not what the message says'

# Duplicates marked wrongly.
planted "update ingest.duplicate set same_content = false, avro = $body where $same" 'missing=0 extra=0 altered=1' 'marked as other content, and it is not'
planted "update ingest.duplicate set same_content = true, avro = null where $other" 'missing=0 extra=0 altered=1' 'marked as the same content, and it is not'
planted "update ingest.duplicate set avro = avro || '\\x00' where $other" 'missing=0 extra=0 altered=1' 'column "avro" of ingest.duplicate'
planted "update ingest.duplicate set event_id = (select event_id from event.outreach order by event_id desc limit 1) where $same" \
    'missing=0 extra=0 altered=1' 'column "event_id" of ingest.duplicate'

# Rejects without their bytes.
planted "update ingest.reject set value = null where $refused" 'missing=0 extra=0 altered=1' "column \"value\" of ingest.reject has not the message's bytes"
planted "update ingest.reject set value = set_byte(value, 0, get_byte(value, 0) # 255) where $refused" 'missing=0 extra=0 altered=1' 'column "value" of ingest.reject'
planted "update ingest.reject set value_sha256 = sha256('x') where $refused" 'missing=0 extra=0 altered=1' 'column "value_sha256"'
planted "update ingest.reject set key = 'x' where $refused" 'missing=0 extra=0 altered=1' 'column "key" of ingest.reject'

# Put back as it was, nothing is wrong; of one topic only that topic's records are counted.
expect_exit 0 coop-admin audit
expect 'the audit afterwards' "$(cat "$work/out")" "$clean"
expect_exit 0 coop-admin audit --topic coop.training.v1
expect 'the audit of one topic' "$(cut -d' ' -f 6-8 "$work/out")" 'missing=0 extra=0 altered=0'
expect_exit 78 coop-admin audit --topic no.such.v1
expect_says 'nothing has been taken in of topic "no.such.v1"'

# What has not been taken in yet is not judged; what retention has removed is expired.
coop-training "$golden/seed/training.jsonl" 2> /dev/null
expect_exit 0 coop-admin audit
expect 'the audit before it is taken in' "$(cat "$work/out")" "$clean"
consume_to_end
alter_topic "$COOP_BROKERS" coop.outreach.v1 0 20
expired=$(query "select (select count(*) from event.outreach where kafka_partition = 0 and kafka_offset < 20) + (select count(*) from ingest.duplicate where stream_id = 1 and kafka_partition = 0 and kafka_offset < 20) + (select count(*) from ingest.reject where stream_id = 1 and kafka_partition = 0 and kafka_offset < 20)")
expect_exit 0 coop-admin audit
expect 'what the log holds no more' "$(grep -o 'expired=.*' "$work/out")" "expired=$expired missing=0 extra=0 altered=0"
done_ok 'the audit'
