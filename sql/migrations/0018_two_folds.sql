-- The fold in two parts that go on side by side: what follows from an event's arrival alone, and what it means. Each has come as
-- far as it has.

-- A lock on the view, before that on the table: in this order a fold comes by, which asks how far behind it is.
alter view if exists state.backlog reset (security_barrier);

alter table state.folded rename to fold_position;
alter table state.fold_position add column part text not null default 'meaning' check (part in ('arrival', 'meaning'));
alter table state.fold_position alter column part drop default;
alter table state.fold_position drop constraint folded_pkey;
alter table state.fold_position rename constraint folded_check to fold_position_check;
alter table state.fold_position add primary key (part, stream_id, kafka_partition);
insert into state.fold_position (part, stream_id, kafka_partition, from_offset, folded_offset, folded_at)
select 'arrival', stream_id, kafka_partition, from_offset, folded_offset, folded_at from state.fold_position;
comment on table  state.fold_position      is 'How far each part of the fold has come in each partition: what is below folded_offset is in the state, exactly once.';
comment on column state.fold_position.part is 'arrival: what follows from an event being there. meaning: what it adds up to with the others.';

-- They fold both parts at once.
drop function if exists state.fold_arrived(), state.fold_advance(integer);
