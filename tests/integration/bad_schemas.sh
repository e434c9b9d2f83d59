#!/usr/bin/env bash
# Schema folders that cannot be right: the file and the fault are named before a message is read or sent.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
event=$golden/seed/training.jsonl
publish seed
consume_to_end
cd "$work"
export COOP_SCHEMAS=folder

# both WORDS [WORDS]: the consumer, which reads all of the folder, and a producer, which reads its own file.
both() {
    fails 78 "$1" coop-consumer --until-end --database "$consumer"
    fails 78 "${2-$1}" coop-training --dry-run "$event"
}
anew() {
    rm -rf folder
    cp -r "$SOURCE/schemas" folder
}
both '"folder": No such file & --schemas' '"folder/training_event.avsc": No such file & --schemas'
: > folder
both '"folder": Not a directory & --schemas' '"folder/training_event.avsc": Not a directory & --schemas'
rm folder && mkdir folder
both 'no \*.avsc in the schema folder "folder" & --schemas' '"folder/training_event.avsc": No such file & --schemas'
mkdir folder/training_event.avsc
both '"folder/training_event.avsc": Is a directory'

# A folder, or a file in it, that may not be read.
chmod 755 "$work"
if "${as_nobody[@]}" coop-training --dry-run --schemas "$SOURCE/schemas" "$event" 2> /dev/null; then
    locked_to_both() {
        fails 78 "$1: Permission denied & --schemas" "${as_nobody[@]}" coop-consumer --until-end --database "$consumer"
        fails 78 "$2: Permission denied" "${as_nobody[@]}" coop-training --dry-run "$event"
    }
    anew
    chmod 000 folder
    locked_to_both '"folder"' '"folder/training_event.avsc"'
    chmod 755 folder
    chmod 000 folder/training_event.avsc
    locked_to_both '"folder/training_event.avsc"' '"folder/training_event.avsc"'
    chmod 644 folder/training_event.avsc
else
    echo 'left out: a schema folder that may not be read (nobody cannot enter this clone)'
fi

# What is no schema, as the file of the producer and so one of the consumer's.
while IFS='|' read -r text words; do
    anew
    printf '%b' "$text" > folder/training_event.avsc
    both "schema \"folder/training_event.avsc\": $words"
done << 'END'
|line 1: not JSON
{|line 1: not JSON
no schema\n|line 1: not JSON
\0357\0273\0277{"type": "string"}|line 1: not JSON
null|type missing
5|type missing
[]|union without a branch
{"type": "record"}|type without a valid name
{"type": "record", "name": "R", "fields": [{"name": "a", "type": "nothing"}]}|field "a": unknown type: "nothing"
{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["null", "R"]}]}|field "a": recursive type
END
anew
head -c 2000000 /dev/zero > folder/training_event.avsc
both 'schema "folder/training_event.avsc": a schema has at most 1048576 bytes'
# The wrong folder: none of its schemas is the one a topic carries.
rm -rf folder && mkdir folder
cp "$SOURCE/schemas/training_event.avsc" folder/
fails 78 'no schema of record coop.events.OutreachEvent for topic "coop.outreach.v1"' coop-consumer --until-end --database "$consumer"

# One fingerprint, two meanings: of two files, and of one file before and after somebody has edited it.
anew
sed 's/timestamp-micros/timestamp-millis/' folder/training_event.avsc > folder/training_event.v0.avsc
fails 78 '"training_event.avsc" and "training_event.v0.avsc" & one fingerprint but different & remove one' \
    coop-consumer --until-end --database "$consumer"
while IFS='|' read -r what edit; do
    anew
    sed -i "$edit" folder/training_event.avsc
    ! cmp -s folder/training_event.avsc "$SOURCE/schemas/training_event.avsc" || fail "nothing edited: $what"
    fails 78 'schema "training_event.avsc": ingest.schema knows this fingerprint & never edited' \
        coop-consumer --until-end --database "$consumer"
done << 'END'
another logical type|0,/timestamp-micros/s//local-timestamp-micros/
no logical type|0,/, *"logicalType": *"timestamp-micros"/s///
another default|0,/"default": *0/s//"default": 1/
END
# A comment changes no meaning, and what has been stored by then stands.
anew
sed -i '0,/"doc": "/s//&Put more clearly. /' folder/training_event.avsc
expect_exit 0 coop-consumer --until-end --database "$consumer"
expect 'schemas known' "$(query "select count(*) from ingest.schema where full_name = 'coop.events.TrainingEvent'")" 2
expect 'trainings' "$(query 'select count(*) from event.training')" 5
done_ok 'bad schemas'
