#!/usr/bin/env bash
# The seed gives its reports and its 31 facts, and giving it twice changes nothing.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

for _ in once twice; do
    publish seed
    consume_to_end
    "$golden/compare.sh" "$golden/seed" "$COOP_DATABASE" > "$work/compare" || true
    # What counts messages may differ the second time, and nothing else.
    differing=$(grep -E '^(differs|failed)' "$work/compare" | grep -v 'duplicate_counts$' || true)
    expect 'reports that differ' "$differing" ''
    as=$analyst
    while IFS=$'\t' read -r fact sql; do
        expect "fact $fact" "$(query "set coop.report_date = '2022-06-30'; $sql" | tail -n 1)" t
    done < <(grep -v '^#' "$golden/seed/facts.tsv")
    unset as
done
expect 'duplicates after the second time' "$(query 'select count(*) from ingest.duplicate')" 18
done_ok 'the seed gives its reports and its facts, once and twice'
