-- An agreement has few events: each that something new has a bearing on is worked out anew.
create or replace function state.fold_agreements() returns void
    language plpgsql
as $$
declare
    touched text[];
    known text[];
begin
    select array_agg(distinct t.agreement_id) into touched
    from (
        select a.agreement_id from state.considered_agreement as a
        union all
        select e.agreement_id
        from state.superseding_agreement as a
        join event.agreement as e on e.event_id = a.supersedes_event_id
        union all
        select e.agreement_id
        from state.superseding_agreement as a
        join event.agreement as e on e.supersedes_event_id = a.supersedes_event_id
    ) as t;
    if touched is null then
        return;
    end if;

    known := array(select a.agreement_id from state.agreement as a where a.agreement_id = any (touched));
    delete from state.agreement as a where a.agreement_id = any (touched);
    insert into state.agreement
    select * from reporting.agreement_as_of() as a where a.agreement_id = any (touched);
    perform state.fold_agreement_steps(touched);
    perform state.fold_agreement_parties(touched);
    perform state.fold_agreement_countries(state.fold_facilities(touched));

    -- Training may name an agreement before the first event that describes it, and after the last one is withdrawn.
    perform state.clear_issues(
        array(
            select state.subjects_of(
                array(select a.agreement_id from state.agreement as a where a.agreement_id = any (touched)),
                'training', 'NO_SUCH_AGREEMENT')),
        'training', array['NO_SUCH_AGREEMENT']);
    insert into state.quality_issue (issue, event_type, subject, event_id, entity, detail)
    select 'NO_SUCH_AGREEMENT', 'training', t.event_id, t.event_id, t.agreement_id, 'training names an agreement that no event describes'
    from unnest(known) as k (agreement_id)
    join state.counted_training as t on t.agreement_id = k.agreement_id
    where (select true from state.agreement as a where a.agreement_id = k.agreement_id limit 1) is null;
end
$$;
comment on function state.fold_agreements() is 'Folds the agreement events that arrived.';

create or replace function state.fold_agreement_steps(touched text[]) returns void
    language plpgsql
as $$
begin
    delete from state.agreement_step as s where s.agreement_id = any (touched);
    insert into state.agreement_step (agreement_id, seq, event_id, occurred_at, change_kind, prev_status, status, expected_signing_date,
        days_since_previous, transition_ok, actor_name, actor_role, evidence_ref, note)
    select o.agreement_id, o.seq, o.event_id, o.occurred_at, o.change_kind, o.before, o.status, o.expected_signing_date,
           round(extract(epoch from o.occurred_at - o.previous_at) / 86400, 1),
           o.stated_status is null
               or coalesce(o.stated_status = o.before, false)
               or exists (
                   select from reference.stage_transition as t
                   where t.event_type = 'agreement' and t.from_stage = coalesce(o.before, 'START') and t.to_stage = o.stated_status),
           o.actor_name, o.actor_role, o.evidence_ref, o.note
    from (
        select e.*, nullif(e.status, 'UNKNOWN') as stated_status,
               row_number() over in_order as seq,
               lag(e.occurred_at) over in_order as previous_at,
               state.latest(nullif(e.status, 'UNKNOWN')) over (in_order rows between unbounded preceding and 1 preceding) as before
        from state.effective_agreement as e
        where e.agreement_id = any (touched)
        window in_order as (partition by e.agreement_id order by e.occurred_at, e.recorded_at, e.event_id)
    ) as o;

    perform state.clear_issues(
        array(select state.subjects_of(touched, 'agreement', 'TRANSITION')), 'agreement', array['TRANSITION']);
    insert into state.quality_issue (issue, event_type, subject, event_id, entity, detail)
    select 'TRANSITION', 'agreement', s.event_id, s.event_id, s.agreement_id, coalesce(s.prev_status, '(none)') || ' to ' || s.status
    from state.agreement_step as s
    where s.agreement_id = any (touched) and not s.transition_ok;
end
$$;
comment on function state.fold_agreement_steps(text[]) is 'Works out the steps of agreements anew, and which are out of order.';

create or replace function state.fold_agreement_parties(touched text[]) returns void
    language plpgsql
as $$
begin
    delete from state.agreement_party as p where p.agreement_id = any (touched);
    insert into state.agreement_party (agreement_id, org_id, role, share_percent)
    select e.agreement_id, p.party -> 'org' ->> 'org_id', p.party ->> 'role',
           state.latest((p.party ->> 'share_percent')::numeric order by e.occurred_at, e.recorded_at, e.event_id, p.place)
    from state.uncleared_agreement(touched, 'parties') as e
    cross join lateral jsonb_array_elements(e.parties) with ordinality as p (party, place)
    group by 1, 2, 3;
end
$$;
comment on function state.fold_agreement_parties(text[]) is 'Works out the parties of agreements anew.';
