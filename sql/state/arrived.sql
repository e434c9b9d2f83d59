-- What the fold under way takes in, in each of its two parts, and what counts of all that is folded. Of a partition only the
-- range of offsets is read: offset 0 keeps PostgreSQL from going through the table and asking of each row whether it lies in one.
create or replace view state.folded as
select stream_id, kafka_partition, from_offset, folded_offset, folded_at
from state.fold_position
where part = 'meaning';
comment on view   state.folded                 is 'How far the fold of what events mean has come, see state.fold_position.';
call state.comment_like('state.folded', 'state.fold_position');

-- state.arrived_outreach, state.considered_outreach, state.superseding_outreach and so on.
do $do$
declare
    v record;
begin
    for v in
        select format('state.%s_%s', p.prefix, t.event_type) as name, t.event_type, p.part, p.filter
        from (values ('arrived', 'arrival', ''), ('considered', 'meaning', ''),
                     ('superseding', 'meaning', $$ and o.supersedes_event_id is not null and o.action in ('CORRECT', 'RETRACT')$$)
        ) as p (prefix, part, filter)
        cross join unnest(array['outreach', 'agreement', 'training']) as t (event_type)
    loop
        execute format($view$
            create or replace view %1$s as
            select e.*
            from state.fold_position as f
            cross join lateral (
                select *
                from event.%2$I as o
                where o.stream_id = f.stream_id and o.kafka_partition = f.kafka_partition
                  and o.kafka_offset >= f.from_offset and o.kafka_offset < f.folded_offset%4$s
                offset 0
            ) as e
            where f.part = %3$L
        $view$, v.name, v.event_type, v.part, v.filter);
        execute format('comment on view %s is %L', v.name,
            format('%s events of which the fold under way, or else the last one, takes in the %s%s.', initcap(v.event_type), v.part,
                case when v.filter <> '' then ': corrections and retractions' else '' end));
        call state.comment_like(v.name, 'event.' || v.event_type);
    end loop;
end
$do$;

-- (select true ... limit 1) is null: see state.fold_effective().
create or replace view state.standing_outreach as
select e.*
from event.outreach as e
where e.action in ('ASSERT', 'CORRECT')
  and (select true from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'outreach' limit 1) is null;

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
  and (select true from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'training' limit 1) is null;

comment on view state.standing_outreach is 'Outreach events of which no fold has found that they do not count.';
comment on view state.counted_outreach is 'Outreach events that are folded and count.';
comment on view state.counted_training is 'Training events that are folded and count.';
call state.comment_like('state.standing_outreach', 'event.outreach');
call state.comment_like('state.counted_outreach', 'event.outreach');
call state.comment_like('state.counted_training', 'event.training');
