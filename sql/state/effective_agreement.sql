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
