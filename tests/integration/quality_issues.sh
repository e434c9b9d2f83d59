#!/usr/bin/env bash
# Each kind of issue, planted once, is found, and nothing else; where a later event mends it, it is gone.
# Also: silent sources, late arrivals, rejects by reason.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# An event's id is written #NNNN here, of which the first two digits are the case.
uuids=00000000-0000-4000-8000-00000000
mkdir "$work/newer"
cp "$SOURCE"/schemas/*.avsc "$work/newer/"
cp "$SOURCE/tests/data/schemas/outreach_event.v2.avsc" "$work/newer/outreach_event.avsc"

# publish_lines TYPE [OPTION...]: what stands on standard input; every outreach event has the same initiator.
publish_lines() {
    local type=$1
    shift
    sed -E "s/\"#([0-9]{4})\"/\"$uuids\1\"/g" > "$work/lines"
    [[ $type != outreach ]] || sed -i 's/}$/, "initiator": {"org_id": "COOP-STZA", "name": "STZA"}}/' "$work/lines"
    "coop-$type" --source pk.gov.test "$@" "$work/lines" 2> "$work/err" || fail "coop-$type: $(cat "$work/err")"
}

# has_rows WHAT QUERY: exactly those on standard input, as an analyst sees them.
has_rows() {
    as=$analyst query "$2" | sed "s/$uuids/#/g" > "$work/rows"
    diff -u - "$work/rows" > "$work/diff" || fail "$1: $(cat "$work/diff")"
}
has_issues() {
    has_rows 'issues' 'select issue, event_id, entity, detail from data_quality_issue order by issue, entity'
}

publish_lines outreach << 'END'
{"event_id": "#0201", "occurred_at": "2022-06-01", "campaign_id": "CMP-A", "stage": "RESPONDED", "recipient": {"org_id": "FIRM-2", "name": "Firm 2"}}
{"event_id": "#0202", "occurred_at": "2022-06-20", "campaign_id": "CMP-A", "stage": "ATTENDED", "recipient": {"org_id": "FIRM-2", "name": "Firm 2"}}
{"event_id": "#0801", "occurred_at": "2022-07-01T10:00:00+05:00", "recorded_at": "2022-06-30T10:00:00+05:00", "campaign_id": "CMP-A", "batch_id": "B-8", "org_count": 5}
{"event_id": "#0802", "occurred_at": "2022-07-01T10:00:00+05:00", "recorded_at": "2022-06-30T10:00:00+05:00", "occurred_precision": "MONTH", "campaign_id": "CMP-A", "batch_id": "B-8", "org_count": 5}
{"event_id": "#0901", "occurred_at": "2022-07-02", "campaign_id": "CMP-A", "batch_id": "B-9", "org_count": 5}
{"event_id": "#0901", "occurred_at": "2022-07-02", "campaign_id": "CMP-A", "batch_id": "B-9", "org_count": 6}
{"event_id": "#0901", "occurred_at": "2022-07-02", "campaign_id": "CMP-A", "batch_id": "B-9", "org_count": 7}
{"event_id": "#0902", "occurred_at": "2022-07-02", "campaign_id": "CMP-A", "batch_id": "B-9", "org_count": 5}
{"event_id": "#0902", "occurred_at": "2022-07-02", "campaign_id": "CMP-A", "batch_id": "B-9", "org_count": 5}
{"event_id": "#1201", "source": "pk.gov.daily", "occurred_at": "2022-09-10T10:00:00+05:00", "campaign_id": "CMP-B", "batch_id": "B-1", "org_count": 5}
{"event_id": "#1202", "source": "pk.gov.weekly", "occurred_at": "2022-09-10T10:00:00+05:00", "campaign_id": "CMP-B", "batch_id": "B-2", "org_count": 5}
END
publish_lines outreach --schemas "$work/newer" << 'END'
{"event_id": "#0701", "occurred_at": "2022-07-02", "campaign_id": "CMP-A", "batch_id": "B-7", "stage": "WAITLISTED", "org_count": 5}
END
publish_lines agreement << 'END'
{"event_id": "#0101", "occurred_at": "2022-06-01", "agreement_id": "AGR-1", "status": "NEGOTIATING"}
{"event_id": "#0102", "occurred_at": "2022-08-01", "agreement_id": "AGR-1", "status": "IN_FORCE"}
{"event_id": "#0401", "occurred_at": "2022-06-01", "agreement_id": "AGR-4", "status": "PROPOSED"}
{"event_id": "#0402", "occurred_at": "2022-06-01", "recorded_at": "2022-07-01T10:00:00Z", "action": "RETRACT", "supersedes_event_id": "#0401", "agreement_id": "AGR-4"}
{"event_id": "#0403", "occurred_at": "2022-06-01", "recorded_at": "2022-07-02T10:00:00Z", "action": "RETRACT", "supersedes_event_id": "#0402", "agreement_id": "AGR-4"}
{"event_id": "#0501", "occurred_at": "2022-06-01", "agreement_id": "AGR-5-OLD", "status": "PROPOSED"}
{"event_id": "#0502", "occurred_at": "2022-06-01", "recorded_at": "2022-07-01T10:00:00Z", "action": "CORRECT", "supersedes_event_id": "#0501", "agreement_id": "AGR-5-NEW", "status": "PROPOSED"}
END
publish_lines training << 'END'
{"event_id": "#0302", "occurred_at": "2022-06-01", "recorded_at": "2022-07-01T10:00:00Z", "action": "CORRECT", "supersedes_event_id": "#0301", "programme_id": "TRN-A", "cohort_id": "C-3", "stage": "ENROLLED", "headcount": 20}
{"event_id": "#0601", "occurred_at": "2022-06-01", "programme_id": "TRN-A", "cohort_id": "C-6", "stage": "ENROLLED", "headcount": 2}
{"event_id": "#0602", "occurred_at": "2022-06-01", "recorded_at": "2022-07-01T10:00:00Z", "action": "CORRECT", "supersedes_event_id": "#0601", "programme_id": "TRN-A", "cohort_id": "C-6", "stage": "ENROLLED", "headcount": 200}
{"event_id": "#0603", "occurred_at": "2022-06-01", "recorded_at": "2022-07-02T10:00:00Z", "action": "CORRECT", "supersedes_event_id": "#0601", "programme_id": "TRN-A", "cohort_id": "C-6", "stage": "ENROLLED", "headcount": 20}
{"event_id": "#1001", "occurred_at": "2022-06-01", "programme_id": "TRN-A", "cohort_id": "C-10", "stage": "ENROLLED", "headcount": 20}
{"event_id": "#1002", "occurred_at": "2022-07-01", "programme_id": "TRN-A", "cohort_id": "C-10", "stage": "COMPLETED", "headcount": 15}
{"event_id": "#1003", "occurred_at": "2022-07-01", "programme_id": "TRN-A", "cohort_id": "C-10", "stage": "DROPPED", "headcount": 6}
{"event_id": "#1011", "occurred_at": "2022-06-01", "programme_id": "TRN-A", "cohort_id": "C-10-B", "stage": "ENROLLED", "headcount": 20}
{"event_id": "#1012", "occurred_at": "2022-07-01", "programme_id": "TRN-A", "cohort_id": "C-10-B", "stage": "COMPLETED", "headcount": 15}
{"event_id": "#1013", "occurred_at": "2022-07-01", "programme_id": "TRN-A", "cohort_id": "C-10-B", "stage": "CERTIFIED", "headcount": 16}
{"event_id": "#1101", "occurred_at": "2022-06-01", "programme_id": "TRN-A", "cohort_id": "C-11", "stage": "PROPOSED", "agreement_id": "AGR-11"}
END
publish_raw "$COOP_BROKERS" << 'END'
coop.training.v1	54524e2d417c432d31	-
coop.training.v1	54524e2d417c432d31	7b7d
coop.training.v1	54524e2d417c432d32	7b2261223a20317d
coop.agreement.v1	4147522d31	7b7d
END
consume_to_end

has_issues << 'END'
DUPLICATE_ID_OTHER_CONTENT|#0901|CMP-A|#B-9|kept the first
HEADCOUNT_BALANCE||TRN-A|C-10|enrolled 20, completed 15, dropped 6, certified 0
HEADCOUNT_BALANCE||TRN-A|C-10-B|enrolled 20, completed 15, dropped 0, certified 16
NO_SUCH_AGREEMENT|#1101|AGR-11|training names an agreement that no event describes
ORPHAN_SUPERSEDE|#0302|TRN-A|C-3|target #0301 never seen
RECORDED_BEFORE_OCCURRED|#0801|CMP-A|#B-8|2022-07-01 10:00:00+05 recorded 2022-06-30 10:00:00+05
RETRACTS_A_RETRACTION|#0403|AGR-4|target #0402
RIVAL_CORRECTIONS|#0602|TRN-A|C-6|2 corrections of #0601
SUPERSEDE_OTHER_ENTITY|#0502|AGR-5-NEW|target belongs to AGR-5-OLD
TRANSITION|#0102|AGR-1|NEGOTIATING to IN_FORCE
TRANSITION|#0202|CMP-A|FIRM-2|RESPONDED to ATTENDED
UNKNOWN_SYMBOL|#0701|CMP-A|#B-7|stage=WAITLISTED
END
has_rows 'late arrivals' 'table late_arrivals' < /dev/null
has_rows 'rejects' 'select topic, reason, messages, largest_bytes from reject_summary order by topic, reason' << 'END'
coop.agreement.v1|NOT_FRAMED|1|2
coop.training.v1|NOT_FRAMED|2|8
coop.training.v1|NULL_VALUE|1|0
END

# From 10 September 10:00 to the end of the 11th are 38 hours: as long as one declares, a second longer than the other.
query "insert into ingest.source (source, expected_interval) values ('pk.gov.daily', '38 hours'), ('pk.gov.weekly', '37:59:59')"
freshness="select source, last_recorded, is_stale from data_freshness where event_type = 'outreach' order by source"
has_rows 'freshness on 11 September' "set coop.report_date = '2022-09-11'; $freshness" << 'END'
pk.gov.daily|2022-09-10 10:00:00+05|f
pk.gov.test|2022-07-02 23:59:59.999999+05|
pk.gov.weekly|2022-09-10 10:00:00+05|t
END
has_rows 'freshness on 12 September' "set coop.report_date = '2022-09-12'; $freshness" << 'END'
pk.gov.daily|2022-09-10 10:00:00+05|t
pk.gov.test|2022-07-02 23:59:59.999999+05|
pk.gov.weekly|2022-09-10 10:00:00+05|t
END

# What was missing arrives, what was wrong is corrected, and the code list learns the symbol.
publish_lines outreach << 'END'
{"event_id": "#0203", "occurred_at": "2022-06-10", "campaign_id": "CMP-A", "stage": "REGISTERED", "recipient": {"org_id": "FIRM-2", "name": "Firm 2"}}
{"event_id": "#1203", "source": "pk.gov.daily", "occurred_at": "2022-09-12T10:00:00+05:00", "campaign_id": "CMP-B", "batch_id": "B-1", "org_count": 5}
END
publish_lines agreement << 'END'
{"event_id": "#0103", "occurred_at": "2022-07-01", "agreement_id": "AGR-1", "status": "SIGNED"}
{"event_id": "#1102", "occurred_at": "2022-06-01", "agreement_id": "AGR-11", "status": "PROPOSED"}
END
publish_lines training << 'END'
{"event_id": "#0301", "occurred_at": "2022-06-01", "programme_id": "TRN-A", "cohort_id": "C-3", "stage": "ENROLLED", "headcount": 2}
{"event_id": "#0604", "occurred_at": "2022-06-01", "recorded_at": "2022-07-03T10:00:00Z", "action": "RETRACT", "supersedes_event_id": "#0601", "programme_id": "TRN-A", "cohort_id": "C-6"}
{"event_id": "#1004", "occurred_at": "2022-07-01", "recorded_at": "2022-07-03T10:00:00Z", "action": "CORRECT", "supersedes_event_id": "#1003", "programme_id": "TRN-A", "cohort_id": "C-10", "stage": "DROPPED", "headcount": 5}
{"event_id": "#1014", "occurred_at": "2022-07-01", "recorded_at": "2022-07-03T10:00:00Z", "action": "CORRECT", "supersedes_event_id": "#1013", "programme_id": "TRN-A", "cohort_id": "C-10-B", "stage": "CERTIFIED", "headcount": 15}
END
cp -r "$SOURCE/sql/reference" "$work/"
echo 'outreach,WAITLISTED,42,f,t,f,Waitlisted,候补,انتظار میں' >> "$work/reference/stage.csv"
coop-admin reference "$work/reference" > /dev/null
consume_to_end

# What cannot be mended stays: an event is never changed.
has_issues << 'END'
DUPLICATE_ID_OTHER_CONTENT|#0901|CMP-A|#B-9|kept the first
RECORDED_BEFORE_OCCURRED|#0801|CMP-A|#B-8|2022-07-01 10:00:00+05 recorded 2022-06-30 10:00:00+05
RETRACTS_A_RETRACTION|#0403|AGR-4|target #0402
RIVAL_CORRECTIONS|#0602|TRN-A|C-6|3 corrections of #0601
SUPERSEDE_OTHER_ENTITY|#0502|AGR-5-NEW|target belongs to AGR-5-OLD
END
has_rows 'late arrivals' 'select event_id, event_type, entity_key, source, behind_by from late_arrivals' << 'END'
#0103|agreement|AGR-1|pk.gov.test|31 days
#0203|outreach|CMP-A|FIRM-2|pk.gov.test|10 days
END
has_rows 'freshness, heard of again' "set coop.report_date = '2022-09-12'; $freshness" << 'END'
pk.gov.daily|2022-09-12 10:00:00+05|f
pk.gov.test|2022-07-02 23:59:59.999999+05|
pk.gov.weekly|2022-09-10 10:00:00+05|t
END
done_ok 'each kind of issue is found, and is gone when it is mended'
