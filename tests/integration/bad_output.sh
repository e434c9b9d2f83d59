#!/usr/bin/env bash
# Standard streams that are closed or full. What is data and cannot be printed ends with 74; what is for the user's eyes only
# stops nothing; and no socket or file of ours ever takes the number of a closed stream.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
event=$golden/seed/training.jsonl

# shell COMMAND: what expect_exit does, with redirections of its own.
shell() {
    expect_exit "$1" bash -c "$2"
}
for program in coop-outreach coop-agreement coop-training coop-consumer coop-report coop-admin 'coop-admin status'; do
    for word in --help --version; do
        fails 74 'could not write to standard output: Bad file descriptor' bash -c "exec $program $word >&-"
        fails 74 'could not write to standard output: No space left on device' bash -c "exec $program $word > /dev/full"
    done
done
for verb in 'status' 'status --json' topics migrate "reference $SOURCE/sql/reference"; do
    fails 74 'could not write to standard output: Bad file descriptor' bash -c "exec coop-admin $verb >&-"
    fails 74 'could not write to standard output: No space left on device' bash -c "exec coop-admin $verb > /dev/full"
done

# Standard input that is closed is missing input; a program that reads none does not mind.
fails 66 'standard input is closed: name a file' bash -c 'exec coop-training <&-'
fails 66 'standard input is closed: name a file' bash -c 'exec coop-training - <&-'
fails 66 'standard input is closed: name a file' bash -c 'exec coop-training --dry-run <&-'
fails 74 'could not read "standard input": Is a directory' bash -c "exec coop-training --dry-run < '$work'"

# Nobody hears the words, and the work is done: the receipts hold receipts and nothing else.
for closed in '2>&-' '2> /dev/full' '<&-' '<&- >&- 2>&-'; do
    rm -f "$work/receipts"
    shell 0 "exec coop-training '$event' --receipts '$work/receipts' $closed"
    expect "receipts with $closed" "$(grep -c '^{"event_id": "[^"]*", "topic": "coop.training.v1", .*}$' "$work/receipts")" 5
    expect "lines with $closed" "$(wc -l < "$work/receipts")" 5
    shell 0 "exec coop-consumer --until-end --log-level debug --database '$consumer' $closed"
done
expect 'trainings' "$(query 'select count(*) from event.training')" 5
expect 'repeats' "$(query 'select count(*) from ingest.duplicate where same_content')" 15
# An error that nobody hears is still one to the supervisor.
shell 78 'exec coop-training --topic no.such.v1 '"'$event'"' 2>&-'
shell 78 "exec coop-consumer --database '$COOP_DATABASE dbname=nowhere' 2>&-"

# Receipts that cannot be written: the events are published all the same, and that is said.
fails 74 'receipts "/dev/full": No space left on device; the events themselves are published' coop-training "$event" --receipts /dev/full
make_outreach 200 > "$work/many.jsonl"
fails 74 'could not write the receipts & File too large & themselves are published' \
    bash -c "ulimit -f 8; exec coop-outreach '$work/many.jsonl' --receipts '$work/many.receipts'"
done_ok 'bad output'
