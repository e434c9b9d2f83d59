create or replace view state.effective_agreement as
select e.*
from event.agreement as e
where e.action in ('ASSERT', 'CORRECT')
  and not exists (
      select from event.agreement as s
      where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT'))
  and not (e.action = 'CORRECT' and exists (
      select from event.agreement as rival
      where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
        and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)));

comment on view state.effective_agreement is 'Agreement events that count.';
call state.comment_like('state.effective_agreement', 'event.agreement');

-- PostgreSQL puts its text in place of its call.
create or replace function state.uncleared_agreement(agreements text[], a_field text) returns setof event.agreement
    language sql stable
begin atomic
    select e.*
    from state.effective_agreement as e
    where e.agreement_id = any (agreements)
      and (
          select true from state.effective_agreement as c
          where c.agreement_id = e.agreement_id and a_field = any (c.cleared_fields)
            and (c.occurred_at, c.recorded_at, c.event_id) > (e.occurred_at, e.recorded_at, e.event_id)
          limit 1) is null;
end;
comment on function state.uncleared_agreement(text[], text) is 'Events of agreements that count, but for those before the one that sets the field back to not stated.';
