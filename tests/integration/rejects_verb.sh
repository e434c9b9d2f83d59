#!/usr/bin/env bash
# coop-admin rejects: list tells which there are and nothing that is in them, show tells everything,
# discard settles, and who may not is told so.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish_raw "$COOP_BROKERS" "$golden/small/raw.tsv" 2> /dev/null
publish_raw "$COOP_BROKERS" "$SOURCE/tests/data/rejects.tsv" 2> /dev/null
coop-consumer --until-end --database "$consumer" 2> "$work/err" || fail "$(tail -n 1 "$work/err")"

reject_of() {
    query "select min(reject_id) from ingest.reject where reason = '$1'"
}
listed() {
    coop-admin rejects list "$@" | tail -n +2 | wc -l
}

# Four messages of a schema that is not installed, and 21 more; one is good without the trigger.
expect 'open ones' "$(listed)" 25
expect 'of two reasons' "$(listed --reason TRUNCATED --reason BAD_KEY)" 2
expect 'of a topic' "$(listed --topic coop.agreement.v1)" 1
expect 'refused in the future' "$(listed --since '2999-01-01')" 0
expect 'refused until then' "$(listed --until '2999-01-01T00:00:00+05:00' --since 2022-01-01)" 25
expect 'with a limit' "$(listed --limit 7)" 7
expect 'settled ones' "$(listed --state discarded)" 0
expect_exit 64 coop-admin rejects list --since 'next week'
expect_says 'is no time such as'
expect_exit 0 coop-admin rejects list --json
expect 'the document' "$(python3 -c 'import json, sys; r = json.load(sys.stdin)["rejects"]; print(len(r), r[0]["state"], r[0]["attempts"], sorted({x["topic"] for x in r}))' < "$work/out")" \
    "25 open 0 ['coop.agreement.v1', 'coop.outreach.v1']"
for words in list 'list --json'; do
    # shellcheck disable=SC2086 # two words
    ! coop-admin rejects $words | grep -E 'STZA|CMP-|Zones|not avro|434d50' || fail "$words tells what is in a message"
done

# Everything of one, named by number and by place: bytes as hexdump has them, fields, where it stops.
truncated=$(reject_of TRUNCATED)
place=$(query "select 'coop.outreach.v1/' || kafka_partition || '/' || kafka_offset from ingest.reject where reject_id = $truncated")
expect_exit 0 coop-admin rejects show "$place"
cp "$work/out" "$work/by_place"
expect_exit 0 coop-admin rejects show "$truncated"
cmp -s "$work/by_place" "$work/out" || fail 'a number and a place show different things'
if command -v hexdump > /dev/null; then
    python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(input()))' > "$work/value" \
        <<< "$(query "select encode(value, 'hex') from ingest.reject where reject_id = $truncated")"
    cmp <(hexdump -C "$work/value") <(sed '1,/^value, /d' "$work/out") || fail 'show does not dump as hexdump does'
fi
expect_says 'key_text         CMP-REJECTS|#R-3'
expect_says '    initiator.names["zh-Hans"]: "特别技术区管理局"'
expect_says '  stopped in field "batch_id", at byte 244 of the body, byte 254 of the value: TRUNCATED, the body ends inside this value'
# The decoder and show agree on the field and the byte, for every reason that has one.
for id in $(query "select reject_id from ingest.reject where detail like 'field %'"); do
    expect_exit 0 coop-admin rejects show --json "$id"
    python3 - "$work/out" << 'END' || fail "reject $id: show and the consumer disagree"
import json
import sys
reject = json.load(open(sys.argv[1]))["rejects"][0]
stopped = reject["decoded"]["stopped"]
field = stopped["field"].split("[")[0].replace(".", "_").split("{")[0]
assert stopped["reason"] == reject["reason"], stopped
assert reject["detail"].endswith(f"at byte {stopped['body_offset']} of the body"), stopped
assert reject["detail"].startswith(f'field "{field}'), (field, reject["detail"])
END
done
expect_exit 0 coop-admin rejects show "$(reject_of NEGATIVE_COUNT)"
expect_says '    org_count: -1'
expect_says '  the body is whole'
expect_exit 0 coop-admin rejects show "$(query "select reject_id from ingest.reject where encode(value, 'hex') like 'c3010123%'")"
expect_says '  fingerprint: "0123456789abcdef"'
expect_says "put its *.avsc into the consumer's --schemas folder"
expect_exit 0 coop-admin rejects show "$(reject_of NOT_FRAMED)" "$(reject_of NULL_VALUE)"
expect 'two of them' "$(grep -c ^reject_id "$work/out")" 2
expect_says 'why: "there is no value"'
# No message moves a terminal's cursor.
query "update ingest.reject set key = '\\x1b5b324ac29b41'::bytea, headers = '[[\"a\", \"1b5b4a\"], [\"none\", null], [\"bin\", \"ff00\"]]' where reject_id = $truncated"
expect_exit 0 coop-admin rejects show "$truncated"
! grep -qP '\x1b|\xc2\x9b' "$work/out" || fail 'a control character reaches the terminal'
expect_says 'key_text         \u001b[2J\u009bA'
expect_says '  a: \u001b[J'
expect_says '  none: -'
expect_says '  bin: \xff00'
expect_exit 65 coop-admin rejects show 999999
expect_says 'there is no reject 999999'
expect_exit 64 coop-admin rejects show nonsense
expect_says 'neither a reject'

# Discard: by number, by filter, twice, by whom and why.
expect_exit 0 coop-admin rejects discard --reason BAD_KEY --why 'a test' --by ali --dry-run
expect_says 'would discard'
expect 'discarded by a dry run' "$(listed --state discarded)" 0
expect_exit 0 coop-admin rejects discard --reason BAD_KEY --why 'a test' --by ali
expect 'discarded' "$(query "select reason || ' ' || state || ' ' || settled_by || ' ' || settled_why || ' ' || (settled_at is not null) from ingest.reject where state <> 'open'")" \
    'BAD_KEY discarded ali a test true'
expect_exit 0 coop-admin rejects discard "$(reject_of BAD_KEY)" --why 'another' --by zara
expect_says 'was discarded already, by ali at'
expect 'the first discard' "$(query "select settled_by from ingest.reject where state = 'discarded'")" ali
expect_exit 65 coop-admin rejects replay "$(reject_of BAD_KEY)"
expect_says 'was discarded already'
expect_exit 0 coop-admin rejects discard --all --limit 3 --why 'a test' --by ali
expect 'discarded with a limit' "$(listed --state discarded)" 4

# Who may not.
for role in coop_consumer coop_analyst; do
    for words in list "show $truncated" 'replay --all' 'discard --all --by x --why y'; do
        # shellcheck disable=SC2086 # several words
        expect_exit 77 coop-admin rejects $words --database "$COOP_DATABASE user=$role"
        expect_says 'connect as a member of coop_owner'
    done
done
query 'create role operator login in role coop_owner'
expect_exit 0 coop-admin rejects discard "$truncated" --by ali --why 'a test' --database "$COOP_DATABASE user=operator"
done_ok 'rejects are listed, shown and discarded'
