create or replace view reporting.agreement_timeline as
select agreement_id,
       seq,
       event_id,
       occurred_at,
       change_kind,
       prev_status,
       status,
       expected_signing_date,
       days_since_previous,
       transition_ok,
       actor_name,
       actor_role,
       evidence_ref,
       note
from state.agreement_step
order by agreement_id, seq;

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
