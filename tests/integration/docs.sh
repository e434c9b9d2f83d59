#!/usr/bin/env bash
# The commands of the documents do what the pages say: every ```sh block and every line for cron is run.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
publish seed
consume_to_end

# What the pages take for granted: analysts' psql as ./demo has it, and a ministry's register.
psql_as_analyst() {
    PGOPTIONS='-c coop.report_date=2022-06-30' psql -X -d "$analyst" "$@"
}
export -f psql_as_analyst
export analyst
query 'create database crm'
crm="$COOP_DATABASE dbname=crm"
as=$crm query "create table cohort_step as select * from (values
    (1, 'PB-7', 'ENROLLED', 80, 21, '2022-08-20'::date, 'PK-PB', 1250000.50, '2022-08-21 09:00+05'::timestamptz),
    (2, 'PB-7', 'STARTED', 76, 20, '2022-09-01', 'PK-PB', null, '2022-09-01 17:00+05'))
    as v (step_no, cohort, step, people, women, on_day, province, cost, entered_at)"

# Kafka deletes by and by: a topic is gone once it can be made.
remake_topic() {
    delete_topic "${COOP_BROKERS:?}" "$1"
    until [[ $(coop-admin topics "$1") == *made* ]]; do sleep 0.1; done
}
export -f remake_topic

# What stands for a reader's own servers and folders; what the demo and the build have shown is left out.
cat > "$work/places" <<END
/^\.\/(demo|check) +#/d
/^(deploy\/install-packages|cmake --preset) /d
s#^sudo ##
s#^cmake --install build/release#cmake --install $BIN --prefix $work/usr | tail -n 1#
s#/usr/local#$work/usr#
s#\./demo --psql#psql_as_analyst#
s#kafka\.example\.gov\.pk:9092#$COOP_BROKERS#
s#host=db\.example\.gov\.pk dbname=coop#$COOP_DATABASE#
s#-d crm#-d "$crm"#
s#^kafka-topics\.sh --bootstrap-server \S+ --delete --topic#remake_topic#
s#/srv/coop#$work/page#g
END

# A page starts the consumer as a reader would: where the page fails, it is still there.
end_page() {
    [[ ! -e $work/page/consumer.pid ]] || kill "$(cat "$work/page/consumer.pid")" 2> /dev/null || true
    clean_up
}
trap end_page EXIT

# blocks LANGUAGE PAGE
blocks() {
    awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```/ { on = 0 } on' "$SOURCE/$2" | sed -E -f "$work/places"
}

# run_page PAGE COMMAND...: in a folder of its own, the commands by way of COMMAND; what they print is in $work/out.
run_page() {
    local page=$1
    shift
    rm -rf "$work/page"
    mkdir "$work/page"
    cp -r "$SOURCE/sql" "$SOURCE/tests/data/schemas/outreach_event.v2.avsc" "$work/page/"
    cp "$golden/seed/training.jsonl" "$work/page/export.jsonl"
    { echo "trap 'echo \"failed: \$BASH_COMMAND\" >&2' ERR"; blocks sh "$page"; } > "$work/commands"
    [[ $(wc -l < "$work/commands") -gt 12 ]] || fail "$page has lost its commands"
    blocks crontab "$page" | sed -nE 's/^([0-9*]+ ){5}//p' > "$work/cron"
    [[ $(wc -l < "$work/cron") -eq $(grep -c '^```crontab$' "$SOURCE/$page") ]] || fail "$page: no line for cron"
    cd "$work/page"
    "$@" bash -Eeuo pipefail "$work/commands" > "$work/out" 2>&1 < /dev/null || fail "$page: $(tail -n 5 "$work/out")"
    "$@" sh -e "$work/cron" >> "$work/out" 2>&1 || fail "$page, a line for cron: $(tail -n 5 "$work/out")"
    cd "$SOURCE"
}

# The pages say themselves where the servers are; only README.md leaves that to the demo. The operator uses what the page installs.
bare=(env -u COOP_BROKERS -u COOP_DATABASE)
usr=$work/usr
installed=("${bare[@]}" PATH="$usr/bin:$PATH" COOP_SCHEMAS="$usr/share/cooptrack/schemas" COOP_SQL="$usr/share/cooptrack/sql")
run_with() {
    case $1 in
    README.md) export COOP_DATABASE; run_page "$1" env ;;
    docs/operations.md) publish_raw "$COOP_BROKERS" "$golden/small/raw.tsv"; run_page "$1" "${installed[@]}" ;;
    *) run_page "$1" "${bare[@]}" ;;
    esac
}

# Words that the commands of each page print, in any order.
while IFS=$'\t' read -r page words; do
    [[ $page == "${last-}" ]] || run_with "$page"
    last=$page
    grep -qF -- "$words" "$work/out" || fail "$page: its commands do not say \"$words\" but: $(cat "$work/out")"
done < "$SOURCE/tests/data/documents.tsv"

# What the ministry's programmer was promised: each letter counts once, as it was stated last.
expect 'the letters' "$(as=$analyst query "select string_agg(source_record_id || ' ' || action, ', ' order by source_record_id) from event_log
    where source = 'pk.gov.mofa.beijing' and source_record_id like 'L-%' and not is_superseded")" 'L-117 ASSERT, L-118 RETRACT, L-119 CORRECT'
done_ok 'the commands of the documents'
