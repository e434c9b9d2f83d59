-- Symbols that no code list knows, in what arrived. Events of outreach and training come by the thousand with the same symbols:
-- each set is looked up once.
create or replace function state.unknown_in_outreach() returns table (event_id uuid, symbol text)
    language sql stable
begin atomic
    select unnest(e.event_ids), u.field || '=' || u.symbol
    from (
        select occurred_precision, stage, channel, initiator_org_type, recipient_org_type, count_basis, engagement_precision,
               audience_sectors, array_agg(event_id) as event_ids
        from state.arrived_outreach
        group by 1, 2, 3, 4, 5, 6, 7, 8
    ) as e
    cross join lateral (
        values
            ('occurred_precision', 'date_precision', e.occurred_precision),
            ('stage', 'outreach_stage', e.stage),
            ('channel', 'channel', e.channel),
            ('initiator.org_type', 'org_type', e.initiator_org_type),
            ('recipient.org_type', 'org_type', e.recipient_org_type),
            ('count_basis', 'count_basis', e.count_basis),
            ('engagement_precision', 'date_precision', e.engagement_precision)
        union all
        select 'audience_sectors', 'sector', sector from unnest(e.audience_sectors) as sector
    ) as u (field, list, symbol)
    where u.symbol is not null and not exists (select from reference.symbol as s where s.list = u.list and s.symbol = u.symbol);
end;

create or replace function state.unknown_in_agreement() returns table (event_id uuid, symbol text)
    language sql stable
begin atomic
    select e.event_id, u.field || '=' || u.symbol
    from state.arrived_agreement as e
    cross join lateral (
        values
            ('occurred_precision', 'date_precision', e.occurred_precision),
            ('agreement_type', 'agreement_type', e.agreement_type),
            ('change_kind', 'change_kind', e.change_kind),
            ('status', 'agreement_stage', e.status),
            ('expected_signing_precision', 'date_precision', e.expected_signing_precision),
            ('value.basis', 'value_basis', e.value_basis)
        union all
        select v.* from jsonb_array_elements(e.parties) as p
        cross join lateral (values
            ('parties.role', 'party_role', p ->> 'role'),
            ('parties.org.org_type', 'org_type', p -> 'org' ->> 'org_type')) as v
        union all
        select v.* from jsonb_array_elements(e.facilities) as f
        cross join lateral (values
            ('facilities.facility_type', 'facility_type', f ->> 'facility_type'),
            ('facilities.ownership', 'ownership', f ->> 'ownership'),
            ('facilities.facility_status', 'facility_status', f ->> 'facility_status')) as v
    ) as u (field, list, symbol)
    where u.symbol is not null and not exists (select from reference.symbol as s where s.list = u.list and s.symbol = u.symbol);
end;

create or replace function state.unknown_in_training() returns table (event_id uuid, symbol text)
    language sql stable
begin atomic
    select unnest(e.event_ids), u.field || '=' || u.symbol
    from (
        select occurred_precision, stage, audience, delivery_mode, provider_org_type, beneficiary_org_type, cost_basis,
               array_agg(event_id) as event_ids
        from state.arrived_training
        group by 1, 2, 3, 4, 5, 6, 7
    ) as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('stage', 'training_stage', e.stage),
        ('audience', 'audience', e.audience),
        ('delivery_mode', 'delivery_mode', e.delivery_mode),
        ('provider.org_type', 'org_type', e.provider_org_type),
        ('beneficiary.org_type', 'org_type', e.beneficiary_org_type),
        ('cost.basis', 'value_basis', e.cost_basis)) as u (field, list, symbol)
    where u.symbol is not null and not exists (select from reference.symbol as s where s.list = u.list and s.symbol = u.symbol);
end;

create or replace function state.fold_symbols(a_type text) returns void
    language plpgsql
    set enable_sort = off
as $$
begin
    execute format($query$
        with unknown as (
            insert into state.unknown_symbol (event_id, event_type, symbols)
            select event_id, %1$L, array_agg(distinct symbol order by symbol)
            from state.unknown_in_%1$s()
            group by event_id
            returning event_id
        )
        update state.source_count as c
        set with_unknown_symbols = c.with_unknown_symbols + u.events
        from (
            select e.source, count(*) as events
            from unknown
            join event.%1$I as e using (event_id)
            group by 1
        ) as u
        where c.source = u.source and c.event_type = %1$L
    $query$, a_type);
end
$$;
comment on function state.unknown_in_outreach() is 'Symbols in the outreach events that arrived which no code list knows.';
comment on function state.unknown_in_agreement() is 'Symbols in the agreement events that arrived which no code list knows.';
comment on function state.unknown_in_training() is 'Symbols in the training events that arrived which no code list knows.';
comment on function state.fold_symbols(text) is 'Notes the unknown symbols in what arrived.';
