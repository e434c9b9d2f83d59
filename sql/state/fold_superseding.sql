-- Corrections and retractions that look wrong: those that arrived, and those whose target arrived, for which they were waiting.
create or replace function state.fold_superseding(a_type text, out targets uuid[])
    language plpgsql
as $$
declare
    came constant uuid[] := state.fold_awaited(a_type);
    superseding uuid[];
begin
    execute format($query$
        select array_agg(s.event_id), array_agg(distinct s.target)
        from (
            select a.event_id, a.supersedes_event_id as target
            from state.superseding_%1$s as a
            union
            select e.event_id, e.supersedes_event_id
            from unnest($1) as c (target)
            join event.%1$I as e on e.supersedes_event_id = c.target and e.action in ('CORRECT', 'RETRACT')
        ) as s
    $query$, a_type) into superseding, targets using came;
    if superseding is null then
        return;
    end if;

    perform state.clear_issues(superseding, a_type, array['ORPHAN_SUPERSEDE', 'RETRACTS_A_RETRACTION', 'SUPERSEDE_OTHER_ENTITY']);
    execute format($query$
        insert into state.quality_issue (issue, event_type, subject, event_id, entity, detail)
        select i.issue, %1$L, e.event_id, e.event_id, e.entity_key, i.detail
        from unnest($1) as s (event_id)
        join event.%1$I as e on e.event_id = s.event_id
        left join event.%1$I as t on t.event_id = e.supersedes_event_id
        cross join lateral (values
            ('ORPHAN_SUPERSEDE', t.event_id is null, 'target ' || e.supersedes_event_id || ' never seen'),
            ('RETRACTS_A_RETRACTION', t.action = 'RETRACT', 'target ' || t.event_id),
            ('SUPERSEDE_OTHER_ENTITY', t.entity_key <> e.entity_key, 'target belongs to ' || t.entity_key)) as i (issue, is_so, detail)
        where i.is_so
    $query$, a_type) using superseding;

    execute format($query$
        insert into state.quality_issue as q (issue, event_type, subject, event_id, entity, detail)
        select 'RIVAL_CORRECTIONS', %1$L, t.target, min(e.event_id::text)::uuid, min(e.entity_key),
               count(*) || ' corrections of ' || t.target
        from unnest($1) as t (target)
        join event.%1$I as e on e.supersedes_event_id = t.target and e.action in ('CORRECT', 'RETRACT')
        group by t.target
        having count(*) > 1
        on conflict (subject, issue, event_type) do update
            set event_id = excluded.event_id, entity = excluded.entity, detail = excluded.detail
    $query$, a_type) using targets;
end
$$;
comment on function state.fold_superseding(text) is 'Notes what looks wrong with corrections and retractions of a type; gives the events that they name.';
