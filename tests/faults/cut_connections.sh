#!/usr/bin/env bash
# The connections of the lanes are cut again and again while they write, on the fast road and in the
# middle of a sieve: whether the last COMMIT has been heard of or not, nothing is lost or stored twice.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up

# cut TIMES LEAST MOST: one lane, both or none, that often, with pauses of LEAST to MOST ms. Not while it begins: a consumer
# that cannot look at the database then ends.
cut() {
    wait_until 60 has_joined
    for ((i = 0; i < $1; i++)); do
        pause_ms "$2" "$3"
        query "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'coop_consumer' and random() < 0.6" > /dev/null
    done
}

publish small
start_consumer --batch-rows 5
cut 25 5 300
wait_until 60 caught_up
stop_consumer "$pid"
everything_accounted_for 881
reports_are_golden small

# A rule that nobody knows refuses a row in ten: the sieve stores a batch in many transactions.
query "create function event.no_sevens() returns trigger language plpgsql as
    \$\$ begin if new.source_record_id like 'G-%7' then raise exception 'a seven' using errcode = '22000'; end if; return new; end \$\$;
    create trigger no_sevens before insert on event.outreach for each row execute function event.no_sevens()"
: > "$work/consumer.err"
make_outreach 1000 | coop-outreach 2> /dev/null
start_consumer --batch-rows 100
cut 15 200 1000
wait_until 60 caught_up
stop_consumer "$pid"
everything_accounted_for 1881
expect 'refused' "$(query "select count(*) from ingest.reject where detail = 'a seven'")" 100
expect 'stored in place and as a duplicate, too' "$(query 'select count(*) from event.outreach join ingest.duplicate using (stream_id, kafka_partition, kafka_offset)')" 0
done_ok 'lanes that are cut again and again lose nothing and store nothing twice'
