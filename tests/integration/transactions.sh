#!/usr/bin/env bash
# Messages of a transaction count once it is committed; its markers, and what was aborted, hold nobody up.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# One key, one partition: a bad message of its own for each line, so that all become rejects.
for i in 1 2 3; do printf 'coop.training.v1\t6b6579\tc301ffffffffffffffff%02x\n' "$i"; done > "$work/three.tsv"
end_with() {
    publish_raw "$COOP_BROKERS" "$work/three.tsv" "$1" || fail "the transaction to $1"
}
end_with commit
end_with abort
end_with commit
end_with abort

# Two consumers, each of which has to learn how far the other is.
start_consumer --until-end
one=$pid
start_consumer --until-end
wait "$one" || fail "the first: $(tail -n 1 "$work/consumer.err")"
wait "$pid" || fail "the second: $(tail -n 1 "$work/consumer.err")"
everything_accounted_for 6
caught_up || fail "status: $(grep -v "  0            0            0            -$" "$work/status")"

# The position lies behind a marker, where there is no record to compare; it goes on.
end_with commit
expect_exit 0 coop-consumer --until-end --database "$consumer"
everything_accounted_for 9
caught_up || fail "status: $(grep -v "  0            0            0            -$" "$work/status")"

# Fenced on the way behind what was aborted: claimed again, like any batch.
: > "$work/consumer.err"
start_consumer
wait_until 60 has_joined
wait_until 60 caught_up
query 'update ingest.position set epoch = epoch + 1'
end_with abort
wait_until 60 caught_up
stop_consumer "$pid"
everything_accounted_for 9
done_ok 'transactions'
