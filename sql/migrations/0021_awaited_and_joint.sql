-- What a correction or retraction names before it is folded. Without it each event that arrives would be looked for among the
-- corrections.
create table state.awaited (
    event_type text not null,
    target     uuid not null,
    primary key (event_type, target)
);
comment on table  state.awaited            is 'Events that a folded correction or retraction names and that are not folded yet.';
comment on column state.awaited.event_type is 'outreach, agreement or training.';
comment on column state.awaited.target     is 'The event that is named.';

-- Corrections and retractions, one event in a hundred, in the order in which they are folded.
create index outreach_superseding on event.outreach (stream_id, kafka_partition, kafka_offset) where supersedes_event_id is not null;
create index agreement_superseding on event.agreement (stream_id, kafka_partition, kafka_offset) where supersedes_event_id is not null;
create index training_superseding on event.training (stream_id, kafka_partition, kafka_offset) where supersedes_event_id is not null;

do $do$
declare
    a_type text;
begin
    foreach a_type in array array['outreach', 'agreement', 'training'] loop
        execute format($query$
            insert into state.awaited (event_type, target)
            select distinct %1$L, e.supersedes_event_id
            from event.%1$I as e
            join state.fold_position as f using (stream_id, kafka_partition)
            where f.part = 'meaning' and e.supersedes_event_id is not null and e.action in ('CORRECT', 'RETRACT')
              and e.kafka_offset < f.folded_offset
              and not exists (
                  select
                  from event.%1$I as t
                  join state.fold_position as g using (stream_id, kafka_partition)
                  where g.part = 'meaning' and t.event_id = e.supersedes_event_id and t.kafka_offset < g.folded_offset)
        $query$, a_type);
    end loop;
end
$do$;

-- The scorecard counted the facilities of the agreement of every party. They are counted together with the parties.
alter table state.agreement_party add column joint_facilities bigint not null default 0;
comment on column state.agreement_party.joint_facilities is 'Facilities of the agreement that are joint ventures. Number.';
create index facility_by_agreement on state.facility (agreement_id);
update state.agreement_party as p
set joint_facilities = f.joint
from (select agreement_id, count(*) as joint from state.facility where ownership = 'JOINT_VENTURE' group by agreement_id) as f
where f.agreement_id = p.agreement_id;

-- Functions of the fold that there are no more, or with other arguments.
drop function if exists state.mentions();
drop function if exists state.firms_worked_out(text[], uuid[]), state.fold_firms(state.outreach_change[]),
    state.fold_arrivals(text), state.fold_organisations();
