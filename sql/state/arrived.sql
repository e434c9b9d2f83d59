-- What the fold under way takes in, and what counts of all that is folded. Of a partition only the range of offsets is read:
-- offset 0 keeps PostgreSQL from going through the table and asking of each row whether it lies in one.
create or replace view state.arrived_outreach as
select e.*
from state.folded as f
cross join lateral (
    select *
    from event.outreach as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e;

create or replace view state.arrived_agreement as
select e.*
from state.folded as f
cross join lateral (
    select *
    from event.agreement as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e;

create or replace view state.arrived_training as
select e.*
from state.folded as f
cross join lateral (
    select *
    from event.training as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e;

create or replace view state.standing_outreach as
select e.*
from event.outreach as e
where e.action in ('ASSERT', 'CORRECT')
  and not exists (
      select from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'outreach');

create or replace view state.counted_outreach as
select e.*
from state.standing_outreach as e
where exists (
    select from state.folded as f
    where f.stream_id = e.stream_id and f.kafka_partition = e.kafka_partition and f.folded_offset > e.kafka_offset);

create or replace view state.counted_training as
select e.*
from event.training as e
where e.action in ('ASSERT', 'CORRECT')
  and exists (
      select from state.folded as f
      where f.stream_id = e.stream_id and f.kafka_partition = e.kafka_partition and f.folded_offset > e.kafka_offset)
  and not exists (
      select from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'training');

comment on view state.arrived_outreach is 'Outreach events that the fold under way, or else the last one, takes in.';
comment on view state.arrived_agreement is 'Agreement events that the fold under way, or else the last one, takes in.';
comment on view state.arrived_training is 'Training events that the fold under way, or else the last one, takes in.';
comment on view state.standing_outreach is 'Outreach events of which no fold has found that they do not count.';
comment on view state.counted_outreach is 'Outreach events that are folded and count.';
comment on view state.counted_training is 'Training events that are folded and count.';
call state.comment_like('state.arrived_outreach', 'event.outreach');
call state.comment_like('state.arrived_agreement', 'event.agreement');
call state.comment_like('state.arrived_training', 'event.training');
call state.comment_like('state.standing_outreach', 'event.outreach');
call state.comment_like('state.counted_outreach', 'event.outreach');
call state.comment_like('state.counted_training', 'event.training');
