#!/usr/bin/env bash
# Standard input as a stream that stays open, and every way of naming inputs.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
servers_up
coop-admin topics > /dev/null

# A new pipe each time: an old one's writer may still be there.
new_stream() {
    rm -f "$work/stream" "$work/receipts"
    mkfifo "$work/stream"
}

# start OPTIONS...: a producer on a stream whose writing end is descriptor 3.
start() {
    new_stream
    coop-outreach --receipts "$work/receipts" "$@" < "$work/stream" 2> "$work/err" &
    pid=$!
    exec 3> "$work/stream"
}

# ends_with CODE SUMMARY
ends_with() {
    local code=0
    wait "$pid" || code=$?
    [[ $code -eq $1 ]] || fail "exit $code, wanted $1: $(cat "$work/err")"
    expect_says "$2"
}

has_receipts() {
    [[ -e $work/receipts && $(wc -l < "$work/receipts") -eq $1 ]]
}

# Lines that come in one write are acknowledged and in the receipts while the stream says nothing more.
start
make_outreach 3 >&3
wait_until 30 has_receipts 3
# The broker goes away and comes back; what comes meanwhile waits. Half a line is none.
stack stop kafka
make_outreach 4 3 >&3
printf '{"source": "pk.' >&3
stack start kafka
wait_until 60 has_receipts 7
printf 'gov.nowhere"}\n' >&3
ends_with 65 'published=7 acknowledged=7 rejected=1'
expect_says 'standard input:8:'
exec 3>&-
# SIGTERM in the middle of a line: what was whole is acknowledged, and that is a success.
make_outreach 2 7 > "$work/two"
start
cat "$work/two" >&3
printf '{"half": ' >&3
wait_until 30 has_receipts 2
kill -TERM "$pid"
ends_with 0 'published=2 acknowledged=2 rejected=0'
exec 3>&-
# A signal in full flight: everything that was published is acknowledged.
new_stream
make_outreach 1000000 > "$work/stream" 2> /dev/null &
coop-outreach --receipts "$work/receipts" < "$work/stream" 2> "$work/err" & pid=$!
wait_until 30 test -s "$work/receipts"
kill -TERM "$pid"
ends_with 0 'rejected=0'
[[ $(cat "$work/err") =~ published=([0-9]+)\ acknowledged=([0-9]+) ]] || fail 'no summary'
expect 'acknowledged' "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}"
expect 'receipts' "$(wc -l < "$work/receipts")" "${BASH_REMATCH[1]}"
((BASH_REMATCH[1] < 1000000)) || fail 'the signal came too late to prove anything'
# skip: a bad line is passed over, and the stream goes on.
start --on-error skip --rejects "$work/bad"
{ echo '{"no": "event"}' && cat "$work/two"; } >&3
wait_until 30 has_receipts 2
expect 'a reject while the stream is open' "$(cat "$work/bad")" '{"no": "event"}'
exec 3>&-
ends_with 65 'published=2 acknowledged=2 rejected=1'

# Files and streams, in the order given; a pipe is read once, the same file as often as it is named.
make_outreach 5 20 > "$work/five"
: > "$work/empty"
# run WANTED ARGUMENT...
run() {
    local wanted=$1
    shift
    coop-outreach "$@" 2> "$work/err" || fail "$*: $(cat "$work/err")"
    expect_says "published=$wanted acknowledged=$wanted rejected=0"
}
run 2 <(cat "$work/two")
run 9 "$work/two" - "$work/five" < <(cat "$work/two")
run 4 "$work/two" "$work/two"
run 2 - - < "$work/two"
run 0 "$work/empty" < /dev/null
run 2 "$work/empty" "$work/two" /dev/null
run 2 < "$work/two"
# A bad line in a later file stops all; in a stream it stops what comes after.
echo '{"no": "event"}' > "$work/bad"
expect_exit 65 coop-outreach "$work/two" "$work/bad"
expect_says 'published=0 acknowledged=0 rejected=1'
code=0
coop-outreach "$work/two" - "$work/five" < "$work/bad" 2> "$work/err" || code=$?
expect 'exit of a bad stream among files' "$code" 65
expect_says 'published=2 acknowledged=2 rejected=1'
expect_exit 66 coop-outreach "$work/two" "$work/none"
expect_says 'published=0'

# What is not acknowledged in time ends the stream, though its writer does not.
start --delivery-timeout 3
cat "$work/two" >&3
wait_until 30 has_receipts 2
stack stop kafka
cat "$work/five" >&3
ends_with 69 'published=7 acknowledged=2 rejected=0'
expect_says '5 of 7 events were not acknowledged'
exec 3>&-
done_ok 'streams and files'
