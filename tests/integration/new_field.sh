#!/usr/bin/env bash
# CONTRIBUTING.md, "Worked example: a field": a schema line and a migration, and no line of C.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish seed
consume_to_end

# block LANGUAGE: the first such block of the example, as it stands in the document.
block() {
    awk -v language="$1" '/^### Worked example/ { there = 1 } there && $1 == "```" language { on = 1; next } on && /^ *```$/ { exit } on' "$SOURCE/CONTRIBUTING.md"
}
cp -r "$SOURCE/schemas" "$work/new"
cp "$work/new/outreach_event.avsc" "$work/new/outreach_event.v1.avsc"
python3 - "$work/new/outreach_event.avsc" "$(block json)" << 'END'
import json
import sys
schema = json.load(open(sys.argv[1], encoding="utf-8"))
schema["fields"].append(json.loads(sys.argv[2]))
json.dump(schema, open(sys.argv[1], "w", encoding="utf-8"), ensure_ascii=False, indent=2)
END
cp -r "$SOURCE/sql" "$work/sql"
block sql > "$work/sql/migrations/0023_outreach_language.sql"

coop-admin migrate --sql "$work/sql" 2> "$work/err" || fail "$(cat "$work/err")"
make_outreach 3 | sed 's/}$/, "language": "zh-Hans"}/' | coop-outreach --schemas "$work/new" 2> "$work/err" || fail "$(cat "$work/err")"
make_outreach 2 3 | coop-outreach 2> "$work/err" || fail "$(cat "$work/err")"
coop-consumer --until-end --database "$consumer" --schemas "$work/new" 2> "$work/err" || fail "$(cat "$work/err")"
expect 'events by language' \
    "$(query "select string_agg(coalesce(language, '-') || '=' || n, ' ' order by language) from (select language, count(*) as n from event.outreach group by language) as l")" \
    'zh-Hans=3 -=7'
expect 'schemas known' "$(query "select count(*) from ingest.schema where full_name = 'coop.events.OutreachEvent'")" 3
make_outreach 1 9 | sed 's/}$/, "language": "a tag that is longer than thirty-five bytes"}/' > "$work/long.jsonl"
expect_exit 65 coop-outreach --schemas "$work/new" "$work/long.jsonl"
expect_says 'field "language": has 43 bytes, at most 35 are taken'
done_ok 'a field is added without a line of C'
