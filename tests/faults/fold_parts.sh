#!/usr/bin/env bash
# One part of the fold knows who is party to an agreement, the other of which country it is. When both learn it at once, whichever
# ends first, the agreement counts where the firm is; and when somebody curates an organisation meanwhile.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# says NUMBER AGREEMENT [COUNTRY]: an agreement with a firm, and perhaps where the firm is.
says() {
    local country=${3:+,\"country\":\"$3\"}
    printf '{"source":"t","source_record_id":"%s","occurred_at":"2022-01-%02dT00:00:00Z","agreement_id":"%s","status":"SIGNED","parties":[{"org":{"org_id":"COOP-F","name":"F"%s},"role":"SIGNATORY"}]}\n' \
        "$1" "$1" "$2" "$country" | coop-agreement - 2> "$work/err" || fail "coop-agreement: $(cat "$work/err")"
    coop-consumer --until-end --no-fold --database "$consumer" 2> "$work/err" || fail "coop-consumer: $(cat "$work/err")"
}
folds() {
    expect 'something was folded' "$(query 'select events > 0 from state.fold()')" t
}
is_waiting() {
    [[ $(query "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%$1%'") == 1 ]]
}
# while_open STATEMENT OTHER: STATEMENT is not committed before OTHER has to wait for it.
while_open() {
    # What the one before has said is not what this one says.
    rm -f "$work/open"
    mkfifo "$work/held"
    psql -X -q -At -v ON_ERROR_STOP=1 -d "$COOP_DATABASE" < "$work/held" > "$work/open" 2>&1 &
    local open=$!
    exec 9> "$work/held"
    printf 'begin;\n%s;\n\\echo is open\n' "$1" >&9
    wait_until 20 grep -qs "is open" "$work/open"
    psql -X -q -At -v ON_ERROR_STOP=1 -d "$COOP_DATABASE" -c "$2" > "$work/other" 2>&1 &
    local other=$!
    wait_until 20 is_waiting "${2:0:20}"
    echo 'commit;' >&9
    exec 9>&-
    wait "$open" || fail "$1: $(cat "$work/open")"
    wait "$other" || fail "$2: $(cat "$work/other")"
    rm "$work/held"
}
counted() {
    query "select string_agg(country || ' ' || agreements, ', ' order by country)
           from (select country, count(*) as agreements from state.agreement_country group by country) as c"
}
part_of_next() {
    query "select part from state.backlog group by part order by sum(next_offset - folded_offset) desc, part limit 1"
}

# An agreement becomes known; its firm moves while the meaning of the agreement is not committed.
says 1 AGR-1 CN
folds
says 2 AGR-1 MY
expect 'the part that is further behind' "$(part_of_next)" meaning
while_open 'select state.fold()' 'select state.fold(/* the other part */)'
expect 'after a move that the other part had to wait for' "$(counted)" 'MY 1'

# A second agreement, which does not say where its firm is, while the firm's move is not committed.
says 3 AGR-2
says 4 AGR-1 SG
expect 'the first of two that are behind alike' "$(part_of_next)" arrival
while_open 'select state.fold()' 'select state.fold(/* the other part */)'
expect 'after an agreement that had to wait for a move' "$(counted)" 'SG 2'

# A third, while somebody curates the firm.
says 5 AGR-3
folds
while_open "insert into reference.organisation (org_id, name, country, org_type) values ('COOP-F', 'F', 'CN', 'OTHER')" 'select state.fold(/* meaning */)'
expect 'after an agreement that had to wait for the curator' "$(counted)" 'CN 3'
query "update reference.organisation set country = 'MY' where org_id = 'COOP-F'"
expect 'curated otherwise' "$(counted)" 'MY 3'
query "delete from reference.organisation where org_id = 'COOP-F'"
expect 'not curated any more' "$(counted)" 'SG 3'
coop-admin rebuild > /dev/null
expect 'after a new fold' "$(counted)" 'SG 3'
done_ok 'what both parts of the fold learn at once is counted'
