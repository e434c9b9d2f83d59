-- A firm counts once a campaign and stage, at its first event. It has few events: they are all read, and what they say now is
-- compared with what they said before. A firm with many is wide: see state.fold_wide_firms().
create or replace function state.fold_firms(changes state.outreach_change[], gone uuid[], lost uuid[], out reached state.reach_change[])
    language plpgsql
as $$
declare
    firms text[] := array(select distinct c.entity_key from unnest(changes) as c where c.recipient_org_id is not null order by 1);
    wide text[] := array(select w.entity_key from state.wide_firm as w where w.entity_key = any (firms));
    became_wide text[];
    steps state.firm_step[];
    responses state.response[];
begin
    loop
        if wide <> '{}' then
            firms := array(select f from unnest(firms) as f where f <> all (wide) order by 1);
        end if;
        select h.steps, h.reached, h.responses, h.wide into steps, reached, responses, became_wide
        from state.firms_worked_out(firms, gone, lost) as h;
        exit when became_wide is null;
        perform state.widen_firms(became_wide, gone);
        wide := wide || became_wide;
    end loop;

    perform state.clear_issues(
        array(
            select q.subject from state.subjects_of(firms, 'outreach', 'TRANSITION') as q (subject)
            where q.subject not in (select s.event_id from unnest(steps) as s)),
        'outreach', array['TRANSITION']);
    perform state.note_firm_steps(steps);
    perform state.fold_responses(responses);
    if wide <> '{}' then
        reached := reached || state.fold_wide_firms(array(select c from unnest(changes) as c where c.entity_key = any (wide)));
    end if;
end
$$;
comment on function state.fold_firms(state.outreach_change[], uuid[], uuid[]) is 'Folds what changes in the events of firms; gives what that changes in who was reached. gone are those of the events that counted and do not, lost those that arrived and do not count.';

-- What is stored and not folded yet is looked at, too, for the order of steps: its own fold looks at its firm again, whether it
-- counts or not.
create or replace function state.firms_worked_out(firms text[], gone uuid[], lost uuid[],
        out steps state.firm_step[], out reached state.reach_change[], out responses state.response[], out wide text[])
    language plpgsql stable
    set enable_material = on
as $$
declare
    much constant integer := 12;
    answers constant text[] := array(select s.stage from reference.stage as s where s.event_type = 'outreach' and s.responded);
    ranks constant jsonb := state.firm_ranks();
    allowed constant jsonb := state.firm_steps();
begin
    with history as materialized (
        select e.number, e.campaign_id, e.event_id, e.stage, e.channel, e.occurred_at, e.recorded_at,
               e.stands, e.stands and e.kafka_offset < e.folded_offset as counts,
               (e.stands or e.event_id = any (gone)) and e.kafka_offset < e.from_offset as counted
        from (
            select f.number, e.*, o.from_offset, o.folded_offset, e.action in ('ASSERT', 'CORRECT')
                   and case when e.kafka_offset >= o.from_offset then e.event_id not in (select unnest(lost)) else (
                       select true from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'outreach' limit 1
                   ) is null end as stands
            from unnest(firms) with ordinality as f (entity_key, number)
            cross join lateral (
                select e.campaign_id, e.event_id, e.stage, e.channel, e.occurred_at, e.recorded_at, e.action,
                       e.stream_id, e.kafka_partition, e.kafka_offset
                from event.outreach as e
                where e.entity_key = f.entity_key
                order by e.occurred_at
                limit much + 1
            ) as e
            left join state.folded as o on o.stream_id = e.stream_id and o.kafka_partition = e.kafka_partition
            offset 0
        ) as e
    ),
    -- Of each firm and stage the first event that counts, and the first that did.
    first as materialized (
        select h.*, h.is_first and coalesce(h.counts, false) as is_now, h.was_first and coalesce(h.counted, false) as was_before
        from (
            select h.*, count(*) filter (where h.counts) over in_order = 1 as is_first,
                   count(*) filter (where h.counted) over in_order = 1 as was_first
            from history as h
            window in_order as (
                partition by h.number, h.stage
                order by h.occurred_at, h.recorded_at, h.event_id rows unbounded preceding)
        ) as h
    ),
    firm as materialized (
        select f.number, count(*) as events, min(f.campaign_id) as campaign_id,
               min(f.channel) filter (where f.was_before and f.stage = 'INVITED') as old_channel,
               min(f.occurred_at) filter (where f.was_before and f.stage = 'INVITED') as old_invited_at,
               min(f.occurred_at) filter (where f.was_before and f.stage = any (answers)) as old_responded_at,
               min(f.channel) filter (where f.is_now and f.stage = 'INVITED') as channel,
               min(f.occurred_at) filter (where f.is_now and f.stage = 'INVITED') as invited_at,
               min(f.occurred_at) filter (where f.is_now and f.stage = any (answers)) as responded_at
        from first as f
        group by f.number
    )
    select (
               select array_agg(row(s.event_id, firms[s.number], s.stage, s.before)::state.firm_step)
               from (
                   select h.event_id, h.number, h.stage, lag(h.stage) over (
                       partition by h.number
                       order by h.occurred_at, (ranks ->> h.stage)::integer nulls last, h.recorded_at, h.event_id) as before
                   from history as h
                   where h.stands
               ) as s
               where not state.is_firm_step(allowed, s.before, s.stage)
           ),
           (
               select array_agg(row(m.campaign_id, m.stage, m.channel, m.month at time zone 'Asia/Karachi', m.number, m.number)::state.reach_change)
               from (
                   select f.campaign_id, f.stage, f.channel, date_trunc('month', f.occurred_at at time zone 'Asia/Karachi') as month,
                          sum(f.is_now::integer - f.was_before::integer) as number
                   from first as f
                   where f.is_now <> f.was_before
                   group by 1, 2, 3, 4
               ) as m
           ),
           (
               select array_agg(row(r.campaign_id, r.old_channel, r.old_invited_at, r.old_responded_at,
                   r.channel, r.invited_at, r.responded_at)::state.response)
               from firm as r
               where (r.old_channel, r.old_invited_at, r.old_responded_at) is distinct from (r.channel, r.invited_at, r.responded_at)
           ),
           (
               select array_agg(firms[f.number]) from firm as f where f.events > much
           )
    into steps, reached, responses, wide;
end
$$;
comment on function state.firms_worked_out(text[], uuid[], uuid[]) is 'Of firms: which steps are out of order, what changes in who was reached and in the answers to invitations, when the events of gone do not count any more and those of lost, which arrived, do not count; and which of them have so many events that this does not hold.';
