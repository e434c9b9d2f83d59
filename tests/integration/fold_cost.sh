#!/usr/bin/env bash
# No step of a fold looks at many more rows than there are events, whatever PostgreSQL took the tables for when it planned the step:
# a consumer comes with its plans from an empty database to some ten thousand events. The plans that PostgreSQL carried out say how many
# rows each step looked at.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
readonly events=30000 an_event=10
stack_up
query 'vacuum analyze'
psql -X -q -v ON_ERROR_STOP=1 -d "$COOP_DATABASE" > /dev/null << 'SQL'
load 'auto_explain';
alter system set session_preload_libraries = auto_explain;
alter system set auto_explain.log_min_duration = '5ms';
alter system set auto_explain.log_nested_statements = on;
alter system set auto_explain.log_analyze = on;
alter system set auto_explain.log_timing = off;
select pg_reload_conf();
SQL

folded() {
    caught_up && [[ $(query 'select state.behind()') == 0 ]]
}

coop-consumer --database "$consumer" 2> "$work/consumer.err" &
pid=$!
emit() {
    "$1" "${@:3}" | "$2" - > /dev/null 2> "$work/publish.err" || fail "$2: $(tail -n 1 "$work/publish.err")"
}
emit make_events coop-training training 500
emit make_events coop-agreement agreement 500
emit make_events coop-outreach outreach $((events - 16000))
wait_until 120 folded
# The same firms again and again, until they have many events; in portions, as a stream comes.
for ((from = 1; from <= 15000; from += 1000)); do
    emit make_outreach coop-outreach 1000 "$from"
done
wait_until 120 folded
stop_consumer "$pid"
expect 'folded' "$(query 'select sum(events) from state.source_count')" "$(query 'select count(*) from state.event')"

log=$(query 'show data_directory')/../postgres.log
[[ $(grep -c 'Query Text: select events, behind from state.fold' "$log") -gt 10 ]] || fail 'there are no plans of folds'
python3 - "$((events * an_event))" "$log" << 'PYTHON' > "$work/greedy"
import re, sys
limit, step, loops = int(sys.argv[1]), "", 1
for line in open(sys.argv[2], errors="replace"):
    if done := re.search(r"\(actual rows=(\d+) loops=(\d+)\)$", line):
        step, loops, rows = line.split("(cost=")[0].strip(" \t->"), int(done[2]), int(done[1])
    elif removed := re.match(r"\s*Rows Removed by (?:Join )?Filter: (\d+)", line):
        rows = int(removed[1])
    else:
        continue
    if rows * loops > limit:
        print(f"{step}: {rows * loops} rows")
PYTHON
expect 'steps that look at too many rows' "$(sort "$work/greedy" | uniq -c | head -n 5)" ''
done_ok "no step looked at more than $an_event rows an event"
