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

-- The scorecard put a country to every party, and every agreement once to each country. Both is done when they are folded.
create table state.agreement_country (
    agreement_id     text not null,
    country          text not null,
    is_signed        boolean not null,
    joint_facilities bigint not null,
    primary key (agreement_id, country)
);
comment on table  state.agreement_country                  is 'Which countries have a party to an agreement, and what the scorecard counts of it.';
comment on column state.agreement_country.agreement_id     is 'Agreement.';
comment on column state.agreement_country.country          is 'Country of a party as curated, else as last stated, ISO 3166-1 alpha-2.';
comment on column state.agreement_country.is_signed        is 'Whether it is SIGNED, RATIFIED or IN_FORCE.';
comment on column state.agreement_country.joint_facilities is 'Facilities of the agreement that are joint ventures. Number.';
create index agreement_party_by_org on state.agreement_party (org_id);
create index facility_by_agreement on state.facility (agreement_id);
insert into state.agreement_country (agreement_id, country, is_signed, joint_facilities)
select p.agreement_id, p.country, coalesce(a.status in ('SIGNED', 'RATIFIED', 'IN_FORCE'), false),
       (select count(*) from state.facility as f where f.agreement_id = p.agreement_id and f.ownership = 'JOINT_VENTURE')
from (
    select distinct p.agreement_id, coalesce(c.country, e.country) as country
    from state.agreement_party as p
    join state.partner as e using (org_id)
    left join reference.organisation as c using (org_id)
) as p
join state.agreement as a using (agreement_id)
where p.country is not null;
alter table state.agreement_party drop column status;

-- Functions of the fold that there are no more, or with other arguments.
drop function if exists state.mentions(), state.firms_worked_out(text[], uuid[]), state.fold_firms(state.outreach_change[]),
    state.fold_arrivals(text), state.fold_organisations(), state.fold_facilities(text[]);
