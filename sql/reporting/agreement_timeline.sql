create or replace view reporting.agreement_timeline as
with ordered as (
    select e.*,
           nullif(e.status, 'UNKNOWN') as stated_status,
           row_number() over in_order as seq,
           lag(e.occurred_at) over in_order as previous_at,
           count(nullif(e.status, 'UNKNOWN')) over in_order as statuses_so_far
    from state.effective_agreement as e
    window in_order as (partition by e.agreement_id order by e.occurred_at, e.recorded_at, e.event_id)
),
status_number as (
    select agreement_id, statuses_so_far as number, stated_status as status
    from ordered
    where stated_status is not null
)
select o.agreement_id,
       o.seq,
       o.event_id,
       o.occurred_at,
       o.change_kind,
       before.status as prev_status,
       o.status,
       o.expected_signing_date,
       round(extract(epoch from o.occurred_at - o.previous_at) / 86400, 1) as days_since_previous,
       o.stated_status is null
           or coalesce(o.stated_status = before.status, false)
           or exists (
               select from reference.stage_transition as t
               where t.event_type = 'agreement' and t.from_stage = coalesce(before.status, 'START') and t.to_stage = o.stated_status)
           as transition_ok,
       o.actor_name,
       o.actor_role,
       o.evidence_ref,
       o.note
from ordered as o
left join status_number as before
    on before.agreement_id = o.agreement_id
    and before.number = o.statuses_so_far - (o.stated_status is not null)::integer
order by o.agreement_id, o.seq;

comment on view reporting.agreement_timeline is 'What happened to one agreement? One row an event that counts.';
comment on column reporting.agreement_timeline.agreement_id          is 'Agreement.';
comment on column reporting.agreement_timeline.seq                   is 'Place in the agreement''s order of events, from 1.';
comment on column reporting.agreement_timeline.event_id              is 'Event.';
comment on column reporting.agreement_timeline.occurred_at           is 'When it happened. UTC instant, shown in the session''s time zone.';
comment on column reporting.agreement_timeline.change_kind           is 'Code list change_kind.';
comment on column reporting.agreement_timeline.prev_status           is 'Status before this event; null for none.';
comment on column reporting.agreement_timeline.status                is 'Status this event states; null when unchanged.';
comment on column reporting.agreement_timeline.expected_signing_date is 'Expected signing date this event states.';
comment on column reporting.agreement_timeline.days_since_previous   is 'Days since the event before, one decimal.';
comment on column reporting.agreement_timeline.transition_ok         is 'False where the step is not in reference.stage_transition.';
comment on column reporting.agreement_timeline.actor_name            is 'Office holder who acted or stated it.';
comment on column reporting.agreement_timeline.actor_role            is 'Post of the actor.';
comment on column reporting.agreement_timeline.evidence_ref          is 'Citation.';
comment on column reporting.agreement_timeline.note                  is 'Free text.';
