-- The plain definition of all reports (docs/domain.md §3): slow, but easy to check by eye. Tests load it beside
-- the project's, with schema state as slow_state and reporting as slow, and want the same rows.
-- ---------------------------------------------------------------------------------------------------------------------
-- State: which events count
--
-- An event counts if it is an ASSERT or a CORRECT and no CORRECT or RETRACT of the same type names it as its target.
-- Of several CORRECTs and RETRACTs of one target the one with the greatest (recorded_at, event_id) rules.
-- Everywhere events of one entity are in the order (occurred_at, recorded_at, event_id); arrival plays no part.
-- ---------------------------------------------------------------------------------------------------------------------

create view state.event as
select 'outreach' as event_type, event_id, entity_key, source, source_record_id, occurred_at, occurred_precision,
       recorded_at, published_at, ingested_at, action, supersedes_event_id, reason,
       actor_name, actor_role, actor_org_id, evidence_ref, note, stream_id, kafka_partition, kafka_offset
from event.outreach
union all
select 'agreement', event_id, entity_key, source, source_record_id, occurred_at, occurred_precision,
       recorded_at, published_at, ingested_at, action, supersedes_event_id, reason,
       actor_name, actor_role, actor_org_id, evidence_ref, note, stream_id, kafka_partition, kafka_offset
from event.agreement
union all
select 'training', event_id, entity_key, source, source_record_id, occurred_at, occurred_precision,
       recorded_at, published_at, ingested_at, action, supersedes_event_id, reason,
       actor_name, actor_role, actor_org_id, evidence_ref, note, stream_id, kafka_partition, kafka_offset
from event.training;

create view state.effective_outreach as
select e.*
from event.outreach as e
where e.action in ('ASSERT', 'CORRECT')
  and not exists (
      select from event.outreach as s
      where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT'))
  and not (e.action = 'CORRECT' and exists (
      select from event.outreach as rival
      where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
        and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)));

create view state.effective_agreement as
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

create view state.effective_training as
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

-- The aggregate gives the last value that is not null, in the order it is given.
create function state.keep_later(earlier anyelement, later anyelement) returns anyelement
    language sql immutable strict parallel safe
    as 'select later';
create aggregate state.latest(anyelement) (sfunc = state.keep_later, stype = anyelement, parallel = safe);

-- ---------------------------------------------------------------------------------------------------------------------
-- State: symbols that no code list knows
-- ---------------------------------------------------------------------------------------------------------------------

create view state.unknown_symbol as
select used.event_type, used.event_id, used.field || '=' || used.symbol as symbol
from (
    select 'outreach' as event_type, e.event_id, u.*
    from event.outreach as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('stage', 'outreach_stage', e.stage),
        ('channel', 'channel', e.channel),
        ('initiator.org_type', 'org_type', e.initiator_org_type),
        ('recipient.org_type', 'org_type', e.recipient_org_type),
        ('count_basis', 'count_basis', e.count_basis),
        ('engagement_precision', 'date_precision', e.engagement_precision)) as u (field, list, symbol)
    union all
    select 'outreach', e.event_id, 'audience_sectors', 'sector', sector
    from event.outreach as e
    cross join lateral unnest(e.audience_sectors) as sector
    union all
    select 'agreement', e.event_id, u.*
    from event.agreement as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('agreement_type', 'agreement_type', e.agreement_type),
        ('change_kind', 'change_kind', e.change_kind),
        ('status', 'agreement_stage', e.status),
        ('expected_signing_precision', 'date_precision', e.expected_signing_precision),
        ('value.basis', 'value_basis', e.value_basis)) as u
    union all
    select 'agreement', e.event_id, u.*
    from event.agreement as e
    cross join lateral jsonb_array_elements(e.parties) as p
    cross join lateral (values
        ('parties.role', 'party_role', p ->> 'role'),
        ('parties.org.org_type', 'org_type', p -> 'org' ->> 'org_type')) as u
    union all
    select 'agreement', e.event_id, u.*
    from event.agreement as e
    cross join lateral jsonb_array_elements(e.facilities) as f
    cross join lateral (values
        ('facilities.facility_type', 'facility_type', f ->> 'facility_type'),
        ('facilities.ownership', 'ownership', f ->> 'ownership'),
        ('facilities.facility_status', 'facility_status', f ->> 'facility_status')) as u
    union all
    select 'training', e.event_id, u.*
    from event.training as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('stage', 'training_stage', e.stage),
        ('audience', 'audience', e.audience),
        ('delivery_mode', 'delivery_mode', e.delivery_mode),
        ('provider.org_type', 'org_type', e.provider_org_type),
        ('beneficiary.org_type', 'org_type', e.beneficiary_org_type),
        ('cost.basis', 'value_basis', e.cost_basis)) as u
) as used
where used.symbol is not null
  and not exists (select from reference.symbol as s where s.list = used.list and s.symbol = used.symbol);

-- ---------------------------------------------------------------------------------------------------------------------
-- State: organisations
-- ---------------------------------------------------------------------------------------------------------------------

-- Every mention of an organisation in any stored event, retracted or not: a name is not a count.
create view state.organisation_mention as
select e.initiator_org_id as org_id, e.initiator_name as name, e.initiator_names as names, e.initiator_country as country,
       e.initiator_org_type as org_type, e.initiator_parent_org_id as parent_org_id,
       e.occurred_at, e.recorded_at, e.event_id, 1::bigint as place_in_event
from event.outreach as e
union all
select e.recipient_org_id, e.recipient_name, e.recipient_names, e.recipient_country,
       e.recipient_org_type, e.recipient_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 2
from event.outreach as e
where e.recipient_org_id is not null
union all
select p -> 'org' ->> 'org_id', p -> 'org' ->> 'name', p -> 'org' -> 'names', p -> 'org' ->> 'country',
       p -> 'org' ->> 'org_type', p -> 'org' ->> 'parent_org_id', e.occurred_at, e.recorded_at, e.event_id, p.place
from event.agreement as e
cross join lateral jsonb_array_elements(e.parties) with ordinality as p (p, place)
union all
select e.provider_org_id, e.provider_name, e.provider_names, e.provider_country,
       e.provider_org_type, e.provider_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 1
from event.training as e
where e.provider_org_id is not null
union all
select e.beneficiary_org_id, e.beneficiary_name, e.beneficiary_names, e.beneficiary_country,
       e.beneficiary_org_type, e.beneficiary_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 2
from event.training as e
where e.beneficiary_org_id is not null;

create view state.organisation as
select org_id,
       state.latest(name order by occurred_at, recorded_at, event_id, place_in_event) as name,
       coalesce(state.latest(nullif(names, '{}') order by occurred_at, recorded_at, event_id, place_in_event), '{}') as names,
       state.latest(country order by occurred_at, recorded_at, event_id, place_in_event) as country,
       coalesce(state.latest(nullif(org_type, 'UNKNOWN') order by occurred_at, recorded_at, event_id, place_in_event), 'UNKNOWN') as org_type,
       state.latest(parent_org_id order by occurred_at, recorded_at, event_id, place_in_event) as parent_org_id
from state.organisation_mention
group by org_id;

-- ---------------------------------------------------------------------------------------------------------------------
-- State: outreach
--
-- A firm counts once per campaign and stage, at its first event. A group event with a batch counts as far as it exceeds
-- the firms that itemise the batch; one without a batch counts as it stands.
-- ---------------------------------------------------------------------------------------------------------------------

create view state.outreach_reached as
with first_of_firm as (
    select distinct on (campaign_id, recipient_org_id, stage)
           campaign_id, stage, channel, occurred_at, recipient_org_id
    from state.effective_outreach
    where recipient_org_id is not null
    order by campaign_id, recipient_org_id, stage, occurred_at, recorded_at, event_id
),
itemised as (
    select campaign_id, stage, batch_id, count(distinct recipient_org_id) as firms
    from state.effective_outreach
    where recipient_org_id is not null and batch_id is not null
    group by campaign_id, stage, batch_id
),
batch as (
    select campaign_id, stage, batch_id,
           (array_agg(channel order by occurred_at, recorded_at, event_id))[1] as channel,
           min(occurred_at) as occurred_at,
           sum(org_count) as organisations
    from state.effective_outreach
    where recipient_org_id is null and batch_id is not null
    group by campaign_id, stage, batch_id
)
select campaign_id, stage, channel, occurred_at, recipient_org_id, 1::bigint as organisations
from first_of_firm
union all
select campaign_id, stage, batch.channel, batch.occurred_at, null, batch.organisations - coalesce(itemised.firms, 0)
from batch
left join itemised using (campaign_id, stage, batch_id)
where batch.organisations > coalesce(itemised.firms, 0)
union all
select campaign_id, stage, channel, occurred_at, null, org_count
from state.effective_outreach
where recipient_org_id is null and batch_id is null and org_count > 0;

-- ---------------------------------------------------------------------------------------------------------------------
-- Reporting: today, and the record as it was
-- ---------------------------------------------------------------------------------------------------------------------

create function reporting.report_date() returns date
    language sql stable parallel safe
    return coalesce(nullif(current_setting('coop.report_date', true), '')::date, (now() at time zone 'Asia/Karachi')::date);
comment on function reporting.report_date() is 'Today in Asia/Karachi, or the session setting coop.report_date (YYYY-MM-DD), so that a report can be printed again.';

create function reporting.effective(known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (event_type text, event_id uuid)
    language sql stable security definer set search_path = pg_catalog
as $$
    with known as materialized (
        select e.event_type, e.event_id, e.action, e.supersedes_event_id, e.recorded_at
        from state.event as e
        where case clock when 'recorded' then e.recorded_at when 'ingested' then e.ingested_at end <= known_at
    ),
    ruling as materialized (
        select distinct on (event_type, supersedes_event_id) event_type, supersedes_event_id as target, event_id
        from known
        where action in ('CORRECT', 'RETRACT')
        order by event_type, supersedes_event_id, recorded_at desc, event_id desc
    )
    select e.event_type, e.event_id
    from known as e
    left join ruling as over_it on over_it.event_type = e.event_type and over_it.target = e.event_id
    left join ruling as beside_it on beside_it.event_type = e.event_type and beside_it.target = e.supersedes_event_id
    where over_it.event_id is null
      and (e.action = 'ASSERT' or e.action = 'CORRECT' and beside_it.event_id = e.event_id)
$$;
comment on function reporting.effective(timestamptz, text) is 'Events that count, from what was known at known_at. clock: recorded = what the sources had recorded by then, ingested = what this database had taken in by then.';

create function reporting.agreement_as_of(
    valid_at timestamptz default 'infinity', known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (
        agreement_id text, agreement_type text, title text, status text, status_since timestamptz,
        first_seen timestamptz, last_event_at timestamptz, events bigint,
        first_expected_signing date, expected_signing date, expected_signing_precision text,
        signed_date date, effective_date date, expiry_date date,
        value_amount numeric, value_currency text, value_basis text, value_date date,
        parent_agreement_id text, topics text[], amendment_no integer)
    language sql stable security definer set search_path = pg_catalog
as $$
    with counted as (
        select e.*, nullif(e.status, 'UNKNOWN') as stated_status
        from event.agreement as e
        join reporting.effective(known_at, clock) as f on f.event_type = 'agreement' and f.event_id = e.event_id
        where e.occurred_at <= valid_at
    ),
    change as (
        select c.event_id,
               c.stated_status is distinct from lag(c.stated_status) over (
                   partition by c.agreement_id order by c.occurred_at, c.recorded_at, c.event_id) as changed
        from counted as c
        where c.stated_status is not null
    ),
    -- One-element arrays: null = not stated here; an array holding null = set back to not stated.
    stated as (
        select c.*, change.changed,
               case when c.title is not null or 'title' = any (c.cleared_fields)
                    then array[c.title] end as said_title,
               case when c.expected_signing_date is not null or 'expected_signing_date' = any (c.cleared_fields)
                    then array[c.expected_signing_date] end as said_expected,
               case when c.expected_signing_date is not null or 'expected_signing_date' = any (c.cleared_fields)
                    then array[case when c.expected_signing_date is not null then c.expected_signing_precision end] end as said_precision,
               case when c.signed_date is not null or 'signed_date' = any (c.cleared_fields)
                    then array[c.signed_date] end as said_signed,
               case when c.effective_date is not null or 'effective_date' = any (c.cleared_fields)
                    then array[c.effective_date] end as said_effective,
               case when c.expiry_date is not null or 'expiry_date' = any (c.cleared_fields)
                    then array[c.expiry_date] end as said_expiry,
               case when c.value_amount is not null or 'value' = any (c.cleared_fields)
                    then array[c.value_amount] end as said_amount,
               case when c.value_amount is not null or 'value' = any (c.cleared_fields)
                    then array[c.value_currency] end as said_currency,
               case when c.value_amount is not null or 'value' = any (c.cleared_fields)
                    then array[c.value_basis] end as said_basis,
               case when c.value_amount is not null or 'value' = any (c.cleared_fields)
                    then array[c.value_date] end as said_value_date,
               case when c.parent_agreement_id is not null or 'parent_agreement_id' = any (c.cleared_fields)
                    then array[c.parent_agreement_id] end as said_parent,
               case when c.topics <> '{}' or 'topics' = any (c.cleared_fields)
                    then c.topics end as said_topics
        from counted as c
        left join change on change.event_id = c.event_id
    )
    select s.agreement_id,
           coalesce(state.latest(nullif(s.agreement_type, 'UNKNOWN') order by s.occurred_at, s.recorded_at, s.event_id), 'UNKNOWN'),
           (state.latest(s.said_title order by s.occurred_at, s.recorded_at, s.event_id))[1],
           state.latest(s.stated_status order by s.occurred_at, s.recorded_at, s.event_id),
           max(s.occurred_at) filter (where s.changed),
           min(s.occurred_at),
           max(s.occurred_at),
           count(*),
           (array_agg(s.expected_signing_date order by s.occurred_at, s.recorded_at, s.event_id)
               filter (where s.expected_signing_date is not null))[1],
           (state.latest(s.said_expected order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_precision order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_signed order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_effective order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_expiry order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_amount order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_currency order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_basis order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_value_date order by s.occurred_at, s.recorded_at, s.event_id))[1],
           (state.latest(s.said_parent order by s.occurred_at, s.recorded_at, s.event_id))[1],
           coalesce(state.latest(s.said_topics order by s.occurred_at, s.recorded_at, s.event_id), '{}'),
           max(s.amendment_no)
    from stated as s
    group by s.agreement_id
$$;
comment on function reporting.agreement_as_of(timestamptz, timestamptz, text) is 'Agreements as they stood at valid_at, from what was known at known_at (see effective). Without arguments: as they stand.';

create function reporting.training_headcount_as_of(known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (programme_id text, cohort_id text, stage text, headcount bigint)
    language sql stable security definer set search_path = pg_catalog
as $$
    select e.programme_id, e.cohort_id, e.stage, sum(e.headcount)
    from event.training as e
    join reporting.effective(known_at, clock) as f on f.event_type = 'training' and f.event_id = e.event_id
    group by e.programme_id, e.cohort_id, e.stage
$$;
comment on function reporting.training_headcount_as_of(timestamptz, text) is 'People by cohort and stage, from what was known at known_at (see effective).';

-- ---------------------------------------------------------------------------------------------------------------------
-- Reporting: outreach
-- ---------------------------------------------------------------------------------------------------------------------

create view reporting.outreach_funnel as
with counted as (
    select campaign_id, stage,
           sum(organisations)::bigint as organisations,
           count(recipient_org_id) as firms_itemised
    from state.outreach_reached
    group by campaign_id, stage
),
unnumbered as (
    select campaign_id, stage, count(*) as statements_without_number
    from state.effective_outreach
    where recipient_org_id is null and org_count = 0
    group by campaign_id, stage
),
line as (
    select campaign_id, stage,
           coalesce(counted.organisations, 0) as organisations,
           coalesce(counted.firms_itemised, 0) as firms_itemised,
           coalesce(unnumbered.statements_without_number, 0) as statements_without_number
    from counted
    full join unnumbered using (campaign_id, stage)
)
select l.campaign_id,
       l.stage,
       s.rank as stage_rank,
       s.label_en as stage_label,
       l.organisations,
       l.firms_itemised,
       l.statements_without_number,
       round(100.0 * l.organisations
           / nullif(max(l.organisations) filter (where l.stage = 'INVITED') over (partition by l.campaign_id), 0), 2) as pct_of_invited,
       case when s.funnel then
           round(100.0 * l.firms_itemised
               / nullif(lag(l.firms_itemised) over (partition by l.campaign_id, s.funnel order by s.rank), 0), 2)
       end as step_conversion_pct
from line as l
left join reference.stage as s on s.event_type = 'outreach' and s.stage = l.stage
order by l.campaign_id, s.rank nulls last, l.stage;

create view reporting.outreach_funnel_monthly as
select campaign_id,
       channel,
       date_trunc('month', occurred_at at time zone 'Asia/Karachi')::date as month,
       stage,
       sum(organisations)::bigint as organisations
from state.outreach_reached
group by campaign_id, channel, month, stage
order by campaign_id, month, channel, stage;

create view reporting.outreach_response_time as
with firm as (
    select r.campaign_id, r.recipient_org_id,
           min(r.channel) filter (where r.stage = 'INVITED') as channel,
           min(r.occurred_at) filter (where r.stage = 'INVITED') as invited_at,
           min(r.occurred_at) filter (where s.responded) as responded_at
    from state.outreach_reached as r
    join reference.stage as s on s.event_type = 'outreach' and s.stage = r.stage
    where r.recipient_org_id is not null
    group by r.campaign_id, r.recipient_org_id
)
select campaign_id,
       channel,
       count(*) as invited,
       count(responded_at) as responded,
       round(100.0 * count(responded_at) / count(*), 2) as response_rate_pct,
       round((percentile_cont(0.5) within group (order by extract(epoch from responded_at - invited_at) / 86400))::numeric, 2) as median_days,
       round((percentile_cont(0.9) within group (order by extract(epoch from responded_at - invited_at) / 86400))::numeric, 2) as p90_days
from firm
where invited_at is not null
group by campaign_id, channel
order by campaign_id, channel;

-- ---------------------------------------------------------------------------------------------------------------------
-- Reporting: agreements and facilities
-- ---------------------------------------------------------------------------------------------------------------------

create view reporting.agreement_pipeline as
select a.agreement_id,
       a.agreement_type,
       a.title,
       a.status,
       s.rank as status_rank,
       s.label_en as status_label,
       reporting.report_date() - (a.status_since at time zone 'Asia/Karachi')::date as days_in_status,
       a.first_expected_signing,
       a.expected_signing,
       a.expected_signing_precision,
       a.signed_date,
       a.effective_date,
       case
           when a.signed_date is not null then a.signed_date - a.first_expected_signing
           when a.expected_signing is not null and coalesce(s.rank, 0) < 40
               then greatest(a.expected_signing, reporting.report_date()) - a.first_expected_signing
       end as slippage_days,
       coalesce(a.signed_date is null and a.expected_signing < reporting.report_date() and coalesce(s.rank, 0) < 40, false) as is_overdue,
       a.value_amount,
       a.value_currency,
       a.value_basis,
       a.events,
       a.last_event_at,
       a.expiry_date,
       a.parent_agreement_id,
       a.topics,
       a.amendment_no
from reporting.agreement_as_of() as a
left join reference.stage as s on s.event_type = 'agreement' and s.stage = a.status
order by s.rank nulls last, a.agreement_id;

create view reporting.agreement_pipeline_summary as
select status,
       status_rank,
       count(*) as agreements,
       round(avg(days_in_status), 1) as avg_days_in_status,
       max(days_in_status) as oldest_days,
       count(*) filter (where is_overdue) as overdue,
       sum(value_amount) filter (where value_currency = 'USD') as value_usd
from reporting.agreement_pipeline
group by status, status_rank
order by status_rank nulls last, status;

create view reporting.agreement_timeline as
with ordered as (
    select e.*,
           nullif(e.status, 'UNKNOWN') as stated_status,
           row_number() over in_order as seq,
           lag(e.occurred_at) over in_order as previous_at,
           count(nullif(e.status, 'UNKNOWN')) over in_order as statuses_so_far
    from state.effective_agreement as e
    window in_order as (partition by e.agreement_id order by e.occurred_at, e.recorded_at, e.event_id)
),
status_number as (
    select agreement_id, statuses_so_far as number, stated_status as status
    from ordered
    where stated_status is not null
)
select o.agreement_id,
       o.seq,
       o.event_id,
       o.occurred_at,
       o.change_kind,
       before.status as prev_status,
       o.status,
       o.expected_signing_date,
       round(extract(epoch from o.occurred_at - o.previous_at) / 86400, 1) as days_since_previous,
       o.stated_status is null
           or coalesce(o.stated_status = before.status, false)
           or exists (
               select from reference.stage_transition as t
               where t.event_type = 'agreement' and t.from_stage = coalesce(before.status, 'START') and t.to_stage = o.stated_status)
           as transition_ok,
       o.actor_name,
       o.actor_role,
       o.evidence_ref,
       o.note
from ordered as o
left join status_number as before
    on before.agreement_id = o.agreement_id
    and before.number = o.statuses_so_far - (o.stated_status is not null)::integer
order by o.agreement_id, o.seq;

create view reporting.organisation as
select org_id,
       coalesce(c.name, e.name) as name,
       coalesce(nullif(c.names, '{}'), e.names, '{}') as names,
       coalesce(c.country, e.country) as country,
       coalesce(nullif(c.org_type, 'UNKNOWN'), e.org_type, 'UNKNOWN') as org_type,
       coalesce(c.parent_org_id, e.parent_org_id) as parent_org_id,
       c.subdivision,
       c.org_id is not null as is_curated
from reference.organisation as c
full join state.organisation as e using (org_id)
order by org_id;

create view reporting.agreement_party as
with stated as (
    select e.agreement_id, e.occurred_at, e.recorded_at, e.event_id, p.place,
           p.party -> 'org' ->> 'org_id' as org_id,
           p.party ->> 'role' as role,
           (p.party ->> 'share_percent')::numeric as share_percent
    from state.effective_agreement as e
    cross join lateral jsonb_array_elements(e.parties) with ordinality as p (party, place)
    where not exists (
        select from state.effective_agreement as c
        where c.agreement_id = e.agreement_id and 'parties' = any (c.cleared_fields)
          and (c.occurred_at, c.recorded_at, c.event_id) > (e.occurred_at, e.recorded_at, e.event_id))
)
select s.agreement_id,
       s.org_id,
       s.role,
       o.name,
       o.country,
       o.org_type,
       state.latest(s.share_percent order by s.occurred_at, s.recorded_at, s.event_id, s.place) as share_percent
from stated as s
left join reporting.organisation as o using (org_id)
group by s.agreement_id, s.org_id, s.role, o.name, o.country, o.org_type
order by s.agreement_id, s.role, s.org_id;

create view reporting.facility as
with stated as (
    select e.agreement_id, e.occurred_at, e.recorded_at, e.event_id, f.place, f.facility
    from state.effective_agreement as e
    cross join lateral jsonb_array_elements(e.facilities) with ordinality as f (facility, place)
    where not exists (
        select from state.effective_agreement as c
        where c.agreement_id = e.agreement_id and 'facilities' = any (c.cleared_fields)
          and (c.occurred_at, c.recorded_at, c.event_id) > (e.occurred_at, e.recorded_at, e.event_id))
)
select facility ->> 'facility_id' as facility_id,
       state.latest(facility ->> 'name' order by occurred_at, recorded_at, event_id, place) as name,
       coalesce(state.latest(nullif(facility ->> 'facility_type', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN') as facility_type,
       coalesce(state.latest(nullif(facility ->> 'ownership', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN') as ownership,
       coalesce(state.latest(nullif(facility ->> 'facility_status', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN') as facility_status,
       state.latest(facility -> 'place' ->> 'country' order by occurred_at, recorded_at, event_id, place) as country,
       state.latest(facility -> 'place' ->> 'subdivision' order by occurred_at, recorded_at, event_id, place) as subdivision,
       state.latest(facility ->> 'purpose' order by occurred_at, recorded_at, event_id, place) as purpose,
       state.latest((facility ->> 'planned_opening_date')::date order by occurred_at, recorded_at, event_id, place) as planned_opening_date,
       state.latest(agreement_id order by occurred_at, recorded_at, event_id, place) as agreement_id,
       max(occurred_at) as as_stated_at
from stated
group by facility ->> 'facility_id'
order by facility_id;

create view reporting.facility_by_country as
select country, facility_type, ownership, facility_status,
       count(*) as facilities,
       array_agg(facility_id order by facility_id) as facility_ids
from reporting.facility
group by country, facility_type, ownership, facility_status
order by country, facility_type, ownership, facility_status;

-- ---------------------------------------------------------------------------------------------------------------------
-- Reporting: training
-- ---------------------------------------------------------------------------------------------------------------------

create view reporting.training_headcount as
select programme_id,
       audience,
       coalesce(place_subdivision, '(not stated)') as province,
       subject_code,
       coalesce(sum(headcount) filter (where stage = 'PLANNED'), 0) as seats_planned,
       coalesce(sum(headcount) filter (where stage = 'ENROLLED'), 0) as enrolled,
       coalesce(sum(headcount) filter (where stage = 'STARTED'), 0) as started,
       coalesce(sum(headcount) filter (where stage = 'COMPLETED'), 0) as completed,
       coalesce(sum(headcount) filter (where stage = 'CERTIFIED'), 0) as certified,
       coalesce(sum(headcount) filter (where stage = 'DROPPED'), 0) as dropped,
       coalesce(sum(headcount_female) filter (where stage = 'COMPLETED'), 0) as completed_women,
       round(100.0 * coalesce(sum(headcount) filter (where stage = 'COMPLETED'), 0)
           / nullif(sum(headcount) filter (where stage = 'ENROLLED'), 0), 2) as completion_pct,
       round(coalesce(sum(headcount::numeric * minutes_per_person) filter (where stage = 'COMPLETED'), 0) / 60.0000, 1) as person_hours,
       count(*) filter (where headcount = 0) as statements_without_number
from state.effective_training
group by programme_id, audience, province, subject_code
order by programme_id, audience, province, subject_code;

create view reporting.certification_monthly as
with by_month as (
    select programme_id,
           date_trunc('month', occurred_at at time zone 'Asia/Karachi')::date as month,
           sum(headcount) as certified
    from state.effective_training
    where stage = 'CERTIFIED'
    group by programme_id, month
)
select programme_id,
       month,
       certified,
       (sum(certified) over (partition by programme_id order by month))::bigint as certified_to_date
from by_month
order by programme_id, month;

-- ---------------------------------------------------------------------------------------------------------------------
-- Reporting: targets and partners
-- ---------------------------------------------------------------------------------------------------------------------

create view state.indicator_actual as
select 'OUT_FIRMS_INVITED' as measure, campaign_id as scope, sum(organisations)::numeric as actual
from state.outreach_reached where stage = 'INVITED' group by campaign_id
union all
select 'OUT_FIRMS_ATTENDED', campaign_id, sum(organisations)
from state.outreach_reached where stage = 'ATTENDED' group by campaign_id
union all
select 'OUT_LETTERS_SENT', campaign_id, sum(organisations)
from state.outreach_reached where stage = 'INVITED' and channel = 'LETTER' group by campaign_id
union all
select 'AGR_SIGNED', agreement_id, (signed_date is not null)::integer
from reporting.agreement_as_of()
union all
select 'FAC_JV_OPERATIONAL', '*', count(*)
from reporting.facility
where facility_type = 'TECHNOLOGY_CENTER' and ownership = 'JOINT_VENTURE' and facility_status = 'OPERATIONAL'
union all
select 'TRN_COMPLETED', programme_id, sum(headcount)
from state.effective_training where stage = 'COMPLETED' group by programme_id
union all
select 'TRN_CERTIFIED', programme_id, sum(headcount)
from state.effective_training where stage = 'CERTIFIED' group by programme_id;

create view reporting.indicator_progress as
with current_target as (
    select distinct on (indicator_id, scope) *
    from reference.target
    where valid_from <= reporting.report_date()
    order by indicator_id, scope, valid_from desc
),
line as (
    select t.indicator_id, i.title, i.kind, i.unit, i.ascending, t.scope,
           t.baseline, t.target, t.deadline, t.deadline_precision, t.evidence_ref,
           case when i.measure <> '-' then coalesce(a.actual, 0) end as actual
    from current_target as t
    join reference.indicator as i using (indicator_id)
    left join state.indicator_actual as a on a.measure = i.measure and a.scope = t.scope
)
select indicator_id,
       title,
       kind,
       unit,
       scope,
       baseline,
       target,
       deadline,
       deadline_precision,
       actual,
       target - actual as gap,
       round(100.0 * (actual - coalesce(baseline, 0)) / nullif(target - coalesce(baseline, 0), 0), 2) as pct_of_target,
       case
           when kind = 'CONTEXT' then 'REFERENCE'
           when target is null or actual is null then 'NO TARGET'
           when ascending and actual >= target or not ascending and actual <= target then 'MET'
           when deadline < reporting.report_date() then 'MISSED'
           else 'OPEN'
       end as state,
       evidence_ref
from line
order by indicator_id, scope;

create view reporting.partner_scorecard as
with partner as (
    select partner_country as country from reference.campaign where partner_country is not null
    union
    select partner_country from reference.programme where partner_country is not null
    union
    select country from reporting.facility
),
firms as (
    select c.partner_country as country, r.stage, sum(r.organisations)::bigint as organisations
    from state.outreach_reached as r
    join reference.campaign as c using (campaign_id)
    group by c.partner_country, r.stage
),
people as (
    select coalesce(e.provider_country, p.partner_country) as country, e.stage, sum(e.headcount) as headcount
    from state.effective_training as e
    left join reference.programme as p using (programme_id)
    group by 1, e.stage
)
select p.country,
       coalesce((select organisations from firms as f where f.country = p.country and f.stage = 'INVITED'), 0) as firms_invited,
       coalesce((select organisations from firms as f where f.country = p.country and f.stage = 'ATTENDED'), 0) as firms_attended,
       (select count(distinct a.agreement_id) from reporting.agreement_party as a
        where a.country = p.country) as agreements,
       (select count(distinct a.agreement_id) from reporting.agreement_party as a
        join reporting.agreement_as_of() as s using (agreement_id)
        where a.country = p.country and s.status in ('SIGNED', 'RATIFIED', 'IN_FORCE')) as agreements_signed_or_in_force,
       (select count(*) from reporting.facility as f
        where f.country = p.country) as facilities_in_country,
       (select count(*) from reporting.facility as f
        where f.ownership = 'JOINT_VENTURE' and exists (
            select from reporting.agreement_party as a
            where a.agreement_id = f.agreement_id and a.country = p.country)) as joint_facilities,
       coalesce((select headcount from people as h where h.country = p.country and h.stage = 'COMPLETED'), 0) as people_trained,
       coalesce((select headcount from people as h where h.country = p.country and h.stage = 'CERTIFIED'), 0) as people_certified
from partner as p
order by p.country;

-- ---------------------------------------------------------------------------------------------------------------------
-- Reporting: quality of the data, and of the pipeline
-- ---------------------------------------------------------------------------------------------------------------------

create view reporting.data_freshness as
select e.source,
       e.event_type,
       count(*) as events,
       max(e.occurred_at) as last_occurred,
       max(e.recorded_at) as last_recorded,
       max(e.ingested_at) as last_ingested,
       count(*) filter (where e.ingested_at - e.occurred_at > interval '7 days') as older_than_7_days_on_arrival,
       count(u.event_id) as with_unknown_symbols,
       s.expected_interval,
       ((reporting.report_date() + 1)::timestamp at time zone 'Asia/Karachi') - max(e.recorded_at) > s.expected_interval as is_stale
from state.event as e
left join (select distinct event_type, event_id from state.unknown_symbol) as u using (event_type, event_id)
left join ingest.source as s using (source)
group by e.source, e.event_type, s.expected_interval
order by e.source, e.event_type;

create view reporting.late_arrivals as
select event_id, event_type, entity_key, source, occurred_at, ingested_at, newest_seen_before,
       newest_seen_before - occurred_at as behind_by
from (
    select e.*,
           max(e.occurred_at) over (
               partition by e.event_type, e.entity_key, e.stream_id, e.kafka_partition
               order by e.kafka_offset rows between unbounded preceding and 1 preceding) as newest_seen_before
    from state.event as e
) as arrived
where newest_seen_before > occurred_at
order by event_type, entity_key, occurred_at, event_id;

create view reporting.reject_summary as
select s.topic,
       r.reason,
       count(*) as messages,
       min(r.rejected_at) as first_seen,
       max(r.rejected_at) as last_seen,
       max(r.value_bytes) as largest_bytes
from ingest.reject as r
join ingest.stream as s using (stream_id)
group by s.topic, r.reason
order by s.topic, r.reason;

create view reporting.ingest_latency as
select date_trunc('hour', ingested_at) as hour,
       event_type,
       count(*) as events,
       percentile_cont(0.50) within group (order by extract(epoch from ingested_at - published_at)) as p50_s,
       percentile_cont(0.95) within group (order by extract(epoch from ingested_at - published_at)) as p95_s,
       percentile_cont(0.99) within group (order by extract(epoch from ingested_at - published_at)) as p99_s,
       max(extract(epoch from ingested_at - published_at))::double precision as max_s
from state.event
where published_at is not null
group by hour, event_type
order by hour, event_type;

create view reporting.data_quality_issue as
select 'TRANSITION' as issue, event_id, agreement_id as entity, coalesce(prev_status, '(none)') || ' to ' || status as detail
from reporting.agreement_timeline
where not transition_ok
union all
select 'TRANSITION', x.event_id, x.campaign_id || '|' || x.recipient_org_id, coalesce(x.before, '(none)') || ' to ' || x.stage
from (
    select e.event_id, e.campaign_id, e.recipient_org_id, e.stage,
           lag(e.stage) over (
               partition by e.campaign_id, e.recipient_org_id
               order by e.occurred_at, s.rank nulls last, e.recorded_at, e.event_id) as before
    from state.effective_outreach as e
    left join reference.stage as s on s.event_type = 'outreach' and s.stage = e.stage
    where e.recipient_org_id is not null
) as x
where x.before is distinct from x.stage
  and not exists (
      select from reference.stage_transition as t
      where t.event_type = 'outreach' and t.from_stage = coalesce(x.before, 'START') and t.to_stage = x.stage)
union all
select 'ORPHAN_SUPERSEDE', e.event_id, e.entity_key, 'target ' || e.supersedes_event_id || ' never seen'
from state.event as e
where e.action in ('CORRECT', 'RETRACT')
  and not exists (select from state.event as t where t.event_type = e.event_type and t.event_id = e.supersedes_event_id)
union all
select 'RETRACTS_A_RETRACTION', e.event_id, e.entity_key, 'target ' || t.event_id
from state.event as e
join state.event as t on t.event_type = e.event_type and t.event_id = e.supersedes_event_id
where e.action in ('CORRECT', 'RETRACT') and t.action = 'RETRACT'
union all
select 'SUPERSEDE_OTHER_ENTITY', e.event_id, e.entity_key, 'target belongs to ' || t.entity_key
from state.event as e
join state.event as t on t.event_type = e.event_type and t.event_id = e.supersedes_event_id
where e.action in ('CORRECT', 'RETRACT') and t.entity_key <> e.entity_key
union all
select 'RIVAL_CORRECTIONS', min(e.event_id::text)::uuid, min(e.entity_key), count(*) || ' corrections of ' || e.supersedes_event_id
from state.event as e
where e.action in ('CORRECT', 'RETRACT')
group by e.event_type, e.supersedes_event_id
having count(*) > 1
union all
select 'UNKNOWN_SYMBOL', u.event_id, e.entity_key, string_agg(distinct u.symbol, ', ' order by u.symbol)
from state.unknown_symbol as u
join state.event as e using (event_type, event_id)
group by u.event_type, u.event_id, e.entity_key
union all
select 'RECORDED_BEFORE_OCCURRED', event_id, entity_key, occurred_at || ' recorded ' || recorded_at
from state.event
where recorded_at < occurred_at and occurred_precision = 'INSTANT'
union all
select distinct 'DUPLICATE_ID_OTHER_CONTENT', d.event_id, coalesce(e.entity_key, '(not stored)'), 'kept the first'
from ingest.duplicate as d
join ingest.stream as s using (stream_id)
left join state.event as e on 'event.' || e.event_type = s.event_table and e.event_id = d.event_id
where not d.same_content
union all
select 'HEADCOUNT_BALANCE', null, programme_id || '|' || cohort_id,
       'enrolled ' || enrolled || ', completed ' || completed || ', dropped ' || dropped || ', certified ' || certified
from (
    select programme_id, cohort_id,
           coalesce(sum(headcount) filter (where stage = 'ENROLLED'), 0) as enrolled,
           coalesce(sum(headcount) filter (where stage = 'COMPLETED'), 0) as completed,
           coalesce(sum(headcount) filter (where stage = 'DROPPED'), 0) as dropped,
           coalesce(sum(headcount) filter (where stage = 'CERTIFIED'), 0) as certified
    from state.effective_training
    group by programme_id, cohort_id
) as cohort
where completed + dropped > enrolled or certified > completed
union all
select 'NO_SUCH_AGREEMENT', t.event_id, t.agreement_id, 'training names an agreement that no event describes'
from state.effective_training as t
where t.agreement_id is not null
  and not exists (select from state.effective_agreement as a where a.agreement_id = t.agreement_id);

create view reporting.event_log as
with own_fields as (
    select 'outreach' as event_type, e.event_id, to_jsonb(e) as fields from event.outreach as e
    union all
    select 'agreement', e.event_id, to_jsonb(e) from event.agreement as e
    union all
    select 'training', e.event_id, to_jsonb(e) from event.training as e
),
unknown as (
    select event_type, event_id, array_agg(distinct symbol order by symbol) as symbols
    from state.unknown_symbol
    group by event_type, event_id
)
select e.event_id,
       e.event_type,
       e.entity_key,
       e.source,
       e.occurred_at,
       e.recorded_at,
       e.ingested_at,
       e.action,
       e.supersedes_event_id,
       exists (
           select from state.event as s
           where s.event_type = e.event_type and s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')) as is_superseded,
       e.actor_name,
       e.actor_role,
       e.evidence_ref,
       e.note,
       coalesce(unknown.symbols, '{}') as unknown_symbols,
       e.occurred_precision,
       e.source_record_id,
       e.reason,
       (select jsonb_object_agg(field.key, field.value)
        from jsonb_each(own.fields - array[
            'event_id', 'source', 'source_record_id', 'occurred_at', 'occurred_precision', 'recorded_at', 'action',
            'supersedes_event_id', 'reason', 'actor_name', 'actor_role', 'evidence_ref', 'note',
            'entity_key', 'stream_id', 'kafka_partition', 'kafka_offset', 'published_at', 'ingested_at', 'schema_id', 'avro']) as field
        where field.value not in ('null', '{}', '[]')) as details
from state.event as e
join own_fields as own using (event_type, event_id)
left join unknown using (event_type, event_id);

