#!/usr/bin/env bash
# Random histories: the state as the folds have made it, the state rebuilt, and the plain definition of the reports give the
# same rows. COOP_TEST_SEED is the first history, COOP_TEST_HISTORIES how many (200).
# shellcheck source=../support/histories.sh
source "$(dirname "$0")/../support/histories.sh" || exit 70
random_moments
first=$((RANDOM * 32768 + RANDOM))
count=${COOP_TEST_HISTORIES:-200}

# A database each for two processes.
histories_up one
histories_up two
compare_histories one "$first" $((count / 2)) 20 > "$work/one" &
compare_histories two $((first + count / 2)) $((count - count / 2)) 20 > "$work/two"
wait $!
expect 'what differs (history, what, rows)' "$(cat "$work/one" "$work/two")" ''
done_ok "$count histories from $first on"
