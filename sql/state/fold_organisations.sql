-- Every mention of an organisation in what arrived, whether it counts or not: a name is not a count.
create or replace view state.arrived_mention as
select e.initiator_org_id as org_id, e.initiator_name as name, e.initiator_names as names, e.initiator_country as country,
       e.initiator_org_type as org_type, e.initiator_parent_org_id as parent_org_id,
       e.occurred_at, e.recorded_at, e.event_id, 1 as place_in_event
from state.arrived_outreach as e
union all
select e.recipient_org_id, e.recipient_name, e.recipient_names, e.recipient_country,
       e.recipient_org_type, e.recipient_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 2
from state.arrived_outreach as e
where e.recipient_org_id is not null
union all
select p -> 'org' ->> 'org_id', p -> 'org' ->> 'name', p -> 'org' -> 'names', p -> 'org' ->> 'country',
       p -> 'org' ->> 'org_type', p -> 'org' ->> 'parent_org_id', e.occurred_at, e.recorded_at, e.event_id, p.place::integer
from state.arrived_agreement as e
cross join lateral jsonb_array_elements(e.parties) with ordinality as p (p, place)
union all
select e.provider_org_id, e.provider_name, e.provider_names, e.provider_country,
       e.provider_org_type, e.provider_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 1
from state.arrived_training as e
where e.provider_org_id is not null
union all
select e.beneficiary_org_id, e.beneficiary_name, e.beneficiary_names, e.beneficiary_country,
       e.beneficiary_org_type, e.beneficiary_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 2
from state.arrived_training as e
where e.beneficiary_org_id is not null;

comment on view state.arrived_mention is 'Mentions of organisations in what arrived.';
comment on column state.arrived_mention.org_id         is 'Organisation.';
comment on column state.arrived_mention.name           is 'Name in the working language.';
comment on column state.arrived_mention.names          is 'Names by BCP 47 tag, JSON object.';
comment on column state.arrived_mention.country        is 'ISO 3166-1 alpha-2.';
comment on column state.arrived_mention.org_type       is 'Code list org_type.';
comment on column state.arrived_mention.parent_org_id  is 'Owner or parent unit.';
comment on column state.arrived_mention.occurred_at    is 'When it happened, UTC instant.';
comment on column state.arrived_mention.recorded_at    is 'When the source recorded it, UTC instant.';
comment on column state.arrived_mention.event_id       is 'Event.';
comment on column state.arrived_mention.place_in_event is 'Place of the mention within the event.';

-- Most mentions say nothing that a later one does not say again. PostgreSQL takes what arrived for a handful, and would compare
-- each mention with each organisation.
create or replace function state.last_mentions() returns setof state.arrived_mention
    language plpgsql stable
    set enable_hashjoin = on set enable_nestloop = off
as $$
begin
    return query
    with mention as materialized (
        select * from state.arrived_mention
    ),
    stated as materialized (
        select m.org_id,
               max(m.occurred_at) filter (where m.name is not null) as name_at,
               max(m.occurred_at) filter (where m.names <> '{}') as names_at,
               max(m.occurred_at) filter (where m.country is not null) as country_at,
               max(m.occurred_at) filter (where m.org_type <> 'UNKNOWN') as org_type_at,
               max(m.occurred_at) filter (where m.parent_org_id is not null) as parent_at
        from mention as m
        group by m.org_id
    )
    select m.*
    from mention as m
    join stated as s on s.org_id = m.org_id and m.occurred_at in (s.name_at, s.names_at, s.country_at, s.org_type_at, s.parent_at);
end
$$;
comment on function state.last_mentions() is 'Of state.arrived_mention those at the time of the last statement of a field.';

-- Of each field the later statement stays. Statements compare by the key of their mention, which comes first in them.
create or replace function state.fold_organisations(out newcomers text[], out moved text[])
    language plpgsql
as $$
begin
    insert into state.partner (org_id)
    select distinct p -> 'org' ->> 'org_id'
    from state.arrived_agreement as e
    cross join lateral jsonb_array_elements(e.parties) as p
    on conflict do nothing;
    with mention as materialized (
        select m.org_id,
               row_number() over (partition by m.org_id order by m.occurred_at, m.recorded_at, m.event_id, m.place_in_event) as place,
               count(*) over (partition by m.org_id) as mentions,
               case when m.name is not null
                   then row(m.occurred_at, m.recorded_at, m.event_id, m.place_in_event, m.name)::state.stated_text end as name,
               case when m.names <> '{}'
                   then row(m.occurred_at, m.recorded_at, m.event_id, m.place_in_event, m.names)::state.stated_jsonb end as names,
               case when m.country is not null
                   then row(m.occurred_at, m.recorded_at, m.event_id, m.place_in_event, m.country)::state.stated_text end as country,
               case when m.org_type <> 'UNKNOWN'
                   then row(m.occurred_at, m.recorded_at, m.event_id, m.place_in_event, m.org_type)::state.stated_text end as org_type,
               case when m.parent_org_id is not null
                   then row(m.occurred_at, m.recorded_at, m.event_id, m.place_in_event, m.parent_org_id)::state.stated_text end as parent_org_id
        from state.last_mentions() as m
    ),
    changed as (
        insert into state.organisation as o (org_id, name, names, country, org_type, parent_org_id)
        select m.org_id, m.name, m.names, m.country, m.org_type, m.parent_org_id
        from mention as m
        where m.mentions = 1
        union all
        select m.org_id,
               (array_agg(m.name order by m.place desc) filter (where m.name is not null))[1],
               (array_agg(m.names order by m.place desc) filter (where m.names is not null))[1],
               (array_agg(m.country order by m.place desc) filter (where m.country is not null))[1],
               (array_agg(m.org_type order by m.place desc) filter (where m.org_type is not null))[1],
               (array_agg(m.parent_org_id order by m.place desc) filter (where m.parent_org_id is not null))[1]
        from mention as m
        where m.mentions > 1
        group by m.org_id
        on conflict (org_id) do update
            set name = greatest(o.name, excluded.name), names = greatest(o.names, excluded.names),
                country = greatest(o.country, excluded.country), org_type = greatest(o.org_type, excluded.org_type),
                parent_org_id = greatest(o.parent_org_id, excluded.parent_org_id)
        returning o.org_id, (o.country).value as country, o.xmax = 0 as is_new
    ),
    -- Partners are few: each organisation is looked up among them, and never the other way round.
    partner as (
        insert into state.partner (org_id, country)
        select c.org_id, c.country
        from changed as c
        where (select true from state.partner as p where p.org_id = c.org_id and p.country is distinct from c.country limit 1)
        on conflict (org_id) do update set country = excluded.country
        returning org_id
    )
    select array(select c.org_id from changed as c where c.is_new), array(select p.org_id from partner as p) into newcomers, moved;
end
$$;
comment on function state.fold_organisations() is 'Takes over what arrived says of organisations; gives those of which nothing was known, and the partners that are of another country now.';
