#!/usr/bin/env bash
# coop-report: the same figures as the views, in three languages and three forms, of today and of other days.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
publish small
consume_to_end
day=$(< "$golden/small/expected/report_date.txt")
report() {
    coop-report --database "$analyst" "$@"
}
# ask QUERY: what an analyst's psql makes of it on that day, as CSV.
ask() {
    PGOPTIONS="-c coop.report_date=$day" psql -X -q --csv -v ON_ERROR_STOP=1 -d "$analyst" -c "$1"
}
files_in() {
    find "$1" -type f -printf '%f\n' | sort | tr '\n' ' '
}
# shows FILE WORDS...: a line of the file has them all, in that order.
shows() {
    local file=$1 pattern
    shift
    pattern=$(printf '.*%s' "$@")
    grep -qE -- "$pattern" "$file" || fail "$file: no line with \"$*\": $(cat "$file")"
}

# Tables: words of the language, figures of the views.
for language in en zh ur; do
    report --as-of "$day" --lang "$language" > "$work/$language" 2> "$work/err" || fail "$language: $(cat "$work/err")"
    [[ ! -s $work/err ]] || fail "$language: says $(cat "$work/err")"
done
shows "$work/en" '^As of: 2022-12-31$'
shows "$work/en" '^How far has each campaign come\?$'
shows "$work/en" CMP-STZA-FORUM-2022 'Invited +\|' ' 4000 ' ' 100\.00$'
shows "$work/en" 'WAITLISTED '
shows "$work/en" '^STZA and Z-Park agreement ' 'In force ' ' 2022-11-30 ' 'Month '
shows "$work/en" ' 400000000000\.000 ' USD
shows "$work/en" '^Islamabad Technology Zone +\| Under construction +\| Government +\| PK +\| PK-IS$'
shows "$work/en" 'TRN-GOV-IT +\| Provincial government +\| PK-PB +\| +80 \| +70 \| +63 \| +0$'
shows "$work/en" '^Chinese tech investors joining the forum ' ' 60 ' ' 4000 ' ' 1\.50 ' ' Missed$'
shows "$work/en" '^Step out of order ' 'REGISTERED to WAITLISTED$'
shows "$work/zh" '^每项活动进展如何？$'
shows "$work/zh" CMP-STZA-FORUM-2022 '已邀请 ' ' 4000 ' ' 100\.00$'
shows "$work/zh" '^STZA and Z-Park agreement ' '已生效 ' '月 '
shows "$work/zh" '逾期未达成$'
shows "$work/ur" '^ہر مہم کہاں تک پہنچی؟$'
shows "$work/ur" CMP-STZA-FORUM-2022 'مدعو' ' 4000 ' ' 100\.00$'
shows "$work/ur" 'نافذ العمل'
for language in en zh ur; do
    expect "symbols of code lists in $language" "$(grep -oE '\b(INVITED|NEGOTIATING|JOINT_VENTURE|PROVINCIAL_GOVERNMENT|MISSED|TRANSITION)\b' "$work/$language" | sort -u)" ''
done

# Aligned, as a terminal counts: bars stand under the crossings of the rule, whatever is between them.
python3 - "$work/en" "$work/zh" "$work/ur" <<'PYTHON' || fail 'columns are not aligned'
import sys, unicodedata
def at(line):
    place, bars = 0, []
    for c in line:
        if c in "|+":
            bars.append(place)
        wide = unicodedata.east_asian_width(c) in "WF"
        place += 0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if wide else 1
    return bars
tables = 0
for name in sys.argv[1:]:
    lines = open(name, encoding="utf-8").read().split("\n")
    for i, line in enumerate(lines):
        if line.startswith("---"):
            tables += 1
            rows = [lines[i - 1]] + lines[i + 1:lines.index("", i)]
            for row in rows:
                # A bar inside a text is not one of ours.
                assert set(at(line)) <= set(at(row)), (name, row)
assert tables == 18, tables
PYTHON

# Nothing wrong in the data is said, not left out.
query 'create database bare'
bare=${COOP_DATABASE/dbname=coop/dbname=bare}
fails 78 'not prepared for this version: run coop-admin migrate' coop-report --database "$bare"
coop-admin migrate --database "$bare" > /dev/null 2>&1
coop-report --database "$bare user=coop_analyst" > "$work/bare"
expect 'sections without a row' "$(grep -cx '(none)' "$work/bare")" 6
coop-report --database "$bare user=coop_analyst" --lang zh > "$work/bare"
expect 'the same in Chinese' "$(grep -cx '（无）' "$work/bare")" 6
coop-report --database "$bare user=coop_analyst" --json | python3 -c 'import json, sys
assert [s["rows"] for s in json.load(sys.stdin)["sections"]] == [[]] * 6' || fail 'JSON of an empty database'

# An issue whose text has instants in it, in the session's time zone.
query "insert into state.quality_issue (issue, event_type, subject, event_id, entity)
    select 'RECORDED_BEFORE_OCCURRED', 'training', event_id, event_id, cohort_id from event.training order by event_id limit 1"
# CSV and JSON: what the views say, in the columns that they have there.
report --as-of "$day" --csv "$work/csv" > "$work/out" || fail 'no CSV'
expect 'files' "$(files_in "$work/csv")" 'agreements.csv campaigns.csv data_quality.csv facilities.csv targets.csv training.csv '
report --as-of "$day" --json > "$work/json"
report --as-of "$day" --json --lang ur | cmp - "$work/json" || fail 'JSON depends on the language'
order_agreements='order by status_rank desc nulls last, agreement_id collate "C"'
while IFS=$'\t' read -r name view order; do
    ask "select $(head -n 1 "$work/csv/$name.csv") from $view $order" > "$work/wanted.csv"
    cmp "$work/csv/$name.csv" "$work/wanted.csv" || fail "$name.csv is not what $view says"
    ask "select json_agg(row_to_json(l)) from (select $(head -n 1 "$work/csv/$name.csv") from $view $order) as l" > "$work/wanted.json.csv"
    python3 - "$name" "$work/json" "$work/wanted.json.csv" <<'PYTHON' || fail "JSON: $name is not what $view says"
import csv, decimal, json, sys
csv.field_size_limit(1 << 30)
report = json.load(open(sys.argv[2]), parse_float=decimal.Decimal)
rows = [s["rows"] for s in report["sections"] if s["name"] == sys.argv[1]]
wanted = json.loads(list(csv.reader(open(sys.argv[3])))[1][0], parse_float=decimal.Decimal)
assert report["report_date"] == "2022-12-31" and rows == [wanted] and wanted, rows
PYTHON
done << TABLE
campaigns	outreach_funnel	order by campaign_id collate "C", stage_rank nulls last, stage collate "C"
agreements	agreement_pipeline	$order_agreements
facilities	facility	order by country collate "C", facility_id collate "C"
training	training_headcount	order by programme_id collate "C", audience collate "C", province collate "C", subject_code collate "C"
targets	indicator_progress	order by kind collate "C" desc, indicator_id collate "C", scope collate "C"
data_quality	data_quality_issue	order by issue collate "C", entity collate "C", event_id, detail collate "C"
TABLE
python3 - "$work/json" <<'PYTHON' || fail 'JSON: numbers, nulls and names'
import json, sys
sections = {s["name"]: s["rows"] for s in json.load(open(sys.argv[1]))["sections"]}
assert list(sections) == ["campaigns", "agreements", "facilities", "training", "targets", "data_quality"]
invited = [r for r in sections["campaigns"] if r["stage"] == "INVITED" and r["organisations"] == 4000]
assert len(invited) == 1 and invited[0]["pct_of_invited"] == 100.00 and invited[0]["step_conversion_pct"] is None
PYTHON
# Today's agreements are the state's, those of a day are computed: at the end of time they are the same.
PGOPTIONS="-c coop.report_date=$day" report --csv "$work/today" || fail 'no CSV of today'
diff -r "$work/csv" "$work/today" || fail 'today is another than --as-of the same day'

# Other days: Z-Park still under negotiation; Punjab's mistyped 700, before the correction was recorded.
report --as-of 2022-10-15 > "$work/past"
shows "$work/past" '^STZA and Z-Park agreement +\| Under negotiation +\| ' ' 2022-11-30 +\| Month '
report --as-of 2022-10-15 --csv "$work/csv.past"
expect 'agreements on 15 October' "$(cut -d, -f 1,4,6,7,8 "$work/csv.past/agreements.csv" | sort)" \
    "$(cut -d, -f 1-5 "$golden/small/expected/asof_agreements_2022-10-15.csv" | sort)"
shows "$work/csv.past/agreements.csv" '^AGR-ZPARK-2022,' ',NEGOTIATING,' ',2022-11-30,MONTH,'
report --known 2022-10-01 > "$work/known" 2> "$work/err"
shows "$work/known" '^Recorded up to: 2022-10-01$'
shows "$work/known" '^TRN-GOV-IT +\| 2022-PK-PB-1 +\| Completed +\| +700$'
expect 'sections that can be told' "$(grep -c '?$' "$work/known")" 2
expect 'lines that say why' "$(wc -l < "$work/err")" 1
expect_exit 0 coop-report --database "$analyst" --known "$day" --csv "$work/known.csv"
expect_says 'only agreements and training are told with --known'
expect 'files' "$(files_in "$work/known.csv")" 'agreements.csv cohorts.csv '
shows "$work/known.csv/cohorts.csv" '^TRN-GOV-IT,2022-PK-PB-1,COMPLETED,70$'
# The end of the day is that of Karachi: what was recorded at noon of it is known.
shows <(report --known 2022-06-20 --as-of 2022-06-20 2> /dev/null) '^STZA and Z-Park agreement ' ' 0 ' ' 2022-09-30 '
shows <(report --known 2022-06-19 2> /dev/null) '^\(none\)$'

# What is wrong is said in one line.
for wrong in 2022-13-01 2022-02-29 2022-6-1 yesterday '' 0000-01-01 "2022-01-01'" 2022-01-011; do
    fails 64 "\-\-as-of: \"$wrong\" is not a date of the form YYYY-MM-DD" coop-report --database "$analyst" --as-of "$wrong"
done
fails 64 '--known: "2023-02-29" is not a date' coop-report --database "$analyst" --known 2023-02-29
fails 64 '"de" is none of: en, zh, ur' coop-report --database "$analyst" --lang de
fails 64 '--json or --csv, not both' coop-report --database "$analyst" --json --csv "$work/csv"
fails 78 'database "nowhere" does not exist' coop-report --database "$COOP_DATABASE dbname=nowhere"
fails 69 'Connection refused' coop-report --database 'host=127.0.0.1 port=1'
fails 77 'lacks a right' coop-report --database "$COOP_DATABASE user=coop_consumer"
for form in '' --json '--lang ur'; do
    fails 74 'could not write to standard output: Bad file descriptor' bash -c "exec coop-report $form --database '$analyst' >&-"
    fails 74 'could not write to standard output: No space left on device' bash -c "exec coop-report $form --database '$analyst' > /dev/full"
done
touch "$work/file"
fails 74 "could not write into \"$work/file\": Not a directory" coop-report --database "$analyst" --csv "$work/file"
fails 74 "could not make the folder \"$work/no/such\": No such file or directory" coop-report --database "$analyst" --csv "$work/no/such"
mkdir "$work/blocked"
mkdir -p "$work/blocked/targets.csv/x"
fails 74 "could not write \"$work/blocked/targets.csv\": Is a directory" coop-report --database "$analyst" --csv "$work/blocked"
fails 74 'could not write ".*csv": File too large' \
    bash -c "trap '' XFSZ; ulimit -f 1; exec coop-report --database '$analyst' --csv '$work/csv'"
cmp "$work/csv/training.csv" "$work/today/training.csv" || fail 'a failure has touched a file'
expect 'half-written files' "$(find "$work/csv" "$work/blocked" -name '.*.csv.*')" ''

# One snapshot: what is stored while a report waits for a table is in none of its sections.
coproc blocker { psql -X -q -At -d "$COOP_DATABASE"; }
# shellcheck disable=SC2154 # coproc makes it
to_blocker=${blocker[1]} from_blocker=${blocker[0]}
echo 'begin; lock table reference.target; select 1;' >&"$to_blocker"
read -r -u "$from_blocker" _
report --as-of "$day" --csv "$work/snapshot" &
pid=$!
is_waiting() {
    [[ $(query "select count(*) from pg_stat_activity where application_name = 'coop-report' and wait_event_type = 'Lock'") -eq 1 ]]
}
wait_until 10 is_waiting
query 'delete from ingest.duplicate where not same_content'
echo 'commit;' >&"$to_blocker"
wait "$pid" || fail 'the report that had to wait'
diff -r "$work/csv" "$work/snapshot" || fail 'sections of different moments'
report --as-of "$day" --csv "$work/csv"
expect 'issues that are gone' "$(comm -23 <(sort "$work/snapshot/data_quality.csv") <(sort "$work/csv/data_quality.csv") | wc -l)" 2
done_ok 'coop-report'
