-- Several agreements may speak of one facility: those of which a touched agreement speaks, or did, are worked out anew.
create or replace function state.fold_facilities(touched text[], out agreements text[])
    language plpgsql
as $$
declare
    facilities text[] := array(select s.facility_id from state.facility_statement as s where s.agreement_id = any (touched));
begin
    delete from state.facility_statement as s where s.agreement_id = any (touched);
    insert into state.facility_statement (facility_id, agreement_id, occurred_at, recorded_at, event_id, place, facility)
    select f.facility ->> 'facility_id', e.agreement_id, e.occurred_at, e.recorded_at, e.event_id, f.place, f.facility
    from state.uncleared_agreement(touched, 'facilities') as e
    cross join lateral jsonb_array_elements(e.facilities) with ordinality as f (facility, place);

    facilities := facilities || array(select s.facility_id from state.facility_statement as s where s.agreement_id = any (touched));
    agreements := touched || array(select f.agreement_id from state.facility as f where f.facility_id = any (facilities));
    delete from state.facility as f where f.facility_id = any (facilities);
    insert into state.facility (facility_id, name, facility_type, ownership, facility_status, country, subdivision, purpose,
        planned_opening_date, agreement_id, as_stated_at)
    select s.facility_id,
           state.latest(s.facility ->> 'name' order by occurred_at, recorded_at, event_id, place),
           coalesce(state.latest(nullif(s.facility ->> 'facility_type', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN'),
           coalesce(state.latest(nullif(s.facility ->> 'ownership', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN'),
           coalesce(state.latest(nullif(s.facility ->> 'facility_status', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN'),
           state.latest(s.facility -> 'place' ->> 'country' order by occurred_at, recorded_at, event_id, place),
           state.latest(s.facility -> 'place' ->> 'subdivision' order by occurred_at, recorded_at, event_id, place),
           state.latest(s.facility ->> 'purpose' order by occurred_at, recorded_at, event_id, place),
           state.latest((s.facility ->> 'planned_opening_date')::date order by occurred_at, recorded_at, event_id, place),
           state.latest(s.agreement_id order by occurred_at, recorded_at, event_id, place),
           max(s.occurred_at)
    from state.facility_statement as s
    where s.facility_id = any (facilities)
    group by s.facility_id;

    agreements := agreements || array(select f.agreement_id from state.facility as f where f.facility_id = any (facilities));
end
$$;
comment on function state.fold_facilities(text[]) is 'Works out the facilities of agreements anew; gives the agreements to which a facility belongs now or did.';
