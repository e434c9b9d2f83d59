#!/usr/bin/env bash
# docs/analysts.md shows what its commands print, to the letter, from the profile small.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish small
consume_to_end

python3 "$SOURCE/tests/support/run_page.py" "$SOURCE/docs/analysts.md" "$COOP_DATABASE" > "$work/analysts.md" 2> "$work/err" ||
    fail "docs/analysts.md: $(cat "$work/err")"
diff -u "$SOURCE/docs/analysts.md" "$work/analysts.md" > "$work/diff" ||
    fail "docs/analysts.md is not what $work/analysts.md is: $(head -n 40 "$work/diff")"
done_ok 'docs/analysts.md shows what its commands print'
