create or replace view state.effective_training as
select e.*
from event.training as e
where e.action in ('ASSERT', 'CORRECT')
  and not exists (
      select from event.training as s
      where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT'))
  and not (e.action = 'CORRECT' and exists (
      select from event.training as rival
      where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
        and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)));

comment on view state.effective_training is 'Training events that count.';
call state.comment_like('state.effective_training', 'event.training');
