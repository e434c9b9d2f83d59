#!/usr/bin/env bash
# Every kind of dirt in the profile small ends where it must: stored, duplicate or reject.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

publish small
consume_to_end
reports_are_golden small
everything_accounted_for 881

# 16 raw rejects of 16 reasons, each with its bytes, and the neighbours stored.
expect 'rejects by reason' \
    "$(query "select string_agg(reason, ' ' order by reason collate \"C\") from ingest.reject")" \
    "$(cut -f 4 "$golden/small/raw.tsv" | grep -vE '^#|STORED|DUPLICATE|expected' | sort | tr '\n' ' ' | sed 's/ $//')"
expect 'rejects with wrong checksums' "$(query 'select count(*) from ingest.reject where value_sha256 <> sha256(value)')" 0
expect 'messages' "$(query 'select (select count(*) from state.event) || $$ $$ || (select count(*) from ingest.duplicate) || $$ $$ || (select count(*) from ingest.reject)')" '822 43 16'

# Every file once more: only what counts messages may change.
publish small
consume_to_end
reports_but_counts_are_golden small
everything_accounted_for $((2 * 881))
coop-admin status > /dev/null || fail 'status says that the consumer is behind'
done_ok 'the profile small is golden, once and twice'
