-- One chain of queries, so that a condition on agreement_id reaches the index: no part may be needed twice.
create or replace function reporting.agreement_as_of(
    valid_at timestamptz default 'infinity', known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (
        agreement_id text, agreement_type text, title text, status text, status_since timestamptz,
        first_seen timestamptz, last_event_at timestamptz, events bigint,
        first_expected_signing date, expected_signing date, expected_signing_precision text,
        signed_date date, effective_date date, expiry_date date,
        value_amount numeric, value_currency text, value_basis text, value_date date,
        parent_agreement_id text, topics text[], amendment_no integer)
    language sql stable
begin atomic
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
    from (
        -- One-element arrays: null = not stated here; an array holding null = set back to not stated.
        select c.*,
               c.stated_status is not null and c.stated_status is distinct from state.latest(c.stated_status) over (
                   partition by c.agreement_id order by c.occurred_at, c.recorded_at, c.event_id
                   rows between unbounded preceding and 1 preceding) as changed,
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
        from (
            select e.*, nullif(e.status, 'UNKNOWN') as stated_status
            from state.stored_agreement as e
            where e.occurred_at <= valid_at and e.action in ('ASSERT', 'CORRECT')
              and case clock when 'recorded' then e.recorded_at when 'ingested' then e.ingested_at end <= known_at
              and not exists (
                  select from state.stored_agreement as s
                  where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
                    and case clock when 'recorded' then s.recorded_at when 'ingested' then s.ingested_at end <= known_at)
              and not (e.action = 'CORRECT' and exists (
                  select from state.stored_agreement as rival
                  where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
                    and case clock when 'recorded' then rival.recorded_at when 'ingested' then rival.ingested_at end <= known_at
                    and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)))
        ) as c
    ) as s
    group by s.agreement_id;
end;

comment on function reporting.agreement_as_of(timestamptz, timestamptz, text) is 'Agreements as they stood at valid_at, from what was known at known_at (see effective). Without arguments: as they stand.';
