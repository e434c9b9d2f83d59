#!/usr/bin/env bash
# The analyst reads every report and nothing else; the consumer changes and deletes nothing.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish seed
consume_to_end

# refused ROLE SQL: with the words of PostgreSQL for it.
refused() {
    local words
    ! words=$(psql -X -q -At -d "$1" -c "$2" 2>&1) || fail "allowed: $2"
    grep -qE 'permission denied|read-only' <<< "$words" || fail "$2: $words"
}

for view in $(query "select table_name from information_schema.views where table_schema = 'reporting'"); do
    psql -X -q -At -d "$analyst" -c "select count(*) from reporting.$view" > /dev/null || fail "the analyst cannot read reporting.$view"
done
psql -X -q -At -d "$analyst" -c 'select count(*) from agreement_as_of()' > /dev/null || fail 'the analyst cannot ask for the record as it was'
expect 'time zone of the analyst' "$(as=$analyst query 'show timezone')" Asia/Karachi
refused "$analyst" 'select * from event.outreach'
refused "$analyst" 'select * from ingest.reject'
refused "$analyst" 'select * from state.event'
refused "$analyst" "set default_transaction_read_only = off; set transaction_read_only = off; insert into reference.campaign (campaign_id, title) values ('X', 'x')"
refused "$consumer" 'update event.outreach set org_count = 0'
refused "$consumer" 'delete from event.outreach'
refused "$consumer" 'truncate event.outreach'
refused "$consumer" 'delete from ingest.reject'
refused "$consumer" "update ingest.reject set state = 'discarded'"
refused "$consumer" "insert into reference.campaign (campaign_id, title) values ('X', 'x')"
# A consumer without rights says what is missing, and ends when that is all it was started for.
query 'revoke insert on event.training from coop_consumer'
coop-training "$golden/small/training.jsonl" --allow-unnamed 2> /dev/null
expect_exit 77 coop-consumer --until-end --database "$consumer"
expect_says 'permission denied for table training'
query 'grant insert on event.training to coop_consumer'
consume_to_end
expect 'trainings after the right was given back' "$(query 'select count(*) from event.training')" 46
# A daemon says it, goes on with the other topics, and mends itself when the right is there.
query 'revoke insert on event.training from coop_consumer'
sed 's/"TRN-GOV-IT"/"TRN-AGAIN"/; s/"event_id": "[^"]*", //; s/"source_record_id": "/&again-/' "$golden/seed/training.jsonl" > "$work/again.jsonl"
coop-consumer --database "$consumer" --schemas "$(all_schemas)" 2> "$work/err" &
coop-training --allow-unnamed "$work/again.jsonl" 2> /dev/null
stands_still() {
    grep -q 'stands still' "$work/err"
}
wait_until 20 stands_still
make_outreach 10 | coop-outreach 2> /dev/null
outreach_is_stored() {
    [[ $(query "select count(*) from event.outreach where source_record_id like 'G-%'") -eq 10 ]]
}
wait_until 20 outreach_is_stored
query 'grant insert on event.training to coop_consumer'
training_is_stored() {
    [[ $(query 'select count(*) from event.training') -eq 51 ]]
}
wait_until 60 training_is_stored
done_ok 'rights'
