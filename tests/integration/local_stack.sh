#!/usr/bin/env bash
# The local stack: up twice, killed, started again on its data, and nothing left behind.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70

first=$("$SOURCE/deploy/local-stack" up "$work/stack")
expect 'what a second up prints' "$("$SOURCE/deploy/local-stack" up "$work/stack")" "$first"
eval "$first"
coop-admin migrate > /dev/null 2>&1
coop-admin topics > /dev/null
echo 'a message' | kcat -P -b "$COOP_BROKERS" -t coop.training.v1 -k key
query "create table kept as select 1 as one" > /dev/null
stack kill kafka
stack kill postgres
[[ $(stack status | grep -c stopped) -eq 2 ]] || fail 'something runs after a kill'
stack start
expect 'the message after a kill' "$(kcat -C -q -e -b "$COOP_BROKERS" -t coop.training.v1 -o beginning)" 'a message'
expect 'the row after a kill' "$(query 'table kept')" 1
base=$(readlink "$work/stack/data")
stack down
[[ ! -e $base && ! -e $work/stack ]] || fail "left behind: $base $work/stack"
! pgrep -f "$base" > /dev/null || fail "still running: $(pgrep -af "$base")"
expect_exit 64 "$SOURCE/deploy/local-stack" upp "$work/stack"
expect_exit 66 "$SOURCE/deploy/local-stack" start "$work/stack"
done_ok 'the local stack keeps its data and leaves nothing behind'
