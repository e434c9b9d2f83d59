#!/usr/bin/env bash
# --template gives a line that the same program takes; --codes every symbol that it takes, and no other.
set -euo pipefail
BIN=${BIN:?the build folder}
export ASAN_OPTIONS=detect_leaks=0 COOP_BROKERS=127.0.0.1:1
COOP_SCHEMAS=$(cd "$(dirname "$0")/../../schemas" && pwd)
export COOP_SCHEMAS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
complain() {
    echo "not ok: $*"
    failures=$((failures + 1))
}

# set FIELD SYMBOL: the template with that symbol in that field; in a list's first item, where there is one.
set_field() {
    /usr/bin/python3 -c '
import json, sys
event = json.load(open(sys.argv[1]))
at, names, symbol = event, sys.argv[2].split("."), sys.argv[3]
for name in names[:-1]:
    at = at[name][0] if isinstance(at[name], list) else at[name]
at[names[-1]] = [symbol] if isinstance(at.get(names[-1]), list) else symbol
if symbol in ("CORRECT", "RETRACT"):
    event["supersedes_source_record_id"] = "another"
print(json.dumps(event))' "$work/template" "$@"
}

for type in outreach agreement training; do
    program=$BIN/producers/coop-$type
    "$program" --template > "$work/template" || complain "$type: --template fails"
    [[ $(wc -l < "$work/template") -eq 1 ]] || complain "$type: the template is not one line"
    "$program" --dry-run "$work/template" 2> "$work/err" || complain "$type: the template is refused: $(cat "$work/err")"
    # Every field of the schema that has an example is there, but for what is not to be copied.
    /usr/bin/python3 - "$COOP_SCHEMAS/${type}_event.avsc" "$work/template" << 'END' || complain "$type: fields are missing"
import json, sys
event = json.load(open(sys.argv[2]))
left_out = {"event_id", "occurred_precision", "supersedes_event_id", "reason"}
for field in json.load(open(sys.argv[1]))["fields"]:
    wanted = "Example: " in field["doc"] and field["name"] not in left_out
    if wanted and field["name"] not in event or field["name"] in left_out and field["name"] in event:
        sys.exit(f"{field['name']}: wanted {wanted}")
END
    # Every symbol that is listed is taken.
    "$program" --codes > "$work/codes"
    while read -r field symbol; do
        set_field "$field" "$symbol"
    done < "$work/codes" > "$work/lines"
    [[ $(wc -l < "$work/lines") -eq $(wc -l < "$work/codes") && -s $work/codes ]] || complain "$type: symbols were lost"
    # A period's precision is implied by nothing here, so that any symbol of it is taken, too.
    "$program" --dry-run "$work/lines" 2> "$work/err" || complain "$type: a symbol is refused: $(head -n 3 "$work/err")"
    # One field's symbols are those of the whole list.
    while read -r field; do
        "$program" --codes "$field" | sed "s/^/$field /" > "$work/one"
        grep "^$field " "$work/codes" | cmp -s - "$work/one" || complain "$type: --codes $field differs"
    done < <(cut -d ' ' -f 1 "$work/codes" | sort -u)
done

# expect CODE WORDS COMMAND...
expect() {
    local wanted=$1 words=$2 code=0
    shift 2
    "$@" > "$work/out" 2> "$work/err" < /dev/null || code=$?
    [[ $code -eq $wanted ]] || complain "$*: exit $code, wanted $wanted"
    grep -qF -- "$words" "$work/err" "$work/out" || complain "$*: no word of \"$words\": $(cat "$work/err")"
}
outreach=$BIN/producers/coop-outreach
expect 0 'action RETRACT' "$outreach" --codes
! grep -q 'action UNKNOWN' "$work/out" || complain 'an action is listed that is refused'
expect 0 'TECHNOLOGY_PARK' "$outreach" --codes recipient.org_type
expect 64 'no field "recipient.type" takes symbols; these do: occurred_precision, action, stage,' "$outreach" --codes recipient.type
expect 64 'no field "note" takes symbols' "$outreach" --codes note
expect 64 'unexpected word "channel"' "$outreach" --codes stage channel
expect 64 'unexpected word "file"' "$outreach" --template file
expect 64 'not both' "$outreach" --template --codes
expect 64 'option "--retract" needs --reason' "$outreach" --retract /dev/null
expect 64 'option "--reason" goes with --retract only' "$outreach" --reason why /dev/null
expect 64 'option "--reason" is empty' "$outreach" --retract --reason '' /dev/null
expect 74 'could not write to standard output' sh -c "\"\$0\" --template > /dev/full" "$outreach"
expect 74 'could not write to standard output' sh -c "\"\$0\" --codes > /dev/full" "$outreach"

[[ $failures -eq 0 ]] && echo 'ok: templates and codes'
