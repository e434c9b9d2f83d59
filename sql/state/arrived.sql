-- What the fold under way takes in, in each of its two parts, and what counts of all that is folded. Of a partition only the range of
-- offsets is read: offset 0 keeps PostgreSQL from going through the table and asking of each row whether it lies in one.
create or replace view state.folded as
select stream_id, kafka_partition, from_offset, folded_offset, folded_at
from state.fold_position
where part = 'meaning';
comment on view   state.folded                 is 'How far the fold of what events mean has come, see state.fold_position.';
comment on column state.folded.stream_id       is 'Topic, see ingest.stream.';
comment on column state.folded.kafka_partition is 'Kafka partition.';
comment on column state.folded.from_offset     is 'Where the last fold began; it took what lies between the two.';
comment on column state.folded.folded_offset   is 'First offset that is not in the state yet.';
comment on column state.folded.folded_at       is 'When it moved last, UTC instant.';

create or replace view state.arrived_outreach as
select e.*
from state.fold_position as f
cross join lateral (
    select *
    from event.outreach as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e
where f.part = 'arrival';

create or replace view state.arrived_agreement as
select e.*
from state.fold_position as f
cross join lateral (
    select *
    from event.agreement as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e
where f.part = 'arrival';

create or replace view state.arrived_training as
select e.*
from state.fold_position as f
cross join lateral (
    select *
    from event.training as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e
where f.part = 'arrival';

create or replace view state.considered_outreach as
select e.*
from state.folded as f
cross join lateral (
    select *
    from event.outreach as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e;

create or replace view state.considered_agreement as
select e.*
from state.folded as f
cross join lateral (
    select *
    from event.agreement as o
    where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
      and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset
    offset 0
) as e;

create or replace view state.considered_training as
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
where e.kafka_offset < (
    select f.folded_offset from state.folded as f
    where f.stream_id = e.stream_id and f.kafka_partition = e.kafka_partition);

create or replace view state.counted_training as
select e.*
from event.training as e
where e.action in ('ASSERT', 'CORRECT')
  and e.kafka_offset < (
      select f.folded_offset from state.folded as f
      where f.stream_id = e.stream_id and f.kafka_partition = e.kafka_partition)
  and not exists (
      select from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'training');

comment on view state.arrived_outreach is 'Outreach events of which the fold under way, or else the last one, takes in the arrival.';
comment on view state.arrived_agreement is 'Agreement events of which the fold under way, or else the last one, takes in the arrival.';
comment on view state.arrived_training is 'Training events of which the fold under way, or else the last one, takes in the arrival.';
comment on view state.considered_outreach is 'Outreach events of which the fold under way, or else the last one, takes in the meaning.';
comment on view state.considered_agreement is 'Agreement events of which the fold under way, or else the last one, takes in the meaning.';
comment on view state.considered_training is 'Training events of which the fold under way, or else the last one, takes in the meaning.';
comment on view state.standing_outreach is 'Outreach events of which no fold has found that they do not count.';
comment on view state.counted_outreach is 'Outreach events that are folded and count.';
comment on view state.counted_training is 'Training events that are folded and count.';
call state.comment_like('state.arrived_outreach', 'event.outreach');
call state.comment_like('state.arrived_agreement', 'event.agreement');
call state.comment_like('state.arrived_training', 'event.training');
call state.comment_like('state.considered_outreach', 'event.outreach');
call state.comment_like('state.considered_agreement', 'event.agreement');
call state.comment_like('state.considered_training', 'event.training');
call state.comment_like('state.standing_outreach', 'event.outreach');
call state.comment_like('state.counted_outreach', 'event.outreach');
call state.comment_like('state.counted_training', 'event.training');
