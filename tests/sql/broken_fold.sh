#!/usr/bin/env bash
# The comparison with the plain definition finds a fold that is broken: each of these faults alone, within ten histories; which ten,
# where the first do not show it, is said with it.
# shellcheck source=../support/histories.sh
source "$(dirname "$0")/../support/histories.sh" || exit 70
histories_up broken

# breaks FILE WHAT SED-EXPRESSION [FIRST]
breaks() {
    local file=$SOURCE/sql/state/$1
    sed -E "$3" "$file" > "$work/broken.sql"
    ! cmp -s "$file" "$work/broken.sql" || fail "$1: nothing to break: $2"
    psql -X -q -v ON_ERROR_STOP=1 -d "$COOP_DATABASE dbname=broken" -f "$work/broken.sql" > /dev/null
    compare_histories broken "${4:-1}" 10 10 > "$work/differing"
    [[ -s $work/differing ]] || fail "not noticed: $2"
    echo "$2: $(head -n 1 "$work/differing")"
    psql -X -q -v ON_ERROR_STOP=1 -d "$COOP_DATABASE dbname=broken" -f "$file" > /dev/null
}

breaks fold_effective.sql 'rivals of a correction are not judged again' 's/rival.supersedes_event_id = t.target and/false and/' 11
breaks fold_effective.sql 'a retraction before its target is overlooked' 's/and s.kafka_offset < \($/and e.kafka_offset > s.kafka_offset and 0 < (/'
breaks fold_firms.sql 'what a firm said before is not taken off' 's/e.event_id = any \(gone\)/false/'
breaks fold_firms.sql 'the rest of a firm with many events is overlooked' 's/f.events > much/false/'
breaks fold_wide_firms.sql 'what a firm has is forgotten when it becomes wide' 's/where e.kafka_offset < \($/where 0 > (/'
breaks fold_wide_firms.sql 'nothing takes the place of a first event that is withdrawn' "s/then next.first else f.first end/then null::state.first_event else f.first end/"
breaks fold_wide_firm_steps.sql 'the step after a change is not looked at' 's/a.occurred_at > i.occurred_at order/false order/'
breaks fold_responses.sql 'an answer that is withdrawn stays' 's/array_agg\(c.microseconds\) filter \(where c.sign < 0\)/null::bigint[]/'
breaks fold_batches.sql 'firms that itemise are not taken off' 's/p.organisations - p.firms\)/p.organisations)/'
breaks fold_arrivals.sql 'late only within one fold' 's/greatest\(p.newest_here, p.newest_before\)/p.newest_here/'
breaks fold_organisations.sql 'the last to arrive rules' 's/country = greatest\(o.country, excluded.country\)/country = coalesce(excluded.country, o.country)/'
breaks fold_organisations.sql 'of many mentions the first rules' 's/m.country order by m.place desc/m.country order by m.place/'
breaks fold_organisations.sql 'everybody is taken for a newcomer' 's/o.xmax = 0 as is_new/true as is_new/'
breaks fold_organisations.sql 'a partner keeps the country that it had first' 's/do update set country = excluded.country/do nothing/'
breaks fold_training.sql 'what does not count any more stays added up' 's/enrolled = s.enrolled \+ excluded.enrolled/enrolled = s.enrolled + greatest(excluded.enrolled, 0)/'
breaks fold_agreements.sql 'the agreement of the target is not worked out anew' 's/e.event_id = a.supersedes_event_id/false/' 41
breaks fold_facilities.sql 'an agreement that has lost a facility is not worked out anew' 's/agreements := touched \|\| .*/agreements := touched;/' 11
breaks fold.sql 'nobody tells agreements that a partner has moved' 's/fold_partner_countries\(moved\)/fold_partner_countries(array[]::text[])/' 11
# shellcheck disable=SC2016 # the SQL has the dollar
breaks fold_awaited.sql 'what comes after its correction is not awaited' 's/where %2\$s is null/where false/'
breaks fold_awaited.sql 'where much is awaited, it is not found among few' 's/w.target = a.event_id limit/false limit/' 21
expect 'what differs once all is mended' "$(compare_histories broken 1 10)" ''
done_ok 'twenty broken folds were noticed'
